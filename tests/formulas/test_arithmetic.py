"""Sums that no chunking can change."""

import math
from collections.abc import Callable
from decimal import Decimal, localcontext

import numpy as np
import pytest
from numpy.typing import NDArray

from accord.formulas import exp, expm1, log, log1p, ordered_mean, ordered_sum, power, ratio


def test_sums_in_order_whatever_the_layout() -> None:
    values = np.random.default_rng(3).normal(size=(97, 23))
    whole = ordered_sum(values)
    assert np.array_equal(whole, ordered_sum(np.asfortranarray(values)))
    assert np.array_equal(whole, np.concatenate([ordered_sum(values[:1]), ordered_sum(values[1:])]))
    for row, found in zip(values.tolist(), whole.tolist(), strict=True):
        total = 0.0
        for term in row:
            total += term
        assert found == total, "term by term"


def test_sum_of_nothing_is_zero_and_nan_stays() -> None:
    assert ordered_sum(np.empty((3, 0))).tolist() == [0, 0, 0]
    assert math.isnan(ordered_sum(np.array([1.0, np.nan])))


def test_mean_skips_what_is_unknown() -> None:
    assert ordered_mean(np.array([[1.0, np.nan, 3.0], [np.nan] * 3])) == pytest.approx(
        [2.0, np.nan], nan_ok=True
    )


def test_ratio_over_zero_is_undefined() -> None:
    found = ratio(np.array([1.0, 0.0, 3.0, np.nan]), np.array([0.0, 0.0, 2.0, 1.0]))
    assert found == pytest.approx([np.nan, np.nan, 1.5, np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("function", "exact", "low", "high"),
    [
        (exp, math.exp, -700.0, 700.0),
        (expm1, math.expm1, -1e-3, 1e-3),
        (log, math.log, 1e-300, 1e300),
        (log1p, math.log1p, -0.999, 1e-3),
    ],
)
def test_functions_of_each_number(
    function: Callable[[object], NDArray[np.float64]],
    exact: Callable[[float], float],
    low: float,
    high: float,
) -> None:
    values = np.random.default_rng(5).uniform(low, high, (50, 4))
    found = function(values)
    assert found.dtype == np.float64
    assert found.shape == values.shape
    # The C library's own is off by less than one unit in the last place.
    wanted = np.array([exact(value) for value in values.ravel()]).reshape(values.shape)
    assert (np.abs(found - wanted) <= np.spacing(np.abs(wanted))).all()
    assert function(values[::2].T).tobytes() == found[::2].T.tobytes()
    assert np.isnan(function([np.nan])).all()
    assert function(float(values[0, 0])) == found[0, 0], "a single number"


@pytest.mark.skipif(np.finfo(np.longdouble).nmant <= 52, reason="extended precision is no wider here")
@pytest.mark.parametrize(("function", "exact"), [(exp, Decimal.exp), (log, Decimal.ln)], ids=["exp", "log"])
def test_functions_round_to_the_nearest(
    function: Callable[[object], NDArray[np.float64]], exact: Callable[[Decimal], Decimal]
) -> None:
    """Which numpy's own do not: some of a hundred numbers differ in the last bit, and which ones hangs on the processor."""
    values = np.random.default_rng(9).uniform(0.01, 20.0, 2000)
    with localcontext() as context:
        context.prec = 40
        wanted = np.array([float(exact(Decimal(value))) for value in values.tolist()])
    assert np.count_nonzero(function(values) != wanted) <= 2


def test_powers() -> None:
    base, exponent = np.array([0.0, 0.25, 2.0, 10.0, np.nan]), np.array([[0.5], [0.0], [-2.0]])
    with np.errstate(divide="ignore"):
        found = power(base, exponent)
    assert found == pytest.approx(
        np.array(
            [
                [0, 0.5, math.sqrt(2), math.sqrt(10), np.nan],
                [1, 1, 1, 1, 1],
                [np.inf, 16, 0.25, 0.01, np.nan],
            ]
        ),
        rel=1e-15,
        nan_ok=True,
    )
    assert found.dtype == np.float64
