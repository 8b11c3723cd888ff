"""Numbers as people read them: about two significant digits, a real minus sign, words where there is no number."""

from __future__ import annotations

import math
from collections.abc import Iterable

from accord.finding import Spread

UNDEFINED = "undefined"
# What an interval holds unless a table says otherwise.
WORLDS = "90 of 100 worlds"
_MINUS = "\N{MINUS SIGN}"
# Below this a number is only told to be small; above, two significant digits are shown, with as many decimals as that takes.
_LEAST = 1e-6


def number(value: float, decimals: int | None = None) -> str:
    """A number for a reader: two significant digits, or a fixed number of *decimals* to match its neighbours.

    A value too small for its decimals keeps two significant digits, and below a millionth it reads ``< 0.000001``, so that
    nothing but zero reads as zero; NaN reads "undefined" and infinity "without bound".
    """
    if math.isnan(value):
        return UNDEFINED
    if math.isinf(value):
        return "without bound" if value > 0 else f"{_MINUS}without bound"
    if value == 0:
        return "0"
    sign = _MINUS if value < 0 else ""
    if abs(value) < _LEAST:
        return f"{'>' if value < 0 else '<'} {sign}{_LEAST:.6f}"
    wanted = _two_digits(value) if decimals is None else decimals
    if abs(value) < 0.5 * 10.0**-wanted:
        wanted = _two_digits(value)
    text = f"{abs(value):,.{wanted}f}"
    if decimals is None and "." in text and float(value).is_integer():
        text = text.rstrip("0").rstrip(".")
    return sign + text


def _two_digits(value: float) -> int:
    """Decimals that leave two significant digits, none from 10 upwards."""
    return max(0, 1 - math.floor(math.log10(abs(value))))


def exact(value: float) -> str:
    """A number as it was written, never rounded to fewer digits than it has (up to ten)."""
    if math.isnan(value) or math.isinf(value):
        return number(value)
    text = f"{abs(value):,.0f}" if float(value).is_integer() and abs(value) < 1e15 else f"{abs(value):.10g}"
    return (_MINUS if value < 0 else "") + text


def decimals_for(values: Iterable[float], low: float | None = None, high: float | None = None) -> int:
    """Decimals that suit a whole column: by its natural range when it has one, else by its largest number."""
    if low is not None and high is not None and math.isfinite(low) and math.isfinite(high) and high > low:
        size = high - low
    else:
        size = max((abs(v) for v in values if math.isfinite(v)), default=1.0)
    if size <= 2.5:
        return 2
    return 1 if size <= 25 else 0


def spread_values(spreads: Iterable[Spread | None]) -> list[float]:
    """Every finite number in some spreads."""
    found = [value for s in spreads if s is not None for value in (s.best, s.low, s.median, s.high)]
    return [value for value in found if math.isfinite(value)]


def is_defined(spread: Spread | None) -> bool:
    """Whether there is any number at all: at the best estimates or in some world."""
    return spread is not None and bool(spread_values([spread]))


def is_certain(spread: Spread) -> bool:
    """Whether every world says the same, so that an interval would say nothing."""
    ends = (spread.low, spread.high, spread.best)
    return all(map(math.isfinite, ends)) and max(ends) - min(ends) <= 1e-12 * max(1.0, *map(abs, ends))


def has_range(spread: Spread | None) -> bool:
    """Whether worlds differ, so that there is an interval to show."""
    return spread is not None and math.isfinite(spread.low) and not is_certain(spread)


def spread_text(spread: Spread | None, decimals: int | None = None) -> str:
    """A spread in short: ``0.42 (0.21 to 0.60)``; says "undefined" where there is nothing."""
    if spread is None or not is_defined(spread):
        return UNDEFINED
    best = number(spread.best, decimals)
    if not has_range(spread):
        return best
    low, high = number(spread.low, decimals), number(spread.high, decimals)
    return best if low == high == best else f"{best} ({low} to {high})"


def spread_words(spread: Spread | None, decimals: int | None = None, held: str = WORLDS) -> str:
    """A spread as a clause: ``0.42, between 0.21 and 0.60 in 90 of 100 worlds``, with the undefined worlds."""
    if spread is None or not is_defined(spread):
        return UNDEFINED
    text = number(spread.best, decimals)
    if math.isnan(spread.best):
        text = "undefined at the best estimates"
    if has_range(spread):
        low, high = number(spread.low, decimals), number(spread.high, decimals)
        text += f", between {low} and {high} in {held}"
    missing = undefined_text(spread)
    return f"{text}, {missing}" if missing else text


def undefined_text(spread: Spread | None) -> str:
    """In how many worlds a spread has no value; empty when it has one in each (or there is none at all)."""
    if spread is None or spread.undefined == 0 or spread.worlds == 0:
        return ""
    if spread.undefined >= spread.worlds:
        return f"undefined in all {spread.worlds:,} worlds"
    return f"undefined in {spread.undefined:,} of {spread.worlds:,} worlds"
