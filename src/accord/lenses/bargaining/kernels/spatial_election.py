"""Votes, coalitions, victories, and the probabilistic Condorcet election of the spatial model (sections a.1 and a.3)."""

from __future__ import annotations

from typing import Any

from accord.engine.compile import njit
from accord.lenses.bargaining.kernels.spatial_work import (
    ASYMMETRIC,
    BINARY,
    BINARY_VICTORY,
    CAPABILITY,
    COALITION,
    CONDITIONAL,
    CUBIC,
    LABEL,
    LENGTH,
    LINEAR,
    MARKOV_UNIFORM,
    NEUTRAL,
    OCTIC,
    PROP_BIN,
    PROPORTIONAL,
    QUARTIC,
)

FLOOR = 1e-8
NARROW = 1e-8
CLEAR = 1.1
SLIM = 1e-6
# The reference gives up after 1000 steps; some elections need far more, but they do come to a result.
LITERAL_STEPS, MOST_STEPS = 1000, 200_000
TINY, HUGE = 2.0**-400, 2.0**400


@njit(melt=True)
def vote(rule: Any, g: Any) -> Any:
    """The vote of an actor of weight 1 with a difference in utility of *g*."""
    if rule == PROPORTIONAL:
        return g
    if rule == CUBIC:
        return g * g * g
    if rule == ASYMMETRIC:
        return g if g < 0.0 else g * (2.0 / 3.0)
    if rule != BINARY and rule != PROP_BIN:
        return 0.5 * g + 0.5 * (g * g * g)
    side = max(min(g / NARROW, 1.0), -1.0)
    return side if rule == BINARY else 0.8 * g + 0.2 * side


@njit(melt=True)
def _strength(rule: Any, g: Any) -> Any:
    """As :func:`vote` for a difference in favour, without the discount on gains."""
    return g if rule == ASYMMETRIC else vote(rule, g)


@njit(melt=True)
def _share(rule: Any, literal: Any, ahead: Any) -> Any:
    """What counts of the support for an option against another; *ahead*: it has the higher number.

    An asymmetric vote is cast "higher number against lower" in the reference; otherwise both ways, and the mean is taken.
    """
    if rule != ASYMMETRIC:
        return 1.0
    if literal == 0:
        return 5.0 / 6.0
    return 2.0 / 3.0 if ahead else 1.0


@njit(melt=True)
def coalitions(work: Any, rules: Any) -> None:
    """Strength of everybody who prefers the row's position to the column's."""
    actors, width = work.table.shape[1], work.table.shape[2]
    liked, out = work.table[NEUTRAL], work.table[COALITION]
    for m in range(actors):
        for j in range(width):
            out[m, j] = 0.0
        for k in range(actors):
            weight, mine = work.line[CAPABILITY, k], liked[k, m]
            if rules.voting == PROPORTIONAL:
                for j in range(width):
                    out[m, j] += weight * max(mine - liked[k, j], 0.0)
            else:
                for j in range(width):
                    out[m, j] += weight * _strength(rules.voting, max(mine - liked[k, j], 0.0))
        for j in range(actors):
            out[m, j] = FLOOR + out[m, j] * _share(
                rules.voting, rules.literal, work.ids[LABEL, m] > work.ids[LABEL, j]
            )


@njit(melt=True)
def option_coalitions(work: Any, rules: Any, k: Any) -> None:
    """The same between the options in the queue of actor *k*."""
    actors = work.ids.shape[1]
    rule = rules.voting
    for m in range(work.ids[LENGTH, k]):
        a = work.queue[k, m]
        work.duel[0, m, m] = FLOOR
        for n in range(m):
            b = work.queue[k, n]
            up = down = 0.0
            for v in range(actors):
                g = work.worth[a, v] - work.worth[b, v]
                weight = work.line[CAPABILITY, v]
                if rule == PROPORTIONAL:
                    up += weight * max(g, 0.0)
                    down += weight * max(-g, 0.0)
                else:
                    up += weight * _strength(rule, max(g, 0.0))
                    down += weight * _strength(rule, max(-g, 0.0))
            work.duel[0, m, n] = FLOOR + up * _share(rule, rules.literal, True)
            work.duel[0, n, m] = FLOOR + down * _share(rule, rules.literal, False)


@njit(melt=True)
def _victory(model: Any, a: Any, b: Any) -> Any:
    """Probability that strength *a* prevails over *b*; powers of ratios, so that nothing overflows."""
    if model == LINEAR:
        return a / (a + b)
    if model == BINARY_VICTORY:
        if a >= CLEAR * b:
            return 1.0 / (1.0 + SLIM)
        if b >= CLEAR * a:
            return SLIM / (1.0 + SLIM)
        return (a / (a + b) * (CLEAR + 1.0) - 1.0) / (CLEAR - 1.0)
    ratio = b / a if a >= b else a / b
    power = ratio * ratio
    if model >= QUARTIC:
        power = power * power
    if model == OCTIC:
        power = power * power
    return 1.0 / (1.0 + power) if a >= b else power / (1.0 + power)


@njit(melt=True)
def elect(strength: Any, win: Any, size: Any, p: Any, scratch: Any, rules: Any) -> Any:
    """Probabilities of the options into *p*; whether they were found."""
    for m in range(size):
        for n in range(size):
            win[m, n] = _victory(rules.victory, strength[m, n], strength[n, m]) if m != n else 0.5
    if rules.election == CONDITIONAL:
        _conditional(win, size, p, scratch)
        return True
    for m in range(size):
        p[m] = 1.0 / size
    for _ in range((LITERAL_STEPS if rules.literal else MOST_STEPS) - 1):
        if rules.election == MARKOV_UNIFORM:
            limit = 1e-6
            _uniform_step(win, size, p, scratch)
        else:
            limit = 1e-8
            _incentive_step(strength, win, size, p, scratch)
        change = 0.0
        for m in range(size):
            change = max(change, abs(scratch[0, m] - p[m]))
            p[m] = 0.5 * (p[m] + scratch[0, m])
        if change <= limit:
            return True
    return False


@njit(melt=True)
def _conditional(win: Any, size: Any, p: Any, scratch: Any) -> None:
    """Proportional to the probability of beating every other option, each factor independent."""
    for m in range(size):
        p[m] = 1.0
        scratch[0, m] = 0.0
    for n in range(size):
        for m in range(size):
            p[m] *= win[m, n]
            if p[m] < TINY:  # an exact shift of the exponent: long products do not vanish
                p[m] *= HUGE
                scratch[0, m] += 1.0
    least = scratch[0, 0]
    for m in range(1, size):
        least = min(least, scratch[0, m])
    total = 0.0
    for m in range(size):
        if scratch[0, m] > least:
            p[m] = p[m] * TINY if scratch[0, m] == least + 1.0 else 0.0
        total += p[m]
    for m in range(size):
        p[m] = p[m] / total if total > 0.0 else 1.0 / size


@njit(melt=True)
def _uniform_step(win: Any, size: Any, p: Any, scratch: Any) -> None:
    """One step of the election in which every option is challenged equally often."""
    for m in range(size):
        total = 0.0
        for j in range(size):
            total += win[m, j] * (p[m] + p[j])
        scratch[0, m] = total / size


@njit(melt=True)
def _incentive_step(strength: Any, win: Any, size: Any, p: Any, scratch: Any) -> None:
    """One step of the election in which options challenge in proportion to what they stand to win."""
    for j in range(size):
        total = 0.0
        for k in range(size):
            total += _incentive(strength, win, k, j)
        scratch[1, j] = total
    for i in range(size):
        total = 0.0
        for j in range(size):
            theirs = p[i] * (_incentive(strength, win, j, i) / scratch[1, i])
            mine = p[j] * (_incentive(strength, win, i, j) / scratch[1, j])
            total += win[i, j] * (theirs + mine)
        scratch[0, i] = total


@njit(melt=True)
def _incentive(strength: Any, win: Any, i: Any, j: Any) -> Any:
    """What option *i* stands to win by challenging *j*."""
    return strength[i, j] * win[i, j] + (1e-10 if i == j else 0.0)
