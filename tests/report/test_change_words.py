"""What breaks a partnership and what mends it, in words: trials and scenarios, never one that is calm for want of a threat."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from accord.report.answer_words import answer
from accord.study.landing import Landing, Landings
from accord.study.verdict import Verdict

sys.path.insert(0, str(Path(__file__).parent))  # verdicts made up for tests are beside the tests
from verdicts import CASE, CLEAR, shares_of, spread


def points_of(verdict: Verdict) -> dict[str, str]:
    """What is said, by its term."""
    return {one.term: one.says for one in answer(verdict, CASE).points}


def test_what_breaks_it_names_the_trials_that_make_it_end_fastest() -> None:
    ratios = {
        "bilateral.both": spread(1.9),
        "bilateral.removed": spread(1.4),
        "bilateral.removed.islamic_state": spread(3.0),
        "bilateral.tempted": spread(1.01),
        "bilateral.exhausted.russia": spread(2.3),
        "theatre.exhausted.iran": spread(9.0),
    }
    assert points_of(replace(CLEAR, hazard_ratios=ratios))["What breaks it"] == (
        "One trial at a time the partnership as such ends 2.3 times as fast (2.2 to 2.4 in nine worlds of ten) when Russia is"
        " almost out of patience and 1.4 times as fast (1.3 to 1.5) when all threats are gone, medians of 1,000 judged worlds."
    )


def landing(name: str, durability: float, judged: int = 200, threatened: bool = True) -> Landing:
    """A scenario in the plane."""
    shares = shares_of(0.1, 0.3, 0.3, 0.1)
    return Landing(name, 256, judged, durability, 0.5, 0.4, 0.2, 1.5, shares, threatened)


def test_what_breaks_and_what_mends_it_leave_out_a_scenario_without_the_threat() -> None:
    """Without the threat the mark lies high for want of something to lose: that mends nothing."""
    found = Landings(
        landing("", 0.5, 230),
        (
            landing("threat_removed", 0.9, threatened=False),
            landing("assad_replaced", 0.6),
            landing("another_war_drains_russia", 0.3),
            landing("end_state_talks_open", 0.1, judged=29),
            replace(landing("heavy_russian_losses", 0.95), danger=0.85),
        ),
    )
    points = {one.term: one.says for one in answer(CLEAR, CASE, (), found).points}
    assert points["What would mend or move it"] == (
        "Of 2 scenarios with no less danger 'Assad replaced' (0.50 → 0.60) adds most to its durability, by the median rank in"
        " the first 256 worlds."
    )
    assert "'another war' (0.50 → 0.30) takes most from its durability" in points["What breaks it"]
    still = Landings(landing("", 0.5), (landing("assad_replaced", 0.52),))
    assert "scenario" not in " ".join(one.says for one in answer(CLEAR, CASE, (), still).points)


def test_scenarios_that_move_it_alike_are_named_together() -> None:
    """With so few worlds the order of two such scenarios is chance."""
    found = Landings(
        landing("", 0.5, 230),
        (
            landing("american_offer_to_moscow", 0.331),
            landing("american_offer_to_tehran", 0.33),
            landing("another_war_drains_russia", 0.36),
        ),
    )
    said = {one.term: one.says for one in answer(CLEAR, CASE, (), found).points}["What breaks it"]
    assert said.endswith(
        "'offer to Tehran' (0.50 → 0.33) and 'offer to Moscow' (0.50 → 0.33) take most from its durability, by the median rank"
        " in the first 256 worlds."
    )
