"""A small situation and one table of every kind that is drawn."""

from __future__ import annotations

import math

import pytest

from accord.finding import Column, Spread, Table
from accord.situation import Actor, Client, Day, Partnership, Patron, Situation, Suitor, Threat

NAN = math.nan
EMPTY = Spread(NAN, NAN, NAN, NAN, 100, 100)
LABELS = {
    "norland": "Norland",
    "sudland": "Sudland",
    "midland": "Midland regime",
    "westland": "Westland",
    "zealots": "Zealots",
    "coast": "Coastal cities",
}


def spread(best: float, low: float, high: float, undefined: int = 0) -> Spread:
    """A quantity over worlds."""
    return Spread(best, low, (low + high) / 2, high, 100, undefined)


@pytest.fixture
def situation() -> Situation:
    """Two partners, a client, a threat, a suitor and a bystander."""
    pact = Partnership(
        {"sudland": Patron(), "norland": Patron()},
        Client("midland"),
        {"danger": Threat("zealots")},
        {"westland": Suitor()},
    )
    return Situation(
        1, "Pact", Day(2014), pact, {name: Actor("state", label) for name, label in LABELS.items()}
    )


@pytest.fixture
def intervals_table() -> Table:
    """Defined, partly undefined, undefined everywhere, certain, and absent."""
    rows = (
        ("order after the war", spread(0.92, 0.8, 0.97)),
        ("length of the campaign", spread(0.4, 0.2, 0.66, 31)),
        ("terms of leaving", EMPTY),
        ("certain", Spread(0.5, 0.5, 0.5, 0.5, 100)),
        ("absent", None),
    )
    columns = (Column("issue", "Issue"), Column("agreement", "agreement", "share", 0, 1))
    return Table("agreement", "They agree on the order", "intervals", columns, rows)


@pytest.fixture
def shift_table() -> Table:
    """Two moments, one of them undefined in some worlds, and a row without numbers."""
    rows = (
        ("leader", spread(0.12, 0.05, 0.25), spread(0.52, 0.3, 0.7)),
        ("exit", spread(0.3, 0.2, 0.4, 4), EMPTY),
        ("nothing", None, None),
    )
    columns = (
        Column("issue", "Issue"),
        Column("now", "now", "", 0, 1),
        Column("end", "at the end", "", 0, 1),
    )
    return Table("rifts", "The leader divides them later", "shift", columns, rows, actors=("norland", "", ""))


@pytest.fixture
def matrix_table() -> Table:
    """Both signs, an undefined diagonal, one cell undefined in some worlds."""
    rows = (
        ("Norland", None, spread(0.42, 0.3, 0.5)),
        ("Sudland", spread(-0.71, -0.9, -0.5, 7), None),
    )
    columns = (Column("who", "Actor"), Column("n", "Norland", "", -1, 1), Column("s", "Sudland", "", -1, 1))
    return Table("similarity", "They differ", "matrix", columns, rows, extra={"low_means": "opposed"})


@pytest.fixture
def scale_table() -> Table:
    """Actors at both ends, in the middle and without a position, with a forecast."""
    rows = (
        ("Norland", spread(75, 60, 84), spread(2, 1, 3)),
        ("Sudland", spread(95, 90, 100), spread(1, 1, 1)),
        ("Westland", spread(10, 0, 25, 3), spread(0.5, 0.1, 1)),
        ("Zealots", None, None),
    )
    columns = (Column("who", "Actor"), Column("position", "position", "", 0, 100), Column("weight", "Weight"))
    extra = {
        "low_means": "he goes",
        "high_means": "he stays",
        "forecast": spread(62, 48, 71),
        "reference_point": 80,
    }
    return Table(
        "leader",
        "He is likely to stay",
        "scale",
        columns,
        rows,
        "",
        ("norland", "sudland", "westland", "zealots"),
        extra,
    )


@pytest.fixture
def curves_table() -> Table:
    """Two actors' lines and one of nobody, one of them undefined at the end; runs left; a level worth a line."""
    falling = [spread(1 - month / 50, 0.9 - month / 50, 1 - month / 80) for month in range(25)]
    rising = [spread(month / 40, month / 60, month / 30) if month < 20 else EMPTY for month in range(25)]
    rows = tuple((month, falling[month], rising[month], spread(0.5, 0.4, 0.6)) for month in range(25))
    columns = (
        Column("month", "Month", "months"),
        Column("n", "Trust of Norland", "share", 0, 1),
        Column("s", "Trust of Sudland", "share", 0, 1),
        Column("war", "course of the war", "share", 0, 1),
    )
    extra = {
        "line": "mean",
        "step": True,
        "mark": 0.5,
        "actors": {"n": "norland", "s": "sudland"},
        "at_risk": {"n": tuple(1000 - 40 * month for month in range(25))},
    }
    return Table("trust", "Trust falls", "curves", columns, rows, extra=extra)


@pytest.fixture
def areas_table() -> Table:
    """Two causes that add up to six tenths, and what is left."""
    rows = tuple((month, month / 60, month / 120) for month in range(49))
    columns = (
        Column("month", "Month", "months"),
        Column("sold", "sell-out", "share", 0, 1),
        Column("left", "abandonment", "share", 0, 1),
    )
    extra = {"rest": "still together", "order": ("left", "sold")}
    return Table("endings", "Most are sold out", "areas", columns, rows, extra=extra)


@pytest.fixture(params=["intervals", "shift", "matrix", "scale", "curves", "areas"])
def any_table(
    request: pytest.FixtureRequest,
    intervals_table: Table,
    shift_table: Table,
    matrix_table: Table,
    scale_table: Table,
    curves_table: Table,
    areas_table: Table,
) -> Table:
    """A table of each kind in turn."""
    every = (intervals_table, shift_table, matrix_table, scale_table, curves_table, areas_table)
    tables = {t.kind: t for t in every}
    return tables[request.param]
