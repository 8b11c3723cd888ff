"""Workbooks made by hand, good ones and bad ones."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from accord.exchange.template import example_of
from accord.exchange.workbook import CsvFolder, Workbook
from accord.exchange.writing import grids_of
from accord.lenses import vocabulary as registered
from accord.situation import Situation, Vocabulary

Sheets = dict[str, list[list[Any]]]
Check = Callable[..., list[str]]


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """The keys of all lenses."""
    return registered()


@pytest.fixture(scope="session")
def example(vocabulary: Vocabulary) -> Situation:
    """The tiny example of the template."""
    return example_of(vocabulary)


@pytest.fixture
def sheets(example: Situation) -> Sheets:
    """The sheets of the example, to be spoilt."""
    return {grid.name: copy.deepcopy(grid.rows) for grid in grids_of(example)[0]}


def write_book(
    path: Path, sheets: Mapping[str, list[list[Any]]], merge: Mapping[str, str] | None = None
) -> Path:
    """A workbook with these cells, as a spreadsheet program would store them; a pair is a formula and its result."""
    with xlsxwriter.Workbook(path) as book:
        dated = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for area in [merge[name]] if merge and name in merge else []:
                sheet.merge_range(area, "")
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    if isinstance(value, tuple):
                        sheet.write_formula(row, column, value[0], None, value[1])
                    elif isinstance(value, datetime.date | datetime.datetime):
                        sheet.write_datetime(row, column, value, dated)
                    elif isinstance(value, str):
                        sheet.write_string(row, column, value)
                    elif value is not None:
                        sheet.write(row, column, value)
    return path


@pytest.fixture
def check(tmp_path: Path, vocabulary: Vocabulary) -> Check:
    """Every problem of a workbook with these sheets, one line each, without the note on lenses to come."""

    def run(sheets: Sheets, **more: Any) -> list[str]:
        path = write_book(tmp_path / "model.xlsx", sheets, **more)
        return told(Workbook().read(path, vocabulary)[1], tmp_path)

    return run


@pytest.fixture
def check_csv(tmp_path: Path, vocabulary: Vocabulary) -> Callable[[Mapping[str, bytes | str]], list[str]]:
    """Every problem of a folder with these CSV files, one line each."""

    def run(files: Mapping[str, bytes | str]) -> list[str]:
        folder = tmp_path / "model"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode("utf-8")
            (folder / f"{name}.csv").write_bytes(data)
        return told(CsvFolder().read(folder, vocabulary)[1], tmp_path)

    return run


def told(problems: list[Any], folder: Path) -> list[str]:
    """Problems as a person reads them, with the file's name alone."""
    lines = [str(problem).replace(f"{folder}/", "") for problem in problems]
    return [line.removeprefix("model.xlsx:").removeprefix("model:") for line in lines]
