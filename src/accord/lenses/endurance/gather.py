"""From a situation and its worlds to the model's numbers."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from accord.engine.streams import stream, uniforms
from accord.finding import Draws
from accord.formulas import exp, log
from accord.lenses.endurance.fields import BY_NAME, FIELDS, Block, Shape
from accord.lenses.endurance.inputs import (
    NO_OFFER,
    Changes,
    Parameters,
    check_limits,
    field_view,
    without_client,
)
from accord.lenses.endurance.ranges import prior_middle
from accord.situation import Situation
from accord.worlds import policy_path, stances

FloatArray = NDArray[np.float64]

# Blocks whose paths have their names in the order of the axes; the others are filled by hand.
_PLAIN: tuple[Block, ...] = ("w", "p", "t", "i", "pt", "pr")
_BY_HAND = frozenset({"dependence", "standing", "agreed", "weight", "client_capability"})


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what a situation has, in the order of the arrays."""

    patrons: tuple[str, ...]
    threats: tuple[str, ...]
    resources: tuple[str, ...]
    issues: tuple[str, ...]
    suitors: tuple[str, ...]
    client: str | None

    def names(self, block: Block) -> list[tuple[str, ...]]:
        """The names along the axes of a block."""
        axes = {
            "p": self.patrons,
            "t": self.threats,
            "r": self.resources,
            "i": self.issues,
            "s": self.suitors,
        }
        return [] if block == "w" else [axes[letter] for letter in block]


def cast_of(situation: Situation) -> Cast:
    """Names sorted; issues are those on which some patron has stated a position or how much it cares."""
    partnership = situation.partnership
    patrons = tuple(sorted(partnership.patrons))
    return Cast(
        patrons,
        tuple(sorted(partnership.threats)),
        tuple(sorted(situation.resources)),
        tuple(
            sorted(
                issue
                for issue in situation.issues
                if any(p in situation.stances.get(issue, {}) for p in patrons)
            )
        ),
        tuple(sorted(name for name, suitor in partnership.suitors.items() if suitor.offers)),
        None if partnership.client is None else partnership.client.actor,
    )


def gathered(
    situation: Situation, worlds: Draws, *, checked: bool = True, only: Set[str] | None = None
) -> Parameters:
    """The numbers of every world, without shocks and before the numeraire.

    Parameters
    ----------
    situation : Situation
    worlds : Draws
    checked : bool
        Whether to refuse numbers outside their hard limits.
    only : set of str, optional
        Names of the numbers that are wanted; others may be left at zero.

    Returns
    -------
    numbers : Parameters

    Raises
    ------
    ValueError
        When a number is missing that has no prior; the message names its path.
    """
    cast = cast_of(situation)
    rallies = max((len(p.rallies) for p in situation.partnership.patrons.values()), default=0)
    shape = Shape(
        len(cast.patrons),
        len(cast.threats),
        len(cast.resources),
        len(cast.issues),
        len(cast.suitors) + 1,
        rallies,
    )
    vector = np.zeros((worlds.size, shape.length))
    _plain(vector, shape, cast, worlds, only)
    for names, fill in _FILLS:
        if only is None or not names.isdisjoint(only):
            fill(vector, shape, cast, situation, worlds)
    without_client(vector, shape, cast.client is not None)
    if checked:
        check_limits(vector, shape, only)
    leader = [k for k, issue in enumerate(cast.issues) if situation.issues[issue].leader]
    return Parameters(
        cast.patrons,
        cast.threats,
        cast.resources,
        cast.issues,
        (*cast.suitors, ""),
        vector,
        rallies,
        cast.client is not None,
        situation.partnership.quorum,
        leader[0] if leader else -1,
        tuple(enters(situation, name) for name in cast.patrons),
        Changes.none(worlds.size),
        (),
        np.full(worlds.size, np.nan),
    )


def enters(situation: Situation, patron: str) -> int:
    """First month in which a patron may come in; 0 when it is in from the start."""
    since = situation.partnership.patrons[patron].since
    return 0 if since is None else max(since.months_after(situation.as_of), 0)


def _known(worlds: Draws, path: str) -> FloatArray:
    """Values at a path; ValueError where there is none."""
    values = worlds.of(path)
    if np.isnan(values).any():
        raise ValueError(f"'{path}' is not stated and has no prior")
    return values


@lru_cache(maxsize=64)
def _plain_places(cast: Cast, shape: Shape) -> tuple[tuple[str, tuple[tuple[int, str], ...]], ...]:
    """For each field whose path names its axes in order: its name, and place and path of everything it has one of."""
    found = []
    for field in FIELDS:
        if field.block not in _PLAIN or field.name in _BY_HAND:
            continue
        rows = []
        for where in np.ndindex(shape.of(field.block)):
            path = field.path
            for axis, index in zip(cast.names(field.block), where, strict=True):
                path = path.replace("*", axis[index], 1)
            rows.append((shape.index(field.name, *where), path))
        found.append((field.name, tuple(rows)))
    return tuple(found)


def _plain(vector: FloatArray, shape: Shape, cast: Cast, worlds: Draws, only: Set[str] | None) -> None:
    """Fields whose path names its axes in order; what only a client gives a meaning is zero without one."""
    for name, rows in _plain_places(cast, shape):
        if only is not None and name not in only:
            continue
        for place, path in rows:
            if cast.client is None and not worlds.has(path):
                vector[:, place] = prior_middle(name)
            else:
                vector[:, place] = _known(worlds, path)


def _means(vector: FloatArray, shape: Shape, cast: Cast, situation: Situation, worlds: Draws) -> None:
    """Weights of the resources, on the simplex, and what the client brings."""
    weight = field_view(vector, shape, BY_NAME["weight"])
    stated = [worlds.has(f"resources.{name}.weight") for name in cast.resources]
    if all(stated):
        for m, name in enumerate(cast.resources):
            weight[:, m] = _known(worlds, f"resources.{name}.weight")
    elif worlds.numbers.start == 0:
        weight[...] = 1.0
    else:
        key = stream(worlds.seed, "", "prior.weight")
        weight[...] = -log(uniforms(key, worlds.numbers, count=shape.resources))
    total = weight.sum(axis=1, keepdims=True)
    if (total <= 0.0).any():
        raise ValueError("'resources.*.weight': no resource has a weight above 0")
    weight /= total
    if cast.client is not None:
        brought = field_view(vector, shape, BY_NAME["client_capability"])
        for m, name in enumerate(cast.resources):
            brought[:, m] = _known(worlds, f"actors.{cast.client}.capability.{name}")


def _issues(vector: FloatArray, shape: Shape, cast: Cast, situation: Situation, worlds: Draws) -> None:
    """Positions on [0, 1], what a unit of distance costs, and whether the issue outlives the theatre."""
    held = stances(situation, worlds, weighted=False, only=cast.patrons)
    position = field_view(vector, shape, BY_NAME["position"])
    salience = field_view(vector, shape, BY_NAME["salience"])
    for i, patron in enumerate(cast.patrons):
        own = f"actors.{patron}.stakes"
        stakes = _known(worlds, own if worlds.has(own) else "stakes")
        for k, issue in enumerate(cast.issues):
            at = (slice(None), held.actors.index(patron), held.issues.index(issue))
            base, scale = f"stances.{issue}.{patron}", situation.issues[issue].scale
            place, cares = held.position[at], held.salience[at]
            if np.isnan(place).any():
                place = (_known(worlds, f"{base}.position") - scale.low) / (scale.high - scale.low)
            if np.isnan(cares).any():
                cares = _known(worlds, f"{base}.salience")
            position[:, i, k] = place
            salience[:, i, k] = cares * stakes
    standing = field_view(vector, shape, BY_NAME["standing"])
    for k, issue in enumerate(cast.issues):
        likely = _known(worlds, f"issues.{issue}.standing")
        luck = uniforms(stream(worlds.seed, issue, "standing"), worlds.numbers)[:, 0]
        level = 0.5 if worlds.numbers.start == 0 else luck
        standing[:, k] = np.where(likely >= 1.0, 1.0, likely > level)


def _agreed(vector: FloatArray, shape: Shape, cast: Cast, situation: Situation, worlds: Draws) -> None:
    """What a bargaining model settles on, as 1 + position on [0, 1]; 0 where the members' weighted mean holds."""
    agreed = field_view(vector, shape, BY_NAME["agreed"])
    for k, issue in enumerate(cast.issues):
        if worlds.has(policy_path(issue)):
            agreed[:, k] = 1.0 + worlds.of(policy_path(issue))


def _ties(vector: FloatArray, shape: Shape, cast: Cast, situation: Situation, worlds: Draws) -> None:
    """Trust with the events that it does not yet reflect, and dependence on the other partners."""
    trust = field_view(vector, shape, BY_NAME["trust"])
    dependence = field_view(vector, shape, BY_NAME["dependence"])
    for i, one in enumerate(cast.patrons):
        others = [other for other in cast.patrons if other != one]
        dependence[:, i] = np.mean(
            [_known(worlds, f"ties.{one}.{other}.dependence") for other in others], axis=0
        )
        for j, other in enumerate(cast.patrons):
            if other == one:
                continue
            believed = _known(worlds, f"ties.{one}.{other}.trust")
            odds = np.zeros(worlds.size)
            for name in past_events(situation, one, other):
                odds = odds + _known(worlds, f"ties.{one}.{other}.events.{name}.log_likelihood_ratio")
            trust[:, i, j] = believed / (believed + (1.0 - believed) * exp(-odds))


def past_events(situation: Situation, one: str, other: str) -> list[str]:
    """Trust events up to the day of coding that the stated trust does not reflect."""
    tie = situation.ties.get(one, {}).get(other)
    events = {} if tie is None else tie.events
    return sorted(
        name
        for name, event in events.items()
        if not event.in_prior and event.date.months_after(situation.as_of) <= 0
    )


def _offers(vector: FloatArray, shape: Shape, cast: Cast, situation: Situation, worlds: Draws) -> None:
    """Offers of each suitor to each patron; a patron without a suitor gets the tempter of the trials."""
    views = {name: field_view(vector, shape, BY_NAME[name]) for name in _OFFER}
    for i, patron in enumerate(cast.patrons):
        wooed = False
        for o, suitor in enumerate((*cast.suitors, "")):
            real = bool(suitor) and patron in situation.partnership.suitors[suitor].offers
            wooed = wooed or real
            for name, view in views.items():
                path = f"partnership.suitors.{suitor}.offers.{patron}.{name}"
                view[:, i, o] = _known(worlds, path) if real else prior_middle(name)
            if real:
                views["size"][:, i, o] = log(views["size"][:, i, o])
                continue
            views["rate"][:, i, o] = 0.0
            tempter = not suitor and not wooed
            views["size"][:, i, o] = log(prior_middle("size")) if tempter else NO_OFFER


_OFFER = ("rate", "size", "spread", "credibility", "open_months")


def _rallies(vector: FloatArray, shape: Shape, cast: Cast, situation: Situation, worlds: Draws) -> None:
    """Events that lift or lower patience."""
    month = field_view(vector, shape, BY_NAME["rally_month"])
    size = field_view(vector, shape, BY_NAME["rally_size"])
    half_life = field_view(vector, shape, BY_NAME["rally_half_life"])
    half_life[...] = 1.0
    for i, patron in enumerate(cast.patrons):
        events = situation.partnership.patrons[patron].rallies
        for e, name in enumerate(sorted(events)):
            base = f"partnership.patrons.{patron}.rallies.{name}"
            month[:, i, e] = events[name].date.months_after(situation.as_of)
            size[:, i, e] = _known(worlds, f"{base}.size")
            half_life[:, i, e] = _known(worlds, f"{base}.half_life")


# What fills the fields that no plain path states, with the names of what each fills.
_FILLS: tuple[tuple[frozenset[str], Callable[[FloatArray, Shape, Cast, Situation, Draws], None]], ...] = (
    (frozenset({"weight", "client_capability"}), _means),
    (frozenset({"position", "salience", "standing"}), _issues),
    (frozenset({"agreed"}), _agreed),
    (frozenset({"trust", "dependence"}), _ties),
    (frozenset(_OFFER), _offers),
    (frozenset({"rally_month", "rally_size", "rally_half_life"}), _rallies),
)
