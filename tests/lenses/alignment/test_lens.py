"""The alignment lens on a situation: what a propensity is made of, who is left out, and what the tables say."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import accord
from accord.finding import Finding, Spread
from accord.lenses.alignment import LENS, landscape
from accord.lenses.alignment.gather import Ground, ground_of, left_out, members
from accord.lenses.alignment.published import EVERY, SYRIA_IRAQ_2016, beside
from accord.situation import Situation
from accord.worlds import best, draw, plan

TEXT = """
accord: 1
title: three and an enemy
as_of: 2020-01
partnership:
  patrons:
    iran: {threats: {fire: {value: 1.0}}}
    russia: {threats: {fire: {value: 0.5}}}
  threats: {fire: {actor: enemy, level: 0.8, strength: 1.5}}
resources: {arms: {}}
actors:
  iran: {kind: state, capability: {arms: 1.0}}
  russia: {kind: state, capability: {arms: 2.0}}
  west: {kind: state, capability: {arms: 3.0}}
  enemy: {kind: movement}
  tribe: {kind: movement, part_of: iran}
issues:
  fate: {question: q, scale: {low: 0, high: 10, low_means: a, high_means: b}}
  war: {question: q, scale: {low: 0, high: 10, low_means: a, high_means: b}}
stances:
  fate: {iran: {position: 10, salience: 0.81}, russia: {position: 5, salience: 0.25}, west: {position: 0, salience: 1.0}}
  war: {iran: {position: 2, salience: 0.25}, russia: {position: 2, salience: 0.25}}
ties:
  iran: {russia: {affinity: -0.2}}
  west: {enemy: {propensity: -1.5}}
"""


def situation(tmp_path, text: str = TEXT) -> Situation:
    """A situation from a text."""
    path = tmp_path / "case.yaml"
    path.write_text(text, "utf-8")
    return accord.read(path)


def ground(one: Situation) -> Ground:
    """Sizes and propensities at the best estimates."""
    return ground_of(one, best(plan(one), one, 0))


def pair(of: Ground, one: str, other: str, term: str = "") -> float:
    """One entry of the propensities, or of a term."""
    i, j = of.actors.index(one), of.actors.index(other)
    return float((of.terms[term] if term else of.propensity)[0, i, j])


def test_terms_by_hand(tmp_path) -> None:
    found = ground(situation(tmp_path))
    assert found.actors == ("enemy", "iran", "russia", "west")
    assert found.size[0] == pytest.approx([0.8 * 1.5, 1.0, 2.0, 3.0])
    # Weights sqrt(.81 * .25) = .45 and .25, distances .5 and 0.
    agreement = 1 - 2 * (0.45 * 0.5) / 0.7
    assert pair(found, "iran", "russia", "stances") == pytest.approx(agreement)
    assert pair(found, "iran", "russia", "ties") == pytest.approx(-0.2)
    assert pair(found, "russia", "iran", "ties") == pytest.approx(-0.2), (
        "the other direction's where only that is stated"
    )
    assert pair(found, "iran", "russia", "threats") == pytest.approx(0.8 * 0.5)
    assert pair(found, "iran", "enemy", "threats") == pytest.approx(-0.8)
    assert pair(found, "iran", "russia") == pytest.approx(2 * (agreement - 0.2 + 0.4) / 3)


def test_what_is_not_known_is_left_out_of_the_mean(tmp_path) -> None:
    found = ground(situation(tmp_path))
    assert np.isnan(pair(found, "iran", "west", "ties"))
    assert np.isnan(pair(found, "iran", "west", "threats"))
    assert pair(found, "iran", "west") == pytest.approx(2 * -1.0), (
        "only the one issue on which both take a stand"
    )


def test_stated_propensity_is_taken_as_it_is(tmp_path) -> None:
    found = ground(situation(tmp_path))
    assert pair(found, "west", "enemy") == pytest.approx(-1.5)
    assert pair(found, "enemy", "west") == pytest.approx(-1.5)


@pytest.mark.parametrize(
    ("key", "left"), [("weight_of_ties", ("stances", "threats")), ("weight_of_threats", ("ties", "stances"))]
)
def test_a_weight_of_zero_switches_a_term_off(tmp_path, key: str, left: tuple[str, str]) -> None:
    one = situation(tmp_path, TEXT.replace("partnership:\n", f"partnership:\n  {key}: 0\n"))
    found = ground(one)
    mean = sum(pair(found, "iran", "russia", term) for term in left) / 2
    assert pair(found, "iran", "russia") == pytest.approx(2 * mean)


def test_all_weights_of_zero_leave_what_is_stated_only(tmp_path) -> None:
    off = "".join(f"  weight_of_{name}: 0\n" for name in ("ties", "stances", "threats"))
    found = ground(situation(tmp_path, TEXT.replace("partnership:\n", f"partnership:\n{off}")))
    assert pair(found, "iran", "russia") == 0.0
    assert pair(found, "west", "enemy") == pytest.approx(-1.5)


def test_a_stated_size_goes_before_capability(tmp_path) -> None:
    one = situation(tmp_path, TEXT.replace("west: {kind: state,", "west: {kind: state, size: 7,"))
    assert ground(one).size[0, 3] == 7.0


def test_who_is_left_out_and_why(tmp_path) -> None:
    one = situation(tmp_path)
    assert members(one) == ("enemy", "iran", "russia", "west")
    assert left_out(one) == [("tribe", "counted with iran")]
    lonely = situation(
        tmp_path, TEXT.replace("  tribe:", "  hermit: {kind: state, capability: {arms: 1}}\n  tribe:")
    )
    assert ("hermit", "nothing is known of how it stands to the others") in left_out(lonely)


def test_pairs_of_which_nothing_is_known_are_told(tmp_path) -> None:
    text = TEXT.replace(", russia: {position: 5, salience: 0.25}, west: {position: 0, salience: 1.0}", "")
    found = ground(situation(tmp_path, text))
    assert ("russia", "west") in found.silent
    assert pair(found, "russia", "west") == 0.0


def test_needs_three_actors(tmp_path) -> None:
    text = TEXT.replace("  west: {kind: state, capability: {arms: 3.0}}\n", "  west: {kind: state}\n")
    text = text.replace(", strength: 1.5", "")
    needs = LENS.needs(situation(tmp_path, text))
    assert [need.path for need in needs] == ["actors.*.size"]


def finding_of(one: Situation, worlds: int = 64) -> Finding:
    """What the lens finds."""
    planned = plan(one)
    over = draw(planned, one, worlds, 0)
    return LENS.conclude(one, LENS.compute(one, best(planned, one, 0)), LENS.compute(one, over))


def test_the_best_division_is_that_of_the_landscape(tmp_path) -> None:
    one = situation(tmp_path)
    held, found = ground(one), finding_of(one)
    expected = landscape(held.propensity[0], held.size[0])
    camps = {row[0]: row[2] for row in found.table("network").rows}
    for i, a in enumerate(held.actors):
        for j, b in enumerate(held.actors):
            same = expected.optimum.blocs[i] == expected.optimum.blocs[j]
            assert (camps[a.capitalize()] == camps[b.capitalize()]) == same
    bond = found.measure("bond.iran.russia").spread.best
    weights = np.abs(expected.weights).sum() / 2
    assert bond == pytest.approx(expected.bonds[1, 2] / weights)


def test_an_actor_of_no_weight_stands_nowhere(tmp_path) -> None:
    one = situation(tmp_path, TEXT.replace("west: {kind: state,", "west: {kind: state, size: 0,"))
    columns = LENS.compute(one, best(plan(one), one, 0))
    assert np.isnan(columns["together.iran.west"]).all()
    assert not np.isnan(columns["together.iran.russia"]).any()


def test_the_separating_tie_separates(tmp_path) -> None:
    one = situation(tmp_path, TEXT.replace("affinity: -0.2", "propensity: 1.9"))
    held = ground(one)
    columns = LENS.compute(one, best(plan(one), one, 0))
    cost, place = float(columns["separating.iran.russia"][0]), int(columns["separating_tie.iran.russia"][0])
    a, b = divmod(place, len(held.actors))
    outcomes = []
    for sign in (-1, 1):
        for share in (0.98, 1.02):
            p = held.propensity[0].copy()
            p[a, b] += sign * share * cost / 2
            p[b, a] += sign * share * cost / 2
            blocs = landscape(p, held.size[0]).optimum.blocs
            outcomes.append((share, bool(blocs[1] == blocs[2])))
    assert (1.02, False) in outcomes, "a little more than told parts them"
    assert (0.98, False) not in outcomes, "a little less does not"


def test_the_published_coding_is_as_published() -> None:
    solved = {
        name: landscape(SYRIA_IRAQ_2016.propensity, np.array(s)) for name, s in SYRIA_IRAQ_2016.sizes.items()
    }
    assert solved["as coded"].optimum.energy == -83_200
    assert solved["Syria weak"].optimum.energy == -65_600
    assert all(found.minima_count == 1 for found in solved.values())


def test_a_coding_stands_beside_situations_of_its_time_with_its_actors() -> None:
    one = accord.read("tehran-moscow-2015")
    (found, shared), *rest = beside(one)
    assert found in EVERY
    assert not rest
    assert set(shared.values()) >= {"russia", "iran", "united_states", "islamic_state", "assad_regime"}
    later = dataclasses.replace(one, as_of=type(one.as_of)(2020))
    assert not beside(later)


@pytest.fixture(scope="module")
def shipped() -> Finding:
    """The finding on the shipped case."""
    return finding_of(accord.read("tehran-moscow-2015"), 128)


def test_the_case_says_who_stands_with_whom(shipped: Finding) -> None:
    assert {table.kind for table in shipped.tables} >= {"network", "wells", "matrix", "intervals"}
    share = shipped.measure("same_camp.iran.russia").spread
    assert isinstance(share, Spread)
    assert share.median > 0.9
    assert any("three camps" in text for text in shipped.says)
    assert any("Two camps are allowed" in text for text in shipped.notes)


def test_camps_over_worlds_add_up(shipped: Finding) -> None:
    assert sum(float(row[1]) for row in shipped.table("divisions").rows) == pytest.approx(1.0)
