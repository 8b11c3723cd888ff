"""The shipped model: made again from the shared data, and what it says."""

import json
import math
import time
from pathlib import Path

import numpy as np
import pytest

from accord.data import import_files
from accord.lenses.precedent import CAUSES, COVARIATES, outlook, shipped_model
from accord.lenses.precedent.fitted import ERAS, as_numbers, fit_from
from accord.lenses.precedent.recompute import SOURCES, plain
from accord.lenses.precedent.shipped import content_of
from accord.lenses.precedent.spells import spells_of
from accord.problems import SituationError

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "precedent"
FILES = (
    "atop-alliance-level.csv",
    "atop-member-level.csv",
    "ps_cow_nmc.parquet",
    "ps_archigos.parquet",
    "chisols_stateyear4.parquet",
    "ps_gml_mid_ddydisps.parquet",
    "ps_tss_rivalries.parquet",
)
DEFENCE = {"offense": 0, "defense": 1, "neutrality": 0, "consultation": 0, "wartime": 0, "multilateral": 0}


def numbers_in(value):
    """Every number of nested data, in order."""
    if isinstance(value, dict):
        return [x for key in sorted(value) for x in numbers_in(value[key])]
    if isinstance(value, list):
        return [x for one in value for x in numbers_in(one)]
    return [math.nan if value is None else value] if isinstance(value, int | float | None) else []


@pytest.fixture(scope="module")
def model_store(tmp_path_factory):
    if not SHARED.exists():
        pytest.skip("the shared data is not beside the repository")
    store = tmp_path_factory.mktemp("model") / "precedent.duckdb"
    import_files([SHARED / name for name in FILES], store=store)
    return store


def test_the_shipped_model_is_made_again(model_store) -> None:
    began = time.process_time()
    again = plain(as_numbers(fit_from(model_store)))
    assert time.process_time() - began < 60.0
    shipped = content_of("hazard_model")["numbers"]
    assert json.dumps(shipped, sort_keys=True).count(":") == json.dumps(again, sort_keys=True).count(":")
    assert numbers_in(again) == pytest.approx(numbers_in(shipped), abs=2e-5, nan_ok=True)


def test_endings_are_those_of_the_base_rates(model_store) -> None:
    told = spells_of(model_store)
    assert [int((told.cause == c).sum()) for c in (1, 2, 3, 4)] == [84, 160, 118, 49]
    assert len(set(told.alliance.tolist())) == 745
    assert shipped_model().model.endings == (84, 160, 118, 49)


def test_it_needs_more_than_the_alliances() -> None:
    kind, _, also = SOURCES["hazard_model"]
    assert {kind, *also} == {
        "atop-alliance",
        "atop-member",
        "nmc",
        "leaders",
        "coalitions",
        "disputes",
        "rivalries",
    }


def test_what_it_was_worth_is_shipped() -> None:
    found = shipped_model()
    assert set(found.scores) == set(found.eras) == set(found.calibration) == {5, 10}
    for years, rows in found.scores.items():
        assert {(row.model, row.rival) for row in rows} == {
            ("model", "class_and_age"),
            ("model", "class_only"),
            ("model_recent", "class_recent"),
        }
        assert list(found.eras[years]) == [f"{low}-{high - 1}" for low, high in ERAS]
        for row in rows:
            assert row.brier_skill.low <= row.brier_skill.value <= row.brier_skill.high
            assert row.brier_skill.value == pytest.approx(1 - row.brier / row.rival_brier, abs=1e-3)
    assert found.errors.shape == found.model.raw().shape == (len(CAUSES), len(COVARIATES))


def test_outlook_is_a_distribution_that_moves_as_the_slopes_say() -> None:
    calm = outlook({**DEFENCE, "capability_change": 0.0}, 5, age=5)
    stirred = outlook({**DEFENCE, "capability_change": 0.5}, 5, age=5)
    for p in (calm, stirred):
        assert list(p) == ["in_force", *CAUSES]
        assert sum(p.values()) == pytest.approx(1.0)
    assert stirred["violated"] > calm["violated"]
    assert outlook(DEFENCE, 10, age=5)["in_force"] < outlook(DEFENCE, 5, age=5)["in_force"]
    assert outlook(DEFENCE, 5, recent=False)["in_force"] < outlook(DEFENCE, 5)["in_force"]


def test_outlook_knows_when_the_treaty_runs_out() -> None:
    at = {due: outlook(DEFENCE, 5, age=5, runs_out_in=due)["expired"] for due in (3, 20, math.inf)}
    assert at[3] > at[20]
    assert at[3] > at[math.inf]


def test_what_is_left_out_is_the_mean() -> None:
    model = shipped_model().model
    place = model.names.index("capability_change")
    stated = outlook({"capability_change": float(model.mean[place])}, 5, age=2)
    assert outlook({}, 5, age=2) == pytest.approx(stated)


def test_outlook_refuses_all_faults_at_once() -> None:
    with pytest.raises(SituationError) as caught:
        outlook({"capability_chang": 1.0, "defense": math.nan}, 5)
    text = str(caught.value)
    assert "did you mean" in text
    assert "capability_change" in text
    assert "'defense' is no number" in text
    with pytest.raises(ValueError, match="1 year or more"):
        outlook({}, 0)


def test_slopes_are_per_unit() -> None:
    content = content_of("hazard_model")["numbers"]
    assert np.array(content["slopes"]) == pytest.approx(shipped_model().model.raw(), abs=1e-4)
