"""Tables of kind ``calibration``: what was forecast across, how often it came true upwards, forecasts as ticks at the edges."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accord.figures import style
from accord.figures.numbers import number
from accord.figures.rows import listed_rows
from accord.figures.style import Look, Looks
from accord.finding import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LEFT, _PLOT, _EDGE = 44.0, 250.0, 13.0
_STEP = style.SMALL * style.LEADING
_TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_SEEN = Look(style.NEUTRAL, "o")
_SPOTS = {True: Look("#009E73", "^"), False: Look("#D55E00", "v")}
_KEY = (
    "dot: share that came true, line: 95 of 100 by chance",
    "triangles: single forecasts, up came true, down did not",
    "dashes: perfect",
)


@dataclass(frozen=True, slots=True)
class Group:
    """Forecasts of about the same probability: their mean, the share that came true with its interval, how many."""

    label: str
    mean: float
    share: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """What is drawn: groups, with how many they hold or without, and single forecasts: probability, whether it came true."""

    title: str
    groups: tuple[Group, ...]
    spots: tuple[tuple[float, bool], ...]
    counted: bool = True

    @property
    def top(self) -> float:
        """Where the plot begins."""
        return style.key_height(self.key) + 8.0

    @property
    def key(self) -> tuple[str, ...]:
        """What the marks are; of single forecasts only where there is one."""
        return _KEY if self.spots else (_KEY[0], _KEY[2])


def data_of(table: Table) -> Calibration:
    """Groups and single forecasts; ValueError when a row is not label, mean, share, its interval, count."""
    groups = []
    for row in table.rows:
        match row:
            case (str(label), float(mean), float(share), float(low), float(high), int(count)):
                groups.append(Group(label, mean, share, low, high, count))
            case _:
                raise ValueError(
                    f"table '{table.name}' of kind 'calibration' holds something else than groups and columns of quantities"
                )
    spots = tuple((float(p), bool(yes)) for p, yes in table.extra.get("spots", ()))
    return Calibration(table.title, tuple(groups), spots, bool(table.extra.get("counted", True)))


def height_of(data: Calibration) -> float:
    """Height of the drawing in points."""
    return data.top + _PLOT + 2 * _EDGE + 16 + 2 * _STEP


def _x(value: float) -> float:
    """A probability's place across."""
    return _LEFT + value * (style.INNER - _LEFT - 8.0)


def _y(data: Calibration, value: float) -> float:
    """A share's place upwards."""
    return data.top + _EDGE + (1.0 - value) * _PLOT


def draw(data: Calibration, ax: Axes, looks: Looks) -> None:
    """Draw on an empty axes; forecasts belong to no actor, so *looks* is not needed."""
    style.blank(ax, height_of(data))
    ax.set_xlim(0, style.INNER)
    ax.set_xticks([])
    style.write_key(ax, data.key)
    _draw_frame(data, ax)
    written: list[tuple[float, float]] = []
    for group in data.groups:
        x = _x(group.mean)
        if math.isfinite(group.low) and math.isfinite(group.high):
            ends = (_y(data, group.low), _y(data, group.high))
            style.line(ax, (x, x), ends, color=style.strong(_SEEN.colour), linewidth=2.0, zorder=3)
        style.dot(ax, x, _y(data, group.share), _SEEN, size=9.0)
        if data.counted:
            _write_count(data, ax, group, written)
    for probability, yes in data.spots:
        at = _y(data, 1.0) - _EDGE if yes else _y(data, 0.0) + _EDGE
        style.dot(ax, _x(probability), at, _SPOTS[yes], size=5.5)


def _write_count(data: Calibration, ax: Axes, group: Group, written: list[tuple[float, float]]) -> None:
    """How many forecasts a group holds, to the right of its dot, below what stands there already."""
    text = f"n = {group.count}"
    width = style.width_of(text, style.SMALL)
    x, y = _x(group.mean) + 8, _y(data, group.share) + 3.6
    if x + width > style.INNER:
        x -= 16 + width
    while any(abs(x - there) < width + 12 and abs(y - below) < _STEP for there, below in written):
        y += _STEP
    written.append((x, y))
    style.write(ax, x, y, text, size=style.SMALL, colour=style.FAINT_INK, across=False)


def _draw_frame(data: Calibration, ax: Axes) -> None:
    """Grid, diagonal, ticks and what is measured."""
    small: dict[str, Any] = {"size": style.SMALL, "colour": style.FAINT_INK, "across": False}
    floor = _y(data, 0.0) + 2 * _EDGE
    for tick in _TICKS:
        y, x = _y(data, tick), _x(tick)
        style.line(ax, (_x(0), _x(1)), (y, y), color=style.TRACK, linewidth=0.8, zorder=0)
        style.line(ax, (x, x), (_y(data, 1), _y(data, 0)), color=style.TRACK, linewidth=0.8, zorder=0)
        style.write(ax, _LEFT - 6, y + 3.6, number(tick, 1), side="right", **small)
        style.write(ax, x, floor + 6, number(tick, 1), side="center", **small)
    dashes: dict[str, Any] = {"color": style.RULE, "linewidth": 1.2, "linestyle": (0, (5, 3)), "zorder": 1}
    style.line(ax, (_x(0), _x(1)), (_y(data, 0), _y(data, 1)), **dashes)
    style.write(ax, _x(0.5), floor + 6 + _STEP + 2, "probability that was forecast", side="center", **small)
    middle = _y(data, 0.5)
    style.write(ax, 9, middle, "share that came true", side="center", level="center", turned=True, **small)


def alt_of(data: Calibration) -> str:
    """The drawing in words: every group, and how many single forecasts there are."""
    said = [
        f"{group.label}: {group.count} forecasts of {number(group.mean, 2)} on average, {number(group.share, 2)} came true,"
        f" between {number(group.low, 2)} and {number(group.high, 2)} by chance"
        for group in data.groups
    ]
    yes = sum(came for _, came in data.spots)
    spots = f", {len(data.spots)} forecasts, {yes} came true" if data.spots or not said else ""
    return f"What was forecast against what came true{spots}. {listed_rows(said)}"
