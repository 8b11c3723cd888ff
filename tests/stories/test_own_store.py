"""A run with the user's own import: what it adds to the report, and that results depend on it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

import accord
from accord.cli import main
from accord.data import import_files
from accord.lenses import vocabulary
from accord.lenses.precedent import LENS
from accord.lenses.precedent.stored import stored_at
from accord.study.effort import LOOK
from accord.study.running import run_study

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "data"))
from native_samples import ALLIANCES, NMC

CASE = """
accord: 1
title: two and an enemy
as_of: 2020-01
partnership:
  patrons:
    iran: {threats: {fire: {value: {low: 0.5, best: 1.0, high: 1.5}}}}
    russia: {threats: {fire: {value: 0.5}}}
  client: {actor: friend}
  threats: {fire: {level: 0.8, strength: 1.5}}
  formed_year: 2014
  formed_in_wartime: 1
resources: {arms: {}}
actors:
  iran: {kind: state, capability: {arms: 1.0}}
  russia: {kind: state, capability: {arms: 2.0}}
  friend: {kind: state, capability: {arms: 3.0}}
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a case and a store, away from the store of whoever runs the tests."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "case.yaml").write_text(CASE)
    (tmp_path / "a.csv").write_text(ALLIANCES)
    (tmp_path / "n.csv").write_text(NMC)
    import_files([tmp_path / "a.csv", tmp_path / "n.csv"], store=tmp_path / "s.duckdb")
    return tmp_path


@pytest.fixture
def cli():
    """Runs the command; returns (status, standard output, standard error)."""

    def call(*words: str) -> tuple[int, str, str]:
        """One command."""
        done = CliRunner().invoke(main, list(words))
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    return call


def looked(place: Path, store: str, keep: Path | None = None) -> str:
    """The digest of a run of this lens alone."""
    case = accord.read(place / "case.yaml")
    stored = stored_at(store)
    study = run_study(case, vocabulary(), worlds=8, lenses=[LENS], effort=LOOK, stored=stored, keep=keep)
    return study.digest


def test_the_store_reaches_the_run_and_its_digest_the_manifest(cli, place: Path, monkeypatch) -> None:
    monkeypatch.setattr("accord.study.running.all_lenses", lambda: (LENS,))  # the others are not asked
    status, out, _ = cli("run", "case.yaml", "--worlds", "8", "--quick", "--store", "s.duckdb", "--out", "o")
    assert status == 0
    manifest = json.loads((place / "o/run.json").read_text("utf-8"))
    stored = stored_at(place / "s.duckdb")
    assert stored is not None
    assert manifest["run"]["store"] == {"digest": stored.digest, "holds": ["atop-alliance 4.01", "nmc 6"]}
    (seen,) = (one for one in manifest["findings"] if one["lens"] == "precedent")
    assert {"nearest", "capabilities", "rates_at_age", "incidence"} <= {t["name"] for t in seen["tables"]}
    assert "outlook.in_force.5" in seen["measures"]
    page = (place / "o/report.html").read_text("utf-8")
    assert stored.digest in page
    assert "--store s.duckdb" in page
    assert str(place) not in page, "no place of this machine"
    assert "It is 6 years old" in out.replace("\n ", "")


def test_results_depend_on_the_store_and_on_nothing_else_of_it(place: Path) -> None:
    without, first = looked(place, "none"), looked(place, "s.duckdb")
    assert without == looked(place, "none")
    assert first != without
    assert first == looked(place, "s.duckdb")
    (place / "moved.duckdb").write_bytes((place / "s.duckdb").read_bytes())
    assert looked(place, "moved.duckdb") == first
    (place / "n.csv").write_text(NMC.replace("0.05", "0.06"))
    import_files([place / "n.csv"], store=place / "s.duckdb")
    assert looked(place, "s.duckdb") not in (first, without)


def test_what_is_kept_of_a_run_hangs_on_the_store(place: Path) -> None:
    """A run that goes on with what is kept has the digest of one that does not, whatever store came before."""
    kept = place / "kept"
    looked(place, "none", kept)
    assert looked(place, "s.duckdb", kept) == looked(place, "s.duckdb")
    runs = {path.name.partition("-")[0] for path in kept.iterdir()}
    assert len(runs) == 2


def test_the_front_door_hands_on_the_usual_store_unless_none_is_asked_for(place: Path, monkeypatch) -> None:
    seen = []
    monkeypatch.setattr("accord.doors.run_study", lambda *_, stored, **__: seen.append(stored))
    accord.run("case.yaml")
    usual = place / "home" / "accord" / "precedent.duckdb"
    usual.parent.mkdir(parents=True)
    usual.write_bytes((place / "s.duckdb").read_bytes())
    accord.run("case.yaml")
    accord.run("case.yaml", store="none")
    accord.run("case.yaml", store="s.duckdb")
    assert seen == [None, stored_at("s.duckdb"), None, stored_at("s.duckdb")]


@pytest.mark.parametrize(
    ("name", "says"), [("nowhere.duckdb", "nothing has been imported"), ("case.yaml", "no store of Accord")]
)
def test_a_store_that_is_none_leaves_with_2(cli, place: Path, name: str, says: str) -> None:
    status, _, err = cli("run", "case.yaml", "--worlds", "8", "--quick", "--store", name, "--out", "o")
    assert status == 2
    assert says in err
    assert not (place / "o").exists()


def test_a_shipped_case_points_to_what_happened_since(place: Path) -> None:
    from accord.job import _since

    study: Any = SimpleNamespace(situation=accord.read("tehran-moscow-2015"))
    assert _since("tehran-moscow-2015", study) == "accord forecast retrospective tehran-moscow-2015"
    assert _since("case.yaml", study) == "", "a file of the user's own by that name is another case"
    study.situation = accord.read("us-pakistan-1987")
    assert _since("us-pakistan-1987", study) == "", "nothing is kept of what happened since"


def test_the_pointer_stands_in_the_report(place: Path) -> None:
    from accord.report.compose import view_of

    study = run_study(accord.read("case.yaml"), vocabulary(), worlds=8, lenses=[LENS], effort=LOOK)
    told = view_of(study, vocabulary(), "", "accord forecast retrospective x").provenance
    assert told["What happened since"] == "accord forecast retrospective x"
    assert "What happened since" not in view_of(study, vocabulary()).provenance
