"""What each model says that one issue would be settled at, world by world.

>>> settle("weighted_median", [[0.0, 0.4, 1.0]], [[0.5, 0.5, 0.5]], [[1.0, 1.0, 1.0]]).tolist()
[0.4]

The weighted mean is the default forecast: on resolved issues no published model beats it.  The others show process,
spread and levers.  Which number of a run counts as its outcome: the weighted median after ten rounds of the
expected-utility model, as its authors read it; the weighted mean of the last positions of the spatial model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from accord.finding import FloatArray
from accord.lenses.bargaining.compromise import check_salience, compromise
from accord.lenses.bargaining.gather import by_value, companies, order_by_value
from accord.lenses.bargaining.median import weighted_median

# Turns of the spatial model that are kept one by one, beside the last positions.
TURNS = 10
ROUNDS = 10
# Positions, salience, capability of shape (worlds, actors), reference of shape (worlds,) to outcomes of shape (worlds,).
Play = Callable[[FloatArray, FloatArray, FloatArray, FloatArray], FloatArray]


@dataclass(frozen=True, slots=True)
class Model:
    """One way to settle an issue.

    Parameters
    ----------
    label : str
        What it is called in a table.
    least : int
        Actors that it needs.
    play : callable
        Settles an issue on a scale of 0 to 1 on which all actors count.
    """

    label: str
    least: int
    play: Play


def settle(
    model: str,
    positions: ArrayLike,
    salience: ArrayLike,
    capability: ArrayLike,
    *,
    reference: ArrayLike = np.nan,
    low: float = 0.0,
    high: float = 1.0,
) -> FloatArray:
    """What one issue would be settled at in each world.

    Parameters
    ----------
    model : str
        One of ``MODELS``: ``mean`` (by capability and salience; also called ``weighted_mean``), ``weighted_median``,
        ``nash``, ``nash_weighted``, ``expected_utility_paper``, ``expected_utility_published`` or ``spatial``.
    positions : array_like, shape (worlds, actors)
        On the scale from *low* to *high*; NaN where an actor holds no position.
    salience : array_like, shape ([worlds,] actors)
        0..1; NaN where unknown.  All worlds may share it.
    capability : array_like, shape ([worlds,] actors)
        0 or more, in any unit; NaN where unknown.
    reference : array_like, shape (worlds,) or ()
        The outcome of no agreement, on the scale, for the Nash solutions; NaN where there is none.
    low, high : float
        Ends of the scale.

    Returns
    -------
    ndarray, shape (worlds,)
        On the scale.  An actor counts where all three numbers are known and its weight is above 0.  NaN where fewer
        count than the model needs (one for ``mean`` and ``weighted_median``, else two), or no solution exists.

    Raises
    ------
    ValueError
        When the model is unknown, shapes do not fit, or a number lies outside its range.
    """
    model = OTHER_NAMES.get(model, model)
    if model not in MODELS:
        raise ValueError(f"there is no model {model!r}; expected one of {', '.join(MODELS)}")
    if not low < high:
        raise ValueError(f"low must lie below high, but low is {low:g} and high is {high:g}")
    place, care, power = (np.asarray(values, np.float64) for values in (positions, salience, capability))
    if place.ndim != 2 or any(array.shape not in (place.shape, place.shape[1:]) for array in (care, power)):
        shapes = ", ".join(str(array.shape) for array in (place, care, power))
        raise ValueError(
            "positions, salience and capability must be of one shape (worlds, actors), the last two or of shape (actors,),"
            f" not {shapes}"
        )
    care, power = np.broadcast_to(care, place.shape), np.broadcast_to(power, place.shape)
    check_salience(care)
    share = (place - low) / (high - low)
    status = np.broadcast_to((np.asarray(reference, np.float64) - low) / (high - low), place.shape[:1])
    for name, values in (("positions", share), ("reference", status)):
        if ((values < 0) | (values > 1)).any():
            raise ValueError(f"{name} must lie on the scale from {low:g} to {high:g}")
    if (power < 0).any():
        raise ValueError("capability must be 0 or more")
    return low + (high - low) * settled(model, share, care, power, status)


def settled(
    model: str, place: FloatArray, care: FloatArray, power: FloatArray, status: FloatArray
) -> FloatArray:
    """As :func:`settle`, on a scale of 0 to 1 and unchecked; *status* is the outcome of no agreement."""
    one, found = MODELS[model], np.full(len(place), np.nan)
    counted = ~np.isnan(place) & (care > 0) & (power > 0)
    for rows, who in companies(counted):
        if len(who) >= one.least:
            at = np.ix_(rows, who)
            ordered, cares, might = by_value(place[at], care[at], power[at])
            found[rows] = one.play(ordered, cares, might, status[rows])
    return found


def courses(place: FloatArray, care: FloatArray, power: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Positions by turn of the spatial model, each issue by itself.

    Parameters
    ----------
    place, care, power : ndarray, shape (worlds, actors)
        Positions 0..1; NaN where an actor does not count.

    Returns
    -------
    turns : ndarray, shape (worlds, TURNS + 1, actors)
        Positions at the start and after each of the first turns; a game that ended repeats its last ones.  NaN for
        actors that do not count, and for all in worlds in which fewer than two do.
    last : ndarray, shape (worlds, actors)
        Positions when the game ended.
    """
    turns = np.full((len(place), TURNS + 1, place.shape[1]), np.nan)
    last = np.full(place.shape, np.nan)
    for rows, who in companies(~np.isnan(place)):
        if len(who) < 2:
            continue
        at = np.ix_(rows, who)
        each = (place[at], care[at], power[at])
        back = np.argsort(order_by_value(*each), axis=-1)[:, None, :]
        course = np.take_along_axis(_spatial(*_three(by_value(*each))), back, axis=-1)
        kept = np.minimum(np.arange(TURNS + 1), course.shape[1] - 1)
        turns[np.ix_(rows, np.arange(TURNS + 1), who)] = course[:, kept]
        last[at] = course[:, -1]
    return turns, last


def _three(arrays: tuple[FloatArray, ...]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Position, salience and capability."""
    place, care, power = arrays
    return place, care, power


def _spatial(place: FloatArray, care: FloatArray, power: FloatArray) -> FloatArray:
    """Positions by turn, shape (worlds, turns + 1, actors)."""
    from accord.lenses.bargaining.spatial import spatial

    course: FloatArray = spatial(place[..., None], care[..., None], power, low=0.0, high=1.0).positions
    return course[..., 0]


def mean_of(place: FloatArray, care: FloatArray, power: FloatArray) -> FloatArray:
    """Weighted mean position, shape (worlds,); actors with NaN are left out."""
    found: FloatArray = compromise(place[..., None], care[..., None], power[..., None])[..., 0]
    return found


def median_of(place: FloatArray, care: FloatArray, power: FloatArray) -> FloatArray:
    """Weighted lower median position, shape (worlds,); actors with NaN are left out."""
    return weighted_median(place, care * power)


def _mean(place: FloatArray, care: FloatArray, power: FloatArray, _: FloatArray) -> FloatArray:
    """The compromise."""
    return mean_of(place, care, power)


def _median(place: FloatArray, care: FloatArray, power: FloatArray, _: FloatArray) -> FloatArray:
    """The position that no other one beats."""
    return median_of(place, care, power)


def _nash(weights: str) -> Play:
    """The Nash solution with these bargaining weights; NaN where somebody would lose by any agreement."""

    def play(place: FloatArray, care: FloatArray, power: FloatArray, status: FloatArray) -> FloatArray:
        """Quadratic losses."""
        from accord.lenses.bargaining.nash import nash

        found = nash(place, care, power, reference=status, weights=weights, low=0.0, high=1.0)
        return found.position

    return play


def _expected_utility(reading: str) -> Play:
    """The expected-utility model in one of its named readings."""

    def play(place: FloatArray, care: FloatArray, power: FloatArray, _: FloatArray) -> FloatArray:
        """The median after the last round."""
        from accord.lenses.bargaining.expected_utility import expected_utility

        run = expected_utility(place, care, power, reading=reading, rounds=ROUNDS)
        last: FloatArray = run.median[:, -1]
        return last

    return play


def _spatial_mean(place: FloatArray, care: FloatArray, power: FloatArray, _: FloatArray) -> FloatArray:
    """The mean of the last positions."""
    return mean_of(_spatial(place, care, power)[:, -1], care, power)


MODELS: dict[str, Model] = {
    "mean": Model("weighted mean", 1, _mean),
    "weighted_median": Model("weighted median", 1, _median),
    "nash": Model("Nash, all equal", 2, _nash("symmetric")),
    "nash_weighted": Model("Nash, by weight", 2, _nash("capability_salience")),
    "expected_utility_paper": Model("expected utility, printed", 2, _expected_utility("paper")),
    "expected_utility_published": Model("expected utility, published", 2, _expected_utility("published")),
    "spatial": Model("spatial model", 2, _spatial_mean),
}
# ``accord backtest`` calls the plain mean ``mean``, and this one by its full name, which is understood here too.
OTHER_NAMES: dict[str, str] = {"weighted_mean": "mean"}
