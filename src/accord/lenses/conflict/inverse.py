"""Which rankings of one actor make a wanted state an equilibrium, exactly, and what share of all rankings they are.

The question is that of the inverse approach to the graph model (Kinsara, Kilgour & Hipel 2015).  The exact set is
written as a condition on comparisons (:mod:`.demands`), and its share of all strict rankings is counted from the
condition (:mod:`.orders`): no ranking is ever listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial

import numpy as np
from numpy.typing import ArrayLike

from accord.lenses.conflict.demands import Question, demands
from accord.lenses.conflict.orders import Atom, Condition
from accord.lenses.conflict.orders import share as share_of
from accord.lenses.conflict.reach import checked_concepts, moves_of, state_index

CONCEPTS = ("R", "GMR", "SMR", "SEQ", "SIM")


@dataclass(frozen=True, slots=True, eq=False)
class Inverse:
    """The rankings of one actor that make a state an equilibrium.

    Parameters
    ----------
    concept : str
    state, actor : int
    exact : Fraction
        Share of all strict rankings of the states.
    count, rankings : int
        How many strict rankings do, of how many.
    constraints : tuple of clauses
        All clauses must hold; a clause is a tuple of terms of which one must hold; a term is a tuple of comparisons
        that must all hold; a comparison (a, b) says that the actor prefers state a to state b.  Empty: any ranking will
        do.  A clause without terms: none does.
    leavers : tuple of int
        Other actors who would leave the state whatever this actor's ranking is.
    """

    concept: str
    state: int
    actor: int
    exact: Fraction
    count: int
    rankings: int
    constraints: tuple[tuple[tuple[Atom, ...], ...], ...]
    leavers: tuple[int, ...]

    @property
    def share(self) -> float:
        """Share of all strict rankings, 0..1."""
        return float(self.exact)

    def admits(self, ranking: Sequence[int]) -> bool:
        """Whether a ranking (state indices, best first) satisfies the constraints."""
        place = {state: k for k, state in enumerate(ranking)}
        return all(
            any(all(place[a] < place[b] for a, b in term) for term in clause) for clause in self.constraints
        )

    def says(self, names: Sequence[str] | None = None, actors: Sequence[str] | None = None) -> str:
        """The constraints in words.

        Parameters
        ----------
        names : sequence of str, shape (states,), optional
            What to call the states; their indices when left out.
        actors : sequence of str, optional
        """
        if self.leavers:
            who = ", ".join(actors[j] if actors is not None else f"actor {j}" for j in self.leavers)
            return f"no ranking will do: {who} would leave anyway"
        if not self.constraints:
            return "any ranking will do"
        if any(not clause for clause in self.constraints):
            return "no ranking will do"
        return "; and ".join(_clause(clause, names) for clause in self.constraints)

    def __str__(self) -> str:
        return self.says()


def _clause(clause: tuple[tuple[Atom, ...], ...], names: Sequence[str] | None) -> str:
    """One clause in words."""

    def name(state: int) -> str:
        """What to call a state."""
        return names[state] if names is not None else str(state)

    terms = [" and ".join(f"{name(a)} over {name(b)}" for a, b in term) for term in clause]
    return terms[0] if len(terms) == 1 else "either " + ", or ".join(terms)


def inverse(
    payoffs: ArrayLike,
    owners: ArrayLike | None,
    state: int,
    actor: int,
    *,
    feasible: ArrayLike | None = None,
    directions: Sequence[str] | None = None,
    arcs: Sequence[ArrayLike] | None = None,
    concept: str = "R",
) -> Inverse:
    """Find the strict rankings of one actor that make a state an equilibrium, the others' preferences as given.

    Parameters
    ----------
    payoffs : array_like, shape (actors, states)
        Larger is better, ties allowed; the row of *actor* is ignored.
    owners, feasible, directions, arcs
        As for ``conflict.stability``.
    state : int
        Index of the wanted state (a column of *payoffs*).
    actor : int
        Index of the actor whose ranking is free.
    concept : str
        R, GMR, SMR, SEQ or SIM (SIM needs options).

    Returns
    -------
    Inverse

    Raises
    ------
    ValueError
        When numbers do not fit each other, or the condition is too large to be counted exactly.
    """
    (concept,) = checked_concepts([concept], CONCEPTS)
    table = np.array(payoffs, dtype=np.float64)
    if table.ndim != 2 or 0 in table.shape:
        raise ValueError(f"payoffs must have the shape (actors, states), not {table.shape}")
    actors, states = table.shape
    if not 0 <= int(actor) < actors:
        raise ValueError(f"actor must be an index from 0 to {actors - 1}, not {actor}")
    table[actor] = 0.0
    if not np.isfinite(table).all():
        raise ValueError("payoffs of the other actors must be finite numbers")
    wanted = state_index(state, states)
    moves = moves_of(actors, states, owners, feasible, directions, arcs)
    condition, leavers = demands(Question(moves, table, int(actor), wanted), concept)
    exact = share_of(condition)
    rankings = factorial(states)
    count = exact * rankings
    return Inverse(concept, wanted, int(actor), exact, int(count), rankings, _as_tuples(condition), leavers)


def _as_tuples(condition: Condition) -> tuple[tuple[tuple[Atom, ...], ...], ...]:
    """A condition in a fixed order: short clauses first."""
    clauses = [
        tuple(sorted((tuple(sorted(term)) for term in clause), key=lambda t: (len(t), t)))
        for clause in condition
    ]
    return tuple(sorted(clauses, key=lambda c: (len(c), c)))
