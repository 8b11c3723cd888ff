"""The frame that curves and areas share: time to the right, a quantity upwards, names at the end of each line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accord.figures import style
from accord.figures.numbers import number
from accord.finding import Cell, Spread

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PLOT, LEFT = 190.0, 30.0
_NAMES, _NEAR = 104.0, 3.0
_STEP = style.SMALL * style.LEADING


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things stand in the drawing, in points from its top and left.

    Parameters
    ----------
    times : tuple of float
        Ascending.
    low, high : float
        Ends of the quantity.
    top : float
        Where the plot begins.
    unit : str
        Of time.
    """

    times: tuple[float, ...]
    low: float
    high: float
    top: float
    unit: str

    @property
    def bottom(self) -> float:
        """Where the plot ends."""
        return self.top + PLOT

    @property
    def right(self) -> float:
        """Where the plot ends to the right; names stand beyond."""
        return style.INNER - _NAMES

    def x(self, time: float) -> float:
        """A time's place."""
        span = (self.times[-1] - self.times[0]) or 1.0
        return LEFT + (time - self.times[0]) / span * (self.right - LEFT)

    def y(self, value: float) -> float:
        """A value's place; values outside the frame stay at its edge."""
        share = (value - self.low) / (self.high - self.low)
        return self.bottom - min(max(share, 0.0), 1.0) * PLOT

    def time_ticks(self) -> list[float]:
        """About six round times: whole years where time counts months."""
        span = self.times[-1] - self.times[0]
        steps = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
        step = next((s for s in steps if span / s <= 6), steps[-1])
        first = math.ceil(self.times[0] / step) * step
        return [float(t) for t in range(first, math.floor(self.times[-1]) + 1, step)]

    def value_ticks(self) -> list[float]:
        """Three to six round values."""
        from matplotlib.ticker import MaxNLocator

        found = MaxNLocator(5, steps=[1, 2, 5, 10]).tick_values(self.low, self.high)
        slack = 1e-9 * (self.high - self.low)
        return [float(t) for t in found if self.low - slack <= t <= self.high + slack]

    def draw(self, ax: Axes) -> None:
        """Grid, ticks and the name of the time axis."""
        ax.set_xlim(0, style.INNER)
        ax.set_xticks([])
        ticks = self.value_ticks()
        step = ticks[1] - ticks[0] if len(ticks) > 1 else self.high - self.low
        places = max(0, -math.floor(math.log10(step) + 1e-9))
        small: dict[str, Any] = {"size": style.SMALL, "colour": style.FAINT_INK, "across": False}
        for tick in ticks:
            y = self.y(tick)
            style.line(ax, (LEFT, self.right), (y, y), color=style.TRACK, linewidth=0.8, zorder=0)
            style.write(ax, LEFT - 5, y + 3.6, number(tick, places), side="right", **small)
        for tick in self.time_ticks():
            x = self.x(tick)
            style.line(ax, (x, x), (self.bottom, self.bottom + 3), color=style.RULE, linewidth=0.8)
            style.write(ax, x, self.bottom + 14, f"{tick:g}", side="center", **small)
        style.write(ax, self.right + 16, self.bottom + 14, self.unit, **small)

    @property
    def below(self) -> float:
        """First baseline below the time axis."""
        return self.bottom + 14 + _STEP


def frame_of(
    times: Sequence[Cell],
    values: Sequence[float],
    ends: tuple[float | None, float | None],
    top: float,
    unit: str,
) -> Frame:
    """A frame that holds every finite value, and the natural range where there is one."""
    known = [value for value in values if math.isfinite(value)]
    low = ends[0] if ends[0] is not None else min(known, default=0.0)
    high = ends[1] if ends[1] is not None else max(known, default=1.0)
    low, high = min([low, *known]), max([high, *known])
    if high <= low:
        low, high = low - 0.5, low + 0.5
    moments = tuple(float(time) for time in times if isinstance(time, int | float))
    return Frame(moments or (0.0, 1.0), low, high, top, unit)


@dataclass(frozen=True, slots=True)
class Name:
    """A line's name at its end: where it would like to stand, and its colour."""

    text: str
    y: float
    colour: str


def write_names(ax: Axes, frame: Frame, wanted: Sequence[Name]) -> None:
    """Names to the right of the plot, pushed apart so that none covers another."""
    room = _NAMES - _NEAR - 3
    blocks = [
        (style.wrap(name.text, room, style.SMALL, 3), name) for name in sorted(wanted, key=lambda n: n.y)
    ]
    tops: list[float] = []
    for lines, name in blocks:
        height = len(lines) * _STEP
        start = name.y - height / 2
        tops.append(max(start, tops[-1] + len(blocks[len(tops) - 1][0]) * _STEP + 2) if tops else start)
    floor = frame.bottom + 2
    for index in range(len(blocks) - 1, -1, -1):
        height = len(blocks[index][0]) * _STEP
        tops[index] = min(tops[index], floor - height)
        floor = tops[index] - 2
    for (lines, name), top in zip(blocks, tops, strict=True):
        x = (frame.right + _NEAR + 3) / style.INNER
        ink = style.readable(name.colour)
        style.write_lines(ax, x, top + style.SMALL, lines, size=style.SMALL, colour=ink)


def middle_of(cell: Cell) -> float:
    """What a line follows: the value that a quantity is known by."""
    if isinstance(cell, Spread):
        return cell.best if math.isfinite(cell.best) else cell.median
    return float(cell) if isinstance(cell, int | float) else math.nan
