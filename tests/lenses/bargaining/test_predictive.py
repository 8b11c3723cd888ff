"""Distributions over a scale: what must hold for any of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.lenses.bargaining.predictive import Distribution, of_values


@st.composite
def laws(draw):
    places = sorted(draw(st.sets(st.integers(0, 100), min_size=1, max_size=12)))
    mass = np.array(draw(st.lists(st.integers(0, 9), min_size=len(places), max_size=len(places))), float)
    mass = mass if mass.any() else mass + 1
    return Distribution(np.array(places, float), mass / mass.sum(), 0, 100)


@given(laws())
def test_cdf_and_quantile_fit_together(law) -> None:
    x = np.linspace(-1, 101, 300)
    cdf = law.cdf(x)
    assert cdf[0] == 0
    assert cdf[-1] == 1
    assert (np.diff(cdf) >= 0).all()
    shares = np.linspace(0, 1, 41)
    places = law.quantile(shares)
    assert (np.diff(places) >= 0).all()
    assert (law.cdf(places) >= shares - 1e-9).all()
    assert (law.cdf(places - 1e-6)[1:] <= shares[1:] + 1e-9).all()


@given(laws(), st.floats(0, 100))
def test_crps_is_the_integral_of_squares(law, outcome) -> None:
    edges = np.unique(np.concatenate([law.places, [0, outcome, 100]]))
    middle = (edges[1:] + edges[:-1]) / 2
    wanted = ((law.cdf(middle) - (middle >= outcome)) ** 2 * np.diff(edges)).sum()
    assert float(law.crps(outcome)) == pytest.approx(wanted, abs=1e-9)


@given(laws(), st.floats(0, 1))
def test_intervals_hold_what_they_promise(law, share) -> None:
    for kind in ("shortest", "central"):
        low, high = law.interval(share, kind)
        assert float(law.cdf(high) - law.cdf(low - 1e-6)) >= share - 1e-9
    short, central = (np.subtract(*law.interval(share, kind)[::-1]) for kind in ("shortest", "central"))
    assert short <= central + 1e-9


@given(laws(), st.floats(0, 100))
def test_the_median_errs_least(law, other) -> None:
    def expected(point):
        return np.abs(law.places - point) @ law.mass

    assert expected(law.median) <= expected(other) + 1e-9


def test_a_sure_forecast() -> None:
    law = Distribution(np.array([4.0]), np.array([1.0]), 0, 10)
    assert (law.mean, law.median, law.deviation, law.interval(0.9)) == (4, 4, 0, (4, 4))
    assert float(law.crps(7)) == 3
    assert law.crps([4, 3]).tolist() == [0, 1]


def test_samples_are_repeatable_and_follow_the_law() -> None:
    law = Distribution(np.array([0.0, 50, 100]), np.array([0.2, 0.5, 0.3]), 0, 100)
    drawn = law.sample(4000, seed=0)
    assert (drawn == law.sample(4000, seed=0)).all()
    assert (drawn != law.sample(4000, seed=1)).any()
    assert [np.mean(drawn == place) for place in law.places] == pytest.approx([0.2, 0.5, 0.3], abs=0.03)


def test_values_are_cut_to_the_scale() -> None:
    law = of_values([-5, 3, 3, 12], 0, 10)
    assert law.places.tolist() == [0, 3, 10]
    assert law.mass.tolist() == [0.25, 0.5, 0.25]


@pytest.mark.parametrize(
    ("places", "mass"),
    [([1, 1], [0.5, 0.5]), ([0, 11], [0.5, 0.5]), ([0, 1], [0.5, 0.4]), ([0, 1], [1.5, -0.5]), ([], [])],
)
def test_what_is_no_distribution_is_refused(places, mass) -> None:
    with pytest.raises(ValueError, match=r"must"):
        Distribution(np.array(places, float), np.array(mass, float), 0, 10)


def test_wrong_questions_are_refused() -> None:
    law = of_values([1], 0, 10)
    with pytest.raises(ValueError, match="from 0 to 1"):
        law.quantile(1.1)
    with pytest.raises(ValueError, match="shortest"):
        law.interval(0.5, "widest")
    with pytest.raises(ValueError, match="read-only"):
        law.mass[0] = 2
