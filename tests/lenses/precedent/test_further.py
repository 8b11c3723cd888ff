"""Survival given the age: known values, properties, an independent way, and the limits of what is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from accord.lenses.precedent import base_rates, further_of, kaplan_meier, rate_from
from accord.lenses.precedent.alliances import alliances

# By hand: six begin; ends at 1, 2 (two of 5 left), lost at 3, ends at 4 (one of 2), lost at 5.
DURATIONS, ENDED = [1.0, 2.0, 2.0, 3.0, 4.0, 5.0], [1, 1, 2, 0, 1, 0]


@pytest.mark.parametrize(
    ("name", "age", "share", "count"), [("defense", 22, 0.66, 66), ("wartime", 6, 0.78, 23)]
)
def test_known_values(name: str, age: float, share: float, count: int) -> None:
    found = base_rates(by=name)[name].further(age, 5)
    assert found.value == pytest.approx(share, abs=5e-3)
    assert found.at_risk == count
    assert found.low < found.value < found.high
    assert not found.thin
    assert found.why == ""


def test_shipped_and_imported_say_the_same(shared_store) -> None:
    shipped, own = base_rates(), base_rates(alliances(shared_store))
    for name, rate in shipped.items():
        for age in (0, 1, 6, 22, 40, 79):
            for years in (0, 1, 5, 20):
                one, other = rate.further(age, years), own[name].further(age, years)
                assert (one.at_risk, one.why) == (other.at_risk, other.why)
                assert one.share == pytest.approx(other.share, abs=1e-4, nan_ok=True)


def test_it_is_the_curve_of_those_that_are_left(shared_store) -> None:
    """An independent way: Kaplan and Meier from the age on, of those still there."""
    table = alliances(shared_store)
    every = kaplan_meier(table.durations, table.ended)
    for age in (1.3, 6.3, 22.3):  # at which nothing ends
        left = table.durations > age
        alone = kaplan_meier(table.durations[left] - age, table.ended[left])
        for years in (1.0, 5.0, 12.5):
            found = further_of(every, age, years)
            assert found.at_risk == int(left.sum())
            assert found.share == pytest.approx(alone.at(years), abs=1e-9)


def test_by_hand() -> None:
    curve = kaplan_meier(DURATIONS, ENDED)
    found = further_of(curve, 2.0, 2.0)
    assert found.value == pytest.approx(0.5)
    assert found.at_risk == 5, "those that end at this very age were there until then"
    # Greenwood from 2 to 4: 1/(2 1).
    spread = math.exp(1.959963984540054 * math.sqrt(0.5) / -math.log(0.5))
    assert (found.low, found.high) == pytest.approx((0.5**spread, 0.5 ** (1 / spread)))


def test_at_age_0_it_is_the_curve() -> None:
    rate = base_rates(by="wartime")["wartime"]
    for years in (1.0, 5.0, 20.0):
        assert rate.further(0, years).share == rate.survival[years]
    assert rate.further(0, 5).at_risk == rate.n


def test_no_years_more_is_certain() -> None:
    assert base_rates(by="all")["all"].further(22, 0).value == 1.0


def test_it_falls_with_the_years_and_multiplies() -> None:
    rate = base_rates(by="all")["all"]
    shares = [rate.further(7, years).value for years in range(1, 30)]
    assert shares == sorted(shares, reverse=True)
    whole = rate.further(7, 4).value * rate.further(11, 6).value
    assert whole == pytest.approx(rate.further(7, 10).value)


def test_between_the_ages_of_the_table() -> None:
    rate = base_rates(by="all")["all"]
    low, middle, high = (rate.further(age, 0.5) for age in (6.0, 6.5, 7.0))
    assert low.value == pytest.approx(middle.value), "the hazard is the same all year"
    assert middle.at_risk == high.at_risk <= low.at_risk


def test_what_nobody_reached_is_not_known_and_told() -> None:
    rate = base_rates(by="offense")["offense"]
    gone = rate.further(80, 5)
    assert math.isnan(gone.value)
    assert gone.at_risk == 0
    assert "none is under observation at the age of 80" in gone.why
    every = base_rates(by="all")["all"]
    late = every.further(78, 10)
    assert math.isnan(late.value)
    assert late.at_risk > 0
    assert "10 years later" in late.why
    assert every.further(78, 1).thin


def test_all_ended() -> None:
    rate = rate_from("x", "x", np.array([1.0, 2.0, 3.0, 4.0]), np.array([1, 1, 1, 1]))
    found = rate.further(2, 5)
    assert found.value == 0.0
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 3)), "the exact limit of 0 of those 3"
    assert rate.further(1, 90).value == 0.0
    assert math.isnan(rate.further(90, 1).value)


def test_the_level_is_that_of_the_rate() -> None:
    times, ends = np.array(DURATIONS), np.array(ENDED)
    wide, narrow = (rate_from("x", "x", times, ends, level).further(2, 2) for level in (0.95, 0.5))
    assert wide.low < narrow.low < narrow.high < wide.high


@pytest.mark.parametrize(("age", "years"), [(-1, 5), (1, -5), (math.nan, 5), (1, math.inf)])
def test_ages_that_are_none(age: float, years: float) -> None:
    with pytest.raises(ValueError, match="expected 0 or more years"):
        base_rates(by="all")["all"].further(age, years)
    with pytest.raises(ValueError, match="expected 0 or more years"):
        further_of(kaplan_meier(DURATIONS, ENDED), age, years)


def test_a_curve_of_incidence_has_none() -> None:
    from accord.lenses.precedent import aalen_johansen

    with pytest.raises(ValueError, match="incidence"):
        further_of(aalen_johansen(DURATIONS, ENDED)[1], 1, 1)
