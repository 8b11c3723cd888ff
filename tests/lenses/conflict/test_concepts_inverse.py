"""Inverse: counts and constraints against going through all rankings with the second solver."""

from __future__ import annotations

import itertools
import random
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the second solver is beside the tests

from oracle import CONCEPTS, Conflict
from random_conflicts import FORMS, payoff_rows

from accord.lenses.conflict import orders
from accord.lenses.conflict.inverse import Inverse, inverse
from accord.lenses.conflict.orders import NEVER, TRUE, share, sizes_below, tidy

SOME_FORMS = ("options", "arcs", "arcs and options")

# Syria (release, escalate) and Iraq (attack) in 1975; Syria's own row is not looked at.
IRAQ = [3, 6, 1, 5, 2, 4]
SYRIA_IRAQ = Conflict([[6, 3, 5, 2, 1, 4], IRAQ], [0, 0, 1], [0, 1, 2, 4, 5, 6])


def asked(model: Conflict, state: int, actor: int, concept: str) -> Inverse:
    return inverse(
        model.payoffs,
        model.owners,
        state,
        actor,
        feasible=model.feasible,
        directions=model.directions,
        arcs=model.arcs,
        concept=concept,
    )


def with_ranking(model: Conflict, actor: int, ranking: tuple[int, ...]) -> Conflict:
    rows = [list(row) for row in model.payoffs]
    for place, state in enumerate(ranking):
        rows[actor][state] = -place
    return Conflict(rows, model.owners, model.feasible, model.directions, model.arcs)


def check_by_enumeration(model: Conflict, state: int, actor: int, concepts: tuple[str, ...]) -> list[Inverse]:
    found = [asked(model, state, actor, concept) for concept in concepts]
    counts = dict.fromkeys(concepts, 0)
    for ranking in itertools.permutations(model.states):
        tried = with_ranking(model, actor, ranking)
        for answer in found:
            sticks = all(tried.stable(answer.concept, i, state) for i in tried.actors)
            counts[answer.concept] += sticks
            assert answer.admits(ranking) == sticks, f"{answer.concept} {ranking} {answer} {model}"
    for answer in found:
        assert answer.count == counts[answer.concept], f"{answer.concept} {answer} {model}"
        assert answer.exact * answer.rankings == answer.count
    return found


def test_syria_iraq_state_two() -> None:
    found = check_by_enumeration(SYRIA_IRAQ, 1, 0, CONCEPTS)
    assert {answer.concept: answer.count for answer in found} == {
        "R": 240,
        "GMR": 384,
        "SMR": 300,
        "SEQ": 384,  # a hand-out gives 420
        "SIM": 240,
    }
    assert {answer.rankings for answer in found} == {720}
    assert found[1].exact == Fraction(8, 15)
    assert found[0].says(["1", "2", "3", "4", "5", "6"]) == "2 over 1; and 2 over 3"
    assert found[3].says() == "either 1 over 0, or 1 over 3; and either 1 over 2, or 1 over 5"
    assert found[0].constraints == ((((1, 0),),), (((1, 2),),))


@pytest.mark.parametrize("form", SOME_FORMS)
def test_random_models_by_enumeration(form: str) -> None:
    tried = 0
    for seed in range(120):
        draw = random.Random(f"inverse {form} {seed}")
        model = FORMS[form](draw)
        if not 3 <= len(model.states) <= 5:
            continue
        concepts = CONCEPTS if model.feasible is not None else CONCEPTS[:4]
        check_by_enumeration(model, draw.choice(model.states), draw.choice(model.actors), concepts)
        tried += 1
    assert tried >= 12


def test_sanctions_that_rest_on_the_free_ranking() -> None:
    """Cases in which another actor stays only because of what the free actor would do."""
    mixed = 0
    for seed in range(400):
        draw = random.Random(f"mixed {seed}")
        states = 5
        pairs = [(a, b) for a in range(states) for b in range(states) if a != b]
        arcs = [[pair for pair in pairs if draw.random() < share] for share in (0.5, 0.2, 0.1)]
        model = Conflict(payoff_rows(draw, 3, states), None, None, arcs=arcs)
        answer = asked(model, 0, 0, "SEQ")
        tops = {a for clause in answer.constraints for term in clause for a, _ in term}
        if tops - {0}:
            check_by_enumeration(model, 0, 0, ("SEQ",))
            mixed += 1
        if mixed == 15:
            break
    assert mixed == 15


def test_payoffs_of_the_free_actor_are_ignored() -> None:
    rows = [[np.nan] * 6, IRAQ]
    assert inverse(rows, [0, 0, 1], 1, 0, feasible=[0, 1, 2, 4, 5, 6], concept="SMR").count == 300


def test_large_models_in_closed_form() -> None:
    states = 1 << 9
    payoffs = np.zeros((2, states))
    owners = [0] * 4 + [1] * 5
    assert inverse(payoffs, owners, 0, 0, concept="R").exact == Fraction(1, 16)
    # Each of 15 moves is met by one of 32 states: the integral of (1 - q**32)**15.
    expected = sum(Fraction((-1) ** k * c, 32 * k + 1) for k, c in enumerate(row_of_pascal(15)))
    assert inverse(payoffs, owners, 0, 0, concept="GMR").exact == expected
    assert inverse(payoffs, owners, 0, 0, concept="SEQ").exact == Fraction(1, 16)


def row_of_pascal(n: int) -> list[int]:
    row = [1]
    for k in range(n):
        row.append(row[-1] * (n - k) // (k + 1))
    return row


def test_others_who_leave_anyway() -> None:
    answer = inverse([[0, 0, 0, 0], [0, 0, 1, 1]], [0, 1], 0, 0)
    assert (answer.count, answer.leavers, answer.share) == (0, (1,), 0.0)
    assert answer.says(actors=["Syria", "Iraq"]) == "no ranking will do: Iraq would leave anyway"
    assert not answer.admits((0, 1, 2, 3))
    calm = inverse([[0, 0], [0, 0]], [1], 0, 0)
    assert (calm.exact, str(calm), calm.admits((1, 0))) == (Fraction(1), "any ranking will do", True)


def test_ways_to_count_agree() -> None:
    """The two ways, and going through the rankings, on conditions of both kinds."""
    draw = random.Random(3)
    for _ in range(60):
        states = range(5)
        star = draw.random() < 0.5
        pairs = [(0, b) for b in states if b] if star else list(itertools.permutations(states, 2))
        clauses = [
            [draw.sample(pairs, draw.randint(1, 3)) for _ in range(draw.randint(1, 3))]
            for _ in range(draw.randint(1, 4))
        ]
        places = [dict(zip(order, states, strict=True)) for order in itertools.permutations(states)]
        hits = sum(
            all(any(all(at[a] > at[b] for a, b in term) for term in clause) for clause in clauses)
            for at in places
        )
        assert share(tidy(clauses)) == Fraction(hits, 120), clauses


def test_conditions_that_always_or_never_hold() -> None:
    assert tidy([[[(0, 1)], []]]) == TRUE
    assert tidy([[[(0, 1), (1, 2), (2, 0)]]]) == NEVER
    assert (share(TRUE), share(NEVER)) == (1, 0)
    assert sizes_below([[[1], [2]], [[3, 4]]]) == [0, 0, 0, 2, 1]


def test_honest_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "MOST_PARTS", 200)
    draw = random.Random(5)
    names = [(draw.randrange(30), draw.randrange(30)) for _ in range(160)]
    pairs = [(a, b) for a, b in names if a != b]
    clauses = [[[pairs[4 * k + j]] for j in range(4)] for k in range(30)]
    with pytest.raises(ValueError, match=r"cannot be counted exactly in reasonable time: it ties 30 states"):
        share(tidy(clauses))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"state": 9}, "state must be a state index from 0 to 5, not 9"),
        ({"actor": 2}, "actor must be an index from 0 to 1, not 2"),
        ({"concept": "NM"}, "concepts must be among R, GMR, SMR, SEQ, SIM, not NM"),
        ({"owners": [0, 0, 2]}, "owners must be numbers of actors, 0 to 1"),
        ({"feasible": [0, 1, 2, 4, 5]}, "feasible names 5 states, but payoffs has 6"),
        ({"feasible": [0, 1, 2, 4, 5, 8]}, "feasible must be ascending masks of 3 options, each once"),
        ({"directions": ["both"]}, "directions must say both, forward or back for each of the 3 options"),
        ({"owners": None}, "either owners .* or arcs .* must be given"),
        ({"arcs": [[(0, 9)], []]}, "arcs must be pairs of state indices from 0 to 5"),
        ({"arcs": [[(0, 1)]]}, "arcs must hold the moves of each of the 2 actors, but holds 1 lists"),
        ({"payoffs": [[0] * 6, [np.nan] * 6]}, "payoffs of the other actors must be finite"),
        ({"arcs": [[(0, 1)], []], "owners": None, "concept": "SIM", "state": 0}, "SIM needs options"),
    ],
)
def test_messages(change: dict[str, object], says: str) -> None:
    given: dict[str, object] = {
        "payoffs": SYRIA_IRAQ.payoffs,
        "owners": [0, 0, 1],
        "state": 1,
        "actor": 0,
        "feasible": [0, 1, 2, 4, 5, 6],
    }
    with pytest.raises(ValueError, match=says):
        inverse(**(given | change))  # type: ignore[arg-type]
