"""Stability when some preferences are unknown: the four sets of definitions, a to d.

Li, Hipel, Kilgour & Fang 2004: an actor prefers one of two states, is indifferent, or its preference between them is
unknown.  The relation need not be transitive.  The definitions differ in what tempts an actor away from s and in what
deters it:

=========  ==========================================  ============================================
definition tempting: moves to states that are          deterring: states that are
=========  ==========================================  ============================================
a          better than s, or unknown against s         equal to s or worse
b          better than s                               equal to s or worse
c          better than s, or unknown against s         equal to s or worse, or unknown against s
d          better than s                               equal to s or worse, or unknown against s
=========  ==========================================  ============================================

So a is the actor that takes risks and is deterred only by certain harm, d the cautious one.  R, GMR, SMR and SEQ are
otherwise as without unknown preferences.  In all four, the sanctions of SEQ are joint moves whose every step is better
than, or unknown against, the state it leaves (for who makes it).  A sanction that only returns to where the mover went is
none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.lenses.conflict.reach import (
    BoolArray,
    FloatArray,
    Own,
    bits_of,
    checked,
    checked_concepts,
    everyone,
    joint,
    moves_of,
)
from accord.lenses.conflict.sanctions import CONCEPTS, Side

DEFINITIONS = ("a", "b", "c", "d")
_TEMPTED_BY_UNKNOWN = ("a", "c")
_DETERRED_BY_UNKNOWN = ("c", "d")


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """Stability by definition and concept.

    Parameters
    ----------
    stable : mapping of definition to mapping of concept to ndarray of bool, shape (actors, states)
        ``stable["a"]["GMR"]`` and so on.
    """

    stable: Mapping[str, Mapping[str, BoolArray]]

    @property
    def equilibria(self) -> dict[str, dict[str, BoolArray]]:
        """Stable for every actor, shape (states,), by definition and concept."""
        return {
            definition: {concept: everyone(table) for concept, table in tables.items()}
            for definition, tables in self.stable.items()
        }


def comparisons(payoffs: ArrayLike) -> FloatArray:
    """The relation of each actor as payoffs give it: a start, in which NaN then marks what is unknown.

    Parameters
    ----------
    payoffs : array_like, shape (actors, states)

    Returns
    -------
    ndarray, shape (actors, states, states)
        1 where the first state is better than the second, -1 where it is worse, 0 where they are equal.
    """
    table = checked(payoffs)
    return np.sign(table[:, :, None] - table[:, None, :])


def stability(
    known: ArrayLike,
    owners: ArrayLike | None,
    feasible: ArrayLike | None = None,
    directions: Sequence[str] | None = None,
    arcs: Sequence[ArrayLike] | None = None,
    concepts: Sequence[str] = CONCEPTS,
    definitions: Sequence[str] = DEFINITIONS,
) -> Unknown:
    """Find which states are stable when some preferences are unknown.

    Parameters
    ----------
    known : array_like, shape (actors, states, states)
        ``known[i, a, b]``: 1 where actor i prefers state a to b, -1 where it prefers b, 0 where it is indifferent, NaN
        where that is unknown.  Both directions must be given and must agree.
    owners, feasible, directions, arcs
        As for ``conflict.stability``.
    concepts : sequence of str
        Among R, GMR, SMR and SEQ.
    definitions : sequence of str
        Among a, b, c and d.

    Returns
    -------
    Unknown

    Raises
    ------
    ValueError
        When numbers do not fit each other, or there are more than 4096 states.
    """
    relation = _relation(known)
    asked = checked_concepts(concepts, CONCEPTS)
    chosen = [str(name) for name in definitions]
    if any(name not in DEFINITIONS for name in chosen):
        raise ValueError(f"definitions must be among a, b, c and d, not {', '.join(chosen)}")
    actors, states = relation.shape[:2]
    moves = moves_of(actors, states, owners, feasible, directions, arcs)
    ventures = _ventures(moves.own, relation)
    stable = {
        name: {concept: np.zeros((actors, states), dtype=np.bool_) for concept in asked} for name in chosen
    }
    for i in range(actors):
        rest = [j for j in range(actors) if j != i]
        own = [sum(1 << t for t in ends) for ends in moves.own[i]]
        against = joint(states, moves.own, rest, composed=moves.composed)
        # Without transitivity two improvements of one actor need not be one: the order of movers matters.
        credible = joint(states, ventures, rest, composed=False)
        for name in chosen:
            tempting, deterring = _reading(relation[i], name)
            side = Side(own, tempting, deterring, against, credible)
            for concept in asked:
                stable[name][concept][i] = side.stable(concept)
    return Unknown(stable)


def _relation(known: ArrayLike) -> FloatArray:
    """A relation whose two directions agree."""
    given = np.array(known, dtype=np.float64)
    if given.ndim != 3 or given.shape[1] != given.shape[2] or 0 in given.shape:
        raise ValueError(f"known must have the shape (actors, states, states), not {given.shape}")
    if not (np.isnan(given) | np.isin(given, (-1.0, 0.0, 1.0))).all():
        raise ValueError("known must hold 1 (better), -1 (worse), 0 (equal) or NaN (unknown)")
    states = given.shape[1]
    own = given[:, np.arange(states), np.arange(states)]
    if not (np.isnan(own) | (own == 0)).all():
        raise ValueError("known must hold 0 (equal) where a state meets itself")
    given[:, np.arange(states), np.arange(states)] = 0.0
    turned = -given.transpose(0, 2, 1)
    agree = (given == turned) | (np.isnan(given) & np.isnan(turned))
    if not agree.all():
        actor, a, b = (int(place) for place in np.argwhere(~agree)[0])
        raise ValueError(
            f"known of actor {actor} says {given[actor, a, b]:g} of states {a} and {b} but {given[actor, b, a]:g} of"
            f" {b} and {a}: expected opposite signs, or NaN both times"
        )
    return given


def _ventures(own: Own, relation: FloatArray) -> Own:
    """Moves to states that are better than the one left, or unknown against it."""
    may: NDArray[np.bool_] = ~(relation <= 0)
    return tuple(
        tuple(tuple(t for t in ends if may[i, t, s]) for s, ends in enumerate(lists))
        for i, lists in enumerate(own)
    )


def _reading(relation: FloatArray, definition: str) -> tuple[list[int], list[int]]:
    """For each state, as bits, the states that tempt away from it and those that deter, by a definition."""
    tempting = relation == 1
    deterring = relation <= 0
    unsure = np.isnan(relation)
    if definition in _TEMPTED_BY_UNKNOWN:
        tempting = tempting | unsure
    if definition in _DETERRED_BY_UNKNOWN:
        deterring = deterring | unsure
    return [bits_of(column) for column in tempting.T], [bits_of(column) for column in deterring.T]
