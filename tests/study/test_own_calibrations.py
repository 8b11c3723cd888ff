"""The verdict under calibrations of the user's own: further rows, the same default, and what a cancel leaves."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import accord
from accord.lenses.endurance import compute, own, places, reference
from accord.lenses.endurance.estimators import simulate
from accord.lenses.endurance.own import cells_of, drifting, read_own, save_own
from accord.lenses.endurance.population import REFERENCE, SEED, population, viable
from accord.study import judging
from accord.study.ran import how_of
from accord.study.record import record_of
from accord.study.study import Study

sys.path.insert(0, str(Path(__file__).parent))  # the situation stands beside the tests of the verdict
from test_verdict import WORLDS, written

MEMBERS, RUNS = 200, 2


def row(variant: str, beta: float, nu: float, total: float) -> dict[str, Any]:
    """A rate, and what a small population does at it."""
    people = population(size=MEMBERS, variant=variant)
    runs = simulate(people.numbers, beta=beta, nu=nu, months=60, replicates=RUNS, seed=SEED)
    alive = runs.survival[:, 1].mean(axis=0)
    model = {"survival 1": float(alive[12]), "survival 5": float(alive[60])}
    return {
        "beta": beta,
        "nu": nu,
        "at_limit": False,
        "on": ["survival 1", "survival 5"],
        "total": total,
        "model": model,
    }


def saved(path: Path, name: str = "pacts", nu: float = 0.02) -> Path:
    """A calibration with two precisions, one of them with drifts as well."""
    fits = {
        "plain": {"survival_only": [row("plain", 6.0, nu, 1.0), row("plain", 40.0, 2 * nu, 3.0)]},
        "drifting": {"survival_only": [row("drifting", 40.0, 2 * nu, 3.0)]},
    }
    targets = [{"name": "survival 1", "value": 0.95}, {"name": "survival 5", "value": 0.7}]
    counts = {"n": 40, "ended": 30, "size": MEMBERS, "replicates": RUNS}
    about = {"name": name, "class": "defense=yes", "level": "bilateral", "use": "survival_only"}
    save_own({**about, **counts, "targets": targets, "structure": asdict(REFERENCE), "fits": fits}, path)
    return path


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Populations of few members at the rates of files, and a cache folder of its own."""

    def small(size: int = MEMBERS, **how: Any) -> Any:
        return population(size=MEMBERS, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own, "population", small)
        patch.setenv("ACCORD_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        own._cell.cache_clear()
        yield
        own._cell.cache_clear()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the situation and a calibration."""
    made = tmp_path_factory.mktemp("own")
    (made / "situation.yaml").write_text(written())
    saved(made / "pacts.json")
    return made


def run(folder: Path, **given: Any) -> Study:
    """A quick run of few worlds."""
    return accord.run(folder / "situation.yaml", worlds=WORLDS, effort="quick", **given)


@pytest.fixture(scope="module")
def bare(folder: Path) -> Study:
    """Without a calibration of one's own."""
    return run(folder)


@pytest.fixture(scope="module")
def study(folder: Path, few: None) -> Study:
    """With one."""
    return run(folder, calibration=folder / "pacts.json")


def test_the_pace_stays_that_of_the_case(study: Study, bare: Study) -> None:
    one, other = study.verdict, bare.verdict
    assert one is not None
    assert other is not None
    assert (study.digest, one.label, one.shares) == (bare.digest, other.label, other.shares)
    np.testing.assert_array_equal(one.ranks, other.ranks)
    assert one.calibration == other.calibration
    assert one.digest != other.digest
    assert one.robustness[: len(other.robustness)] == other.robustness
    assert other.own == ()


def test_each_rate_is_a_row(study: Study, folder: Path) -> None:
    verdict = study.verdict
    assert verdict is not None
    rows = verdict.robustness[1:]
    assert [(one.variant, one.kind, one.beta) for one in rows] == [
        ("plain", "own: pacts", 6.0),
        ("plain", "own: pacts", 40.0),
        ("drifting", "own: pacts", 40.0),
    ]
    assert {one.called for one in rows} == {"your class 'pacts'"}
    (made,) = read_own([folder / "pacts.json"], REFERENCE)
    good = study.columns["|endurance|viable"] > 0.0
    for one, cell in zip(rows, cells_of(made), strict=True):
        assert one.status == "judged"
        assert one.worlds == good.sum()
        assert one.misfit == cell.calibration.misfit


def test_a_row_is_what_the_lens_gives_among_that_population(study: Study, folder: Path) -> None:
    from accord.lenses import vocabulary
    from accord.study.intervene import Pairs

    verdict = study.verdict
    assert verdict is not None
    (made,) = read_own([folder / "pacts.json"], REFERENCE)
    pairs = Pairs(study.situation, vocabulary(), WORLDS, 0, "sobol", WORLDS)
    plain = compute.numbers_of(study.situation, pairs.drawn_for(study.situation, "endurance"))
    for one, cell in zip(verdict.robustness[1:], cells_of(made), strict=True):
        numbers = drifting(plain, 0) if one.variant == "drifting" else plain
        runs = 16 if one.beta < 10.0 else 8
        both = reference.survivals(numbers, cell.calibration, runs, 0, 1)
        stand = places.place(*reference.index_and_ratio(*both, made.kind), cell)
        assert one.shares == pytest.approx(stand.shares(viable(numbers)))
    assert verdict.robustness[2].shares != verdict.robustness[3].shares


def test_the_manifest_says_under_what(study: Study, bare: Study, folder: Path) -> None:
    record = json.loads(json.dumps(record_of(study), default=str))
    digest = json.loads((folder / "pacts.json").read_text("utf-8"))["digest"]
    assert record["run"]["calibrations"] == {"pacts": digest}
    (told,) = record["verdict"]["own_classes"]
    assert (told["name"], told["rules"], told["alliances"], told["digest"]) == (
        "pacts",
        "defense=yes",
        40,
        digest,
    )
    assert [pace["rejected"] for pace in told["paces"]] == [False, False, False]
    (weighed,) = told["weighed"]
    assert weighed["weights"]["6"] == pytest.approx(1.0 / (1.0 + np.exp(-1.0)))
    assert record["verdict"]["robustness"]["cells"][1]["called"] == "your class 'pacts'"
    plain = record_of(bare)
    assert (plain["run"]["calibrations"], plain["verdict"]["own_classes"]) == ({}, [])


def test_what_is_kept_is_kept_by_calibration(folder: Path, few: None, tmp_path: Path) -> None:
    saved(tmp_path / "other.json", nu=0.05)
    keep = tmp_path / "kept"
    run(folder, keep=keep)
    first = {path.name for path in keep.iterdir()}
    one = run(folder, keep=keep, calibration=[folder / "pacts.json"])
    second = {path.name for path in keep.iterdir()} - first
    other = run(folder, keep=keep, calibration=[tmp_path / "other.json"])
    assert second
    assert {path.name for path in keep.iterdir()} - first - second
    assert one.verdict is not None
    assert other.verdict is not None
    assert one.verdict.robustness[1].shares != other.verdict.robustness[1].shares
    again = run(folder, keep=keep, calibration=[folder / "pacts.json"])
    assert again.verdict is not None
    assert again.verdict.digest == one.verdict.digest


def test_what_cannot_be_used_stops_before_anything_is_drawn(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(accord.SituationError) as caught:
        run(folder, calibration=[tmp_path / "none.json", folder / "situation.yaml", folder / "pacts.json"])
    assert [Path(problem.file).name for problem in caught.value.problems] == ["none.json", "situation.yaml"]
    with pytest.raises(accord.SituationError, match="is fitted to partnerships of"):
        accord.run("tehran-moscow-2015", worlds=8, effort="quick", calibration=folder / "pacts.json")


def test_a_cancel_leaves_the_verdict_and_says_what_is_missing(
    folder: Path, few: None, bare: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancelled(case: Any, *_: Any) -> tuple[()]:
        if case.own:
            raise KeyboardInterrupt
        return ()

    monkeypatch.setattr(judging, "_held_own", cancelled)
    found = run(folder, calibration=folder / "pacts.json")
    assert found.interrupted
    assert found.verdict is not None
    assert bare.verdict is not None
    assert found.verdict.shares == bare.verdict.shares
    assert len(found.verdict.robustness) == 1
    assert found.left_out == ("calibrations of your own (cancelled)",)


def test_a_comparison_of_runs_says_which_calibrations_each_had(
    study: Study, bare: Study, folder: Path
) -> None:
    digest = json.loads((folder / "pacts.json").read_text("utf-8"))["digest"]
    (how,) = how_of(record_of(bare), record_of(study))
    assert (how.what, how.before, how.after) == ("calibrations of your own", None, f"pacts ({digest[:8]})")
