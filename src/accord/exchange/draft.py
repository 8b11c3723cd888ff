"""A foreign game as it was written: texts with their places, judged all at once whatever the form."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

import numpy as np

from accord.exchange.game import FloatArray, Game, hundredth
from accord.formulas.wording import count
from accord.problems import Problem, did_you_mean

MOST_FILE_BYTES = 16 * 1024 * 1024
MOST_ACTORS = 2000
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\ufeff\ufffe\uffff]")
_LINES = re.compile("[\t\r\n]")


@dataclass(frozen=True, slots=True)
class Cell:
    """A text with its place, line and column counted from 1; *what* says what it stands for."""

    text: str
    line: int
    column: int
    what: str = ""

    def stripped(self) -> Cell:
        """Without blanks around it."""
        return replace(self, text=self.text.strip())

    @property
    def place(self) -> str:
        """Line and column."""
        return f"{self.line}:{self.column}"


@dataclass(slots=True)
class Row:
    """One actor as it was written."""

    name: Cell
    capability: Cell | None
    positions: list[Cell]
    salience: list[Cell]
    description: str = ""


@dataclass(slots=True)
class Draft:
    """A game as it was written.

    Parameters
    ----------
    title, about : str
    dimensions : list of Cell
    rows : list of Row
    low, high : float or None
        Ends of every scale; None where the file does not say.
    percentages : bool
        Whether salience is written as 0..100.
    bounded : bool
        Whether the salience of an actor must be 100 % at most in sum.
    options : dict
    ties : list of (Cell, Cell, Cell)
        Whose ideal point follows whose position, and how far.
    problems : list of Problem
        What was found while reading.
    """

    title: str = ""
    about: str = ""
    dimensions: list[Cell] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    low: float | None = 0.0
    high: float | None = 100.0
    percentages: bool = True
    bounded: bool = True
    options: dict[str, str] = field(default_factory=dict)
    ties: list[tuple[Cell, Cell, Cell]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def tell(self, kind: str, says: str, cell: Cell | None, expected: str = "", hint: str = "") -> None:
        """Note a problem at a place."""
        line, place = (None, "") if cell is None else (cell.line, cell.place)
        what = "" if cell is None else cell.what
        self.problems.append(Problem(kind, says, what, expected, hint, line=line, place=place))


def settled(draft: Draft) -> Game | None:
    """The game, None when something is wrong with it; every problem is told to the draft."""
    _texts(draft)
    capability = np.array([_power(draft, row) for row in draft.rows])
    low, high = _ends(draft)
    words = "a number" if low is None or high is None else f"a number from {low:g} to {high:g}"
    least, most = (-math.inf if low is None else low), (math.inf if high is None else high)
    positions = _table(draft, [row.positions for row in draft.rows], least, most, words)
    salience = _shares(draft)
    ties = _accommodation(draft)
    if any(problem.severity == "error" for problem in draft.problems):
        return None
    ends = _scales(draft, positions, low, high)
    if ends is None:
        return None
    return Game(
        tuple(row.name.text for row in draft.rows),
        positions,
        salience,
        capability,
        tuple(cell.text for cell in draft.dimensions),
        *ends,
        ties,
        draft.options,
        draft.title.strip(),
        draft.about.strip(),
        tuple(row.description.strip() for row in draft.rows),
    )


def _power(draft: Draft, row: Row) -> float:
    """Capability; NaN where its element or column is missing, which was told before."""
    return (
        math.nan
        if row.capability is None
        else _number(draft, row.capability, 0.0, math.inf, "a number above 0")
    )


def _texts(draft: Draft) -> None:
    """Names: there, of one line, and none twice; blanks around them do not count."""
    draft.dimensions = [cell.stripped() for cell in draft.dimensions]
    for row in draft.rows:
        row.name = row.name.stripped()
    draft.ties = [(one.stripped(), two.stripped(), how) for one, two, how in draft.ties]
    for kind, cells in (("actor", [row.name for row in draft.rows]), ("dimension", draft.dimensions)):
        seen: dict[str, Cell] = {}
        for cell in cells:
            if not cell.text.strip():
                draft.tell("missing", f"the {kind} has no name", cell, "a name")
            elif _CONTROL.search(cell.text) or _LINES.search(cell.text):
                draft.tell(
                    "control",
                    f"the name of the {kind} holds a character that cannot be printed",
                    cell,
                    "text on one line",
                )
            elif cell.text in seen:
                where = seen[cell.text].line
                draft.tell(
                    "twice", f"'{cell.text}' stands in line {where} already", cell, f"each {kind} once"
                )
            seen.setdefault(cell.text, cell)
    for row in draft.rows:
        if _CONTROL.search(row.description):
            draft.tell(
                "control", "the description holds a character that cannot be printed", row.name, "text"
            )
    if _CONTROL.search(draft.title + draft.about) or _LINES.search(draft.title):
        draft.tell(
            "control", "name or description of the game hold a character that cannot be printed", None, "text"
        )
    if not 2 <= len(draft.rows) <= MOST_ACTORS:
        draft.tell("count", f"the file has {count(len(draft.rows), 'actor')}", None, f"2 to {MOST_ACTORS:,}")


def _number(draft: Draft, cell: Cell, low: float, high: float, expected: str) -> float:
    """A number within limits, NaN and a problem otherwise; a *low* of 0 with no *high* is left out itself."""
    text = cell.text.strip()
    try:
        exact = Decimal(text)
        value = float(exact)
    except (InvalidOperation, ValueError, OverflowError):
        exact, value = Decimal(0), math.nan
    if not text:
        draft.tell("missing", "there is no number", cell, expected, "leave the actor out if it is not known")
    elif not math.isfinite(value) or "_" in text:
        decimal = re.fullmatch(r"[-+]?\d+,\d+", text)
        hint = f"'{text.replace(',', '.')}'" if decimal else ""
        draft.tell("not-a-number", f"'{text[:40]}' is not a number", cell, expected, hint)
    elif not low <= value <= high or (low == 0 and high == math.inf and value == 0):
        draft.tell("range", f"{text[:40]} is out of range", cell, expected)
    else:
        return value
    return math.nan


def _table(
    draft: Draft, cells: Sequence[Sequence[Cell]], low: float, high: float, expected: str
) -> FloatArray:
    """Numbers of all actors and dimensions; a row of another length than there are dimensions was told before."""
    wide = len(draft.dimensions)
    rows = [[_number(draft, cell, low, high, expected) for cell in row[:wide]] for row in cells]
    return np.array([row + [math.nan] * (wide - len(row)) for row in rows]).reshape(len(rows), wide)


def _shares(draft: Draft) -> FloatArray:
    """Salience as shares, 0..1."""
    most = 100.0 if draft.percentages else 1.0
    table = _table(draft, [row.salience for row in draft.rows], 0.0, most, f"a number from 0 to {most:g}")
    if not draft.percentages:
        return table
    for i, row in enumerate(draft.rows):
        if np.isnan(table[i]).any():
            continue
        exact = [Decimal(cell.text.strip()) for cell in row.salience[: table.shape[1]]]
        total = sum(exact, Decimal(0))
        table[i] = [hundredth(cell.text.strip()) for cell in row.salience[: table.shape[1]]]
        if draft.bounded and total > Decimal("100.0000001"):
            says = f"the salience of '{row.name.text}' is {total:f} in sum"
            draft.tell("range", says, row.salience[0], "at most 100 over all dimensions")
    return table


def _ends(draft: Draft) -> tuple[float | None, float | None]:
    """Declared ends of the scales."""
    if draft.low is not None and draft.high is not None and not draft.low < draft.high:
        draft.tell("range", f"the scale runs from {draft.low:g} to {draft.high:g}", None, "low below high")
        return None, None
    return draft.low, draft.high


def _scales(
    draft: Draft, positions: FloatArray, low: float | None, high: float | None
) -> tuple[FloatArray, FloatArray] | None:
    """Ends of the scale of each dimension: as declared, or the least and largest position, which is told."""
    lows = positions.min(axis=0) if low is None else np.full(positions.shape[1], low)
    highs = positions.max(axis=0) if high is None else np.full(positions.shape[1], high)
    if not (lows < highs).all():
        says = "all positions are equal, and the file does not say from where to where they run"
        draft.tell(
            "scale",
            says,
            None,
            "columns 'low' and 'high'",
            "add both, with the ends of the scale in every row",
        )
        return None
    if low is None or high is None:
        says = f"the file does not declare the scale; the positions' own range, {lows[0]:g} to {highs[0]:g}, stands for it"
        draft.problems.append(Problem("scale", says, try_instead="columns 'low' and 'high'", severity="note"))
    return lows, highs


def _accommodation(draft: Draft) -> FloatArray | None:
    """How far ideal points follow positions; everybody's own fully where the file does not say otherwise."""
    if not draft.ties:
        return None
    place = {row.name.text: index for index, row in enumerate(draft.rows)}
    ties = np.eye(len(draft.rows))
    for one, two, how in draft.ties:
        value = _number(draft, how, 0.0, 1.0, "a number from 0 to 1")
        for cell in (one, two):
            if cell.text not in place:
                hint = did_you_mean(cell.text, place)
                draft.tell(
                    "unknown-reference",
                    f"there is no actor '{cell.text}'",
                    cell,
                    "the name of an actor",
                    hint,
                )
        if one.text in place and two.text in place:
            ties[place[one.text], place[two.text]] = value
    for row, total in zip(draft.rows, ties.sum(axis=1), strict=True):
        if total > 1 + 1e-9:
            says = f"what '{row.name.text}' follows is {total:g} in sum"
            draft.tell(
                "range", says, draft.ties[0][0], "at most 1, its own position (1 if not stated) included"
            )
    return ties
