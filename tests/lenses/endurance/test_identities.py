"""Exact properties: what the kernels give equals closed forms in plain numpy, and a wrong equation is seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import accord
from accord.lenses import lens_named, vocabulary
from accord.lenses.endurance import identities
from accord.lenses.endurance.compute import calibration_of
from accord.lenses.endurance.identities import Arm, Identity, identity
from accord.situation import Change, Situation
from accord.study.intervene import intervene
from accord.worlds import draw, omitted, plan

CASE = accord.read("tehran-moscow-2015")
CALIBRATION = calibration_of(CASE)
WORLDS = 64
PRICE, COST = "price_of_defection.iran", "partnership.patrons.iran.breaking_cost"
EVENT = "ties.iran.russia.events.sanctions_vote_2010.in_prior"


def arm(situation: Situation) -> Arm:
    """A situation with worlds."""
    priors = omitted(situation, vocabulary(), lens_named("endurance").fills)
    return Arm(situation, draw(plan(CASE, situation, extra=priors), situation, WORLDS, 0))


def held(name: str, changes: dict[str, Change] | None = None) -> Identity:
    """An identity, with something varied or not."""
    varied = None if changes is None else arm(intervene(CASE, changes, vocabulary()))
    return identity(name, arm(CASE), varied, CALIBRATION)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("trust.iran.russia", {EVENT: Change(to=False)}),
        ("trust.iran.russia", {"ties.iran.russia.trust": Change(to=0.7)}),
        ("trust.russia.iran", {EVENT: Change(to=False)}),
        (PRICE, {COST: Change(plus=0.3)}),
        (PRICE, {COST: Change(to=0.0)}),
        ("price_of_defection.russia", {COST: Change(to=0.0)}),
        ("losses.iran.1", None),
        ("losses.russia.1", {"partnership.patrons.russia.proxy_share": Change(to=0.6)}),
        ("losses.iran.1", {"partnership.patrons.iran.patience_floor": Change(to=0.9)}),
        ("influence.iran", None),
        ("influence.iran", {"partnership.client.balancing": Change(to=1.0)}),
        ("influence.russia", {"partnership.influence_exponent": Change(to=0.0)}),
        ("own_exit_month.russia", None),
        ("own_exit_month.iran", {"partnership.patrons.iran.fatigue": Change(to=0.3)}),
    ],
)
def test_what_the_lens_gives_is_what_the_equation_says(name: str, changes: dict[str, Change] | None) -> None:
    found = held(name, changes)
    assert found.deviation.shape == (WORLDS,)
    assert found.deviation.max() <= found.tolerance <= 1e-9
    assert found.says


def test_trust_as_stated_is_the_sum_of_its_events() -> None:
    for pair in ("trust.iran.russia", "trust.russia.iran"):
        found = held(pair)
        assert found.deviation.shape == (1,)
        assert found.deviation[0] < found.tolerance
    off = intervene(CASE, {"ties.iran.russia.trust": Change(to=0.4)}, vocabulary())
    wrong = identity("trust.iran.russia", arm(off), None, CALIBRATION)
    assert wrong.deviation[0] == pytest.approx(0.4 - 0.332, abs=1e-3)
    assert wrong.deviation[0] > wrong.tolerance


def test_with_full_balancing_each_has_one_half() -> None:
    found = held("influence.iran", {"partnership.client.balancing": Change(to=1.0)})
    varied = arm(intervene(CASE, {"partnership.client.balancing": Change(to=1.0)}, vocabulary()))
    np.testing.assert_array_equal(identities._seen("influence.iran", varied, CALIBRATION), 0.5)
    assert found.deviation.max() == 0.0


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        # Something else moves with the cost of breaking, so that its form no longer tells the whole change.
        (PRICE, {COST: Change(plus=0.3), "partnership.patrons.iran.discount": Change(to=0.95)}),
        (PRICE, {COST: Change(plus=0.3), "partnership.patrons.iran.standing_interest": Change(to=0.9)}),
    ],
)
def test_what_is_not_an_identity_is_not_taken_for_one(name: str, changes: dict[str, Change]) -> None:
    found = held(name, changes)
    assert found.deviation.max() > 1e-3


@pytest.mark.parametrize("name", ["trust.iran.russia", "losses.iran.1", "influence.iran"])
def test_a_lens_that_is_slightly_off_is_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, run = identities._seen, identities._one_run

    def off(*args: Any, **given: Any) -> Any:
        """What the lens gives, and a little more."""
        return seen(*args, **given) + 1e-6

    class Off:
        """Runs whose losses are a little higher."""

        def __init__(self, runs: Any) -> None:
            self.runs = runs

        def track(self, *what: str) -> Any:
            """A path."""
            return self.runs.track(*what) * (1.0 + 1e-6)

    monkeypatch.setattr(identities, "_seen", off)
    monkeypatch.setattr(identities, "_one_run", lambda *a, **k: Off(run(*a, **k)))
    changes = {EVENT: Change(to=False)} if name.startswith("trust") else None
    assert held(name, changes).deviation.max() > 1e-9


def test_runs_that_go_on_without_patience_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    run = identities._one_run

    def tireless(numbers: Any, *rest: Any) -> Any:
        """Runs in which nobody is forced out."""
        return run(numbers.with_(patience_floor=0.0), *rest)

    monkeypatch.setattr(identities, "_one_run", tireless)
    assert held("own_exit_month.russia").deviation.sum() > 0


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("cheapest_wedge", "has no closed form"),
        ("losses.iran.2", "has no closed form"),
        ("survival.theatre.12", "has no closed form"),
        ("trust.iran.syria", "there is no output"),
        (PRICE, "vary that"),
    ],
)
def test_outputs_without_a_closed_form_are_told(name: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        held(name)
