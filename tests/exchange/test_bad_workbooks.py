"""What a workbook can get wrong, each with the exact message: sheet, cell, what is wrong, what to try."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Sheets = dict[str, list[list[Any]]]
Check = Callable[..., list[str]]
Spoil = Callable[[Sheets], Any]


def cell(sheet: str, place: str, value: Any) -> Spoil:
    """Put a value into a cell; a pair is a formula and the result that a spreadsheet program stored with it."""
    column, row = ord(place[0]) - ord("A"), int(place[1:]) - 1

    def spoil(sheets: Sheets) -> None:
        rows = sheets.setdefault(sheet, [])
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [None] * (column + 1 - len(rows[row]))
        rows[row][column] = value

    return spoil


def bare(sheet: str, **cells: Any) -> Spoil:
    """Put values into several cells, say a number and nothing beside it."""
    return lambda sheets: [cell(sheet, place, value)(sheets) for place, value in cells.items()]


def add(sheet: str, *rows: list[Any]) -> Spoil:
    """Add rows to a sheet, or a new sheet."""
    return lambda sheets: sheets.setdefault(sheet, []).extend(rows)


def without(*names: str) -> Spoil:
    """Delete sheets."""
    return lambda sheets: [sheets.pop(name) for name in names]


def rename(old: str, new: str) -> Spoil:
    """Rename a sheet."""
    return lambda sheets: sheets.update({new: sheets.pop(old)})


def drop_column(sheet: str, column: int) -> Spoil:
    """Delete a column."""
    return lambda sheets: [row.pop(column) for row in sheets[sheet] if column < len(row)]


def shift_down(sheet: str) -> Spoil:
    """Leave the first row blank."""
    return lambda sheets: sheets[sheet].insert(0, [])


# name, and what is done to a good workbook
BAD: dict[str, Spoil] = {
    "sheet misspelt": rename("stances", "stanses"),
    "sheet of one's own": add("Budget", ["year", "sum"], [2015, 3]),
    "needed sheet missing": without("patrons", "patron_threats"),
    "column misspelt": cell("actors", "B1", "kynd"),
    "column of a range misspelt": cell("stances", "D1", "position.lo"),
    "column nobody knows": cell("stances", "H1", "gut feeling"),
    "key column missing": drop_column("stances", 1),
    "value column misspelt": add("numbers", ["path", "valu"], ["actors.pirates.stakes", 0.1]),
    "key column of a tall sheet misspelt": cell("situation", "A1", "keys"),
    "column without a name": cell("actors", "J3", "a remark"),
    "first row blank": shift_down("actors"),
    "column twice": cell("actors", "C1", "Kind"),
    "error in the header": cell("actors", "B1", ("=x", "#NAME?")),
    "resource in a header misspelt": lambda sheets: [
        cell("actors", f"{letter}1", name.replace("ships", "shps"))(sheets)
        for letter, name in zip("DEFGH", sheets["actors"][0][3:], strict=True)
    ],
    "row twice": add("stances", ["patrols", "northland", 3]),
    "name left blank": add("stances", [None, "pirates", 3]),
    "path left blank": add("numbers", ["path", "value"], [None, 3]),
    "actor misspelt": cell("stances", "B2", "northlan"),
    "name with capitals": add("actors", ["East Land", "state"]),
    "value missing": cell("actors", "B2", None),
    "row of the title missing": lambda sheets: sheets["situation"].pop(2),
    "title missing": cell("situation", "B3", None),
    "number stored as text": cell("stances", "C2", "7"),
    "number with a decimal comma stored as text": cell("stances", "C2", "7,5"),
    "thousands stored as text": cell("stances", "C2", "1,000"),
    "percentage stored as text": cell("stances", "C2", "50 %"),
    "change stored as text": cell("scenario_changes", "C2", "0.05"),
    "word misspelt": bare("stances", G2="hihg", H2=None),
    "range without a best value": bare("stances", G2="0.2 .. 0.6", H2=None),
    "low without best and high": lambda sheets: [
        cell("stances", place, None)(sheets) for place in ("C2", "E2")
    ],
    "best value missing": cell("stances", "C2", None),
    "low above best": cell("stances", "D2", 9),
    "off the scale": lambda sheets: [
        cell("stances", place, value)(sheets) for place, value in (("C2", 12), ("E2", 14))
    ],
    "truth value for a number": bare("ties", C2=True, D2=None),
    "date for a number": cell("stances", "C2", datetime.date(2015, 2, 1)),
    "error value": cell("stances", "C2", ("=NA()", "#N/A")),
    "error value for a needed text": cell("actors", "B2", ("=A9", "#REF!")),
    "error value in a name": cell("actors", "A2", ("=A9", "#REF!")),
    "formula that nobody computed": cell("stances", "C2", ("=1+1", "")),
    "date for a text": cell("actors", "C2", datetime.date(2015, 3, 4)),
    "date as a serial number": cell("situation", "B4", 42353),
    "date with a time": cell("situation", "B4", datetime.datetime.fromisoformat("2020-06-30T13:05")),
    "date in another order": cell("situation", "B4", "30.6.2020"),
    "choice misspelt": cell("actors", "B2", "stat"),
    "source misspelt": cell("stances", "F3", "gazete p. 5"),
    "grade off the scale": cell("stances", "F3", "gazette p. 5 [B9]"),
    "a later format": cell("situation", "B2", 2),
    "value stated twice": add("numbers", ["path", "value"], ["stances.patrols.northland.position", 4]),
    "block stated twice": add("details", ["path", "json"], ["actors.pirates", '{"kind": "militia"}']),
    "value stated twice on one sheet": add(
        "text", ["path", "value"], ["actors.pirates.about", "x"], ["actors.pirates.about", "x"]
    ),
    "path misspelt": add("numbers", ["path", "value"], ["stances.patrols.northland.positon", 4]),
    "path of a block": add("numbers", ["path", "value"], ["actors.pirates", 4]),
    "path with two dots": add("numbers", ["path", "value"], ["stances..position", 4]),
    "range of a text": add("text", ["path", "value", "low"], ["actors.pirates.about", "x", 4]),
    "locator without a source": add(
        "numbers", ["path", "value", "locator"], ["stances.patrols.northland.capability", 4, "p. 1"]
    ),
    "two sources and one locator": add(
        "numbers",
        ["path", "value", "source", "locator"],
        ["stances.patrols.northland.capability", 4, "gazette; gazette p. 2", "p. 1"],
    ),
    "details that are no JSON": add("details", ["path", "json"], ["actors.pirates.about", '"cut of']),
    "scenario that changes nothing there is": cell(
        "scenario_changes", "B2", "partnership.threats.pirates.levl"
    ),
    "scenario that leads out of range": cell("scenario_changes", "C2", 7),
}


def messages() -> dict[str, list[str]]:
    """What is to be said of each, by its name."""
    text = (Path(__file__).parent / "messages.txt").read_text("utf-8")
    parts = [part.strip("\n").split("\n") for part in text.split("\n== ")[1:]]
    return {name: lines for name, *lines in parts}


@pytest.mark.parametrize("name", BAD)
def test_message(name: str, sheets: Sheets, check: Check) -> None:
    BAD[name](sheets)
    assert check(sheets) == messages()[name]


def test_every_message_has_its_workbook() -> None:
    assert set(messages()) == set(BAD)
    assert all(messages().values())


def test_the_workbook_that_is_spoilt_is_good(sheets: Sheets, check: Check) -> None:
    assert check(sheets) == []


def test_merged_cells(sheets: Sheets, check: Check) -> None:
    says = "the cells A2:A3 are merged, so that only the first of them holds something"
    assert check(sheets, merge={"stances": "A2:A3"}) == [
        f"stances!A2: {says}; try: split them, then fill in every cell"
    ]


def test_an_empty_workbook(check: Check) -> None:
    says = (
        "the workbook holds nothing of a situation; expected sheets such as 'situation', 'actors', 'stances'"
    )
    expected = f"{says}; try: start from 'accord template model.xlsx'"
    assert [line.strip() for line in check({"Sheet1": []})] == [expected]
    assert [line.strip() for line in check({"#remarks": [["of my own"]]})] == [expected]


def test_all_problems_come_at_once_in_the_order_of_the_sheets(sheets: Sheets, check: Check) -> None:
    cell("sources", "D2", "G")(sheets)
    cell("stances", "G3", 3)(sheets)
    cell("stances", "C2", "7")(sheets)
    cell("actors", "B4", "band")(sheets)
    for row in range(20):
        add("ties", ["northland", f"x{row}", "likely"])(sheets)
    places = [line.partition(": ")[0] for line in check(sheets)]
    assert places == [
        "actors!B4",
        "stances!C2",
        "stances!G3",
        *(f"ties!B{row}" for row in range(3, 23)),
        "sources!D2",
    ]


def test_columns_are_told_in_the_order_of_the_sheet(sheets: Sheets, check: Check) -> None:
    sheets["actors"][0] += [None] * (26 - len(sheets["actors"][0])) + ["xx", "yy"]
    sheets["actors"][0][9] = "zz"
    assert [line.partition(": ")[0] for line in check(sheets)] == ["actors!J1", "actors!AA1", "actors!AB1"]


def test_what_cannot_be_read_causes_no_further_problems(sheets: Sheets, check: Check) -> None:
    error = ("=A9", "#REF!")
    for sheet, place in (
        ("threats", "C2"),
        ("issues", "C2"),
        ("sources", "B2"),
        ("scenario_changes", "C2"),
        ("ties", "B2"),
    ):
        cell(sheet, place, error)(sheets)
    told = check(sheets)
    assert [line.partition(": ")[0] for line in told] == [
        "issues!C2",
        "ties!B2",
        "threats!C2",
        "scenario_changes!C2",
        "sources!B2",
    ]
    assert all("the cell shows the error #REF!" in line for line in told)


def test_the_messages_of_the_how_to_page(sheets: Sheets, check: Check) -> None:
    cell("actors", "B4", "militias")(sheets)
    cell("stances", "C2", "7,5")(sheets)
    cell("stances", "D1", "position.lo")(sheets)
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "spreadsheet.md").read_text("utf-8")
    shown = page.partition("```text\n")[2].partition("\n```")[0].split("\n")
    assert [f"model.xlsx:{line}" for line in check(sheets)] == shown
