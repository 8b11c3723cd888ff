"""The command ``accord calibrate --class``: what it writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from accord.calibrating import commanded
from accord.calibrating.fitting import calibrate_class
from accord.cli import main


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Small populations in a scratch folder; those at the rates are not worked out."""

    def fit(*words: Any, **given: Any) -> dict[str, Any]:
        return calibrate_class(*words, **{**given, "size": 60})

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(commanded, "calibrate_class", fit)
    monkeypatch.setattr(commanded, "populations_of", lambda _: ())


def called(*words: str) -> Result:
    """The command."""
    return CliRunner().invoke(main, ["calibrate", *words])


def test_a_class_is_saved(store: Path) -> None:
    words = [
        "us-pakistan-1987",
        "--class",
        "defense=yes",
        "--store",
        str(store),
        "--beta",
        "14",
        "--name",
        "pacts",
    ]
    done = called(*words, "--save", "mine/pacts.json", "--with-causes", "--drift", "measured")
    assert done.exit_code == 0, done.output
    assert "next: accord run us-pakistan-1987 --calibration mine/pacts.json" in done.stdout
    assert "Drifts" in done.stdout
    record = json.loads(Path("mine/pacts.json").read_text("utf-8"))
    assert (record["accord_calibration"], record["name"], record["use"]) == (1, "pacts", "with_causes")
    assert str(store) not in json.dumps(record)


def test_json_holds_the_same(store: Path) -> None:
    done = called("--class", "defense=yes", "--store", str(store), "--beta", "14", "--beta", "6", "--json")
    record = json.loads(done.stdout)
    assert [row["beta"] for row in record["fits"]["plain"]["survival_only"]] == [6.0, 14.0]


def test_bad_input_leaves_with_two_and_one_line_for_each_problem(store: Path) -> None:
    told = {
        ("--class", "wartim", "--store", str(store)): ["'wartim' is neither a class"],
        ("--class", "year=1800..1801", "--store", str(store)): ["0 alliances belong"],
        ("--class", "all", "--store", "none.duckdb"): ["none.duckdb"],
        ("--save", "x.json", "--drift", "measured", "--beta", "14"): [
            "--beta means something only with --class",
            "--drift means something only with --class",
            "--save means something only with --class",
        ],
        ("--class", "all", "--write", "--name", " ", "--store", str(store)): [
            "--write means something only without --class",
            "the name is empty",
        ],
        ("no-such-case", "--class", "all", "--store", str(store)): ["no-such-case"],
    }
    for words, lines in told.items():
        done = called(*words)
        assert done.exit_code == 2, (words, done.output)
        found = done.stderr.strip().splitlines()
        assert len(found) == len(lines)
        for line, says in zip(found, lines, strict=True):
            assert says in line
    assert list(Path().iterdir()) == []


def test_a_place_that_cannot_be_written_is_status_one(store: Path) -> None:
    Path("file").write_text("")
    done = called("--class", "defense=yes", "--store", str(store), "--beta", "14", "--save", "file/x.json")
    assert done.exit_code == 1
    assert "cannot be written" in done.stderr
