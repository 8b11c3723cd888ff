"""Outputs that dated questions name are looked up when the file is checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import accord
from accord import doors
from accord.situation import Day, Resolution, Situation
from accord.study.questions import unknown_outputs

WRONG = {
    "endurance.survival.thatre": "did you mean 'endurance.survival.theatre'",
    "endurance.survivl.theatre": "did you mean 'endurance.survival.theatre'",
    "endurance.survival.theatre.x": "",
    "endurance.incidence.collaps": "did you mean 'endurance.incidence.collapse'",
    "endurence.survival.theatre": "did you mean 'endurance'",
    "endurance": "",
    "": "",
}
RIGHT = ["endurance.survival.theatre", "endurance.survival.bilateral.6", "endurance.incidence", "endurance.incidence.collapse",
         "endurance.five_years", "interests.anything"]  # fmt: skip


@pytest.fixture(scope="module")
def situation(tmp_path_factory: pytest.TempPathFactory) -> Situation:
    return accord.read(doors.start(tmp_path_factory.mktemp("pact")))


def asking(situation: Situation, *outputs: str) -> Situation:
    return replace(
        situation,
        resolve={f"q{n}": Resolution("So?", Day(2022), output=one) for n, one in enumerate(outputs)},
    )


def test_wrong_ones_are_all_told_with_what_was_meant(situation: Situation) -> None:
    told = unknown_outputs(asking(situation, *WRONG))
    assert [one.path for one in told] == [f"resolve.q{n}.output" for n in range(len(WRONG))]
    for one, hint in zip(told, WRONG.values(), strict=True):
        assert hint in one.try_instead
        assert one.severity == "error"


def test_right_ones_are_not(situation: Situation) -> None:
    assert unknown_outputs(asking(situation, *RIGHT)) == []
    assert unknown_outputs(replace(situation, resolve={})) == []
    assert unknown_outputs(accord.read("tehran-moscow-2015")) == []


def test_check_tells_them_with_the_line(tmp_path: Path, situation: Situation) -> None:
    path = doors.start(tmp_path)
    text = path.read_text("utf-8")
    asked = "by: 2022-06-30, output: endurance.survival.thatre}"
    path.write_text(text.replace("by: 2022-06-30}", asked), "utf-8")
    (one,) = accord.check(path)
    assert "thatre" in path.read_text("utf-8").split("\n")[one.line - 1]
    assert (one.kind, one.path) == ("unknown-reference", "resolve.patrols_2022.output")
    with pytest.raises(accord.SituationError, match=r"there is no output 'endurance[.]survival[.]thatre'"):
        accord.read(path)
