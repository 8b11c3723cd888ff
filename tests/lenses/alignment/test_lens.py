"""The alignment lens on a situation: what a propensity is made of, who is left out, and what the tables say."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # small situations are beside the tests

import numpy as np
import pytest
from stated_alignment import every, finding_of, read, same, seen, stated

import accord
from accord.finding import Finding, Spread
from accord.lenses.alignment import LENS, landscape, separating_change
from accord.lenses.alignment.beside import second_codings
from accord.lenses.alignment.gather import Ground, ground_of, left_out, members
from accord.lenses.alignment.saying import notes, sentences
from accord.lenses.alignment.tables import bonds, tables_of
from accord.report.tables import table_view
from accord.situation import Situation
from accord.worlds import best, plan

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


def situation(tmp_path: Path, text: str = TEXT) -> Situation:
    """A situation from a text."""
    return read(tmp_path, text)


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


@pytest.fixture(scope="module")
def shipped() -> Finding:
    """The finding on the shipped case."""
    return finding_of(accord.read("tehran-moscow-2015"), 128)


def test_the_case_says_who_stands_with_whom(shipped: Finding) -> None:
    assert {table.kind for table in shipped.tables} >= {"network", "wells", "matrix", "intervals"}
    share = shipped.measure("same_camp.iran.russia").spread
    assert isinstance(share, Spread)
    assert share.median > 0.9
    assert any("Two camps are allowed" in text for text in shipped.notes)


def test_camps_over_worlds_add_up(shipped: Finding) -> None:
    assert sum(float(row[1]) for row in shipped.table("divisions").rows) == pytest.approx(1.0)


def test_a_bond_of_zero_is_neither_apart_nor_together(tmp_path) -> None:
    camps = seen(stated(tmp_path, same("abc"), every("abc", -1)))
    title, said = bonds(camps).title, sentences(camps)
    assert title == "A and B together or apart fits equally well"
    assert said[0].startswith("With only two camps allowed, one of 3 divisions that fit equally well")
    assert "In no world is it decided" in said[1]
    assert not any("apart" in text and "apart fits equally" not in text for text in (title, said[1]))


def test_a_bond_that_is_not_known_is_not_called_apart(tmp_path) -> None:
    sizes = {**same("bcd"), "a": "{low: 0, best: 0, high: 1}"}
    camps = seen(stated(tmp_path, sizes, every("abcd", 1)))
    assert "nothing says where A and B stand" in bonds(camps).title
    assert any("the best estimates do not say" in text for text in sentences(camps))


def test_every_pair_of_three_partners_is_spoken_of(tmp_path) -> None:
    camps = seen(stated(tmp_path, same("abcd"), every("abcd", 1), "abc"))
    titles = {table.name: table.title for table in tables_of(camps)}
    for name in ("bonds", "partings", "together", "terms"):
        assert all(pair in titles[name] for pair in ("A and B", "A and C", "B and C")), titles[name]


def test_no_tie_is_to_leave_its_scale(tmp_path) -> None:
    """Two that each of two strong friends holds together cannot be parted by one tie."""
    one = stated(tmp_path, {**same("ab"), **same("cd", "100")}, every("abcd", 2))
    camps = seen(one)
    assert np.isnan(camps.best["separating.a.b"]).all()
    assert (camps.best["one_tie.a.b"] == 0.0).all()
    assert any("no change of one tie would part A and B" in text for text in sentences(camps))
    p, size = ground(one).propensity, ground(one).size
    free = separating_change(p, size, (0, 1), cost="propensity", ties="one")
    assert free.cost[0] > 8.0, "without a limit some tie would have to leave the scale"
    held = separating_change(p, size, (0, 1), cost="propensity", ties="one", limit=2.0)
    assert np.isinf(held.cost).all()


def test_a_limit_rules_out_no_change_within_it(tmp_path) -> None:
    rng = np.random.default_rng(5)
    p, size = rng.uniform(-2, 2, (40, 5, 5)), rng.uniform(0.5, 2.0, (40, 5))
    free = separating_change(p, size, (0, 1), cost="propensity", ties="one")
    held = separating_change(p, size, (0, 1), cost="propensity", ties="one", limit=2.0)
    after = p + np.swapaxes(p, 1, 2) + held.changes
    index = np.arange(5)
    after[:, index, index] = 0.0
    assert (np.abs(after) <= 4.0 + 1e-6).all()
    before = p + np.swapaxes(p, 1, 2) + free.changes
    before[:, index, index] = 0.0
    inside = (np.abs(before) <= 4.0).all(axis=(1, 2))
    assert inside.any()
    assert held.cost[inside] == pytest.approx(free.cost[inside])
    assert (held.cost >= free.cost - 1e-12).all()


def test_a_lever_says_which_way(tmp_path) -> None:
    pairs = every("abc", -1, ab=0.3)
    camps = seen(stated(tmp_path, same("abc"), pairs))
    found = camps.best["separating_by.a.b"][0]
    assert found != 0.0
    assert abs(found) == pytest.approx(camps.best["separating.a.b"][0])
    word = "rise" if found > 0.0 else "fall"
    assert any(f"would have to {word}" in text for text in sentences(camps))
    cells = {row[1]: row[3] for row in {t.name: t for t in tables_of(camps)}["partings"].rows}
    assert any(text.startswith("More" if found > 0.0 else "Less") for text in cells)


def test_worlds_in_which_they_are_apart_already_are_told(tmp_path) -> None:
    camps = seen(stated(tmp_path, same("abc"), every("abc", -1, ab="{low: -1.9, best: 0.2, high: 1.9}")), 128)
    share = (camps.over["separating.a.b"] == 0.0).mean()
    assert 0.05 < share < 0.95
    assert any("A and B are apart as it is" in text for text in sentences(camps))


def test_what_is_stated_outright_is_not_explained_by_terms(tmp_path) -> None:
    one = situation(
        tmp_path, TEXT.replace("{russia: {affinity: -0.2}}", "{russia: {affinity: -0.2, propensity: 1.5}}")
    )
    titles = {table.name: table.title for table in tables_of(seen(one))}
    assert "stated outright and not worked out" in titles["terms"]


def test_weights_decide_what_draws_most(tmp_path) -> None:
    light = situation(tmp_path, TEXT.replace("partnership:\n", "partnership:\n  weight_of_threats: 0\n"))
    heavy = situation(tmp_path, TEXT.replace("partnership:\n", "partnership:\n  weight_of_threats: 9\n"))
    for one, words in (
        (heavy, "draws Iran and Russia together most is the sides of threats"),
        (light, "is how far they agree"),
    ):
        title = {table.name: table.title for table in tables_of(seen(one))}["terms"]
        assert words in title


def test_pairs_of_a_switched_off_term_are_told(tmp_path) -> None:
    one = situation(tmp_path, TEXT.replace("partnership:\n", "partnership:\n  weight_of_stances: 0\n"))
    assert ground(one).switched_off == [("iran", "west"), ("russia", "west")]
    said = [note for note in notes(seen(one)) if "under a weight of 0" in note]
    assert len(said) == 1
    assert "Iran and West; Russia and West" in said[0]


def test_the_most_frequent_division_is_named(tmp_path) -> None:
    """At the best estimate a stands with b; most worlds have it with c."""
    pairs = every("abc", -1, ab="{low: -2, best: -0.9, high: 2}", ac="{low: -1, best: -1, high: 2}")
    camps = seen(stated(tmp_path, same("abc"), pairs), 256)
    blocs, share = camps.divisions[0]
    assert camps.code(blocs) != camps.code(camps.landscape.optimum.blocs)
    text = next(text for text in sentences(camps) if "most frequent" in text)
    assert camps.division(blocs) in text
    assert "not that of the best estimates" in text
    assert f"{round(100 * share)} of 100" in text


def test_whoever_weighs_nothing_leaves_gap_and_levers_alone(tmp_path) -> None:
    pairs = every("abc", -1, ab=1)
    alone = seen(stated(tmp_path, same("abc"), pairs))
    with_d = seen(stated(tmp_path, {**same("abc"), "d": "0"}, {**pairs, "ad": 1, "bd": -1, "cd": 1}))
    for key in ("gap", "optima", "bond.a.b", "separating.a.b"):
        assert with_d.best[key] == pytest.approx(alone.best[key]), key
    assert with_d.best["gap"][0] > 0.1
    lost = seen(stated(tmp_path, {**same("abc"), "d": "0"}, {**pairs, "ad": 1, "bd": -1, "cd": 1}, "ad"))
    assert np.isnan(lost.best["separating.a.d"]).all()
    assert any("no camp is theirs: D" in note for note in notes(lost))


def test_worlds_in_which_nobody_weighs_anything_have_no_answer(tmp_path) -> None:
    assert [need.path for need in LENS.needs(stated(tmp_path, same("abc", "0"), every("abc", 1)))] == [
        "actors.*.size"
    ]
    one = stated(tmp_path, same("abc"), every("abc", 1))
    empty = stated(tmp_path, same("abc", "{low: 0, best: 0, high: 1}"), every("abc", 1))
    assert not LENS.needs(empty)
    assert np.isnan(LENS.compute(empty, best(plan(empty), empty, 0))["camps"]).all()
    assert not np.isnan(LENS.compute(one, best(plan(one), one, 0))["camps"]).any()


def test_a_value_of_zero_is_no_enmity(tmp_path) -> None:
    found = ground(situation(tmp_path, TEXT.replace("fire: {value: 0.5}", "fire: {value: 0}")))
    assert np.isnan(pair(found, "russia", "enemy", "threats"))
    assert np.isnan(pair(found, "iran", "russia", "threats"))
    assert pair(found, "iran", "enemy", "threats") == pytest.approx(-0.8)


def test_a_value_that_can_be_zero_is_no_enmity_where_it_is(tmp_path) -> None:
    text = TEXT.replace("fire: {value: 0.5}", "fire: {value: {low: 0, best: 0, high: 1}}")
    found = ground(situation(tmp_path, text))
    assert np.isnan(pair(found, "russia", "enemy", "threats"))


def test_rounding_is_no_tie(tmp_path) -> None:
    camps = seen(stated(tmp_path, same("abc"), every("abc", -1, ab=2.8e-17)))
    assert [(i, j) for i, j, _ in camps.ties] == [(0, 2), (1, 2)]


def test_three_camps_do_not_hang_on_the_clock(tmp_path) -> None:
    names = "abcdefghijklm"
    camps = seen(stated(tmp_path, same(names), every(names, 1)), 2)
    assert camps.three is None
    assert any("three camps would look like was not worked out" in note for note in notes(camps))


def test_frustration_is_that_of_one_division(tmp_path) -> None:
    sizes = {"a": "3", **same("bcd")}
    camps = seen(stated(tmp_path, sizes, every("abcd", -1, ab=1, bc=1, cd=0.4)))
    blocs = camps.landscape.optimum.blocs
    found = {t.name: t for t in tables_of(camps)}["frustration"]
    for k, row in enumerate(found.rows):
        told = set() if row[2] == "-" else set(str(row[2]).split(", "))
        wanted = {
            "ABCD"[j if i == k else i]
            for i, j, w in camps.ties
            if k in (i, j) and (w > 0) != (blocs[i] == blocs[j])
        }
        assert told == wanted
    assert str(len(camps.at_odds)) in found.title or not camps.at_odds


def test_all_best_minima_count(tmp_path) -> None:
    camps = seen(stated(tmp_path, same("abc"), every("abc", -1)))
    title = {t.name: t for t in tables_of(camps)}["wells"].title
    assert "100 % of all lead to one of the 3 best" in title


def test_no_sentence_is_a_fragment(tmp_path) -> None:
    text = TEXT.replace("  iran: {kind: state, capability: {arms: 1.0}}", "  iran: {kind: state}")
    text = text.replace("  tribe:", "  extra: {kind: state, capability: {arms: 1}}\n  tribe:")
    text = text.replace("  west: {enemy:", "  extra: {west: {affinity: 0.5}}\n  west: {enemy:")
    camps = seen(situation(tmp_path, text))
    assert not camps.partners
    assert not any(text.startswith(("What would part", "What makes")) for text in sentences(camps))


def test_too_many_actors_are_sent_to_the_array_function(tmp_path) -> None:
    names = "abcdefghijklmnopqrstu"
    (need,) = LENS.needs(stated(tmp_path, same(names), every(names, 1)))
    assert "at most 20" in need.says
    assert "landscape" in need.says


def test_every_tie_stands_in_a_table(tmp_path) -> None:
    camps = seen(situation(tmp_path))
    table = {t.name: t for t in tables_of(camps)}["ties"]
    assert len(table.rows) == len(camps.ties)
    values = [abs(float(row[1])) for row in table.rows]
    assert values == sorted(values, reverse=True)
    assert {row[0]: row[3] for row in table.rows}["Enemy and West"] == "stated outright"


def test_shares_are_not_called_percentiles(shipped: Finding) -> None:
    for name in ("together", "partings"):
        assert "two standard errors" in table_view(shipped.table(name), {}).caption
    texts = [cell.text for row in table_view(shipped.table("together"), {}).rows for cell in row]
    assert "undefined" not in texts


def test_the_second_coding_claims_only_what_is_worked_out(shipped: Finding) -> None:
    table = shipped.table("beside.syria_iraq_2016")
    assert "whoever would not stand with it" not in table.note
    assert "No pair that both decide differs" in table.note
    assert "is no test of either" in table.note
    assert "agree on all 10 pairs that both decide; on 6 of 10 with the propensities" in table.note


def test_a_second_coding_that_differs_is_told_pair_by_pair() -> None:
    case = accord.read("tehran-moscow-2015")
    camps = seen(case, 64)
    over = {
        **camps.over,
        "together.iran.russia": np.zeros(64),
        "together.assad_regime.iran": np.full(64, np.nan),
    }
    (table,) = second_codings(dataclasses.replace(camps, over=over))
    assert "agrees on 8 of 9 pairs; 1 is open here" in table.title
    assert "Russia and Iran (apart here, propensity +0.3; together there" in table.note


def test_levers_that_cannot_be_told_apart_are_all_named(shipped: Finding) -> None:
    rows = [row for row in shipped.table("partings").rows if not str(row[1]).startswith("none")]
    first, second = rows[0][2], rows[1][2]
    assert isinstance(first, Spread)
    assert isinstance(second, Spread)
    assert second.high >= first.low, "the case has two levers that are about as frequent"
    for row in rows[:2]:
        way, tie = str(row[1]).split(" between ")
        wanted = f"that between {tie}, which would have to {'rise' if way == 'More' else 'fall'}"
        assert wanted in shipped.table("partings").title
    assert {str(row[1]).split()[0] for row in rows[:2]} == {"More", "Less"}
