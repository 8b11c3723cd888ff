"""Tables of kind ``intervals``: one quantity per row, drawn as a dot with its interval over worlds."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accord.figures import style
from accord.figures.axis import Axis, axis_of
from accord.figures.numbers import WORLDS, has_range, is_defined, spread_text, spread_words, undefined_text
from accord.figures.rows import MOST_ROWS, known_by, listed_rows, row_actors, spread_columns
from accord.figures.style import PLAIN, Looks
from accord.finding import Spread, Table
from accord.formulas import wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MARK, _GAP = 9.5, 12.0


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled quantity."""

    label: str
    spread: Spread | None
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Intervals:
    """What is drawn: rows on one axis; ``more`` rows stand in the table only."""

    title: str
    rows: tuple[Row, ...]
    axis: Axis
    more: int = 0
    line: str = "best estimates"
    held: str = WORLDS


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one row stands: its wrapped label, the value beside it, and heights in points."""

    row: Row
    lines: tuple[str, ...]
    value: str
    note: str
    label_y: float
    mark_y: float


def data_of(table: Table) -> Intervals:
    """The plain numbers of the first quantity in the table; ValueError when it holds none."""
    index = spread_columns(table, 1)[0]
    rows = tuple(
        Row(style.capital(str(cells[0])), cell if isinstance(cell := cells[index], Spread) else None, actor)
        for cells, actor in zip(table.rows, row_actors(table), strict=True)
    )
    axis = axis_of(table.columns[index], [row.spread for row in rows], table.extra)
    held = str(table.extra.get("range", WORLDS))
    return Intervals(
        table.title, rows[:MOST_ROWS], axis, max(0, len(rows) - MOST_ROWS), known_by(table), held
    )


def height_of(data: Intervals) -> float:
    """Height of the drawing in points."""
    return _bottom(data) + data.axis.height


def _bottom(data: Intervals) -> float:
    """Where the rows end and the axis begins."""
    return max((p.mark_y + _GAP for p in _places(data)), default=style.key_height(_key(data)))


def _places(data: Intervals) -> Iterator[_Place]:
    """Every row with its place, from the top."""
    y = style.key_height(_key(data))
    for row in data.rows:
        value = spread_text(row.spread, data.axis.decimals)
        room = style.INNER - style.width_of(value, bold=True) - 12
        lines = style.wrap(row.label, room)
        note = undefined_text(row.spread) if is_defined(row.spread) else ""
        label_y = y + style.SIZE
        below = (
            label_y
            + (len(lines) - 1) * style.SIZE * style.LEADING
            + (style.SMALL * style.LEADING if note else 0)
        )
        mark_y = below + _MARK
        yield _Place(row, lines, value, note, label_y, mark_y)
        y = mark_y + _GAP


def draw(data: Intervals, ax: Axes, looks: Looks) -> None:
    """Draw the rows on an empty axes."""
    style.blank(ax, height_of(data))
    key = _key(data)
    style.write_key(ax, key)
    data.axis.draw(ax, style.key_height(key) - 2, _bottom(data))
    for place in _places(data):
        style.write_lines(ax, 0, place.label_y, place.lines, over=True)
        style.write_over(ax, 1, place.label_y, place.value, side="right", bold=is_defined(place.row.spread))
        if place.note:
            style.write(ax, 0, place.mark_y - _MARK, place.note, size=style.SMALL, colour=style.FAINT_INK)
        _draw_mark(ax, place, looks)


def _draw_mark(ax: Axes, place: _Place, looks: Looks) -> None:
    """The track of one row with its interval and dot; dashed and empty where there is no number."""
    spread, y = place.row.spread, place.mark_y
    if spread is None or not is_defined(spread):
        style.line(ax, (0, 1), (y, y), across=True, color=style.RULE, linewidth=1.0, linestyle=(0, (2, 4)))
        return
    look = looks.get(place.row.actor, PLAIN)
    style.line(ax, (0, 1), (y, y), across=True, color=style.TRACK, linewidth=1.6, zorder=1)
    draw_interval(ax, spread, y, look.colour)
    if math.isfinite(spread.best):
        style.dot(ax, spread.best, y, look)


def draw_interval(
    ax: Axes, spread: Spread, y: float, colour: str, *, width: float = 4.5, tick: bool = True
) -> None:
    """The 5th to 95th percentile as a bar, with a tick at the median unless told otherwise."""
    if not has_range(spread):
        return
    pale = style.mix(style.strong(colour), "#ffffff", 0.35)
    how: dict[str, Any] = {"color": pale, "linewidth": width, "solid_capstyle": "butt", "zorder": 2}
    style.line(ax, (spread.low, spread.high), (y, y), **how)
    if tick:
        style.line(
            ax, (spread.median, spread.median), (y - 4.5, y + 4.5), color=style.INK, linewidth=1.2, zorder=3
        )


def _key(data: Intervals) -> tuple[str, ...]:
    """What dot, bar and tick are."""
    if any(has_range(row.spread) for row in data.rows):
        bars = (f"dot: {data.line}", f"bar: {data.held}")
        return (*bars, "tick: median world") if data.held == WORLDS else bars
    return (f"dot: {data.line}",)


def alt_of(data: Intervals) -> str:
    """The drawing in words, made from its numbers."""
    said = [f"{row.label}: {spread_words(row.spread, data.axis.decimals, data.held)}" for row in data.rows]
    return f"Dots with intervals, {wording.count(len(data.rows), 'row')}. {listed_rows(said, data.more)}"
