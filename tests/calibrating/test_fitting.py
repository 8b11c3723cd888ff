"""From a store to a calibration: what is fitted, told and saved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accord.calibrating import calibrate_class, class_text, drift_text, drifted, populations_of, save_class
from accord.calibrating.jointly import facts
from accord.lenses.endurance import own
from accord.lenses.endurance.calibration import Calibration
from accord.lenses.endurance.own import LEVELS, read_own
from accord.lenses.endurance.population import REFERENCE, Structure, population
from accord.lenses.endurance.reference import Cell, Key
from accord.problems import SituationError

SIZE = 60


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Populations of few members at the rates, and a cache folder of its own."""

    def small(size: int = SIZE, **how: Any) -> Any:
        return population(size=SIZE, **how)

    monkeypatch.setattr(own, "population", small)
    monkeypatch.setenv("ACCORD_CACHE_DIR", str(tmp_path / "cache"))
    own._cell.cache_clear()
    yield
    own._cell.cache_clear()


@pytest.fixture(scope="module")
def found(store: Path) -> dict[str, Any]:
    """A class of one precision, with drifts."""
    return calibrate_class("defense=yes", store, betas=(14.0,), size=SIZE, name=" pacts ", drift=True)


def test_a_fit_holds_all_that_a_calibration_needs(found: dict[str, Any], store: Path) -> None:
    assert (found["name"], found["class"], found["n"], found["ended"]) == ("pacts", "defense=yes", 30, 30)
    assert found["structure"] == asdict(REFERENCE)
    assert set(found["fits"]) == {"plain", "drifting"}
    by = {target["name"]: target for target in found["targets"]}
    assert by["survival 5"]["n"] == 30
    assert by["survival 5"]["low"] < by["survival 5"]["value"] < by["survival 5"]["high"]
    for fits in found["fits"].values():
        (alone,), (both,) = fits["survival_only"], fits["with_causes"]
        assert alone["on"] == ["survival 1", "survival 5", "survival 10"]
        assert alone["total"] <= sum(both["misfit"][name] ** 2 for name in alone["on"]) + 1e-9
        assert both["on"] == list(by)
    assert len(found["store"]["digest"]) == 64
    assert found["store"]["holds"] == "atop-alliance 4.01, regimes"
    assert json.loads(json.dumps(found)) == found
    again = calibrate_class("defense=yes", store, betas=(14.0,), size=SIZE, name="pacts", drift=True)
    assert again == found


def test_it_is_told_row_by_row(found: dict[str, Any]) -> None:
    text = class_text(found)
    for head in (
        "survival alone, beta 14",
        "survival and causes, beta 14",
        "survival alone, drifts, beta 14",
    ):
        assert head in text
    assert "pacts: 30 alliances, 30 over" in text
    row = found["fits"]["plain"]["survival_only"][0]
    assert f"{row['nu']:.4f}" in text
    assert f"{row['total']:.1f}" in text
    assert "left out: the age" in class_text({**found, "left_out": ["the age"]})


def test_another_case_another_make_up(store: Path) -> None:
    made = calibrate_class("defense=yes", store, case="syria-iran-2002", betas=(14.0,), size=SIZE)
    assert Structure(**made["structure"]) == Structure(client=False, threats=2)
    assert made["drifts"] == {}
    assert set(made["fits"]) == {"plain"}


@pytest.mark.parametrize("level", ["theatre", "bilateral"])
def test_what_ends_is_what_was_asked_for(store: Path, level: str) -> None:
    made = calibrate_class("defense=yes", store, betas=(14.0,), size=SIZE, level=level)
    row = made["fits"]["plain"]["survival_only"][0]
    one, other = (
        facts(population(size=SIZE), n, 14.0, row["nu"], 8)
        for n in (LEVELS.index(level), LEVELS.index(level) - 1)
    )
    assert row["model"] == pytest.approx(one, abs=0.01)
    assert other["survival 5"] != pytest.approx(one["survival 5"], abs=0.02)


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("use", ["survival_only", "with_causes"])
def test_what_is_saved_has_the_population_that_was_worked_out(
    found: dict[str, Any], tmp_path: Path, use: str
) -> None:
    save_class({**found, "use": use}, tmp_path / "pacts.json")
    (one,) = read_own([tmp_path / "pacts.json"], REFERENCE)
    row = found["fits"]["plain"][use][0]
    assert (one.use, one.paces[0].nu, one.paces[0].targets) == (use, row["nu"], len(row["on"]))
    cells = populations_of({**found, "use": use})
    for cell, other in zip(cells, own.cells_of(one), strict=True):
        np.testing.assert_array_equal(cell.index, other.index)


def test_a_class_without_five_years_is_not_saved(found: dict[str, Any], tmp_path: Path) -> None:
    short = {**found, "targets": [one for one in found["targets"] if one["name"] != "survival 5"]}
    with pytest.raises(SituationError, match="nothing is known of five years of 'pacts'"):
        save_class(short, tmp_path / "pacts.json")
    assert not (tmp_path / "pacts.json").exists()


def cell(variant: str, nu: float, index: list[float], ratio: list[float]) -> Cell:
    """A population by hand."""
    made = Calibration("own: x", 14.0, nu, 0.9, 0.6, 0.0)
    return Cell(Key(variant, "own: x", 14.0), made, 0.1, (1.0, 1.0), np.array(index), np.array(ratio))


def test_what_drifts_change_by_hand() -> None:
    before = cell("plain", 0.02, [1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 4.0])
    after = cell("drifting", 0.03, [1.0, 2.0, 3.0, 5.0], [1.0, 3.0, 2.0, 4.0])
    (row,) = drifted((before, after))
    assert (row.beta, row.nu, row.nu_drifting) == (14.0, 0.02, 0.03)
    # Two neighbours change places in the middle: rank correlation 1 - 6 * 2/(4 * 15).
    assert (row.index, row.ratio) == pytest.approx((1.0, 0.8))
    assert (row.durable, row.conditional) == (0.0, 0.5)
    text = drift_text([row])
    assert "reviews 0.0200 -> 0.0300" in text
    assert "0.800" in text
    assert "50.0%" in text
    assert drifted((before,)) == []
    assert "nothing can be compared" in drift_text([])


def test_classes_by_regime(store: Path) -> None:
    mixed = calibrate_class("least_democratic=0..0.2", store, betas=(14.0,), size=SIZE)
    assert mixed["n"] == 15
    with pytest.raises(SituationError, match="9 alliances belong"):
        # Portugal is known from 1911 on: 1911, 1913 ... 1929, less one that is the tenth.
        calibrate_class("least_democratic=0.2..1 year=1901..1928", store, betas=(14.0,), size=SIZE)
    with pytest.raises(SituationError, match=r"V-Dem.* has not been imported"):
        calibrate_class("most_democratic=0..1", store.with_name("bare.duckdb"), betas=(14.0,), size=SIZE)
