"""What is claimed, what might change, and what would settle it later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from accord.situation.day import Day
from accord.situation.declare import Ask, FreeNames, Range
from accord.situation.estimate import Citation, Estimate
from accord.situation.frozen import Frozen

ClaimKind = Literal["input", "identity", "paired", "output"]
Movement = Literal["up", "down", "unchanged", "exact", "reported", "smaller"]
# Up, down; the same to the last digit; as a closed form says; a number without a verdict; in a further test: moves less than it
# does in the claim's own comparison.


@dataclass(frozen=True, slots=True)
class Change:
    """One change to one path: set to a value, multiply, or add; ``against`` is the other arm of a comparison.

    A bare value means ``to``.
    """

    to: Annotated[Any, Ask("What is it set to?")] = None
    times: Annotated[float | None, Ask("What is it multiplied by?")] = None
    plus: Annotated[float | None, Ask("What is added to it?")] = None
    against: Annotated[Any, Ask("What is it compared with, if not with the file as it stands?")] = None
    assumed: Annotated[str | None, Ask("One line of reasoning for this change?")] = None
    source: Annotated[tuple[Citation, ...], Ask("Where is that reported?")] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    """What an output must stay below or above, world by world: a number, or another output by its name."""

    below: Annotated[Any, Ask("Below which number, or which other output, does it stay?")] = None
    above: Annotated[Any, Ask("Above which number, or which other output, does it stay?")] = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A further comparison of the same claim: something else is varied, or something else must hold."""

    says: Annotated[str | None, Ask("What does this comparison show?")] = None
    vary: Annotated[Mapping[str, Change], FreeNames(), Ask("What is varied, by path?")] = field(
        default_factory=Frozen
    )
    expect: Annotated[Mapping[str, Movement], FreeNames(), Ask("Which output moves how?")] = field(
        default_factory=Frozen
    )
    holds: Annotated[
        Mapping[str, Bound], FreeNames(), Ask("Which output stays below or above what, world by world?")
    ] = field(default_factory=Frozen)


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that the program can check: vary something, expect an output to move."""

    says: Annotated[str, Ask("What is claimed, in your own words?")]
    kind: Annotated[
        ClaimKind,
        Ask("Is it an input (a number here), an identity (exact), paired (two runs), or an output?"),
    ]
    source: Annotated[tuple[Citation, ...], Ask("Who claims it, and where?")] = ()
    encoded_by: Annotated[tuple[str, ...], Ask("Which paths of this file carry it?")] = ()
    vary: Annotated[Mapping[str, Change], FreeNames(), Ask("What is varied, by path?")] = field(
        default_factory=Frozen
    )
    expect: Annotated[
        Mapping[str, Movement],
        FreeNames(),
        Ask("Which output ('endurance.survival.bilateral.120') moves how?"),
    ] = field(default_factory=Frozen)
    holds: Annotated[
        Mapping[str, Bound], FreeNames(), Ask("Which output stays below or above what, world by world?")
    ] = field(default_factory=Frozen)
    tests: Annotated[Mapping[str, Comparison], Ask("Which further comparisons belong to it?")] = field(
        default_factory=Frozen
    )
    note: Annotated[str | None, Ask("What should a reader know about how it is checked?")] = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """A different course of events: the same file with some paths changed."""

    says: Annotated[str, Ask("What is different?")]
    changes: Annotated[Mapping[str, Change], FreeNames(), Ask("Which paths change, and how?")]
    label: Annotated[str | None, Ask("What is it called in two or three words?")] = None


@dataclass(frozen=True, slots=True)
class Shock:
    """A sudden change, dated or at random."""

    says: Annotated[str, Ask("What happens?")]
    changes: Annotated[Mapping[str, Change], FreeNames(), Ask("Which paths change, and how?")] = field(
        default_factory=Frozen
    )
    date: Annotated[Day | None, Ask("When, if it is dated?")] = None
    hazard: Annotated[
        Estimate | None,
        Range(0, 1, "probability per month"),
        Ask("How likely is it each month, if it is random?"),
    ] = None
    in_file: Annotated[
        bool, Ask("Has it happened and do the file's numbers already reflect it (then it documents)?")
    ] = False
    source: Annotated[tuple[Citation, ...], Ask("Where is that reported?")] = ()


@dataclass(frozen=True, slots=True)
class Resolution:
    """A dated question that the future will answer, for scoring."""

    question: Annotated[str, Ask("What will be seen, yes or no?")]
    by: Annotated[Day, Ask("By when?")]
    outcome: Annotated[bool | None, Ask("What was the answer? Leave out while it is open")] = None
    source: Annotated[tuple[Citation, ...], Ask("Where is the answer reported?")] = ()
    output: Annotated[
        str | None,
        Ask(
            "Which output of a lens is the probability of a yes, if any (endurance.survival.theatre: alive on that day;"
            " endurance.incidence: how it ended)?"
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class Correlation:
    """Two uncertain numbers that rise and fall together."""

    between: Annotated[tuple[str, ...], Ask("Which two paths?")]
    rank: Annotated[
        float, Range(-0.999, 0.999, "rank correlation"), Ask("Spearman rank correlation between them?")
    ]
    assumed: Annotated[str | None, Ask("Why should they move together?")] = None
