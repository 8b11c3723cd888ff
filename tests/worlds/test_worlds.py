"""The record of drawn worlds."""

from __future__ import annotations

import numpy as np
import pytest

from accord.worlds import Worlds


def test_columns_fixed_numbers_and_missing_ones() -> None:
    worlds = Worlds(("a", "b"), np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), {"c": 7.0}, first=9)
    assert worlds.size == 3
    assert worlds.numbers == range(9, 12)
    assert worlds.of("b").tolist() == [2.0, 4.0, 6.0]
    assert worlds.of("c").tolist() == [7.0, 7.0, 7.0]
    assert np.isnan(worlds.of("d")).all()
    assert (worlds.has("a"), worlds.has("c"), worlds.has("d")) == (True, True, False)


def test_worlds_cannot_be_changed() -> None:
    worlds = Worlds(("a",), np.zeros((2, 1)), {})
    with pytest.raises(ValueError, match="read-only"):
        worlds.array[0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        worlds.of("a")[0] = 1.0


@pytest.mark.parametrize("array", [np.zeros(2), np.zeros((2, 3))])
def test_an_array_that_does_not_fit_its_names_is_refused(array: np.ndarray) -> None:
    with pytest.raises(ValueError, match="does not hold 1 names"):
        Worlds(("a",), array, {})


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_number_that_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not finite at b"):
        Worlds(("a", "b"), np.array([[1.0, 2.0], [1.0, value]]), {})
