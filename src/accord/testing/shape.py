"""What every finding looks like, whatever it is about."""

from __future__ import annotations

import dataclasses
import math
import pickle
from typing import Any

from accord.finding import STATUS_WORDS, Finding, Lens, Spread, Table
from accord.situation import Situation
from accord.testing.drawing import allowed, with_fills

_KINDS = (
    "intervals", "shift", "matrix", "scale", "curves", "areas", "plane", "graph", "groups", "strips", "landscape",
    "quadrants", "network", "wells", "calibration", "plain",
)  # fmt: skip
_FEWER = dict.fromkeys(
    ("areas", "graph", "strips", "landscape", "network", "wells", "calibration", "plain"), 0
)
_LEAST_SPREADS = dict.fromkeys(_KINDS, 1) | {"shift": 2, "plane": 2, "quadrants": 2} | _FEWER
# Their rows are moments, or need no label.
_UNLABELLED = ("plain", "curves", "areas", "landscape")
_CELLS = (str, int, float, bool, Spread, type(None))


def check_finding(lens: Lens, situation: Situation, finding: Finding, worlds: int) -> None:
    """Check the form of a finding.

    Parameters
    ----------
    lens : Lens
    situation : Situation
    finding : Finding
    worlds : int
        How many worlds were drawn.

    Raises
    ------
    AssertionError
        In words, on the first promise that is broken.
    """
    _require(
        finding.lens == lens.name and finding.question == lens.question, lens, "a finding of another lens"
    )
    _require(finding.status in STATUS_WORDS, lens, f"no such status: '{finding.status}'")
    _require(bool(finding.says), lens, "it says nothing")
    for text in (*finding.says, *finding.notes):
        _require(_is_sentence(text), lens, f"not a sentence: '{text}'")
    _require(bool(finding.verified), lens, "it does not say against what it was verified")
    _require(
        bool(finding.needs) == (finding.status == "not_applicable"), lens, "needs and status do not agree"
    )
    known = with_fills(situation, lens)
    for path in finding.reads:
        _require(path in known and allowed(path, lens.reads), lens, f"it claims to have used '{path}'")
    _check_names(lens, [table.name for table in finding.tables], "table")
    _check_names(lens, [measure.name for measure in finding.measures], "measure")
    for measure in finding.measures:
        _check_spread(lens, measure.spread, f"measure '{measure.name}'", worlds)
        _require(bool(measure.label), lens, f"measure '{measure.name}' has no label")
    for table in finding.tables:
        _check_table(lens, table, worlds)
    _check_frozen(lens, finding)


def _require(holds: bool, lens: Lens, says: str) -> None:
    """Raise AssertionError, naming the lens, when a promise is broken."""
    if not holds:
        raise AssertionError(f"lens '{lens.name}' breaks the contract: {says}")


def _is_sentence(text: str) -> bool:
    """Whether a text begins with a capital (or a figure), ends with one full stop, and holds no number gone wrong."""
    plain = text[:1] == text[:1].upper() and text.endswith(".") and not text.endswith("..")
    return plain and text == text.strip() and "  " not in text and not _holds_nan(text)


def _holds_nan(text: str) -> bool:
    """Whether an undefined number slipped into a text."""
    return any(word.strip("(),.;:%") in ("nan", "inf", "-inf") for word in text.split())


def _check_names(lens: Lens, names: list[str], what: str) -> None:
    """Names are unique and hold no blanks."""
    _require(len(set(names)) == len(names), lens, f"a {what} name appears twice")
    for name in names:
        _require(bool(name) and " " not in name, lens, f"no {what} can be called '{name}'")


def _check_spread(lens: Lens, spread: Spread, where: str, worlds: int) -> None:
    """Ends in order, and worlds counted."""
    _require(spread.worlds == worlds, lens, f"{where} counts {spread.worlds} worlds instead of {worlds}")
    _require(0 <= spread.undefined <= worlds, lens, f"{where} counts {spread.undefined} undefined worlds")
    if not math.isnan(spread.low):
        _require(spread.low <= spread.median <= spread.high, lens, f"the interval of {where} is out of order")


def _check_table(lens: Lens, table: Table, worlds: int) -> None:
    """Kind, title, columns and cells of a table."""
    where = f"table '{table.name}'"
    _require(table.kind in _KINDS, lens, f"{where} is of no known kind: '{table.kind}'")
    titled = bool(table.title) and not table.title.endswith(".") and not _holds_nan(table.title)
    _require(
        titled and table.title[:1] == table.title[:1].upper(), lens, f"the title of {where}: '{table.title}'"
    )
    _require(not _holds_nan(table.note), lens, f"the note of {where}: '{table.note}'")
    _require(bool(table.rows), lens, f"{where} has no rows")
    _check_names(lens, [column.name for column in table.columns], f"column of {where}")
    _require(len(table.actors) in (0, len(table.rows)), lens, f"{where} does not name an actor for each row")
    for row in table.rows:
        _require(len(row) == len(table.columns), lens, f"a row of {where} does not fit its columns")
        _require(table.kind in _UNLABELLED or isinstance(row[0], str), lens, f"a row of {where} has no label")
        for cell in row:
            _require(type(cell) in _CELLS, lens, f"{where} holds a {type(cell).__name__}")
            _require(
                not (isinstance(cell, float) and math.isnan(cell)),
                lens,
                f"{where} holds NaN instead of nothing",
            )
            if isinstance(cell, Spread):
                # Each quantity of such a table is about some of the worlds, and counts these.
                some = bool(table.extra.get("some_worlds")) and 0 < cell.worlds <= worlds
                _check_spread(lens, cell, where, cell.worlds if some else worlds)
    quantities = [
        place
        for place in range(len(table.columns))
        if all(row[place] is None or isinstance(row[place], Spread) for row in table.rows)
    ]
    _require(
        len(quantities) >= _LEAST_SPREADS[table.kind], lens, f"{where} holds too few quantities for its kind"
    )


def _check_frozen(lens: Lens, finding: Finding) -> None:
    """Outputs cannot be changed, and can be sent to another process."""
    records: list[Any] = [finding, *finding.tables, *finding.measures]
    for record in records:
        for field in dataclasses.fields(record):
            _require(
                _is_frozen(getattr(record, field.name)), lens, f"'{field.name}' of its finding can be changed"
            )
        try:
            setattr(record, dataclasses.fields(record)[0].name, "changed")
        except dataclasses.FrozenInstanceError:
            continue
        _require(False, lens, "its finding can be changed")
    again = pickle.loads(pickle.dumps(finding))  # noqa: S301 - our own bytes
    _require(repr(again) == repr(finding), lens, "its finding does not survive being sent to another process")


def _is_frozen(value: Any) -> bool:
    """Whether a value holds no list, set or array (a table's extra is a mapping that nobody writes to)."""
    if isinstance(value, tuple):
        return all(_is_frozen(entry) for entry in value)
    return isinstance(value, str | int | float | bool | dict | type(None)) or dataclasses.is_dataclass(value)
