"""All 576 strict ordinal 2x2 games: pure equilibria against nashpy, every concept against the second solver."""

from __future__ import annotations

import itertools
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nashpy
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the second solver is beside the tests

from oracle import CONCEPTS, Conflict

from accord.lenses.conflict import Stability, stability

RANKS = (1.0, 2.0, 3.0, 4.0)


def games() -> Iterator[list[list[float]]]:
    """Payoffs of both players at (row, column) = 00, 10, 01, 11: the order of the masks."""
    for pair in itertools.product(itertools.permutations(RANKS), repeat=2):
        yield [list(ranks) for ranks in pair]


@pytest.fixture(scope="module")
def found() -> list[tuple[list[list[float]], Stability]]:
    return [(game, stability(np.array(game), [0, 1], concepts=CONCEPTS)) for game in games()]


def pure_by_nashpy(game: list[list[float]]) -> set[int]:
    """Masks of the pairs of pure strategies that are equilibria."""
    row, column = (np.array([[p[0], p[2]], [p[1], p[3]]]) for p in game)
    pairs = nashpy.Game(row, column).support_enumeration()
    pure = [(x, y) for x, y in pairs if np.isclose(x.max(), 1.0) and np.isclose(y.max(), 1.0)]
    return {int(x.argmax()) + 2 * int(y.argmax()) for x, y in pure}


def test_nash_is_what_nashpy_finds(found: list[tuple[list[list[float]], Stability]]) -> None:
    many: Counter[int] = Counter()
    for game, stable in found:
        pure = set(np.flatnonzero(stable.equilibria["R"]).tolist())
        assert pure == pure_by_nashpy(game), game
        many[len(pure)] += 1
    # One game in eight has none, one in eight has two.
    assert many == {0: 72, 1: 432, 2: 72}


def test_every_concept_is_what_the_second_solver_finds(
    found: list[tuple[list[list[float]], Stability]],
) -> None:
    for game, stable in found:
        conflict = Conflict(game, [0, 1], [0, 1, 2, 3])
        for concept in CONCEPTS:
            assert stable.stable[concept].tolist() == conflict.table(concept), (concept, game)


def test_looking_ahead_always_finds_an_equilibrium(found: list[tuple[list[list[float]], Stability]]) -> None:
    """Also in the 72 games without a pure one; with improvements at the same moment those stay without."""
    none = {concept: sum(not stable.equilibria[concept].any() for _, stable in found) for concept in CONCEPTS}
    assert none == {"R": 72, "GMR": 0, "SMR": 32, "SEQ": 0, "SIM": 72}
