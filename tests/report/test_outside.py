"""The outside view beside the inside view: what is compared, and which way they disagree."""

from __future__ import annotations

import pytest

from accord.finding import Finding, Measure, Spread
from accord.report.outside import beside, with_outside


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
        ((0.92, 0.95, 0.99), (0.4, 0.9), "more confident than every class"),
        ((0.1, 0.3, 0.6), (0.4, 0.9), "leans to the sceptical side"),
        ((0.5, 0.95, 0.99), (0.4, 0.9), "leans to the confident side"),
        ((0.1, 0.5, 0.9), (0.4, 0.9), "do not contradict one another"),
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
