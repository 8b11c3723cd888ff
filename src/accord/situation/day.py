"""Dates as analysts have them: a year, a month or a day, never more exact than the source."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from functools import total_ordering

_FORM = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


@total_ordering
@dataclass(frozen=True, slots=True)
class Day:
    """A date known to the year, the month or the day.

    Parameters
    ----------
    year : int
    month, day : int or None
        None where the date is not known that closely.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Refuse dates that no calendar has."""
        if self.day is not None and self.month is None:
            raise ValueError("a day without a month")
        datetime.date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @classmethod
    def parse(cls, text: str) -> Day:
        """Read ``2015``, ``2015-12`` or ``2015-12-15``; ValueError otherwise."""
        found = _FORM.match(text.strip())
        if not found:
            raise ValueError(f"not a date: {text!r}")
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        return cls(year, month, day)

    @property
    def first(self) -> datetime.date:
        """The earliest day this date can mean."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> datetime.date:
        """The latest day this date can mean."""
        month = self.month or 12
        return datetime.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def months_after(self, other: Day) -> int:
        """Whole calendar months from *other* to this date."""
        return (self.year - other.year) * 12 + (self.month or 1) - (other.month or 1)

    def __lt__(self, other: object) -> bool:
        """Earlier: by first possible day, then by last."""
        if not isinstance(other, Day):
            return NotImplemented
        return (self.first, self.last) < (other.first, other.last)

    def __str__(self) -> str:
        """ISO form, as exact as it is known."""
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)
