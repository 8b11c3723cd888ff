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


def columns(situation: Situation, worlds: Draws) -> dict[str, FloatArray]:
    """Every quantity by name, each of shape (worlds,); NaN where undefined in that world.

    ``together.A.B`` is 1 where two stand together in every best division, 0 where apart, NaN where it can be had either
    way; ``bond.A.B`` the penalty of separating them as a share of all that pairs weigh; ``camps`` the best division, the
    first actor's camp being 0, as a number in binary; for partners also what moves them apart most cheaply.
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
        change = separating_change(
            ground.propensity, carried(ground.size), (a, b), cost="propensity", ties="one"
        )
        found[f"separating.{one}.{other}"] = change.cost
        found[f"separating_tie.{one}.{other}"] = _which(change.changes, change.cost)
    return found


def partner_pairs(situation: Situation, actors: tuple[str, ...]) -> list[tuple[int, int]]:
    """Pairs of partners that are in the landscape, as places among its actors."""
    patrons = situation.partnership.patrons
    inside = [k for k, name in enumerate(actors) if name in patrons]
    return list(combinations(inside, 2))


def _standing(ground: Ground, pairs: list[tuple[int, int]]) -> dict[str, FloatArray]:
    """The best division of every world, and these pairs in it."""
    weightless = ~(ground.size > 0.0)
    size = carried(ground.size)
    best: Landscapes = over_worlds(ground.propensity, size)
    weight = size[:, :, None] * size[:, None, :] * ground.propensity
    both = np.abs(weight + np.swapaxes(weight, 1, 2))
    all_of_it = both.sum(axis=(1, 2)) / 2.0
    unit = np.where(all_of_it > 0.0, all_of_it, np.nan)
    powers = 2.0 ** np.arange(len(ground.actors))
    found = {
        "camps": np.where(best.missing, np.nan, best.blocs @ powers),
        "optima": np.where(best.missing, np.nan, best.optima.astype(np.float64)),
        "gap": best.gap / unit,
    }
    for a, b in pairs:
        name = f"{ground.actors[a]}.{ground.actors[b]}"
        # Whoever weighs nothing in a world stands nowhere in it.
        bond = np.where(weightless[:, a] | weightless[:, b], np.nan, best.bonds[:, a, b])
        found[f"bond.{name}"] = bond / unit
        found[f"together.{name}"] = np.where(
            np.isnan(bond) | (bond == 0.0), np.nan, (bond > 0.0).astype(np.float64)
        )
    return found


def carried(size: FloatArray) -> FloatArray:
    """Sizes as the landscape takes them: those of 0 are a trace of the largest, so that they decide nothing."""
    most = np.nanmax(size, axis=1, keepdims=True)
    return np.maximum(size, np.where(most > 0.0, most, 1.0) * _TRACE)


def _mean_of_two(one: FloatArray, other: FloatArray) -> FloatArray:
    """Both directions of a term; the known one where only one is."""
    both = np.stack([one, other])
    known = ~np.isnan(both)
    count = known.sum(axis=0)
    total = np.where(known, both, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _which(changes: FloatArray, cost: FloatArray) -> FloatArray:
    """The one tie that is changed, as row times actors plus column, row first; NaN where none is."""
    actors = changes.shape[1]
    size = np.abs(np.where(np.isnan(changes), 0.0, np.triu(changes, 1))).reshape(len(changes), -1)
    place = size.argmax(axis=1).astype(np.float64)
    return np.where((size.max(axis=1) > 0.0) & (cost > 0.0), place, np.nan) if actors else cost
