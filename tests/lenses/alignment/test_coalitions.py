"""Stability of partitions, against the definitions spelt out and against published examples."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.lenses.alignment import AlignmentError, partition_stability


def spelt_out(label: tuple[int, ...], v: np.ndarray) -> dict[str, bool]:
    """Nash, individual, contractual stability and the core, word by word."""
    n = len(label)
    of = {name: {i for i in range(n) if label[i] == name} for name in set(label)}

    def likes(i: int, group: set[int]) -> float:
        return float(sum(v[i][j] for j in group if j != i))

    nash = individual = contractual = True
    for i in range(n):
        home = of[label[i]]
        for there in [g for name, g in of.items() if name != label[i]] + [set()]:
            if likes(i, there | {i}) > likes(i, home):
                welcome = all(likes(k, there | {i}) >= likes(k, there) for k in there)
                free = all(likes(k, home - {i}) >= likes(k, home) for k in home - {i})
                nash = False
                individual &= not welcome
                contractual &= not (welcome and free)
    core = not any(
        all(likes(i, set(group)) > likes(i, of[label[i]]) for i in group)
        for size in range(1, n + 1)
        for group in itertools.combinations(range(n), size)
    )
    rational = all(likes(i, of[label[i]]) >= 0 for i in range(n))
    return {
        "nash": nash,
        "individual": individual,
        "contractual": contractual,
        "core": core,
        "rational": rational,
    }


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(0, 10**6))
def test_agrees_with_the_definitions(n: int, seed: int) -> None:
    luck = np.random.default_rng(seed)
    label = tuple(luck.integers(0, 3, n).tolist())
    v = luck.integers(-3, 4, (n, n))
    held = v.astype(float)
    np.fill_diagonal(held, 0.0)

    def function(i: int, members: np.ndarray) -> float:
        return float(held[i, members].sum())

    wanted = spelt_out(label, v)
    for values in (v, function):
        found = partition_stability(label, values)
        assert {name: getattr(found, name) for name in wanted} == wanted
        if found.blocking:
            inside = list(found.blocking)
            assert all(held[i, inside].sum() > found.worth[i] for i in inside)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 7), st.integers(0, 10**6))
def test_each_concept_is_weaker_than_the_one_before(n: int, seed: int) -> None:
    luck = np.random.default_rng(seed)
    found = partition_stability(luck.integers(0, 3, n), luck.normal(size=(n, n)))
    assert found.nash <= found.individual <= found.contractual
    assert found.nash <= found.rational
    assert bool(found.core) <= found.rational


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 6), st.integers(0, 10**6))
def test_names_and_order_change_nothing(n: int, seed: int) -> None:
    luck = np.random.default_rng(seed)
    label, v, order = luck.integers(0, 3, n), luck.integers(-3, 4, (n, n)), luck.permutation(n)
    one = partition_stability(label, v)
    other = partition_stability(10 - label[order], v[np.ix_(order, order)])
    for name in ("nash", "individual", "contractual", "core", "rational"):
        assert getattr(one, name) == getattr(other, name)
    assert len(one.moves) == len(other.moves)


def test_a_room_for_two_nobody_settles_in() -> None:
    # One runs after the other: no partition of the two is Nash stable, apart is individually stable.
    v = [[0, 1], [-1, 0]]
    apart, together = partition_stability([0, 1], v), partition_stability([0, 0], v)
    assert not apart.nash
    assert apart.individual
    assert apart.moves[0].joined_oppose == (1,)
    assert not together.nash
    assert together.moves[0].to == ()
    # The leaver goes unhindered, except by the one it leaves.
    assert not together.individual
    assert together.contractual
    assert (together.rational, together.core, together.blocking) == (False, False, (1,))


def test_symmetric_liking_has_a_nash_stable_partition() -> None:
    # Bogomolnaia & Jackson 2002: additively separable and symmetric means some partition is Nash stable.
    luck = np.random.default_rng(1)
    for _ in range(10):
        v = luck.integers(-4, 5, (5, 5))
        v = v + v.T
        labels = itertools.product(range(5), repeat=5)
        assert any(partition_stability(label, v, core=False).nash for label in labels)


def test_the_core_is_left_out_when_not_asked_for() -> None:
    found = partition_stability([0] * 25, np.ones((25, 25)), core=False)
    assert found.core is None
    assert found.nash


@pytest.mark.parametrize(
    ("label", "values", "says"),
    [
        ([0, 1], np.ones((3, 3)), r"shape \(2, 2\)"),
        ([0, 1], [[0, np.nan], [1, 0]], r"values\[0, 1\] is nan"),
        ([[0, 1]], np.ones((2, 2)), "one label for each actor"),
        ([0] * 21, np.ones((21, 21)), "at most 20"),
        ([0] * 13, lambda i, members: 0.0, "at most 12"),
        ([0, 1], lambda i, members: float("nan"), "expected a finite number"),
    ],
)
def test_bad_input_is_told(label: object, values: object, says: str) -> None:
    with pytest.raises(AlignmentError, match=says):
        partition_stability(label, values)
