"""From a situation to the model's numbers: every number of a file lands at its place."""

from __future__ import annotations

import dataclasses
import math
import zlib
from typing import Any

import numpy as np
import pytest

import accord
from accord.lenses.endurance.compute import numbers_of
from accord.lenses.endurance.fields import FIELDS
from accord.lenses.endurance.gather import cast_of, gathered
from accord.lenses.endurance.terms import FILLS, TERMS
from accord.situation import Situation, Vocabulary, estimates
from accord.worlds import Worlds, omitted

CASE = accord.read("tehran-moscow-2015")
WORDS = Vocabulary(TERMS)
# Dependence is a mean over partners, and has a test of its own.
PLAIN = [f for f in FIELDS if f.block in ("w", "p", "t", "pt", "pr") and f.name != "dependence"]


def number_of(path: str) -> float:
    """A number of its own for every path, in (.2, .45), which every range of the language allows or is not checked."""
    return 0.2 + 0.25 * (zlib.crc32(path.encode()) / 2**32)


def distinct(situation: Situation, size: int = 1, first: int = 5) -> Worlds:
    """Worlds in which every path has a number of its own."""
    paths = [*estimates(situation), *omitted(situation, WORDS, FILLS)]
    return Worlds((), np.zeros((size, 0)), {path: number_of(path) for path in paths}, first)


def paths_of_field(situation: Situation, block: str, path: str) -> dict[tuple[int, ...], str]:
    """Where a file states each place of a field."""
    cast = cast_of(situation)
    names: dict[str, Any] = {
        "p": cast.patrons,
        "t": cast.threats,
        "r": cast.resources,
        "i": cast.issues,
        "s": cast.suitors,
    }
    axes = [] if block == "w" else [names[letter] for letter in block]
    found = {}
    for where in np.ndindex(*(len(axis) for axis in axes)):
        full = path
        for axis, index in zip(axes, where, strict=True):
            full = full.replace("*", axis[index], 1)
        found[where] = full
    return found


@pytest.mark.parametrize("field", PLAIN, ids=lambda f: f.name)
def test_a_plain_number_lands_at_its_place(field: Any) -> None:
    numbers = gathered(CASE, distinct(CASE), checked=False)
    for where, path in paths_of_field(CASE, field.block, field.path).items():
        assert numbers.of(field.name)[(0, *where)] == number_of(path), path


def test_positions_stand_on_their_scale_and_salience_costs_stakes() -> None:
    numbers = gathered(CASE, distinct(CASE), checked=False)
    issues, patrons = list(numbers.issues), list(numbers.patrons)
    for k, issue in enumerate(issues):
        scale = CASE.issues[issue].scale
        for i, patron in enumerate(patrons):
            stance = CASE.stances[issue][patron]
            if stance.factions:
                continue
            position = number_of(f"stances.{issue}.{patron}.position")
            assert numbers.of("position")[0, i, k] == pytest.approx(
                (position - scale.low) / (scale.high - scale.low), abs=1e-12
            )
            stakes = f"actors.{patron}.stakes" if CASE.actors[patron].stakes is not None else "stakes"
            cost = number_of(f"stances.{issue}.{patron}.salience") * number_of(stakes)
            assert numbers.of("salience")[0, i, k] == pytest.approx(cost, abs=1e-15)


def test_factions_speak_by_their_shares() -> None:
    numbers = gathered(CASE, distinct(CASE), checked=False)
    seen = 0
    for k, issue in enumerate(numbers.issues):
        scale = CASE.issues[issue].scale
        for i, patron in enumerate(numbers.patrons):
            factions = [n for n, f in CASE.stances[issue][patron].factions.items() if f.position is not None]
            if not factions:
                continue
            seen += 1
            share = [number_of(f"actors.{patron}.factions.{name}.share") for name in factions]
            place = [number_of(f"stances.{issue}.{patron}.factions.{name}.position") for name in factions]
            mean = float(np.dot(share, place) / np.sum(share))
            wanted = (mean - scale.low) / (scale.high - scale.low)
            assert numbers.of("position")[0, i, k] == pytest.approx(wanted, abs=1e-12)
    assert seen > 0


def test_trust_adds_the_log_odds_of_events_that_it_does_not_reflect() -> None:
    ties = {
        one: {
            other: dataclasses.replace(
                tie, events={n: dataclasses.replace(e, in_prior=False) for n, e in tie.events.items()}
            )
            for other, tie in row.items()
        }
        for one, row in CASE.ties.items()
    }
    counted = dataclasses.replace(CASE, ties=ties)
    numbers = gathered(counted, distinct(counted), checked=False)
    assert numbers.of("trust")[0, 0, 1] != number_of("ties.iran.russia.trust")
    for i, one in enumerate(numbers.patrons):
        for j, other in enumerate(numbers.patrons):
            if i == j:
                continue
            tie = ties[one][other]
            base = f"ties.{one}.{other}"
            events = [
                n for n, e in tie.events.items() if not e.in_prior and e.date.months_after(CASE.as_of) <= 0
            ]
            odds = sum(number_of(f"{base}.events.{name}.log_likelihood_ratio") for name in events)
            stated = number_of(f"{base}.trust")
            wanted = math.log(stated / (1 - stated)) + odds
            trust = numbers.of("trust")[0, i, j]
            assert math.log(trust / (1 - trust)) == pytest.approx(wanted, abs=1e-12)


def test_offers_land_with_their_suitor_and_the_tempter_makes_none() -> None:
    numbers = gathered(CASE, distinct(CASE), checked=False)
    for i, patron in enumerate(numbers.patrons):
        for o, suitor in enumerate(numbers.suitors[:-1]):
            base = f"partnership.suitors.{suitor}.offers.{patron}"
            if patron in CASE.partnership.suitors[suitor].offers:
                assert numbers.of("rate")[0, i, o] == number_of(f"{base}.rate")
                assert numbers.of("size")[0, i, o] == math.log(number_of(f"{base}.size"))
    assert (numbers.of("rate")[..., -1] == 0.0).all()


def test_dependence_is_the_mean_over_partners() -> None:
    third = dataclasses.replace(
        CASE.partnership, patrons={**CASE.partnership.patrons, "turkey": CASE.partnership.patrons["iran"]}
    )
    wide = dataclasses.replace(CASE, partnership=third, actors={**CASE.actors, "turkey": CASE.actors["iran"]})
    numbers = gathered(wide, distinct(wide), checked=False)
    for i, one in enumerate(numbers.patrons):
        others = [other for other in numbers.patrons if other != one]
        wanted = np.mean([number_of(f"ties.{one}.{other}.dependence") for other in others])
        assert numbers.of("dependence")[0, i] == pytest.approx(wanted, abs=1e-15)


def test_standing_is_drawn_with_its_probability() -> None:
    size = 4000
    worlds = distinct(CASE, size, first=1)
    fixed = {**worlds.fixed, **{path: 0.3 for path in worlds.fixed if path.endswith(".standing")}}
    numbers = gathered(CASE, Worlds((), worlds.array, fixed, 1), checked=False)
    shares = numbers.of("standing").mean(axis=0)
    assert set(np.unique(numbers.of("standing"))) <= {0.0, 1.0}
    assert (np.abs(shares - 0.3) < 4 * math.sqrt(0.3 * 0.7 / size)).all()


def test_a_number_that_is_missing_is_told_by_its_path() -> None:
    worlds = distinct(CASE)
    fixed = {
        path: value for path, value in worlds.fixed.items() if path != "partnership.patrons.iran.fatigue"
    }
    with pytest.raises(ValueError, match=r"'partnership\.patrons\.iran\.fatigue' is not stated"):
        gathered(CASE, Worlds((), worlds.array, fixed, 5))


def test_the_unit_of_utility_does_not_matter() -> None:
    worlds = distinct(CASE, 3)
    utilities = {f.name for f in FIELDS if f.scaling == "utility"} - {"salience"}
    tails = (*utilities, "stakes")
    doubled = {
        path: value * (2.0 if path.rpartition(".")[2] in tails or _is_offer(path) else 1.0)
        for path, value in worlds.fixed.items()
    }
    plain = dataclasses.replace(CASE, shocks={})
    one = numbers_of(plain, Worlds((), worlds.array, {**worlds.fixed, **_safe(worlds)}, 5))
    two = numbers_of(plain, Worlds((), worlds.array, {**doubled, **_safe(worlds)}, 5))
    np.testing.assert_allclose(two.vector, one.vector, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(two.scale, 2 * one.scale, rtol=1e-12)


def _is_offer(path: str) -> bool:
    """Whether a number is the size of an offer (rallies have sizes too)."""
    return ".offers." in path and path.endswith(".size")


def _safe(worlds: Worlds) -> dict[str, float]:
    """Numbers that must be at least 1."""
    return {
        p: 12.0
        for p in worlds.fixed
        if p.endswith((".foresight", ".open_months", ".half_life", ".loss_scale"))
    }
