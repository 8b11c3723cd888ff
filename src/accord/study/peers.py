"""Among which partnerships a situation is ranked, and in what two such populations differ: then ranks do not compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accord.lenses.endurance import compute
from accord.lenses.endurance.population import structure_of
from accord.situation import Situation

_COUNTED = ("patrons", "client", "threats", "resources", "issues", "quorum")
_SAID = {"patrons": "partners", "resources": "kinds of means"}
# What else a run records of its population, and what it is called.
_RECORDED = {"beta": "precision of choices (beta)", "digest": "digest of the population"}


@dataclass(frozen=True, slots=True)
class Unlike:
    """One thing in which two reference populations differ."""

    what: str
    before: Any
    after: Any


def peers_of(situation: Situation) -> tuple[object, str]:
    """What decides among which partnerships a situation is ranked: its structure, and the class the pace is fitted to."""
    return structure_of(situation), compute.kind_of(situation)


def unlike(
    one: Situation, other: Situation, recorded: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {})
) -> tuple[Unlike, ...]:
    """In what the reference populations of two situations differ; empty where ranks compare.

    Parameters
    ----------
    one, other : Situation
    recorded : pair of mappings
        What their runs recorded of the calibration; its digest tells of a population drawn by another version.
    """
    first, second = structure_of(one), structure_of(other)
    found = [
        Unlike(_SAID.get(name, name), int(getattr(first, name)), int(getattr(second, name)))
        for name in _COUNTED
        if getattr(first, name) != getattr(second, name)
    ]
    kinds = (compute.kind_of(one), compute.kind_of(other))
    classes = tuple(str(of.get("class", kind)) for of, kind in zip(recorded, kinds, strict=True))
    if classes[0] != classes[1]:
        found.append(Unlike("class of alliances that the pace is fitted to", *classes))
    for key, what in _RECORDED.items():
        values = tuple(of.get(key) for of in recorded)
        if None not in values and values[0] != values[1] and not (found and key == "digest"):
            found.append(Unlike(what, *values))
    return tuple(found)
