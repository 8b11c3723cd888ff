"""What the lens reads from a store: alliances, nearest cases, indicators."""

import dataclasses
import math

import numpy as np
import pytest

from accord.lenses.precedent import (
    agreement,
    alliances,
    base_rates,
    capability,
    compliance,
    event_counts,
    ideal_point_distance,
    nearest,
    tie_rates,
    vote_agreement,
)
from accord.lenses.precedent.recompute import compare
from accord.problems import SituationError

LIKE = {
    "defense": False,
    "offense": False,
    "nonaggression": True,
    "bilateral": True,
    "majors": 1,
    "year": 1930,
}


def test_alliances(small_store) -> None:
    table = alliances(small_store)
    assert table.ids.tolist() == [9001, 9002, 9003]
    assert table.durations == pytest.approx(
        [4.0, 11 + (2 - 6) / 12 + (14 - 9) / 365.25, 2017 - 1950 - 14 / 365.25]
    )
    assert table.ended.tolist() == [1, 2, 0]
    assert table.members == ((200, 740), (365, 630), (2, 20, 200))
    assert table.features["majors"].tolist() == [2, 0, 2]  # Japan from 1895, Russia not in 1920
    assert np.isnan(table.features["military_aid"][1])
    assert table.features["fixed_term"].tolist() == [1, 0, 0]
    assert table.version == "4.01"
    assert [rate.n for rate in base_rates(table, ["all", "bilateral", "wartime"]).values()] == [3, 2, 1]


def test_nearest_says_why(small_store) -> None:
    first, second, third = nearest(LIKE, small_store)
    assert (first.name, first.atopid, first.ended) == ("Iran and Russia, 1920", 9002, "violated")
    assert first.differs == ("majors", "year")
    assert first.agrees == ("offense", "defense", "nonaggression", "bilateral")
    # One of two majors, ten of 49 years, four alike.
    assert first.distance == pytest.approx((1 / 2 + 10 / 49) / 6)
    assert [second.name, third.name] == [
        "Japan and United Kingdom, 1901",
        "Canada, United Kingdom and United States, 1950",
    ]
    assert [one.atopid for one in nearest(LIKE, small_store, k=2, leave_out=frozenset({9002}))] == [
        9001,
        9003,
    ]
    assert third.ended == ""


def test_the_same_features_are_nearest(small_store) -> None:
    table = alliances(small_store)
    for row, number in enumerate(table.ids.tolist()):
        own = {
            name: float(values[row]) for name, values in table.features.items() if not np.isnan(values[row])
        }
        found = nearest(own, table)[0]
        assert (found.atopid, found.distance, found.differs) == (number, 0.0, ())


def test_nearest_does_not_depend_on_order(small_store) -> None:
    table = alliances(small_store)
    back = dataclasses.replace(
        table,
        **{name: getattr(table, name)[::-1] for name in ("ids", "begins", "durations", "ended", "members")},
        features={name: values[::-1] for name, values in table.features.items()},
    )
    assert nearest(LIKE, back) == nearest(LIKE, table)


def test_nearest_needs_something_to_go_by(small_store) -> None:
    with pytest.raises(ValueError, match="only 2 features are stated; expected 3 or more"):
        nearest({"defense": True, "year": 1900}, small_store)
    with pytest.raises(ValueError, match="k is 0"):
        nearest(LIKE, small_store, k=0)


def test_indicators(small_store) -> None:
    assert capability("Russia", small_store) == {2000: 0.05}
    assert capability("RUS", small_store) == capability(365, small_store)
    assert ideal_point_distance("Iran", "Russian", small_store) == {2000: 0.75}  # Iran has none in 2001
    votes = vote_agreement("Iran", "Russia", small_store)
    assert votes == {2000: agreement([1, 2], [1, 3])}
    events = event_counts("Iran", "Russia", small_store)[2018]
    assert dataclasses.astuple(events) == (1, 0, 0, 1, -4.5)
    assert event_counts("Russia", "Iran", small_store) == event_counts("Iran", "Russia", small_store)
    assert event_counts("Iran", "France", small_store) == {}


def test_agreement_does_not_depend_on_who_is_first() -> None:
    rng = np.random.default_rng(0)
    one, two = rng.integers(1, 4, 200), rng.integers(1, 4, 200)
    assert agreement(one, two) == agreement(two, one)
    # Turning yes and no round changes nothing.
    assert dataclasses.astuple(agreement(4 - one, 4 - two)) == pytest.approx(
        dataclasses.astuple(agreement(one, two))
    )
    assert abs(agreement(one, two).pi) < 0.2
    assert agreement([], []).n == 0
    assert math.isnan(agreement([8], [1]).agree)


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (tie_rates, "the pair-and-year form of ATOP has not been imported"),
        (compliance, "the list of alliances tested by war has not been imported"),
        (lambda store: capability("Irann", store), "no state is known as 'Irann'; try: did you mean 'Iran'?"),
    ],
)
def test_what_is_not_there_is_told(small_store, ask, says) -> None:
    with pytest.raises(SituationError) as told:
        ask(small_store)
    assert says in str(told.value)


def test_no_store_at_all(tmp_path) -> None:
    with pytest.raises(SituationError, match="nothing has been imported"):
        alliances(tmp_path / "none.duckdb")
    with pytest.raises(SituationError, match="nothing has been imported"):
        compare(tmp_path / "none.duckdb")
