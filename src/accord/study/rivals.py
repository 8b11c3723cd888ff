"""Resnick's type of alliance: what the partners were to one another before the common threat.

After Resnick, E. (2010/11), Strange Bedfellows: U.S. Bargaining Behavior with Allies of Convenience, International Security
35(3): an ally of convenience is both an ideological and a geopolitical adversary; a special ally is neither; in between
stands the ambivalent ally.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from accord.study.verdict import Rivals

FloatArray = NDArray[np.float64]


def rivals_of(over: Mapping[str, FloatArray], good: NDArray[np.bool_]) -> Rivals:
    """The type, from the lens' columns ``rivals.ideological`` and ``rivals.geopolitical`` (1, 0, or NaN: not stated)."""
    ideological, geopolitical = (
        _share(over[f"rivals.{kind}"][good]) for kind in ("ideological", "geopolitical")
    )
    if np.isnan(ideological):
        label = "not decided"
        says = (
            "the file does not say how close they feel (affinity of their ties), so the type is not decided"
        )
    elif ideological > 0.5 and geopolitical > 0.5:
        label, says = (
            "alliance of convenience",
            "adversaries in outlook and in interest, joined by a greater threat",
        )
    elif ideological <= 0.5 and geopolitical <= 0.5:
        label, says = "special alliance", "adversaries neither in outlook nor in interest"
    else:
        label, says = "ambivalent alliance", "adversaries in outlook or in interest, not in both"
    return Rivals(ideological, geopolitical, label, says)


def _share(values: FloatArray) -> float:
    """Share of worlds in which they are; NaN where it is not stated."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")
