"""What the number of worlds leaves open of a median: intervals and paired errors hold over many samples."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from accord.study.chance import median_range, paired_error

FloatArray = NDArray[np.float64]


@pytest.mark.parametrize("worlds", [20, 128, 501])
def test_the_median_lies_within_its_range_in_ninety_five_of_a_hundred_samples(worlds: int) -> None:
    luck, samples = np.random.default_rng(worlds), 2000
    inside = 0
    for _ in range(samples):
        middle, low, high = median_range(luck.exponential(size=worlds))
        assert low <= middle <= high
        inside += low <= math.log(2.0) <= high
    # Ends are order statistics, taken on the safe side: at least 95, and not much more.
    assert 0.95 - 4.0 * math.sqrt(0.05 * 0.95 / samples) <= inside / samples <= 0.99


def test_the_range_of_a_hundred_values_is_that_of_the_tables() -> None:
    """The 40th and the 61st of a hundred (binomial with chance one half)."""
    values = np.random.default_rng(0).permutation(np.arange(1.0, 101.0))
    assert median_range(values) == (50.5, 40.0, 61.0)
    gaps = np.concatenate([values, np.full(7, np.nan)])
    assert median_range(gaps) == (50.5, 40.0, 61.0)


def test_without_values_there_is_no_range() -> None:
    assert all(math.isnan(one) for one in median_range(np.full(3, np.nan)))
    assert median_range(np.array([2.0])) == (2.0, 2.0, 2.0)


def samples_of(moves: float, worlds: int = 250) -> tuple[list[float], list[float]]:
    """Differences of medians over many samples, and the errors said of them; pairs share most of what they are."""
    luck = np.random.default_rng(5)
    found, said = [], []
    for _ in range(800):
        before = luck.normal(size=worlds)
        after = before + moves * luck.normal(size=worlds)
        found.append(float(np.median(after) - np.median(before)))
        said.append(paired_error(before, after))
    return found, said


@pytest.mark.parametrize("moves", [0.1, 1.0])
def test_a_paired_error_is_the_spread_of_the_difference(moves: float) -> None:
    """Roughly: medians of groups of 25 are not quite normal."""
    found, said = samples_of(moves)
    assert np.sqrt(np.mean(np.square(said))) == pytest.approx(np.std(found), rel=0.2)


def test_a_paired_error_knows_that_the_worlds_are_the_same() -> None:
    before = np.random.default_rng(1).normal(size=256)
    assert paired_error(before, before) == 0.0
    assert paired_error(before, before + 0.3) == pytest.approx(0.0, abs=1e-12)
    shuffled = np.random.default_rng(2).permutation(before)
    assert paired_error(before, shuffled) > 0.02


def test_too_few_worlds_have_no_error() -> None:
    values = np.arange(49.0)
    assert math.isnan(paired_error(values, values))
    gone = np.where(np.arange(256) % 10 == 3, np.nan, 1.0)
    assert math.isnan(paired_error(np.ones(256), gone))
