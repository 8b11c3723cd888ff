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
# What a population is summed up in, with the decimals that every run records of it: earlier runs that worked a population
# out recorded more, and ranked among numbers with more digits than later runs read back.
_SUMMED_UP = {
    "population": 0,
    "reviews_per_month": 7,
    "one_year": 4,
    "five_years": 4,
    "misfit_one_year": 4,
    "rejected": 4,
    "reliability": 3,
}
_DIGITS = "last digits of the population"


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
        What their runs recorded of the calibration; its digest tells of a population drawn by another version, unless
        all that is recorded of the two agrees (see :func:`digits`).
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
        if None in values or values[0] == values[1] or (key == "digest" and (found or _agree(recorded))):
            continue
        found.append(Unlike(what, *values))
    return tuple(found)


def digits(recorded: tuple[Mapping[str, Any], Mapping[str, Any]]) -> Unlike | None:
    """That two populations differ in digits which tell nothing: another digest, but one and the same in all that is recorded.

    Ranks among them compare.  None where they are the same to the last digit, or another population.
    """
    one, other = (of.get("digest") for of in recorded)
    if None in (one, other) or one == other or not _agree(recorded):
        return None
    return Unlike(_DIGITS, one, other)


def _agree(recorded: tuple[Mapping[str, Any], Mapping[str, Any]]) -> bool:
    """Whether all that two runs recorded of their populations is the same to the decimals that both have."""
    one, other = ({key: _to(of.get(key), places) for key, places in _SUMMED_UP.items()} for of in recorded)
    return None not in one.values() and one == other


def _to(value: Any, places: int) -> Any:
    """A number, or several, to so many decimals; None where it is not known."""
    if isinstance(value, list | tuple):
        return [_to(one, places) for one in value]
    return round(value, places) if isinstance(value, int | float) else None
