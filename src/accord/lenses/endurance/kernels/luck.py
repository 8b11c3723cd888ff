"""The random numbers of some months, drawn ahead: a generator works on several counters at once, a month needs them one by one.

The numbers are those that a stream has for world, replicate and month, whoever asks, and when.
"""

from __future__ import annotations

from typing import Any

from accord.engine.compile import njit
from accord.engine.lanes import LANES, lanes_to_row, some
from accord.engine.streams import is_middle, middle_quantile, normal_quantile, unit, words
from accord.lenses.endurance.fields import PS, P, W
from accord.lenses.endurance.kernels.memory import NP, NPS, Plan
from accord.lenses.endurance.kernels.pointers import pointer_to_row

# Months drawn at a time; a power of two.  More would be wasted on runs that end early.
SPAN = 16
_STEPS = SPAN * LANES

# Purposes of a patron's streams, in the order in which keys are made.
REVIEW, TIE_BREAK, SIGNAL, OFFERS, CALL, ANSWER, DRIFT, LAST_REVIEW = range(8)
PURPOSES = 8

# Rows of a patron: whether it reviews, what it chooses, whether it calls, then a signal of each patron and offers.
# Behind all patrons: what befalls the front, whether each shock strikes, and the uniform numbers behind the first.
_HAPPENS, _CHOICE, _CALLS, _SIGNALS = range(4)


def numbers_of_a_span(o: Plan) -> int:
    """How many numbers the luck of four runs takes for one span, with what is known of it."""
    rows = o.patrons * (_SIGNALS + o.patrons + 2 * o.suitors) + 2 + o.shocks
    return rows * _STEPS + rows + 1


@njit(melt=True)
def _rows(o: Any) -> Any:
    """Rows of a span; behind them stands for each whether it is drawn, and then for which span, counted from 1."""
    return _row(o, o.patrons) + 2 + o.shocks


@njit(inner=True)
def forget_luck(drawn: Any, o: Any) -> None:
    """Nothing is drawn yet."""
    for at in range(drawn.shape[0]):
        drawn[at, _rows(o) * (_STEPS + 1)] = 0.0


@njit(melt=True)
def luck_of(drawn: Any, month: int) -> Any:
    """The luck of a month; spans take turns where there is not room for all."""
    return lanes_to_row(drawn, month // SPAN % drawn.shape[0])


@njit(melt=True)
def _row(o: Any, i: int) -> Any:
    """First row of a patron."""
    return i * (_SIGNALS + o.patrons + 2 * o.suitors)


@njit(melt=True)
def review_luck(luck: Any, o: Any, i: int, month: int) -> Any:
    """Whether a review happens, and what is chosen: two uniform numbers."""
    at = _row(o, i) * SPAN + (month & (SPAN - 1))
    return luck[at + _HAPPENS * SPAN], luck[at + _CHOICE * SPAN]


@njit(melt=True)
def call_luck(luck: Any, o: Any, j: int, month: int) -> Any:
    """Whether a patron calls for help: a uniform number."""
    return luck[(_row(o, j) + _CALLS) * SPAN + (month & (SPAN - 1))]


@njit(melt=True)
def signal_luck(luck: Any, o: Any, i: int, j: int, month: int) -> Any:
    """Whether i mistakes what j did: a uniform number."""
    return luck[(_row(o, i) + _SIGNALS + j) * SPAN + (month & (SPAN - 1))]


@njit(melt=True)
def offer_luck(luck: Any, o: Any, i: int, b: int, month: int) -> Any:
    """Whether an offer of suitor b arrives, and how large it is: two uniform numbers."""
    at = (_row(o, i) + _SIGNALS + o.patrons + 2 * b) * SPAN + (month & (SPAN - 1))
    return luck[at], luck[at + SPAN]


@njit(melt=True)
def territory_luck(luck: Any, o: Any, month: int) -> Any:
    """What befalls the front: a standard normal number."""
    return luck[_row(o, o.patrons) * SPAN + (month & (SPAN - 1))]


@njit(melt=True)
def shock_luck(luck: Any, o: Any, e: int, month: int) -> Any:
    """Whether a shock strikes: a uniform number."""
    return luck[(_row(o, o.patrons) + 1 + e) * SPAN + (month & (SPAN - 1))]


@njit(inner=True)
def _draw_pair(drawn: Any, row: int, key: Any, where: Any, month: int, block: int) -> None:
    """Two rows of uniform numbers: those at indices 2 block and 2 block + 1 of every month and lane."""
    world, replicate = where
    place = row * _STEPS
    for t in range(_STEPS):
        first, second = words(key, world, replicate + (t & (LANES - 1)), month + t // LANES, block)
        drawn[place + t] = unit(first)
        drawn[place + _STEPS + t] = unit(second)


@njit(inner=True)
def _draw(drawn: Any, row: int, key: Any, where: Any, month: int, block: int) -> None:
    """One row: the numbers at index 2 block."""
    world, replicate = where
    place = row * _STEPS
    for t in range(_STEPS):
        first, _ = words(key, world, replicate + (t & (LANES - 1)), month + t // LANES, block)
        drawn[place + t] = unit(first)


@njit(inner=True)
def _to_normal(drawn: Any, row: int, uniforms: int) -> None:
    """Standard normal numbers from a row of uniform ones: the middle of the distribution several at once, then the tails."""
    place, source = row * _STEPS, uniforms * _STEPS
    for t in range(_STEPS):
        drawn[place + t] = middle_quantile(drawn[source + t])
    for t in range(_STEPS):
        if not is_middle(drawn[source + t]):
            drawn[place + t] = normal_quantile(drawn[source + t])


@njit(inner=True)
def _is_new(span: Any, o: Any, row: int) -> Any:
    """Whether a row has not been drawn; from now on it has."""
    at = _rows(o) * _STEPS + row
    new = span[at] == 0.0
    span[at] = 1.0
    return new


@njit(inner=True)
def draw_ahead(
    drawn: Any, a: Any, o: Any, rules: Any, events: Any, keys: Any, where: Any, month: int
) -> None:
    """Draw the luck of a month and those of its span, but for what is drawn, and for what cannot matter as things stand.

    Parameters
    ----------
    drawn : ndarray, shape (spans, numbers)
        See :func:`numbers_of_a_span`.
    where : tuple of int
        World, and replicate of the first lane.
    """
    first = month // SPAN * SPAN
    span = pointer_to_row(drawn, month // SPAN % drawn.shape[0])
    known = _rows(o) * _STEPS
    if span[known + _rows(o)] != first + 1.0:
        for row in range(_rows(o)):
            span[known + row] = 0.0
        span[known + _rows(o)] = first + 1.0
    for i in range(o.patrons):
        _draw_patron(span, a, o, rules, keys, where, first, i)
    row = _row(o, o.patrons)
    if rules.client == 1 and some(a[W.territory_noise] > 0.0) and _is_new(span, o, row):
        _draw(span, row + 1 + o.shocks, keys.world, where, first, 0)
        _to_normal(span, row, row + 1 + o.shocks)
    for e in range(o.shocks):
        if events.month[e] == 0 and some(a[o.e + e] == 0.0) and _is_new(span, o, row + 1 + e):
            _draw(span, row + 1 + e, keys.shock[e], where, first, 0)


@njit(inner=True)
def _draw_patron(span: Any, a: Any, o: Any, rules: Any, keys: Any, where: Any, month: int, i: int) -> None:
    """The rows of one patron."""
    row, key = _row(o, i), i * PURPOSES
    if rules.nu > 0.0 and _is_new(span, o, row):
        _draw_pair(span, row, keys.patron[key + REVIEW], where, month, 0)
    if some(a[o.p + i * NP + P.help_calls] > 0.0) and _is_new(span, o, row + _CALLS):
        _draw(span, row + _CALLS, keys.patron[key + CALL], where, month, 0)
    for block in range((o.patrons + 1) // 2):
        at = row + _SIGNALS + 2 * block
        if _is_new(span, o, at):
            if 2 * block + 1 < o.patrons:
                _draw_pair(span, at, keys.patron[key + SIGNAL], where, month, block)
            else:
                _draw(span, at, keys.patron[key + SIGNAL], where, month, block)
    for b in range(o.suitors):
        at = row + _SIGNALS + o.patrons + 2 * b
        if some(a[o.ps + (i * o.suitors + b) * NPS + PS.rate] > 0.0) and _is_new(span, o, at):
            _draw_pair(span, at, keys.patron[key + OFFERS], where, month, b)
