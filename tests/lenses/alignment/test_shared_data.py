"""All published energies and all proven frustration indices; skipped where the shared data is not at hand."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from accord.lenses.alignment import frustration, landscape

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "alignment"
pytestmark = pytest.mark.skipif(
    not (DATA / "frustration_optima.csv").exists(), reason="the shared data is not beside the repository"
)


@pytest.mark.parametrize("scenario", ["base", "weak"])
def test_all_published_energies(scenario: str) -> None:
    case = json.loads((DATA / f"landscape_syria2016_{scenario}.json").read_text("utf-8"))
    names = case["actors"]
    with (DATA / f"landscape_syria2016_{scenario}_published.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1024
    side = np.array([[row[name] == "2" for name in names] for row in rows])
    energy = np.array([float(row["Energy"]) for row in rows])
    own = np.array([[float(row[f"{name}_Frustration"]) for name in names] for row in rows])
    found = landscape(case["propensity"], case["size"])
    assert (found.energy(side) == energy).all()
    assert (found.frustration(side) == own).all()
    assert sorted(found.energies()) == sorted(energy)
    lowest = side[[row["Local Min"] == "True" for row in rows]]
    assert len(lowest) == found.minima_count == 1
    assert (found.minima[0].blocs == lowest[0] ^ lowest[0][0]).all()
    assert found.optimum.energy == case["optimum"]
    few = {names[k] for k in np.flatnonzero(found.optimum.blocs)}
    assert few in [set(bloc) for bloc in case["optimum_blocs"]]


def network(path: Path) -> tuple[list[str], list[tuple[str, str, float]]]:
    case = json.loads(path.read_text("utf-8"))
    names = case["names"]
    return names, [(names[i], names[j], weight) for i, j, weight in case["edges"]]


def optima() -> dict[str, float]:
    with (DATA / "frustration_optima.csv").open(encoding="utf-8") as file:
        return {row["name"]: float(row["highs"]) for row in csv.DictReader(file)}


def test_highland_tribes() -> None:
    found = frustration(*network(DATA / "tribes.json"))
    assert (found.index, found.proven) == (7.0, True)
    assert found.index == optima()["read_highland_tribes"]


def test_highland_tribes_through_the_programmes(monkeypatch: pytest.MonkeyPatch) -> None:
    from accord.lenses.alignment import balance

    every = [frustration(*network(DATA / "tribes.json"), blocs).index for blocs in (2, 3, 8)]
    assert every == [7.0, 2.0, 2.0]
    monkeypatch.setattr(balance, "_TWO", 0)
    found = frustration(*network(DATA / "tribes.json"))
    assert (found.index, found.bound, found.proven) == (7.0, 7.0, True)


def test_slovene_parliament() -> None:
    names, ties = network(DATA / "stranke94.json")
    counted = frustration(names, ties, weighted=False)
    assert (counted.index, counted.proven, counted.ways) == (2.0, True, 1)
    weighed = frustration(names, ties)
    assert (weighed.index, weighed.proven, weighed.ways) == (15.0, True, 1)
    assert (weighed.blocs == counted.blocs).all()


def test_correlates_of_war() -> None:
    known, paths = optima(), sorted((DATA / "cow").glob("*.json"))
    assert len(paths) == 51
    for path in paths:
        found = frustration(*network(path), time_limit=60)
        assert found.proven, path.stem
        assert found.index == found.bound == known[f"cow_{path.stem}"], path.stem
        assert len(found.changes) == found.index
