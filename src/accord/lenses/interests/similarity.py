"""How alike two actors' positions are: agreement, similarity, and similarity beyond chance.

Sources: C. S. Signorino and J. M. Ritter, "Tau-b or not tau-b: measuring the similarity of foreign policy positions",
International Studies Quarterly 43 (1999) 115-144, for S with absolute distances and weights, here in its continuous
form; F. M. Haege, "Choice or circumstance? Adjusting measures of foreign policy similarity for chance agreement",
Political Analysis 19 (2011) 287-305, for the argument that agreement must be compared with what chance would give.  The
formulas are those of the project's specification of this lens.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from accord.formulas import TOLERANCE, ordered_mean, ordered_sum, ratio

FloatArray = NDArray[np.float64]
Pairs = Sequence[tuple[int, int]]


def all_pairs(actors: Sequence[int]) -> list[tuple[int, int]]:
    """Every pair among these indices, in their order."""
    return list(combinations(actors, 2))


def distances(position: FloatArray, pairs: Pairs) -> FloatArray:
    """Distance ``d_ijk = |pos_ik - pos_jk|`` of each pair on each issue.

    Parameters
    ----------
    position : ndarray, shape (worlds, actors, issues)
        Positions on [0, 1]; NaN where an actor holds none.
    pairs : sequence of (int, int)

    Returns
    -------
    ndarray, shape (worlds, pairs, issues)
        0..1; NaN where one of the two holds no position.
    """
    left, right = _sides(pairs)
    return np.abs(position[:, left, :] - position[:, right, :])


def pair_salience(salience: FloatArray, pairs: Pairs) -> FloatArray:
    """Mean salience of each pair on each issue, ``(sal_ik + sal_jk)/2``.

    Parameters
    ----------
    salience : ndarray, shape (worlds, actors, issues)
        0..1; NaN where none is stated.
    pairs : sequence of (int, int)

    Returns
    -------
    ndarray, shape (worlds, pairs, issues)
        NaN where one of the two states none.
    """
    left, right = _sides(pairs)
    mean: FloatArray = (salience[:, left, :] + salience[:, right, :]) / 2.0
    return mean


def _sides(pairs: Pairs) -> tuple[list[int], list[int]]:
    """First and second members of the pairs."""
    return [i for i, _ in pairs], [j for _, j in pairs]


def covered(distance: FloatArray, weight: FloatArray) -> NDArray[np.bool_]:
    """Where a pair's distance and weight are both known; same shape as the inputs."""
    return np.asarray(~np.isnan(distance) & ~np.isnan(weight))


def mean_distance(distance: FloatArray, weight: FloatArray) -> FloatArray:
    """Weighted mean distance over the issues that a pair shares, ``sum_k w_k d_ijk``.

    Parameters
    ----------
    distance : ndarray, shape (worlds, pairs, issues)
    weight : ndarray, shape (worlds, pairs, issues)
        At least 0, scaled here to sum to 1 over the issues on which distance and weight are known.

    Returns
    -------
    ndarray, shape (worlds, pairs)
        0..1; NaN where no issue with weight is known.
    """
    known = covered(distance, weight)
    counted = np.where(known, weight, 0.0)
    return ratio(ordered_sum(counted * np.where(known, distance, 0.0)), ordered_sum(counted))


def similarity(observed: FloatArray) -> FloatArray:
    """Similarity ``S_ij = 1 - 2 sum_k w_k d_ijk`` (Signorino & Ritter 1999, continuous form).

    Parameters
    ----------
    observed : ndarray
        :func:`mean_distance` of the pairs.

    Returns
    -------
    ndarray
        -1 (opposite poles on everything that matters) to 1 (identical); NaN where the distance is.
    """
    return 1.0 - 2.0 * observed


def expected_distance(distance: FloatArray) -> FloatArray:
    """Mean distance on each issue over all pairs of actors, ``dbar_k``.

    Parameters
    ----------
    distance : ndarray, shape (worlds, all pairs, issues)

    Returns
    -------
    ndarray, shape (worlds, issues)
        NaN where no pair holds two positions.
    """
    return ordered_mean(np.swapaxes(distance, 1, 2))


def chance_distance(distance: FloatArray, weight: FloatArray, expected: FloatArray) -> FloatArray:
    """Mean distance that two actors of the situation have on the issues of each pair, ``sum_k w_k dbar_k``.

    Parameters
    ----------
    distance, weight : ndarray, shape (worlds, pairs, issues)
    expected : ndarray, shape (worlds, issues)
        :func:`expected_distance` of the same worlds.

    Returns
    -------
    ndarray, shape (worlds, pairs)
        0..1; NaN where no issue with weight is known.
    """
    everywhere = np.broadcast_to(expected[:, None, :], distance.shape)
    return mean_distance(np.where(np.isnan(distance), np.nan, everywhere), weight)


def chance_corrected(observed: FloatArray, chance: FloatArray) -> FloatArray:
    """Agreement beyond chance ``pi_ij = 1 - sum_k w_k d_ijk / sum_k w_k dbar_k`` (after Haege 2011).

    Parameters
    ----------
    observed, chance : ndarray
        :func:`mean_distance` and :func:`chance_distance` of the same pairs.

    Returns
    -------
    ndarray
        1 where the pair does not disagree at all; 0 where it disagrees as much as two actors of the situation do on
        average; NaN where either is, or where nobody is expected to disagree and the pair does.
    """
    corrected = 1.0 - ratio(observed, np.where(chance <= TOLERANCE, 0.0, chance))
    return np.where(observed <= TOLERANCE, 1.0, corrected)
