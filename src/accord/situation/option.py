"""What each actor can do, what it prefers, and what cannot happen together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from accord.situation.declare import Ask, Range, Ref
from accord.situation.estimate import Citation, Estimate
from accord.situation.frozen import Frozen

Direction = Literal["both", "forward", "back"]


@dataclass(frozen=True, slots=True)
class Option:
    """A course of action that one actor can take or not take."""

    owner: Annotated[str, Ref("actors"), Ask("Whose decision is it?")]
    says: Annotated[str, Ask("What would it do?")]
    direction: Annotated[
        Direction, Ask("Can it be taken and taken back (both), only taken (forward), only given up (back)?")
    ] = "both"
    now: Annotated[bool, Ask("Is it taken at present?")] = False


@dataclass(frozen=True, slots=True)
class Preference:
    """How one actor orders outcomes: prioritised statements, or a weight per option."""

    statements: Annotated[
        tuple[str, ...], Ask("Statements over options, most important first ('not strike and talk')?")
    ] = ()
    weights: Annotated[
        Mapping[str, Annotated[Estimate, Range(unit="weight")]],
        Ref("options"),
        Ask("How much does it like each option taken?"),
    ] = field(default_factory=Frozen)
    source: Annotated[tuple[Citation, ...], Ask("Where is that reported?")] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Which combinations of options cannot occur."""

    infeasible: Annotated[str, Ask("Which combination cannot occur ('ally and betray')?")]
    says: Annotated[str | None, Ask("Why not?")] = None
