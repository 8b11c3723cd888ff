"""Numbers, wrapping and colours."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accord.figures import style
from accord.figures.glyphs import glyph_of
from accord.figures.numbers import decimals_for, exact, number, spread_text, spread_words, undefined_text
from accord.finding import Spread

NAN = math.nan


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [
        (0.4234, None, "0.42"),
        (12.34, None, "12"),
        (1234.5, None, "1,234"),
        (3.0, None, "3"),
        (-0.5, None, "−0.50"),
        (0.5, 1, "0.5"),
        (0.003, 2, "0.0030"),
        (1e-7, 2, "< 0.000001"),
        (-1e-7, 2, "> −0.000001"),
        (0.0009765625, None, "0.00098"),
        (-0.0007, 2, "−0.00070"),
        (1.24e-6, None, "0.0000012"),
        (1e-6, None, "0.0000010"),
        (0.0, 2, "0"),
        (-0.0, 2, "0"),
        (NAN, 2, "undefined"),
        (math.inf, 2, "without bound"),
        (-math.inf, None, "−without bound"),
    ],
)
def test_numbers(value: float, decimals: int | None, said: str) -> None:
    assert number(value, decimals) == said


@given(
    st.floats(1.0, 10.0, exclude_max=True),
    st.integers(-12, 9),
    st.sampled_from([1.0, -1.0]),
    st.sampled_from([None, 0, 1, 2, 3]),
)
@example(7.0, -4, 1.0, None)
@example(9.96, -4, -1.0, 2)
def test_a_printed_number_is_the_number_within_its_rounding(
    digits: float, power: int, sign: float, decimals: int | None
) -> None:
    value = sign * digits * 10.0**power
    said = number(value, decimals)
    plain = said.replace("−", "-").replace(",", "")
    if said.startswith(("<", ">")):
        bound = float(plain[2:])
        assert value < bound if said[0] == "<" else value > bound
        assert abs(value) < abs(bound) <= 1e-6
        return
    shown = len(plain.partition(".")[2])
    assert abs(float(plain) - value) <= 0.5000001 * 10.0**-shown
    assert float(plain) * value > 0
    if decimals is None:
        assert abs(float(plain) / value - 1.0) <= 0.0501


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.675, "0.675"), (-3.0, "−3"), (12345.0, "12,345"), (1e-6, "1e-06"), (NAN, "undefined")],
)
def test_numbers_as_written(value: float, said: str) -> None:
    assert exact(value) == said


def test_decimals_follow_the_range() -> None:
    assert decimals_for([], 0, 1) == 2
    assert decimals_for([], 0, 10) == 1
    assert decimals_for([], 0, 100) == 0
    assert decimals_for([5.0, NAN, -20.0]) == 1
    assert decimals_for([]) == 2


@pytest.mark.parametrize(
    ("spread", "short", "words"),
    [
        (
            Spread(0.4, 0.2, 0.4, 0.6, 10),
            "0.40 (0.20 to 0.60)",
            "0.40, between 0.20 and 0.60 in 90 of 100 worlds",
        ),
        (Spread(0.4, 0.4, 0.4, 0.4, 10), "0.40", "0.40"),
        (Spread(0.4, NAN, NAN, NAN, 0), "0.40", "0.40"),
        (
            Spread(NAN, 0.2, 0.4, 0.6, 10, 5),
            "undefined (0.20 to 0.60)",
            "undefined at the best estimates, between 0.20 and 0.60 in 90 of 100 worlds, undefined in 5 of 10 worlds",
        ),
        (Spread(NAN, NAN, NAN, NAN, 10, 10), "undefined", "undefined"),
        (None, "undefined", "undefined"),
    ],
)
def test_spreads(spread: Spread | None, short: str, words: str) -> None:
    assert spread_text(spread, 2) == short
    assert spread_words(spread, 2) == words


def test_an_interval_that_reads_the_same_at_both_ends_is_left_out() -> None:
    assert spread_text(Spread(2e-7, 1e-7, 2e-7, 3e-7, 10), 2) == "< 0.000001"


def test_worlds_without_a_value() -> None:
    assert undefined_text(Spread(1, 1, 1, 1, 2048, 12)) == "undefined in 12 of 2,048 worlds"
    assert undefined_text(Spread(1, 1, 1, 1, 2048)) == ""
    assert undefined_text(Spread(NAN, NAN, NAN, NAN, 9, 9)) == "undefined in all 9 worlds"


@pytest.mark.parametrize(
    "text", ["Westland-backed rebels", "one two three four five", "x" * 80, "", "a  b\n\tc"]
)
@pytest.mark.parametrize("width", [30.0, 80.0, 400.0])
def test_wrapped_lines_fit(text: str, width: float) -> None:
    lines = style.wrap(text, width, most=3)
    assert 1 <= len(lines) <= 3
    assert all(style.width_of(line) <= width for line in lines)
    if not lines[-1].endswith("…"):
        assert "".join("".join(lines).split()) == "".join(text.split())


def test_lines_break_at_blanks_and_hyphens_first() -> None:
    assert style.wrap("Westland-backed rebels", 95) == ("Westland-", "backed rebels")
    assert style.wrap("-0.3 to 0.4", 45) == ("-0.3 to", "0.4")


def test_characters_that_no_drawing_may_hold_are_dropped() -> None:
    assert style.clean("a\x00b\x0bc\ud800d\ufffee\tf\r\n") == "abcde f"


def test_lines_stand_out_from_white() -> None:
    assert all(style.contrast(style.strong(colour), "#ffffff") >= 3 for colour in style.COLOURS)
    assert style.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert style.contrast(style.FAINT_INK, "#ffffff") >= 4.5


def test_every_marker_has_a_glyph() -> None:
    drawn = {glyph_of(style.Look(marker=marker)) for marker in style.MARKERS}
    assert len(drawn) == len(style.MARKERS)
    assert all('aria-hidden="true"' in glyph for glyph in drawn)
