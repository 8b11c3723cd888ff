"""The challenge model where each judges for itself and votes are straight: the same rounds, in far fewer steps.

What these rules allow: the chance of a challenge depends on the two places only, so all who stand together share it and
the logarithms under its powers; a challenge needs one pair of powers, of its own challenger; and when nobody moves,
nobody ever will.  Which rules these are says :func:`covers`; the others are played by ``expected_utility.play``, which
gives the same results but for rounding.  Equations are numbered as there.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.engine.compile import njit
from accord.lenses.bargaining.kernels.expected_utility import (
    CAPITULATION,
    COMPROMISE,
    CONFRONTATION,
    LEAST_MOVE,
    LOWEST,
    NO_OFFER,
    STRONGEST,
    Rules,
)
from accord.lenses.bargaining.kernels.powers import PIECE, exp_all, log_all
from accord.lenses.bargaining.kernels.sums import TINY, ends, lower_median, sort, weighted_mean

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

_HALF = float(np.log(0.5))
# Rows of numbers by actor, in ascending order of position: weight, salience, risk exponent, and what the offer that an
# actor takes so far is ranked by.
_WEIGHT, _CARE, _RISK, _KEY = 0, 1, 2, 3
# Rows of numbers by place: distance from the lowest in widths of the scale; running sums of weight and of weight times
# distance; how many stand there, and the sum of their salience; parts of how exposed one is there.
_AT, _PEOPLE, _MOMENT, _NUMBER, _CARES, _GAIN, _LOSS = range(7)
# Tables of places by places: logarithms of what success and failure are powers of, and chances of the row to lose.
_UNDER, _OVER, _FAILS = 0, 1, 2
# Rows of numbers by actor, then place: E of a challenge against somebody without salience, and what each unit of salience
# takes from it.
_WORTH, _RISKED = 0, 1


def covers(rules: Rules) -> bool:
    """Whether these kernels play by such rules."""
    return rules.pairwise and not rules.curved_votes and not rules.focal and rules.stays == 1


@njit(inner=True)
def _gather(
    x: F64, care: F64, weight: F64, order: I64, width: float, line: F64, spot: F64, where: I64
) -> Any:
    """Line the actors up; the number of places, and votes that count as nobody caring."""
    at, people, moment, g, least = spot[_AT], spot[_PEOPLE], spot[_MOMENT], -1, 0.0
    for m in range(x.size):
        k = order[m]
        here = (x[k] - x[order[0]]) / width
        if g < 0 or here - at[g] > TINY:
            g += 1
            at[g] = here
            people[g + 1], moment[g + 1] = people[g], moment[g]
            spot[_NUMBER, g], spot[_CARES, g] = 0.0, 0.0
        line[_WEIGHT, m], line[_CARE, m], where[m] = weight[k], care[k], g
        people[g + 1] += weight[k]
        moment[g + 1] += weight[k] * at[g]
        spot[_NUMBER, g] += 1.0
        spot[_CARES, g] += care[k]
        least += 1e-14 * weight[k]
    return g + 1, least


@njit(inner=True)
def _first_pass(spot: F64, places: int, least: float, tie: float, own: bool, table: F64, bases: F64) -> int:
    """Chances (b.1), parts of the danger that everybody is in (b.3), and what powers will be taken of; how many pairs."""
    at, people, moment, number = spot[_AT], spot[_PEOPLE], spot[_MOMENT], spot[_NUMBER]
    gains, losses, fails, near, far, c = spot[_GAIN], spot[_LOSS], table[_FAILS], bases[0], bases[1], 0
    # In the eyes of an actor its own salience does not matter, only that of those it challenges.
    many = spot[_CARES] if own else number
    for g in range(places):
        gains[g], losses[g] = 0.0, 0.0
    for g in range(places):
        low, before, carried, m = at[g], people[g + 1], moment[g + 1], g + 1
        gain, loss = gains[g], losses[g]
        for h in range(g + 1, places):
            apart, joint = at[h] - low, low + at[h]
            while m < h and 2 * at[m] < joint:
                m += 1
            up = apart * before + (joint * (people[m] - before) - 2 * (moment[m] - carried))
            down = 2 * (moment[h] - moment[m]) - joint * (people[h] - people[m])
            up, down = max(up, 0.0), max(apart * (people[places] - people[h]) + down, 0.0)
            share, known = 1 / (up + down), up + down > least
            one, two = 1 - (up * share if known else tie), 1 - (down * share if known else tie)
            fails[g, h], fails[h, g] = one, two
            ahead, behind = (one, two) if own else (two, one)
            gain += number[h] * apart
            gains[h] += number[g] * apart
            loss += many[h] * apart * ahead
            losses[h] += many[g] * apart * behind
            near[c], far[c] = max(0.5 - apart / 2, 0.0), 0.5 + apart / 2
            c += 1
        gains[g], losses[g] = gain, loss
    return c


@njit(inner=True)
def _exponents(line: F64, spot: F64, where: I64, own: bool, risk: bool) -> None:
    """Risk exponents from how exposed each actor is among all (b.3)."""
    r = line[_RISK]
    for m in range(r.size):
        g = where[m]
        r[m] = 2 * spot[_GAIN, g] - 4 * spot[_LOSS, g] * (1.0 if own else line[_CARE, m])
    low, high = ends(r)
    spread = high - low
    for m in range(r.size):
        attitude = (2 * r[m] - high - low) / spread if spread > TINY else 0.0
        r[m] = (1 - attitude / 3) / (1 + attitude / 3) if risk else 1.0


@njit(inner=True)
def _stakes(
    r: F64, where: I64, places: int, bases: F64, pairs: int, table: F64, wide: F64, spare: F64
) -> None:
    """What each challenge is worth, but for the salience of the challenged (b.2)."""
    near, far, size = bases[0], bases[1], r.size * places
    log_all(near[:pairs], spare)
    log_all(far[:pairs], spare)
    under, over, fails, c = table[_UNDER], table[_OVER], table[_FAILS], 0
    for g in range(places):
        under[g, g], over[g, g], fails[g, g] = _HALF, _HALF, 0.0
        for h in range(g + 1, places):
            under[g, h], under[h, g] = near[c], near[c]
            over[g, h], over[h, g] = far[c], far[c]
            c += 1
    for m in range(r.size):
        row, a, own = where[m], m * places, r[m]
        low, high, u, v = under[row], over[row], wide[_WORTH, a : a + places], wide[_RISKED, a : a + places]
        for h in range(places):
            u[h] = own * low[h]
            v[h] = own * high[h]
    exp_all(wide[_WORTH, :size], spare)
    exp_all(wide[_RISKED, :size], spare)
    for m in range(r.size):
        row, a = where[m], m * places
        odds, u, v = fails[row], wide[_WORTH, a : a + places], wide[_RISKED, a : a + places]
        still = u[row]
        for h in range(places):
            v[h] = 4 * odds[h] * (v[h] - u[h])
            u[h] = 4 * (still - u[h])


@njit(melt=True)
def _kind(mine: float, other: float, fights: bool, capitulation: bool) -> int:
    """What is offered to an actor to whom challenging is worth *mine*, and to the other one *other* (b.4)."""
    kind = NO_OFFER
    if other > TINY:
        if mine > TINY:
            if fights and other > mine + TINY:
                kind = CONFRONTATION
        elif mine < -TINY:
            if other > -mine + TINY:
                kind = COMPROMISE
            elif capitulation:
                # A compromise of equals leads all the way.
                kind = CAPITULATION if other < -mine - TINY else COMPROMISE
    return kind


@njit(melt=True)
def _better(k0: float, k1: float, k2: float, b0: float, b1: float, b2: float, first: bool) -> bool:
    """Whether an offer with keys *k* is better than one with keys *b*, or the *first* of equals (b.5)."""
    if abs(k0 - b0) > TINY:
        return bool(k0 < b0)
    if abs(k1 - b1) > TINY:
        return bool(k1 < b1)
    if abs(k2 - b2) > TINY:
        return bool(k2 < b2)
    return first


@njit(inner=True)
def _offers(care: F64, where: I64, places: int, rules: Any, wide: F64, pairs: I64, bases: F64) -> int:
    """List who is made which offer by whom (b.4); of each pair at most one makes the other an offer. How many they are.

    Numbers are those in order of position; *bases* holds what each of the two expects from a challenge.
    """
    fights, capitulation, n, c = rules.fights, rules.capitulation, where.size, 0
    worth, risked, mines, others = wide[_WORTH], wide[_RISKED], bases[0], bases[1]
    for a in range(n):
        g, base, own = where[a], a * places, care[a]
        for b in range(a + 1, n):
            h = where[b]
            if g == h:
                continue
            one = worth[base + h] - care[b] * risked[base + h]
            two = worth[b * places + g] - own * risked[b * places + g]
            turned = one > two
            mine, other = (two, one) if turned else (one, two)
            kind = _kind(mine, other, fights, capitulation)
            if kind != NO_OFFER:
                pairs[c, 0], pairs[c, 1] = (b, a) if turned else (a, b)
                pairs[c, 2] = kind
                mines[c], others[c] = mine, other
                c += 1
    return c


@njit(inner=True)
def _choose(
    x: F64,
    width: float,
    order: I64,
    choice: int,
    pairs: I64,
    bases: F64,
    count: int,
    keys: F64,
    taken: I64,
    after: F64,
) -> None:
    """Let every actor take one of the offers it received, all at once (b.5)."""
    for k in range(x.size):
        taken[k], after[k] = -1, x[k]
    for c in range(count):
        i, kind, mine, other = pairs[c, 0], pairs[c, 2], bases[0, c], bases[1, c]
        me, you = order[i], order[pairs[c, 1]]
        share = -mine / other if kind == COMPROMISE else 1.0
        place = x[me] + (x[you] - x[me]) * share if share < 1 else x[you]
        k0, k1, k2 = float(kind), abs(place - x[me]) / width, 0.0
        if choice == STRONGEST:
            k0, k2 = -other, place / width
        elif choice == LEAST_MOVE:
            k0 = 0.0
        elif choice == LOWEST and kind == COMPROMISE:
            k1 = (share * x[me] + x[you]) / (1 + share) / width
        if taken[me] < 0 or _better(k0, k1, k2, keys[0, i], keys[1, i], keys[2, i], you < taken[me]):
            taken[me], after[me] = you, place
            keys[0, i], keys[1, i], keys[2, i] = k0, k1, k2


class Room(NamedTuple):
    """Working space of one round.

    Parameters
    ----------
    line, spot, table, wide
        Rows and tables by the names above.
    bases : ndarray, shape (2, actors * actors)
        Numbers on their way from one step to the next.
    spare : ndarray, shape (PIECE,)
    order, where, taken : ndarray of int, shape (actors,)
        Actors by position; places by these; and whose offer each actor takes.
    offers : ndarray of int, shape (actors * actors, 3)
        Who gets it, who makes it (both by position), and what it is.
    """

    line: F64
    spot: F64
    table: F64
    wide: F64
    bases: F64
    spare: F64
    order: I64
    where: I64
    taken: I64
    offers: I64


@njit(inner=True)
def _round(x: F64, care: F64, weight: F64, first: float, rules: Any, room: Any, after: F64) -> bool:
    """One round from positions *x* to *after*; whether anybody moved. *first* is the width of the first positions."""
    line, order, wide, bases = room.line, room.order, room.wide, room.bases
    width = first if rules.width == 0 else x[order[-1]] - x[order[0]]
    width = rules.width if rules.width > 0 else width
    # Where all agree no distance matters, but none may become NaN.
    width = width if width > 0 else 1.0
    places, least = _gather(x, care, weight, order, width, line, room.spot, room.where)
    pairs = _first_pass(room.spot, places, least, rules.tie, rules.own_danger, room.table, bases)
    _exponents(line, room.spot, room.where, rules.own_danger, rules.risk)
    _stakes(line[_RISK], room.where, places, bases, pairs, room.table, wide, room.spare)
    count = _offers(line[_CARE], room.where, places, rules, wide, room.offers, bases)
    _choose(x, width, order, rules.choice, room.offers, bases, count, line[_KEY:], room.taken, after)
    moved = False
    for k in range(x.size):
        moved = moved or after[k] != x[k]
    return moved


@njit(nogil=True)
def play(place: F64, care: F64, weight: F64, rules: Any, exponents: F64, mean: F64, median: F64) -> None:
    """Play worlds one after another; parameters as for ``expected_utility.play``."""
    worlds, turns, n = place.shape
    table, square = np.empty((3, n, n)), np.empty((4, n * n))
    line, spot, order = np.zeros((6, n)), np.zeros((7, n + 1)), np.arange(n)
    where, taken, offers = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros((n * n, 3), np.int64)
    room = Room(line, spot, table, square[:2], square[2:], np.empty(PIECE), order, where, taken, offers)
    for w in range(worlds):
        low, high = ends(place[w, 0])
        first, moved, total = high - low, True, ends(weight[w])[1]
        for t in range(turns):
            if t > 0 and not moved:
                for k in range(n):
                    place[w, t, k], exponents[w, t - 1, k] = place[w, t - 1, k], exponents[w, t - 2, k]
                mean[w, t], median[w, t] = mean[w, t - 1], median[w, t - 1]
                continue
            if t > 0:
                moved = _round(place[w, t - 1], care[w], weight[w], first, rules, room, place[w, t])
                for m in range(n):
                    exponents[w, t - 1, order[m]] = line[_RISK, m]
            sort(place[w, t], order)
            mean[w, t] = weighted_mean(place[w, t], weight[w])
            median[w, t] = lower_median(place[w, t], weight[w], order) if total > 0 else np.nan
