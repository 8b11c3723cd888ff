"""Survival and incidence: by hand, by property, and against lifelines."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.lenses.precedent import aalen_johansen, kaplan_meier, median_of, weibull
from accord.lenses.precedent.survival import rate_of, share_of

# Six alliances: ends at 1, 2, 2 (another cause), 4; two still there after 3 and 5.
TIMES, CODES = [1.0, 2.0, 2.0, 3.0, 4.0, 5.0], [1, 1, 2, 0, 1, 0]


def test_survival_by_hand() -> None:
    curve = kaplan_meier(TIMES, CODES)
    assert curve.times.tolist() == [1, 2, 4]
    assert curve.at_risk.tolist() == [6, 5, 2]
    assert curve.value == pytest.approx([5 / 6, 5 / 6 * 3 / 5, 5 / 6 * 3 / 5 / 2], abs=1e-15)
    # Greenwood: 1/(6 x 5) + 2/(5 x 3); on the log-log scale.
    deviation = math.sqrt(1 / 30 + 2 / 15) / -math.log(0.5)
    assert curve.low[1] == pytest.approx(0.5 ** math.exp(1.959963984540054 * deviation), abs=1e-12)
    assert curve.high[1] == pytest.approx(0.5 ** math.exp(-1.959963984540054 * deviation), abs=1e-12)
    assert [curve.still(age) for age in (0, 1, 1.5, 2, 5, 5.1)] == [6, 6, 5, 5, 1, 0]


def test_incidence_by_hand() -> None:
    one, two = aalen_johansen(TIMES, CODES).values()
    assert one.value == pytest.approx([1 / 6, 1 / 6 + 5 / 6 / 5, 1 / 6 + 1 / 6 + 0.5 / 2], abs=1e-15)
    assert two.value == pytest.approx([0, 1 / 6, 1 / 6], abs=1e-15)


def test_before_the_first_end_and_after_the_last_look() -> None:
    curve = kaplan_meier(TIMES, CODES)
    # Nothing has happened to six: certain is only that the share is above .025^(1/6).
    assert curve.at(0.5) == (1.0, pytest.approx(0.025 ** (1 / 6)), 1.0)
    assert aalen_johansen(TIMES, CODES)[2].at(1.5) == (0.0, 0.0, pytest.approx(1 - 0.025 ** (1 / 5)))
    assert all(math.isnan(part) for part in curve.at(5.1))
    over = kaplan_meier([1, 2], [1, 1])
    assert over.at(99)[:2] == (0.0, 0.0)
    assert over.at(99).high == over.at(1).high


def test_median() -> None:
    assert median_of(kaplan_meier(TIMES, CODES)).value == 2.0
    assert median_of(kaplan_meier([1, 2, 3], [1, 0, 0])).value == math.inf
    # 122 of 244 is one half, whatever the rounding of the product.
    assert median_of(kaplan_meier(np.arange(1.0, 245.0), np.ones(244))).value == 122.0


samples = st.lists(
    st.tuples(st.integers(1, 60).map(lambda n: n / 4), st.integers(0, 3)), min_size=1, max_size=60
)


@settings(max_examples=200, deadline=None)
@given(samples)
def test_everything_that_can_happen_sums_to_one(sample) -> None:
    times, codes = zip(*sample, strict=True)
    survival, causes = kaplan_meier(times, codes), aalen_johansen(times, codes)
    total = survival.value + sum(curve.value for curve in causes.values())
    assert total == pytest.approx(np.ones_like(total), abs=1e-12)
    for curve in (survival, *causes.values()):
        inside = ~np.isnan(curve.low)
        assert np.all(curve.low[inside] <= curve.value[inside] + 1e-12)
        assert np.all(curve.value[inside] <= curve.high[inside] + 1e-12)
    assert np.all(np.diff(survival.value) <= 0)


@settings(max_examples=50, deadline=None)
@given(samples, st.randoms(use_true_random=False), st.sampled_from([0.5, 12.0]))
def test_order_and_unit_make_no_difference(sample, luck, unit) -> None:
    shuffled = list(sample)
    luck.shuffle(shuffled)
    one = kaplan_meier(*zip(*sample, strict=True))
    two = kaplan_meier([t * unit for t, _ in shuffled], [c for _, c in shuffled])
    assert np.array_equal(one.value, two.value)
    assert np.array_equal(one.low, two.low, equal_nan=True)
    assert one.times * unit == pytest.approx(two.times)


def test_without_censoring_the_variance_is_that_of_a_share() -> None:
    rng = np.random.default_rng(0)
    times, codes = rng.exponential(size=300).round(2), rng.integers(1, 4, 300)
    for code, curve in aalen_johansen(times, codes).items():
        share = float(np.mean((times <= 1.0) & (codes == code)))
        width = 1.959963984540054 * math.sqrt(share * (1 - share) / 300)
        spread = math.exp(width / ((1 - share) * -math.log(1 - share)))
        assert curve.at(1.0) == pytest.approx(
            (share, 1 - (1 - share) ** (1 / spread), 1 - (1 - share) ** spread), abs=1e-12
        )


def drawn(n: int, seed: int, digits: int):
    """Censored times with three causes."""
    rng = np.random.default_rng(seed)
    ends, leaves = rng.weibull(0.8, n) * 10, rng.uniform(1, 40, n)
    codes = np.where(ends <= leaves, rng.integers(1, 4, n), 0)
    return np.maximum(np.minimum(ends, leaves), 0.01).round(digits), codes


@pytest.mark.parametrize(("seed", "digits"), [(0, 1), (1, 6), (2, 0)])
def test_survival_is_that_of_lifelines(seed, digits) -> None:
    times, codes = drawn(300, seed, digits)
    times = np.maximum(times, 10.0**-digits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifelines import KaplanMeierFitter

        theirs = KaplanMeierFitter().fit(times, codes > 0)
    ours = kaplan_meier(times, codes)
    band = theirs.confidence_interval_.loc[ours.times].to_numpy()
    # After the last end of all they let the limits go to 0; ours keeps the upper one.
    keep = ours.value > 0
    assert ours.value == pytest.approx(theirs.survival_function_.loc[ours.times].to_numpy()[:, 0], abs=1e-12)
    assert ours.low[keep] == pytest.approx(band[keep, 0], abs=1e-10)
    assert ours.high[keep] == pytest.approx(band[keep, 1], abs=1e-10)


def test_incidence_is_that_of_lifelines() -> None:
    times, codes = drawn(250, 3, 12)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifelines import AalenJohansenFitter

        for code, ours in aalen_johansen(times, codes).items():
            theirs = AalenJohansenFitter(calculate_variance=True).fit(times, codes, event_of_interest=code)
            grid = np.round(ours.times, 9)
            index = theirs.cumulative_density_.index.to_numpy().round(9)
            rows = np.searchsorted(index, grid)
            assert ours.value == pytest.approx(theirs.cumulative_density_.to_numpy()[rows, 0], abs=1e-9)
            width = np.log(-np.log(1 - ours.low)) - np.log(-np.log(1 - ours.high))
            scale = (1 - ours.value) * -np.log(1 - ours.value)
            happened = ours.value > 0
            deviation = np.abs(width[happened]) / 2 / 1.959963984540054 * scale[happened]
            assert deviation**2 == pytest.approx(
                theirs.variance_.to_numpy().ravel()[rows][happened], rel=1e-6
            )


def test_weibull_is_that_of_lifelines() -> None:
    times, codes = drawn(400, 4, 6)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifelines import WeibullFitter

        theirs = WeibullFitter().fit(times, codes > 0)
    ours = weibull(times, codes)
    assert ours.shape.value == pytest.approx(theirs.rho_, rel=1e-4)
    assert ours.scale.value == pytest.approx(theirs.lambda_, rel=1e-4)
    summary = theirs.summary
    assert ours.shape.low == pytest.approx(summary.loc["rho_", "coef lower 95%"], rel=1e-3)
    assert ours.scale.high == pytest.approx(summary.loc["lambda_", "coef upper 95%"], rel=1e-3)


def test_an_exponential_sample_has_shape_one() -> None:
    rng = np.random.default_rng(5)
    fit = weibull(rng.exponential(7.0, 20_000), np.ones(20_000))
    assert fit.shape.value == pytest.approx(1.0, abs=0.02)
    assert fit.scale.value == pytest.approx(7.0, rel=0.02)


def test_rates_and_shares_have_exact_ends() -> None:
    assert rate_of(0, 10.0) == (0.0, 0.0, pytest.approx(-math.log(0.025) / 10))
    # Garwood's limits of 10 events.
    assert rate_of(10, 1.0)[1:] == pytest.approx((4.795389, 18.390356), abs=1e-6)
    assert share_of(0, 8).low == 0.0
    assert share_of(8, 8).high == 1.0
    # Wilson 1927 for 1 of 10.
    assert share_of(1, 10)[1:] == pytest.approx((0.0178762, 0.4041500), abs=1e-6)
    assert math.isnan(share_of(0, 0).value)
    assert math.isnan(rate_of(0, 0.0).value)


@pytest.mark.parametrize(
    ("times", "codes", "says"),
    [
        ([], [], "there is nothing to count: no durations"),
        ([1.0, math.nan, -1.0], [1, 1, 1], "2 of 3 durations are missing, infinite or below 0"),
        ([1.0, 2.0], [0.5, math.nan], "2 of 2 endings are missing or no whole numbers from 0"),
        ([1.0], [1, 0], "durations (1,) and endings (2,) are not two lists of one length"),
    ],
)
def test_what_cannot_be_counted_is_told(times, codes, says) -> None:
    for count in (kaplan_meier, aalen_johansen):
        with pytest.raises(ValueError) as told:
            count(times, codes)
        assert str(told.value) == says


def test_levels_outside_are_told() -> None:
    with pytest.raises(ValueError, match=r"between 0 and 1, not at 95"):
        kaplan_meier([1.0], [1], level=95)


@pytest.mark.parametrize("sample", [([1.0, 2.0], [0, 0]), ([0.0, 2.0], [1, 1]), ([2.0, 2.0], [1, 1])])
def test_what_has_no_weibull_fit_is_told(sample) -> None:
    with pytest.raises(ValueError, match="a Weibull fit needs"):
        weibull(*sample)
