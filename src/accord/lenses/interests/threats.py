"""What the threat does for the partnership: how much it is shared, and for whom staying pays more while it lives.

Flows are those of the endurance model, section 3, with full effort: u^C when all stay, u^O outside.  Costs, influence
and standing interests do not change with the threat and drop out of the derivative.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from accord.formulas import contest_slope, contest_success, ordered_sum

FloatArray = NDArray[np.float64]


def opposed(level: FloatArray, strength: FloatArray) -> FloatArray:
    """What opposes the joint effort, ``hR = sum_k h_k R_k``.

    Parameters
    ----------
    level, strength : ndarray, shape (worlds, threats)
        Level h_k, 0..1, and strength R_k in units of joint output.

    Returns
    -------
    ndarray, shape (worlds,)
    """
    return ordered_sum(level * strength)


def shared(value_i: FloatArray, value_j: FloatArray, level: FloatArray) -> FloatArray:
    """How much of a threat two patrons share, ``min(w_ik h_k, w_jk h_k)``.

    Parameters
    ----------
    value_i, value_j : ndarray, shape (worlds,)
        Value of success against it to each, util/month.
    level : ndarray, shape (worlds,)

    Returns
    -------
    ndarray, shape (worlds,)
        util/month; NaN where a number is unknown.
    """
    return np.asarray(np.minimum(value_i * level, value_j * level))


def gain_from_staying(
    level: FloatArray,
    strength: FloatArray,
    stake: FloatArray,
    usefulness: FloatArray,
    output: tuple[FloatArray, FloatArray],
    exponent: FloatArray,
) -> FloatArray:
    """The part of ``u^C - u^O`` that depends on the threats, for one patron.

    ``sum_k (w_k + v_k) h_k (pi - pi_without) + sum_k y_k h_k (1 - h_k)``: value of success and blowback v work alike,
    because blowback is paid in either flow in proportion to 1 - pi.

    Parameters
    ----------
    level, strength, stake, usefulness : ndarray, shape (worlds, threats)
        h_k, R_k, w_k + v_k and y_k.
    output : tuple of two ndarray, shape (worlds,)
        Joint output with all in, and without this patron.
    exponent : ndarray, shape (worlds,)

    Returns
    -------
    ndarray, shape (worlds,)
        util/month.
    """
    against = opposed(level, strength)
    edge = contest_success(output[0], against, exponent) - contest_success(output[1], against, exponent)
    return ordered_sum(stake * level) * edge + ordered_sum(usefulness * level * (1.0 - level))


def value_of_threat(
    level: FloatArray,
    strength: FloatArray,
    stake: FloatArray,
    usefulness: FloatArray,
    output: tuple[FloatArray, FloatArray],
    exponent: FloatArray,
) -> FloatArray:
    """Derivative of :func:`gain_from_staying` by each threat's level, ``d(u^C - u^O)/dh_k``.

    ``(w_k + v_k)(pi - pi_without) + W R_k (pi' - pi_without') + y_k (1 - 2 h_k)`` with
    ``W = sum_k (w_k + v_k) h_k`` and pi' the slope of the contest by what opposes it.

    Parameters
    ----------
    level, strength, stake, usefulness, output, exponent
        As in :func:`gain_from_staying`.

    Returns
    -------
    ndarray, shape (worlds, threats)
        util/month per unit of threat level; positive where the partnership is worth more to the patron the larger
        the threat.  NaN where a number is unknown, or where nothing opposes the effort although something is at stake.
    """
    against = opposed(level, strength)
    edge = contest_success(output[0], against, exponent) - contest_success(output[1], against, exponent)
    slope = contest_slope(output[0], against, exponent) - contest_slope(output[1], against, exponent)
    at_stake = ordered_sum(stake * level)[:, None] * strength
    moved = np.where(at_stake == 0.0, 0.0, slope[:, None] * at_stake)
    unknown = np.isnan(edge)[:, None] | np.isnan(at_stake)
    return np.where(unknown, np.nan, stake * edge[:, None] + moved + usefulness * (1.0 - 2.0 * level))
