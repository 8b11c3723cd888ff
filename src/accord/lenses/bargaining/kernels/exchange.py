"""Compiled kernels of position exchange: which deals exist, how far each side moves, what a done deal does to the others.

Letters are those of the project's specification of the bargaining lens, section (c).  A deal has two sides; side 0 is
the specification's i, side 1 its j.  What a side demands is what the other supplies.  Positions run from 0 to 100.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.engine.compile import njit

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

# Below this a move or a gain is none.
LEAST = 1e-10
# Rounding must not decide whether the mean stands exactly at a position, or which of two equal gains is larger.
_EDGE, _TIE = 1e-9, 1e-12
_UP, _DOWN, _NONE = 1, 2, 4


class Table(NamedTuple):
    """What everybody brings to a round.

    Parameters
    ----------
    place, care, weight : ndarray, shape (actors, issues)
        Position 0..100, salience, and salience times power; 0 where an actor holds no position.
    held : ndarray of bool, shape (actors, issues)
    total : ndarray, shape (issues,)
        Sum of weights.
    """

    place: F64
    care: F64
    weight: F64
    held: Any
    total: F64


class Pool(NamedTuple):
    """Deals, and for each its two sides.

    Parameters
    ----------
    actor, supply : ndarray of int, shape (deals, 2)
        Who, and the issue on which it moves.
    now, want : ndarray, shape (deals, 2)
        Where a side stands on its supply issue, and where its partner stood when the round began.
    move, vote : ndarray, shape (deals, 2)
        Last move of a side on its supply issue, and where it leads.
    moved : ndarray, shape (deals, 2)
        Sum of the earlier moves that count for a side.
    ways : ndarray of int, shape (deals, 2)
        Directions of these, as bits.
    gain : ndarray, shape (deals,)
    alive : ndarray of bool, shape (deals,)
    believed : ndarray, shape (deals, 2, actors)
        Where others are believed to go on the supply issue of a side; NaN where nothing is known beyond the start.
    """

    actor: I64
    supply: I64
    now: F64
    want: F64
    move: F64
    vote: F64
    moved: F64
    ways: I64
    gain: F64
    alive: Any
    believed: F64


@njit(inner=True)
def _pairs(table: Any, left: Any, p: int, q: int, pool: Any, at: int, write: bool) -> int:
    """Deals over a pair of issues, written from number *at* on; the number after the last (c.1)."""
    n = left.shape[0]
    for apart in range(2):
        for i in range(n):
            if not (table.held[i, p] and table.held[i, q] and left[i, p] == (apart == 1) and not left[i, q]):
                continue
            for j in range(n):
                if not (table.held[j, p] and table.held[j, q] and left[j, q] and left[j, p] == (apart == 0)):
                    continue
                if write:
                    _write(table, i, j, p, q, pool, at)
                at += 1
    return at


@njit(inner=True)
def _write(table: Any, i: int, j: int, p: int, q: int, pool: Any, e: int) -> None:
    """Write down a deal; the side that cares more for p, compared with q, demands it."""
    care = table.care
    if care[i, p] * care[j, q] < care[j, p] * care[i, q]:
        i, j = j, i
    for z, one, other, issue in ((0, i, j, q), (1, j, i, p)):
        pool.actor[e, z], pool.supply[e, z] = one, issue
        pool.now[e, z], pool.want[e, z] = table.place[one, issue], table.place[other, issue]
    _size(table, pool, e)


@njit(inner=True)
def _size(table: Any, pool: Any, e: int) -> None:
    """How far both sides move for equal gains (c.2), shifts of the means cut so that neither overshoots (c.3)."""
    i, j = pool.actor[e]
    q, p = pool.supply[e]
    care, weight, total = table.care, table.weight, table.total
    gap_q, gap_p = pool.want[e, 0] - pool.now[e, 0], pool.want[e, 1] - pool.now[e, 1]
    far_i, far_j = abs(gap_q), abs(gap_p)
    shift_p = far_j * weight[j, p] / total[p]
    shift_q = shift_p * (care[j, p] + care[i, p]) / (care[j, q] + care[i, q])
    move_i, move_j = shift_q * total[q] / weight[i, q], far_j
    if move_i > far_i:
        shift_q = far_i * weight[i, q] / total[q]
        shift_p = shift_q * (care[i, q] + care[j, q]) / (care[i, p] + care[j, p])
        move_i, move_j = far_i, shift_p * total[p] / weight[j, p]
    pool.move[e, 0], pool.move[e, 1] = move_i * np.sign(gap_q), move_j * np.sign(gap_p)
    for z in range(2):
        pool.vote[e, z] = pool.now[e, z] + pool.move[e, z]
    pool.gain[e] = abs(shift_q * care[i, q] - shift_p * care[i, p])
    pool.alive[e] = _allowed(pool, e, 0) and _allowed(pool, e, 1) and pool.gain[e] >= LEAST
    if pool.alive[e]:
        _cut(table, pool, e, 0)
        _cut(table, pool, e, 1)
        pool.alive[e] = _allowed(pool, e, 0) and _allowed(pool, e, 1)


@njit(inner=True)
def _way(move: float) -> int:
    """Direction of a move as a bit."""
    return _UP if move > 0 else _DOWN if move < 0 else _NONE


@njit(inner=True)
def _allowed(pool: Any, e: int, z: int) -> bool:
    """Whether a side's move is one at all, stays on the scale and goes the way of its earlier ones (c.2)."""
    move, vote = pool.move[e, z], pool.vote[e, z]
    ways = pool.ways[e, z] | _way(move)
    inside = LEAST < abs(move) <= 100 + _EDGE and -_EDGE <= vote <= 100 + _EDGE
    return bool(inside and pool.moved[e, z] + move <= 100 + _EDGE and ways in (_UP, _DOWN))


@njit(inner=True)
def _cut(table: Any, pool: Any, e: int, z: int) -> None:
    """Shorten a deal in which a side's move carries the mean past its partner's position (c.3)."""
    me, you, q, p = pool.actor[e, z], pool.actor[e, 1 - z], pool.supply[e, z], pool.supply[e, 1 - z]
    care, weight, aim = table.care, table.weight, pool.want[e, z]
    others = 0.0
    for k in range(table.place.shape[0]):
        if k != me and table.held[k, q]:
            known = pool.believed[e, z, k]
            others += weight[k, q] * (table.place[k, q] if np.isnan(known) else known)
    own, total = weight[me, q], table.total[q]
    before = aim - (others + own * pool.now[e, z]) / total
    after = aim - (others + own * pool.vote[e, z]) / total
    if (before >= -_EDGE and after >= -_EDGE) or (before <= _EDGE and after <= _EDGE):
        return
    mine = pool.believed[e, z, me]
    gap = abs(aim * total - others - own * (pool.now[e, z] if np.isnan(mine) else mine))
    shift = gap / total
    back = shift * (care[me, q] + care[you, q]) / (care[me, p] + care[you, p])
    pool.move[e, z] = gap / own * np.sign(pool.move[e, z])
    pool.move[e, 1 - z] = back * table.total[p] / weight[you, p] * np.sign(pool.move[e, 1 - z])
    for y in range(2):
        pool.vote[e, y] = pool.now[e, y] + pool.move[e, y]
    pool.gain[e] = abs(shift * care[me, q] - back * care[me, p])


@njit(inner=True)
def _react(table: Any, pool: Any, done: int, e: int) -> None:
    """What a waiting deal makes of one that was just done (c.4)."""
    hit = False
    for z in range(2):
        for w in range(2):
            if pool.actor[e, z] == pool.actor[done, w] and pool.supply[e, z] == pool.supply[done, w]:
                pool.now[e, z] = pool.vote[done, w]
                # The reference keeps the side's own stale move among those that count, and loses the one just done.
                pool.moved[e, z] += pool.move[e, z]
                pool.ways[e, z] |= _way(pool.move[e, z])
                hit = True
    for giver in range(2):
        taker = 1 - giver
        for f in range(2):
            issue = pool.supply[e, 1 - f]
            if pool.actor[e, f] == pool.actor[done, taker] and issue == pool.supply[done, giver]:
                who, goes = pool.actor[done, giver], pool.vote[done, giver]
                known = pool.believed[e, 1 - f, who]
                if np.isnan(known):
                    pool.believed[e, 1 - f, who] = goes
                elif table.place[who, issue] <= known:
                    pool.believed[e, 1 - f, who] = min(known, goes)
                else:
                    pool.believed[e, 1 - f, who] = max(known, goes)
                hit = True
    if hit:
        _size(table, pool, e)


@njit(inner=True)
def _largest(pool: Any) -> int:
    """The waiting deal with the largest gain, the earliest of equals; -1 when none waits."""
    best = -1
    for e in range(pool.gain.size):
        if pool.alive[e] and (best < 0 or pool.gain[e] > pool.gain[best] * (1 + _TIE)):
            best = e
    return best


@njit(nogil=True)
def trade(place: F64, care: F64, weight: F64, held: Any, left: Any) -> Any:
    """One round of exchange.

    Parameters
    ----------
    place, care, weight, held
        See :class:`Table`.
    left : ndarray of bool, shape (actors, issues)
        Whether an actor stands at or below the mean.

    Returns
    -------
    tuple
        Numbers of the deals done, in order, and the :class:`Pool` with what was done.
    """
    actors, issues = place.shape
    table = Table(place, care, weight, held, weight.sum(axis=0))
    pool, size = _pool(0, actors), 0
    for write in (False, True):
        at = 0
        for p in range(issues):
            for q in range(p + 1, issues):
                at = _pairs(table, left, p, q, pool, at, write)
        if not write:
            pool, size = _pool(at, actors), at
    done, count = np.empty(size, np.int64), 0
    while True:
        best = _largest(pool)
        if best < 0:
            break
        pool.alive[best] = False
        done[count] = best
        count += 1
        for e in range(size):
            if pool.alive[e]:
                _react(table, pool, best, e)
    return done[:count], pool


@njit(inner=True)
def _pool(size: int, actors: int) -> Any:
    """Room for deals."""
    return Pool(
        np.zeros((size, 2), np.int64),
        np.zeros((size, 2), np.int64),
        np.zeros((size, 2)),
        np.zeros((size, 2)),
        np.zeros((size, 2)),
        np.zeros((size, 2)),
        np.zeros((size, 2)),
        np.zeros((size, 2), np.int64),
        np.zeros(size),
        np.zeros(size, np.bool_),
        np.full((size, 2, actors), np.nan),
    )
