"""Strong and weak stability under strength of preference.

Hamouda, Kilgour & Hipel 2004 (two actors) and 2006 (many): an actor prefers one state to another mildly or greatly.  A
state is stable as without strength.  It is *strongly* stable when every improvement is met by a sanction that leaves the
mover at a state greatly less preferred than the one it left, and *weakly* stable when it is stable but not strongly:

- **GMR**: every improvement t meets some x, reached by the others' joint moves, that is greatly less preferred;
- **SMR**: and every own reply from x leads to states that are greatly less preferred too;
- **SEQ**: as GMR, over joint moves whose every step is an improvement, mild or great.

A state without improvements (R) is strongly stable for want of anything to deter.  An equal outcome counts as a sanction
for stability, as everywhere here, never for strong stability.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.lenses.conflict.reach import (
    BoolArray,
    FloatArray,
    better,
    bits_of,
    checked,
    checked_concepts,
    everyone,
    improvements,
    joint,
    moves_of,
)
from accord.lenses.conflict.sanctions import Side

CONCEPTS = ("R", "GMR", "SMR", "SEQ")


@dataclass(frozen=True, slots=True, eq=False)
class Strength:
    """Stability by strength.

    Parameters
    ----------
    stable : mapping of concept to ndarray of bool, shape (actors, states)
        Without regard to strength.
    strong : mapping of concept to ndarray of bool, shape (actors, states)
    """

    stable: Mapping[str, BoolArray]
    strong: Mapping[str, BoolArray]

    @property
    def weak(self) -> dict[str, BoolArray]:
        """Stable, but not strongly, shape (actors, states)."""
        return {concept: self.stable[concept] & ~self.strong[concept] for concept in self.stable}

    @property
    def equilibria(self) -> dict[str, BoolArray]:
        """Stable for every actor, shape (states,)."""
        return {concept: everyone(table) for concept, table in self.stable.items()}

    @property
    def strong_equilibria(self) -> dict[str, BoolArray]:
        """Strongly stable for every actor, shape (states,)."""
        return {concept: everyone(table) for concept, table in self.strong.items()}

    @property
    def weak_equilibria(self) -> dict[str, BoolArray]:
        """Stable for every actor, and only weakly so for at least one, shape (states,)."""
        strong = self.strong_equilibria
        return {concept: found & ~strong[concept] for concept, found in self.equilibria.items()}


def stability(
    payoffs: ArrayLike,
    bands: ArrayLike,
    owners: ArrayLike | None,
    feasible: ArrayLike | None = None,
    directions: Sequence[str] | None = None,
    arcs: Sequence[ArrayLike] | None = None,
    concepts: Sequence[str] = ("GMR", "SMR", "SEQ"),
) -> Strength:
    """Find which states are strongly and weakly stable.

    Parameters
    ----------
    payoffs : array_like, shape (actors, states)
        Larger is better, ties allowed.
    bands : array_like of int, shape (actors, states)
        Grade of each state for each actor: a state of a higher grade is greatly preferred to one of a lower grade,
        states of the same grade only mildly.  A state with a larger payoff must not have a lower grade, and equal
        payoffs must have equal grades.
    owners, feasible, directions, arcs
        As for ``conflict.stability``.
    concepts : sequence of str
        Among R, GMR, SMR and SEQ.

    Returns
    -------
    Strength

    Raises
    ------
    ValueError
        When numbers do not fit each other, grades contradict payoffs, or there are more than 4096 states.
    """
    table = checked(payoffs)
    grades = _grades(bands, table)
    asked = checked_concepts(concepts, CONCEPTS)
    actors, states = table.shape
    moves = moves_of(actors, states, owners, feasible, directions, arcs)
    gains = improvements(moves, table)
    whole = (1 << states) - 1
    stable = {concept: np.zeros(table.shape, dtype=np.bool_) for concept in asked}
    strong = {concept: np.zeros(table.shape, dtype=np.bool_) for concept in asked}
    for i in range(actors):
        rest = [j for j in range(actors) if j != i]
        above = better(table[i])
        own = [sum(1 << t for t in ends) for ends in moves.own[i]]
        against = joint(states, moves.own, rest, composed=moves.composed)
        credible = joint(states, gains, rest, composed=moves.composed)
        plain = Side(own, above, [whole & ~up for up in above], against, credible)
        worse = [bits_of(grades[i] < grade) for grade in grades[i]]
        grave = Side(own, above, worse, against, credible)
        for concept in asked:
            stable[concept][i] = plain.stable(concept)
            strong[concept][i] = grave.stable(concept)
    return Strength(stable, strong)


def _grades(bands: ArrayLike, payoffs: FloatArray) -> NDArray[np.int64]:
    """Grades that do not contradict the payoffs."""
    given = np.asarray(bands)
    if given.shape != payoffs.shape:
        raise ValueError(f"bands of shape {given.shape} do not fit payoffs of shape {payoffs.shape}")
    grades = given.astype(np.int64)
    if not np.array_equal(grades, given):
        raise ValueError("bands must be whole numbers")
    for actor, (row, grade) in enumerate(zip(payoffs, grades, strict=True)):
        order = np.argsort(row, kind="stable")
        rises, climbs = np.diff(row[order]), np.diff(grade[order])
        if (climbs < 0).any() or (climbs[rises == 0] != 0).any():
            raise ValueError(
                f"bands contradict the payoffs of actor {actor}: a better state must not have a lower grade, and equal"
                " states must have the same"
            )
    return grades
