"""Every lens keeps the contract, on situations with all the gaps that real files have."""

import dataclasses

import pytest
from hypothesis import HealthCheck, assume, given, settings

import accord
from accord.finding import Lens
from accord.lenses import all_lenses
from accord.lenses.endurance import Endurance
from accord.situation import Situation
from accord.testing import check_lens
from accord.testing.contract import Flip, check_declaration
from accord.testing.strategies import situations

SAME = (
    "similarity",
    "chance_corrected",
    "coverage",
    "agreement",
    "fault_line",
    "activation",
    "opens_at",
    "output",
    "complementarity",
    "interaction",
    "dependence_balance",
    "shared_threat",
    "threat_alive",
    "success",
    "success_without",
)
FLIPS: dict[str, dict[str, Flip | None]] = {
    "interests": dict.fromkeys(SAME, "same"),
    # Which way a scale is written makes no difference to how long they stay.
    "endurance": dict.fromkeys(
        (
            "survival",
            "incidence",
            "ended_by",
            "five_years",
            "strategic_index",
            "gap",
            "relative_gap",
            "log_hazard_ratio",
            "cheapest_wedge",
            "hazard_ratio",
            "trial",
            "flow",
            "price_of_defection",
            "price_far",
            "trust_needed",
            "steadiness",
            "patience_needed",
            "exit_probability",
            "influence",
        ),
        "same",
    ),
    # Of two equal middle positions the lower counts, and so do ties of offers; what rests on these may turn otherwise.
    "bargaining": {
        "forecast": "scale",
        "share": "complement",
        "median": None,
        "disagreement": None,
        "readings": None,
        "nash_feasible": "same",
        "gain": "same",
        "package": "same",
    },
    "conflict": dict.fromkeys(("equilibrium", "together", "apart"), "same"),
    "precedent": dict.fromkeys(("base_rate", "base_rate_at_age", "outlook"), "same"),
    "alignment": dict.fromkeys(("same_camp", "bond", "propensity", "separating", "gap"), "same"),
}


def under_flip(lens: Lens):
    """What turning scales does to each measure of a lens; a measure nobody thought of is an error."""
    known = FLIPS[lens.name]
    return lambda name: known[name.partition(".")[0]]


@pytest.mark.parametrize("lens", all_lenses(), ids=lambda lens: lens.name)
def test_declares_what_the_language_knows(lens: Lens) -> None:
    check_declaration(lens)


def quick(chancy: bool) -> list[Lens]:
    """Lenses without luck of their own, or those that simulate, which take fewer examples for their time."""
    return [lens for lens in all_lenses() if lens.chancy == chancy]


def brisk(lens: Lens) -> Lens:
    """A lens that simulates, with as few runs as its promises can be seen with."""
    return dataclasses.replace(lens, replicates=(2, 1, 2)) if isinstance(lens, Endurance) else lens


@pytest.mark.parametrize("lens", quick(False), ids=lambda lens: lens.name)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
@given(situation=situations())
def test_keeps_the_contract(lens: Lens, situation: Situation) -> None:
    assume(not lens.needs(situation))
    assert check_lens(lens, [situation], under_flip=under_flip(lens)) == 1


@pytest.mark.parametrize("lens", quick(True), ids=lambda lens: lens.name)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(situation=situations())
def test_keeps_the_contract_with_luck(lens: Lens, situation: Situation) -> None:
    assume(not lens.needs(situation))
    assert check_lens(brisk(lens), [situation], under_flip=under_flip(lens)) == 1


@pytest.mark.parametrize("case", sorted(accord.list_cases()))
@pytest.mark.parametrize("lens", all_lenses(), ids=lambda lens: lens.name)
def test_keeps_the_contract_on_shipped_cases(lens: Lens, case: str) -> None:
    # Shocks of a case may state positions, which turning the scales of stances leaves as they are.
    flip, situation = None if lens.chancy else under_flip(lens), accord.read(case)
    # A case coded from the sheet says nothing of what each can do: the graph model then says what it needs.
    answers = 0 if lens.needs(situation) else 1
    assert answers or (lens.name, case != "tehran-moscow-2015") == ("conflict", True)
    assert check_lens(brisk(lens), [situation], under_flip=flip) == answers


@pytest.mark.parametrize("lens", quick(False), ids=lambda lens: lens.name)
@settings(max_examples=6, deadline=None)
@given(situation=situations())
def test_says_what_it_needs_or_answers(lens: Lens, situation: Situation) -> None:
    assert check_lens(lens, [situation]) == (0 if lens.needs(situation) else 1)
