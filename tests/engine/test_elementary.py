"""Elementary functions against extended precision, in lanes and singly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from accord.engine import elementary
from accord.engine.lanes import LANES, lane, lanes_of

FloatArray = NDArray[np.float64]
rng = np.random.default_rng(7)
COUNT = 20_000
SPREAD = 10.0 ** rng.uniform(-300.0, 300.0, COUNT)
SMALL = -(10.0 ** rng.uniform(-14.0, 0.5, COUNT))


def evaluated(function: Any, x: FloatArray) -> FloatArray:
    """The function in lanes, after it was seen to give the same bits singly."""

    @numba.njit
    def whole(x: FloatArray, by_lanes: FloatArray, singly: FloatArray) -> None:
        """Both ways."""
        a, b, c = lanes_of(x), lanes_of(by_lanes), lanes_of(singly)
        for k in range(x.size // LANES):
            b[k] = function(a[k])
            for one in range(LANES):
                lane(c, one)[k] = function(lane(a, one)[k])

    by_lanes, singly = np.empty_like(x), np.empty_like(x)
    whole(x, by_lanes, singly)
    assert by_lanes.tobytes() == singly.tobytes()
    return by_lanes


# Function, numpy's own in extended precision, where, and how many units in the last place it may be off.
CASES: list[tuple[str, Callable[[Any], Any], FloatArray, float]] = [
    ("exp", np.exp, rng.uniform(-700.0, 700.0, COUNT), 1.0),
    ("exp", np.exp, rng.uniform(-2.0, 2.0, COUNT), 1.0),
    ("expm1", np.expm1, rng.uniform(-40.0, 3.0, COUNT), 2.0),
    ("expm1", np.expm1, SMALL, 1.5),
    ("log", np.log, SPREAD, 1.0),
    ("log", np.log, rng.uniform(0.6, 1.9, COUNT), 1.0),
    ("log10", np.log10, SPREAD, 2.0),
    ("logistic", lambda x: 1 / (1 + np.exp(-x)), rng.uniform(-30.0, 30.0, COUNT), 2.5),
]


@pytest.mark.parametrize(
    ("name", "exact", "x", "allowed"), CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)]
)
def test_functions_are_exact_to_the_last_places(
    name: str, exact: Callable[[Any], Any], x: FloatArray, allowed: float
) -> None:
    wide = np.longdouble
    if np.finfo(wide).eps > 1e-18:
        pytest.skip("no numbers of more than 64 bits on this machine to compare with")
    found = evaluated(getattr(elementary, name), x)
    off = np.abs(found.astype(wide) - exact(x.astype(wide))) / np.spacing(np.abs(found)).astype(wide)
    assert float(off.max()) <= allowed


SPECIAL = np.array([0.0, -0.0, -1.0, np.nan, np.inf, -np.inf, 1e-310, -800.0, 800.0, 1.0, 0.5, 2.0])


def test_special_values() -> None:
    with np.errstate(all="ignore"):
        logs = np.log(SPECIAL)
        logs[6] = -np.inf  # below the smallest normal number, said in its documentation
        np.testing.assert_allclose(evaluated(elementary.log, SPECIAL), logs, rtol=3e-16)
        np.testing.assert_allclose(
            evaluated(elementary.exp, SPECIAL), np.exp(SPECIAL), rtol=3e-16, atol=1e-307
        )
        np.testing.assert_allclose(evaluated(elementary.expm1, SPECIAL), np.expm1(SPECIAL), rtol=3e-16)
    assert evaluated(elementary.exp, np.zeros(4)).tolist() == [1.0] * 4
    assert evaluated(elementary.expm1, np.zeros(4)).tolist() == [0.0] * 4


def test_larger_smaller_and_clip_choose() -> None:
    x = np.array([-3.0, 0.25, 5.0, np.nan])
    clip = numba.njit(lambda x: elementary.clip(x, 0.0, 1.0))
    np.testing.assert_array_equal(evaluated(clip, x)[:3], [0.0, 0.25, 1.0])
    larger = numba.njit(lambda x: elementary.larger(x, 0.5))
    smaller = numba.njit(lambda x: elementary.smaller(x, 0.5))
    np.testing.assert_array_equal(evaluated(larger, x)[:3], [0.5, 0.5, 5.0])
    np.testing.assert_array_equal(evaluated(smaller, x)[:3], [-3.0, 0.25, 0.5])


@pytest.mark.parametrize(
    ("x", "y", "expected"), [(2.0, 3.0, 8.0), (9.0, 0.5, 3.0), (0.0, 2.0, 0.0), (0.0, 0.0, 1.0)]
)
def test_powers(x: float, y: float, expected: float) -> None:
    @numba.njit
    def raised(x: float, y: float) -> Any:
        """From a kernel, for there is no other way."""
        return elementary.power(x, y)

    assert raised(x, y) == pytest.approx(expected, rel=1e-15)


def test_log_odds_and_logistic_undo_one_another() -> None:
    x = np.linspace(-20.0, 20.0, 400)
    there = evaluated(elementary.logistic, x)
    np.testing.assert_allclose(evaluated(elementary.log_odds, there), x, rtol=1e-7)
