"""The verdict in words: a lead and a few points; clear, leaning, split or none at all; articles and shares."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from accord.figures import alt_of, is_drawn
from accord.finding import Finding
from accord.lenses.endurance.places import LABELS, QUADRANTS
from accord.report.answer_words import answer, text_of
from accord.report.claim_words import claims_note, result_words
from accord.report.verdict_tables import (
    interest_table,
    plane_table,
    robustness_table,
    shares_table,
    turns_table,
)
from accord.report.verdict_words import article, asides
from accord.situation import Frozen, Situation
from accord.study.claims import ClaimResult
from accord.study.levers import Turn
from accord.study.verdict import Rivals, Verdict
from accord.study.verdict_record import verdict_record

sys.path.insert(0, str(Path(__file__).parent))  # verdicts made up for tests are beside the tests
from verdicts import (
    CASE,
    CLEAR,
    CONVENIENCE,
    EVERY,
    FEW,
    INTEREST,
    LEANING,
    MOST,
    NAMES,
    NAN,
    NONE,
    PAIRS,
    SPLIT,
    STRATEGIC,
    TRUST,
    WEAK,
    WHOLE,
    WORLDS,
    full,
    made,
    shares_of,
)

MOST_WORDS = 60
EVERY_LEAD = [CLEAR, LEANING, MOST, SPLIT, WHOLE, FEW, NONE, made(0.0, 0.0, 0.0, 0.0), *EVERY, *PAIRS]


def paragraph(verdict: Verdict, situation: Situation) -> str:
    """The answer as one text."""
    return text_of(answer(verdict, situation))


def point(verdict: Verdict, term: str, situation: Situation = CASE) -> str:
    """One point of the answer; empty where it is not there."""
    return next((one.says for one in answer(verdict, situation).points if one.term == term), "")


def test_a_clear_answer_says_what_it_is() -> None:
    assert answer(CLEAR, CASE).lead == (
        "Iran and Russia have a marriage of convenience (70 ± 1 % of the 1,000 worlds judged of 1,204): it holds while the"
        " threat lives and nobody makes an offer, and hardly beyond."
    )
    assert point(CLEAR, "How long") == (
        "At the pace of history, once they are through the first year, the chance that they stay together for five more is 41 %"
        " in the median of the 1,000 judged worlds (31 % to 51 % in nine worlds of ten), and 22 % (12 % to 32 %) with the"
        " threat gone and everybody tempted once. What the lens says of how long it holds counts from today and is the mean of"
        " all 1,204 worlds drawn; the ranks say more than these levels."
    )
    assert point(CLEAR, "How sure") == (
        "Of the worlds that are not judged, in 204 somebody would leave at once; the answer says nothing of those. How likely a"
        " marriage of convenience is, in words: likely. A strategic alliance it is in 5 of 100 judged worlds and in 10 of 100"
        " judged worlds it stands too near a border to tell. Other calibrations were not tried. Of the 100 numbers that the"
        " verdict rests on 40 have a source (40 %), and 30 are the program's own priors. After ± stands one standard error,"
        " from the number of worlds."
    )
    assert point(CLEAR, "Compared with others") == (
        "Of 100 plausible partnerships of the same make-up (2,000 were drawn) 31 last less long once the threat is gone and"
        " offers come, in the median world (21 to 41 in nine worlds of ten), and 74 hang less on both (64 to 84). Of these 100"
        " themselves, 20 are a marriage of convenience."
    )


@pytest.mark.parametrize("verdict", EVERY_LEAD, ids=lambda v: f"{v.label}-{v.runner_up if v.label else ''}")
def test_the_lead_is_one_sentence_that_a_minister_reads(verdict: Verdict) -> None:
    for situation in (CASE, without("threats"), without("suitors"), without("threats", "suitors")):
        lead = answer(verdict, situation).lead
        assert len(lead.split()) <= MOST_WORDS, lead
        assert lead.endswith(".")
        assert ". " not in lead


@pytest.mark.parametrize(
    "verdict", EVERY_LEAD[:-1], ids=lambda v: f"{v.label}-{v.runner_up if v.label else ''}"
)
def test_no_label_in_the_lead_without_its_uncertainty(verdict: Verdict) -> None:
    lead = answer(verdict, CASE).lead
    for name in NAMES:
        found = re.search(rf"{LABELS[name]}(?: than anything else)?(.{{0,12}})", lead)
        if found:
            assert re.match(rf" \({round(100 * verdict.shares[name])} ± \d", found[1]), lead


def test_a_usual_run_has_four_to_six_points() -> None:
    for verdict in (full(CLEAR), full(SPLIT), CLEAR):
        terms = [one.term for one in answer(verdict, CASE).points]
        assert 4 <= len(terms) <= 6
        assert len(set(terms)) == len(terms)
    assert answer(NONE, CASE).points == ()
    assert [one.term for one in answer(full(CLEAR), CASE, FINDINGS).points] == [
        "How long",
        "Where it cracks",
        "What breaks it",
        "What would mend or move it",
        "How sure",
        "Compared with others",
    ]


ENDS = (
    "The joint effort ends most often by exhaustion; its weak link is Iran.",
    "The partnership as such ends most often by abandonment; its weak link is Russia.",
)
FINDINGS = tuple(
    Finding(lens, "?", "found", says)
    for lens, says in (
        ("interests", ("They agree.", "The deepest rift is over Damascus.")),
        ("endurance", ("It holds.", *ENDS)),
    )
)


def test_where_it_cracks_is_what_the_lenses_say() -> None:
    cracks = {one.term: one.says for one in answer(CLEAR, CASE, FINDINGS).points}["Where it cracks"]
    assert cracks == f"{ENDS[0]} {ENDS[1]} The deepest rift is over Damascus.", (
        "both levels, each by its name"
    )
    assert "Where it cracks" not in {one.term for one in answer(CLEAR, CASE, FINDINGS[:0]).points}


def test_what_mends_it_is_the_number_that_lifts_durability_most() -> None:
    said = point(full(CLEAR), "What would mend or move it")
    assert said.startswith(
        "Of single numbers Iran towards Russia: trust lifts the median durability rank most, 0.30 → 0.45 (0.41 to 0.50 in 95"
        " of 100 samples of 120 worlds), when held at the 95th percentile of its own range (0.90, probability). The smallest"
    )


def test_a_leaning_answer_says_how_far() -> None:
    assert (
        "Iran and Russia more likely have a marriage of convenience than anything else (55 ± 2 % of the 1,000 worlds judged of"
        " 1,204): it holds" in answer(LEANING, CASE).lead
    )
    assert (
        "No kind holds in most worlds for Iran and Russia; the most frequent is a marriage of convenience (40 ± 2 % of the"
        " 1,000 worlds judged of 1,204): it holds" in answer(MOST, CASE).lead
    )


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.5, "more likely"), (0.49, "no kind holds in most"), (0.67, "Russia have a marriage")],
)
def test_where_an_answer_becomes_a_leaning_and_a_clear_one(share: float, said: str) -> None:
    assert said.lower() in paragraph(made(0.05, 0.1, share, 0.05), CASE).lower()


def test_a_split_answer_says_what_both_have_in_common() -> None:
    assert SPLIT.split
    assert not CLEAR.split
    assert answer(SPLIT, CASE).lead == (
        "Iran and Russia stand between a marriage of convenience (38 ± 2 % of the 1,000 worlds judged of 1,204) and an alliance"
        " of interest (36 ± 2 %): in 85 % of them it hangs more on the threat and on nobody making an offer than half of such"
        " partnerships; whether it lasts is open."
    )
    assert "A strategic alliance it is in 5 of 100 judged worlds" in point(SPLIT, "How sure")


COMMON = {
    frozenset((STRATEGIC, WEAK)): "it hangs less on the threat",
    frozenset((INTEREST, CONVENIENCE)): "it hangs more on the threat",
    frozenset((STRATEGIC, INTEREST)): "it lasts longer than half of such partnerships",
    frozenset((CONVENIENCE, WEAK)): "it lasts less long than half of such partnerships",
    frozenset((STRATEGIC, CONVENIENCE)): "one lasts and the other does not",
    frozenset((INTEREST, WEAK)): "one hangs on conditions and the other does not, so the question is open",
}


@pytest.mark.parametrize("verdict", PAIRS, ids=lambda v: f"{v.label}-{v.runner_up}")
def test_every_split_says_what_holds_in_either_case(verdict: Verdict) -> None:
    assert verdict.split
    said = paragraph(verdict, CASE)
    assert COMMON[frozenset((verdict.label, verdict.runner_up))] in said
    known = verdict.ranks[:, :WORLDS] > 0.5
    quadrants = {one.name: one for one in QUADRANTS}
    one, other = quadrants[verdict.label], quadrants[verdict.runner_up]
    for row, sides in enumerate(((one.durable, other.durable), (one.conditional, other.conditional))):
        if sides[0] == sides[1]:
            share = np.mean(known[row] == sides[0])
            assert f"in {round(100 * share)} % of them it" in said


@pytest.mark.parametrize(("strategic", "found"), [(0.31, True), (0.29, False)])
def test_common_ground_is_a_finding_in_more_than_60_of_100_worlds_only(strategic: float, found: bool) -> None:
    """Both leading kinds last; of the others the runner-up's equal does not."""
    verdict = made(strategic, 0.3, 0.29, 0.1)
    ranks = verdict.ranks.copy()
    ranks[0, ranks[0] == 0.52] = 0.48  # those near a border lie below it
    verdict = replace(verdict, ranks=ranks)
    assert verdict.split
    assert (verdict.sides[0] > 0.6) == found
    said = paragraph(verdict, CASE)
    common = "it lasts longer than half of such partnerships"
    assert (f"in 61 % of them {common}; what carries it" in said) == found
    denied = f"even that {common} holds in 59 % only, so the question is open"
    assert (denied in said) != found


def test_the_answer_says_in_how_many_worlds_it_is_judged() -> None:
    assert "of the 1,000 worlds judged of 1,204)" in answer(CLEAR, CASE).lead
    lost = point(replace(CLEAR, undefined=4), "How sure")
    assert "not judged, in 200 somebody would leave at once and in 4 nothing survives the first year;" in lost
    one = replace(CLEAR, ranks=CLEAR.ranks[:, : WORLDS + 1])
    assert "in one somebody would leave at once" in point(one, "How sure")
    whole = paragraph(WHOLE, CASE)
    assert "± 1 % of all 1,000 worlds)" in answer(WHOLE, CASE).lead
    assert "not judged" not in whole
    assert "judged worlds" not in whole


@pytest.mark.parametrize(
    ("left", "undefined", "goes_on"),
    [
        (WORLDS, 0, ""),
        (
            WORLDS + 1,
            0,
            "in the other 1,000 Iran and Russia have a marriage of convenience (70 ± 1 % of these): ",
        ),
        (
            WORLDS + 8,
            3,
            "in 1,000 Iran and Russia have a marriage of convenience (70 ± 1 % of these): ",
        ),
    ],
)
def test_that_somebody_would_leave_comes_first_where_it_is_the_rule(
    left: int, undefined: int, goes_on: str
) -> None:
    more = np.full((2, left + undefined), np.nan)
    verdict = replace(
        CLEAR, ranks=np.concatenate([CLEAR.ranks[:, :WORLDS], more], axis=1), undefined=undefined
    )
    lead = answer(verdict, CASE).lead
    first = f"In {left:,} of {WORLDS + left + undefined:,} worlds somebody would leave at once, so that these numbers hardly"
    assert lead.startswith(f"{first} make a partnership; {goes_on}" if goes_on else "Iran and Russia have")
    assert len(lead.split()) <= MOST_WORDS


def test_few_worlds_that_all_say_the_same_are_no_certainty() -> None:
    ranks = np.where(np.arange(40) < 40, CLEAR.ranks[:, 200:240], np.nan)
    every = replace(CLEAR, shares=shares_of(0.0, 0.0, 1.0, 0.0), judged=40, ranks=ranks)
    assert "a marriage of convenience (100 ± 2 % of all 40 worlds)" in answer(every, CASE).lead


def test_few_worlds_name_no_kind() -> None:
    assert answer(FEW, CASE).lead == (
        "Too few worlds to name a kind: Iran and Russia can be judged in 3 of 8 worlds, and fewer than 30 say little; in 5"
        " somebody would leave at once, so that these numbers hardly make a partnership."
    )
    most = replace(FEW, ranks=FEW.ranks[:, :6])
    assert answer(most, CASE).lead.endswith(
        "in 3 of 6 worlds, and fewer than 30 say little; draw more worlds (--worlds)."
    )
    assert "nine worlds of ten" not in paragraph(FEW, CASE), "three worlds have no range"
    assert point(FEW, "What breaks it") == ""
    assert "3 judged worlds lie in either half of the plane: 0 of 3 in the durable one" in point(
        FEW, "How sure"
    )
    said = paragraph(FEW, CASE)
    assert [LABELS[name] for name in NAMES if LABELS[name] in said] == []
    assert "in words" not in said
    assert plane_table(FEW, CASE).title == "Iran and Russia: too few worlds to name a kind (3 judged)"


@pytest.mark.parametrize(("judged", "named"), [(29, False), (30, True)])
def test_from_thirty_judged_worlds_on_a_kind_is_named(judged: int, named: bool) -> None:
    verdict = replace(CLEAR, judged=judged)
    assert verdict_record(verdict)["named"] is named
    assert ("too few worlds" in paragraph(verdict, CASE).lower()) is not named


def test_one_world_is_not_every_world() -> None:
    rivals = replace(FEW.rivals, ideological=1.0, geopolitical=0.0)
    only = replace(FEW, shares=shares_of(0.0, 1.0, 0.0, 0.0), label=INTEREST, judged=1, rivals=rivals)
    assert (
        "adversaries in outlook in 1 of 1 judged world, adversaries in interest in 0 of 1" in asides(only)[0]
    )
    texts = [paragraph(only, CASE), *asides(only), plane_table(only, CASE).title]
    for table in (plane_table(only, CASE), robustness_table(only), shares_table(only)):
        texts += [table.title, table.note, *(str(cell) for row in table.rows for cell in row)]
        texts += [alt_of(table)] if is_drawn(table) else []
    assert "can be judged in 1 of 8 worlds" in texts[0]
    assert "1 of 1" in texts
    for text in texts:
        assert "100 %" not in text, text
        assert "in every" not in text, text
    assert turns_table(only, CASE) is None
    assert interest_table(only) is None


def without(*what: str) -> Situation:
    """The case without threats, or without suitors."""
    pact = CASE.partnership
    if "threats" in what:
        pact = replace(pact, threats=Frozen())
    return replace(CASE, partnership=replace(pact, suitors=Frozen()) if "suitors" in what else pact)


@pytest.mark.parametrize("verdict", [*EVERY, *PAIRS, SPLIT], ids=lambda v: f"{v.label}-{v.runner_up}")
def test_words_about_threat_and_offers_only_where_there_are_any(verdict: Verdict) -> None:
    for gone, words in (
        (("threats",), ("threat",)),
        (("suitors",), ("offer", "tempt")),
        (("threats", "suitors"), ("threat", "offer", "tempt", "both.")),
    ):
        case = without(*gone)
        said = f"{paragraph(verdict, case)} {plane_table(verdict, case).note}"
        assert [word for word in words if word in said] == [], said
    assert "once offers come" in paragraph(verdict, without("threats"))
    assert "once the threat is gone and something else" in paragraph(verdict, without("suitors"))


def test_with_threat_and_offers_a_kind_means_what_the_plane_says() -> None:
    for verdict, quadrant in zip(EVERY, QUADRANTS, strict=True):
        assert f"judged of 1,204): it {quadrant.says}." in answer(verdict, CASE).lead


def test_the_chance_says_of_which_worlds_it_speaks() -> None:
    own = "it holds counts from today and is the mean of all 1,204 worlds drawn; the ranks say more"
    assert own in paragraph(CLEAR, CASE)
    assert "is 41 % in the median of the 1,000 worlds (" in paragraph(WHOLE, CASE)


def test_without_a_world_to_judge_it_says_so() -> None:
    assert paragraph(NONE, CASE).startswith("No world can be judged")
    assert plane_table(NONE, CASE).title == "Iran and Russia: no world can be judged"


def test_when_every_world_is_near_a_border_no_kind_is_named() -> None:
    """A quadrant that no world lies in is not what the worlds are split between."""
    lead = answer(made(0.0, 0.0, 0.0, 0.0), CASE).lead
    assert lead.endswith(
        "stand too near a border between kinds to have a name (100 ± 0.1 % of the 1,000 worlds judged of 1,204)."
    )
    assert [LABELS[name] for name in NAMES if LABELS[name] in lead] == []


@pytest.mark.parametrize("verdict", [*EVERY, *PAIRS, full(CLEAR)], ids=lambda v: f"{v.label}-{v.runner_up}")
def test_articles_fit(verdict: Verdict) -> None:
    texts = [paragraph(verdict, CASE), *asides(verdict), plane_table(verdict, CASE).title]
    turning = replace(
        verdict, would_change_if=(Turn(TRUST, 0.6, 0.8, INTEREST, 0.4, True, shares={INTEREST: 0.5}),)
    )
    turns = turns_table(turning, CASE)
    assert turns is not None
    texts += [paragraph(turning, CASE), turns.title]
    for text in texts:
        assert not re.search(r"\ba [aeiou]", text), text
        assert not re.search(r"\ban [^aeiou]", text), text
        assert "  " not in text
        assert ".." not in text


def test_article() -> None:
    assert [article(LABELS[name]) for name in NAMES] == [
        "a strategic alliance",
        "an alliance of interest",
        "a marriage of convenience",
        "a weak tie",
    ]


@pytest.mark.parametrize(
    "verdict", [CLEAR, LEANING, MOST, SPLIT, *PAIRS], ids=lambda v: f"{v.label}-{v.runner_up}"
)
def test_shares_of_the_answer_sum_to_no_more_than_all_worlds(verdict: Verdict) -> None:
    """Shares of kinds in the lead, and of the others; what two kinds have in common is no share of its own."""
    lead, rest = answer(verdict, CASE).lead, point(verdict, "How sure")
    shown = [
        int(found) for found in re.findall(r"\((\d+) ± ", lead) + re.findall(r"[Ii]n (\d+) of 100", rest)
    ]
    assert sum(shown) <= 100 + len(shown) / 2
    expected = {verdict.label, STRATEGIC, CONVENIENCE, "ambivalent"}
    expected |= {verdict.runner_up} if verdict.split else set()
    assert sorted(shown) == sorted(round(100 * verdict.shares[name]) for name in expected)


def test_asides() -> None:
    said = asides(CLEAR)
    assert said[0] == (
        "Resnick's type: ambivalent alliance (adversaries in outlook or in interest, not in both; adversaries in outlook in"
        " 80 of 100 judged worlds, adversaries in interest in 40 of 100 judged worlds)."
    )
    assert said[1].startswith("In 17 % of worlds somebody would rather leave at the start")
    assert said[-1] == "A note."
    assert len(said) == 3
    lost = asides(replace(CLEAR, undefined=3))
    assert lost[2] == "3 worlds have no rank because nothing survives the first year."
    unknown = replace(CLEAR, rivals=Rivals(NAN, NAN, "not decided", "the file does not say"))
    assert asides(unknown)[0] == "Resnick's type: not decided (the file does not say)."


def claim(**changes: object) -> ClaimResult:
    """A claim that was supported."""
    plain = ClaimResult("C1", "paired", "It falls.", "supported", -0.123, 0.004, 0.97, "a.b")
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (claim(), "supported; effect \N{MINUS SIGN}0.12 ± 0.0040; in 97 of 100 worlds"),
        (claim(se=NAN, share=None), "supported; effect \N{MINUS SIGN}0.12"),
        (claim(verdict="reported", effect=NAN, se=NAN, share=NAN), "reported without a test"),
        (
            claim(verdict="untestable", effect=NAN, se=NAN, share=None, reason="no such output"),
            "could not be tested: no such output",
        ),
    ],
)
def test_results_of_claims(result: ClaimResult, said: str) -> None:
    assert result_words(result) == said


def test_how_many_claims_came_out_how() -> None:
    assert claims_note(()) == "Not tested in this run."
    said = claims_note([claim(), claim(id="C2"), claim(id="C3", verdict="contradicted")])
    assert "tested 3 claims" in said
    assert "again: 3 as tests of the model (paired, output): 2 supported and 1 contradicted. Only" in said
    assert "tested 1 claim by" in claims_note([claim()])
