"""Jobs side by side: in order, with their errors, and not far ahead of what is asked for."""

import threading
import time
from itertools import chain

import numba
import pytest

from accord.engine.abreast import abreast, stretches


def test_results_come_in_the_order_of_the_items() -> None:
    def slow(item: int) -> int:
        time.sleep(0.002 * (5 - item % 5))
        return item * item

    assert list(abreast(slow, range(20))) == [item * item for item in range(20)]


def test_nothing_and_one() -> None:
    assert list(abreast(abs, [])) == []
    assert list(abreast(abs, [-1])) == [1]


def test_an_error_comes_where_its_result_is_due() -> None:
    def fails(item: int) -> int:
        if item == 3:
            raise ValueError("three")
        return item

    made = abreast(fails, range(10))
    assert [next(made) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(made)


def test_whoever_stops_asking_stops_the_rest() -> None:
    begun: list[int] = []
    lock = threading.Lock()

    def noted(item: int) -> int:
        with lock:
            begun.append(item)
        return item

    made = abreast(noted, range(10_000))
    assert next(made) == 0
    made.close()  # type: ignore[attr-defined]
    assert len(begun) < 100


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(("count", "parts"), [(0, 1), (1, 1), (9, 1), (10, 2), (11, 2), (500, 2)])
def test_rows_are_shared_among_threads(count: int, parts: int, threads: int) -> None:
    before = numba.get_num_threads()
    numba.set_num_threads(min(threads, before))
    try:
        made = stretches(count, 5)
    finally:
        numba.set_num_threads(before)
    assert list(chain(*made)) == list(range(count))
    assert len(made) == min(parts, threads, before)
    assert len(made) == 1 or min(map(len, made)) >= 5
