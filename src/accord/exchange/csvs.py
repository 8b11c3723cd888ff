"""A folder of CSV files, one for each sheet: text in, text out."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from accord.exchange.gate import MOST_BYTES, MOST_CELLS, Refused
from accord.exchange.grid import Grid, Value
from accord.exchange.writing import stored

_BOM = b"\xef\xbb\xbf"  # spreadsheet programs take a CSV file for UTF-8 only when it begins so
_DELIMITERS = ",;\t"
_LONGEST_FIELD = 1_000_000
_SAVE = "save it as 'CSV UTF-8'"


def read_csv(name: str, data: bytes, room: int = MOST_CELLS) -> Grid:
    """One sheet.

    Parameters
    ----------
    name : str
        The sheet's name.
    data : bytes
        Values between commas, semicolons or tabs; with semicolons or tabs, decimal commas are understood.
    room : int
        How many cells it may have.

    Raises
    ------
    Refused
        When it is not text, not in UTF-8, or breaks off within quotes.
    """
    text = decoded(name, data)
    if (
        text[:4].lower() == "sep=" and text[4:5] in _DELIMITERS and text[4:5]
    ):  # how Excel is told the delimiter
        delimiter, text = text[4], text[5:].lstrip("\r").removeprefix("\n")
    else:
        delimiter = _delimiter(text)
    rows: list[list[Value]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    previous = csv.field_size_limit(_LONGEST_FIELD)
    try:
        for row in reader:
            rows.append([value or None for value in row])
            room -= max(len(row), 1)
            if room < 0:
                raise Refused(
                    "too-large",
                    f"the sheets have more than {MOST_CELLS:,} cells",
                    f"at most {MOST_CELLS:,}",
                    "keep raw data in another folder",
                    name,
                )
    except csv.Error as error:
        raise _broken_off(str(error), f"{name}!A{len(rows) + 1}") from error
    finally:
        csv.field_size_limit(previous)
    return Grid(name, rows, loose=True, comma=delimiter != ",")


def _broken_off(error: str, place: str) -> Refused:
    """A parser's complaint in words that help."""
    if "field larger" in error:
        return Refused(
            "too-large",
            "a value is longer than any cell",
            try_instead="look for a quote that is never closed",
            place=place,
        )
    at_end = "the file ends within quotes that begin in this row or before"
    says = at_end if "unexpected end of data" in error else "a quote in the middle of a value"
    expected = "quotes around a value, and two for each quote inside it"
    return Refused("syntax", says, expected, "look for a stray quote", place)


def decoded(name: str, data: bytes) -> str:
    """Bytes as text."""
    if len(data) > MOST_BYTES:
        raise Refused(
            "too-large",
            f"the file has {len(data):,} bytes",
            f"at most {MOST_BYTES:,}",
            "keep raw data elsewhere",
            name,
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("wrong-encoding", "the file is encoded as UTF-16", "UTF-8", _SAVE, name)
    if b"\x00" in data:
        raise Refused(
            "binary", "the file is binary, not text", "values between commas or semicolons", _SAVE, name
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        says = f"byte {data[error.start]:#04x} in line {row} is not UTF-8"
        raise Refused(
            "wrong-encoding", says, "UTF-8", f"{_SAVE}, not as plain 'CSV' or Latin-1", name
        ) from error


def _delimiter(text: str) -> str:
    """The character between the values of the first line."""
    first = text.lstrip().partition("\n")[0]
    inside, counts = False, dict.fromkeys(_DELIMITERS, 0)
    for character in first:
        if character == '"':
            inside = not inside
        elif character in counts and not inside:
            counts[character] += 1
    return max(counts, key=lambda character: counts[character])


def write_csv(grid: Grid) -> bytes:
    """One sheet as bytes: UTF-8 with a byte order mark, commas, and line ends as in RFC 4180."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    width = len(grid.rows[0])
    for row in grid.rows:
        values = [stored(value, loose=True) for value in row]
        writer.writerow(["" if value is None else value for value in values] + [""] * (width - len(values)))
    return _BOM + stream.getvalue().encode("utf-8")


def formulas(grid: Grid) -> list[str]:
    """Places of text that a spreadsheet program takes for a formula when it opens a CSV file."""
    cells = (
        (row, column, value) for row, values in enumerate(grid.rows) for column, value in enumerate(values)
    )
    return [
        grid.place(row, column)
        for row, column, value in cells
        if isinstance(value, str) and value[:1] in ("=", "+", "-", "@")
    ]


def files_of(folder: Path) -> list[Path]:
    """The CSV files of a folder, by name."""
    return sorted(
        path for path in folder.iterdir() if path.suffix.lower() == ".csv" and not path.name.startswith(".")
    )
