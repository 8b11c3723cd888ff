"""Known groups and population checks of the page, section 4: the measure tells apart what anybody would tell apart."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import spearmanr

from accord.lenses.endurance import places, reference
from accord.lenses.endurance.archetypes import ARCHETYPES, sheet
from accord.lenses.endurance.calibration import KINDS as CLASSES
from accord.lenses.endurance.estimators import NOTHING, Intervention, weigh
from accord.lenses.endurance.indices import START, WINDOW
from accord.lenses.endurance.inputs import Parameters, named
from accord.lenses.endurance.population import REFERENCE, population, viable
from accord.lenses.endurance.reference import Cell, Key, find, keys_for

FloatArray = NDArray[np.float64]
WORLDS, MEMBERS, REPLICATES = 400, 300, 8
KINDS = ("wartime", "defence")
REMOVED = Intervention(START, remove=True)


def cell_of(key: Key) -> Cell:
    """A shipped cell of the reference structure."""
    found = find(REFERENCE, key)
    assert found is not None
    return found


def usual(kind: str) -> Cell:
    """The shipped cell at the default precision."""
    return cell_of(Key("plain", kind, 14.0))


def measured(numbers: Parameters, kind: str) -> tuple[FloatArray, FloatArray]:
    """Strategic index and trial hazard ratio under a class at the default precision."""
    pair = reference.survivals(numbers, usual(kind).calibration, REPLICATES)
    return reference.index_and_ratio(*pair, kind)


@pytest.fixture(scope="module")
def members() -> Parameters:
    """The first members of the reference population."""
    return population(MEMBERS).numbers


@pytest.fixture(scope="module")
def as_drawn(members: Parameters) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Index and ratio of the members by class."""
    return {kind: measured(members, kind) for kind in KINDS}


def formed(name: str) -> Parameters:
    """The first viable worlds of a sheet."""
    drawn = sheet(name, 4000)
    good = np.flatnonzero(viable(drawn))
    assert len(good) >= WORLDS
    return drawn.take(good[:WORLDS])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", list(ARCHETYPES))
def test_a_known_group_stands_where_anybody_would_put_it(name: str, kind: str) -> None:
    """At least .6 of all viable worlds, those near a border counted against it."""
    worlds = formed(name)
    stand = places.place(*measured(worlds, kind), usual(kind))
    shares = stand.shares()
    assert (stand.codes >= 0).all()
    assert np.isfinite(list(shares.values())).all()
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-12)
    expected = ARCHETYPES[name].expected
    if expected is not None:
        assert shares[expected] >= 0.6, shares


# Of the sheets as they stood before the shipped case was judged.
FROZEN = "85dabf3484af37d46b23d2c1cc96ba766c01dad7741662976756068043bca2c3"


def test_the_sheets_are_frozen() -> None:
    """Whoever changes a sheet after having seen the case's verdict has to say so here, and why in a decision."""
    plain = {
        name: [one.expected, {what: np.array(spans).tolist() for what, spans in one.ranges.items()}]
        for name, one in ARCHETYPES.items()
    }
    assert hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest() == FROZEN


def test_what_is_demanded_of_the_groups_is_what_the_page_demands() -> None:
    assert {name: one.expected for name, one in ARCHETYPES.items()} == {
        "enduring_alliance": "strategic_alliance",
        "coalition_of_adversaries": "marriage_of_convenience",
        "idle_treaty": "weak_tie",
        "bought_client": None,
    }
    treaty = ARCHETYPES["idle_treaty"].ranges
    assert (treaty["capability"], treaty["client_capability"]) == ((0.1, 0.3), (0.4, 0.5))


@pytest.mark.parametrize("name", list(ARCHETYPES))
def test_a_sheet_keeps_to_its_ranges(name: str) -> None:
    """What it names lies in its range (in units of the file), per partner where it says so; the rest is the prior's."""
    drawn = sheet(name, 400, seed=3)
    again = sheet(name, 200, seed=3, first=200)
    np.testing.assert_array_equal(drawn.vector[200:], again.vector)
    for what, spans in ARCHETYPES[name].ranges.items():
        assert what not in drawn.assumed
        field, values = named(what), drawn.of(what)
        if field.block == "ps":
            values = values[:, [0, 1], [0, 1]]
        scale = drawn.scale.reshape(-1, *([1] * (values.ndim - 1)))
        if field.scaling == "utility":
            values = values * scale
        elif field.scaling == "log":
            values = np.exp(values) * scale
        sides = np.broadcast_to(np.array(spans), (2, 2)) if field.block.startswith("p") else np.array([spans])
        for side, (low, high) in enumerate(sides):
            own = values[:, side] if field.block.startswith("p") else values
            width = high - low
            assert own.min() >= low - 1e-9, what
            assert own.max() <= high + 1e-9, what
            assert own.min() < low + 0.05 * width, what
            assert own.max() > high - 0.05 * width, what


def five_years(numbers: Parameters, cell: Cell, trial: Intervention) -> FloatArray:
    """Survival of each world five years after the trial given survival until it, at the level of the class."""
    made = cell.calibration
    assert made.nu is not None
    months = START + WINDOW
    run = weigh(
        numbers, beta=made.beta, nu=made.nu, months=months, replicates=REPLICATES, seed=0, trial=trial
    )
    level = CLASSES[made.kind].level
    return np.asarray(run.survival[:, level, months] / run.survival[:, level, START])


@pytest.mark.parametrize("variant", ["plain", "half", "pert", "unfiltered"])
def test_removing_the_threat_lowers_survival_in_every_calibration(variant: str) -> None:
    """By more than two standard errors of the mean difference over the same members on the same random numbers."""
    numbers = population(MEMBERS, variant=variant).numbers
    keys = {key for kind in KINDS for key in keys_for(kind) if key.variant == variant}
    assert len(keys) == (12 if variant == "plain" else 2)
    for key in sorted(keys):
        cell = cell_of(key)
        if cell.reachable:
            change = five_years(numbers, cell, REMOVED) - five_years(numbers, cell, NOTHING)
            error = change.std(ddof=1) / np.sqrt(len(change))
            assert change.mean() < -2.0 * error, (str(key), change.mean(), error)


@pytest.mark.parametrize("kind", KINDS)
def test_index_and_hazard_ratio_measure_different_things(kind: str) -> None:
    cell = usual(kind)
    assert abs(float(spearmanr(cell.index, cell.ratio).statistic)) < 0.2


@pytest.mark.parametrize("kind", KINDS)
def test_a_standing_interest_makes_it_last_whatever_carries_it(
    members: Parameters, as_drawn: dict[str, tuple[FloatArray, FloatArray]], kind: str
) -> None:
    """``m + .2`` (before the numeraire) raises the index in nearly every world, and the ratio in about half of them."""
    more = members.of("standing_interest") + 0.2 / members.scale[:, None]
    index, ratio = measured(members.with_(standing_interest=more), kind)
    before = as_drawn[kind]
    assert (index > before[0]).mean() >= 0.9
    assert 0.3 <= (ratio > before[1]).mean() <= 0.7


@pytest.mark.parametrize("kind", KINDS)
def test_a_greater_threat_makes_it_more_conditional(
    members: Parameters, as_drawn: dict[str, tuple[FloatArray, FloatArray]], kind: str
) -> None:
    """``w x 1.2`` raises the ratio in nearly every world."""
    _, ratio = measured(members.with_(value=1.2 * members.of("value")), kind)
    assert (ratio > as_drawn[kind][1]).mean() >= 0.9
