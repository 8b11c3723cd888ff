"""Calibrations of the user's own: files that are whole or refused, populations at their rates, and drifts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accord.lenses.endurance import own, reference
from accord.lenses.endurance.calibration import Kind
from accord.lenses.endurance.estimators import simulate
from accord.lenses.endurance.own import Own, Pace, cells_of, digest_of, drifting, own_of, read_own, save_own
from accord.lenses.endurance.population import REFERENCE, SEED, Structure, population
from accord.lenses.endurance.ranges import MEASURED
from accord.lenses.endurance.reference import Cell, Key
from accord.problems import SituationError

NU, BETA, MEMBERS, RUNS = 0.03, 14.0, 60, 2


def fit_of(
    nu: float = NU, beta: float = BETA, variant: str = "plain", at_limit: bool = False
) -> dict[str, Any]:
    """A row of a file: a rate, and what a small population does at it."""
    people = population(size=MEMBERS, variant=variant)
    runs = simulate(people.numbers, beta=beta, nu=nu, months=60, replicates=RUNS, seed=SEED)
    alive = runs.survival[:, 1].mean(axis=0)
    model = {"survival 1": float(alive[12]), "survival 5": float(alive[60])}
    return {"beta": beta, "nu": nu, "at_limit": at_limit, "on": list(model), "total": 1.5, "model": model}


def record_of(name: str = "pacts", **fits: list[dict[str, Any]]) -> dict[str, Any]:
    """What a file holds."""
    return {
        "name": name,
        "class": "defense=yes year=1945..1989",
        "level": "bilateral",
        "n": 40,
        "ended": 30,
        "targets": [{"name": "survival 1", "value": 0.9}, {"name": "survival 5", "value": 0.6}],
        "use": "survival_only",
        "structure": asdict(REFERENCE),
        "size": MEMBERS,
        "replicates": RUNS,
        "fits": {variant: {"survival_only": rows} for variant, rows in fits.items()},
    }


@pytest.fixture(scope="module")
def plain() -> dict[str, Any]:
    """One rate, as the population is."""
    return record_of(plain=[fit_of()])


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[int]]:
    """Populations of few members and a cache folder of its own; counts how often a population was drawn."""
    drawn: list[int] = []

    def small(size: int = MEMBERS, **how: Any) -> Any:
        drawn.append(size)
        return population(size=MEMBERS, **how)

    monkeypatch.setattr(own, "population", small)
    monkeypatch.setenv("ACCORD_CACHE_DIR", str(tmp_path / "cache"))
    own._cell.cache_clear()
    yield drawn
    own._cell.cache_clear()


def made(record: dict[str, Any]) -> Own:
    """A calibration from what a file would hold."""
    return own_of({**record, "digest": digest_of(record)}, "mine.json")


def test_what_is_saved_is_read_again(plain: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "deep" / "mine.json"
    save_own(plain, path)
    (found,) = read_own([path], REFERENCE)
    assert (found.name, found.rules, found.alliances, found.ended) == ("pacts", plain["class"], 40, 30)
    assert found.kind == Kind("own: pacts", "your class 'pacts'", 1, 0.9, 0.6)
    assert (found.structure, found.size, found.replicates) == (REFERENCE, MEMBERS, RUNS)
    (pace,) = found.paces
    assert (pace.variant, pace.beta, pace.nu, pace.targets) == ("plain", BETA, NU, 2)
    assert found.digest == json.loads(path.read_text("utf-8"))["digest"]
    assert [one.name for one in path.parent.iterdir()] == ["mine.json"]
    assert read_own([], REFERENCE) == ()


def test_what_cannot_be_used_is_told_once_for_each_file(plain: dict[str, Any], tmp_path: Path) -> None:
    def file(name: str, text: str) -> Path:
        (tmp_path / name).write_text(text, "utf-8")
        return tmp_path / name

    save_own(plain, tmp_path / "good.json")
    good = json.loads((tmp_path / "good.json").read_text("utf-8"))
    later = {**good, "accord_calibration": 2}
    short = {key: value for key, value in good.items() if key not in ("targets", "digest")}
    faulty = {**good, "fits": {"sideways": good["fits"]["plain"]}}
    wild = {
        **good,
        "fits": {"plain": {"survival_only": [{**good["fits"]["plain"]["survival_only"][0], "nu": 7.0}]}},
    }
    told = {
        tmp_path / "none.json": "cannot be read",
        tmp_path: "cannot be read",
        file("text.json", "defense: yes"): "is no JSON",
        file("list.json", "[1]"): "is no calibration file",
        file("run.json", '{"format": 1}'): "is no calibration file",
        file("later.json", json.dumps(later)): "of format 2; expected format 1",
        file("touched.json", json.dumps({**good, "n": 41})): "not as it was written",
        file("short.json", json.dumps({**short, "digest": digest_of(short)})): "lacks something",
        file("faulty.json", json.dumps({**faulty, "digest": digest_of(faulty)})): "lacks something",
        file("wild.json", json.dumps({**wild, "digest": digest_of(wild)})): "lacks something",
    }
    with pytest.raises(SituationError) as caught:
        read_own(list(told), REFERENCE)
    lines = [str(problem) for problem in caught.value.problems]
    assert len(lines) == len(told)
    for line, (path, says) in zip(lines, told.items(), strict=True):
        assert line.startswith(f"{path}: ")
        assert says in line


def test_a_file_of_another_make_up_and_a_name_twice_are_refused(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    for name in ("one.json", "two.json"):
        save_own(plain, tmp_path / name)
    with pytest.raises(
        SituationError, match=r"fitted to partnerships of 2 partners.*this case has 3 partners"
    ):
        read_own([tmp_path / "one.json"], Structure(patrons=3))
    with pytest.raises(
        SituationError, match=r"two\.json: there are two calibrations with the name 'pacts'.*--name"
    ):
        read_own([tmp_path / "one.json", tmp_path / "two.json"], REFERENCE)


def test_the_population_at_a_rate_is_that_of_the_model(plain: dict[str, Any], few: list[int]) -> None:
    one = made(plain)
    (cell,) = cells_of(one)
    assert cell.key == Key("plain", "own: pacts", BETA)
    assert cell.kind is one.kind
    people = population(size=MEMBERS)
    halves = [reference.survivals(people.numbers, cell.calibration, 8, seed) for seed in (0, 1)]
    base, both = (np.mean([pair[arm] for pair in halves], axis=0) for arm in (0, 1))
    index, ratio = reference.index_and_ratio(base, both, one.kind)
    np.testing.assert_array_equal(cell.index, index.astype(np.float32))
    np.testing.assert_array_equal(cell.ratio, ratio.astype(np.float32))
    # The hazard ratio is held against the class' own five years.
    _, other = reference.index_and_ratio(base, both, "wartime")
    assert np.abs(other - ratio).max() > 0.01
    assert cell.calibration.misfit == pytest.approx(one.paces[0].one_year - 0.9, abs=1e-4)


def test_a_population_is_kept_and_shared_by_classes_that_want_the_same(
    plain: dict[str, Any], few: list[int]
) -> None:
    (cell,) = cells_of(made(plain))
    drawn = len(few)
    own._cell.cache_clear()
    (again,) = cells_of(made({**plain, "name": "others"}))
    assert len(few) == drawn
    np.testing.assert_array_equal(again.index, cell.index)
    assert (again.key.kind, again.kind.name) == ("own: others", "own: others")
    faster = json.loads(json.dumps(plain))
    faster["fits"]["plain"]["survival_only"][0] |= fit_of(nu=0.1)
    (other,) = cells_of(made(faster))
    assert len(few) > drawn
    assert np.abs(other.index - cell.index).max() > 0.01


def test_a_rate_of_another_model_is_refused(plain: dict[str, Any], few: list[int]) -> None:
    other = json.loads(json.dumps(plain))
    other["fits"]["plain"]["survival_only"][0]["model"]["survival 5"] += 0.01
    with pytest.raises(
        SituationError, match=r"mine\.json: was fitted with another version of the model.*fit it again"
    ):
        cells_of(made(other))


def test_a_rate_at_the_limit_has_no_population(few: list[int]) -> None:
    (cell,) = cells_of(made(record_of(plain=[fit_of(at_limit=True)])))
    assert not cell.reachable
    assert cell.index.size == 0
    assert few == []


def test_a_misfit_beyond_chance() -> None:
    pace = Pace("plain", 14.0, 0.03, 5.9, 3, 0.9, 0.6)
    # The 95th percentile of chi-squared with two degrees of freedom is 5.991.
    assert not pace.rejected
    assert replace(pace, total=6.1).rejected
    assert not replace(pace, total=6.1, targets=1).rejected


def test_drifts_are_all_that_the_redrawn_population_changes() -> None:
    plain, redrawn = population(size=MEMBERS).numbers, population(size=MEMBERS, variant="drifting").numbers
    for name, (low, high) in MEASURED.items():
        assert (plain.of(name) == 0.0).all()
        values = redrawn.of(name)
        assert low <= values.min() < values.max() <= high
    back = redrawn.with_(**dict.fromkeys(MEASURED, 0.0))
    np.testing.assert_array_equal(back.vector, plain.vector)


def test_a_case_drifts_where_it_states_nothing() -> None:
    numbers = population(size=MEMBERS).numbers
    moved = drifting(numbers, 7)
    for name, (low, high) in MEASURED.items():
        values = moved.of(name)
        assert low <= values.min() < values.max() <= high
    few = drifting(numbers.take(slice(0, 5)), 7)
    np.testing.assert_array_equal(few.vector, moved.vector[:5])
    assert (drifting(numbers, 8).of("position_drift") != moved.of("position_drift")).all()
    held = drifting(numbers, 7, frozenset({"position_drift"}))
    assert (held.of("position_drift") == 0.0).all()
    assert (held.of("capability_drift") > 0.0).all()


def test_cells_of_both_populations(few: list[int]) -> None:
    cells: tuple[Cell, ...] = cells_of(
        made(record_of(plain=[fit_of()], drifting=[fit_of(variant="drifting")]))
    )
    assert [cell.key.variant for cell in cells] == ["plain", "drifting"]
    assert 0.0 < np.abs(cells[0].index - cells[1].index).max() < 0.2
