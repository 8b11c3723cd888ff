"""The situation: everything an analyst knows, in one frozen record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from accord.situation.actor import Actor, Resource
from accord.situation.claim import Claim, Correlation, Resolution, Scenario, Shock
from accord.situation.day import Day
from accord.situation.declare import Ask, FreeNames, Range, Ref
from accord.situation.estimate import Estimate, Source
from accord.situation.frozen import Frozen
from accord.situation.issue import Issue, Stance
from accord.situation.option import Option, Preference, Rule
from accord.situation.partnership import Partnership
from accord.situation.tie import Tie
from accord.situation.words import Word

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Situation:
    """A partnership and what surrounds it, as of one day.

    ``digest`` identifies the content, whatever the formatting and the order of keys; ``name`` is the slug of the file.
    """

    accord: Annotated[int, Range(1, 1), Ask("Which version of this format is the file written in?")]
    title: Annotated[str, Ask("What is the situation called?")]
    as_of: Annotated[Day, Ask("Up to which day is what is known coded?")]
    partnership: Annotated[Partnership, Ask("Which partnership is judged?")]
    actors: Annotated[Mapping[str, Actor], Ask("Who matters?")]
    question: Annotated[str | None, Ask("What is to be answered?")] = None
    about: Annotated[str | None, Ask("What should a reader know first?")] = None
    horizon: Annotated[
        int, Range(1, 600, "months"), Ask("How many months ahead does the question reach?")
    ] = 120
    stakes: Annotated[
        Estimate | None,
        Range(0, unit="util/month", prior=(0.0, 0.3), shape="top"),
        Ask(
            "What does a full unit of distance on an issue of salience 1 cost an actor that states nothing of its own?"
        ),
    ] = None
    aggregate: Annotated[
        str,
        Ask(
            "What stands for an actor's capability: 'weighted_mean' of its resources, 'sum', or one of them?"
        ),
    ] = "weighted_mean"
    resources: Annotated[Mapping[str, Resource], Ask("Which means count?")] = field(default_factory=Frozen)
    issues: Annotated[Mapping[str, Issue], Ask("What do they argue about?")] = field(default_factory=Frozen)
    stances: Annotated[
        Mapping[str, Annotated[Mapping[str, Stance], Ref("actors")]],
        Ref("issues"),
        Ask("Who stands where, issue by issue?"),
    ] = field(default_factory=Frozen)
    ties: Annotated[
        Mapping[str, Annotated[Mapping[str, Tie], Ref("actors")]],
        Ref("actors"),
        Ask("What binds whom to whom (from, then to)?"),
    ] = field(default_factory=Frozen)
    options: Annotated[Mapping[str, Option], Ask("What can each actor do?")] = field(default_factory=Frozen)
    preferences: Annotated[Mapping[str, Preference], Ref("actors"), Ask("What does each actor prefer?")] = (
        field(default_factory=Frozen)
    )
    rules: Annotated[Mapping[str, Rule], Ask("What cannot happen together?")] = field(default_factory=Frozen)
    shocks: Annotated[Mapping[str, Shock], Ask("What might happen suddenly?")] = field(default_factory=Frozen)
    scenarios: Annotated[
        Mapping[str, Scenario], Ask("Which other courses of events should be looked at?")
    ] = field(default_factory=Frozen)
    claims: Annotated[
        Mapping[str, Claim], FreeNames(), Ask("What is claimed that the program should check?")
    ] = field(default_factory=Frozen)
    correlations: Annotated[Mapping[str, Correlation], Ask("Which uncertain numbers move together?")] = field(
        default_factory=Frozen
    )
    sources: Annotated[Mapping[str, Source], Ask("Where does the evidence come from?")] = field(
        default_factory=Frozen
    )
    words: Annotated[Mapping[str, Word], Ask("What do estimative words mean here, if not the usual?")] = (
        field(default_factory=Frozen)
    )
    resolve: Annotated[Mapping[str, Resolution], Ask("What will be seen later that settles it?")] = field(
        default_factory=Frozen
    )
    name: str = field(default="", compare=False)
    digest: str = field(default="", compare=False)
