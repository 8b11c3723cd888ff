"""Sums and ratios that are the same to the last bit however the worlds are cut into chunks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# The one tolerance of the lenses: on scales of order 1, differences below it are rounding, not disagreement.
TOLERANCE = 1e-12


def ordered_sum(values: FloatArray) -> FloatArray:
    """Sum over the last axis, term by term in order.

    numpy may add in another order when an array has another memory layout or length; adding whole slices in their
    order cannot.

    Parameters
    ----------
    values : ndarray, shape (..., terms)
        A NaN among the terms makes the sum NaN.

    Returns
    -------
    ndarray, shape (...)
        Zero where there are no terms.
    """
    total: FloatArray = np.zeros(values.shape[:-1])
    for term in range(values.shape[-1]):
        total = total + values[..., term]
    return total


def ordered_mean(values: FloatArray) -> FloatArray:
    """Mean over the last axis of the terms that are defined; NaN where none is.

    Parameters
    ----------
    values : ndarray, shape (..., terms)

    Returns
    -------
    ndarray, shape (...)
    """
    known = ~np.isnan(values)
    return ratio(ordered_sum(np.where(known, values, 0.0)), ordered_sum(known.astype(np.float64)))


def ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """``above / below``, NaN where *below* is zero; no warning either way.

    Parameters
    ----------
    above, below : ndarray
        Shapes that broadcast.

    Returns
    -------
    ndarray
    """
    nothing = below == 0.0
    return np.asarray(np.where(nothing, np.nan, above / np.where(nothing, 1.0, below)))
