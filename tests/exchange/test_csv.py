"""Folders of CSV files: encodings, separators, what goes wrong, and what is left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from accord.exchange.csvs import read_csv, write_csv
from accord.exchange.grid import Grid
from accord.exchange.workbook import CsvFolder
from accord.exchange.writing import grids_of
from accord.files.dump import plain_of
from accord.files.node import Lines, from_plain
from accord.files.reader import build_and_check
from accord.problems import RunError
from accord.situation import Situation, Vocabulary

Check = Callable[[Mapping[str, bytes | str]], list[str]]


@pytest.fixture
def files(example: Situation) -> dict[str, str]:
    """The CSV files of the example, as text."""
    return {grid.name: write_csv(grid).decode("utf-8-sig") for grid in grids_of(example)[0]}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings_and_line_ends(encoding: str, end: str, files: dict[str, str], check_csv: Check) -> None:
    assert check_csv({name: text.replace("\r\n", end).encode(encoding) for name, text in files.items()}) == []


@pytest.mark.parametrize("first", ["", "sep=;\r\n"])
def test_semicolons_and_decimal_commas_as_european_spreadsheets_write_them(
    first: str,
    files: dict[str, str],
    check_csv: Check,
    vocabulary: Vocabulary,
    example: Situation,
    tmp_path: Path,
) -> None:
    turned = {
        name: first + text.replace(",", ";").replace(".9;", ",9;").replace("0.05", "0,05")
        for name, text in files.items()
    }
    turned["sources"] = first + files["sources"].replace(
        '"Northland Naval Gazette, annual review"', "x"
    ).replace(",", ";").replace("x", "Northland Naval Gazette, annual review")
    assert check_csv(turned) == []
    assert CsvFolder().read(tmp_path / "model", vocabulary)[0] == example


def test_tabs(files: dict[str, str], check_csv: Check) -> None:
    files["stances"] = files["stances"].replace(",", "\t")
    assert check_csv(files) == []


def test_a_range_with_decimal_commas(files: dict[str, str], check_csv: Check) -> None:
    files["ties"] = "from;to;trust\nnorthland;southland;0,2 .. 0,4 .. 0,6\n"
    assert check_csv(files) == []


TIES = "from,to,trust\nnorthland,southland,"
ISSUES = (
    "issue,question,scale.low,scale.high,scale.low_means,scale.high_means,leader\npatrols,How long?,0,10,a,b,"
)
# name, the sheet that is spoilt, and its content; what is said stands in messages_csv.txt
BAD: dict[str, tuple[str, bytes | str]] = {
    "decimal comma between commas": ("ties", f'{TIES}"0,4"\n'),
    "Latin-1": ("sources", "source,citation\ngazette,R\xe9vue\n".encode("latin-1")),
    "UTF-16": ("sources", "source\tcitation\r\ngazette\tx\r\n".encode("utf-16")),
    "binary": ("sources", b"source,citation\x00\x01\x02"),
    "quote never closed": ("sources", 'source,citation\ngazette,"Northland Naval\n'),
    "quote in the middle": ("sources", 'source,citation\ngazette,"Northland" Naval\n'),
    "error value saved from a spreadsheet": ("ties", f"{TIES}#DIV/0!\n"),
    "truth value in another language": ("issues", f"{ISSUES}WAHR\n"),
    "serial number for a date": ("sources", "source,citation,date\ngazette,x,43891\n"),
    "value longer than any cell": ("text", f"path,value\nabout,{'x' * 1_100_000}\n"),
    "too many cells": ("text", "path,value\n" + ",\n" * 120_000),
}


def messages() -> dict[str, list[str]]:
    """What is to be said of each, by its name."""
    text = (Path(__file__).parent / "messages_csv.txt").read_text("utf-8")
    parts = [part.strip("\n").split("\n") for part in text.split("\n== ")[1:]]
    return {name: lines for name, *lines in parts}


@pytest.mark.parametrize("name", BAD)
def test_message(name: str, files: dict[str, str], check_csv: Check) -> None:
    sheet, content = BAD[name]
    assert check_csv({**files, sheet: content}) == messages()[name]


def test_every_message_has_its_file() -> None:
    assert set(messages()) == set(BAD)
    assert all(messages().values())


def test_every_unreadable_file_is_told(files: dict[str, str], check_csv: Check) -> None:
    told = check_csv(
        {
            **files,
            "ties": b"\xff\xfe",
            "sources": b"caf\xe9",
            "stances": "issue,actor,position\npatrols,northland,x\n",
        }
    )
    assert [line.partition(": ")[0] for line in told] == ["sources", "ties", "stances!C2"]


def test_places_count_rows_as_a_spreadsheet_does(files: dict[str, str], check_csv: Check) -> None:
    """A value of several lines is one row; the line that tells the separator is none."""
    text = 'sep=,\npath,value\nabout,"two\nlines"\nactors.pirates.abut,x\n'
    assert [line.partition(": ")[0] for line in check_csv({**files, "text": text})] == ["text!A3"]


def test_a_folder_that_is_not_there(tmp_path: Path, vocabulary: Vocabulary) -> None:
    found, problems = CsvFolder().read(tmp_path / "nowhere", vocabulary)
    assert found is None
    assert [str(problem) for problem in problems] == [f"{tmp_path}/nowhere: there is no such folder"]


def test_bytes_begin_so_that_spreadsheets_take_them_for_utf8() -> None:
    assert (
        write_csv(Grid("text", [["path", "value"], ["about", 'é, "x"']]))
        == b'\xef\xbb\xbfpath,value\r\nabout,"\xc3\xa9, ""x"""\r\n'
    )


def test_numbers_and_truth_values_are_written_plainly() -> None:
    grid = Grid(
        "text", [["path", "value"], ["a", 0.1 + 0.2], ["b", True], ["c", 1e-7], ["d", None], ["e", 3]]
    )
    assert write_csv(grid).decode("utf-8-sig").split() == [
        "path,value",
        "a,0.30000000000000004",
        "b,true",
        "c,1e-07",
        "d,",
        "e,3",
    ]
    assert read_csv("text", write_csv(grid)).rows[4] == ["d"]


# -- writing ----------------------------------------


def built(example: Situation, vocabulary: Vocabulary, **more: Any) -> Situation:
    """The example with some blocks replaced."""
    root = from_plain(plain_of(example) | more)
    situation = build_and_check(root, vocabulary, Lines.of("", root))[0]
    assert situation is not None
    return situation


def test_text_that_begins_like_a_formula_is_kept_and_told(
    example: Situation, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    situation = built(example, vocabulary, title="=HYPERLINK(1)", about="+49 30", question="@me")
    told = CsvFolder().write(situation, tmp_path / "m")
    why = "text that begins like a formula; a spreadsheet program that opens the CSV file takes it for one"
    assert told == (f"the type of situation!B3, situation!B5, situation!B6 ({why})",)
    found = CsvFolder().read(tmp_path / "m", vocabulary)[0]
    assert found == situation


def test_sheets_that_are_no_longer_needed_go(
    example: Situation, vocabulary: Vocabulary, tmp_path: Path
) -> None:
    folder = tmp_path / "m"
    CsvFolder("wide").write(example, folder)
    (folder / "notes.txt").write_text("mine")
    (folder / "# my own.csv").write_text("mine")
    CsvFolder("long").write(example, folder)
    assert sorted(path.name for path in folder.iterdir()) == [
        "# my own.csv",
        "notes.txt",
        "numbers.csv",
        "text.csv",
    ]
    assert CsvFolder().read(folder, vocabulary)[0] == example


def test_other_csv_files_are_left_alone(example: Situation, tmp_path: Path) -> None:
    folder = tmp_path / "m"
    folder.mkdir()
    (folder / "budget.csv").write_text("a,b\n")
    with pytest.raises(RunError) as error:
        CsvFolder().write(example, folder)
    assert str(error.value) == f"{folder}: the folder holds other CSV files (budget.csv); try: a new folder"
    assert [path.name for path in folder.iterdir()] == ["budget.csv"]


def test_a_file_in_the_way(example: Situation, tmp_path: Path) -> None:
    (tmp_path / "m").write_text("x")
    with pytest.raises(RunError) as error:
        CsvFolder().write(example, tmp_path / "m")
    assert str(error.value) == f"{tmp_path}/m: is a file, and the sheets need a folder"


def test_csv_needs_no_extra(
    example: Situation, vocabulary: Vocabulary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("python_calamine", "xlsxwriter"):
        monkeypatch.setitem(__import__("sys").modules, module, None)
    CsvFolder().write(example, tmp_path / "m")
    assert CsvFolder().read(tmp_path / "m", vocabulary)[0] == example
