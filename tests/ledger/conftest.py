"""A clock that stands still, and a ledger."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from accord.ledger.book import Book
from accord.ledger.forecast import Forecast


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = datetime.datetime(2016, 1, 1, 12, tzinfo=datetime.UTC)

    def __call__(self) -> datetime.datetime:
        return self.time

    def on(self, day: str) -> None:
        """Noon of a day."""
        self.time = datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(tmp_path: Path, clock: Clock) -> Book:
    return Book(tmp_path / "own" / "forecasts.jsonl", clock, patience=5.0)


Write = Callable[..., None]


@pytest.fixture
def write(book: Book) -> Write:
    """Puts forecasts into the ledger."""

    def put(*made: Forecast) -> None:
        book.append(lambda chain: [("forecast", one.plain()) for one in made])

    return put
