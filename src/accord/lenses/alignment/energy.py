"""One division of the actors, and the landscape of all of them; the sums stand here, the search in ``landscape.py``."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.lenses.alignment.grid import grid_of, pair_weights
from accord.lenses.alignment.inputs import AlignmentError, divisions
from accord.lenses.alignment.kernels.blocks import space_of
from accord.lenses.alignment.kernels.sweep import energies_of

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

MOST_EXACT = 28


@dataclass(frozen=True, eq=False)
class Configuration:
    """One division of the actors in two blocs.

    Parameters
    ----------
    energy : float
    blocs : ndarray of bool, shape (actors,)
        The bloc of each actor; False for the first actor.
    basin : float
        Of all 2^(actors - 1) divisions, how many end here by steepest descent (one actor turned at a time; several
        steepest turns share the division equally, hence fractions); NaN when not asked for.
    """

    energy: float
    blocs: BoolArray
    basin: float = np.nan


@dataclass(frozen=True, eq=False)
class Landscape:
    """Energies of the divisions of the actors in two blocs; lower is better.

    Parameters
    ----------
    propensity : ndarray, shape (actors, actors)
        As given, diagonal 0.
    size : ndarray, shape (actors,)
    optimum : Configuration
        The division of least energy; of several, the first in the order of their rows of blocs (False before True).
    optima : int
        How many divisions share the least energy; 0 when not known.
    minima : tuple of Configuration
        Divisions that no turn of a single actor betters (ties allowed), by energy, then as rows; at most 10,000.
    minima_count : int
        How many there are, listed or not; 0 when not known.
    gap : float
        Second lowest energy less the lowest; 0 when several share the lowest, NaN when not known, infinite for one actor.
    bonds : ndarray, shape (actors, actors)
        Least energy with the two apart, less the least with the two together.  Above 0: the best division has them
        together, and this is the penalty of separating them.  Below 0: it has them apart, and minus this is the penalty
        of joining them.  0: it can be had either way.  NaN on the diagonal and where not known.
    proven : bool
        Whether the optimum is proven.
    bound : float
        No division has less energy than this.
    """

    propensity: FloatArray
    size: FloatArray
    optimum: Configuration
    optima: int
    minima: tuple[Configuration, ...]
    minima_count: int
    gap: float
    bonds: FloatArray = field(repr=False)
    proven: bool = True
    bound: float = np.nan

    @cached_property
    def weights(self) -> FloatArray:
        """What each pair adds to the energy when it stands apart, s_i s_j (p_ij + p_ji); shape (actors, actors)."""
        return pair_weights(self.propensity, self.size)

    def energy(self, blocs: ArrayLike) -> FloatArray:
        """Energy of divisions, shape (..., actors) of False and True: the sum of s_i s_j p_ij over ordered pairs apart.

        Raises
        ------
        AlignmentError
        """
        total: FloatArray = self.frustration(blocs).sum(axis=-1)
        return total

    def frustration(self, blocs: ArrayLike | None = None) -> FloatArray:
        """What each actor adds: the sum of s_i s_j p_ij over j in the other bloc, its own row; shape (..., actors).

        Below 0 for who stands against those it dislikes; above 0 for who is parted from its friends.  Of the optimum when
        left out.

        Raises
        ------
        AlignmentError
        """
        side = divisions(self.optimum.blocs if blocs is None else blocs, self.size.size)
        own = self.size[:, None] * self.size[None, :] * self.propensity
        # Sum over the other bloc: with x in {0, 1}, apart = x_i (1 - x_j) + (1 - x_i) x_j.
        put = side.astype(np.float64)
        over, under = put @ own.T, (1.0 - put) @ own.T
        return np.where(side, under, over)

    def energies(self) -> FloatArray:
        """All energies, shape (2^(actors - 1),): entry c is the division whose row of blocs is c in binary.

        At 28 actors this is 1 GB.

        Raises
        ------
        AlignmentError
            With more than 28 actors.
        """
        actors = self.size.size
        if actors > MOST_EXACT:
            raise AlignmentError(
                f"all energies of {actors} actors are too many; expected at most {MOST_EXACT} actors"
            )
        held, out = grid_of(self.weights), np.empty(1 << (actors - 1))
        energies_of(held.steps, space_of(actors), out)
        out *= float(held.unit)
        return out
