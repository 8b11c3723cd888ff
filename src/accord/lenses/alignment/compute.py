"""What the lens works out in every world: the best division, who stands together in it, and how firmly."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from accord.finding import Draws, FloatArray
from accord.lenses.alignment.gather import Ground, ground_of
from accord.lenses.alignment.separating import separating_change
from accord.lenses.alignment.worlds import Landscapes, over_worlds
from accord.situation import Situation

# What stands for a size of 0, as a share of the largest.
_TRACE = 1e-9
# Propensities lie in -LIMIT..LIMIT.
LIMIT = 2.0


def columns(situation: Situation, worlds: Draws) -> dict[str, FloatArray]:
    """Every quantity by name, each of shape (worlds,); NaN where undefined in that world.

    ``together.A.B`` is 1 where two stand together in every best division, 0 where apart, NaN where it can be had either
    way; ``bond.A.B`` the penalty of separating them as a share of all that pairs weigh; ``camps`` the best division, the
    first actor's camp being 0, as a number in binary.  For partners also what one tie can do to part them:
    ``separating.A.B`` the least change in p_ij + p_ji, 0 where they are apart as it is; ``separating_tie.A.B`` whose
    (row times actors plus column); ``separating_by.A.B`` the same change with its sign; ``one_tie.A.B`` 1 where one tie can
    do it within the scale of propensities, 0 where none can, NaN where nothing is to be done.
    """
    ground = ground_of(situation, worlds)
    partners = partner_pairs(situation, ground.actors)
    found = _standing(ground, list(combinations(range(len(ground.actors)), 2)))
    for a, b in partners:
        one, other = ground.actors[a], ground.actors[b]
        both = (ground.propensity[:, a, b] + ground.propensity[:, b, a]) / 2.0
        found[f"propensity.{one}.{other}"] = both
        for name, values in ground.terms.items():
            found[f"term.{name}.{one}.{other}"] = _mean_of_two(values[:, a, b], values[:, b, a])
        found |= _parting(ground, a, b)
    return found


def _parting(ground: Ground, a: int, b: int) -> dict[str, FloatArray]:
    """The cheapest change of one tie, within the scale, that parts two partners; NaN where one of them weighs nothing."""
    change = separating_change(
        ground.propensity, carried(ground.size), (a, b), cost="propensity", ties="one", limit=LIMIT
    )
    cost = np.where(np.all(ground.size[:, [a, b]] > 0.0, axis=1), change.cost, np.nan)
    can = np.isfinite(cost)
    upper = np.triu(np.nan_to_num(change.changes), 1).reshape(len(cost), -1)
    place = np.abs(upper).argmax(axis=1)
    needed = can & (cost > 0.0)
    name = f"{ground.actors[a]}.{ground.actors[b]}"
    return {
        f"separating.{name}": np.where(can, cost, np.nan),
        f"separating_tie.{name}": np.where(needed, place, np.nan),
        f"separating_by.{name}": np.where(needed, upper[np.arange(len(cost)), place], np.nan),
        f"one_tie.{name}": np.where(cost > 0.0, can.astype(np.float64), np.nan),
    }


def partner_pairs(situation: Situation, actors: tuple[str, ...]) -> list[tuple[int, int]]:
    """Pairs of partners that are in the landscape, as places among its actors."""
    patrons = situation.partnership.patrons
    inside = [k for k, name in enumerate(actors) if name in patrons]
    return list(combinations(inside, 2))


def _standing(ground: Ground, pairs: list[tuple[int, int]]) -> dict[str, FloatArray]:
    """The best division of every world, and these pairs in it."""
    size = carried(ground.size)
    best: Landscapes = over_worlds(ground.propensity, size)
    weight = size[:, :, None] * size[:, None, :] * ground.propensity
    both = np.abs(weight + np.swapaxes(weight, 1, 2))
    all_of_it = both.sum(axis=(1, 2)) / 2.0
    unit = np.where(all_of_it > 0.0, all_of_it, np.nan)
    powers = 2.0 ** np.arange(len(ground.actors))
    optima, gap, bonds = _of_the_weighty(ground, best)
    found = {
        "camps": np.where(np.isnan(optima), np.nan, best.blocs @ powers),
        "optima": optima,
        "gap": gap / unit,
    }
    for a, b in pairs:
        name = f"{ground.actors[a]}.{ground.actors[b]}"
        bond = bonds[:, a, b]
        found[f"bond.{name}"] = bond / unit
        found[f"together.{name}"] = np.where(
            np.isnan(bond) | (bond == 0.0), np.nan, (bond > 0.0).astype(np.float64)
        )
    return found


def _of_the_weighty(ground: Ground, best: Landscapes) -> tuple[FloatArray, FloatArray, FloatArray]:
    """How many divisions are best, their gap to the next, and bonds, among those that weigh something in a world.

    Whoever weighs nothing stands nowhere: its bonds are NaN.  With fewer than two who weigh something all is NaN.
    """
    heavy = ground.size > 0.0
    optima = np.where(best.missing, np.nan, best.optima.astype(np.float64))
    gap, bonds = best.gap.copy(), best.bonds.copy()
    known = ~np.isnan(ground.size).any(axis=1)
    for pattern in np.unique(heavy[known & ~heavy.all(axis=1)], axis=0):
        rows = np.flatnonzero(known & (heavy == pattern).all(axis=1))
        kept = np.flatnonzero(pattern)
        optima[rows], gap[rows], bonds[rows] = np.nan, np.nan, np.nan
        if kept.size >= 2:
            rest = np.ix_(rows, kept, kept)
            alone = over_worlds(ground.propensity[rest], ground.size[np.ix_(rows, kept)])
            optima[rows] = np.where(alone.missing, np.nan, alone.optima.astype(np.float64))
            gap[rows], bonds[rest] = alone.gap, alone.bonds
    return optima, gap, bonds


def carried(size: FloatArray) -> FloatArray:
    """Sizes as the landscape takes them: those of 0 are a trace of the largest, so that they decide nothing.

    So whoever weighs nothing is drawn in the camp it would join, though it stands in none.
    """
    most = np.nanmax(size, axis=1, keepdims=True)
    return np.maximum(size, np.where(most > 0.0, most, 1.0) * _TRACE)


def _mean_of_two(one: FloatArray, other: FloatArray) -> FloatArray:
    """Both directions of a term; the known one where only one is."""
    both = np.stack([one, other])
    known = ~np.isnan(both)
    count = known.sum(axis=0)
    total = np.where(known, both, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
