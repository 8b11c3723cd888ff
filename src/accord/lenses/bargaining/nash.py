"""Nash bargaining in one dimension, with a reference point as the outcome of no agreement.

Every actor gains ``g_i(x) = L(|reference - x_i|) - L(|x - x_i|)``, with linear or quadratic loss *L*; the solution makes
``sum_i w_i ln g_i`` largest.  Somebody always loses unless the reference point lies on one side of all actors; then there
is no solution, and this module says so instead of passing the reference point off as one.

Source: J. F. Nash, "The Bargaining Problem", Econometrica 18, 1950; the project's specification of the bargaining lens,
section (d).  Salience multiplies an actor's gain and so drops out of where the product is largest: it matters only as
part of the weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.lenses.bargaining.compromise import check_salience

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

LOSSES: tuple[str, ...] = ("quadratic", "linear")
WEIGHTS: tuple[str, ...] = ("symmetric", "capability", "capability_salience")
# More than the bits of a number: bisection ends at neighbouring numbers.
_HALVINGS = 60


@dataclass(frozen=True, eq=False)
class Nash:
    """Nash solutions.

    Parameters
    ----------
    feasible : ndarray of bool, shape ([worlds])
        Whether there is an outcome from which all who count gain.
    position : ndarray, shape ([worlds])
        The solution, on the scale of the positions; NaN where there is none.
    lower, upper : ndarray, shape ([worlds])
        Ends, excluded, of the outcomes from which all gain; NaN where there are none.
    reference : ndarray, shape ([worlds])
        The outcome of no agreement, as given.
    """

    feasible: BoolArray
    position: FloatArray
    lower: FloatArray
    upper: FloatArray
    reference: FloatArray

    @property
    def or_reference(self) -> FloatArray:
        """The solution, and the reference point where there is none: the convention of the published comparisons."""
        return np.where(self.feasible, self.position, self.reference)


def nash(
    positions: ArrayLike,
    salience: ArrayLike,
    capability: ArrayLike,
    *,
    reference: ArrayLike,
    loss: str = "quadratic",
    weights: str = "symmetric",
    low: float = 0,
    high: float = 100,
) -> Nash:
    """Nash bargaining solution.

    Parameters
    ----------
    positions : array_like, shape ([worlds,] actors)
        On the scale from *low* to *high*; NaN where an actor holds no position.
    salience : array_like, shape ([worlds,] actors)
        How much each actor cares, 0..1; who does not care gains from nothing and is left out.  NaN where unknown, which
        leaves the actor out.
    capability : array_like, shape ([worlds,] actors)
        Above 0, in any unit; NaN where unknown, which leaves the actor out.
    reference : array_like, shape ([worlds])
        The outcome of no agreement, on the scale; NaN where there is none, and then no solution.
    loss : str
        ``quadratic`` or ``linear`` in the distance.
    weights : str
        ``symmetric``, or bargaining power by ``capability`` or ``capability_salience``.
    low, high : float
        Ends of the scale.

    Returns
    -------
    Nash

    Raises
    ------
    ValueError
        When shapes do not fit, a number lies outside its range, or an option is unknown.
    """
    for name, word, words in (("loss", loss, LOSSES), ("weights", weights, WEIGHTS)):
        if word not in words:
            raise ValueError(f"{name} is {word!r}; expected one of {', '.join(words)}")
    place, care, power, status, shape = _arrays(positions, salience, capability, reference)
    _check(place, care, power, status, low, high)
    counted = ~(np.isnan(place) | np.isnan(care) | np.isnan(power)) & (care > 0)
    ahead = np.where(counted, place - status[:, None], np.nan)
    up = np.all((ahead > 0) | ~counted, axis=1)
    feasible = np.asarray((up | np.all((ahead < 0) | ~counted, axis=1)) & np.any(counted, axis=1))
    side = np.where(up, 1.0, -1.0)
    weight = (
        np.ones_like(place) if weights == "symmetric" else power if weights == "capability" else power * care
    )
    far = np.where(counted & feasible[:, None], np.abs(ahead), np.nan)
    weight = np.where(np.isnan(far), 0.0, weight)
    least = np.where(np.isnan(far), np.inf, far).min(axis=1, initial=np.inf)
    unit = np.where(feasible, least, 1.0)[:, None]
    step = _best(far / unit, weight / np.maximum(weight.max(axis=1, initial=0.0), 1e-300)[:, None], loss)
    found = np.where(feasible, status + side * step * unit[:, 0], np.nan)
    limit = np.where(feasible, status + side * 2 * unit[:, 0], np.nan)
    rest = np.where(feasible, status, np.nan)
    lower, upper = (end(rest, limit).reshape(shape) for end in (np.minimum, np.maximum))
    return Nash(feasible.reshape(shape), found.reshape(shape), lower, upper, np.array(status).reshape(shape))


def _best(far: FloatArray, weight: FloatArray, loss: str) -> FloatArray:
    """Where the product is largest, counted from the reference point in distances to the nearest actor: 1..2.

    The sum of logarithms is concave, so its slope changes sign once, at a root or at a kink.
    """
    most = np.where(np.isnan(far), 1.0, far).max(axis=1, initial=1.0)
    below, above = np.ones(len(far)), np.minimum(2.0, most)
    far = np.where(np.isnan(far), np.inf, far)
    for _ in range(_HALVINGS):
        middle = (below + above) / 2
        t = middle[:, None]
        rises = (far > t) if loss == "linear" else np.ones_like(far, dtype=bool)
        falls = (far <= t) if loss == "linear" else np.isfinite(far)
        slope = (np.where(rises, weight, 0.0) / t).sum(axis=1)
        slope -= np.where(falls, weight / np.where(falls, 2 * far - t, 1.0), 0.0).sum(axis=1)
        below, above = np.where(slope > 0, middle, below), np.where(slope > 0, above, middle)
    solution: FloatArray = (below + above) / 2
    if loss == "quadratic":
        return solution
    # At a kink the slope jumps, and the kink itself is the solution.
    kink = np.where(np.abs(far - above[:, None]) <= 1e-14, far, np.inf).min(axis=1, initial=np.inf)
    found: FloatArray = np.where(np.isfinite(kink), kink, solution)
    return found


def _arrays(
    positions: ArrayLike, salience: ArrayLike, capability: ArrayLike, reference: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, tuple[int, ...]]:
    """Everything with one axis of worlds, and the shape of the result."""
    place, care, power, status = (
        np.asarray(x, dtype=np.float64) for x in (positions, salience, capability, reference)
    )
    if place.ndim not in (1, 2):
        raise ValueError(f"positions must have the shape ([worlds,] actors), not {place.shape}")
    for name, array in (("salience", care), ("capability", power)):
        if array.ndim not in (1, 2) or array.shape[-1] != place.shape[-1]:
            raise ValueError(f"{name} of shape {array.shape} does not fit positions of shape {place.shape}")
    try:
        shape = np.broadcast_shapes(place.shape[:-1], care.shape[:-1], power.shape[:-1], status.shape)
    except ValueError:
        raise ValueError(
            "positions, salience, capability and reference differ in their numbers of worlds"
        ) from None
    if len(shape) > 1:
        raise ValueError(f"reference must have the shape ([worlds]), not {status.shape}")
    wide = (*(shape or (1,)), place.shape[-1])
    place, care, power = (np.broadcast_to(x, wide) for x in (place, care, power))
    return place, care, power, np.broadcast_to(status, wide[:1]), shape


def _check(
    place: FloatArray, care: FloatArray, power: FloatArray, status: FloatArray, low: float, high: float
) -> None:
    """Refuse numbers out of range."""
    check_salience(care)
    if (power <= 0).any() or np.isinf(power).any():
        raise ValueError("capability must be finite and above 0; leave an actor without any out (NaN)")
    for name, array in (("positions", place), ("reference", status)):
        outside = array[(array < low) | (array > high)]
        if outside.size:
            raise ValueError(
                f"{name} must lie on the scale from {low:g} to {high:g}, but {outside[0]:g} is given"
            )
