"""Which way every flow goes with every number of the model: product, reference, and a table read off the page."""

from __future__ import annotations

import dataclasses
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the reference's modules are beside the tests

import reference as ref
from reference_cases import moment_of, state_of, worlds_of

from accord.lenses.endurance import Moment, Parameters, options
from accord.lenses.endurance.fields import FIELDS, Field

STATES = 60
STEP = 1e-5
# Differences of flows of order one that are rounding; what a step of 1e-5 does is far larger, or nothing.
NOTHING = 1e-13
BROUGHT = ("territory", "level", "assets", "losses", "trust")

# Signs of d u_stay, d u_shirk, d u_out, d u_alone in the theatre, for a patron's own number; "?" where the page leaves
# it to the other numbers, "0" where a number must not enter at all, "+" and "-" never the other way.
IN_THEATRE: dict[str, str] = {
    **dict.fromkeys(("material_cost", "political_weight"), "--0-"),
    **dict.fromkeys(("loss_sensitivity", "losses_so_far", "fatigue"), "--0-"),
    **dict.fromkeys(("patience", "success_buffer", "loss_scale", "rally_size"), "++0+"),
    "rally_half_life": "??0?",
    "rally_month": "??0?",
    "value": "++++",
    **dict.fromkeys(("standing_interest", "dependence_goods", "asset_value", "assets_at_start"), "++00"),
    "autonomy_cost": "--00",
    "dependence": "??00",
    "outside_value": "00++",
    "successor_deal": "0000",
    "influence_value": "++0+",
    "leverage": "++00",
    **dict.fromkeys(("influence_exponent", "balancing"), "??00"),
    "influence_needs_territory": "--00",
    **dict.fromkeys(("usefulness", "isolation_rent", "client_ceiling", "agenda_loading"), "++00"),
    **dict.fromkeys(("client_strength_cost", "talks"), "--00"),
    **dict.fromkeys(("blowback", "client_collapse_loss", "strength", "territory_floor"), "----"),
    "substitution": "++++",
    "availability": "++0+",
    "agency_loss": "--0-",
    **dict.fromkeys(("capability", "shirking_effort", "proxy_share"), "??0?"),
    "client_capability": "??++",
    "territory": "??++",
    **dict.fromkeys(("position", "salience"), "??00"),
    **dict.fromkeys(("level", "weight", "contest_exponent", "territory_speed", "territory_noise"), "????"),
}
IN_THEATRE |= {"shirking_effort": "0?00", "proxy_share": "--0-"}
# Afterwards u_stay = base - div + succ and u_out = u_alone = out; only what is in these enters.
AFTERWARDS: dict[str, str] = {
    **dict.fromkeys(("standing_interest", "dependence_goods", "asset_value", "assets_at_start"), "+.00"),
    **dict.fromkeys(("successor_deal", "agenda_loading"), "+.00"),
    **dict.fromkeys(("autonomy_cost", "talks", "standing"), "-.00"),
    "outside_value": "0.++",
    **dict.fromkeys(("dependence", "position", "salience", "capability", "weight"), "?.00"),
    **dict.fromkeys(("territory", "level"), "?.00"),
}


def bumped(numbers: Parameters, moment: Moment, luck: np.random.Generator, i: int) -> tuple[Any, ...]:
    """For every field a place (patron i's own), the two values to compare, and rows of the product with each."""
    places, values, rows = [], [], []
    # What is settled beforehand is no number of the page; tests/study/test_policy.py has it.
    for field in [f for f in FIELDS if f.name != "agreed" and numbers.of(f.name).size]:
        shape = numbers.shape.of(field.block)
        where = tuple(
            i if a == 0 and field.block[0] == "p" else int(luck.integers(0, k)) for a, k in enumerate(shape)
        )
        at = float(numbers.of(field.name)[(0, *where)])
        step = STEP * max(1.0, abs(at)) if math.isfinite(at) else 0.0
        pair = (0.0, 1.0) if field.name == "standing" else (at - step, at + step)
        places.append((field, where))
        values.append(pair)
        for value in pair:
            vector = numbers.vector[0].copy()
            vector[numbers.shape.index(field.name, *where)] = value
            rows.append(vector)
    many = numbers.take(np.zeros(len(rows), dtype=np.int64)).replaced(np.array(rows), np.ones(len(rows)))
    said = {f.name: getattr(moment, f.name) for f in dataclasses.fields(moment)}
    repeated = {
        name: np.repeat(x, len(rows), axis=0) if isinstance(x, np.ndarray) else x for name, x in said.items()
    }
    return places, values, options(many, Moment(**repeated)).flows[:, i]


def changed(world: ref.World, field: Field, where: tuple[int, ...], value: float) -> ref.World:
    """The same for the reference."""
    if field.block == "pe":
        column = ("rally_month", "rally_size", "rally_half_life").index(field.name)
        event = list(world.rallies[where[0]][where[1]])
        event[column] = value
        rallies = [list(patron) for patron in world.rallies]
        rallies[where[0]][where[1]] = tuple(event)
        return world.but(rallies=rallies)
    if not where:
        return world.but(**{field.name: value})
    other = world.but()
    inner = getattr(other, field.name)
    for index in where[:-1]:
        inner = inner[index]
    inner[where[-1]] = value
    return other


def sign(difference: float) -> int:
    """-1, 0 or 1; 0 is rounding."""
    return 0 if abs(difference) <= NOTHING else int(math.copysign(1, difference))


def compared(seed: int) -> list[tuple[str, bool, list[int], list[int]]]:
    """Name of a number, whether in the theatre, and signs of the four flows by product and reference, at one state."""
    luck = np.random.default_rng(seed)
    numbers = worlds_of(seed, 1, territory=luck.choice([0.06, 0.1, 0.5]))
    moment = moment_of(numbers, luck, int(luck.integers(0, 25)))
    if seed % 2:  # half of the states stand where the numbers say
        moment = dataclasses.replace(moment, **dict.fromkeys(BROUGHT))
    world = ref.world_of(numbers)
    i = int(luck.choice(state_of(world, moment, 0).members(theatre=False)))
    fights = state_of(world, moment, 0).fights(i)
    places, values, flows = bumped(numbers, moment, luck, i)
    found = []
    for r, ((field, where), pair) in enumerate(zip(places, values, strict=True)):
        ends = []
        for value in pair:
            other = changed(world, field, where, value)
            ends.append(ref.Scene(other, state_of(other, moment, 0)).flows(i))
        wanted = [0 if math.isnan(a) else sign(b - a) for a, b in zip(*ends, strict=True)]
        got = [sign(float(x)) for x in flows[2 * r + 1] - flows[2 * r]]
        if not fights:
            got[1] = 0
        found.append((field.name, fights, got, wanted))
    return found


@pytest.fixture(scope="module")
def signs() -> list[tuple[str, bool, list[int], list[int]]]:
    """Signs at many states."""
    return [row for seed in range(STATES) for row in compared(seed)]


def test_signs_are_those_of_the_reference(signs: list[tuple[str, bool, list[int], list[int]]]) -> None:
    off = [row for row in signs if row[2] != row[3]]
    assert not off, off[:5]


@pytest.mark.parametrize("fights", [True, False])
def test_signs_are_those_of_the_page(
    signs: list[tuple[str, bool, list[int], list[int]]], fights: bool
) -> None:
    table = IN_THEATRE if fights else AFTERWARDS
    moved = set()
    for name, phase, got, _ in signs:
        if phase == fights:
            for flow, (allowed, s) in enumerate(zip(table.get(name, "0000"), got, strict=True)):
                assert {"+": s >= 0, "-": s <= 0, "0": s == 0, "?": True, ".": True}[allowed], (name, flow, s)
                if s:
                    moved.add((name, flow))
    # Whatever the table lets move does move somewhere: no number is dead, none of these states too dull to tell.
    wanted = {(name, f) for name, row in table.items() for f, allowed in enumerate(row) if allowed in "+-?"}
    assert wanted - moved == set()


def test_the_tables_know_every_number() -> None:
    names = {field.name for field in FIELDS}
    assert set(IN_THEATRE) <= names
    assert set(AFTERWARDS) <= names
