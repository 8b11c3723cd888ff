"""How many of those that have reached an age last some years more: survival given the age, with its interval.

``S(t | a) = S(a + t)/S(a)``; the variance of its logarithm is Greenwood's sum over what ended between the two ages, and the
interval lies on the scale ``log(-log S)`` as for survival from the start (J. D. Kalbfleisch and R. L. Prentice 1980).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from accord.lenses.precedent.survival import LEVEL, Curve, Estimated, normal

# Fewer than these at an age hardly tell what comes after it: said beside the number.
THIN = 10


@dataclass(frozen=True, slots=True)
class Further:
    """How many of those of an age last some years more.

    Parameters
    ----------
    age, years : float
        Both in years.
    share : Estimated
        ``S(age + years)/S(age)`` with its interval; NaN where it is not known.
    at_risk : int
        How many are under observation for at least this age.
    why : str
        Why the share is not known; empty where it is.
    """

    age: float
    years: float
    share: Estimated
    at_risk: int
    why: str = ""

    @property
    def value(self) -> float:
        """The share alone."""
        return self.share.value

    @property
    def low(self) -> float:
        """Lower limit of the share."""
        return self.share.low

    @property
    def high(self) -> float:
        """Upper limit of the share."""
        return self.share.high

    @property
    def thin(self) -> bool:
        """Whether fewer than ten are there at this age."""
        return self.at_risk < THIN


@dataclass(frozen=True, slots=True)
class Point:
    """A curve at one age.

    Parameters
    ----------
    survival : float
        NaN where nobody has been observed for so long.
    greenwood : float
        The sum of ``d/(n (n - d))`` so far; infinite once everybody has ended.
    still : int
        Under observation for at least this age.
    """

    survival: float
    greenwood: float
    still: int


def check_ages(age: float, years: float) -> None:
    """Raise ValueError where an age or a number of years is missing, infinite or below 0."""
    for name, value in (("age", age), ("years", years)):
        if not math.isfinite(value) or value < 0:
            raise ValueError(f"{name} is {value:g}; expected 0 or more years")


def between(age: float, years: float, here: Point, there: Point, level: float = LEVEL) -> Further:
    """The share that lasts from one point of a curve to another."""
    nothing = Estimated(math.nan, math.nan, math.nan)
    if here.still == 0 or not here.survival > 0:
        return Further(age, years, nothing, 0, f"none is under observation at the age of {age:g} years")
    if math.isnan(there.survival):
        why = (
            f"none of the {here.still} that reached {age:g} years is under observation {years:g} years later"
        )
        return Further(age, years, nothing, here.still, why)
    return Further(age, years, _share(here, there, level), here.still)


def _share(here: Point, there: Point, level: float) -> Estimated:
    """The ratio with its limits; the exact binomial ones where none or all have ended."""
    value = there.survival / here.survival
    tail = (1.0 - level) / 2.0
    if there.survival == here.survival:
        return Estimated(1.0, tail ** (1.0 / max(there.still, 1)), 1.0)
    if value <= 0.0:
        return Estimated(0.0, 0.0, 1.0 - tail ** (1.0 / here.still))
    deviation = math.sqrt(max(there.greenwood - here.greenwood, 0.0))
    spread = math.exp(normal(level) * deviation / -math.log(value))
    return Estimated(value, value**spread, value ** (1.0 / spread))


def further_of(curve: Curve, age: float, years: float) -> Further:
    """Survival of those of an age, from a curve of survival.

    Parameters
    ----------
    curve : Curve
        By :func:`accord.lenses.precedent.survival.kaplan_meier`.
    age, years : float
        0 or more, of the unit of its durations.

    Raises
    ------
    ValueError
        For an age or years that are missing or below 0, and for a curve of incidence.
    """
    check_ages(age, years)
    if curve.start != 1.0:
        raise ValueError("a curve of incidence has no survival; expected one by kaplan_meier")
    if age == 0.0:
        return _unborn(years, curve.at(years), len(curve.durations))
    here, there = (
        Point(curve.at(time).value, curve.greenwood_at(time), curve.still(time))
        for time in (age, age + years)
    )
    return between(age, years, here, there, curve.level)


def _unborn(years: float, share: Estimated, count: int) -> Further:
    """At age 0 the share is that of the curve itself."""
    why = f"none is under observation for {years:g} years" if math.isnan(share.value) else ""
    return Further(0.0, years, share, count, why)


def further_in(
    survival: Mapping[float, Estimated],
    greenwood: Mapping[float, float],
    still: Mapping[float, int],
    count: int,
    age: float,
    years: float,
    level: float = LEVEL,
) -> Further:
    """Survival of those of an age, from a table by age.

    Between two ages of the table the hazard is taken to be the same all the time, and the number still there is that of the
    later one: no more than there are.

    Parameters
    ----------
    survival, greenwood, still : mapping of float to number
        By age in years, all of the same ages.
    count : int
        At the start.
    """
    check_ages(age, years)
    if age == 0.0 and years in survival:
        return _unborn(years, survival[years], count)
    points = {0.0: Point(1.0, 0.0, count)}
    points |= {at: Point(survival[at].value, greenwood[at], still[at]) for at in sorted(survival)}
    return between(age, years, _point(points, age), _point(points, age + years), level)


def _point(points: Mapping[float, Point], age: float) -> Point:
    """The table at an age, or between two of its ages."""
    if age in points:
        return points[age]
    if age > max(points):
        last = points[max(points)]
        # When all have ended, that stays so.
        return Point(0.0, math.inf, 0) if last.survival == 0.0 else Point(math.nan, math.nan, 0)
    low, high = next(pair for pair in pairwise(sorted(points)) if pair[0] < age < pair[1])
    first, second = points[low], points[high]
    if not second.survival > 0:  # all ended, or not known, somewhere in between
        return Point(second.survival, second.greenwood, second.still)
    part = (age - low) / (high - low)
    return Point(
        first.survival ** (1.0 - part) * second.survival**part,
        first.greenwood + part * (second.greenwood - first.greenwood),
        second.still,
    )
