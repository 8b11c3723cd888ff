"""The workbook to fill in, and what every written workbook offers to its reader."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

import accord
from accord.exchange.helps import helps_for
from accord.exchange.paths import ROOT, is_mapping, is_record
from accord.exchange.sheets import BY_NAME, SHEETS, fields, sheet_of
from accord.exchange.template import template, template_grids
from accord.exchange.workbook import Workbook
from accord.exchange.writing import grids_of
from accord.exchange.xlsx import read_xlsx, write_xlsx
from accord.files.reader import examine
from accord.situation import Situation, Vocabulary, ranges


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Path:
    """A template."""
    path = tmp_path_factory.mktemp("template") / "model.xlsx"
    template(path, vocabulary)
    return path


def part(path: Path, name: str) -> str:
    """One part of a workbook, as text."""
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode("utf-8")


def member(path: Path, sheet: str) -> str:
    """The part that holds a sheet."""
    names = re.findall(r'<sheet name="([^"]*)"', part(path, "xl/workbook.xml"))
    return f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"


def test_it_passes_the_check(written: Path, vocabulary: Vocabulary, example: Situation) -> None:
    situation, problems = Workbook().read(written, vocabulary)
    assert [str(problem) for problem in problems] == []
    assert situation == example


def test_it_is_the_same_every_time(written: Path, vocabulary: Vocabulary, tmp_path: Path) -> None:
    template(tmp_path / "again.xlsx", vocabulary)
    assert (tmp_path / "again.xlsx").read_bytes() == written.read_bytes()


def test_every_sheet_is_there_and_explained(written: Path) -> None:
    names = re.findall(r'<sheet name="([^"]*)"', part(written, "xl/workbook.xml"))
    assert names == ["read me", *(sheet.name for sheet in SHEETS)]
    texts = part(written, "xl/sharedStrings.xml")
    for word in (
        "A situation for Accord",
        "accord check model.xlsx",
        "A blank cell is not zero.",
        "0.2 .. 0.4 .. 0.6",
    ):
        assert word in texts


def test_every_declared_value_has_its_column_or_row(vocabulary: Vocabulary, example: Situation) -> None:
    grids = {grid.name: grid for grid in template_grids(example, vocabulary)}
    for sheet in SHEETS:
        grid = grids[sheet.name]
        header = grid.rows[0]
        key = header.index("key") if "key" in header else None
        there = {str(value) for value in header} if key is None else {str(row[key]) for row in grid.rows[1:]}
        known = {entry.header for entry in fields(sheet, vocabulary) if not entry.header.endswith("*")}
        assert known <= there, sheet.name


def test_range_and_evidence_have_their_columns_beside_every_number(
    vocabulary: Vocabulary, example: Situation
) -> None:
    grids = {grid.name: grid for grid in template_grids(example, vocabulary)}
    header = grids["ties"].rows[0]
    place = header.index("dependence")
    beside = [
        "dependence",
        "dependence.low",
        "dependence.high",
        "dependence.source",
        "dependence.assumed",
        "trust",
    ]
    assert header[place : place + 6] == beside
    assert grids["patrons"].rows[0] == [
        "patron",
        "key",
        "value",
        "low",
        "high",
        "source",
        "assumed",
        "# question",
        "# may be",
    ]


def test_an_example_of_ones_own(vocabulary: Vocabulary, tmp_path: Path) -> None:
    files = Path(accord.__file__).parent
    for file in (files / "files" / "template.yaml", *sorted((files / "cases").glob("*.yaml"))):
        situation = examine(file, vocabulary)[0]
        assert situation is not None
        template(tmp_path / "model.xlsx", vocabulary, situation)
        assert Workbook().read(tmp_path / "model.xlsx", vocabulary)[0] == situation


def test_notes_give_question_range_and_unit(vocabulary: Vocabulary, example: Situation) -> None:
    helps = helps_for(template_grids(example, vocabulary), vocabulary)
    asks = "How probable does it hold it that the other is a trustworthy partner?"
    takes = "A number from 0 to 1 (probability), or a word such as likely or high, or low .. best .. high."
    assert helps["ties"].notes["trust"] == f"{asks} {takes}"
    assert (
        helps["actors"].notes["kind"]
        == "What is it? One of: state, government, movement, militia, public, organisation."
    )
    assert helps["stances"].notes["issue"] == "A name from the sheet 'issues'."
    assert helps["actors"].notes["actor"].startswith("Who matters: one row per actor. A short name:")
    assert (
        helps["sources"].notes["date"] == "When was it published? A date such as 2015-12-15, 2015-12 or 2015."
    )
    assert helps["stances"].notes["position.low"].startswith("Lowest value that still makes sense.")
    for grid in template_grids(example, vocabulary):
        bare = {str(name) for name in grid.rows[0] if not str(name).startswith("#")} - set(
            helps[grid.name].notes
        )
        assert not bare, grid.name


def test_names_are_chosen_from_the_sheet_that_lists_them(vocabulary: Vocabulary, example: Situation) -> None:
    helps = helps_for(template_grids(example, vocabulary), vocabulary)
    found = {name: [helped.choices.get(key) for key in BY_NAME[name].keys] for name, helped in helps.items()}
    listed = {
        "actors": [None],  # they are declared there
        "factions": ["actors!$A", None],
        "stances": ["issues!$A", "actors!$A"],
        "faction_stances": ["issues!$A", "actors!$A", "factions!$B"],
        "ties": ["actors!$A", "actors!$A"],
        "patrons": ["actors!$A"],
        "patron_threats": ["patrons!$A", "threats!$A"],
        "offers": ["actors!$A", "patrons!$A"],
        "scenario_changes": ["scenarios!$A", None],
    }
    for name, sources in listed.items():
        ends = [source and f"={source}$2:${source[-1]}$500" for source in sources]
        assert found[name] == ends, name


def test_notes_and_choices_are_in_the_file(written: Path) -> None:
    sheet = part(written, member(written, "actors"))
    assert '<formula1>"state,government,movement,militia,public,organisation"</formula1>' in sheet
    assert "<formula1>actors!$A$2:$A$500</formula1>" in part(written, member(written, "stances"))
    assert '<formula1>"A,B,C,D,E,F"</formula1>' in part(written, member(written, "sources"))
    assert 'ySplit="1"' in sheet
    assert 'state="frozen"' in sheet
    with zipfile.ZipFile(written) as archive:
        comments = [name for name in archive.namelist() if name.startswith("xl/comments")]
    assert len(comments) == len(SHEETS)


def test_words_stay_words_and_numbers_may_follow_them(example: Situation) -> None:
    """A cell with the format Text makes text of a number that is typed into it later."""
    data = write_xlsx(grids_of(example)[0], helps_for(grids_of(example)[0], Vocabulary()))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        styles = archive.read("xl/styles.xml").decode()
        names = re.findall(r'<sheet name="([^"]*)"', archive.read("xl/workbook.xml").decode())
        stances = archive.read(f"xl/worksheets/sheet{names.index('stances') + 1}.xml").decode()
    forms = re.findall(r'<xf numFmtId="(\d+)"', styles.partition("<cellXfs")[2])
    found = dict(re.findall(r'<c r="([A-Z]+2)" s="(\d+)"', stances))
    assert forms[int(found["G2"])] == "0"  # salience: high
    assert forms[int(found["B2"])] == "49"  # the actor's name


def test_what_belongs_to_a_number_can_be_folded_away(written: Path) -> None:
    columns = part(written, member(written, "stances")).partition("<cols>")[2].partition("</cols>")[0]
    levels = [("outlineLevel" in column) for column in re.findall(r"<col [^>]*/>", columns)]
    names = [
        str(name)
        for name in next(grid for grid in read_xlsx(written.read_bytes()) if grid.name == "stances").rows[0]
    ]
    spread = re.findall(r'<col min="(\d+)" max="(\d+)"', columns)
    by_column = {
        n: level
        for (low, high), level in zip(spread, levels, strict=True)
        for n in range(int(low), int(high) + 1)
    }
    assert [name for number, name in enumerate(names, 1) if not by_column[number]] == [
        *("issue", "actor", "position", "salience", "capability"),
    ]


# -- the sheets against the declaration ----------------------------------------


def test_no_sheet_uses_a_name_twice(vocabulary: Vocabulary) -> None:
    for sheet in SHEETS:
        headers = [*sheet.keys, *(entry.header for entry in fields(sheet, vocabulary))]
        assert len(set(headers)) == len(headers), sheet.name
        assert len(sheet.keys) == sheet.pattern.count("*")
        assert "key" not in headers
    assert all(name == sheet.name for name, sheet in BY_NAME.items())


def test_every_number_of_the_language_has_a_sheet_with_names(vocabulary: Vocabulary) -> None:
    """Nothing but the situation itself and the partnership as a whole is left to the two sheets without names."""
    plain = {pattern for pattern in ranges(vocabulary) if not sheet_of(tuple(pattern.split("."))).keys}
    assert {pattern for pattern in plain if "*" in pattern} == set()


def test_every_block_of_the_language_has_a_sheet() -> None:
    """A new block of named entries needs a row in SHEETS (or it would end in the details)."""
    patterns = {sheet.parts for sheet in SHEETS}
    stack: list[Any] = [(ROOT, ())]
    while stack:
        spot, path = stack.pop()
        if is_mapping(spot.shape.type):
            inner = spot.below("x", Vocabulary())
            holds_blocks = is_record(inner.shape.type) or is_mapping(inner.shape.type)
            assert not holds_blocks or any(parts[: len(path) + 1] == (*path, "*") for parts in patterns), path
            stack.append((inner, (*path, "*")))
        elif is_record(spot.shape.type):
            from accord.situation import fields_of

            stack += [(spot.below(key, Vocabulary()), (*path, key)) for key in fields_of(spot.shape.type)]
