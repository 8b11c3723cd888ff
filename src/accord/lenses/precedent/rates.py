"""Base rates: how long alliances of each reference class lasted, and what ended them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accord.lenses.precedent.alliances import CAUSES, Alliances, alliances
from accord.lenses.precedent.classes import CLASSES, ReferenceClass, Rule, members_of
from accord.lenses.precedent.records import AgeBand, BaseRate
from accord.lenses.precedent.shipped import shipped_rates
from accord.lenses.precedent.survival import (
    LEVEL,
    aalen_johansen,
    kaplan_meier,
    median_of,
    rate_of,
    share_of,
)
from accord.problems import did_you_mean

# Ages in years at which survival is tabulated: every year, so that it can be had given the age.
AGES: tuple[float, ...] = (0.5, *(float(age) for age in range(1, 81)))
# Ages at which incidence is.
CAUSE_AGES: tuple[float, ...] = (0.5, *(float(age) for age in range(1, 31)), 35.0, 40.0, 50.0)

BANDS: tuple[float, ...] = (0, 1, 2, 3, 5, 7, 10, 12, 15, 20, 25, 30, 50)


def base_rates(
    table: Alliances | Path | None = None,
    by: str | Sequence[str] | Mapping[str, Rule] | None = None,
    level: float = LEVEL,
) -> dict[str, BaseRate]:
    """Base rates of reference classes.

    Parameters
    ----------
    table : Alliances, Path or None
        The alliances, or the store that they were imported into; without one, the aggregates that Accord ships.
    by : str, sequence of str, or mapping of str to rule, optional
        Names of classes (:data:`accord.lenses.precedent.classes.CLASSES`), or rules of one's own (then a table is
        needed); all classes when left out.
    level : float
        Of the intervals; the shipped ones are 95 %.

    Returns
    -------
    dict of str to BaseRate
        Classes without a member are left out.

    Raises
    ------
    ValueError
        For a class nobody knows; for rules of one's own, or another level, without a table.
    SituationError
        When the store holds no alliances.
    """
    if table is None:
        return _shipped(by, level)
    held = table if isinstance(table, Alliances) else alliances(table)
    rates = {}
    for one in _asked(by):
        rate = _rate(held, one, level)
        if rate is not None:
            rates[one.name] = rate
    return rates


def _asked(by: str | Sequence[str] | Mapping[str, Rule] | None) -> list[ReferenceClass]:
    """The classes that are asked for."""
    if by is None:
        return list(CLASSES.values())
    if isinstance(by, Mapping):
        return [ReferenceClass(name, name, rule) for name, rule in by.items()]
    names = [by] if isinstance(by, str) else list(by)
    for name in names:
        if name not in CLASSES:
            hint = did_you_mean(str(name), CLASSES) or f"expected some of {', '.join(CLASSES)}"
            raise ValueError(f"there is no reference class {name!r}; {hint}")
    return [CLASSES[name] for name in names]


def _shipped(by: str | Sequence[str] | Mapping[str, Rule] | None, level: float) -> dict[str, BaseRate]:
    """Base rates out of the package."""
    if isinstance(by, Mapping):
        raise ValueError("rules of one's own need a table: give the store that ATOP was imported into")
    if level != LEVEL:
        raise ValueError(f"the shipped intervals are of {LEVEL:.0%}; another level needs a table")
    every = shipped_rates()
    return {one.name: every[one.name] for one in _asked(by)}


def _rate(table: Alliances, one: ReferenceClass, level: float) -> BaseRate | None:
    """What happened to the alliances of one class; None when it is empty."""
    inside = members_of(table.features, one.rule)
    if not inside.any():
        return None
    durations, ended = table.durations[inside], table.ended[inside]
    return rate_from(one.name, one.label, durations, ended, level)


def rate_from(
    name: str, label: str, durations: NDArray[np.float64], ended: NDArray[np.int64], level: float = LEVEL
) -> BaseRate:
    """A base rate from durations (years) and endings (0 not seen, else 1 more than the place in CAUSES)."""
    curve = kaplan_meier(durations, ended, level)
    causes = aalen_johansen(durations, ended, range(1, len(CAUSES) + 1), level)
    exposure, seen = float(durations.sum()), int((ended > 0).sum())
    counts = {cause: int((ended == number).sum()) for number, cause in enumerate(CAUSES, 1)}
    return BaseRate(
        name,
        label,
        len(durations),
        seen,
        exposure,
        {age: curve.at(age) for age in AGES},
        {age: curve.still(age) for age in AGES},
        {
            cause: {age: causes[number].at(age) for age in CAUSE_AGES}
            for number, cause in enumerate(CAUSES, 1)
        },
        median_of(curve),
        rate_of(seen, exposure, level),
        {cause: rate_of(count, exposure, level) for cause, count in counts.items()},
        {cause: share_of(count, seen, level) for cause, count in counts.items()},
        {age: curve.greenwood_at(age) for age in AGES},
        level,
    )


def hazards_by_age(table: Alliances, bands: Sequence[float] = BANDS, level: float = LEVEL) -> list[AgeBand]:
    """Hazards of all alliances by their age: endings within each band over the years spent in it."""
    found = []
    for low, high in pairwise(bands):
        exposure = float((np.clip(table.durations, low, high) - low).sum())
        inside = (table.durations > low) & (table.durations <= high)
        counts = [int((inside & (table.ended == number)).sum()) for number in range(1, len(CAUSES) + 1)]
        causes = {cause: rate_of(count, exposure, level) for cause, count in zip(CAUSES, counts, strict=True)}
        found.append(AgeBand(low, high, exposure, rate_of(sum(counts), exposure, level), causes))
    return found
