"""The nearest historical cases: alliances most like this one, by name, and why they are near.

Distance by J. C. Gower, Biometrics 27 (1971) 857-871: the mean, over the features that both state, of 1 for a yes-or-no that
differs, and of the difference over the range for a number.  Needs the user's own import: the list itself is not shipped.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accord.data import name_of
from accord.lenses.precedent.alliances import CAUSES, Alliances, alliances
from accord.lenses.precedent.classes import FEATURES, as_features

_NUMBERS = ("majors", "year")
_CLOSE = 0.1  # of the range: two numbers this close agree
LEAST = 3  # features that both must state


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One alliance near a partnership.

    Parameters
    ----------
    atopid : int
    name : str
        Members and year: ``Iran and Russia, 2001``.
    year : int
    distance : float
        0 the same on every feature that both state, 1 as far as can be.
    compared : int
        Features that both state.
    agrees, differs : tuple of str
        Names of features; a number agrees when it is within a tenth of its range.
    lasted : float
        Years under observation.
    ended : str
        One of CAUSES; empty while in effect.
    """

    atopid: int
    name: str
    year: int
    distance: float
    compared: int
    agrees: tuple[str, ...]
    differs: tuple[str, ...]
    lasted: float
    ended: str


def nearest(
    stated: Mapping[str, float | bool | None],
    table: Alliances | Path | None = None,
    k: int = 10,
    leave_out: frozenset[int] = frozenset(),
) -> list[Neighbour]:
    """The alliances nearest to a partnership with these features.

    Parameters
    ----------
    stated : mapping
        Of :data:`accord.lenses.precedent.classes.FEATURES`; left out or None means not known, and does not count.
    table : Alliances, Path or None
        The alliances, or the store that they were imported into; the user's data folder when left out.
    k : int
        How many.
    leave_out : frozenset of int
        Numbers of alliances not to look at (the case itself).

    Returns
    -------
    list of Neighbour
        Nearest first; equals by year, then number.

    Raises
    ------
    ValueError
        For features that nobody knows, or when fewer than three are stated.
    SituationError
        When no list of alliances has been imported.
    """
    if k < 1:
        raise ValueError(f"k is {k}; expected 1 or more")
    features = as_features(stated)
    given = [name for name in FEATURES if not np.isnan(features[name][0])]
    if len(given) < LEAST:
        raise ValueError(
            f"only {len(given)} features are stated; expected {LEAST} or more of {', '.join(FEATURES)}"
        )
    held = table if isinstance(table, Alliances) else alliances(table)
    apart = np.array([_apart(name, held.features[name], float(features[name][0])) for name in given])
    seen = ~np.isnan(apart)
    compared = seen.sum(axis=0)
    total = np.where(seen, apart, 0.0).sum(axis=0)
    usable = (compared >= LEAST) & ~np.isin(held.ids, list(leave_out))
    distance = np.where(usable, total / np.maximum(compared, 1), math.inf)
    order = np.lexsort((held.ids, held.features["year"], np.round(distance, 12)))
    chosen = [int(row) for row in order[:k] if usable[row]]
    return [_neighbour(held, row, float(distance[row]), given, apart[:, row]) for row in chosen]


def _apart(name: str, values: NDArray[np.float64], own: float) -> NDArray[np.float64]:
    """How far each alliance is on one feature, 0 to 1; NaN where it is not known."""
    if name not in _NUMBERS:
        return np.abs(values - own)
    known = values[~np.isnan(values)]
    everything = np.append(known, own)
    span = float(np.ptp(everything))
    return np.abs(values - own) / span if span else np.where(np.isnan(values), np.nan, 0.0)


def _neighbour(
    table: Alliances, row: int, distance: float, given: list[str], apart: NDArray[np.float64]
) -> Neighbour:
    """One alliance with its reasons."""
    pairs = [(name, float(gap)) for name, gap in zip(given, apart, strict=True) if not math.isnan(gap)]
    agrees = tuple(name for name, gap in pairs if gap <= (_CLOSE if name in _NUMBERS else 0.0))
    year, code = int(table.features["year"][row]), int(table.ended[row])
    return Neighbour(
        int(table.ids[row]),
        f"{_names(table.members[row], year)}, {year}",
        year,
        distance,
        len(pairs),
        agrees,
        tuple(name for name, _ in pairs if name not in agrees),
        float(table.durations[row]),
        CAUSES[code - 1] if code else "",
    )


def _names(members: tuple[int, ...], year: int) -> str:
    """Members in words, as they were called in their time, at most four by name."""
    names = sorted(name_of(member, year) for member in members)
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else "members not stated"
