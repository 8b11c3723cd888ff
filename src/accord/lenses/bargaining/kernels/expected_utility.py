"""Compiled kernels of the expected-utility (challenge) model: who can win against whom, what it is worth, who moves.

Equations are numbered as in the project's specification of the bargaining lens, section (b).  Distances are counted in
widths of the scale, so that no result depends on the unit.  Everything that is compared with something it may equal has
a tolerance: mathematically equal offers must not be told apart by rounding.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.engine.compile import njit
from accord.lenses.bargaining.kernels.powers import PIECE, raise_all
from accord.lenses.bargaining.kernels.sums import TINY, ends, lower_median, sort, weighted_mean

F64 = NDArray[np.float64]
I8 = NDArray[np.int8]
I64 = NDArray[np.int64]

NO_OFFER, CONFRONTATION, COMPROMISE, CAPITULATION = 0, 1, 2, 3
BY_CATEGORY, LOWEST, LEAST_MOVE, STRONGEST = 0, 1, 2, 3
# Tables of a round, actors by actors: votes for row against column; losses as voters feel them; P and E of the first pass,
# then of the second; what the column gains by challenging the row; where the row would go on the column's offer.
SUPPORT, LOSSES, FIRST_CHANCE, FIRST_VALUE, CHANCE, VALUE, COUNTER, PLACE = range(8)
_APART, _POWER, _WIN, _LOSE, _TABLES = range(8, 13)


class Rules(NamedTuple):
    """A reading of the model as numbers; see ``expected_utility.Reading`` for the words.

    Parameters
    ----------
    pairwise, curved_votes, focal, own_danger, risk, fights, capitulation : bool
    choice : int
        One of BY_CATEGORY, LOWEST, LEAST_MOVE, STRONGEST.
    tie : float
        Chance of success where positions coincide or nobody cares.
    stays : float
        Chance q that the status quo stays when nobody challenges.
    width : float
        Width of the scale; 0 for that of the first positions, -1 for that of the present ones.
    """

    pairwise: bool
    curved_votes: bool
    focal: bool
    own_danger: bool
    risk: bool
    fights: bool
    capitulation: bool
    choice: int
    tie: float
    stays: float
    width: float


class Room(NamedTuple):
    """Working space of one round, which is also what a stage table shows.

    Parameters
    ----------
    tables : ndarray, shape (tables, actors, actors)
        By the names above.
    kind : ndarray of int8, shape (actors, actors)
        What the column offers the row.
    exponents : ndarray, shape (actors,)
    taken : ndarray of int, shape (actors,)
        Whose offer each takes, -1 for nobody's.
    """

    tables: F64
    kind: I8
    exponents: F64
    taken: I64


@njit(inner=True)
def _copy(table: F64, into: F64) -> None:
    """Copy a table."""
    for i in range(table.shape[0]):
        for j in range(table.shape[0]):
            into[i, j] = table[i, j]


@njit(inner=True)
def _raise_tables(tables: F64, one: int, exponents: F64, spare: F64) -> None:
    """Raise every number of a table to the exponent of its row."""
    n = exponents.size
    power, size = tables[_POWER], n * n
    for i in range(n):
        for j in range(n):
            power[i, j] = exponents[i]
    raise_all(tables[one].reshape(size), power.reshape(size), spare)


@njit(inner=True)
def _straight_support(x: F64, weight: F64, width: float, order: I64, sums: F64, support: F64) -> None:
    """Votes for row against column with straight losses (b.1), from running sums over actors by position.

    Against a rival above, an actor is backed by all up to it in full, and by those up to the midpoint in part.
    """
    n, at, people, moment = x.size, sums[0], sums[1], sums[2]
    for m in range(n):
        at[m] = (x[order[m]] - x[order[0]]) / width
        people[m + 1] = people[m] + weight[order[m]]
        moment[m + 1] = moment[m] + weight[order[m]] * at[m]
    for a in range(n):
        i, low, m = order[a], at[a], a + 1
        support[i, i] = 0.0
        for b in range(a + 1, n):
            j, joint = order[b], low + at[b]
            while m < b and 2 * at[m] < joint:
                m += 1
            up = joint * (people[m] - people[a + 1]) - 2 * (moment[m] - moment[a + 1])
            down = 2 * (moment[b] - moment[m]) - joint * (people[b] - people[m])
            support[i, j] = max(0.0, (at[b] - low) * people[a + 1] + up)
            support[j, i] = max(0.0, (at[b] - low) * (people[n] - people[b]) + down)


@njit(inner=True)
def _curved_support(weight: F64, tables: F64, exponents: F64, spare: F64) -> None:
    """Votes for row against column with losses raised to each voter's exponent (b.1, vote_risk)."""
    n, losses = weight.size, tables[LOSSES]
    _copy(tables[_APART], losses)
    _raise_tables(tables, LOSSES, exponents, spare)
    for k in range(n):
        for j in range(n):
            losses[k, j] *= weight[k]
    for i in range(n):
        votes = tables[SUPPORT, i]
        for j in range(n):
            votes[j] = 0.0
        for k in range(n):
            loss, own = losses[k], losses[k, i]
            for j in range(n):
                more = loss[j] - own
                votes[j] += more if more > 0.0 else 0.0


@njit(inner=True)
def _chances(tables: F64, pairwise: bool, tie: float, least: float, chance: F64) -> None:
    """Chance P of row to win against column (b.1); votes of no more than *least* count as nobody caring."""
    support, apart, every = tables[SUPPORT], tables[_APART], 0.0
    n = support.shape[0]
    if not pairwise:
        for i in range(n):
            for j in range(n):
                every += 2 * support[i, j]
    for i in range(n):
        for j in range(n):
            both = support[i, j] + support[j, i]
            won = support[i, j] / (both if pairwise else every)
            chance[i, j] = tie if apart[i, j] <= TINY or both <= least else won


@njit(inner=True)
def _otherwise(own: float, apart: float, exponent: float) -> float:
    """What becomes of a challenger when nobody challenges and the status quo does not stay (b.2, q < 1)."""
    shift = (own + apart) / 4
    if own < apart - TINY:
        return float(2 - 4 * max(0.5 - shift, 0.0) ** exponent)
    return float(2 - 4 * (0.5 + shift) ** exponent)


@njit(inner=True)
def _values(tables: F64, care: F64, away: F64, q: float, chance: F64, exponents: F64, value: F64) -> None:
    """E of row challenging column, as row sees it (b.2)."""
    n = care.size
    for i in range(n):
        win, lose, mine, luck = tables[_WIN, i], tables[_LOSE, i], value[i], chance[i]
        rest = q * (2 - 4 * 0.5 ** exponents[i])
        for j in range(n):
            mine[j] = win[j] - care[j] * (1 - luck[j]) * (win[j] - lose[j]) - rest
        if q < 1:
            for j in range(n):
                mine[j] -= (1 - q) * _otherwise(away[i], tables[_APART, i, j], exponents[i])


@njit(inner=True)
def _counters(tables: F64, care: F64, away: F64, q: float, focal: bool, exponents: F64) -> None:
    """E of column challenging row: as row sees it if *focal* is set, else as column itself does (b.4)."""
    n, chance, counter = care.size, tables[CHANCE], tables[COUNTER]
    for i in range(n):
        win, lose = tables[_WIN, i], tables[_LOSE, i]
        rest = q * (2 - 4 * 0.5 ** exponents[i])
        for j in range(n):
            if focal:
                counter[i, j] = win[j] - care[i] * (1 - chance[j, i]) * (win[j] - lose[j]) - rest
                if q < 1:
                    counter[i, j] -= (1 - q) * _otherwise(away[j], tables[_APART, i, j], exponents[i])
            else:
                counter[i, j] = tables[VALUE, j, i]


@njit(inner=True)
def _stakes(tables: F64, exponents: F64, straight: bool, spare: F64) -> None:
    """Worth of success and failure against each other actor (b.2)."""
    n, apart, win, lose = exponents.size, tables[_APART], tables[_WIN], tables[_LOSE]
    for i in range(n):
        for j in range(n):
            if straight:
                win[i, j], lose[i, j] = 2 * apart[i, j], -2 * apart[i, j]
            else:
                win[i, j], lose[i, j] = max(0.5 - apart[i, j] / 2, 0.0), 0.5 + apart[i, j] / 2
    if not straight:
        for one in (_WIN, _LOSE):
            _raise_tables(tables, one, exponents, spare)
            for i in range(n):
                for j in range(n):
                    tables[one, i, j] = 2 - 4 * tables[one, i, j]


@njit(inner=True)
def _exponents(value: F64, own: bool, r: F64) -> None:
    """Risk exponents from how exposed each actor is among all (b.3)."""
    n = r.size
    for i in range(n):
        r[i] = 0.0
    for i in range(n):
        for j in range(n):
            if j != i:
                r[i if own else j] += value[i, j]
    low, high = ends(r)
    spread = high - low
    for i in range(n):
        risk = (2 * r[i] - high - low) / spread if spread > TINY else 0.0
        r[i] = (1 - risk / 3) / (1 + risk / 3)


@njit(inner=True)
def _offers(x: F64, rules: Any, tables: F64, kinds: I8) -> None:
    """What the column offers the row, and where to (b.4)."""
    for i in range(x.size):
        for j in range(x.size):
            a, b = tables[VALUE, i, j], tables[COUNTER, i, j]
            kind, place = NO_OFFER, x[i]
            if b > TINY and tables[_APART, i, j] > TINY:
                if a > TINY:
                    if b > a + TINY:
                        kind, place = CONFRONTATION, x[j] if rules.fights else x[i]
                elif a < -TINY:
                    if b > -a + TINY:
                        kind, place = COMPROMISE, x[i] + (x[j] - x[i]) * -a / b
                    elif rules.capitulation:
                        kind, place = CAPITULATION if b < -a - TINY else COMPROMISE, x[j]
            kinds[i, j] = kind
            tables[PLACE, i, j] = place


@njit(inner=True)
def _keys(i: int, j: int, kind: int, x: F64, width: float, choice: int, tables: F64) -> Any:
    """What the offer of *j* is ranked by for *i*, smallest first, in order of weight (b.5)."""
    place = tables[PLACE, i, j]
    move = abs(place - x[i]) / width
    if choice == STRONGEST:
        return -tables[COUNTER, i, j], move, place / width
    if choice == LEAST_MOVE:
        return 0.0, move, 0.0
    if choice == LOWEST and kind == COMPROMISE:
        a, b = abs(tables[VALUE, i, j]), abs(tables[COUNTER, i, j])
        return float(kind), (a * x[i] + b * x[j]) / (a + b) / width, 0.0
    return float(kind), move, 0.0


@njit(inner=True)
def _choose(x: F64, width: float, rules: Any, room: Any, after: F64) -> None:
    """Let every actor take one of the offers it received, all at once (b.5)."""
    tables, kinds, taken = room.tables, room.kind, room.taken
    for i in range(x.size):
        taken[i] = -1
        after[i] = x[i]
        best = (0.0, 0.0, 0.0)
        for j in range(x.size):
            kind = kinds[i, j]
            if kind == NO_OFFER or (kind == CONFRONTATION and not rules.fights):
                continue
            key = _keys(i, j, kind, x, width, rules.choice, tables)
            better = taken[i] < 0
            for m in range(3):
                if better or key[m] > best[m] + TINY:
                    break
                better = key[m] < best[m] - TINY
            if better:
                taken[i], best, after[i] = j, key, tables[PLACE, i, j]


@njit(inner=True)
def _round(
    x: F64,
    care: F64,
    weight: F64,
    first: float,
    rules: Any,
    room: Any,
    order: I64,
    sums: F64,
    spare: F64,
    after: F64,
) -> None:
    """One round from positions *x* to *after*; *first* is the width of the first positions."""
    tables, r, away = room.tables, room.exponents, sums[3]
    low, high = ends(x)
    width = rules.width if rules.width > 0 else first if rules.width == 0 else high - low
    # Where all agree no distance matters, but none may become NaN.
    width = width if width > 0 else 1.0
    sort(x, order)
    middle = lower_median(x, weight, order)
    least = 0.0
    for i in range(x.size):
        least += 1e-14 * weight[i]
        r[i] = 1.0
        away[i] = abs(x[i] - middle) / width
        for j in range(x.size):
            tables[_APART, i, j] = abs(x[i] - x[j]) / width
    _straight_support(x, weight, width, order, sums, tables[SUPPORT])
    _chances(tables, rules.pairwise, rules.tie, least, tables[FIRST_CHANCE])
    _stakes(tables, r, True, spare)
    _values(tables, care, away, rules.stays, tables[FIRST_CHANCE], r, tables[FIRST_VALUE])
    _copy(tables[FIRST_CHANCE], tables[CHANCE])
    if rules.risk:
        _exponents(tables[FIRST_VALUE], rules.own_danger, r)
        if rules.curved_votes:
            _curved_support(weight, tables, r, spare)
            _chances(tables, rules.pairwise, rules.tie, least, tables[CHANCE])
        _stakes(tables, r, False, spare)
    _values(tables, care, away, rules.stays, tables[CHANCE], r, tables[VALUE])
    _counters(tables, care, away, rules.stays, rules.focal, r)
    _offers(x, rules, tables, room.kind)
    _choose(x, width, rules, room, after)


@njit(nogil=True)
def play(place: F64, care: F64, weight: F64, rules: Any, exponents: F64, mean: F64, median: F64) -> Any:
    """Play worlds one after another; all but *care*, *weight* and *rules* are filled.

    Parameters
    ----------
    place : ndarray, shape (worlds, rounds + 1, actors)
        Positions, of which the first are given.
    care, weight : ndarray, shape (worlds, actors)
        Salience, and capability times salience.
    rules : Rules
    exponents : ndarray, shape (worlds, rounds, actors)
    mean, median : ndarray, shape (worlds, rounds + 1)

    Returns
    -------
    Room
        As the last round left it.
    """
    worlds, turns, n = place.shape
    room = Room(np.zeros((_TABLES, n, n)), np.zeros((n, n), np.int8), np.ones(n), np.full(n, -1))
    order, sums, spare = np.arange(n), np.zeros((4, n + 1)), np.empty(PIECE)
    for w in range(worlds):
        low, high = ends(place[w, 0])
        total = ends(weight[w])[1]
        for t in range(turns):
            if t > 0:
                _round(
                    place[w, t - 1],
                    care[w],
                    weight[w],
                    high - low,
                    rules,
                    room,
                    order,
                    sums,
                    spare,
                    place[w, t],
                )
                for k in range(n):
                    exponents[w, t - 1, k] = room.exponents[k]
            sort(place[w, t], order)
            mean[w, t] = weighted_mean(place[w, t], weight[w])
            median[w, t] = lower_median(place[w, t], weight[w], order) if total > 0 else np.nan
    return room
