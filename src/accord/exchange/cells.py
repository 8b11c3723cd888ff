"""One cell to one node, by the kind of value that belongs there; and back.

A cell may hold what YAML may: a bare number, a word such as ``likely``, or ``0.2 .. 0.4 .. 0.6`` for low, best and
high.  Several items of a list, or several sources of a number, are separated by ``;``; a source may end in its grade
in square brackets: ``essay P4 [B2]``, ``essay P4 [B2, 2015-11]``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any

from accord.exchange.grid import ERROR_VALUES, Cell, Fault, error_value
from accord.exchange.paths import COMPANIONS, Kind
from accord.files.node import Node
from accord.files.text import parse
from accord.problems import Problem

_INTEGER = re.compile(r"[-+]?\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+", re.ASCII)
_RANGE = re.compile(r"\s*(?:\.\.\.?|…)\s*")
_GRADE = re.compile(r"\[\s*([A-Za-z]?)(\d?)\s*,?\s*(\d{4}(?:-\d\d(?:-\d\d)?)?)?\s*\]$")
_DAY_ONE = datetime.date(1899, 12, 30)  # day 0 of the serial numbers by which spreadsheets store dates
_LAST_SERIAL = 2_958_465  # 9999-12-31
_RETYPE = "type {} into a cell whose format is General or Number"


def decode(cell: Cell, kind: Kind) -> Node | Problem:
    """What a cell that is not blank says; a problem where its content is an accident of spreadsheets.

    Whether the value fits (range, choice, reference) is for the reader of situations to judge.
    """
    value = cell.value
    if cell.loose and isinstance(value, str) and value in ERROR_VALUES:
        value = error_value(value)
    if isinstance(value, Fault):
        return Problem(value.kind, value.says, try_instead=value.try_instead, place=cell.place)
    return _DECODERS[kind](cell)


def decode_name(cell: Cell) -> str | Problem:
    """The name in a key cell; a number that a spreadsheet made of it is taken as it was typed."""
    found = decode(cell, "text")
    if isinstance(found, Problem):
        return found
    return str(found.value).lower() if isinstance(found.value, bool) else str(found.value)


def number_in(text: str, comma: bool = False) -> int | float | None:
    """The number that a text is, by its form; None where it is none."""
    text = text.replace(",", ".", 1) if comma and "." not in text else text
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else None


def _number(cell: Cell) -> Node | Problem:
    """A bare number."""
    value = cell.value
    if isinstance(value, float):
        return Node(whole(value), place=cell.place)
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return _turned_into_date(cell, "a number", "General or Number")
    if not isinstance(value, str):
        return Node(value, place=cell.place)
    if cell.loose:
        number = number_in(value, cell.comma)
        return Node(value if number is None else number, place=cell.place)
    meant = _meant(value)
    if meant is None:
        return Node(value, place=cell.place)
    says = f"'{value}' is stored as text, not as a number"
    return Problem(
        "number-as-text", says, expected="a number", try_instead=_RETYPE.format(meant), place=cell.place
    )


def _meant(text: str) -> str | None:
    """The number that a text in a typed cell was meant to be."""
    percent = text.endswith("%")
    plain = text.removesuffix("%").replace("\N{MINUS SIGN}", "-").lstrip("'")
    plain = re.sub(r"[\s_]", "", plain)
    number = number_in(plain, comma=True)
    if _THOUSANDS.fullmatch(plain):  # thousands, or three decimals: only the author knows
        return "it again, without a comma,"
    if number is None:
        return None
    return f"{number / 100:g}" if percent else f"{number:.15g}"


def _estimate(cell: Cell) -> Node | Problem:
    """A number, a word, or three numbers with two dots between them."""
    value = cell.value
    if isinstance(value, str):
        ends = [number_in(part, cell.comma or not cell.loose) for part in _RANGE.split(value)]
        if len(ends) == 3 and None not in ends:
            keys = zip(("low", "best", "high"), ends, strict=True)
            return Node({key: Node(end, place=cell.place) for key, end in keys}, place=cell.place)
    return _number(cell)


def _any(cell: Cell) -> Node | Problem:
    """What a scenario sets a path to: a number, a range, true or false, text, or a date."""
    value = cell.value
    if isinstance(value, datetime.date):
        return _day(cell)
    if cell.loose and isinstance(value, str) and value.lower() in ("true", "false"):
        return _truth(cell)
    return _estimate(cell)


def _text(cell: Cell) -> Node | Problem:
    """Text; a number stands for its digits."""
    value = cell.value
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return _turned_into_date(cell, "text", "Text")
    return Node(whole(value) if isinstance(value, float) else value, place=cell.place)


def _truth(cell: Cell) -> Node:
    """True or false."""
    value = cell.value
    known = {"true": True, "false": False}
    return Node(known.get(value.lower(), value) if isinstance(value, str) else value, place=cell.place)


def _day(cell: Cell) -> Node | Problem:
    """A date: a real one, or as text, or a bare year."""
    value = cell.value
    if isinstance(value, datetime.datetime):
        if value.time() != datetime.time():
            says = f"the cell holds a date with a time of day ({value:%Y-%m-%d %H:%M})"
            return Problem(
                "not-a-date", says, expected="a date", try_instead=f"{value:%Y-%m-%d}", place=cell.place
            )
        value = value.date()
    if isinstance(value, datetime.date):
        return Node(value.isoformat(), place=cell.place)
    if isinstance(value, datetime.time | datetime.timedelta):
        says = "the cell holds a time of day"
        return Problem(
            "not-a-date", says, expected="a date such as 2015-12-15, 2015-12 or 2015", place=cell.place
        )
    number = number_in(value) if cell.loose and isinstance(value, str) else value
    if isinstance(number, int | float) and not isinstance(number, bool) and 9999 < number <= _LAST_SERIAL:
        day = _DAY_ONE + datetime.timedelta(days=int(number))
        says = f"{number:.15g} is not a date; spreadsheets store {day} under this number"
        expected = "a date such as 2015-12-15, 2015-12 or 2015"
        return Problem(
            "not-a-date",
            says,
            expected=expected,
            try_instead=f"{day}, or format the cell as a date",
            place=cell.place,
        )
    return Node(whole(value) if isinstance(value, float) else value, place=cell.place)


def _turned_into_date(cell: Cell, expected: str, form: str) -> Problem:
    """The complaint about a cell that a spreadsheet has taken for a date or a time."""
    what = "the date" if isinstance(cell.value, datetime.date) else "the time"
    says = f"the cell holds {what} {cell.value}; spreadsheets make one of what looks like one"
    step = f"format the cell as {form}, then type the value again"
    return Problem("turned-into-date", says, expected=expected, try_instead=step, place=cell.place)


def _list(cell: Cell) -> Node | Problem:
    """Items separated by semicolons or line breaks."""
    found = _text(cell)
    if isinstance(found, Problem):
        return found
    return Node([Node(item, place=cell.place) for item in _items(str(found.value))], place=cell.place)


def _citations(cell: Cell) -> Node | Problem:
    """Sources: one alone, several as a list."""
    found = _text(cell)
    if isinstance(found, Problem):
        return found
    cited = [read_citation(item, cell.place) for item in _items(str(found.value))]
    return cited[0] if len(cited) == 1 else Node(cited, place=cell.place)


def _items(text: str) -> list[str]:
    """The items of a cell."""
    return [item.strip() for item in re.split(r"[;\n]", text) if item.strip()]


def read_citation(text: str, place: str) -> Node:
    """One source with its locator and its grade."""
    grade = _GRADE.search(text)
    reliability, credibility, date = grade.groups() if grade else ("", "", None)
    if grade is None or not (reliability or credibility or date):
        return Node(" ".join(text.split(None, 1)), place=place)
    source, _, locator = text[: grade.start()].strip().partition(" ")
    found: dict[str, Any] = {"of": source}
    found |= {"locator": locator.strip()} if locator.strip() else {}
    found |= {"date": date} if date else {}
    found |= {"reliability": reliability.upper()} if reliability else {}
    found |= {"credibility": int(credibility)} if credibility else {}
    return Node({key: Node(value, place=place) for key, value in found.items()}, place=place)


def write_citation(citation: Any) -> str:
    """One source as a cell has it."""
    if not isinstance(citation, Mapping):
        return str(citation)
    grade = f"{citation.get('reliability', '')}{citation.get('credibility', '')}"
    inside = ", ".join(part for part in (grade, str(citation.get("date", ""))) if part)
    head = " ".join(str(citation[key]) for key in ("of", "locator") if key in citation)
    return f"{head} [{inside}]" if inside else head


def decode_exact(text: str, place: str) -> Node | Problem:
    """A value written out in full, as JSON or as YAML in braces."""
    root, problems = parse(f'{{"value": {text}\n}}'.encode("utf-8", "surrogatepass"))
    if root is None or problems or set(root.value) != {"value"}:
        says, expected = "the text cannot be read as JSON", 'a value such as {"low": 1, "best": 2, "high": 3}'
        return Problem("syntax", says, expected=expected, place=place)
    return _placed(root.value["value"], place)


def _placed(node: Node, place: str) -> Node:
    """The same node, with every part of it at one place."""
    value = node.value
    if node.is_mapping:
        value = {key: _placed(inner, place) for key, inner in value.items()}
    elif node.is_list:
        value = [_placed(inner, place) for inner in value]
    return Node(value, place=place, quoted=node.quoted, size=node.size)


def whole(value: float) -> int | float:
    """A number without a fraction as a whole number: spreadsheets store both alike."""
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


_DECODERS: dict[Kind, Callable[[Cell], Node | Problem]] = {
    "estimate": _estimate,
    "any": _any,
    "number": _number,
    "text": _text,
    "day": _day,
    "truth": _truth,
    "list": _list,
    "citations": _citations,
}

CellValue = str | int | float | bool


def encode(kind: Kind, value: Any) -> dict[str, CellValue] | None:
    """The cells of a value, by the key of the number they hold (empty for its main cell); None where none can hold it.

    What comes out here is read back before it is written, and whatever comes back different goes to the details
    sheet, so this function need not know every exception.
    """
    if kind in ("estimate", "any") and isinstance(value, Mapping):
        return _estimate_cells(value)
    if kind == "citations":
        return {
            "": "; ".join(write_citation(item) for item in (value if isinstance(value, list) else [value]))
        }
    if kind == "list" and isinstance(value, list):
        return {"": "; ".join(str(item) for item in value)}
    return {"": value} if isinstance(value, str | int | float | bool) else None


def _estimate_cells(value: Mapping[str, Any]) -> dict[str, CellValue] | None:
    """The cells of a number with a range or evidence."""
    if not value or not set(value) <= set(COMPANIONS) or {"best", "word"} <= set(value):
        return None
    cells: dict[str, CellValue] = {}
    for key, inner in value.items():
        found = encode(COMPANIONS[key], inner)
        if found is None:
            return None
        cells["" if key in ("best", "word") else key] = found[""]
    return cells
