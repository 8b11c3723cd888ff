"""What must not change an answer, what must change it, and what contains what: on random models, by the lens alone."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent))  # the second solver is beside the tests

from oracle import CONCEPTS, WITH_MARGIN, Conflict
from random_conflicts import arcs_of, in_options, many

from accord.lenses.conflict import Stability, ensemble, stability

OPPOSITE = {"both": "both", "forward": "back", "back": "forward"}


def larger(count: int, options: int = 7) -> Iterator[tuple[random.Random, Conflict]]:
    """Models in option form that are too large for the second solver, each with its own stream."""
    for number in range(count):
        draw = random.Random(f"larger {options} {number}")
        yield draw, in_options(draw, actors=draw.randint(2, 5), options=options)


def solved(model: Conflict, **changed: Any) -> Stability:
    given = {"payoffs": model.payoffs, **model.given(), **changed}
    payoffs = np.array(given.pop("payoffs"), dtype=float)
    concepts = WITH_MARGIN if given["owners"] is None else CONCEPTS
    return stability(payoffs, **given, concepts=concepts)


def same(
    model: Conflict,
    before: Stability,
    after: Stability,
    *,
    rows: Any = slice(None),
    columns: Any = slice(None),
    margins: bool = True,
) -> None:
    """Row ``rows[i]`` and column ``columns[s]`` of the result after are row i and column s of the one before."""
    for concept, table in before.stable.items():
        assert np.array_equal(after.stable[concept][rows][:, columns], table), f"{concept}:\n{model}"
        if margins and concept in WITH_MARGIN:
            moved = after.margins[concept][rows][:, columns]
            assert np.array_equal(moved, before.margins[concept]), f"margins, {concept}:\n{model}"


def kinds() -> Iterator[Conflict]:
    yield from (model for _, model in larger(40))
    yield from many("arcs", 120)
    yield from many("arcs and options", 60)


def test_containments() -> None:
    for model in kinds():
        stable = solved(model).stable
        for inner, outer in (("R", "SMR"), ("SMR", "GMR"), ("R", "SEQ"), ("SEQ", "GMR"), ("R", "SIM")):
            if outer in stable:
                assert not (stable[inner] & ~stable[outer]).any(), f"{inner} in {outer}:\n{model}"


def test_equilibria_are_stable_for_everybody() -> None:
    for model in kinds():
        found = solved(model)
        for concept, table in found.stable.items():
            assert np.array_equal(found.equilibria[concept], table.all(axis=0)), f"{concept}:\n{model}"


# --- Other words for the same conflict


def test_order_of_actors() -> None:
    for draw, model in larger(40):
        place = draw.sample(list(model.actors), len(model.actors))  # actor i becomes actor place[i]
        payoffs = np.empty_like(np.array(model.payoffs))
        payoffs[place] = model.payoffs
        after = solved(model, payoffs=payoffs, owners=[place[i] for i in model.owners or ()])
        same(model, solved(model), after, rows=place)


def renamed(model: Conflict, place: list[int], flipped: int) -> tuple[dict[str, Any], NDArray[np.int64]]:
    """Option k becomes option place[k], and those of ``flipped`` (a mask of new options) say the opposite."""
    masks = [
        sum((mask >> k & 1) << place[k] for k in range(len(place))) ^ flipped for mask in model.feasible or ()
    ]
    order = np.argsort(masks)
    before = np.argsort(place)
    ways = [(model.directions or ["both"] * len(place))[k] for k in before]
    given = {
        "payoffs": np.array(model.payoffs)[:, order],
        "owners": [(model.owners or ())[k] for k in before],
        "feasible": np.array(masks)[order],
        "directions": [OPPOSITE[way] if flipped >> k & 1 else way for k, way in enumerate(ways)],
    }
    return given, np.argsort(order)


def test_order_of_options_and_their_opposites() -> None:
    for draw, model in larger(40):
        options = len(model.owners or ())
        flipped = draw.choice((0, draw.randrange(2**options)))
        given, columns = renamed(model, draw.sample(range(options), options), flipped)
        same(model, solved(model), solved(model, **given), columns=columns)


def test_order_of_states_and_of_arcs() -> None:
    for number, model in enumerate(many("arcs", 120)):
        draw = random.Random(number)
        place = draw.sample(list(model.states), len(model.states))
        payoffs = np.empty_like(np.array(model.payoffs))
        payoffs[:, place] = model.payoffs
        arcs = [[(place[a], place[b]) for a, b in draw.sample(row, len(row))] for row in model.arcs or ()]
        same(model, solved(model), solved(model, payoffs=payoffs, arcs=arcs), columns=place)


def test_options_and_the_arcs_that_they_allow() -> None:
    for _, model in larger(25, options=6):
        same(model, solved(model), solved(model, arcs=arcs_of(model), directions=None))


def test_payoffs_that_rank_alike() -> None:
    for _, model in larger(40):
        before = solved(model)
        for transformed in (lambda p: 3 * p - 40, lambda p: p**3 / 7, np.exp2, lambda p: -np.exp2(-p / 8)):
            after = solved(model, payoffs=transformed(np.array(model.payoffs)))
            for concept in CONCEPTS:
                assert np.array_equal(after.stable[concept], before.stable[concept]), f"{concept}:\n{model}"


def test_margins_are_in_the_units_of_payoffs() -> None:
    for _, model in larger(20):
        after = solved(model, payoffs=4 * np.array(model.payoffs) + 16)
        for concept, margins in solved(model).margins.items():
            assert np.array_equal(after.margins[concept], 4 * margins), f"{concept}:\n{model}"


# --- Additions that change nothing, and where each state is afterwards


def test_an_actor_without_options() -> None:
    for draw, model in larger(40):
        new = draw.randint(0, len(model.actors))
        payoffs = np.insert(np.array(model.payoffs), new, [draw.random() for _ in model.states], axis=0)
        owners = [i + (i >= new) for i in model.owners or ()]
        after = solved(model, payoffs=payoffs, owners=owners)
        same(model, solved(model), after, rows=[i for i in range(len(payoffs)) if i != new])
        assert all(after.stable[concept][new].all() for concept in CONCEPTS)
        assert all(np.isposinf(after.margins[concept][new]).all() for concept in WITH_MARGIN)


def with_dominated(model: Conflict, owner: int, way: str) -> Stability:
    """One more option, of no concern to anybody but its owner, who finds it worse than anything."""
    payoffs = np.tile(np.array(model.payoffs), 2)
    payoffs[owner, len(model.states) :] -= 1 + np.ptp(payoffs[owner])
    feasible = np.array(model.feasible)
    bit = len(model.owners or ())
    return solved(
        model,
        payoffs=payoffs,
        owners=[*(model.owners or ()), owner],
        feasible=np.concatenate([feasible, feasible + 2**bit]),
        directions=[*(model.directions or ["both"] * bit), way],
    )


def test_a_dominated_irreversible_option() -> None:
    for draw, model in larger(40, options=6):
        before, owner = solved(model), draw.randrange(len(model.actors))
        after, states = with_dominated(model, owner, "forward"), len(model.states)
        # Where the owner had no other move, this is one, so that its margin is no longer infinite.
        same(model, before, after, columns=slice(None, states), margins=False)
        same(model, before, after, columns=slice(states, None))  # there is no way back once it is taken
        back = with_dominated(model, owner, "both")
        same(model, before, back, columns=slice(None, states), margins=False)
        assert not back.equilibria["R"][states:].any(), f"nobody would stay:\n{model}"


def test_an_option_split_in_two() -> None:
    """Two options that must be taken together are one option."""
    for draw, model in larger(40):
        options = len(model.owners or ())
        split = draw.randrange(options)
        owners, ways = list(model.owners or ()), list(model.directions or ["both"] * options)
        twice = [mask | (mask >> split & 1) << options for mask in model.feasible or ()]
        order = np.argsort(twice)
        after = solved(
            model,
            payoffs=np.array(model.payoffs)[:, order],
            owners=[*owners, owners[split]],
            feasible=np.array(twice)[order],
            directions=[*ways, ways[split]],
        )
        same(model, solved(model), after, columns=np.argsort(order))


def test_an_indifferent_bystander_with_an_option() -> None:
    """Its option may change everything for others: it can sanction anybody, but never has a reason to."""
    for draw, model in larger(25, options=6):
        alone, states, bit = solved(model), len(model.states), len(model.owners or ())
        feasible, here = np.array(model.feasible), np.array(model.payoffs)
        elsewhere = here[:, draw.sample(model.states, states)]
        beside = solved(
            model,
            payoffs=np.vstack([np.hstack([here, elsewhere]), np.zeros(2 * states)]),
            owners=[*(model.owners or ()), len(here)],
            feasible=np.concatenate([feasible, feasible + 2**bit]),
            directions=[*(model.directions or ["both"] * bit), "both"],
        )
        now = {concept: beside.stable[concept][:-1, :states] for concept in CONCEPTS}
        assert all(np.array_equal(now[concept], alone.stable[concept]) for concept in ("R", "SEQ", "SIM")), (
            model
        )
        assert all((now[concept] >= alone.stable[concept]).all() for concept in ("GMR", "SMR")), model


# --- Margins: by how much a preference may change before the answer does


def test_margins_agree_with_stability() -> None:
    for model in kinds():
        found = solved(model)
        for concept, margins in found.margins.items():
            assert np.array_equal(margins >= 0, found.stable[concept]), f"{concept}:\n{model}"
        assert "SIM" not in found.margins


def shifted(model: Conflict, i: int, s: int, by: float) -> Conflict:
    """The same conflict, with i's payoff of state s changed."""
    payoffs = [list(row) for row in model.payoffs]
    payoffs[i][s] += by
    return Conflict(payoffs, model.owners, model.feasible, model.directions)


@pytest.mark.parametrize("concept", WITH_MARGIN)
def test_margins_are_where_the_second_solver_changes_its_mind(concept: str) -> None:
    step, flips = 0.25, {True: 0, False: 0}
    for model in many("options", 80):
        found = solved(model)
        draw = random.Random(str(model))
        for i in model.actors:
            for s in draw.sample(model.states, min(4, len(model.states))):
                margin = float(found.margins[concept][i, s])
                if math.isinf(margin):
                    assert not model.moves(i, s)
                    continue
                was = bool(found.stable[concept][i, s])
                # Down to what leaving is worth it stays, an equal outcome included; below that it goes.
                for by, stays in ((-margin, True), (step - margin, True), (-step - margin, False)):
                    told = f"{concept}, actor {i}, state {s}, changed by {by}:\n{model}"
                    assert shifted(model, i, s, by).stable(concept, i, s) is stays, told
                flips[was] += 1
    assert min(flips.values()) > 40


# --- Many worlds


@pytest.mark.parametrize("form", ["options", "arcs", "arcs and options"])
def test_an_ensemble_is_its_worlds(form: str) -> None:
    for number, model in enumerate(many(form, 40)):
        stream = np.random.default_rng(number)
        worlds = stream.integers(0, 6, size=(1 + number % 7, len(model.actors), len(model.states))).astype(
            float
        )
        concepts = WITH_MARGIN if model.owners is None else CONCEPTS
        found = ensemble(worlds, **model.given(), concepts=concepts)
        alone = [solved(model, payoffs=world) for world in worlds]
        for concept in concepts:
            expected = np.array([one.equilibria[concept] for one in alone])
            assert np.array_equal(found.equilibria[concept], expected), f"{concept}:\n{model}"
            np.testing.assert_allclose(found.probability[concept], expected.mean(axis=0), rtol=0, atol=1e-12)
        for concept in WITH_MARGIN:
            margins = np.array([one.margins[concept].min(axis=0) for one in alone])
            assert np.array_equal(found.margin[concept], margins), f"margin, {concept}:\n{model}"
