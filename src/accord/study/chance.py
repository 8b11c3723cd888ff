"""How far chance moves a median: what the number of worlds leaves open."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# Groups of worlds that are set against each other, and how many a group needs at least.
_GROUPS, _LEAST = 10, 5


def median_range(values: FloatArray) -> tuple[float, float, float]:
    """A median with the ends between which it lies in 95 of 100 samples (order statistics); NaN without any value.

    The number of values below the true median is binomial with chance one half.
    """
    known = np.sort(values[~np.isnan(values)])
    if not known.size:
        return np.nan, np.nan, np.nan
    reach = 0.5 * 1.96 * np.sqrt(known.size)
    low = max(int(np.floor(0.5 * known.size - reach)) - 1, 0)
    high = min(int(np.ceil(0.5 * known.size + reach)), known.size - 1)
    return float(np.median(known)), float(known[low]), float(known[high])


def mean_and_error(values: FloatArray) -> tuple[float, float]:
    """A mean over worlds with its standard error; NaN where too few are defined (none, or a single one)."""
    known = values[~np.isnan(values)]
    mean = float(known.mean()) if known.size else float("nan")
    error = float(known.std(ddof=1) / np.sqrt(known.size)) if known.size > 1 else float("nan")
    return mean, error


def paired_error(before: FloatArray, after: FloatArray) -> float:
    """Standard error of the difference of two medians over the same worlds, from the spread between ten groups of these.

    Parameters
    ----------
    before, after : ndarray, shape (worlds,)
        NaN where undefined.  NaN comes back where a group holds fewer than five worlds.
    """
    moved = []
    for part in range(_GROUPS):
        one, other = before[part::_GROUPS], after[part::_GROUPS]
        if min((~np.isnan(one)).sum(), (~np.isnan(other)).sum()) < _LEAST:
            return float("nan")
        moved.append(np.nanmedian(other) - np.nanmedian(one))
    return float(np.std(moved, ddof=1) / np.sqrt(_GROUPS))
