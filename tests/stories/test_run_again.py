"""Running into a folder once more, being stopped while results are written, and the command that repeats a run."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from accord import job
from accord.cli import main
from accord.job import command_of
from accord.study import replacing, running
from accord.study.holding import held

CASE = "tehran-moscow-2015"
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Runs the command in a scratch folder; returns (status, standard output, standard error)."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(main, list(words))
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    return call


def names(folder: str) -> set[str]:
    """What lies in a folder."""
    return {path.name for path in Path(folder).iterdir()}


def test_a_quick_run_into_the_same_folder_leaves_no_scenarios_of_the_run_before(cli: Call) -> None:
    status, first, _ = cli("run", CASE, "--worlds", "8")
    assert status == 0
    assert "replaced" not in first
    assert {"scenarios.parquet", "scenarios_by_month.parquet"} <= names(f"out/{CASE}")
    Path(f"out/{CASE}/notes.txt").write_text("mine")
    status, second, _ = cli("run", CASE, "--worlds", "16", "--quick")
    assert status == 0
    assert second.endswith("replaced the run of 8 worlds that stood here\n")
    assert names(f"out/{CASE}") == {
        "run.json", "situation.json", "report.html", "worlds.parquet", "results.parquet", "results_by_month.parquet",
        "notes.txt",
    }  # fmt: skip


def test_a_failed_run_leaves_the_run_before_as_it_was(cli: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("run", CASE, "--worlds", "8", "--quick", "--out", "o")[0] == 0
    before = {path.name: path.read_bytes() for path in Path("o").iterdir()}

    def failing(*_: Any) -> None:
        raise job.SituationError([])

    monkeypatch.setattr(job, "write_report", failing)
    assert cli("run", CASE, "--worlds", "16", "--quick", "--out", "o")[0] == 2
    assert {path.name: path.read_bytes() for path in Path("o").iterdir() if path.is_file()} == before


def test_a_cancel_while_the_report_is_written_does_not_cost_the_report(
    cli: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All worlds are there: what was being written is written, without the process that was broken off."""
    real, aides = job.write_report, list[object]()

    def stopped(view: Any, path: Path, aide: object) -> Path:
        aides.append(aide)
        if len(aides) == 1:
            raise KeyboardInterrupt
        return real(view, path, None)

    monkeypatch.setattr(job, "write_report", stopped)
    status, out, _ = cli("run", CASE, "--worlds", "8", "--quick", "--out", "o")
    assert status == 130
    assert aides[0] is not None
    assert aides[1] is None
    assert names("o") == {
        "run.json", "situation.json", "report.html", "worlds.parquet", "results.parquet", "results_by_month.parquet"
    }  # fmt: skip
    assert "report " in out
    record = json.loads(Path("o/run.json").read_text("utf-8"))
    assert record["run"]["complete"]
    assert not record["run"]["interrupted"]


def contents(folder: str) -> dict[str, bytes]:
    """What every file in a folder holds; chunks aside."""
    return {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.is_file()}


def strike() -> None:
    """Ctrl-C, from another thread, while the main one waits."""
    time.sleep(0.1)
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.1)


KEPT = "cancelled; the worlds that are done are kept, and the same command goes on from there\n"
RUN = ("run", CASE, "--worlds", "8", "--quick", "--out", "o")


@pytest.mark.parametrize("times", [1, 2, 3])
def test_only_a_second_cancel_while_results_are_written_ends_that(
    cli: Call, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """Nothing is begun anew beside a writer that still writes, and what stood there stays."""
    assert cli(*RUN)[0] == 0
    before, real, calls = contents("o"), job.write_results, list[str]()

    def slowly(study: Any, place: Path) -> dict[str, Path]:
        calls.append("begun")
        for _ in range(times):
            strike()
        written = real(study, place)
        assert place.exists(), "the place is there as long as it is written into"
        calls.append("ended")
        return written

    monkeypatch.setattr(job, "write_results", slowly)
    monkeypatch.setattr(job, "write_report", lambda view, path, aide: path.write_text("new", "utf-8"))
    status, out, err = cli(*RUN, "--seed", "1")
    assert (status, calls) == (130, ["begun", "ended"])
    assert {name for name in names("o") if name.startswith(".")} == set()
    if times == 1:
        assert contents("o")["report.html"] == b"new"
        assert "report " in out
        assert not json.loads(contents("o")["run.json"])["run"]["interrupted"]
    else:
        assert (out, err) == ("", KEPT)
        assert contents("o") == before


def test_a_second_cancel_while_the_report_is_written_ends_that(
    cli: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli(*RUN)[0] == 0
    before, calls = contents("o"), list[str]()
    real = job.write_results

    def late(study: Any, place: Path) -> dict[str, Path]:
        time.sleep(0.3)
        calls.append("results")
        return real(study, place)

    def stopped(*_: Any) -> None:
        calls.append("report")
        raise KeyboardInterrupt

    monkeypatch.setattr(job, "write_results", late)
    monkeypatch.setattr(job, "write_report", stopped)
    assert cli(*RUN, "--seed", "1") == (130, "", KEPT)
    assert calls == ["report", "report", "results"]
    assert contents("o") == before


def test_a_cancel_of_the_report_and_one_while_results_are_waited_for_are_two(
    cli: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli(*RUN)[0] == 0
    before, real, calls = contents("o"), job.write_results, list[str]()

    def late(study: Any, place: Path) -> dict[str, Path]:
        time.sleep(0.3)
        strike()
        calls.append("results")
        return real(study, place)

    def stopped(view: object, path: Path, aide: object) -> None:
        calls.append("report")
        if len(calls) == 1:
            raise KeyboardInterrupt
        path.write_text("new", "utf-8")

    monkeypatch.setattr(job, "write_results", late)
    monkeypatch.setattr(job, "write_report", stopped)
    assert cli(*RUN, "--seed", "1") == (130, "", KEPT)
    assert calls == ["report", "report", "results"]
    assert contents("o") == before


def test_a_cancel_while_results_come_to_stand_leaves_them_all_there(
    cli: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, struck = replacing.os.replace, list[str]()

    def slowly(source: Path, target: Path) -> None:
        if Path(target).parent.name == "o" and Path(source).parent.name.endswith(".part"):
            struck.append(Path(target).name)
            if len(struck) < 3:
                strike()
        real(source, target)

    monkeypatch.setattr(replacing.os, "replace", slowly)
    status, out, _ = cli(*RUN)
    assert status == 130
    assert "report " in out
    assert len(struck) == 6
    assert names("o") == set(struck)


def test_a_cancelled_run_does_not_take_the_place_of_a_whole_one(
    cli: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cli(*RUN)[0] == 0
    before, real = contents("o"), running.columns_of
    other = ("run", CASE, "--worlds", "16", "--quick", "--seed", "1", "--out", "o")

    def stopped(subjects: Any, drawn: Any, brief: bool) -> Any:
        if drawn[0].first >= 4:
            raise KeyboardInterrupt
        return real(subjects, drawn, brief)

    says = (
        "cancelled; the run of 8 worlds that stands here is left as it is; 4 of 16 worlds are done and kept,"
        " and --resume goes on\n"
    )
    with monkeypatch.context() as patch:
        patch.setattr(running, "columns_of", stopped)
        for words in (other, ("run", CASE, "--resume", "--out", "o")):
            assert cli(*words, "--chunk", "4", "--threads", "1") == (130, "", says)
            assert contents("o") == before
    status, out, _ = cli("run", CASE, "--resume", "--out", "o")
    assert status == 0
    assert out.endswith("replaced the run of 8 worlds that stood here\n")
    made = json.loads(contents("o")["run.json"])["run"]
    assert (made["done"], made["seed"], made["interrupted"]) == (16, 1, False)
    assert "chunks" not in names("o")


def test_two_runs_do_not_write_into_one_folder(cli: Call) -> None:
    says = (
        f"another run writes here (process {os.getpid()}); try: another folder (--out), or wait for its end"
    )
    with held(Path("o")):
        assert cli(*RUN) == (2, "", f"o: {says}\n")
        assert cli("run", CASE, "--resume", "--out", "o") == (2, "", f"o: {says}\n")
        assert names("o") == {".run.lock"}
    assert not Path("o").exists()


def test_nothing_is_left_where_a_run_did_not_begin(cli: Call) -> None:
    Path("bad.yaml").write_text("accord: 1\n", "utf-8")
    for words in (("run", "bad.yaml", "--out", "a/b"), ("run", CASE, "--resume", "--out", "a/b")):
        assert cli(*words)[0] == 2
    assert names(".") == {"bad.yaml"}


def test_the_digests_are_named_by_what_they_cover(cli: Call) -> None:
    status, out, _ = cli("run", CASE, "--worlds", "8", "--quick", "--out", "o")
    assert status == 0
    record = json.loads(Path("o/run.json").read_text("utf-8"))
    worlds, verdict = record["digest"][:16], record["verdict"]["digest"][:16]
    assert f"8 worlds, seed 0, digest of the worlds {worlds}, of the verdict {verdict}\n" in out


@pytest.mark.parametrize(
    ("out", "says"),
    [
        (None, "accord run case.yaml --quick"),
        ("o/default", "accord run case.yaml --quick --out o/default"),
        ("../o", "accord run case.yaml --quick --out ../o"),
        ("/home/ann/secret/o", "accord run case.yaml --quick --out o"),
    ],
)
def test_the_command_shows_the_folder_as_it_was_given_but_no_place_of_this_machine(
    out: str | None, says: str
) -> None:
    options = {"effort": "quick", "threads": 2}
    assert command_of("/home/ann/case.yaml", None if out is None else Path(out), options) == says
    assert command_of("case.yaml", None, {}) == "accord run case.yaml"
