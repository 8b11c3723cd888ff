"""Which inputs carry the verdict: rank correlations, one-way tornado, and the smallest single changes that move it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.situation import Change, Situation, Vocabulary, matches, ranges

FloatArray = NDArray[np.float64]

INPUTS = 10
_STEPS = 4


@dataclass(frozen=True, slots=True)
class Influence:
    """How an uncertain number goes with the two ranks over worlds (Spearman).

    Parameters
    ----------
    path : str
    durability, conditionality : float
    error : float
        Standard error of a correlation of zero, 1/sqrt(worlds - 1).
    """

    path: str
    durability: float
    conditionality: float
    error: float

    @property
    def strength(self) -> float:
        """The larger of the two, without its sign."""
        return max(abs(self.durability), abs(self.conditionality))


@dataclass(frozen=True, slots=True)
class Standing:
    """The partnership in the plane under one change.

    Parameters
    ----------
    label : str
        The quadrant that leads the run's own label clearly (by two standard errors), else that label.
    durability, conditionality : float
        Median ranks.
    shares : mapping of str to float
    """

    label: str
    durability: float
    conditionality: float
    shares: Mapping[str, float]


Look = Callable[[Mapping[str, Change]], Standing]


@dataclass(frozen=True, slots=True)
class Swing:
    """One bar of the tornado: the standing with a number at the 5th and at the 95th percentile of its own range."""

    path: str
    low: float
    high: float
    at_low: Standing
    at_high: Standing


@dataclass(frozen=True, slots=True)
class Turn:
    """The smallest change of one number that moves the label, found by bisection.

    Parameters
    ----------
    path : str
    start : float
        Its best estimate.
    value : float or None
        Where the label moves; None when it does not within the plausible range.
    label : str
        The new label; empty when it does not move.
    distance : float
        From *start* in widths of its own 5-95 percent range; infinite when it does not move.
    inside : bool
        Whether the value lies within that range.
    """

    path: str
    start: float
    value: float | None
    label: str
    distance: float
    inside: bool


def influences(
    draws: Mapping[str, FloatArray], durability: FloatArray, conditionality: FloatArray
) -> tuple[Influence, ...]:
    """Rank correlations of every uncertain number with both ranks, strongest first.

    Parameters
    ----------
    draws : mapping of str to ndarray, shape (worlds,)
    durability, conditionality : ndarray, shape (worlds,)
        NaN where undefined; such worlds do not count.
    """
    from scipy.stats import rankdata

    known = ~(np.isnan(durability) | np.isnan(conditionality))
    worlds = int(known.sum())
    paths = sorted(path for path, values in draws.items() if worlds > 2 and np.ptp(values[known]) > 0.0)
    if not paths:
        return ()
    ranked = rankdata(np.stack([draws[path][known] for path in paths]), axis=1)
    sides = rankdata(np.stack([durability[known], conditionality[known]]), axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.nan_to_num(_standardised(ranked) @ _standardised(sides).T / worlds)
    error = float(1.0 / np.sqrt(worlds - 1))
    made = [Influence(path, float(d), float(c), error) for path, (d, c) in zip(paths, found, strict=True)]
    return tuple(sorted(made, key=lambda one: (-one.strength, one.path)))


def _standardised(rows: FloatArray) -> FloatArray:
    """Rows with mean 0 and variance 1."""
    return np.asarray((rows - rows.mean(axis=1, keepdims=True)) / rows.std(axis=1, keepdims=True))


def strongest(found: Sequence[Influence], count: int = INPUTS) -> tuple[str, ...]:
    """Paths of the strongest influences that are more than chance (3 standard errors)."""
    return tuple(one.path for one in found if one.strength > 3.0 * one.error)[:count]


def swing(path: str, values: FloatArray, look: Look) -> Swing:
    """The standing with one number at either end of its own range in every world."""
    low, high = (float(q) for q in np.quantile(values, (0.05, 0.95)))
    return Swing(path, low, high, look({path: _set(low)}), look({path: _set(high)}))


def _set(value: float) -> Change:
    """A number set to a value."""
    return Change(to=value, assumed="held at one value to see what carries the verdict")


def turn(bar: Swing, start: float, limits: tuple[float, float], label: str, look: Look) -> Turn:
    """The smallest change of a number that moves the label: outwards from its best estimate, then by bisection."""
    width = bar.high - bar.low
    found: list[tuple[float, float, str]] = []
    for near, far, standing in (
        (bar.low, limits[0], bar.at_low),
        (bar.high, limits[1], bar.at_high),
    ):
        inner, outer, new = start, near, standing.label
        if new == label and abs(far - start) > abs(near - start):
            inner, outer, new = near, far, look({bar.path: _set(far)}).label
        if new == label:
            continue
        for _ in range(_STEPS):
            if found and abs(inner - start) >= found[0][0] * width:
                break  # the other direction is nearer
            middle = 0.5 * (inner + outer)
            there = look({bar.path: _set(middle)}).label
            inner, outer, new = (middle, outer, new) if there == label else (inner, middle, there)
        else:
            found.append((abs(outer - start) / width if width > 0.0 else np.inf, outer, new))
    if not found:
        return Turn(bar.path, start, None, "", float("inf"), False)
    distance, value, new = min(found)
    return Turn(bar.path, start, value, new, distance, bar.low <= value <= bar.high)


def limits_of(path: str, situation: Situation, vocabulary: Vocabulary, bar: Swing) -> tuple[float, float]:
    """The plausible range of a number, or the possible one where none is declared; never narrower than its own."""
    parts = path.split(".")
    declared = next((r for pattern, (r, _) in ranges(vocabulary).items() if matches(path, pattern)), None)
    low, high = bar.low, bar.high
    if parts[0] == "stances" and parts[-1] == "position":
        scale = situation.issues[parts[1]].scale
        low, high = scale.low, scale.high
    elif declared is not None and declared.prior is not None and declared.prior[0] < declared.prior[1]:
        low, high = declared.prior
    elif declared is not None and np.isfinite([declared.low, declared.high]).all():
        low, high = declared.low, declared.high
    return min(low, bar.low), max(high, bar.high)
