"""The spatial model against runs of the reference program, stage by stage; skipped where the shared data is not at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accord.lenses import bargaining

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "bargaining"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the shared data is not beside the repository")


def case(name: str) -> tuple[dict[str, Any], tuple[np.ndarray, np.ndarray, np.ndarray]]:
    found = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    actors = found["actors"]
    columns = [np.array([actor[key] for actor in actors]) for key in ("position", "salience", "capability")]
    return found, (columns[0], columns[1] / 100, columns[2])


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("smp_dummy3_default", {}),
        ("smp_dummy3_default", {"compat": True}),
        ("smp_emission_default", {}),
        ("smp_emission_default", {"compat": True}),
        ("smp_dummy3_InitRcvrInterp", {"interpolation": "init_receiver", "compat": True}),
        ("smp_emission_MarkovIncentive", {"election": "markov_incentive"}),
        ("smp_emission_MarkovIncentive", {"election": "markov_incentive", "compat": True}),
    ],
)
def test_positions_turn_by_turn(name: str, options: dict[str, Any]) -> None:
    expected, given = case(name)
    course = bargaining.spatial(*given, **options)
    assert course.turns == expected["expected"]["turns"]
    assert course.stopped == "settled"
    np.testing.assert_allclose(course.positions, expected["expected"]["positions_by_turn"], atol=1e-6)


def test_every_stage_of_the_first_turn() -> None:
    expected, given = case("smp_dummy3_default")
    known = expected["stages_turn0"]
    course = bargaining.spatial(*given, stages=True)
    np.testing.assert_array_equal(course.positions, bargaining.spatial(*given).positions)
    assert course.stages is not None
    assert len(course.stages) == course.turns
    stage = course.stages[0]
    for name, values in (
        ("distance_d", stage.distance),
        ("utility_risk_neutral", stage.neutral),
        ("coalition_c", stage.coalition),
        ("victory_V", stage.victory),
        ("pce_p", stage.election),
        ("risk_R", stage.risk),
        ("utility_objective", stage.utility),
        ("utility_viewer", [stage.seen_by(h) for h in range(7)]),
    ):
        np.testing.assert_allclose(values, known[name], atol=1e-6, err_msg=name)
    own = known["challenge_own_view"]
    np.testing.assert_allclose(stage.beats, np.array(own["P"], float), atol=1e-6)
    np.testing.assert_allclose(stage.gain, np.array(own["gain"], float), atol=1e-6)


def test_bargains_and_queues_of_the_first_turn() -> None:
    expected, given = case("smp_dummy3_default")
    known = expected["stages_turn0"]
    stages = bargaining.spatial(*given, stages=True).stages
    assert stages is not None
    for deal, entry in zip(stages[0].bargains, known["bargains"], strict=True):
        assert (deal.initiator, deal.receiver) == (entry["initiator"], entry["receiver"])
        assert deal.gain == pytest.approx(entry["gain"], abs=1e-6)
        np.testing.assert_allclose(deal.initiator_to, entry["initiator_moves_to"], atol=1e-6)
        np.testing.assert_allclose(deal.receiver_to, entry["receiver_moves_to"], atol=1e-6)
    for queue, entry in zip(stages[0].queues, known["queues"], strict=True):
        deals = [stages[0].bargains[option] if option >= 0 else None for option in queue.options]
        options = [[queue.actor] * 2 if d is None else [d.initiator, d.receiver] for d in deals]
        assert options == entry["options"]
        np.testing.assert_allclose(queue.probability, entry["probability"], atol=1e-6)
        assert queue.chosen == entry["chosen"]
