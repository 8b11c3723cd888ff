"""Results of a run stand in their folder all at once, and nothing of an earlier run beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from accord.problems import RunError
from accord.study import replacing
from accord.study.replacing import NAMES, aside, land, standing

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
        written = land({"run": place / "run.json"}, place, tmp_path)
    assert written == {"run": tmp_path / "run.json"}
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


def test_the_manifest_comes_last_and_old_files_go_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until everything is there the folder has the earlier run's manifest, which readers hold against the rest."""
    filled(tmp_path, NAMES, "old")
    steps: list[tuple[str, int]] = []
    real = replacing.os.replace

    def seen(source: Path, target: Path) -> None:
        steps.append((target.name, len(list(tmp_path.glob("*.*")))))
        real(source, target)

    monkeypatch.setattr(replacing.os, "replace", seen)
    with aside(tmp_path) as place:
        filled(place, ("run.json", "situation.json", "report.html"), "new")
        land({}, place, tmp_path)
    assert [name for name, _ in steps] == ["report.html", "situation.json", "run.json"]
    assert len({there for _, there in steps}) == 1, "nothing went before the manifest came"
    assert len(told(tmp_path)) == 3


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
