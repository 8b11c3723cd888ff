"""Sanctions all at once: improvements foiled by a combination of the others' improvements from the same state."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from accord.engine.compile import njit
from accord.lenses.conflict.kernels.arcs import Arcs
from accord.lenses.conflict.kernels.moves import I32, I64, PAIRS, REVERSIBLE, Plan, locate

# Combinations tried before bounds are looked at.
_QUICK = 24
_ALL = 2**62


class Together(NamedTuple):
    """What a search for foiling combinations needs.

    Parameters
    ----------
    masks : ndarray, shape (states,)
        Options taken in each state.
    table : ndarray
        Where a combination stands among the states (see ``moves.locate``), with *direct* and *shift*.
    least : ndarray, shape (movers, states)
        Lowest rank for a mover of any state with the same options of its own: no combination does worse.
    slack : ndarray, shape (movers,)
        How far a combined effect on a mover's payoff can lie below the sum of single effects.
    pool : ndarray
        States by cell, then space for lists of improvements.
    space : ndarray, shape (movers + 1,)
        Where a mover's space in the pool begins.
    at, count, digit : ndarray, shape (movers,)
        Where a mover's improvements from the present state begin in the pool, how many there are, which is tried.
    """

    masks: I64
    table: I32
    direct: bool
    shift: int
    least: I32
    slack: Any
    pool: I32
    space: I64
    at: I64
    count: I64  # type: ignore[assignment]  # a field, not the method of tuples
    digit: I64


@njit(inner=True)
def _try(s: int, t: int, i: int, rank: I32, limit: int, g: Together) -> Any:
    """Whether some combination foils the move to *t*: 1 yes, 0 none does, -1 none of the first so many does."""
    mask, home, movers = g.masks[t], g.masks[s], g.count.size
    for j in range(movers):
        g.digit[j] = 0
    for _ in range(limit):
        j = 0
        while j < movers:
            if j != i and g.count[j] > 0:
                if g.digit[j] > 0:
                    mask ^= g.masks[g.pool[g.at[j] + g.digit[j] - 1]] ^ home
                if g.digit[j] < g.count[j]:
                    mask ^= g.masks[g.pool[g.at[j] + g.digit[j]]] ^ home
                    g.digit[j] += 1
                    break
                g.digit[j] = 0
            j += 1
        if j == movers:
            return 0
        x = locate(mask, g.masks, g.table, g.direct, g.shift)
        if x >= 0 and rank[x] <= rank[s]:
            return 1
    return -1


@njit(inner=True)
def _press(s: int, i: int, payoff: Any, g: Together) -> Any:
    """The combination of what hurts *i* most by itself, as the bits that it changes, and the sum of these effects."""
    change, down = np.int64(0), 0.0
    for j in range(g.count.size):
        if j == i:
            continue
        worst = s
        for k in range(g.count[j]):
            if payoff[g.pool[g.at[j] + k]] < payoff[worst]:
                worst = g.pool[g.at[j] + k]
        change ^= g.masks[worst] ^ g.masks[s]
        down += payoff[worst] - payoff[s]
    return change, down


@njit(inner=True)
def _holds(s: int, i: int, payoff: Any, rank: I32, g: Together) -> Any:
    """Whether every improvement of *i* from *s* is foiled."""
    others = 0
    for j in range(g.count.size):
        if j != i and g.count[j] > 0:
            others += 1
    if others == 0:
        return g.count[i] == 0
    pressed, change, down = False, np.int64(0), 0.0
    for k in range(g.count[i] - 1, -1, -1):
        t = g.pool[g.at[i] + k]
        found = _try(s, t, i, rank, _QUICK, g)
        if found < 0:
            if g.least[i, t] > rank[s]:
                return False
            if not pressed:
                change, down = _press(s, i, payoff, g)
                pressed = True
            if payoff[t] + down - g.slack[i] > payoff[s]:
                return False
            x = locate(g.masks[t] ^ change, g.masks, g.table, g.direct, g.shift)
            found = 1 if x >= 0 and rank[x] <= rank[s] else _try(s, t, i, rank, _ALL, g)
        if found == 0:
            return False
    return True


@njit(inner=True)
def _first_above(member_rank: I32, low: int, high: int, level: int) -> Any:
    """First place in a sorted stretch with a rank above *level*."""
    while low < high:
        middle = (low + high) // 2
        if member_rank[middle] > level:
            high = middle
        else:
            low = middle + 1
    return low


@njit(inner=True)
def _list_cells(plan: Plan, s: int, j: int, level: int, member_rank: I32, g: Together) -> Any:
    """Into the pool: improvements of an irreversible mover, through every cell with more steps taken; their number."""
    home, count = plan.cell[s, j], 0
    c = home
    while True:
        end = plan.start[c + 1]
        for k in range(_first_above(member_rank, plan.start[c], end, level), end):
            g.pool[g.space[j] + count] = g.pool[k]
            count += 1
        c += 1
        if plan.kind[j] == PAIRS:
            while c < plan.right[home] and plan.key[home] & ~plan.key[c] != 0:
                c += 1
        elif c < plan.right[home]:
            # The next larger number that has all the bits of home.
            c = plan.left[home] + (plan.key[c] | plan.key[home])
        if c >= plan.right[home]:
            return count


@njit(nogil=True)
def least_by(group: I32, rank: I32, found: I32, out: I32) -> None:
    """For each state the lowest rank in its group; *found* is space for a number per group."""
    for k in range(found.size):
        found[k] = rank.size
    for s in range(rank.size):
        found[group[s]] = min(found[group[s]], rank[s])
    for s in range(rank.size):
        out[s] = found[group[s]]


@njit(nogil=True)
def hold_together(plan: Plan, payoffs: Any, rank: I32, member_rank: I32, g: Together, stable: Any) -> None:
    """SIM stability in option form into *stable*, shape (actors, states), all true before."""
    movers = plan.actor.size
    for s in range(g.masks.size):
        for j in range(movers):
            if plan.kind[j] == REVERSIBLE:
                end = plan.start[plan.cell[s, j] + 1]
                g.at[j] = _first_above(member_rank, plan.start[plan.cell[s, j]], end, rank[j, s])
                g.count[j] = end - g.at[j]
            else:
                g.at[j] = g.space[j]
                g.count[j] = _list_cells(plan, s, j, rank[j, s], member_rank, g)
        for i in range(movers):
            stable[plan.actor[i], s] = _holds(s, i, payoffs[plan.actor[i]], rank[i], g)


@njit(nogil=True)
def hold_together_arcs(arcs: Arcs, payoffs: Any, rank: I32, g: Together, stable: Any) -> None:
    """SIM stability in graph form into *stable*, shape (actors, states), all true before."""
    movers = arcs.actor.size
    for s in range(g.masks.size):
        for j in range(movers):
            g.at[j], g.count[j] = g.space[j], 0
            for k in range(arcs.out_start[j, s], arcs.out_start[j, s + 1]):
                t = arcs.out_to[k]
                if rank[j, t] > rank[j, s]:
                    g.pool[g.at[j] + g.count[j]] = t
                    g.count[j] += 1
        for i in range(movers):
            stable[arcs.actor[i], s] = _holds(s, i, payoffs[arcs.actor[i]], rank[i], g)
