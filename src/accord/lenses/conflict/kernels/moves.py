"""Who can move where: states sorted into cells, and the best of an actor's own moves.

A *cell* of an actor holds states between which it can go back and forth; a state's others are reached through other
cells of the same *group* (states that differ in this actor's options only), those with more irreversible steps taken.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.engine.compile import njit

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]

REVERSIBLE, LATTICE, PAIRS = 0, 1, 2

# Fibonacci hashing: 2^64 divided by the golden ratio.
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Plan(NamedTuple):
    """Moves in option form; columns are the actors that own an option.

    Parameters
    ----------
    actor : ndarray, shape (movers,)
        Index of each mover among all actors.
    kind : ndarray, shape (movers,)
        REVERSIBLE: each group is one cell.  LATTICE: a group has a cell for every set of irreversible steps taken,
        empty ones too.  PAIRS: only cells that hold a state.
    bits : ndarray, shape (movers,)
        Number of irreversible options.
    cell : ndarray, shape (states, movers)
        Cell that a state lies in, numbered through over all movers.
    column : ndarray, shape (movers, states)
        The same, mover by mover.
    base : ndarray, shape (movers + 1,)
        First cell of each mover.
    start : ndarray, shape (cells + 1,)
        Where a cell's states begin in a list of states by cell.
    key : ndarray, shape (cells,)
        Irreversible steps taken, as bits; a move can only add some.
    left, right : ndarray, shape (cells,)
        First cell of the group, and one past its last.
    """

    actor: I32
    kind: I32
    bits: I32
    cell: I32
    column: I32
    base: I64
    start: I64
    key: I64
    left: I32
    right: I32


@njit(melt=True)
def slot_of(key: int, direct: bool, shift: int) -> Any:
    """Where in the table to look for a key first."""
    if direct:
        return np.int64(key)
    return np.int64((np.uint64(key) * _GOLDEN) >> np.uint64(shift))


@njit()
def number(keys: I64, table: I32, direct: bool, shift: int, ids: I32) -> Any:
    """Number equal keys alike, in order of appearance, into *ids*; returns how many there are.

    *table*, all -1, has a power of two of places, more than keys or (when *direct*) one for each possible key; it is
    left holding the first index of each key.
    """
    count, last = 0, table.size - 1
    for k in range(keys.size):
        place = slot_of(keys[k], direct, shift)
        while table[place] >= 0 and keys[table[place]] != keys[k]:
            place = (place + 1) & last
        if table[place] < 0:
            table[place] = k
            ids[k] = count
            count += 1
        else:
            ids[k] = ids[table[place]]
    return count


@njit(melt=True)
def locate(mask: int, masks: I64, table: I32, direct: bool, shift: int) -> Any:
    """Index of a feasible state; -1 where the combination is not feasible."""
    if direct and table.size == masks.size:
        return np.int64(mask)
    place = slot_of(mask, direct, shift)
    if direct:
        return np.int64(table[place])
    last = table.size - 1
    while table[place] >= 0:
        if masks[table[place]] == mask:
            return np.int64(table[place])
        place = (place + 1) & last
    return np.int64(-1)


@njit(inner=True)
def rank_rows(payoffs: Any, order: I32, actor: I32, rank: I32, values: Any) -> None:
    """Dense ranks (0 = worst) of the movers' payoffs, and the payoff of each rank."""
    for j in range(actor.size):
        row = payoffs[actor[j]]
        level = -1
        for k in range(order.shape[1]):
            s = order[j, k]
            if level < 0 or row[s] > values[j, level]:
                level += 1
                values[j, level] = row[s]
            rank[j, s] = level


@njit(inner=True)
def list_members(plan: Plan, order: I32, rank: I32, fill: I64, members: I32, member_rank: I32) -> None:
    """States by cell, within a cell from the one its actor likes least, with their ranks."""
    for c in range(fill.size):
        fill[c] = plan.start[c]
    for j in range(plan.actor.size):
        for k in range(order.shape[1]):
            s = order[j, k]
            c = plan.column[j, s]
            members[fill[c]] = s
            member_rank[fill[c]] = rank[j, s]
            fill[c] += 1


@njit(inner=True)
def _beyond(plan: Plan, j: int, first: I32, up: I32) -> None:
    """For each cell of an irreversible actor the best of what lies in cells with more steps taken."""
    if plan.kind[j] == PAIRS:
        for c in range(plan.base[j], plan.base[j + 1]):
            up[c] = -1
            for d in range(plan.left[c], plan.right[c]):
                if d != c and plan.key[c] & ~plan.key[d] == 0:
                    up[c] = max(up[c], first[d])
        return
    for c in range(plan.base[j + 1] - 1, plan.base[j] - 1, -1):
        up[c] = -1
        for b in range(plan.bits[j]):
            if not (plan.key[c] >> b) & 1:
                d = c + (1 << b)
                up[c] = max(up[c], first[d], up[d])


@njit(inner=True)
def best_move(plan: Plan, j: int, worth: I32, first: I32, second: I32, up: I32, out: I32) -> None:
    """For each state the largest *worth* among the states that mover *j* can go to from it; -1 where there is none.

    *first*, *second* and *up* are space for a number per cell.
    """
    column = plan.column[j]
    for c in range(plan.base[j], plan.base[j + 1]):
        first[c], second[c], up[c] = -1, -1, -1
    for s in range(worth.size):
        c = column[s]
        if worth[s] > first[c]:
            second[c] = first[c]
            first[c] = worth[s]
        elif worth[s] > second[c]:
            second[c] = worth[s]
    if plan.kind[j] != REVERSIBLE:
        _beyond(plan, j, first, up)
    for s in range(worth.size):
        c = column[s]
        mates = second[c] if worth[s] == first[c] else first[c]
        out[s] = max(mates, up[c])
