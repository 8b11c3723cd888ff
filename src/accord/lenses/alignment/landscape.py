"""The landscape of alliances: which division of the actors in two blocs has the least energy, and how firmly.

Source: R. Axelrod and D. S. Bennett, "A Landscape Theory of Aggregation", British Journal of Political Science 23
(1993): the sum of size, size, propensity and distance, which is 1 between blocs and 0 within.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.lenses.alignment.energy import MOST_EXACT, Configuration, Landscape
from accord.lenses.alignment.grid import Grid, grid_of, pair_weights
from accord.lenses.alignment.inputs import AlignmentError, sizes, square
from accord.lenses.alignment.kernels.blocks import space_of
from accord.lenses.alignment.kernels.descent import basins_of
from accord.lenses.alignment.kernels.sweep import landscape_of
from accord.lenses.alignment.large import large_landscape

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

__all__ = ["Configuration", "Landscape", "blocs_of", "bonds_of", "landscape"]

MOST_BASINS = 20
# Minima kept, and those listed.
_FOUND = 1 << 16
_LISTED = 10_000


def landscape(
    propensity: ArrayLike,
    size: ArrayLike | None = None,
    *,
    minima: bool = True,
    bonds: bool = True,
    basins: bool | None = None,
    time_limit: float = 10.0,
    rng: np.random.Generator | None = None,
) -> Landscape:
    """Every division of the actors in two blocs, weighed; exact up to 28 actors.

    The energy is the sum over ordered pairs in different blocs of s_i s_j p_ij: the published convention.  Propensities
    are centred (above 0: inclined to stand together; a scale from 1 to 5 first loses its middle, 3) and need not be
    symmetric.  Lower is better.  Up to 28 actors all 2^(actors - 1) divisions are looked at; above, a tabu search finds the
    optimum and an integer programme proves it, or bounds what is left, and bonds and the gap stay NaN.

    Parameters
    ----------
    propensity : array_like, shape (actors, actors)
        Diagonal ignored.
    size : array_like, shape (actors,), optional
        Strength, any unit, above 0; 1 for everybody when left out.
    minima, bonds : bool
        Whether to look for local minima, and for what each pair costs apart and together.
    basins : bool, optional
        Whether to measure basins of the minima; when left out, up to 20 actors.  At 28 actors they take 1.3 GB.
    time_limit : float
        Seconds for the proof above 28 actors.
    rng : numpy.random.Generator, optional
        For the search above 28 actors; seed 0 when left out.

    Raises
    ------
    AlignmentError
        When shapes do not fit, a number is missing or infinite, or a size is not above 0.
    """
    held = square(propensity)
    strength = sizes(size, len(held))
    weights = pair_weights(held, strength)
    if not np.isfinite(np.abs(weights).sum()):
        raise AlignmentError(
            "sizes and propensities multiply to more than a float holds; expected smaller units"
        )
    if len(held) > MOST_EXACT:
        return large_landscape(held, strength, weights, time_limit, rng)
    grid = grid_of(weights)
    best, codes, costs = (
        np.empty(2),
        np.empty(2, np.int64),
        np.empty((2, len(held), len(held)) if bonds else (2, 0, 0)),
    )
    found = np.empty(min(_FOUND, 1 << (len(held) - 1)) if minima else 0, np.int64)
    count = landscape_of(grid.steps, grid.slack, space_of(len(held)), best, codes, found, costs)
    unit = float(grid.unit)
    optimum = Configuration(best[0] * unit, blocs_of(codes[:1], len(held))[0])
    listed = _minima(grid, found[: min(count, len(found))], basins)
    if listed:
        optimum = listed[0] if listed[0].blocs.tolist() == optimum.blocs.tolist() else optimum
    return Landscape(
        held,
        strength,
        optimum,
        int(codes[1]),
        listed,
        int(count),
        (best[1] - best[0]) * unit if codes[1] == 1 else 0.0,
        bonds_of(costs, unit, grid.slack) if bonds else np.full(held.shape, np.nan),
        True,
        optimum.energy,
    )


def blocs_of(codes: IntArray, actors: int) -> BoolArray:
    """Rows of blocs of codes, shape (codes, actors)."""
    held: BoolArray = (codes[:, None] >> np.arange(actors - 1, -1, -1)) & 1 == 1
    return held


def bonds_of(costs: FloatArray, unit: FloatArray | float, slack: float) -> FloatArray:
    """Least energy apart less least energy together, shape (..., actors, actors), NaN on the diagonal.

    *costs* are in steps of the grid, shape (..., 2, actors, actors); within *slack* of 0 a bond is 0.
    """
    index = np.arange(costs.shape[-1])
    apart, together = np.moveaxis(costs, -3, 0)
    with np.errstate(invalid="ignore"):
        steps = apart - together
        held: FloatArray = np.where(np.abs(steps) <= slack, 0.0, steps * unit)
    held[..., index, index] = np.nan
    return held


def _minima(grid: Grid, codes: IntArray, basins: bool | None) -> tuple[Configuration, ...]:
    """Minima by energy, then as rows."""
    if not codes.size:
        return ()
    actors = len(grid.steps)
    wanted = actors <= MOST_BASINS if basins is None else basins
    blocs = blocs_of(codes, actors)
    side = np.where(blocs, -1.0, 1.0)
    # Apart is (1 - side_i side_j) / 2, and each pair stands twice in the matrix; all whole numbers.
    energy = (grid.steps.sum() - np.einsum("ci,ci->c", side @ grid.steps, side)) / 4.0
    order = np.lexsort((codes, np.round((energy - energy.min()) / (4 * grid.slack))))[:_LISTED]
    mass = basins_of(grid.steps, grid.slack, codes[order]) if wanted else np.full(len(order), np.nan)
    unit = float(grid.unit)
    return tuple(
        Configuration(float(energy[k] * unit), blocs[k], float(m)) for k, m in zip(order, mass, strict=True)
    )
