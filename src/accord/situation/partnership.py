"""Who is together against what, for whom, and who could part them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from accord.situation.day import Day
from accord.situation.declare import Ask, Range, Ref
from accord.situation.estimate import Citation, Estimate
from accord.situation.frozen import Frozen

_UTIL = "util/month"
# Who settles what the partnership does: those who are in, or everybody with a stand, by a bargaining model.
Policy = Literal["weighted_mean", "weighted_median", "expected_utility", "spatial"]


@dataclass(frozen=True, slots=True)
class PatronThreat:
    """What one threat means to one patron."""

    value: Annotated[
        Estimate | None,
        Range(0, unit=_UTIL, symbol="w_ik", prior=(0.3, 2.5), shape="uniform"),
        Ask("What is full success against this threat worth to it, each month?"),
    ] = None
    goal: Annotated[
        Estimate | None,
        Range(0, 1, "share", "h_goal_ik", (0.05, 0.3), "uniform"),
        Ask("At what remaining threat level would it call the job done?"),
    ] = None
    usefulness: Annotated[
        Estimate | None,
        Range(0, unit=_UTIL, symbol="y_i", prior=(0.0, 1.0), shape="zero"),
        Ask("What is it worth to it that the threat stays half alive?"),
    ] = None
    blowback: Annotated[
        Estimate | None,
        Range(0, unit=_UTIL, symbol="v_i", prior=(0.0, 1.0), shape="zero"),
        Ask("What does the surviving threat cost it at home, whether it stays or leaves?"),
    ] = None


@dataclass(frozen=True, slots=True)
class Rally:
    """An event that lifts or lowers a patron's patience for a while."""

    date: Annotated[Day, Ask("When did it happen?")]
    says: Annotated[str, Ask("What happened?")]
    size: Annotated[
        Estimate,
        Range(-1, 1, "share", "rally", (-0.2, 0.2), "uniform"),
        Ask("By how much does it lift (+) or lower (-) patience?"),
    ]
    half_life: Annotated[
        Estimate,
        Range(0, unit="months", symbol="half-life", prior=(3.0, 12.0), shape="uniform"),
        Ask("After how many months is half of the lift gone?"),
    ]


@dataclass(frozen=True, slots=True)
class Patron:
    """A partner in the joint effort; named like its actor."""

    threats: Annotated[
        Mapping[str, PatronThreat], Ref("threats"), Ask("What does each threat mean to it?")
    ] = field(default_factory=Frozen)
    rallies: Annotated[Mapping[str, Rally], Ask("Which events lifted or lowered its patience?")] = field(
        default_factory=Frozen
    )
    since: Annotated[Day | None, Ask("Since when is it in? Leave out for from the start")] = None
    terms: Mapping[str, Estimate] = field(default_factory=Frozen)


@dataclass(frozen=True, slots=True)
class Client:
    """The actor the patrons keep alive together."""

    actor: Annotated[str, Ref("actors"), Ask("Who is it?")]
    terms: Mapping[str, Estimate] = field(default_factory=Frozen)


@dataclass(frozen=True, slots=True)
class Threat:
    """A common enemy or danger."""

    actor: Annotated[str | None, Ref("actors"), Ask("Which actor is the threat, if it is one?")] = None
    label: Annotated[str | None, Ask("What is it called in words?")] = None
    level: Annotated[
        Estimate | None,
        Range(0, 1, "share", "h0_k", (0.2, 1.0), "uniform"),
        Ask("How large is the threat now, 0 (gone) to 1 (as large as it can be)?"),
    ] = None
    strength: Annotated[
        Estimate | None,
        Range(0, unit="index", symbol="R_k", prior=(0.6, 2.2), shape="log"),
        Ask("What joint output would match it in a fair fight, at full level?"),
    ] = None
    terms: Mapping[str, Estimate] = field(default_factory=Frozen)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a suitor could offer one patron for leaving."""

    terms: Mapping[str, Estimate] = field(default_factory=Frozen)
    says: Annotated[str | None, Ask("What would the offer consist of?")] = None


@dataclass(frozen=True, slots=True)
class Suitor:
    """An outsider who could tempt a patron away; named like its actor."""

    offers: Annotated[Mapping[str, Offer], Ref("patrons"), Ask("To whom, and on what terms?")] = field(
        default_factory=Frozen
    )


@dataclass(frozen=True, slots=True)
class Obligation:
    """What the partners have promised one another."""

    says: Annotated[str, Ask("What was promised?")]
    between: Annotated[tuple[str, ...], Ref("actors"), Ask("Who promised it to one another?")] = ()
    date: Annotated[Day | None, Ask("Since when?")] = None
    source: Annotated[tuple[Citation, ...], Ask("Where is that written?")] = ()


@dataclass(frozen=True, slots=True)
class Partnership:
    """The partnership that is judged: two to five patrons, and what is around them."""

    patrons: Annotated[Mapping[str, Patron], Ref("actors"), Ask("Who are the partners (two to five)?")]
    client: Annotated[Client | None, Ask("Whom do they keep alive together, if anybody?")] = None
    threats: Annotated[Mapping[str, Threat], Ask("What common threats do they face (none to two)?")] = field(
        default_factory=Frozen
    )
    suitors: Annotated[
        Mapping[str, Suitor], Ref("actors"), Ask("Who could tempt one of them away (none to three)?")
    ] = field(default_factory=Frozen)
    obligations: Annotated[Mapping[str, Obligation], Ask("What have they promised one another?")] = field(
        default_factory=Frozen
    )
    quorum: Annotated[
        int, Range(2, 5), Ask("How many partners must stay for the partnership to be alive?")
    ] = 2
    policy: Annotated[
        Policy,
        Ask(
            "What does it settle on: 'weighted_mean' of those who are in, or what all with a stand agree on at the start by"
            " their weighted median, the expected-utility or the spatial model?"
        ),
    ] = "weighted_mean"
    territory: Annotated[
        Estimate | None,
        Range(0, 1, "share", "theta0", (0.3, 0.8), "uniform"),
        Ask("How much of its territory does the client control at the start?"),
    ] = None
    talks: Annotated[
        Estimate | None,
        Range(0, 1, "share", "talks", (0.0, 0.0), "zero"),
        Ask("How far is the end state already being talked about?"),
    ] = None
    substitution: Annotated[
        Estimate | None,
        Range(high=1.0, unit="CES exponent", symbol="rho", prior=(-3.0, 0.8), shape="uniform"),
        Ask("Can one resource stand in for another: 1 fully, 0 in part, very negative not at all?"),
    ] = None
    contest_exponent: Annotated[
        Estimate | None,
        Range(0, unit="exponent", symbol="n", prior=(0.5, 2.0), shape="uniform"),
        Ask("How decisive is being stronger: 0.5 hardly, 2 strongly?"),
    ] = None
    terms: Mapping[str, Estimate] = field(default_factory=Frozen)
