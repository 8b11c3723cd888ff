"""Who acts, with what means, and who speaks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from accord.situation.declare import SHARE, Ask, Range, Ref
from accord.situation.estimate import Estimate
from accord.situation.frozen import Frozen

ActorKind = Literal["state", "government", "movement", "militia", "public", "organisation"]


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of means (air power, ground forces) that partners bring to the joint effort."""

    label: Annotated[str | None, Ask("What is it called in words?")] = None
    unit: Annotated[str | None, Ask("In what unit or on what index is it counted?")] = None
    weight: Annotated[
        Estimate | None,
        Range(0, 1, "share", "alpha_m"),
        Ask("How much does this means matter for joint output, against the others?"),
    ] = None


@dataclass(frozen=True, slots=True)
class Faction:
    """A part of an actor that wants something of its own."""

    share: Annotated[Estimate, SHARE, Ask("How much of the actor's decisions does this faction carry?")]
    label: Annotated[str | None, Ask("What is it called in words?")] = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A state, government, movement, militia, public or organisation that matters here."""

    kind: Annotated[ActorKind, Ask("What is it?")]
    label: Annotated[str | None, Ask("What is it called in words?")] = None
    demonym: Annotated[str | None, Ask("What is something of theirs called ('Russian')?")] = None
    about: Annotated[str | None, Ask("What does a reader need to know about it?")] = None
    part_of: Annotated[str | None, Ref("actors"), Ask("Which actor is it a part of?")] = None
    factions: Annotated[Mapping[str, Faction], Ask("Which factions pull it in different directions?")] = (
        field(default_factory=Frozen)
    )
    capability: Annotated[
        Mapping[
            str,
            Annotated[Estimate, Range(0, symbol="cap_im", unit="index", prior=(0.1, 1.5), shape="uniform")],
        ],
        Ref("resources"),
        Ask("How much of each resource can it bring to bear here?"),
    ] = field(default_factory=Frozen)
    stakes: Annotated[
        Estimate | None,
        Range(0, unit="util/month", prior=(0.0, 0.3), shape="top"),
        Ask("What does a full unit of distance on an issue of salience 1 cost it, each month?"),
    ] = None
    terms: Mapping[str, Estimate] = field(default_factory=Frozen)
