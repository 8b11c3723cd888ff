"""The rows below the header: every cell finds its path by its row and its column."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from accord.exchange.cells import decode, decode_exact, decode_name
from accord.exchange.grid import Cell, Grid
from accord.exchange.headers import Column
from accord.exchange.intake import Intake
from accord.exchange.paths import COMPANIONS, Spot, Target, is_mapping, is_record, resolve, split_path
from accord.exchange.sheets import BY_PATH, CITATION_COLUMNS, DETAILS, Sheet, spot_of
from accord.exchange.tree import Parts
from accord.files.node import Node
from accord.problems import Problem, did_you_mean, listed
from accord.situation import Change, Vocabulary, fields_of, takes_terms
from accord.situation.walk import Shape

_SOURCE = Target(("source",), "citations", Shape(tuple))


@dataclass(slots=True)
class Rows:
    """Reads the rows of one sheet.

    Parameters
    ----------
    intake : Intake
    grid : Grid
    sheet : Sheet
    columns : list of Column
    """

    intake: Intake
    grid: Grid
    sheet: Sheet
    columns: list[Column]
    sources: dict[Parts, list[Node]] = field(default_factory=dict)
    exact: dict[Target, list[Cell]] = field(default_factory=dict)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)

    def read(self, tall: bool) -> None:
        """Read every row that holds something."""
        for row in range(1, len(self.grid.rows)):
            cells = {column: self.grid.cell(row, column.index) for column in self.columns}
            if all(cell.value is None for cell in cells.values()):
                continue
            names = self.names(cells)
            if names is None:
                self.intake.broken = True
            elif tall:
                self.tall_row(cells, self.sheet.entry(names))
            else:
                self.wide_row(row, cells, names)
        for path, cited in self.sources.items():
            node = cited[0] if len(cited) == 1 else Node(cited, place=cited[0].place)
            self.intake.tree.put(path, _SOURCE, node)
        self.put_exact()

    def names(self, cells: dict[Column, Cell]) -> tuple[str, ...] | None:
        """The names of a row's entry; None (and a problem) where one is missing."""
        found: dict[str, str] = {}
        for column, cell in cells.items():
            if column.role != "name":
                continue
            if cell.value is None:
                says = f"'{column.name}' is blank in a row that holds something"
                self.intake.tell(
                    "blank-key", says, cell.place, "a name in every row", "repeat the name, or clear the row"
                )
                continue
            name = decode_name(cell)
            if isinstance(name, Problem):
                self.intake.problems.append(name)
            else:
                found[column.name] = name
        return tuple(found[key] for key in self.sheet.keys) if len(found) == len(self.sheet.keys) else None

    def wide_row(self, row: int, cells: dict[Column, Cell], names: tuple[str, ...]) -> None:
        """An entry with its keys."""
        first = self.seen.setdefault(names, row)
        if first != row:
            who = " and ".join(f"'{name}'" for name in names) or "the only entry"
            says = f"the row repeats {who} of row {first + 1}"
            self.intake.tell(
                "duplicate-row", says, self.grid.place(row, 0), "one row for each", "join the two rows"
            )
            return
        entry = self.sheet.entry(names)
        if not self.sheet.value:
            self.enter(cells, entry)
        for column, cell in cells.items():
            if column.target is None:
                continue
            self.intake.put(entry, column.target, cell)
            if len(column.target.parts) > 1 and cell.value is not None:
                self.intake.heads[cell.place] = column.target.parts, self.grid.place(0, column.index)

    def enter(self, cells: dict[Column, Cell], entry: Parts) -> None:
        """Declare the entry of a row and what it lies in, each at the cell with its name."""
        places = {column.name: cell.place for column, cell in cells.items() if column.role == "name"}
        stars = [index for index, part in enumerate(self.sheet.parts) if part == "*"]
        for key, star in zip(self.sheet.keys, stars, strict=True):
            self.intake.tree.enter(entry[: star + 1], places[key])
        if self.sheet.keys[-1:] == ("path",):
            given = (cell.place for column, cell in cells.items() if column.target and cell.value is not None)
            self.intake.values[places["path"]] = next(given, places["path"])

    def tall_row(self, cells: dict[Column, Cell], entry: Parts) -> None:
        """One value with what belongs to it."""
        roles: dict[str, Cell] = {column.role: cell for column, cell in cells.items()}
        self.enter(cells, entry)
        if all(cell.value is None or column.role == "name" for column, cell in cells.items()):
            return
        target = self.target(roles["key"])
        if target is None:
            return
        path = (*entry, *target.parts)
        if self.sheet is DETAILS:
            self.exact.setdefault(target, []).append(roles["value"])
            return
        self.intake.put(entry, target, roles["value"])
        further = {
            column: cell
            for column, cell in cells.items()
            if column.role in ("companion", "citation") and cell.value is not None
        }
        if target.kind in ("estimate", "any"):
            self.number(path, target, further)
            return
        for column, cell in further.items():
            says = f"'{target.parts[-1]}' takes a single value, so it has no '{column.name}'"
            self.intake.tell("companion", says, cell.place, "a blank cell", "delete it", path)

    def number(self, path: Parts, target: Target, further: dict[Column, Cell]) -> None:
        """What a row says of a number beside its value."""
        cited: dict[str, Cell] = {}
        for column, cell in further.items():
            if column.role == "citation" or column.name == "source":
                cited[column.name] = cell
            else:
                self.intake.put(path, Target((column.name,), COMPANIONS[column.name], target.shape), cell)
        if cited:
            self.citation(path, cited)

    def target(self, cell: Cell) -> Target | None:
        """What the path of a row points at; None (and a problem) where that is nothing."""
        column = "path" if self.sheet.name in BY_PATH else "key"
        if cell.value is None:
            says = f"'{column}' is blank in a row that holds something"
            self.intake.tell_broken("blank-key", says, cell.place, "a path in every row", "clear the row")
            return None
        text = decode_name(cell)
        if isinstance(text, Problem):
            self.intake.broken = True
            self.intake.problems.append(text)
            return None
        spot = spot_of(self.sheet, self.intake.vocabulary)
        parts = split_path(text)
        found = resolve(parts, spot, self.intake.vocabulary) if parts else None
        if found is not None and found.shape.type is Change and self.sheet is not DETAILS:
            return Target((*found.parts, "to"), "any", Shape(Any))  # a bare value is what the path is set to
        if found is not None and (found.kind != "block" or self.sheet is DETAILS):
            return found
        says = (
            f"nothing is declared at '{text}'"
            if found is None
            else f"'{text}' is a block of keys, not a value"
        )
        hint = nearby(parts, spot, self.intake.vocabulary) if parts else "join the parts by single dots"
        self.intake.tell_broken("unknown-path", says, cell.place, "the path of a value", hint)
        return None

    def citation(self, path: Parts, cells: dict[str, Cell]) -> None:
        """Keep the source that a row states, with its locator and grade: every row may add one."""
        source = cells.pop("source", None)
        if source is None:
            says = f"{listed(cells)} without a source"
            self.intake.tell(
                "blank-key",
                says,
                next(iter(cells.values())).place,
                "a name in the column 'source'",
                path=path,
            )
            return
        node = decode(source, "citations")
        if isinstance(node, Problem):
            self.intake.state(path, _SOURCE, node, source.place)
        elif cells and not isinstance(node.value, str):
            says = f"'{source.value}' and the {listed(cells)} beside it cannot be told apart"
            hint = "give every source a row of its own, with the same path"
            self.intake.tell("twice", says, source.place, "the name of one source", hint, path)
        else:
            self.sources.setdefault(path, []).append(self.graded(node, cells, path))

    def graded(self, node: Node, cells: dict[str, Cell], path: Parts) -> Node:
        """A source with what the further columns of its row say, in the shortest form."""
        if not cells:
            return node
        head, _, tail = str(node.value).partition(" ")
        keys = {"of": Node(head, place=node.place)}
        keys |= {"locator": Node(tail, place=node.place)} if tail else {}
        for name, cell in cells.items():
            inner = decode(cell, CITATION_COLUMNS[name])
            if isinstance(inner, Problem):
                self.intake.problems.append(
                    dataclasses.replace(inner, path=".".join((*path, "source", name)))
                )
                inner = Node(None, place=cell.place, broken=True)
            keys[name] = inner
        if set(keys) == {"of", "locator"} and isinstance(keys["locator"].value, str | int | float):
            return Node(f"{head} {keys['locator'].value}", place=node.place)
        return Node(keys, place=node.place)

    def put_exact(self) -> None:
        """State the values of a details sheet: the rows of one path are parts of one text."""
        for target, cells in self.exact.items():
            text = "".join(str(cell.value) for cell in cells if cell.value is not None)
            self.intake.state((), target, decode_exact(text, cells[0].place), cells[0].place)


def nearby(parts: list[str], spot: Spot, vocabulary: Vocabulary) -> str:
    """What somebody may have meant by a path that leads nowhere or stops too early."""
    here: Spot | None = spot
    for part in parts:
        before, here = here, here.below(part, vocabulary) if here is not None else None
        if here is None and before is not None:
            keys = keys_of(before, vocabulary)
            return did_you_mean(part, keys) or (f"one of {listed(keys, 14)}" if keys else "")
    keys = keys_of(here, vocabulary) if here is not None else []
    return f"go on with one of {listed(keys, 14)}" if keys else ""


def keys_of(spot: Spot, vocabulary: Vocabulary) -> list[str]:
    """The declared keys below a place."""
    kind = spot.shape.type
    if is_mapping(kind) or not is_record(kind):
        return []
    more = vocabulary.within(".".join(spot.pattern)) if takes_terms(kind) else {}
    return [*fields_of(kind), *more]
