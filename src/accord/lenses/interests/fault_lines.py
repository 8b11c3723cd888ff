"""Where a partnership would crack: fault lines now and at the end state, their ranks, and when they open.

The formulas are those of the project's specification of this lens (a design choice of the project, not a published
index); the activation of issues is that of the endurance model, section 3, "Client and policy".
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from accord.formulas import TOLERANCE, ordered_sum, ratio

FloatArray = NDArray[np.float64]


def activation(loading: FloatArray, progress: FloatArray) -> FloatArray:
    """How far each issue bites now, ``act_k = (1 - xi_k) + xi_k max(theta0, talks)``.

    Parameters
    ----------
    loading : ndarray, shape (worlds, issues)
        Agenda loading xi_k, 0..1: the part of an issue that waits for the end state.
    progress : ndarray, shape (worlds,)
        max(theta0, talks), 0..1.

    Returns
    -------
    ndarray, shape (worlds, issues)
        0..1; at the end state it is 1 for every issue.
    """
    return (1.0 - loading) + loading * progress[:, None]


def fault_line(distance: FloatArray, salience: FloatArray, active: FloatArray | float) -> FloatArray:
    """Strength of a fault line, ``F_ijk = ((sal_ik + sal_jk)/2) d_ijk act_k``.

    Parameters
    ----------
    distance, salience : ndarray, shape (worlds, pairs, issues)
        Distance and mean salience of the pair.
    active : float or ndarray, shape (worlds, issues)
        Activation of the issues; 1 at the end state.

    Returns
    -------
    ndarray, shape (worlds, pairs, issues)
        0..1; NaN where distance, salience or activation is unknown.
    """
    level = active[:, None, :] if isinstance(active, np.ndarray) else active
    return np.asarray(salience * distance * level)


def ranks(strength: FloatArray) -> FloatArray:
    """Rank of each entry in its world, 1 the strongest; equals share the better rank.

    Parameters
    ----------
    strength : ndarray, shape (worlds, entries)
        NaN entries have no rank and take no place.

    Returns
    -------
    ndarray, shape (worlds, entries)
        1 + the number of entries stronger by more than the tolerance; NaN where strength is NaN.
    """
    stronger = strength[:, None, :] > strength[:, :, None] + TOLERANCE
    place = 1.0 + ordered_sum(stronger.astype(np.float64))
    return np.where(np.isnan(strength), np.nan, place)


def latent(rank_now: FloatArray, rank_end: FloatArray) -> FloatArray:
    """1 where a fault line ranks higher at the end state than now, 0 where it does not, NaN where unranked.

    Parameters
    ----------
    rank_now, rank_end : ndarray
        Ranks among the same entries.
    """
    unknown = np.isnan(rank_now) | np.isnan(rank_end)
    return np.where(unknown, np.nan, (rank_end < rank_now).astype(np.float64))


def opens_at(loading: FloatArray) -> FloatArray:
    """Territory (or talks) at which an issue is half open, ``x* = 1 - 1/(2 xi)`` for xi > 1/2, else 0.

    It solves ``(1 - xi) + xi x = 1/2``.  For xi <= 1/2 the issue is at least half open from the start, shown as 0.

    Parameters
    ----------
    loading : ndarray
        Agenda loading xi_k, 0..1.

    Returns
    -------
    ndarray
        0..1/2; NaN where the loading is unknown.
    """
    late = loading > 0.5
    point = 1.0 - ratio(np.ones_like(loading), 2.0 * np.where(late, loading, 1.0))
    return np.where(np.isnan(loading), np.nan, np.where(late, point, 0.0))
