"""What each actor can do, what it prefers, and which outcomes there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from accord.situation.declare import Ask, FreeNames, Logic, Range, Ref
from accord.situation.estimate import Citation, Estimate
from accord.situation.frozen import Frozen

Direction = Literal["both", "forward", "back"]
PREFERENCE_KINDS = ("statements", "weights", "ranking", "payoffs", "from_stances")
# The key that marks each kind of rule, and what belongs to it.
RULE_KINDS: dict[str, tuple[str, ...]] = {
    "infeasible": (),
    "pattern": (),
    "at_most_one": (),
    "at_least_one": (),
    "when": ("then",),
    "alike": (),
    "actor": ("leaving", "reaching"),
}
OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class Option:
    """A course of action that one actor can take or not take."""

    owner: Annotated[str, Ref("actors"), Ask("Whose decision is it?")]
    says: Annotated[str, Ask("What would it do?")]
    direction: Annotated[
        Direction, Ask("Can it be taken and taken back (both), only taken (forward), only given up (back)?")
    ] = "both"
    now: Annotated[bool, Ask("Is it taken at present?")] = False
    effects: Annotated[
        Mapping[str, Annotated[Estimate, Range(unit="units of the issue's scale")]],
        Ref("issues"),
        Ask("By how much does it move the outcome on each issue, from the issue's reference point?"),
    ] = field(default_factory=Frozen)
    source: Annotated[tuple[Citation, ...], Ask("Where is that reported?")] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement by which an actor orders outcomes: those in which it holds come first.

    A bare text means ``says``.
    """

    says: Annotated[str, Logic(), Ask("What does it want ('not strike and talk', 'stay if not deal')?")]
    sure: Annotated[
        Estimate | None,
        Range(0.0, 1.0, "probability", prior=(1.0, 1.0), shape="top"),
        Ask("How probable is it that this actor orders outcomes by it at all (certain, if left out)?"),
    ] = None
    source: Annotated[tuple[Citation, ...], Ask("Where is that reported?")] = ()
    tied: Annotated[bool, Ask("Is it of the same rank as the statement before?")] = False


@dataclass(frozen=True, slots=True)
class Preference:
    """How one actor orders outcomes, said in one of five ways."""

    statements: Annotated[
        tuple[Statement, ...], Ask("Statements over options, most important first ('not strike and talk')?")
    ] = ()
    weights: Annotated[
        Mapping[str, Annotated[Estimate, Range(unit="weight")]],
        Ref("options"),
        Ask("How much does it like each option taken?"),
    ] = field(default_factory=Frozen)
    ranking: Annotated[
        tuple[str, ...], Logic(), Ask("Which outcomes, best first (those in which an entry holds are tied)?")
    ] = ()
    payoffs: Annotated[
        Mapping[str, Annotated[Estimate, Range(unit="payoff")]],
        FreeNames(),
        Logic(),
        Ask("What are outcomes worth to it ('stay and deal'; 'otherwise' for the rest)?"),
    ] = field(default_factory=Frozen)
    from_stances: Annotated[
        bool, Ask("Does its preference follow from its stances on the issues that options move?")
    ] = False
    source: Annotated[tuple[Citation, ...], Ask("Where is that reported?")] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Which outcomes cannot occur, count as one, or cannot be reached from one another; one of seven kinds."""

    infeasible: Annotated[str | None, Logic(), Ask("Which combination cannot occur ('ally and betray')?")] = (
        None
    )
    pattern: Annotated[
        Mapping[str, bool], Ref("options"), Ask("Which options, taken or not, cannot occur together?")
    ] = field(default_factory=Frozen)
    at_most_one: Annotated[
        tuple[Annotated[str, Ref("options")], ...], Ask("Of which options can only one be taken?")
    ] = ()
    at_least_one: Annotated[
        tuple[Annotated[str, Ref("options")], ...], Ask("Of which options must one be taken?")
    ] = ()
    when: Annotated[str | None, Logic(), Ask("When must 'then' hold?")] = None
    then: Annotated[str | None, Logic(), Ask("What must hold whenever 'when' does?")] = None
    alike: Annotated[
        str | None, Logic(), Ask("All outcomes in which what holds count as one ('withdraw')?")
    ] = None
    actor: Annotated[
        str | None, Ref("actors"), Ask("Which actor has no move from 'leaving' to 'reaching'?")
    ] = None
    leaving: Annotated[str | None, Logic(), Ask("From which outcomes has the actor no such move?")] = None
    reaching: Annotated[str | None, Logic(), Ask("To which outcomes has the actor no such move?")] = None
    says: Annotated[str | None, Ask("Why?")] = None
    source: Annotated[tuple[Citation, ...], Ask("Where is that reported?")] = ()
