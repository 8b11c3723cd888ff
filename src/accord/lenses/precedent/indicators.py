"""How two states stand to one another, year by year, from data that the user has imported.

Agreement in votes misleads when nearly everybody votes alike, so it is set against what chance would give: Scott's pi and
Cohen's kappa with linear weights on yes, abstain, no (W. A. Scott, Public Opinion Quarterly 19 (1955) 321-325; J. Cohen,
Psychological Bulletin 70 (1968) 213-220; for foreign policy F. M. Haege, Political Analysis 19 (2011) 287-305).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.data import entries, reading, resolve
from accord.lenses.precedent.alliances import nothing
from accord.problems import Problem, SituationError, did_you_mean

Place = str | int


@dataclass(frozen=True, slots=True)
class Agreement:
    """How alike two states voted.

    Parameters
    ----------
    n : int
        Roll calls on which both voted yes, no or abstained.
    agree : float
        Share of the same vote.
    similarity : float
        ``1 - 2 mean(d)``, d being 0, 1/2 (one abstained) or 1; -1..1.
    pi, kappa : float
        ``1 - mean(d)/expected``, the expectation from the votes of both together (pi), or of each (kappa); NaN where no
        disagreement is to be expected.
    """

    n: int
    agree: float
    similarity: float
    pi: float
    kappa: float


def agreement(first: ArrayLike, second: ArrayLike) -> Agreement:
    """How alike two lists of votes are.

    Parameters
    ----------
    first, second : array_like of int, shape (roll calls,)
        1 yes, 2 abstained, 3 no; anything else is no vote, and the roll call does not count.
    """
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if one.shape != two.shape or one.ndim != 1:
        raise ValueError(f"votes {one.shape} and {two.shape} are not two lists of one length")
    shared = np.isin(one, (1, 2, 3)) & np.isin(two, (1, 2, 3))
    one, two = one[shared], two[shared]
    if not len(one):
        return Agreement(0, math.nan, math.nan, math.nan, math.nan)
    apart = float(np.abs(one - two).mean() / 2)
    shares = [np.array([(votes == word).mean() for word in (1, 2, 3)]) for votes in (one, two)]
    pooled = (shares[0] + shares[1]) / 2
    return Agreement(
        len(one),
        float((one == two).mean()),
        1.0 - 2.0 * apart,
        _beyond(apart, pooled, pooled),
        _beyond(apart, shares[0], shares[1]),
    )


def _beyond(apart: float, first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Agreement beyond chance."""
    # Summed without rounding, so that it does not matter who is first.
    expected = math.fsum(first[i] * second[j] * abs(i - j) / 2 for i in range(3) for j in range(3))
    return 1.0 - apart / expected if expected > 0 else math.nan


def state(place: Place) -> int:
    """The COW number of a state, by name, demonym or ISO code of three letters.

    Raises
    ------
    SituationError
        When nobody is known by this name.
    """
    if isinstance(place, int):
        return place
    code = resolve("name", place)
    if code is None:
        from accord.data.states import known_names

        hint = did_you_mean(place, known_names())
        raise SituationError([Problem("unknown-state", f"no state is known as '{place}'", try_instead=hint)])
    return code


def vote_agreement(a: Place, b: Place, store: Path | None = None) -> dict[int, Agreement]:
    """Agreement of two states in the UN General Assembly, by year.

    The year is that of the roll call where roll calls have been imported, else that of the votes.

    Raises
    ------
    SituationError
        When votes have not been imported, or nobody knows their years.
    """
    kinds = _kinds(store, "un-votes", "votes in the UN General Assembly")
    one, two = state(a), state(b)
    dated = "un-roll-calls" in kinds
    year = "year(c.date)" if dated else "v.year"
    join = " JOIN roll_calls c USING (rcid)" if dated else ""
    with reading(store) as base:
        rows = base.execute(
            f"SELECT {year}, v.vote, w.vote FROM votes v JOIN votes w USING (rcid){join}"
            f" WHERE v.ccode = ? AND w.ccode = ? AND {year} IS NOT NULL ORDER BY 1, v.rcid",
            [one, two],
        ).fetchall()
        if (
            not rows
            and not dated
            and base.execute("SELECT 1 FROM votes WHERE year IS NOT NULL LIMIT 1").fetchone() is None
        ):
            raise nothing("un-roll-calls", "the list of roll calls, which knows the years of the votes,")
    years: dict[int, list[tuple[int, int]]] = {}
    for when, mine, other in rows:
        years.setdefault(int(when), []).append((mine, other))
    return {when: agreement(*zip(*pairs, strict=True)) for when, pairs in years.items()}


def _kinds(store: Path | None, wanted: str, what: str) -> set[str]:
    """Kinds of data in a store; SituationError when the wanted one is not there."""
    with reading(store) as base:
        kinds = {entry.kind for entry in entries(base)}
    if wanted not in kinds:
        raise nothing(wanted, what)
    return kinds


def capability(a: Place, store: Path | None = None) -> dict[int, float]:
    """A state's share of the capabilities of all states (CINC, 0..1) by year; years without a figure are left out."""
    _kinds(store, "nmc", "National Material Capabilities")
    with reading(store) as base:
        rows = base.execute(
            "SELECT year, cinc FROM capabilities WHERE ccode = ? ORDER BY year", [state(a)]
        ).fetchall()
    return {int(year): float(share) for year, share in rows}


def ideal_point_distance(a: Place, b: Place, store: Path | None = None) -> dict[int, float]:
    """Distance of two states' ideal points, by year; years in which one has none are left out."""
    _kinds(store, "ideal-points", "ideal points")
    with reading(store) as base:
        rows = base.execute(
            "SELECT year, abs(p.point - q.point) FROM ideal_points p JOIN ideal_points q USING (year)"
            " WHERE p.ccode = ? AND q.ccode = ? AND p.point IS NOT NULL AND q.point IS NOT NULL ORDER BY year",
            [state(a), state(b)],
        ).fetchall()
    return {int(year): float(gap) for year, gap in rows}


@dataclass(frozen=True, slots=True)
class Events:
    """Coded events between two states, both directions, by the first two digits of their CAMEO code.

    Parameters
    ----------
    verbal_cooperation, material_cooperation, verbal_conflict, material_conflict : int
        01-05, 06-08, 09-13, 14-20.
    intensity : float
        Mean, -10..10; NaN without one.
    """

    verbal_cooperation: int
    material_cooperation: int
    verbal_conflict: int
    material_conflict: int
    intensity: float


def event_counts(a: Place, b: Place, store: Path | None = None) -> dict[int, Events]:
    """Events between two states, by year; years without an event are left out."""
    _kinds(store, "icews", "coded events")
    one, two = state(a), state(b)
    root = "CAST(cameo[:2] AS INT)"
    spans = ((1, 5), (6, 8), (9, 13), (14, 20))
    counts = ", ".join(f"count(*) FILTER ({root} BETWEEN {low} AND {high})" for low, high in spans)
    with reading(store) as base:
        rows = base.execute(
            f"SELECT year(date), {counts}, avg(intensity) FROM events"
            " WHERE (source = ? AND target = ?) OR (source = ? AND target = ?) GROUP BY 1 ORDER BY 1",
            [one, two, two, one],
        ).fetchall()
    return {
        int(row[0]): Events(row[1], row[2], row[3], row[4], math.nan if row[5] is None else float(row[5]))
        for row in rows
    }
