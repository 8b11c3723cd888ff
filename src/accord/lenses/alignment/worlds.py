"""Who stands together in the best division, over worlds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.lenses.alignment.energy import MOST_EXACT
from accord.lenses.alignment.grid import grid_of, pair_weights
from accord.lenses.alignment.inputs import AlignmentError, numbers
from accord.lenses.alignment.kernels.blocks import space_of
from accord.lenses.alignment.kernels.sweep import landscapes_of
from accord.lenses.alignment.landscape import bonds_of

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Landscapes:
    """The best division in each world, and what each pair costs apart.

    Parameters
    ----------
    energy : ndarray, shape (worlds,)
        The least energy; NaN in a world with a missing number.
    blocs : ndarray of bool, shape (worlds, actors)
        The best division, False for the first actor; of several, the first in the order of their rows.
    optima : ndarray of int, shape (worlds,)
        How many divisions share the least energy; 0 in a world with a missing number.
    gap : ndarray, shape (worlds,)
        Second lowest energy less the lowest.
    bonds : ndarray, shape (worlds, actors, actors)
        As in :class:`accord.lenses.alignment.landscape.Landscape`; NaN in a world with a missing number.
    """

    energy: FloatArray
    blocs: BoolArray
    optima: IntArray
    gap: FloatArray
    bonds: FloatArray

    @property
    def missing(self) -> BoolArray:
        """Worlds without an answer, for a number is missing; shape (worlds,)."""
        return np.isnan(self.energy)

    @property
    def together(self) -> BoolArray:
        """Whether a pair stands together in every best division; shape (worlds, actors, actors), True on the diagonal."""
        held: BoolArray = self.bonds > 0
        index = np.arange(held.shape[-1])
        held[:, index, index] = ~self.missing[:, None]
        return held

    @property
    def apart(self) -> BoolArray:
        """Whether a pair stands apart in every best division; neither apart nor together where they tie."""
        held: BoolArray = self.bonds < 0
        return held

    @property
    def chance_together(self) -> FloatArray:
        """Share of worlds with an answer in which a pair stands together, shape (actors, actors); NaN with no world."""
        return self._share(self.together)

    @property
    def chance_apart(self) -> FloatArray:
        """Share of worlds with an answer in which a pair stands apart; what is left to 1 are ties (:attr:`chance_tied`)."""
        return self._share(self.apart)

    @property
    def chance_tied(self) -> FloatArray:
        """Share of worlds with an answer in which best divisions tie and disagree about a pair."""
        return self._share(~self.together & ~self.apart & ~self.missing[:, None, None])

    def _share(self, held: BoolArray) -> FloatArray:
        """Share of worlds with an answer."""
        worlds = int((~self.missing).sum())
        return held.sum(axis=0) / worlds if worlds else np.full(held.shape[1:], np.nan)


def over_worlds(propensity: ArrayLike, size: ArrayLike | None = None) -> Landscapes:
    """The landscape of every world, for at most 28 actors.

    Parameters
    ----------
    propensity : array_like, shape (worlds, actors, actors)
        Centred, diagonal ignored; NaN where a number is missing: that world then has no answer.
    size : array_like, shape (worlds, actors) or (actors,), optional
        Above 0 or NaN; 1 for everybody when left out.

    Raises
    ------
    AlignmentError
        When shapes do not fit, a number is infinite, a size is not above 0, or there are more than 28 actors.
    """
    weights = worlds_of(propensity, size)[0]
    return solved(weights)


def worlds_of(propensity: ArrayLike, size: ArrayLike | None) -> tuple[FloatArray, FloatArray]:
    """Pair weights of each world and sizes, shapes (worlds, actors, actors) and (worlds, actors).

    Raises
    ------
    AlignmentError
    """
    held = numbers(propensity, "propensity")
    if held.ndim != 3 or held.shape[1] != held.shape[2] or not held.shape[1]:
        raise AlignmentError(f"propensity must have the shape (worlds, actors, actors), not {held.shape}")
    worlds, actors = held.shape[:2]
    index = np.arange(actors)
    held[:, index, index] = 0.0
    given = np.ones(actors) if size is None else numbers(size, "size")
    if given.shape not in ((actors,), (worlds, actors)):
        raise AlignmentError(
            f"size must have the shape ({worlds}, {actors}) or ({actors},), not {given.shape}"
        )
    if (given <= 0).any() or np.isinf(given).any():
        raise AlignmentError(
            "a size is not above 0, or infinite; expected finite numbers above 0, NaN where missing"
        )
    strength = np.broadcast_to(given, (worlds, actors))
    weights = pair_weights(held, strength)
    if np.isinf(held).any() or np.isinf(weights).any():
        raise AlignmentError(
            "a propensity is infinite or too large; expected finite numbers, NaN where missing"
        )
    # An actor of unknown size is missing even where it has no ties.
    weights[np.isnan(strength).any(axis=1)] = np.nan
    return weights, np.array(strength)


def solved(weights: FloatArray) -> Landscapes:
    """Landscapes of symmetric pair weights, shape (worlds, actors, actors)."""
    worlds, actors = weights.shape[:2]
    if actors > MOST_EXACT:
        raise AlignmentError(
            f"there are {actors} actors; expected at most {MOST_EXACT} where there are many worlds"
        )
    grid = grid_of(weights)
    wanted = ~np.isnan(weights).any(axis=(1, 2))
    best, codes = np.full((worlds, 2), np.nan), np.zeros((worlds, 2), np.int64)
    costs = np.full((worlds, 2, actors, actors), np.nan)
    landscapes_of(grid.steps, grid.slack, wanted, space_of(actors), best, codes, costs)
    unit = grid.unit
    with np.errstate(invalid="ignore"):
        gap = np.where(codes[:, 1] > 1, 0.0, (best[:, 1] - best[:, 0]) * unit)
    blocs = (codes[:, :1] >> np.arange(actors - 1, -1, -1)) & 1 == 1
    bonds = bonds_of(costs, unit[:, None, None], grid.slack)
    return Landscapes(best[:, 0] * unit, blocs, codes[:, 1], gap, bonds)
