"""Compiled small change of the challenge model: order, ends, mean and median of positions."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.engine.compile import njit

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

# Mathematically equal numbers may differ by this, on a scale of width 1.
TINY = 1e-12


@njit(inner=True)
def sort(x: F64, order: I64) -> None:
    """Order actors by position; quick when the order hardly changed."""
    for a in range(1, x.size):
        k = order[a]
        b = a - 1
        while b >= 0 and (x[order[b]] > x[k] or (x[order[b]] == x[k] and order[b] > k)):
            order[b + 1] = order[b]
            b -= 1
        order[b + 1] = k


@njit(inner=True)
def lower_median(x: F64, weight: F64, order: I64) -> float:
    """The first held position that no later one beats (b.6): the lower weighted median, the lowest if nobody weighs."""
    total = 0.0
    for k in order:
        total += weight[k]
    below = 0.0
    for k in order:
        below += weight[k]
        if below >= total * (0.5 - TINY):
            return float(x[k])
    return float(x[order[-1]])


@njit(inner=True)
def weighted_mean(x: F64, weight: F64) -> float:
    """Weighted mean, NaN when nobody weighs; never off equal positions by rounding."""
    total, moved, low, high = 0.0, 0.0, np.inf, -np.inf
    for k in range(x.size):
        if weight[k] > 0:
            total += weight[k]
            moved += weight[k] * x[k]
            low, high = min(low, x[k]), max(high, x[k])
    return float(min(max(moved / total, low), high)) if total > 0 else np.nan


@njit(inner=True)
def ends(x: F64) -> Any:
    """Least and largest number."""
    low, high = x[0], x[0]
    for k in range(x.size):
        low, high = min(low, x[k]), max(high, x[k])
    return low, high
