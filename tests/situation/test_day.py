"""Dates known to the year, the month or the day."""

from __future__ import annotations

import datetime
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.situation import Day


@st.composite
def days(draw: st.DrawFn) -> Day:
    """A date, as exactly known as may be."""
    few = st.dates(datetime.date(2015, 1, 1), datetime.date(2015, 1, 3))
    date = draw(st.dates() | few)
    return draw(
        st.sampled_from((Day(date.year), Day(date.year, date.month), Day(date.year, date.month, date.day)))
    )


@given(days())
def test_written_and_read_again(day: Day) -> None:
    assert Day.parse(str(day)) == day
    assert Day.parse(f"  {day}\n") == day
    assert hash(Day.parse(str(day))) == hash(day)
    assert pickle.loads(pickle.dumps(day)) == day


@given(days())
def test_a_day_lies_inside_itself(day: Day) -> None:
    assert day.first <= day.last
    if day.day is not None:
        assert day.first == day.last == datetime.date(day.year, day.month or 1, day.day)
    if day.month is None:
        assert (day.first.month, day.first.day, day.last.month, day.last.day) == (1, 1, 12, 31)


@given(days(), days())
def test_any_two_days_are_in_order(one: Day, other: Day) -> None:
    assert (one < other) + (one == other) + (one > other) == 1
    assert (one <= other) == (one < other or one == other)
    if one.last < other.first:
        assert one < other


@given(st.lists(days(), max_size=6))
def test_sorting_is_sound(some: list[Day]) -> None:
    ordered = sorted(some)
    assert all(a <= c for i, a in enumerate(ordered) for c in ordered[i:])


@given(days(), days())
def test_months_between(one: Day, other: Day) -> None:
    assert one.months_after(one) == 0
    assert one.months_after(other) == -other.months_after(one)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "15",
        "2015-",
        "2015-1",
        "2015-13",
        "2015-02-30",
        "2015-00",
        "2015-01-00",
        "0000",
        "15.12.2015",
        "2015--15",
        "2015-1-1",
        "next year",
        "20155",
    ],
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError):
        Day.parse(text)


def test_what_is_known_less_closely_comes_between() -> None:
    some = [Day(2015), Day(2015, 1), Day(2015, 1, 1), Day(2014, 12, 31), Day(2015, 1, 2)]
    assert sorted(some) == [Day(2014, 12, 31), Day(2015, 1, 1), Day(2015, 1), Day(2015), Day(2015, 1, 2)]


def test_a_day_needs_its_month() -> None:
    with pytest.raises(ValueError, match="month"):
        Day(2015, None, 5)


def test_months_and_leap_days() -> None:
    assert Day(2016, 2).last == datetime.date(2016, 2, 29)
    assert Day(2016, 2, 29) > Day(2016, 2, 28)
    assert Day(2015, 12).months_after(Day(2015)) == 11
    assert Day(2015) < Day(2015, 12)
    with pytest.raises(TypeError):
        assert Day(2015) < 2015  # type: ignore[operator]
