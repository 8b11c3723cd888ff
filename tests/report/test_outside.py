"""The outside view beside the inside view: what is compared, and which way they disagree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accord.finding import Column, Finding, Measure, Spread, Table
from accord.report.outside import beside, with_outside
from accord.report.tables import table_view


def inside(low: float, median: float, high: float) -> Finding:
    """What the model expects after five years."""
    spread = Spread(median, low, median, high, 100)
    return Finding(
        "endurance", "q", "found", measures=(Measure("survival.theatre.60", "Joint effort", spread),)
    )


def outside(*shares: float) -> Finding:
    """Base rates of some classes after five and after ten years."""
    found = []
    for k, share in enumerate(shares):
        for year, value in ((5, share), (10, share / 2)):
            spread = Spread(value, value - 0.05, value, value + 0.05, 100)
            found.append(
                Measure(f"base_rate.class{k}.{year}", f"Still there after {year} years: class {k}", spread)
            )
    return Finding("precedent", "q", "found", measures=tuple(found))


@pytest.mark.parametrize(
    ("model", "classes", "words"),
    [
        ((0.1, 0.2, 0.3), (0.4, 0.9), "more sceptical than every class"),
        ((0.96, 0.97, 0.99), (0.4, 0.9), "more confident than every class"),
        ((0.1, 0.3, 0.6), (0.4, 0.9), "leans to the sceptical side"),
        ((0.5, 0.95, 0.99), (0.4, 0.9), "leans to the confident side"),
        ((0.1, 0.5, 0.9), (0.4, 0.9), "do not contradict one another"),
        ((0.92, 0.94, 0.99), (0.4, 0.9), "leans to the confident side"),
        ((0.1, 0.2, 0.37), (0.4, 0.9), "leans to the sceptical side"),
    ],
)
def test_says_which_way_the_views_disagree(model, classes, words) -> None:
    table = beside(inside(*model), outside(*classes))
    assert table is not None
    assert words in table.title
    assert len(table.rows) == 1 + len(classes), "five years only"
    assert table.rows[1][0] == "Outside: class 0"


def test_nothing_is_compared_where_one_view_is_missing() -> None:
    lone = outside(0.4)
    assert with_outside([lone]) == (lone,)
    silent = Finding("endurance", "q", "failed")
    assert with_outside([silent, lone]) == (silent, lone)


def test_the_table_leads_the_outside_view() -> None:
    first, second = with_outside([inside(0.1, 0.2, 0.3), outside(0.4)])
    assert not first.tables
    assert [table.name for table in second.tables] == ["outside"]


def test_the_title_names_the_level_that_is_known() -> None:
    spread = Spread(0.5, 0.1, 0.5, 0.9, 100)
    only = Finding("endurance", "q", "found", measures=(Measure("survival.bilateral.60", "x", spread),))
    table = beside(only, outside(0.4))
    assert table is not None
    assert "the partnership as such" in table.title
    assert "joint effort" not in table.title


def test_what_is_not_known_is_not_compared() -> None:
    nan = float("nan")
    assert beside(inside(nan, nan, nan), outside(0.4)) is None
    assert beside(inside(0.1, 0.2, 0.3), outside(nan)) is None


def test_headings_of_the_table_name_its_ranges() -> None:
    table = beside(inside(0.1, 0.2, 0.3), outside(0.4))
    assert table is not None
    heads = [head.text for head in table_view(table, {}).heads]
    assert not any("percentile" in head or "best estimates" in head for head in heads)
    assert any("95 of 100 samples" in head for head in heads)
    rows = table_view(table, {}).rows
    assert all(len(row) == len(heads) for row in rows)


def a_matrix(**extra: object) -> Table:
    """Two who are set beside one another, nobody beside itself."""
    share = Spread(0.5, 0.4, 0.5, 0.6, 100)
    columns = (Column("x", "Actor"), *(Column(name, name, "share", 0.0, 1.0) for name in ("Iran", "russia")))
    rows = (("Iran", None, share), ("Russia", share, None))
    return Table("t", "Title", "matrix", columns, rows, extra=dict(extra))


def test_captions_say_what_stands_in_brackets() -> None:
    plain = table_view(a_matrix(), {})
    assert plain.caption == "At the best estimates; in brackets: 5th and 95th percentile over worlds."
    told = table_view(a_matrix(known="share of alliances", range="95 of 100 samples of that size"), {})
    assert told.caption == "Share of alliances; in brackets: 95 of 100 samples of that size."
    line = table_view(a_matrix(line="share", range="two standard errors"), {})
    assert line.caption == "Share of worlds; in brackets: two standard errors."


def test_nobody_is_undefined_beside_itself() -> None:
    texts = [cell.text for row in table_view(a_matrix(), {}).rows for cell in row]
    assert "undefined" not in texts
    assert texts.count("–") == 2
    gap = replace(a_matrix(), rows=(("Iran", None, None),))
    assert [cell.text for cell in table_view(gap, {}).rows[0]] == ["Iran", "–", "undefined"]
