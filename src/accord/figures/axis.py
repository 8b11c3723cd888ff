"""The value axis that intervals, dumbbells and scales share: range, ticks, and what its two ends mean in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accord.figures import style
from accord.figures.numbers import decimals_for, number, spread_values
from accord.finding import Column, Spread

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GAP = 12.0


@dataclass(frozen=True, slots=True)
class Axis:
    """One value axis.

    Parameters
    ----------
    low, high : float
        Ends of what is drawn.
    decimals : int
        Decimals that suit every number on it.
    caption : str
        What is measured, with its unit; empty when the ends say it.
    low_means, high_means : str
        What the ends mean in words; empty when nothing was said.
    """

    low: float
    high: float
    decimals: int
    caption: str = ""
    low_means: str = ""
    high_means: str = ""

    @property
    def height(self) -> float:
        """Points that the axis takes below the rows."""
        words = max(len(lines) for lines in self._ends())
        used = words + len(self._caption())
        return 18.0 + used * style.SMALL * style.LEADING + (3.0 if used else 0.0)

    def _ends(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The words of both ends, each wrapped to less than half the width."""
        room = style.INNER / 2 - 8
        left = style.wrap(self.low_means, room, style.SMALL, 4) if self.low_means else ()
        right = style.wrap(self.high_means, room, style.SMALL, 4) if self.high_means else ()
        return left, right

    def _caption(self) -> tuple[str, ...]:
        """The caption, wrapped."""
        return style.wrap(self.caption, style.INNER, style.SMALL, 2) if self.caption else ()

    def draw(self, ax: Axes, top: float, bottom: float) -> None:
        """Grid lines from *top* to *bottom*, tick labels and words below."""
        ax.set_xlim(self.low, self.high)
        ax.set_xticks([])
        for tick in self.ticks():
            strong = abs(tick) < 1e-12 and self.low < -1e-12
            colour = style.RULE if strong else style.TRACK
            style.line(ax, (tick, tick), (top, bottom), color=colour, linewidth=0.8, zorder=0)
            how: dict[str, Any] = {"size": style.SMALL, "colour": style.FAINT_INK, "across": False}
            style.write(ax, tick, bottom + _GAP, self._tick(tick), side=self._side(tick), **how)
        y = bottom + _GAP + style.SMALL * style.LEADING + 1
        left, right = self._ends()
        style.write_lines(ax, 0, y, left, size=style.SMALL)
        style.write_lines(ax, 1, y, right, size=style.SMALL, side="right")
        y += max(len(left), len(right)) * style.SMALL * style.LEADING
        style.write_lines(ax, 0, y, self._caption(), size=style.SMALL, colour=style.FAINT_INK)

    def ticks(self) -> list[float]:
        """Four to six round values inside the range."""
        from matplotlib.ticker import MaxNLocator

        slack = 1e-9 * (self.high - self.low)
        found = MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]).tick_values(self.low, self.high)
        return [float(t) for t in found if self.low - slack <= t <= self.high + slack]

    def _tick(self, tick: float) -> str:
        """A tick's label: no more decimals than its neighbours need."""
        ticks = self.ticks()
        step = ticks[1] - ticks[0] if len(ticks) > 1 else abs(self.high - self.low)
        places = max(0, -math.floor(math.log10(step) + 1e-9))
        while places < 6 and abs(round(step, places) - step) > 1e-9 * step:
            places += 1
        return number(0.0 if abs(tick) < 1e-12 else tick, places)

    def _side(self, tick: float) -> style.Side:
        """Labels at the very ends stay inside the canvas."""
        share = (tick - self.low) / (self.high - self.low)
        return "left" if share < 0.01 else "right" if share > 0.99 else "center"


def axis_of(column: Column, spreads: Iterable[Spread | None], extra: Mapping[str, Any]) -> Axis:
    """The axis that suits a column: its natural range widened to hold every number, or a range around the numbers."""
    values = spread_values(spreads)
    low, high = column.low, column.high
    known = [v for v in (low, high) if v is not None and math.isfinite(v)]
    ends = (min([*values, *known], default=0.0), max([*values, *known], default=1.0))
    pad = 0.06 * (ends[1] - ends[0]) or max(abs(ends[0]), 1.0) * 0.5
    drawn_low = ends[0] if ends[0] in known else ends[0] - pad
    drawn_high = ends[1] if ends[1] in known else ends[1] + pad
    if drawn_high <= drawn_low:
        drawn_low, drawn_high = drawn_low - 0.5, drawn_low + 0.5
    named = f"{column.label} ({column.unit})" if column.label and column.unit else column.label or column.unit
    low_means, high_means = str(extra.get("low_means", "")), str(extra.get("high_means", ""))
    caption = "" if low_means and high_means else named
    return Axis(drawn_low, drawn_high, decimals_for(values, low, high), caption, low_means, high_means)
