"""The first row of a sheet: what each column holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from accord.exchange.cells import decode_name
from accord.exchange.grid import Grid, column_name
from accord.exchange.intake import Intake
from accord.exchange.paths import COMPANIONS, Spot, Target, resolve, split_path
from accord.exchange.sheets import BY_PATH, CITATION_COLUMNS, DETAILS, Sheet, fields, spot_of
from accord.problems import Problem, did_you_mean, listed

Role = Literal["name", "key", "value", "companion", "citation", "target"]


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a sheet holds.

    Parameters
    ----------
    index : int
        Counted from 0.
    role : str
        ``name``: of the entry; ``key`` and ``value``: of a tall sheet; ``companion`` and ``citation``: further cells of
        the number in a row of a tall sheet; ``target``: of a wide sheet.
    name : str
        In the spelling that counts.
    target : Target or None
        Where the cells of a wide sheet belong.
    """

    index: int
    role: Role
    name: str
    target: Target | None = None


@dataclass(slots=True)
class Header:
    """Reads the first row of one sheet.

    Parameters
    ----------
    intake : Intake
    grid : Grid
    sheet : Sheet
    """

    intake: Intake
    grid: Grid
    sheet: Sheet

    @property
    def path_column(self) -> str:
        """The column of a tall sheet that says which value a row holds."""
        return "path" if self.sheet.name in BY_PATH else "key"

    @property
    def value_column(self) -> str:
        """The column of a tall sheet that holds the value."""
        return "json" if self.sheet is DETAILS else "value"

    def columns(self) -> tuple[list[Column], bool] | None:
        """The columns and whether the sheet is tall; None where the sheet cannot be read."""
        if not self.grid.rows[0]:
            hint = "begin the sheet with the names of its columns"
            self.intake.tell_broken(
                "blank-header", "the first row is blank", self.grid.place(0, 0), "names of columns", hint
            )
            return None
        named = self.named()
        tall = self.is_tall({plain(name) for name in named.values()})
        spot = spot_of(self.sheet, self.intake.vocabulary)
        found: list[Column] = []
        for index, name in named.items():
            column = self.tall_column(index, plain(name)) if tall else self.wide_column(index, name, spot)
            if name.startswith("#"):
                continue
            if column is None:
                self.unknown(index, name, tall)
            else:
                found.append(column)
        found = self.once(found)
        return (found, tall) if self.complete(found, tall) else None

    def is_tall(self, names: set[str]) -> bool:
        """Whether the columns of these names are those of a tall sheet, one of them perhaps misspelt."""
        if self.sheet.name in BY_PATH or self.path_column in names:
            return True
        return self.sheet.tall and self.value_column in names

    def named(self) -> dict[int, str]:
        """The columns that have a name; a column with cells but no name is told."""
        found: dict[int, str] = {}
        for index in range(max(len(row) for row in self.grid.rows)):
            cell = self.grid.cell(0, index)
            name = decode_name(cell) if cell.value is not None else ""
            if isinstance(name, Problem):
                self.intake.broken = True
                self.intake.problems.append(name)
            elif name:
                found[index] = name
            else:
                self.unnamed(index)
        return found

    def unnamed(self, index: int) -> None:
        """Tell a column without a name, if it holds anything."""
        filled = (
            row for row in range(1, len(self.grid.rows)) if self.grid.cell(row, index).value is not None
        )
        row = next(filled, None)
        if row is None:
            return
        filled_cell = self.grid.place(row, index).partition("!")[2]
        says = f"column {column_name(index)} has no name, but {filled_cell} holds something"
        hint = "name it in the first row; a name that begins with '#' has the column ignored"
        self.intake.tell_broken(
            "blank-header", says, self.grid.place(0, index), "a name in the first row", hint
        )

    def tall_column(self, index: int, name: str) -> Column | None:
        """What a column of a tall sheet holds."""
        if name in self.sheet.keys:
            return Column(index, "name", name)
        if name in (self.path_column, self.value_column):
            return Column(index, "key" if name == self.path_column else "value", name)
        if self.sheet is DETAILS:
            return None
        if name in COMPANIONS:
            return Column(index, "companion", name)
        return Column(index, "citation", name) if name in CITATION_COLUMNS else None

    def wide_column(self, index: int, name: str, spot: Spot) -> Column | None:
        """What a column of a wide sheet holds."""
        if plain(name) in self.sheet.keys:
            return Column(index, "name", plain(name))
        if self.sheet.value:
            here = resolve((), spot, self.intake.vocabulary)
            return Column(index, "target", plain(name), here) if plain(name) == self.sheet.value else None
        for text in (name, plain(name), plain(name).replace("_", ".")):
            parts = split_path(text)
            target = resolve(parts, spot, self.intake.vocabulary) if parts else None
            if target is not None and target.kind != "block":
                return Column(index, "target", text, target)
        return None

    def known(self, tall: bool) -> list[str]:
        """The names that columns of this sheet may have."""
        if tall:
            more = [] if self.sheet is DETAILS else [*COMPANIONS, *CITATION_COLUMNS]
            return [*self.sheet.keys, self.path_column, self.value_column, *more]
        return [
            *self.sheet.keys,
            *(name.header.replace("*", "NAME") for name in fields(self.sheet, self.intake.vocabulary)),
        ]

    def unknown(self, index: int, name: str, tall: bool) -> None:
        """Tell a column that nobody knows."""
        known = self.known(tall)
        further = (
            [f"{entry}.{key}" for entry in known for key in COMPANIONS] if "." in name and not tall else []
        )
        hint = did_you_mean(name, [*known, *further]) or "begin its name with '#' to have it ignored"
        place = self.grid.place(0, index)
        self.intake.tell_broken("unknown-column", f"unknown column '{name}'", place, listed(known, 14), hint)

    def once(self, columns: list[Column]) -> list[Column]:
        """The columns, each one once."""
        first: dict[Any, Column] = {}
        for column in columns:
            kept = first.setdefault(
                (column.role, column.target.parts if column.target else column.name), column
            )
            if kept is not column:
                place, other = self.grid.place(0, column.index), self.grid.place(0, kept.index)
                says = f"the column '{column.name}' stands here and in {other}"
                self.intake.tell_broken(
                    "duplicate-column", says, place, "each column once", "keep one of the two"
                )
        return list(first.values())

    def complete(self, columns: list[Column], tall: bool) -> bool:
        """Whether the columns are there without which no row can be read."""
        there = {column.name for column in columns if column.role in ("name", "key", "value")}
        needed = [*self.sheet.keys, *([self.path_column, self.value_column] if tall else [])]
        missing = [name for name in needed if name not in there]
        for name in missing:
            hint = f"name a column '{name}' and fill it in every row"
            says = f"there is no column '{name}'"
            self.intake.tell_broken(
                "missing-column", says, self.grid.place(0, 0), f"the columns {listed(needed)}", hint
            )
        return not missing


def plain(name: str) -> str:
    """The name of a column in the spelling that counts."""
    return "_".join(name.lower().split())
