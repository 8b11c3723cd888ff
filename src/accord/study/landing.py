"""Where the marks of the plane land, and what the trials still do there, beside the same worlds as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.lenses.endurance import compute, places
from accord.lenses.endurance.reference import Cell
from accord.situation import Estimate, Situation
from accord.study.judging import placed
from accord.study.study import Study
from accord.study.subjects import MARK
from accord.worlds import best_of

FloatArray = NDArray[np.float64]

# A threat whose level is no higher is gone: the trial that takes threats away has nothing to take.
GONE = 1e-3
# From this share of the danger on it counts as the same.
_AS_DANGEROUS = 0.9


@dataclass(frozen=True, slots=True)
class Landing:
    """One mark of the plane.

    Parameters
    ----------
    name : str
        The scenario's; empty for the partnership itself.
    worlds, judged : int
        Worlds that were looked at, and those of them in which everybody would rather stay at the start.
    durability, conditionality : float
        Medians of the two ranks over the worlds judged; NaN without any.
    five_years, index : float
        Median chance to last five more years without any trial, and with both.
    times : float
        Median of how many times as fast it ends with both trials.
    shares : mapping of str to float
        Of the worlds judged, by quadrant.
    threatened : bool
        Whether any threat is left at the best estimates.
    danger : float
        Levels of the threats at the best estimates, summed; one whose level the file leaves out counts 1.
    """

    name: str
    worlds: int
    judged: int
    durability: float
    conditionality: float
    five_years: float
    index: float
    times: float
    shares: Mapping[str, float]
    threatened: bool
    danger: float = 1.0

    def is_calm(self, beside: Landing) -> bool:
        """Whether less than half of the danger is left that there is as it stands."""
        gone = beside.threatened and not self.threatened
        return gone or self.danger < 0.5 * beside.danger

    def is_as_dangerous(self, beside: Landing) -> bool:
        """Whether hardly less danger is left than there is as it stands."""
        return not self.is_calm(beside) and self.danger >= _AS_DANGEROUS * beside.danger

    @property
    def label(self) -> str:
        """The quadrant that leads clearly; empty where none does."""
        return places.clear_label(self.shares, self.judged) if self.judged else ""


@dataclass(frozen=True, slots=True)
class Landings:
    """The partnership in the worlds in which its scenarios were looked at, and the scenarios, in the order of the run."""

    beside: Landing
    scenarios: tuple[Landing, ...]


def landings(study: Study) -> Landings | None:
    """Where the scenarios of a study land, beside the partnership in the same worlds; None without scenarios or verdict."""
    if study.verdict is None or not study.scenarios or not study.beside_columns:
        return None
    among = compute.default_cell(study.situation)
    base = study.base
    found = []
    for look in (base, *study.scenarios):
        over = _of(study.beside_columns, look.name)
        if "strategic_index" in over:
            found.append(_landing(look.name, look.situation, over, among))
    if not found or found[0].name != base.name:
        return None
    return Landings(found[0], tuple(found[1:]))


def _landing(name: str, situation: Situation, over: Mapping[str, FloatArray], among: Cell) -> Landing:
    """One mark from the columns of the endurance lens."""
    stand, good = placed(over, among)
    rows = good & (stand.codes >= 0)
    return Landing(
        name=name,
        worlds=int(good.size),
        judged=int(rows.sum()),
        durability=_median(stand.durability[rows]),
        conditionality=_median(stand.conditionality[rows]),
        five_years=_median(over["five_years"][rows]),
        index=_median(over["strategic_index"][rows]),
        times=float(np.exp(_median(over["log_hazard_ratio"][rows]))),
        shares=stand.shares(good),
        threatened=is_threatened(situation),
        danger=sum(_levels(situation)),
    )


def is_threatened(situation: Situation) -> bool:
    """Whether any threat is left at the best estimates; one whose level the file leaves out is."""
    return any(level > GONE for level in _levels(situation))


def _levels(situation: Situation) -> list[float]:
    """The level of each threat at the best estimates; 1 where the file leaves it out."""
    levels = (threat.level for threat in situation.partnership.threats.values())
    return [float(best_of(level)) if isinstance(level, Estimate) else 1.0 for level in levels]


def _of(columns: Mapping[str, FloatArray], name: str) -> dict[str, FloatArray]:
    """The endurance lens' columns of one subject."""
    head = f"{name}{MARK}endurance{MARK}"
    return {key.removeprefix(head): values for key, values in columns.items() if key.startswith(head)}


def _median(values: FloatArray) -> float:
    """The median of what is defined; NaN without any."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else float("nan")
