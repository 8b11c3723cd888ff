"""Workbooks as Excel, LibreOffice and Google Sheets save them: cells in, cells out."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accord.exchange.gate import Refused, admit
from accord.exchange.grid import Grid, Value, column_name
from accord.exchange.paths import COMPANIONS
from accord.exchange.reading import sheet_name
from accord.problems import RunError

_CREATED = datetime.datetime(
    2000, 1, 1, tzinfo=datetime.UTC
)  # the same for every workbook, so that equal ones have equal bytes
EXTRA = 'pip install "accord-lenses[excel]"'
_WIDTH_LEAST, _WIDTH_MOST = 9, 44


def read_xlsx(data: bytes) -> list[Grid]:
    """The sheets of a workbook.

    Raises
    ------
    Refused
        When it cannot be opened.
    """
    try:
        import python_calamine as calamine
    except ImportError as error:
        says = "reading an .xlsx workbook needs an extra of Accord"
        raise Refused("no-extra", says, try_instead=f"{EXTRA}, or a folder of CSV files") from error
    admitted = admit(data)
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(admitted.data)) as workbook:
            names = [
                meta.name for meta in workbook.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            sheets = [workbook.get_sheet_by_name(name) for name in names if sheet_name(name) is not None]
            return [_grid(sheet, admitted.faults.get(sheet.name, {})) for sheet in sheets]
    except BaseException as error:  # a panic of the library is no Exception
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        says = "the workbook is damaged: its sheets cannot be read"
        hint = "open it in a spreadsheet program and save it as .xlsx"
        raise Refused("damaged", says, try_instead=hint) from error


def _grid(sheet: Any, faults: Mapping[tuple[int, int], Any]) -> Grid:
    """One sheet, with the cells that hold no result marked."""
    rows: list[list[Value]] = [
        [None if value == "" else value for value in row] for row in sheet.to_python(skip_empty_area=False)
    ]
    for (row, column), fault in faults.items():
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [None] * (column + 1 - len(rows[row]))
        rows[row][column] = fault
    areas = sheet.merged_cell_ranges or []
    merged = tuple(f"{_name(first)}:{_name(last)}" for first, last in areas)
    return Grid(sheet.name, rows, merged=merged)


def _name(cell: tuple[int, int]) -> str:
    """A cell by its row and column."""
    return f"{column_name(cell[1])}{cell[0] + 1}"


@dataclass(frozen=True, slots=True)
class Help:
    """What a sheet offers to the person who fills it in.

    Parameters
    ----------
    notes : mapping of str to str
        Note on each header.
    choices : mapping of str to (sequence of str, or str)
        Words to choose from in a column, or the range of cells that holds them.
    dated : frozenset of str
        Columns with dates or text, in which a spreadsheet should not make its own out of what is typed.
    dated_rows : frozenset of int
        Rows of a tall sheet whose value is such a date or text.
    blank_rows : int
        How many rows below the filled ones are prepared.
    """

    notes: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Sequence[str] | str] = field(default_factory=dict)
    dated: frozenset[str] = frozenset()
    dated_rows: frozenset[int] = frozenset()
    blank_rows: int = 0


class _Exact(float):
    """A number that is written with all its digits: the library would round to sixteen."""

    def __format__(self, form: str) -> str:
        """All digits, whatever form is asked for."""
        return repr(float(self))


def write_xlsx(
    grids: Sequence[Grid],
    helps: Mapping[str, Help] | None = None,
    pages: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """A workbook as bytes, the same for the same sheets.

    Parameters
    ----------
    grids : sequence of Grid
    helps : mapping of str to Help
        By sheet.
    pages : mapping of str to sequence of str
        Sheets of plain lines that come first.

    Raises
    ------
    RunError
        When the library is not installed.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise RunError(
            f"writing an .xlsx workbook needs an extra of Accord; try: {EXTRA}, or a folder of CSV files"
        ) from error
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(stream, options) as workbook:
        workbook.set_properties({"created": _CREATED, "author": "", "company": ""})
        forms = _forms(workbook)
        for title, lines in (pages or {}).items():
            _page(workbook.add_worksheet(title), lines, forms)
        for grid in grids:
            _Sheet(
                workbook.add_worksheet(grid.name), grid, (helps or {}).get(grid.name, Help()), forms
            ).write()
    return stream.getvalue()


def _forms(workbook: Any) -> dict[str, Any]:
    """The formats of cells."""
    top = {"valign": "top"}
    return {
        "header": workbook.add_format({"bold": True, "bg_color": "#DCE6F1", "bottom": 1, **top}),
        "name": workbook.add_format({"bold": True, **top}),
        "number": workbook.add_format({**top}),
        "text": workbook.add_format({"text_wrap": True, "num_format": 49, **top}),
        "word": workbook.add_format({"text_wrap": True, **top}),
        "line": workbook.add_format({"text_wrap": True, **top}),
        "title": workbook.add_format({"bold": True, "font_size": 14}),
    }


def _page(sheet: Any, lines: Sequence[str], forms: Mapping[str, Any]) -> None:
    """A sheet of plain lines; the first one is its title."""
    sheet.set_column(0, 0, 100)
    sheet.hide_gridlines(2)
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, forms["title" if row == 0 else "line"])


@dataclass(slots=True)
class _Sheet:
    """Writes one sheet."""

    sheet: Any
    grid: Grid
    help: Help
    forms: Mapping[str, Any]

    def write(self) -> None:
        """Cells, then what makes them easy to read and to fill in."""
        header = [str(name) for name in self.grid.rows[0]]
        for row, values in enumerate(self.grid.rows):
            for column, name in enumerate(header):
                text = name in self.help.dated or (name == "value" and row in self.help.dated_rows)
                form = "header" if row == 0 else "text" if text else "word"
                self.cell(row, column, values[column] if column < len(values) else None, form)
        self.columns(header)
        self.sheet.freeze_panes(1, self.named(header))
        if len(self.grid.rows) > 1:
            self.sheet.autofilter(0, 0, len(self.grid.rows) - 1, len(header) - 1)
        for column, name in enumerate(header):
            if name in self.help.notes:
                self.sheet.write_comment(0, column, self.help.notes[name], {"x_scale": 2, "author": ""})
            if name in self.help.choices:
                self.choose(column, self.help.choices[name])

    def cell(self, row: int, column: int, value: Value, form: str) -> None:
        """One cell, by the type of its value: text never becomes a formula, a link or a number.

        Only cells that hold text for good have the format Text: a number typed into one would be stored as text.
        """
        if value is None:
            if form == "text":
                self.sheet.write_blank(row, column, None, self.forms[form])
        elif isinstance(value, bool):
            self.sheet.write_boolean(row, column, value, self.forms["number"])
        elif isinstance(value, int | float):
            self.sheet.write_number(row, column, _Exact(value), self.forms["number"])
        else:
            self.sheet.write_string(row, column, str(value), self.forms[form])

    def named(self, header: Sequence[str]) -> int:
        """How many of the first columns say what a row is about."""
        from accord.exchange.sheets import BY_NAME

        keys = len(BY_NAME[self.grid.name].keys)
        return keys + 1 if len(header) > keys and header[keys] in ("key", "path") else keys

    def columns(self, header: Sequence[str]) -> None:
        """Widths by content; what belongs to a number is grouped, so that it can be folded away."""
        for column, name in enumerate(header):
            texts = [
                str(row[column]) for row in self.grid.rows if column < len(row) and row[column] is not None
            ]
            width = min(max(_WIDTH_LEAST, *(len(text) + 2 for text in texts)), _WIDTH_MOST)
            base, _, last = name.rpartition(".")
            level = {"level": 1} if base in header and last in COMPANIONS else {}
            self.sheet.set_column(
                column, column, width, self.forms["text"] if name in self.help.dated else None, level
            )

    def choose(self, column: int, words: Sequence[str] | str) -> None:
        """A list to choose from; other entries are warned of where the list is closed."""
        last = len(self.grid.rows) + self.help.blank_rows
        rule: dict[str, Any] = {
            "validate": "list",
            "source": words if isinstance(words, str) else list(words),
        }
        rule |= {"error_type": "warning" if not isinstance(words, str) else "information"}
        rule |= {"error_title": "Not on the list", "error_message": "Choose one of the words on the list."}
        self.sheet.data_validation(1, column, last, column, rule)
