"""What the reading of a workbook collects: values by path, and everything that is wrong with its cells as such."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from accord.exchange.cells import decode
from accord.exchange.grid import Cell
from accord.exchange.paths import Target
from accord.exchange.tree import Parts, Tree
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
    lost : set of paths
        Where something was meant to stand that could not be read.
    blanks : dict
        Places of blank cells in rows that hold something.
    broken : bool
        Whether whole sheets, rows or columns could not be read, so that what is missing may not be missing.
    """

    vocabulary: Vocabulary
    tree: Tree = field(default_factory=Tree)
    problems: list[Problem] = field(default_factory=list)
    lost: set[Parts] = field(default_factory=set)
    blanks: dict[Parts, str] = field(default_factory=dict)
    broken: bool = False

    def tell(self, kind: str, says: str, place: str, expected: str = "", try_instead: str = "", path: Parts = ()) -> None:
        """Add a problem."""
        self.problems.append(Problem(kind, says, ".".join(path), expected, try_instead, place=place))

    def tell_broken(self, kind: str, says: str, place: str, expected: str = "", try_instead: str = "") -> None:
        """Add a problem that keeps a sheet, a column or a row from being read."""
        self.broken = True
        self.tell(kind, says, place, expected, try_instead)

    def lose(self, problem: Problem, path: Parts) -> None:
        """Add the problem of a cell that cannot be read."""
        self.problems.append(dataclasses.replace(problem, path=problem.path or ".".join(path)))
        self.lost.add(path)

    def put(self, base: Parts, target: Target, cell: Cell) -> None:
        """State the value of a cell; a blank one states nothing."""
        path = (*base, *target.parts)
        if cell.value is None:
            self.blanks.setdefault(path, cell.place)
            return
        node = decode(cell, target.kind)
        if isinstance(node, Problem):
            self.lose(node, path)
        else:
            self.tree.put(base, target, node)
