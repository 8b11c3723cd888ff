"""Tables of kind ``plane``: two ranks across and upwards, four named quadrants, one partnership among many.

The first two quantities of the table are the ranks, the first across, the second upwards.  The first row is the
partnership, every other row a scenario.  Of the table's extra the drawing takes ``corners`` (names of
the quadrants by ``low_low``, ``high_low``, ``low_high`` and ``high_high``, across first; ``middle`` names what lies
between), ``shares`` (of worlds, by the same keys; ``of`` says of which worlds), ``named`` (whether a corner may be said of
the partnership), ``band`` (where the middle begins and ends), ``ends`` (words for low
and high by ``x`` and ``y``), ``clouds`` (label, role ``background`` or ``worlds``, ``x``, ``y``) and ``others`` (other
cases, which stand among others than this partnership: label, ``x``, ``y``; ``others_are`` says what they are) and ``apart``
(labels of scenarios that cannot be compared with the rest; ``apart_are`` says why).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from accord.figures import style
from accord.figures.numbers import UNDEFINED, number
from accord.figures.rows import MOST_ROWS, spread_columns
from accord.finding import Cell, Column, Spread, Table

CORNERS = ("low_high", "high_high", "low_low", "high_low")
MIDDLE = "middle"
ROLES = ("background", "worlds")
MOST_POINTS = 400
_MOST_SAID, _SAME = 3, 0.005


@dataclass(frozen=True, slots=True)
class Rank:
    """One axis: its title, its ends in numbers and in words."""

    label: str
    low: float
    high: float
    ends: tuple[str, str]

    def share(self, value: float) -> float:
        """A value's place from 0 to 1; values beyond an end stay at it."""
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Mark:
    """The partnership (number 0), a scenario (from 1), or a row without a place (number -1); *apart*: drawn hollow."""

    label: str
    x: Spread | None
    y: Spread | None
    number: int
    apart: bool = False

    @property
    def place(self) -> tuple[float, float]:
        """What both ranks are known by."""
        return point_of(self.x), point_of(self.y)


@dataclass(frozen=True, slots=True)
class Cloud:
    """Dots of one kind: those that are shown, and what to say about all of them."""

    says: str
    role: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Other:
    """Another case: its letter, what it is called, and where it stands among its own kind."""

    letter: str
    label: str
    place: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Plane:
    """What is drawn: two axes, their quadrants, clouds of dots and marks."""

    title: str
    across: Rank
    up: Rank
    band: tuple[float, float]
    corners: Mapping[str, str]
    shares: Mapping[str, float]
    marks: tuple[Mark, ...]
    clouds: tuple[Cloud, ...]
    more: int = 0
    of: str = "worlds"
    named: bool = True
    others: tuple[Other, ...] = ()
    others_are: str = ""
    apart_are: str = ""

    @property
    def pact(self) -> Mark | None:
        """The partnership, None where it has no place."""
        return next((mark for mark in self.marks if mark.number == 0), None)

    @property
    def scenarios(self) -> list[Mark]:
        """The numbered marks."""
        return [mark for mark in self.marks if mark.number > 0]

    @property
    def missing(self) -> list[str]:
        """Labels of rows without a place."""
        return [mark.label for mark in self.marks if mark.number < 0]

    @property
    def home(self) -> str:
        """Key of the quadrant in which the partnership stands, empty where it has no place or may not be named."""
        return "" if self.pact is None or not self.named else self.corner_of(self.pact)

    def corner_of(self, mark: Mark) -> str:
        """Key of the quadrant in which a mark stands, or of the middle."""
        sides = ["low" if v < self.band[0] else "high" if v > self.band[1] else "" for v in mark.place]
        return "_".join(sides) if all(sides) else MIDDLE

    def share_text(self, key: str) -> str:
        """The share of worlds (or of those judged) in a quadrant as a percentage, empty where it is not known."""
        share = float(self.shares.get(key, math.nan))
        if math.isnan(share):
            return ""
        rounded = "under 1" if 0 < share < 0.005 else "over 99" if 0.995 < share < 1 else f"{100 * share:.0f}"
        return f"{rounded} % of {self.of}"


def point_of(spread: Spread | None) -> float:
    """What a rank is known by: its median, or the best estimate where it has none."""
    if spread is None:
        return math.nan
    return spread.median if math.isfinite(spread.median) else spread.best


def data_of(table: Table) -> Plane:
    """The plain numbers of a table of two ranks; ValueError when it does not hold them, or no names of quadrants."""
    found = spread_columns(table, 2)[:2]
    ends, extra = table.extra.get("ends", {}), table.extra
    across, up = (
        _rank(table, table.columns[i], ends.get(axis, ("", ""))) for i, axis in zip(found, "xy", strict=True)
    )
    corners = {str(key): str(name) for key, name in extra.get("corners", {}).items()}
    if lacking := [key for key in CORNERS if not corners.get(key)]:
        raise ValueError(f"table '{table.name}' of kind 'plane' names no quadrant {', '.join(lacking)}")
    middle = (across.low + across.high) / 2
    low, high = (float(end) for end in extra.get("band", (middle, middle)))
    if not across.low <= low <= high <= across.high:
        raise ValueError(f"table '{table.name}' of kind 'plane' has a band from {low} to {high}")
    return Plane(
        table.title,
        across,
        up,
        (low, high),
        {MIDDLE: "in between", **corners},
        dict(extra.get("shares", {})),
        tuple(_marks(table.rows[: MOST_ROWS + 1], found, frozenset(map(str, extra.get("apart", ()))))),
        tuple(_cloud(table, cloud) for cloud in extra.get("clouds", ()) if len(cloud["x"])),
        max(0, len(table.rows) - MOST_ROWS - 1),
        str(extra.get("of", "worlds")),
        bool(extra.get("named", True)),
        tuple(_others(extra.get("others", ()))),
        str(extra.get("others_are", "other cases")),
        str(extra.get("apart_are", "not to be compared with the rest")),
    )


def _others(given: Sequence[Mapping[str, Any]]) -> Iterator[Other]:
    """Other cases with a place, lettered in their order."""
    known = [one for one in given if math.isfinite(one["x"]) and math.isfinite(one["y"])]
    for letter, one in zip(ascii_uppercase, known, strict=False):
        yield Other(letter, style.capital(str(one["label"])), (float(one["x"]), float(one["y"])))


def _rank(table: Table, column: Column, ends: Sequence[str]) -> Rank:
    """One axis of the plane, from 0 to 1 unless its column says otherwise."""
    low = 0.0 if column.low is None else float(column.low)
    high = 1.0 if column.high is None else float(column.high)
    if not low < high:
        raise ValueError(f"column '{column.name}' of table '{table.name}' runs from {low} to {high}")
    return Rank(style.capital(column.label), low, high, (str(ends[0]), str(ends[1])))


def _marks(rows: Sequence[tuple[Cell, ...]], found: Sequence[int], apart: frozenset[str]) -> Iterator[Mark]:
    """Every row with its number; rows without a place have none."""
    numbered = 0
    for index, row in enumerate(rows):
        x, y = (cell if isinstance(cell := row[column], Spread) else None for column in found)
        known = math.isfinite(point_of(x)) and math.isfinite(point_of(y))
        numbered += known and index > 0
        number = (numbered if index else 0) if known else -1
        yield Mark(style.capital(str(row[0])), x, y, number, number > 0 and str(row[0]) in apart)


def _cloud(table: Table, given: Mapping[str, Any]) -> Cloud:
    """At most so many dots, every so-manieth of those that have a place, and the words that say so."""
    if given["role"] not in ROLES or len(given["x"]) != len(given["y"]):
        raise ValueError(f"table '{table.name}' of kind 'plane' has a cloud of another form")
    every = [(float(x), float(y)) for x, y in zip(given["x"], given["y"], strict=True)]
    known = [point for point in every if all(map(math.isfinite, point))]
    step = max(1, math.ceil(len(known) / MOST_POINTS))
    says, count = str(given["label"]), f"{len(every):,}"
    says = says if count in says.split() else f"{count} {says}"
    says += f", {len(every) - len(known):,} of them {UNDEFINED}" if len(known) < len(every) else ""
    says += f", every {_ordinal(step)} shown" if step > 1 else ""
    return Cloud(says, str(given["role"]), tuple(known[::step]))


def _ordinal(count: int) -> str:
    """``2nd``, ``3rd``, ``11th``."""
    ending = "th" if count % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{ending}"


def alt_of(data: Plane) -> str:
    """The drawing in words: where the partnership stands, where its worlds lie, who stands furthest from it."""
    axes = []
    for rank, way in ((data.across, "across"), (data.up, "upwards")):
        ends = [
            f"{number(v)} {words}" for v, words in zip((rank.low, rank.high), rank.ends, strict=True) if words
        ]
        axes.append(f"{rank.label} {way}" + (f" ({', '.join(ends)})" if ends else ""))
    return " ".join([f"A plane: {axes[0]}; {axes[1]}.", *_said(data)])


def _said(data: Plane) -> Iterator[str]:
    """The sentences about marks and worlds."""
    pact = data.pact
    if pact is not None:
        where = [_rank_words(data, r, s) for r, s in ((data.across, pact.x), (data.up, pact.y))]
        home = f"; that is {data.corners[data.home]}" if data.home else ""
        yield f"{pact.label}: {'; '.join(where)}{home}."
    known = [key for key in (*CORNERS, MIDDLE) if data.share_text(key)]
    if known:
        known.sort(key=lambda key: -data.shares[key])
        shares = [
            f"{data.corners[key]} {data.share_text(key).removesuffix(f' of {data.of}')}" for key in known
        ]
        yield f"Of its {data.of}: {', '.join(shares)}."
    if pact is not None and data.scenarios:
        yield _moves(data, pact)
    if apart := [mark.label for mark in data.scenarios if mark.apart]:
        yield f"Hollow, {data.apart_are}: {'; '.join(apart)}."
    if data.others:
        places = [f"{o.label} at {number(o.place[0], 2)} and {number(o.place[1], 2)}" for o in data.others]
        yield f"{style.capital(data.others_are)}, across and upwards: {'; '.join(places)}."
    if data.missing:
        yield f"Not defined: {'; '.join(data.missing)}."
    if data.more:
        yield f"{data.more} more in the table."


def _rank_words(data: Plane, rank: Rank, spread: Spread | None) -> str:
    """One rank of the partnership: its number, its range, and towards which end it lies."""
    value = point_of(spread)
    text = f"{rank.label} {number(value, 2)}"
    if spread is not None and math.isfinite(spread.low) and spread.high > spread.low:
        text += f", between {number(spread.low, 2)} and {number(spread.high, 2)} in 90 of 100 {data.of}"
    end = rank.ends[0] if value < data.band[0] else rank.ends[1] if value > data.band[1] else ""
    return f"{text}, on the side of '{end}'" if end else text


def _moves(data: Plane, pact: Mark) -> str:
    """The scenarios that stand furthest from the partnership, the furthest first."""
    away = {mark: math.dist(mark.place, pact.place) for mark in data.scenarios}
    far = sorted((mark for mark in away if away[mark] > _SAME), key=lambda mark: -away[mark])
    if not far:
        return f"All {len(away)} numbered marks stand at the same place."
    said = [
        f"{mark.label} at {number(mark.place[0], 2)} across and {number(mark.place[1], 2)} upwards"
        + (f" ({data.corners[data.corner_of(mark)]})" if data.named else "")
        for mark in far[:_MOST_SAID]
    ]
    return f"Furthest from it of {len(away)} numbered marks: {'; '.join(said)}."
