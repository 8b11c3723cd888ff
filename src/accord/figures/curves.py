"""Tables of kind ``curves``: quantities over time, drawn as lines with the range of 90 of 100 worlds around them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accord.figures import style
from accord.figures.frame import LEFT, Frame, Name, frame_of, middle_of, write_names
from accord.figures.numbers import WORLDS, decimals_for, number, spread_values, spread_words
from accord.figures.rows import listed_rows, spread_columns
from accord.figures.style import PLAIN, Looks
from accord.finding import Spread, Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_CURVES = 8
# Lines that belong to no actor differ in shade and dashes, which no actor's line does.
_SHADES = ("#1a1a1a", "#6b6b6b", "#8c6d31", "#5b3f8c")
_DASHES: tuple[Any, ...] = ("solid", (0, (5, 2)), (0, (1.5, 1.8)), (0, (6, 2, 1.5, 2)))
_STEP = style.SMALL * style.LEADING
_SAID_AT = 5


@dataclass(frozen=True, slots=True)
class Curve:
    """One quantity over time; *at_risk* counts the runs that are left, empty where nothing was counted."""

    label: str
    actor: str
    spreads: tuple[Spread | None, ...]
    at_risk: tuple[int, ...] = ()

    def middles(self) -> list[float]:
        """What the line follows."""
        return [middle_of(spread) for spread in self.spreads]


@dataclass(frozen=True, slots=True)
class Curves:
    """What is drawn: lines in one frame; *mark* is a level worth a dotted line, NaN for none."""

    title: str
    curves: tuple[Curve, ...]
    frame: Frame
    line: str
    step: bool
    mark: float
    decimals: int
    more: int = 0
    held: str = WORLDS


def data_of(table: Table) -> Curves:
    """The plain numbers of every quantity; ValueError when there is none, or no time."""
    found = spread_columns(table, 1)
    actors = table.extra.get("actors", {})
    at_risk = table.extra.get("at_risk", {})
    curves = tuple(
        Curve(
            style.capital(table.columns[i].label),
            str(actors.get(table.columns[i].name, "")),
            tuple(cell if isinstance(cell := row[i], Spread) else None for row in table.rows),
            tuple(at_risk.get(table.columns[i].name, ())),
        )
        for i in found[:MOST_CURVES]
    )
    values = spread_values(spread for curve in curves for spread in curve.spreads)
    first = table.columns[found[0]]
    line = str(table.extra.get("line", "best estimates"))
    held = str(table.extra.get("range", WORLDS))
    frame = frame_of(
        [row[0] for row in table.rows],
        values,
        (first.low, first.high),
        style.key_height(_key(line, held)) + 6,
        table.columns[0].unit or table.columns[0].label,
    )
    mark = float(table.extra.get("mark", math.nan))
    places = decimals_for(values, first.low, first.high)
    more = max(0, len(found) - MOST_CURVES)
    return Curves(table.title, curves, frame, line, bool(table.extra.get("step")), mark, places, more, held)


def _key(line: str, held: str) -> tuple[str, ...]:
    """What lines and bands are."""
    return (f"line: {line} over worlds" if line == "mean" else f"line: {line}", f"band: {held}")


def height_of(data: Curves) -> float:
    """Height of the drawing in points."""
    counted = [curve for curve in data.curves if curve.at_risk]
    return data.frame.below + ((len(counted) * 2 + 1) * _STEP if counted else 0.0)


def draw(data: Curves, ax: Axes, looks: Looks) -> None:
    """Draw every line with its band and name on an empty axes."""
    style.blank(ax, height_of(data))
    style.write_key(ax, _key(data.line, data.held))
    frame = data.frame
    frame.draw(ax)
    if math.isfinite(data.mark):
        dotted: dict[str, Any] = {"color": style.RULE, "linewidth": 1.1, "linestyle": (0, (1, 2.5))}
        style.line(ax, (LEFT, frame.right), (frame.y(data.mark),) * 2, zorder=1, **dotted)
    names, seen, plain = [], dict[str, int](), 0
    for curve in data.curves:
        again = seen[curve.actor] = seen.get(curve.actor, -1) + 1
        known = curve.actor in looks
        colour = (
            style.strong(looks.get(curve.actor, PLAIN).colour) if known else _SHADES[plain % len(_SHADES)]
        )
        dash = _DASHES[(again if known else plain) % len(_DASHES)]
        plain += not known
        _draw_curve(ax, data, curve, colour, dash)
        ends = [value for value in curve.middles() if math.isfinite(value)]
        if ends:
            names.append(Name(curve.label, frame.y(ends[-1]), colour))
    write_names(ax, frame, names)
    _draw_at_risk(ax, data)


def _draw_curve(ax: Axes, data: Curves, curve: Curve, colour: str, dash: Any) -> None:
    """One line and its band."""
    frame = data.frame
    x = [frame.x(time) for time in frame.times]
    how: dict[str, Any] = {"drawstyle": "steps-post"} if data.step else {}
    band = [(s.low, s.high) if s is not None else (math.nan, math.nan) for s in curve.spreads]
    low, high = (
        [frame.y(v) if math.isfinite(v) else math.nan for v in ends] for ends in zip(*band, strict=True)
    )
    ax.fill_between(
        x, low, high, color=colour, alpha=0.16, linewidth=0, step="post" if data.step else None, zorder=1
    )  # fmt: skip
    y = [frame.y(value) if math.isfinite(value) else math.nan for value in curve.middles()]
    ax.plot(x, y, color=colour, linewidth=2.0, linestyle=dash, zorder=3, solid_capstyle="butt", **how)


def _draw_at_risk(ax: Axes, data: Curves) -> None:
    """How many runs are left at each tick, in two lines for each curve."""
    counted = [curve for curve in data.curves if curve.at_risk]
    if not counted:
        return
    y = data.frame.below + 2
    small: dict[str, Any] = {"size": style.SMALL - 1, "colour": style.FAINT_INK}
    for curve in counted:
        style.write(
            ax, 0, y, style.shorten(f"Runs left: {curve.label}", style.INNER, style.SMALL - 1), **small
        )
        for tick in data.frame.time_ticks():
            index = data.frame.times.index(tick) if tick in data.frame.times else -1
            if 0 <= index < len(curve.at_risk):
                text = f"{curve.at_risk[index]:,}"
                style.write(ax, data.frame.x(tick), y + _STEP, text, side="center", across=False, **small)
        y += 2 * _STEP + 2


def alt_of(data: Curves) -> str:
    """The drawing in words: every line at a few moments."""
    times = data.frame.times
    chosen = sorted({round(share * (len(times) - 1) / (_SAID_AT - 1)) for share in range(_SAID_AT)})
    said = []
    for curve in data.curves:
        points = []
        for index in chosen:
            spread = curve.spreads[index] if index < len(curve.spreads) else None
            last = index == chosen[-1]
            words = (
                spread_words(spread, data.decimals, data.held)
                if last
                else number(middle_of(spread), data.decimals)
            )
            points.append(f"{times[index]:g}: {words}")
        said.append(f"{curve.label} by {data.frame.unit} {'; '.join(points)}")
    return f"Lines over time, {len(data.curves)} of them. {listed_rows(said, data.more)}"
