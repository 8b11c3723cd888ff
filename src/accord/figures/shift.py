"""Tables of kind ``shift``: one quantity per row at two moments (or under two courses), joined as a dumbbell."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accord.figures import style
from accord.figures.axis import Axis, axis_of
from accord.figures.intervals import draw_interval
from accord.figures.numbers import WORLDS, is_defined, number, spread_words, undefined_text
from accord.figures.rows import MOST_ROWS, listed_rows, row_actors, spread_columns
from accord.figures.style import PLAIN, Look, Looks
from accord.finding import Cell, Column, Spread, Table
from accord.formulas import wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_KEY, _MARK, _GAP, _APART = 20.0, 14.0, 14.0, 4.5


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity at both moments."""

    label: str
    start: Spread | None
    end: Spread | None
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """What is drawn: rows on one axis, and what the two moments are called."""

    title: str
    rows: tuple[Row, ...]
    axis: Axis
    start_label: str
    end_label: str
    more: int = 0
    held: str = WORLDS


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one row stands."""

    row: Row
    lines: tuple[str, ...]
    value: str
    notes: tuple[str, ...]
    label_y: float
    mark_y: float


def data_of(table: Table) -> Shift:
    """The plain numbers of the first two quantities in the table; ValueError when it holds fewer."""
    first, second = spread_columns(table, 2)[:2]
    rows = tuple(
        Row(style.capital(str(cells[0])), _spread(cells[first]), _spread(cells[second]), actor)
        for cells, actor in zip(table.rows, row_actors(table), strict=True)
    )
    start, end = table.columns[first], table.columns[second]
    spreads = [s for row in rows for s in (row.start, row.end)]
    caption = str(table.extra.get("caption", ""))
    axis = axis_of(Column(start.name, caption, start.unit, start.low, start.high), spreads, table.extra)
    held = str(table.extra.get("range", WORLDS))
    more = max(0, len(rows) - MOST_ROWS)
    return Shift(table.title, rows[:MOST_ROWS], axis, start.label, end.label, more, held)


def _spread(cell: Cell) -> Spread | None:
    """A cell as a quantity, None where undefined."""
    return cell if isinstance(cell, Spread) else None


def height_of(data: Shift) -> float:
    """Height of the drawing in points."""
    return _bottom(data) + data.axis.height


def _bottom(data: Shift) -> float:
    """Where the rows end and the axis begins."""
    return max((p.mark_y + _GAP for p in _places(data)), default=_KEY)


def _places(data: Shift) -> Iterator[_Place]:
    """Every row with its place, from the top."""
    y = _KEY
    for row in data.rows:
        value = _value(row, data.axis.decimals)
        lines = style.wrap(row.label, style.INNER - style.width_of(value, bold=True) - 12)
        notes = tuple(_notes(row, data))
        label_y = y + style.SIZE
        below = (
            label_y + (len(lines) - 1) * style.SIZE * style.LEADING + len(notes) * style.SMALL * style.LEADING
        )
        yield _Place(row, lines, value, notes, label_y, below + _MARK)
        y = below + _MARK + _GAP


def _value(row: Row, decimals: int) -> str:
    """Both values with an arrow between them."""
    start, end = (number(s.best, decimals) if s is not None else "undefined" for s in (row.start, row.end))
    return "undefined" if not is_defined(row.start) and not is_defined(row.end) else f"{start} → {end}"


def _notes(row: Row, data: Shift) -> Iterator[str]:
    """What to say about worlds without a value, once when both moments are alike."""
    start, end = (undefined_text(s) if is_defined(s) else "" for s in (row.start, row.end))
    if start and start == end:
        yield start
        return
    for label, text in ((data.start_label, start), (data.end_label, end)):
        if text:
            yield f"{label}: {text}"


def draw(data: Shift, ax: Axes, looks: Looks) -> None:
    """Draw the rows on an empty axes."""
    style.blank(ax, height_of(data))
    data.axis.draw(ax, _KEY - 2, _bottom(data))
    _draw_key(data, ax)
    for place in _places(data):
        style.write_lines(ax, 0, place.label_y, place.lines, over=True)
        defined = is_defined(place.row.start) or is_defined(place.row.end)
        style.write_over(ax, 1, place.label_y, place.value, side="right", bold=defined)
        top = (
            place.label_y + (len(place.lines) - 1) * style.SIZE * style.LEADING + style.SMALL * style.LEADING
        )
        style.write_lines(ax, 0, top, place.notes, size=style.SMALL, colour=style.FAINT_INK)
        _draw_mark(ax, place, looks.get(place.row.actor, PLAIN))


def _draw_mark(ax: Axes, place: _Place, look: Look) -> None:
    """Both ends of one row with their intervals, hollow and filled, joined by a line."""
    start, end, y = place.row.start, place.row.end, place.mark_y
    known = [s for s in (start, end) if s is not None and is_defined(s)]
    if not known:
        style.line(ax, (0, 1), (y, y), across=True, color=style.RULE, linewidth=1.0, linestyle=(0, (2, 4)))
        return
    style.line(ax, (0, 1), (y, y), across=True, color=style.TRACK, linewidth=1.2, zorder=1)
    if start is not None:
        draw_interval(ax, start, y - _APART, style.RULE, width=2.0, tick=False)
    if end is not None:
        draw_interval(ax, end, y + _APART, look.colour, width=2.0, tick=False)
    if start is not None and end is not None and math.isfinite(start.best) and math.isfinite(end.best):
        style.line(
            ax, (start.best, end.best), (y, y), color=style.strong(look.colour), linewidth=2.4, zorder=3
        )
    for spread, hollow in ((start, True), (end, False)):
        if spread is not None and math.isfinite(spread.best):
            style.dot(ax, spread.best, y, look, hollow=hollow)


def _draw_key(data: Shift, ax: Axes) -> None:
    """One line above the rows: which marker is which moment, and what the thin lines are."""
    room = style.INNER / 2 - 30
    x, y = 4 / style.INNER, 8.0
    for label, hollow in ((data.start_label, True), (data.end_label, False)):
        text = style.shorten(label, room, style.SMALL)
        at = data.axis.low + x * (data.axis.high - data.axis.low)
        style.dot(ax, at, y - 3.4, Look("#595959"), size=6.5, hollow=hollow)
        style.write(ax, x + 8 / style.INNER, y, text, size=style.SMALL, colour=style.FAINT_INK)
        x += (style.width_of(text, style.SMALL) + 26) / style.INNER
    tail = f"thin lines: {data.held}"
    if x * style.INNER + style.width_of(tail, style.SMALL) <= style.INNER:
        style.write(ax, x - 6 / style.INNER, y, tail, size=style.SMALL, colour=style.FAINT_INK)


def alt_of(data: Shift) -> str:
    """The drawing in words, made from its numbers."""
    said = [
        f"{row.label}: {data.start_label} {spread_words(row.start, data.axis.decimals, data.held)}; "
        f"{data.end_label} {spread_words(row.end, data.axis.decimals, data.held)}"
        for row in data.rows
    ]
    ends = f"from {data.start_label} to {data.end_label}"
    return f"Dumbbells {ends}, {wording.count(len(data.rows), 'row')}. {listed_rows(said, data.more)}"
