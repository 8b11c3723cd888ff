"""What a calibration of one's own says of causes that the model cannot have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from accord.calibrating.jointly import GROUPS, facts
from accord.calibrating.own_text import class_text, unreachable
from accord.lenses.endurance.own import LEVELS
from accord.lenses.endurance.population import Structure, population


@pytest.mark.parametrize(
    ("level", "client", "groups"),
    [
        ("bilateral", True, ("fulfilled", "forced")),
        ("bilateral", False, ("fulfilled", "forced")),
        ("theatre", True, ()),
    ],
)
def test_what_is_out_of_reach_is_what_never_happens(level: str, client: bool, groups: tuple) -> None:
    assert unreachable(level) == groups
    people = population(size=120, structure=Structure(client=client))
    found = [facts(people, LEVELS.index(level), beta, nu, 4) for beta, nu in ((6.0, 0.9), (40.0, 0.05))]
    for group in GROUPS:
        shares = [one[f"share {group}"] for one in found]
        assert (np.nanmax(shares) == 0.0) == (group in groups), (group, shares)


def told(level: str) -> dict[str, Any]:
    """A calibration without a fit."""
    return {
        "name": "pacts",
        "n": 30,
        "ended": 20,
        "level": level,
        "targets": [],
        "fits": {},
        "left_out": [],
    }


def test_it_is_said_once() -> None:
    assert class_text(told("bilateral")).endswith(
        "share fulfilled and share forced: out of the model's reach at the bilateral level. A job done, exhaustion and collapse"
        " end only the joint war, so no rate meets these shares, and the fit to causes can be no better for them: trust"
        " survival alone. At --level theatre they can happen."
    )
    assert "out of the model's reach" not in class_text(told("theatre"))
