"""Sums, ratios, logarithms that are the same to the last bit, however worlds are cut and whatever the processor can do."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

# The one tolerance of the lenses: on scales of order 1, differences below it are rounding, not disagreement.
TOLERANCE = 1e-12


def exp(values: ArrayLike) -> FloatArray:
    """``e^x`` of each number, the same on every x86-64 processor of one system.

    numpy's own differs in the last bit with the vector instructions that a processor has.  That for extended precision
    has no such variants; on Linux its eleven bits to spare round to the nearest double but for one number in some thousands.
    Where extended precision is no wider (Windows, ARM on macOS) it is the C library's own, and slow on Linux on ARM.

    Parameters
    ----------
    values : ndarray

    Returns
    -------
    ndarray
    """
    return np.exp(np.asarray(values, np.longdouble)).astype(np.float64)


def expm1(values: ArrayLike) -> FloatArray:
    """``e^x - 1`` of each number, exact for small ones too; the same whatever the processor can do, as :func:`exp`."""
    return np.expm1(np.asarray(values, np.longdouble)).astype(np.float64)


def log(values: ArrayLike) -> FloatArray:
    """Natural logarithm of each number; the same whatever the processor can do, as :func:`exp`."""
    return np.log(np.asarray(values, np.longdouble)).astype(np.float64)


def log1p(values: ArrayLike) -> FloatArray:
    """``ln(1 + x)`` of each number, exact for small ones too; the same whatever the processor can do, as :func:`exp`."""
    return np.log1p(np.asarray(values, np.longdouble)).astype(np.float64)


def power(base: ArrayLike, exponent: ArrayLike) -> FloatArray:
    """``b^x``; the same whatever the processor can do, as :func:`exp`."""
    raised = np.power(np.asarray(base, np.longdouble), np.asarray(exponent, np.longdouble))
    return np.asarray(raised).astype(np.float64)


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
