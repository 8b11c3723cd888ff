"""Sanctions in option form: how far the others can push an actor down, by one reverse search per actor and concept."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from accord.engine.compile import njit
from accord.lenses.conflict.kernels.moves import (
    I32,
    I64,
    LATTICE,
    PAIRS,
    REVERSIBLE,
    Plan,
    best_move,
    list_members,
    rank_rows,
)

# Above every rank: a move that need not be an improvement.
_ANY = np.int32(2**31 - 1)
# A round of sweeps costs about a quarter of a search.
_ROUNDS = 4


class Work(NamedTuple):
    """Space that a solution needs; the numbers are those of one world."""

    rank: I32
    rows: I32
    values: Any
    members: I32
    member_rank: I32
    fill: I64
    first: I32
    second: I32
    up: I32
    label: I32
    worth: I32
    theta: I32
    sorted: I32
    stack: I32
    queue: I32


@njit(inner=True)
def _queue_below(plan: Plan, j: int, c: int, limit: Any, mark: I32, queue: I32) -> Any:
    """Put all cells that lead to this one, first in the queue, behind it where the limit is new to them; their number."""
    if mark[c] >= limit:
        return 0
    mark[c] = limit
    key, count, done = plan.key, 1, 0
    if plan.kind[j] == LATTICE:
        while done < count:
            d = queue[done]
            done += 1
            for b in range(plan.bits[j]):
                if (key[d] >> b) & 1 and mark[d - (1 << b)] < limit:
                    mark[d - (1 << b)] = limit
                    queue[count] = d - (1 << b)
                    count += 1
        return count
    for d in range(plan.left[c], plan.right[c]):
        if key[d] & ~key[c] == 0 and mark[d] < limit:
            mark[d] = limit
            queue[count] = d
            count += 1
    return count


@njit(inner=True)
def search(plan: Plan, i: int, order: I32, value: I32, improving: bool, w: Work) -> None:
    """Label each state with the least *value* that the others of mover *i* can bring about from it (or that it has).

    States are taken in *order*, ascending in *value*, and hand theirs on to all that lead to them.  ``fill`` of a cell
    is how far its states, sorted by what they are worth to the cell's actor, have been visited: each is visited once.
    """
    label, stack, mark, movers = w.label, w.stack, w.up, plan.actor.size
    # Arrays taken out of their tuples within a loop are counted each time.
    fill, start, members, levels = w.fill, plan.start, w.members, w.member_rank
    kind, cell, rows, queue = plan.kind, plan.cell, w.rows, w.queue
    fill[:] = start[:-1]
    mark[:] = -1
    label[:] = -1
    left = label.size
    for k in range(label.size):
        if label[order[k]] >= 0:
            continue
        least = value[order[k]]
        label[order[k]] = least
        stack[0], waiting = order[k], 1
        left -= 1
        while waiting > 0:
            waiting -= 1
            y = stack[waiting]
            for j in range(movers):
                if j == i:
                    continue
                limit = rows[y, j] if improving else _ANY
                queue[0], cells = cell[y, j], 1
                if kind[j] != REVERSIBLE:
                    cells = _queue_below(plan, j, cell[y, j], limit, mark, queue)
                for q in range(cells):
                    c = queue[q]
                    at, end = fill[c], start[c + 1]
                    while at < end and levels[at] < limit:
                        x = members[at]
                        at += 1
                        if label[x] < 0:
                            label[x] = least
                            stack[waiting] = x
                            waiting += 1
                            left -= 1
                    fill[c] = at
        if left == 0:
            return


@njit(inner=True)
def _sink(plan: Plan, j: int, label: I32, lowest: I32) -> Any:
    """Lower each label to the least that mover *j* can go to; whether any changed."""
    column, key, changed = plan.column[j], plan.key, False
    for c in range(plan.base[j], plan.base[j + 1]):
        lowest[c] = _ANY
    for s in range(label.size):
        lowest[column[s]] = min(lowest[column[s]], label[s])
    if plan.kind[j] == LATTICE:
        for c in range(plan.base[j + 1] - 1, plan.base[j] - 1, -1):
            for b in range(plan.bits[j]):
                if not (key[c] >> b) & 1:
                    lowest[c] = min(lowest[c], lowest[c + (1 << b)])
    for s in range(label.size):
        changed |= lowest[column[s]] < label[s]
        label[s] = lowest[column[s]]
    return changed


@njit(inner=True)
def sweep(plan: Plan, i: int, value: I32, w: Work) -> Any:
    """As :func:`search` for moves of any kind, straight through memory; false where that takes too many rounds.

    With every combination of options feasible two rounds are enough, one of them to see that nothing changes.
    """
    movers, quiet = plan.actor.size, 1
    for s in range(value.size):
        w.label[s] = value[s]
    for j in range(movers):
        if plan.kind[j] == PAIRS and j != i:
            return False
    for k in range(_ROUNDS * movers):
        if quiet == movers:
            return True
        if k % movers != i:
            quiet = 2 if _sink(plan, k % movers, w.label, w.first) else quiet + 1
    return quiet == movers


@njit(inner=True)
def sort_by(value: I32, count: I64, out: I32) -> None:
    """Indices in ascending order of *value* (0 <= value < size)."""
    for k in range(count.size):
        count[k] = 0
    for s in range(value.size):
        count[value[s] + 1] += 1
    for k in range(1, count.size):
        count[k] += count[k - 1]
    for s in range(value.size):
        out[count[value[s]]] = s
        count[value[s]] += 1


@njit(inner=True)
def store(payoffs: Any, theta: I32, values: Any, margins: Any) -> None:
    """What the actor has beyond what a move secures it."""
    for s in range(theta.size):
        margins[s] = payoffs[s] - values[theta[s]] if theta[s] >= 0 else np.inf


@njit(inner=True)
def _secured(plan: Plan, i: int, w: Work) -> None:
    """Into *theta*: the best that a move of *i* secures, given how far the others can push it down."""
    for s in range(w.label.size):
        w.worth[s] = min(w.label[s], w.rank[i, s])
    best_move(plan, i, w.worth, w.first, w.second, w.up, w.theta)


@njit(inner=True)
def solve(plan: Plan, payoffs: Any, order: I32, wanted: Any, count: I64, w: Work, margins: Any) -> None:
    """Margins of R, GMR, SMR and SEQ (those *wanted*), shape (4, actors, states), infinite for who has no move.

    *order* sorts the states by what they are worth to each mover.
    """
    margins[:] = np.inf
    rank_rows(payoffs, order, plan.actor, w.rank, w.values)
    list_members(plan, order, w.rank, w.fill, w.members, w.member_rank)
    for s in range(w.rows.shape[0]):
        for j in range(w.rows.shape[1]):
            w.rows[s, j] = w.rank[j, s]
    for i in range(plan.actor.size):
        a = plan.actor[i]
        best_move(plan, i, w.rank[i], w.first, w.second, w.up, w.theta)
        if wanted[0]:
            store(payoffs[a], w.theta, w.values[i], margins[0, a])
        if wanted[2]:
            for s in range(w.theta.size):
                w.theta[s] = max(w.theta[s], w.rank[i, s])
            if not sweep(plan, i, w.theta, w):
                sort_by(w.theta, count, w.sorted)
                search(plan, i, w.sorted, w.theta, False, w)
            _secured(plan, i, w)
            store(payoffs[a], w.theta, w.values[i], margins[2, a])
        for concept, improving in ((1, False), (3, True)):
            if wanted[concept]:
                if improving or not sweep(plan, i, w.rank[i], w):
                    search(plan, i, order[i], w.rank[i], improving, w)
                _secured(plan, i, w)
                store(payoffs[a], w.theta, w.values[i], margins[concept, a])


@njit(nogil=True)
def solve_worlds(
    plan: Plan, payoffs: Any, order: I32, wanted: Any, count: I64, w: Work, margins: Any, out: Any
) -> None:
    """Smallest margin over the actors, shape (4, worlds, states) into *out*, world by world.

    *order* sorts the states by what they are worth to each mover, shape (worlds, movers, states).  The margins of the
    last world are left in *margins*, shape (4, actors, states), its ranks in the work space.
    """
    out[:] = np.inf
    for world in range(payoffs.shape[0]):
        solve(plan, payoffs[world], order[world], wanted, count, w, margins)
        for concept in range(4):
            if wanted[concept]:
                least_margin(margins[concept], out[concept, world])


@njit(inner=True)
def least_margin(margins: Any, out: Any) -> None:
    """Smallest margin over the actors, state by state."""
    for i in range(margins.shape[0]):
        for s in range(out.size):
            out[s] = min(out[s], margins[i, s])
