"""Every reading on one input: the spread, and what it is due to."""

import itertools
import math

import numpy as np
import pytest

from accord.lenses.bargaining import Reading, compromise, expected_utility, readings, weighted_median
from accord.lenses.bargaining.expected_utility import READINGS

X = [0.0, 0.35, 0.4, 0.75, 1.0]
S = [0.9, 0.3, 0.5, 0.6, 0.8]
C = [1.0, 0.6, 0.5, 0.8, 1.1]


def plain_share(outcomes, groups):
    """One less the share of variance inside groups."""
    middle = math.fsum(outcomes) / len(outcomes)
    inside = 0.0
    for label in set(groups):
        part = [v for v, g in zip(outcomes, groups, strict=True) if g == label]
        inside += math.fsum((v - math.fsum(part) / len(part)) ** 2 for v in part)
    return 1 - inside / math.fsum((v - middle) ** 2 for v in outcomes)


@pytest.fixture(scope="module")
def found():
    return readings.ensemble(X, S, C, rounds=4)


def test_every_combination_once(found) -> None:
    assert len(found.variants) == 2**8 * 4
    assert len({tuple(v.options.items()) for v in found.variants}) == len(found.variants)
    assert set(found.variants[0].options) == {
        "probability",
        "vote_risk",
        "counterpart",
        "security",
        "risk",
        "range",
        "conflict",
        "capitulation",
        "choice",
    }
    for variant in found.variants[::97]:
        tie = 0.5 if variant.options["probability"] == "pairwise" else 0.0
        run = expected_utility(X, S, C, reading=Reading(**variant.options, tie_p=tie), rounds=4)
        assert variant.outcome == run.median[-1]


def test_named_readings_are_marked(found) -> None:
    marked = {v.name: v.outcome for v in found.variants if v.name}
    assert marked == found.named
    for name in READINGS:
        assert found.named[name] == expected_utility(X, S, C, reading=name, rounds=4).median[-1]


def test_spread_and_shares(found) -> None:
    outcomes = [v.outcome for v in found.variants]
    assert (found.low, found.high) == (min(outcomes), max(outcomes))
    assert found.low < found.high
    assert found.mean == pytest.approx(np.mean(outcomes))
    assert found.deviation == pytest.approx(np.std(outcomes))
    assert found.quantiles[0.5] == pytest.approx(np.median(outcomes))
    shares = found.explained["expected_utility"]
    for option, share in shares.items():
        assert share == pytest.approx(
            plain_share(outcomes, [v.options[option] for v in found.variants]), abs=1e-9
        )
    # In a balanced design single effects do not overlap.
    assert 0 < sum(shares.values()) <= 1
    assert found.between == 0
    assert found.baseline["mean"] == pytest.approx(compromise([[v] for v in X], S, C)[0])
    assert found.baseline["median"] == weighted_median(X, np.multiply(S, C))


def test_levels_can_be_chosen() -> None:
    small = readings.ensemble(
        X,
        S,
        C,
        rounds=2,
        outcome="mean",
        vary={name: [getattr(Reading(), name)] for name in readings.LEVELS}
        | {"q": [1.0, 0.5], "tie_p": [0.5]},
    )
    assert [v.options for v in small.variants] == [{"q": 1.0}, {"q": 0.5}]
    assert [v.name for v in small.variants] == ["paper", None]
    assert small.variants[1].outcome == expected_utility(X, S, C, q=0.5, rounds=2).mean[-1]
    assert small.named["published"] == expected_utility(X, S, C, reading="published", rounds=2).mean[-1]
    assert list(small.explained["expected_utility"]) == ["q"]


def test_other_models_join() -> None:
    def pair(x, s, c):
        assert x.shape == s.shape == c.shape == (5,)
        return [({"way": "up"}, 1.0), ({"way": "down"}, 0.0)]

    fixed = {name: [getattr(Reading(), name)] for name in readings.LEVELS}
    joined = readings.ensemble(X, S, C, vary=fixed, models={"pair": pair, "single": lambda x, s, c: 0.5})
    assert [v.model for v in joined.variants] == ["expected_utility", "pair", "pair", "single"]
    assert joined.explained["pair"] == {"way": pytest.approx(1.0)}
    assert joined.explained["single"] == {}
    outcomes = [v.outcome for v in joined.variants]
    assert joined.between == pytest.approx(plain_share(outcomes, [v.model for v in joined.variants]))
    assert (joined.low, joined.high) == (0.0, 1.0)


def test_limits_are_defined() -> None:
    fixed = {name: [getattr(Reading(), name)] for name in readings.LEVELS if name != "choice"}
    same = readings.ensemble([0.1] * 3, [0.5] * 3, [1.0] * 3, vary=fixed)
    assert (same.low, same.high, same.deviation) == (0.1, 0.1, pytest.approx(0, abs=1e-15))
    assert same.explained["expected_utility"] == {"choice": 0.0}
    nobody = readings.ensemble([0.0, 1.0], [0.0, 0.0], [1.0, 1.0], vary=fixed)
    assert all(math.isnan(v) for v in (nobody.low, nobody.mean, nobody.baseline["mean"]))
    assert math.isnan(nobody.explained["expected_utility"]["choice"])


def test_share_explained() -> None:
    values = [1.0, 2.0, 5.0, 9.0, 3.0, 3.0]
    for groups in itertools.islice(itertools.product("ab", repeat=6), 5, 60, 7):
        assert readings.share_explained(values, groups) == pytest.approx(
            plain_share(values, groups), abs=1e-12
        )
    assert readings.share_explained([2.0, 2.0], ["a", "b"]) == 0.0


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"outcome": "mode"}, "outcome is 'mode'; expected 'median' or 'mean'"),
        ({"vary": {"colour": ["red"]}}, "there is no option 'colour'"),
        ({"vary": {"choice": []}}, r"vary\['choice'\] is \[\]"),
        ({"vary": {"choice": "strongest"}}, "expected one or more levels in a list"),
        ({"vary": {"choice": ["best"]}}, "choice is 'best'"),
        ({"models": {"expected_utility": lambda x, s, c: 0.0}}, "which is taken"),
        ({"positions": [[0.0, 1.0]]}, r"one issue, one world; not \(1, 2\), \(2,\), \(2,\)"),
        ({"salience": [50.0, 1.0]}, "percentages"),
    ],
)
def test_refuses_what_has_no_meaning(more, says) -> None:
    given = {"positions": [0.0, 1.0], "salience": [1.0, 1.0], "capability": [1.0, 1.0]} | more
    with pytest.raises(ValueError, match=says):
        readings.ensemble(**given)
