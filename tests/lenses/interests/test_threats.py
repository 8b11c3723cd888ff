"""Shared threats, and for whom staying pays more while a threat lives."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.lenses.interests.complementarity import dependence_balance, interaction, loss
from accord.lenses.interests.threats import gain_from_staying, opposed, shared, value_of_threat

level = st.floats(0.05, 0.95)
size = st.floats(0.1, 2.5)


def one(value: float) -> np.ndarray:
    """A number as one world."""
    return np.array([value])


def test_shared_threat_is_the_smaller_stake() -> None:
    assert shared(one(2.0), one(0.8), one(0.5))[0] == pytest.approx(0.4)
    assert np.isnan(shared(one(np.nan), one(0.8), one(0.5))[0])


def test_what_opposes_is_the_sum_over_threats() -> None:
    assert opposed(np.array([[0.5, 0.2]]), np.array([[2.0, 1.0]]))[0] == pytest.approx(1.2)


@settings(deadline=None)
@given(
    h=st.tuples(level, level),
    strength=st.tuples(size, size),
    stake=st.tuples(size, size),
    useful=st.tuples(size, size),
    whole=size,
    left=st.floats(0.1, 1),
    n=st.floats(0.5, 2),
)
def test_derivative_against_a_central_difference(h, strength, stake, useful, whole, left, n) -> None:
    rows = [np.array([values]) for values in (strength, stake, useful)]
    output, exponent = (one(whole), one(whole * left)), one(n)
    slopes = value_of_threat(np.array([h]), *rows, output, exponent)[0]
    for k in range(2):
        step = np.zeros((1, 2))
        step[0, k] = 1e-6
        above = gain_from_staying(np.array([h]) + step, *rows, output, exponent)[0]
        below = gain_from_staying(np.array([h]) - step, *rows, output, exponent)[0]
        assert slopes[k] == pytest.approx((above - below) / 2e-6, abs=1e-6)


@settings(deadline=None)
@given(h=level, useful=size)
def test_usefulness_alone_wants_a_threat_half_alive(h: float, useful: float) -> None:
    row = np.array([[1.0]])
    slope = value_of_threat(np.array([[h]]), row, 0 * row, useful * row, (one(1.0), one(0.5)), one(1.0))
    assert slope[0, 0] == pytest.approx(useful * (1 - 2 * h))


def test_who_adds_nothing_gains_nothing_from_a_live_threat() -> None:
    row = np.array([[1.0]])
    slope = value_of_threat(0.5 * row, row, row, 0 * row, (one(1.0), one(1.0)), one(1.0))
    assert slope[0, 0] == pytest.approx(0.0)


def test_unknown_and_absent_threats() -> None:
    row = np.array([[1.0]])
    known = (one(1.0), one(0.5))
    assert np.isnan(value_of_threat(np.nan * row, row, row, row, known, one(1.0))[0, 0])
    assert np.isnan(value_of_threat(row, row, row, row, (one(np.nan), one(0.5)), one(1.0))[0, 0])
    assert value_of_threat(0 * row, row, row, 0 * row, known, one(1.0))[0, 0] == 0.0, (
        "gone: both sides prevail"
    )


def test_loss_interaction_and_balance_by_hand() -> None:
    assert loss(one(4.0), one(1.0))[0] == 0.75
    assert np.isnan(loss(one(0.0), one(0.0))[0])
    assert interaction(one(4.0), one(1.0), one(1.0), one(0.0))[0] == 0.5
    assert dependence_balance(one(0.6), one(0.2))[0] == pytest.approx(0.5)
    assert dependence_balance(one(0.0), one(0.2))[0] == -1.0
    assert np.isnan(dependence_balance(one(0.0), one(0.0))[0])
    assert np.isnan(dependence_balance(one(np.nan), one(0.2))[0])
