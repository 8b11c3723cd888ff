"""Position exchange: public cases to the last deal, a plain reference in exact arithmetic, limits."""

import json
import math
import random
from fractions import Fraction
from pathlib import Path

import numba
import numpy as np
import pytest

from accord.lenses.bargaining import exchange

CASES = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "bargaining"
NAN = math.nan


# --- a plain reference in exact arithmetic, straight from section (c) -------------------------


class Plain:
    """One round; every number a fraction, so nothing is decided by rounding."""

    def __init__(self, x, s, c) -> None:
        self.x, self.s, self.c = x, s, c
        self.issues = range(len(x[0]))
        self.pool = []

    def holders(self, q):
        return [a for a in range(len(self.x)) if self.x[a][q] is not None]

    def total(self, q):
        return sum(self.s[a][q] * self.c[a][q] for a in self.holders(q))

    def mean(self, q, places=None):
        at = lambda a: (places or {}).get(a, self.x[a][q])  # noqa: E731
        return sum(at(a) * self.s[a][q] * self.c[a][q] for a in self.holders(q)) / self.total(q)

    def create(self) -> None:
        means = [self.mean(q) for q in self.issues]
        left = {(a, q): self.x[a][q] <= means[q] for q in self.issues for a in self.holders(q)}
        for p in self.issues:
            for q in range(p + 1, len(self.issues)):
                both = [a for a in self.holders(p) if a in self.holders(q)]
                kind = {a: (left[a, p], left[a, q]) for a in both}
                pairs = [(i, j) for i in both if kind[i] == (0, 0) for j in both if kind[j] == (1, 1)]
                pairs += [(i, j) for i in both if kind[i] == (1, 0) for j in both if kind[j] == (0, 1)]
                for i, j in pairs:
                    if self.s[i][p] / self.s[i][q] < self.s[j][p] / self.s[j][q]:
                        i, j = j, i
                    sides = [
                        {"a": i, "on": q, "now": self.x[i][q], "aim": self.x[j][q], "moves": []},
                        {"a": j, "on": p, "now": self.x[j][p], "aim": self.x[i][p], "moves": []},
                    ]
                    deal = {"sides": sides, "believed": {}}
                    self.size(deal)
                    self.pool.append(deal)

    def size(self, deal) -> None:
        i, j = (side["a"] for side in deal["sides"])
        q, p = (side["on"] for side in deal["sides"])
        s, c = self.s, self.c
        gap_q, gap_p = (side["aim"] - side["now"] for side in deal["sides"])
        dp = abs(gap_p) * s[j][p] * c[j][p] / self.total(p)
        dq = dp * (s[j][p] + s[i][p]) / (s[j][q] + s[i][q])
        far = [dq * self.total(q) / (c[i][q] * s[i][q]), abs(gap_p)]
        if far[0] > abs(gap_q):
            dq = abs(gap_q) * s[i][q] * c[i][q] / self.total(q)
            dp = dq * (s[i][q] + s[j][q]) / (s[i][p] + s[j][p])
            far = [abs(gap_q), dp * self.total(p) / (c[j][p] * s[j][p])]
        for side, size, gap in zip(deal["sides"], far, (gap_q, gap_p), strict=True):
            side["moves"].append(size if gap > 0 else -size)
            side["vote"] = side["now"] + side["moves"][-1]
        deal["gain"] = abs(dq * s[i][q] - dp * s[i][p])
        deal["valid"] = self.valid(deal) and deal["gain"] >= Fraction(1, 10**10)
        if deal["valid"]:
            for z in (0, 1):
                self.cut(deal, z)
            deal["valid"] = self.valid(deal)

    def valid(self, deal) -> bool:
        return all(
            Fraction(1, 10**10) < abs(side["moves"][-1]) <= 100
            and 0 <= side["now"] + side["moves"][-1] <= 100
            and sum(side["moves"]) <= 100
            and (all(m > 0 for m in side["moves"]) or all(m < 0 for m in side["moves"]))
            for side in deal["sides"]
        )

    def cut(self, deal, z) -> None:
        side, other = deal["sides"][z], deal["sides"][1 - z]
        me, you, q, p, t = side["a"], other["a"], side["on"], other["on"], side["aim"]
        believed = {a: y for (a, issue), y in deal["believed"].items() if issue == q}
        n0 = self.mean(q, believed | {me: side["now"]})
        n1 = self.mean(q, believed | {me: side["vote"]})
        if (t >= n0 and t >= n1) or (t <= n0 and t <= n1):
            return
        s, c, own = self.s, self.c, self.s[me][q] * self.c[me][q]
        stands = self.mean(q, believed | {me: believed.get(me, side["now"])})
        delta = abs(t - stands) * self.total(q) / own
        rz = delta * own / self.total(q)
        ro = rz * (s[me][q] + s[you][q]) / (s[me][p] + s[you][p])
        back = ro * self.total(p) / (c[you][p] * s[you][p])
        for one, size in ((side, delta), (other, back)):
            one["moves"][-1] = size if one["moves"][-1] > 0 else -size
            one["vote"] = one["now"] + one["moves"][-1]
        deal["gain"] = abs(rz * s[me][q] - ro * s[me][p])

    def react(self, deal, done) -> None:
        hit = False
        for side in deal["sides"]:
            for other in done["sides"]:
                if (side["a"], side["on"]) == (other["a"], other["on"]):
                    side["now"] = other["vote"]
                    side["moves"].append(other["moves"][-1])
                    hit = True
        if hit:
            for side in deal["sides"]:
                side["moves"].pop()
        i, j = done["sides"]
        for d, s in ((j, i), (i, j)):
            for f in (0, 1):
                demand = deal["sides"][1 - f]["on"]
                if (deal["sides"][f]["a"], demand) != (d["a"], s["on"]):
                    continue
                key, y = (s["a"], s["on"]), s["vote"]
                if key in deal["believed"]:
                    u = deal["believed"][key]
                    y = min(u, y) if self.x[s["a"]][s["on"]] <= u else max(u, y)
                deal["believed"][key] = y
                if not hit:
                    for side in deal["sides"]:
                        side["moves"].pop()
                    hit = True
        if hit:
            self.size(deal)

    def play(self):
        self.create()
        done = []
        while self.pool:
            self.pool.sort(key=lambda deal: -deal["gain"])
            deal = self.pool.pop(0)
            if not deal["valid"]:
                continue
            done.append(deal)
            self.pool = [other for other in self.pool if other["valid"]]
            for other in self.pool:
                self.react(other, deal)
            self.pool = [other for other in self.pool if other["valid"]]
        return done


def plain(x, s, c, rounds):
    """Preferences by round and deals by round."""
    courses, deals = [x], []
    for _ in range(rounds):
        done = Plain(x, s, c).play()
        after = [list(row) for row in x]
        for deal in done:
            for side in deal["sides"]:
                a, q = side["a"], side["on"]
                care = (1 - s[a][q]) * Fraction(4, 10)
                tenth = Fraction(1, 10)
                after[a][q] = (care + tenth) * side["vote"] + (1 - care - tenth) * x[a][q]
        # Rounded to thirty digits, for fractions grow without end.
        x = [[y if y is None else round(y, 30) for y in row] for row in after]
        courses.append(x)
        deals.append(done)
    return courses, deals


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
        ({"salience": [1, 1]}, "salience of shape"),
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
