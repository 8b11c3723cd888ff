"""Weights as whole numbers, so that sums are exact whatever their order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# Whole numbers below 2^53 are exact as floats; sums reach four times the total of all weights.
_BITS = 50


@dataclass(frozen=True, eq=False)
class Grid:
    """Pair weights on a grid of a power of two, so fine that 2^50 steps hold their total.

    Parameters
    ----------
    steps : ndarray, shape (..., actors, actors)
        Whole numbers; NaN stays NaN.
    unit : ndarray, shape (...)
        What one step is worth.
    slack : float
        Steps within which two energies count as the same: what rounding to the grid can do to a difference.
    """

    steps: FloatArray
    unit: FloatArray
    slack: float


def grid_of(weights: FloatArray) -> Grid:
    """Put symmetric weights, shape (..., actors, actors), on a grid of their own each."""
    actors = weights.shape[-1]
    total = np.abs(np.triu(weights, 1)).sum(axis=(-2, -1))
    power = np.frexp(np.where(np.isfinite(total) & (total > 0), total, 1.0))[1]
    shift = _BITS - power
    steps = np.rint(np.ldexp(weights, shift[..., None, None]))
    return Grid(steps, np.ldexp(1.0, -shift), actors * (actors - 1) / 2 + 2.0)


def pair_weights(propensity: FloatArray, size: FloatArray) -> FloatArray:
    """What a pair standing apart adds to the energy: s_i s_j (p_ij + p_ji), shape (..., actors, actors), diagonal 0."""
    # Too large a number becomes infinite; whoever asks looks for that.
    with np.errstate(over="ignore", invalid="ignore"):
        product = size[..., :, None] * size[..., None, :] * propensity
        both: FloatArray = product + np.swapaxes(product, -1, -2)
    index = np.arange(both.shape[-1])
    both[..., index, index] = 0.0
    return both
