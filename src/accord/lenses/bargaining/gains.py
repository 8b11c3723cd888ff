"""Who gains from a deal: how much of what it minds an actor is spared when an issue is settled.

An actor minds an outcome by its salience times the distance from its position, as a share of the scale.  Without a deal
things stand at the issue's reference point.  Where the file names none, somebody gets its way: each actor with a chance
equal to its share of the weight, so that the loss is the expected one.
"""

from __future__ import annotations

import numpy as np

from accord.finding import FloatArray
from accord.formulas import ordered_sum, ratio
from accord.lenses.bargaining.gather import Table

_ROUNDING = 1e-12


def without_deal(table: Table) -> FloatArray:
    """How far from its position each actor ends up without a deal, 0..1, shape (worlds, actors, issues)."""
    place, counted = table.position, table.counted
    weight = np.where(counted, table.salience * table.capability, 0.0)
    total = ordered_sum(np.swapaxes(weight, 1, 2))
    chance = ratio(weight, np.broadcast_to(total[:, None, :], weight.shape))
    held = np.where(counted, place, 0.0)
    apart = np.abs(held[:, :, None, :] - held[:, None, :, :]) * chance[:, None, :, :]
    fight = ordered_sum(np.moveaxis(apart, 2, -1))
    far = np.abs(place - table.reference)
    return np.where(np.isnan(table.reference), np.where(counted, fight, np.nan), far)


def gains(table: Table, outcome: FloatArray) -> FloatArray:
    """What each actor is spared on each issue, -1..1, shape (worlds, actors, issues).

    Parameters
    ----------
    table : Table
    outcome : ndarray, shape (worlds, issues)
        0..1; NaN where the issue is not settled.
    """
    gained = table.salience * (without_deal(table) - np.abs(outcome[:, None, :] - table.position))
    # What differs from nothing by rounding alone is nothing: its sign would count as a gain or a loss.
    return np.where(np.abs(gained) < _ROUNDING, 0.0, gained)


def package(table: Table, gained: FloatArray) -> FloatArray:
    """What each actor is spared on all issues together, as a share of all that it cares about, shape (worlds, actors).

    Issues that are not settled, or on which the actor does not count, stay out of both sums; NaN where none is left.
    """
    known = ~np.isnan(gained)
    cares = ordered_sum(np.where(known, table.salience, 0.0))
    spared = ordered_sum(np.where(known, gained, 0.0))
    return np.where(cares > 0, ratio(spared, np.where(cares > 0, cares, 1.0)), np.nan)
