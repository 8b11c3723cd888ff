"""Paths from a status quo, against listing every sequence of moves."""

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

from accord.lenses.conflict import evolution

ELMIRA = Conflict(
    [[4, 3, 8, 7, 5, 2, 9, 6, 1], [9, 2, 4, 8, 6, 1, 3, 7, 5], [6, 2, 8, 3, 7, 4, 9, 5, 1]],
    None,
    None,
    arcs=[
        [(0, 1), (2, 3), (4, 5), (6, 7)],
        [(0, 2), (0, 8), (1, 3), (1, 8), (2, 8), (3, 8), (4, 6), (4, 8), (5, 7), (5, 8), (6, 8), (7, 8)],
        [(0, 4), (4, 0), (1, 5), (5, 1), (2, 6), (6, 2), (3, 7), (7, 3)],
    ],
)


def shortest(model: Conflict, start: int, target: int, improving: bool) -> list[tuple[tuple[int, int], ...]]:
    """All shortest sequences of (actor, state), by growing every sequence; in order."""
    layer: list[tuple[tuple[int, int], ...]] = [()]
    for _ in range(len(model.states) + 1):
        hits = [path for path in layer if (path[-1][1] if path else start) == target]
        if hits:
            least = min(against(model, start, path) for path in hits)
            return sorted(path for path in hits if against(model, start, path) == least)
        grown = {}
        for path in layer:
            at, last = (path[-1][1], path[-1][0]) if path else (start, -1)
            for j in model.actors:
                if j != last:
                    for t in model.improvements(j, at) if improving else model.moves(j, at):
                        if t not in [x for _, x in path] and t != start:
                            grown[*path, (j, t)] = None
        layer = list(grown)
    return []


def against(model: Conflict, start: int, path: tuple[tuple[int, int], ...]) -> int:
    """Steps that are no improvement."""
    before = [start, *(t for _, t in path)]
    return sum(model.payoffs[j][t] <= model.payoffs[j][s] for s, (j, t) in zip(before, path, strict=False))


def test_random_models_by_listing() -> None:
    kinds = set()
    for form, seed in itertools.product(("options", "arcs", "arcs and options"), range(25)):
        draw = random.Random(f"evolution {form} {seed}")
        model = FORMS[form](draw)
        if len(model.states) > 9:
            continue
        start = draw.choice(model.states)
        found = evolution.paths(
            model.payoffs,
            model.owners,
            start,
            model.states,
            feasible=model.feasible,
            directions=model.directions,
            arcs=model.arcs,
            most=3,
        )
        for route in found.routes:
            by_gain = shortest(model, start, route.target, True)
            expected = by_gain or shortest(model, start, route.target, False)
            assert route.reachable == bool(expected)
            assert route.improving == bool(by_gain)
            assert route.ways == len(expected), f"{start} {route} {model}"
            listed = [tuple((step.actor, step.to) for step in path) for path in route.paths]
            assert listed == expected[:3], f"{start} {route} {model}"
            for step in route.steps:
                row = model.payoffs[step.actor]
                assert step.improves == (row[step.to] > row[step.origin])
            assert bool(route.against_interest) == (route.reachable and not route.improving)
            kinds.add((route.reachable, route.improving, route.ways > 1))
    assert {(True, True, False), (True, False, False), (False, False, False), (True, True, True)} <= kinds


def test_elmira() -> None:
    found = evolution.paths(ELMIRA.payoffs, None, 0, [4, 7, 8], arcs=ELMIRA.arcs)
    assert [(step.actor, step.to) for step in found.to(4).steps] == [(2, 4)]
    assert found.to(4).improving
    # State 8 of the publication is out of reach by gains from the status quo: the ministry must act against its own.
    assert found.to(7).movers == (0, 1, 2)
    assert [(step.actor, step.to) for step in found.to(7).against_interest] == [(0, 1)]
    assert not found.to(8).improving


def test_nobody_moves_twice_in_a_row() -> None:
    found = evolution.paths([[0, 1, 2]], None, 0, [2], arcs=[[(0, 1), (1, 2)]])
    assert not found.to(2).reachable
    assert found.to(2).steps == ()
    assert found.to(2).ways == 0


def test_irreversible_options_and_the_start_itself() -> None:
    found = evolution.paths(np.array([[1, 0]]), [0], 1, [0, 1], directions=["forward"])
    assert not found.to(0).reachable
    assert found.to(1).paths == ((),)
    assert found.to(1).improving


def test_messages() -> None:
    with pytest.raises(ValueError, match="start must be a state index from 0 to 1, not 2"):
        evolution.paths([[0, 1]], [0], 2, [0])
    with pytest.raises(ValueError, match="target must be a state index from 0 to 1, not -1"):
        evolution.paths([[0, 1]], [0], 0, [-1])
    with pytest.raises(ValueError, match="most must be 1 or more, not 0"):
        evolution.paths([[0, 1]], [0], 0, [1], most=0)
    with pytest.raises(ValueError, match="no route to state 1 was asked for"):
        evolution.paths([[0, 1]], [0], 0, [0]).to(1)
    with pytest.raises(ValueError, match="takes models of up to 4096 states, but there are 8192"):
        evolution.paths(np.zeros((1, 8192)), [0] * 13, 0, [1])
