"""How the partners stand to one another by year, as tables: votes, ideal points, capabilities, events."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from accord.finding import Cell, Column, Spread, Table
from accord.formulas import wording
from accord.lenses.precedent.indicators import Agreement, Events

FEWEST_VOTES = 10  # roll calls in a year; fewer tell hardly anything
_LAST = 25  # years shown
_SAID = 5  # years that a change is told over
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dyads:
    """Figures by pair (or partner) and year."""

    votes: Mapping[str, Mapping[int, Agreement]]
    distance: Mapping[str, Mapping[int, float]]
    capability: Mapping[str, Mapping[int, float]]
    events: Mapping[str, Mapping[int, Events]]

    def before(self, year: int) -> Dyads:
        """Only what lies before a year: the file does not know more."""
        return Dyads(
            _cut(self.votes, year),
            _cut(self.distance, year),
            _cut(self.capability, year),
            _cut(self.events, year),
        )


def _cut(values: Mapping[str, Mapping[int, T]], year: int) -> dict[str, dict[int, T]]:
    """The last years before one, of those with any."""
    kept = {
        name: {y: v for y, v in rows.items() if year - _LAST <= y < year} for name, rows in values.items()
    }
    return {name: rows for name, rows in kept.items() if rows}


def _spread(value: float | None, worlds: int) -> Spread | None:
    """A measured number, whatever the world."""
    if value is None or math.isnan(value):
        return None
    return Spread(value, value, value, value, worlds)


def _lines(
    name: str,
    title: str,
    columns: Mapping[str, Mapping[int, float]],
    limits: tuple[str, float | None, float | None],
    note: str,
    worlds: int,
) -> Table | None:
    """Lines by year; None without a number."""
    years = sorted(
        {year for rows in columns.values() for year, value in rows.items() if not math.isnan(value)}
    )
    if not years:
        return None
    unit, low, high = limits
    rows: list[tuple[Cell, ...]] = [
        (float(year), *(_spread(rows.get(year), worlds) for rows in columns.values()))
        for year in range(years[0], years[-1] + 1)
    ]
    heads = [Column(f"line_{k}", label, unit, low, high) for k, label in enumerate(columns)]
    extra = {"line": "measured", "known": "measured", "range": "none, for these are single figures"}
    first = Column("year", "Year", "year")
    return Table(name, wording.headline(title), "curves", (first, *heads), tuple(rows), note, extra=extra)


def _last(rows: Mapping[int, float]) -> tuple[int, float]:
    """The last year with a number, and the number."""
    year = max((year for year, value in rows.items() if not math.isnan(value)), default=0)
    return year, rows.get(year, math.nan)


def _moved(rows: Mapping[int, float], digits: int = 2) -> str:
    """The last number, and the one of five years before where there is one."""
    year, value = _last(rows)
    was = rows.get(year - _SAID, math.nan)
    before = "" if math.isnan(was) else f", {wording.figure(was, digits)} five years before"
    return f"{wording.figure(value, digits)} in {year}{before}"


def votes(found: Dyads, worlds: int) -> Table | None:
    """Agreement in votes, raw and beyond chance."""
    columns: dict[str, dict[int, float]] = {}
    for pair, rows in found.votes.items():
        columns[f"{pair}: beyond chance"] = {year: one.pi for year, one in rows.items()}
        columns[f"{pair}: raw"] = {year: one.agree for year, one in rows.items()}
    if not columns:
        return None
    pair = next(iter(found.votes))
    return _lines(
        "votes",
        f"{pair} agreed in votes beyond chance by {_moved(columns[f'{pair}: beyond chance'])}",
        columns,
        ("0 as by chance, 1 always", None, 1.0),
        "Roll calls of the UN General Assembly on which both voted, years with ten or more, from your own import. Beyond"
        " chance: Scott's pi on yes, abstain, no. Raw: share of the same vote, which misleads where nearly all vote alike.",
        worlds,
    )


def distances(found: Dyads, worlds: int) -> Table | None:
    """Distance of ideal points."""
    if not found.distance:
        return None
    pair, rows = next(iter(found.distance.items()))
    return _lines(
        "ideal_points",
        f"distance of the ideal points of {pair}: {_moved(rows)}",
        found.distance,
        ("scale of the ideal points", 0.0, None),
        "Distance of ideal points estimated from votes in the UN General Assembly, from your own import; most states lie"
        " between -2 and 2.",
        worlds,
    )


def capabilities(found: Dyads, worlds: int) -> Table | None:
    """Shares of capabilities."""
    if not found.capability:
        return None
    percent = {
        name: {year: 100.0 * value for year, value in rows.items()} for name, rows in found.capability.items()
    }
    last = {name: _last(rows)[1] for name, rows in percent.items()}
    first = max(last, key=lambda name: (last[name], name))
    return _lines(
        "capabilities",
        f"of 100 parts of the capabilities of all states {first} held {_moved(percent[first], 1)}",
        percent,
        ("% of all states", 0.0, None),
        "Composite Index of National Capability (people, cities, iron and steel, energy, soldiers, military spending), from"
        " your own import of National Material Capabilities.",
        worlds,
    )


def events(found: Dyads, worlds: int) -> Table | None:
    """Counts of coded events."""
    rows: list[tuple[Cell, ...]] = []
    for pair, years in found.events.items():
        for year, one in sorted(years.items()):
            counts = (
                one.verbal_cooperation,
                one.material_cooperation,
                one.verbal_conflict,
                one.material_conflict,
            )
            rows.append(
                (f"{pair}, {year}", *counts, None if math.isnan(one.intensity) else round(one.intensity, 2))
            )
    if not rows:
        return None
    pair, years = next(iter(found.events.items()))
    last = years[max(years)]
    total = (
        last.verbal_cooperation + last.material_cooperation + last.verbal_conflict + last.material_conflict
    )
    conflict = last.verbal_conflict + last.material_conflict
    return Table(
        "events",
        wording.headline(f"{conflict} of {total} coded events between {pair} in {max(years)} were conflict"),
        "plain",
        (
            Column("year", "Pair and year"),
            Column("verbal_cooperation", "Cooperation in words", "events"),
            Column("material_cooperation", "Cooperation in deeds", "events"),
            Column("verbal_conflict", "Conflict in words", "events"),
            Column("material_conflict", "Conflict in deeds", "events"),
            Column("intensity", "Mean intensity", "-10 to 10", -10.0, 10.0),
        ),
        tuple(rows),
        "CAMEO events coded by ICEWS from news, both directions, from your own import; what is not reported is not counted.",
    )
