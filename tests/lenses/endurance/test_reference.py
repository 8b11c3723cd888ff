"""Flows, values, probabilities and closed forms against a second implementation written from the page."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the reference's modules are beside the tests

import reference as ref
from reference_cases import edges, moment_of, state_of, worlds_of

from accord.lenses.endurance import Moment, Options, Parameters, closed_forms, options, parameters
from accord.lenses.endurance.fields import FIELDS

Where = tuple[Parameters, Moment, float, Options]
STRUCTURES, ROWS = 40, 25
# Of values of order one: two orders of summation and A(x; H) near x = 1 leave less than 1e-12.
ROUNDING = 1e-10


@pytest.fixture(scope="module")
def states() -> list[Where]:
    """Random worlds of random structures, a state for each, a precision of choices, and what the product says."""
    found = []
    for seed in range(STRUCTURES):
        luck = np.random.default_rng(1000 + seed)
        numbers = edges(worlds_of(seed, ROWS), luck)
        moment = moment_of(numbers, luck, int(luck.integers(0, 25)))
        beta = float(luck.choice([0, 6, 14, 40]))
        found.append((numbers, moment, beta, options(numbers, moment, beta=beta)))
    return found


def agrees(found: Mapping[str, float], wanted: Mapping[str, float], where: object) -> None:
    """Equal to rounding, absolutely or relatively; infinities and NaN must be the same."""
    for name, want in wanted.items():
        got = float(found[name])
        same = got == want or (math.isnan(got) and math.isnan(want))
        close = (
            math.isfinite(got) and math.isfinite(want) and abs(got - want) <= ROUNDING * max(1.0, abs(want))
        )
        assert same or close, (name, where, got, want)


def seen(found: Options, row: int, i: int) -> dict[str, float]:
    """What the product says of one patron."""
    said = dict(zip(ref.Flows._fields, found.flows[row, i], strict=True))
    for c, name in enumerate(ref.OPTIONS):
        said[f"v_{name}"], said[f"p_{name}"] = found.values[row, i, c], found.probabilities[row, i, c]
    return said | {
        "steady": found.steadiness[row, i],
        "patience": found.patience[row, i],
        "share": found.influence[row, i],
        "success": found.success[row],
    }


def foreseen(world: ref.World, state: ref.State, i: int, beta: float) -> dict[str, float]:
    """What the reference says; after the theatre there is nothing to shirk, to win or to be patient about."""
    scene = ref.Scene(world, state)
    said = dict(scene.flows(i)._asdict())
    worth = ref.values(scene, i)
    chances = ref.logit_choice(beta, worth)
    for name in ref.OPTIONS:
        said[f"v_{name}"], said[f"p_{name}"] = worth.get(name, -math.inf), chances.get(name, 0.0)
    said["steady"] = ref.steady(world, state, i)
    if state.fights(i):
        success = ref.logistic(scene.at_full)
        share = {"share": scene.shares[i]} if world.client else {}
        return said | share | {"patience": scene.patience(i), "success": success}
    del said["shirk"]
    return said


def test_options_at_a_thousand_states(states: list[Where]) -> None:
    phases = {True: 0, False: 0}
    for seed, (numbers, moment, beta, found) in enumerate(states):
        for row in range(ROWS):
            world = ref.world_of(numbers, row)
            state = state_of(world, moment, row)
            for i in state.members(theatre=False):
                phases[state.fights(i)] += 1
                agrees(seen(found, row, i), foreseen(world, state, i, beta), (seed, row, i))
    assert min(phases.values()) > 1000, phases


def test_who_is_out_has_no_options_but_perhaps_comes_in(states: list[Where]) -> None:
    count = 0
    for seed, (numbers, moment, beta, found) in enumerate(states):
        for row, i in np.argwhere(~np.asarray(moment.in_bilateral)):
            world = ref.world_of(numbers, row)
            state = state_of(world, moment, row)
            assert np.isnan(found.flows[row, i]).all()
            assert np.isnan(found.values[row, i]).all()
            if not world.enters[i]:
                assert math.isnan(found.entry[row, i])
            elif state.theatre_alive:
                count += 1
                wanted = ref.entry(world, state, i, beta)
                agrees({"entry": found.entry[row, i]}, {"entry": wanted}, (seed, row, i))
    assert count > 20


def test_closed_forms_at_the_start(states: list[Where]) -> None:
    kinds = {"never helps": 0, "always trusts": 0, "between": 0, "never patient": 0, "patient": 0}
    for seed, (numbers, *_) in enumerate(states):
        found = closed_forms(numbers)
        for row in range(ROWS):
            world = ref.world_of(numbers, row)
            state = ref.start(world)
            for i in state.members(theatre=True):
                wanted = vars(ref.closed(world, state, i))
                agrees({name: getattr(found, name)[row, i] for name in wanted}, wanted, (seed, row, i))
                trust, patience = wanted["trust_needed"], wanted["patience_needed"]
                kinds["never helps"] += math.isnan(trust)
                kinds["always trusts"] += trust == 0.0
                kinds["between"] += 0.0 < trust < 1.0
                kinds["never patient"] += patience == math.inf
                kinds["patient"] += 0.0 < patience < math.inf
    assert min(kinds.values()) > 20, kinds


@pytest.mark.parametrize("months", [1.0, 1.5, 2.0, 5999.0])
def test_foresight_at_its_limits(months: float) -> None:
    numbers = parameters(worlds=20, seed=4, foresight=months)
    found = options(numbers)
    for row in range(20):
        world = ref.world_of(numbers, row)
        state = ref.start(world)
        for i in range(2):
            agrees(seen(found, row, i), foreseen(world, state, i, 14.0), (months, row, i))


def test_tempter_where_there_is_no_suitor() -> None:
    # Page, "Trials": the prior's midpoint; logarithmic between .1 and 1, in the units after the numeraire.
    numbers = parameters(worlds=5, suitors=())
    assert numbers.suitors == ("",)
    size = numbers.of("size")[..., -1] + np.log(numbers.scale)[:, None]
    assert size == pytest.approx(math.log(math.sqrt(0.1)), abs=1e-12)
    assert numbers.of("spread")[..., -1] == pytest.approx(0.6, abs=1e-12)
    assert numbers.of("credibility")[..., -1] == pytest.approx(0.735, abs=1e-12)


# Page, "Numeraire": w, c, chi, sal, Lambda, r, r_Z, g, k, tau, m, zeta_Z, khon, succ, out, y, v, eta, Lc, o.
DIVIDED = (
    "value material_cost political_weight salience abandonment_loss breaking_cost asset_breaking_cost influence_value"
    " dependence_goods autonomy_cost standing_interest asset_value help_cost successor_deal outside_value usefulness"
    " blowback isolation_rent client_collapse_loss client_strength_cost"
)


@pytest.mark.parametrize("seed", range(12))
def test_numeraire(seed: int) -> None:
    plain, scaled = worlds_of(seed, 3, numeraire=False), worlds_of(seed, 3)
    for row in range(3):
        world, other = ref.world_of(plain, row), ref.world_of(scaled, row)
        unit = max(
            sum(w * h for w, h in zip(world.value[i], world.level, strict=True))
            + max(world.standing_interest[i], 0.0)
            + world.dependence_goods[i] * world.dependence[i]
            + world.influence_value[i] / world.patrons
            for i in range(world.patrons)
        )
        for field in [f for f in FIELDS if f.block != "pe"]:
            was, now = np.array(getattr(world, field.name)), np.array(getattr(other, field.name))
            if field.name == "size":
                assert np.exp(now) * unit == pytest.approx(np.exp(was), rel=ROUNDING)
            else:
                assert now * (unit if field.name in DIVIDED.split() else 1.0) == pytest.approx(
                    was, rel=ROUNDING
                )
