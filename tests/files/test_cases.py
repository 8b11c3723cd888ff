"""Shipped cases: nothing to complain of, no number without a reason, nothing that became known later."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import accord
from accord.lenses.precedent.profile import profile_of
from accord.lenses.precedent.terms import READS
from accord.second_cases import QUESTIONS
from accord.situation import Situation, estimates
from accord.worlds import best_of

CASES = sorted(accord.list_cases())
PRECEDENT = [path.removeprefix("partnership.") for path in READS]


@pytest.fixture(params=CASES, scope="module")
def case(request: pytest.FixtureRequest) -> Situation:
    """Each of them."""
    return accord.read(request.param)


@pytest.mark.parametrize("name", CASES)
def test_nothing_to_complain_of(name: str) -> None:
    assert accord.check(name) == []


@pytest.mark.parametrize("name", ["template.yaml", "sheet.yaml"])
def test_what_people_start_from_is_complete(name: str) -> None:
    assert accord.check(Path(accord.__file__).parent / "files" / name) == []


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
    assert len(accord.list_cases()[name].read_text("utf-8").splitlines()) <= 250
    assert 2 <= len(case.issues) <= 4
    words = [one for one in estimates(case).values() if one.word]
    assert len(words) >= 0.5 * len(estimates(case))
    # What happened is asked of none of them: it could be read as an answer.
    assert not case.resolve
    assert case.as_of.last < datetime.date(2003, 3, 20)


@pytest.mark.parametrize("name", QUESTIONS)
def test_second_cases_say_what_others_like_them_are(name: str) -> None:
    terms = accord.read(name).partnership.terms
    # Without a treaty nothing can differ, or have a term.
    without = {"promises_differ", "promises_end_date"} if name == "syria-iran-2002" else set()
    assert set(PRECEDENT) - without == set(PRECEDENT) & set(terms)
    assert all(best_of(terms[key]).is_integer() for key in PRECEDENT if key in terms)
    assert profile_of(accord.read(name)).unclear == ()


def test_second_cases_are_held_against_the_classes_of_their_treaty_and_year() -> None:
    def classes(name: str) -> set[str]:
        """Names of the classes that a case certainly belongs to."""
        return {one.name for one in profile_of(accord.read(name)).certain}

    syria, egypt, pakistan = (
        classes(one) for one in ("syria-iran-2002", "soviet-egyptian-1971", "us-pakistan-1987")
    )
    assert {"era_1945", "wartime", "minor_minor"} <= syria
    assert not syria & {"era_1990", "defense", "nonaggression", "open_ended", "fixed_term"}
    assert {"era_1945", "any_consultation", "military_aid", "fixed_term", "nonaggression"} <= egypt
    assert {"era_1945", "peacetime", "defense", "asymmetric", "major_minor"} <= pakistan
    assert not (pakistan | egypt) & {"wartime", "era_1990"}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_event_of_a_second_case_has_a_source(name: str) -> None:
    ties = accord.read(name).ties
    events = {
        event: one for pairs in ties.values() for tie in pairs.values() for event, one in tie.events.items()
    }
    assert [event for event, one in events.items() if not one.source] == []


def test_the_sheet_asks_for_what_others_like_them_are(tmp_path) -> None:
    from accord.doors import start

    target = start(tmp_path / "mine", sheet=True)
    assert set(PRECEDENT) <= set(accord.read(target).partnership.terms)
    page = Path(__file__).parents[2] / "docs" / "how-to" / "code-a-case.md"
    assert [key for key in PRECEDENT if f"`{key}`" not in page.read_text("utf-8")] == []


def test_the_sheet_is_written_and_has_nothing_to_complain_of(tmp_path) -> None:
    from accord.doors import start

    target = start(tmp_path / "mine", sheet=True)
    assert accord.check(target) == []
    assert "coded from the fixed sheet" in target.read_text("utf-8")
    assert start(tmp_path / "other").read_text("utf-8") != target.read_text("utf-8")
