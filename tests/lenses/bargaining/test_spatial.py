"""The spatial model against a second implementation, and what must hold for every game."""

from __future__ import annotations

import itertools
import random
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the second implementation is beside the tests

import spatial_reference as reference

from accord.engine.streams import stream, uniforms
from accord.lenses import bargaining
from accord.lenses.bargaining import explain_spatial
from accord.lenses.bargaining.spatial import CHOICES

OPTIONS = {name: values for name, values in CHOICES.items() if name != "transitions"}


def game(luck: random.Random, actors: int, dimensions: int, even: bool = False) -> tuple[Any, Any, Any]:
    """A random game; *even* puts positions on a coarse grid, so that there are ties."""
    axes = range(dimensions)
    x = [
        [float(luck.randint(0, 4) * 25) if even else luck.uniform(0, 100) for _ in axes]
        for _ in range(actors)
    ]
    s = [[luck.uniform(0.05, 1) / dimensions for _ in axes] for _ in range(actors)]
    return np.array(x), np.array(s), np.array([luck.uniform(1, 100) for _ in range(actors)])


def agrees(given: tuple[Any, Any, Any], options: dict[str, Any], compat: bool, ties: Any = None) -> bool:
    """Whether both implementations play the same; None of it where the reference gives up."""
    x, s, c = given
    played = reference.Game((x / 100).tolist(), s.tolist(), c.tolist(), options, compat, ties)
    try:
        known = np.array(played.play(4)) * 100
    except ArithmeticError:
        return True
    got = bargaining.spatial(x, s, c, max_turns=4, compat=compat, accommodation=ties, **options)
    return got.positions.shape == known.shape and np.allclose(got.positions, known, atol=2e-6)


@pytest.mark.parametrize("compat", [False, True])
@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in OPTIONS.items() for v in values])
def test_every_option_agrees_with_the_reference(name: str, value: str, compat: bool) -> None:
    luck = random.Random(f"{name} {value}")
    for actors, dimensions in ((4, 1), (5, 2), (6, 3)):
        assert agrees(game(luck, actors, dimensions, even=dimensions == 2), {name: value}, compat)


@pytest.mark.parametrize("seed", range(60))
def test_mixed_options_agree_with_the_reference(seed: int) -> None:
    luck = random.Random(seed)
    options = {name: luck.choice(values) for name, values in OPTIONS.items()}
    given = game(luck, luck.choice([2, 3, 5, 7]), luck.choice([1, 1, 2, 3]), luck.random() < 0.3)
    n = len(given[0])
    ties = [[luck.uniform(0, 0.4) / n + 0.6 * (i == j) for j in range(n)] for i in range(n)]
    assert agrees(given, options, luck.random() < 0.5, ties if luck.random() < 0.3 else None)


@pytest.mark.parametrize("voting", OPTIONS["voting"])
def test_permuted_actors_play_the_same_to_the_last_bit(voting: str) -> None:
    luck = random.Random(voting)
    for dimensions in (1, 2):
        x, s, c = game(luck, 7, dimensions)
        order = luck.sample(range(7), 7)
        options = {"voting": voting, "interpolation": "init_receiver", "victory": "octic"}
        one = bargaining.spatial(x, s, c, **options)
        two = bargaining.spatial(x[order], s[order], c[order], **options)
        np.testing.assert_array_equal(one.positions[:, order], two.positions)


def test_literal_asymmetric_votes_depend_on_the_order() -> None:
    luck = random.Random(5)
    found = []
    for _ in range(10):
        x, s, c = game(luck, 6, 1)
        one, two = (
            bargaining.spatial(x[::k], s[::k], c[::k], voting="asymmetric", compat=True, max_turns=3)
            for k in (1, -1)
        )
        found.append(np.array_equal(one.positions[:, ::-1], two.positions))
    assert not all(found)


def test_scales_and_units_do_not_matter() -> None:
    x, s, c = game(random.Random(1), 6, 2)
    one = bargaining.spatial(x, s, c)
    two = bargaining.spatial(x / 25 - 1, s, c * 16, low=[-1, -1], high=[3, 3])
    assert one.turns == two.turns
    np.testing.assert_allclose((two.positions + 1) * 25, one.positions, atol=1e-3)
    np.testing.assert_array_equal(one.positions[0], x)


def test_worlds_play_as_they_would_alone() -> None:
    luck = random.Random(2)
    games = [game(luck, 5, 2) for _ in range(150)]
    x, s, c = (np.array(part) for part in zip(*games, strict=True))
    many = bargaining.spatial(x, s, c)
    assert many.positions.shape == (150, int(many.turns.max()) + 1, 5, 2)
    for world in (0, 70, 149):
        one = bargaining.spatial(x[world], s[world], c[world])
        assert (one.turns, one.stopped) == (many.turns[world], many.stopped[world])
        np.testing.assert_array_equal(many.positions[world, : one.turns + 1], one.positions)
        assert (many.positions[world, one.turns :] == one.final).all()
    shared = bargaining.spatial(x[:3], s[0], c[0])
    np.testing.assert_array_equal(shared.final[0], bargaining.spatial(x[0], s[0], c[0]).final)


def test_stochastic_games_repeat_whatever_the_number_of_threads() -> None:
    x, s, c = game(random.Random(3), 6, 1)
    worlds = np.repeat(x[None], 300, axis=0)
    options: dict[str, Any] = {"transitions": "stochastic", "max_turns": 5}

    def finals(threads: int, seed: int) -> Any:
        numba.set_num_threads(threads)
        return bargaining.spatial(worlds, s, c, seed=seed, **options).final

    with ThreadPoolExecutor(1) as pool:  # the number of threads is set for this one only
        results = [
            pool.submit(finals, t, k).result()
            for t, k in ((1, 7), (numba.config.NUMBA_NUM_THREADS, 7), (1, 8))
        ]
    np.testing.assert_array_equal(results[0], results[1])
    assert not np.array_equal(results[0], results[2])
    assert len(np.unique(results[0], axis=0)) > 10
    np.testing.assert_array_equal(results[0][0], bargaining.spatial(x, s, c, seed=7, **options).final)


def test_stochastic_draws_follow_the_probabilities() -> None:
    x, s, c = game(random.Random(4), 6, 1)
    stages = bargaining.spatial(x, s, c, stages=True, max_turns=1).stages
    assert stages is not None
    worlds = 4000
    drawn = bargaining.spatial(
        np.repeat(x[None], worlds, axis=0), s, c, transitions="stochastic", max_turns=1, seed=1
    )
    luck = uniforms(stream(1, purpose="bargaining.spatial"), range(worlds), count=6)
    for queue in stages[0].queues:
        k = queue.actor
        options = explain_spatial.explain(bargaining.spatial(x, s, c, stages=True, max_turns=1))[0][k]
        ends = np.cumsum(queue.probability)
        places = np.searchsorted(ends, luck[:, k], side="right").clip(max=len(ends) - 1)
        to = np.array([option.to[0] for option in options.alternatives])
        np.testing.assert_allclose(drawn.final[:, k, 0], to[places], atol=1e-9)


def test_stochastic_turns_agree_with_the_reference() -> None:
    x, s, c = game(random.Random(9), 5, 2)
    known = reference.Game((x / 100).tolist(), s.tolist(), c.tolist(), {})
    got = bargaining.spatial(x, s, c, transitions="stochastic", seed=3, max_turns=2)
    for turn in range(2):
        known.turn(
            uniforms(stream(3, purpose="bargaining.spatial"), range(1), step=turn, count=5)[0].tolist()
        )
        np.testing.assert_allclose(got.positions[turn + 1], np.array(known.x) * 100, atol=2e-6)


@pytest.mark.parametrize("compat", [False, True])
def test_one_actor_and_identical_positions_stay(compat: bool) -> None:
    one = bargaining.spatial([[30.0, 70.0]], [[0.5, 0.5]], [2], compat=compat)
    assert (one.turns, one.stopped) == (2, "settled")
    assert (one.positions == [[30.0, 70.0]]).all()
    same = bargaining.spatial([[30.0]] * 4, [0.5, 0.2, 1, 0.7], [2, 3, 4, 5], compat=compat)
    assert (same.turns, same.stopped) == (2, "settled")
    assert (same.positions == 30.0).all()


def test_equal_chances_freeze_the_reference_only() -> None:
    given = ([[0.0], [100.0]], [0.9, 0.9], [1, 1])
    frozen = bargaining.spatial(*given, compat=True, stages=True)
    assert (frozen.positions == frozen.positions[0]).all()
    assert frozen.stages is not None
    assert np.isnan(frozen.stages[0].risk).all()
    free = bargaining.spatial(*given, stages=True)
    assert free.stages is not None
    assert (free.stages[0].risk == 0).all()


@pytest.mark.parametrize(("risk", "voting"), [*itertools.product(OPTIONS["risk_adjust"], OPTIONS["voting"])])
def test_all_polar_games_and_full_adjustment_run(risk: str, voting: str) -> None:
    x = np.array([[0.0], [100.0], [0.0], [100.0], [0.0]])
    course = bargaining.spatial(
        x, [0.9, 0.8, 0.7, 0.6, 0.5], [1, 2, 3, 4, 6], risk_adjust=risk, voting=voting
    )
    assert np.isfinite(course.positions).all()
    assert (course.positions >= 0).all()
    assert (course.positions <= 100).all()


def test_duplicated_actors_move_alike_unless_only_one_is_challenged() -> None:
    luck = random.Random(6)
    x, s, c = game(luck, 5, 1)
    double = [np.concatenate([part, part[:1]]) for part in (x, s, c)]
    course = bargaining.spatial(*double, max_turns=1, stages=True)
    assert course.stages is not None
    stage = course.stages[0]
    for table in (stage.election, stage.risk, stage.beats[1:5, 0], stage.gain[0, 1:5]):
        assert np.isfinite(table).all()
    assert stage.election[0] == stage.election[5]
    np.testing.assert_array_equal(stage.gain[1:5, 0], stage.gain[1:5, 5])
    assert 5 not in stage.target  # the first of equals is taken


def test_an_actor_without_salience_yields_or_is_refused() -> None:
    x, s, c = game(random.Random(7), 4, 2)
    s[2] = 0
    course = bargaining.spatial(x, s, c, stages=True)
    assert np.isfinite(course.positions).all()
    assert course.stages is not None
    assert (course.stages[0].distance[2] == 0).all()
    assert course.stages[0].target[2] == -1
    with pytest.raises(
        ValueError, match=r"with compat, salience must be above 0 in sum, but that of actor 2 is 0"
    ):
        bargaining.spatial(x, s, c, compat=True)


def test_a_slow_markov_election_is_refused_by_the_reference_only() -> None:
    options: dict[str, Any] = {"election": "markov_incentive", "victory": "octic", "voting": "cubic"}
    luck = random.Random(8)
    refused = 0
    for _ in range(30):
        given = game(luck, 5, 1, even=True)
        assert bargaining.spatial(*given, max_turns=2, **options).turns == 2
        try:
            bargaining.spatial(*given, max_turns=2, compat=True, **options)
        except ArithmeticError as error:
            refused += "came to no result in 1000 steps" in str(error)
            batch = bargaining.spatial(given[0][None], *given[1:], max_turns=2, compat=True, **options)
            assert list(batch.stopped) == ["undecided"]
    assert refused


def test_ideals_that_do_not_follow_pull_back() -> None:
    x, s, c = game(random.Random(10), 5, 1)
    free = bargaining.spatial(x, s, c)
    held = bargaining.spatial(x, s, c, accommodation=np.zeros((5, 5)))
    assert not np.array_equal(free.final, held.final)
    np.testing.assert_array_equal(
        bargaining.spatial(x, s, c, accommodation=np.eye(5)).positions, free.positions
    )


def test_turns_are_limited() -> None:
    x, s, c = game(random.Random(11), 6, 1)
    course = bargaining.spatial(x, s, c, max_turns=1)
    assert (course.turns, course.stopped, course.positions.shape) == (1, "turns", (2, 6, 1))
    assert course.reading["voting"] == "proportional"
    assert course.reading["compat"] is False


def test_moves_are_explained() -> None:
    x, s, c = game(random.Random(12), 6, 2)
    course = bargaining.spatial(x, s, c, stages=True)
    moves = explain_spatial.explain(course)
    assert len(moves) == course.turns
    said = set()
    for turn, row in enumerate(moves):
        for i, move in enumerate(row):
            assert (move.turn, move.actor) == (turn + 1, i)
            np.testing.assert_allclose(move.taken.to, course.positions[turn + 1, i], atol=1e-9)
            assert sum(option.probability for option in move.alternatives) == pytest.approx(1)
            assert sum(option.taken for option in move.alternatives) == 1
            words = move.words("ABCDEF")
            assert words.startswith("ABCDEF"[i])
            said.add(words.split()[1].strip(":"))
    assert said == {"moves", "stays"}
    with pytest.raises(ValueError, match="the course has no stages to explain; play it with stages=True"):
        explain_spatial.explain(bargaining.spatial(x, s, c))


GOOD = ([[10.0], [90.0]], [0.5, 0.5], [1, 1])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({0: [10.0, 90.0]}, "positions must have the shape ([worlds,] actors, dimensions), not (2,)"),
        ({0: np.zeros((0, 1))}, "positions must hold at least one actor and one dimension"),
        (
            {0: [[10.0], [101.0]]},
            "positions must lie between low and high (0 to 100), but positions[1, 0] is 101",
        ),
        (
            {0: [[10.0], [np.nan]]},
            "positions must lie between low and high (0 to 100), but positions[1, 0] is nan",
        ),
        (
            {1: [50, 50]},
            (
                "salience must lie between 0 and 1, but 50 is given; percentages are divided by 100 only by the readers"
                " of foreign files"
            ),
        ),
        ({1: [0.5, -0.5]}, "salience must lie between 0 and 1, but one is negative or missing"),
        ({1: [0.5, np.nan]}, "salience must lie between 0 and 1, but one is negative or missing"),
        (
            {1: [0.5]},
            (
                "salience of shape (1,) does not fit positions of shape (2, 1); expected ([worlds,] actors, dimensions), or"
                " without dimensions when there is one"
            ),
        ),
        ({2: [1, 0]}, "capability must be finite and above 0"),
        (
            {2: [1, 2, 3]},
            "capability of shape (3,) does not fit positions of shape (2, 1); expected ([worlds,] actors)",
        ),
        (
            {"voting": "loud"},
            "voting is 'loud'; expected proportional, binary, prop_bin, prop_cubic, cubic or asymmetric",
        ),
        ({"max_turns": 0}, "max_turns must be a whole number from 1, not 0"),
        ({"low": 5, "high": 5}, "low must lie below high, but low is 5 and high is 5"),
        ({"low": [1, 2]}, "low must be a number, or one for each of the 1 dimensions"),
        ({"accommodation": np.eye(3)}, "accommodation must have the shape (2, 2), not (3, 3)"),
        (
            {"accommodation": [[0.7, 0.7], [0, 1]]},
            "accommodation must lie between 0 and 1, and rows must be at most 1 in sum",
        ),
        (
            {0: np.full((3, 2, 1), 5.0), "stages": True},
            "stages are kept for a single game only; play the world of interest by itself",
        ),
    ],
)
def test_problems_are_told(change: dict[Any, Any], message: str) -> None:
    given = [change.get(k, part) for k, part in enumerate(GOOD)]
    with pytest.raises(ValueError) as caught:
        bargaining.spatial(*given, **{k: v for k, v in change.items() if isinstance(k, str)})
    assert str(caught.value) == message


def test_the_axis_of_one_dimension_may_be_left_out_also_with_one_actor_or_world() -> None:
    assert bargaining.spatial([[5.0]], [0.5], [1.0]).final.tolist() == [[5.0]]
    assert bargaining.spatial([[5.0]], [[0.5]], [1.0]).final.tolist() == [[5.0]]
    worlds = bargaining.spatial(np.full((3, 1, 1), 5.0), np.full((3, 1), 0.5), [1.0])
    assert (worlds.positions == 5.0).all()
    x, s, c = GOOD
    expected, care = bargaining.spatial(x, s, c).final, np.array(s)
    for given in (care, care[:, None], np.stack([care, care]), np.stack([care, care])[..., None]):
        found = bargaining.spatial([x, x], given, c)
        assert (found.positions[:, -1] == expected).all(), given.shape


def test_salience_in_sum_is_checked() -> None:
    with pytest.raises(
        ValueError, match=r"at most 1 in sum over the dimensions, but that of actor 1 is 1\.2$"
    ):
        bargaining.spatial([[1, 2], [3, 4]], [[0.5, 0.5], [0.6, 0.6]], [1, 1])
