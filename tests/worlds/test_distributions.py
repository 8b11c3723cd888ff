"""Inverse CDFs against scipy's, at ordinary and at extreme shapes."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special, stats

from accord.situation import DISTRIBUTIONS, Estimate
from accord.worlds import best_of, distributions, kernels, quantile

TAIL = 10.0 ** -np.linspace(6, 1, 300)
U = np.concatenate([TAIL, np.linspace(0.1, 0.9, 2001), 1.0 - TAIL[::-1]])
SMALLEST, LARGEST = 2.0**-54, 1.0 - 2.0**-53


def of(name: str, **numbers: float) -> Estimate:
    """An estimate with these parameters."""
    ends = {key: numbers.pop(key) for key in ("low", "high") if key in numbers}
    best = numbers.pop("best", None)
    return Estimate(best, **ends, distribution=name, parameters=tuple(sorted(numbers.items())))


CASES: list[tuple[Estimate, Any]] = [
    (of("pert", low=0, best=0.3, high=1), stats.beta(2.2, 3.8)),
    (of("pert", low=-5, best=-5, high=20), stats.beta(1, 5, -5, 25)),
    (of("pert", low=1e6, best=1.5e6, high=1.5e6), stats.beta(5, 1, 1e6, 5e5)),
    (of("pert", low=0, best=1e-9, high=1), stats.beta(1 + 4e-9, 5 - 4e-9)),
    (of("uniform", low=-2, high=3), stats.uniform(-2, 5)),
    (of("loguniform", low=0.5, high=50), stats.loguniform(0.5, 50)),
    (of("loguniform", low=1e-12, high=1e12), stats.loguniform(1e-12, 1e12)),
    (of("triangular", low=1, best=2, high=5), stats.triang(0.25, 1, 4)),
    (of("triangular", low=1, best=1, high=5), stats.triang(0, 1, 4)),
    (of("triangular", low=1, best=5, high=5), stats.triang(1, 1, 4)),
    (of("normal", mean=3, sd=2), stats.norm(3, 2)),
    (of("normal", mean=0, sd=1, low=-1, high=2), stats.truncnorm(-1, 2)),
    (of("normal", mean=0, sd=1, low=6), stats.truncnorm(6, np.inf)),
    (of("normal", mean=0, sd=1, low=12, high=12.5), stats.truncnorm(12, 12.5)),
    (of("normal", mean=0, sd=1, high=-20), stats.truncnorm(-np.inf, -20)),
    (of("lognormal", median=2, sigma=0.7), stats.lognorm(0.7, scale=2)),
    (of("lognormal", median=1e-3, sigma=3), stats.lognorm(3, scale=1e-3)),
    (of("beta", alpha=2, beta=5), stats.beta(2, 5)),
    (of("beta", alpha=0.5, beta=0.5, low=10, high=20), stats.beta(0.5, 0.5, 10, 10)),
    (of("beta", alpha=0.05, beta=3), stats.beta(0.05, 3)),
    (of("beta", alpha=3, beta=0.05), stats.beta(3, 0.05)),
    (of("beta", alpha=0.01, beta=0.01), stats.beta(0.01, 0.01)),
    (of("beta", alpha=0.001, beta=0.001), stats.beta(0.001, 0.001)),
    (of("beta", alpha=1e6, beta=1e6), stats.beta(1e6, 1e6)),
    (of("beta", alpha=1, beta=1e6), stats.beta(1, 1e6)),
    (of("bernoulli", probability=0.3), stats.bernoulli(0.3)),
]


@pytest.mark.parametrize(
    ("estimate", "scipys"), CASES, ids=lambda case: str(getattr(case, "distribution", ""))
)
def test_quantiles_are_scipys(estimate: Estimate, scipys: Any) -> None:
    expected = scipys.ppf(U)
    spread = float(np.diff(scipys.ppf([1e-4, 1 - 1e-4]))[0])
    assert np.abs(quantile(estimate, U) - expected).max() <= 1e-6 * spread


@given(st.floats(0, 1), st.floats(-1e3, 1e3), st.floats(1e-3, 1e3))
@settings(max_examples=100, deadline=None)
def test_any_pert_is_scipys_beta(share: float, low: float, width: float) -> None:
    high = low + width
    best = min(low + share * width, high)
    share = (best - low) / (high - low)
    found = quantile(of("pert", low=low, best=best, high=high), U)
    expected = low + (high - low) * stats.beta.ppf(U, 1 + 4 * share, 1 + 4 * (high - best) / (high - low))
    assert np.abs(found - expected).max() <= 1e-6 * width


@given(st.floats(-2.5, 4), st.floats(-2.5, 4))
@settings(max_examples=60, deadline=None)
def test_any_beta_is_the_inverse_of_its_cdf(log_alpha: float, log_beta: float) -> None:
    alpha, beta = 10.0**log_alpha, 10.0**log_beta
    x = quantile(of("beta", alpha=alpha, beta=beta), U)
    assert (np.diff(x) >= -1e-9).all()
    below, above = (
        special.betainc(alpha, beta, np.maximum(x - 1e-6, 0)),
        special.betainc(alpha, beta, np.minimum(x + 1e-6, 1)),
    )
    assert ((below <= U + 1e-9) & ((above >= U - 1e-9) | (x + 1e-6 >= 1))).all()


def test_the_discount_factor_is_uniform_in_the_logarithm_of_its_complement() -> None:
    found = quantile(of("log1m_uniform", low=0.94, high=0.99), U)
    start, stop = np.log(1 - 0.94), np.log(1 - 0.99)
    assert np.allclose(np.log(1 - found), start + U * (stop - start), rtol=1e-12)


@pytest.mark.parametrize(
    "estimate",
    [case[0] for case in CASES if case[0].distribution != "bernoulli"],
    ids=lambda e: e.distribution,
)
def test_values_grow_and_stay_inside_up_to_the_last_float(estimate: Estimate) -> None:
    u = np.concatenate([[SMALLEST, 1e-15, 1e-12], U, [1 - 1e-12, 1 - 1e-15, LARGEST]])
    found = quantile(estimate, u)
    spread = float(found[-4] - found[3])
    assert np.isfinite(found).all()
    assert (np.diff(found) >= -1e-9 * spread).all()
    low, high = estimate.low, estimate.high
    assert low is None or found.min() >= low
    assert high is None or found.max() <= high


def test_a_bernoulli_is_one_as_often_as_it_should() -> None:
    u = (np.arange(1000) + 0.5) / 1000
    for probability in (0.0, 0.25, 1.0):
        found = quantile(of("bernoulli", probability=probability), u)
        assert set(found) <= {0.0, 1.0}
        assert found.mean() == probability
        assert (np.diff(found) >= 0).all()


@pytest.mark.parametrize(
    "name", ["pert", "uniform", "loguniform", "log1m_uniform", "triangular", "normal", "lognormal", "beta"]
)
def test_a_range_without_width_is_one_value(name: str) -> None:
    rest = {
        "normal": {"mean": 0, "sd": 1},
        "lognormal": {"median": 1, "sigma": 1},
        "beta": {"alpha": 2, "beta": 2},
    }.get(name, {})
    best = {"best": 0.4} if name in ("pert", "triangular") else {}
    estimate = of(name, low=0.4, high=0.4, **best, **rest)
    assert (quantile(estimate, U) == 0.4).all()
    assert best_of(estimate) == 0.4


def test_a_fixed_number_is_itself() -> None:
    assert (quantile(Estimate(2.5), U) == 2.5).all()
    assert best_of(Estimate(2.5)) == 2.5


@pytest.mark.parametrize(
    ("estimate", "scipys"), CASES, ids=lambda case: str(getattr(case, "distribution", ""))
)
def test_the_best_value_is_the_one_given_or_the_median(estimate: Estimate, scipys: Any) -> None:
    if estimate.best is not None:
        assert best_of(estimate) == estimate.best
    elif estimate.distribution != "bernoulli":
        assert math.isclose(best_of(estimate), float(scipys.median()), rel_tol=1e-6, abs_tol=1e-9)


def test_the_best_value_of_a_bernoulli() -> None:
    assert best_of(of("bernoulli", probability=0.5)) == 1.0
    assert best_of(of("bernoulli", probability=0.49)) == 0.0
    assert best_of(of("bernoulli", probability=0.49, best=1.0)) == 1.0


BAD = [
    (Estimate(None, distribution="gamma"), "unknown distribution 'gamma'"),
    (of("pert", low=0, best=0.5), "'pert' needs 'high', and it is None"),
    (of("pert", low=0, best=2, high=1), "best (2) is outside 0 to 1"),
    (of("uniform", low=2, high=1), "low (2) is above high (1)"),
    (of("uniform", low=0, high=math.inf), "'uniform' needs 'high', and it is inf"),
    (of("loguniform", low=0, high=1), "low is 0 and must be above 0"),
    (of("log1m_uniform", low=0, high=1), "high is 1, and ln(1 - x) needs it below 1"),
    (of("normal", mean=0, sd=0), "sd is 0 and must be above 0"),
    (of("normal", mean=0, sd=1, low=50), "low and high leave nothing of this 'normal' distribution"),
    (of("lognormal", median=1, sigma=1, high=-1), "high is -1, and a lognormal number is above 0"),
    (of("beta", alpha=2, beta=3, low=1.5), "low (1.5) is not below high (1)"),
    (of("bernoulli", probability=1.5), "probability is 1.5, expected a number from 0 to 1"),
    (Estimate(None), "'fixed' needs 'best', and it is None"),
]


@pytest.mark.parametrize(("estimate", "says"), BAD)
def test_parameters_that_make_no_distribution_are_told(estimate: Estimate, says: str) -> None:
    with pytest.raises(ValueError) as told:
        quantile(estimate, U)
    assert says in str(told.value)


@pytest.mark.parametrize("u", [0.0, 1.0, -0.1, math.nan])
def test_probabilities_at_or_beyond_the_ends_are_refused(u: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile(of("uniform", low=0, high=1), np.array([0.5, u]))


def test_every_distribution_of_the_language_can_be_drawn() -> None:
    assert set(distributions._MAKERS) == set(DISTRIBUTIONS)
    assert {case.distribution for case, _ in CASES} | {"log1m_uniform"} == set(DISTRIBUTIONS)


def test_where_scipys_inverse_gives_up_a_bisection_steps_in() -> None:
    alpha, beta = 1.036218893648001, 0.5399190273247203
    assert np.isnan(special.betaincinv(alpha, beta, SMALLEST))  # else this test tests nothing
    found = quantile(of("beta", alpha=alpha, beta=beta), np.array([SMALLEST]))
    assert np.allclose(special.betainc(alpha, beta, found), SMALLEST, rtol=1e-9, atol=0)


def test_shapes_too_steep_for_a_table_are_computed_exactly() -> None:
    assert distributions.marginal_of(of("beta", alpha=0.001, beta=0.001)).kind == kernels.EXACT
    assert distributions.marginal_of(of("beta", alpha=0.1, beta=0.1)).kind == kernels.TABLE


def test_the_shape_of_what_is_asked_is_kept() -> None:
    assert quantile(of("uniform", low=0, high=2), np.full((3, 4, 2), 0.25)).shape == (3, 4, 2)


SIDE_BY_SIDE = """
import threading
import numpy as np
from accord.situation import Estimate
from accord.worlds.distributions import quantile

def draw():
    for _ in range(200):
        quantile(Estimate(best=1.0, low=0.0, high=4.0), np.full(20_000, 0.3))

threads = [threading.Thread(target=draw) for _ in range(4)]
[one.start() for one in threads]
[one.join() for one in threads]
"""


def test_threads_may_ask_at_once_also_where_numba_has_threads_of_its_own() -> None:
    """numba's own thread layer ends the process when two kernels with ``prange`` run at once."""
    done = subprocess.run(
        [sys.executable, "-c", SIDE_BY_SIDE],
        env={**os.environ, "NUMBA_THREADING_LAYER": "workqueue", "NUMBA_NUM_THREADS": "2"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
