"""Labels of a drawing with many marks: a legend that flows, a key in columns, numbers that stand clear of one another.

All lengths are points from the drawing's top and left.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accord.figures import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Point = tuple[float, float]
# Left, right, top, bottom.
Box = tuple[float, float, float, float]
STEP = style.SMALL * style.LEADING
PLAIN: dict[str, Any] = {"size": style.SMALL, "across": False}
FAINT: dict[str, Any] = {**PLAIN, "colour": style.FAINT_INK}
BOLD: dict[str, Any] = {**PLAIN, "bold": True}
SIGN, NUMBERED = 14.0, 30.0
_GAP, _FAR = 14.0, 13.0


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a legend or key: the sign in front, its lines, and where it begins."""

    sign: str
    lines: tuple[str, ...]
    x: float
    y: float

    def write(self, ax: Axes, indent: float, colour: str = style.FAINT_INK) -> None:
        """Write the words, so far behind the sign."""
        style.write_lines(ax, self.x + indent, self.y + 9, self.lines, **{**PLAIN, "colour": colour})


def write_up(ax: Axes, x: float, y: float, text: str, side: style.Side, **how: Any) -> None:
    """Put one line of text that is read from below; *side* is the end of the text that stands at *y*."""
    style.write(ax, x, y, text, side=side, turned=True, **how)
    ax.texts[-1].set_rotation_mode("anchor")


def legend(entries: Iterator[tuple[str, str]], y: float) -> Iterator[Item]:
    """Signs and words one after the other, on a line of their own where they do not fit."""
    x, below = 0.0, y
    for sign, text in entries:
        lines = style.wrap(text, style.INNER - SIGN, style.SMALL, 3)
        width = SIGN + max(style.width_of(line, style.SMALL) for line in lines)
        if x > 0 and x + width > style.INNER:
            x, y = 0.0, below
        yield Item(sign, lines, x, y)
        below = max(below, y + len(lines) * STEP)
        x += width + _GAP


def key(entries: Sequence[tuple[str, str]], y: float, most: int = 3) -> Iterator[Item]:
    """Numbers and words one below the other, in two columns where all of them are short; at most *most* lines each."""
    half = (style.INNER - _GAP) / 2
    narrow = all(style.width_of(text, style.SMALL) <= half - NUMBERED for _, text in entries)
    columns = 2 if narrow and len(entries) > 2 else 1
    rows, start = math.ceil(len(entries) / columns), y
    for index, (sign, text) in enumerate(entries):
        y = start if index % rows == 0 else y
        lines = style.wrap(text, style.INNER - NUMBERED, style.SMALL, most)
        yield Item(sign, lines, index // rows * (half + _GAP), y)
        y += len(lines) * STEP + 1.5


def end_of(items: Sequence[Item], y: float) -> float:
    """Where entries end below; *y* when there are none."""
    return max((item.y + len(item.lines) * STEP for item in items), default=y)


@dataclass(frozen=True, slots=True)
class Tag:
    """A number beside its mark: the middle of the number, half its width and height, and the mark."""

    text: str
    x: float
    y: float
    half: Point
    mark: Point

    @property
    def box(self) -> Box:
        """The room that the number takes."""
        wide, high = self.half
        return self.x - wide, self.x + wide, self.y - high, self.y + high

    @property
    def away(self) -> float:
        """Distance from the mark."""
        return math.dist((self.x, self.y), self.mark)

    @property
    def lead(self) -> list[Point]:
        """Points along the line from mark to number, none where it stands close enough to need no line."""
        if self.away <= _FAR:
            return []
        return along(self.mark, (self.x, self.y), 12)[2:-1]

    def draw(self, ax: Axes) -> None:
        """Write the number on a light ground, with a line to its mark where it stands far off."""
        left, right, top, bottom = self.box
        if self.lead:
            (x, y) = self.mark
            style.line(ax, (x, self.x), (y, self.y), color=style.INK, linewidth=0.7, zorder=2.4)
        style.box(ax, (left, right), (top, bottom), "#ffffff", alpha=1.0 if self.lead else 0.75, zorder=2.5)
        style.write(ax, self.x, self.y + style.SMALL * 0.36, self.text, side="center", **BOLD)


def along(start: Point, end: Point, steps: int = 60) -> list[Point]:
    """Points from one place to another, both included."""
    shares = [i / steps for i in range(steps + 1)]
    return [(start[0] + (end[0] - start[0]) * s, start[1] + (end[1] - start[1]) * s) for s in shares]


def tags_of(
    numbered: Sequence[tuple[str, Point]], marks: Sequence[Box], bars: Sequence[Point], area: Box
) -> list[Tag]:
    """A place for every number, the same for the same marks.

    Parameters
    ----------
    numbered : sequence of (text, place)
        What is numbered.
    marks : sequence of Box
        What no number may cover.
    bars : sequence of Point
        Points along lines that numbers should not cover.
    area : Box
        Where numbers have to stay.
    """
    tags: list[Tag] = []
    for text, mark in numbered:
        taken = [*marks, *(tag.box for tag in tags)]
        best, least = None, math.inf
        for tag in _choices(text, mark, area):
            if tag.away > least + 1e-6:  # it costs at least its distance, and so do all that follow
                break
            cost = _cost(tag, taken, bars, tags)
            if cost < least:
                best, least = tag, cost
        assert best is not None
        tags.append(best)
    return tags


def _choices(text: str, mark: Point, area: Box) -> Iterator[Tag]:
    """Places around a mark inside the area, the nearest first."""
    half = (style.width_of(text, style.SMALL, True) / 2 + 1.5, style.SMALL / 2 + 0.5)
    for away in (10.5, 12.5, 15, 18, 22, 27, 33, 40, 48, 57, 67, 78, 90):
        for turn in range(24):
            angle = math.pi * (turn / 12 - 0.25)
            tag = Tag(text, mark[0] + away * math.cos(angle), mark[1] + away * math.sin(angle), half, mark)
            left, right, top, bottom = tag.box
            if area[0] <= left and right <= area[1] and area[2] <= top and bottom <= area[3]:
                yield tag


def _cost(tag: Tag, taken: Sequence[Box], bars: Sequence[Point], tags: Sequence[Tag]) -> float:
    """How bad a place is: covering something is worst, then lines across numbers, then bars and distance."""
    left, right, top, bottom = tag.box
    covered = sum(left < b[1] and b[0] < right and top < b[3] and b[2] < bottom for b in taken)
    crossed = sum(_holds(tag.box, other.lead) + _holds(other.box, tag.lead) for other in tags)
    return 1000.0 * covered + 60.0 * crossed + 25.0 * _holds(tag.box, bars) + tag.away


def _holds(box: Box, points: Sequence[Point]) -> bool:
    """Whether any of some points lies in a box."""
    return any(box[0] < x < box[1] and box[2] < y < box[3] for x, y in points)
