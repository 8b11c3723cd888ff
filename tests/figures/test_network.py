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
    assert f"and {data.more_ties} weaker ties that are not drawn" in network._more(data)
    assert "in the table" not in alt_of(table_of(20, every)), "ties are no rows of this table"
    assert min(w for _, _, w in data.ties) >= max(
        w for _, _, w in every if w not in {t[2] for t in data.ties}
    )


def test_many_lines_have_room() -> None:
    every = [(i, j, 1.0) for i, j in itertools.combinations(range(20), 2)]
    dense, sparse = data_of(table_of(20, every)), data_of(table_of(20))
    assert network._radius(dense) > 1.5 * network._radius(sparse)


def test_only_the_triads_of_the_strongest_ties_are_shaded() -> None:
    every = [(i, j, -1.0 if 0 in (i, j) and j > 2 else -0.5) for i, j in itertools.combinations(range(6), 2)]
    every = [(i, j, -2.0 if {i, j} <= {3, 4, 5} else w) for i, j, w in every]
    triads = tuple(itertools.combinations(range(6), 3))
    data = data_of(table_of(6, every, triads=triads))
    assert len(data.triads) == network.MOST_TRIADS <= 4
    assert data.more_triads == len(triads) - network.MOST_TRIADS
    assert data.triads[0] == (3, 4, 5)


def test_the_legend_claims_nothing_that_a_size_need_not_be() -> None:
    assert "capability" not in " ".join(text for _, text in network._signs(data_of(table_of())))


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


@pytest.mark.parametrize("kind", ["intervals", "curves", "matrix"])
def test_a_table_can_say_what_its_ranges_hold(kind: str) -> None:
    """Not every range is one of worlds: key and words then name what it is."""
    first = 1.0 if kind == "curves" else "one"
    cell, later = Spread(0.4, 0.2, 0.4, 0.7, 9), Spread(0.3, 0.1, 0.3, 0.6, 9)
    columns = (Column("a", "A", "years"), Column("b", "B", "share", 0.0, 1.0))
    rows = ((first, cell), (2.0 if kind == "curves" else "two", later))
    plain = Table("t", "Title", kind, columns, rows)  # type: ignore[arg-type]
    told = replace(plain, extra={"range": "95 of 100 samples"})
    assert "95 of 100 samples" in alt_of(told)
    assert "90 of 100 worlds" not in alt_of(told)
    assert "90 of 100 worlds" in alt_of(plain)
