"""Records behind a pointer: names give the numbers that were put in."""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
import pytest
from numba.core.errors import TypingError

from accord.engine.records import reader, words_of


class Thing(NamedTuple):
    """Two whole numbers and one that is none."""

    first: int
    rate: float
    last: int


thing_at = reader(Thing)


def test_numbers_come_back_by_their_names() -> None:
    @numba.njit
    def read(words: Any) -> tuple[int, float, int]:
        """All three."""
        thing = thing_at(words)
        return thing.first, thing.rate, thing.last

    for thing in (Thing(-3, 0.1, 2**60), Thing(0, -np.inf, 1)):
        words = words_of(thing)
        assert words.dtype == np.int64
        assert read(words) == thing


def test_a_name_that_is_not_there_is_refused_when_it_is_compiled() -> None:
    @numba.njit
    def read(words: Any) -> Any:
        """A number that nobody put in."""
        return thing_at(words).second

    with pytest.raises(TypingError, match="second"):
        read(words_of(Thing(1, 2.0, 3)))


def test_words_of_other_kinds_are_refused() -> None:
    @numba.njit
    def read(words: Any) -> Any:
        """A whole number."""
        return thing_at(words).first

    with pytest.raises(TypingError):
        read(np.zeros(3))
