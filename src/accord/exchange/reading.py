"""From sheets to a checked situation."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from accord.exchange.cells import number_in
from accord.exchange.grid import Grid
from accord.exchange.headers import Header
from accord.exchange.intake import Intake
from accord.exchange.rows import Rows
from accord.exchange.sheets import BY_NAME, READ_ME, SHEETS
from accord.files.node import Lines, Node
from accord.files.numbers import FORMS
from accord.files.reader import build_and_check
from accord.problems import Problem, did_you_mean, listed
from accord.situation import Situation, Vocabulary

_MOST_MERGED = 20  # areas of one sheet that are told, lest a spoilt sheet drown the rest
_KEY = re.compile(r"'([^']+)' is missing")
_FORMS = "a number, a word such as 'likely', or low .. best .. high"
# Advice that speaks of YAML, and what to say instead.
_HINTS = (
    (re.compile(r"^'([^':]+): \.\.\.'"), r"fill in '\1'"),
    (re.compile(r"\{low: (\S+), best: \.\.\., high: (\S+)\}"), r"\1 .. best value .. \2"),
    (re.compile(r"\{low, best, high\}"), "low .. best .. high"),
    (re.compile(r"add 'best: \.\.\.'"), "fill in the number"),
    (re.compile(r"'distribution: (\w+)'"), r"'\1' in the column for its distribution"),
)
# Problems that may only be there because a sheet, a column or a row could not be read.
_FOLLOW = frozenset(
    {
        *("missing-key", "unknown-reference", "unknown-path", "count", "unused", "sum"),
        *("incomplete", "incomplete-range", "no-number"),
    }
)


def read_grids(
    grids: Sequence[Grid], vocabulary: Vocabulary, file: str, refused: Sequence[Problem] = ()
) -> tuple[Situation | None, list[Problem]]:
    """Read and check the sheets of one workbook.

    Parameters
    ----------
    grids : sequence of Grid
        In the order of the workbook.
    vocabulary : Vocabulary
        Keys that lenses add.
    file : str
        The file's name as the user gave it.
    refused : sequence of Problem
        Why further sheets could not be opened.

    Returns
    -------
    situation : Situation or None
        None when at least one problem is an error.
    problems : list of Problem
        In the order of sheets, rows and columns.
    """
    intake = Intake(vocabulary, problems=list(refused), broken=bool(refused))
    root = collect(grids, intake)
    if not root.value and not intake.problems:
        says = "the workbook holds nothing of a situation"
        hint = "start from 'accord template model.xlsx'"
        return None, [
            Problem(
                "empty", says, expected="sheets such as 'situation', 'actors', 'stances'", try_instead=hint
            ).at(file)
        ]
    situation, found = build_and_check(root, vocabulary, Lines.of(file, root))
    problems = [
        *intake.problems,
        *intake.tree.problems,
        *(p for p in found if not _follows(p, intake)),
    ]
    broken = any(problem.severity == "error" for problem in problems)
    return None if broken else situation, in_order([_mended(p, intake).at(file) for p in problems], grids)


def collect(grids: Sequence[Grid], intake: Intake) -> Node:
    """Everything that the sheets say, as nodes."""
    for grid in grids:
        take(grid, intake)
    root = intake.tree.root()
    _rank(root, intake)
    root.place = "situation"
    return root


def _rank(root: Node, intake: Intake) -> None:
    """Statements by their rank as the list that they are."""
    preferences = root.value.get("preferences")
    actors = preferences.value.items() if preferences is not None and preferences.is_mapping else ()
    for actor, preference in actors:
        stated = preference.value.get("statements") if preference.is_mapping else None
        if stated is None or not stated.is_mapping or "says" in stated.value:
            continue
        ranks = {rank: number_in(rank, comma=True) for rank in stated.value}
        for rank, item in stated.value.items():
            if ranks[rank] is None:
                says, path = f"the rank '{rank}' is not a number", ("preferences", actor, "statements")
                hint = "1 for the most important statement, then 2, 3 ..."
                intake.tell("not-a-number", says, item.place, "a number", hint, path)
        order = sorted(stated.value, key=lambda rank: (ranks[rank] is None, ranks[rank] or 0))
        stated.value = [stated.value[rank] for rank in order]


def take(grid: Grid, intake: Intake) -> None:
    """Read one sheet."""
    name = sheet_name(grid.name)
    if name is None or not grid.rows:
        return
    if name not in BY_NAME:
        near = did_you_mean(name, BY_NAME)
        hint, most = near or "begin its name with '#' to have it ignored", 6 if near else 40
        intake.tell_broken(
            "unknown-sheet",
            f"unknown sheet '{grid.name}'",
            grid.name,
            f"one of {listed(BY_NAME, most)}",
            hint,
        )
        return
    for area in grid.merged[:_MOST_MERGED]:
        says = f"the cells {area} are merged, so that only the first of them holds something"
        place = f"{grid.name}!{area.partition(':')[0]}"
        intake.tell_broken("merged", says, place, try_instead="split them, then fill in every cell")
    header = Header(intake, grid, BY_NAME[name]).columns()
    if header is not None:
        columns, tall = header
        Rows(intake, grid, BY_NAME[name], columns).read(tall)


def sheet_name(name: str) -> str | None:
    """The name of a sheet in the spelling that counts; None for a sheet that is only a remark."""
    plain = "_".join(name.strip().lower().split())
    return None if plain.startswith("#") or plain == READ_ME.replace(" ", "_") else plain


def _follows(problem: Problem, intake: Intake) -> bool:
    """Whether a problem may only be there because something could not be read."""
    if problem.kind not in _FOLLOW:
        return False
    return intake.broken or any(path.startswith(f"{problem.path}.") for path in intake.unread if problem.path)


def _mended(problem: Problem, intake: Intake) -> Problem:
    """A problem in the terms of a workbook: no braces, and shown at the cell where it can be mended."""
    expected = _FORMS if problem.expected == FORMS else problem.expected
    hint = problem.try_instead
    for pattern, words in _HINTS:
        hint = pattern.sub(words, hint)
    problem = dataclasses.replace(problem, expected=expected, try_instead=hint, line=None)
    if problem.kind == "missing-key":
        return _missing(problem, intake)
    if problem.kind == "unknown-reference" and problem.place in intake.heads:
        head, place = intake.heads[problem.place]
        name = problem.path.rpartition(".")[2]
        if name in head and problem.path.endswith(".".join(head[: head.index(name) + 1])):
            return dataclasses.replace(problem, path="", place=place)
    if not problem.path and problem.severity != "error":
        return dataclasses.replace(problem, place="")
    if problem.kind != "unknown-path":
        return dataclasses.replace(problem, place=intake.values.get(problem.place, problem.place))
    return problem


def _missing(problem: Problem, intake: Intake) -> Problem:
    """A missing value, shown at the blank cell or the sheet in which it belongs."""
    found = _KEY.search(problem.says)
    path = tuple(part for part in (*problem.path.split("."), found.group(1) if found else "") if part)
    rows = next(
        (sheet.name for sheet in SHEETS if len(sheet.parts) == len(path) + 1 and sheet.names((*path, "*"))),
        "",
    )
    if rows:
        hint = problem.try_instead.partition(" (")[2]
        place = problem.place if "*" in BY_NAME[rows].parts[:-1] else rows
        return dataclasses.replace(problem, place=place, try_instead=f"fill in the sheet '{rows}' ({hint}")
    return dataclasses.replace(problem, place=intake.blanks.get(path, problem.place))


def in_order(problems: list[Problem], grids: Sequence[Grid]) -> list[Problem]:
    """Problems by sheet, row and column; those of the workbook as a whole first."""
    order = {grid.name: index for index, grid in enumerate(grids)}

    def key(problem: Problem) -> tuple[int, int, int, str, str, str]:
        """Sheet, row and column of a problem, as a reader meets them."""
        sheet, _, cell = problem.place.rpartition("!") if "!" in problem.place else (problem.place, "", "")
        letters = cell.rstrip("0123456789")
        column = sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(letters)))
        return (
            order.get(sheet, -1),
            int(cell[len(letters) :] or 0),
            column,
            letters,
            problem.path,
            problem.says,
        )

    return list(dict.fromkeys(sorted(problems, key=key)))
