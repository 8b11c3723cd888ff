"""Changing several ties at different prices so that a pair separates; the argument stands in ``separating.py``."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_ROUNDS = 60
_PROGRAMMES = 2_000
_COMPARED = 64


def several(
    weights: FloatArray, price: FloatArray, pair: tuple[int, int], known: float, change: FloatArray
) -> tuple[float, FloatArray, bool]:
    """The least cost, the change of weights that brings it, and whether it is proven, in one world.

    Parameters
    ----------
    weights, price : ndarray, shape (actors, actors)
        Pair weights, and what a unit of change of each costs.
    pair : (int, int)
        Stands together in the best division.
    known, change
        Cost of a change that separates the pair, and the change.
    """
    actors = len(weights)
    first, second = np.triu_indices(actors, 1)
    cut = _cuts(actors, first, second)
    energy, cost = cut @ weights[first, second], price[first, second]
    own = int(np.flatnonzero((first == min(pair)) & (second == max(pair)))[0])
    parted = cut[:, own] > 0
    targets, rivals = np.flatnonzero(parted), np.flatnonzero(~parted)
    bounds = _bounds(cut, energy, cost, targets, rivals)
    best, held = known, change
    for done, k in enumerate(np.argsort(bounds, kind="stable")):
        if bounds[k] >= best * (1 - 1e-9):
            return best, held, True
        if done == _PROGRAMMES:
            break
        amount = _programme(cut, energy, cost, int(targets[k]), rivals, best)
        if amount is not None and float(cost @ amount) < best:
            best = float(cost @ amount)
            held = np.zeros_like(weights)
            held[first, second] = np.where(cut[targets[k]] > 0, -amount, amount)
            held += held.T
    else:
        return best, held, True
    return best, held, False


def _cuts(actors: int, first: NDArray[np.int64], second: NDArray[np.int64]) -> FloatArray:
    """Which pairs each division has apart, shape (divisions, pairs)."""
    codes = np.arange(1 << (actors - 1))
    side = (codes[:, None] >> np.arange(actors - 1, -1, -1)) & 1
    cut: FloatArray = (side[:, first] != side[:, second]).astype(np.float64)
    return cut


def _bounds(
    cut: FloatArray,
    energy: FloatArray,
    cost: FloatArray,
    targets: NDArray[np.int64],
    rivals: NDArray[np.int64],
) -> FloatArray:
    """What each target costs at least, by single conditions on the best rivals."""
    bounds = np.zeros(targets.size)
    for rival in rivals[np.argsort(energy[rivals], kind="stable")[:_COMPARED]]:
        differs = cut[targets] != cut[rival]
        least = np.where(differs, cost, np.inf).min(axis=1)
        bounds = np.maximum(bounds, (energy[targets] - energy[rival]) * least)
    return bounds


def _programme(
    cut: FloatArray,
    energy: FloatArray,
    cost: FloatArray,
    target: int,
    rivals: NDArray[np.int64],
    enough: float,
) -> FloatArray | None:
    """Cheapest amounts for one target; None once it costs no less than *enough*.

    Conditions enter as they are violated.
    """
    from scipy.optimize import linprog

    differs = cut[rivals] != cut[target]
    short = energy[target] - energy[rivals]
    scale = float(np.abs(short).max()) or 1.0
    amount = np.zeros(cost.size)
    rows: list[int] = []
    for _ in range(_ROUNDS):
        lacking = short - differs @ amount
        worst = np.argsort(-lacking, kind="stable")[:8]
        fresh = [int(k) for k in worst if lacking[k] > 1e-9 * scale and int(k) not in rows]
        if not fresh:
            # What rounding left short is made good in proportion; nothing is when the conditions hold.
            left = float(lacking.max())
            return amount if left <= 0 else amount * (1 + left / max(float(short.max()) - left, left))
        rows.extend(fresh)
        found = linprog(cost, -differs[rows].astype(np.float64), -short[rows] / scale, bounds=(0, None))
        if found.status != 0 or found.x is None:
            return None
        amount = np.maximum(found.x * scale, 0.0)
        if float(cost @ amount) >= enough * (1 - 1e-9):
            return None
    return None
