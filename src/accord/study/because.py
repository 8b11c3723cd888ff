"""Why: a tree from the verdict to measures, to the numbers that carry them, to their sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.formulas import wording
from accord.lenses.endurance.places import LABELS, Places, clear_label, label_of, second_of
from accord.situation import Situation, estimates
from accord.study.chance import median_range
from accord.study.explanation import graded, in_words
from accord.study.levers import influences
from accord.study.verdict import FEWEST, Reason

FloatArray = NDArray[np.float64]

_CARRY = 5


@dataclass(frozen=True, slots=True)
class _Measure:
    """A measure with its values over worlds (NaN where it is not judged or not tried), and what to call it."""

    path: str
    says: str
    name: str
    values: FloatArray
    most: int = 3


def tree(
    situation: Situation,
    over: Mapping[str, FloatArray],
    stand: Places,
    good: NDArray[np.bool_],
    draws: Mapping[str, FloatArray],
) -> Reason:
    """The verdict with what carries it: ranks, the measures behind each, the numbers these go with, their sources.

    Parameters
    ----------
    situation : Situation
    over : mapping
        The lens' columns over worlds.
    stand, good : Places, ndarray
        Where worlds stand, and which are judged.
    draws : mapping
        Drawn numbers that the lens reads, by path, over the same worlds.
    """
    shares, judged = stand.shares(good), int((good & (stand.codes >= 0)).sum())
    if not label_of(shares):
        return Reason("no world can be judged", "endurance.quadrant")
    return Reason(
        _root(shares, judged, good.size),
        "endurance.quadrant",
        (
            _durable(situation, over, stand.durability[good], good, draws),
            _conditional(situation, over, stand.conditionality[good], good, draws),
        ),
    )


def _root(shares: Mapping[str, float], judged: int, drawn: int) -> str:
    """The label, or the two between which it is split, with standard errors; no name where few worlds are judged."""
    if judged < FEWEST:
        worlds = "one world is judged" if judged == 1 else f"{judged} worlds are judged"
        return f"{worlds}, too few to name a kind"
    of, label = "judged world" if judged < drawn else "world", label_of(shares)
    said = _share(shares, label, judged, of)
    if clear_label(shares, judged):
        return said
    return f"split between {said} and {_share(shares, second_of(shares, label), judged, of)}"


def _share(shares: Mapping[str, float], name: str, judged: int, of: str) -> str:
    """A share of worlds with its standard error, in points of 100."""
    share = shares[name]
    error = 100.0 * np.sqrt(share * (1.0 - share) / judged)
    said = wording.in_worlds(share).replace(" world", f" {of}")
    return f"{LABELS[name]} {said} (standard error {error:.1f} points of 100)"


def _durable(
    situation: Situation,
    over: Mapping[str, FloatArray],
    ranks: FloatArray,
    good: NDArray[np.bool_],
    draws: Mapping[str, FloatArray],
) -> Reason:
    """Durability: the index that it ranks."""
    says = f"durability {_middle(ranks)}: it outlasts threat and temptation longer than {_of_100(ranks)} plausible partnerships"
    index = _Measure(
        "endurance.strategic_index",
        "strategic index, the chance to be alive five years later with the threat gone and everybody tempted once",
        "the index",
        np.where(good, over["strategic_index"], np.nan),
        _CARRY,
    )
    return Reason(says, "endurance.durability", _measured(situation, draws, (index,)))


def _conditional(
    situation: Situation,
    over: Mapping[str, FloatArray],
    ranks: FloatArray,
    good: NDArray[np.bool_],
    draws: Mapping[str, FloatArray],
) -> Reason:
    """Conditionality: the trial hazard ratio that it ranks, the gap, and the two trials one by one."""
    says = (
        f"conditionality {_middle(ranks)}: threat and lack of offers carry more of it than of {_of_100(ranks)} plausible"
        " partnerships"
    )
    rows = (
        (
            "log_hazard_ratio",
            "trial hazard ratio, how much faster it ends with both trials, as a logarithm",
            "the ratio",
        ),
        ("gap", "gap, by how much both trials lower the chance to last five years", "the gap"),
        (
            "hazard_ratio.bilateral.removed",
            "with the threat gone it ends so many times as fast",
            "that ratio",
        ),
        (
            "hazard_ratio.bilateral.tempted",
            "with everybody tempted once it ends so many times as fast",
            "that ratio",
        ),
    )
    measures = tuple(
        _Measure(
            f"endurance.{key}",
            what,
            name,
            np.where(good, over[key], np.nan),
            _CARRY if key == "log_hazard_ratio" else 3,
        )
        for key, what, name in rows
        if key in over
    )
    return Reason(says, "endurance.conditionality", _measured(situation, draws, measures))


def _measured(
    situation: Situation, draws: Mapping[str, FloatArray], measures: Sequence[_Measure]
) -> tuple[Reason, ...]:
    """Measures that are defined in some world, each with the numbers that it goes with."""
    return tuple(
        Reason(f"{one.says}: {_middle(one.values)}", one.path, _inputs(situation, draws, one))
        for one in measures
        if not np.isnan(one.values).all()
    )


def _middle(values: FloatArray) -> str:
    """The median, the range over worlds, and the error that the number of worlds leaves of the median."""
    known = values[~np.isnan(values)]
    low, median, high = np.quantile(known, (0.05, 0.5, 0.95))
    _, below, above = median_range(known)
    said = (
        f"{median:.2f} in the median world ({low:.2f} to {high:.2f} in nine worlds of ten; the median itself lies"
        f" between {below:.2f} and {above:.2f})"
    )
    return said.replace("-", "\N{MINUS SIGN}")


def _of_100(ranks: FloatArray) -> str:
    """The median rank as a count."""
    return f"{round(100 * float(np.nanmedian(ranks)))} of 100"


def _inputs(situation: Situation, draws: Mapping[str, FloatArray], measure: _Measure) -> tuple[Reason, ...]:
    """The numbers that go most with one measure beyond chance, each with what stands behind it."""
    found = influences(draws, measure.values, measure.values)
    kept = [one for one in found if one.strength > 3.0 * one.error][: measure.most]
    return tuple(_input(situation, one.path, one.durability, one.error, measure.name) for one in kept)


def _input(situation: Situation, path: str, correlation: float, error: float, name: str) -> Reason:
    """One number, with its value and its sources."""
    stated = estimates(situation).get(path)
    rises = "rises" if correlation > 0.0 else "falls"
    says = f"{name} {rises} with it (rank correlation {correlation:+.2f}, standard error {error:.2f})"
    says = says.replace("-", "\N{MINUS SIGN}")
    if stated is None:
        return Reason(f"{says}; left out, its prior is drawn", path)
    value = in_words(stated).replace("-", "\N{MINUS SIGN}")
    return Reason(f"{says}; {value}", path, _sources(situation, path))


def _sources(situation: Situation, path: str) -> tuple[Reason, ...]:
    """What stands behind a number: its sources with their grades, or that it is assumed."""
    stated = estimates(situation)[path]
    if not stated.citations:
        return (Reason(f"assumed: {stated.assumed or 'no reason given'}"),)
    places: dict[tuple[str, str, str], list[str]] = {}
    for citation in stated.citations:
        evidence = graded(situation, citation)
        places.setdefault((citation.of, evidence.citation, evidence.grade), []).append(evidence.locator)
    return tuple(
        Reason(f"{', '.join([work, *filter(None, where)])} ({grade})", f"sources.{of}")
        for (of, work, grade), where in places.items()
    )
