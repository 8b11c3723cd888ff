"""Why a verdict moved, in words: what became of the answer leads, and no two statements contradict one another."""

import json
import math
from dataclasses import replace

import duckdb
import pytest

from accord.lenses.endurance.places import LABELS
from accord.report import answer_words, moved_words
from accord.report.moved_words import moved_paragraph, moved_rows, moved_text
from accord.situation import Frozen
from accord.study.moved import moved_record
from accord.study.peers import Unlike, digits, unlike
from accord.study.ran import How

CLASS = "class of alliances that the pace is fitted to"


def test_a_label_that_does_not_lead_clearly_is_said_to_be_split(why):
    """64 worlds: what leads by less than two standard errors is no label that a change gives."""
    split = replace(why.alone[0], split=True)
    clear = replace(why.alone[0], split=False)
    rows = [moved_rows(replace(why, alone=(one,)))[0].label for one in (split, clear)]
    assert rows[0] == f"{rows[1]} (split)"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda s: replace(s, partnership=replace(s.partnership, client=None)), {"client", CLASS}),
        (lambda s: replace(s, partnership=replace(s.partnership, quorum=1)), {"quorum"}),
        (lambda s: replace(s, issues=Frozen(dict(list(s.issues.items())[1:]))), {"issues"}),
        (lambda s: replace(s, partnership=replace(s.partnership, threats=Frozen())), {"threats", CLASS}),
    ],
)
def test_every_part_of_the_make_up_counts(case, change, what):
    other = change(case)
    assert {one.what for one in unlike(case, other)} == what
    assert {one.what for one in unlike(other, case)} == what
    assert unlike(case, case) == ()


MADE = {
    "class": "wartime",
    "beta": 14.0,
    "population": 2000,
    "reviews_per_month": 0.0295599,
    "one_year": 0.9402,
    "five_years": 0.7544,
    "misfit_one_year": 0.0122,
    "rejected": 0.7395,
    "reliability": [0.986, 0.867],
    "digest": "a" * 64,
}


@pytest.mark.parametrize(
    "change",
    [
        {"reviews_per_month": 0.0295598},
        {"rejected": 0.7394},
        {"reliability": [0.986, 0.868]},
        {"population": 1999},
        {"misfit_one_year": None},
    ],
)
def test_another_population_of_the_same_make_up_is_told_too(case, change):
    """Whatever of what is recorded differs, or is not recorded."""
    other = {**MADE, "digest": "b" * 64, **change}
    assert [found.what for found in unlike(case, case, (MADE, other))] == ["digest of the population"]
    assert digits((MADE, other)) is None


def test_only_another_digest_is_no_other_population(case):
    """A run that worked its population out ranked among more digits than the next one read back: ranks compare."""
    unrounded = {
        **MADE,
        "rejected": 0.7394815683,
        "reliability": [0.98556533, 0.86714394],
        "digest": "b" * 64,
    }
    assert unlike(case, case, (unrounded, MADE)) == ()
    assert digits((unrounded, MADE)) == Unlike("last digits of the population", "b" * 64, "a" * 64)
    assert digits((MADE, MADE)) is None
    assert digits((MADE, {})) is None
    assert unlike(case, case, (MADE, MADE)) == ()
    assert unlike(case, case, (MADE, {})) == ()
    sharper = {**unrounded, "beta": 40.0}
    assert [found.what for found in unlike(case, case, (MADE, sharper))] == ["precision of choices (beta)"]


def recorded_as(change):
    """Changes what a run recorded of its population."""

    def changed(record):
        record["verdict"]["calibration"] |= change

    return changed


def test_a_harmless_calibrate_says_nothing_of_other_populations(cli, base, copied):
    """As it was told: not comparable, nothing moved, and made in the same way, all at once and with whole digests."""
    rejected = json.loads((base / "run.json").read_text("utf-8"))["verdict"]["calibration"]["rejected"]
    other = copied(base, recorded_as({"digest": "b" * 64, "rejected": rejected + 1e-5}))
    status, out, _ = cli("diff", base, other)
    told = " ".join(out.split())
    assert status == 0
    assert "comparable" not in told
    assert "Nothing moved. The runs differ in last digits of the population (" in told
    assert "bbbbbbbbbbbb)." in told
    assert "b" * 13 not in told
    assert "in the same way" not in told
    assert json.loads(cli("diff", base, other, "--json")[1])["ranked_among"]["same"]


def test_another_population_and_what_is_said_beside_it_do_not_contradict_one_another(cli, base, copied):
    other = copied(base, recorded_as({"digest": "b" * 64, "reviews_per_month": 0.5}))
    told = " ".join(cli("diff", base, other)[1].split())
    assert told.startswith("The two runs are ranked among different plausible partnerships")
    assert "not comparable" in told
    assert "b" * 13 not in told
    assert "in the same way" not in told


def test_what_nothing_explains_is_said_to_be_that(why):
    rest = replace(why.rest, durability=0.2)
    odd = replace(why, rest=rest, rest_from=())
    assert "is not explained by anything that the two runs say of how they were made" in moved_paragraph(odd)
    other = (How("version of numba", "1", "2"),)
    versions = replace(why, rest=rest, rest_from=("how",), how=other)
    assert "comes from how the runs were made. The runs differ in version of numba" in moved_paragraph(
        versions
    )


# Shares by kind: one leads clearly, or two are close.
SPLIT = {"strategic_alliance": 0.05, "alliance_of_interest": 0.32, "marriage_of_convenience": 0.31}
MOST = {"strategic_alliance": 0.05, "alliance_of_interest": 0.53, "marriage_of_convenience": 0.24}
SOME = {"strategic_alliance": 0.05, "alliance_of_interest": 0.45, "marriage_of_convenience": 0.24}
CLEAR = {"strategic_alliance": 0.05, "alliance_of_interest": 0.8, "marriage_of_convenience": 0.1}


def standing(why, before, after):
    """The same move between runs with these shares."""

    def where(shares, judged):
        rest = 1.0 - sum(shares.values())
        whole = {**shares, "weak_tie": 0.5 * rest, "ambivalent": 0.5 * rest}
        return replace(why.before, label="alliance_of_interest", shares=whole, judged=judged, drawn=256)

    return moved_paragraph(replace(why, before=where(before, 234), after=where(after, 254)))


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (
            SPLIT,
            MOST,
            (
                "The answer moved from open between an alliance of interest (32 ± 3 % of judged worlds) and a marriage of"
                " convenience (31 ± 3 %) to an alliance of interest, more likely than anything else"
                " (53 ± 3 % of judged worlds)."
            ),
        ),
        (
            SPLIT,
            SOME,
            (
                "The answer moved from open between an alliance of interest (32 ± 3 % of judged worlds) and a marriage of"
                " convenience (31 ± 3 %) to an alliance of interest, the most frequent kind though not in most worlds (45"
            ),
        ),
        (
            MOST,
            SPLIT,
            "The answer moved from an alliance of interest, more likely than anything else (53 ± 3 %",
        ),
        (
            SPLIT,
            SPLIT,
            (
                "The answer stayed open between an alliance of interest (32 ± 3 % of judged worlds, then 32 ± 3 %) and a"
                " marriage of convenience (31 ± 3 %, then 31 ± 3 %)."
            ),
        ),
        (
            SOME,
            CLEAR,
            (
                "The answer moved from an alliance of interest, the most frequent kind though not in most worlds (45 ± 3 % of"
                " judged worlds) to an alliance of interest (80 ± 3 % of judged worlds)."
            ),
        ),
        (
            CLEAR,
            CLEAR,
            "The answer stayed an alliance of interest (80 ± 3 % of judged worlds, then 80 ± 3 %).",
        ),
    ],
)
def test_what_became_of_the_answer_leads(why, before, after, says):
    told = standing(why, before, after)
    assert told.startswith(says)
    assert "Judged in 234 of 256 worlds, then in 254 of 256 worlds; median durability" in told


def test_an_answer_is_as_firm_as_the_lead_of_a_report_says():
    assert (moved_words.LEANS, moved_words.CLEAR) == (answer_words._LEANS, answer_words._CLEAR)


def ended(why, shares, errors):
    """The move between runs in which partners ended the theatre so often, so surely, and the partnership as such alike."""
    other = {"iran": 0.46, "russia": 0.39}
    before, after = (
        replace(
            where,
            enders={"theatre": of, "bilateral": other},
            ender_errors={"theatre": error, "bilateral": 0.0},
        )
        for where, of, error in zip((why.before, why.after), shares, errors, strict=True)
    )
    return replace(why, before=before, after=after)


FLIP = ({"iran": 0.46, "russia": 0.39}, {"iran": 0.41, "russia": 0.5})
WENT = "Who ends the joint effort for Assad regime most often went from "


@pytest.mark.parametrize(
    ("errors", "says"),
    [
        ((0.02, 0.02), "Iran (46 % of runs) to Russia (50 % of runs)."),
        ((0.034, 0.046), "Iran (46 % of runs) to Russia (50 % of runs, too close to call)."),
        ((0.036, 0.044), "Iran (46 % of runs, too close to call) to Russia (50 % of runs)."),
    ],
)
def test_another_weak_link_is_told(why, errors, says):
    said = moved_paragraph(ended(why, FLIP, errors))
    assert f"{WENT}{says}" in said
    assert "Who ends the partnership as such" not in said


def test_noise_about_the_weak_link_is_no_news(why):
    """Two shares within two standard errors of one another in both runs; runs that tell no errors; the same one twice."""
    even = ({"iran": 0.452, "russia": 0.449}, {"iran": 0.449, "russia": 0.452})
    flip = ended(why, FLIP, (0.02, 0.02))
    for quiet in (
        ended(why, even, (0.002, 0.002)),
        ended(why, FLIP, (0.036, 0.046)),
        ended(why, FLIP, (math.nan, math.nan)),
        replace(
            flip, before=replace(flip.before, ender_errors={}), after=replace(flip.after, ender_errors={})
        ),
        replace(flip, after=flip.before),
        replace(flip, before=replace(flip.before, enders={})),
    ):
        assert "Who ends" not in moved_paragraph(quiet)


def test_how_surely_a_partner_is_ahead_comes_from_the_worlds(why, base):
    columns = "endurance/ended_by.{0}.iran", "endurance/ended_by.{0}.russia"
    for level, found in json.loads((base / "run.json").read_text("utf-8"))["ender_errors"].items():
        names = ", ".join(f'"{column.format(level)}"' for column in columns)
        table = duckdb.sql(f"SELECT {names} FROM '{base / 'results.parquet'}'").fetchnumpy()
        one, other = table.values()
        apart = one - other
        assert found == pytest.approx(apart.std(ddof=1) / math.sqrt(len(apart)))
        assert why.before.ender_errors[level] == found > 0.0
        assert why.before.is_ahead(level) == (abs(apart.mean()) > 2.0 * found)


def test_who_ended_it_comes_from_the_runs(why, base):
    record = json.loads((base / "run.json").read_text("utf-8"))
    assert why.before.enders == record["enders"]
    assert why.before.weak_link("theatre") == max(
        record["enders"]["theatre"], key=record["enders"]["theatre"].get
    )
    [table] = [
        table for finding in record["findings"] for table in finding["tables"] if table["name"] == "enders"
    ]
    shares = [row[1]["best"] for row in table["rows"]]
    assert shares == pytest.approx(
        [record["enders"][level][one] for level in ("theatre", "bilateral") for one in ("iran", "russia")]
    )


def test_few_judged_worlds_name_no_kind(why):
    """Neither of the two runs, nor of a change alone."""
    labels = [LABELS[one] for one in LABELS if one != "ambivalent"]
    assert any(label in moved_text(why) for label in labels)
    few = replace(
        why,
        before=replace(why.before, judged=29),
        alone=tuple(replace(one, judged=7) for one in why.alone),
    )
    said = moved_text(few)
    assert [label for label in labels if label in said] == []
    assert "too few worlds to name a kind (29 are judged in the first run, " in " ".join(said.lower().split())
    assert "7 judged: too few" in said


def test_labels_come_with_their_shares_and_errors(why):
    said = moved_paragraph(why)
    share = why.before.shares[why.before.label]
    error = 100 * math.sqrt(share * (1 - share) / why.before.judged)
    assert f"({round(100 * share)} ± {error:.0f} % of judged worlds" in said
    assert why.before.judged == json.loads(json.dumps(moved_record(why)))["before"]["judged"] > 0


ALL = {"strategic_alliance": 0.0, "alliance_of_interest": 1.0, "marriage_of_convenience": 0.0}


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (
            ALL,
            ALL,
            "The answer stayed an alliance of interest (all 234 judged worlds, then all 254 judged worlds).",
        ),
        (
            ALL,
            CLEAR,
            "The answer stayed an alliance of interest (all 234 judged worlds, then 80 ± 3 % of judged worlds).",
        ),
        (
            CLEAR,
            ALL,
            "The answer stayed an alliance of interest (80 ± 3 % of judged worlds, then all 254 judged worlds).",
        ),
        (
            SPLIT,
            ALL,
            (
                "The answer moved from open between an alliance of interest (32 ± 3 % of judged worlds) and a marriage of"
                " convenience (31 ± 3 %) to an alliance of interest (all 254 judged worlds)."
            ),
        ),
    ],
)
def test_a_share_of_all_has_no_error(why, before, after, says):
    """Plus or minus nothing would be sure of what 40 worlds cannot tell."""
    assert standing(why, before, after).startswith(says)


def test_a_share_of_none_has_no_error(why):
    where = replace(why.before, shares={"weak_tie": 0.0}, judged=40)
    assert moved_words._share(where, "weak_tie") == "none of 40 judged worlds"
