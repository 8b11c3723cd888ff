"""What is settled by a bargaining model reaches the endurance model, in every arm, and only when asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

import accord
from accord.files.dump import plain_of
from accord.files.node import Lines, from_plain
from accord.files.reader import build_and_check
from accord.lenses import lens_named, vocabulary
from accord.lenses.bargaining.settling import settle
from accord.lenses.endurance import parameters
from accord.lenses.endurance.moment import options
from accord.report.answer_words import answer
from accord.report.moved_words import moved_notes
from accord.situation import Change, Situation
from accord.study.effort import QUICK
from accord.study.intervene import Pairs
from accord.study.judging import informed
from accord.study.levers import influences
from accord.study.moved import moved
from accord.study.policy import read_by_verdict, settled_in, with_policy
from accord.study.record import record_of, write_results
from accord.study.running import run_study
from accord.study.study import Study
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


@pytest.mark.parametrize("policy", ["weighted_median", "expected_utility", "spatial"])
def test_factions_that_all_stand_at_an_end_stay_on_the_scale(situation: Situation, policy: str) -> None:
    """The mean of three factions at the end of a scale is carried past it by a last digit."""
    issue = sorted(situation.issues)[0]
    who, top = sorted(situation.stances[issue])[0], 10.0
    shares = {"a": 0.24, "b": 0.41, "c": 0.35}
    data = plain_of(situation)
    data["issues"][issue]["scale"] |= {"low": 0, "high": top}
    data["actors"][who]["factions"] = {name: {"share": share} for name, share in shares.items()}
    sides = {name: {"position": top, "salience": 0.5} for name in shares}
    data["stances"][issue][who] = {"capability": 1.0, "factions": sides}
    data["partnership"]["policy"] = policy
    data.pop("claims", None)
    data.pop("scenarios", None)
    made, problems = build_and_check(from_plain(data), vocabulary(), Lines(""))
    assert made is not None, problems
    drawn = draw(plan(made), made, 4, 0)
    seen = stances(made, drawn)
    place = seen.position[:, seen.actors.index(who), seen.issues.index(issue)]
    assert (place > 1.0).any(), "or this tests nothing"
    held = with_policy(made, drawn).of(policy_path(issue))
    assert ((held >= 0.0) & (held <= 1.0)).all()


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


WEIGHT = "stances.assad_fate.russia.capability"


def weighted(situation: Situation, policy: str, weight: float) -> Situation:
    """Settled so, with a weight of its own for Russia on one issue."""
    return accord.amend(by(situation, policy), {WEIGHT: weight})


def studied(situation: Situation) -> Study:
    """A short run through the endurance lens."""
    return run_study(
        situation, vocabulary(), worlds=64, scenarios=(), lenses=[lens_named("endurance")], effort=QUICK
    )


@pytest.fixture(scope="module")
def runs(situation: Situation) -> dict[str, Study]:
    """A run settled by the mean, and two by the median that differ in a weight only."""
    return {
        "mean": studied(weighted(situation, "weighted_mean", 0.01)),
        "light": studied(weighted(situation, "weighted_median", 0.01)),
        "heavy": studied(weighted(situation, "weighted_median", 50.0)),
    }


@pytest.fixture(scope="module")
def folders(runs: dict[str, Study], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same on disk."""
    found = {}
    for name, study in runs.items():
        found[name] = tmp_path_factory.mktemp(name)
        write_results(study, found[name])
        accord.save(study.situation, found[name] / "situation.json")
    return found


def test_a_weight_on_an_issue_is_read_where_a_model_settles(situation: Situation) -> None:
    mean, median = by(situation, "weighted_mean"), by(situation, "weighted_median")
    assert not read_by_verdict(WEIGHT, mean)
    assert read_by_verdict(WEIGHT, median)
    assert read_by_verdict(WEIGHT, mean, median), "in one of the two"
    for path in ("stances.assad_fate.united_states.position", "actors.united_states.capability.means"):
        assert read_by_verdict(path, median)
    assert not read_by_verdict(policy_path("assad_fate"), median), "it is worked out, not given"
    assert not read_by_verdict("issues.assad_fate.reference_point", median)


def test_a_weight_that_moves_what_is_settled_moves_the_verdict(folders: dict[str, Path]) -> None:
    why = moved(folders["light"], folders["heavy"], vocabulary(), worlds=64)
    assert why.unread == ()
    [alone] = why.alone
    assert alone.path == WEIGHT
    assert alone.effect.size > 0.0
    assert why.together.size == pytest.approx(alone.effect.size)
    assert not any("not read" in note for note in moved_notes(why))
    one, two = (moved_notes(replace(why, unread=("a", "b")[:count]))[-1] for count in (1, 2))
    assert one == "One changed number is not read by the lens behind the verdict and moves nothing."
    assert two == "2 changed numbers are not read by the lens behind the verdict and move nothing."


def test_a_weight_counts_where_only_the_second_run_is_bargained(folders: dict[str, Path]) -> None:
    why = moved(folders["mean"], folders["heavy"], vocabulary(), worlds=64)
    assert why.unread == ()
    assert {one.path for one in why.alone} == {"partnership.policy", WEIGHT}


def test_findings_and_verdict_claim_the_weight(
    runs: dict[str, Study], situation: Situation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert WEIGHT not in runs["mean"].findings[0].reads
    assert WEIGHT in runs["light"].findings[0].reads
    counted = {name: informed(study.situation, {}) for name, study in runs.items()}
    assert counted["light"].assumed == counted["mean"].assumed + 1
    # A weight that is drawn can be a reason and a lever.
    asked: list[set[str]] = []

    def spy(draws: Any, *more: Any) -> Any:
        asked.append(set(draws))
        return influences(draws, *more)

    monkeypatch.setattr("accord.study.judging.levers.influences", spy)
    wide = accord.amend(by(situation, "weighted_median"), {WEIGHT: {"low": 0.01, "best": 1, "high": 50}})
    studied(wide)
    studied(by(wide, "weighted_mean"))
    assert [WEIGHT in paths for paths in asked] == [True, False]
    assert not any(path.endswith(".policy") for paths in asked for path in paths)


def test_a_run_tells_who_settles_and_that_it_is_a_sensitivity(
    runs: dict[str, Study], folders: dict[str, Path]
) -> None:
    plain, other = runs["mean"], runs["heavy"]
    says = "settled by the weighted median among all who take a stand"
    for study, told in ((plain, False), (other, True)):
        notes = " ".join(study.findings[0].notes)
        assert (says in notes and "not a second verdict" in notes) is told
        points = {one.term: one.says for one in answer(study.verdict, study.situation).points}
        assert (says in points["How sure"] and "not a second verdict" in points["How sure"]) is told
    assert record_of(plain)["policy"] == {"settled_by": "weighted_mean", "model": None, "settled": {}}
    told = record_of(other)["policy"]
    assert (told["settled_by"], told["model"], told["sensitivity"]) == (
        "weighted_median",
        "weighted_median",
        True,
    )
    assert set(told["settled"]) == set(other.situation.issues)
    scale = other.situation.issues["assad_fate"].scale
    one = told["settled"]["assad_fate"]
    assert scale.low <= one["low"] <= one["median"] <= one["high"] <= scale.high
    assert (one["worlds"], one["not_settled"]) == (64, 0)


def test_what_is_settled_stands_among_the_results(folders: dict[str, Path], runs: dict[str, Study]) -> None:
    drawn = duckdb.read_parquet(str(folders["heavy"] / "worlds.parquet")).columns
    assert drawn
    assert not [name for name in drawn if name.endswith(".policy")]
    found = duckdb.read_parquet(str(folders["heavy"] / "results.parquet")).fetchnumpy()["policy/assad_fate"]
    scale = runs["heavy"].situation.issues["assad_fate"].scale
    assert ((found >= scale.low) & (found <= scale.high)).all()


def test_where_nothing_is_settled_it_is_missing_and_no_number(situation: Situation) -> None:
    one = situation.issues["assad_fate"].scale
    found = settled_in(situation, {policy_path("assad_fate"): np.array([-1.0, 0.0, 1.0])})
    assert np.isnan(found["assad_fate"][0])
    assert found["assad_fate"][1:].tolist() == [one.low, one.high]
    assert set(found) == {"assad_fate"}
