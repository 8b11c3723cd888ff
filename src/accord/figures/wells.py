"""Tables of kind ``wells``: configurations that no single change of side improves, as wells in a landscape.

The deeper a well, the lower its energy; the wider, the more of all configurations roll into it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accord.figures import style
from accord.figures.labels import NUMBERED, STEP, Item, end_of, key
from accord.figures.numbers import number
from accord.figures.rows import listed_rows
from accord.figures.style import Looks
from accord.finding import Spread, Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_WELLS = 8
_DEEP, _FLAT = 120.0, 26.0
_LEAST = 0.06


@dataclass(frozen=True, slots=True)
class Well:
    """One minimum: its words, its energy, and the share of configurations that lead to it."""

    label: str
    energy: float
    basin: float


@dataclass(frozen=True, slots=True)
class Wells:
    """What is drawn, the deepest first."""

    title: str
    wells: tuple[Well, ...]
    more: int = 0


def data_of(table: Table) -> Wells:
    """Minima of a table: words, energy and share of all configurations; ValueError when these are not numbers."""
    found = []
    for row in table.rows:
        if len(row) < 3 or not all(isinstance(cell, int | float | Spread) for cell in row[1:3]):
            raise ValueError(
                f"table '{table.name}' of kind 'wells' must hold an energy and a basin in every row"
            )
        energy, basin = (c.best if isinstance(c, Spread) else float(c) for c in row[1:3])  # type: ignore[arg-type]
        found.append(Well(style.capital(str(row[0])), energy, basin))
    found.sort(key=lambda well: (well.energy, -well.basin, well.label))
    return Wells(table.title, tuple(found[:MOST_WELLS]), max(len(found) - MOST_WELLS, 0))


def _widths(data: Wells) -> list[float]:
    """Width of every well in points, by its basin, none too narrow to be seen."""
    shares = [max(well.basin, _LEAST) for well in data.wells]
    return [style.INNER * share / sum(shares) for share in shares]


def _depths(data: Wells) -> list[float]:
    """Depth of every well in points below the rim, by its energy."""
    energies = [well.energy for well in data.wells]
    low, high = min(energies), max(energies)
    if high <= low:
        return [_DEEP] * len(energies)
    # The shallowest is still a well.
    return [_DEEP * (0.25 + 0.75 * (high - e) / (high - low)) for e in energies]


def _entries(data: Wells) -> list[tuple[str, str]]:
    """The key: which configuration each number stands for."""
    return [
        (
            str(i + 1),
            f"{well.label} (energy {number(well.energy, 2)}, {number(100 * well.basin, 0)} % lead here)",
        )
        for i, well in enumerate(data.wells)
    ]


def _key(data: Wells) -> list[Item]:
    """The key below the drawing."""
    return list(key(_entries(data), _FLAT + _DEEP + 26))


def height_of(data: Wells) -> float:
    """Height of the drawing in points."""
    return end_of(_key(data), 40.0) + STEP * (2 if data.more else 1)


def draw(data: Wells, ax: Axes, looks: Looks) -> None:
    """Draw the landscape on an empty axes."""
    style.blank(ax, height_of(data))
    ax.set_xlim(0, style.INNER)
    ax.set_xticks([])
    style.write_key(ax, ("depth: how well it fits (low energy)", "width: how many configurations lead there"))
    left = 0.0
    for i, (wide, deep) in enumerate(zip(_widths(data), _depths(data), strict=True)):
        _draw_well(ax, left, wide, deep, str(i + 1), best=i == 0)
        left += wide
    for item in _key(data):
        style.write(ax, item.x + 2, item.y + 9, item.sign, size=style.SMALL, bold=True, across=False)
        item.write(ax, NUMBERED - 10, style.INK)
    if data.more:
        text = f"and {data.more} more in the table"
        style.write(ax, 0, height_of(data) - 4, text, size=style.SMALL, colour=style.FAINT_INK, across=False)


def _draw_well(ax: Axes, left: float, wide: float, deep: float, text: str, *, best: bool) -> None:
    """One well: a smooth dip with its number at the bottom."""
    steps = 48
    x = [left + wide * i / steps for i in range(steps + 1)]
    y = [_FLAT + deep * (1 - math.cos(2 * math.pi * i / steps)) / 2 for i in range(steps + 1)]
    ground = _FLAT + _DEEP + 18
    ax.fill_between(x, y, [ground] * len(x), color=style.mix("#ffffff", style.NEUTRAL, 0.35 if best else 0.16),
                    linewidth=0, zorder=1, clip_on=False)  # fmt: skip
    ax.plot(x, y, color=style.INK, linewidth=1.6 if best else 1.0, zorder=3, clip_on=False)
    ax.plot([left + wide / 2], [_FLAT + deep - 5.5], linestyle="none", marker="o", markersize=9.0, zorder=4, clip_on=False,
            markerfacecolor=style.INK if best else "#ffffff", markeredgecolor=style.INK, markeredgewidth=1.0)  # fmt: skip
    style.write(
        ax, left + wide / 2, _FLAT + deep + 12, text, size=style.SMALL, side="center", bold=True, across=False
    )


def alt_of(data: Wells) -> str:
    """The drawing in words, made from its numbers."""
    said = [f"{place}: {text}" for place, text in _entries(data)]
    return f"Landscape with {len(data.wells)} wells, the deepest first. {listed_rows(said, data.more)}"
