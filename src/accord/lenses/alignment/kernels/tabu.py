"""Search and enumeration over partitions into at most k blocs: most weight within blocs.

Weight within blocs is what friends together bring less what foes together cost, so most of it is least frustration.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from accord.engine.compile import njit


@njit(inner=True)
def _gains(weight: Any, bloc: Any, gain: Any) -> None:
    """Weight of each actor with each bloc."""
    gain[:] = 0.0
    for i in range(bloc.size):
        for j in range(bloc.size):
            gain[i, bloc[j]] += weight[i, j]


@njit(inner=True)
def _total(weight: Any, bloc: Any) -> Any:
    """Weight within blocs."""
    total = 0.0
    for i in range(bloc.size):
        for j in range(i):
            if bloc[i] == bloc[j]:
                total += weight[i, j]
    return total


@njit(inner=True)
def _best_move(bloc: Any, gain: Any, until: Any, step: int, short: float) -> Any:
    """The move of one actor that brings most, of those that are free or bring more than *short*: actor, bloc, gain."""
    who, where, most = -1, -1, -np.inf
    for i in range(bloc.size):
        held = gain[i, bloc[i]]
        for c in range(gain.shape[1]):
            brings = gain[i, c] - held
            if c != bloc[i] and brings > most and (until[i, c] <= step or brings > short):
                who, where, most = i, c, brings
    return who, where, most


@njit(inner=True)
def _search(weight: Any, bloc: Any, gain: Any, until: Any, steps: int, tenure: int, best: Any) -> Any:
    """Tabu search from *bloc*; stops after *steps* without a better partition.  Most weight within; it goes to *best*."""
    _gains(weight, bloc, gain)
    until[:] = 0
    now = _total(weight, bloc)
    most, last, step = now, 0, 0
    best[:] = bloc
    while step - last < steps:
        step += 1
        who, where, brings = _best_move(bloc, gain, until, step, most - now)
        if who < 0:
            continue
        left = bloc[who]
        # A length that varies without luck keeps the search out of cycles.
        until[who, left] = step + tenure + (step * 7) % (tenure + 3)
        bloc[who] = where
        for j in range(bloc.size):
            gain[j, left] -= weight[j, who]
            gain[j, where] += weight[j, who]
        now += brings
        if now > most:
            most, last = now, step
            best[:] = bloc
    return most


@njit()
def tabu(weight: Any, blocs: int, starts: Any, steps: int, tenure: int, out: Any) -> Any:
    """Best partition found from several starts, shape (starts, actors): most weight within; it goes to *out*.

    *weight* must be whole numbers on a grid, so that gains kept up to date stay exact.
    """
    actors = weight.shape[0]
    gain, until = np.empty((actors, blocs)), np.empty((actors, blocs), np.int64)
    best, most = np.empty(actors, np.int64), -np.inf
    for start in range(starts.shape[0]):
        found = _search(weight, starts[start], gain, until, steps, tenure, best)
        if found > most:
            most = found
            out[:] = best
    return most


@njit()
def every_partition(weight: Any, blocs: int, slack: float, out: Any) -> Any:
    """Most weight within at most so many blocs, over every partition, and how many partitions have it.

    Branch and bound over restricted growth: actor k joins a bloc that exists or opens the next; a branch is left when
    all friendly ties that are still open could not make up for what it lacks.
    """
    actors = weight.shape[0]
    hope = np.zeros(actors + 1)
    for k in range(actors - 1, -1, -1):
        hope[k] = hope[k + 1]
        for j in range(k):
            hope[k] += max(weight[k, j], 0.0)
    bloc, opened = np.full(actors, -1, np.int64), np.zeros(actors + 1, np.int64)
    within = np.zeros(actors + 1)
    most, ways, k = -np.inf, 0, 0
    while k >= 0:
        bloc[k] += 1
        if bloc[k] > opened[k] or bloc[k] >= blocs:
            bloc[k] = -1
            k -= 1
            continue
        total = within[k]
        for j in range(k):
            if bloc[j] == bloc[k]:
                total += weight[k, j]
        if total + hope[k + 1] < most - slack:
            continue
        if k + 1 < actors:
            within[k + 1] = total
            opened[k + 1] = max(opened[k], bloc[k] + 1)
            k += 1
        elif total > most + slack:
            most, ways = total, 1
            out[:] = bloc
        else:
            ways += 1
    return most, ways


@njit()
def triangles(first: Any, second: Any, index: Any, out: Any) -> Any:
    """Triangles of ties, rows of three tie numbers; *index* is the number of the tie of two actors, or -1.  Their count.

    Only as many as *out* holds are written.
    """
    count = 0
    for e in range(first.size):
        i, j = first[e], second[e]
        for k in range(j + 1, index.shape[0]):
            if index[i, k] >= 0 and index[j, k] >= 0:
                if count < out.shape[0]:
                    out[count, 0], out[count, 1], out[count, 2] = e, index[i, k], index[j, k]
                count += 1
    return count


@njit(inner=True)
def _root(parent: Any, turned: Any, i: int) -> Any:
    """The root of a tree of actors, and whether the actor stands opposite to it."""
    side = 0
    while parent[i] != i:
        side ^= turned[i]
        i = parent[i]
    return i, side


@njit()
def tree_sides(first: Any, second: Any, foes: Any, order: Any, out: Any) -> None:
    """Sides 0 and 1 that satisfy a tie if, taken in *order*, it closes no cycle of ties taken before."""
    parent, turned = np.arange(out.size), np.zeros(out.size, np.int64)
    for e in order:
        a, side = _root(parent, turned, first[e])
        b, other = _root(parent, turned, second[e])
        if a != b:
            parent[a] = b
            turned[a] = side ^ other ^ foes[e]
    for i in range(out.size):
        out[i] = _root(parent, turned, i)[1]


@njit()
def packed(cycles: Any, left: Any) -> Any:
    """A bound from cycles of three ties of which one is frustrated each: what they cost when no cost counts twice.

    *left*, what each tie costs, is used up.
    """
    total = 0.0
    for k in range(cycles.shape[0]):
        a, b, c = cycles[k, 0], cycles[k, 1], cycles[k, 2]
        least = min(left[a], left[b], left[c])
        if least > 0.0:
            total += least
            left[a] -= least
            left[b] -= least
            left[c] -= least
    return total
