"""Where steepest descent ends, from every division at once.

Every division starts with a mass of 1.  It hands its mass on to the neighbours (one actor turned) of least energy, in
equal parts where several tie; what reaches a minimum is the size of its basin.  A division is taken once all that hand
on to it have done so, so each is taken once.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from accord.engine.compile import njit


@njit(inner=True)
def _turn(actor: int, weight: Any, side: Any, rises: Any) -> None:
    """Turn one actor; *rises* holds what turning each actor adds to the energy."""
    for k in range(side.size):
        # Pairs now together come apart when turned, and the other way round.
        rises[k] -= 2.0 * weight[actor, k] * side[actor] * side[k]
    rises[actor] = -rises[actor]
    side[actor] = -side[actor]


@njit(inner=True)
def _go(here: int, to: int, weight: Any, side: Any, rises: Any) -> None:
    """Turn every free actor in which two codes differ."""
    change, top = here ^ to, side.size - 1
    while change:
        low = change & -change
        bit = 0
        while (low >> bit) > 1:
            bit += 1
        _turn(top - bit, weight, side, rises)
        change ^= low


@njit(inner=True)
def _steepest(rises: Any, slack: float) -> Any:
    """The least rise, or 0 when none is a fall."""
    least = np.inf
    for k in range(rises.size):
        least = rises[k] if rises[k] < least else least
    return least if least < -slack else 0.0


@njit(inner=True)
def _neighbour(code: int, actor: int, actors: int) -> Any:
    """The code with one actor turned; turning actor 0 is turning all others."""
    return code ^ ((1 << (actors - 1)) - 1) if actor == 0 else code ^ (1 << (actors - 1 - actor))


@njit(inner=True)
def _start(weight: Any, side: Any, rises: Any) -> None:
    """Everybody in bloc 0."""
    side[:] = 1.0
    for k in range(side.size):
        rises[k] = 0.0
        for j in range(side.size):
            if j != k:
                rises[k] += weight[k, j]


@njit(inner=True)
def _waits(weight: Any, slack: float, side: Any, rises: Any, waits: Any) -> None:
    """How many neighbours hand on to each code, counted along a Gray code."""
    actors = side.size
    _start(weight, side, rises)
    here = 0
    for number in range(waits.size):
        gray = number ^ (number >> 1)
        _go(here, gray, weight, side, rises)
        here = gray
        fall = _steepest(rises, slack)
        if fall < 0.0:
            for k in range(actors):
                if rises[k] <= fall + slack:
                    waits[_neighbour(gray, k, actors)] += 1


@njit(inner=True)
def _hand_on(code: int, fall: float, slack: float, rises: Any, mass: Any, waits: Any, stack: Any) -> Any:
    """Hand the mass of one code on; how many codes became ready, put in *stack*."""
    ways, ready, actors = 0, 0, rises.size
    for k in range(actors):
        ways += rises[k] <= fall + slack
    for k in range(actors):
        if rises[k] <= fall + slack:
            other = _neighbour(code, k, actors)
            mass[other] += mass[code] / ways
            waits[other] -= 1
            if waits[other] == 0:
                stack[ready] = other
                ready += 1
    return ready


@njit()
def basins_of(weight: Any, slack: float, minima: Any) -> Any:
    """Mass that steepest descent brings to each of these codes, shape (minima,)."""
    actors = weight.shape[0]
    total = 1 << (actors - 1)
    side, rises = np.empty(actors), np.empty(actors)
    waits, mass = np.zeros(total, np.uint8), np.ones(total)
    _waits(weight, slack, side, rises, waits)
    # No code waits twice, so this is always room enough; the system gives memory only for what is written to.
    stack = np.empty(total + actors, np.int32)
    sources = np.empty((total + 7) // 8, np.uint8)
    sources[:] = 0
    for c in range(total):
        if waits[c] == 0:
            sources[c >> 3] |= np.uint8(1 << (c & 7))
    here = (total - 1) ^ ((total - 1) >> 1)
    for number in range(total):
        gray = number ^ (number >> 1)
        if not (sources[gray >> 3] >> (gray & 7)) & 1:
            continue
        stack[0] = np.int32(gray)
        held = 1
        while held:
            held -= 1
            code = int(stack[held])
            _go(here, code, weight, side, rises)
            here = code
            fall = _steepest(rises, slack)
            if fall < 0.0:
                held += _hand_on(code, fall, slack, rises, mass, waits, stack[held:])
    out = np.empty(minima.size)
    for k in range(minima.size):
        out[k] = mass[minima[k]]
    return out
