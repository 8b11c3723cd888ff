"""Luck that is kept for the next call changes nothing, and is never taken for another's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from accord.lenses.endurance import Parameters, luck, parameters, simulate, weigh
from accord.lenses.endurance.luck import LIMIT, forget_kept_luck, kept_luck

GIVEN = {"beta": 14.0, "nu": 0.1, "months": 50, "replicates": 6, "first": 3}


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    """Nothing is kept from one test to the next."""
    forget_kept_luck()
    yield
    forget_kept_luck()


def both(numbers: Parameters, **given: float) -> tuple[bytes, bytes]:
    """Drawn and weighted runs, as bytes."""
    told = {**GIVEN, **given}
    return simulate(numbers, **told).ends.tobytes(), weigh(numbers, **told).survival.tobytes()


def test_what_is_kept_gives_the_same_as_what_is_drawn_anew() -> None:
    numbers = parameters(worlds=20, seed=2)
    fresh = both(numbers)
    assert both(numbers) == fresh
    assert sum(map(len, luck._IDLE.values())) == 1
    forget_kept_luck()
    assert both(numbers) == fresh


@pytest.mark.parametrize(
    "change",
    [{"seed": 1}, {"first": 4}, {"replicates": 9}, {"months": 90}, {"months": 20}],
    ids="-".join,
)
def test_another_call_never_takes_luck_that_is_not_its_own(change: dict[str, float]) -> None:
    numbers = parameters(worlds=20, seed=2)
    alone = both(numbers, **change)
    forget_kept_luck()
    both(numbers)
    assert both(numbers, **change) == alone


def test_others_of_the_same_number_have_luck_of_their_own() -> None:
    made = [parameters(worlds=20, seed=2, patrons=names) for names in (("a", "b"), ("a", "c"))]
    alone = []
    for numbers in made:
        forget_kept_luck()
        alone.append(both(numbers))
    assert alone[0] != alone[1]
    forget_kept_luck()
    assert [both(numbers) for numbers in made] == alone


def test_numbers_that_matter_only_to_the_second_call_are_drawn_for_it() -> None:
    """Calls, offers and noise at the front are not drawn where they cannot happen; who comes next may need them."""
    numbers = parameters(worlds=20, seed=2)
    loud = numbers.with_(help_calls=0.2, rate=0.2, territory_noise=0.2)
    alone = both(loud)
    forget_kept_luck()
    both(numbers.with_(help_calls=0.0, rate=0.0, territory_noise=0.0))
    assert both(loud) == alone


def test_two_who_ask_at_once_do_not_share() -> None:
    with kept_luck(("k",), (2, 3, 4)) as one, kept_luck(("k",), (2, 3, 4)) as two:
        assert one is not None
        assert two is not None
        assert not np.shares_memory(one, two)
    with kept_luck(("k",), (2, 3, 4)) as again:
        assert again is one or again is two


def test_more_months_need_more_room() -> None:
    with kept_luck(("k",), (2, 3, 4)) as short:
        pass
    with kept_luck(("k",), (2, 5, 4)) as longer:
        assert longer is not None
        assert longer.shape == (2, 5, 4)
    with kept_luck(("k",), (2, 4, 4)) as between:
        assert between is longer
    assert short is not None
    with kept_luck(("k",), (3, 3, 4)) as other, kept_luck(("k",), (2, 3, 5)) as another:
        assert other is not None
        assert another is not None
        assert (other.shape, another.shape) == ((3, 3, 4), (2, 3, 5))


def test_no_more_is_kept_than_the_limit_and_nothing_that_fills_half_of_it() -> None:
    third = LIMIT // 24
    for key in range(5):
        with kept_luck((key,), (2, 1, third // 2)) as one:
            assert one is not None
    assert sum(one.nbytes for several in luck._IDLE.values() for one in several) <= LIMIT
    assert any(key[0] == 4 for key in luck._IDLE)
    assert not any(key[0] == 0 for key in luck._IDLE)
    with kept_luck(("large",), (2, 1, LIMIT // 16 + 1)) as none:
        assert none is None
    with kept_luck(("single",), (1, 1, 8)) as none:
        assert none is None
