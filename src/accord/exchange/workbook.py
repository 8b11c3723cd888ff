"""The same situation as a workbook: an ``.xlsx`` file, or a folder of CSV files with the same sheets."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from accord.disk import write_bytes
from accord.exchange.csvs import files_of, formulas, read_csv, write_csv
from accord.exchange.gate import MOST_BYTES, MOST_CELLS, Refused
from accord.exchange.grid import Grid
from accord.exchange.helps import helps_for
from accord.exchange.protocol import Layout
from accord.exchange.reading import read_grids, sheet_name
from accord.exchange.sheets import BY_NAME
from accord.exchange.writing import grids_of
from accord.exchange.xlsx import read_xlsx, write_xlsx
from accord.problems import Problem, RunError, did_you_mean, listed
from accord.situation import Situation, Vocabulary

# The last three are claimed so that they can be refused with advice.
_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Workbook:
    """An ``.xlsx`` file.

    Parameters
    ----------
    layout : {'wide', 'long'}
        How it is written; it is read either way.
    vocabulary : Vocabulary or None
        Keys that lenses add, for notes on the headers and the order of columns when it is written.
    """

    layout: Layout = "wide"
    vocabulary: Vocabulary | None = None
    name: str = "xlsx"

    def sniff(self, path: Path) -> bool:
        """Whether the path ends like a workbook, or holds one under another name."""
        if path.suffix.lower() in _SUFFIXES:
            return True
        try:
            with path.open("rb") as stream:
                return stream.read(4) == _ZIP and b"xl/" in stream.read(4096)
        except (OSError, ValueError):
            return False

    def read(self, path: Path, vocabulary: Vocabulary) -> tuple[Situation | None, list[Problem]]:
        """Read and check a workbook; problems carry sheet and cell."""
        file = str(path)
        try:
            if path.suffix.lower() in (".xlsb", ".ods"):
                hint = "open it in a spreadsheet program and save it as .xlsx"
                raise Refused(
                    "not-a-workbook",
                    f"workbooks of the kind {path.suffix} are not read",
                    "an .xlsx workbook",
                    hint,
                )
            grids = read_xlsx(_bytes(path))
        except Refused as refused:
            return None, [refused.problem.at(file)]
        return _named(path, *read_grids(grids, vocabulary, file))

    def write(self, situation: Situation, path: Path) -> tuple[str, ...]:
        """Write a workbook; what is there before stays when it cannot be written.

        Raises
        ------
        RunError
            When the place cannot be written, or the extra is not installed.
        """
        grids, losses = grids_of(situation, self.layout, self.vocabulary)
        helps = helps_for(grids, self.vocabulary or Vocabulary())
        write_bytes(path, write_xlsx(grids, helps))
        return losses


@dataclass(frozen=True, slots=True)
class CsvFolder:
    """A folder of CSV files, named like the sheets of a workbook.

    Parameters
    ----------
    layout : {'wide', 'long'}
        How it is written; it is read either way.
    vocabulary : Vocabulary or None
        Keys that lenses add, for the order of columns when it is written.
    """

    layout: Layout = "wide"
    vocabulary: Vocabulary | None = None
    name: str = "csv"

    def sniff(self, path: Path) -> bool:
        """Whether the path is a folder with at least one CSV file named like a sheet."""
        try:
            return path.is_dir() and any(sheet_name(file.stem) in BY_NAME for file in files_of(path))
        except (OSError, ValueError):
            return False

    def read(self, path: Path, vocabulary: Vocabulary) -> tuple[Situation | None, list[Problem]]:
        """Read and check a folder; problems carry sheet and cell."""
        file = str(path)
        if not path.is_dir():
            return None, [Problem("no-file", "there is no such folder", file=file)]
        grids: list[Grid] = []
        problems: list[Problem] = []
        room = MOST_CELLS
        for member in files_of(path):
            if sheet_name(member.stem) is None:
                continue
            try:
                grids.append(read_csv(member.stem, _bytes(member), room))
                room -= sum(len(row) for row in grids[-1].rows)
            except Refused as refused:
                problems.append(refused.problem.at(file))
        order = list(BY_NAME)
        grids.sort(
            key=lambda grid: order.index(name) if (name := sheet_name(grid.name)) in order else len(order)
        )
        return _named(path, *read_grids(grids, vocabulary, file, problems))

    def write(self, situation: Situation, path: Path) -> tuple[str, ...]:
        """Write a folder; sheets that an earlier version of the same folder had and this one has not are removed.

        Raises
        ------
        RunError
            When the place cannot be written, or holds CSV files that are no sheets.
        """
        self._refuse_others(path)
        grids, losses = grids_of(situation, self.layout, self.vocabulary)
        old = files_of(path) if path.is_dir() else []
        for grid in grids:
            write_bytes(path / f"{grid.name}.csv", write_csv(grid))
        written = {grid.name: path / f"{grid.name}.csv" for grid in grids}
        for member in old:
            name = sheet_name(member.stem) or ""
            if name in BY_NAME and not (name in written and member.samefile(written[name])):
                member.unlink(missing_ok=True)
        risky = [place for grid in grids for place in formulas(grid)]
        why = (
            "text that begins like a formula; a spreadsheet program that opens the CSV file takes it for one"
        )
        return (*losses, *([f"the type of {listed(risky)} ({why})"] if risky else []))

    def _refuse_others(self, path: Path) -> None:
        """Leave folders alone that hold CSV files of another kind."""
        if path.exists() and not path.is_dir():
            raise RunError(f"{path}: is a file, and the sheets need a folder")
        there = files_of(path) if path.is_dir() else []
        others = [member.name for member in there if sheet_name(member.stem) not in {*BY_NAME, None}]
        if others:
            raise RunError(f"{path}: the folder holds other CSV files ({listed(others)}); try: a new folder")


def format_for(
    path: Path, layout: Layout = "wide", vocabulary: Vocabulary | None = None
) -> Workbook | CsvFolder | None:
    """The workbook format that answers for a path, to be read or to be written; None when neither does.

    Parameters
    ----------
    path : Path
        A path that does not exist yet stands for a folder of CSV files when it has no ending.
    layout, vocabulary
        As for :class:`Workbook`.
    """
    workbook, folder = Workbook(layout, vocabulary), CsvFolder(layout, vocabulary)
    if workbook.sniff(path):
        return workbook
    fresh = not path.suffix and (not path.exists() or (path.is_dir() and not any(path.iterdir())))
    return folder if fresh or folder.sniff(path) else None


def _named(
    path: Path, situation: Situation | None, problems: list[Problem]
) -> tuple[Situation | None, list[Problem]]:
    """The situation under the name of its file."""
    named = (
        None
        if situation is None
        else dataclasses.replace(situation, name=path.name.removesuffix(path.suffix))
    )
    return named, problems


def _bytes(path: Path) -> bytes:
    """The content of a file.

    Raises
    ------
    Refused
        When it cannot be opened or is too large.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused(
                "too-large",
                f"the file has {path.stat().st_size:,} bytes",
                f"at most {MOST_BYTES:,}",
                "keep raw data elsewhere",
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Refused(
            "no-file", "there is no such file", try_instead=did_you_mean(path.name, _beside(path))
        ) from error
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "not a file name"
        says = f"it cannot be opened ({reason.lower()})"
        raise Refused("no-file", says, try_instead="check its name and permissions") from error


def _beside(path: Path) -> list[str]:
    """Names of the files in the same folder, as far as they can be seen."""
    try:
        return [member.name for member in path.parent.iterdir()]
    except OSError:
        return []
