"""The second cases: the shipped table is that of the shipped files, and what it says can be worked out anew."""

from __future__ import annotations

import json

import pytest

import accord
from accord import second_cases
from accord.lenses.endurance.places import LABELS
from accord.report.other_cases import FILE, digest_of, other_cases
from accord.second_cases import QUESTIONS, RESNICK, worked_out

ROWS = {row["name"]: row for row in json.loads(FILE.read_text("utf-8"))["cases"]}


def test_the_table_is_about_the_shipped_files() -> None:
    assert list(ROWS) == list(QUESTIONS)
    for name, row in ROWS.items():
        assert row["digest"] == digest_of(accord.list_cases()[name]), (
            f"{name} changed: {second_cases.COMMAND}"
        )
        assert row["title"] == accord.read(name).title
        assert set(row["shares"]) == set(LABELS)
        assert sum(row["shares"].values()) == pytest.approx(1.0, abs=1e-3)


def test_scores_follow_from_chances_and_outcomes() -> None:
    for name, row in ROWS.items():
        asked, given = QUESTIONS[name], row["forecast"]
        assert given["chance"]["model"] == row["five_years"]["asked"]
        assert given["chance"]["resnick"] == RESNICK[asked.resnick]
        for which, chance in given["chance"].items():
            assert given["brier"][which] == pytest.approx((chance - asked.alive) ** 2, abs=2e-4)


def test_marks_leave_out_the_case_itself_and_files_that_were_changed(monkeypatch, tmp_path) -> None:
    titles = {one.title for one in other_cases()}
    assert titles == {row["title"] for row in ROWS.values()}
    gone = ROWS["syria-iran-2002"]["title"]
    assert {one.title for one in other_cases(gone)} == titles - {gone}
    for path in FILE.parent.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes() + b"# changed\n" * ("us-pak" in path.name))
    monkeypatch.setattr("accord.report.other_cases.CASES", tmp_path)
    assert {one.title for one in other_cases()} == titles - {ROWS["us-pakistan-1987"]["title"]}
    monkeypatch.setattr("accord.report.other_cases.FILE", tmp_path / "none.json")
    assert other_cases() == ()


@pytest.mark.slow
@pytest.mark.parametrize("name", QUESTIONS)
def test_fewer_worlds_say_the_same_and_so_does_a_run(name: str) -> None:
    made, shipped = worked_out(name, worlds=128), ROWS[name]
    # Where hardly a world is judged, a median is worth little.
    off = 0.25 if made["judged"] < 30 else 0.08
    assert made["durability"] == pytest.approx(shipped["durability"], abs=off)
    assert made["conditionality"] == pytest.approx(shipped["conditionality"], abs=off)
    for trial, chance in shipped["five_years"].items():
        assert made["five_years"][trial] == pytest.approx(chance, abs=0.04), trial
    assert made["judged"] / 128 == pytest.approx(shipped["judged"] / shipped["worlds"], abs=0.06)
    verdict = accord.run(name, worlds=128, effort="quick").verdict
    assert verdict is not None
    assert verdict.judged == made["judged"]
    assert verdict.durability.median == pytest.approx(made["durability"], abs=1e-4)
    assert verdict.conditionality.median == pytest.approx(made["conditionality"], abs=1e-4)
    assert verdict.rivals.label == QUESTIONS[name].resnick


@pytest.mark.slow
def test_the_command_says_whether_the_table_still_holds(monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setattr(second_cases, "FILE", tmp_path / "table.json")
    monkeypatch.setattr(second_cases, "QUESTIONS", {"us-pakistan-1987": QUESTIONS["us-pakistan-1987"]})
    assert second_cases.main(["--worlds", "256"]) == 1
    assert second_cases.main(["--worlds", "256", "--write"]) == 0
    assert second_cases.main(["--worlds", "256"]) == 0
    with pytest.raises(accord.RunError, match="no world of us-pakistan-1987 is judged"):
        second_cases.main(["--worlds", "16"])
    assert "us-pakistan-1987" in capsys.readouterr().out
