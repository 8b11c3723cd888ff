"""The compromise model: the mean of stated positions, weighted by capability and salience.

Source: the project's specification of the bargaining lens, section (d), ``sum_i c_i s_i x_i / sum_i c_i s_i``.  The
literature knows it as the compromise model (for instance in R. Thomson et al. (eds), "The European Union Decides",
Cambridge 2006) and, in the limit of a very bad disagreement, as the Nash bargaining solution with quadratic losses.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.formulas import ordered_sum, ratio

FloatArray = NDArray[np.float64]


def compromise(positions: ArrayLike, salience: ArrayLike, capability: ArrayLike) -> FloatArray:
    """Weighted mean position on each dimension.

    Parameters
    ----------
    positions : array_like, shape ([worlds,] actors, dimensions)
        On any scale; NaN where an actor holds no position.
    salience : array_like, shape ([worlds,] actors[, dimensions])
        How much each actor cares, 0..1; NaN where unknown, which leaves the actor out.  All dimensions may share it, and all
        worlds.
    capability : array_like, shape ([worlds,] actors[, dimensions])
        Weight each actor can bring to bear, above 0, in any unit; NaN where unknown, which leaves the actor out.

    Returns
    -------
    ndarray, shape ([worlds,] dimensions)
        On the scale of the positions, never outside those that count; NaN where nobody with weight holds a position.

    Raises
    ------
    ValueError
        When shapes do not fit, a position is infinite, salience lies outside 0..1, or a capability is not above 0.
    """
    place = np.asarray(positions, dtype=np.float64)
    if place.ndim not in (2, 3):
        raise ValueError(f"positions must have the shape ([worlds,] actors, dimensions), not {place.shape}")
    if np.isinf(place).any():
        raise ValueError("positions must be finite, or NaN where an actor holds none")
    care = fitted("salience", salience, place.shape)
    power = fitted("capability", capability, place.shape)
    check_salience(care)
    if (power <= 0).any() or np.isinf(power).any():
        raise ValueError("capability must be finite and above 0; leave an actor without any out (NaN)")
    weight = weights(place, care, power)
    counted = weight > 0
    total = ordered_sum(np.swapaxes(weight, -1, -2))
    moved = ordered_sum(np.swapaxes(weight * np.where(counted, place, 0.0), -1, -2))
    low = np.where(counted, place, np.inf).min(axis=-2, initial=np.inf)
    high = np.where(counted, place, -np.inf).max(axis=-2, initial=-np.inf)
    # Rounding must not carry the mean of equal positions off them.
    return np.where(total > 0, np.clip(ratio(moved, total), low, high), np.nan)


def weights(positions: FloatArray, salience: FloatArray, capability: FloatArray) -> FloatArray:
    """Weight of each actor on each dimension, capability times salience, the largest capability counting 1.

    Parameters
    ----------
    positions, salience, capability : ndarray, shape ([worlds,] actors, dimensions)

    Returns
    -------
    ndarray, shape ([worlds,] actors, dimensions)
        0..1; 0 where an actor is left out because one of the three is NaN.
    """
    known = ~(np.isnan(positions) | np.isnan(salience) | np.isnan(capability))
    power = np.where(known, capability, 0.0)
    most = power.max(axis=-2, keepdims=True, initial=0.0)
    return np.where(known, ratio(power, np.where(most > 0, most, 1.0)) * np.where(known, salience, 0.0), 0.0)


def fitted(name: str, values: ArrayLike, shape: tuple[int, ...], last: str = "dimensions") -> FloatArray:
    """Numbers given per actor, or per actor and dimension, for every world or for all of them, in the shape of positions.

    Parameters
    ----------
    name : str
        What they are, for errors.
    values : array_like, shape ([worlds,] actors[, dimensions])
    shape : tuple of int
        That of the positions, ([worlds,] actors, dimensions).
    last : str
        What the last axis of the positions is, for errors.

    Returns
    -------
    ndarray, shape of the positions

    Raises
    ------
    ValueError
        When they have another shape, or one that can be read in two ways.
    """
    given = np.asarray(values, dtype=np.float64)
    if given.shape == shape:
        return given
    by_dimension, by_world = given.shape == shape[-2:], given.shape == shape[:-1]
    if by_dimension and by_world and len(shape) == 3 and np.unique(given).size > 1:
        raise ValueError(
            f"{name} of shape {given.shape} may be meant as (actors, {last}) or as (worlds, actors); give it the shape of the"
            f" positions, {shape}"
        )
    if by_dimension:
        return np.broadcast_to(given, shape)
    if by_world or given.shape == shape[-2:-1]:
        return np.broadcast_to(given[..., None], shape)
    raise ValueError(
        f"{name} of shape {given.shape} does not fit positions of shape {shape}; expected ([worlds,] actors[, {last}])"
    )


def check_salience(salience: FloatArray) -> None:
    """Refuse salience outside 0..1; NaN passes.

    Raises
    ------
    ValueError
        With a word on percentages.
    """
    if (salience > 1).any():
        raise ValueError(
            f"salience must lie between 0 and 1, but {np.nanmax(salience):g} is given; percentages are divided by 100"
            " only by the readers of foreign files"
        )
    if (salience < 0).any():
        raise ValueError("salience must lie between 0 and 1, but a negative one is given")
