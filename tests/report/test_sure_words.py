"""How sure the answer is, and what would change it: other calibrations, evidence, numbers moved alone."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from pathlib import Path

from accord.report.answer_words import answer, text_of
from accord.report.verdict_tables import (
    robustness_table,
    turns_table,
)
from accord.study.levers import Turn
from accord.study.verdict import Held, Informed, Verdict

sys.path.insert(0, str(Path(__file__).parent))  # verdicts made up for tests are beside the tests
from verdicts import (
    CASE,
    CLEAR,
    CONVENIENCE,
    INTEREST,
    SPLIT,
    STANDING,
    TRUST,
    WEAK,
    full,
    made,
    shares_of,
)

MENDS = "What would mend or move it"


def point(verdict: Verdict, term: str) -> str:
    """One point of the answer; empty where it is not there."""
    return next((one.says for one in answer(verdict, CASE).points if one.term == term), "")


def paragraph(verdict: Verdict) -> str:
    """The answer as one text."""
    return text_of(answer(verdict, CASE))


def test_a_change_that_tips_a_near_tie_says_so() -> None:
    turn = Turn(
        TRUST, 0.15, 0.098, CONVENIENCE, 0.1, True, 0.12, shares_of(0.05, 0.30, 0.33, 0.1), 2.1, 3.1, 9
    )
    tied = replace(made(0.05, 0.33, 0.28, 0.1), would_change_if=(turn,))
    assert not tied.split
    assert point(tied, MENDS).endswith(
        "a marriage of convenience then has 33 % of judged worlds, an alliance of interest 30 %; it tips a near tie"
        " (alliance of interest 33 %, marriage of convenience 28 %)."
    )
    apart = replace(
        made(0.05, 0.40, 0.28, 0.1), would_change_if=(replace(turn, shares=shares_of(0.1, 0.2, 0.3, 0.1)),)
    )
    assert point(apart, MENDS).endswith("then has 30 % of judged worlds, an alliance of interest 20 %.")


def test_robustness_and_what_would_change_it_are_points() -> None:
    said = point(full(CLEAR), "How sure")
    assert (
        "Of 3 calibrations and prior variants, with 256 to 1,000 judged worlds each, marriage of convenience leads clearly in"
        " 2, another kind in 1 (weak tie in 1); the largest share, clear or not, goes to marriage of convenience in 2 and weak"
        " tie in 1. Of the 100 numbers"
    ) in said
    assert point(full(CLEAR), MENDS).endswith(
        "The smallest change found that clearly moves it: Iran towards Russia: trust at 0.85 (probability; not yet at 0.80)"
        " instead of 0.60 (probability); a strategic alliance then has 52 % of judged worlds, a marriage of convenience 70 %."
    )
    stays = replace(CLEAR, would_change_if=(Turn(STANDING, 0.1, None, "", math.inf, False),))
    assert "None of the numbers tried (1)" in paragraph(stays)
    assert "within what is plausible, clearly changes the label." in paragraph(stays)
    assert "none of the ten" not in paragraph(stays).lower(), "only one number was tried"


def test_a_split_verdict_is_settled_and_not_moved() -> None:
    """Nothing can clearly move what is not clear: the words say what would settle it, also as its first label."""
    own = dict(SPLIT.shares) | {CONVENIENCE: 0.47}
    settled = (Turn(TRUST, 0.6, 0.8, CONVENIENCE, 0.4, True, 0.75, own, 2.2, 2.4, 9),)
    said = point(replace(full(SPLIT), would_change_if=settled), MENDS)
    assert "clearly move" not in said
    assert said.endswith(
        "The smallest change found with which one kind leads clearly: Iran towards Russia: trust at 0.80 (probability; not yet"
        " at 0.75) instead of 0.60 (probability); a marriage of convenience then has 47 % of judged worlds, an alliance of"
        " interest 36 %."
    )
    stays = point(replace(full(SPLIT), would_change_if=full(SPLIT).would_change_if[1:]), MENDS)
    assert stays.endswith("within what is plausible, lets one kind lead clearly.")
    table = turns_table(replace(SPLIT, would_change_if=settled), CASE)
    assert table is not None
    assert table.title == (
        "With Iran towards Russia: trust at 0.80 (probability) a marriage of convenience leads clearly (47 % of judged worlds)"
    )
    assert [column.label for column in table.columns][2:4] == ["One kind leads clearly at", "which is"]


def test_coin_tosses_are_no_calibrations_in_which_it_holds() -> None:
    """A lead of a third of a standard error in a calibration neither holds nor speaks against the label."""
    toss = Held("plain", "all", 14.0, "judged", CONVENIENCE, shares_of(0.05, 0.33, 0.34, 0.05), 0.0, 0.8, 234)
    other = Held("plain", "all", 6.0, "judged", INTEREST, shares_of(0.05, 0.34, 0.33, 0.05), 0.0, 0.8, 234)
    verdict = replace(full(CLEAR), robustness=(*full(CLEAR).robustness, toss, other))
    assert (toss.split, other.split, toss.clear) == (True, True, "")
    holds = verdict.holds
    assert (holds.clear, holds.split, holds.other, holds.of) == (2, 2, 1, 5)
    assert (
        "leads clearly in 2, another kind in 1 (weak tie in 1), and in 2 no kind does; the largest share, clear or not, goes to"
        " marriage of convenience in 3, alliance of interest in 1 and weak tie in 1"
    ) in paragraph(verdict)
    assert robustness_table(verdict).title == (
        "The label 'marriage of convenience' clearly holds in 2 of 5 calibrations and prior variants; 2 are too close to"
        " call in as few as 234 worlds, 1 clearly says otherwise"
    )


def test_why_no_other_calibration_was_tried() -> None:
    open_ = Held("plain", "defence", 14.0, "not_worked_out")
    said = point(replace(CLEAR, robustness=(*CLEAR.robustness, open_)), "How sure")
    assert "not worked out for partnerships of this make-up: 'accord calibrate CASE' does that once." in said
    assert "not worked out" not in point(CLEAR, "How sure")
    few = tuple(
        Held("plain", "all", beta, "judged", WEAK, shares_of(0, 0, 0, 1), 0.0, 0.8, 12)
        for beta in (6.0, 14.0)
    )
    said = point(replace(CLEAR, robustness=(*CLEAR.robustness, *few)), "How sure")
    assert (
        "In 2 other calibrations too few worlds are judged to tell (at most 12); more worlds would (--thorough)."
        in said
    )
    far = Held("plain", "wartime", 40.0, "not_reachable")
    said = point(replace(CLEAR, robustness=(*CLEAR.robustness, far)), "How sure")
    assert "No pace fits any other calibration." in said
    assert "not tried" not in said


def test_priors_are_told_where_there_are_any() -> None:
    sourced = replace(CLEAR, informed=Informed(40, 60, 0, 5))
    assert "rests on 40 have a source (40 %). After" in point(sourced, "How sure")
    assert "rests on" not in point(replace(CLEAR, informed=Informed(0, 0, 0, 5)), "How sure")
