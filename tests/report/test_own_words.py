"""What calibrations of the user's own say: who leads at which precision, whether drifts matter, and how well they fit."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from accord.lenses.endurance.own import Pace
from accord.report.answer_words import answer, text_of
from accord.report.own_words import fits_note, own_words
from accord.report.verdict_tables import robustness_table
from accord.study.verdict import Held, OwnClass, Verdict

sys.path.insert(0, str(Path(__file__).parent))  # verdicts made up for tests are beside the tests
from verdicts import CASE, CLEAR, CONVENIENCE, INTEREST, full, shares_of

KIND, LABEL = "own: pacts", "your class 'pacts'"
OURS, THEIRS = shares_of(0.05, 0.1, 0.7, 0.05), shares_of(0.05, 0.7, 0.1, 0.05)
TOSS = shares_of(0.05, 0.41, 0.4, 0.05)


def held(beta: float, shares: Mapping[str, float], variant: str = "plain", worlds: int = 256) -> Held:
    """One row."""
    label = max(shares, key=lambda name: shares[name])
    return Held(variant, KIND, beta, "judged", label, shares, 0.01, 0.9, worlds, LABEL)


def paces(totals: Mapping[float, float], variant: str = "plain") -> tuple[Pace, ...]:
    """A rate at each precision with its squared misfit; NaN where none fits."""
    return tuple(
        Pace(variant, beta, 0.03 if total == total else None, total, 3, 0.9, 0.6)
        for beta, total in totals.items()
    )


def verdict_with(rows: list[Held], made: tuple[Pace, ...]) -> Verdict:
    """A verdict that was taken under one class as well."""
    own = OwnClass("pacts", "defense=yes", KIND, 1, 40, 30, 0.93, 0.614, "survival_only", "0" * 64, made)
    base = full(CLEAR)
    return replace(
        base, robustness=(*base.robustness, *rows), own=(own,), calibration={"class": "wartime", "beta": 14.0}
    )


def test_a_class_says_what_leads_where() -> None:
    rows = [held(6.0, TOSS), held(14.0, OURS), held(40.0, OURS)]
    verdict = verdict_with(rows, paces({6.0: 1.0, 14.0: 2.0, 40.0: 3.0}))
    said, weighed = own_words(verdict)
    assert said == (
        "at the pace of your class 'pacts' (40 alliances, 61 % of them there after five years) no kind leads clearly at beta"
        " 6 and marriage of convenience leads clearly at beta 14 and 40; it does not set the pace of this run, wartime"
        " alliances do"
    )
    # Weights exp(-1/2 misfit^2): 1, .607, .368 over their sum; .4 .506 + .7 .494 of marriage of convenience.
    assert weighed == (
        "with precisions weighed by how well they fit that class (beta 6 51 %, beta 14 31 % and beta 40 19 %), marriage of"
        " convenience leads clearly (55 % of worlds)"
    )
    told = text_of(answer(verdict, CASE))
    assert said[1:] in told
    assert weighed[1:] in told


def test_drifts_are_told_by_what_they_change() -> None:
    rows = [held(14.0, OURS), held(40.0, OURS)]
    same = [replace(one, variant="drifting") for one in rows]
    both = paces({14.0: 1.0, 40.0: 1.0}) + paces({14.0: 1.0, 40.0: 1.0}, "drifting")
    *_, said = own_words(verdict_with([*rows, *same], both))
    assert said == "with drifts as measured of states, instead of none, it is the same"
    other = [same[0], replace(same[1], shares=THEIRS)]
    *_, said = own_words(verdict_with([*rows, *other], both))
    assert said.endswith(
        "instead of none, marriage of convenience leads clearly at beta 14 and alliance of interest leads clearly at beta 40"
    )
    assert INTEREST != CONVENIENCE


def test_what_does_not_fit_is_told() -> None:
    gone = Held("plain", KIND, 40.0, "not_reachable", called=LABEL)
    few = held(6.0, OURS, worlds=20)
    verdict = verdict_with([few, held(14.0, OURS), gone], paces({6.0: 1.0, 14.0: 38.0, 40.0: float("nan")}))
    first, doubt = own_words(verdict)
    assert "fewer than 30 worlds can be judged at beta 6" in first
    assert "no rate fits at beta 40" in first
    assert doubt.startswith("at beta 14 the population does not survive as that class did")


def test_the_table_names_class_and_misfits() -> None:
    rows = [held(14.0, OURS), held(14.0, THEIRS, "drifting")]
    verdict = verdict_with(rows, paces({14.0: 2.25}) + paces({14.0: 2.5}, "drifting"))
    table = robustness_table(verdict)
    assert [row[0] for row in table.rows[-2:]] == [
        "Your class 'pacts', beta 14",
        "Your class 'pacts', beta 14, drifts as measured of states",
    ]
    assert fits_note(verdict) in table.note
    for part in (
        "Your class 'pacts' (defense=yes), 40 alliances of which 30 are over",
        "the end of the bilateral level",
        "fitted to survival alone",
        "0.0300 reviews a month at beta 14 (squared misfit 2.2 over 3 facts)",
        "at beta 14 with drifts as measured of states (squared misfit 2.5 over 3 facts)",
    ):
        assert part in table.note


@pytest.mark.parametrize("verdict", [CLEAR, full(CLEAR)])
def test_without_a_class_nothing_is_said(verdict: Verdict) -> None:
    assert list(own_words(verdict)) == []
    assert fits_note(verdict) == ""
