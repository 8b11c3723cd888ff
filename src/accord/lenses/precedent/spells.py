"""Alliances as yearly spells: one row an alliance and calendar year, with what was known at the end of the year before.

A row of year y holds covariates of year y - 1 and what became of the alliance in y.  So a forecast made at the end of a year
looks at the row of the next one, and nothing later enters it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accord.data import reading
from accord.lenses.precedent.alliances import (
    WATCHED_UNTIL,
    Alliances,
    alliances,
    majors_among,
)
from accord.lenses.precedent.classes import CLASSES
from accord.lenses.precedent.histories import (
    Histories,
    capability_change,
    disputes_of,
    histories,
    outside_alliances,
    present,
    rivals_of,
    share_of_flags,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# The classes that each alliance has one of, by first match; the last is what the others are held against.
TYPES: tuple[str, ...] = ("offense", "defense", "neutrality", "consultation", "nonaggression")

# Each covariate with what it is.  The first four move by themselves as the years go by; the rest is frozen in a forecast.
COVARIATES: dict[str, str] = {
    "log_age": "ln(1 + years since the year of its beginning)",
    "term_running": "its specified length has not run out",
    "term_due": "its specified length runs out in this year",
    "term_over": "its specified length has run out",
    "offense": "promises to join an attack",
    "defense": "promises defence, no attack",
    "neutrality": "promises neutrality, nothing stronger",
    "consultation": "promises consultation only",
    "wartime": "formed while a member was at war",
    "multilateral": "has more than two members",
    "majors": "share of members that are major powers",
    "capability_change": "mean over members of |ln(CINC/CINC three years before)|",
    "leader_change": "share of members with a new leader in the year before",
    "coalition_change": "share of members whose leader's support coalition changed in the year before",
    "dispute_within": "share of members with a dispute with another in three years",
    "dispute_outside": "share of members with a dispute with an outsider in three years",
    "shared_rival": "share of members with an outside rival whom another has too",
    "rivals_within": "share of members with a rival among the members",
    "outside_alliance": "share of members that entered another alliance, with an outsider, in three years",
}
MOVING = 4


@dataclass(frozen=True, slots=True, eq=False)
class Spells:
    """Rows in order of alliance and year.

    Parameters
    ----------
    alliance : ndarray of int, shape (rows,)
        ATOP number.
    year, age : ndarray of int, shape (rows,)
        Calendar year; years since that of the beginning.
    exposure : ndarray, shape (rows,)
        Share of the year in which it could end: less than 1 only in its first.
    cause : ndarray of int, shape (rows,)
        0 did not end in this year, else 1 more than the place in ``alliances.CAUSES``; -1 not seen (the year after the
        edition stops looking).
    type : ndarray of int, shape (rows,)
        Place in :data:`TYPES`.
    term : ndarray, shape (rows,)
        Year in which its specified length runs out; infinite without one, NaN where not known.
    covariates : ndarray, shape (rows, len(COVARIATES))
        NaN where not known.
    """

    alliance: IntArray
    year: IntArray
    age: IntArray
    exposure: FloatArray
    cause: IntArray
    type: IntArray
    term: FloatArray
    covariates: FloatArray

    def __len__(self) -> int:
        return len(self.year)

    def take(self, rows: NDArray[np.bool_]) -> Spells:
        """Some of the rows."""
        return Spells(
            self.alliance[rows],
            self.year[rows],
            self.age[rows],
            self.exposure[rows],
            self.cause[rows],
            self.type[rows],
            self.term[rows],
            self.covariates[rows],
        )


def spells_of(store: Path | None = None) -> Spells:
    """The yearly spells of a store.

    Raises
    ------
    SituationError
        When something that is needed (:data:`accord.lenses.precedent.histories.NEEDED`) has not been imported.
    """
    table, told = alliances(store), histories(store)
    with reading(store) as base:
        rows = base.execute("SELECT begyr, endyr, speclgth, length FROM alliances ORDER BY atopid").fetchall()
    last = int(WATCHED_UNTIL[table.version[:1]]) - 1
    parts = []
    for place, (begun, ended, specified, months) in enumerate(rows):
        term = _term(float(table.begins[place]), specified, months)
        over = ended if table.ended[place] else last
        parts += _rows(table, told, place, range(begun, over + 1 + (not table.ended[place])), term)
    columns = list(zip(*parts, strict=True))
    ints = [np.array(column, dtype=np.int64) for column in columns[:5]]
    exposure, term_column = (np.array(column, dtype=np.float64) for column in columns[5:7])
    alliance, year, age, cause, kind = ints
    frozen = np.array(columns[7], dtype=np.float64)
    covariates = np.concatenate(
        [moving(age.astype(np.float64), year.astype(np.float64), term_column), frozen], axis=1
    )
    return Spells(alliance, year, age, exposure, cause, kind, term_column, covariates)


Row = tuple[int, int, int, int, int, float, float, list[float]]


def _rows(table: Alliances, told: Histories, place: int, years: range, term: float) -> list[Row]:
    """The rows of one alliance; the last of one in effect is not seen."""
    number, begun = int(table.ids[place]), years[0]
    features = {name: float(values[place]) for name, values in table.features.items()}
    kind = _type(features)
    those = told.members.get(number, ())
    found: list[Row] = []
    for year in years:
        at_end = year == years[-1]
        cause = (int(table.ended[place]) or -1) if at_end else 0
        exposure = max(begun + 1 - float(table.begins[place]), 1 / 365) if year == begun else 1.0
        states = present(those, max(year - 1, begun))
        values = [*_fixed(features, kind), *_changing(told, number, states, year - 1)]
        found.append((number, year, year - begun, cause, kind, exposure, term, values))
    return found


def _term(begins: float, specified: float | None, months: float | None) -> float:
    """The year in which a specified length runs out; infinite without one, NaN where nobody says."""
    if months:
        return math.floor(begins + months / 12.0)
    return math.nan if specified is None else math.inf


def _type(features: dict[str, float]) -> int:
    """The type of an alliance, as its place in TYPES."""
    single = {name: np.array([value]) for name, value in features.items()}
    held = [place for place, name in enumerate(TYPES) if CLASSES[name].rule(single)[0] == 1.0]
    return held[0] if held else len(TYPES) - 1


def moving(age: FloatArray, year: FloatArray, term: FloatArray) -> FloatArray:
    """The covariates that move by themselves, shape (rows, MOVING)."""
    flags = np.stack([(year < term) & np.isfinite(term), year == term, year > term], axis=-1)
    known = np.where(np.isnan(term)[:, None], np.nan, flags.astype(np.float64))
    return np.concatenate([np.log1p(age)[:, None], known], axis=1)


def _fixed(features: dict[str, float], kind: int) -> list[float]:
    """What the treaty says."""
    types = [float(kind == place) for place in range(len(TYPES) - 1)]
    return [*types, features["wartime"], 1.0 - features["bilateral"]]


def _changing(told: Histories, number: int, states: frozenset[int], year: int) -> list[float]:
    """What happened to the members until the end of a year; nothing is known of an alliance without members."""
    if not states:
        return [math.nan] * 9
    majors = majors_among(tuple(states), year) / len(states)
    within, outside = disputes_of(told, states, year)
    shared, rivals = rivals_of(told, states, year)
    return [
        majors,
        capability_change(told, states, year),
        share_of_flags(told.leaders, states, year),
        share_of_flags(told.coalitions, states, year),
        within,
        outside,
        shared,
        rivals,
        outside_alliances(told, number, states, year),
    ]
