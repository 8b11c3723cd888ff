"""Payoffs from rankings, statements, weights, payoffs and stances."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.lenses.conflict import (
    by_expressions,
    by_payoffs,
    by_ranking,
    by_stances,
    by_statements,
    by_weights,
    coalesced,
    graph,
    infeasible,
    model,
)
from accord.lenses.conflict.feasibility import ModelError
from accord.lenses.conflict.preference import _levelled

TALKS = model({"a": ["x", "y"], "b": ["z"]}, rules=[infeasible("x and y")])  # 0, 1, 2, 4, 5, 6
NAN = float("nan")


def test_a_ranking_by_hand() -> None:
    ranking = [5, {0, 4}, {"y"}, [["y", "z"]], frozenset({"x"})]
    assert by_ranking(TALKS, ranking).tolist() == [4, 1, 3, 4, 5, 2]
    # a set of taken options is one state, also the empty one
    assert by_ranking(TALKS, [set(), {"x", "z"}, (1, 2), {4, 6}]).tolist() == [4, 2, 2, 1, 3, 1]


def test_a_ranking_of_names() -> None:
    made = graph(["a"], ["war", "peace", "truce"], [[]])
    assert by_ranking(made, ["peace", {"war", "truce"}]).tolist() == [1, 2, 1]
    assert by_ranking(made, [1, 2, "war"]).tolist() == [1, 3, 2]


def test_a_ranking_of_joint_states() -> None:
    joint = coalesced(TALKS, ["z"])
    assert by_ranking(joint, [{4, 6}, 1, {0, 2}]).tolist() == [1, 2, 1, 3]
    with pytest.raises(ModelError, match="has 'a: x either way, y either way; b: z' at rank 1 and at 2"):
        by_ranking(joint, [4, 6, 1, {0, 2}])


@pytest.mark.parametrize(
    ("ranking", "says"),
    [
        (
            [5, 0],
            "the ranking leaves out 4 of 6 states: 'a: x; b: nothing', 'a: y; b: nothing', 'a: nothing; b: z', ",
        ),
        (
            [5],
            "leaves out 5 of 6 states: .*'a: nothing; b: z' and 1 more; try: add them, last if they are worst",
        ),
        ([5, 0, 1, 2, 4, {6, 5}], "has 'a: x; b: z' at rank 1 and at 6"),
        ([3, 5, 0, 1, 2, 4], "no state with the number 3; expected one that the rules leave"),
        ([{"x", "y"}], "no state in which x and y is taken"),
        ([{"x", "w"}], "there is no state '[xw]'"),
    ],
)
def test_rankings_that_do_not_work(ranking, says) -> None:
    with pytest.raises(ModelError, match=says):
        by_ranking(TALKS, ranking)


def test_statements_by_hand() -> None:
    # states: none, x, y, z, xz, yz
    assert by_statements(TALKS, ["z", "not x"]).tolist() == [2, 1, 2, 4, 3, 4]
    assert by_statements(TALKS, ["x if z", "y iff z"]).tolist() == [4, 4, 3, 1, 3, 2]
    # one rank: the more of them, the better
    assert by_statements(TALKS, [["z", "not x"]]).tolist() == [2, 1, 2, 3, 2, 3]
    assert by_statements(TALKS, ["y", ("z", "not x")]).tolist() == [2, 1, 4, 3, 2, 5]
    assert by_statements(coalesced(TALKS, ["z"]), ["not x", "y"]).tolist() == [2, 1, 3, 1]


def test_statements_that_hold_in_some_worlds() -> None:
    held = [[True, True], [True, False], [False, True], [False, False], [True, True]]
    found = by_statements(TALKS, ["z", "not x"], held=held)
    assert found.tolist() == [
        [2, 1, 2, 4, 3, 4],
        [1, 1, 1, 2, 2, 2],
        [2, 1, 2, 2, 1, 2],
        [1, 1, 1, 1, 1, 1],
        [2, 1, 2, 4, 3, 4],
    ]
    assert by_statements(TALKS, ["z"], held=np.empty((0, 1), bool)).shape == (0, 6)
    with pytest.raises(ModelError, match=r"held must have the shape \(worlds, 2\), not \(2,\)"):
        by_statements(TALKS, ["z", "x"], held=[True, False])


def test_many_statements_do_not_overflow() -> None:
    wide = model({"a": [f"o{k}" for k in range(8)]})
    # the last 8 of 200 levels decide; a sum of powers of two would lose them
    silent = ["o0 or not o0"] * 192
    found = by_statements(wide, [*silent, *(f"o{k}" for k in range(8))])
    backwards = [int(f"{mask:08b}"[::-1], 2) for mask in range(256)]
    assert found.tolist() == [1 + value for value in backwards]
    # many levels that count, told apart at the first and the last only
    assert by_statements(wide, ["o1", *["o0 iff o0", "o0"] * 50, "o7"]).max() == 8


@settings(deadline=None, max_examples=40)
@given(
    levels=st.lists(
        st.lists(
            st.sampled_from(["x", "y", "z", "x or z", "y if z", "x iff not z", "not (x or y)"]),
            min_size=1,
            max_size=3,
        ),
        min_size=1,
        max_size=5,
    ),
    data=st.data(),
)
def test_statements_are_lexicographic(levels, data) -> None:
    total = sum(len(level) for level in levels)
    held = data.draw(st.lists(st.booleans(), min_size=total, max_size=total))
    found = by_statements(TALKS, levels, held=[held])[0]
    flags = iter(held)
    counts = [np.sum([TALKS.where(said) & next(flags) for said in level], axis=0) for level in levels]
    keys = list(zip(*counts, strict=True))
    ordered = sorted(set(keys))
    assert found.tolist() == [1 + ordered.index(key) for key in keys]


def test_weights_by_hand() -> None:
    assert by_weights(TALKS, {"x": 2.0, "z": -1.5}).tolist() == [0, 2, 0, -1.5, 0.5, -1.5]
    worlds = by_weights(TALKS, {"x": [1.0, 3.0], "y": 2.0})
    assert worlds.tolist() == [[0, 1, 2, 0, 1, 2], [0, 3, 2, 0, 3, 2]]


def test_equal_sums_of_weights_are_ties_whatever_the_rounding() -> None:
    made = model({"a": ["p", "q", "r"]})
    found = by_weights(made, {"p": 0.1, "q": 0.2, "r": 0.3})
    assert 0.1 + 0.2 != 0.3
    assert found[0b011] == found[0b100]
    assert len(set(found.tolist())) == 7
    # small differences are no rounding
    assert len(set(by_weights(made, {"p": 1e-6, "q": 1.0, "r": 1.0 + 1e-9}).tolist())) == 8
    assert found.tolist() == by_weights(made, {"r": 0.3, "q": 0.2, "p": 0.1}).tolist()
    both = by_weights(made, {"p": [0.1, 1e6], "q": [0.2, 2e6], "r": [0.3, 3e6]})
    assert (both[:, 0b011] == both[:, 0b100]).all()
    assert both[0].tolist() == found.tolist()


def test_expressions_by_hand() -> None:
    assert by_expressions(TALKS, ["x and z", "x", "not z", "otherwise"]).tolist() == [2, 3, 2, 1, 4, 1]
    # an entry in which nothing is left makes no rank
    assert by_expressions(TALKS, ["x", "x and z", "Otherwise"]).tolist() == [1, 2, 1, 1, 2, 1]
    with pytest.raises(
        ModelError, match=r"the ranking leaves out 2 of 6 states: 'a: nothing; b: z', 'a: y; b: z'; try"
    ):
        by_expressions(TALKS, ["x", "not z"])


def test_payoffs_by_hand() -> None:
    assert by_payoffs(TALKS, {"x and z": 3, "x": -1, "otherwise": 0.5}).tolist() == [
        0.5,
        -1,
        0.5,
        0.5,
        3,
        0.5,
    ]
    worlds = by_payoffs(TALKS, {"x": [1.0, 2.0], "not x": [0.0, 5.0]})
    assert worlds.tolist() == [[0, 1, 0, 0, 1, 0], [5, 2, 5, 5, 2, 5]]
    with pytest.raises(ModelError, match=r"leaves out 4 of 6 states.*try: 'otherwise' as the last entry"):
        by_payoffs(TALKS, {"x": 1})


def test_stances_by_hand() -> None:
    # one issue on 0..10 from 4: x moves it by 3, y by -2, z by 5 (kept within the scale); the actor wants 8
    taken = TALKS.taken_matrix()
    found = by_stances([8.0], [0.5], [[3.0], [-2.0], [5.0]], [4.0], [0.0], [10.0], taken)
    outcomes = [4, 7, 2, 9, 10, 7]
    assert found == pytest.approx([-0.5 * abs(outcome - 8) / 10 for outcome in outcomes], abs=1e-15)
    assert found[1] == found[3] == found[5]  # 7 and 9 are as far from 8
    # a second issue without a stand does not count; one with a stand does
    effects = [[3.0, 1.0], [-2.0, 0.0], [5.0, 0.0]]
    silent = by_stances([8.0, NAN], [0.5, 1.0], effects, [4.0, 0.0], [0.0, 0.0], [10.0, 1.0], taken)
    assert silent.tolist() == found.tolist()
    both = by_stances([8.0, 0.0], [0.5, 1.0], effects, [4.0, 0.0], [0.0, 0.0], [10.0, 1.0], taken)
    assert both == pytest.approx(found - taken[:, 0], abs=1e-15)


def test_stances_of_many_worlds() -> None:
    taken, rng = TALKS.taken_matrix(), np.random.default_rng(4)
    place, care, effects = rng.random((5, 2)), rng.random((5, 2)), rng.normal(size=(5, 3, 2))
    point, low, high = rng.random((5, 2)), np.zeros(2), np.ones(2)
    found = by_stances(place, care, effects, point, low, high, taken)
    assert found.shape == (5, 6)
    for w in range(5):
        alone = by_stances(place[w], care[w], effects[w], point[w], low, high, taken)
        assert alone.tolist() == found[w].tolist()
    assert by_stances(place[0], care, effects[0], point[0], low, high, taken).shape == (5, 6)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: by_statements(TALKS, []), "there is no statement"),
        (lambda: by_statements(TALKS, ["x", []]), "there is no statement"),
        (lambda: by_statements(TALKS, ["x and"]), "'x and': nothing follows 'and'"),
        (lambda: by_statements(TALKS, ["w"]), "'w' is no option; expected one of x, y, z"),
        (lambda: by_weights(TALKS, {"w": 1.0}), "weights: 'w' is no option"),
        (lambda: by_weights(TALKS, {}), "there is no weight"),
        (lambda: by_weights(TALKS, {"x": NAN}), "the weight of 'x' must be finite"),
        (
            lambda: by_weights(TALKS, {"x": [1.0, 2.0], "y": [1.0, 2.0, 3.0]}),
            "same number of worlds, not 2, 3",
        ),
        (lambda: by_weights(TALKS, {"x": [[1.0]]}), r"must be a number or one per world, not \(1, 1\)"),
        (lambda: by_payoffs(TALKS, {"otherwise": np.inf}), "the payoff of 'otherwise' must be finite"),
        (
            lambda: by_stances([NAN], [1.0], [[1.0]], [0.0], [0.0], [1.0], [[True]]),
            "takes no stand on any issue",
        ),
        (
            lambda: by_stances([0.5], [2.0], [[1.0]], [0.0], [0.0], [1.0], [[True]]),
            "salience must lie between 0 and 1",
        ),
        (lambda: by_stances([0.5], [1.0], [[NAN]], [0.0], [0.0], [1.0], [[True]]), "an effect is 0 where"),
        (
            lambda: by_stances([0.5], [1.0], [[1.0]], [NAN], [0.0], [1.0], [[True]]),
            "reference points must be finite",
        ),
        (
            lambda: by_stances([0.5], [1.0], [[1.0]], [0.0], [1.0], [1.0], [[True]]),
            "low end below its high end",
        ),
        (
            lambda: by_stances([0.5], [1.0], [[1.0]], [0.0], [0.0], [1.0], [[True] * 2]),
            r"\[worlds,\] options, issues",
        ),
        (
            lambda: by_stances([0.5] * 2, [1.0], [[1.0]], [0.0], [0.0], [1.0], [[True]]),
            "agree on the number of issues",
        ),
    ],
)
def test_errors(make, says) -> None:
    with pytest.raises(ValueError, match=says):
        make()


@pytest.mark.parametrize("count", [1, 5, 70])
def test_orders_of_many_worlds_are_those_of_each(count):
    """Also where there are more statements than one number can string together."""
    rng = np.random.default_rng(count)
    sizes = [int(size) for size in rng.integers(1, 4, count)]
    seen = rng.integers(0, 2, (6, sum(sizes), 30))
    assert _levelled(seen, sizes).tolist() == [_levelled(one, sizes).tolist() for one in seen]
