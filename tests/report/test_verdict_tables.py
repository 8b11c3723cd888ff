"""The verdict in tables: the plane, calibrations, tornado, what would change it, shares; drawn or plain."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from accord.figures import alt_of, data_of, is_drawn, svg_of
from accord.finding import Spread, Table
from accord.lenses.endurance.places import LABELS
from accord.report.answer_words import answer, text_of
from accord.report.other_cases import other_cases
from accord.report.tables import table_view
from accord.report.verdict_tables import (
    interest_table,
    plane_table,
    robustness_table,
    shares_table,
    tornado_tables,
    turns_table,
)
from accord.report.verdict_words import asides
from accord.study.levers import Standing, Swing, Turn
from accord.study.verdict import Half, Held, Verdict

sys.path.insert(0, str(Path(__file__).parent))  # verdicts made up for tests are beside the tests
from verdicts import (
    CASE,
    CLEAR,
    CONVENIENCE,
    NAMES,
    NAN,
    NONE,
    SPLIT,
    STANDING,
    STRATEGIC,
    TRUST,
    WEAK,
    WORLDS,
    full,
    shares_of,
)


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
    assert table.title == "Iran and Russia: a marriage of convenience in 70 of 100 judged worlds"
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
    assert worlds["x"] == tuple(CLEAR.ranks[1, :WORLDS])
    assert worlds["y"] == tuple(CLEAR.ranks[0, :WORLDS])
    split = "Iran and Russia: between a marriage of convenience and an alliance of interest"
    assert plane_table(SPLIT, CASE).title == split


def test_the_plane_shows_the_second_cases_apart() -> None:
    table = plane_table(full(CLEAR), CASE)
    others = table.extra["others"]
    assert [one["label"] for one in others] == [one.title for one in other_cases()]
    assert [(one["x"], one["y"]) for one in others] == [
        (o.conditionality, o.durability) for o in other_cases()
    ]
    assert "Lettered squares are the medians of other shipped cases" in table.note
    own = plane_table(full(CLEAR), replace(CASE, title=others[0]["label"]))
    assert own.extra["others"] == others[1:]


def test_robustness_has_a_row_for_every_calibration_that_could_be_judged() -> None:
    table = robustness_table(full(CLEAR))
    assert table.title == (
        "The label 'marriage of convenience' clearly holds in 2 of 3 calibrations and prior variants; 0 are too close to"
        " call in as few as 256 worlds, 1 clearly says otherwise"
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
    assert one.title == "The label 'marriage of convenience' was held against no other calibration"


def test_a_calibration_in_which_few_worlds_are_judged_is_left_out_and_not_counted() -> None:
    sure = full(CLEAR)
    for worlds, counted in ((29, 3), (30, 4)):
        more = Held("plain", "all", 14.0, "judged", WEAK, shares_of(0.0, 0.0, 0.0, 1.0), 0.0, 0.8, worlds)
        verdict = replace(sure, robustness=(*sure.robustness, more))
        table = robustness_table(verdict)
        assert len(table.rows) == verdict.holds.of == counted
        assert f"in 2 of {counted} calibrations" in table.title
        assert ("1 calibration with fewer than 30 judged worlds left out." in table.note) == (worlds == 29)
        assert f"another kind in {counted - 2} (weak tie in {counted - 2})" in text_of(answer(verdict, CASE))


def test_the_tornado_shows_each_rank_with_the_widest_bar_first() -> None:
    verdict = full(CLEAR)
    turned = replace(verdict, tornado=verdict.tornado[::-1])
    for one in (verdict, turned):
        durable, conditional = tornado_tables(one, CASE)
        assert durable.title == "Durability hangs most on 'Iran towards Russia: trust'"
        assert durable.rows[0][0] == "Iran towards Russia: trust (0.40 to 0.90, probability)"
        low, high = (cell for cell in durable.rows[0][1:] if isinstance(cell, Spread))
        assert (low.median, high.median) == (0.3, 0.45)
        low, high = (cell for cell in conditional.rows[0][1:] if isinstance(cell, Spread))
        assert (low.median, high.median) == pytest.approx((0.7, 0.55))
        assert (low.low, low.high) == pytest.approx((0.64, 0.75))
        low, high = (cell for cell in durable.rows[0][1:] if isinstance(cell, Spread))
        assert (low.low, low.high, high.low, high.high) == pytest.approx((0.26, 0.35, 0.41, 0.5))
        assert "up to 120 worlds are judged" in durable.note
        assert "samples of so many worlds" in table_view(durable, {}).caption
        # The drawing says of its thin lines what the table says of its brackets.
        assert "in 95 of 100 samples of worlds" in alt_of(durable)
        assert "90 of 100 worlds" not in alt_of(durable) + svg_of(durable, CASE, "t")


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
        "With Iran towards Russia: trust at 0.85 (probability) it is a strategic alliance (52 % of judged worlds)"
    )
    inside = "inside its own range"
    nowhere = "not at any of 8 values within what is plausible"
    assert table.rows == (
        (
            "Iran towards Russia: trust",
            "0.60 (probability)",
            "0.85 (probability; not yet at 0.80)",
            "strategic alliance",
            "52 %",
            "2.7",
            inside,
        ),
        ("Russia: standing interest", "0.10 util/month", "nowhere", "stays", "–", "–", nowhere),
    )
    stays = turns_table(replace(full(CLEAR), would_change_if=full(CLEAR).would_change_if[1:]), CASE)
    assert stays is not None
    assert (
        stays.title == "No single number moves the label at any of the plausible values that were looked at"
    )
    at_zero = Turn(STANDING, 0.1, 0.0, WEAK, 0.2, True, shares={WEAK: 0.5}, lead=2.5)
    zero = turns_table(replace(CLEAR, would_change_if=(at_zero,)), CASE)
    assert zero is not None
    assert zero.rows[0][2] == "0 util/month"


def test_values_that_round_alike_are_told_apart() -> None:
    close = Turn(TRUST, 0.18, 0.1806, WEAK, 0.01, True, 0.1803, {WEAK: 0.5}, 2.5, 3.5, 9)
    said = text_of(answer(replace(CLEAR, would_change_if=(close,)), CASE))
    assert (
        "trust at 0.1806 (probability; not yet at 0.1803) instead of 0.1800 (probability); a weak tie then has 50 %"
        in said
    )
    table = turns_table(replace(CLEAR, would_change_if=(close,)), CASE)
    assert table is not None
    assert table.rows[0][1:3] == ("0.1800 (probability)", "0.1806 (probability; not yet at 0.1803)")
    assert "trust at 0.1806 (probability) it is a weak tie" in table.title


def test_to_be_sure_of_the_best_estimate_may_be_enough() -> None:
    sure = Turn(TRUST, 0.6, 0.6, WEAK, 0.0, True, None, {WEAK: 0.5}, 2.5, 3.5, 3)
    said = answer(replace(SPLIT, would_change_if=(sure,)), CASE).points[2].says
    assert said.endswith(
        "with which one kind leads clearly: to be sure of Iran towards Russia: trust at its best estimate, 0.60 (probability),"
        " is enough; a weak tie then has 50 % of judged worlds."
    )
    table = turns_table(replace(SPLIT, would_change_if=(sure,)), CASE)
    assert table is not None
    assert table.rows[0][2] == "0.60 (probability)"
    assert table.rows[0][-1] == "its best estimate: to be sure of it is enough"


def test_the_standing_interest() -> None:
    table = interest_table(full(CLEAR))
    assert table is not None
    assert [row[0] for row in table.rows] == ["\N{MINUS SIGN}0.2", "as coded", "+0.2"]
    assert table.title == "The quadrant does not clearly hang on the standing interest, within what was tried"
    share = table.rows[1][1 + NAMES.index(CONVENIENCE)]
    assert isinstance(share, Spread)
    assert (share.low, share.median, share.high) == pytest.approx((0.7 - 0.0392, 0.7, 0.7 + 0.0392))
    errors = dict.fromkeys(LABELS, 0.02)
    still = Standing("", 0.3, 0.7, CLEAR.shares, errors=errors)
    gone = Standing(STRATEGIC, 0.7, 0.3, shares_of(0.6, 0.1, 0.1, 0.1), errors=errors)
    moved = replace(CLEAR, interest=((0.0, still), (0.2, gone)))
    hangs = interest_table(moved)
    assert hangs is not None
    assert hangs.title == "The quadrant hangs on the standing interest"
    assert interest_table(CLEAR) is None


def test_shares_stand_beside_those_of_the_population() -> None:
    half = Half(CONVENIENCE, shares_of(0.05, 0.12, 0.68, 0.05), 0.27, 0.74, 480)
    table = shares_table(replace(CLEAR, halves=(half, CLEAR.halves[1])))
    assert table.title == (
        "Two halves of the worlds give the same shares within 2 points of 100, and the same median ranks within 0.06"
    )
    assert table.rows[2] == ("Marriage of convenience", "70 % ± 1.4", "20 %", "3.50", "68 %", "70 %")
    assert table.rows[0][1] == "5 % ± 0.7", "every share has an error of its own"
    assert table.rows[-2] == ("Median durability", "0.31 ± 0.004", "0.50", "–", "0.27", "0.33")
    assert table.rows[-1] == ("Median conditionality", "0.74 ± 0.006", "0.50", "–", "0.74", "0.75")
    assert "1,000 worlds are judged" in table.note
    assert "480 of them in the first half and 500 in the second" in table.note
    assert "(83 % of all)" in table.note


def test_shares_are_told_when_half_of_the_worlds_say_nothing() -> None:
    """Few worlds, none of which is judged in the first half."""
    none = Half("", dict.fromkeys(LABELS, NAN), NAN, NAN, 0)
    table = shares_table(replace(CLEAR, halves=(none, CLEAR.halves[1])))
    assert table.title == "Too few worlds to say how sure the shares are"
    assert table.rows[2][4] == "unknown"


def test_without_a_world_to_judge_every_table_still_says_so() -> None:
    for table in (plane_table(NONE, CASE), robustness_table(NONE), shares_table(NONE)):
        assert table.title
        if is_drawn(table):
            assert alt_of(table)
    assert asides(NONE)
