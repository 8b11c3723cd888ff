"""Four numbers side by side: every operation does in each lane what it does to one number."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from accord.engine.lanes import (
    LANES,
    bits,
    even,
    flip,
    lane,
    lanes_of,
    lanes_to_row,
    of,
    pick,
    some,
    whole_number,
    width,
    with_lane,
)

FloatArray = NDArray[np.float64]
SPECIAL = [0.0, -0.0, 1.0, -2.5, 3.25, np.inf, -np.inf, np.nan, 1e-310, -7.0, 0.1, 1e300]
PAIRS = np.array(list(itertools.product(SPECIAL, SPECIAL))).T.copy()


def run(
    function: Callable[[Any, Any], Any], x: FloatArray, y: FloatArray | float
) -> tuple[FloatArray, FloatArray]:
    """What a function of two numbers gives in lanes, and one by one."""
    operation = numba.njit(error_model="numpy")(function)

    @numba.njit(error_model="numpy")
    def whole(x: FloatArray, y: Any, by_lanes: FloatArray, singly: FloatArray) -> None:
        """Both ways."""
        a, b, c = lanes_of(x), lanes_of(y), lanes_of(by_lanes)
        for k in range(x.size // LANES):
            c[k] = operation(a[k], b[k])
            for one in range(LANES):
                lane(lanes_of(singly), one)[k] = operation(lane(a, one)[k], lane(b, one)[k])

    other = np.broadcast_to(y, x.shape).copy()
    by_lanes, singly = np.empty_like(x), np.empty_like(x)
    whole(x, other, by_lanes, singly)
    return by_lanes, singly


ARITHMETIC = [operator.add, operator.sub, operator.mul, operator.truediv]
COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]


@pytest.mark.parametrize("symbol", ARITHMETIC, ids=lambda one: one.__name__)
def test_arithmetic_is_that_of_numpy_in_every_lane(symbol: Callable[[Any, Any], Any]) -> None:
    def operation(x: Any, y: Any) -> Any:
        """An operator is no function that can be compiled."""
        return symbol(x, y)

    by_lanes, singly = run(operation, *PAIRS)
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(by_lanes, symbol(*PAIRS))
    np.testing.assert_array_equal(singly, by_lanes)


@pytest.mark.parametrize("symbol", COMPARISONS, ids=lambda one: one.__name__)
def test_comparisons_are_those_of_numpy_also_where_numbers_are_missing(
    symbol: Callable[[Any, Any], Any],
) -> None:
    by_lanes, singly = run(lambda x, y: pick(symbol(x, y), 1.0, 0.0), *PAIRS)
    np.testing.assert_array_equal(by_lanes, symbol(*PAIRS).astype(float))
    np.testing.assert_array_equal(singly, by_lanes)


def test_one_number_on_either_side_goes_to_every_lane() -> None:
    x = np.arange(8.0)
    for function, expected in (
        (lambda x, y: 2 - x, 2 - x),
        (lambda x, y: x / 4, x / 4),
        (lambda x, y: pick(x < 3.0, x, -1), np.where(x < 3, x, -1)),
        (lambda x, y: pick(x >= 5, 1, 0), (x >= 5).astype(float)),
        (lambda x, y: -abs(x - 4.0), -np.abs(x - 4)),
    ):
        by_lanes, singly = run(function, x, 0.0)
        np.testing.assert_array_equal(by_lanes, expected)
        np.testing.assert_array_equal(singly, expected)


def test_truths_combine_in_every_lane() -> None:
    x, y = np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 1.0, 0.0, 1.0])
    tables = (
        (lambda x, y: pick((x > 0) & (y > 0), 1.0, 0.0), [0, 0, 0, 1]),
        (lambda x, y: pick((x > 0) | (y > 0), 1.0, 0.0), [0, 1, 1, 1]),
        (lambda x, y: pick((x > 0) ^ (y > 0), 1.0, 0.0), [0, 1, 1, 0]),
        (lambda x, y: pick(flip(x > 0), 1.0, 0.0), [1, 1, 0, 0]),
        (lambda x, y: pick((x > 0) & True, y, 5.0), [5, 5, 0, 1]),
        (lambda x, y: pick(False | (y > 0), x, 5.0), [5, 0, 5, 1]),
    )
    for function, expected in tables:
        by_lanes, singly = run(function, x, y)
        np.testing.assert_array_equal(by_lanes, expected)
        np.testing.assert_array_equal(singly, expected)


@pytest.mark.parametrize("held", list(itertools.product([0.0, 1.0], repeat=LANES)))
def test_bits_and_some_say_which_lanes_it_holds_in(held: tuple[float, ...]) -> None:
    @numba.njit
    def asked(x: FloatArray) -> tuple[int, bool]:
        """Bits of the lanes, and whether any is on."""
        truth = lanes_of(x)[0] == 1.0
        return bits(truth), some(truth)

    found, anybody = asked(np.array(held))
    assert found == sum(int(one) << place for place, one in enumerate(held))
    assert anybody == any(held)


def test_single_lanes_are_read_and_replaced() -> None:
    @numba.njit
    def swapped(x: FloatArray, out: FloatArray) -> tuple[int, int]:
        """The first row with its second lane doubled; how wide both kinds of pointers are."""
        a, b = lanes_to_row(x, 1), lanes_of(out)
        b[0] = with_lane(a[0], 1, 2.0 * of(a[0], 1))
        b[1] = even(a, 7.0)
        lane(b, 3)[1] = even(lane(a, 0), 8.0)
        if of(a[0] > 6.0, 3):
            b[1] += 1
        return width(a), width(lane(a, 2))

    out = np.zeros(8)
    assert swapped(np.arange(8.0).reshape(2, 4), out) == (LANES, 1)
    np.testing.assert_array_equal(out, [4, 10, 6, 7, 8, 8, 8, 9])


def test_whole_numbers_to_the_largest_are_exact() -> None:
    @numba.njit
    def convert(word: Any) -> Any:
        """From a kernel, for there is no other way."""
        return whole_number(word)

    words = [0, 1, 2**31, 2**32 - 1, 2**32, 2**52 - 1, 2**52, 2**53 - 1, 0x123456789ABCD]
    for word in words:
        assert convert(np.uint64(word)) == float(word)
