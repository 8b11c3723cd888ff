"""Tables of kind ``strips``: how many ways of working one thing out give which answer, with a few of them named.

The first column names the row.  Columns ``lowest`` and ``highest`` are the ends, ``paper``, ``published`` and
``mean`` the named answers; ``strips`` of the table's extra holds for each row pairs of value and share.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accord.figures import style
from accord.figures.axis import Axis, axis_of
from accord.figures.labels import SIGN, end_of, legend
from accord.figures.numbers import number
from accord.figures.rows import MOST_ROWS, listed_rows
from accord.figures.style import Look, Looks
from accord.finding import Table
from accord.formulas import wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TALL, _GAP, _MARKS = 24.0, 8.0, 23.0
NAMED = {
    "mean": Look(style.INK, "D"),
    "paper": Look("#D55E00", "^"),
    "published": Look("#56B4E9", "s"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One strip: pairs of value and share, and the named answers (NaN for none)."""

    label: str
    strip: tuple[tuple[float, float], ...]
    ends: tuple[float, float]
    named: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Strips:
    """What is drawn; *labels* says what the named answers are called."""

    title: str
    rows: tuple[Row, ...]
    labels: tuple[tuple[str, str], ...]
    axis: Axis
    more: int = 0


def data_of(table: Table) -> Strips:
    """The plain numbers of every row; ValueError when strips do not fit the rows or columns are missing."""
    strips: Sequence[Any] = table.extra.get("strips", ())
    place = {column.name: index for index, column in enumerate(table.columns)}
    missing = {"lowest", "highest", *NAMED} - set(place)
    if len(strips) != len(table.rows) or missing:
        wanted = "its ends, the named answers and a strip for each row"
        raise ValueError(f"table '{table.name}' of kind 'strips' lacks columns of quantities: {wanted}")
    rows = tuple(
        Row(
            style.capital(str(cells[0])),
            tuple((float(x), float(n)) for x, n in strip),
            (_number(cells[place["lowest"]]), _number(cells[place["highest"]])),
            tuple((name, _number(cells[place[name]])) for name in NAMED),
        )
        for cells, strip in zip(table.rows, strips, strict=True)
    )
    labels = tuple((name, table.columns[place[name]].label) for name in NAMED)
    axis = axis_of(
        table.columns[place["lowest"]], (), {"low_means": "low", "high_means": "high", **table.extra}
    )
    return Strips(table.title, rows[:MOST_ROWS], labels, axis, max(0, len(rows) - MOST_ROWS))


def _number(cell: Any) -> float:
    """A cell as a number, NaN where there is none."""
    return float(cell) if isinstance(cell, int | float) else math.nan


def _entries(data: Strips) -> Iterator[tuple[str, str]]:
    """The legend: heaps and named answers."""
    yield "", "height: share of readings"
    for name, label in data.labels:
        yield name, label[:1].lower() + label[1:]


def _top(data: Strips) -> float:
    """Where the first row begins."""
    return end_of(list(legend(_entries(data), 0.0)), 0.0) + 4


def _places(data: Strips) -> Iterator[tuple[Row, float]]:
    """Every row with its top."""
    y = _top(data)
    for row in data.rows:
        yield row, y
        y += style.SIZE + 4 + _TALL + _MARKS + _GAP


def _bottom(data: Strips) -> float:
    """Where the last row ends."""
    return max((y + style.SIZE + 4 + _TALL + _MARKS + 3 for _, y in _places(data)), default=_top(data))


def height_of(data: Strips) -> float:
    """Height of the drawing in points."""
    return _bottom(data) + data.axis.height


def draw(data: Strips, ax: Axes, looks: Looks) -> None:
    """Draw every strip on an empty axes; rows belong to no actor, so *looks* is not needed."""
    style.blank(ax, height_of(data))
    data.axis.draw(ax, _top(data), _bottom(data))
    for item in legend(_entries(data), 0.0):
        x = data.axis.low + (item.x + 5) / style.INNER * (data.axis.high - data.axis.low)
        if item.sign:
            style.dot(ax, x, item.y + 5.5, NAMED[item.sign], size=6.5)
        else:
            style.box(ax, (x, x + 0.006), (item.y + 1, item.y + 9), style.RULE)
        indent = (item.x + SIGN) / style.INNER
        style.write_lines(ax, indent, item.y + 9, item.lines, size=style.SMALL, colour=style.FAINT_INK)
    for row, top in _places(data):
        _draw_row(ax, data, row, top)


def _draw_row(ax: Axes, data: Strips, row: Row, top: float) -> None:
    """One row: name, range, heaps, and the named answers below."""
    range_text = f"{number(row.ends[0], 2)} to {number(row.ends[1], 2)}"
    room = style.INNER - style.width_of(range_text, bold=True) - 12
    style.write_over(ax, 0, top + style.SIZE, style.shorten(row.label, room))
    style.write_over(ax, 1, top + style.SIZE, range_text, side="right", bold=True)
    floor = top + style.SIZE + 4 + _TALL
    style.line(ax, (0, 1), (floor, floor), across=True, color=style.TRACK, linewidth=1.2, zorder=1)
    most = max((share for _, share in row.strip), default=1.0)
    half = 0.4 * (data.axis.high - data.axis.low) / 50
    for value, share in row.strip:
        tall = max(1.5, share / most * (_TALL - 4))
        style.box(ax, (value - half, value + half), (floor - tall, floor), style.RULE, zorder=2)
    for lane, (name, value) in enumerate(row.named):
        if math.isfinite(value):
            style.dot(ax, value, floor + 5.5 + 7.5 * lane, NAMED[name], size=6.5)


def alt_of(data: Strips) -> str:
    """The drawing in words, made from its numbers."""
    names = dict(data.labels)
    said = []
    for row in data.rows:
        named = ", ".join(f"{names[name].lower()} {number(value, 2)}" for name, value in row.named)
        ends = " to ".join(number(end, 2) for end in row.ends)
        said.append(f"{row.label}: answers from {ends}; {named}")
    return f"Heaps of answers, {wording.count(len(data.rows), 'row')}. {listed_rows(said, data.more)}"
