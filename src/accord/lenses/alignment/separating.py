"""The cheapest change of ties after which the best division separates a pair.

Let W be the pair weights, E(X) the sum of W over the pairs that X has apart, (a, b) a pair that stands together in the
best division, and B its bond: least energy with the two apart, less the least energy.

**Counted in weight** (each unit of change of s_i s_j p_ij costs 1), B is the answer, for one tie and for any number.
Enough: lower W_ab by B; every division with a and b apart falls by B, the others stay.  Needed: let X be the division with
a and b apart that is best after a change D, and Y the best before.  Then E(X) + D(X) <= E(Y) + D(Y), so
B <= E(X) - E(Y) <= D(Y) - D(X) <= sum |D_ij|, for each pair enters each D(.) once or not at all.

**Counted in propensity** (each unit of p_ij costs 1), a unit of W_ij costs k_ij = 1/(s_i s_j): ties of the strong are cheap.
*One tie* (i, j), changed by D: with A0, A1 the least energies with a and b apart and i and j together or apart, and T0, T1
the same with a and b together, the pair separates when min(A0, A1 + D) <= min(T0, T1 + D).  So D = T0 - A1 will do if
A1 <= T1, and D = A0 - T1 if A0 <= T0, and nothing less; for (a, b) itself only A1 and T0 are finite, and D = -B.
*Several ties*: for a division X that is to become the best, ties it has apart are lowered and others raised, by e_ij >= 0
each; it beats every Y with a and b together if and only if the e of the pairs on which X and Y differ sum to E(X) - E(Y) or
more.  So the answer is the least, over X with a and b apart, of linear programmes: minimise sum k e under those conditions.
A single condition costs at least (E(X) - E(Y)) times the least k on which X and Y differ, a bound that rules most X out.

What is found makes a division with a and b apart as good as any: lowering W_ab by any more separates the pair for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.lenses.alignment.grid import grid_of
from accord.lenses.alignment.inputs import AlignmentError
from accord.lenses.alignment.kernels.blocks import space_of
from accord.lenses.alignment.kernels.sweep import landscapes_of
from accord.lenses.alignment.several import several
from accord.lenses.alignment.worlds import solved, worlds_of

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
Count = Literal["own", "one", "several"]
Cost = Literal["weight", "propensity"]

MOST_SEVERAL = 12
# Costs this close, as a share, are the same.
_SAME = 1e-9


@dataclass(frozen=True, eq=False)
class Separation:
    """What separating a pair takes, world by world.

    Parameters
    ----------
    cost : ndarray, shape (worlds,)
        Least total of absolute changes after which the pair need not stand together; 0 where it does not, infinity where
        nothing of this kind within the limit will do, NaN in a world with a missing number.
    changes : ndarray, shape (worlds, actors, actors)
        What to add to p_ij + p_ji of each pair, symmetric (to split between the two directions as one likes); NaN in a world
        with a missing number.
    proven : ndarray of bool, shape (worlds,)
        Whether nothing cheaper of this kind exists.
    """

    cost: FloatArray
    changes: FloatArray
    proven: BoolArray

    @property
    def share_apart(self) -> float:
        """Share of worlds with an answer in which the pair need not stand together as it is; NaN with no such world."""
        known = self.cost[~np.isnan(self.cost)]
        return float((known == 0).mean()) if known.size else float("nan")

    def quantiles(self, levels: ArrayLike) -> FloatArray:
        """Quantiles of the cost over worlds with an answer, worlds in which it is 0 included; NaN with no such world."""
        known = self.cost[~np.isnan(self.cost)]
        wanted = np.asarray(levels, np.float64)
        return np.quantile(known, wanted) if known.size else np.full(wanted.shape, np.nan)


def separating_change(
    propensity: ArrayLike,
    size: ArrayLike | None,
    pair: tuple[int, int],
    *,
    cost: Cost = "weight",
    ties: Count = "own",
    limit: float | None = None,
) -> Separation:
    """The cheapest change of ties that separates a pair in the best division.

    Parameters
    ----------
    propensity : array_like, shape (worlds, actors, actors) or (actors, actors)
        As for :func:`accord.lenses.alignment.worlds.over_worlds`; without worlds the answer has one.
    size : array_like, shape (worlds, actors) or (actors,), or None
        As there.
    pair : (int, int)
        Two actors.
    cost : {'weight', 'propensity'}
        What a unit of change is: of s_i s_j p_ij, or of p_ij.
    ties : {'own', 'one', 'several'}
        Which ties may change: that of the pair, any one, or any number.  In weight all three cost the same, and the tie of the
        pair is the one changed.  Several in propensity: at most 12 actors, one linear programme or more for each world.
    limit : float, optional
        The end of the scale of propensities: a change may take neither direction beyond -limit..limit, that is p_ij + p_ji not
        beyond twice that.  In propensity and for one tie only.  A world in which no tie can then do it costs infinity.

    Raises
    ------
    AlignmentError
        For what over_worlds refuses, a pair that is none, an unknown cost or kind of ties, too many actors, or a limit where
        there can be none.
    """
    given = np.asarray(propensity)
    weights, strength = worlds_of(given[None] if given.ndim == 2 else given, size)
    a, b = _pair(pair, weights.shape[1])
    if cost not in ("weight", "propensity") or ties not in ("own", "one", "several"):
        raise AlignmentError("cost must be 'weight' or 'propensity', ties 'own', 'one' or 'several'")
    price = (
        np.ones(weights.shape) if cost == "weight" else 1.0 / (strength[:, :, None] * strength[:, None, :])
    )
    found = solved(weights)
    bond = np.maximum(found.bonds[:, a, b], 0.0)
    change = np.zeros(weights.shape)
    change[:, a, b] = change[:, b, a] = -bond
    change[found.missing] = np.nan
    paid, proven = bond * price[:, a, b], ~found.missing
    if limit is not None and (cost != "propensity" or ties != "one"):
        raise AlignmentError("limit needs cost='propensity' and ties='one'")
    if cost == "propensity" and ties != "own":
        bounds = _bounds(weights, price, limit)
        paid, change = _kept(paid, change, (a, b), bounds)
        paid, change = _one(weights, price, (a, b), bounds, paid, change)
        if ties == "several":
            if weights.shape[1] > MOST_SEVERAL:
                raise AlignmentError(f"several ties in propensity need at most {MOST_SEVERAL} actors")
            for world in np.flatnonzero(paid > 0):
                answer = several(weights[world], price[world], (a, b), float(paid[world]), change[world])
                paid[world], change[world], proven[world] = answer
    product = strength[:, :, None] * strength[:, None, :]
    return Separation(paid, change / product, proven)


def _pair(pair: tuple[int, int], actors: int) -> tuple[int, int]:
    """The two actors of a pair."""
    try:
        a, b = (int(k) for k in pair)
    except (TypeError, ValueError) as error:
        raise AlignmentError(f"pair is {pair!r}; expected two numbers of actors") from error
    if a == b or not (0 <= a < actors and 0 <= b < actors):
        raise AlignmentError(f"pair is {pair!r}; expected two different actors from 0 to {actors - 1}")
    return a, b


def _one(
    weights: FloatArray,
    price: FloatArray,
    pair: tuple[int, int],
    bounds: tuple[FloatArray, FloatArray],
    paid: FloatArray,
    change: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """The cheapest change of one tie in each world: cost and change, at most those of the pair's own tie.

    A tie that costs as much as another, rounding apart, does not take its place.
    """
    paid, change = paid.copy(), change.copy()
    apart, together = _held(weights, pair, -1.0), _held(weights, pair, 1.0)
    worlds = np.arange(len(weights))
    # Rounding to the grid and back can put equal energies this far apart.
    room = 1e-12 * np.abs(weights).sum(axis=(1, 2))
    for i, j in combinations(range(weights.shape[1]), 2):
        if {i, j} == set(pair):
            continue
        (a1, a0), (t1, t0) = apart[:, :, i, j].T, together[:, :, i, j].T
        with np.errstate(invalid="ignore"):
            options = ((t0 - a1, a1 <= t1 + room), (a0 - t1, a0 <= t0 + room))
            for delta, holds in options:
                costs = np.abs(delta) * price[:, i, j]
                allowed = (delta >= bounds[0][:, i, j]) & (delta <= bounds[1][:, i, j])
                better = worlds[holds & allowed & (paid > 0) & (costs < paid * (1.0 - _SAME))]
                paid[better] = costs[better]
                change[better] = 0.0
                change[better, i, j] = change[better, j, i] = delta[better]
    return paid, change


def _bounds(weights: FloatArray, price: FloatArray, limit: float | None) -> tuple[FloatArray, FloatArray]:
    """By how much the weight of each pair may fall and rise, both without end where there is no limit."""
    if limit is None:
        return np.full(weights.shape, -np.inf), np.full(weights.shape, np.inf)
    # Rounding must not forbid what goes just to the end of the scale.
    end = 2.0 * limit * (1.0 + _SAME) / price
    return -end - weights, end - weights


def _kept(
    paid: FloatArray, change: FloatArray, pair: tuple[int, int], bounds: tuple[FloatArray, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """The change of the pair's own tie where that is allowed; infinity and no change elsewhere."""
    a, b = pair
    with np.errstate(invalid="ignore"):
        beyond = (paid > 0) & ~(change[:, a, b] >= bounds[0][:, a, b])
    return np.where(beyond, np.inf, paid), np.where(beyond[:, None, None], 0.0, change)


def _held(weights: FloatArray, pair: tuple[int, int], sign: float) -> FloatArray:
    """Least energy of each two actors apart (0) and together (1), with the pair together (*sign* 1) or apart (-1).

    Shape (worlds, 2, actors, actors).  The second of the pair is merged into the first: where it stands opposite, its weights
    count the other way round and it brings what it would bring alone.
    """
    a, b = pair
    worlds, actors = weights.shape[:2]
    rest = [k for k in range(actors) if k != b]
    merged = weights[:, rest][:, :, rest].copy()
    at = rest.index(a)
    joint = weights[:, rest, a] + sign * weights[:, rest, b]
    joint[:, at] = 0.0
    merged[:, at], merged[:, :, at] = joint, joint
    more = weights[:, b].sum(axis=1) if sign < 0 else np.zeros(worlds)
    grid = grid_of(merged)
    wanted = ~np.isnan(merged).any(axis=(1, 2))
    best, codes = np.full((worlds, 2), np.nan), np.zeros((worlds, 2), np.int64)
    costs = np.full((worlds, 2, actors - 1, actors - 1), np.nan)
    landscapes_of(grid.steps, grid.slack, wanted, space_of(actors - 1), best, codes, costs)
    costs = costs * grid.unit[:, None, None, None] + more[:, None, None, None]
    out = np.full((worlds, 2, actors, actors), np.nan)
    index = np.array(rest)
    out[:, :, index[:, None], index] = costs
    others = costs[:, :, at] if sign > 0 else costs[:, ::-1, at]
    out[:, :, b, index] = out[:, :, index, b] = others
    return out
