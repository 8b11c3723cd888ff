"""The calibration figure: its numbers, its words, nothing on top of anything else."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from accord.figures import alt_of, data_of, svg_of
from accord.finding import Cell, Column, Table

ROWS: tuple[tuple[Cell, ...], ...] = (
    ("0 and 0.2", 0.1, 0.25, 0.05, 0.6, 4),
    ("0.6 and 0.8", 0.62, 1.0, 0.2, 1.0, 1),
    ("0.8 and 1", 0.97, 1.0, 0.2, 1.0, 1),
)
SPOTS = ((0.1, False), (0.05, True), (0.62, True), (0.97, True))


def table(*rows: tuple[Cell, ...]) -> Table:
    """A calibration table."""
    names = ("group", "mean", "share", "low", "high", "n")
    return Table(
        "calibration",
        "Too few",
        "calibration",
        tuple(Column(n, n) for n in names),
        rows,
        extra={"spots": SPOTS},
    )


def texts(svg: str) -> list[str]:
    """Every line of text."""
    root = ElementTree.fromstring(svg)
    return ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")]


def test_groups_and_single_forecasts() -> None:
    data = data_of(table(*ROWS))
    assert [(one.mean, one.share, one.count) for one in data.groups] == [
        (0.1, 0.25, 4),
        (0.62, 1.0, 1),
        (0.97, 1.0, 1),
    ]
    assert data.spots == SPOTS


def test_it_says_its_numbers() -> None:
    said = alt_of(table(*ROWS))
    assert "4 forecasts, 3 came true" in said
    assert (
        "0 and 0.2: 4 forecasts of 0.10 on average, 0.25 came true, between 0.05 and 0.60 by chance" in said
    )


def test_it_is_drawn_without_a_situation_and_the_same_every_time() -> None:
    svg = svg_of(table(*ROWS), None)
    assert svg == svg_of(table(*ROWS), None)
    assert len(svg) < 20_000
    assert texts(svg).count("n = 1") == 2


def test_counts_of_neighbours_do_not_overlap() -> None:
    near = (("a", 0.39, 1.0, 0.2, 1.0, 1), ("b", 0.41, 1.0, 0.2, 1.0, 1), ("c", 0.43, 1.0, 0.2, 1.0, 1))
    from accord.figures import calibration

    written: list[tuple[float, float]] = []
    data = data_of(table(*near))

    class Ax:
        transData = None

        def add_artist(self, words: object) -> None:
            pass

    for group in data.groups:
        calibration._write_count(data, Ax(), group, written)  # type: ignore[arg-type]
    heights = [y for _, y in written]
    assert all(abs(one - other) > 10 for one, other in pairwise(heights))


@pytest.mark.parametrize(
    "row", [("a", 0.1, 0.2, 0.1, 0.3), ("a", None, 0.2, 0.1, 0.3, 2), (1, 0.1, 0.2, 0.1, 0.3, 2)]
)
def test_another_kind_of_row_is_refused(row: tuple[Cell, ...]) -> None:
    with pytest.raises(ValueError, match="columns of quantities"):
        data_of(table(row))


def test_without_single_forecasts_none_is_spoken_of() -> None:
    plain = Table("c", "T", "calibration", table().columns, ROWS)
    assert not any("triangles" in text for text in texts(svg_of(plain, None)))
    assert "0 forecasts" not in alt_of(plain)


def test_counts_can_be_left_to_the_numbers() -> None:
    bare = Table("c", "T", "calibration", table().columns, ROWS, extra={"counted": False})
    assert not any("n = " in text for text in texts(svg_of(bare, None)))
    assert any("n = " in text for text in texts(svg_of(table(*ROWS), None)))
    assert "4 forecasts of 0.1" in alt_of(bare)
