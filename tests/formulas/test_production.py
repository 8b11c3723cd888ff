"""Joint output and the contest, against their limiting cases and independent arithmetic."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.formulas import contest_slope, contest_success, joint_output

EXPONENTS = (-1e9, -40.0, -3.0, -1.0, -1e-7, -1e-13, 0.0, 1e-13, 1e-7, 0.3, 0.8, 1.0)
amounts = st.lists(st.floats(0.01, 100), min_size=1, max_size=4)


def output(held, weights, rho) -> float:
    return float(joint_output(np.array(held, float), np.array(weights, float), rho))


@pytest.mark.parametrize("rho", EXPONENTS)
def test_equal_amounts_give_that_amount_whatever_the_exponent(rho: float) -> None:
    assert output([0.7, 0.7, 0.7], [0.2, 0.5, 0.3], rho) == pytest.approx(0.7, rel=1e-12)


@pytest.mark.parametrize("rho", [rho for rho in EXPONENTS if rho <= 0])
def test_a_missing_type_stops_everything_unless_it_can_be_replaced(rho: float) -> None:
    assert output([0.0, 5.0], [0.5, 0.5], rho) == 0.0


def test_a_missing_type_still_weighs_when_it_can_be_replaced() -> None:
    assert output([0.0, 4.0], [0.5, 0.5], 1.0) == pytest.approx(2.0)
    assert output([0.0, 4.0], [0.5, 0.5], 0.5) == pytest.approx((0.5 * 2.0) ** 2)
    assert output([0.0, 0.0], [0.5, 0.5], 0.5) == 0.0


def test_a_resource_without_weight_does_not_count() -> None:
    assert output([0.0, 3.0], [0.0, 1.0], -2.0) == pytest.approx(3.0)


def test_known_means() -> None:
    held, weights = [1.0, 4.0], [0.5, 0.5]
    assert output(held, weights, 1.0) == pytest.approx(2.5, rel=1e-14)
    assert output(held, weights, 0.0) == pytest.approx(2.0, rel=1e-14)
    assert output(held, weights, -1.0) == pytest.approx(1.6, rel=1e-14)
    assert output(held, weights, -1e9) == pytest.approx(1.0, rel=1e-8)
    assert output(held, weights, -math.inf) == pytest.approx(1.0, rel=1e-10)


@settings(deadline=None)
@given(held=amounts, rho=st.floats(-8, 1))
def test_agrees_with_the_formula_as_printed(held: list[float], rho: float) -> None:
    weights = np.arange(1.0, len(held) + 1)
    weights /= weights.sum()
    if abs(rho) < 1e-3:
        plain = math.exp(math.fsum(w * math.log(x) for w, x in zip(weights, held, strict=True)))
        assert output(held, weights, rho) == pytest.approx(plain, rel=0.05)
    else:
        plain = math.fsum(w * x**rho for w, x in zip(weights, held, strict=True)) ** (1 / rho)
        assert output(held, weights, rho) == pytest.approx(plain, rel=1e-9)


@settings(deadline=None)
@given(held=amounts)
def test_is_smooth_through_the_geometric_mean(held: list[float]) -> None:
    weights = np.full(len(held), 1 / len(held))
    centre = output(held, weights, 0.0)
    for rho in (1e-6, -1e-6, 1e-9, -1e-9, 1e-200, 5e-324):
        assert output(held, weights, rho) == pytest.approx(centre, rel=2e-5 if abs(rho) > 1e-8 else 1e-7)
    assert min(held) * (1 - 1e-12) <= centre <= max(held) * (1 + 1e-12)


@settings(deadline=None)
@given(held=amounts, low=st.floats(-5, 1), high=st.floats(-5, 1))
def test_grows_with_the_exponent_and_with_scale(held: list[float], low: float, high: float) -> None:
    low, high = min(low, high), max(low, high)
    weights = np.full(len(held), 1.0)
    assert output(held, weights, low) <= output(held, weights, high) * (1 + 1e-10)
    assert output([3 * x for x in held], weights, low) == pytest.approx(
        3 * output(held, weights, low), rel=1e-10
    )


def test_extremes_neither_overflow_nor_warn() -> None:
    assert output([1e-200, 1e200], [0.5, 0.5], -3.0) == pytest.approx(1e-200 * 2 ** (1 / 3), rel=1e-9)
    assert output([1e-200, 1e200], [0.5, 0.5], 1.0) == pytest.approx(5e199, rel=1e-9)
    assert output([0.0, 1.0], [0.5, 0.5], 1e-320) == 0.0


def test_worlds_lead_and_are_independent() -> None:
    held = np.array([[1.0, 4.0], [2.0, 2.0], [0.0, 1.0]])
    rho = np.array([0.0, -1.0, -1.0])
    assert joint_output(held, np.array([[0.5, 0.5]]), rho) == pytest.approx([2.0, 2.0, 0.0])


def test_unknown_numbers_leave_it_undefined() -> None:
    nan = math.nan
    assert math.isnan(output([nan, 1.0], [0.5, 0.5], 0.5))
    assert math.isnan(output([1.0, 1.0], [0.5, nan], 0.5))
    assert math.isnan(output([1.0, 1.0], [0.5, 0.5], nan))
    assert math.isnan(output([1.0, 1.0], [0.0, 0.0], 0.5))
    assert math.isnan(output([nan, 0.0], [0.5, 0.5], -1.0))


@pytest.mark.parametrize(
    ("held", "weights", "rho"),
    [
        ([-1.0], [1.0], 0.5),
        ([1.0], [-1.0], 0.5),
        ([math.inf], [1.0], 0.5),
        ([1.0], [1.0], 1.5),
        ([], [], 0.5),
    ],
)
def test_refuses_what_has_no_meaning(held, weights, rho) -> None:
    with pytest.raises(ValueError, match=r"must|at least"):
        output(held, weights, rho)


def success(own: float, other: float, n: float) -> float:
    return float(contest_success(np.array(own), np.array(other), n))


def test_contest_by_hand() -> None:
    assert success(2, 1, 1) == pytest.approx(2 / 3)
    assert success(2, 1, 2) == pytest.approx(4 / 5)
    assert success(3, 3, 1.7) == pytest.approx(0.5)
    assert success(5, 1, 0) == 0.5
    assert success(0, 1, 1) == 0.0
    assert success(1, 0, 1) == 1.0
    assert math.isnan(success(0, 0, 1))
    assert math.isnan(success(math.nan, 1, 1))
    assert success(1e-300, 1e300, 50) == 0.0


@settings(deadline=None)
@given(own=st.floats(0.01, 100), other=st.floats(0.01, 100), n=st.floats(0, 5), scale=st.floats(0.01, 100))
def test_contest_is_fair_and_knows_no_units(own: float, other: float, n: float, scale: float) -> None:
    assert success(own, other, n) + success(other, own, n) == pytest.approx(1.0, abs=1e-12)
    assert success(scale * own, scale * other, n) == pytest.approx(success(own, other, n), abs=1e-9)


@settings(deadline=None)
@given(own=st.floats(0.1, 10), other=st.floats(0.1, 10), n=st.floats(0.3, 3))
def test_slope_is_the_derivative(own: float, other: float, n: float) -> None:
    step = 1e-6 * other
    difference = (success(own, other + step, n) - success(own, other - step, n)) / (2 * step)
    slope = float(contest_slope(np.array(own), np.array(other), n))
    assert slope == pytest.approx(difference, rel=1e-5, abs=1e-7)


def test_contest_refuses_negative_sides() -> None:
    for sides in ((-1, 1, 1), (1, -1, 1), (1, 1, -1)):
        with pytest.raises(ValueError, match="at least 0"):
            success(*sides)
