"""Where the product once departed from the page or from its own words."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))  # the reference's modules are beside the tests

import reference as ref

from accord.lenses.endurance import Intervention, closed_forms, parameters, simulate, weigh


def test_positions_drift_after_the_theatre_too() -> None:
    # Page, "Bilateral phase": h, theta, L and effort sums freeze - not positions, which matter on standing issues.
    numbers = parameters(
        seed=3,
        suitors=(),
        numeraire=False,
        standing=1.0,
        salience=0.8,
        agenda_loading=0.0,
        position=0.5,
        position_drift=1.0,
        patience=0.1,
        patience_floor=0.3,
        standing_interest=0.15,
        breaking_cost=0.5,
        asset_breaking_cost=0.0,
    )
    found = weigh(numbers, beta=6.0, nu=0.1, months=24, replicates=2000).survival[0, 1]
    world, count = ref.world_of(numbers), 150
    paths = [ref.run(world, 6.0, 0.1, 24, random.Random(r), weighted=True).bilateral for r in range(count)]
    for month in (6, 12, 24):
        column = np.array([path[month] for path in paths])
        bound = 4.0 * column.std() * (1.0 / count + 1.0 / 2000) ** 0.5
        assert abs(column.mean() - found[month]) <= bound


def test_alike_patrons_leave_at_calls_alike() -> None:
    # Page, section 5, cases 3 and 18: equal shares of who ends it; values come in step 3, before the calls of step 6.
    alike = {"capability": 1.0, "trust": 0.6, "discount": 0.97, "foresight": 24.0, "standing_interest": 0.3}
    alike |= {"breaking_cost": 1.0, "abandonment_loss": 3.0, "dependence": 0.3, "dependence_goods": 0.2}
    alike |= {"autonomy_cost": 0.1, "political_weight": 0.1, "material_cost": 0.1, "patience": 0.8}
    alike |= {"loss_sensitivity": 0.0, "fatigue": 0.0, "punishment_belief": 0.5, "shirking_effort": 0.3}
    alike |= {
        "proxy_share": 0.0,
        "agency_loss": 0.0,
        "defection_rate": 0.2,
        "help_calls": 1.0,
        "help_cost": 0.5,
    }
    numbers = parameters(seed=3, suitors=(), client=False, threats=(), issues=(), **alike)
    drawn = simulate(numbers, beta=6.0, nu=0.0, months=60, replicates=20_000)
    first = int((drawn.ends[..., 5] == 0).sum())
    ended = int((drawn.ends[..., 4] > 0).sum())
    assert abs(first - ended / 2) <= 4.0 * (ended / 4) ** 0.5, first / ended


def test_closed_forms_of_a_patron_that_is_not_in() -> None:
    found = closed_forms(parameters(("a", "b", "c"), enters={"c": 5}))
    assert np.isnan(found.price[0, 2])
    assert np.isnan(found.patience_needed[0, 2])


def test_no_leader_to_change_without_client() -> None:
    # Page, section 1: without client there is no a, so nobody with the larger one.
    numbers = parameters(client=False, leader="issue_1", threats=(), suitors=(), seed=1)
    given = {"beta": 14.0, "nu": 0.1, "months": 24}
    base = weigh(numbers, **given)
    trial = weigh(numbers, trial=Intervention(change_leader=True), **given)
    assert (base.survival == trial.survival).all()
