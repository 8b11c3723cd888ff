"""What one actor's ranking must be like for a state to be an equilibrium, as a condition on comparisons.

The definitions are those of :mod:`accord.lenses.conflict.sanctions`, and for SIM the variant of the solver: an
improvement is foiled when some of the others, each by an improvement of its own from the same state, turn the combined
outcome into one that is not better than the state.

With s the state and "below" meaning below s (or s itself), the actor's own demand for each of its moves t is

- R: t is below; GMR: t, or some x that the others' joint moves reach from t, is below;
- SMR: t is below, or some such x and all own replies from x are; SEQ: as GMR, over the others' improvements.

The other actors' stability does not depend on this ranking under R, GMR and SMR.  Under SEQ and SIM it does: what this
actor would do by improvements serves as a sanction on the others.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np

from accord.lenses.conflict.orders import NEVER, Atom, Condition, Term, tidy
from accord.lenses.conflict.reach import (
    BoolArray,
    FloatArray,
    Moves,
    better,
    improvements,
    joint,
    members,
)
from accord.lenses.conflict.sanctions import Side

_MOST_LABELS = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A wanted state and the actor whose ranking is free; its own payoffs are ignored."""

    moves: Moves
    payoffs: FloatArray
    actor: int
    state: int

    @property
    def others(self) -> list[int]:
        """Everybody else."""
        return [j for j in range(self.moves.actors) if j != self.actor]


def demands(question: Question, concept: str) -> tuple[Condition, tuple[int, ...]]:
    """The condition on the free ranking, and the actors who would leave whatever that ranking is.

    Parameters
    ----------
    question : Question
    concept : str
        R, GMR, SMR, SEQ or SIM.

    Returns
    -------
    condition : frozenset
        As made by :func:`accord.lenses.conflict.orders.tidy`; ``NEVER`` when somebody else leaves anyway.
    leavers : tuple of int
    """
    if concept == "SIM":
        own, rest = _own_simultaneous(question), _others_simultaneous(question)
    elif concept == "SEQ":
        own, rest = _own(question, concept), _others_sequential(question)
    else:
        own, rest = _own(question, concept), _others_fixed(question, concept)
    leavers = tuple(sorted({j for j, terms in rest if not terms}))
    if leavers:
        return NEVER, leavers
    return tidy([*own, *(terms for _, terms in rest)]), ()


def _below(question: Question, *states: int) -> Term:
    """The comparisons that put states below the wanted one (which is never above itself)."""
    return frozenset((question.state, x) for x in states if x != question.state)


def _own(question: Question, concept: str) -> list[list[Term]]:
    """One clause for each own move."""
    moves, s = question.moves, question.state
    lists = improvements(moves, question.payoffs) if concept == "SEQ" else moves.own
    found = [] if concept == "R" else joint(moves.states, lists, question.others, composed=moves.composed)
    own = moves.own[question.actor]
    clauses: list[list[Term]] = []
    for t in own[s]:
        clause = [_below(question, t)]
        if concept == "SMR":
            clause += [_below(question, x, *own[x]) for x in members(found[t])]
        elif concept != "R":
            clause += [_below(question, x) for x in members(found[t])]
        clauses.append(clause)
    return clauses


def _others_fixed(question: Question, concept: str) -> list[tuple[int, list[Term]]]:
    """An empty clause for each other actor that leaves."""
    moves, s = question.moves, question.state
    whole = (1 << moves.states) - 1
    out: list[tuple[int, list[Term]]] = []
    for j in question.others:
        above = better(question.payoffs[j])
        flags = [sum(1 << t for t in ends) for ends in moves.own[j]]
        rest = [k for k in range(moves.actors) if k != j]
        against = joint(moves.states, moves.own, rest, composed=moves.composed) if concept != "R" else []
        side = Side(flags, above, [whole & ~up for up in above], against, [])
        if not side.stays(s, concept):
            out.append((j, []))
    return out


def _others_sequential(question: Question) -> list[tuple[int, list[Term]]]:
    """For each improvement of each other actor: the sets of comparisons that let a credible sanction meet it."""
    payoffs, s = question.payoffs, question.state
    return [
        (j, _sanctioning(question, j, t, payoffs[j] <= payoffs[j, s]))
        for j in question.others
        for t in question.moves.own[j][s]
        if payoffs[j, t] > payoffs[j, s]
    ]


def _sanctioning(question: Question, mover: int, start: int, goal: BoolArray) -> list[Term]:
    """Least sets of the free actor's comparisons with which improvements of the others lead from start to goal.

    A search over states, last mover and the comparisons needed so far, fewest first: a set that contains another one
    for the same place adds nothing.
    """
    found: list[Term] = []
    looked = 0
    seen: dict[tuple[int, int], list[Term]] = {}
    waiting: list[tuple[int, list[Atom], int, int]] = [(0, [], start, mover)]
    while waiting:
        _, atoms, state, last = heapq.heappop(waiting)
        needed = frozenset(atoms)
        labels = seen.setdefault((state, last), [])
        if any(label <= needed for label in (*found, *labels)):
            continue
        labels.append(needed)
        if goal[state]:
            found.append(needed)
            continue
        if (looked := looked + 1) > _MOST_LABELS:
            raise ValueError(
                "there are too many ways in which this actor's improvements could serve as sanctions to list them;"
                " ask for R, GMR or SMR, or join states that count as one"
            )
        for further, k, end in _steps(question, mover, state, last):
            wider = sorted(needed | further)
            heapq.heappush(waiting, (len(wider), wider, end, k))
    return found


def _steps(question: Question, mover: int, state: int, last: int) -> Iterator[tuple[Term, int, int]]:
    """Improvements of everybody but the mover and who moved last; those of the free actor under a comparison."""
    payoffs = question.payoffs
    for k in range(question.moves.actors):
        if k in (mover, last):
            continue
        for end in question.moves.own[k][state]:
            if k == question.actor:
                yield frozenset({(end, state)}), k, end
            elif payoffs[k, end] > payoffs[k, state]:
                yield frozenset(), k, end


def _own_simultaneous(question: Question) -> list[list[Term]]:
    """Each own move is below, or combined with improvements of others it is."""
    return [
        [_below(question, t)] + [_below(question, x) for x, _ in _combined(question, question.actor, t)]
        for t in question.moves.own[question.actor][question.state]
    ]


def _others_simultaneous(question: Question) -> list[tuple[int, list[Term]]]:
    """For each improvement of each other actor: the free actor's comparisons that let somebody foil it."""
    payoffs, s = question.payoffs, question.state
    return [
        (j, [term for x, term in _combined(question, j, t) if payoffs[j, x] <= payoffs[j, s]])
        for j in question.others
        for t in question.moves.own[j][s]
        if payoffs[j, t] > payoffs[j, s]
    ]


def _combined(question: Question, mover: int, end: int) -> Iterator[tuple[int, Term]]:
    """Feasible outcomes of a move together with improvements of others, and the comparisons these rest on."""
    moves, s = question.moves, question.state
    if moves.masks is None:
        raise ValueError("SIM needs options: give owners and feasible together with arcs")
    at = {mask: state for state, mask in enumerate(moves.masks)}
    offers = {j: [t for t in moves.own[j][s] if _may_improve(question, j, t)] for j in range(moves.actors)}
    movers = [j for j in range(moves.actors) if j != mover and offers[j]]
    if int(np.prod([1.0 + len(offers[j]) for j in movers])) > _MOST_LABELS:
        raise ValueError("too many simultaneous improvements to list them; ask for another concept")
    for size in range(1, len(movers) + 1):
        for some in combinations(movers, size):
            for ends in product(*(offers[j] for j in some)):
                mask = moves.masks[end]
                for t in ends:
                    mask ^= moves.masks[s] ^ moves.masks[t]
                if mask in at:
                    yield (
                        at[mask],
                        frozenset((t, s) for j, t in zip(some, ends, strict=True) if j == question.actor),
                    )


def _may_improve(question: Question, actor: int, end: int) -> bool:
    """Whether a move from the wanted state is an improvement, or could be one for the free actor."""
    payoffs = question.payoffs
    return actor == question.actor or bool(payoffs[actor, end] > payoffs[actor, question.state])
