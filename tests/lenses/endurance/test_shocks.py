"""Shocks of a situation as changes during a run."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

import accord
from accord.lenses.endurance import simulate
from accord.lenses.endurance.gather import gathered
from accord.lenses.endurance.inputs import Parameters
from accord.lenses.endurance.kernels.memory import (
    ADD,
    HOLD,
    LOG_ODDS_ADD,
    SET,
    TERRITORY_ADD,
    TERRITORY_SET,
    TIMES,
)
from accord.lenses.endurance.shocks import with_shocks
from accord.lenses.endurance.terms import FILLS, TERMS
from accord.situation import Change, Day, Estimate, Shock, Situation, TrustEvent, Vocabulary, estimates
from accord.worlds import Worlds, best_of, omitted

CASE = accord.read("tehran-moscow-2015")
PATRON, THREAT = "partnership.patrons.iran", "partnership.threats"
_WORDS = Vocabulary(TERMS)


def worlds_of(situation: Situation, size: int = 3, first: int = 1, seed: int = 0) -> Worlds:
    """Worlds at best estimates."""
    numbers = {**estimates(situation), **omitted(situation, _WORDS, FILLS)}
    fixed = {path: best_of(estimate) for path, estimate in numbers.items()}
    return Worlds((), np.zeros((size, 0)), fixed, first, seed)


def with_shock(changes: dict[str, Change], **more: object) -> Situation:
    """The case with one shock only."""
    shock = Shock(says="It came.", changes=changes, **{"date": Day(2016, 3), **more})  # type: ignore[arg-type]
    return dataclasses.replace(CASE, shocks={"it": shock})


def made(situation: Situation, size: int = 3, first: int = 1) -> tuple[Parameters, Parameters]:
    """Numbers without and with shocks."""
    worlds = worlds_of(situation, size, first)
    plain = gathered(situation, worlds)
    return plain, with_shocks(plain, situation, worlds)


def change_of(situation: Situation) -> tuple[int, int, np.ndarray]:
    """Place, operation and values of the only change."""
    changes = made(situation)[1].changes
    assert len(changes.index) == 1, changes.index
    return int(changes.index[0]), int(changes.op[0]), changes.value[:, 0]


@pytest.mark.parametrize(
    ("change", "op", "value"),
    [(Change(to=0.03), SET, 0.03), (Change(plus=0.01), ADD, 0.01), (Change(times=2.0), TIMES, 2.0)],
)
def test_a_plain_number_follows_its_operation(change: Change, op: int, value: float) -> None:
    situation = with_shock({f"{PATRON}.fatigue": change})
    place, found, values = change_of(situation)
    assert place == made(situation)[0].shape.index("fatigue", 0)
    assert found == op
    np.testing.assert_allclose(values, value, rtol=1e-12)


def test_an_offer_is_multiplied_in_its_logarithm() -> None:
    situation = with_shock({"partnership.suitors.united_states.offers.iran.size": Change(times=2.0)})
    place, op, values = change_of(situation)
    assert place == made(situation)[0].shape.index("size", 0, 0)
    assert op == ADD
    np.testing.assert_allclose(values, math.log(2.0), rtol=1e-12)


@pytest.mark.parametrize(
    ("change", "op"), [(Change(to=0.7), TERRITORY_SET), (Change(plus=0.1), TERRITORY_ADD)]
)
def test_territory_moves_with_its_log_odds(change: Change, op: int) -> None:
    assert change_of(with_shock({"partnership.territory": change}))[1] == op
    quiet = {"territory_noise": 0.0, "territory_speed": 0.0}
    numbers = made(with_shock({"partnership.territory": change}))[1].with_(**quiet, breaking_cost=200.0)
    runs = simulate(numbers, beta=40.0, nu=0.0, months=6, replicates=1, tracks=True)
    start = float(numbers.of("territory")[0])
    wanted = 0.7 if op == TERRITORY_SET else start + 0.1
    np.testing.assert_allclose(runs.track("territory")[0], [start] * 3 + [wanted] * 4, atol=1e-9)


def test_a_threat_that_is_held_keeps_what_the_dynamics_reached() -> None:
    name = sorted(CASE.partnership.threats)[0]
    base = f"{THREAT}.{name}"
    changes = made(with_shock({f"{base}.level": Change(to=0.0), f"{base}.growth": Change(to=0.0)}))[1].changes
    assert HOLD in changes.op.tolist()
    alone = made(with_shock({f"{base}.level": Change(to=0.0)}))[1].changes
    assert alone.op.tolist() == [SET]


def test_what_several_changes_move_together_is_set() -> None:
    factions = CASE.actors["iran"].factions
    one, other = list(factions)[:2]
    swapped = {one: best_of(factions[other].share), other: best_of(factions[one].share)}
    situation = with_shock(
        {f"actors.iran.factions.{name}.share": Change(to=share) for name, share in swapped.items()}
    )
    plain, shocked = made(situation)
    assert set(shocked.changes.op.tolist()) == {SET}
    assert len(shocked.changes.index) >= 1
    assert plain.vector.shape[1] < shocked.vector.shape[1]


def test_a_block_is_stated_anew() -> None:
    changes = {"stances.assad_fate.iran": Change(to={"position": 0.5, "salience": 0.3})}
    found = made(with_shock(changes))[1].changes
    assert sorted(found.op.tolist()) == [SET, SET]


def test_months_count_from_the_day_of_coding_and_what_is_due_comes_first() -> None:
    changes = {f"{PATRON}.fatigue": Change(to=0.03)}
    assert made(with_shock(changes))[1].changes.month.tolist() == [3]
    assert made(with_shock(changes, date=Day(2015, 12)))[1].changes.month.tolist() == [1]
    assert made(with_shock(changes, in_file=True))[1].changes.names == ()


def test_a_random_shock_comes_once_with_its_hazard() -> None:
    changes = {"partnership.territory": Change(times=0.5)}
    hazard = Estimate(0.1)
    situation = with_shock(changes, date=None, hazard=hazard)
    numbers = made(situation, size=1)[1].with_(territory_noise=0.0, territory_speed=0.0)
    runs = simulate(numbers, beta=40.0, nu=0.0, months=20, replicates=4000, tracks=True)
    start = float(numbers.of("territory")[0])
    for month in (1, 5, 20):
        share = 1.0 - 0.9**month
        mean = start * (1.0 - share / 2)
        error = start / 2 * math.sqrt(share * (1 - share) / 4000)
        assert abs(float(runs.track("territory")[0, month]) - mean) <= 4 * error


def test_events_of_trust_to_come_move_its_log_odds() -> None:
    tie = CASE.ties["iran"]["russia"]
    event = TrustEvent(
        says="A betrayal.", date=Day(2016, 6), log_likelihood_ratio=Estimate(-2.0), in_prior=False
    )
    ties = {
        **CASE.ties,
        "iran": {**CASE.ties["iran"], "russia": dataclasses.replace(tie, events={"x": event})},
    }
    changes = made(dataclasses.replace(CASE, shocks={}, ties=ties))[1].changes
    assert changes.op.tolist() == [LOG_ODDS_ADD]
    assert changes.month.tolist() == [6]
    np.testing.assert_allclose(changes.value, -2.0)


def test_a_shock_that_changes_who_takes_part_is_refused() -> None:
    changes = {"partnership.suitors.united_states.offers": Change(to={})}
    with pytest.raises(ValueError, match="changes who takes part"):
        made(dataclasses.replace(with_shock(changes), correlations={}, scenarios={}, claims={}))


def test_worlds_do_not_depend_on_the_chunk() -> None:
    spread = {"low": 0.01, "best": 0.02, "high": 0.03, "assumed": "a range"}
    situation = with_shock({f"{PATRON}.fatigue": Change(to=spread)})
    whole = made(situation, size=6)[1].changes.value
    parts = [made(situation, size=2, first=first)[1].changes.value for first in (1, 3, 5)]
    assert len(np.unique(whole)) == 6
    np.testing.assert_array_equal(np.concatenate(parts), whole)
