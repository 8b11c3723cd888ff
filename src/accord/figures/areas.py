"""Tables of kind ``areas``: shares over time that add up, drawn one on top of the other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accord.figures import style
from accord.figures.frame import Frame, Name, frame_of, middle_of, write_names
from accord.figures.numbers import number
from accord.figures.rows import listed_rows
from accord.figures.style import Looks
from accord.finding import Spread, Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Lighter than actors' colours, so that no cause is taken for an actor; names stand at the bands.
COLOURS = ("#8FC8B5", "#F2B279", "#B9B9B9", "#F4E37C", "#E3B5D0", "#9CCBEB", "#6F6F6F")
_THINNEST = 0.015
_KEY = ("bands add up: share of runs ended by each cause, mean over worlds",)


@dataclass(frozen=True, slots=True)
class Band:
    """One share over time, with its fixed colour."""

    label: str
    colour: str
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Areas:
    """What is drawn: bands from the bottom up; *rest* names what is left of the whole, empty for nothing."""

    title: str
    bands: tuple[Band, ...]
    frame: Frame
    rest: str


def data_of(table: Table) -> Areas:
    """The plain shares of every column but the first; ValueError when there is none."""
    numbers = [isinstance(cell, int | float | Spread) for row in table.rows for cell in row[1:]]
    if len(table.columns) < 2 or not all(numbers):
        raise ValueError(
            f"table '{table.name}' of kind 'areas' holds something else than columns of quantities"
        )
    order = tuple(table.extra.get("order", tuple(column.name for column in table.columns[1:])))
    bands = tuple(
        Band(
            style.capital(column.label),
            COLOURS[(order.index(column.name) if column.name in order else index) % len(COLOURS)],
            tuple(middle_of(row[index]) for row in table.rows),
        )
        for index, column in enumerate(table.columns)
        if index > 0
    )
    unit = table.columns[0].unit or table.columns[0].label
    frame = frame_of([row[0] for row in table.rows], [], (0.0, 1.0), style.key_height(_KEY) + 6, unit)
    return Areas(table.title, bands, frame, str(table.extra.get("rest", "")))


def height_of(data: Areas) -> float:
    """Height of the drawing in points."""
    return data.frame.below


def draw(data: Areas, ax: Axes, looks: Looks) -> None:
    """Draw the bands on an empty axes; they belong to no actor, so *looks* is not needed."""
    style.blank(ax, height_of(data))
    style.write_key(ax, _KEY)
    frame = data.frame
    frame.draw(ax)
    x = [frame.x(time) for time in frame.times]
    floor = [0.0] * len(frame.times)
    names = []
    for band in data.bands:
        shares = [share if math.isfinite(share) else 0.0 for share in band.shares]
        top = [low + share for low, share in zip(floor, shares, strict=True)]
        edge: dict[str, Any] = {"edgecolor": "#ffffff", "linewidth": 0.8, "zorder": 2}
        ax.fill_between(
            x, [frame.y(v) for v in floor], [frame.y(v) for v in top], facecolor=band.colour, **edge
        )
        if shares[-1] >= _THINNEST:
            label = f"{band.label} {number(shares[-1], 2)}"
            names.append(Name(label, frame.y(floor[-1] + shares[-1] / 2), style.INK))
        floor = top
    if data.rest and floor[-1] <= 1.0 - _THINNEST:
        label = f"{style.capital(data.rest)} {number(1.0 - floor[-1], 2)}"
        names.append(Name(label, frame.y((1.0 + floor[-1]) / 2), style.FAINT_INK))
    write_names(ax, frame, names)


def alt_of(data: Areas) -> str:
    """The drawing in words: every band half way and at the end."""
    half, last = len(data.frame.times) // 2, len(data.frame.times) - 1
    when = [f"{data.frame.times[index]:g}" for index in (half, last)]
    said = [
        f"{band.label}: {number(band.shares[half], 2)} by {when[0]}, {number(band.shares[last], 2)} by {when[1]}"
        for band in data.bands
    ]
    return f"Shares stacked over {data.frame.unit}, {len(data.bands)} causes. {listed_rows(said)}"
