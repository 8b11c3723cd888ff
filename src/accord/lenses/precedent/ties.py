"""Ties between two states: unbroken runs of years in which an obligation holds, whatever treaty it comes from.

From the pair-and-year form of ATOP; where it has a pair both ways round, the row that names the lower COW number first.
A run lasts its number of years, and is censored when it reaches the last year of the
edition.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.data import entries, reading
from accord.lenses.precedent.alliances import nothing
from accord.lenses.precedent.survival import LEVEL, Estimated, kaplan_meier, median_of, rate_of

IntArray = NDArray[np.int64]
_OBLIGATIONS = ("defense", "offense", "neutral", "nonagg", "consul")
SINCE: tuple[int, ...] = (0, 1945, 1990)
TIE_AGES: tuple[float, ...] = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 50.0)


@dataclass(frozen=True, slots=True)
class TieRate:
    """What happened to ties of one kind.

    Parameters
    ----------
    tie : str
        Obligation, ``any``, or ``loose`` (consultation, nonaggression or neutrality without defence or offence).
    since : int
        Runs that began in this year or later; 0 for all.
    n, ended : int
    survival : dict of float to Estimated
        By whole years.
    median, hazard : Estimated
        Years; endings a year.  The hazard counts every run by its full years.
    """

    tie: str
    since: int
    n: int
    ended: int
    survival: dict[float, Estimated]
    median: Estimated
    hazard: Estimated


def tie_rates(store: Path | None = None, level: float = LEVEL) -> list[TieRate]:
    """Base rates of ties between two states.

    Raises
    ------
    SituationError
        When the pair-and-year form of ATOP has not been imported.
    """
    columns = _columns(store)
    last = int(columns["year"].max())
    found = []
    for tie, inside in _kinds(columns).items():
        starts, ends = runs(*(columns[name][inside] for name in ("ccode1", "ccode2", "year")))
        for since in SINCE:
            chosen = starts >= since
            durations, ended = (ends - starts + 1)[chosen], (ends < last)[chosen].astype(np.int64)
            if not len(durations):
                continue
            curve = kaplan_meier(durations, ended, level)
            seen = int(ended.sum())
            found.append(
                TieRate(
                    tie,
                    since,
                    len(durations),
                    seen,
                    {age: curve.at(age) for age in TIE_AGES},
                    median_of(curve),
                    rate_of(seen, float(durations.sum()), level),
                )
            )
    return found


def _columns(store: Path | None) -> dict[str, IntArray]:
    """Pairs and years, each pair once, in order."""
    with reading(store) as base:
        if not any(entry.kind == "atop-dyad" for entry in entries(base)):
            raise nothing("atop-dyad", "the pair-and-year form of ATOP")
        flags = ", ".join(f"d.{name}" for name in _OBLIGATIONS)
        found: dict[str, Any] = base.execute(
            "SELECT least(d.ccode1, d.ccode2) AS ccode1, greatest(d.ccode1, d.ccode2) AS ccode2, d.year,"
            f" {flags} FROM alliance_dyads d QUALIFY row_number() OVER (PARTITION BY least(d.ccode1, d.ccode2),"
            " greatest(d.ccode1, d.ccode2), d.year ORDER BY d.ccode1) = 1 ORDER BY 1, 2, 3"
        ).fetchnumpy()
    return {name: np.asarray(values, dtype=np.int64) for name, values in found.items()}


def _kinds(columns: dict[str, IntArray]) -> dict[str, NDArray[np.bool_]]:
    """Which pair-years belong to each kind of tie."""
    flags = {name: columns[name] == 1 for name in _OBLIGATIONS}
    loose = flags["neutral"] | flags["nonagg"] | flags["consul"]
    armed = flags["defense"] | flags["offense"]
    return {"any": loose | armed, **flags, "loose": loose & ~armed}


def runs(first: IntArray, second: IntArray, year: IntArray) -> tuple[IntArray, IntArray]:
    """First and last years of unbroken runs, from pair-years in order of pair and year.

    Parameters
    ----------
    first, second, year : ndarray of int, shape (n,)

    Returns
    -------
    tuple of ndarray of int, shape (runs,)
    """
    if not len(year):
        return year, year
    fresh = (np.diff(first) != 0) | (np.diff(second) != 0) | (np.diff(year) != 1)
    starts = np.concatenate([[0], np.flatnonzero(fresh) + 1])
    ends = np.concatenate([starts[1:] - 1, [len(year) - 1]])
    return year[starts], year[ends]
