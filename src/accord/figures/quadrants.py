"""Tables of kind ``quadrants``: what deals mean to two sides, one across and one upwards, gains right and above.

The first column names the deal; the first two quantities are what each side gains.  ``names`` of the table's extra are the
two sides, ``whole`` the rows that are deals on everything; columns ``both``, ``first``, ``second`` and ``neither`` hold the
shares of worlds in each quadrant.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accord.figures import style
from accord.figures.labels import (
    BOLD,
    FAINT,
    NUMBERED,
    STEP,
    Box,
    Item,
    Point,
    along,
    end_of,
    key,
    tags_of,
    write_up,
)
from accord.figures.numbers import number, spread_words
from accord.figures.rows import listed_rows, spread_columns
from accord.figures.style import Looks
from accord.finding import Spread, Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_DEALS = 14
_LEFT, _PLOT, _TOP = 34.0, 300.0, 24.0
_ISSUE, _WHOLE = "#0072B2", "#D55E00"
_GOOD, _PLAIN = "#e4f1ea", "#f6f6f6"
_QUARTERS = ("both", "first", "second", "neither")
_SIDES: dict[bool, style.Side] = {False: "left", True: "right"}


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal: what each side gains, whether it is one on everything, and shares of worlds by quadrant."""

    label: str
    first: Spread
    second: Spread
    whole: bool
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Quadrants:
    """What is drawn; both axes run from -reach to reach."""

    title: str
    deals: tuple[Deal, ...]
    names: tuple[str, str]
    reach: float
    more: int = 0

    def at(self, x: float, y: float) -> Point:
        """Where gains stand in the drawing, in points."""
        half = _PLOT / 2
        across, up = (max(-1.0, min(1.0, v / self.reach)) for v in (x, y))
        return _LEFT + half + across * half, _TOP + half - up * half


def data_of(table: Table) -> Quadrants:
    """The plain numbers of every deal; ValueError when quantities of two sides are missing."""
    one, two = spread_columns(table, 2)[:2]
    place = {column.name: index for index, column in enumerate(table.columns)}
    names = tuple(table.extra.get("names", (table.columns[one].label, table.columns[two].label)))
    whole = set(table.extra.get("whole", ()))
    deals = []
    for index, row in enumerate(table.rows):
        first, second = row[one], row[two]
        if isinstance(first, Spread) and isinstance(second, Spread):
            shares = tuple(_share(row[place[q]]) if q in place else math.nan for q in _QUARTERS)
            deals.append(Deal(style.capital(str(row[0])), first, second, index in whole, shares))
    ends = [
        abs(v)
        for d in deals
        for s in (d.first, d.second)
        for v in (s.best, s.low, s.high)
        if math.isfinite(v)
    ]
    reach = math.ceil(max([*ends, 0.05]) * 1.05 * 10 - 1e-9) / 10
    return Quadrants(
        table.title, tuple(deals[:MOST_DEALS]), (names[0], names[1]), reach, max(0, len(deals) - MOST_DEALS)
    )


def _share(cell: Any) -> float:
    """A share of worlds, NaN where there is none."""
    return float(cell) if isinstance(cell, int | float) else math.nan


def _point(data: Quadrants, deal: Deal) -> Point | None:
    """Where a deal stands: at the best estimates, else at the median."""
    x, y = (s.best if math.isfinite(s.best) else s.median for s in (deal.first, deal.second))
    return data.at(x, y) if math.isfinite(x) and math.isfinite(y) else None


def _entries(data: Quadrants) -> list[tuple[str, str]]:
    """The key: what each number stands for, and how sure its quadrant is."""
    says = ("both gain", f"only {data.names[0]} gains", f"only {data.names[1]} gains", "neither gains")
    found = []
    for place, deal in enumerate(data.deals, start=1):
        known = [(share, -i) for i, share in enumerate(deal.shares) if math.isfinite(share)]
        share, index = max(known, default=(math.nan, 0))
        often = f"in {'more than 99' if share >= 0.995 else round(100 * share)} of 100 worlds"
        often = "in every world" if share >= 1.0 else often
        tail = f": {says[-index]} {often}" if known else ""
        found.append((str(place), f"{deal.label}{tail}"))
    return found


def _key(data: Quadrants) -> list[Item]:
    """The key below the drawing, one deal a line."""
    y, found = _TOP + _PLOT + 3 * STEP + 4, []
    for entry in _entries(data):
        item = next(iter(key([entry], y)))
        found.append(item)
        y += len(item.lines) * STEP + 1.5
    return found


def height_of(data: Quadrants) -> float:
    """Height of the drawing in points."""
    return end_of(_key(data), _TOP + _PLOT + 3 * STEP) + (STEP if data.more else 4.0)


def draw(data: Quadrants, ax: Axes, looks: Looks) -> None:
    """Draw every deal on an empty axes; deals belong to no actor, so *looks* is not needed."""
    style.blank(ax, height_of(data))
    ax.set_xlim(0, style.INNER)
    ax.set_xticks([])
    style.write_key(ax, ("dots: issues", "squares: all issues together", "lines: 90 of 100 worlds"))
    _draw_ground(ax, data)
    _draw_deals(ax, data)
    for item in _key(data):
        style.write(ax, item.x + 2, item.y + 9, item.sign, size=style.SMALL, bold=True, across=False)
        item.write(ax, NUMBERED - 10, style.INK)
    if data.more:
        text = f"and {data.more} more in the table"
        style.write(ax, 0, height_of(data) - 3, text, **FAINT)


def _draw_ground(ax: Axes, data: Quadrants) -> None:
    """Quadrants, axes through nothing gained, ticks and names."""
    left, right, floor = _LEFT, _LEFT + _PLOT, _TOP + _PLOT
    x0, y0 = data.at(0.0, 0.0)
    style.box(ax, (left, right), (_TOP, floor), _PLAIN, zorder=0)
    style.box(ax, (x0, right), (_TOP, y0), _GOOD, zorder=0.1)
    rule: dict[str, Any] = {"color": style.RULE, "linewidth": 1.0, "zorder": 0.5}
    style.line(ax, (x0, x0), (_TOP, floor), **rule)
    style.line(ax, (left, right), (y0, y0), **rule)
    for value in (-data.reach, 0.0, data.reach):
        x, y = data.at(value, value)
        style.write(ax, x, floor + 11, number(value, 1), side="center", **FAINT)
        style.write(ax, left - 4, y + 3.6, number(value, 1), side="right", **FAINT)
    one, two = data.names
    room = _PLOT - 60
    style.write(
        ax,
        x0,
        floor + 11 + STEP,
        style.shorten(f"gain of {one} →", room, style.SMALL, True),
        side="center",
        **BOLD,
    )
    write_up(ax, left - 22, y0, style.shorten(f"gain of {two} →", room, style.SMALL, True), "center", **BOLD)
    below = (("neither gains", False, False), (f"only {one} gains", True, False))
    above = ((f"only {two} gains", False, True), ("both gain", True, True))
    for text, is_right, is_up in (*below, *above):
        x, y = (right - 5 if is_right else left + 5), (_TOP + 12 if is_up else floor - 5)
        said = style.shorten(text, _PLOT / 2 - 12, style.SMALL)
        style.write(ax, x, y, said, side=_SIDES[is_right], **FAINT)


def _bars(data: Quadrants, deal: Deal) -> Iterator[tuple[Point, Point]]:
    """The lines of a deal: 90 of 100 worlds across and upwards."""
    point = _point(data, deal)
    if point is None:
        return
    for spread, across in ((deal.first, True), (deal.second, False)):
        if math.isfinite(spread.low) and math.isfinite(spread.high):
            low, high = (data.at(v, v) for v in (spread.low, spread.high))
            yield (
                ((low[0], point[1]), (high[0], point[1]))
                if across
                else ((point[0], low[1]), (point[0], high[1]))
            )


def _draw_deals(ax: Axes, data: Quadrants) -> None:
    """Marks with their lines and numbers."""
    numbered: list[tuple[str, Point]] = []
    boxes: list[Box] = []
    points: list[Point] = []
    for place, deal in enumerate(data.deals, start=1):
        point = _point(data, deal)
        if point is None:
            continue
        colour = _WHOLE if deal.whole else _ISSUE
        for start, end in _bars(data, deal):
            style.line(
                ax, (start[0], end[0]), (start[1], end[1]), color=colour, linewidth=1.3, alpha=0.6, zorder=2
            )
            points += along(start, end, 24)
        size = 10.0 if deal.whole else 8.5
        style.dot(ax, *point, style.Look(colour, "s" if deal.whole else "o"), size=size)
        numbered.append((str(place), point))
        boxes.append((point[0] - 5, point[0] + 5, point[1] - 5, point[1] + 5))
    area = (_LEFT + 2, _LEFT + _PLOT - 2, _TOP + 18, _TOP + _PLOT - 18)
    for tag in tags_of(numbered, boxes, points, area):
        tag.draw(ax)


def alt_of(data: Quadrants) -> str:
    """The drawing in words, made from its numbers."""
    says = [text for _, text in _entries(data)]
    said = [
        f"{text}; {data.names[0]} {spread_words(deal.first, 2)}; {data.names[1]} {spread_words(deal.second, 2)}"
        for text, deal in zip(says, data.deals, strict=True)
    ]
    return f"Map of gains, {data.names[0]} across and {data.names[1]} upwards. {listed_rows(said, data.more)}"
