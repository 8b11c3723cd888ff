"""From a situation and its worlds to sizes and propensities of every pair, term by term.

A stated propensity is taken as it is.  Elsewhere it is twice the mean of the terms that are known, each in -1..1 and
weighted as the file says: the stated affinity of one for the other; agreement on the issues on which both take a stand;
and the threats on whose sides both are.  What is not known is left out of the mean, and not taken for indifference.
Equations stand in ``about.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.finding import Draws, FloatArray, Need
from accord.lenses.alignment.terms import WEIGHTS
from accord.situation import Estimate, Situation, Tie
from accord.worlds import best_of, capability, stances

BoolArray = NDArray[np.bool_]
# The scale of propensities is -2..2, that of every term -1..1.
_STEEP = 2.0
# Every division of so many actors can be looked at in every world.
MOST_ACTORS = 20


@dataclass(frozen=True, slots=True)
class Ground:
    """What the landscape of a situation is made of.

    Parameters
    ----------
    actors : tuple of str
        Sorted by name.
    size : ndarray, shape (worlds, actors)
    propensity : ndarray, shape (worlds, actors, actors)
        Of the row for the column, -2..2; 0 on the diagonal and where nothing is known of a pair.
    worked_out : ndarray, shape (worlds, actors, actors)
        The same from the terms alone, stated propensities left aside.
    terms : dict of str to ndarray, shape (worlds, actors, actors)
        Each in -1..1, NaN where it is not known; ``stated`` in -2..2.
    weights : dict of str to ndarray, shape (worlds,)
        How much each term counts.
    """

    actors: tuple[str, ...]
    size: FloatArray
    propensity: FloatArray
    worked_out: FloatArray
    terms: dict[str, FloatArray]
    weights: dict[str, FloatArray]

    @property
    def silent(self) -> list[tuple[str, str]]:
        """Pairs of which nothing is known in either direction."""
        return self._pairs(~self._known(counting=False))

    @property
    def switched_off(self) -> list[tuple[str, str]]:
        """Pairs of which something is known, all of it under a weight of 0."""
        return self._pairs(self._known(counting=False) & ~self._known(counting=True))

    def counts(self, term: str) -> bool:
        """Whether a term has a weight above 0 at the first world; what is stated outright always counts."""
        return term not in self.weights or bool(self.weights[term][0] > 0.0)

    def _known(self, counting: bool) -> BoolArray:
        """Of which pairs a term is known in some direction, those with a weight above 0 alone if *counting*."""
        held = [
            ~np.isnan(values[0]) for name, values in self.terms.items() if not counting or self.counts(name)
        ]
        known: BoolArray = np.any(held, axis=0)
        return known | known.T

    def _pairs(self, held: BoolArray) -> list[tuple[str, str]]:
        """Pairs of which something holds, by name."""
        count = len(self.actors)
        return [
            (self.actors[i], self.actors[j]) for i in range(count) for j in range(i + 1, count) if held[i, j]
        ]


def lacks(situation: Situation) -> tuple[Need, ...]:
    """At least three actors with a size, of which something is known about how they stand to one another."""
    found = members(situation)
    inside, heavy = len(found), sum(_weighs(situation, name) for name in found)
    if inside > MOST_ACTORS:
        return (
            Need(
                "actors",
                f"at most {MOST_ACTORS} actors that count; this has {inside}: leave some out or join some, or hand arrays to"
                " accord.lenses.alignment.landscape, which takes more",
            ),
        )
    if heavy >= 3:
        return ()
    says = "at least three actors with capability, or a size of their own, above 0, and ties, stances or threats between them"
    return (Need("actors.*.size", says),)


def members(situation: Situation) -> tuple[str, ...]:
    """Actors that can stand with somebody: with a size, and with something known about how they stand to others."""
    sized = [name for name in sorted(situation.actors) if _sized(situation, name)]
    found = [one for one in sized if any(_touch(situation, one, other) for other in sized if other != one)]
    return tuple(found)


def left_out(situation: Situation) -> list[tuple[str, str]]:
    """Actors that are not in the landscape, each with the reason."""
    inside = members(situation)
    found = []
    for name in sorted(set(situation.actors) - set(inside)):
        whole = situation.actors[name].part_of
        if _sized(situation, name):
            found.append((name, "nothing is known of how it stands to the others"))
        elif whole is not None:
            found.append((name, f"counted with {situation.actors[whole].label or whole}"))
        else:
            found.append((name, "neither capability nor size is stated"))
    return found


def ground_of(situation: Situation, worlds: Draws) -> Ground:
    """Sizes and propensities in every world."""
    actors = members(situation)
    size = np.stack([_size(situation, worlds, name) for name in actors], axis=-1)
    terms = {
        "ties": _affinities(situation, worlds, actors),
        "stances": _agreement(situation, worlds, actors),
        "threats": _sides(situation, worlds, actors),
    }
    weights = {name: _weight(worlds, f"partnership.{key}") for name, key in WEIGHTS.items()}
    worked_out = _STEEP * _weighed(weights, terms)
    stated = _stated(situation, worlds, actors)
    propensity = np.where(np.isnan(stated), worked_out, stated)
    for held in (propensity, worked_out):
        held[:, np.arange(len(actors)), np.arange(len(actors))] = 0.0
    return Ground(actors, size, propensity, worked_out, {**terms, "stated": stated}, weights)


def _weight(worlds: Draws, path: str) -> FloatArray:
    """How much a term counts; 1 where nothing is said."""
    return worlds.of(path) if worlds.has(path) else np.ones(worlds.size)


def _weighed(weights: dict[str, FloatArray], terms: dict[str, FloatArray]) -> FloatArray:
    """The weighted mean of the terms that are known; 0 where none is, or where all that are count for nothing."""
    top, total = np.zeros_like(terms["ties"]), np.zeros_like(terms["ties"])
    for name, values in terms.items():
        weight, known = weights[name], ~np.isnan(values)
        top += np.where(known, weight[:, None, None] * np.nan_to_num(values), 0.0)
        total += np.where(known, weight[:, None, None], 0.0)
    return np.where(total > 0.0, top / np.where(total > 0.0, total, 1.0), 0.0)


def _sized(situation: Situation, name: str) -> bool:
    """Whether an actor has a size: stated, its capability, or that of the threat it is."""
    actor = situation.actors[name]
    if "size" in actor.terms:
        return True
    named = situation.aggregate
    if (named in actor.capability) if named in situation.resources else bool(actor.capability):
        return True
    return any(t.actor == name and t.strength is not None for t in situation.partnership.threats.values())


def _weighs(situation: Situation, name: str) -> bool:
    """Whether an actor's size can be above 0."""
    actor = situation.actors[name]
    if "size" in actor.terms:
        return _worth_something(actor.terms["size"])
    if actor.capability:
        return any(_worth_something(one) for one in actor.capability.values())
    threats = situation.partnership.threats.values()
    return any(_worth_something(t.strength) for t in threats if t.actor == name)


def _size(situation: Situation, worlds: Draws, name: str) -> FloatArray:
    """An actor's size: as stated, else its capability, else what opposes the partners where it is the threat itself."""
    if worlds.has(f"actors.{name}.size"):
        return worlds.of(f"actors.{name}.size")
    own = capability(situation, worlds, name)
    if not np.isnan(own).all():
        return own
    found = np.zeros(worlds.size)
    for key, threat in situation.partnership.threats.items():
        if threat.actor == name and worlds.has(f"partnership.threats.{key}.strength"):
            level = f"partnership.threats.{key}.level"
            strength = worlds.of(f"partnership.threats.{key}.strength")
            found = found + strength * (worlds.of(level) if worlds.has(level) else 1.0)
    return found


def _touch(situation: Situation, one: str, other: str) -> bool:
    """Whether anything is known about how two actors stand to each other."""
    return (
        any(_tie(situation, a, b) is not None for a, b in ((one, other), (other, one)))
        or bool(_common(situation, one, other))
        or any(True for _ in _opposed(situation, one, other))
    )


def _tie(situation: Situation, one: str, other: str) -> Tie | None:
    """The tie of one actor to another, when it says how they feel."""
    tie = situation.ties.get(one, {}).get(other)
    if tie is None or (tie.affinity is None and "propensity" not in tie.terms):
        return None
    return tie


def _affinities(situation: Situation, worlds: Draws, actors: tuple[str, ...]) -> FloatArray:
    """Stated affinities, -1..1; the other direction's where only that is stated."""
    return _of_ties(situation, worlds, actors, "affinity")


def _stated(situation: Situation, worlds: Draws, actors: tuple[str, ...]) -> FloatArray:
    """Stated propensities, -2..2; the other direction's where only that is stated."""
    return _of_ties(situation, worlds, actors, "propensity")


def _of_ties(situation: Situation, worlds: Draws, actors: tuple[str, ...], what: str) -> FloatArray:
    """One number of every tie."""
    found = np.full((worlds.size, len(actors), len(actors)), np.nan)
    for i, one in enumerate(actors):
        for j, other in enumerate(actors):
            paths = (f"ties.{one}.{other}.{what}", f"ties.{other}.{one}.{what}")
            path = next((p for p in paths if worlds.has(p)), None)
            if i != j and path is not None:
                found[:, i, j] = worlds.of(path)
    return found


def _common(situation: Situation, one: str, other: str) -> list[str]:
    """Issues on which both take a stand and care, sorted."""
    found = []
    for issue in sorted(situation.stances):
        held = [situation.stances[issue].get(name) for name in (one, other)]
        if all(
            stance is not None
            and all(
                any(getattr(side, what) is not None for side in (stance, *stance.factions.values()))
                for what in ("position", "salience")
            )
            for stance in held
        ):
            found.append(issue)
    return found


def _agreement(situation: Situation, worlds: Draws, actors: tuple[str, ...]) -> FloatArray:
    """Agreement on common issues, ``1 - 2 sum_k w_k |x_ik - x_jk| / sum_k w_k`` with ``w_k = sqrt(sal_ik sal_jk)``."""
    held = stances(situation, worlds, weighted=False, only=actors)
    place, care = held.position, held.salience
    found = np.full((worlds.size, len(actors), len(actors)), np.nan)
    for i in range(len(actors)):
        for j in range(i + 1, len(actors)):
            weight = np.sqrt(care[:, i] * care[:, j])
            distance = np.abs(place[:, i] - place[:, j])
            known = ~np.isnan(weight) & ~np.isnan(distance)
            total = np.where(known, weight, 0.0).sum(axis=-1)
            apart = np.where(known, weight * distance, 0.0).sum(axis=-1)
            with np.errstate(invalid="ignore", divide="ignore"):
                found[:, i, j] = np.where(total > 0.0, 1.0 - 2.0 * apart / total, np.nan)
            found[:, j, i] = found[:, i, j]
    return found


def _opposed(situation: Situation, one: str, other: str) -> Iterator[tuple[str, float]]:
    """Threats on whose sides both are: 1 where both would have it gone, -1 where one of them is the threat.

    Somebody would have it gone where success is worth something to it; a value fixed at 0 puts it on no side.
    """
    partnership = situation.partnership
    for key, threat in sorted(partnership.threats.items()):
        sides = []
        for name in (one, other):
            patron = partnership.patrons.get(name)
            facing = (
                patron is not None and key in patron.threats and _worth_something(patron.threats[key].value)
            )
            sides.append(-1.0 if threat.actor == name else 1.0 if facing else 0.0)
        if all(sides):
            yield key, sides[0] * sides[1]


def _worth_something(value: Estimate | None) -> bool:
    """Whether a value can be above 0."""
    return value is not None and not (value.is_fixed and best_of(value) == 0.0)


def _sides(situation: Situation, worlds: Draws, actors: tuple[str, ...]) -> FloatArray:
    """What threats make of a pair, -1..1: level of each threat on whose sides both are, of the gravest of them.

    Shared by two who face it, it counts by the value of success to the one that gains less over that to the other.
    """
    found = np.full((worlds.size, len(actors), len(actors)), np.nan)
    for i, one in enumerate(actors):
        for j, other in enumerate(actors):
            for key, sign in _opposed(situation, one, other) if i != j else ():
                level = f"partnership.threats.{key}.level"
                grave = worlds.of(level) if worlds.has(level) else np.ones(worlds.size)
                now = sign * grave * (_evenly(worlds, key, one, other) if sign > 0 else 1.0)
                now = np.where(_facing(worlds, key, (one, other)), now, np.nan)
                before = found[:, i, j]
                found[:, i, j] = np.where(np.isnan(before) | (np.abs(now) > np.abs(before)), now, before)
    return found


def _facing(worlds: Draws, key: str, pair: tuple[str, str]) -> BoolArray:
    """In which worlds success against a threat is worth something to those of a pair who are not the threat."""
    paths = [f"partnership.patrons.{name}.threats.{key}.value" for name in pair]
    values = [worlds.of(path) for path in paths if worlds.has(path)]
    facing: BoolArray = np.all([value > 0.0 for value in values], axis=0)
    return facing


def _evenly(worlds: Draws, key: str, one: str, other: str) -> FloatArray:
    """How evenly two share a threat: the lesser value of success over the greater, 0..1."""
    values = [worlds.of(f"partnership.patrons.{name}.threats.{key}.value") for name in (one, other)]
    least, most = np.minimum(*values), np.maximum(*values)
    return np.where(most > 0.0, least / np.where(most > 0.0, most, 1.0), 0.0)
