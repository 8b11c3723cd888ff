"""Turns and whole games of the spatial model (section a.8), for one world or many."""

from __future__ import annotations

from typing import Any

import numpy as np

from accord.engine.compile import njit
from accord.lenses.bargaining.kernels.spatial_deals import bargains, outcomes, settle
from accord.lenses.bargaining.kernels.spatial_views import attitudes, challenges, distances, utilities
from accord.lenses.bargaining.kernels.spatial_work import (
    FRESH,
    LABEL,
    SETTLED,
    TURNS,
    UNDECIDED,
    X,
    Y,
    seat_actors,
    workspace,
)

STILL = 0.02
START = 1e-4


@njit()
def deliberate(work: Any, rules: Any, key: Any, world: Any, turn: Any) -> Any:
    """All stages of a turn, up to where everybody would move; whether every election came to a result."""
    distances(work)
    found = attitudes(work, rules)
    utilities(work, rules)
    challenges(work, rules)
    bargains(work, rules)
    outcomes(work, rules)
    return settle(work, rules, key, world, turn) and found


@njit()
def move(work: Any, ties: Any) -> Any:
    """Everybody moves, ideals follow; the sum of the distances moved, in units of the scale."""
    dimensions, actors = work.axes.shape[1], work.ids.shape[1]
    moved = 0.0
    for i in range(actors):
        square = 0.0
        for k in range(dimensions):
            gap = work.axes[FRESH, k, i] - work.axes[X, k, i]
            square += gap * gap
            work.axes[X, k, i] = work.axes[FRESH, k, i]
        moved += np.sqrt(square)
    for i in range(actors):
        for k in range(dimensions):
            if ties.shape[0] == 0:
                work.axes[Y, k, i] = work.axes[X, k, i]
            else:
                drawn = given = 0.0
                for j in range(actors):
                    share = ties[work.ids[LABEL, i], work.ids[LABEL, j]]
                    drawn += share * work.axes[X, k, j]
                    given += share
                work.axes[Y, k, i] = drawn + max(0.0, 1.0 - given) * work.axes[Y, k, i]
    return moved


@njit()
def record(work: Any, place: Any, low: Any, span: Any, before: Any, after: Any) -> None:
    """Positions on the scale of the input; who stays keeps the very number."""
    for row in range(work.ids.shape[1]):
        i = work.ids[LABEL, row]
        for k in range(low.shape[0]):
            if work.axes[X, k, row] == place[i, k]:
                after[i, k] = before[i, k]
            else:
                after[i, k] = low[k] + span[k] * work.axes[X, k, row]
            place[i, k] = work.axes[X, k, row]


@njit()
def ends(turn: Any, moved: Any, first: Any, most: Any) -> Any:
    """Why the game ends after this turn; -1 when it goes on."""
    if turn >= 2 and moved / (first + START) < STILL:
        return SETTLED
    return TURNS if turn >= most else -1


@njit(nogil=True)
def play_span(
    first: Any,
    last: Any,
    start: Any,
    place: Any,
    salience: Any,
    capability: Any,
    scale: Any,
    ties: Any,
    rules: Any,
    key: Any,
    out: Any,
    turns: Any,
    why: Any,
) -> None:
    """The games of some worlds, one after the other, in the same memory; *start* is the number of world 0.

    *salience* and *capability* have one world when all share it.  Positions go turn by turn into *out*, (worlds, most
    turns + 1, actors, dimensions), whose first row is given and whose last is repeated to the end.
    """
    work = workspace(place.shape[1], place.shape[2])
    most = out.shape[1] - 1
    for world in range(first, last):
        care = salience[world if salience.shape[0] > 1 else 0]
        power = capability[world if capability.shape[0] > 1 else 0]
        seat_actors(work, place[world], care, power, rules.literal)
        turn, code, opening = np.int64(0), -1, 0.0
        while code < 0:
            if not deliberate(work, rules, key, start + world, turn):
                code = UNDECIDED
                break
            turn += 1
            moved = move(work, ties)
            opening = moved if turn == 1 else opening
            record(work, place[world], scale[0], scale[1], out[world, turn - 1], out[world, turn])
            code = ends(turn, moved, opening, most)
        turns[world], why[world] = turn, code
        for rest in range(turn + 1, most + 1):
            for i in range(place.shape[1]):
                for k in range(place.shape[2]):
                    out[world, rest, i, k] = out[world, turn, i, k]
