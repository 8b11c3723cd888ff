"""Drawing worlds: the same however it is cut, balanced, correlated as asked, and paired across scenarios."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import qmc

from accord.engine.chunks import LocalEngine
from accord.engine.store import digest
from accord.engine.streams import stream
from accord.situation import Actor, Correlation, Estimate, Frozen, Situation
from accord.worlds import Worlds, best, draw, kernels, plan
from accord.worlds import design as designs

Build = Callable[..., Situation]
AT = "stances.{}.iran.position"
METHODS = ("sobol", "latin")

NUMBERS = {
    "pert": Estimate(0.3, 0.1, 0.9, "pert"),
    "flat": Estimate(None, 0.2, 0.4, "uniform"),
    "coin": Estimate(None, distribution="bernoulli", parameters=(("probability", 0.25),)),
    "losses": Estimate(None, 0.5, 50, "loguniform"),
    "discount": Estimate(None, 0.94, 0.99, "log1m_uniform"),
    "steep": Estimate(None, distribution="beta", parameters=(("alpha", 0.001), ("beta", 0.001))),
    "tail": Estimate(None, 1.0, None, "normal", (("mean", 0.0), ("sd", 1.0))),
    "known": Estimate(0.7),
}


@pytest.fixture(scope="module")
def mixed(build: Build) -> Situation:
    """One number of each kind, two of them correlated."""
    pair = Correlation((AT.format("pert"), AT.format("flat")), 0.6)
    return build(NUMBERS, {"together": pair})


def whole_of(situation: Situation, method: str, count: int = 256, seed: int = 0) -> Worlds:
    """All worlds in one piece."""
    return draw(plan(situation), situation, count, seed, method)


@given(
    cuts=st.sets(st.integers(2, 256), max_size=6), threads=st.integers(1, 3), method=st.sampled_from(METHODS)
)
@settings(max_examples=40, deadline=None)
def test_any_chunking_and_any_threads_give_identical_worlds(
    mixed: Situation, cuts: set[int], threads: int, method: str
) -> None:
    planned, edges = plan(mixed), [1, *sorted(cuts), 257]
    parts: list[Worlds] = []

    def task(worlds: range) -> dict[str, Any]:
        for start, stop in itertools.pairwise(edges):
            parts.append(draw(planned, mixed, 256, 0, method, start, stop))
        return {"done": np.zeros(len(worlds))}

    assert LocalEngine(threads=threads, chunk=1).run(task, range(1, 2)).complete
    joined = np.concatenate([part.array for part in parts])
    assert np.array_equal(joined, whole_of(mixed, method).array)
    assert [part.first for part in parts] == edges[:-1]


@pytest.mark.parametrize("method", METHODS)
def test_large_draws_on_several_threads_equal_small_ones(build: Build, method: str) -> None:
    situation = build({f"n{i}": Estimate(0.3, 0.1, 0.9, "pert") for i in range(20)})
    planned = plan(situation)
    large = draw(planned, situation, 2**14, 3, method)
    pieces = [
        draw(planned, situation, 2**14, 3, method, start, start + 1024) for start in range(1, 2**14, 1024)
    ]
    assert np.array_equal(large.array, np.concatenate([piece.array for piece in pieces]))


@pytest.mark.parametrize("method", METHODS)
def test_the_engine_gives_one_digest_for_any_chunk_size(mixed: Situation, method: str) -> None:
    planned = plan(mixed)

    def task(worlds: range) -> dict[str, Any]:
        drawn = draw(planned, mixed, 128, 5, method, worlds.start, worlds.stop)
        return {name: drawn.of(name) for name in drawn.names}

    found = {
        digest(LocalEngine(chunk=chunk).run(task, range(1, 129)).columns) for chunk in (1, 7, 50, 128, None)
    }
    assert len(found) == 1


@pytest.mark.parametrize("method", METHODS)
def test_seed_0_is_a_seed_and_differs_from_seed_1(mixed: Situation, method: str) -> None:
    zero = whole_of(mixed, method)
    assert np.array_equal(zero.array, whole_of(mixed, method).array)
    other = whole_of(mixed, method, seed=1)
    assert not np.isclose(zero.of(AT.format("flat")), other.of(AT.format("flat"))).any()


@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_what_is_written_does_not_matter(build: Build, method: str) -> None:
    actors = {"iran": Actor("state"), "russia": Actor("state", stakes=Estimate(None, 0, 1, "uniform"))}
    one = build(NUMBERS, actors=Frozen(actors))
    other = build(dict(reversed(NUMBERS.items())), actors=Frozen(dict(reversed(actors.items()))))
    first, second = whole_of(one, method), whole_of(other, method)
    assert first.names == second.names
    assert np.array_equal(first.array, second.array)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("power", [0, 1, 5, 9])
def test_every_number_falls_once_into_each_slice_of_its_range(build: Build, method: str, power: int) -> None:
    situation = build({f"n{i}": Estimate(None, 0, 1, "uniform") for i in range(40)})
    count = 2**power
    array = whole_of(situation, method, count).array
    assert ((array > 0) & (array < 1)).all()
    slices = np.sort(np.floor(array * count).astype(int), axis=0)
    assert np.array_equal(slices, np.tile(np.arange(count)[:, None], (1, 40)))


@pytest.mark.parametrize("count", [1, 2, 3, 5, 100, 255, 257, 1000])
def test_a_latin_hypercube_takes_any_number_of_worlds(build: Build, count: int) -> None:
    situation = build({f"n{i}": Estimate(None, 0, 1, "uniform") for i in range(10)})
    array = whole_of(situation, "latin", count).array
    slices = np.sort(np.floor(array * count).astype(int), axis=0)
    assert np.array_equal(slices, np.tile(np.arange(count)[:, None], (1, 10)))


def test_small_permutations_are_all_equally_likely() -> None:
    rng = np.random.default_rng(0)
    seen: dict[tuple[int, ...], int] = dict.fromkeys(itertools.permutations(range(4)), 0)
    for _ in range(4800):
        out = np.empty(4, dtype=np.uint64)
        kernels.permute(out, 0, 4, kernels.round_keys(rng.integers(0, 2**64, dtype=np.uint64)))
        seen[tuple(out.tolist())] += 1
    assert stats.chisquare(list(seen.values())).pvalue > 1e-4


@given(
    count=st.one_of(st.integers(1, 5000), st.sampled_from([1023, 1024, 1025, 2**14 - 1, 2**14, 2**14 + 1])),
    key=st.integers(0, 2**64 - 1),
    cut=st.integers(0, 5000),
)
@settings(max_examples=60, deadline=None)
def test_a_permutation_hits_every_index_once_in_any_two_pieces(count: int, key: int, cut: int) -> None:
    rounds, cut = kernels.round_keys(np.uint64(key)), min(cut, count)
    whole = np.empty(count, dtype=np.uint64)
    kernels.permute(whole, 0, count, rounds)
    assert np.array_equal(np.sort(whole), np.arange(count))
    late = np.empty(count - cut, dtype=np.uint64)
    kernels.permute(late, cut, count, rounds)
    assert np.array_equal(late, whole[cut:])


@pytest.mark.parametrize("count", [2**20, 2**20 + 1, 2**30])
def test_a_large_permutation_is_as_good_as_random(count: int) -> None:
    keys = np.random.default_rng(3).integers(0, 2**64, 4000, dtype=np.uint64)
    start, out = count // 3, np.empty((4000, 2), dtype=np.uint64)
    for row, key in zip(out, keys, strict=True):
        kernels.permute(row, start, count, kernels.round_keys(key))
    images = out.astype(np.float64) / count
    assert stats.kstest(images[:, 0], "uniform").pvalue > 1e-4
    assert (
        stats.kstest((images[:, 1] - images[:, 0]) % 1, "uniform").pvalue > 1e-4
    )  # of neighbours, over the keys


@pytest.mark.parametrize("first", [0, 1, 2**20 - 7])
@pytest.mark.parametrize("size", [1, 2, 5, 2047, 2048, 2049, 5000])
def test_latin_points_do_not_depend_on_where_a_stretch_begins_or_ends(first: int, size: int) -> None:
    keys = np.array([stream(0, "x", "latin"), stream(1, "x", "latin")], dtype=np.uint64)
    count = 2**20 + 6000
    out, one = np.empty((2, size)), np.empty((2, 1))
    kernels.latin_columns(out, first, count, keys)
    for place in {0, 1, size // 2, size - 2, size - 1} & set(range(size)):
        kernels.latin_columns(one, first + place, count, keys)
        assert np.array_equal(one[:, 0], out[:, place])


def test_no_rounding_carries_a_latin_point_out_of_its_stratum() -> None:
    for count in (1, 3, 1000, 2**20, 10**6 + 3, 2**30):
        for jitter in (2.0**-54, 1e-12, 1 - 2.0**-53):
            row = np.full(3, jitter)
            kernels.within(row, np.array([0, count // 2, count - 1], dtype=np.uint64), count)
            exact = [Fraction(x) * count for x in row.tolist()]
            assert all(s <= x < s + 1 for s, x in zip((0, count // 2, count - 1), exact, strict=True))
            assert ((row > 0) & (row < 1)).all()


def test_columns_of_a_latin_hypercube_are_independent(build: Build) -> None:
    situation = build({f"n{i}": Estimate(None, 0, 1, "uniform") for i in range(20)})
    array = whole_of(situation, "latin", 5000).array
    correlations = np.corrcoef(array.T) - np.eye(20)
    assert np.abs(correlations).max() < 5 / np.sqrt(5000)
    assert abs(np.corrcoef(array[:-1, 0], array[1:, 0])[0, 1]) < 5 / np.sqrt(5000)


@pytest.mark.parametrize("count", [256, 512, 1024, 1000])
def test_the_order_of_latin_points_is_random(count: int) -> None:
    keys = np.array([stream(seed, "x", "latin") for seed in range(400)], dtype=np.uint64)
    out = np.empty((400, count))
    kernels.latin_columns(out, 0, count, keys)
    scores = (out - out.mean(axis=1, keepdims=True)) / out.std(axis=1, keepdims=True)
    for step in (
        1,
        2,
        count // 2,
    ):  # correlation of each point with a later one, over 400 keys: standard normal
        found = (scores[:, :-step] * scores[:, step:]).sum(axis=1) / np.sqrt(count - step)
        assert abs(found.std() - 1) < 4 / np.sqrt(800) + 0.05


def test_unscrambled_points_are_scipys_sobol_sequence() -> None:
    directions = designs.sobol_directions(37, 10) << np.uint64(11)
    out = np.empty((37, 1024))
    kernels.sobol_columns(out, 0, directions, np.zeros(37, dtype=np.uint64))
    expected = qmc.Sobol(37, scramble=False).random(1024)
    assert np.array_equal(np.where(out < 1e-15, 0.0, out), expected.T)
    tail = np.empty((37, 24))
    kernels.sobol_columns(tail, 1000, directions, np.zeros(37, dtype=np.uint64))
    assert np.array_equal(tail, out[:, 1000:])


def test_scrambled_points_are_still_a_net(build: Build) -> None:
    situation = build({f"n{i}": Estimate(None, 0, 1, "uniform") for i in range(2)})
    array = whole_of(situation, "sobol", 1024, seed=11).array
    for power in range(11):  # every box of volume 2^-10 holds exactly one point: a (0, 10, 2)-net in base 2
        cells = np.floor(array * [2**power, 2 ** (10 - power)]).astype(int)
        assert len({tuple(cell) for cell in cells}) == 1024


def test_sobol_points_fill_space_more_evenly_than_chance(build: Build) -> None:
    situation = build({f"n{i}": Estimate(None, 0, 1, "uniform") for i in range(6)})
    ours = qmc.discrepancy(whole_of(situation, "sobol", 512).array)
    scipys = qmc.discrepancy(qmc.Sobol(6, rng=0).random(512))
    chance = qmc.discrepancy(np.random.default_rng(0).random((512, 6)))
    assert ours < chance / 5
    assert ours < 2 * scipys


def test_the_first_worlds_of_many_are_the_worlds_of_few(build: Build) -> None:
    situation = build(NUMBERS)
    many, few = whole_of(situation, "sobol", 1024).array, whole_of(situation, "sobol", 128).array
    assert np.array_equal(many[:128], few)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("best_value", [0.1, 0.35, 0.9])
def test_the_mean_of_a_pert_is_as_defined(build: Build, method: str, best_value: float) -> None:
    situation = build({"x": Estimate(best_value, 0.1, 0.9, "pert")})
    values = whole_of(situation, method, 4096).of(AT.format("x"))
    assert abs(values.mean() - (0.1 + 4 * best_value + 0.9) / 6) < 1e-4
    mean = (0.1 + 4 * best_value + 0.9) / 6
    assert abs(values.var() - (mean - 0.1) * (0.9 - mean) / 7) < 1e-4


def test_what_is_missing_is_nan_and_never_zero(mixed: Situation) -> None:
    drawn = whole_of(mixed, "sobol", 4)
    assert np.isnan(drawn.of("partnership.territory")).all()
    assert drawn.of("partnership.territory").shape == (4,)
    assert not drawn.has("partnership.territory")
    assert (drawn.of(AT.format("known")) == 0.7).all()
    assert drawn.has(AT.format("known"))


def test_world_0_holds_the_best_estimates(mixed: Situation) -> None:
    planned = plan(mixed)
    zero = best(planned, mixed)
    assert (zero.first, zero.size) == (0, 1)
    assert zero.names == draw(planned, mixed, 2, 0).names
    assert zero.of(AT.format("pert")) == [0.3]
    assert np.isclose(zero.of(AT.format("flat")), 0.3)
    assert zero.of(AT.format("coin")) == [0.0]
    assert zero.of(AT.format("known")) == [0.7]
    assert np.isnan(zero.of("stakes")).all()


# --- what is drawn, and pairing ---------------------------------------------------------------


def test_a_plan_lists_stated_then_omitted_then_scenario_numbers(build: Build) -> None:
    base = build({"b": Estimate(None, 0, 1, "uniform"), "a": Estimate(0.5, 0, 1, "pert"), "c": Estimate(1.0)})
    scenario = build({"b": Estimate(0.5), "a": Estimate(0.5, 0, 1, "pert"), "c": Estimate(1.0, 0, 2, "pert")})
    extra = {
        "stakes": Estimate(None, 0, 1, "uniform", prior=True),
        "partnership.talks": Estimate(0.0, prior=True),
    }
    planned = plan(base, scenario, extra=extra)
    assert planned.paths == (AT.format("a"), AT.format("b"), "stakes", AT.format("c"))


@pytest.mark.parametrize("method", METHODS)
def test_scenarios_share_their_random_numbers(build: Build, method: str) -> None:
    base = build({"a": Estimate(0.5, 0, 1, "pert"), "b": Estimate(None, 0, 1, "uniform"), "c": Estimate(0.4)})
    scenario = build(
        {"a": Estimate(0.5, 0, 1, "pert"), "b": Estimate(0.9), "c": Estimate(None, 0, 1, "uniform")}
    )
    planned = plan(base, scenario)
    one, other = (draw(planned, situation, 64, 0, method) for situation in (base, scenario))
    assert np.array_equal(one.of(AT.format("a")), other.of(AT.format("a")))
    assert (one.of(AT.format("c")) == 0.4).all()
    assert (other.of(AT.format("b")) == 0.9).all()
    assert np.unique(other.of(AT.format("c"))).size == 64


@pytest.mark.parametrize("method", METHODS)
def test_looking_at_a_scenario_as_well_changes_nothing_in_the_base(build: Build, method: str) -> None:
    pair = {"p": Correlation((AT.format("a"), AT.format("b")), 0.5)}
    more = {**pair, "q": Correlation((AT.format("b"), AT.format("c")), 0.5)}
    base = build(
        {"a": Estimate(0.5, 0, 1, "pert"), "b": Estimate(None, 0, 1, "uniform"), "c": Estimate(0.4)}, pair
    )
    scenario = build(
        {"a": Estimate(0.5, 0, 1, "pert"), "b": Estimate(0.9), "c": Estimate(None, 0, 1, "uniform")}, more
    )
    alone = draw(plan(base), base, 64, 0, method)
    beside = draw(plan(base, scenario), base, 64, 0, method)
    assert alone.names == beside.names
    assert np.array_equal(alone.array, beside.array)


def test_omitted_numbers_leave_stated_ones_alone_and_yield_to_them(build: Build) -> None:
    base = build({"a": Estimate(None, 0, 1, "uniform")})
    extra = {
        "stakes": Estimate(None, 0, 0.3, "uniform", prior=True),
        "partnership.talks": Estimate(0.0, prior=True),
    }
    planned = plan(base, extra=extra)
    drawn = draw(planned, base, 64, 0)
    assert np.array_equal(drawn.of(AT.format("a")), whole_of(base, "sobol", 64).of(AT.format("a")))
    assert 0 < drawn.of("stakes").min() < drawn.of("stakes").max() < 0.3
    assert (drawn.of("partnership.talks") == 0.0).all()
    stating = build({"a": Estimate(None, 0, 1, "uniform")}, stakes=Estimate(0.2))
    assert (draw(planned, stating, 64, 0).of("stakes") == 0.2).all()


def test_a_number_omitted_in_a_scenario_only_is_drawn_there(build: Build) -> None:
    base = build({"a": Estimate(None, 0, 1, "uniform")}, stakes=Estimate(0.2))
    scenario = build({"a": Estimate(None, 0, 1, "uniform")})
    planned = plan(base, scenario, extra={"stakes": Estimate(None, 0, 0.3, "uniform", prior=True)})
    assert planned.paths == (AT.format("a"), "stakes")
    assert (draw(planned, base, 8, 0).of("stakes") == 0.2).all()
    assert np.unique(draw(planned, scenario, 8, 0).of("stakes")).size == 8


# --- correlations -----------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("rank", [-0.9, -0.3, 0.0, 0.5, 0.95])
def test_rank_correlations_are_as_asked(build: Build, method: str, rank: float) -> None:
    numbers = {
        "a": Estimate(0.1, 0.1, 0.9, "pert"),
        "b": Estimate(None, 1e-3, 1e3, "loguniform"),
        "c": Estimate(None, 0, 1, "uniform"),
    }
    situation = build(numbers, {"tie": Correlation((AT.format("b"), AT.format("a")), rank)})
    drawn = whole_of(situation, method, 8192)
    found = stats.spearmanr(drawn.of(AT.format("a")), drawn.of(AT.format("b"))).statistic
    assert abs(found - rank) < 0.02
    assert abs(stats.spearmanr(drawn.of(AT.format("a")), drawn.of(AT.format("c"))).statistic) < 0.02


@pytest.mark.parametrize("method", METHODS)
def test_correlation_leaves_every_single_distribution_as_it_is(build: Build, method: str) -> None:
    numbers = {name: Estimate(0.3, 0.1, 0.9, "pert") for name in "abc"}
    ties = {
        "ab": Correlation((AT.format("a"), AT.format("b")), 0.7),
        "bc": Correlation((AT.format("c"), AT.format("b")), -0.6),
    }
    drawn = whole_of(build(numbers, ties), method, 4096)
    share = 0.25
    for name in "abc":
        u = stats.beta.cdf((drawn.of(AT.format(name)) - 0.1) / 0.8, 1 + 4 * share, 5 - 4 * share)
        assert stats.kstest(u, "uniform").statistic < 0.02
        assert drawn.of(AT.format(name)).min() >= 0.1
    alone = whole_of(build(numbers), method, 4096)
    assert np.allclose(
        drawn.of(AT.format("a")), alone.of(AT.format("a")), atol=1e-7
    )  # the first keeps its numbers


def test_a_correlation_with_a_number_fixed_in_a_scenario_keeps_the_pairing(build: Build) -> None:
    tie = {"tie": Correlation((AT.format("a"), AT.format("b")), 0.8)}
    free = {"a": Estimate(0.5, 0, 1, "pert"), "b": Estimate(0.5, 0, 1, "pert")}
    base, scenario = build(free, tie), build({**free, "a": Estimate(0.2)}, tie)
    planned = plan(base, scenario)
    one, other = draw(planned, base, 64, 0), draw(planned, scenario, 64, 0)
    assert np.array_equal(one.of(AT.format("b")), other.of(AT.format("b")))
    assert other.names == (AT.format("b"),)


def test_impossible_correlations_are_refused(build: Build) -> None:
    numbers = {name: Estimate(None, 0, 1, "uniform") for name in "abc"}
    ranks = {"ab": 0.9, "bc": 0.9, "ac": -0.9}
    ties = {name: Correlation((AT.format(name[0]), AT.format(name[1])), rank) for name, rank in ranks.items()}
    with pytest.raises(ValueError, match="no numbers can be correlated like this: ab, ac, bc contradict"):
        plan(build(numbers, ties))


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "nearest"), [(1000, "512 or 1024"), (3, "2 or 4"), (1025, "1024 or 2048")])
def test_sobol_needs_a_power_of_two_and_names_the_nearest(mixed: Situation, count: int, nearest: str) -> None:
    with pytest.raises(ValueError, match=f"only for a power of two: {nearest} worlds, not {count}"):
        whole_of(mixed, "sobol", count)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("count", [0, -4, 2**31])
def test_numbers_of_worlds_out_of_range_are_refused(mixed: Situation, method: str, count: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 2\\^30"):
        whole_of(mixed, method, count)


def test_other_arguments_out_of_range_are_refused(mixed: Situation) -> None:
    planned = plan(mixed)
    with pytest.raises(TypeError, match=r"whole number, not 8\.0"):
        draw(planned, mixed, 8.0, 0)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="seed"):
        draw(planned, mixed, 8, 0.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="seed"):
        draw(planned, mixed, 8, -1)
    with pytest.raises(ValueError, match="unknown method 'halton', expected 'sobol' or 'latin'"):
        draw(planned, mixed, 8, 0, "halton")
    for start, stop in ((0, 4), (5, 4), (1, 10)):
        with pytest.raises(ValueError, match="are not within 1 to 8"):
            draw(planned, mixed, 8, 0, start=start, stop=stop)


def test_a_bad_estimate_is_told_with_its_path(build: Build) -> None:
    situation = build({"x": Estimate(2.0, 0.0, 1.0, "pert")})
    with pytest.raises(ValueError, match=r"stances\.x\.iran\.position: best \(2\) is outside 0 to 1"):
        draw(plan(situation), situation, 4, 0)


def test_a_plan_for_another_situation_is_refused(build: Build, mixed: Situation) -> None:
    with pytest.raises(ValueError, match="the plan was made for another situation"):
        draw(plan(build({"a": Estimate(0.5)})), mixed, 4, 0)


@pytest.mark.parametrize("method", METHODS)
def test_a_situation_without_uncertain_numbers_has_worlds_too(build: Build, method: str) -> None:
    situation = build({"a": Estimate(0.5)})
    drawn = draw(plan(situation), situation, 4, 0, method)
    assert drawn.array.shape == (4, 0)
    assert (drawn.of(AT.format("a")) == 0.5).all()
    assert drawn.of(AT.format("a")).shape == (4,)


def test_no_worlds_are_worlds_too(mixed: Situation) -> None:
    drawn = draw(plan(mixed), mixed, 4, 0, start=3, stop=3)
    assert drawn.size == 0
    assert len(drawn.names) == 7
