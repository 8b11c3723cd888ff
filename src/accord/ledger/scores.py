"""Scores of resolved forecasts: Brier and logarithmic, beside baselines on the same questions.

Brier score of a yes-or-no question: (p - o)^2 with o = 1 for yes, 0 the best, .25 for saying one half.  Of several classes:
the sum over classes of (p - o)^2, 0 to 2 (G. W. Brier, Monthly Weather Review 78, 1950, equation 2).  Logarithmic score:
-ln of the probability that was given to what happened, clipped at ``CLIP`` from below so that one certain miss does not
count without bound (I. J. Good, Journal of the Royal Statistical Society B 14, 1952).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from accord.ledger.forecast import YES, Item

CLIP = 0.001
# With fewer binary forecasts nothing is said about calibration.
ENOUGH = 30
ONE_HISTORY = "One history is one draw: other courses were possible, and a good or a bad score may be luck."
DEPENDENT = (
    "Questions about one case hang together, so that many of them are worth far fewer independent ones."
)
HINDSIGHT = "Made not before the day or the outcome it is about: it shows what the inputs of then imply, and no foresight."


@dataclass(frozen=True, slots=True)
class Scored:
    """One resolved forecast with its scores.

    Parameters
    ----------
    item : Item
    brier, log : float
        ``log`` in natural units, clipped.
    clipped : bool
    surprise : float
        Bits: -log2 of the (clipped) probability given to what happened.
    base_brier, base_log : float or None
        Of the reference class, where one is known.
    """

    item: Item
    brier: float
    log: float
    clipped: bool
    surprise: float
    base_brier: float | None = None
    base_log: float | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """Mean scores of some forecasts.

    Parameters
    ----------
    n : int
    brier, log : float
        NaN when n is 0.
    clipped : int
        How many logarithmic scores were clipped.
    even_brier, even_log : float
        Of equal probabilities on the same questions.
    n_base : int
        Questions with a reference class; the next four are means over these alone.
    base_brier, base_log, own_brier, own_log : float
    """

    n: int
    brier: float
    log: float
    clipped: int
    even_brier: float
    even_log: float
    n_base: int
    base_brier: float
    base_log: float
    own_brier: float
    own_log: float

    def plain(self) -> dict[str, Any]:
        """As plain data; None where there is no number."""
        return {key: None if isinstance(v, float) and math.isnan(v) else v for key, v in asdict(self).items()}


def brier(probabilities: Mapping[str, float], outcome: str) -> float:
    """Of a yes-or-no question (p - o)^2, of several classes the sum over classes."""
    if set(probabilities) == {"yes", "no"}:
        return (probabilities[YES] - (outcome == YES)) ** 2
    return math.fsum((p - (name == outcome)) ** 2 for name, p in probabilities.items())


def logarithmic(probabilities: Mapping[str, float], outcome: str) -> tuple[float, bool]:
    """-ln of what was given to the outcome, and whether it was clipped."""
    given = probabilities[outcome]
    return -math.log(max(given, CLIP)), given < CLIP


def scored(items: Iterable[Item]) -> tuple[Scored, ...]:
    """The resolved forecasts, scored; an outcome that cannot have been seen yet when it was written down is none."""
    found = []
    for item in items:
        if item.resolution is None or item.provisional:
            continue
        made, outcome = item.forecast, item.resolution.outcome
        log, clipped = logarithmic(made.probabilities, outcome)
        base = made.baseline if made.is_binary else None
        beside: tuple[float | None, float | None] = (None, None)
        if base is not None:
            chances = {"yes": base.probability, "no": 1.0 - base.probability}
            beside = (brier(chances, outcome), logarithmic(chances, outcome)[0])
        one = Scored(
            item, brier(made.probabilities, outcome), log, clipped, log / math.log(2.0), beside[0], beside[1]
        )
        found.append(one)
    return tuple(found)


def summary(every: Sequence[Scored]) -> Summary:
    """Mean scores beside those of equal probabilities, and of the reference class where it is known."""
    held = [one for one in every if one.base_brier is not None]
    even = [_even(one) for one in every]
    return Summary(
        len(every),
        _mean(one.brier for one in every),
        _mean(one.log for one in every),
        sum(one.clipped for one in every),
        _mean(one[0] for one in even),
        _mean(one[1] for one in even),
        len(held),
        _mean(one.base_brier for one in held if one.base_brier is not None),
        _mean(one.base_log for one in held if one.base_log is not None),
        _mean(one.brier for one in held),
        _mean(one.log for one in held),
    )


def _even(one: Scored) -> tuple[float, float]:
    """Scores of equal probabilities."""
    classes = one.item.forecast.probabilities
    outcome = one.item.resolution.outcome if one.item.resolution is not None else ""
    same = dict.fromkeys(classes, 1.0 / len(classes))
    return brier(same, outcome), logarithmic(same, outcome)[0]


def _mean(values: Iterable[float]) -> float:
    """The mean; NaN of nothing."""
    known = list(values)
    return math.fsum(known) / len(known) if known else math.nan


@dataclass(frozen=True, slots=True)
class Groups:
    """Resolved forecasts apart: made in time or after the fact, yes-or-no or of a cause, the model's or an analyst's own.

    Parameters
    ----------
    ahead, hindsight : tuple of Scored
        Yes-or-no questions, by the model.
    ahead_causes, hindsight_causes : tuple of Scored
    ahead_analyst, hindsight_analyst : tuple of Scored
        Yes-or-no questions, by analysts.
    open : tuple of Item
    """

    ahead: tuple[Scored, ...]
    hindsight: tuple[Scored, ...]
    ahead_causes: tuple[Scored, ...]
    hindsight_causes: tuple[Scored, ...]
    ahead_analyst: tuple[Scored, ...]
    hindsight_analyst: tuple[Scored, ...]
    open: tuple[Item, ...]

    @property
    def every(self) -> tuple[Scored, ...]:
        """All that are resolved."""
        return tuple(one for part in self.parts.values() for one in part)

    @property
    def late(self) -> int:
        """How many were made after the fact."""
        return sum(one.item.after_the_fact for one in self.every)

    @property
    def parts(self) -> dict[str, tuple[Scored, ...]]:
        """By name."""
        return {
            "ahead": self.ahead,
            "ahead_causes": self.ahead_causes,
            "ahead_analyst": self.ahead_analyst,
            "hindsight": self.hindsight,
            "hindsight_causes": self.hindsight_causes,
            "hindsight_analyst": self.hindsight_analyst,
        }

    @property
    def analysts(self) -> dict[str, tuple[tuple[Scored, ...], tuple[Scored, ...]]]:
        """By name of an analyst (empty: not told) what was made in time, and after the fact."""
        both = (self.ahead_analyst, self.hindsight_analyst)
        names = sorted({one.item.forecast.said_by for part in both for one in part})

        def of(name: str, part: tuple[Scored, ...]) -> tuple[Scored, ...]:
            """Those of one analyst."""
            return tuple(one for one in part if one.item.forecast.said_by == name)

        return {name: (of(name, both[0]), of(name, both[1])) for name in names}


def grouped(items: Sequence[Item]) -> Groups:
    """Resolved forecasts apart."""
    every = scored(items)

    def part(late: bool, binary: bool, own: bool = False) -> tuple[Scored, ...]:
        """Those of one group."""
        wanted = (late, binary, own)
        return tuple(s for s in every if _sort(s) == wanted)

    return Groups(
        ahead=part(False, True),
        hindsight=part(True, True),
        ahead_causes=part(False, False),
        hindsight_causes=part(True, False),
        ahead_analyst=part(False, True, True),
        hindsight_analyst=part(True, True, True),
        open=tuple(item for item in items if item.is_open),
    )


def _sort(one: Scored) -> tuple[bool, bool, bool]:
    """Whether it was made after the fact, is of yes or no, and is an analyst's own."""
    made = one.item.forecast
    return one.item.after_the_fact, made.is_binary, made.whose == "analyst"


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts of about the same probability.

    Parameters
    ----------
    low, high : float
        Ends; the upper one belongs to the last bin only.
    mean : float
        Of the probabilities of a yes.
    n, yes : int
    interval : tuple of float
        Wilson's 95 % interval of the share of yes (E. B. Wilson, JASA 22, 1927), as if they were independent.
    """

    low: float
    high: float
    mean: float
    n: int
    yes: int
    interval: tuple[float, float]


def bins(every: Sequence[Scored], count: int = 5) -> tuple[Bin, ...]:
    """Binary forecasts in bins of equal width; empty ones are left out."""
    pairs = [(one.item.forecast.probabilities[YES], _is_yes(one)) for one in every]
    found = []
    for index in range(count):
        inside = [(p, o) for p, o in pairs if min(int(p * count), count - 1) == index]
        if inside:
            yes = sum(o for _, o in inside)
            mean = math.fsum(p for p, _ in inside) / len(inside)
            ends = index / count, (index + 1) / count
            found.append(Bin(*ends, mean, len(inside), yes, wilson(yes, len(inside))))
    return tuple(found)


def _is_yes(one: Scored) -> bool:
    """Whether it came out yes."""
    return one.item.resolution is not None and one.item.resolution.outcome == YES


def wilson(yes: int, n: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """Wilson's score interval of a share."""
    share, square = yes / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
