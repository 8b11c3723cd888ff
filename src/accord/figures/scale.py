"""Tables of kind ``scale``: where the actors stand on one declared scale, and where they are expected to end up.

The first quantity of the table is the position, in units of the scale; a second one, if there is any, is the actor's
weight and sets the size of its marker.  The forecast is a :class:`Spread` under ``forecast`` of the table's extra (with
``forecast_label``), or the rows that belong to no actor.  ``low_means`` and ``high_means`` say what the ends mean;
``reference_point`` marks where things stand without agreement.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accord.figures import style
from accord.figures.axis import Axis, axis_of
from accord.figures.intervals import draw_interval
from accord.figures.numbers import is_defined, number, spread_text, spread_words
from accord.figures.rows import MOST_ROWS, listed_rows, row_actors, spread_columns
from accord.figures.style import PLAIN, Looks
from accord.finding import Spread, Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROW, _ABOVE, _FORECAST, _AWAY = 21.0, 15.0, 34.0, 11.0


@dataclass(frozen=True, slots=True)
class Row:
    """One actor's position, and its weight where stated."""

    label: str
    position: Spread | None
    weight: float = math.nan
    actor: str = ""


@dataclass(frozen=True, slots=True)
class ScaleData:
    """What is drawn: actors from low to high, forecasts, and the reference point (NaN when there is none)."""

    title: str
    rows: tuple[Row, ...]
    forecasts: tuple[Row, ...]
    axis: Axis
    reference: float = math.nan
    weight_label: str = ""
    more: int = 0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one actor's label and marker stand."""

    row: Row
    label: str
    x: float
    side: style.Side
    label_y: float
    mark_y: float


def data_of(table: Table) -> ScaleData:
    """The plain numbers of a table of positions; ValueError when it holds none."""
    found = spread_columns(table, 1)
    actors = row_actors(table)
    has_actors = any(actors)
    rows: list[Row] = []
    forecasts = list(_declared(table))
    for cells, actor in zip(table.rows, actors, strict=True):
        weight = cells[found[1]] if len(found) > 1 else None
        row = Row(
            style.capital(str(cells[0])),
            cell if isinstance(cell := cells[found[0]], Spread) else None,
            weight.best if isinstance(weight, Spread) else math.nan,
            actor,
        )
        (forecasts if has_actors and not actor else rows).append(row)
    rows.sort(key=lambda r: (r.position is None, _best(r), r.label))
    axis = axis_of(table.columns[found[0]], [r.position for r in (*rows, *forecasts)], table.extra)
    reference = table.extra.get("reference_point")
    weight_label = _small(table.columns[found[1]].label) if len(found) > 1 else ""
    return ScaleData(
        table.title,
        tuple(rows[:MOST_ROWS]),
        tuple(forecasts),
        axis,
        math.nan if reference is None else float(reference),
        weight_label,
        max(0, len(rows) - MOST_ROWS),
    )


def _declared(table: Table) -> Iterator[Row]:
    """The forecast that the table's extra holds, if any."""
    forecast = table.extra.get("forecast")
    if isinstance(forecast, Spread):
        yield Row(style.capital(str(table.extra.get("forecast_label", "forecast"))), forecast)


def _small(label: str) -> str:
    """A label inside a sentence: a small first letter, unless the word is spelled in capitals."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _best(row: Row) -> float:
    """Position at the best estimates; infinity sorts undefined ones last."""
    return row.position.best if row.position is not None and math.isfinite(row.position.best) else math.inf


def height_of(data: ScaleData) -> float:
    """Height of the drawing in points."""
    return _bottom(data) + data.axis.height


def _top(data: ScaleData) -> float:
    """Where the actors begin, below key and forecasts."""
    return style.key_height(_key(data)) + _FORECAST * len(data.forecasts) + (4 if data.forecasts else 0)


def _bottom(data: ScaleData) -> float:
    """Where the actors end and the axis begins."""
    return max((p.mark_y + _ROW / 2 for p in _places(data)), default=_top(data))


def _places(data: ScaleData) -> Iterator[_Place]:
    """Every actor with a place for its label, from the top."""
    y = _top(data)
    for row in data.rows:
        place = _place(data, row, y)
        yield place
        y = place.mark_y + _ROW / 2


def _place(data: ScaleData, row: Row, y: float) -> _Place:
    """A label beside its interval, or above it where neither side has room; clear of the forecast where it can be."""
    label = style.shorten(row.label, style.INNER - 4)
    beside, width = y + _ROW / 2, style.width_of(label)
    if not is_defined(row.position):
        return _Place(row, label, 0.0, "left", beside + 4, beside)
    left, right = (_share(end, data.axis) * style.INNER for end in _extent(row))
    places = []
    if right + _AWAY + width <= style.INNER:
        places.append(_Place(row, label, (right + _AWAY) / style.INNER, "left", beside + 4, beside))
    if left - _AWAY - width >= 0:
        places.append(_Place(row, label, (left - _AWAY) / style.INNER, "right", beside + 4, beside))
    places.append(_above(row, label, data.axis, y))
    return next((place for place in places if not _crossed(data, place, width)), places[0])


def _crossed(data: ScaleData, place: _Place, width: float) -> bool:
    """Whether a forecast's line would run through the label."""
    start = place.x * style.INNER - {"left": 0.0, "center": width / 2, "right": width}[place.side]
    lines = (_share(_best(f), data.axis) * style.INNER for f in data.forecasts if math.isfinite(_best(f)))
    return any(start - 3 <= x <= start + width + 3 for x in lines)


def _above(row: Row, label: str, axis: Axis, y: float) -> _Place:
    """A label above its marker, moved inwards as far as the edge demands."""
    half = style.width_of(label) / 2
    centre = _share(_best(row), axis) * style.INNER if math.isfinite(_best(row)) else style.INNER / 2
    x = max(half, min(style.INNER - half, centre)) / style.INNER
    return _Place(row, label, x, "center", y + style.SIZE, y + _ABOVE - 3 + _ROW / 2)


def _extent(row: Row) -> tuple[float, float]:
    """Leftmost and rightmost number of a row."""
    position = row.position
    values = (
        []
        if position is None
        else [v for v in (position.best, position.low, position.high) if math.isfinite(v)]
    )
    return min(values, default=0.0), max(values, default=0.0)


def _share(value: float, axis: Axis) -> float:
    """A position as a share of the drawn width."""
    return (value - axis.low) / (axis.high - axis.low)


def draw(data: ScaleData, ax: Axes, looks: Looks) -> None:
    """Draw actors and forecast on an empty axes."""
    style.blank(ax, height_of(data))
    bottom, key = _bottom(data), _key(data)
    top = style.key_height(key)
    data.axis.draw(ax, top - 4, bottom)
    style.write_key(ax, key)
    for index, forecast in enumerate(data.forecasts):
        _draw_forecast(ax, data, forecast, top + index * _FORECAST, bottom)
    if math.isfinite(data.reference):
        dotted: dict[str, Any] = {
            "color": style.FAINT_INK,
            "linewidth": 1.1,
            "linestyle": (0, (1, 2.5)),
            "zorder": 1,
        }
        style.line(ax, (data.reference, data.reference), (top - 4, bottom), **dotted)
    heaviest = max((r.weight for r in data.rows if math.isfinite(r.weight)), default=math.nan)
    for place in _places(data):
        _draw_actor(ax, place, looks, heaviest)


def _draw_actor(ax: Axes, place: _Place, looks: Looks, heaviest: float) -> None:
    """One actor's interval, marker and label; in words alone where its position is undefined."""
    row = place.row
    if row.position is None or not is_defined(row.position):
        style.write(ax, 0, place.label_y, f"{place.label}: no position", colour=style.FAINT_INK)
        return
    look = looks.get(row.actor, PLAIN)
    draw_interval(ax, row.position, place.mark_y, look.colour, width=3.5, tick=False)
    if math.isfinite(row.position.best):
        known = math.isfinite(row.weight) and heaviest > 0
        size = 4.5 + 8.5 * math.sqrt(max(row.weight, 0.0) / heaviest) if known else 8.0
        style.dot(ax, row.position.best, place.mark_y, look, size=size)
    label = place.label + ("*" if row.position.undefined else "")
    style.write_over(ax, place.x, place.label_y, label, side=place.side)


def _draw_forecast(ax: Axes, data: ScaleData, forecast: Row, top: float, bottom: float) -> None:
    """A forecast: its number in words on top, its interval as a band, its best value as a line through all rows."""
    spread = forecast.position
    text = f"{forecast.label}: {spread_text(spread, data.axis.decimals)}"
    half = style.width_of(text, bold=True) / 2
    centre = style.INNER / 2
    if spread is not None and math.isfinite(spread.best):
        centre = _share(spread.best, data.axis) * style.INNER
    x = max(half, min(style.INNER - half, centre)) / style.INNER
    style.write_over(ax, x, top + style.SIZE, text, side="center", bold=True)
    if spread is None or not is_defined(spread):
        return
    if math.isfinite(spread.low):
        style.box(ax, (spread.low, spread.high), (top + 17, bottom), "#ececec", zorder=-1)
    if math.isfinite(spread.best):
        style.line(
            ax, (spread.best, spread.best), (top + 17, bottom), color=style.INK, linewidth=1.6, zorder=2
        )
        ax.plot([spread.best], [top + 18], marker="v", markersize=7, color=style.INK, clip_on=False, zorder=6)


def _key(data: ScaleData) -> tuple[str, ...]:
    """What marker, bar and dotted line are."""
    parts = [f"size of marker: {data.weight_label}"] if data.weight_label else []
    parts.append("bars and grey band: 90 of 100 worlds")
    if math.isfinite(data.reference):
        parts.append("dotted: without agreement")
    if any(r.position is not None and is_defined(r.position) and r.position.undefined for r in data.rows):
        parts.append("* not in every world")
    return tuple(parts)


def alt_of(data: ScaleData) -> str:
    """The drawing in words, made from its numbers."""
    axis = data.axis
    ends = [number(axis.low, axis.decimals), number(axis.high, axis.decimals)]
    means = [f"{n} ({w})" if w else n for n, w in zip(ends, (axis.low_means, axis.high_means), strict=True)]
    said = [f"{r.label}: {spread_words(r.position, axis.decimals)}" for r in (*data.forecasts, *data.rows)]
    if math.isfinite(data.reference):
        said.append(f"Without agreement: {number(data.reference, axis.decimals)}")
    return f"Positions on a scale from {means[0]} to {means[1]}. {listed_rows(said, data.more)}"
