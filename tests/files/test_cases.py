"""Shipped cases: nothing to complain of, no number without a reason, nothing that became known later."""

from __future__ import annotations

import datetime

import pytest

import accord
from accord.second_cases import QUESTIONS
from accord.situation import Situation, estimates

CASES = sorted(accord.list_cases())


@pytest.fixture(params=CASES, scope="module")
def case(request: pytest.FixtureRequest) -> Situation:
    """Each of them."""
    return accord.read(request.param)


@pytest.mark.parametrize("name", CASES)
def test_nothing_to_complain_of(name: str) -> None:
    assert accord.check(name) == []


def test_every_number_has_a_source_or_a_reason(case: Situation) -> None:
    bare = [path for path, one in estimates(case).items() if not one.citations and not one.assumed]
    assert bare == []


def test_nothing_is_younger_than_the_day_of_coding(case: Situation) -> None:
    last = case.as_of.last
    assert {
        name for name, one in case.sources.items() if one.date is not None and one.date.first > last
    } == set()
    assert all(one.note for one in case.sources.values() if one.date is None)
    events = [
        event for pairs in case.ties.values() for tie in pairs.values() for event in tie.events.values()
    ]
    assert all(event.date.first <= last for event in events)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_source_of_a_second_case_is_dated_graded_and_used(name: str) -> None:
    case = accord.read(name)
    assert all(one.date and one.reliability and one.credibility for one in case.sources.values())
    text = accord.list_cases()[name].read_text("utf-8").partition("\nsources:\n")[0]
    assert [one for one in case.sources if one not in text] == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_second_cases_are_compact_and_coded_from_the_sheet(name: str) -> None:
    case = accord.read(name)
    assert len(accord.list_cases()[name].read_text("utf-8").splitlines()) <= 240
    assert 2 <= len(case.issues) <= 4
    words = [one for one in estimates(case).values() if one.word]
    assert len(words) >= 0.5 * len(estimates(case))
    # What happened is asked of none of them: it could be read as an answer.
    assert not case.resolve
    assert case.as_of.last < datetime.date(2003, 3, 20)


def test_the_sheet_is_written_and_has_nothing_to_complain_of(tmp_path) -> None:
    from accord.doors import start

    target = start(tmp_path / "mine", sheet=True)
    assert accord.check(target) == []
    assert "coded from the fixed sheet" in target.read_text("utf-8")
    assert start(tmp_path / "other").read_text("utf-8") != target.read_text("utf-8")
