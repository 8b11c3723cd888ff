"""Resnick's type: adversaries by outlook and interest, and whether a greater threat joins them; what estimates rest on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import accord
from accord.lenses import lens_named, vocabulary
from accord.lenses.endurance.compute import _rivals
from accord.lenses.endurance.gather import gathered
from accord.lenses.endurance.inputs import scaled
from accord.situation import Change, Estimate, Frozen, Situation, estimates
from accord.study.intervene import intervene
from accord.study.judging import informed
from accord.study.rivals import rivals_of
from accord.worlds import draw, omitted, plan

CASE = accord.read("tehran-moscow-2015")
WORLDS = 8
NAN = float("nan")
OUTLOOK = ("ties.iran.russia.affinity", "ties.russia.iran.affinity")
INTEREST = tuple(f"partnership.patrons.{name}.standing_interest" for name in ("iran", "russia"))
LEVELS = tuple(f"partnership.threats.{name}.level" for name in ("islamic_state", "us_backed_opposition"))


def columns(changes: dict[str, Any], case: Situation = CASE) -> dict[str, list[float]]:
    """The lens' columns with some numbers set."""
    made = intervene(case, {path: Change(to=to) for path, to in changes.items()}, vocabulary())
    priors = omitted(made, vocabulary(), lens_named("endurance").fills)
    worlds = draw(plan(made, extra=priors), made, WORLDS, 0)
    found = _rivals(made, worlds, scaled(gathered(made, worlds)))
    return {name.removeprefix("rivals."): values.tolist() for name, values in found.items()}


def typed(ideological: list[float], geopolitical: list[float], threatened: list[float], **good: Any) -> Any:
    """The type from columns."""
    over = {
        "rivals.ideological": np.array(ideological),
        "rivals.geopolitical": np.array(geopolitical),
        "rivals.threatened": np.array(threatened),
    }
    return rivals_of(over, np.array(good.get("good", [True] * len(ideological))))


def test_outlook_is_the_mean_affinity_and_interest_the_mean_standing_interest() -> None:
    one, other = OUTLOOK
    assert columns({one: -0.3, other: 0.2})["ideological"] == [1.0] * WORLDS
    assert columns({one: -0.2, other: 0.3})["ideological"] == [0.0] * WORLDS
    one, other = INTEREST
    assert columns({one: -0.3, other: 0.2})["geopolitical"] == [1.0] * WORLDS
    assert columns({one: -0.2, other: 0.3})["geopolitical"] == [0.0] * WORLDS
    assert columns({one: 0.0, other: 0.0})["geopolitical"] == [0.0] * WORLDS


def test_without_a_stated_affinity_outlook_is_unknown() -> None:
    ties = {
        one: Frozen({other: replace(tie, affinity=None) for other, tie in row.items()})
        for one, row in CASE.ties.items()
    }
    found = columns({}, replace(CASE, ties=Frozen(ties)))
    assert np.isnan(found["ideological"]).all()
    assert not np.isnan(found["geopolitical"]).any()


@pytest.mark.parametrize(
    ("changes", "greater"),
    [
        ({}, 1.0),
        (dict.fromkeys(LEVELS, 0.0), 0.0),
        (dict.fromkeys(LEVELS, 0.01), 0.0),
        # The rivalry of one of them alone is larger than what it has to fear.
        ({INTEREST[0]: -3.0}, 0.0),
        ({INTEREST[1]: -3.0}, 0.0),
        # A threat that only one of them wants gone joins nobody.
        (
            {
                "partnership.patrons.iran.threats.islamic_state.value": 0.0,
                "partnership.patrons.russia.threats.us_backed_opposition.value": 0.0,
            },
            0.0,
        ),
        ({"partnership.patrons.iran.threats.islamic_state.value": 0.0}, 1.0),
    ],
)
def test_a_greater_threat_is_one_that_all_want_gone_and_that_outweighs_rivalry(
    changes: dict[str, Any], greater: float
) -> None:
    adversaries = dict.fromkeys(INTEREST, -0.2)
    assert columns(adversaries | changes)["threatened"] == [greater] * WORLDS


@pytest.mark.parametrize(
    ("ideological", "geopolitical", "threatened", "label"),
    [
        (1.0, 1.0, 1.0, "alliance of convenience"),
        (1.0, 1.0, 0.0, "none of the three"),
        (1.0, 0.0, 1.0, "ambivalent alliance"),
        (0.0, 1.0, 1.0, "ambivalent alliance"),
        (0.0, 0.0, 0.0, "special alliance"),
        (NAN, 1.0, 1.0, "not decided"),
        (1.0, NAN, 1.0, "not decided"),
        (NAN, NAN, 1.0, "not decided"),
    ],
)
def test_the_types(ideological: float, geopolitical: float, threatened: float, label: str) -> None:
    found = typed([ideological] * 3, [geopolitical] * 3, [threatened] * 3)
    assert found.label == label
    assert repr((found.ideological, found.geopolitical)) == repr((ideological, geopolitical))
    assert ("joined by a greater threat" in found.says) is (label == "alliance of convenience")


def test_shares_are_of_the_worlds_that_are_judged() -> None:
    outlook, interest, threat = [1.0, 1.0, 0.0, NAN], [1.0, 1.0, 1.0, 0.0], [1.0, 1.0, 0.0, 0.0]
    found = typed(outlook, interest, threat)
    assert (found.ideological, found.geopolitical) == (pytest.approx(2 / 3), 0.75)
    assert found.label == "alliance of convenience", "the threat counts where they are adversaries in both"
    none = typed(outlook, interest, threat, good=[False, False, True, True])
    assert (none.ideological, none.geopolitical, none.label) == (0.0, 0.5, "special alliance")
    assert typed(outlook, interest, threat, good=[False] * 4).label == "not decided"


def test_what_the_numbers_rest_on() -> None:
    one = "partnership.patrons.russia.abandonment_loss"
    before = informed(CASE, {})
    assert (before.prior, before.off) == (0, 0)
    assert estimates(CASE)[one].citations == ()
    sourced = intervene(CASE, {one: Change(to={"best": 2.0, "source": "essay P9"})}, vocabulary())
    after = informed(sourced, {})
    assert (after.sourced, after.assumed) == (before.sourced + 1, before.assumed - 1)
    priors = {
        "partnership.patrons.iran.spoiling": Estimate(best=0.0),
        "partnership.patrons.iran.help_cost": Estimate(low=0.0, best=0.2, high=0.5),
        "partnership.patrons.russia.help_cost": Estimate(low=0.0, best=0.2, high=0.5),
        "read.by.nobody": Estimate(best=1.0),
    }
    with_priors = informed(CASE, priors)
    assert (with_priors.sourced, with_priors.assumed) == (before.sourced, before.assumed)
    assert (with_priors.prior, with_priors.off) == (2, 1)
