"""The calibrated forecast: what must hold whatever was fitted, and the fit itself."""

import json
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from accord.lenses import bargaining
from accord.lenses.bargaining import forecast
from accord.lenses.bargaining.deu import ACTORS, VOTES, ResolvedIssue
from accord.lenses.bargaining.fitting import apart, arrays_of, crps_of, digest_of, fit, table_of
from accord.lenses.bargaining.forecast import PARTS, Parameters, masses, part_of, shipped

ISSUE = {
    "positions": {"a": 0, "b": 40, "c": 100},
    "salience": {"a": 1, "b": 0.5, "c": 0.5},
    "rule": "QMV",
}
issues = st.lists(
    st.tuples(st.integers(0, 100), st.floats(0, 1), st.floats(0.1, 10)), min_size=1, max_size=8
).map(
    lambda rows: {
        "positions": [row[0] for row in rows],
        "salience": [row[1] for row in rows],
        "capability": [row[2] for row in rows],
    }
)


@given(issues)
def test_a_distribution_on_the_scale(issue) -> None:
    law = forecast(issue)
    assert law.places[0] == 0
    assert law.places[-1] == 100
    assert law.mass.sum() == pytest.approx(1)
    assert 0 <= law.interval(0.9)[0] <= law.median <= law.interval(0.9)[1] <= 100


@given(issues, st.randoms(use_true_random=False))
def test_order_and_names_of_actors_do_not_matter(issue, random) -> None:
    order = list(range(len(issue["positions"])))
    random.shuffle(order)
    turned = {name: [values[k] for k in order] for name, values in issue.items()}
    named = {name: {f"x{k}": values[k] for k in order} for name, values in issue.items()}
    law = forecast(issue)
    for other in (forecast(turned), forecast(named)):
        assert (other.places == law.places).all()
        assert (other.mass == law.mass).all()


@given(issues, st.sampled_from([(4.0, 10.0), (-1.0, 1.0), (0.0, 1e6), (1e9, 1e9 + 1)]))
def test_the_unit_of_the_scale_does_not_matter(issue, ends) -> None:
    low, high = ends
    moved = [low + (high - low) * place / 100 for place in issue["positions"]]
    moved = [min(max(place, low), high) for place in moved]
    law, other = forecast(issue), forecast({**issue, "positions": moved, "low": low, "high": high})
    room = 1e-6 if low < 1e8 else 1e-5
    assert (other.mean - low) / (high - low) * 100 == pytest.approx(law.mean, abs=100 * room)
    assert float(other.crps(low)) / (high - low) * 100 == pytest.approx(float(law.crps(0)), abs=100 * room)


@given(issues)
def test_mirrored_positions_give_the_mirrored_forecast(issue) -> None:
    law = forecast(issue)
    other = forecast({**issue, "positions": [100 - place for place in issue["positions"]]})
    assert other.mean == pytest.approx(100 - law.mean, abs=1e-6)
    assert float(other.crps(30)) == pytest.approx(float(law.crps(70)), abs=1e-6)


def test_the_masses_are_those_of_the_description() -> None:
    used = Parameters(pull=0.5, log_width=np.log(10), held=0.0, support=1.0, unanimity=1.0)
    law = forecast(ISSUE, parameters=used)
    # Half on held positions, in shares 1/2, 1/4, 1/4; half on a bell around half of 35 and half of 50.
    assert law.mass[law.places == 40] == pytest.approx(0.5 * 0.25 + 0.5 * 0.0397, abs=2e-3)
    assert law.mean == pytest.approx(0.5 * 35 + 0.5 * 42.5, abs=0.01)
    under = forecast({**ISSUE, "rule": "Unan"}, parameters=used)
    assert under.mean == pytest.approx(expit(1) * 35 + (1 - expit(1)) * 42.5, abs=0.01)


def test_unanimity_unknown_lies_between() -> None:
    laws = {rule: forecast({**ISSUE, "rule": rule}) for rule in ("QMV", "Unan", None)}
    mass = {rule: float(law.mass[law.places == 0][0]) for rule, law in laws.items()}
    assert mass["QMV"] < mass[None] < mass["Unan"]
    assert any("unknown" in note for note in laws[None].notes)
    assert laws["QMV"].notes == ()


def test_gaps() -> None:
    whole = forecast(ISSUE)
    more = {
        "positions": {**ISSUE["positions"], "d": None, "e": 77, "f": 12},
        "salience": {**ISSUE["salience"], "d": 1, "e": None, "f": 0},
    }
    law = forecast({**ISSUE, **more})
    # Who has no salience is left out; who has none to spare carries no weight.
    assert law.mean == pytest.approx(whole.mean)
    assert law.notes == ("left out for want of salience or capability: 1 of 5",)
    without = forecast({"positions": [0, 40, 100], "rule": "QMV"})
    alike = forecast({"positions": [0, 40, 100], "salience": [0.3] * 3, "rule": "QMV"})
    assert without.mean == pytest.approx(alike.mean)
    careless = forecast({"positions": [0, 40, 100], "salience": [0] * 3, "rule": "QMV"})
    assert careless.mean == pytest.approx(alike.mean)
    assert careless.notes == ("nobody cares: all count alike",)


def test_outcome_and_reference_point_are_not_read() -> None:
    plain = ResolvedIssue("p", "i", ("a", "b"), (0.0, 60.0), (0.5, 1.0), rule="QMV")
    known = replace(plain, outcome=60.0, reference_point=0.0)
    assert (forecast(plain).mass == forecast(known).mass).all()


def test_one_actor_and_equal_positions() -> None:
    one, three = forecast({"positions": [80], "salience": [0.2]}), forecast({"positions": [80] * 3})
    assert one.mass == pytest.approx(three.mass)
    assert one.places[np.argmax(one.mass)] == 80


def test_capability_counts() -> None:
    equal = forecast({"positions": [0, 100], "rule": "QMV"})
    strong = forecast({"positions": [0, 100], "capability": [1, 3], "rule": "QMV"})
    assert strong.mean > equal.mean == pytest.approx(50)


def test_actors_of_the_european_union_weigh_by_their_votes() -> None:
    assert sum(VOTES.values()) == 352
    assert len(VOTES) == 28
    assert set(VOTES) | {"com", "ep"} == set(ACTORS)
    issue = {"positions": {"de": 0, "mt": 100, "com": 50}, "rule": "QMV"}
    power = {"de": 29, "mt": 3, "com": 352 / 28}
    known = forecast(issue)
    assert (known.mass == forecast({**issue, "capability": power}).mass).all()
    assert any("votes in the Council" in note for note in known.notes)
    row = ResolvedIssue("p", "i", ("de", "mt", "com"), (0.0, 100.0, 50.0), (1.0, 1.0, 1.0), rule="QMV")
    assert forecast(row).mass == pytest.approx(known.mass)
    # One actor from elsewhere, or capability stated, and all is as given.
    equal = forecast({**issue, "capability": dict.fromkeys(power, 1)})
    assert equal.mean > known.mean
    other = forecast({"positions": {"de": 0, "mt": 100, "iran": 50}, "rule": "QMV"})
    assert other.mass == pytest.approx(equal.mass)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"positions": {"a": 101}}, "0 to 100"),
        ({"salience": {"a": 50}}, "between 0 and 1"),
        ({"capability": {"a": 0}}, "above 0"),
        ({"positions": {"a": None}}, "no actor"),
        ({"positions": None}, "no positions"),
        ({"salience": [1, 2, 3]}, "by actor"),
        ({"low": 5, "high": 5}, "low must lie below"),
        ({"positions": [1, 2], "salience": [1]}, "each of the 2 actors"),
        ({"positions": 5}, "positions must hold a number for each actor, by actor or in a row, not 5"),
        ({"positions": "abc"}, "positions must hold a number for each actor"),
        ({"positions": {"a": "much"}}, "positions must hold a number for each actor"),
        ({"positions": [[1, 2]], "salience": None}, r"for each actor, not an array of shape \(1, 2\)"),
        ({"low": "little"}, "low must be a number"),
        ({"saliences": {"a": 0.5}}, "a key 'saliences', which is not read; did you mean 'salience'"),
        ({"position": {"a": 0.5}}, "did you mean 'positions'"),
        ({"rule": "not unanimity"}, "rule is 'not unanimity'; expected 'unanimity', 'QMV' or 'majority'"),
        ({"rule": 3}, "rule is 3"),
        ({"rule": None, "voting_rule": "U"}, "rule is 'U'"),
    ],
)
def test_bad_issues_are_refused(change, says) -> None:
    with pytest.raises(ValueError, match=says):
        forecast({**ISSUE, **change})


@pytest.mark.parametrize("rule", [None, float("nan"), np.nan, "", " unknown ", "n/a"])
def test_a_rule_that_is_not_known_is_told(rule) -> None:
    found = forecast({"positions": {"a": 0, "b": 100}, "rule": rule})
    assert any("voting rule unknown" in note for note in found.notes)
    assert (found.mass == forecast({"positions": {"a": 0, "b": 100}}).mass).all()


def test_rules_in_words_and_keys_that_nothing_is_known_of() -> None:
    issue = {"positions": {"a": 0, "b": 100}}
    for words in (
        ("unanimity", "Unan", "UNANIMOUS"),
        ("QMV", "majority", "qualified majority", "simple_majority"),
    ):
        first, *rest = (forecast({**issue, "rule": word}) for word in words)
        assert not any("rule" in note for note in first.notes)
        assert all((one.mass == first.mass).all() for one in rest)
    # A file's own word for the rule that nobody knows: as the backtest groups it.
    row = ResolvedIssue("p", "i", ("x", "y"), (0.0, 100.0), (1.0, 1.0), rule="other")
    assert any("voting rule unknown" in note for note in forecast(row).notes)
    assert "not read: colour" in forecast({**issue, "rule": "QMV", "colour": "red", "outcome": 3}).notes


def test_the_shipped_table_is_whole() -> None:
    table = shipped()
    assert len(table.without) == PARTS
    assert table.issues == 185
    assert 0 < table.unanimous < 1
    kept = json.loads(files(bargaining.__name__).joinpath("forecast.json").read_text("utf-8"))
    assert table.record() == {**kept, "without": table.record()["without"], "proposals": table.proposals}
    # Positions that are held are neither sure nor impossible, and unanimity makes them likelier.
    assert -1 < table.whole.held < 1
    assert table.whole.unanimity > 0


def synthetic(count, seed=0):
    random = np.random.default_rng(seed)
    truth = Parameters(0.8, np.log(8.0), -0.5, 1.0, 1.5)
    rows = []
    for k in range(count):
        places = tuple(float(x) for x in random.choice([0, 20, 50, 70, 100], 6))
        care = tuple(float(x) for x in random.choice([0.2, 0.5, 1.0], 6))
        rule = ("QMV", "Unan")[k % 2]
        issue = ResolvedIssue(f"p{k // 3}", f"p{k // 3}i{k}", tuple("abcdef"), places, care, rule=rule)
        outcome = float(forecast(issue, parameters=truth).sample(1, seed=k)[0])
        rows.append(replace(issue, outcome=outcome))
    return truth, rows


def test_the_fit_finds_what_data_were_drawn_from() -> None:
    truth, rows = synthetic(900)
    found = fit(*arrays_of(rows))
    assert found.pull == pytest.approx(truth.pull, abs=0.15)
    assert found.log_width == pytest.approx(truth.log_width, abs=0.3)
    assert found.held == pytest.approx(truth.held, abs=0.4)
    # Held to 0, so that it falls short of the truth.
    assert 0.3 < found.unanimity < truth.unanimity


def test_the_fit_does_not_depend_on_the_order_of_rows() -> None:
    _, rows = synthetic(120)
    table, turned = table_of(rows), table_of(rows[::-1])
    assert table == turned
    assert apart(table, turned) == 0
    assert digest_of(rows) == digest_of(rows[::-1])
    other = [replace(rows[0], outcome=1.0), *rows[1:]]
    assert digest_of(other) != digest_of(rows)
    parts = {part_of(row.proposal) for row in rows}
    for part in parts:
        alone = fit(
            *arrays_of(
                [
                    row
                    for row in sorted(rows, key=lambda r: (r.proposal, r.issue))
                    if part_of(row.proposal) != part
                ]
            )
        )
        assert alone == table.without[part]


def test_scores_of_many_are_those_of_each() -> None:
    _, rows = synthetic(20)
    batch, outcomes = arrays_of(rows)
    used = shipped().whole
    together = 100 * crps_of(*masses(batch, used), outcomes)
    alone = [float(forecast(row, parameters=used).crps(row.outcome)) for row in rows]
    assert together == pytest.approx(alone)


def test_too_few_to_fit() -> None:
    with pytest.raises(ValueError, match="too few"):
        table_of(synthetic(29)[1])
    with pytest.raises(ValueError, match="no outcome"):
        arrays_of([ResolvedIssue("p", "i", ("a",), (1.0,), (1.0,))])
