"""What is settled by a bargaining model reaches the endurance model, in every arm, and only when asked for."""

from __future__ import annotations

import numpy as np
import pytest

import accord
from accord.lenses import vocabulary
from accord.lenses.bargaining.settling import settle
from accord.lenses.endurance import parameters
from accord.lenses.endurance.moment import options
from accord.situation import Change, Situation
from accord.study.intervene import Pairs
from accord.study.policy import with_policy
from accord.worlds import draw, plan, policy_path, stances

CASE = "tehran-moscow-2015"


@pytest.fixture(scope="module")
def situation() -> Situation:
    """The shipped case."""
    return accord.read(CASE)


def by(situation: Situation, policy: str) -> Situation:
    """The same with another way to settle."""
    return accord.amend(situation, {"partnership.policy": policy})


def test_by_default_worlds_are_left_alone(situation: Situation) -> None:
    drawn = draw(plan(situation), situation, 8, 0)
    assert with_policy(situation, drawn) is drawn
    assert not drawn.has(policy_path("assad_fate"))


@pytest.mark.parametrize(
    ("policy", "model"), [("weighted_median", "weighted_median"), ("spatial", "spatial")]
)
def test_worlds_hold_what_the_model_settles(situation: Situation, policy: str, model: str) -> None:
    drawn = draw(plan(situation), situation, 8, 0)
    held, seen = with_policy(by(situation, policy), drawn), stances(situation, drawn)
    for k, issue in enumerate(seen.issues):
        expected = settle(model, seen.position[..., k], seen.salience[..., k], seen.capability[..., k])
        assert held.of(policy_path(issue)) == pytest.approx(expected, abs=1e-12)
    assert held.of("stances.order_in_syria.russia.salience") == pytest.approx(
        drawn.of("stances.order_in_syria.russia.salience")
    )


def test_nothing_settled_leaves_the_members_mean(situation: Situation) -> None:
    alone = {"a": accord.read(CASE)}["a"]
    silent = accord.amend(alone, {"partnership.policy": "expected_utility"})
    drawn = with_policy(silent, draw(plan(silent), silent, 4, 0))
    values = np.stack([drawn.of(policy_path(issue)) for issue in sorted(silent.issues)])
    assert (((values >= 0.0) & (values <= 1.0)) | (values == -1.0)).all()


def test_arms_settle_anew(situation: Situation) -> None:
    pairs = Pairs(by(situation, "weighted_median"), vocabulary(), 16, 0)
    name = "endurance.policy.assad_fate"
    before = pairs.observe(pairs.situation, [name])[name]
    # Everybody with weight moves to one end: the median has to follow, although the base has been drawn already.
    moved = {
        f"stances.assad_fate.{who}.position": Change(to=0.25)
        for who in ("russia", "united_states", "us_allies", "assad_regime", "us_backed_opposition")
    }
    after = pairs.observe(pairs.arm(moved), [name])[name]
    assert after == pytest.approx(0.25)
    assert not np.allclose(before, after)


def test_divergence_is_measured_from_what_is_settled() -> None:
    place = np.array([0.2, 0.9])
    given = {"position": place[:, None] * np.ones((2, 1)), "salience": np.ones((2, 1)), "agenda_loading": 0.0}
    at_first = parameters(issues=("one",), numeraire=False, agreed=1.0 + 0.2, **given)
    at_mean = parameters(issues=("one",), numeraire=False, **given)
    near, mean = options(at_first, beta=14.0).flows[0, :, 0], options(at_mean, beta=14.0).flows[0, :, 0]
    middle = float(
        options(parameters(issues=("one",), numeraire=False, agreed=1.0 + 0.9, **given), beta=14.0).flows[
            0, 0, 0
        ]
    )
    assert near[0] > mean[0], "what it wants is done"
    assert near[0] - middle == pytest.approx(0.7), "a unit of salience times the distance"
    assert near[1] < mean[1]


def test_a_run_says_how_it_settles_and_differs(situation: Situation) -> None:
    plain = accord.run(situation, worlds=16, effort="quick")
    other = accord.run(situation, worlds=16, effort="quick", policy="weighted_median")
    assert other.situation.partnership.policy == "weighted_median"
    assert plain.situation.partnership.policy == "weighted_mean"
    assert plain.digest != other.digest
    same = accord.run(situation, worlds=16, effort="quick", policy="weighted_mean")
    assert same.digest == plain.digest


def test_an_unknown_way_is_refused(situation: Situation) -> None:
    with pytest.raises(accord.SituationError, match="weighted_median"):
        accord.run(situation, worlds=16, effort="quick", policy="median")
