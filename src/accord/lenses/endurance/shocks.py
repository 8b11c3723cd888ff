"""Shocks of a situation, and trust events still to come, as changes to the model's numbers during a run."""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from accord.engine.streams import stream, uniforms
from accord.files.overlay import try_overlay
from accord.finding import Draws
from accord.lenses.endurance.fields import FIELDS, Shape
from accord.lenses.endurance.gather import gathered
from accord.lenses.endurance.inputs import Changes, Parameters
from accord.lenses.endurance.kernels.memory import (
    ADD,
    HOLD,
    LOG_ODDS_ADD,
    SET,
    TERRITORY_ADD,
    TERRITORY_SET,
    TERRITORY_TIMES,
    TIMES,
)
from accord.lenses.endurance.terms import READS, TERMS
from accord.problems import SituationError
from accord.situation import Change, Same, Situation, Vocabulary, estimates
from accord.worlds import best_of, quantile

FloatArray = NDArray[np.float64]
_WORDS = Vocabulary(TERMS, {"endurance": READS})
_OF_TERRITORY = {SET: TERRITORY_SET, ADD: TERRITORY_ADD, TIMES: TERRITORY_TIMES}


@dataclass(frozen=True, slots=True)
class _Draws:
    """Draws with some numbers replaced."""

    under: Draws
    instead: Mapping[str, FloatArray]

    @property
    def size(self) -> int:
        """How many worlds."""
        return self.under.size

    @property
    def numbers(self) -> range:
        """Absolute numbers of the worlds."""
        return self.under.numbers

    @property
    def seed(self) -> int:
        """Seed of the run."""
        return self.under.seed

    @property
    def brief(self) -> bool:
        """Whether a quick look will do."""
        return self.under.brief

    @property
    def varies(self) -> tuple[Situation, Draws] | None:
        """What the worlds vary."""
        return self.under.varies

    def has(self, path: str) -> bool:
        """Whether there is a number at this path."""
        return path in self.instead or self.under.has(path)

    def of(self, path: str) -> FloatArray:
        """Values at this path."""
        return self.instead[path] if path in self.instead else self.under.of(path)


class _Known:
    """Draws as part of a key: any draws of one situation know the same paths."""

    def __init__(self, draws: Draws) -> None:
        self.draws = draws

    def __hash__(self) -> int:
        return hash(self.draws.seed)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and other.draws.seed == self.draws.seed


@dataclass(frozen=True, slots=True)
class _Probe:
    """One made-up world: every path has a number of its own in (.2, .45), or if it is moved in (.55, .8)."""

    under: Draws
    known: frozenset[str]
    moved: frozenset[str] = frozenset()
    size: int = 1
    numbers: range = range(1)
    seed: int = 0
    brief: bool = True
    varies: tuple[Situation, Draws] | None = None

    def has(self, path: str) -> bool:
        """Whether there is a number at this path."""
        return path in self.known or self.under.has(path)

    def of(self, path: str) -> FloatArray:
        """The number at this path, NaN where there is none."""
        if not self.has(path):
            return np.array([np.nan])
        share = 0.2 + 0.25 * (zlib.crc32(path.encode()) / 2**32)
        return np.array([1.0 - share if path in self.moved else share])


@dataclass(frozen=True, slots=True)
class _Course:
    """A shock still to come: the situation after it, and (place, operation) of everything it can move."""

    name: str
    changed: Situation
    operations: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Event:
    """One thing that happens: its name, month (0: at random), hazard, and (place, operation, values) of each change."""

    name: str
    month: int
    hazard: FloatArray
    changes: tuple[tuple[int, int, FloatArray], ...]


def with_shocks(
    numbers: Parameters, situation: Situation, worlds: Draws, like: Situation | None = None
) -> Parameters:
    """The numbers with every shock that is still to come, before the numeraire.

    *like* is a situation that states the same numbers, with other values: shocks act on the same places there.

    Dated shocks happen in their month (one that is due already, in the first), random ones with their hazard per month
    until they have happened once; shocks whose effect is in the file's numbers are left out.
    """
    events = [*_shocks(numbers, situation, worlds, like), *_trust_events(numbers, situation, worlds)]
    events = [event for event in events if event.changes]
    flat = [(e, *change) for e, event in enumerate(events) for change in event.changes]
    none = np.zeros((worlds.size, 0))
    grown = _with_room(numbers, len(events))
    changes = Changes(
        tuple(event.name for event in events),
        np.array([event.month for event in events], dtype=np.int64),
        np.stack([event.hazard for event in events], axis=1) if events else none,
        np.array([row[0] for row in flat], dtype=np.int64),
        np.array([row[1] for row in flat], dtype=np.int64),
        np.array([row[2] for row in flat], dtype=np.int64),
        np.stack([row[3] for row in flat], axis=1) if flat else none,
    )
    return dataclasses.replace(grown, changes=changes)


def _with_room(numbers: Parameters, shocks: int) -> Parameters:
    """Longer vectors, with room to remember which shock has happened (the last block, so that no place moves)."""
    room = np.zeros((numbers.worlds, shocks))
    return dataclasses.replace(numbers, vector=np.concatenate([numbers.vector, room], axis=1))


def _shocks(
    numbers: Parameters, situation: Situation, worlds: Draws, like: Situation | None
) -> Iterator[_Event]:
    """The shocks of the file that are still to come."""
    for course in _courses(Same(situation), _Known(worlds), None if like is None else Same(like)):
        shock = situation.shocks[course.name]
        if shock.date is not None:
            month, hazard = max(shock.date.months_after(situation.as_of), 1), np.zeros(worlds.size)
        else:
            month, hazard = 0, worlds.of(f"shocks.{course.name}.hazard")
        yield _Event(course.name, month, hazard, tuple(_effects(numbers, situation, worlds, course)))


@lru_cache(maxsize=32)
def _courses(same: Same, known: _Known, like: Same | None = None) -> tuple[_Course, ...]:
    """What every shock still to come changes: which places of the flat vector, and how; once for a situation.

    Which places these are takes long to find, and does not hang on values: they are those of the situation *like*.
    """
    situation = same.situation
    there = {} if like is None else {one.name: one.operations for one in _courses(like, known, None)}
    found = []
    for name in sorted(situation.shocks):
        shock = situation.shocks[name]
        if shock.in_file or (shock.date is None and shock.hazard is None):
            continue
        changed, problems = try_overlay(situation, shock.changes, _WORDS)
        if changed is None:
            raise SituationError(problems)
        operations = there.get(name) or tuple(_operations(situation, changed, shock.changes, known.draws))
        found.append(_Course(name, changed, operations))
    return tuple(found)


def _operations(
    situation: Situation, changed: Situation, changes: Mapping[str, Change], draws: Draws
) -> Iterator[tuple[int, int]]:
    """Every place that a shock can move, and how it acts there.

    A place that one change moves follows the operation of that change (so that shocks add up, or multiply); one that
    several move together, such as shares of factions, is set.  Which change moves what is found by trying each on
    made-up numbers.
    """
    stated, new = estimates(situation), estimates(changed)
    movers: dict[int, list[str]] = {}
    still = gathered(situation, _Probe(draws, frozenset(stated)), checked=False)
    for path in sorted(changes):
        below = frozenset(one for one in new if one == path or one.startswith(f"{path}."))
        seen = situation if path in stated and path in new else changed
        moved = gathered(seen, _Probe(draws, frozenset(new), below), checked=False)
        if still.shape != moved.shape:
            raise ValueError(f"the shock changes who takes part ('{path}'); only numbers can change in a run")
        for found in np.flatnonzero((still.vector != moved.vector)[0]):
            movers.setdefault(int(found), []).append(path)
    held, logarithms = _held_threats(changes), _logarithms(still.shape)
    for place, paths in sorted(movers.items()):
        change = changes[paths[0]] if len(paths) == 1 else Change(to=0)
        held_here = len(paths) == 1 and paths[0] in held
        yield place, HOLD if held_here else _operation(change, place in logarithms)


def _held_threats(changes: Mapping[str, Change]) -> set[str]:
    """Level paths of threats that a shock both sets and keeps from growing."""
    head = "partnership.threats."
    return {
        path
        for path, change in changes.items()
        if path.startswith(head) and path.endswith(".level") and change.to is not None
        if (other := changes.get(path.removesuffix("level") + "growth")) is not None and other.to == 0
    }


def _effects(
    numbers: Parameters, situation: Situation, worlds: Draws, course: _Course
) -> Iterator[tuple[int, int, FloatArray]]:
    """What a shock does to the flat vector of every world: each place it moves, how, and by how much."""
    changes = situation.shocks[course.name].changes
    instead: dict[str, FloatArray] = {}
    for path in sorted(changes):
        instead |= _values(situation, course.changed, worlds, course.name, path, changes[path])
    names = _names_of_places(numbers.shape)
    moved = frozenset(names[place] for place, _ in course.operations)
    before, after = numbers.vector, gathered(course.changed, _Draws(worlds, instead), only=moved).vector
    for place, op in course.operations:
        old, new = before[:, place], after[:, place]
        if op == TIMES:
            new = np.where(old != 0.0, new / np.where(old != 0.0, old, 1.0), 1.0)
        elif op == ADD:
            new = new - old
        territory = place == numbers.shape.index("territory")
        yield place, _OF_TERRITORY[op] if territory else op, new


@lru_cache(maxsize=32)
def _names_of_places(shape: Shape) -> dict[int, str]:
    """Name of the field at each place of the flat vector."""
    return {
        shape.index(field.name, *where): field.name
        for field in FIELDS
        for where in np.ndindex(shape.of(field.block))
    }


def _operation(change: Change, logarithm: bool) -> int:
    """How a change acts on a place of the flat vector; what multiplies a number adds to its logarithm."""
    if change.to is not None:
        return SET
    return ADD if change.plus is not None or logarithm else TIMES


def _logarithms(shape: Shape) -> set[int]:
    """Places that hold the logarithm of what the file states."""
    return {shape.index("size", i, o) for i in range(shape.patrons) for o in range(shape.suitors)}


def _values(
    situation: Situation, changed: Situation, worlds: Draws, shock: str, path: str, change: Change
) -> dict[str, FloatArray]:
    """Values of the numbers that a change touches: moved worlds, or draws of their own where it states them anew."""
    if change.plus is not None:
        return {path: worlds.of(path) + change.plus}
    if change.times is not None:
        return {path: worlds.of(path) * change.times}
    old, new = estimates(situation), estimates(changed)
    found: dict[str, FloatArray] = {}
    for one, estimate in new.items():
        if one == path or one.startswith(f"{path}."):
            if worlds.numbers.start == 0 or estimate.is_fixed:
                found[one] = np.full(worlds.size, best_of(estimate))
            else:
                key = stream(worlds.seed, shock, one)
                found[one] = quantile(estimate, uniforms(key, worlds.numbers)[:, 0])
    for one in old:
        if one not in new and (one == path or one.startswith(f"{path}.")):
            found[one] = np.full(worlds.size, np.nan)
    return found


def _trust_events(numbers: Parameters, situation: Situation, worlds: Draws) -> Iterator[_Event]:
    """Dated events of trust after the day of coding."""
    for i, one in enumerate(numbers.patrons):
        for j, other in enumerate(numbers.patrons):
            tie = situation.ties.get(one, {}).get(other)
            for name in sorted({} if tie is None else tie.events):
                assert tie is not None
                month = tie.events[name].date.months_after(situation.as_of)
                if month > 0 and not tie.events[name].in_prior:
                    path = f"ties.{one}.{other}.events.{name}.log_likelihood_ratio"
                    place = numbers.shape.index("trust", i, j)
                    change = (place, LOG_ODDS_ADD, worlds.of(path))
                    yield _Event(f"{one} {other} {name}", month, np.zeros(worlds.size), (change,))
