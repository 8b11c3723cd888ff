"""What the reading of a workbook collects: values by path, and everything that is wrong with its cells as such."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from accord.exchange.cells import decode
from accord.exchange.grid import Cell
from accord.exchange.paths import Target
from accord.exchange.tree import Parts, Tree
from accord.files.node import Node
from accord.problems import Problem
from accord.situation import Vocabulary


@dataclass(slots=True)
class Intake:
    """Collects from sheet after sheet.

    Parameters
    ----------
    vocabulary : Vocabulary
        Keys that lenses add.
    tree : Tree
        What the cells say.
    problems : list of Problem
        What is wrong with sheets, columns and cells as such.
    blanks : dict
        Places of blank cells in rows that hold something, by path.
    unread : set of str
        Paths of values that are there but cannot be read.
    heads : dict
        By the place of a cell under a header with a name in it (``capability.air``): the header and its place.
    values : dict
        By the place of the path in a row that changes it: the place of the new value.
    broken : bool
        Whether whole sheets, rows or columns could not be read, so that what is missing may not be missing.
    """

    vocabulary: Vocabulary
    tree: Tree = field(default_factory=Tree)
    problems: list[Problem] = field(default_factory=list)
    blanks: dict[Parts, str] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    heads: dict[str, tuple[Parts, str]] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    broken: bool = False

    def tell(
        self, kind: str, says: str, place: str, expected: str = "", try_instead: str = "", path: Parts = ()
    ) -> None:
        """Add a problem."""
        self.problems.append(Problem(kind, says, ".".join(path), expected, try_instead, place=place))

    def tell_broken(
        self, kind: str, says: str, place: str, expected: str = "", try_instead: str = ""
    ) -> None:
        """Add a problem that keeps a sheet, a column or a row from being read."""
        self.broken = True
        self.tell(kind, says, place, expected, try_instead)

    def put(self, base: Parts, target: Target, cell: Cell) -> None:
        """State the value of a cell; a blank one states nothing."""
        if cell.value is None:
            self.blanks.setdefault((*base, *target.parts), cell.place)
        else:
            self.state(base, target, decode(cell, target.kind), cell.place)

    def state(self, base: Parts, target: Target, found: Node | Problem, place: str) -> None:
        """State a value, or that there is one that cannot be read."""
        if isinstance(found, Problem):
            path = ".".join((*base, *target.parts))
            self.unread.add(path)
            self.problems.append(dataclasses.replace(found, path=found.path or path))
            found = Node(None, place=place, broken=True)
        self.tree.put(base, target, found)
