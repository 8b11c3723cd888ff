"""Conflicts of the literature, state by state, by the lens and by the second solver; and who may sanction whom."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the second solver is beside the tests

from oracle import CONCEPTS, WITH_MARGIN, Conflict
from published_conflicts import CASES, Published, from_one

from accord.lenses.conflict import stability

Table = list[list[bool]]
Solver = Callable[[Conflict, str], Table]


def by_the_lens(conflict: Conflict, concept: str) -> Table:
    found = stability(np.array(conflict.payoffs, dtype=float), **conflict.given(), concepts=(concept,))
    table: Table = found.stable[concept].tolist()
    assert found.equilibria[concept].tolist() == [all(column) for column in zip(*table, strict=True)]
    return table


SOLVERS: dict[str, Solver] = {"lens": by_the_lens, "second solver": Conflict.table}
PRINTED = [(name, concept) for name, case in CASES.items() for concept in case.equilibria]


def of_either(solver: Solver, conflict: Conflict, concepts: str) -> Table:
    """Stability by one concept or another: each actor may have its own reason to stay."""
    tables = [solver(conflict, concept) for concept in concepts.split(" or ")]
    return [[any(reasons) for reasons in zip(*rows, strict=True)] for rows in zip(*tables, strict=True)]


def named(case: Published, where: list[bool]) -> tuple[int | str, ...]:
    return tuple(name for name, here in zip(case.names, where, strict=True) if here)


@pytest.mark.parametrize("solver", SOLVERS.values(), ids=SOLVERS)
@pytest.mark.parametrize(("name", "concept"), PRINTED)
def test_equilibria_are_the_printed_ones(name: str, concept: str, solver: Solver) -> None:
    case = CASES[name]
    table = of_either(solver, case.conflict, concept)
    assert named(case, [all(column) for column in zip(*table, strict=True)]) == case.equilibria[concept]


@pytest.mark.parametrize("name", CASES)
def test_both_solvers_agree_on_each_actor(name: str) -> None:
    conflict = CASES[name].conflict
    for concept in WITH_MARGIN if conflict.owners is None else CONCEPTS:
        assert by_the_lens(conflict, concept) == conflict.table(concept), concept


@pytest.mark.parametrize("solver", SOLVERS.values(), ids=SOLVERS)
def test_us_north_korea_by_one_concept_each(solver: Solver) -> None:
    """Neither concept alone gives the printed sets with SEQ; what each gives was worked out by hand."""
    case = CASES["us_north_korea"]
    expected = {"R": (0, 5), "SEQ": (0, 5, 10), "SIM": (0, 4, 5, 10), "SMR": (0, 4, 5, 10, 12)}
    for concept, states in expected.items():
        table = solver(case.conflict, concept)
        assert named(case, [all(column) for column in zip(*table, strict=True)]) == states, concept


# --- Who may move when: small conflicts, worked out by hand. Actor 0 stands at state 1, prefers state 2, and fears
# --- only the last state; by what the others may do from state 2, it stays or it goes.


def feared(last: int, others: list[str], joint: list[list[float]] | None = None) -> Conflict:
    payoffs = [[1.0, *(2.0 for _ in range(last - 2)), 0.0]]
    payoffs += joint or [[float(s) for s in range(last)] for _ in others]
    return Conflict(payoffs, None, None, arcs=[from_one("1>2"), *(from_one(arcs) for arcs in others)])


SANCTIONS = {
    "one move": (feared(3, ["2>3"]), True, True),
    "no move": (feared(3, [""]), False, False),
    "nobody moves twice in a row": (feared(4, ["2>3 3>4"]), False, False),
    "but again after somebody else": (feared(5, ["2>3 4>5", "3>4"]), True, True),
    "three times, in turn": (feared(7, ["2>3 4>5 6>7", "3>4 5>6"]), True, True),
    "not after oneself, by another way": (feared(5, ["2>3 2>4 4>5", "1>3"]), False, False),
    "a longer way is legal where the short one is not": (
        feared(5, ["2>3 2>4 3>5", "4>3"], [[0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 1.0, 3.0, 2.0, 4.0]]),
        True,
        True,
    ),
    "there and back in turn": (feared(5, ["2>3 3>2", "3>4 2>5"]), True, True),
    "the actor itself does not help": (feared(3, ["1>3"]), False, False),
    "not by a move that costs the mover": (feared(3, ["2>3"], [[0.0, 1.0, 0.5]]), True, False),
    "not by a move of no use to the mover": (feared(3, ["2>3"], [[0.0, 1.0, 1.0]]), True, False),
    "every step must be an improvement": (
        feared(4, ["2>3", "3>4"], [[0.0, 1.0, 2.0, 0.0], [0.0, 3.0, 2.0, 1.0]]),
        True,
        False,
    ),
    "each step for its own mover only": (
        feared(4, ["2>3", "3>4"], [[0.0, 1.0, 2.0, 0.0], [0.0, 3.0, 1.0, 2.0]]),
        True,
        True,
    ),
}


@pytest.mark.parametrize("solver", SOLVERS.values(), ids=SOLVERS)
@pytest.mark.parametrize("name", SANCTIONS)
def test_sanctions_are_legal_sequences(name: str, solver: Solver) -> None:
    conflict, by_any_move, by_improvements = SANCTIONS[name]
    assert solver(conflict, "R")[0][0] is False
    assert solver(conflict, "GMR")[0][0] is by_any_move
    assert solver(conflict, "SMR")[0][0] is by_any_move
    assert solver(conflict, "SEQ")[0][0] is by_improvements


@pytest.mark.parametrize("solver", SOLVERS.values(), ids=SOLVERS)
@pytest.mark.parametrize(("escape", "stays"), [(1.0, True), (1.5, False)])
def test_a_sanction_that_can_be_left_again(escape: float, stays: bool, solver: Solver) -> None:
    """SMR, and SMR alone, asks whether actor 0 can get out; no better than before is not out."""
    conflict = Conflict(
        [[1.0, 2.0, 0.0, escape], [0.0, 1.0, 2.0, 0.0]],
        None,
        None,
        arcs=[from_one("1>2 3>4"), from_one("2>3")],
    )
    assert solver(conflict, "SMR")[0][0] is stays
    assert solver(conflict, "GMR")[0][0] is solver(conflict, "SEQ")[0][0] is True


@pytest.mark.parametrize("solver", SOLVERS.values(), ids=SOLVERS)
@pytest.mark.parametrize(("sanction", "stays"), [(0.0, True), (1.0, True), (1.5, False)])
def test_an_outcome_as_good_as_before_is_a_sanction(sanction: float, stays: bool, solver: Solver) -> None:
    conflict = Conflict([[1.0, 2.0, 0.0, sanction], [0.0, 1.0, 1.0, 2.0]], [0, 1], [0, 1, 2, 3])
    for concept in ("GMR", "SMR", "SEQ"):
        assert solver(conflict, concept)[0][0] is stays, concept


# --- Simultaneous moves: options 0, 1, 2 of actors 0, 1, 2; nobody has taken any.


def at_once(fine: float, one: float, two: float, masks: list[int], gains: tuple[float, float]) -> Conflict:
    """Actor 0 gains by taking its option unless option 1, or options 1 and 2, are taken at the same moment."""
    worth = {1: fine, 3: one, 7: two}
    rows = [[worth.get(mask, 1.0) for mask in masks]]
    rows += [[gain * (mask == 2 << j) for mask in masks] for j, gain in enumerate(gains)]
    return Conflict(rows, [0, 1, 2], masks)


EVERY = list(range(8))
SIMULTANEOUS = {
    "another's improvement foils": (at_once(2.0, 0.0, 2.0, EVERY, (1.0, 0.0)), True),
    "as good as before foils": (at_once(2.0, 1.0, 2.0, EVERY, (1.0, 0.0)), True),
    "nobody has an improvement": (at_once(2.0, 0.0, 0.0, EVERY, (0.0, 0.0)), False),
    "only the two together": (at_once(2.0, 2.0, 0.0, EVERY, (1.0, 1.0)), True),
    "one of the two would not": (at_once(2.0, 2.0, 0.0, EVERY, (1.0, 0.0)), False),
    "one is enough": (at_once(2.0, 0.0, 2.0, EVERY, (1.0, 1.0)), True),
    "what cannot be is no sanction": (at_once(2.0, 0.0, 2.0, [0, 1, 2, 4, 5, 6, 7], (1.0, 0.0)), False),
    "infeasible together, one is enough": (at_once(2.0, 0.0, 2.0, [0, 1, 2, 3, 4, 5, 6], (1.0, 1.0)), True),
}


@pytest.mark.parametrize("solver", SOLVERS.values(), ids=SOLVERS)
@pytest.mark.parametrize("name", SIMULTANEOUS)
def test_simultaneous_improvements(name: str, solver: Solver) -> None:
    conflict, stays = SIMULTANEOUS[name]
    assert solver(conflict, "R")[0][0] is False
    assert solver(conflict, "SIM")[0][0] is stays
