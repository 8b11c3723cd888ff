"""States and payoffs as a table: CSV, one row a state, and the moves of a graph in a second file.

Columns: ``state`` (its number: the sum of 2^k over the options taken); ``name`` where states have names; for each option
``owner.option``, 0 or 1, followed by ``(forward)`` or ``(back)`` when it goes one way only; for each actor
``payoff.actor``; in graph form ``moves``, how many lead away.  A coalesced state has one row for each of its members.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from accord.disk import write_bytes
from accord.exchange.csvs import read_csv
from accord.exchange.gate import Refused
from accord.exchange.grid import Grid
from accord.lenses.conflict.feasibility import MOST_OPTIONS, IntArray, ModelError
from accord.lenses.conflict.formats.source import Found, content
from accord.lenses.conflict.model import FloatArray, Model

T = TypeVar("T", int, float)
Row = Sequence[str | int | float]

_BOM = b"\xef\xbb\xbf"  # spreadsheet programs take a CSV file for UTF-8 only when it begins so
_MOST_CELLS = 50_000_000
_ONE_WAY = re.compile(r" \((forward|back)\)$")
_PAYOFF = "payoff."


class States(NamedTuple):
    """What a table of states holds.

    Parameters
    ----------
    model : Model
    payoffs : ndarray, shape (actors, states)
    """

    model: Model
    payoffs: FloatArray


def moves_file(path: str | Path) -> Path:
    """Where the moves of a graph lie: ``talks.moves.csv`` beside ``talks.csv``."""
    place = Path(path)
    return place.with_name(f"{place.stem}.moves.csv")


def write_states(model: Model, payoffs: ArrayLike | Mapping[str, ArrayLike], path: str | Path) -> None:
    """Write states and payoffs, and in graph form the moves beside them.

    Parameters
    ----------
    model : Model
    payoffs : array_like, shape (actors, states), or mapping of actor to array_like
        Finite; written so that they are read back to the last bit.
    path : str or Path

    Raises
    ------
    ModelError
        When a name could not be told from what stands beside it in a header, or a payoff is not finite.
    RunError
        When the place cannot be written.
    """
    worth = model.payoffs(payoffs)
    if not np.isfinite(worth).all():
        raise ModelError("payoffs in a table must be finite")
    for actor in model.actors:
        if "." in actor or f"{actor}." == _PAYOFF:
            raise ModelError(
                f"'{actor}' cannot stand in a header; expected an actor without a point in its name"
            )
    for name in model.options:
        if _ONE_WAY.search(name):
            raise ModelError(f"option '{name}' cannot stand in a header: its name ends like a direction")
    if model.arcs is not None:
        numbers = model.feasible.tolist()
        rows = (
            [actor, numbers[a], numbers[b]]
            for actor, pairs in zip(model.actors, model.arcs, strict=True)
            for a, b in pairs.tolist()
        )
        _write(moves_file(path), ["actor", "from", "to"], rows)
    _write(Path(path), _header(model), _rows(model, worth))


def _header(model: Model) -> list[str]:
    """Names of the columns."""
    owners = () if model.owners is None else model.owners.tolist()
    parts = zip(model.options, owners, model.directions, strict=True)
    options = [
        f"{model.actors[who]}.{name}" + ("" if way == "both" else f" ({way})") for name, who, way in parts
    ]
    named = ["name"] if any(model.names) else []
    ends = [] if model.arcs is None else ["moves"]
    return ["state", *named, *options, *(f"{_PAYOFF}{actor}" for actor in model.actors), *ends]


def _rows(model: Model, worth: FloatArray) -> Iterator[Row]:
    """The rows, state by state."""
    named, options = any(model.names), range(len(model.options))
    leaving = None if model.arcs is None else _leaving(model.arcs, model.size)
    for k, number in enumerate(model.feasible.tolist()):
        inside = [number] if model.members is None else model.members[k].tolist()
        name = [model.names[k]] if named else []
        ends = [] if leaving is None else [int(leaving[k])]
        for mask in inside:
            yield [number, *name, *(mask >> bit & 1 for bit in options), *worth[:, k].tolist(), *ends]


def _leaving(arcs: Sequence[IntArray], size: int) -> IntArray:
    """How many moves lead away from each state."""
    return np.bincount(np.concatenate([pairs[:, 0] for pairs in arcs]), minlength=size)


def _write(path: Path, header: Sequence[str], rows: Iterable[Row]) -> None:
    """A table as a file, whole or not at all."""
    lines = [",".join(_cell(value) for value in row) for row in chain([list(header)], rows)]
    write_bytes(path, _BOM + "\r\n".join([*lines, ""]).encode("utf-8"))


def _cell(value: str | float) -> str:
    """One cell; quotes wherever a reader might take a character for the end of it."""
    if isinstance(value, float):
        return repr(value)
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if re.search(r'[,;\t"\r\n]', text) else text


@dataclass(frozen=True, slots=True)
class _Columns:
    """What the columns of a table are."""

    actors: tuple[str, ...]
    payoffs: tuple[int, ...]
    options: tuple[str, ...]
    owners: tuple[int, ...]
    directions: tuple[str, ...]
    taken: tuple[int, ...]
    name: int | None
    moves: int | None


def read_states(path: str | Path) -> States:
    """Read states and payoffs, and the moves beside them where the table is one of a graph.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    States

    Raises
    ------
    SituationError
        When the file cannot be read as such, with every problem and its cell.
    """
    place = Path(path)
    found = Found(str(place))
    grid = _grid(place, found)
    columns = _columns(grid, found)
    found.check()
    rows = range(1, len(grid.rows))
    number = [_value(grid, row, 0, _whole, "the number of a state", found) for row in rows]
    taken = [_taken(grid, row, columns, found) for row in rows]
    worth = [[_value(grid, row, k, float, "a number", found) for k in columns.payoffs] for row in rows]
    if not number:
        found.tell("missing", "there are no states", expected="a row for each state")
    found.check()
    groups = _groups(grid, columns, np.array(number, np.int64), np.array(worth), taken, found)
    names = [str(_text(grid, rows[k[0]], columns.name) or "") for k in groups]
    arcs = None if columns.moves is None else _arcs(place, grid, columns, number, groups, found)
    found.check()
    try:
        made = _model(columns, [[taken[row] for row in group] for group in groups], names, arcs)
    except ModelError as error:
        found.tell("contradiction", str(error))
        found.check()
        raise
    return States(made, np.array([worth[group[0]] for group in groups]).T)


def _grid(path: Path, found: Found) -> Grid:
    """The cells of a file."""
    try:
        grid = read_csv(path.stem, content(path), _MOST_CELLS)
    except Refused as refused:
        found.problems.append(refused.problem.at(str(path)))
        found.check()
        raise
    if not grid.rows:
        found.tell("missing", "the file is empty", expected="a row of column names")
        found.check()
    return grid


def _columns(grid: Grid, found: Found) -> _Columns:
    """What the header says."""
    header = [str(value or "") for value in grid.rows[0]]
    if header[0] != "state":
        found.tell("header", f"the first column is '{header[0]}'", expected="'state'", place=grid.place(0, 0))
    payoffs = {h.removeprefix(_PAYOFF): k for k, h in enumerate(header) if h.startswith(_PAYOFF)}
    actors = tuple(payoffs)
    if not actors:
        found.tell("header", "no column holds payoffs", expected="'payoff.' and an actor's name")
        found.check()
    options, owners, ways, taken = [], [], [], []
    for k, head in enumerate(header[1:], 1):
        if head in ("name", "moves") or head.startswith(_PAYOFF):
            continue
        owner, point, rest = head.partition(".")
        if not point or owner not in actors:
            expected = f"an actor with payoffs ({', '.join(actors) or 'none'}), a point and an option"
            found.tell(
                "header", f"'{head}' names no option of an actor", "", expected, place=grid.place(0, k)
            )
            continue
        way = _ONE_WAY.search(rest)
        options.append(rest[: way.start()] if way else rest)
        owners.append(actors.index(owner))
        ways.append(way.group(1) if way else "both")
        taken.append(k)
    for k, head in enumerate(header):
        if head in header[:k]:
            found.tell("duplicate", f"two columns are named '{head}'", place=grid.place(0, k))
    at = {name: header.index(name) if name in header else None for name in ("name", "moves")}
    return _Columns(
        actors, tuple(payoffs.values()), tuple(options), tuple(owners), tuple(ways), tuple(taken), **at
    )


def _text(grid: Grid, row: int, column: int | None) -> str | None:
    """The text of a cell; None when it is blank."""
    value = None if column is None else grid.cell(row, column).value
    return None if value is None else str(value)


def _value(
    grid: Grid, row: int, column: int, kind: Callable[[str], T], expected: str, found: Found
) -> T | None:
    """The number in a cell, or None with a problem told."""
    text = _text(grid, row, column)
    try:
        value = kind((text or "").replace(",", ".") if grid.comma else text or "")
        if math.isfinite(value):
            return value
    except ValueError:
        pass
    says = "the cell is blank" if text is None else f"'{text}' cannot stand here"
    found.tell("value", says, expected=expected, place=grid.place(row, column))
    return None


def _whole(text: str) -> int:
    """A number of a state; ValueError when it is none."""
    value = int(text)
    if not 0 <= value < 1 << MOST_OPTIONS:
        raise ValueError(text)
    return value


def _taken(grid: Grid, row: int, columns: _Columns, found: Found) -> int:
    """The mask that a row states."""
    mask = 0
    for bit, column in enumerate(columns.taken):
        text = _text(grid, row, column)
        if text not in ("0", "1"):
            says = "the cell is blank" if text is None else f"'{text}' cannot stand here"
            found.tell("value", says, expected="0 (not taken) or 1 (taken)", place=grid.place(row, column))
        mask |= (text == "1") << bit
    return mask


def _groups(
    grid: Grid, columns: _Columns, number: IntArray, worth: FloatArray, taken: list[int], found: Found
) -> list[list[int]]:
    """The rows of each state, states and rows in ascending order of their masks; from 0 for the first row."""
    rows: dict[int, list[int]] = {}
    order = (
        np.lexsort((np.array(taken, np.int64), number))
        if columns.options
        else np.argsort(number, kind="stable")
    )
    for row in order.tolist():
        rows.setdefault(int(number[row]), []).append(row)
    for place, (state, inside) in enumerate(rows.items()):
        first, at = inside[0], grid.place(inside[0] + 1, 0)
        expected = taken[first] if columns.options else place
        if state != expected:
            what = "its options sum up to" if columns.options else "states are numbered from 0, so it is"
            found.tell(
                "value", f"the state is numbered {state}", expected=f"{expected}: {what} that", place=at
            )
        twice = [b for a, b in pairwise(inside) if taken[a] == taken[b]]
        for row in twice:
            found.tell("duplicate", f"state {state} stands twice", place=grid.place(row + 1, 0))
        if (worth[inside] != worth[first]).any():
            found.tell(
                "value", f"the rows of state {state} differ in payoffs", expected="equal ones", place=at
            )
    return list(rows.values())


def _arcs(
    path: Path, grid: Grid, columns: _Columns, number: list[int | None], groups: list[list[int]], found: Found
) -> list[list[tuple[int, int]]]:
    """The moves of each actor, from the second file."""
    beside = Found(str(moves_file(path)))
    table = _grid(moves_file(path), beside)
    at = {number[group[0]]: k for k, group in enumerate(groups)}
    arcs: list[list[tuple[int, int]]] = [[] for _ in columns.actors]
    if table.rows[0] != ["actor", "from", "to"]:
        beside.tell("header", "the columns have other names", expected="'actor', 'from', 'to'", place="A1")
        beside.check()
    for row in range(1, len(table.rows)):
        actor = _text(table, row, 0)
        ends = [_value(table, row, k, _whole, "the number of a state", beside) for k in (1, 2)]
        for k, end in enumerate(ends):
            if end is not None and end not in at:
                says = f"there is no state {end}"
                beside.tell(
                    "unknown", says, expected=f"one that {path.name} has", place=table.place(row, k + 1)
                )
        if actor not in columns.actors:
            says = f"there is no actor '{actor or ''}'"
            beside.tell("unknown", says, expected=", ".join(columns.actors), place=table.place(row, 0))
        elif all(end in at for end in ends):
            arcs[columns.actors.index(actor)].append((at[ends[0]], at[ends[1]]))
    found.problems += beside.problems
    leaving = _leaving([np.array(pairs, np.int64).reshape(-1, 2) for pairs in arcs], len(groups))
    for k, group in enumerate(groups) if not beside.problems else ():
        if _text(grid, group[0] + 1, columns.moves) != str(leaving[k]):
            says = f"{leaving[k]} moves lead away from this state in {moves_file(path).name}"
            found.tell(
                "mismatch",
                says,
                expected="as many as stated here",
                place=grid.place(group[0] + 1, columns.moves or 0),
            )
    return arcs


def _model(
    columns: _Columns,
    masks: list[list[int]],
    names: list[str],
    arcs: list[list[tuple[int, int]]] | None,
) -> Model:
    """The model that a table states."""
    bare = not columns.options
    merged = any(len(inside) > 1 for inside in masks)
    first = range(len(masks)) if bare else [inside[0] for inside in masks]
    return Model(
        actors=columns.actors,
        options=columns.options,
        owners=None if bare else np.array(columns.owners, np.int64),
        directions=columns.directions,
        feasible=np.array(first, np.int64),
        arcs=None if arcs is None else tuple(np.array(pairs, np.int64).reshape(-1, 2) for pairs in arcs),
        names=tuple(names),
        members=tuple(np.array(inside, np.int64) for inside in masks) if merged else None,
    )
