"""Position exchange: public cases to the last deal, a plain reference in exact arithmetic, limits."""

import json
import math
import random
import sys
from fractions import Fraction
from pathlib import Path

import numba
import numpy as np
import pytest

from accord.lenses.bargaining import exchange

sys.path.insert(0, str(Path(__file__).parent))  # the plain reference is beside the tests
from exchange_reference import plain

CASES = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "bargaining"
NAN = math.nan


# --- public cases -----------------------------------------------------------------------------


@pytest.mark.skipif(not CASES.exists(), reason="the shared data is not beside the repository")
@pytest.mark.parametrize("name", ["exchange_tiny", "exchange_sample"])
def test_public_cases(name) -> None:
    case = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    actors, issues = case["actors"], case["issues"]
    columns = [np.array([a[k] for a in actors], float) for k in ("position", "salience", "capability")]
    lower, upper = (np.array([issue[k] for issue in issues]) for k in ("lower", "upper"))
    want = case["expected"]
    found = exchange(*columns, lower=lower, upper=upper, rounds=want["turns"])

    def percent(values):
        return (values - lower) * 100 / (upper - lower)

    for key, values in (
        ("positions_by_turn", found.preferences),
        ("votes_by_turn", found.votes),
        ("mds_by_turn", found.preference_mean),
        ("mds_vote_by_turn", found.outcome),
    ):
        np.testing.assert_allclose(percent(values), np.array(want[key], float), atol=case["tol"], err_msg=key)
    assert [len(trades) for trades in found.trades] == want["exchanges_by_turn"]
    for trade, deal in zip(found.trades[0], case["stages_turn0"]["executed"], strict=True):
        assert trade.gain == pytest.approx(deal["gain"], abs=case["tol"])
        assert trade.first.demands == trade.second.supplies
        for side, letter in ((trade.first, "i"), (trade.second, "j")):
            assert actors[side.actor]["name"] == deal[letter]
            assert issues[side.supplies]["name"] == deal[f"{letter}_supplies"]
            k = side.supplies
            vote = (side.vote - lower[k]) * 100 / (upper[k] - lower[k])
            assert vote == pytest.approx(deal[f"{letter}_votes"], abs=case["tol"])


# --- against the plain reference --------------------------------------------------------------


def drawn(luck: random.Random, actors: int, issues: int, holes: bool = True):
    """Positions, salience and power in thousandths, some missing."""
    x, s, c = ([[None] * issues for _ in range(actors)] for _ in range(3))
    for a in range(actors):
        for q in range(issues):
            if holes and luck.random() < 0.15:
                continue
            x[a][q] = Fraction(luck.randint(0, 100_000), 1000)
            s[a][q], c[a][q] = (Fraction(luck.randint(50, 1000), 1000) for _ in range(2))
    for q in range(issues):
        if all(row[q] is None for row in x):
            x[0][q], s[0][q], c[0][q] = Fraction(50), Fraction(1, 2), Fraction(1)
    return x, s, c


def floats(table):
    return np.array([[NAN if v is None else float(v) for v in row] for row in table])


def test_agrees_with_the_plain_reference() -> None:
    luck = random.Random(8)
    deals = 0
    for trial in range(40):
        x, s, c = drawn(luck, luck.randint(2, 5), luck.randint(2, 3))
        courses, done = plain(x, s, c, 2)
        found = exchange(floats(x), floats(s), floats(c), lower=0, upper=100, rounds=2)
        for t in range(2):
            np.testing.assert_allclose(
                found.preferences[t], floats(courses[t]), atol=1e-7, err_msg=str(trial)
            )
            assert [
                (side.actor, side.supplies)
                for trade in found.trades[t]
                for side in (trade.first, trade.second)
            ] == [(side["a"], side["on"]) for deal in done[t] for side in deal["sides"]]
            assert [trade.gain for trade in found.trades[t]] == pytest.approx(
                [float(deal["gain"]) for deal in done[t]], abs=1e-9
            )
            deals += len(done[t])
        np.testing.assert_allclose(found.final, floats(courses[2]), atol=1e-7)
    assert deals > 100


# --- what must not matter, and limits ---------------------------------------------------------


def game(seed: int, actors: int = 6, issues: int = 3):
    luck = np.random.default_rng(seed)
    shape = (actors, issues)
    return luck.random(shape), luck.uniform(0.1, 1, shape), luck.uniform(0.1, 1, shape)


def test_order_of_actors_does_not_matter() -> None:
    for seed in range(20):
        x, s, c = game(seed)
        order = np.random.default_rng(seed).permutation(6)
        found = exchange(x, s, c, lower=0, upper=1, rounds=2)
        shuffled = exchange(x[order], s[order], c[order], lower=0, upper=1, rounds=2)
        np.testing.assert_allclose(shuffled.final, found.final[order], atol=1e-8)
        np.testing.assert_allclose(shuffled.outcome, found.outcome, atol=1e-8)


def test_units_do_not_matter() -> None:
    x, s, c = game(2)
    found = exchange(x, s, c, lower=0, upper=1, rounds=3)
    moved = exchange(8 * x - 3, s, 5 * c, lower=[-3, -3, -3], upper=5, rounds=3)
    np.testing.assert_allclose(moved.final, 8 * found.final - 3, atol=1e-9)
    np.testing.assert_allclose(
        [trade.gain for trade in moved.trades[0]], [trade.gain for trade in found.trades[0]], atol=1e-9
    )
    per_actor = exchange(x, s, c[:, 0], lower=0, upper=1)
    spread = exchange(x, s, np.broadcast_to(c[:, :1], c.shape), lower=0, upper=1)
    np.testing.assert_array_equal(per_actor.final, spread.final)


def test_both_sides_gain_and_votes_stay_on_the_scale() -> None:
    for seed in range(10):
        x, s, c = game(seed, 8, 4)
        found = exchange(x, s, c, lower=0, upper=1, rounds=3)
        assert all(trade.gain > 0 for trades in found.trades for trade in trades)
        assert (found.votes >= 0).all()
        assert (found.votes <= 1).all()


def test_nothing_to_trade() -> None:
    lone = exchange([[0.2, 0.9]], [[1.0, 0.5]], [1.0], lower=0, upper=1, rounds=2)
    assert lone.trades == ((), ())
    assert lone.outcome.tolist() == [[0.2, 0.9]] * 2
    same = exchange(
        [[0.1, 0.7]] * 4, [[0.3, 0.9], [0.8, 0.2], [1, 1], [0.5, 0.1]], [1.0] * 4, lower=0, upper=1
    )
    assert not any(same.trades)
    assert same.final == pytest.approx(np.array([[0.1, 0.7]] * 4), abs=1e-15)
    single = exchange([[0.0], [1.0]], [[1.0], [1.0]], [1.0, 1.0], lower=0, upper=1)
    assert not any(single.trades)


def test_who_does_not_care_has_nothing_to_trade() -> None:
    x, s, c = game(4)
    s[2] = 0.0
    found = exchange(x, s, c, lower=0, upper=1)
    traders = {
        side.actor for trades in found.trades for trade in trades for side in (trade.first, trade.second)
    }
    assert traders
    assert 2 not in traders
    nobody = exchange(x, np.zeros_like(s), c, lower=0, upper=1, rounds=1)
    assert nobody.trades == ((),)
    assert np.isnan(nobody.outcome).all()
    np.testing.assert_allclose(nobody.final, x, atol=1e-15)


def test_issues_and_worlds_may_share_salience_and_power() -> None:
    x, _, power = game(4, actors=5, issues=3)
    care, several = np.linspace(0.2, 0.9, 5), np.stack([x, x[::-1].copy()])
    ends = {"lower": 0, "upper": 1}
    whole = np.broadcast_to(care[:, None], x.shape)
    expected = exchange(several, whole, power, **ends).final
    for given in (care, np.stack([care, care]), np.broadcast_to(whole, several.shape)):
        assert (exchange(several, given, power, **ends).final == expected).all(), given.shape


def test_missing_positions_stay_missing() -> None:
    x, s, c = game(5)
    x[0, 1], s[1, 2], c[2, 0] = NAN, NAN, NAN
    found = exchange(x, s, c, lower=0, upper=1)
    gone = np.argwhere(np.isnan(found.final)).tolist()
    assert gone == [[0, 1], [1, 2], [2, 0]]
    empty = exchange([[NAN, 1.0], [NAN, 0.0]], [[1.0, 1.0]] * 2, [1.0, 1.0], lower=0, upper=1)
    assert np.isnan(empty.outcome[:, 0]).all()
    assert empty.outcome[0, 1] == 0.5


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"salience": [[80, 1], [1, 1]]}, "80 is given; percentages"),
        ({"salience": [1, 1, 1]}, r"salience of shape \(3,\) .* expected \(\[worlds,\] actors\[, issues\]\)"),
        ({"power": [[1, 1, 1]]}, "power of shape"),
        ({"power": [0.0, 1.0]}, "power must be finite and above 0"),
        ({"positions": [[0, 2], [1, 1]]}, r"positions\[0, 1\] is 2, but issue 1 runs from 0 to 1"),
        ({"positions": [0, 1]}, "positions must have the shape"),
        ({"upper": [1, 0]}, "upper must lie above lower, but issue 1 runs from 0 to 0"),
        ({"lower": [0, 0, 0]}, "lower must be one finite number, or one for each of 2 issues"),
        ({"rounds": 0}, "rounds is 0"),
        ({"fixed_weight": 0.7}, "not above 1 in sum"),
    ],
)
def test_refuses_what_has_no_meaning(change, says) -> None:
    given = {
        "positions": [[0, 0], [1, 1]],
        "salience": [[1, 1], [1, 1]],
        "power": [1, 1],
        "lower": 0,
        "upper": 1,
    } | change
    with pytest.raises(ValueError, match=says):
        exchange(**given)


def test_worlds_are_played_as_if_alone_on_any_number_of_threads() -> None:
    luck = np.random.default_rng(5)
    place, care = luck.uniform(0, 10, (40, 6, 3)), luck.uniform(0, 1, (40, 6, 3))
    place[luck.random(place.shape) < 0.1] = np.nan
    power = luck.uniform(1, 5, (6, 3))
    power[0, 0] = np.nan
    given = {"lower": 0, "upper": 10, "rounds": 3}
    parts = ("preferences", "votes", "preference_mean", "outcome", "final")
    runs = []
    for threads in (1, 2):
        before = numba.get_num_threads()
        numba.set_num_threads(min(threads, before))
        runs.append(exchange(place, care, power, **given))
        numba.set_num_threads(before)
    assert runs[0].trades == ()
    for w in range(len(place)):
        alone = exchange(place[w], care[w], power, **given)
        for part in parts:
            for run in runs:
                np.testing.assert_array_equal(getattr(run, part)[w], getattr(alone, part))
    shared = exchange(place, care[0], power[:, 1], **given)
    alone = exchange(place[7], care[0], power[:, 1], **given)
    np.testing.assert_array_equal(shared.outcome[7], alone.outcome)
    assert exchange(place[:0], care[0], power, **given).outcome.shape == (0, 3, 3)
    with pytest.raises(ValueError, match="salience of shape"):
        exchange(place, care[:3], power, **given)
    with pytest.raises(ValueError, match=r"positions\[0, 0, 0\] is 11"):
        exchange(np.full((2, 3, 2), 11.0), np.ones((3, 2)), np.ones(3), lower=0, upper=10)
