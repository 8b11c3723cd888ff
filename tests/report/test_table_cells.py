"""How many decimals a table shows: those of a column, or of each cell where rows are on scales of their own."""

from __future__ import annotations

from accord.finding import Column, Spread, Table
from accord.report.tables import table_view


def shown(*columns: Column) -> list[str]:
    """The second column of a table with a wide and a narrow scale below one another."""
    wide, narrow = Spread(74.2, 68.4, 74.0, 78.1, 9), Spread(0.512, 0.46, 0.51, 0.55, 9)
    other = Spread(0.5, 0.4, 0.5, 0.6, 9)
    table = Table(
        "t", "Title", "intervals", (Column("a", "A"), columns[0], Column("c", "C", "", 0.0, 1.0)),
        (("wide", wide, other), ("narrow", narrow, other)),
    )  # fmt: skip
    return [row[1].text for row in table_view(table, {}).rows]


def test_rows_on_scales_of_their_own_keep_their_decimals() -> None:
    assert shown(Column("b", "On its own scale")) == ["74 (68 to 78)", "0.51 (0.46 to 0.55)"]


def test_a_column_of_one_unit_has_the_same_decimals_throughout() -> None:
    assert shown(Column("b", "Years", "years"))[1] == "1 (0.46 to 1)"
