"""How often an outcome is an equilibrium over many worlds of preferences, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from accord.lenses.conflict.stability import (
    CONCEPTS,
    BoolArray,
    FloatArray,
    check_concepts,
    check_finite,
    numbers,
    solver_of,
)

# Numbers of payoffs worked on at a time: 4 MB.
_AT_A_TIME = 2**19


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Equilibria over worlds, concept by concept.

    Parameters
    ----------
    probability : dict of str to ndarray, shape (states,)
        Share of the worlds in which a state is an equilibrium, 0..1.
    equilibria : dict of str to ndarray, shape (worlds, states)
    margin : dict of str to ndarray, shape (worlds, states)
        In the unit of the payoffs: the smallest margin of any actor (see ``Stability``); an equilibrium where it is 0 or
        more, infinite where nobody has a move.  SIM has none.
    """

    probability: dict[str, FloatArray]
    equilibria: dict[str, BoolArray]
    margin: dict[str, FloatArray]


def ensemble(
    payoffs: ArrayLike,
    owners: ArrayLike | None,
    feasible: ArrayLike | None = None,
    directions: Sequence[str] | None = None,
    arcs: Sequence[ArrayLike] | None = None,
    concepts: Sequence[str] = ("R", "GMR", "SMR", "SEQ"),
    *,
    chunk: int | None = None,
) -> Ensemble:
    """Equilibria in many worlds that differ in payoffs only.

    Parameters
    ----------
    payoffs : array_like, shape (worlds, actors, states)
        As in :func:`stability`, world by world.
    owners, feasible, directions, arcs, concepts
        As in :func:`stability`.
    chunk : int, optional
        Worlds worked on at a time; it changes memory and nothing else.

    Returns
    -------
    Ensemble

    Raises
    ------
    ValueError
        As :func:`stability`, or when there is no world or *chunk* is less than 1.
    """
    given = numbers(payoffs)
    if given.ndim != 3:
        raise ValueError(f"payoffs must have the shape (worlds, actors, states), not {given.shape}")
    worlds, actors, states = given.shape
    if worlds == 0:
        raise ValueError("payoffs must hold at least one world")
    if chunk is not None and chunk < 1:
        raise ValueError(f"chunk must be 1 or more, not {chunk}")
    named = check_concepts(concepts)
    solver = solver_of(actors, states, owners, feasible, directions, arcs, named)
    margin = {name: np.empty((worlds, states)) for name in named if name != "SIM"}
    equilibria = {name: np.empty((worlds, states), np.bool_) for name in named}
    size = chunk or max(_AT_A_TIME // (actors * states), 1)
    for start in range(0, worlds, size):
        part = slice(start, min(start + size, worlds))
        value = np.require(given[part], np.float64, ["C", "W"])
        check_finite(value, start)
        least, together = solver.many(value)
        for name in named:
            if name == "SIM":
                equilibria[name][part] = together
            else:
                margin[name][part] = least[CONCEPTS.index(name)]
                equilibria[name][part] = margin[name][part] >= 0
    return Ensemble({name: rows.mean(axis=0) for name, rows in equilibria.items()}, equilibria, margin)
