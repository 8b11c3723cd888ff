"""The lens and a second solver agree on hundreds of random models, state by state, for every concept."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the second solver is beside the tests

from oracle import CONCEPTS, WITH_MARGIN, Conflict
from random_conflicts import many

from accord.lenses.conflict import stability

HOW_MANY = {"options": 350, "arcs": 200, "arcs and options": 120, "many options": 50}


def concepts_of(model: Conflict) -> tuple[str, ...]:
    return WITH_MARGIN if model.owners is None else CONCEPTS


def compare(model: Conflict, concepts: tuple[str, ...]) -> None:
    """Every status, every equilibrium and every margin of the lens against the second solver."""
    found = stability(np.array(model.payoffs), **model.given(), concepts=concepts)
    for concept in concepts:
        expected = model.table(concept)
        assert found.stable[concept].tolist() == expected, f"{concept}: expected {expected} of\n{model}"
        both = [all(column) for column in zip(*expected, strict=True)]
        assert found.equilibria[concept].tolist() == both, f"equilibria, {concept}:\n{model}"
    for concept in found.margins:
        margins = [[model.margin(concept, i, s) for s in model.states] for i in model.actors]
        # Payoffs are small whole numbers and halves: their differences are exact.
        assert found.margins[concept].tolist() == margins, (
            f"margins, {concept}: expected {margins} of\n{model}"
        )


@pytest.mark.parametrize("form", HOW_MANY)
def test_both_solvers_agree(form: str) -> None:
    for model in many(form, HOW_MANY[form]):
        compare(model, concepts_of(model))


def test_both_solvers_agree_where_there_is_much_to_combine() -> None:
    """So many combinations of improvements that no short way may be taken wrongly."""
    for model in many("much to combine", 30):
        compare(model, ("SIM",))


def test_the_random_models_are_of_every_kind() -> None:
    """A comparison of models without sanctions, ties or closed ways would prove little."""
    models = list(many("options", HOW_MANY["options"]))
    assert {len(model.actors) for model in models} == {2, 3, 4, 5}
    assert sum(len(model.feasible or ()) < 2 ** len(model.owners or ()) for model in models) > 150
    assert sum(bool(set(model.directions or ()) - {"both"}) for model in models) > 150
    assert sum(any(len(set(row)) < len(row) for row in model.payoffs) for model in models) > 150


@pytest.mark.parametrize("form", ["options", "arcs", "arcs and options"])
def test_the_random_models_tell_the_concepts_apart(form: str) -> None:
    seen: Counter[tuple[bool, ...]] = Counter()
    for model in many(form, 150):
        tables = [model.table(concept) for concept in concepts_of(model)]
        for rows in zip(*tables, strict=True):
            seen.update(zip(*rows, strict=True))
    chain: Counter[tuple[bool, ...]] = Counter()
    for status, count in seen.items():
        chain[status[:4]] += count
    # R, GMR, SMR, SEQ: every combination that the containments allow.
    assert set(chain) == {(True, True, True, True), (False, False, False, False)} | {
        (False, True, smr, seq) for smr in (True, False) for seq in (True, False)
    }
    assert min(chain.values()) > 30
    if form != "arcs":
        assert {status[3:] for status in seen} == {
            (seq, sim) for seq in (True, False) for sim in (True, False)
        }


def test_a_model_without_rules_needs_no_list_of_states() -> None:
    whole = [m for m in many("options", 200) if len(m.feasible or ()) == 2 ** len(m.owners or ())]
    assert len(whole) > 30
    for model in whole:
        given = {**model.given(), "feasible": None}
        found = stability(np.array(model.payoffs), **given, concepts=CONCEPTS)
        for concept in CONCEPTS:
            assert found.stable[concept].tolist() == model.table(concept), f"{concept}:\n{model}"
