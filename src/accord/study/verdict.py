"""The verdict: where a partnership stands among plausible ones, how sure that is, and what carries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from accord.engine.store import digest as digest_of
from accord.finding import Spread
from accord.lenses.endurance.own import Own, Pace
from accord.lenses.endurance.places import CUT, QUADRANTS, clear_label, second_of
from accord.study.levers import Influence, Standing, Swing, Turn

FloatArray = NDArray[np.float64]
# Below so many judged worlds no kind is named.
FEWEST = 30
QUADRANT_NAMES = tuple(one.name for one in QUADRANTS)


@dataclass(frozen=True, slots=True)
class Reason:
    """One node of the tree from the verdict down to sources.

    Parameters
    ----------
    says : str
        In words.
    path : str
        What it rests on: a measure (``endurance.strategic_index``), a number of the file, or a source's name.
    children : tuple of Reason
        What carries it.
    """

    says: str
    path: str = ""
    children: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """The label under one calibration or variant of the prior.

    Parameters
    ----------
    variant, kind : str
        How the population is drawn, and the class of alliances it is fitted to.
    beta : float
    status : {'judged', 'not_reachable', 'not_worked_out'}
        ``not_worked_out``: the population of this structure has not been computed (``accord calibrate``).
    label : str
    shares : mapping of str to float
    misfit : float
        Survival of the population after one year, less that of the class.
    reliability : float
        Rank correlation of the hazard ratio between halves of the population's replicates.
    worlds : int
    called : str
        A class of the user's own, in words; empty for those that are shipped.
    """

    variant: str
    kind: str
    beta: float
    status: str
    label: str = ""
    shares: Mapping[str, float] = field(default_factory=dict)
    misfit: float = np.nan
    reliability: float = np.nan
    worlds: int = 0
    called: str = ""

    @property
    def tells(self) -> bool:
        """Whether it was judged, in enough worlds to name a kind."""
        return self.status == "judged" and self.worlds >= FEWEST

    @property
    def clear(self) -> str:
        """The quadrant that leads every other by two standard errors; empty where it is split, or not judged."""
        return clear_label(self.shares, self.worlds) if self.status == "judged" else ""

    @property
    def split(self) -> bool:
        """Whether it was judged, and no quadrant leads clearly."""
        return self.status == "judged" and not self.clear


@dataclass(frozen=True, slots=True)
class Holds:
    """In how many calibrations and prior variants a label holds.

    Parameters
    ----------
    clear, split, other : int
        It leads by two standard errors; no quadrant does; another one does.
    """

    clear: int
    split: int
    other: int

    @property
    def of(self) -> int:
        """How many could be judged."""
        return self.clear + self.split + self.other


@dataclass(frozen=True, slots=True)
class Half:
    """Half of the worlds, for convergence: label, shares, median ranks, and how many worlds are judged."""

    label: str
    shares: Mapping[str, float]
    durability: float
    conditionality: float
    worlds: int


@dataclass(frozen=True, slots=True)
class Rivals:
    """Resnick's type: what the partners were to one another before the threat.

    Parameters
    ----------
    ideological, geopolitical : float
        Share of worlds in which they are adversaries; NaN when the file does not say.
    label, says : str
    """

    ideological: float
    geopolitical: float
    label: str
    says: str


@dataclass(frozen=True, slots=True)
class Informed:
    """What the numbers that the lens reads rest on.

    Parameters
    ----------
    sourced, assumed, prior, off : int
        Numbers with a source; stated without one; left out and drawn from the prior; optional terms that are off.
    """

    sourced: int
    assumed: int
    prior: int
    off: int

    @property
    def share(self) -> float:
        """Share informed by evidence, of all that play a part."""
        total = self.sourced + self.assumed + self.prior
        return self.sourced / total if total else float("nan")


@dataclass(frozen=True, slots=True)
class OwnClass:
    """A calibration of the user's own under which the verdict was taken as well.

    Parameters
    ----------
    name, rules : str
        What it is called; the reference class.
    kind : str
        As the rows of the robustness table call it.
    level : int
        Whose end counts: 0 the theatre's, 1 that of the bilateral level.
    alliances, ended : int
    one_year, five_years : float
        Survival of the class.
    use, digest : str
        What it is fitted to; of its file.
    paces : tuple of Pace
    """

    name: str
    rules: str
    kind: str
    level: int
    alliances: int
    ended: int
    one_year: float
    five_years: float
    use: str
    digest: str
    paces: tuple[Pace, ...]

    @classmethod
    def of(cls, own: Own) -> OwnClass:
        """What is kept of a calibration."""
        kind = own.kind
        survival = (kind.one_year, kind.five_years)
        counts = (own.alliances, own.ended)
        return cls(
            own.name, own.rules, kind.name, kind.level, *counts, *survival, own.use, own.digest, own.paces
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """A scenario (or the partnership itself) in the plane."""

    name: str
    label: str
    durability: Spread
    conditionality: Spread
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """The answer to "marriage of convenience or strategic alliance?", relative to other plausible partnerships.

    Parameters
    ----------
    label : str
        The quadrant with the largest share of worlds (see ``split``).
    shares : mapping of str to float
        Of worlds in which the partnership would have formed: four quadrants, and those near a border.
    error : float
        Standard error of the largest share (number of worlds).
    population : mapping of str to float
        The reference population's own shares.
    durability, conditionality : Spread
        Mid-ranks of strategic index and trial hazard ratio.
    index, five_years, gap, relative_gap, log_hazard_ratio : Spread
    rank_error : tuple of float
        Standard error of the median ranks from half the worlds: durability, conditionality.
    hazard_ratios, closed_forms : mapping of str to Spread
        By trial (level first), and by name and partner.
    viable : float
        Share of worlds in which everybody would rather stay at the start; only these are judged.
    judged, undefined : int
        Worlds judged; worlds without ranks.
    calibration : mapping
        Class, precision, rate, misfit, rejected share, digest of the population.
    robustness : tuple of Held
    marks : tuple of Mark
        The partnership first, then scenarios.
    halves : tuple of Half
        Convergence: the first half of the worlds, and the second.
    influences : tuple of Influence
    tornado : tuple of Swing
    would_change_if : tuple of Turn
    interest : tuple of (float, Standing)
        Where it stands with every standing interest raised by so much.
    rivals : Rivals
    informed : Informed
    because : Reason
    notes : tuple of str
    cloud, ranks : ndarray, shape (2, population) and (2, worlds)
        Durability and conditionality.
    own : tuple of OwnClass
    cancelled : bool
        Whether looks at other calibrations and at what would change it are missing because the run was cancelled.
    """

    label: str
    shares: Mapping[str, float]
    error: float
    population: Mapping[str, float]
    durability: Spread
    conditionality: Spread
    index: Spread
    five_years: Spread
    gap: Spread
    relative_gap: Spread
    log_hazard_ratio: Spread
    rank_error: tuple[float, float]
    hazard_ratios: Mapping[str, Spread]
    closed_forms: Mapping[str, Spread]
    viable: float
    judged: int
    undefined: int
    calibration: Mapping[str, object]
    robustness: tuple[Held, ...]
    marks: tuple[Mark, ...]
    halves: tuple[Half, ...]
    influences: tuple[Influence, ...]
    tornado: tuple[Swing, ...]
    would_change_if: tuple[Turn, ...]
    interest: tuple[tuple[float, Standing], ...]
    rivals: Rivals
    informed: Informed
    because: Reason
    notes: tuple[str, ...]
    cloud: FloatArray = field(repr=False)
    ranks: FloatArray = field(repr=False)
    own: tuple[OwnClass, ...] = ()
    cancelled: bool = False

    @property
    def drawn(self) -> int:
        """Worlds drawn, whether they can be judged or not."""
        return int(self.ranks.shape[1])

    @property
    def left(self) -> int:
        """Worlds in which somebody would leave at once, so that they are not judged."""
        return self.drawn - self.judged - self.undefined

    @property
    def few(self) -> bool:
        """Whether too few worlds are judged to name a kind."""
        return self.judged < FEWEST

    @property
    def quadrant_shares(self) -> Mapping[str, float]:
        """Share of worlds in each quadrant and near a border."""
        return self.shares

    @property
    def runner_up(self) -> str:
        """The quadrant with the second largest share."""
        return second_of(self.shares, self.label)

    @property
    def split(self) -> bool:
        """Whether the two largest shares lie within two standard errors of each other."""
        return bool(self.label) and not clear_label(self.shares, self.judged)

    @property
    def sides(self) -> tuple[float, float]:
        """Share of the worlds judged that are durable, and that are conditional (ranks above one half)."""
        known = self.ranks[:, ~np.isnan(self.ranks).any(axis=0)]
        if not known.size:
            return float("nan"), float("nan")
        durable, conditional = (known > CUT).mean(axis=1)
        return float(durable), float(conditional)

    @property
    def holds(self) -> Holds:
        """In how many calibrations and prior variants the label leads clearly, in how many none does, or another."""
        judged = [one for one in self.robustness if one.tells]
        clear = sum(one.clear == self.label for one in judged)
        split = sum(one.split for one in judged)
        return Holds(clear, split, len(judged) - clear - split)

    @property
    def ratios(self) -> dict[str, float]:
        """Each share over the population's own."""
        return {
            name: share / self.population[name] if self.population[name] > 0.0 else float("nan")
            for name, share in self.shares.items()
        }

    @property
    def digest(self) -> str:
        """SHA-256 over what does not depend on units: ranks, shares, index, gap, ratios, robustness; to nine decimals.

        Another unit of utility moves the last bits of logarithms and nothing else.
        """
        numbers = {f"share.{name}": np.array(share) for name, share in self.shares.items()}
        for one in self.robustness:
            for name, share in one.shares.items():
                numbers[f"{one.variant}.{one.kind}.{one.beta:g}.{name}"] = np.array(share)
        spreads = {"index": self.index, "gap": self.gap, "ratio": self.log_hazard_ratio}
        for name, spread in spreads.items():
            numbers[name] = np.array([spread.best, spread.low, spread.median, spread.high])
        return digest_of({name: np.round(v, 9) for name, v in {"ranks": self.ranks, **numbers}.items()})
