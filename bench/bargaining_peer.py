"""The challenge model in plain numpy, as one would write it down: what the compiled kernels are measured against.

No package that can be installed plays this model; this is the reading ``paper``, with whole tables of numbers and no loop
over actors but the last.
"""

from __future__ import annotations

from typing import Any

import numpy as np

TINY = 1e-12


def chances(place: Any, weight: Any) -> Any:
    """Chance of the row to win against the column: votes of all others by distance, as a share."""
    far = np.abs(place[:, None] - place)
    votes = weight[:, None, None] * (far[:, None, :] - far[:, :, None])
    won = np.maximum(votes, 0).sum(axis=0)
    both = won + won.T
    cared = both > 1e-14 * weight.sum()
    return np.where(cared & (far > TINY), won / np.where(cared, both, 1.0), 0.5)


def worth(far: Any, odds: Any, care: Any, exponent: Any) -> Any:
    """Expected worth of the row challenging the column."""
    e = exponent[:, None]
    win, lose, rest = 2 - 4 * (0.5 - far / 2) ** e, 2 - 4 * (0.5 + far / 2) ** e, 2 - 4 * 0.5**e
    return care * (odds * win + (1 - odds) * lose) + (1 - care) * win - rest


def one_round(place: Any, care: Any, weight: Any, width: float) -> Any:
    """Positions after a round."""
    far, n = np.abs(place[:, None] - place) / width, len(place)
    odds = chances(place / width, weight)
    danger = worth(far, odds, care, np.ones(n)).sum(axis=0)
    spread = np.ptp(danger)
    risk = (2 * danger - danger.max() - danger.min()) / spread if spread > TINY else np.zeros(n)
    mine = worth(far, odds, care, (1 - risk / 3) / (1 + risk / 3))
    other = mine.T
    offered = (other > TINY) & (far > TINY)
    fight = offered & (mine > TINY) & (other > mine + TINY)
    meet = offered & (mine < -TINY) & (other > -mine + TINY)
    yields = offered & (mine < -TINY) & ~meet
    share = np.where(meet, -mine / np.where(meet, other, 1.0), 1.0)
    goal = np.where(share < 1, place[:, None] + (place - place[:, None]) * share, place)
    kind = np.select([fight, meet, yields], [1.0, 2.0, 3.0], np.inf)
    move, after = np.abs(goal - place[:, None]) / width, place.copy()
    for i in range(n):
        taken = -1
        for j in np.flatnonzero(np.isfinite(kind[i])):
            key, best = (kind[i, j], move[i, j]), (kind[i, taken], move[i, taken])
            if taken < 0 or key[0] < best[0] or (key[0] == best[0] and key[1] < best[1] - TINY):
                taken = j
        after[i] = place[i] if taken < 0 else goal[i, taken]
    return after


def play(place: Any, care: Any, power: Any, rounds: int = 10) -> Any:
    """Positions of all rounds, shape (rounds + 1, actors)."""
    weight, course = power / power.max() * care, [np.asarray(place, dtype=float)]
    width = float(np.ptp(course[0])) or 1.0
    for _ in range(rounds):
        course.append(one_round(course[-1], care, weight, width))
    return np.stack(course)
