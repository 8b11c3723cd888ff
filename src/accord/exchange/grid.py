"""A sheet as rows of plain values with their places, whatever file it came from."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell whose content cannot be had: an error value, or a formula that nobody has computed."""

    kind: str
    says: str
    try_instead: str


Value = (
    str
    | int
    | float
    | bool
    | datetime.date
    | datetime.datetime
    | datetime.time
    | datetime.timedelta
    | Fault
    | None
)
# What spreadsheets show instead of a result.
ERROR_VALUES = frozenset(
    ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!")
)


def error_value(text: str) -> Fault:
    """The fault of a cell that shows an error."""
    return Fault(
        "error-value", f"the cell shows the error {text}", "mend the formula, or type the value itself"
    )


def column_name(column: int) -> str:
    """The letters of a column, counted from 0: A, B, ... Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Parameters
    ----------
    value : Value
    place : str
        Sheet and cell, ``stances!C4``.
    loose : bool
        Whether the file holds only text, so that numbers are recognised by their form.
    comma : bool
        Whether the file's numbers may have decimal commas.
    """

    value: Value
    place: str
    loose: bool = False
    comma: bool = False


@dataclass(slots=True)
class Grid:
    """One sheet.

    Parameters
    ----------
    name : str
        As the file has it.
    rows : list of list of Value
        From cell A1 on; a blank cell is None, text has no blanks at its ends.
    loose, comma : bool
        As for :class:`Cell`.
    merged : tuple of str
        Areas of merged cells (``A1:C1``).
    """

    name: str
    rows: list[list[Value]]
    loose: bool = False
    comma: bool = False
    merged: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Strip text, and drop what is blank at the end of rows and of the sheet."""
        self.rows = [_trimmed(row) for row in self.rows]
        while self.rows and not self.rows[-1]:
            self.rows.pop()

    def place(self, row: int, column: int) -> str:
        """Sheet and cell, counted from 0."""
        return f"{self.name}!{column_name(column)}{row + 1}"

    def cell(self, row: int, column: int) -> Cell:
        """The cell at a place; blank beyond the end of a row."""
        values = self.rows[row]
        value = values[column] if column < len(values) else None
        return Cell(value, self.place(row, column), self.loose, self.comma)


def _trimmed(row: Sequence[Value]) -> list[Value]:
    """A row without blanks around its text and without blank cells at its end."""
    values = [value.strip() or None if isinstance(value, str) else value for value in row]
    while values and values[-1] is None:
        values.pop()
    return values
