"""Why a verdict moved: single effects, everything together, and what chance is left; runs that cannot be compared."""

import json
import math
import sys
from pathlib import Path

import pytest

from accord.figures.numbers import number
from accord.files.dump import plain_of
from accord.files.node import Lines, from_plain
from accord.files.reader import build_and_check
from accord.lenses import vocabulary
from accord.lenses.endurance.population import structure_of
from accord.report.moved_words import moved_notes, moved_paragraph, moved_rows, moved_text
from accord.situation import estimates
from accord.study import moved as moved_room
from accord.study.moved import moved, moved_record
from accord.study.ran import run_folders

sys.path.insert(0, str(Path(__file__).parent))  # the changes are beside the tests
from two_changes import CASE, CHANGED, INTEREST, TRUST, WORLDS

NUMBERS = ("durability", "conditionality", "index")


def numbers_of(effect):
    """Every number of an effect."""
    return [*(getattr(effect, name) for name in NUMBERS), *(effect.shares[k] for k in sorted(effect.shares))]


def test_changed_numbers_are_named_and_move_it_the_right_way(why, base):
    assert {one.path for one in why.alone} == {INTEREST, TRUST}
    effects = {one.path: one.effect for one in why.alone}
    # More of a common interest that stands whatever the threat lets it last longer, with less hanging on the threat.
    assert effects[INTEREST].durability > 0.1
    assert effects[INTEREST].conditionality < 0
    assert why.alone[0].effect.size >= why.alone[1].effect.size
    recorded = json.loads((base / "run.json").read_text("utf-8"))["verdict"]
    assert why.before.durability == recorded["durability"]["median"]
    assert why.before.shares == recorded["quadrant_shares"]
    assert why.worlds == WORLDS
    assert not why.untaken
    assert not why.how


def test_single_effects_and_remainder_are_together_and_rest_is_the_total(why):
    singles = [numbers_of(one.effect) for one in why.alone]
    rows = zip(
        *singles,
        *map(numbers_of, (why.remainder, why.together, why.rest, why.total)),
        strict=True,
    )
    for one, other, remainder, together, rest, total in rows:
        assert one + other + remainder == pytest.approx(together, abs=1e-12)
        assert together + rest == pytest.approx(total, abs=1e-12)
    assert why.remainder.size > 0
    move = [getattr(why.after, name) - getattr(why.before, name) for name in NUMBERS]
    assert numbers_of(why.total)[:3] == move


def test_effects_of_the_same_worlds_have_errors_and_others_have_none(why, base):
    """Of the shift of medians between looks at the same worlds, and small beside what worlds differ by."""
    for effect in (*(one.effect for one in why.alone), why.together):
        assert all(0.0 < error < 0.1 for error in effect.errors)
    for effect in (why.remainder, why.rest, why.total):
        assert all(math.isnan(error) for error in effect.errors)
    largest = why.alone[0].effect
    assert largest.durability > 2.0 * largest.errors[0]
    row = moved_rows(why)[0]
    assert row.errors == largest.errors[:2]
    assert f"+{largest.durability:.2f} ± {number(largest.errors[0], 3)}" in moved_text(why)
    assert "one standard error" in moved_notes(why)[0]
    same = moved(base, base, vocabulary())
    assert same.together.errors == (0.0, 0.0, 0.0)
    record = json.loads(json.dumps(moved_record(why), allow_nan=False))
    assert record["alone"][0]["effect"]["errors"] == list(largest.errors)
    assert record["total"]["errors"] == [None, None, None]


def test_a_single_change_alone_is_everything_together(ran, base):
    why = moved(base, ran("one", {INTEREST: CHANGED[INTEREST]}), vocabulary())
    assert numbers_of(why.alone[0].effect) == numbers_of(why.together)
    assert numbers_of(why.remainder) == [0.0] * 8
    assert why.together.durability > 0.1


def test_without_a_change_the_whole_move_is_the_seed(ran, base):
    why = moved(base, ran("seed", {}, seed=1), vocabulary())
    assert [(one.what, one.before, one.after) for one in why.how] == [("seed", 0, 1)]
    assert why.alone == why.differences == ()
    assert numbers_of(why.together) == [0.0] * 8
    assert numbers_of(why.rest) == numbers_of(why.total)
    assert why.rest.size > 0
    said = moved_paragraph(why)
    assert "The two situations are the same." in said
    assert "The whole move" in said
    assert why.rest_from == ("draws",)
    assert "the chance of other draws" in said or "than the chance of other draws gives" in said
    assert "seed (0, then 1)" in said
    assert [row.what for row in moved_rows(why)] == ["What the changes do not explain", "The whole move"]


def test_a_run_and_itself(base):
    why = moved(base, base, vocabulary())
    assert numbers_of(why.total) == numbers_of(why.rest) == [0.0] * 8
    assert "Nothing moved." in moved_paragraph(why)


def test_reversed_it_moves_the_other_way(why, base, changed):
    back = moved(changed, base, vocabulary())
    for name in ("together", "total"):
        there, here = numbers_of(getattr(why, name)), numbers_of(getattr(back, name))
        assert here == pytest.approx([-one for one in there], abs=1e-12)
    assert back.together.durability < -0.1 < 0.1 < why.together.durability


def test_a_number_added_and_one_taken_away_are_taken_alone(ran, base, case):
    added = "partnership.patrons.russia.help_calls"
    assert added not in estimates(case)
    there = ran("added", {added: 0.5})
    why = moved(base, there, vocabulary())
    assert [(one.path, one.changes[0].kind) for one in why.alone] == [(added, "added")]
    assert numbers_of(why.alone[0].effect) == pytest.approx(numbers_of(why.together), abs=1e-12)
    back = moved(there, base, vocabulary())
    assert [(one.path, one.changes[0].kind) for one in back.alone] == [(added, "removed")]
    assert numbers_of(back.alone[0].effect) == pytest.approx(numbers_of(back.together), abs=1e-12)
    assert "left out" in moved_text(back)


def test_numbers_that_only_fit_together_are_one_change_and_say_so(ran, base, case):
    block = "actors.russia.factions"
    shares = dict(zip(case.actors["russia"].factions, (0.1, 0.1, 0.8), strict=True))
    why = moved(
        base, ran("factions", {f"{block}.{name}.share": s for name, s in shares.items()}), vocabulary()
    )
    assert [(one.path, len(one.changes)) for one in why.alone] == [(block, 3)]
    assert numbers_of(why.alone[0].effect) == numbers_of(why.together)
    assert "add up" in why.alone[0].why
    assert any("only fit together" in note for note in moved_notes(why))


def reduced(case):
    """The case with a threat and three issues taken away, wherever they are named: a make-up whose population is shipped."""
    data, threat = plain_of(case), "us_backed_opposition"
    gone = [name for name, issue in case.issues.items() if not issue.leader][:3]
    for aside in ("scenarios", "claims", "resolve", "shocks", "correlations"):
        data.pop(aside, None)
    data["partnership"]["threats"].pop(threat)
    for patron in data["partnership"]["patrons"].values():
        patron.get("threats", {}).pop(threat, None)
    for name in gone:
        data["issues"].pop(name)
        data["stances"].pop(name)
    made, problems = build_and_check(from_plain(data), vocabulary(), Lines(""))
    assert made is not None, problems
    return made


def test_a_threat_taken_away_or_added_counts_only_in_the_sum(ran, base, case):
    fewer = ran("fewer", {}, of=reduced(case))
    for folders in ((base, fewer), (fewer, base)):
        why = moved(*folders, vocabulary())
        assert "partnership.threats.us_backed_opposition" in {one.path for one in why.untaken}
        assert all(one.path != "partnership.threats.us_backed_opposition" for one in why.alone)
        # Ranked among partnerships of its own make-up, as its run did; other worlds are not as good as the same.
        assert abs(why.rest.durability) < 0.15
        assert "cannot be changed alone and only count" in moved_paragraph(why)
        assert any("make-up" in one.why for one in why.untaken)


def test_another_make_up_is_said_first_in_text_and_for_machines(ran, cli, base, case, why):
    """Ranks among different populations do not compare; the same words stay away where the make-up is the same."""
    fewer = ran("fewer-said", {}, of=reduced(case))
    issues = [structure_of(one).issues for one in (case, reduced(case))]
    status, out, _ = cli("diff", base, fewer)
    assert status == 0
    told = " ".join(out.split())
    assert told.startswith(
        "The two runs are ranked among different plausible partnerships, each among those of its own make-up, which differ in"
        f" threats (2, then 1) and issues ({issues[0]}, then {issues[1]}): their ranks, shares and labels are not comparable"
    )
    status, out, _ = cli("diff", base, fewer, "--json")
    record = json.loads(out)
    assert record["ranked_among"] == {
        "same": False,
        "differs_in": [
            {"what": "threats", "before": 2, "after": 1},
            {"what": "issues", "before": issues[0], "after": issues[1]},
        ],
    }
    assert why.unlike == ()
    assert "comparable" not in moved_text(why)
    assert moved_record(why)["ranked_among"] == {"same": True, "differs_in": []}


def test_a_change_that_moves_one_number_is_the_whole_move(ran, base, case):
    """Looks have as many runs of each world as a run, so that on the same worlds nothing is left for chance."""
    why = moved(base, ran("whole", {INTEREST: CHANGED[INTEREST]}), vocabulary())
    assert (why.worlds, why.of) == (WORLDS, WORLDS)
    assert numbers_of(why.rest) == pytest.approx([0.0] * 8, abs=1e-9)
    assert why.rest_from == ()
    said = moved_paragraph(why)
    assert "That is the whole move. Both runs were made in the same way." in said
    assert "chance" not in said
    assert "all 64 worlds of the first run" in moved_notes(why)[0]


def test_worlds_that_were_not_looked_at_are_named_and_no_chance_is(base, changed):
    why = moved(base, changed, vocabulary(), worlds=32)
    assert why.rest_from == ("worlds",)
    assert why.rest.size > 0.001
    said = moved_paragraph(why)
    assert "is what the 32 worlds of the runs do that were not looked at here" in said
    assert "chance" not in said
    assert "the first 32 of 64 worlds of the first run" in moved_notes(why)[0]


def test_of_a_cancelled_run_the_worlds_that_are_done_are_looked_at(cut):
    """It stands by half of its worlds; the looks are at these, of the design of all, and repeat it to the last digit."""
    one, other = cut("half", {}), cut("half changed", {INTEREST: CHANGED[INTEREST]})
    why = moved(one, other, vocabulary())
    assert (why.worlds, why.of) == (WORLDS // 2, WORLDS // 2)
    assert why.rest_from == ()
    assert why.rest.size == pytest.approx(0.0, abs=1e-12)
    assert "all 32 worlds of the first run" in moved_notes(why)[0]
    assert "were not looked at" not in moved_paragraph(why)


def test_all_worlds_are_looked_at_unless_many_changes_would_take_too_long(base, changed, monkeypatch):
    monkeypatch.setattr(moved_room, "_LEAST_WORLDS", 8)
    monkeypatch.setattr(moved_room, "_MOST_LOOKS", 4 * WORLDS)
    assert moved(base, changed, vocabulary()).worlds == WORLDS
    monkeypatch.setattr(moved_room, "_MOST_LOOKS", 4 * WORLDS - 1)
    assert moved(base, changed, vocabulary()).worlds == WORLDS // 2


def test_a_number_that_is_no_longer_drawn_gives_other_draws_of_the_same_seed(ran, base, case):
    """Numbers keep their place in the design only while the same ones are drawn."""
    path = next(
        path
        for path, one in estimates(case).items()
        if path.startswith("actors.iran.capability.") and not one.is_fixed
    )
    why = moved(base, ran("held", {path: estimates(case)[path].best}), vocabulary())
    assert why.how == ()
    assert why.rest_from == ("places",)
    assert why.rest.size > 0.001
    said = moved_paragraph(why)
    assert "moves others to another place in the design, so that they are drawn anew" in said
    assert "in the same way" not in said


def test_text_and_evidence_move_nothing_and_unread_numbers_are_told(ran, base, case):
    path = next(p for p in estimates(case) if p.startswith("stances.") and p.endswith(".capability"))
    why = moved(base, ran("text", {path: 0.9}), vocabulary())
    assert why.unread == (path,)
    assert why.alone == ()
    assert "not read by the lens" in " ".join(moved_notes(why))


def test_words_name_the_change_both_verdicts_and_the_sums(why):
    said = moved_text(why)
    for part in ("Russia: standing interest", "All changes together", "Taken alone,", "0.3 to 0.7", "+0."):
        assert part in said
    assert said.index(moved_rows(why)[0].what) >= 0


def test_the_record_is_json_without_nan(why):
    record = json.loads(json.dumps(moved_record(why), allow_nan=False))
    assert record["alone"][0]["effect"]["durability"] == why.alone[0].effect.durability
    assert "situations" not in record


def test_the_command_tells_it_of_folders_and_of_manifests(cli, base, changed):
    status, out, err = cli("diff", base, changed / "run.json")
    assert (status, err) == (0, "")
    assert "Russia: standing interest" in out
    status, out, _ = cli("diff", base, changed, "--json")
    assert status == 0
    assert len(json.loads(out)["alone"]) == 2


def test_files_are_still_compared_path_by_path(cli, base, changed):
    status, out, _ = cli("diff", base / "situation.json", changed / "situation.json")
    assert status == 0
    assert "2 differences" in out
    assert run_folders(base / "situation.json", CASE) is None


@pytest.mark.parametrize("turned", [False, True])
def test_a_run_and_a_file_are_bad_input(cli, base, turned):
    words = [base, base / "situation.json"]
    status, out, err = cli("diff", *(reversed(words) if turned else words))
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "not the result of a run" in err


def test_a_missing_manifest_is_bad_input(cli, base, copied):
    folder = copied(base)
    (folder / "run.json").unlink()
    for given in (folder, folder / "run.json"):
        status, _, err = cli("diff", base, given)
        assert status == 2
        assert "there is no run.json" in err


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda record: record.update(verdict=None), "not asked"),
        (
            lambda record: (record.update(verdict=None), record["run"].update(interrupted=True)),
            "not finished",
        ),
        (
            lambda record: record.update(
                verdict=None, unfit=[{"lens": "endurance", "needs": [{"path": "resources", "says": "means"}]}]
            ),
            "would need resources: means",
        ),
        (lambda record: record["verdict"].update(label=""), "in none of its worlds"),
        (lambda record: record.update(format=99), "another version"),
        (lambda record: record.pop("run"), "not the manifest"),
        (lambda record: record["situation"].update(digest="0"), "changed afterwards"),
        (lambda record: record["run"].update(worlds=100), "power of two"),
    ],
)
def test_what_cannot_be_compared_is_told(cli, base, copied, change, says):
    status, _, err = cli("diff", copied(base, change), base)
    assert status == 2
    assert says in err
    assert "Traceback" not in err


def test_a_broken_manifest_and_a_missing_situation_are_told(cli, base, copied):
    folder = copied(base)
    (folder / "situation.json").unlink()
    assert "no such file" in cli("diff", folder, base)[2]
    Path(folder / "run.json").write_text("{", "utf-8")
    assert "cannot be read" in cli("diff", folder, base)[2]
