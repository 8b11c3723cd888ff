"""Forecasts and resolutions as records: round trip, names, corrections, what counts as after the fact."""

from __future__ import annotations

import datetime

import pytest
from tests.ledger.made import causes, forecast

from accord.ledger.book import Book
from accord.ledger.forecast import Forecast, Resolution, free_id, named
from accord.ledger.items import items_of
from accord.problems import SituationError


def told(name: str, outcome: str = "yes", on: str = "2016-12-31", corrects: int | None = None) -> Resolution:
    return Resolution(f"case/{name}", outcome, "Reuters", on, corrects)


@pytest.mark.parametrize("made", [forecast(), causes(collapse=0.2, sell_out=0.3, still_together=0.5)])
def test_a_forecast_reads_back(book: Book, made: Forecast) -> None:
    book.append(lambda chain: [("forecast", made.plain())])
    assert items_of(book.read())[0].forecast == made


def test_a_correction_holds_and_both_stay(book: Book, write) -> None:
    write(forecast())
    for outcome, corrects in (("yes", None), ("no", 2)):
        book.append(
            lambda chain, o=outcome, c=corrects: [("resolution", told("alive", o, corrects=c).plain())]
        )
    (item,) = items_of(book.read())
    assert item.resolution == told("alive", "no", corrects=2)
    assert [(number, one.outcome) for number, _, one in item.resolutions] == [(2, "yes"), (3, "no")]


def test_names_whole_short_and_wrong(book: Book, write) -> None:
    write(forecast(), forecast("treaty"), forecast("alive", id="other/alive", case="other"))
    items = items_of(book.read())
    assert named(items, "case/alive").forecast.id == "case/alive"
    assert named(items, "treaty").forecast.id == "case/treaty"
    with pytest.raises(
        SituationError, match=r"'alive' names 2 forecasts; try: one of case/alive, other/alive"
    ):
        named(items, "alive")
    with pytest.raises(SituationError, match="did you mean 'treaty'"):
        named(items, "treety")


def test_ids_are_free() -> None:
    assert free_id("c", "q", []) == "c/q"
    assert free_id("c", "q", ["c/q", "c/q.2"]) == "c/q.3"


@pytest.mark.parametrize(
    ("frozen", "seen", "late"),
    [
        ("2016-01-01", None, False),
        ("2016-12-30", "2016-12-31", False),
        ("2016-12-31", "2016-12-31", True),
        ("2016-12-31", None, True),
        ("2016-12-30", None, False),
        ("2016-03-14", "2016-03-14", True),
        ("2016-03-13", "2016-03-14", False),
        ("2017-01-01", None, True),
        ("2016-06-01", "2016-03-14", True),
        ("2016-01-01", "2016-03-14", False),
    ],
)
def test_after_the_fact(book: Book, clock, write, frozen: str, seen: str | None, late: bool) -> None:
    clock.on(frozen)
    write(forecast())
    if seen:
        book.append(lambda chain: [("resolution", told("alive", on=seen).plain())])
    assert items_of(book.read())[0].after_the_fact is late


def test_due(book: Book, write) -> None:
    write(forecast())
    (item,) = items_of(book.read())
    assert not item.due(datetime.date(2016, 12, 30))
    assert item.due(datetime.date(2016, 12, 31))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("verdict", {}),
        ("forecast", {"id": "x"}),
        ("resolution", {"id": "nobody", "outcome": "yes", "source": "s", "on": "2016"}),
    ],
)
def test_what_this_version_cannot_read_is_told_with_its_line(
    book: Book, write, kind: str, body: dict
) -> None:
    write(forecast())
    book.append(lambda chain: [(kind, body)])
    with pytest.raises(SituationError, match=r":2: a record of kind"):
        items_of(book.read(), str(book.path))


def test_what_an_earlier_version_froze_is_still_read() -> None:
    plain = forecast("alive").plain()
    del plain["said_by"]
    for key in ("age", "at_risk", "newborn"):
        del plain["baseline"][key]
    read = Forecast.of(plain)
    assert read == forecast("alive")
    assert read.baseline is not None
    assert read.baseline.says == "wartime"
