"""The weighted median: the position that no other one beats when weights vote, one dimension at a time.

Source: D. Black, "The Theory of Committees and Elections", Cambridge 1958; the project's specification of the bargaining
lens, section (d).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

# Weights that make a half but for rounding do make one.
_HALF = 0.5 * (1 - 1e-12)


def weighted_median(
    positions: ArrayLike, weights: ArrayLike | None = None, *, axis: int = -1, ties: str = "lower"
) -> FloatArray:
    """Weighted median position.

    Parameters
    ----------
    positions : array_like
        On any scale, actors along *axis*; NaN where an actor holds no position.
    weights : array_like, shape of *positions* or (actors,), optional
        0 or more, in any unit, capability times salience as a rule; NaN where unknown, which leaves the actor out.  Equal
        weights if left out.
    axis : int
        Along which the actors stand; -2 for arrays of the shape ([worlds,] actors, dimensions).
    ties : str
        Where weights divide into halves: ``lower`` of the two middle positions, or the ``middle`` between them.

    Returns
    -------
    ndarray, shape of *positions* without *axis*
        NaN where nobody with weight holds a position.

    Raises
    ------
    ValueError
        When shapes do not fit, a position is infinite, a weight is negative or infinite, or *ties* is another word.
    """
    if ties not in ("lower", "middle"):
        raise ValueError(f"ties is {ties!r}; expected 'lower' or 'middle'")
    place = np.asarray(positions, dtype=np.float64)
    if not -place.ndim <= axis < place.ndim:
        raise ValueError(f"positions of shape {place.shape} have no axis {axis} of actors")
    place = np.moveaxis(place, axis, -1)
    weight = _weights(weights, place.shape, axis)
    if np.isinf(place).any():
        raise ValueError("positions must be finite, or NaN where an actor holds none")
    if (weight < 0).any() or np.isinf(weight).any():
        raise ValueError("weights must be finite and 0 or more, or NaN where unknown")
    counted = ~np.isnan(place) & (weight > 0)
    if not place.shape[-1]:
        return np.full(place.shape[:-1], np.nan)
    order = np.argsort(np.where(counted, place, np.inf), axis=-1, kind="stable")
    sorted_place = np.take_along_axis(np.where(counted, place, np.inf), order, -1)
    sorted_weight = np.take_along_axis(np.where(counted, weight, 0.0), order, -1)
    most = sorted_weight.max(axis=-1, keepdims=True)
    share = np.cumsum(sorted_weight / np.where(most > 0, most, 1.0), axis=-1)
    total = share[..., -1:]
    lower = _first(sorted_place, share >= total * _HALF)
    upper = _first(sorted_place, share > total * (1 - _HALF))
    # The mean of two halves, not half of a sum, which could overflow.
    found = lower if ties == "lower" else np.where(lower == upper, lower, lower / 2 + upper / 2)
    return np.where(total[..., 0] > 0, found, np.nan)


def _first(sorted_place: FloatArray, reached: NDArray[np.bool_]) -> FloatArray:
    """The first position that is marked."""
    at = np.argmax(reached, axis=-1)[..., None]
    found: FloatArray = np.take_along_axis(sorted_place, at, -1)[..., 0]
    return found


def _weights(weights: ArrayLike | None, shape: tuple[int, ...], axis: int) -> FloatArray:
    """Weights in the shape of the positions, actors last."""
    if weights is None:
        return np.ones(shape)
    given = np.asarray(weights, dtype=np.float64)
    if given.ndim == 1 and given.shape == shape[-1:]:
        return np.broadcast_to(given, shape)
    if given.ndim == len(shape) and np.moveaxis(given, axis, -1).shape == shape:
        return np.moveaxis(given, axis, -1)
    raise ValueError(
        f"weights of shape {given.shape} do not fit: expected the shape of positions, or ({shape[-1]},)"
    )
