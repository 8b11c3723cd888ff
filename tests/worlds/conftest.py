"""Small situations for the tests of this room, built from the records themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from accord.situation import (
    Actor,
    Client,
    Correlation,
    Day,
    Estimate,
    Frozen,
    Issue,
    Offer,
    Partnership,
    Patron,
    Scale,
    Situation,
    Stance,
    Suitor,
    Threat,
)

Build = Callable[..., Situation]


def situation_of(
    numbers: Mapping[str, Estimate] | None = None,
    correlations: Mapping[str, Correlation] | None = None,
    **more: Any,
) -> Situation:
    """A situation with one issue per number: the estimate called ``x`` stands at ``stances.x.iran.position``."""
    issues = {name: Issue("Which?", Scale(0, 1, "low", "high")) for name in numbers or {}}
    stances = {
        name: Frozen({"iran": Stance(position=estimate)}) for name, estimate in (numbers or {}).items()
    }
    given = {
        "partnership": Partnership(Frozen()),
        "actors": Frozen({"iran": Actor("state")}),
        "issues": Frozen(issues),
        **more,
    }
    return Situation(
        accord=1,
        title="A small one",
        as_of=Day(2015, 12),
        stances=Frozen(stances),
        correlations=Frozen(correlations or {}),
        **given,
    )


def full_situation(client: bool = True, **more: Any) -> Situation:
    """Two partners, a client, a threat, a suitor with an offer to one of them; hardly a number."""
    actors = {name: Actor("state") for name in ("iran", "russia", "syria", "usa")}
    partnership = Partnership(
        patrons=Frozen({"iran": Patron(), "russia": Patron()}),
        client=Client("syria") if client else None,
        threats=Frozen({"rebels": Threat()}),
        suitors=Frozen({"usa": Suitor(Frozen({"russia": Offer()}))}),
    )
    issues = Frozen({"oil": Issue("How much?", Scale(0, 1, "none", "all"))})
    given = {"partnership": partnership, "actors": Frozen(actors), "issues": issues, **more}
    return Situation(accord=1, title="A full one", as_of=Day(2015, 12), **given)


@pytest.fixture(scope="session")
def build() -> Build:
    """The builder of small situations."""
    return situation_of


@pytest.fixture(scope="session")
def build_full() -> Build:
    """The builder of situations with everything in them."""
    return full_situation
