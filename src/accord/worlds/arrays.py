"""Numbers of a situation gathered into arrays with a leading world dimension, for any lens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from accord.finding import Draws, FloatArray
from accord.situation import Situation


@dataclass(frozen=True, slots=True)
class Stances:
    """Who stands where, over worlds; actors and issues sorted by name.

    Parameters
    ----------
    actors, issues : tuple of str
    position : ndarray, shape (worlds, actors, issues)
        Positions scaled to [0, 1] by the declared scale; NaN where an actor holds none.
    salience : ndarray, shape (worlds, actors, issues)
        0..1; NaN where none is stated.
    capability : ndarray, shape (worlds, actors, issues)
        Weight on each issue: the stance's own, else the actor's declared aggregate; NaN where there is neither.
    """

    actors: tuple[str, ...]
    issues: tuple[str, ...]
    position: FloatArray
    salience: FloatArray
    capability: FloatArray


def stances(
    situation: Situation, worlds: Draws, weighted: bool = True, only: Iterable[str] | None = None
) -> Stances:
    """Positions, salience and weight of every actor on every issue, over worlds.

    A lens that does not use capability says ``weighted=False``: none is read then, and all of it is NaN.  *only* names
    the actors that are wanted, all by default.
    """
    actors = tuple(sorted(situation.actors if only is None else only))
    issues = tuple(sorted(situation.issues))
    shape = (worlds.size, len(actors), len(issues))
    position, salience, weight = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)
    for i, actor in enumerate(actors):
        general = capability(situation, worlds, actor) if weighted else np.full(worlds.size, np.nan)
        for k, issue in enumerate(issues):
            if actor not in situation.stances.get(issue, {}):
                continue
            base = f"stances.{issue}.{actor}"
            scale = situation.issues[issue].scale
            raw = _mean_of_factions(situation, worlds, issue, actor, "position")
            position[:, i, k] = (raw - scale.low) / (scale.high - scale.low)
            salience[:, i, k] = _mean_of_factions(situation, worlds, issue, actor, "salience")
            own = f"{base}.capability"
            weight[:, i, k] = worlds.of(own) if weighted and worlds.has(own) else general
    return Stances(actors, issues, position, salience, weight)


def policy_path(issue: str) -> str:
    """Where worlds hold what is settled on an issue: a share of its scale, -1 where nothing is."""
    return f"issues.{issue}.policy"


def _mean_of_factions(situation: Situation, worlds: Draws, issue: str, actor: str, what: str) -> FloatArray:
    """An actor's own number, or the share-weighted mean of its factions' on this issue."""
    base = f"stances.{issue}.{actor}"
    own = worlds.of(f"{base}.{what}")
    factions = situation.stances[issue][actor].factions
    # By name, so that the order in the file cannot change how sums are rounded.
    stated = sorted(name for name, stance in factions.items() if getattr(stance, what) is not None)
    if not stated:
        return own
    shares = np.stack([worlds.of(f"actors.{actor}.factions.{name}.share") for name in stated], axis=-1)
    values = np.stack([worlds.of(f"{base}.factions.{name}.{what}") for name in stated], axis=-1)
    total = shares.sum(axis=-1)
    mean: FloatArray = np.where(
        total > 0, (shares * values).sum(axis=-1) / np.where(total > 0, total, 1.0), np.nan
    )
    return mean


def capability(situation: Situation, worlds: Draws, actor: str) -> FloatArray:
    """An actor's declared aggregate capability, shape (worlds,); NaN where it states no resource that counts.

    ``weighted_mean``: sum over resources of weight times amount (weights normalised over all declared resources, so a
    resource the actor states nothing about counts as none only when it states at least one other); ``sum``: plain
    sum; otherwise the resource of that name.
    """
    stated = situation.actors[actor].capability
    if situation.aggregate in situation.resources:
        return worlds.of(f"actors.{actor}.capability.{situation.aggregate}")
    if not stated:
        return np.full(worlds.size, np.nan)
    amounts = [worlds.of(f"actors.{actor}.capability.{name}") for name in sorted(stated)]
    if situation.aggregate == "sum":
        return np.asarray(np.sum(amounts, axis=0))
    weights = resource_weights(situation, worlds)
    names = sorted(situation.resources)
    shares = [weights[:, names.index(name)] for name in sorted(stated)]
    return np.asarray(np.sum([a * w for a, w in zip(amounts, shares, strict=True)], axis=0))


def resource_weights(situation: Situation, worlds: Draws) -> FloatArray:
    """Weights alpha of the resources sorted by name, normalised in each world; shape (worlds, resources).

    When no resource states a weight all count alike; when some do, the others are undefined (NaN).
    """
    names = sorted(situation.resources)
    if not any(situation.resources[name].weight is not None for name in names):
        return np.full((worlds.size, len(names)), 1.0 / max(len(names), 1))
    raw = np.stack([worlds.of(f"resources.{name}.weight") for name in names], axis=-1)
    total = raw.sum(axis=-1, keepdims=True)
    shares: FloatArray = np.where(total > 0, raw / np.where(total > 0, total, 1.0), np.nan)
    return shares
