"""What alliances could do: coalition stability for every coalition, equilibria for every way to form coalitions.

A coalition H moves by sequences of its members' moves in which no actor moves twice in a row, and *improves* when every
member strictly prefers where the sequence ends (Kilgour, Hipel, Fang & Peng 2001).  State s is for H

- **R** stable when H has no coalition improvement from s;
- **GMR** stable when every coalition improvement t can be met by the others' joint moves with some x that is not better
  than s for every member of H;
- **SMR** stable when from such an x no joint move of H leads to a state that is better than s for every member;
- **SEQ** stable as GMR, over the others' joint moves whose every step is an improvement for who makes it.

These follow Inohara & Hipel 2008 with one difference: there the others may also sanction in coalitions (SEQ by coalition
improvements of any of them); here they move one by one.  Stability of H then does not depend on who else allies, so each
coalition is looked at once, whatever the number of partitions.  A coalition of one is the actor by itself.  Kilgour et
al. ask besides whether the coalition ends at another equilibrium; here it is asked whether the alliance holds there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.lenses.conflict.evolution import Search, Step
from accord.lenses.conflict.reach import (
    BoolArray,
    FloatArray,
    Moves,
    better,
    checked,
    checked_concepts,
    improvements,
    joint,
    moves_of,
)
from accord.lenses.conflict.sanctions import CONCEPTS, Side
from accord.lenses.conflict.scans import Left, looked_up

MOST_ACTORS = 8
# Coalitions times states squared: seconds where coalitions reach little, up to a minute or two where they reach all.
_MOST_WORK = 100_000_000

Partition = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where an alliance could go together.

    Parameters
    ----------
    state : int
    holds : bool
        Whether the alliance is stable there: no smaller coalition within it has a coalition improvement from it that
        stands by the same concept.
    defectors : tuple of int
        The smallest such coalition; empty when it holds.
    """

    state: int
    holds: bool
    defectors: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """An equilibrium of single actors that an alliance would leave.

    Parameters
    ----------
    concept : str
    alliance : tuple of int
        Two actors or more.
    state : int
        The equilibrium.
    outcomes : tuple of Outcome
        The coalition improvements that nothing deters: first those in which the alliance holds, then by how high its
        members rank them, then by state.
    """

    concept: str
    alliance: tuple[int, ...]
    state: int
    outcomes: tuple[Outcome, ...]

    @property
    def best(self) -> Outcome:
        """The first of the outcomes."""
        return self.outcomes[0]


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """All coalitions and all partitions of the actors.

    Parameters
    ----------
    concepts : tuple of str
    stable : mapping of concept to ndarray of bool, shape (2**actors, states)
        Whether each state is stable for each coalition; the row is the sum of 2**i over its members, row 0 is empty.
    partitions : tuple of partitions, each a tuple of blocks
        Every way to divide the actors; the first has everybody together, the last everybody apart.
    equilibria : mapping of concept to ndarray of bool, shape (partitions, states)
        States that are stable for every block.
    breaks : tuple of Break
        By concept, then alliance (small ones first), then state.
    """

    concepts: tuple[str, ...]
    stable: Mapping[str, BoolArray]
    partitions: tuple[Partition, ...]
    equilibria: Mapping[str, BoolArray]
    breaks: tuple[Break, ...]
    _moves: Moves = field(repr=False)
    _payoffs: FloatArray = field(repr=False)

    @property
    def alone(self) -> dict[str, BoolArray]:
        """Equilibria of single actors, shape (states,)."""
        return {concept: table[-1] for concept, table in self.equilibria.items()}

    def of(self, concept: str, *alliance: int) -> tuple[Break, ...]:
        """The equilibria that one alliance breaks."""
        wanted = tuple(sorted(alliance))
        return tuple(b for b in self.breaks if b.concept == concept and b.alliance == wanted)

    def path(self, broken: Break, outcome: Outcome | None = None) -> tuple[Step, ...]:
        """A shortest sequence of the alliance's moves to an outcome, the best one unless another is named."""
        target = (outcome or broken.best).state
        search = Search(self._moves, self._payoffs, broken.state, improving=False, who=broken.alliance)
        return search.route(target).steps


def scan(
    payoffs: ArrayLike,
    owners: ArrayLike | None,
    feasible: ArrayLike | None = None,
    directions: Sequence[str] | None = None,
    arcs: Sequence[ArrayLike] | None = None,
    concepts: Sequence[str] = CONCEPTS,
) -> Scan:
    """Look at every coalition and at every partition of the actors into coalitions.

    Parameters
    ----------
    payoffs : array_like, shape (actors, states)
        Larger is better, ties allowed; up to 8 actors.
    owners, feasible, directions, arcs
        As for ``conflict.stability``.
    concepts : sequence of str
        Among R, GMR, SMR and SEQ.

    Returns
    -------
    Scan

    Raises
    ------
    ValueError
        When numbers do not fit each other, there are more than 8 actors, or the states are so many that the scan would
        take minutes.
    """
    table = checked(payoffs)
    actors, states = table.shape
    _check_size(actors, states)
    asked = checked_concepts(concepts, CONCEPTS)
    moves = moves_of(actors, states, owners, feasible, directions, arcs)
    partitions = tuple(_partitions(actors))
    # Only equilibria of single actors can be broken, so these come first.
    coalitions = sorted(range(1, 1 << actors), key=lambda h: (h.bit_count(), _actors(h)))
    stable, left = looked_up(moves, table, asked, lambda: _looked(moves, table, asked, coalitions))
    equilibria = {concept: _equilibria(stable[concept], partitions) for concept in asked}
    # How many states are worse for each actor than each state.
    worse = np.array([np.searchsorted(np.sort(row), row) for row in table])
    breaks = tuple(
        Break(concept, _actors(h), s, _outcomes(stable[concept], worse, h, left[concept, h, s]))
        for concept in asked
        for h in coalitions
        for s in range(states)
        if (concept, h, s) in left
    )
    return Scan(asked, stable, partitions, equilibria, breaks, moves, table)


def _looked(
    moves: Moves, table: FloatArray, asked: Sequence[str], coalitions: Sequence[int]
) -> tuple[dict[str, BoolArray], Left]:
    """Whether each state is stable for each coalition, and where each one would go from equilibria of single actors."""
    actors, states = table.shape
    stable = {concept: np.ones((1 << actors, states), dtype=np.bool_) for concept in asked}
    alone = {concept: np.ones(states, dtype=np.bool_) for concept in asked}
    left: Left = {}
    sides = _Sides(moves, table)
    for h in coalitions:
        side = sides.of(h)
        for concept in asked:
            stable[concept][h] = side.stable(concept)
            if h.bit_count() == 1:
                alone[concept] &= stable[concept][h]
                continue
            for s in np.flatnonzero(alone[concept] & ~stable[concept][h]).tolist():
                left[concept, h, s] = tuple(side.undeterred(s, concept))
    return stable, left


def _check_size(actors: int, states: int) -> None:
    """Refuse what would take minutes."""
    if actors > MOST_ACTORS:
        raise ValueError(
            f"a scan of all coalitions takes up to {MOST_ACTORS} actors, but there are {actors}: leave some out, or"
            " treat those who act alike as one"
        )
    most = int((_MOST_WORK / (2**actors - 1)) ** 0.5)
    if states > most:
        raise ValueError(
            f"a scan of all coalitions of {actors} actors takes up to {most} states, but there are {states}: join"
            " states that count as one, or rule more of them out"
        )


class _Sides:
    """What each coalition can do and what stands against it; complements share their reach."""

    def __init__(self, moves: Moves, payoffs: FloatArray) -> None:
        self._moves = moves
        self._gains = improvements(moves, payoffs)
        self._above = [better(row) for row in payoffs]
        self._kept: dict[int, list[int]] = {}

    def of(self, h: int) -> Side:
        """The side of one coalition."""
        moves = self._moves
        whole = (1 << moves.states) - 1
        others = ((1 << moves.actors) - 1) & ~h
        tempting = [whole] * moves.states
        for i in _actors(h):
            tempting = [a & b for a, b in zip(tempting, self._above[i], strict=True)]
        credible = joint(moves.states, self._gains, _actors(others), composed=moves.composed)
        deterring = [whole & ~up for up in tempting]
        return Side(self._reach(h), tempting, deterring, self._reach(others), credible)

    def _reach(self, h: int) -> list[int]:
        """Where a coalition's joint moves lead; kept until its complement has asked as well."""
        if h in self._kept:
            return self._kept.pop(h)
        moves = self._moves
        self._kept[h] = joint(moves.states, moves.own, _actors(h), composed=moves.composed)
        return self._kept[h]


def _actors(h: int) -> tuple[int, ...]:
    """The members of a coalition."""
    return tuple(i for i in range(h.bit_length()) if h >> i & 1)


def _partitions(actors: int) -> Iterator[Partition]:
    """Every way to divide the actors into blocks, everybody together first, everybody apart last."""

    def place(i: int, blocks: tuple[tuple[int, ...], ...]) -> Iterator[Partition]:
        """Every way to place this actor and those after it."""
        if i == actors:
            yield blocks
            return
        for k, block in enumerate(blocks):
            yield from place(i + 1, (*blocks[:k], (*block, i), *blocks[k + 1 :]))
        yield from place(i + 1, (*blocks, (i,)))

    return place(0, ())


def _equilibria(stable: BoolArray, partitions: tuple[Partition, ...]) -> BoolArray:
    """States that are stable for every block of each partition."""
    rows = [[sum(1 << i for i in block) for block in blocks] for blocks in partitions]
    return np.array([stable[row].all(axis=0) for row in rows], dtype=np.bool_)


@cache
def _within(h: int) -> tuple[int, ...]:
    """The coalitions inside one, small ones first."""
    return tuple(sorted((k for k in range(1, h) if k & ~h == 0), key=lambda k: (k.bit_count(), _actors(k))))


def _outcomes(
    stable: BoolArray, worse: NDArray[np.int64], h: int, left: tuple[int, ...]
) -> tuple[Outcome, ...]:
    """Undeterred outcomes of an alliance in their order."""
    within = _within(h)
    ranks = {t: sum(int(worse[i, t]) for i in _actors(h)) for t in left}
    found: list[Outcome] = []
    for t in left:
        leaving = next((k for k in within if not stable[k, t]), 0)
        found.append(Outcome(t, leaving == 0, _actors(leaving)))
    return tuple(sorted(found, key=lambda o: (not o.holds, -ranks[o.state], o.state)))
