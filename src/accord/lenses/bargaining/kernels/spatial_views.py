"""Distances, utilities, risk attitudes and challenges of the spatial model (sections a.2 to a.5)."""

from __future__ import annotations

from typing import Any

import numpy as np

from accord.engine.compile import njit
from accord.lenses.bargaining.kernels.spatial_election import coalitions, elect, vote
from accord.lenses.bargaining.kernels.spatial_work import (
    BASE,
    BEATS,
    CARE,
    CHANCE,
    COALITION,
    DISTANCE,
    GAIN,
    MAX,
    MIN,
    NEUTRAL,
    POWER,
    PROPORTIONAL,
    RISK,
    SEAT,
    SEMI,
    SLOPE,
    TARGET,
    TOTAL,
    UTILITY,
    VICTORY,
    X,
    Y,
)

LEAST = 1e-10
WORTHWHILE = 1e-5
TIE = 1e-12


@njit(melt=True)
def distances(work: Any) -> None:
    """Distance from each actor's ideal to each position, weighted by its salience."""
    actors, width = work.table.shape[1], work.table.shape[2]
    out, x = work.table[DISTANCE], work.axes[X]
    for i in range(actors):
        if x.shape[0] == 1:
            care, ideal = work.axes[CARE, 0, i], work.axes[Y, 0, i]
            for j in range(width):
                out[i, j] = care * abs(ideal - x[0, j])
        else:
            for j in range(width):
                out[i, j] = 0.0
            for k in range(x.shape[0]):
                care, ideal = work.axes[CARE, k, i], work.axes[Y, k, i]
                for j in range(width):
                    gap = care * (ideal - x[k, j])
                    out[i, j] += gap * gap
            for j in range(width):
                out[i, j] = np.sqrt(out[i, j])
        for j in range(width):
            work.table[NEUTRAL, i, j] = 1.0 - out[i, j]


@njit(melt=True)
def attitudes(work: Any, rules: Any) -> Any:
    """Risk attitude of each actor from an election over the positions; whether the election came to a result."""
    coalitions(work, rules)
    actors, p = work.ids.shape[1], work.line[CHANCE]
    found = elect(work.table[COALITION], work.table[VICTORY], actors, p, work.votes, rules)
    low = high = p[0]
    for i in range(1, actors):
        low, high = min(low, p[i]), max(high, p[i])
    spread = high - low
    even = spread == 0.0 if rules.literal else spread <= TIE * high
    for i in range(actors):
        if even:
            work.line[RISK, i] = np.nan if rules.literal else 0.0
        elif rules.risk_range == MIN:
            work.line[RISK, i] = (p[i] - low) / spread
        elif rules.risk_range == MAX:
            work.line[RISK, i] = (2.0 * p[i] - high - low) / spread
        else:
            work.line[RISK, i] = (3.0 * p[i] - high - 2.0 * low) / (2.0 * spread)
    return found


@njit(melt=True)
def utilities(work: Any, rules: Any) -> None:
    """Objective utility, and the two parts of the utility that a viewer believes others to have."""
    actors, width = work.table.shape[1], work.table.shape[2]
    own, shift = rules.own_risk, 1.5 * 2.0**52 * rules.grain
    for i in range(actors):
        risk = work.line[RISK, i]
        for j in range(width):
            near, far = 1.0 - work.table[DISTANCE, i, j], min(work.table[DISTANCE, i, j], 1.0)
            work.table[BASE, i, j] = near * (1.0 + (1.0 - own) * risk * far)
            work.table[SLOPE, i, j] = own * near * far
            work.table[UTILITY, i, j] = (near * (1.0 + risk * far) + shift) - shift


@njit(melt=True)
def challenges(work: Any, rules: Any) -> None:
    """What each actor expects from challenging each other one, in its own view, and whom it would challenge."""
    actors, width = work.table.shape[1], work.table.shape[2]
    rows, base, slope = work.rows, work.table[BASE], work.table[SLOPE]
    for i in range(actors):
        risk = work.line[RISK, i]
        _principals(work, rules.voting, i)
        for j in range(width):
            rows[1, j] = rows[0, j] + rows[2, j]
            rows[3, j] = rows[0, j]
            rows[4, j] = rows[2, j]
        if rules.third_party == SEMI:
            for n in range(actors):
                if n != i:
                    up, down = rows[3, n], rows[4, n]
                    if rules.voting == PROPORTIONAL:
                        _lean(base, slope, rows, work.line[POWER, n], risk, i, n)
                    else:
                        _lean_any(base, slope, rows, work.line[POWER, n], risk, i, n, rules.voting)
                    rows[3, n], rows[4, n] = up, down
        mine = base[i, i] + risk * slope[i, i]
        for j in range(width):
            other = base[i, j] + risk * slope[i, j]
            chance = rows[3, j] / (rows[3, j] + rows[4, j])
            work.table[BEATS, i, j] = chance
            work.table[GAIN, i, j] = gained(work.line[TOTAL, j], chance, mine, other)
        work.ids[TARGET, i] = _best(work, i)


@njit(melt=True)
def gained(resists: Any, chance: Any, mine: Any, other: Any) -> Any:
    """Gain from a challenge over the status quo for an actor with these utilities of the two positions."""
    contest = chance * (2.0 * mine) + (1.0 - chance) * (2.0 * other)
    return (1.0 - resists) * (2.0 * mine) + resists * contest - (mine + other)


@njit(melt=True)
def _principals(work: Any, rule: Any, i: Any) -> None:
    """Strength that *i* and each opponent bring themselves: for *i* in row 0 of the scratch, against it in row 2."""
    actors = work.ids.shape[1]
    risk = work.line[RISK, i]
    own = work.table[BASE, i, i] + risk * work.table[SLOPE, i, i]
    for j in range(actors):
        there = work.table[BASE, i, j] + risk * work.table[SLOPE, i, j]
        here = work.table[BASE, j, i] + risk * work.table[SLOPE, j, i]
        theirs = work.table[BASE, j, j] + risk * work.table[SLOPE, j, j]
        first = work.line[POWER, i] * vote(rule, own - there)
        second = work.line[POWER, j] * vote(rule, here - theirs)
        work.rows[0, j] = LEAST + max(first, 0.0) + max(second, 0.0)
        work.rows[2, j] = LEAST + max(-first, 0.0) + max(-second, 0.0)


@njit(melt=True)
def _lean(base: Any, slope: Any, rows: Any, power: Any, risk: Any, i: Any, n: Any) -> None:
    """Add the support of third party *n* in the contests of *i*, with proportional votes."""
    near, home = base[n, i] + risk * slope[n, i], base[n, n] + risk * slope[n, n]
    for j in range(base.shape[1]):
        there = base[n, j] + risk * slope[n, j]
        little = power * (near - there)
        p = (rows[0, j] + max(little, 0.0)) / (rows[1, j] + abs(little))
        help_ = power * (p * (home - near) - (1.0 - p) * (home - there))
        rows[3, j] += max(help_, 0.0)
        rows[4, j] += max(-help_, 0.0)


@njit(melt=True)
def _lean_any(base: Any, slope: Any, rows: Any, power: Any, risk: Any, i: Any, n: Any, rule: Any) -> None:
    """As :func:`_lean`, with any voting rule."""
    near, home = base[n, i] + risk * slope[n, i], base[n, n] + risk * slope[n, n]
    for j in range(base.shape[1]):
        there = base[n, j] + risk * slope[n, j]
        little = power * vote(rule, near - there)
        p = (rows[0, j] + max(little, 0.0)) / (rows[1, j] + abs(little))
        help_ = power * vote(rule, p * (home - near) - (1.0 - p) * (home - there))
        rows[3, j] += max(help_, 0.0)
        rows[4, j] += max(-help_, 0.0)


@njit(melt=True)
def _best(work: Any, i: Any) -> Any:
    """The most rewarding target of *i*, the first of the input when several are; -1 when none is worth it."""
    best, found = -1.0, -1
    for place in range(work.ids.shape[1]):
        j = work.ids[SEAT, place]
        gain = work.table[GAIN, i, j]
        if j != i and gain > WORTHWHILE and gain > best + TIE:
            best, found = gain, j
    return found


@njit(melt=True)
def seen_by(work: Any, rules: Any, h: Any, i: Any, j: Any) -> Any:
    """In the view of *h*: probability that *i* beats *j*, and the gain that *i* has from challenging it."""
    risk, base, slope = work.line[RISK, h], work.table[BASE], work.table[SLOPE]
    mine, other = base[i, i] + risk * slope[i, i], base[i, j] + risk * slope[i, j]
    first = work.line[POWER, i] * vote(rules.voting, mine - other)
    second = work.line[POWER, j] * vote(
        rules.voting, base[j, i] + risk * slope[j, i] - (base[j, j] + risk * slope[j, j])
    )
    start, stand = (
        LEAST + max(first, 0.0) + max(second, 0.0),
        LEAST + max(-first, 0.0) + max(-second, 0.0),
    )
    up, down = start, stand
    for n in range(base.shape[0]):
        if n != i and n != j and rules.third_party == SEMI:
            near, there = base[n, i] + risk * slope[n, i], base[n, j] + risk * slope[n, j]
            home = base[n, n] + risk * slope[n, n]
            little = work.line[POWER, n] * vote(rules.voting, near - there)
            p = (start + max(little, 0.0)) / (start + stand + abs(little))
            help_ = work.line[POWER, n] * vote(rules.voting, p * (home - near) - (1.0 - p) * (home - there))
            up += max(help_, 0.0)
            down += max(-help_, 0.0)
    chance = up / (up + down)
    return chance, gained(work.line[TOTAL, j], chance, mine, other)
