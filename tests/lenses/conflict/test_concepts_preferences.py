"""Strength of preference and unknown preference, against the written definitions."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the second solver is beside the tests

from oracle import Conflict
from random_conflicts import FORMS

from accord.lenses.conflict import strength, unknown
from accord.lenses.conflict.sanctions import CONCEPTS
from accord.lenses.conflict.stability import stability

SOME_FORMS = ("options", "arcs", "arcs and options")
Judge = Callable[[int, int, int], bool]  # actor, state looked at, state compared with


def stays(
    model: Conflict, concept: str, i: int, s: int, tempts: Judge, deters: Judge, ventures: Judge
) -> bool:
    """Whether each tempting move is deterred, from the definition."""
    for t in model.moves(i, s):
        if not tempts(i, t, s):
            continue
        if concept == "R":
            return False
        answers = sequences(model, i, t, ventures if concept == "SEQ" else lambda *_: True)
        sanctions = [x for x in answers - {t} if deters(i, x, s)]
        if concept == "SMR":
            sanctions = [x for x in sanctions if all(deters(i, z, s) for z in model.moves(i, x))]
        if not sanctions:
            return False
    return True


def sequences(model: Conflict, i: int, start: int, allowed: Judge) -> set[int]:
    """States that the others reach from a state by allowed moves, nobody twice in a row."""
    seen: set[tuple[int, int]] = set()
    waiting = [(start, i)]
    while waiting:
        s, last = waiting.pop()
        for j in model.actors:
            if j in (i, last):
                continue
            for t in model.moves(j, s):
                if allowed(j, t, s) and (t, j) not in seen:
                    seen.add((t, j))
                    waiting.append((t, j))
    return {s for s, _ in seen}


def models(kind: str, form: str, count: int = 12) -> list[tuple[random.Random, Conflict]]:
    draws = [random.Random(f"{kind} {form} {seed}") for seed in range(count)]
    return [(draw, FORMS[form](draw)) for draw in draws]


@pytest.mark.parametrize("form", SOME_FORMS)
def test_strength_by_definition(form: str) -> None:
    for draw, model in models("strength", form):
        payoffs = np.array(model.payoffs, dtype=float)
        bands = np.floor(payoffs / draw.choice((1.0, 2.0, 3.0))).astype(int)
        found = strength.stability(payoffs, bands, *given(model), concepts=CONCEPTS)
        plain = stability(payoffs, *given(model), concepts=CONCEPTS)

        def better(i: int, x: int, s: int, p: np.ndarray = payoffs) -> bool:
            return bool(p[i, x] > p[i, s])

        def greatly_worse(i: int, x: int, s: int, g: np.ndarray = bands) -> bool:
            return bool(g[i, x] < g[i, s])

        for concept in CONCEPTS:
            assert (found.stable[concept] == plain.stable[concept]).all()
            for i in model.actors:
                for s in model.states:
                    strong = stays(model, concept, i, s, better, greatly_worse, better)
                    assert found.strong[concept][i, s] == strong, f"{concept} {i} {s} {model}"
            assert not (found.strong[concept] & ~found.stable[concept]).any()
            assert (found.weak[concept] | found.strong[concept] == found.stable[concept]).all()
            both = found.strong_equilibria[concept] | found.weak_equilibria[concept]
            assert (both == plain.equilibria[concept]).all()


def given(model: Conflict) -> tuple:
    return model.owners, model.feasible, model.directions, model.arcs


def test_strength_in_the_dilemma() -> None:
    """Cooperation is held up by the fear of mutual defection: strongly only where that is much worse."""
    payoffs = [[3, 4, 1, 2], [3, 1, 4, 2]]
    mild = strength.stability(payoffs, np.zeros((2, 4), dtype=int), [0, 1])
    assert mild.weak_equilibria["SEQ"].tolist() == [True, False, False, False]
    assert mild.strong_equilibria["SEQ"].tolist() == [False, False, False, True]
    grave = strength.stability(payoffs, [[1, 1, 0, 0], [1, 0, 1, 0]], [0, 1])
    assert grave.strong_equilibria["SEQ"].tolist() == [True, False, False, True]


def test_equal_outcome_is_no_strong_sanction() -> None:
    payoffs = [[1, 2, 0, 1], [0, 0, 1, 1]]  # actor 1 answers the move to state 1 by going on to state 3
    found = strength.stability(payoffs, payoffs, [0, 1])
    assert found.stable["GMR"][0, 0]
    assert not found.strong["GMR"][0, 0]


def test_strength_messages() -> None:
    with pytest.raises(ValueError, match="bands contradict the payoffs of actor 1: a better state"):
        strength.stability([[0, 1], [0, 1]], [[0, 1], [1, 0]], [0])
    with pytest.raises(ValueError, match="bands contradict the payoffs of actor 0"):
        strength.stability([[1, 1], [0, 1]], [[0, 1], [0, 0]], [0])
    with pytest.raises(ValueError, match="bands must be whole numbers"):
        strength.stability([[0, 1]], [[0, 0.5]], [0])
    with pytest.raises(ValueError, match=r"bands of shape \(1, 3\) do not fit payoffs of shape \(1, 2\)"):
        strength.stability([[0, 1]], [[0, 0, 0]], [0])


def veiled(draw: random.Random, payoffs: np.ndarray) -> np.ndarray:
    """A relation of which some comparisons are unknown and some are turned round, so that it is not transitive."""
    known = unknown.comparisons(payoffs)
    for i, a, b in np.argwhere(np.triu(np.ones(known.shape[1:], dtype=bool), 1)[None] & (known == known)):
        chance = draw.random()
        if chance < 0.35:
            known[i, a, b] = known[i, b, a] = np.nan
        elif chance < 0.5:
            known[i, a, b], known[i, b, a] = known[i, b, a], known[i, a, b]
    return known


@pytest.mark.parametrize("form", SOME_FORMS)
def test_unknown_by_definition(form: str) -> None:
    for draw, model in models("unknown", form, 8):
        known = veiled(draw, np.array(model.payoffs, dtype=float))
        found = unknown.stability(known, *given(model))

        def surely(i: int, x: int, s: int, k: np.ndarray = known) -> bool:
            return bool(k[i, x, s] == 1)

        def maybe(i: int, x: int, s: int, k: np.ndarray = known) -> bool:
            return bool(k[i, x, s] == 1 or np.isnan(k[i, x, s]))

        def surely_not(i: int, x: int, s: int, k: np.ndarray = known) -> bool:
            return bool(k[i, x, s] <= 0)

        def maybe_not(i: int, x: int, s: int, k: np.ndarray = known) -> bool:
            return bool(k[i, x, s] <= 0 or np.isnan(k[i, x, s]))

        readings = {
            "a": (maybe, surely_not),
            "b": (surely, surely_not),
            "c": (maybe, maybe_not),
            "d": (surely, maybe_not),
        }
        for name, (tempts, deters) in readings.items():
            for concept in CONCEPTS:
                for i in model.actors:
                    for s in model.states:
                        expected = stays(model, concept, i, s, tempts, deters, maybe)
                        assert found.stable[name][concept][i, s] == expected, (
                            f"{name} {concept} {i} {s} {model}"
                        )
        for concept in CONCEPTS:
            a, b, c, d = (found.stable[name][concept] for name in "abcd")
            assert not (a & ~b).any()
            assert not (a & ~c).any()
            assert not (b & ~d).any()
            assert not (c & ~d).any()


@pytest.mark.parametrize("form", SOME_FORMS)
def test_nothing_unknown_is_the_plain_case(form: str) -> None:
    for _, model in models("plain", form):
        found = unknown.stability(unknown.comparisons(model.payoffs), *given(model))
        plain = stability(np.array(model.payoffs, dtype=float), *given(model), concepts=CONCEPTS)
        for concept in CONCEPTS:
            for name in "abcd":
                assert (found.stable[name][concept] == plain.stable[concept]).all()
                assert (found.equilibria[name][concept] == plain.equilibria[concept]).all()


def test_unknown_messages() -> None:
    with pytest.raises(ValueError, match=r"shape \(actors, states, states\), not \(2, 3\)"):
        unknown.stability(np.zeros((2, 3)), [0])
    with pytest.raises(ValueError, match="says 1 of states 0 and 1 but 1 of 1 and 0: expected opposite"):
        unknown.stability([[[0, 1], [1, 0]]], [0])
    with pytest.raises(ValueError, match="says nan of states 0 and 1 but 1 of 1 and 0"):
        unknown.stability([[[0, np.nan], [1, 0]]], [0])
    with pytest.raises(ValueError, match=r"must hold 1 .better., -1"):
        unknown.stability([[[0, 2], [-2, 0]]], [0])
    with pytest.raises(ValueError, match="where a state meets itself"):
        unknown.stability([[[1, 0], [0, 0]]], [0])
    with pytest.raises(ValueError, match="definitions must be among a, b, c and d, not e"):
        unknown.stability([[[0, 1], [-1, 0]]], [0], definitions="e")
