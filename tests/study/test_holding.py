"""One run at a time into a folder; nothing stays behind, and what a killed run left holds nobody up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from accord.problems import RunError, SituationError
from accord.study import holding
from accord.study.holding import LOCK, held

HOLDS = """import pathlib, sys, time
from accord.study.holding import held
with held(pathlib.Path(sys.argv[1])):
    print(flush=True)
    time.sleep(60)
"""


def busy(folder: Path, process: int) -> str:
    """What a second run is told."""
    hint = "another folder (--out), or wait for its end"
    return f"{folder}: another run writes here (process {process}); try: {hint}"


def refused(folder: Path) -> str:
    """What is said when a folder is asked for."""
    with pytest.raises(SituationError) as error, held(folder):
        pass
    [problem] = error.value.problems
    return str(problem)


def test_a_second_run_is_refused_and_told_who_writes(tmp_path: Path) -> None:
    with held(tmp_path):
        assert refused(tmp_path) == busy(tmp_path, os.getpid())
        assert refused(tmp_path) == busy(tmp_path, os.getpid()), "a refusal takes nothing away"
    with held(tmp_path):
        assert (tmp_path / LOCK).exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stop", [ValueError, KeyboardInterrupt])
def test_nothing_stays_behind_and_no_empty_folder(tmp_path: Path, stop: type[BaseException]) -> None:
    folder = tmp_path / "out" / "case"

    def stopped() -> None:
        with held(folder):
            assert (folder / LOCK).exists()
            raise stop

    with pytest.raises(stop):
        stopped()
    assert list(tmp_path.iterdir()) == []
    folder.mkdir(parents=True)
    with held(folder):
        pass
    assert folder.is_dir(), "who made it keeps it"


def test_another_process_holds_until_it_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDS, tmp_path], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        try:
            assert refused(tmp_path) == busy(tmp_path, other.pid)
        finally:
            other.send_signal(signal.SIGKILL)
    assert (tmp_path / LOCK).exists()
    with held(tmp_path):
        assert (tmp_path / LOCK).read_text() == str(os.getpid())
    assert list(tmp_path.iterdir()) == []


def test_what_is_left_with_the_number_of_a_living_process_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_text(f"{os.getppid()}0000000")
    with held(tmp_path):
        assert (tmp_path / LOCK).read_text() == str(os.getpid())


def test_a_lock_whose_file_has_gone_meanwhile_is_not_taken_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its holder ends between opening and locking: two runs would hold two files."""
    real, calls = holding._lock, list[int]()

    def late(file: int) -> None:
        calls.append(file)
        if len(calls) == 1:
            (tmp_path / LOCK).unlink()
        real(file)

    monkeypatch.setattr(holding, "_lock", late)
    with held(tmp_path):
        assert len(calls) == 2
        assert (tmp_path / LOCK).read_text() == str(os.getpid())


def test_a_file_system_without_locks_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl")

    def none(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", none)
    with held(tmp_path), held(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    folder = tmp_path / "taken" / "o"
    with pytest.raises(RunError) as error, held(folder):
        pass
    assert str(error.value) == f"{folder}: cannot be written (not a directory); try: another folder"
