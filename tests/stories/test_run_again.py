"""Running into a folder once more, being stopped while results are written, and the command that repeats a run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from accord import job
from accord.cli import main
from accord.job import command_of

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
