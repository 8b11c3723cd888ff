"""The verdict in words and tables: clear, leaning, split or none at all; articles, shares and drawings."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

import accord
from accord.figures import alt_of, data_of, is_drawn
from accord.finding import Spread, Table
from accord.lenses.endurance.places import LABELS, QUADRANTS
from accord.report.claim_words import claims_note, result_words
from accord.report.verdict_tables import (
    interest_table,
    plane_table,
    robustness_table,
    shares_table,
    tornado_tables,
    turns_table,
)
from accord.report.verdict_words import article, asides, paragraph
from accord.study.claims import ClaimResult
from accord.study.levers import Standing, Swing, Turn
from accord.study.verdict import Held, Informed, Mark, Reason, Rivals, Verdict

NAN = math.nan
CASE = accord.read("tehran-moscow-2015")
NAMES = [one.name for one in QUADRANTS]
STRATEGIC, INTEREST, CONVENIENCE, WEAK = NAMES
WORLDS = 1000
TRUST, STANDING = "ties.iran.russia.trust", "partnership.patrons.russia.standing_interest"
OWN = (0.05, 0.1, 0.7, 0.05)


def shares_of(*four: float) -> dict[str, float]:
    """Shares of the quadrants in their order; the rest is near a border."""
    return dict(zip(LABELS, (*four, round(1.0 - sum(four), 9)), strict=True))


def ranks_of(shares: Mapping[str, float]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Ranks of worlds with these shares; the last world has none."""
    places = {one.name: (0.8 if one.durable else 0.2, 0.7 if one.conditional else 0.3) for one in QUADRANTS}
    places["ambivalent"] = (0.52, 0.7)
    rows = [places[name] for name, share in shares.items() for _ in range(round(WORLDS * share))]
    return np.array([*rows, (NAN, NAN)]).T


def spread(best: float) -> Spread:
    """A quantity over worlds."""
    return Spread(best, best - 0.1, best, best + 0.1, WORLDS)


def made(*four: float, label: str = "") -> Verdict:
    """A verdict with these shares, and nothing further looked at."""
    shares = shares_of(*four)
    leader = label or max(NAMES, key=lambda name: shares[name])
    return Verdict(
        label=leader,
        shares=shares,
        error=0.01,
        population=shares_of(0.2, 0.2, 0.2, 0.21),
        durability=spread(0.31),
        conditionality=spread(0.74),
        index=spread(0.22),
        five_years=spread(0.41),
        gap=spread(0.19),
        relative_gap=spread(0.46),
        log_hazard_ratio=spread(0.6),
        rank_error=(0.004, 0.006),
        hazard_ratios={"bilateral.removed": spread(1.4)},
        closed_forms={},
        viable=0.83,
        judged=WORLDS,
        undefined=0,
        calibration={},
        robustness=(Held("plain", "wartime", 14.0, "judged", leader, shares, -0.05, 0.9, WORLDS),),
        marks=(Mark("", "As it stands", spread(0.31), spread(0.74), shares),),
        halves=((leader, shares), (leader, shares)),
        influences=(),
        tornado=(),
        would_change_if=(),
        interest=(),
        rivals=Rivals(0.8, 0.4, "ambivalent alliance", "adversaries in outlook or in interest, not in both"),
        informed=Informed(40, 30, 30, 5),
        because=Reason("why"),
        notes=("a note.",),
        cloud=np.full((2, 2000), 0.5),
        ranks=ranks_of(shares),
    )


def full(verdict: Verdict) -> Verdict:
    """The same with everything that a usual run looks at."""
    shares = dict(verdict.shares)
    held = [
        Held("plain", "defence", 14.0, "judged", WEAK, shares_of(0.1, 0.1, 0.3, 0.4), 0.01, 0.8, 256),
        Held("half", "wartime", 14.0, "judged", verdict.label, shares, -0.03, 0.8, 256),
        Held("plain", "wartime", 40.0, "not_reachable", misfit=-0.2),
        Held("pert", "wartime", 14.0, "not_worked_out"),
    ]
    near, far = (
        Standing(label, rank, 1.0 - rank, shares) for label, rank in ((verdict.label, 0.3), (WEAK, 0.45))
    )
    return replace(
        verdict,
        robustness=(*verdict.robustness, *held),
        tornado=(Swing(TRUST, 0.4, 0.9, near, far), Swing(STANDING, -0.3, 0.2, near, near)),
        would_change_if=(
            Turn(TRUST, 0.6, 0.85, STRATEGIC, 0.5, True),
            Turn(STANDING, 0.1, None, "", math.inf, False),
        ),
        interest=tuple((by, shares) for by in (-0.2, 0.0, 0.2)),
        marks=(*verdict.marks, Mark("threat_removed", "threat removed", spread(0.2), spread(0.8), shares)),
    )


CLEAR, LEANING = made(*OWN), made(0.05, 0.2, 0.55, 0.1)
MOST, SPLIT = made(0.1, 0.25, 0.4, 0.1), made(0.05, 0.36, 0.38, 0.1)
NONE = replace(
    made(0.0, 0.0, 0.0, 0.0),
    label="",
    shares=dict.fromkeys(LABELS, NAN),
    judged=0,
    error=NAN,
    robustness=(),
    halves=(("", dict.fromkeys(LABELS, NAN)),) * 2,
    durability=Spread(NAN, NAN, NAN, NAN, 0),
    conditionality=Spread(NAN, NAN, NAN, NAN, 0),
    marks=(Mark("", "", Spread(NAN, NAN, NAN, NAN, 0), Spread(NAN, NAN, NAN, NAN, 0), {}),),
    ranks=np.full((2, 8), NAN),
)
EVERY = [made(*(0.7 if k == i else 0.05 for k in range(4))) for i in range(4)]
PAIRS = [
    made(*(0.4 if k == i else 0.39 if k == j else 0.05 for k in range(4)))
    for i in range(4)
    for j in range(4)
    if i != j
]


def test_a_clear_answer_says_what_it_is() -> None:
    said = paragraph(CLEAR, CASE)
    assert said.startswith(
        "Measured against 2,000 plausible partnerships of the same make-up, this is a marriage of convenience (70 % of"
        " worlds): it holds while the threat lives and nobody makes an offer, and hardly beyond; a strategic alliance it is"
        " in 5 of 100 worlds and in 10 of 100 worlds it stands too near a border to tell. "
    )
    assert "In the median world 31 of 100 such partnerships last less long" in said
    assert "(21 to 41 in nine worlds of ten)" in said
    assert "the next five years is 41 %, and 22 % with the threat gone" in said
    assert said.endswith("40 % of the numbers it rests on have a source; other calibrations were not tried.")


def test_a_leaning_answer_says_how_far() -> None:
    assert "this is more likely a marriage of convenience than anything else (55 % of worlds)" in paragraph(
        LEANING, CASE
    )
    assert (
        "no kind has most worlds behind it, but the most frequent is a marriage of convenience (40 % of worlds)"
        in (paragraph(MOST, CASE))
    )


@pytest.mark.parametrize(
    ("share", "said"), [(0.5, "more likely"), (0.49, "no kind"), (0.67, "this is a marriage")]
)
def test_where_an_answer_becomes_a_leaning_and_a_clear_one(share: float, said: str) -> None:
    assert said in paragraph(made(0.05, 0.1, share, 0.05), CASE)


def test_a_split_answer_says_what_both_have_in_common() -> None:
    assert SPLIT.split
    assert not CLEAR.split
    said = paragraph(SPLIT, CASE)
    assert (
        "the worlds are split between a marriage of convenience (38 % of worlds) and an alliance of interest (36 %); what"
        " both say is that it hangs more on the threat and on nobody making an offer than half of such partnerships do (in"
        " 85 of 100 worlds); whether it lasts is open; a strategic alliance it is in 5 of 100 worlds"
    ) in said


COMMON = {
    frozenset((STRATEGIC, WEAK)): "it hangs less on the threat",
    frozenset((INTEREST, CONVENIENCE)): "it hangs more on the threat",
    frozenset((STRATEGIC, INTEREST)): "it lasts longer than half of such partnerships",
    frozenset((CONVENIENCE, WEAK)): "it lasts less long than half of such partnerships",
    frozenset((STRATEGIC, CONVENIENCE)): "nothing in common",
    frozenset((INTEREST, WEAK)): "nothing in common",
}


@pytest.mark.parametrize("verdict", PAIRS, ids=lambda v: f"{v.label}-{v.runner_up}")
def test_every_split_says_what_holds_in_either_case(verdict: Verdict) -> None:
    assert verdict.split
    said = paragraph(verdict, CASE)
    assert COMMON[frozenset((verdict.label, verdict.runner_up))] in said
    known = verdict.ranks[:, :-1] > 0.5
    quadrants = {one.name: one for one in QUADRANTS}
    one, other = quadrants[verdict.label], quadrants[verdict.runner_up]
    for row, sides in enumerate(((one.durable, other.durable), (one.conditional, other.conditional))):
        if sides[0] == sides[1]:
            share = np.mean(known[row] == sides[0])
            assert f"(in {round(100 * share)} of 100 worlds)" in said


def test_without_a_world_to_judge_it_says_so() -> None:
    assert paragraph(NONE, CASE).startswith("No world can be judged")
    assert plane_table(NONE, CASE).title == "Iran and Russia: no world can be judged"


def test_when_every_world_is_near_a_border_no_kind_is_named() -> None:
    """A quadrant that no world lies in is not what the worlds are split between."""
    said = paragraph(made(0.0, 0.0, 0.0, 0.0), CASE)
    assert "0 %" not in said.split(". ")[0]
    assert "split between a strategic alliance" not in said


@pytest.mark.parametrize("verdict", [*EVERY, *PAIRS, full(CLEAR)], ids=lambda v: f"{v.label}-{v.runner_up}")
def test_articles_fit(verdict: Verdict) -> None:
    texts = [paragraph(verdict, CASE), *asides(verdict), plane_table(verdict, CASE).title]
    turning = replace(verdict, would_change_if=(Turn(TRUST, 0.6, 0.8, INTEREST, 0.4, True),))
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
    """Shares of different kinds in the first sentence; what two kinds have in common is no share of its own."""
    first = re.sub(r"what both say is .*? open; ", "", paragraph(verdict, CASE).split(". ")[0])
    shown = [
        int(found) for found in re.findall(r"(\d+) %|in (\d+) of 100", first) for found in found if found
    ]
    assert sum(shown) <= 100 + len(shown) / 2
    expected = {verdict.label, STRATEGIC, CONVENIENCE, "ambivalent"}
    expected |= {verdict.runner_up} if verdict.split else set()
    assert sorted(shown) == sorted(round(100 * verdict.shares[name]) for name in expected)


def test_robustness_and_what_would_change_it_end_the_paragraph() -> None:
    said = paragraph(full(CLEAR), CASE)
    assert (
        "Marriage of convenience leads in 2 of 3 calibrations and prior variants (weak tie in 1), and 40 %"
        in said
    )
    assert said.endswith(
        "The smallest change that would clearly move it: Iran towards Russia: trust at 0.85 instead of 0.60 makes it a"
        " strategic alliance."
    )
    stays = replace(CLEAR, would_change_if=(Turn(STANDING, 0.1, None, "", math.inf, False),))
    assert "changes the label." in paragraph(stays, CASE)
    assert "none of the ten" not in paragraph(stays, CASE).lower(), "only one number was tried"


def test_asides() -> None:
    said = asides(CLEAR)
    assert said[0] == (
        "Resnick's type: ambivalent alliance (adversaries in outlook or in interest, not in both; adversaries in outlook in"
        " 80 of 100 worlds, adversaries in interest in 40 of 100 worlds)."
    )
    assert said[1] == "How likely the label is, in words: likely."
    assert said[2].startswith("In 17 % of worlds somebody would rather leave at the start")
    assert said[-1] == "A note."
    assert len(said) == 4
    lost = asides(replace(CLEAR, undefined=3))
    assert lost[3] == "3 worlds have no rank because nothing survives the first year."
    unknown = replace(CLEAR, rivals=Rivals(NAN, NAN, "not decided", "the file does not say"))
    assert asides(unknown)[0] == "Resnick's type: not decided (the file does not say)."


def tables_of(verdict: Verdict) -> list[Table]:
    """Every table of a verdict."""
    found = [plane_table(verdict, CASE), robustness_table(verdict), shares_table(verdict)]
    found += tornado_tables(verdict, CASE)
    return found + [t for t in (turns_table(verdict, CASE), interest_table(verdict)) if t is not None]


@pytest.mark.parametrize(
    ("verdict", "count"), [(CLEAR, 3), (full(CLEAR), 7), (full(SPLIT), 7)], ids=["quick", "clear", "split"]
)
def test_tables_can_be_drawn_or_are_plain(verdict: Verdict, count: int) -> None:
    tables = tables_of(verdict)
    assert len({table.name for table in tables}) == len(tables) == count
    for table in tables:
        assert table.title
        assert table.title[-1] != "."
        assert all(len(row) == len(table.columns) for row in table.rows), table.name
        assert table.rows
        if table.kind == "plain":
            assert not is_drawn(table)
            assert all(isinstance(cell, str) for row in table.rows for cell in row), table.name
        else:
            assert data_of(table).title == table.title
            assert alt_of(table)


def test_the_plane_shows_who_where_and_among_whom() -> None:
    table = plane_table(full(CLEAR), CASE)
    assert table.title == "Iran and Russia: a marriage of convenience in 70 of 100 worlds"
    assert [row[0] for row in table.rows] == ["Iran and Russia", "Threat removed"]
    assert table.rows[0][1:] == (CLEAR.conditionality, CLEAR.durability)
    extra = table.extra
    assert extra["corners"] == {
        "low_high": "strategic alliance",
        "high_high": "alliance of interest",
        "high_low": "marriage of convenience",
        "low_low": "weak tie",
        "middle": "near a border",
    }
    assert {extra["corners"][key]: share for key, share in extra["shares"].items()} == {
        LABELS[name]: share for name, share in CLEAR.shares.items()
    }
    background, worlds = extra["clouds"]
    assert (background["role"], len(background["x"])) == ("background", 2000)
    # Conditionality is across; the world without ranks is no dot.
    assert (worlds["role"], len(worlds["x"])) == ("worlds", WORLDS)
    assert worlds["x"] == tuple(CLEAR.ranks[1, :-1])
    assert worlds["y"] == tuple(CLEAR.ranks[0, :-1])
    split = "Iran and Russia: between a marriage of convenience and an alliance of interest"
    assert plane_table(SPLIT, CASE).title == split


def test_robustness_has_a_row_for_every_calibration_that_could_be_judged() -> None:
    table = robustness_table(full(CLEAR))
    assert table.title == (
        "The label 'marriage of convenience' holds in 2 of 3 calibrations and prior variants"
    )
    assert [row[0] for row in table.rows] == [
        "Wartime alliances, beta 14",
        "Defence pacts, beta 14",
        "Wartime alliances, beta 14, half-width ranges",
    ]
    assert "Wartime alliances, beta 40 is not reachable: no pace fits, so left out." in table.note
    assert "1 more is not worked out" in table.note
    share = table.rows[0][1 + NAMES.index(CONVENIENCE)]
    assert isinstance(share, Spread)
    error = 1.96 * math.sqrt(0.7 * 0.3 / WORLDS)
    assert (share.low, share.median, share.high) == pytest.approx((0.7 - error, 0.7, 0.7 + error))
    for row in table.rows:
        cells = [cell for cell in row[1:] if isinstance(cell, Spread)]
        assert sum(cell.median for cell in cells) == pytest.approx(1.0)
        assert all(0.0 <= cell.low <= cell.high <= 1.0 for cell in cells)
    one = robustness_table(CLEAR)
    assert one.title == "The label 'marriage of convenience' holds in 1 of 1 calibration and prior variant"


def test_the_tornado_shows_each_rank_with_the_widest_bar_first() -> None:
    verdict = full(CLEAR)
    turned = replace(verdict, tornado=verdict.tornado[::-1])
    for one in (verdict, turned):
        durable, conditional = tornado_tables(one, CASE)
        assert durable.title == "Durability hangs most on 'Iran towards Russia: trust'"
        assert durable.rows[0][0] == "Iran towards Russia: trust (0.40 to 0.90)"
        low, high = (cell for cell in durable.rows[0][1:] if isinstance(cell, Spread))
        assert (low.median, high.median) == (0.3, 0.45)
        low, high = (cell for cell in conditional.rows[0][1:] if isinstance(cell, Spread))
        assert (low.median, high.median) == pytest.approx((0.7, 0.55))


@pytest.mark.parametrize("turned", [False, True])
def test_a_number_at_whose_end_nobody_would_join_does_not_upset_the_order(turned: bool) -> None:
    """A standing without a world has no ranks; what is known still comes widest first, and is drawn."""
    nowhere = Standing(CONVENIENCE, NAN, NAN, dict.fromkeys(LABELS, NAN))
    paths = [
        f"partnership.patrons.{who}.{what}" for who in ("iran", "russia") for what in ("foresight", "fatigue")
    ]
    bars = [
        Swing(
            path, 0.0, 1.0, Standing(CONVENIENCE, 0.1, 0.1, {}), Standing(CONVENIENCE, 0.1 + width, 0.1, {})
        )
        for path, width in zip(paths, (0.05, 0.3, 0.1, 0.6), strict=True)
    ]
    gone = Swing(TRUST, 0.0, 1.0, nowhere, Standing(CONVENIENCE, 0.4, 0.4, {}))
    order = (bars[0], bars[1], gone, bars[2], bars[3])
    verdict = replace(CLEAR, tornado=order[::-1] if turned else order)
    for table in tornado_tables(verdict, CASE):
        alt_of(table)
    ends = [row[2] for row in tornado_tables(verdict, CASE)[0].rows if "trust" not in str(row[0])]
    medians = [cell.median for cell in ends if isinstance(cell, Spread)]
    assert medians == pytest.approx([0.7, 0.4, 0.2, 0.15])


def test_what_would_change_it() -> None:
    table = turns_table(full(CLEAR), CASE)
    assert table is not None
    assert table.title == (
        "It takes one number: Iran towards Russia: trust at 0.85 makes it a strategic alliance"
    )
    assert table.rows == (
        ("Iran towards Russia: trust", "0.60", "0.85", "strategic alliance", "inside its own range"),
        ("Russia: standing interest", "0.10", "nowhere", "stays", "no plausible value moves it"),
    )
    stays = turns_table(replace(full(CLEAR), would_change_if=full(CLEAR).would_change_if[1:]), CASE)
    assert stays is not None
    assert stays.title == "No single number, within what is plausible, moves the label"
    zero = turns_table(replace(CLEAR, would_change_if=(Turn(STANDING, 0.1, 0.0, WEAK, 0.2, True),)), CASE)
    assert zero is not None
    assert zero.rows[0][2] == "0"


def test_the_standing_interest() -> None:
    table = interest_table(full(CLEAR))
    assert table is not None
    assert [row[0] for row in table.rows] == ["\N{MINUS SIGN}0.2", "as coded", "+0.2"]
    assert table.title == "The quadrant does not hang on the standing interest, within what was tried"
    moved = replace(CLEAR, interest=((0.0, CLEAR.shares), (0.2, shares_of(0.6, 0.1, 0.1, 0.1))))
    hangs = interest_table(moved)
    assert hangs is not None
    assert hangs.title == "The quadrant hangs on the standing interest"
    assert interest_table(CLEAR) is None


def test_shares_stand_beside_those_of_the_population() -> None:
    half = (CONVENIENCE, shares_of(0.05, 0.12, 0.68, 0.05))
    table = shares_table(replace(CLEAR, halves=(half, half)))
    assert table.title == "Half of the worlds give the same shares within 2 points of 100"
    assert table.rows[2] == ("Marriage of convenience", "70 %", "20 %", "3.50", "68 %")
    assert "1,000 worlds are judged" in table.note
    assert "(83 % of all)" in table.note


def test_shares_are_told_when_half_of_the_worlds_say_nothing() -> None:
    """Few worlds, none of which is judged in the first half."""
    none = ("", dict.fromkeys(LABELS, NAN))
    table = shares_table(replace(CLEAR, halves=(none, (CONVENIENCE, CLEAR.shares))))
    assert table.title == "Too few worlds to say how sure the shares are"
    assert table.rows[2][4] == "unknown"


def test_without_a_world_to_judge_every_table_still_says_so() -> None:
    for table in (plane_table(NONE, CASE), robustness_table(NONE), shares_table(NONE)):
        assert table.title
        if is_drawn(table):
            assert alt_of(table)
    assert asides(NONE)


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
    assert "again: 2 supported and 1 contradicted. A claim" in said
    assert "tested 1 claim by" in claims_note([claim()])
