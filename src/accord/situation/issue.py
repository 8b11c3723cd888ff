"""What they argue about: issues on declared scales, and who stands where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from accord.situation.declare import SHARE, Ask, Range, Ref
from accord.situation.estimate import Estimate
from accord.situation.frozen import Frozen


@dataclass(frozen=True, slots=True)
class Scale:
    """What the numbers on an issue mean; declared, never guessed."""

    low: Annotated[float, Ask("Lowest position?")]
    high: Annotated[float, Ask("Highest position?")]
    low_means: Annotated[str, Ask("What does the lowest position mean in words?")]
    high_means: Annotated[str, Ask("What does the highest position mean in words?")]


@dataclass(frozen=True, slots=True)
class Issue:
    """A question on which the actors can differ."""

    question: Annotated[str, Ask("What is to be decided?")]
    scale: Annotated[Scale, Ask("What do positions mean?")]
    label: Annotated[str | None, Ask("What is it called in two or three words?")] = None
    reference_point: Annotated[float | None, Ask("Where do things stand if nobody agrees on anything?")] = (
        None
    )
    agenda_loading: Annotated[
        Estimate | None,
        Range(0, 1, "share", "xi_k", (0.0, 1.0), "uniform"),
        Ask("How much of this issue bites only once the end state is near or talked about?"),
    ] = None
    standing: Annotated[
        Estimate | None,
        Range(0, 1, "probability", "standing_k", (0.5, 0.5), "bernoulli"),
        Ask("Does the issue outlive the joint theatre (1) or end with it (0)?"),
    ] = None
    leader: Annotated[bool, Ask("Is this the issue of who leads the client?")] = False
    terms: Mapping[str, Estimate] = field(default_factory=Frozen)


@dataclass(frozen=True, slots=True)
class FactionStance:
    """Where one faction stands on one issue."""

    position: Annotated[Estimate | None, Ask("Which position does it want (on the issue's scale)?")] = None
    salience: Annotated[Estimate | None, SHARE, Ask("How much does it care, 0 to 1?")] = None


@dataclass(frozen=True, slots=True)
class Stance:
    """Where an actor stands on one issue, and how much it cares.

    With ``factions`` the actor's own position and salience are the share-weighted means of theirs, and may not be given
    as well.
    """

    position: Annotated[
        Estimate | None, Range(symbol="pos_ik"), Ask("Which position does it want (on the issue's scale)?")
    ] = None
    salience: Annotated[
        Estimate | None,
        Range(0, 1, "share", "sal_ik"),
        Ask("How much does it care, 0 (not at all) to 1 (more than about anything)?"),
    ] = None
    capability: Annotated[
        Estimate | None,
        Range(0, unit="index"),
        Ask("How much weight can it bring to bear on this issue, if not its general capability?"),
    ] = None
    factions: Annotated[Mapping[str, FactionStance], Ref("factions"), Ask("Where do its factions stand?")] = (
        field(default_factory=Frozen)
    )
