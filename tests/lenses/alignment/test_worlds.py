"""Many landscapes at once, and what separates a pair."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from accord.lenses.alignment import AlignmentError, landscape, over_worlds, separating_change

CASES = [("weight", "own"), ("weight", "one"), ("weight", "several")]
CASES += [("propensity", "own"), ("propensity", "one"), ("propensity", "several")]


def random_worlds(worlds: int, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    luck = np.random.default_rng(seed)
    return luck.integers(-2, 3, (worlds, n, n)).astype(float), luck.integers(1, 7, (worlds, n)).astype(float)


@pytest.mark.parametrize("n", [1, 2, 5, 12, 13])
def test_each_world_is_a_landscape(n: int) -> None:
    p, s = random_worlds(20, n, n)
    p[3, 0, n - 1] = np.nan
    s[4, 0] = np.nan
    found = over_worlds(p, s)
    assert found.missing.tolist() == [k == 4 or (k == 3 and n > 1) for k in range(20)]
    for k in np.flatnonzero(~found.missing):
        one = landscape(p[k], s[k])
        assert found.energy[k] == one.optimum.energy
        assert (found.blocs[k] == one.optimum.blocs).all()
        assert (found.optima[k], found.gap[k]) == (one.optima, one.gap)
        assert found.bonds[k] == pytest.approx(one.bonds, nan_ok=True)
    for k in np.flatnonzero(found.missing):
        assert np.isnan(found.bonds[k]).all()
        assert np.isnan(found.gap[k])
        assert found.optima[k] == 0
        assert not found.together[k].any()
        assert not found.apart[k].any()


def test_shares_count_ties_and_leave_out_worlds_without_an_answer() -> None:
    p = np.array([[[0, x], [x, 0]] for x in (1.0, 1.0, -1.0, 0.0, np.nan)])
    found = over_worlds(p)
    assert found.chance_together[0, 1] == 0.5
    assert found.chance_apart[0, 1] == 0.25
    assert found.chance_tied[0, 1] == 0.25
    assert found.chance_together[0, 0] == 1.0
    assert found.optima.tolist() == [1, 1, 1, 2, 0]
    assert np.isnan(over_worlds(p[4:]).chance_together).all()
    assert over_worlds(p[:0]).energy.shape == (0,)


def test_chunks_of_worlds_change_nothing() -> None:
    p, s = random_worlds(30, 8, 1)
    whole = over_worlds(p, s)
    parts = [over_worlds(p[k : k + 7], s[k : k + 7]) for k in range(0, 30, 7)]
    assert (np.concatenate([part.bonds for part in parts]) == whole.bonds)[:, ~np.eye(8, dtype=bool)].all()
    assert (np.concatenate([part.blocs for part in parts]) == whole.blocs).all()


def with_together(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, tuple[int, int]] | None:
    p, s = random_worlds(1, n, seed)
    bonds = landscape(p[0], s[0]).bonds
    pairs = [(i, j) for i, j in itertools.combinations(range(n), 2) if bonds[i, j] > 0]
    return (p[0], s[0], pairs[seed % len(pairs)]) if pairs else None


@pytest.mark.parametrize(("cost", "ties"), CASES)
@settings(max_examples=25, deadline=None)
@given(n=st.integers(2, 7), seed=st.integers(0, 10**6))
def test_the_change_separates_and_a_little_less_does_not(cost: str, ties: str, n: int, seed: int) -> None:
    case = with_together(n, seed)
    if case is None:
        return
    p, s, (a, b) = case
    found = separating_change(p, s, (a, b), cost=cost, ties=ties)
    change = found.changes[0]
    unit = np.outer(s, s) if cost == "weight" else np.ones_like(p)
    assert found.proven[0]
    assert np.abs(change * unit).sum() / 2 == pytest.approx(found.cost[0])
    scale = np.abs(np.outer(s, s) * p).sum()
    bond = landscape(p + change / 2, s).bonds[a, b]
    assert bond == pytest.approx(0.0, abs=1e-7 * scale)
    assert landscape(p + 0.99 * change / 2, s).bonds[a, b] > 1e-7 * scale
    # Other ties can leave a division with the two together that is just as good: only their own tie rules out all of them.
    more = p + change / 2
    more[a, b] -= 0.01
    assert landscape(more, s).bonds[a, b] == pytest.approx(-0.01 * s[a] * s[b], abs=1e-7 * scale)


def least_by_all_programmes(p: np.ndarray, s: np.ndarray, pair: tuple[int, int], price: np.ndarray) -> float:
    """The least cost over every target, each a programme with every condition, signs of changes free."""
    n = len(p)
    w = np.outer(s, s) * (p + p.T)
    pairs = list(itertools.combinations(range(n), 2))
    sides = [(0, *rest) for rest in itertools.product((0, 1), repeat=n - 1)]
    cut = np.array([[x[i] != x[j] for i, j in pairs] for x in sides], float)
    energy = cut @ [w[i, j] for i, j in pairs]
    apart = np.array([x[pair[0]] != x[pair[1]] for x in sides])
    cost = np.array([price[i, j] for i, j in pairs])
    best = np.inf
    for x in np.flatnonzero(apart):
        rows = cut[x] - cut[~apart]
        found = linprog(
            np.r_[cost, cost], np.hstack([rows, -rows]), energy[~apart] - energy[x], bounds=(0, None)
        )
        best = min(best, found.fun)
    return best


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 5), st.integers(0, 10**6), st.sampled_from(["weight", "propensity"]))
def test_nothing_cheaper_exists(n: int, seed: int, cost: str) -> None:
    case = with_together(n, seed)
    if case is None:
        return
    p, s, pair = case
    price = np.ones((n, n)) if cost == "weight" else 1 / np.outer(s, s)
    found = separating_change(p, s, pair, cost=cost, ties="several")
    assert found.cost[0] == pytest.approx(least_by_all_programmes(p, s, pair, price), rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 6), st.integers(0, 10**6))
def test_one_tie_agrees_with_bisection_over_every_tie(n: int, seed: int) -> None:
    case = with_together(n, seed)
    if case is None:
        return
    p, s, (a, b) = case
    found = separating_change(p, s, (a, b), cost="propensity", ties="one").cost[0]
    top = separating_change(p, s, (a, b), cost="propensity", ties="own").cost[0]
    best = np.inf
    for i, j in itertools.combinations(range(n), 2):
        for sign in (-1.0, 1.0):

            def separated(amount: float, i: int = i, j: int = j, sign: float = sign) -> bool:
                turned = p.copy()
                turned[i, j] += sign * amount
                return bool(landscape(turned, s, minima=False).bonds[a, b] <= 0)

            # Once separated a tie may, turned further, bind again: look at a grid before narrowing down.
            grid = np.linspace(0, top * 1.001, 60)
            hit = next((k for k, amount in enumerate(grid) if separated(float(amount))), None)
            if hit is not None:
                low, high = grid[hit - 1], grid[hit]
                for _ in range(40):
                    middle = (low + high) / 2
                    low, high = (low, middle) if separated(float(middle)) else (middle, high)
                best = min(best, high)
    assert found == pytest.approx(best, rel=1e-6)


def test_more_freedom_never_costs_more() -> None:
    p, s = random_worlds(40, 7, 2)
    held = [
        separating_change(p, s, (1, 4), cost="propensity", ties=ties).cost
        for ties in ("own", "one", "several")
    ]
    assert (held[0] >= held[1] - 1e-9).all()
    assert (held[1] >= held[2] - 1e-9).all()
    assert (held[1] < held[0] - 1e-6).any()
    assert (held[2] < held[1] - 1e-6).any()
    weight = [separating_change(p, s, (1, 4), ties=ties).cost for ties in ("own", "one", "several")]
    assert (weight[0] == weight[1]).all()
    assert (weight[0] == weight[2]).all()


def test_costs_over_worlds_are_a_distribution() -> None:
    p = np.array([[[0, x], [x, 0]] for x in (1.0, 2.0, -1.0, 0.0, np.nan)])
    found = separating_change(p, [2.0, 1.0], (0, 1))
    assert found.cost[:4].tolist() == [4.0, 8.0, 0.0, 0.0]
    assert np.isnan(found.cost[4])
    assert np.isnan(found.changes[4]).all()
    assert found.proven.tolist() == [True] * 4 + [False]
    assert found.share_apart == 0.5
    assert found.quantiles([0.0, 0.5, 1.0]).tolist() == [0.0, 2.0, 8.0]
    assert np.isnan(separating_change(p[4:], None, (0, 1)).share_apart)


def test_names_and_order_change_nothing() -> None:
    p, s = random_worlds(1, 8, 4)
    order = np.random.default_rng(0).permutation(8)
    place = np.argsort(order)
    for cost, ties in CASES:
        one = separating_change(p[0], s[0], (2, 5), cost=cost, ties=ties)
        other = separating_change(
            p[0][np.ix_(order, order)], s[0][order], (place[5], place[2]), cost=cost, ties=ties
        )
        assert other.cost == pytest.approx(one.cost)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: over_worlds(np.zeros((3, 2))), r"shape \(worlds, actors, actors\), not \(3, 2\)"),
        (lambda: over_worlds(np.zeros((3, 2, 2)), np.ones(3)), r"shape \(3, 2\) or \(2,\)"),
        (lambda: over_worlds(np.zeros((3, 2, 2)), [1, 0]), "not above 0"),
        (lambda: over_worlds(np.full((3, 2, 2), np.inf)), "infinite"),
        (lambda: over_worlds(np.zeros((1, 29, 29))), "at most 28"),
        (lambda: separating_change(np.zeros((2, 2)), None, (0, 0)), "two different actors from 0 to 1"),
        (lambda: separating_change(np.zeros((2, 2)), None, (0, 2)), "two different actors from 0 to 1"),
        (lambda: separating_change(np.zeros((2, 2)), None, "x"), "two numbers of actors"),
        (lambda: separating_change(np.zeros((2, 2)), None, (0, 1), cost="blood"), "cost must be"),
        (
            lambda: separating_change(np.ones((13, 13)), None, (0, 1), cost="propensity", ties="several"),
            "at most 12 actors",
        ),
    ],
)
def test_bad_input_is_told(call, says: str) -> None:
    with pytest.raises(AlignmentError, match=says):
        call()
