"""Coalitions, against the written definitions on top of the second solver's joint moves."""

from __future__ import annotations

import itertools
import random
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the second solver is beside the tests

from oracle import Conflict
from random_conflicts import FORMS

from accord.lenses.conflict import coalitions
from accord.lenses.conflict.sanctions import CONCEPTS

SOME_FORMS = ("options", "arcs", "arcs and options")
DILEMMA = [[3, 4, 1, 2], [3, 1, 4, 2]]  # option k taken: actor k defects
BELL = [1, 1, 2, 5, 15, 52, 203, 877, 4140]


def reach(model: Conflict, s: int, group: tuple[int, ...]) -> set[int]:
    return model.joint(s, group, False) if len(group) > 1 else set(model.moves(group[0], s))


def gains(model: Conflict, group: tuple[int, ...], x: int, s: int) -> bool:
    return all(model.payoffs[i][x] > model.payoffs[i][s] for i in group)


def undeterred(model: Conflict, concept: str, group: tuple[int, ...], s: int) -> list[int]:
    """Coalition improvements that the definition leaves unsanctioned."""
    rest = [j for j in model.actors if j not in group]
    left = []
    for t in sorted(reach(model, s, group)):
        if not gains(model, group, t, s):
            continue
        answers = set() if concept == "R" else model.joint(t, rest, concept == "SEQ")
        sanctions = [x for x in answers if not gains(model, group, x, s)]
        if concept == "SMR":
            sanctions = [
                x for x in sanctions if not any(gains(model, group, z, s) for z in reach(model, x, group))
            ]
        if not sanctions:
            left.append(t)
    return left


@pytest.mark.parametrize("form", SOME_FORMS)
def test_random_models_by_definition(form: str) -> None:
    for seed in range(12):
        model = FORMS[form](random.Random(f"coalitions {form} {seed}"))
        found = coalitions.scan(model.payoffs, model.owners, model.feasible, model.directions, model.arcs)
        groups = [g for n in range(1, len(model.actors) + 1) for g in itertools.combinations(model.actors, n)]
        for concept in CONCEPTS:
            left = {(g, s): undeterred(model, concept, g, s) for g in groups for s in model.states}
            for (g, s), moves in left.items():
                row = sum(1 << i for i in g)
                assert found.stable[concept][row, s] == (not moves), f"{concept} {g} {s} {model}"
                if len(g) == 1:
                    assert found.stable[concept][row, s] == model.stable(concept, g[0], s)
            alone = [s for s in model.states if not any(left[(i,), s] for i in model.actors)]
            assert np.flatnonzero(found.alone[concept]).tolist() == alone
            expected = {(g, s): left[g, s] for g in groups if len(g) > 1 for s in alone if left[g, s]}
            broken = {(b.alliance, b.state): b for b in found.breaks if b.concept == concept}
            assert broken.keys() == expected.keys()
            for key, b in broken.items():
                assert sorted(o.state for o in b.outcomes) == expected[key]
                for o in b.outcomes:
                    inside = [g for g in groups if set(g) < set(b.alliance) and left[g, o.state]]
                    assert (o.holds, o.defectors) == (not inside, inside[0] if inside else ())
                    check_path(model, b.alliance, b.state, o.state, found.path(b, o))


def check_path(model: Conflict, group: tuple[int, ...], start: int, end: int, steps: tuple) -> None:
    at, last = start, -1
    for step in steps:
        assert step.origin == at
        assert step.actor in group
        assert step.actor != last
        assert step.to in model.moves(step.actor, at)
        at, last = step.to, step.actor
    assert at == end


def test_prisoners_dilemma() -> None:
    found = coalitions.scan(DILEMMA, [0, 1])
    assert found.partitions == (((0, 1),), ((0,), (1,)))
    assert np.flatnonzero(found.alone["R"]).tolist() == [3]
    (broken,) = found.of("R", 1, 0)
    assert (broken.state, broken.best.state, broken.best.holds, broken.best.defectors) == (3, 0, False, (0,))
    (broken,) = found.of("SEQ", 0, 1)
    assert (broken.state, broken.best.state, broken.best.holds) == (3, 0, True)
    assert [(step.actor, step.to, step.improves) for step in found.path(broken)] == [
        (0, 2, False),
        (1, 0, False),
    ]
    # Together nothing but the Pareto frontier is stable; apart the dilemma's own equilibria are.
    assert found.equilibria["R"].tolist() == [[True, True, True, False], [False, False, False, True]]
    assert found.equilibria["GMR"].tolist() == [[True, True, True, False], [True, False, False, True]]


@pytest.mark.parametrize("actors", [1, 2, 3, 5, 8])
def test_all_partitions_once(actors: int) -> None:
    found = coalitions.scan(np.zeros((actors, 2)), [0])
    assert len(set(found.partitions)) == len(found.partitions) == BELL[actors]
    assert all(sorted(itertools.chain(*blocks)) == list(range(actors)) for blocks in found.partitions)
    assert found.equilibria["SMR"].shape == (BELL[actors], 2)
    assert len(found.partitions[0]) == 1
    assert len(found.partitions[-1]) == actors


def test_partition_needs_every_block() -> None:
    model = FORMS["arcs"](random.Random("coalitions arcs 3"))
    found = coalitions.scan(model.payoffs, None, arcs=model.arcs)
    for concept in CONCEPTS:
        for row, blocks in zip(found.equilibria[concept], found.partitions, strict=True):
            rows = [sum(1 << i for i in block) for block in blocks]
            assert row.tolist() == found.stable[concept][rows].all(axis=0).tolist()


def test_messages() -> None:
    with pytest.raises(ValueError, match="takes up to 8 actors, but there are 9: leave some out"):
        coalitions.scan(np.zeros((9, 2)), [0])
    with pytest.raises(ValueError, match="of 8 actors takes up to 626 states, but there are 1024: join"):
        coalitions.scan(np.zeros((8, 1024)), [0] * 10)
    with pytest.raises(ValueError, match="concepts must be among R, GMR, SMR, SEQ, not SIM"):
        coalitions.scan(DILEMMA, [0, 1], concepts=("SIM",))
    with pytest.raises(ValueError, match="payoffs must be finite"):
        coalitions.scan([[np.nan, 1]], [0])
