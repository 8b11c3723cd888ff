"""Bargains and their resolution in the spatial model (sections a.6 and a.7)."""

from __future__ import annotations

from typing import Any

import numpy as np

from accord.engine.compile import njit
from accord.engine.streams import uniform
from accord.lenses.bargaining.kernels.spatial_election import elect, option_coalitions
from accord.lenses.bargaining.kernels.spatial_views import TIE, seen_by
from accord.lenses.bargaining.kernels.spatial_work import (
    BALLOT,
    BEATS,
    CAPABILITY,
    CARE,
    CHOICE,
    COUNT,
    FRESH,
    INIT,
    INIT_RECEIVER,
    LABEL,
    LENGTH,
    POWER,
    RISK,
    S1P1,
    S2PMAX,
    SALIENCE,
    SEAT,
    TARGET,
    TOTAL,
    UTILITY,
    X,
    Y,
)

EDGE = 1e-6
DIGITS = 1e4


@njit(melt=True)
def bargains(work: Any, rules: Any) -> None:
    """Every initiator's bargains with its target, in the order of the input, and the queues they stand in."""
    actors = work.ids.shape[1]
    work.ids[COUNT, 0] = 0
    for i in range(actors):
        work.ids[LENGTH, i] = 0
    for place in range(actors):
        i = work.ids[SEAT, place]
        j = work.ids[TARGET, i]
        _line_up(work, i, 0)
        if j < 0:
            continue
        _propose(work, rules, i, j, work.table[BEATS, i, j])
        if rules.interpolation != INIT:
            chance, gain = seen_by(work, rules, j, i, j)
            _propose(work, rules, i, j, gain if rules.literal else chance)
            if rules.interpolation != INIT_RECEIVER:
                _merge(work, rules, i, j)
        for b in range(work.ids[COUNT, 0]):
            if work.pair[b, 0] == i:
                _line_up(work, i, b + 1)
                _line_up(work, j, b + 1)


@njit(melt=True)
def _line_up(work: Any, k: Any, option: Any) -> None:
    """Put an option at the end of the queue of actor *k*."""
    work.queue[k, work.ids[LENGTH, k]] = option
    work.ids[LENGTH, k] += 1


@njit(melt=True)
def _propose(work: Any, rules: Any, i: Any, j: Any, p: Any) -> None:
    """A new bargain, interpolated between the positions of *i* and *j* with probability *p* for *i*."""
    b = work.ids[COUNT, 0]
    work.ids[COUNT, 0] = b + 1
    work.pair[b, 0], work.pair[b, 1], work.odds[b] = i, j, p
    for k in range(work.axes.shape[1]):
        a, c = work.axes[X, k, i], work.axes[X, k, j]
        s, t = work.axes[SALIENCE, k, i], work.axes[SALIENCE, k, j]
        if rules.inter_vector == S2PMAX:
            yields, stays = max(0.0, (1.0 - p) - p), max(0.0, p - (1.0 - p))
            f = yields * t * t / (yields * t * t + EDGE + (1.0 - yields) * s * s)
            g = stays * s * s / (stays * s * s + EDGE + (1.0 - stays) * t * t)
            work.point[b, 0, k] = a + f * (c - a)
            work.point[b, 1, k] = c + g * (a - c)
        else:
            v, w = s * p, t * (1.0 - p)
            if rules.inter_vector != S1P1:
                v, w = s * s * (p * p), t * t * ((1.0 - p) * (1.0 - p))
            work.point[b, 0, k] = rounded(((v + EDGE) * a + w * c) / (v + EDGE + w))
            work.point[b, 1, k] = rounded((v * a + (w + EDGE) * c) / (v + EDGE + w))


@njit(melt=True)
def rounded(z: Any) -> Any:
    """Four decimals of the scale, as the reference rounds."""
    return np.trunc(DIGITS * z + 0.5) / DIGITS


@njit(melt=True)
def _merge(work: Any, rules: Any, i: Any, j: Any) -> None:
    """Replace the last two bargains by their mean, weighted by power."""
    b = work.ids[COUNT, 0] - 2
    work.ids[COUNT, 0] = b + 1
    mine = work.line[POWER, i]
    theirs = work.line[CAPABILITY, i] * work.line[TOTAL, j] if rules.literal else work.line[POWER, j]
    for side in range(2):
        for k in range(work.axes.shape[1]):
            work.point[b, side, k] = (mine * work.point[b, side, k] + theirs * work.point[b + 1, side, k]) / (
                mine + theirs
            )


@njit(melt=True)
def outcomes(work: Any, rules: Any) -> None:
    """Mean utility of the positions after each bargain, to each actor.

    Utilities are multiples of the grain, so the sums are exact: outcomes that agree have the same worth to the last bit.
    """
    actors, width = work.table.shape[1], work.table.shape[2]
    worth = work.worth
    for v in range(actors):
        total = 0.0
        for j in range(actors):
            total += work.table[UTILITY, v, j]
        worth[0, v] = total
    for b in range(work.ids[COUNT, 0]):
        i, j = work.pair[b, 0], work.pair[b, 1]
        for v in range(actors):
            worth[b + 1, v] = worth[0, v] - work.table[UTILITY, v, i] - work.table[UTILITY, v, j]
        _add_utility(work, rules, b, 0)
        _add_utility(work, rules, b, 1)
    for m in range(work.ids[COUNT, 0] + 1):
        for v in range(width):
            worth[m, v] /= actors


@njit(melt=True)
def _add_utility(work: Any, rules: Any, b: Any, side: Any) -> None:
    """Add the utility of one point of bargain *b* to its outcome."""
    width, shift = work.axes.shape[2], 1.5 * 2.0**52 * rules.grain
    d = work.rows[5]
    for v in range(width):
        d[v] = 0.0
    if work.axes.shape[1] == 1:
        point = work.point[b, side, 0]
        for v in range(width):
            d[v] = work.axes[CARE, 0, v] * abs(work.axes[Y, 0, v] - point)
    else:
        for k in range(work.axes.shape[1]):
            point = work.point[b, side, k]
            for v in range(width):
                gap = work.axes[CARE, k, v] * (work.axes[Y, k, v] - point)
                d[v] += gap * gap
        for v in range(width):
            d[v] = np.sqrt(d[v])
    for v in range(width):
        useful = (1.0 - d[v]) * (1.0 + work.line[RISK, v] * min(d[v], 1.0))
        work.worth[b + 1, v] += (useful + shift) - shift


@njit(melt=True)
def settle(work: Any, rules: Any, key: Any, world: Any, turn: Any) -> Any:
    """Each actor's choice from its queue and its new position; whether every election came to a result."""
    found = True
    ballot, support, victories, scratch = work.votes[BALLOT], work.duel[0], work.duel[1], work.votes
    for k in range(work.ids.shape[1]):
        size = work.ids[LENGTH, k]
        ballot[0] = 1.0
        if size > 1:
            option_coalitions(work, rules, k)
            found &= elect(support, victories, size, ballot, scratch, rules)
        for m in range(size):
            work.weight[k, m] = ballot[m]
        if rules.stochastic:
            choice = _drawn(ballot, size, uniform(key, world, 0, turn, work.ids[LABEL, k]))
        else:
            choice = _likeliest(ballot, size)
        work.ids[CHOICE, k] = choice
        option = work.queue[k, choice]
        for d in range(work.axes.shape[1]):
            if option == 0:
                work.axes[FRESH, d, k] = work.axes[X, d, k]
            else:
                side = 0 if work.pair[option - 1, 0] == k else 1
                work.axes[FRESH, d, k] = work.point[option - 1, side, d]
    return found


@njit(melt=True)
def _likeliest(p: Any, size: Any) -> Any:
    """The first of the options that nothing beats by more than rounding."""
    most = p[0]
    for m in range(1, size):
        most = max(most, p[m])
    for m in range(size):
        if p[m] >= (1.0 - TIE) * most:
            return m
    return 0


@njit(melt=True)
def _drawn(p: Any, size: Any, luck: Any) -> Any:
    """The option that a uniform number falls on."""
    below, last = 0.0, 0
    for m in range(size):
        if p[m] > 0.0:
            below += p[m]
            last = m
            if luck < below:
                return m
    return last
