"""Values and cores of games with transferable worth: axioms, published games, and trying everything."""

import sys
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))  # what tries everything is beside the tests

import brute_alignment as brute

from accord.lenses.alignment import AlignmentError, banzhaf, in_core, least_core, objections, shapley


def random_game(n: int, seed: int) -> np.ndarray:
    worth = np.random.default_rng(seed).integers(0, 20, 1 << n).astype(float)
    worth[0] = 0.0
    return worth


def convex_game(n: int, seed: int) -> np.ndarray:
    """Squares of sums of weights: what one adds grows with the coalition."""
    weight = np.random.default_rng(seed).integers(1, 6, n)
    held = np.zeros(1)
    for w in weight:
        held = np.concatenate([held, held + w])
    return held**2


def permuted(worth: np.ndarray, order: np.ndarray) -> np.ndarray:
    """The game in which player k is called order[k]."""
    n = len(order)
    out = np.empty_like(worth)
    for code in range(worth.size):
        out[sum(1 << int(order[k]) for k in range(n) if (code >> k) & 1)] = worth[code]
    return out


def security_council(members: np.ndarray) -> np.ndarray:
    return members[:, :5].all(axis=1) & (members[:, 5:].sum(axis=1) >= 4)


def six_of_europe(members: np.ndarray) -> np.ndarray:
    return members @ np.array([4, 4, 4, 2, 2, 1]) >= 12


def test_published_values() -> None:
    # Security Council of 15: 421/2145 and 4/2145.  The Six, 1958: Shapley 14/60 and 9/60, Banzhaf 5/21 and 3/21;
    # Luxembourg is a dummy.
    council = shapley(security_council, 15)
    assert council.exact
    assert council.value * 2145 == pytest.approx([421] * 5 + [4] * 10)
    assert shapley(six_of_europe, 6).value * 60 == pytest.approx([14, 14, 14, 9, 9, 0])
    assert banzhaf(six_of_europe, 6).shares * 21 == pytest.approx([5, 5, 5, 3, 3, 0])
    # One left glove, two right ones.
    gloves = [0, 0, 0, 1, 0, 1, 0, 1]
    assert shapley(gloves).value == pytest.approx([2 / 3, 1 / 6, 1 / 6])


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 6), st.integers(0, 10**6))
def test_shapley_agrees_with_all_orders(n: int, seed: int) -> None:
    worth = random_game(n, seed)
    wanted = brute.shapley(lambda group: worth[sum(1 << k for k in group)], n)
    assert shapley(worth).value == pytest.approx(wanted)

    def function(members: np.ndarray) -> np.ndarray:
        return worth[members @ (1 << np.arange(n))]

    assert shapley(function, n).value == pytest.approx(wanted)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 8), st.integers(0, 10**6))
def test_axioms_of_shapley_and_banzhaf(n: int, seed: int) -> None:
    luck = np.random.default_rng(seed)
    one, other = random_game(n, seed), random_game(n, seed + 1)
    order = luck.permutation(n)
    for value in (shapley, banzhaf):
        held = value(one).value
        assert value(one + 3 * other).value == pytest.approx(held + 3 * value(other).value), "additivity"
        assert value(permuted(one, order)).value[order] == pytest.approx(held), "symmetry"
        wide = np.concatenate([one, one + 5.0])
        assert value(wide).value == pytest.approx([*held, 5.0]), "a dummy gets what it has alone"
    assert shapley(one).value.sum() == pytest.approx(one[-1]), "efficiency"


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 6), st.integers(0, 10**6))
def test_banzhaf_is_the_mean_of_all_that_is_added(n: int, seed: int) -> None:
    worth = random_game(n, seed)
    wanted = [
        np.mean([worth[c | 1 << k] - worth[c] for c in range(1 << n) if not (c >> k) & 1]) for k in range(n)
    ]
    assert banzhaf(worth).value == pytest.approx(wanted)


@pytest.mark.parametrize("value", [shapley, banzhaf])
def test_sampled_values_are_within_their_errors(value) -> None:
    # Weighted majority: exact values of the same 18 players, with four dummies that take it above the limit.
    weight = np.append(np.arange(1, 19), np.zeros(4))

    def game(members: np.ndarray) -> np.ndarray:
        return (members @ weight[: members.shape[1]] > 85).astype(float)

    exact = value(game, 18)
    found = value(game, 22, samples=3000, rng=np.random.default_rng(0))
    assert not found.exact
    off = np.abs(found.value[:18] - exact.value)
    assert (off <= 4 * found.error[:18]).all()
    assert (found.error[10:18] > 0).all()
    assert (found.value[18:] == 0).all()
    if value is shapley:
        assert found.value.sum() == pytest.approx(1.0)
    again = value(game, 22, samples=3000, rng=np.random.default_rng(0))
    assert (again.value == found.value).all()


def test_core_of_known_games() -> None:
    gloves = [0, 0, 0, 1, 0, 1, 0, 1]
    assert in_core(gloves, [1, 0, 0]).inside
    outside = in_core(gloves, [0.8, 0.1, 0.1])
    assert not outside.inside
    assert outside.excess == pytest.approx(0.1)
    assert outside.coalition in ((0, 1), (0, 2))
    assert least_core(gloves).payoff == pytest.approx([1, 0, 0])
    majority = [0, 0, 0, 1, 0, 1, 1, 1]
    found = least_core(majority)
    assert not found.inside
    assert found.payoff == pytest.approx([1 / 3] * 3)
    assert found.excess == pytest.approx(1 / 3)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 7), st.integers(0, 10**6))
def test_core_agrees_with_trying_everything(n: int, seed: int) -> None:
    luck, worth = np.random.default_rng(seed), random_game(n, seed)
    payoff = luck.dirichlet(np.ones(n)) * worth[-1]
    codes = range(1, (1 << n) - 1)
    excess = [worth[c] - sum(payoff[k] for k in range(n) if (c >> k) & 1) for c in codes]
    found = in_core(worth, payoff)
    assert found.excess == pytest.approx(max(excess))
    assert found.inside == (max(excess) <= 1e-9 * worth.max())
    assert least_core(worth).excess <= found.excess + 1e-7


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 6), st.integers(0, 10**6))
def test_least_core_agrees_with_one_large_programme(n: int, seed: int) -> None:
    from scipy.optimize import linprog

    worth = random_game(n, seed)
    codes = np.arange(1, (1 << n) - 1)
    rows = np.hstack([-((codes[:, None] >> np.arange(n)) & 1), -np.ones((len(codes), 1))])
    goal, everybody = np.append(np.zeros(n), 1.0), np.append(np.ones(n), 0.0)[None, :]
    wanted = linprog(goal, rows, -worth[codes], everybody, worth[-1:], bounds=(None, None)).fun
    found = least_core(worth)
    assert found.excess == pytest.approx(wanted, abs=1e-6)
    assert found.payoff.sum() == pytest.approx(worth[-1])


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 6), st.integers(0, 10**6))
def test_convex_games_have_shapley_in_the_core(n: int, seed: int) -> None:
    worth = convex_game(n, seed)
    assert in_core(worth, shapley(worth).value).inside
    assert least_core(worth).inside


def countered(worth: np.ndarray, payoff: np.ndarray, i: int, j: int, offers: dict[int, float]) -> bool:
    """Whether j can answer: some coalition with j and without i pays its members what they are offered or hold."""
    for code in range(1, worth.size):
        if (code >> j) & 1 and not (code >> i) & 1:
            asked = sum(offers.get(k, payoff[k]) for k in range(len(payoff)) if (code >> k) & 1)
            if worth[code] >= asked - 1e-9:
                return True
    return False


def shares(total: float, parts: int, steps: int) -> list[tuple[float, ...]]:
    """Ways to share out a total in steps, each part above 0."""
    if parts == 1:
        return [(total,)]
    return [
        (total * k / steps, *rest)
        for k in range(1, steps)
        for rest in shares(total * (steps - k) / steps, parts - 1, steps)
    ]


@settings(max_examples=25, deadline=None)
@given(st.integers(3, 4), st.integers(0, 10**6))
def test_objections_agree_with_a_search_over_offers(n: int, seed: int) -> None:
    luck, worth = np.random.default_rng(seed), random_game(n, seed)
    worth[[1 << k for k in range(n)]] = 0.0
    payoff = luck.dirichlet(np.ones(n)) * worth[-1]
    found = {(o.player, o.other): o for o in objections(worth, payoff)}
    for (i, j), objection in found.items():
        offers = dict(zip(objection.coalition, objection.payments, strict=True))
        assert i in offers
        assert j not in offers
        assert all(offers[k] > payoff[k] for k in offers)
        assert sum(offers.values()) == pytest.approx(worth[sum(1 << k for k in offers)])
        assert not countered(worth, payoff, i, j, offers)
    for i, j in permutations(range(n), 2):
        if (i, j) in found:
            continue
        for code in range(1, worth.size):
            group = [k for k in range(n) if (code >> k) & 1]
            more = worth[code] - payoff[group].sum()
            if i in group and j not in group and more > 1e-6:
                for extra in shares(more, len(group), 7):
                    offers = {k: payoff[k] + e for k, e in zip(group, extra, strict=True)}
                    assert countered(worth, payoff, i, j, offers)


def test_bargaining_set_of_known_games() -> None:
    majority = [0, 0, 0, 1, 0, 1, 1, 1]
    assert objections(majority, [1 / 3] * 3) == ()
    assert {(o.player, o.other) for o in objections(majority, [0.5, 0.5, 0])} == {(2, 0), (2, 1)}


@settings(max_examples=15, deadline=None)
@given(st.integers(3, 5), st.integers(0, 10**6))
def test_bargaining_set_holds_the_core_and_in_convex_games_no_more(n: int, seed: int) -> None:
    luck, worth = np.random.default_rng(seed), convex_game(n, seed)
    assert objections(worth, shapley(worth).value) == ()
    alone = worth[[1 << k for k in range(n)]]
    payoff = alone + luck.dirichlet(np.ones(n)) * (worth[-1] - alone.sum())
    # Maschler, Peleg & Shapley 1972: in convex games the bargaining set is the core.
    checked = in_core(worth, payoff)
    if abs(checked.excess) > 1e-6:
        assert (objections(worth, payoff) == ()) == checked.inside


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: shapley([0, 1, 2]), r"shape \(2\^players,\), not \(3,\)"),
        (lambda: shapley([1, 1]), "the empty coalition is worth 1.0"),
        (lambda: shapley([0, np.nan]), r"worth\[1\] is no finite number"),
        (lambda: shapley(lambda m: m.sum(axis=1)), "players is None"),
        (lambda: shapley(lambda m: m.sum(), 3), "expected one number each"),
        (lambda: shapley(lambda m: np.full(len(m), np.nan), 25), "no finite number"),
        (lambda: banzhaf(lambda m: np.ones(len(m)), 25), "expected 0"),
        (lambda: shapley(lambda m: m.sum(axis=1), 25, samples=1), "at least 2"),
        (lambda: shapley(np.zeros(1 << 21)), "21 players; expected at most 20"),
        (lambda: in_core([0, 1, 1, 4], [1, 2]), "payoffs sum to 3; expected the worth of all, 4"),
        (lambda: in_core([0, 1, 1, 4], [1, 2, 1]), r"shape \(2\^3,\)"),
        (lambda: objections([0, 1, 1, 4], [0.5, 3.5]), "player 0 gets less than it has alone"),
        (lambda: objections(np.r_[np.zeros(511), 9.0], np.ones(9)), "at most 8"),
    ],
)
def test_bad_input_is_told(call, says: str) -> None:
    with pytest.raises(AlignmentError, match=says):
        call()


def test_an_order_and_its_reverse_cancel_in_a_game_of_pairs() -> None:
    weight = np.arange(1.0, 23.0)
    found = shapley(lambda members: (members @ weight) ** 2, 22, samples=5)
    assert found.value == pytest.approx(weight * weight.sum())
    assert found.error == pytest.approx(0.0, abs=1e-9)
