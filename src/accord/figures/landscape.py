"""Tables of kind ``landscape``: weight along a scale, stacked by actor, with mean and median marked.

The first column is the middle of each step of the scale; columns named in ``actors`` of the table's extra hold the weight
of one actor there.  ``mean`` and ``median`` are quantities on the scale; ``low_means`` and ``high_means`` say what its
ends mean.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accord.figures import style
from accord.figures.axis import Axis, axis_of
from accord.figures.labels import SIGN, end_of, legend
from accord.figures.numbers import number, spread_words
from accord.figures.rows import listed_rows
from accord.figures.style import PLAIN, Looks
from accord.finding import Spread, Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TALL, _HEAD, _SEATS = 110.0, 30.0, 13.0
_MARKS = {"mean": "solid", "median": (0, (4, 2))}


@dataclass(frozen=True, slots=True)
class Heap:
    """One actor's weight in each step."""

    actor: str
    label: str
    weights: tuple[float, ...]

    @property
    def whole(self) -> float:
        """All of its weight."""
        return sum(self.weights)


@dataclass(frozen=True, slots=True)
class Landscape:
    """What is drawn: heaps on the steps of a scale, and marks by name."""

    title: str
    middles: tuple[float, ...]
    heaps: tuple[Heap, ...]
    marks: tuple[tuple[str, Spread], ...]
    axis: Axis


def data_of(table: Table) -> Landscape:
    """The plain weights of every actor; ValueError when no column holds one, or steps are no numbers."""
    actors = dict(table.extra.get("actors", {}))
    columns = [index for index, column in enumerate(table.columns) if column.name in actors]
    cells = [row[index] for row in table.rows for index in (0, *columns)]
    if not columns or not all(isinstance(cell, int | float) for cell in cells):
        wanted = "steps of a scale and the weight of actors on them"
        raise ValueError(f"table '{table.name}' of kind 'landscape' lacks columns of quantities: {wanted}")
    heaps = tuple(
        Heap(
            actors[table.columns[index].name],
            style.capital(table.columns[index].label),
            tuple(float(str(row[index])) for row in table.rows),
        )
        for index in columns
    )
    marks = tuple((name, found) for name in _MARKS if isinstance(found := table.extra.get(name), Spread))
    axis = axis_of(table.columns[0], [found for _, found in marks], table.extra)
    return Landscape(table.title, tuple(float(str(row[0])) for row in table.rows), heaps, marks, axis)


def _entries(data: Landscape) -> Iterator[tuple[str, str]]:
    """The legend: actors with their share of the weight."""
    for heap in data.heaps:
        yield heap.actor, f"{heap.label} {number(100 * heap.whole, 0)} %"


def _floor(data: Landscape) -> float:
    """Where the heaps stand."""
    return end_of(list(legend(_entries(data), 0.0)), 0.0) + _HEAD + _TALL


def height_of(data: Landscape) -> float:
    """Height of the drawing in points."""
    return _floor(data) + _SEATS + data.axis.height


def draw(data: Landscape, ax: Axes, looks: Looks) -> None:
    """Draw the heaps on an empty axes."""
    style.blank(ax, height_of(data))
    floor = _floor(data)
    data.axis.draw(ax, floor - _TALL, floor + _SEATS)
    for item in legend(_entries(data), 0.0):
        x = data.axis.low + (item.x + 5) / style.INNER * (data.axis.high - data.axis.low)
        style.dot(ax, x, item.y + 5.5, looks.get(item.sign, PLAIN), size=7.0)
        indent = (item.x + SIGN) / style.INNER
        style.write_lines(ax, indent, item.y + 9, item.lines, size=style.SMALL, colour=style.FAINT_INK)
    _draw_heaps(ax, data, floor, looks)
    style.line(ax, (0, 1), (floor, floor), across=True, color=style.RULE, linewidth=1.0, zorder=3)
    for name, spread, start, top in _labels(data, floor - _TALL - 4):
        _draw_mark(ax, data, name, spread, start, top)


def _draw_heaps(ax: Axes, data: Landscape, floor: float, looks: Looks) -> None:
    """The weights one on top of the other, and below them every actor where it stands on average."""
    sums = [sum(heap.weights[b] for heap in data.heaps) for b in range(len(data.middles))]
    most = max(sums, default=0.0) or 1.0
    half = 0.5 * (data.axis.high - data.axis.low) / max(len(data.middles), 1)
    below = [0.0] * len(data.middles)
    for heap in data.heaps:
        look = looks.get(heap.actor, PLAIN)
        for b, (middle, weight) in enumerate(zip(data.middles, heap.weights, strict=True)):
            if weight > 0.001 * most:
                ends = (floor - (below[b] + weight) / most * _TALL, floor - below[b] / most * _TALL)
                edge: dict[str, Any] = {"edgecolor": "#ffffff", "linewidth": 0.8, "zorder": 2}
                style.box(ax, (middle - half, middle + half), ends, look.colour, **edge)
            below[b] += weight
        if heap.whole > 0:
            centre = sum(m * w for m, w in zip(data.middles, heap.weights, strict=True)) / heap.whole
            style.dot(ax, centre, floor + _SEATS / 2 + 1, look, size=7.5)


def _words(data: Landscape, name: str, spread: Spread) -> str:
    """What stands at a mark."""
    return f"weighted {name} {number(spread.best, data.axis.decimals)}"


def _labels(data: Landscape, base: float) -> Iterator[tuple[str, Spread, float, float]]:
    """Marks from the left, each with the left end and the height of its words: on either side where two fit in one line."""
    known = sorted((m for m in data.marks if math.isfinite(m[1].best)), key=lambda m: (m[1].best, m[0]))
    end = -math.inf
    for index, (name, spread) in enumerate(known):
        width = style.width_of(_words(data, name, spread), style.SMALL, True)
        x = (spread.best - data.axis.low) / (data.axis.high - data.axis.low) * style.INNER
        start = x - 4 - width if index == 0 and len(known) > 1 else x + 4
        start = max(0.0, min(style.INNER - width, start))
        yield name, spread, start, base if start > end + 6 else base - 13
        end = start + width


def _draw_mark(ax: Axes, data: Landscape, name: str, spread: Spread, start: float, top: float) -> None:
    """Mean or median: a line through the heaps with its name and value on top."""
    floor = _floor(data)
    line: dict[str, Any] = {"color": style.INK, "linewidth": 1.5, "linestyle": _MARKS[name], "zorder": 4}
    style.line(ax, (spread.best, spread.best), (floor - _TALL - 2, floor), **line)
    style.write_over(ax, start / style.INNER, top, _words(data, name, spread), size=style.SMALL, bold=True)


def alt_of(data: Landscape) -> str:
    """The drawing in words: every actor's weight and where it stands, mean and median."""
    said = []
    for heap in data.heaps:
        if heap.whole > 0:
            centre = sum(m * w for m, w in zip(data.middles, heap.weights, strict=True)) / heap.whole
            where = number(centre, data.axis.decimals)
            said.append(
                f"{heap.label} holds {number(100 * heap.whole, 0)} % of the weight, at {where} on average"
            )
    said += [f"Weighted {name}: {spread_words(spread, data.axis.decimals)}" for name, spread in data.marks]
    ends = f"from {data.axis.low_means or number(data.axis.low)} to {data.axis.high_means or number(data.axis.high)}"
    return f"Weight stacked along a scale {ends}. {listed_rows(said)}"
