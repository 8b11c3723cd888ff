"""Drawing tables of kind ``plane``: clouds of dots, four named quadrants, one partnership, scenarios, other cases."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accord.figures import labels, style
from accord.figures.numbers import has_range, undefined_text
from accord.figures.plane_data import CORNERS, MIDDLE, MOST_POINTS, Mark, Plane, Rank, alt_of, data_of
from accord.figures.style import Looks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["MOST_POINTS", "Plane", "alt_of", "data_of", "draw", "height_of"]

_PLOT, _PAD, _LEFT, _INSET = 264.0, 11.0, 20.0, 6.0
# Overlapping dots of one path do not add up, those of several do: a cloud is spread over a few.
_LAYERS = 4
_SHADE, _OTHERS, _MOVED = "#ececec", "#a6a6a6", "#D55E00"
_PACT = style.mix(style.NEUTRAL, "#000000", 0.55)
# Colour, width and opacity of the dots by role.
_DOTS = {"background": (_OTHERS, 2.3, 0.8), "worlds": (style.NEUTRAL, 3.1, 0.45)}
_BIG, _LITTLE = 13.5, 6.5
_OTHER, _APART = "other", "apart"


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where things stand, in points from the drawing's top and left."""

    data: Plane
    legend: tuple[labels.Item, ...]
    top: float
    strips: tuple[float, float]
    left: float
    right: float

    @property
    def floor(self) -> float:
        """Where the plot ends below."""
        return self.top + sum(self.strips) + _PLOT + 2 * _PAD

    def x(self, value: float) -> float:
        """A rank's place across: more is further right."""
        return self.left + _PAD + self.data.across.share(value) * (self.right - self.left - 2 * _PAD)

    def y(self, value: float) -> float:
        """A rank's place upwards: more is higher, and so nearer to the drawing's top."""
        return self.top + self.strips[0] + _PAD + (1 - self.data.up.share(value)) * _PLOT

    def at(self, mark: Mark) -> tuple[float, float]:
        """A mark's place."""
        return self.x(mark.place[0]), self.y(mark.place[1])


def _names(data: Plane, room: float) -> dict[str, tuple[str, ...]]:
    """The name of every quadrant in lines that fit in its corner."""
    words = {key: style.capital(data.corners[key]) for key in CORNERS}
    return {key: style.wrap(text, room, style.SMALL, 3, key == data.home) for key, text in words.items()}


def _frame(data: Plane) -> _Frame:
    """The frame of a drawing: below its legend, with strips for the names of the quadrants above and below the dots."""
    legend = tuple(labels.legend(_legend(data), 2.0))
    left = _LEFT + (0.0 if _in_line(data.up, _PLOT) else labels.STEP)
    top = labels.end_of(legend, 0.0) + 5
    bare = _Frame(data, legend, top, (0.0, 0.0), left, style.INNER)
    names = _names(data, _room(bare))
    lines = {key: len(names[key]) + bool(data.share_text(key)) for key in CORNERS}
    upper, lower = (max(lines[key] for key in keys) for keys in (CORNERS[:2], CORNERS[2:]))
    return _Frame(data, legend, top, (upper * labels.STEP + 4, lower * labels.STEP + 4), left, style.INNER)


def _room(frame: _Frame) -> float:
    """Width that both corners of a side have for their names."""
    low, high = (frame.x(end) for end in frame.data.band)
    return min(low - frame.left, frame.right - high) - _INSET - 2


def _in_line(rank: Rank, length: float) -> bool:
    """Whether an axis has room for its title between the words for its ends."""
    low, high = (style.width_of(end, style.SMALL) for end in rank.ends)
    return max(low, high) + 12 + style.width_of(rank.label, style.SMALL, True) / 2 <= length / 2


def _legend(data: Plane) -> Iterator[tuple[str, str]]:
    """Signs and what they are."""
    if data.pact is not None:
        parts = [data.pact.label, *dict.fromkeys(map(undefined_text, (data.pact.x, data.pact.y)))]
        lines = has_range(data.pact.x) or has_range(data.pact.y)
        yield "pact", "; ".join(filter(None, [*parts, f"lines: 90 of 100 {data.of}" if lines else ""]))
    for cloud in reversed(data.clouds):
        yield cloud.role, cloud.says
    if any(mark.apart for mark in data.scenarios):
        yield _APART, data.apart_are
    if data.others:
        yield _OTHER, data.others_are
    if data.band[0] < data.band[1]:
        share = data.share_text(MIDDLE)
        yield MIDDLE, data.corners[MIDDLE] + (f": {share}" if share else "")


def _key(data: Plane, y: float) -> tuple[labels.Item, ...]:
    """Numbers and their scenarios, then letters and other cases, and rows without a place."""
    numbered = tuple((str(mark.number), mark.label) for mark in data.scenarios)
    rest = [(other.letter, other.label) for other in data.others]
    rest += [("", f"{label}: not defined") for label in data.missing]
    rest += [("", f"{data.more} more in the table")] if data.more else []
    first = tuple(labels.key(numbered, y))
    return (*first, *labels.key(rest, labels.end_of(first, y - 1.5) + 1.5))


def _below(frame: _Frame) -> float:
    """Where the key begins, below the axis across."""
    rows = 1 if _in_line(frame.data.across, frame.right - frame.left) else 2
    return frame.floor + rows * labels.STEP + 9


def height_of(data: Plane) -> float:
    """Height of the drawing in points."""
    below = _below(_frame(data))
    return labels.end_of(_key(data, below), below) + 3


def draw(data: Plane, ax: Axes, looks: Looks) -> None:
    """Draw the plane on an empty axes; its marks belong to no actor, so *looks* is not needed."""
    style.blank(ax, height_of(data))
    ax.set_xlim(0, style.INNER)
    ax.set_xticks([])
    frame = _frame(data)
    for item in frame.legend:
        _draw_sign(ax, item.sign, item.x + 4.5, item.y + 5.6)
        item.write(ax, labels.SIGN, style.INK if item.sign == "pact" else style.FAINT_INK)
    _draw_ground(ax, frame)
    for cloud in data.clouds:
        _draw_dots(ax, [(frame.x(x), frame.y(y)) for x, y in cloud.points], cloud.role)
    _draw_corners(ax, frame)
    _draw_axes(ax, frame)
    if data.pact is not None:
        _draw_pact(ax, frame, data.pact)
    for other in data.others:
        _square(ax, frame.x(other.place[0]), frame.y(other.place[1]))
    for mark in data.scenarios:
        _diamond(ax, *frame.at(mark), mark.apart)
    for tag in _tags(frame):
        tag.draw(ax)
    apart = {str(mark.number) for mark in data.scenarios if mark.apart}
    for item in _key(data, _below(frame)):
        if item.sign.isdigit():
            _diamond(ax, item.x + 4.5, item.y + 5.4, item.sign in apart)
        elif item.sign:
            _square(ax, item.x + 4.5, item.y + 5.4)
        if item.sign:
            style.write(ax, item.x + 25, item.y + 9, item.sign, side="right", **labels.BOLD)
        item.write(ax, labels.NUMBERED if item.sign else 0.0, style.INK if item.sign else style.FAINT_INK)


def _draw_sign(ax: Axes, sign: str, x: float, y: float) -> None:
    """What stands in front of an entry of the legend."""
    if sign == "pact":
        _disc(ax, x, y, 9.5)
    elif sign == MIDDLE:
        style.box(ax, (x - 4, x + 5), (y - 4.5, y + 4.5), _SHADE)
    elif sign == _OTHER:
        _square(ax, x, y)
    elif sign == _APART:
        _diamond(ax, x, y, True)
    else:
        _draw_dots(ax, [(x - 3, y + 1), (x + 0.8, y - 2.6), (x + 3.6, y + 2)], sign)


def _draw_ground(ax: Axes, frame: _Frame) -> None:
    """Frame and middle."""
    low, high = frame.data.band
    sides, heights = (frame.left, frame.right), (frame.top, frame.floor)
    if low < high:
        style.box(ax, (frame.x(low), frame.x(high)), heights, _SHADE, zorder=0)
        style.box(ax, sides, (frame.y(high), frame.y(low)), _SHADE, zorder=0)
    rule: dict[str, Any] = {"color": style.RULE, "linewidth": 0.8, "zorder": 0.5}
    for x in sides:
        style.line(ax, (x, x), heights, **rule)
    for y in heights:
        style.line(ax, sides, (y, y), **rule)
    if low == high:
        style.line(ax, (frame.x(low),) * 2, heights, **rule)
        style.line(ax, sides, (frame.y(low),) * 2, **rule)


def _draw_dots(ax: Axes, points: Sequence[tuple[float, float]], role: str) -> None:
    """A cloud as few paths: every dot is a line without length, which round ends make a disc."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    colour, width, opacity = _DOTS[role]
    order = 1.0 + (role == "worlds") * 0.1
    for layer in range(_LAYERS):
        ends = [point for point in points[layer::_LAYERS] for _ in range(2)]
        if ends:
            path = Path(ends, [Path.MOVETO, Path.LINETO] * (len(ends) // 2))
            dots = PathPatch(path, fill=False, edgecolor=colour, linewidth=width, alpha=opacity)
            dots.set(capstyle="round", clip_on=False, zorder=order, snap=False)
            ax.add_patch(dots)


def _draw_corners(ax: Axes, frame: _Frame) -> None:
    """Names of the quadrants with their shares of worlds, bold where the partnership stands."""
    data = frame.data
    for key, lines in _names(data, _room(frame)).items():
        side: style.Side = "left" if key.startswith("low") else "right"
        x = frame.left + _INSET if side == "left" else frame.right - _INSET
        share = (data.share_text(key),) if data.share_text(key) else ()
        above = (len(lines) + len(share) - 1) * labels.STEP
        y = frame.floor - 6 - above if key.endswith("_low") else frame.top + 13
        how = labels.BOLD if key == data.home else labels.PLAIN
        style.write_lines(ax, x, y, lines, side=side, **how)
        style.write_lines(ax, x, y + len(lines) * labels.STEP, share, side=side, **labels.FAINT)


def _draw_axes(ax: Axes, frame: _Frame) -> None:
    """Titles of both axes between the words for their ends, or beyond them where these are long."""
    data, y = frame.data, frame.floor + 12.5
    length = frame.right - frame.left
    below = y if _in_line(data.across, length) else y + labels.STEP
    low, high = (style.shorten(end, length / 2 - 6, style.SMALL) for end in data.across.ends)
    style.write(ax, frame.left, y, low, **labels.FAINT)
    style.write(ax, frame.right, y, high, side="right", **labels.FAINT)
    title = style.shorten(data.across.label, length, style.SMALL, True)
    style.write(ax, frame.left + length / 2, below, title, side="center", **labels.BOLD)
    _draw_upwards(ax, frame)


def _draw_upwards(ax: Axes, frame: _Frame) -> None:
    """Title and ends of the axis upwards, read from below."""
    rank, height = frame.data.up, frame.floor - frame.top
    x = frame.left - 7
    beside = x if _in_line(rank, _PLOT) else x - labels.STEP
    low, high = (style.shorten(end, height / 2 - 6, style.SMALL) for end in rank.ends)
    title = style.shorten(rank.label, height, style.SMALL, True)
    labels.write_up(ax, x, frame.floor, low, "left", **labels.FAINT)
    labels.write_up(ax, x, frame.top, high, "right", **labels.FAINT)
    labels.write_up(ax, beside, (frame.floor + frame.top) / 2, title, "center", **labels.BOLD)


def _bars(frame: _Frame, mark: Mark) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The lines of a mark: 90 of 100 worlds across and upwards, as x and y of their ends."""
    x, y = frame.at(mark)
    if mark.x is not None and math.isfinite(mark.x.low) and math.isfinite(mark.x.high):
        yield (frame.x(mark.x.low), frame.x(mark.x.high)), (y, y)
    if mark.y is not None and math.isfinite(mark.y.low) and math.isfinite(mark.y.high):
        yield (x, x), (frame.y(mark.y.low), frame.y(mark.y.high))


def _draw_pact(ax: Axes, frame: _Frame, mark: Mark) -> None:
    """The partnership, large, with its bars."""
    for bar_x, bar_y in _bars(frame, mark):
        style.line(ax, bar_x, bar_y, color="#ffffff", linewidth=3.6, alpha=0.85, zorder=2.1)
        style.line(ax, bar_x, bar_y, color=_PACT, linewidth=1.6, zorder=2.2)
    _disc(ax, *frame.at(mark), _BIG)


def _disc(ax: Axes, x: float, y: float, size: float) -> None:
    """The partnership's mark."""
    ax.plot(
        [x], [y], linestyle="none", marker="o", markersize=size, clip_on=False, zorder=2.3,
        markerfacecolor=_PACT, markeredgecolor="white", markeredgewidth=1.6,
    )  # fmt: skip


def _diamond(ax: Axes, x: float, y: float, apart: bool = False) -> None:
    """A scenario's mark; hollow where it cannot be compared with the rest."""
    face, edge, width = ("white", _MOVED, 1.3) if apart else (_MOVED, "white", 0.9)
    ax.plot(
        [x], [y], linestyle="none", marker="D", markersize=_LITTLE - apart, clip_on=False, zorder=2.6,
        markerfacecolor=face, markeredgecolor=edge, markeredgewidth=width,
    )  # fmt: skip


def _square(ax: Axes, x: float, y: float) -> None:
    """Another case's mark: hollow, because nothing of this partnership is in it."""
    ax.plot(
        [x], [y], linestyle="none", marker="s", markersize=_LITTLE, clip_on=False, zorder=2.5,
        markerfacecolor="white", markeredgecolor=style.INK, markeredgewidth=1.3,
    )  # fmt: skip


def _tags(frame: _Frame) -> list[labels.Tag]:
    """The numbers of the scenarios and letters of other cases, each with a place of its own beside its mark."""
    places = {str(mark.number): frame.at(mark) for mark in frame.data.scenarios}
    places |= {
        other.letter: (frame.x(other.place[0]), frame.y(other.place[1])) for other in frame.data.others
    }
    sizes = [(place, _LITTLE / 2 + 1) for place in places.values()]
    bars: list[labels.Point] = []
    if (pact := frame.data.pact) is not None:
        sizes.append((frame.at(pact), _BIG / 2 + 1))
        bars = [point for x, y in _bars(frame, pact) for point in labels.along((x[0], y[0]), (x[1], y[1]))]
    marks = [(x - r, x + r, y - r, y + r) for (x, y), r in sizes]
    upper, lower = frame.strips
    area = (frame.left + 2, frame.right - 2, frame.top + upper, frame.floor - lower)
    return labels.tags_of(tuple(places.items()), marks, bars, area)
