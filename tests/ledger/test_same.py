"""What counts as the same case and question, and what the ledger knew before a forecast was frozen."""

from __future__ import annotations

import pytest
from tests.ledger.made import forecast

from accord.ledger.book import Book
from accord.ledger.forecast import Forecast, Item, Resolution
from accord.ledger.items import items_of
from accord.ledger.same import aware, own_name, same_case, same_question


def own(name: str = "king", yes: float = 0.5, **more: object) -> Forecast:
    """An analyst's forecast of what no output answers."""
    return forecast(name, yes, **{"whose": "analyst", "output": "", "baseline": None, **more})


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"asked_of": "b" * 64}, True),
        ({"case": "copy"}, True),
        ({"case": "copy", "asked_of": "b" * 64}, False),
        ({"title": "Another", "asked_of": "b" * 64}, False),
        ({"title": "", "asked_of": "b" * 64}, True),
    ],
)
def test_a_case_is_its_digest_or_its_name_and_title(changes: dict[str, str], same: bool) -> None:
    one, other = forecast(title="Pact"), forecast(**{"title": "Pact", **changes})
    assert same_case(one, other) is same_case(other, one) is same


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"id": "case/alive.2", "whose": "analyst", "output": ""}, True),
        ({"by": "2017-12-31"}, False),
        ({"question_id": "living"}, True),
        ({"question_id": "living", "question": "Still?"}, True),
        ({"question_id": "living", "question": "Still?", "output": ""}, False),
    ],
)
def test_a_question_is_its_day_and_its_name_words_or_output(changes: dict[str, str], same: bool) -> None:
    assert same_question(forecast(), forecast(**changes)) is same


def ledger(book: Book, clock, *steps: tuple[str, Forecast | Resolution]) -> list[Item]:
    """A ledger that was written on these days."""
    for day, one in steps:
        clock.on(day)
        kind = "forecast" if isinstance(one, Forecast) else "resolution"
        book.append(lambda chain, k=kind, o=one: [(k, o.plain())])
    return list(items_of(book.read()))


def no(name: str, on: str, outcome: str = "no") -> Resolution:
    return Resolution(f"case/{name}", outcome, "Reuters", on)


@pytest.mark.parametrize(
    "again",
    [
        own(id="case/king.2", yes=0.01, said_by="Bo"),
        forecast("king", 0.01, id="case/king.2", output="endurance.x"),
    ],
)
def test_a_question_that_was_answered_is_not_asked_in_time_again(book: Book, clock, again: Forecast) -> None:
    first, second = ledger(
        book,
        clock,
        ("2016-01-01", own()),
        ("2016-10-01", no("king", "2016-10-01")),
        ("2016-11-26", again),
        ("2016-12-05", no("king.2", "2016-12-05")),
    )
    assert (first.after_the_fact, second.after_the_fact) == (False, True)
    assert (second.answered_by, second.seen) == ("case/king", "2016-10-01")


def test_nor_does_it_count_when_the_outcome_was_written_down_later_and_seen_earlier(
    book: Book, clock
) -> None:
    items = ledger(
        book,
        clock,
        ("2016-01-01", own()),
        ("2016-11-26", own(id="case/king.2")),
        ("2016-12-01", no("king", "2016-11-26")),
        ("2016-12-05", no("king.2", "2016-12-05")),
    )
    assert [(one.after_the_fact, one.answered_by) for one in items] == [(False, ""), (True, "")]


def test_a_day_that_is_given_later_does_not_help_what_was_in_the_ledger(book: Book, clock) -> None:
    items = ledger(
        book,
        clock,
        ("2016-01-01", own()),
        ("2016-10-01", no("king", "2016-10-01")),
        ("2016-10-05", own(id="case/king.2")),
        ("2016-12-05", no("king", "2016-12-04")),
    )
    assert items[1].after_the_fact


def test_what_ended_is_known_to_have_ended_on_later_days(book: Book, clock) -> None:
    cause = forecast(
        "cause", output="endurance.incidence", probabilities={"collapse": 0.5, "still_together": 0.5}
    )
    later = forecast("alive_2020", by="2020-12-31", question="Then?", output="endurance.survival.theatre.60")
    other = forecast("pact_2020", by="2020-12-31", question="Pact?", output="endurance.survival.bilateral.60")
    known = [("2016-01-01", cause), ("2016-06-01", no("cause", "2016-05-30", "collapse"))]
    items = ledger(book, clock, *known, ("2016-07-01", later), ("2016-07-01", other))
    assert [one.after_the_fact for one in items] == [False, True, False]
    lasted = Item(cause, "2016-01-01", 1, "", ((2, "", no("cause", "2016-12-31", "still_together")),))
    assert not aware((lasted, Item(later, "2017-01-01", 3)))[1].after_the_fact


def test_another_case_of_the_same_name_tells_nothing(book: Book, clock) -> None:
    other = own(id="case-bbbbbbbb/king", case="case-bbbbbbbb", title="Other", asked_of="b" * 64)
    items = ledger(
        book,
        clock,
        ("2016-01-01", own(title="Pact")),
        ("2016-10-01", no("king", "2016-10-01")),
        ("2016-11-01", other),
    )
    assert not items[1].after_the_fact


def test_a_case_keeps_its_name_and_another_one_gets_a_mark() -> None:
    held = [forecast(case="pact", title="Pact", asked_of="a" * 64)]
    assert own_name("pact", "Pact", "c" * 64, held) == "pact"
    assert own_name("new", "Pact", "c" * 64, held) == "new"
    assert own_name("pact", "Other", "b" * 64, held) == "pact-bbbbbbbb"
    held.append(forecast(case="pact-bbbbbbbb", title="Other", asked_of="b" * 64))
    assert own_name("pact", "Other", "d" * 64, held) == "pact-bbbbbbbb"
    assert own_name("pact", "Renamed", "a" * 64, held) == "pact"
    assert own_name("pact", "Third", "e" * 64, held) == "pact-eeeeeeee"


def test_an_end_says_nothing_of_days_before_it(book: Book, clock) -> None:
    later = forecast("alive_2020", by="2020-12-31", question="Then?", output="endurance.survival.theatre.60")
    items = ledger(
        book,
        clock,
        ("2016-01-01", later),
        ("2018-03-02", no("alive_2020", "2018-03-01")),
        ("2018-03-03", forecast("early", by="2017-12-31", question="Early?")),
        ("2018-03-03", forecast("late", by="2019-12-31", question="Late?")),
    )
    assert [one.answered_by for one in items] == ["", "", "case/alive_2020"]


def test_lasting_that_nobody_can_have_seen_tells_nothing(book: Book, clock) -> None:
    items = ledger(
        book,
        clock,
        ("2016-01-01", forecast()),
        ("2016-02-02", no("alive", "2016-02-01", "yes")),
        ("2016-02-03", forecast(id="case/alive.2")),
    )
    assert (items[0].provisional, items[1].seen, items[1].after_the_fact) == (True, "", False)
