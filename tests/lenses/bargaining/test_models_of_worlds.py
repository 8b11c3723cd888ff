"""The models on arrays of worlds: who counts, what each settles at, several issues at once, and who gains."""

from __future__ import annotations

import numpy as np
import pytest

from accord.lenses import bargaining
from accord.lenses.bargaining.gains import gains, package, without_deal
from accord.lenses.bargaining.gather import Table, companies
from accord.lenses.bargaining.settling import MODELS, TURNS, courses, settle
from accord.lenses.bargaining.together import complete, exchanged, jointly

NAN = np.nan
RNG = np.random.default_rng(5)
X, S, C = RNG.random((7, 5)), RNG.uniform(0.1, 1, (7, 5)), RNG.uniform(0.1, 3, (7, 5))
NAMES = tuple(MODELS)


def table(place: object, care: object = 0.5, power: object = 1.0, reference: object = NAN) -> Table:
    """A table from arrays of shape (worlds, actors, issues)."""
    x = np.asarray(place, float)
    s, c = (np.where(np.isnan(x), NAN, np.broadcast_to(np.asarray(v, float), x.shape)) for v in (care, power))
    names = tuple(f"a{i}" for i in range(x.shape[1])), tuple(f"q{k}" for k in range(x.shape[2]))
    return Table(*names, x, s, c, np.broadcast_to(np.asarray(reference, float), x.shape[2:]).copy())


def test_each_model_is_the_array_function_of_its_name() -> None:
    scale = {"low": 10.0, "high": 30.0}
    place = 10 + 20 * X
    weight = S * C
    assert settle("mean", place, S, C, **scale) == pytest.approx((place * weight).sum(1) / weight.sum(1))
    assert settle("weighted_median", place, S, C, **scale) == pytest.approx(
        bargaining.weighted_median(place, weight)
    )
    for reading in ("paper", "published"):
        run = bargaining.expected_utility(place, S, C, reading=reading, rounds=10)
        found = settle(f"expected_utility_{reading}", place, S, C, **scale)
        assert found == pytest.approx(run.median[:, -1], abs=1e-9)
    last = bargaining.spatial(place[..., None], S, C, **scale).final[..., 0]
    assert settle("spatial", place, S, C, **scale) == pytest.approx((last * weight).sum(1) / weight.sum(1))


def test_nash_makes_the_product_largest_and_says_where_there_is_none() -> None:
    place = np.array([[0.2, 0.5], [0.2, 0.5], [0.4, 0.5]])
    found = settle("nash", place, 0.5 + 0 * place, 1 + 0 * place, reference=[0.0, 0.3, NAN])
    grid = np.linspace(1e-4, 0.4 - 1e-4, 20001)
    product = np.log(grid * (0.4 - grid)) + np.log(grid * (1.0 - grid))
    assert found[0] == pytest.approx(grid[np.argmax(product)], abs=1e-4)
    assert np.isnan(found[1:]).all(), "the reference point lies between the two; or there is none"


@pytest.mark.parametrize("model", NAMES)
def test_who_lacks_a_number_or_weight_is_left_out(model: str) -> None:
    more = [np.column_stack([v, w]) for v, w in ((X, X[:, :3]), (S, S[:, :3]), (C, C[:, :3]))]
    more[0][:, 5], more[1][:, 6], more[2][:, 7] = NAN, 0.0, NAN
    wanted = settle(model, X, S, C, reference=0.0)
    np.testing.assert_array_equal(settle(model, *more, reference=0.0), wanted)


@pytest.mark.parametrize("model", NAMES)
def test_worlds_do_not_touch_each_other_and_names_decide_nothing(model: str) -> None:
    whole = settle(model, X, S, C, reference=0.0)
    for w in range(len(X)):
        one = settle(model, X[w : w + 1], S[w : w + 1], C[w : w + 1], reference=0.0)
        np.testing.assert_array_equal(one, whole[w : w + 1])
    for order in ([4, 3, 2, 1, 0], [2, 0, 4, 1, 3]):
        turned = settle(model, X[:, order], S[:, order], C[:, order], reference=0.0)
        np.testing.assert_allclose(turned, whole, rtol=0, atol=1e-12)


@pytest.mark.parametrize("model", NAMES)
def test_where_offers_tie_the_order_of_actors_decides_nothing(model: str) -> None:
    stream = np.random.default_rng(3)
    place, care = stream.integers(0, 5, (400, 4)) / 4, stream.integers(1, 3, (400, 4)) / 2
    power = stream.integers(1, 3, (400, 4)).astype(float)
    found = settle(model, place, care, power, reference=0.0)
    turned = settle(model, place[:, ::-1], care[:, ::-1], power[:, ::-1], reference=0.0)
    np.testing.assert_allclose(turned, found, rtol=0, atol=1e-12)


def test_nor_does_it_decide_turns_or_the_game_on_all_issues() -> None:
    stream = np.random.default_rng(3)
    place = stream.integers(0, 5, (300, 4, 3)) / 4
    care, power = stream.integers(1, 4, place.shape) / 3, stream.integers(1, 3, place.shape).astype(float)
    one = [v[:, :, 0] for v in (place, care, power)]
    last, turned = courses(*one)[1], courses(*(v[:, ::-1] for v in one))[1]
    np.testing.assert_allclose(np.sort(turned), np.sort(last), rtol=0, atol=1e-12)
    found, back = (jointly(table(*(v[:, ::step] for v in (place, care, power)))) for step in (1, -1))
    np.testing.assert_allclose(back, found, rtol=0, atol=1e-9)


@pytest.mark.parametrize("model", NAMES)
def test_different_ones_may_count_in_different_worlds(model: str) -> None:
    place = X.copy()
    place[::2, 0] = NAN
    place[3, 2:] = NAN
    found = settle(model, place, S, C, reference=0.0)
    for w in range(len(X)):
        who = ~np.isnan(place[w])
        alone = settle(model, X[w : w + 1, who], S[w : w + 1, who], C[w : w + 1, who], reference=0.0)
        np.testing.assert_array_equal(found[w : w + 1], alone)


@pytest.mark.parametrize("model", NAMES)
def test_one_actor_two_actors_all_at_one_position_and_nobody(model: str) -> None:
    one = settle(model, [[0.3]], [[1.0]], [[1.0]], reference=0.0)
    assert np.isnan(one[0]) == (MODELS[model].least > 1)
    same = settle(model, [[0.3, 0.3, 0.3]], [[1.0, 0.5, 0.1]], [[1.0, 2.0, 1.0]], reference=0.0)
    assert same == pytest.approx([0.3])
    two = settle(model, [[0.2, 0.6]], [[0.5, 0.5]], [[1.0, 1.0]], reference=0.0)
    assert 0.2 - 1e-12 <= two[0] <= 0.6 + 1e-12
    assert np.isnan(settle(model, [[NAN, NAN]], [[1.0, 1.0]], [[1.0, 1.0]], reference=0.0)[0])
    assert settle(model, np.empty((0, 3)), np.empty((0, 3)), np.empty((0, 3))).shape == (0,)


def test_bad_input_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="there is no model 'guess'; expected one of mean"):
        settle("guess", X, S, C)
    with pytest.raises(ValueError, match="on the scale from 0 to 1"):
        settle("mean", X + 1, S, C)
    with pytest.raises(ValueError, match="one shape"):
        settle("mean", X, S[:, :2], C)
    with pytest.raises(ValueError, match="low must lie below high"):
        settle("mean", X, S, C, low=1, high=1)
    with pytest.raises(ValueError, match="capability must be 0 or more"):
        settle("mean", X, S, -C)
    for name in MODELS:
        with pytest.raises(ValueError, match=r"salience must lie between 0 and 1, but .* percentages"):
            settle(name, X, S * 100, C)
        with pytest.raises(ValueError, match="salience must lie between 0 and 1, but a negative one"):
            settle(name, X, -S, C)
    with pytest.raises(ValueError, match=r"the last two or of shape \(actors,\), not"):
        settle("mean", X, S[0, :2], C)


def test_worlds_may_share_salience_and_capability() -> None:
    whole = settle("weighted_median", X, np.broadcast_to(S[0], X.shape), np.broadcast_to(C[0], X.shape))
    assert (settle("weighted_median", X, S[0], C[0]) == whole).all()


def test_turns_of_the_spatial_model_are_those_of_its_course() -> None:
    turns, last = courses(X, S, C)
    course = bargaining.spatial(X[..., None], S, C, low=0.0, high=1.0).positions[..., 0]
    assert turns.shape == (7, TURNS + 1, 5)
    np.testing.assert_array_equal(turns[:, 0], X)
    for turn in range(TURNS + 1):
        np.testing.assert_array_equal(turns[:, turn], course[:, min(turn, course.shape[1] - 1)])
    np.testing.assert_array_equal(last, course[:, -1])
    alone = X.copy()
    alone[0, 1:], alone[1, 2] = NAN, NAN
    turns, last = courses(alone, S, C)
    assert np.isnan(turns[0]).all()
    assert np.isnan(last[1]).tolist() == [False, False, True, False, False]


def test_exchange_is_one_round_over_the_issues_that_two_share() -> None:
    place = RNG.random((3, 4, 3))
    place[1, 0, 1], place[2, 1:, 2] = NAN, NAN
    care, power = RNG.uniform(0.1, 1, place.shape), RNG.uniform(0.5, 2, place.shape)
    found = exchanged(table(place, care, power))
    for w, issues in ((0, [0, 1, 2]), (1, [0, 1, 2]), (2, [0, 1])):
        each = (v[w][:, issues] for v in (place * 100, np.where(np.isnan(place), NAN, care), power))
        run = bargaining.exchange(*each, lower=0, upper=100, rounds=1)
        np.testing.assert_allclose(found[w, issues], run.outcome[-1] / 100, atol=1e-12)
    assert np.isnan(found[2, 2]), "only one actor is left there"
    assert np.isnan(exchanged(table(place[:, :, :1]))).all(), "there is nothing to trade on one issue"


def stream_of(worlds: int, low: int = 0) -> np.ndarray:
    """Numbers on a coarse grid, so that much ties."""
    return np.random.default_rng(3 + low).integers(low, 5, (worlds, 5, 3)) / 4


def test_exchange_does_not_depend_on_the_order_of_actors_and_issues() -> None:
    place, care = RNG.random((4, 5, 3)).round(1), RNG.uniform(0.1, 1, (4, 5, 3)).round(1)
    place, care = np.concatenate([place, stream_of(60)]), np.concatenate([care, stream_of(60, low=1)])
    found = exchanged(table(place, care))
    turned = exchanged(table(place[:, ::-1, ::-1], care[:, ::-1, ::-1]))[:, ::-1]
    np.testing.assert_allclose(turned, found, atol=1e-12)


def test_the_game_on_all_issues_takes_who_counts_on_all_of_them() -> None:
    place = RNG.random((2, 4, 3))
    place[:, 0, 1] = NAN
    place[:, 1:, 2] = NAN
    care, power = np.full(place.shape, 0.2), RNG.uniform(0.5, 2, place.shape)
    who, issues = complete(~np.isnan(place[0]))
    assert (who.tolist(), issues.tolist()) == ([1, 2, 3], [0, 1])
    found = jointly(table(place, care, power))
    at = place[:, 1:, :2]
    share = power[:, 1:, :2] / power[:, 1:, :2].sum(axis=1, keepdims=True)
    last = bargaining.spatial(at, care[:, 1:, :2], share.mean(axis=2), low=0, high=1).final
    wanted = (last * power[:, 1:, :2]).sum(axis=1) / power[:, 1:, :2].sum(axis=1)
    np.testing.assert_allclose(found[:, :2], wanted, atol=1e-9)
    assert np.isnan(found[:, 2]).all()


def test_saliences_above_one_in_sum_are_divided_by_the_largest_sum() -> None:
    place, power = RNG.random((2, 3, 2)), np.ones((2, 3, 2))
    care = RNG.uniform(0.5, 1, place.shape)
    most = care.sum(axis=2).max(axis=1)[:, None, None]
    assert (most > 1).all()
    np.testing.assert_allclose(
        jointly(table(place, care, power)), jointly(table(place, care / most, power)), atol=1e-9
    )
    assert np.isnan(jointly(table(place[:, :, :1]))).all(), "one issue is no space"
    assert np.isnan(jointly(table(place[:, :1]))).all(), "one actor does not bargain"


def test_gains_by_hand() -> None:
    # Salience .5 and 1; from .2 to .5 the first, at .1, loses .3 and the second, at .9, gains .3.
    at = table([[[0.1], [0.9]]], [[[0.5], [1.0]]], reference=[0.2])
    gained = gains(at, np.array([[0.5]]))
    assert gained[0, :, 0] == pytest.approx([-0.15, 0.3])
    assert package(at, gained)[0] == pytest.approx([-0.3, 0.3])


def test_without_a_reference_point_somebody_gets_its_way() -> None:
    # Weights 1 and 3: the first loses .8 in three of four cases, the second in one.
    at = table([[[0.1], [0.9]]], 0.5, [[[1.0], [3.0]]])
    assert without_deal(at)[0, :, 0] == pytest.approx([0.6, 0.2])
    # The mean costs the same for sure: neither gains.  With three, the one in the middle gains most by it.
    assert (gains(at, np.array([[0.7]])) == 0).all()
    three = table([[[0.0], [0.5], [1.0]]], 1.0)
    assert gains(three, np.array([[0.5]]))[0, :, 0] == pytest.approx([0.0, 1 / 3, 0.0])


def test_who_does_not_count_gains_nothing_and_is_in_no_sum() -> None:
    at = table([[[0.1, NAN], [0.9, 0.3]]], 0.5, reference=[0.2, 0.0])
    gained = gains(at, np.array([[0.5, 0.3]]))
    assert np.isnan(gained[0, 0, 1])
    whole = package(at, gained)
    assert whole[0] == pytest.approx([-0.3, (0.3 + 0.3) / 2])
    assert np.isnan(package(at, gains(at, np.full((1, 2), NAN)))).all()


def test_companies_cover_every_world_once() -> None:
    counted = RNG.random((50, 3)) < 0.6
    rows = np.concatenate([rows for rows, _ in companies(counted)])
    assert sorted(rows.tolist()) == list(range(50))
    for some, who in companies(counted):
        assert (counted[some] == np.isin(np.arange(3), who)).all()
    assert list(companies(np.empty((0, 3), np.bool_))) == []
