"""Networks and wells: the same layout for the same table, nothing hidden, nothing outside the drawing."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

import pytest

import accord
from accord.figures import alt_of, data_of, is_drawn, network, style, svg_of, wells
from accord.finding import Column, Spread, Table


def table_of(count: int = 7, ties: list[tuple[int, int, float]] | None = None, **extra: Any) -> Table:
    """A network of so many actors in two camps."""
    rows = tuple((f"actor {i}", 1.0 + i) for i in range(count))
    held = [(0, 1, 1.0), (1, 2, -0.5), (0, 2, 0.25)] if ties is None else ties
    camps = tuple(i % 2 for i in range(count))
    return Table(
        "network",
        "They stand apart",
        "network",
        (Column("actor", "Actor"), Column("size", "Size")),
        rows,
        extra={"camps": camps, "ties": tuple(held), "triads": ((0, 1, 2),), **extra},
    )


@pytest.mark.parametrize("count", [1, 2, 5, 12, 28, 60])
def test_actors_stand_clear_of_one_another_and_inside(count: int) -> None:
    data = data_of(table_of(count, [], triads=()))
    at, room = network.places(data), network.height_of(data)
    for x, y in at:
        assert 0 < x < style.INNER
        assert 0 < y < room
    closest = min((math.dist(a, b) for a, b in itertools.combinations(at, 2)), default=99.0)
    largest = min(22.0, 0.8 * 2 * math.pi * network._radius(data) / (count + 2))
    assert closest > 0.95 * largest


def test_camps_stand_side_by_side() -> None:
    data = data_of(table_of(10))
    at = network.places(data)
    left = [x for (x, _), node in zip(at, data.nodes, strict=True) if node.camp == 0]
    right = [x for (x, _), node in zip(at, data.nodes, strict=True) if node.camp == 1]
    assert max(left) < style.INNER / 2 < min(right) + 1e-9


def test_the_same_table_gives_the_same_bytes_whatever_the_order_of_ties() -> None:
    case = accord.read("tehran-moscow-2015")
    table = table_of()
    turned = replace(table, extra={**table.extra, "ties": tuple(reversed(table.extra["ties"]))})
    assert svg_of(table, case) == svg_of(turned, case)


def test_words_name_camps_ties_and_triads() -> None:
    said = alt_of(table_of())
    assert "2 ties that attract and 1 that repel" in said
    assert "Actor 0 and Actor 1 1.00" in said
    assert "Cannot all have their way: Actor 0, Actor 1 and Actor 2" in said


def test_what_is_not_drawn_is_told() -> None:
    every = [(i, j, 1.0 / (1 + i + j)) for i, j in itertools.combinations(range(20), 2)]
    data = data_of(table_of(20, every))
    assert len(data.ties) == network.MOST_TIES
    assert data.more_ties == len(every) - network.MOST_TIES
    assert f"and {data.more_ties} weaker ties in the table" in network._more(data)
    assert min(w for _, _, w in data.ties) >= max(
        w for _, _, w in every if w not in {t[2] for t in data.ties}
    )


@pytest.mark.parametrize(
    "extra",
    [{"camps": (0, 1)}, {"ties": ((0, 9, 1.0),)}, {"ties": ((0, 0, 1.0),)}, {"triads": ((0, 1, 7),)}],
)
def test_tables_that_do_not_fit_are_refused(extra: dict[str, Any]) -> None:
    table = table_of()
    with pytest.raises(ValueError, match="of kind 'network'"):
        data_of(replace(table, extra={**table.extra, **extra}))


def wells_of(*rows: tuple[Any, ...]) -> Table:
    """A landscape."""
    columns = (Column("division", "Division"), Column("energy", "Energy"), Column("basin", "Basin"))
    return Table("wells", "One fits best", "wells", columns, rows)


def test_the_lowest_energy_comes_first_and_deepest() -> None:
    data = data_of(wells_of(("b", -1.0, 0.7), ("a", -3.0, 0.3)))
    assert [well.label for well in data.wells] == ["A", "B"]
    deep = wells._depths(data)
    assert deep[0] > deep[1] > 0
    wide = wells._widths(data)
    assert wide[1] > wide[0]
    assert sum(wide) == pytest.approx(style.INNER)


def test_equal_wells_are_equally_deep_and_many_are_told() -> None:
    many = data_of(wells_of(*((f"w{i}", -1.0, 0.1) for i in range(11))))
    assert len(set(wells._depths(many))) == 1
    assert many.more == 11 - wells.MOST_WELLS
    assert "3 more in the table" in alt_of(wells_of(*((f"w{i}", -1.0, 0.1) for i in range(11))))


def test_wells_without_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="energy and a basin"):
        data_of(wells_of(("a", "low", 0.3)))


def test_spreads_are_taken_at_the_best_estimate() -> None:
    data = data_of(wells_of(("a", Spread(-2.0, -3.0, -2.0, -1.0, 5), 0.3)))
    assert data.wells[0].energy == -2.0
    assert is_drawn(wells_of(("a", -1.0, 1.0)))
