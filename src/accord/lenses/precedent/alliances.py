"""Historical alliances as durations, endings and features, from the user's own import of ATOP.

Rules (``precedent.md``): an alliance begins and ends on its days, in decimal years ``y + (m - 1)/12 + (d - 1)/365.25``, a
missing day being the 15th (a missing month July, our own addition); one in effect is censored where the edition stops
looking; ``term`` names the cause, and one that is over without a ``term`` lost a member's independence.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.data import entries, reading
from accord.lenses.precedent.classes import known
from accord.problems import Problem, SituationError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CAUSES: tuple[str, ...] = ("expired", "violated", "replaced", "state_lost")
CAUSE_LABELS: dict[str, str] = {
    "expired": "scheduled end or purpose fulfilled",
    "violated": "violated",
    "replaced": "replaced by a new relationship",
    "state_lost": "a member lost its independence",
}
# Until when an edition of ATOP looks, by the first digit of its version.
WATCHED_UNTIL: dict[str, float] = {"4": 2017.0, "5": 2019.0}

# Major powers by the definition of the Correlates of War project, in years: COW number, first year, last year.
MAJOR_POWERS: tuple[tuple[int, int, int], ...] = (
    (2, 1898, 9999),
    (200, 1816, 9999),
    (220, 1816, 1940),
    (220, 1945, 9999),
    (255, 1816, 1918),
    (255, 1925, 1945),
    (255, 1991, 9999),
    (300, 1816, 1918),
    (325, 1860, 1943),
    (365, 1816, 1917),
    (365, 1922, 9999),
    (710, 1950, 9999),
    (740, 1895, 1945),
    (740, 1991, 9999),
)


@dataclass(frozen=True, slots=True, eq=False)
class Alliances:
    """Alliances, in order of their numbers.

    Parameters
    ----------
    ids : ndarray of int, shape (n,)
    begins, durations : ndarray, shape (n,)
        Decimal year; years under observation.
    ended : ndarray of int, shape (n,)
        0 in effect when the edition stops looking, else 1 more than the place in :data:`CAUSES`.
    members : tuple of tuple of int
        COW numbers, in order.
    features : dict of str to ndarray, shape (n,)
        See :data:`accord.lenses.precedent.classes.FEATURES`; NaN where not known.
    version, citation : str
    """

    ids: IntArray
    begins: FloatArray
    durations: FloatArray
    ended: IntArray
    members: tuple[tuple[int, ...], ...]
    features: dict[str, FloatArray]
    version: str
    citation: str

    def __len__(self) -> int:
        return len(self.ids)


def decimal_year(year: FloatArray, month: FloatArray, day: FloatArray) -> FloatArray:
    """Dates as decimal years; a month or day of 0 or NaN is missing."""
    months = np.where(np.isnan(month) | (month == 0), 7.0, month)
    days = np.where(np.isnan(day) | (day == 0), 15.0, day)
    return year + (months - 1) / 12 + (days - 1) / 365.25


def majors_among(members: tuple[int, ...], year: int) -> int:
    """How many of these states were major powers in any part of a year."""
    return sum(any(c == m and a <= year <= b for c, a, b in MAJOR_POWERS) for m in members)


def alliances(store: Path | None = None) -> Alliances:
    """The alliances of a store.

    Parameters
    ----------
    store : Path, optional
        The user's data folder when left out.

    Raises
    ------
    SituationError
        When there is no store, no ATOP in it, or nobody knows until when its edition looks.
    """
    with reading(store) as base:
        found = [entry for entry in entries(base) if entry.kind == "atop-alliance"]
        if not found:
            raise nothing("atop-alliance", "the list of alliances of ATOP")
        cursor = base.execute("SELECT * EXCLUDE (number, line, members) FROM alliances ORDER BY atopid")
        columns = {name: _floats(values) for name, values in cursor.fetchnumpy().items()}
        lists = base.execute("SELECT members FROM alliances ORDER BY atopid").fetchall()
    members = tuple(tuple(sorted(row[0] or ())) for row in lists)
    return _made(columns, members, found[-1].version, found[-1].citation)


def nothing(kind: str, what: str) -> SituationError:
    """A store that lacks a kind of data."""
    hint = f"accord data import FILE ({kind})"
    return SituationError([Problem("no-data", f"{what} has not been imported", try_instead=hint)])


def _floats(values: Any) -> FloatArray:
    """A column as numbers, NaN where it is empty."""
    array: FloatArray = np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan)
    return array


def _made(
    columns: dict[str, FloatArray], members: tuple[tuple[int, ...], ...], version: str, citation: str
) -> Alliances:
    """Durations, endings and features from the columns of the file."""
    if version[:1] not in WATCHED_UNTIL:
        says = f"nobody knows until when edition '{version}' of ATOP looks"
        hint = "import it again with --data-version 4.01 (or 5.1)"
        raise SituationError([Problem("no-version", says, expected="edition 4 or 5", try_instead=hint)])
    begins = decimal_year(columns["begyr"], columns["begmo"], columns["begday"])
    ends = decimal_year(columns["endyr"], columns["endmo"], columns["endday"])
    in_effect = columns["ineffect"] == 1
    durations = np.maximum(np.where(in_effect, WATCHED_UNTIL[version[:1]], ends) - begins, 0.0)
    term = columns["term"].astype(np.int64)
    ended = np.where(in_effect, 0, np.where(term == 0, len(CAUSES), term)).astype(np.int64)
    return Alliances(
        columns["atopid"].astype(np.int64),
        begins,
        durations,
        ended,
        members,
        _features(columns, members),
        version,
        citation,
    )


def _features(columns: dict[str, FloatArray], members: tuple[tuple[int, ...], ...]) -> dict[str, FloatArray]:
    """Features of the alliances; a cell that is empty stays unknown."""
    years = columns["begyr"].astype(np.int64)
    majors = [
        majors_among(one, int(year)) if one else np.nan for one, year in zip(members, years, strict=True)
    ]
    length, aid = columns["speclgth"], columns["milaid"]
    return {
        "offense": columns["offense"],
        "defense": columns["defense"],
        "neutrality": columns["neutral"],
        "nonaggression": columns["nonagg"],
        "consultation": columns["consul"],
        "bilateral": columns["bilat"],
        "wartime": columns["wartime"],
        "asymmetric": columns["asymm"],
        "military_aid": known(aid > 0, ~np.isnan(aid)),
        "fixed_term": known(length > 0, ~np.isnan(length)),
        "majors": np.array(majors, dtype=np.float64),
        "year": columns["begyr"],
    }
