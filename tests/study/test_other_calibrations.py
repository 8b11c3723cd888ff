"""A claim about other calibrations and the verdict's robustness are the same question, worked out once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import accord
from accord.lenses import vocabulary
from accord.lenses.endurance import reference
from accord.lenses.endurance.lens import Endurance
from accord.lenses.endurance.places import LABELS
from accord.lenses.endurance.reference import Key, Others, keys_for, runs_against
from accord.situation import Bound, Change, Claim, Frozen
from accord.study.claims import ClaimResult, judge_claims
from accord.study.effort import USUAL
from accord.study.intervene import Pairs, intervene
from accord.study.judging import placing
from accord.study.running import run_study
from accord.study.study import Study
from accord.study.subjects import MARK

CASE = accord.read("tehran-moscow-2015")
WORLDS, FEW = 32, 16
QUADRANT = "alliance_of_interest"
HELD = f"endurance.held.{QUADRANT}"
SITUATION = intervene(
    replace(
        CASE,
        claims=Frozen({"held": Claim("most say so", "output", holds=Frozen({HELD: Bound(above=0.5)}))}),
        scenarios=Frozen(),
        digest="one claim",
    ),
    {},
    vocabulary(),
)
EFFORT = replace(USUAL, worlds=WORLDS, trials=1, scenarios=0, calibrations=FEW, claims=WORLDS, levers=0)


class Counted:
    """Counts how often worlds are held against a calibration."""

    def __init__(self) -> None:
        self.calls = list[tuple[Key, int]]()
        self.real = reference.against

    def __call__(self, numbers: object, among: reference.Cell, runs: int, seed: int, first: int) -> object:
        self.calls.append((among.key, runs))
        return self.real(numbers, among, runs, seed, first)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def counted() -> tuple[Study, list[tuple[Key, int]]]:
    """A run with one claim, and how its worlds were held against other calibrations."""
    with pytest.MonkeyPatch.context() as patch:
        count = Counted()
        patch.setattr(reference, "against", count)
        study = run_study(SITUATION, vocabulary(), lenses=[Endurance()], effort=EFFORT)
    return study, count.calls


def alone(others: Others) -> tuple[ClaimResult, ...]:
    """The claim tested without a run around it."""
    return judge_claims(Pairs(SITUATION, vocabulary(), WORLDS, place=placing(CASE), others=others))


def test_the_claim_takes_over_what_the_verdict_has_worked_out(
    counted: tuple[Study, list[tuple[Key, int]]],
) -> None:
    study, calls = counted
    assert study.verdict is not None
    judged = [one for one in study.verdict.robustness if one.status == "judged"]
    assert len(calls) == len(set(calls)) == len(judged) - 1, "the default calibration is the run itself"
    assert {runs for _, runs in calls} == {8, 16}


def test_alone_it_gives_the_same_numbers(counted: tuple[Study, list[tuple[Key, int]]]) -> None:
    own = alone(Others(worlds=FEW))
    assert [repr(one) for one in own] == [repr(one) for one in counted[0].claims]
    (detail,) = own[0].details
    assert detail.words.endswith(f"; looked at in the first {FEW} worlds only")
    assert detail.share is not None
    assert detail.undefined < FEW


def test_it_is_the_share_of_the_robustness_table(counted: tuple[Study, list[tuple[Key, int]]]) -> None:
    """The mean over calibrations of the table's shares, the default one in the same worlds."""
    study, _ = counted
    assert study.verdict is not None
    plain = [one for one in study.verdict.robustness if one.status == "judged" and one.variant == "plain"]
    first = {name: values[:FEW] for name, values in study.columns.items() if values.ndim == 1}
    stand = placing(CASE)(
        *(first[f"{MARK}endurance{MARK}{key}"] for key in ("strategic_index", "log_hazard_ratio"))
    )
    stays = first[f"{MARK}endurance{MARK}viable"] > 0.0
    own = float(np.mean(stand["quadrant"][stays] == list(LABELS).index(QUADRANT)))
    shares = [own, *(one.shares[QUADRANT] for one in plain[1:])]
    (detail,) = study.claims[0].details
    assert {one.worlds for one in plain[1:]} == {int(stays.sum())}
    assert detail.varied == pytest.approx(float(np.mean(shares)), abs=1e-12)
    assert 0.0 < detail.varied < 1.0


def test_an_arm_takes_nothing_over() -> None:
    """What is known is known of the situation as it stands."""
    others = Others(worlds=8)
    none = np.full(8, 0.5)
    for key in keys_for("wartime"):
        others.known[key] = none, none
    pairs = Pairs(CASE, vocabulary(), 8, place=placing(CASE), others=others)
    arm = pairs.arm({"partnership.patrons.iran.standing_interest": Change(plus=0.0)})
    as_it_stands, varied = (pairs.observe(one, [HELD])[HELD] for one in (CASE, arm))
    fresh = Pairs(CASE, vocabulary(), 8, place=placing(CASE), others=Others(worlds=8)).observe(CASE, [HELD])
    np.testing.assert_array_equal(varied, fresh[HELD])
    assert not np.array_equal(as_it_stands, varied, equal_nan=True)


def test_whoever_looks_at_fewer_worlds_takes_over_those() -> None:
    others = Others(worlds=8)
    rising = np.linspace(0.0, 1.0, 8)
    for key in keys_for("wartime"):
        others.known[key] = rising, rising
    every, few = (
        Pairs(CASE, vocabulary(), 8, count=count, place=placing(CASE), others=others).observe(CASE, [HELD])[
            HELD
        ]
        for count in (8, 4)
    )
    assert len(np.unique(every[~np.isnan(every)])) > 1
    np.testing.assert_array_equal(few, every[:4])


def test_only_what_covers_the_worlds_is_taken_over() -> None:
    pairs = Pairs(CASE, vocabulary(), WORLDS, others=Others(worlds=FEW))
    key = Key("plain", "wartime", 6.0)
    few = Pairs(CASE, vocabulary(), WORLDS, count=FEW, others=pairs.others)
    pairs.know(key, np.zeros(WORLDS), np.zeros(WORLDS))
    few.know(key, np.zeros(FEW - 1), np.zeros(FEW - 1))
    assert pairs.others is not None
    assert not pairs.others.known
    few.know(key, np.zeros(FEW), np.zeros(FEW))
    assert set(pairs.others.known) == {key}


@pytest.mark.parametrize(("beta", "usual", "whole"), [(6.0, 16, 64), (14.0, 8, 16), (40.0, 8, 16)])
def test_runs_of_each_world(beta: float, usual: int, whole: int) -> None:
    assert (runs_against(beta), runs_against(beta, whole=True)) == (usual, whole)


def test_worlds_beyond_the_first_are_not_called_undefined() -> None:
    pairs = Pairs(CASE, vocabulary(), WORLDS, place=placing(CASE), others=Others(worlds=8))
    assert pairs.covered(HELD) == 8
    assert pairs.covered("endurance.survival.theatre.12") == WORLDS
    assert pairs.covered("interests.similarity.now.iran.russia") == WORLDS
    found = pairs.observe(CASE, [HELD])[HELD]
    assert found.shape == (WORLDS,)
    assert np.isnan(found[8:]).all()
    assert not np.isnan(found[:8]).all(), "some are judged"
