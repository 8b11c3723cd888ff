"""Sanctions in graph form: moves are arcs, and no actor moves twice in a row, so a search has to know who moved last."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from accord.engine.compile import njit
from accord.lenses.conflict.kernels.moves import I32, I64, rank_rows
from accord.lenses.conflict.kernels.search import least_margin, sort_by, store

_NOBODY, _SEVERAL = -1, -2


class Arcs(NamedTuple):
    """Moves in graph form; columns are the actors that have an arc.

    Parameters
    ----------
    actor : ndarray, shape (movers,)
        Index of each mover among all actors.
    out_start, in_start : ndarray, shape (movers, states + 1)
        Where a state's arcs begin in *out_to* (forwards) and *in_from* (backwards), numbered through over all movers.
    out_to, in_from : ndarray, shape (arcs,)
        The state at the other end.
    """

    actor: I32
    out_start: I64
    out_to: I32
    in_start: I64
    in_from: I32


class ArcWork(NamedTuple):
    """Space that a solution needs; the numbers are those of one world."""

    rank: I32
    values: Any
    label: I32
    worth: I32
    theta: I32
    sorted: I32
    reached_by: I32
    stack: I64


@njit(inner=True)
def best_arc(arcs: Arcs, j: int, worth: I32, out: I32) -> None:
    """For each state the largest *worth* at the end of an arc of mover *j*; -1 where it has none."""
    for s in range(worth.size):
        best = np.int32(-1)
        for k in range(arcs.out_start[j, s], arcs.out_start[j, s + 1]):
            best = max(best, worth[arcs.out_to[k]])
        out[s] = best


@njit(inner=True)
def _end_here(x: int, i: int, least: int, movers: int, w: ArcWork) -> Any:
    """Label what can simply end at this state, and put its nodes (state, who moved last) in waiting; their number."""
    waiting, before = 0, w.reached_by[x]
    if before == _NOBODY:
        w.label[x] = least
    for k in range(movers):
        if k != i and before in (_NOBODY, k):
            w.stack[waiting] = x * movers + k
            waiting += 1
    w.reached_by[x] = _SEVERAL
    return waiting


@njit(inner=True)
def _lead_on(y: int, i: int, k: int, least: int, movers: int, waiting: int, w: ArcWork) -> Any:
    """Mover *k* has an arc from this state to one reached: so is every node here that somebody else moved to last."""
    before = w.reached_by[y]
    if before == _NOBODY:
        w.label[y] = least
        w.reached_by[y] = k
        for last in range(movers):
            if last not in (i, k):
                w.stack[waiting] = y * movers + last
                waiting += 1
    elif before not in (_SEVERAL, k):
        # What the first left open is the node that it moved to itself.
        w.reached_by[y] = _SEVERAL
        w.stack[waiting] = y * movers + before
        waiting += 1
    return waiting


@njit(inner=True)
def search_arcs(arcs: Arcs, i: int, order: I32, value: I32, improving: bool, w: ArcWork) -> None:
    """Label each state with the least *value* that the others of mover *i* can bring about from it (or that it has).

    Nodes are taken in ascending *value* of their state and hand it on backwards; each is taken once, each arc once.
    """
    movers = arcs.actor.size
    for s in range(value.size):
        w.reached_by[s] = _NOBODY
    for position in range(value.size):
        least = value[order[position]]
        waiting = _end_here(order[position], i, least, movers, w)
        while waiting > 0:
            waiting -= 1
            x, k = w.stack[waiting] // movers, w.stack[waiting] % movers
            for a in range(arcs.in_start[k, x], arcs.in_start[k, x + 1]):
                y = arcs.in_from[a]
                if not improving or w.rank[k, y] < w.rank[k, x]:
                    waiting = _lead_on(y, i, k, least, movers, waiting, w)


@njit(inner=True)
def _secured(arcs: Arcs, i: int, w: ArcWork) -> None:
    """Into *theta*: the best that an arc of *i* secures, given how far the others can push it down."""
    for s in range(w.label.size):
        w.worth[s] = min(w.label[s], w.rank[i, s])
    best_arc(arcs, i, w.worth, w.theta)


@njit(inner=True)
def solve_arcs(
    arcs: Arcs, payoffs: Any, order: I32, wanted: Any, count: I64, w: ArcWork, margins: Any
) -> None:
    """Margins of R, GMR, SMR and SEQ (those *wanted*), shape (4, actors, states), infinite for who has no move."""
    margins[:] = np.inf
    rank_rows(payoffs, order, arcs.actor, w.rank, w.values)
    for i in range(arcs.actor.size):
        a = arcs.actor[i]
        best_arc(arcs, i, w.rank[i], w.theta)
        if wanted[0]:
            store(payoffs[a], w.theta, w.values[i], margins[0, a])
        if wanted[2]:
            for s in range(w.theta.size):
                w.theta[s] = max(w.theta[s], w.rank[i, s])
            sort_by(w.theta, count, w.sorted)
            search_arcs(arcs, i, w.sorted, w.theta, False, w)
            _secured(arcs, i, w)
            store(payoffs[a], w.theta, w.values[i], margins[2, a])
        for concept, improving in ((1, False), (3, True)):
            if wanted[concept]:
                search_arcs(arcs, i, order[i], w.rank[i], improving, w)
                _secured(arcs, i, w)
                store(payoffs[a], w.theta, w.values[i], margins[concept, a])


@njit(nogil=True)
def solve_arc_worlds(
    arcs: Arcs, payoffs: Any, order: I32, wanted: Any, count: I64, w: ArcWork, margins: Any, out: Any
) -> None:
    """Smallest margin over the actors, shape (4, worlds, states) into *out*, world by world (see ``solve_worlds``)."""
    out[:] = np.inf
    for world in range(payoffs.shape[0]):
        solve_arcs(arcs, payoffs[world], order[world], wanted, count, w, margins)
        for concept in range(4):
            if wanted[concept]:
                least_margin(margins[concept], out[concept, world])
