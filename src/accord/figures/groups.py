"""Tables of kind ``groups``: one quantity by several methods, in groups of rows, the default of each group marked.

The first column names the group, the second the row; the first quantity of the table is drawn.  ``default`` of the
table's extra is the row that stands out in every group; ``low_means`` and ``high_means`` say what the ends mean.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accord.figures import style
from accord.figures.numbers import has_range, is_defined, number, spread_words, undefined_text
from accord.figures.rows import listed_rows, spread_columns
from accord.figures.style import Look, Looks
from accord.finding import Spread, Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_GROUPS = 10
_NAMES, _VALUES = 158.0, 32.0
_HEAD, _ROW, _GAP = 19.0, 14.0, 9.0
_OTHER, _DEFAULT = Look(style.NEUTRAL, "o"), Look(style.INK, "D")


@dataclass(frozen=True, slots=True)
class Row:
    """One method's answer."""

    label: str
    spread: Spread | None


@dataclass(frozen=True, slots=True)
class Group:
    """Rows about one thing."""

    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """What is drawn, from *low* to *high*; ``more`` groups stand in the table only."""

    title: str
    groups: tuple[Group, ...]
    default: str
    low: float
    high: float
    ends: tuple[str, str]
    more: int = 0

    def x(self, value: float) -> float:
        """A value's place in points."""
        share = (value - self.low) / (self.high - self.low)
        return _NAMES + min(max(share, 0.0), 1.0) * (style.INNER - _VALUES - _NAMES)


def data_of(table: Table) -> Groups:
    """The plain numbers of the first quantity, group by group; ValueError when there is none, or rows lack a name."""
    index = spread_columns(table, 1)[0]
    if index < 2 or not all(isinstance(cell, str) for row in table.rows for cell in row[:2]):
        raise ValueError(f"table '{table.name}' of kind 'groups' must begin with the names of group and row")
    found: dict[str, list[Row]] = {}
    for cells in table.rows:
        cell = cells[index]
        row = Row(style.capital(str(cells[1])), cell if isinstance(cell, Spread) else None)
        found.setdefault(style.capital(str(cells[0])), []).append(row)
    groups = tuple(Group(label, tuple(rows)) for label, rows in found.items())
    column, extra = table.columns[index], table.extra
    low, high = (0.0 if column.low is None else column.low, 1.0 if column.high is None else column.high)
    ends = (str(extra.get("low_means", "")), str(extra.get("high_means", "")))
    default = style.capital(str(extra.get("default", "")))
    return Groups(
        table.title, groups[:MOST_GROUPS], default, low, high, ends, max(0, len(groups) - MOST_GROUPS)
    )


def _key(data: Groups) -> tuple[str, ...]:
    """What marks and bars are."""
    rows = [row for group in data.groups for row in group.rows]
    parts = ["diamond: the default", "dot: best estimates", "bar: 90 of 100 worlds"]
    known = [row.spread for row in rows if row.spread is not None and is_defined(row.spread)]
    if any(spread.undefined for spread in known):
        parts.append("* not in every world")
    if any(not math.isfinite(spread.best) for spread in known):
        parts.append("–: none at the best estimates")
    return tuple(parts)


def _top(data: Groups) -> float:
    """Where the first group begins."""
    return style.key_height(_key(data)) + 2


def _places(data: Groups) -> Iterator[tuple[Group, float]]:
    """Every group with its top."""
    y = _top(data)
    for group in data.groups:
        yield group, y
        y += _HEAD + len(group.rows) * _ROW + _GAP


def _bottom(data: Groups) -> float:
    """Where the last group ends."""
    return max((y + _HEAD + len(group.rows) * _ROW for group, y in _places(data)), default=_top(data)) + 2


def height_of(data: Groups) -> float:
    """Height of the drawing in points."""
    return _bottom(data) + 14.0 + style.SMALL * style.LEADING + (12.0 if data.more else 2.0)


def draw(data: Groups, ax: Axes, looks: Looks) -> None:
    """Draw every group on an empty axes; rows belong to no actor, so *looks* is not needed."""
    style.blank(ax, height_of(data))
    ax.set_xlim(0, style.INNER)
    ax.set_xticks([])
    style.write_key(ax, _key(data))
    for group, top in _places(data):
        label = style.shorten(group.label, style.INNER, bold=True)
        style.write(ax, 0, top + style.SIZE, label, bold=True, across=False)
        _draw_group(ax, data, group, top + _HEAD)
    y = _bottom(data)
    for share in (0.0, 0.5, 1.0):
        value = data.low + share * (data.high - data.low)
        style.write(
            ax, data.x(value), y + 10, number(value, 1), side="center", size=style.SMALL, colour=style.FAINT_INK,
            across=False,
        )  # fmt: skip
    low, high = (style.shorten(text, style.INNER / 2 - 8, style.SMALL) for text in data.ends)
    text = f"{low}  ↔  {high}" if low and high else low or high
    faint = {"size": style.SMALL, "colour": style.FAINT_INK}
    style.write(
        ax,
        1,
        y + 12 + style.SMALL * style.LEADING,
        text,
        side="right",
        size=style.SMALL,
        colour=style.FAINT_INK,
    )
    if data.more:
        style.write(ax, 0, height_of(data) - 3, f"and {data.more} more in the table", **faint)  # type: ignore[arg-type]


def _draw_group(ax: Axes, data: Groups, group: Group, top: float) -> None:
    """One group: tracks, the default as a line through all rows, bars and dots."""
    bottom = top + len(group.rows) * _ROW
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = data.x(data.low + share * (data.high - data.low))
        style.line(ax, (x, x), (top, bottom), color=style.TRACK, linewidth=0.8, zorder=0)
    for index, row in enumerate(group.rows):
        y = top + (index + 0.5) * _ROW
        chosen = row.label == data.default
        if chosen and row.spread is not None and math.isfinite(row.spread.best):
            x = data.x(row.spread.best)
            style.line(
                ax, (x, x), (y, bottom), color=style.INK, linewidth=0.9, linestyle=(0, (1, 2)), zorder=1
            )
        _draw_row(ax, data, row, y, chosen)


def _draw_row(ax: Axes, data: Groups, row: Row, y: float, chosen: bool) -> None:
    """One row: name, bar, dot and number; words where there is no number."""
    spread, base = row.spread, y + style.SMALL * 0.36
    defined = spread is not None and is_defined(spread)
    star = "*" if defined and spread is not None and spread.undefined else ""
    label = style.shorten(row.label, _NAMES - 12, style.SMALL, chosen) + star
    ink = style.INK if defined else style.FAINT_INK
    style.write(ax, 0, base, label, size=style.SMALL, bold=chosen, across=False, colour=ink)
    if spread is None or not defined:
        at = (_NAMES + 4) / style.INNER
        style.write_over(ax, at, base, "no answer", size=style.SMALL, colour=style.FAINT_INK)
        return
    look = _DEFAULT if chosen else _OTHER
    if has_range(spread):
        pale = style.mix(look.colour, "#ffffff", 0.5)
        ends = (data.x(spread.low), data.x(spread.high))
        style.line(ax, ends, (y, y), color=pale, linewidth=4.0, solid_capstyle="butt", zorder=2)
    value = number(spread.best, 2) if math.isfinite(spread.best) else "–"
    if math.isfinite(spread.best):
        style.dot(ax, data.x(spread.best), y, look, size=6.5)
    style.write(ax, style.INNER, base, value, side="right", size=style.SMALL, bold=chosen, across=False)


def alt_of(data: Groups) -> str:
    """The drawing in words, made from its numbers."""
    said = []
    for group in data.groups:
        rows = []
        for row in group.rows:
            missing = undefined_text(row.spread)
            best = "no answer" if row.spread is None else spread_words(row.spread, 2)
            best = best.replace("undefined at the best estimates", "no answer at the best estimates")
            rows.append(f"{row.label} {best if not missing or missing in best else f'{best}, {missing}'}")
        said.append(f"{group.label}: {'; '.join(rows)}")
    return f"Dots with intervals in {len(data.groups)} groups. {listed_rows(said, data.more)}"
