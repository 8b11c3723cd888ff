"""What binds one actor to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from accord.situation.day import Day
from accord.situation.declare import Ask, Range
from accord.situation.estimate import Citation, Estimate
from accord.situation.frozen import Frozen


@dataclass(frozen=True, slots=True)
class TrustEvent:
    """Something that moved trust: a dated log-likelihood ratio (Kydd 2005)."""

    date: Annotated[Day, Ask("When did it happen?")]
    says: Annotated[str, Ask("What happened?")]
    log_likelihood_ratio: Annotated[
        Estimate,
        Range(-5, 5, "natural log of odds", "LLR"),
        Ask("How much likelier is this from a trustworthy partner than from another (log of the ratio)?"),
    ]
    in_prior: Annotated[
        bool,
        Ask("Is it already reflected in the trust stated (then it documents, and is not counted again)?"),
    ] = True
    source: Annotated[tuple[Citation, ...], Ask("Where is that reported?")] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """How one actor stands to another; absent is not zero."""

    affinity: Annotated[
        Estimate | None, Range(-1, 1, "index"), Ask("How close do they feel, -1 (enemies) to 1 (kin)?")
    ] = None
    dependence: Annotated[
        Estimate | None,
        Range(0, 1, "share", "D_i", (0.1, 0.8), "uniform"),
        Ask("What share of what it needs comes from the other and from nowhere else?"),
    ] = None
    trust: Annotated[
        Estimate | None,
        Range(0, 1, "probability", "T0_ij", (0.3, 0.95), "uniform"),
        Ask("How probable does it hold it that the other is a trustworthy partner?"),
    ] = None
    events: Annotated[Mapping[str, TrustEvent], Ask("Which events moved that trust?")] = field(
        default_factory=Frozen
    )
    terms: Mapping[str, Estimate] = field(default_factory=Frozen)
