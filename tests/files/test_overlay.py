"""Changing a situation by paths: nothing changed is the same, what changes is what was asked for, the rest stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import accord
from accord.files.overlay import overlay, try_overlay
from accord.lenses import vocabulary
from accord.situation import Change, Citation, Estimate, Frozen, Situation, at, estimates
from accord.testing.strategies import situations

GOOD = Path(__file__).parent / "good"
RICH = accord.read(GOOD / "rich.yaml")
WORDS = vocabulary()
MOVABLE = [
    path
    for path, e in estimates(RICH).items()
    if e.distribution in ("fixed", "pert", "uniform", "triangular")
]


def test_nothing_changed_is_the_same() -> None:
    same = overlay(RICH, {}, WORDS)
    assert (same, hash(same), same.digest) == (RICH, hash(RICH), RICH.digest)


@settings(max_examples=8, deadline=None)
@given(situations())
def test_nothing_changed_is_the_same_for_any_situation(situation: Situation) -> None:
    assert overlay(situation, {}, WORDS) == situation


@pytest.mark.parametrize("change", [Change(times=1.0), Change(plus=0.0)], ids=["times_1", "plus_0"])
def test_a_change_that_moves_nothing_keeps_the_values(change: Change) -> None:
    for path in MOVABLE:
        before = at(RICH, path)
        after = at(overlay(RICH, {path: change}, WORDS), path)
        assert (after.low, after.best, after.high) == (before.low, before.best, before.high)
        assert (after.distribution, after.parameters) == (before.distribution, before.parameters)
        assert after.is_assumed


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(MOVABLE), st.floats(0.1, 3.0), st.floats(-0.5, 0.5), st.booleans())
def test_numbers_move_together_or_the_change_is_refused(
    path: str, factor: float, step: float, times: bool
) -> None:
    changed, problems = try_overlay(RICH, {path: Change(times=factor) if times else Change(plus=step)}, WORDS)
    if changed is None:
        assert {problem.kind for problem in problems} <= {"out-of-range", "sum"}
        return
    before, after = at(RICH, path), at(changed, path)
    for key in ("low", "best", "high"):
        old, new = getattr(before, key), getattr(after, key)
        assert (old is None) == (new is None)
        assert new is None or new == pytest.approx(old * factor if times else old + step)
    others = estimates(changed)
    assert {name: e for name, e in others.items() if name != path} == {
        name: e for name, e in estimates(RICH).items() if name != path
    }


def test_a_negative_factor_turns_the_range_round() -> None:
    changed = overlay(RICH, {"partnership.substitution": Change(times=-0.5)}, WORDS).partnership.substitution
    assert changed is not None
    assert (changed.low, changed.best, changed.high) == (-0.25, 0.25, 1.0)


@pytest.mark.parametrize(
    ("path", "value", "wanted"),
    [
        ("title", "Another", "Another"),
        ("horizon", 60, 60),
        ("partnership.client.balancing", 0.25, Estimate(0.25)),
        (
            "partnership.patrons.south.fatigue",
            {"low": 0, "best": 0.01, "high": 0.02},
            Estimate(0.01, 0.0, 0.02, "pert"),
        ),
        ("ties.south.east.trust", 0.5, Estimate(0.5)),
        ("stances.fees.crown.salience", 0.5, Estimate(0.5)),
        ("issues.patrols.leader", False, False),
        ("shocks.storm.hazard", 0.02, Estimate(0.02)),
    ],
)
def test_set_to_a_value(path: str, value: Any, wanted: Any) -> None:
    changed = accord.amend(RICH, {path: value})
    assert at(changed, path) == wanted
    assert changed != RICH
    assert changed.digest != RICH.digest


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            "partnership.threats.pirates.level.best",
            "try: change 'partnership.threats.pirates.level' as a whole",
        ),
        ("as_of.year", "try: change 'as_of' as a whole"),
        ("accord", "a change cannot reach into 'accord'"),
        ("claims.C1.says", "a change cannot reach into 'claims'"),
        ("scenarios.calm.changes", "a change cannot reach into 'scenarios'"),
        ("name", "there is nothing at 'name'"),
        ("actors.nobody.kind", "there is nothing at 'actors.nobody.kind'"),
    ],
)
def test_a_path_that_cannot_be_changed(path: str, told: str) -> None:
    with pytest.raises(accord.SituationError) as caught:
        accord.amend(RICH, {path: 1})
    assert told in str(caught.value)


def test_references_are_checked_when_a_block_goes() -> None:
    with pytest.raises(accord.SituationError) as caught:
        accord.amend(RICH, {"sources": {"gazette": {"citation": "Gazette"}}})
    assert {problem.kind for problem in caught.value.problems} == {"unknown-reference"}
    assert "'letter' is not declared" in str(caught.value)


def test_a_word_that_means_something_else_changes_the_numbers_written_with_it(tmp_path: Path) -> None:
    changed = accord.amend(RICH, {"words.likely": {"low": 0.1, "best": 0.2, "high": 0.3}})
    assert at(changed, "ties.north.south.trust").best == 0.2
    accord.save(changed, tmp_path / "words.yaml")
    assert accord.read(tmp_path / "words.yaml") == changed


def test_the_given_situation_stays_as_it_is() -> None:
    before = (hash(RICH), RICH.digest)
    accord.amend(RICH, {"title": "Another", "partnership.threats.pirates.level": 0.1})
    assert (hash(RICH), RICH.digest) == before


def test_a_change_and_back_is_no_change() -> None:
    there = accord.amend(RICH, {"horizon": 60})
    assert accord.amend(there, {"horizon": 120}) == RICH


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"partnership.threats.pirates.levl": 0.1},
            (
                "partnership.threats.pirates.levl: there is nothing at 'partnership.threats.pirates.levl'; "
                "expected a path of this situation; try: did you mean 'partnership.threats.pirates.level'?"
            ),
        ),
        (
            {"stances.fees.north.salience": "80%"},
            "stances.fees.north.salience: found '80%'; expected a number from 0 to 1 (share); try: 0.8",
        ),
        ({"partnership.quorum": 4}, "partnership.quorum: a quorum of 4 with 2 patrons; expected at most 2"),
        (
            {"stances.fees.north.salience": Change(times=9.0)},
            "stances.fees.north.salience: the change leads to 7.2 to 8.55; expected a number from 0 to 1 (share)",
        ),
        (
            {"stances.fees.north.position": Change(to=5, plus=1.0)},
            "stances.fees.north.position: 'to' and 'plus' at once; expected one of to, times, plus",
        ),
        (
            {"": 1},
            "there is nothing at ''; expected a path of this situation",
        ),
    ],
)
def test_a_change_that_does_not_fit(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(accord.SituationError) as caught:
        accord.amend(RICH, changes)
    assert str(caught.value) == told


def test_all_problems_of_all_changes_at_once() -> None:
    with pytest.raises(accord.SituationError) as caught:
        accord.amend(RICH, {"nowhere": 1, "horizon": 0, "stances.fees.north.position": 400, "title": ""})
    assert [problem.path for problem in caught.value.problems] == [
        "nowhere",
        "horizon",
        "title",
        "stances.fees.north.position",
    ]


def test_what_is_amended_can_be_saved_and_read(tmp_path: Path) -> None:
    fixed = accord.amend(RICH, {"stances.fees.north.position": 60})
    accord.save(fixed, tmp_path / "fixed.yaml")
    assert accord.read(tmp_path / "fixed.yaml") == fixed
    assert "so the correlation says nothing" in "".join(
        problem.says for problem in accord.check(tmp_path / "fixed.yaml")
    )


CASE = accord.read("tehran-moscow-2015")
OVERLAID = [
    (situation, f"{block}.{name}", dict(entry.changes))
    for situation in (RICH, CASE)
    for block in ("scenarios", "shocks")
    for name, entry in getattr(situation, block).items()
    if entry.changes
]


@pytest.mark.parametrize(
    ("situation", "changes"), [(s, c) for s, _, c in OVERLAID], ids=[n for _, n, _ in OVERLAID]
)
def test_a_changed_situation_is_the_one_its_file_would_give(
    situation: Situation, changes: dict[str, Change], tmp_path: Path
) -> None:
    # Changes of its own may no longer apply to it.
    bare = replace(situation, scenarios=Frozen(), shocks=Frozen(), claims=Frozen())
    changed = overlay(bare, changes, WORDS)
    accord.save(changed, tmp_path / f"{situation.name}.yaml")
    again = accord.read(tmp_path / f"{situation.name}.yaml")
    assert (again, again.digest) == (changed, changed.digest)


def test_a_changed_word_is_read_anew_everywhere() -> None:
    changed = overlay(RICH, {"words.likely": Change(to={"low": 0.6, "best": 0.65, "high": 0.7})}, WORDS)
    worded = [path for path, e in estimates(RICH).items() if e.word == "likely"]
    assert worded
    assert {at(changed, path).best for path in worded} == {0.65}


def test_a_number_moved_on_the_word_of_a_source_rests_on_that_source() -> None:
    path, said = "partnership.substitution", (Citation("gazette", "p. 9"),)
    moved = at(overlay(RICH, {path: Change(plus=0.01, source=said)}, WORDS), path)
    assert (moved.citations, moved.assumed) == (said, None)
    by_hand = at(overlay(RICH, {path: Change(plus=0.01)}, WORDS), path)
    assert (by_hand.citations, by_hand.assumed) == ((), "changed by hand")
