"""How good forecasts are: hits, errors, and intervals by drawing whole proposals again and again.

The bootstrap by clusters: A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application", Cambridge 1997,
section 3.8; intervals are percentiles.  CRPS: T. Gneiting and A. E. Raftery, JASA 102, 2007.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

# Hits, in hundredths of the scale.
WITHIN: tuple[int, ...] = (5, 10, 25)
MEASURES: tuple[str, ...] = ("mae", "rmse", *(f"within_{w}" for w in WITHIN), "nearest", "crps")
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over issues and its bootstrap interval; NaN ends where there are fewer than two proposals."""

    value: float
    low: float
    high: float

    @property
    def shown(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0


def nearest_hit(positions: ArrayLike, forecast: float, outcome: float) -> float:
    """1 when the held position nearest the forecast is one nearest the outcome, else 0; NaN without a forecast."""
    held = np.asarray(positions, dtype=np.float64)
    if np.isnan(forecast) or not held.size:
        return float("nan")
    to_forecast, to_outcome = np.abs(held - forecast), np.abs(held - outcome)
    room = _SAME * (1 + float(np.ptp(held)))
    both = (to_forecast <= to_forecast.min() + room) & (to_outcome <= to_outcome.min() + room)
    return float(both.any())


def per_issue(error: FloatArray, nearest: FloatArray, crps: FloatArray) -> dict[str, FloatArray]:
    """What is averaged, each of shape (issues,); *error* is signed, in hundredths of the scale, NaN without forecast."""
    size = np.abs(error)
    missing = np.isnan(size)
    found = {"mae": size, "rmse": size**2}
    found |= {f"within_{w}": np.where(missing, np.nan, size <= w + _SAME) for w in WITHIN}
    return {**found, "nearest": nearest, "crps": crps}


class Clusters:
    """Proposals to draw whole.

    Parameters
    ----------
    names : sequence of str, one for each issue
        Its proposal.
    draws : int
        How often; 0 for no intervals.
    seed : int
    """

    def __init__(self, names: Sequence[str], draws: int, seed: int) -> None:
        kinds = sorted(set(names))
        number = {name: k for k, name in enumerate(kinds)}
        self.of = np.array([number[name] for name in names], dtype=np.int64)
        self.count = len(kinds)
        self.times = _times(self.count, draws, seed)

    def mean(self, values: FloatArray, *, root: bool = False) -> Estimate:
        """Mean over issues that have a value (shape (issues,)), its square root if asked for, with a 95 % interval."""
        known = ~np.isnan(values)
        if not known.any():
            return Estimate(float("nan"), float("nan"), float("nan"))
        total = np.bincount(self.of, np.where(known, values, 0.0), self.count)
        many = np.bincount(self.of, known, self.count)
        drawn = self.times @ many
        # A draw without any issue that has a value says nothing.
        some = drawn > 0
        means = (self.times @ total)[some] / drawn[some]
        value = total.sum() / many.sum()
        if root:
            value, means = np.sqrt(value), np.sqrt(np.maximum(means, 0.0))
        if means.size == 0 or (many > 0).sum() < 2:
            return Estimate(float(value), float("nan"), float("nan"))
        low, high = np.quantile(means, [0.025, 0.975])
        return Estimate(float(value), float(low), float(high))


def _times(count: int, draws: int, seed: int) -> FloatArray:
    """How often each cluster is drawn, shape (draws, clusters)."""
    if draws == 0 or count == 0:
        return np.zeros((0, count))
    from accord.engine.streams import stream, uniforms

    luck = uniforms(stream(seed, purpose="bargaining.backtest"), range(draws), count=count)
    chosen = np.minimum((luck * count).astype(np.int64), count - 1)
    flat = (np.arange(draws)[:, None] * count + chosen).ravel()
    return np.bincount(flat, minlength=draws * count).reshape(draws, count).astype(np.float64)


def coverage(below: FloatArray, upto: FloatArray, share: float) -> FloatArray:
    """How much of each outcome's own mass lies in the central *share* of its distribution, shape (issues,).

    The probability that a randomised probability integral transform falls there: fair to distributions with masses, whose
    closed intervals hold more than they promise.  *below* and *upto* are the probabilities of less than the outcome and of
    no more than it.
    """
    low, high = (1 - share) / 2, (1 + share) / 2
    inside = np.clip(np.minimum(upto, high) - np.maximum(below, low), 0.0, None)
    middle = (upto + below) / 2
    plain = ((middle >= low) & (middle <= high)).astype(np.float64)
    wide = upto - below
    return np.where(wide > _SAME, inside / np.where(wide > _SAME, wide, 1.0), plain)


def as_row(estimates: Mapping[str, Estimate]) -> dict[str, float | list[float]]:
    """Estimates as plain numbers, each followed by its interval."""
    row: dict[str, float | list[float]] = {}
    for name, one in estimates.items():
        row[name] = one.value
        row[f"{name}_interval"] = [one.low, one.high]
    return row
