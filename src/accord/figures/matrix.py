"""Tables of kind ``matrix``: quantities of one unit by row and column, drawn as a heat map with its numbers.

Where labels of rows do not fit beside the map, rows bear letters and are said in full below it: a cut label tells nothing,
and two of them may read alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accord.figures import labels, style
from accord.figures.numbers import (
    WORLDS,
    decimals_for,
    has_range,
    is_defined,
    number,
    spread_values,
    spread_words,
)
from accord.figures.rows import MOST_ROWS, known_by, listed_rows, spread_columns
from accord.figures.style import Looks
from accord.finding import Spread, Table
from accord.formulas import wording

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_COLUMNS = 12
_PAD, _GAP = 5.0, 2.0
_Box = tuple[float, float, float, float]
_WIDE = 74.0
_TALLEST_HEAD = 120.0
_MOST_LINES = 5
# So many lines hold whatever a row of a matrix can be called.
_MOST_KEY_LINES = 9
# Letters, since outcomes have numbers of their own in the figure of moves.
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTERED = 22.0


@dataclass(frozen=True, slots=True)
class Matrix:
    """What is drawn: labels, cells row by row, and the ends of the colour scale."""

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Spread | None, ...], ...]
    low: float
    high: float
    decimals: int
    unit: str = ""
    low_means: str = ""
    high_means: str = ""
    more: int = 0
    line: str = "best estimates"
    held: str = WORLDS


@dataclass(frozen=True, slots=True)
class _Grid:
    """Lengths in points: label column, one cell, the head above, and the wrapped labels.

    ``lettered``: whether rows bear letters, and their labels stand in a key below.
    """

    left: float
    cell: float
    head: float
    turned: bool
    heads: tuple[tuple[str, ...], ...]
    labels: tuple[tuple[str, ...], ...]
    heights: tuple[float, ...]
    lettered: bool = False


def data_of(table: Table) -> Matrix:
    """The plain numbers of all columns of quantities; ValueError when there is none."""
    found = spread_columns(table, 1)
    indices = found[:MOST_COLUMNS]
    cells = tuple(
        tuple(c if isinstance(c := row[i], Spread) else None for i in indices) for row in table.rows
    )
    values = spread_values(cell for row in cells for cell in row)
    first = table.columns[indices[0]]
    low = first.low if first.low is not None else min(values, default=0.0)
    high = first.high if first.high is not None else max(values, default=1.0)
    return Matrix(
        table.title,
        tuple(style.capital(str(row[0])) for row in table.rows)[:MOST_ROWS],
        tuple(style.capital(table.columns[i].label) for i in indices),
        cells[:MOST_ROWS],
        low,
        high,
        decimals_for(values, low, high),
        first.unit,
        str(table.extra.get("low_means", "")),
        str(table.extra.get("high_means", "")),
        len(table.rows) * len(found) - min(len(table.rows), MOST_ROWS) * len(indices),
        known_by(table),
        str(table.extra.get("range", WORLDS)),
    )


def _grid(data: Matrix) -> _Grid:
    """Lengths that fit labels and numbers into the width."""
    longest = max((style.width_of(label) for label in data.rows), default=0.0)
    left = min(longest + 8, style.INNER * (0.42 if len(data.columns) <= 4 else 0.3))
    rows = tuple(style.wrap(label, left - 8, most=_MOST_LINES) for label in data.rows)
    lettered = any(_is_cut(lines, label) for lines, label in zip(rows, data.rows, strict=True))
    if lettered:
        left, rows = _LETTERED, tuple((letter,) for letter in _LETTERS[: len(data.rows)])
    cell = min((style.INNER - left) / max(len(data.columns), 1), 110.0)
    heads = tuple(style.wrap(label, cell - 4, style.SMALL, 4) for label in data.columns)
    turned = not all(_whole(lines, label) for lines, label in zip(heads, data.columns, strict=True))
    if turned:
        heads = tuple(
            style.wrap(label, _TALLEST_HEAD, style.SMALL, 2 if cell >= 26 else 1) for label in data.columns
        )
        head = max(style.width_of(line, style.SMALL) for lines in heads for line in lines) + 6
    else:
        head = max((len(lines) for lines in heads), default=1) * style.SMALL * style.LEADING + 4
    tall = 2 if _with_ranges(data, cell) else 1
    heights = tuple(max(len(lines), tall) * style.SIZE * style.LEADING + 2 * _PAD for lines in rows)
    return _Grid(left, cell, head, turned, heads, rows, heights, lettered)


def _said(data: Matrix, grid: _Grid, y: float) -> tuple[labels.Item, ...]:
    """What rows with letters are called, from *y* downwards; nothing where rows bear their names."""
    if not grid.lettered:
        return ()
    return tuple(labels.key(list(zip(_LETTERS, data.rows, strict=False)), y, _MOST_KEY_LINES))


def _whole(lines: tuple[str, ...], label: str) -> bool:
    """Whether wrapping kept every word in one piece."""
    return " ".join(lines) == " ".join(style.clean(label).split())


def _is_cut(lines: tuple[str, ...], label: str) -> bool:
    """Whether wrapping left something of a label out."""
    return "".join("".join(lines).split()) != "".join(style.clean(label).split())


def _with_ranges(data: Matrix, cell: float) -> bool:
    """Whether there is room and reason for an interval below each number."""
    return cell >= _WIDE and any(has_range(c) for row in data.cells for c in row)


def height_of(data: Matrix) -> float:
    """Height of the drawing in points."""
    grid = _grid(data)
    words = max(len(lines) for lines in _ends(data))
    key = style.key_height(_key(data, _with_ranges(data, grid.cell)))
    below = (
        key + grid.head + sum(grid.heights) + 8 + words * style.SMALL * style.LEADING + (4 if words else 0)
    )
    said = _said(data, grid, below + 4)
    return labels.end_of(said, below) + (4 if said else 0)


def _key(data: Matrix, ranges: bool) -> tuple[str, ...]:
    """What the numbers in the cells are."""
    key = [f"number: {data.line}"]
    if ranges:
        key.append(f"below: {data.held}")
    if any(c is not None and is_defined(c) and c.undefined for row in data.cells for c in row):
        key.append("* not in every world")
    if any(not is_defined(c) for row in data.cells for c in row):
        key.append("n/a: undefined")
    return tuple(key)


def _ends(data: Matrix) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the ends of the colour scale mean, wrapped to half the width."""
    room = style.INNER / 2 - 8
    low = f"{number(data.low, data.decimals)}: {data.low_means}" if data.low_means else ""
    high = f"{number(data.high, data.decimals)}: {data.high_means}" if data.high_means else ""
    return tuple(style.wrap(t, room, style.SMALL, 3) if t else () for t in (low, high))  # type: ignore[return-value]


def draw(data: Matrix, ax: Axes, looks: Looks) -> None:
    """Draw the heat map on an empty axes; colours repeat what the numbers say, so *looks* is not needed."""
    grid = _grid(data)
    style.blank(ax, height_of(data))
    ax.set_xlim(0, style.INNER)
    ax.set_xticks([])
    ranges, size = _with_ranges(data, grid.cell), _size(data, grid.cell)
    key = _key(data, ranges)
    style.write_key(ax, key)
    y = style.key_height(key) + grid.head
    _draw_heads(ax, grid, y)
    for lines, cells, height in zip(grid.labels, data.cells, grid.heights, strict=True):
        middle = y + height / 2
        top = middle - (len(lines) - 1) * style.SIZE * style.LEADING / 2
        style.write_lines(ax, 0, top + style.SIZE * 0.36, lines)
        for index, cell in enumerate(cells):
            _draw_cell(ax, data, cell, (grid.left + index * grid.cell, y, grid.cell, height), size, ranges)
        y += height
    low, high = _ends(data)
    style.write_lines(ax, 0, y + 16, low, size=style.SMALL, colour=style.FAINT_INK)
    style.write_lines(ax, 1, y + 16, high, size=style.SMALL, colour=style.FAINT_INK, side="right")
    words = max(len(low), len(high))
    below = y + 8 + words * style.SMALL * style.LEADING + (4 if words else 0)
    for item in _said(data, grid, below + 4):
        style.write(ax, item.x + 2, item.y + 9, item.sign, size=style.SMALL, bold=True, across=False)
        item.write(ax, labels.NUMBERED - 10, style.INK)


def _draw_heads(ax: Axes, grid: _Grid, bottom: float) -> None:
    """Column labels above their columns, turned where they would not fit."""
    step = style.SMALL * style.LEADING
    how: dict[str, Any] = {"size": style.SMALL, "side": "center", "across": False}
    for index, lines in enumerate(grid.heads):
        middle = grid.left + (index + 0.5) * grid.cell
        for number_, text in enumerate(lines):
            if grid.turned:
                x = middle + (number_ - (len(lines) - 1) / 2) * step
                style.write(ax, x, bottom - 4, text, level="bottom", turned=True, **how)
            else:
                y = bottom - 5 - (len(lines) - 1 - number_) * step
                style.write(ax, middle, y, text, **how)


def _text(data: Matrix, cell: Spread | None) -> str:
    """What a cell says."""
    if cell is None or not math.isfinite(cell.best):
        return "n/a"
    return number(cell.best, data.decimals) + ("*" if cell.undefined else "")


def _size(data: Matrix, width: float) -> float:
    """The largest type size at which every number fits its cell."""
    texts = [_text(data, cell) for row in data.cells for cell in row]
    fits = (
        s for s in (style.SIZE, 10.5, 9.5, 8.5) if all(style.width_of(t, s, True) <= width - 3 for t in texts)
    )
    return next(fits, 7.5)


def _draw_cell(ax: Axes, data: Matrix, cell: Spread | None, box: _Box, size: float, ranges: bool) -> None:
    """One cell: its number on its colour, or a dashed empty field where nothing is defined."""
    x, y, width, height = box
    value = cell.best if cell is not None else math.nan
    fill = _colour(value, data.low, data.high)
    edge: dict[str, Any] = (
        {"edgecolor": style.RULE, "linewidth": 0.7, "linestyle": (0, (2, 2))} if math.isnan(value) else {}
    )
    inner = (x + _GAP / 2, x + width - _GAP / 2), (y + _GAP / 2, y + height - _GAP / 2)
    style.box(ax, *inner, fill, **edge)
    ink = max(("#ffffff", style.INK), key=lambda c: style.contrast(c, fill))
    with_range = ranges and has_range(cell)
    how: dict[str, Any] = {"side": "center", "colour": ink, "across": False}
    middle = y + height / 2 + size * 0.36 - (style.SMALL * 0.62 if with_range else 0)
    style.write(ax, x + width / 2, middle, _text(data, cell), size=size, bold=with_range, **how)
    if with_range and cell is not None:
        between = f"{number(cell.low, data.decimals)} to {number(cell.high, data.decimals)}"
        style.write(ax, x + width / 2, middle + style.SMALL * 1.3, between, size=style.SMALL - 0.5, **how)


def _colour(value: float, low: float, high: float) -> str:
    """White to blue; vermillion through white to blue where the range holds both signs."""
    if math.isnan(value):
        return "#ffffff"
    if low < 0 < high:
        share = max(-1.0, min(1.0, value / max(abs(low), high)))
        return style.mix("#f7f7f7", style.COLOURS[0] if share > 0 else style.COLOURS[1], abs(share))
    share = (value - low) / (high - low) if high > low else 0.5
    return style.mix("#f2f7fb", "#08467a", max(0.0, min(1.0, share)))


def alt_of(data: Matrix) -> str:
    """The drawing in words, made from its numbers."""
    said = []
    for label, cells in zip(data.rows, data.cells, strict=True):
        short = len(data.columns) > 3
        values = [
            number(_best(c), data.decimals) if short else spread_words(c, data.decimals, data.held)
            for c in cells
        ]
        said.append(f"{label}: " + "; ".join(f"{n} {v}" for n, v in zip(data.columns, values, strict=True)))
    size = f"{wording.count(len(data.rows), 'row')} by {wording.count(len(data.columns), 'column')}"
    return f"Heat map, {size}. {listed_rows(said, data.more)}"


def _best(cell: Spread | None) -> float:
    """A cell's value at the best estimates, NaN where undefined."""
    return math.nan if cell is None else cell.best
