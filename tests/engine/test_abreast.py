"""Jobs side by side: in order, with their errors, and not far ahead of what is asked for."""

import threading
import time

import pytest

from accord.engine.abreast import abreast


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
