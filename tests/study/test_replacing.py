"""Results of a run stand in their folder whole or without a manifest, and nothing of an earlier run beside them."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from accord.problems import RunError
from accord.study import replacing
from accord.study.replacing import NAMES, aside, finished, land, standing, undisturbed

OWN = ("notes.txt", "other.parquet", "situation.yaml")


def filled(folder: Path, names: tuple[str, ...], text: str) -> None:
    """Files with the same text."""
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text(text)


def told(folder: Path) -> dict[str, str]:
    """What every file in a folder says."""
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_what_an_earlier_run_left_goes_and_what_is_not_accords_stays(tmp_path: Path) -> None:
    filled(tmp_path, (*NAMES, *OWN), "old")
    new = ("run.json", "report.html", "worlds.parquet")
    with aside(tmp_path) as place:
        filled(place, new, "new")
        assert not land(place, tmp_path)
    assert told(tmp_path) == {**dict.fromkeys(new, "new"), **dict.fromkeys(OWN, "old")}


def test_a_run_that_fails_or_is_cancelled_leaves_the_earlier_one_whole(tmp_path: Path) -> None:
    filled(tmp_path, NAMES, "old")

    def stopped(stop: type[BaseException]) -> None:
        with aside(tmp_path) as place:
            filled(place, NAMES, "new")
            raise stop

    for stop in (KeyboardInterrupt, ValueError):
        with pytest.raises(stop):
            stopped(stop)
        assert told(tmp_path) == dict.fromkeys(NAMES, "old")


def test_the_old_manifest_goes_first_and_the_new_one_comes_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it is broken off there is no manifest, which would vouch for files of two runs."""
    filled(tmp_path, NAMES, "old")
    steps: list[tuple[str, bool]] = []
    real = replacing.os.replace

    def seen(source: Path, target: Path) -> None:
        steps.append((target.name, (tmp_path / "run.json").exists()))
        real(source, target)

    monkeypatch.setattr(replacing.os, "replace", seen)
    with aside(tmp_path) as place:
        filled(place, ("run.json", "situation.json", "report.html"), "new")
        land(place, tmp_path)
    assert steps == [("situation.json", False), ("report.html", False), ("run.json", False)]
    assert told(tmp_path) == dict.fromkeys(("run.json", "situation.json", "report.html"), "new")


@pytest.mark.parametrize("stood", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_cannot_be_moved_leaves_no_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, stood: bool
) -> None:
    filled(tmp_path, NAMES if stood else (), "old")
    real = replacing.os.replace

    def full(source: Path, target: Path) -> None:
        if target.name == name:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(replacing.os, "replace", full)
    with aside(tmp_path) as place:
        filled(place, NAMES, "new")
        with pytest.raises(RunError) as error:
            land(place, tmp_path)
    lost = "; the run that stood here is gone" if stood else ""
    says = f"{tmp_path}: cannot be written (no space left on device){lost}; try: another folder"
    assert str(error.value) == says
    assert not (tmp_path / "run.json").exists()
    assert standing(tmp_path) == ""


def test_a_manifest_that_cannot_go_leaves_the_earlier_run_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(tmp_path, NAMES, "old")

    def refused(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch, aside(tmp_path) as place:
        filled(place, NAMES, "new")
        patch.setattr(Path, "unlink", refused)
        with pytest.raises(RunError) as error:
            land(place, tmp_path)
    assert str(error.value) == f"{tmp_path}: cannot be written (permission denied); try: another folder"
    assert told(tmp_path) == dict.fromkeys(NAMES, "old")


@pytest.mark.parametrize("times", [1, 3])
def test_ctrl_c_does_not_break_off_what_is_being_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    filled(tmp_path, (*NAMES, *OWN), "old")
    real, struck = replacing.os.replace, list[str]()

    def slowly(source: Path, target: Path) -> None:
        if len(struck) < times:
            struck.append(target.name)
            time.sleep(0.1)
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.1)
        real(source, target)

    monkeypatch.setattr(replacing.os, "replace", slowly)
    with aside(tmp_path) as place:
        filled(place, ("run.json", "situation.json", "report.html", "worlds.parquet"), "new")
        assert land(place, tmp_path)
    new = ("run.json", "situation.json", "report.html", "worlds.parquet")
    assert len(struck) == times
    assert told(tmp_path) == {**dict.fromkeys(new, "new"), **dict.fromkeys(OWN, "old")}


def test_a_block_ends_when_its_work_has_ended_however_often_ctrl_c_strikes() -> None:
    ended = list[bool]()

    def work() -> None:
        for _ in range(2):
            time.sleep(0.2)
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.2)
        ended.append(True)

    with pytest.raises(KeyboardInterrupt), undisturbed() as begin:
        begin(work)
    assert ended == [True]


def test_a_stale_place_of_the_same_process_number_lands_nothing(tmp_path: Path) -> None:
    """Process numbers come again, in containers at once."""
    filled(tmp_path / f".run.{os.getpid()}.part", ("scenarios.parquet", "report.html"), "stale")
    with aside(tmp_path) as place:
        assert list(place.iterdir()) == []
        filled(place, ("run.json", *OWN, ".run.json.1.part"), "new")
        land(place, tmp_path)
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {"run.json"}


def test_places_of_runs_that_were_killed_an_hour_ago_go(tmp_path: Path) -> None:
    old, young, other = tmp_path / ".run.a.part", tmp_path / ".run.b.part", tmp_path / ".mine.part"
    for place in (old, young, other):
        filled(place, ("run.json",), "left")
    long_ago = time.time() - 3700.0
    for place in (old, other):
        os.utime(place, (long_ago, long_ago))
    with aside(tmp_path):
        assert not old.exists()
        assert young.exists()
        assert other.exists()


def test_people_are_told_of_the_folder_and_not_of_the_place_inside_it(tmp_path: Path) -> None:
    with pytest.raises(RunError) as told_of, aside(tmp_path) as place:
        raise RunError(
            f"{place / 'report.html'}: cannot be written (no space left on device); try: make room"
        )
    report = tmp_path / "report.html"
    assert str(told_of.value) == f"{report}: cannot be written (no space left on device); try: make room"


@pytest.mark.parametrize(
    ("run", "says"),
    [
        ({"done": 2048, "worlds": 2048, "interrupted": False}, "the run of 2,048 worlds"),
        ({"done": 1, "worlds": 1}, "the run of 1 world"),
        (
            {"done": 1024, "worlds": 2048, "interrupted": True},
            "the cancelled run of 1,024 of 2,048 worlds",
        ),
        ({"done": "many"}, ""),
        (None, ""),
    ],
)
def test_what_stands_there_is_told(tmp_path: Path, run: object, says: str) -> None:
    assert standing(tmp_path) == ""
    (tmp_path / "run.json").write_text(json.dumps({"run": run}))
    assert standing(tmp_path) == says


@pytest.mark.parametrize("text", ["", "[]", "3", "{"])
def test_what_is_no_manifest_is_no_run(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    assert standing(tmp_path) == ""


@pytest.mark.parametrize(
    ("run", "is_there"),
    [
        ({"done": 8, "worlds": 8, "interrupted": False}, True),
        ({"done": 7, "worlds": 8, "interrupted": False}, True),  # a world failed
        ({"done": 8, "worlds": 8, "interrupted": True}, False),  # cancelled among the claims
        ({"done": 0, "worlds": 8, "interrupted": False}, False),
        (None, False),
    ],
)
def test_a_run_that_nobody_cancelled_is_finished(tmp_path: Path, run: object, is_there: bool) -> None:
    assert not finished(tmp_path)
    (tmp_path / "run.json").write_text(json.dumps({"run": run}))
    assert finished(tmp_path) == is_there
