"""Runs of the shipped case through one lens, for tests of why a verdict moved."""

import json
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import accord
from accord.cli import main
from accord.engine.chunks import LocalEngine
from accord.lenses import lens_named, vocabulary
from accord.study import running
from accord.study.effort import QUICK
from accord.study.moved import moved
from accord.study.record import write_results
from accord.study.running import run_study

sys.path.insert(0, str(Path(__file__).parent))  # the changes are beside the tests
from two_changes import CASE, CHANGED, WORLDS


@pytest.fixture(scope="session")
def case():
    return accord.read(CASE)


@pytest.fixture(scope="session")
def ran(tmp_path_factory, case):
    """Runs a situation into a folder, as the command does but through one lens and without scenarios."""

    def run(name, changes, seed=0, of=case, **how):
        folder = tmp_path_factory.mktemp(name)
        situation = accord.amend(of, changes) if changes else of
        lenses = [lens_named("endurance")]
        study = run_study(
            situation,
            vocabulary(),
            worlds=WORLDS,
            seed=seed,
            scenarios=(),
            lenses=lenses,
            effort=QUICK,
            **how,
        )
        write_results(study, folder)
        accord.save(study.situation, folder / "situation.json")
        return folder

    return run


@pytest.fixture
def cut(ran, monkeypatch):
    """Runs a situation that is cancelled after half of its worlds."""
    real = running.columns_of

    def stopped(subjects, drawn, brief):
        if drawn[0].first >= WORLDS // 2:
            raise KeyboardInterrupt
        return real(subjects, drawn, brief)

    def run(name, changes):
        with monkeypatch.context() as patch:
            patch.setattr(running, "columns_of", stopped)
            return ran(name.replace(" ", "_"), changes, engine=LocalEngine(threads=1, chunk=WORLDS // 2))

    return run


@pytest.fixture(scope="session")
def base(ran):
    return ran("base", {})


@pytest.fixture(scope="session")
def changed(ran):
    return ran("changed", CHANGED)


@pytest.fixture(scope="session")
def why(base, changed):
    return moved(base, changed, vocabulary())


@pytest.fixture
def cli():
    """Runs the command; returns (status, standard output, standard error)."""

    def call(*words):
        done = CliRunner().invoke(main, [str(word) for word in words])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    return call


@pytest.fixture
def copied(tmp_path):
    """Copies a result folder, its manifest changed."""

    def copy(folder, change=None):
        target = tmp_path / "copy"
        shutil.copytree(folder, target)
        if change is not None:
            record = json.loads((target / "run.json").read_text("utf-8"))
            change(record)
            (target / "run.json").write_text(json.dumps(record), "utf-8")
        return target

    return copy
