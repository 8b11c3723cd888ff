"""Sums that no chunking can change."""

import math

import numpy as np
import pytest

from accord.formulas import ordered_mean, ordered_sum, ratio


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
