"""From a file to a model: preferences of five kinds and rules of seven, by hand, and what keeps them from making one."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the situations are beside the tests

from situations import finding_of, payoffs_of, situation_of

from accord.lenses.conflict import LENS
from accord.lenses.conflict.gather import setting_of
from accord.situation import Frozen, Rule

OPTIONS = """\
options:
  a: {owner: north, says: does a}
  b: {owner: south, says: does b}
preferences:
  south: {weights: {b: 1}}
"""
PRICE = """\
issues:
  price: {question: How much?, scale: {low: 0, high: 10, low_means: little, high_means: much}, reference_point: 4}
  peace: {question: How calm?, scale: {low: -1, high: 1, low_means: war, high_means: peace}}
stances:
  price: {north: {position: 8, salience: 0.5}, south: {position: 0, salience: 1}}
  peace: {north: {position: 1, salience: 0.2}}
options:
  a: {owner: north, says: raises, effects: {price: 2}}
  b: {owner: south, says: cuts, effects: {price: -8, peace: 0.5}}
"""


@pytest.fixture
def read(tmp_path):
    """Read a situation."""
    return lambda text: situation_of(tmp_path, text)


# Payoffs of nothing, a, b and both.
KINDS = {
    # b before all else; then not a.
    "statements: [b, not a]": [2, 1, 4, 3],
    # b and not a are of one rank: it counts how many hold.
    "statements: [b, {says: not a, tied: true}]": [2, 1, 3, 2],
    # What it does not go by counts for nothing.
    "statements: [{says: b, sure: 0.4}, not a]": [2, 1, 2, 1],
    "weights: {a: 2, b: {low: -4, best: -3, high: 5}}": [0, 2, -3, -1],
    # The first entry that holds counts; equal ranks are ties.
    "ranking: [a iff b, a, b]": [3, 2, 1, 3],
    "payoffs: {a and b: {low: 0, best: 5, high: 6}, a and not b: 2, otherwise: -1}": [-1, 2, -1, 5],
    "payoffs: {otherwise: -1, a: 2}": [-1, 2, -1, 2],
}


@pytest.mark.parametrize(("text", "wanted"), KINDS.items(), ids=[text.partition(":")[0] for text in KINDS])
def test_payoffs_of_each_kind(read, text: str, wanted: list[float]) -> None:
    found = payoffs_of(read(f"{OPTIONS}  north: {{{text}}}\n"))
    assert list(found["north"].items()) == list(zip(["", "a", "b", "a+b"], wanted, strict=True))
    assert list(found["south"].values()) == [0, 0, 1, 1]


@pytest.mark.parametrize(
    "said", ["", "preferences:\n  north: {from_stances: true}\n"], ids=["left out", "said"]
)
def test_payoffs_from_stances(read, said: str) -> None:
    found = payoffs_of(read(PRICE + said))
    # Price: 4, 6, and -4 and -2, which the scale ends at 0.  Peace: from the middle, 0, to 0.5.  Distances in shares of 10
    # and of 2, times salience: nothing 0.5 * 0.4 + 0.2 * 0.5, a 0.5 * 0.2 + 0.2 * 0.5, b and both 0.5 * 0.8 + 0.2 * 0.25.
    assert list(found["north"].values()) == pytest.approx([-0.3, -0.2, -0.45, -0.45])
    # The south takes no stand on peace, which then does not count for it.
    assert list(found["south"].values()) == pytest.approx([-0.4, -0.6, 0, 0])


THREE = """\
options:
  a: {owner: north, says: does a}
  b: {owner: north, says: does b}
  c: {owner: south, says: does c}
preferences:
  north: {weights: {a: 1, c: 1}}
  south: {weights: {c: 1, a: 1}}
rules:
  only: RULE
"""
EVERY = ["", "a", "b", "ab", "c", "ac", "bc", "abc"]
RULES = {
    "{infeasible: a and c}": ["", "a", "b", "ab", "c", "bc"],
    "{pattern: {a: true, b: false}}": ["", "b", "ab", "c", "bc", "abc"],
    "{at_most_one: [a, b, c]}": ["", "a", "b", "c"],
    "{when: a, then: b or c}": ["", "b", "ab", "c", "ac", "bc", "abc"],
    "{at_least_one: [b, c]}": ["b", "ab", "c", "ac", "bc", "abc"],
}


@pytest.mark.parametrize(("rule", "left"), RULES.items(), ids=[rule[1:].partition(":")[0] for rule in RULES])
def test_rules_that_bound_outcomes(read, rule: str, left: list[str]) -> None:
    text = THREE.replace("RULE", rule)
    if "least" in rule:
        text = text.replace("says: does c}", "says: does c, now: true}")
    model = setting_of(read(text)).model
    assert ["".join(sorted(model.taken(s))) for s in range(model.size)] == left


def test_outcomes_that_count_as_one(read) -> None:
    situation = read(THREE.replace("RULE", "{alike: a}"))
    model = setting_of(situation).model
    assert [[int(mask) for mask in masks] for masks in model.members] == [[0], [1, 3, 5, 7], [2], [4], [6]]
    assert sorted(model.moves("south", 1).tolist()) == [], "from a to a, whatever the south does"
    found = finding_of(situation)
    assert "equilibrium.SIM" not in [measure.name for measure in found.measures]
    assert [column.name for column in found.table("robustness").columns] == [
        "outcome",
        "R",
        "GMR",
        "SMR",
        "SEQ",
    ]
    assert any(note.startswith("SIM is left out: it combines options") for note in found.notes)
    whole = finding_of(read(THREE.replace("rules:\n  only: RULE\n", "")))
    assert "equilibrium.SIM" in [measure.name for measure in whole.measures]
    assert not any(note.startswith("SIM is left out") for note in whole.notes)


def test_moves_that_an_actor_does_not_have(read) -> None:
    rule = "{actor: north, leaving: not a and not b, reaching: a}"
    model = setting_of(read(THREE.replace("RULE", rule))).model
    moves = {s: [EVERY[t] for t in model.moves("north", s).tolist()] for s in range(8)}
    assert moves[0] == ["b"]
    assert moves[4] == ["bc"], "with c the same"
    assert moves[2] == ["", "a", "ab"], "from b it may go to a"
    assert [EVERY[t] for t in model.moves("south", 0).tolist()] == ["c"]
    # From nothing the north cannot reach a, the only thing it wants to change: as now, c taken, it stays.
    stuck = THREE.replace("RULE", rule).replace("says: does c}", "says: does c, now: true}")
    spreads = {m.name: m.spread.median for m in finding_of(read(stuck)).measures}
    assert (spreads["equilibrium.R"], spreads["equilibrium.SIM"]) == (1, 1)
    free = THREE.replace("rules:\n  only: RULE\n", "").replace("says: does c}", "says: does c, now: true}")
    assert {m.name: m.spread.median for m in finding_of(read(free)).measures}["equilibrium.R"] == 0


def test_directions_and_what_is_done_now(read) -> None:
    text = OPTIONS.replace("does a}", "does a, direction: forward}").replace(
        "does b}", "does b, direction: back, now: true}"
    )
    setting = setting_of(read(text + "  north: {weights: {a: 1}}\n"))
    assert setting.model.taken(setting.now) == ("b",)
    assert setting.model.moves("north", 3).tolist() == []
    assert setting.model.moves("south", 2).tolist() == [0]
    assert setting.model.moves("south", 0).tolist() == []
    assert setting.together.tolist() == [False, False, True, False]


def many(count: int, rules: str = "") -> str:
    """A situation with so many options."""
    options = "".join(
        f"  o{k}: {{owner: {('north', 'south')[k % 2]}, says: does {k}}}\n" for k in range(count)
    )
    return f"options:\n{options}preferences:\n  north: {{weights: {{o0: 1}}}}\n  south: {{statements: [o1]}}\n{rules}"


def test_too_many_outcomes_are_told_at_once(read) -> None:
    assert LENS.needs(read(many(12))) == ()
    start = time.perf_counter()
    (need,) = LENS.needs(read(many(13)))
    assert need.path == "rules"
    assert need.says.startswith(
        "rules that leave at most 4,096 outcomes; they leave 8,192: say which cannot occur"
    )
    (need,) = LENS.needs(read(many(62)))
    assert "62 options leave far more" in need.says
    (need,) = LENS.needs(read(many(63)))
    assert "there are 63 options; expected at most 62" in need.says
    one = "rules:\n  one: {at_most_one: [" + ", ".join(f"o{k}" for k in range(62)) + "]}\n"
    assert LENS.needs(read(many(62, one))) == ()
    assert time.perf_counter() - start < 8


def test_what_makes_no_model_is_told_and_not_raised(read) -> None:
    situation = read(OPTIONS + "  north: {weights: {a: 1}}\n")
    torn = replace(situation, rules=Frozen({"one": Rule(infeasible="a"), "two": Rule(infeasible="not a")}))
    (need,) = LENS.needs(torn)
    assert need.path == "rules"
    assert (
        "these 2 rules together leave no outcome: one (infeasible: a); two (infeasible: not a)" in need.says
    )
    (need,) = LENS.needs(replace(situation, rules=Frozen({"one": Rule(infeasible="not a")})))
    assert "there is no state in which nothing is taken" in need.says


def test_a_ranking_that_outcomes_counted_as_one_fall_out_of(read) -> None:
    text = OPTIONS.replace("weights: {b: 1}", "ranking: [b, not b]") + "  north: {weights: {a: 1}}\n"
    assert LENS.needs(read(text)) == ()
    (need,) = LENS.needs(read(text + "rules:\n  one: {alike: a}\n"))
    assert need.path == "preferences.south.ranking"
    assert "leaves out 1 of 3 states: 'north: a; south: b either way'" in need.says
    payoffs = text.replace("ranking: [b, not b]", "payoffs: {b: 1, not b: 0}")
    (need,) = LENS.needs(read(payoffs + "rules:\n  one: {alike: a}\n"))
    assert need.path == "preferences.south.payoffs"


def test_needs_options_of_two_and_a_preference_of_each(read) -> None:
    (need,) = LENS.needs(read("options:\n  a: {owner: north, says: does a}\n"))
    assert (need.path, need.says) == ("options", "options of at least two actors: what each can do")
    (need,) = LENS.needs(read(OPTIONS))
    assert need.path == "preferences.north"
    # A position without a salience is no stand.
    stands = PRICE.replace("south: {position: 0, salience: 1}", "south: {position: 0}")
    assert [need.path for need in LENS.needs(read(stands))] == ["preferences.south"]
