"""Resnick's type of alliance: what the partners were to one another before the common threat.

After Resnick, E. (2010/11), Strange Bedfellows: U.S. Bargaining Behavior with Allies of Convenience, International Security
35(3): an ally of convenience is both an ideological and a geopolitical adversary, joined by a greater threat; a special ally
is neither; in between stands the ambivalent ally.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from accord.study.verdict import Rivals

FloatArray = NDArray[np.float64]

NOT_DECIDED = "not decided"


def rivals_of(over: Mapping[str, FloatArray], good: NDArray[np.bool_]) -> Rivals:
    """The type in most of the worlds *good*, by the lens' columns.

    ``rivals.ideological`` and ``rivals.geopolitical`` are 1 or 0, or NaN where the file does not say; ``rivals.threatened``
    is 1 where threats that all want gone are worth more to each than its rivalry with the others.
    """
    ideological, geopolitical, threatened = (
        over[f"rivals.{kind}"][good] for kind in ("ideological", "geopolitical", "threatened")
    )
    shares = _share(ideological), _share(geopolitical)
    both = (ideological > 0.5) & (geopolitical > 0.5)
    return Rivals(*shares, *_type(*shares, _share(threatened[both])))


def _type(ideological: float, geopolitical: float, threatened: float) -> tuple[str, str]:
    """Label and words from the shares of worlds; *threatened* is of those in which they are adversaries in both."""
    if np.isnan(ideological):
        return (
            NOT_DECIDED,
            "the file does not say how close they feel (affinity of their ties), so the type is not decided",
        )
    if np.isnan(geopolitical):
        return NOT_DECIDED, "nothing is known of their standing interest, so the type is not decided"
    if ideological <= 0.5 and geopolitical <= 0.5:
        return "special alliance", "adversaries neither in outlook nor in interest"
    if ideological <= 0.5 or geopolitical <= 0.5:
        return "ambivalent alliance", "adversaries in outlook or in interest, not in both"
    if threatened > 0.5:
        return "alliance of convenience", "adversaries in outlook and in interest, joined by a greater threat"
    return (
        "none of the three",
        "adversaries in outlook and in interest, and no threat that all want gone outweighs their rivalry",
    )


def _share(values: FloatArray) -> float:
    """Share of worlds in which they are; NaN where it is not stated."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")
