"""How every actor orders the outcomes, world by world."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.engine.streams import stream, uniforms
from accord.finding import Draws, FloatArray
from accord.lenses.conflict.gather import Setting, entries_of, kind_of, moved_issues
from accord.lenses.conflict.model import Model
from accord.lenses.conflict.preference import (
    by_expressions,
    by_payoffs,
    by_stances,
    by_statements,
    by_weights,
)
from accord.situation import Preference, Situation, Statement
from accord.worlds.arrays import stances

BoolArray = NDArray[np.bool_]
# Counting from 1, world 0 holds the best estimates.
_BEST = 0
# Payoffs kept: of some eight actors at the best estimates, in the worlds and in those looked at beforehand.
_KEEP = 32
_RANKED: dict[str, FloatArray] = {}
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Orders:
    """How the actors order outcomes, each different profile once.

    Parameters
    ----------
    payoffs : ndarray, shape (profiles, actors, states)
        Larger is better, equal is indifferent.
    of_world : ndarray of int, shape (worlds,)
        Which profile each world has.
    held : dict of str to ndarray, shape (worlds, statements)
        For each actor that goes by statements, which of them it holds.
    """

    payoffs: FloatArray
    of_world: NDArray[np.int64]
    held: dict[str, BoolArray]


def orders(situation: Situation, setting: Setting, worlds: Draws) -> Orders:
    """The orders of all actors in these worlds.

    Statements hold with the probability that the file gives them, drawn once per world; at the best estimates a statement
    holds when that is at least one half.
    """
    held = {
        actor: holding(situation, actor, worlds)
        for actor in setting.model.actors
        if kind_of(situation, actor) == "statements"
    }
    first, of_world = _alike(situation, setting, worlds, held)
    layers = [_payoffs(situation, setting, actor, worlds, held, first) for actor in setting.model.actors]
    return Orders(np.stack(layers, axis=1), of_world, held)


def holding(situation: Situation, actor: str, worlds: Draws) -> BoolArray:
    """Which of its statements an actor holds, shape (worlds, statements)."""
    statements = situation.preferences[actor].statements
    found = np.ones((worlds.size, len(statements)), dtype=np.bool_)
    for place, statement in enumerate(statements):
        if statement.sure is None:
            continue
        sure = worlds.of(f"preferences.{actor}.statements.{place}.sure")
        found[:, place] = _luck(worlds, actor, statement) < sure
    return found


def _luck(worlds: Draws, actor: str, statement: Statement) -> FloatArray:
    """A number in (0, 1) for every world; one half at the best estimates."""
    if worlds.numbers.start == _BEST:
        rest = _drawn(worlds.seed, range(1, worlds.numbers.stop), actor, statement)
        return np.concatenate([[0.5 - 1e-12], rest])
    return _drawn(worlds.seed, worlds.numbers, actor, statement)


def _drawn(seed: int, numbers: range, actor: str, statement: Statement) -> FloatArray:
    """Luck of one statement; its words name the stream, so that its place in the list does not."""
    if not len(numbers):
        return np.empty(0)
    return uniforms(stream(seed, actor, f"conflict.holds.{statement.says}"), numbers)[:, 0]


def _alike(
    situation: Situation, setting: Setting, worlds: Draws, held: dict[str, BoolArray]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """One world of each profile, and the profile of each world; every world its own where numbers go in."""
    fixed = all(kind_of(situation, actor) in ("statements", "ranking") for actor in setting.model.actors)
    if not fixed:
        every = np.arange(worlds.size)
        return every, every
    bits = np.concatenate([np.zeros((worlds.size, 1), dtype=np.bool_), *held.values()], axis=1)
    _, first, of_world = np.unique(bits, axis=0, return_index=True, return_inverse=True)
    return first.astype(np.int64), of_world.reshape(-1).astype(np.int64)


def _payoffs(
    situation: Situation,
    setting: Setting,
    actor: str,
    worlds: Draws,
    held: dict[str, BoolArray],
    first: NDArray[np.int64],
) -> FloatArray:
    """Payoffs of one actor, shape (profiles, states)."""
    kind, model = kind_of(situation, actor), setting.model
    stated = situation.preferences.get(actor, Preference())
    base = f"preferences.{actor}"
    if kind == "statements":
        return _by_statements(model, tiers(stated.statements), held[actor][first])
    if kind == "ranking":
        one = by_expressions(model, stated.ranking)
        return np.broadcast_to(one, (len(first), len(one))).astype(np.float64)
    if kind == "weights":
        names = sorted(stated.weights)
        return by_weights(model, {name: worlds.of(f"{base}.weights.{name}")[first] for name in names})
    if kind == "payoffs":
        entries = entries_of(stated)
        return by_payoffs(model, {text: worlds.of(f"{base}.payoffs.{text}")[first] for text in entries})
    return _from_stances(situation, setting, actor, worlds, first)


def _by_statements(model: Model, levels: list[list[str]], held: BoolArray) -> FloatArray:
    """Payoffs of an actor that goes by statements; the last few are kept, for scenarios that change nothing here."""
    summary = summary_of(model, held)
    summary.update(repr(levels).encode())
    key = summary.hexdigest()
    found = _RANKED.get(key)
    if found is None:
        found = np.asarray(by_statements(model, levels, held=held))
        found.flags.writeable = False
        with _LOCK:
            _RANKED[key] = found
            for old in list(_RANKED)[:-_KEEP]:
                del _RANKED[old]
    return found


def summary_of(model: Model, *further: NDArray[Any]) -> Any:
    """A hash, to go on with, of a model (who can move where, by which options) and of further arrays."""
    arrays = [*further, model.feasible]
    for some in (model.arcs, model.members):
        arrays += [np.array([-1 if some is None else len(some)]), *(some or ())]
    if model.owners is not None:
        arrays.append(model.owners)
    summary = hashlib.sha256(repr((model.actors, model.options, model.directions)).encode())
    for array in arrays:
        summary.update(repr((array.shape, array.dtype.str)).encode() + np.ascontiguousarray(array).tobytes())
    return summary


def tiers(statements: Sequence[Statement]) -> list[list[str]]:
    """Statements of the same rank together."""
    found: list[list[str]] = []
    for statement in statements:
        if statement.tied and found:
            found[-1].append(statement.says)
        else:
            found.append([statement.says])
    return found


def _from_stances(
    situation: Situation, setting: Setting, actor: str, worlds: Draws, first: NDArray[np.int64]
) -> FloatArray:
    """Payoffs from an actor's stances on what options move: minus salience times distance, summed over issues."""
    issues = moved_issues(situation, actor)
    known = stances(situation, worlds, weighted=False, only=[actor])
    at = [known.issues.index(issue) for issue in issues]
    scales = [situation.issues[issue].scale for issue in issues]
    low, high = np.array([s.low for s in scales]), np.array([s.high for s in scales])
    return by_stances(
        low + known.position[first, 0][:, at] * (high - low),
        known.salience[first, 0][:, at],
        _effects(situation, setting, worlds, issues)[first],
        np.array([_start(situation, issue) for issue in issues]),
        low,
        high,
        setting.model.taken_matrix(),
    )


def _start(situation: Situation, issue: str) -> float:
    """Where an issue stands when nothing is taken: its reference point, else the middle of its scale."""
    known = situation.issues[issue]
    return (
        (known.scale.low + known.scale.high) / 2 if known.reference_point is None else known.reference_point
    )


def _effects(situation: Situation, setting: Setting, worlds: Draws, issues: Sequence[str]) -> FloatArray:
    """By how much options move issues, shape (worlds, options, issues); 0 where the file says that they do not."""
    found = np.zeros((worlds.size, len(setting.model.options), len(issues)))
    for k, option in enumerate(setting.model.options):
        for column, issue in enumerate(issues):
            if issue in situation.options[option].effects:
                found[:, k, column] = worlds.of(f"options.{option}.effects.{issue}")
    return found
