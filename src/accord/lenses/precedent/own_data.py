"""What the user's own import adds to a run: nearest cases by name, classes by regime, how partners stand to one another.

Only what lies before the year of the file is shown of yearly figures, and only alliances begun before its day: the file
says what was known then.  What became of those alliances is told as far as the edition looks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import TypeVar

import numpy as np

from accord.data import resolve
from accord.finding import Table
from accord.formulas import wording
from accord.lenses.precedent.alliances import Alliances, alliances
from accord.lenses.precedent.by_regime import by_regime
from accord.lenses.precedent.indicators import (
    Agreement,
    capability,
    event_counts,
    ideal_point_distance,
    vote_agreement,
)
from accord.lenses.precedent.near_table import near
from accord.lenses.precedent.profile import Profile
from accord.lenses.precedent.regimes import democracy_of
from accord.lenses.precedent.standing import (
    FEWEST_VOTES,
    Dyads,
    capabilities,
    distances,
    events,
    votes,
)
from accord.lenses.precedent.stored import Stored, stored_at
from accord.problems import RunError, SituationError
from accord.situation import Situation

T = TypeVar("T")
_PAIRS = 3  # of partners shown; more would be no figure
# Kinds that indicators come from, with what they tell.
_KINDS = {
    "atop-alliance": "nearest cases by name",
    "regimes": "beside these, classes by regime",
    "un-votes": "with un-roll-calls, agreement in votes",
    "ideal-points": "distance of ideal points",
    "nmc": "shares of capabilities",
    "icews": "counts of events",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found: tables and notes."""

    tables: tuple[Table, ...]
    notes: tuple[str, ...]


def missing_note(stored: Stored | None) -> str | None:
    """One note that names what is not shown for want of an import, and the command; None where all is there."""
    lacking = [
        f"{kind} ({what})" for kind, what in _KINDS.items() if stored is None or kind not in stored.kinds
    ]
    if not lacking:
        return None
    where = "you have imported no data" if stored is None else "your import lacks these kinds"
    return f"some things are not shown, for {where}: {', '.join(lacking)}; to see them: accord data import FILE, then run again"


def partners_of(situation: Situation) -> tuple[dict[str, int], tuple[str, ...]]:
    """Partners that are states of the list, by their label, and labels of the others; in order of names."""
    found, others = dict[str, int](), []
    for name in sorted(situation.partnership.patrons):
        actor = situation.actors[name]
        label = wording.named(actor.label, name)
        texts = (label, name.replace("_", " ")) if actor.kind == "state" else ()
        codes = [code for text in texts if (code := resolve("name", text)) is not None]
        if codes:
            found[label] = codes[0]
        else:
            others.append(label)
    return found, tuple(others)


def seen_in(stored: Stored, situation: Situation, profile: Profile, worlds: int) -> Seen:
    """Tables and notes of what a store tells of a situation.

    Raises
    ------
    RunError
        When the store has changed since the run began, or its names cannot be read.
    """
    states, others = partners_of(situation)
    year = situation.as_of.year
    tables: list[Table | None] = []
    notes: list[str | None] = [f"own import: {', '.join(stored.holds)} (digest {stored.digest[:16]})"]
    if "atop-alliance" in stored.kinds:
        day = situation.as_of
        began = year + ((day.month or 1) - 1) / 12 + ((day.day or 1) - 1) / 365.25
        table = _held(stored.path, stored.digest)
        codes = tuple(sorted(states.values()))
        parts = [near(profile, _before(table, began), codes, len(states) == profile.partners)]
        if "regimes" in stored.kinds:
            parts.append(by_regime(profile, table, _democracy(stored, states, profile), worlds))
        tables += [part[0] for part in parts]
        notes += [part[1] for part in parts]
    dyads = _dyads(stored, states, year)
    tables += [draw(dyads, worlds) for draw in (votes, distances, capabilities, events)]
    if others:
        notes.append(
            f"no states of the list, so without figures of their own: {wording.joined(list(others))}"
        )
    if not any(tables[len(tables) - 4 :]) and states:
        notes.append(f"the import tells nothing of {wording.joined(list(states))} before {year}")
    return Seen(tuple(t for t in tables if t is not None), tuple(n for n in notes if n is not None))


def _before(table: Alliances, began: float) -> Alliances:
    """The alliances that began before a moment."""
    rows = np.flatnonzero(table.begins < began)
    return replace(
        table,
        ids=table.ids[rows],
        begins=table.begins[rows],
        durations=table.durations[rows],
        ended=table.ended[rows],
        members=tuple(table.members[row] for row in rows),
        features={name: values[rows] for name, values in table.features.items()},
    )


def _steady(path: Path, digest: str) -> None:
    """Refuse a store that is no longer the one of the run."""
    now = stored_at(path)
    if now is None or now.digest != digest:
        raise RunError(f"{path}: the store changed while the run looked at it; try: the same command again")


@lru_cache(maxsize=2)
def _held(path: Path, digest: str) -> Alliances:
    """The alliances of a store, with regimes where it has them."""
    table = alliances(path)
    stored = stored_at(path)
    if stored is not None and "regimes" in stored.kinds:
        table.features.update(democracy_of(table, path))
    _steady(path, digest)
    return table


def _democracy(stored: Stored, states: Mapping[str, int], profile: Profile) -> tuple[float, float] | None:
    """Least and most democracy among the partners when they came together; None where one's is not known."""
    year = profile.features.get("year")
    if year is None or len(states) != profile.partners:
        return None
    members = (tuple(sorted(states.values())),)
    none = np.zeros(1)
    alone = Alliances(none.astype(int), none, none, none.astype(int), members, {"year": none + year}, "", "")
    found = democracy_of(alone, stored.path)
    least, most = (float(found[name][0]) for name in ("least_democratic", "most_democratic"))
    return None if np.isnan(least) else (least, most)


def _dyads(stored: Stored, states: Mapping[str, int], year: int) -> Dyads:
    """Yearly figures of the partners before a year."""
    pairs = list(combinations(sorted(states), 2))[:_PAIRS]
    place = stored.path

    def of_pairs(kind: str, found: Callable[[int, int, Path], dict[int, T]]) -> dict[str, dict[int, T]]:
        """Figures of each pair; none where the import lacks the kind."""
        if kind not in stored.kinds:
            return {}
        return {f"{a} and {b}": found(states[a], states[b], place) for a, b in pairs}

    shares = {name: capability(code, place) for name, code in states.items()} if "nmc" in stored.kinds else {}
    made = Dyads(
        of_pairs("un-votes", _votes),
        of_pairs("ideal-points", ideal_point_distance),
        shares,
        of_pairs("icews", event_counts),
    )
    _steady(place, stored.digest)
    return made.before(year)


def _votes(a: int, b: int, path: Path) -> dict[int, Agreement]:
    """Agreement in votes, of years with more than a handful; none where nobody knows the years of the votes."""
    try:
        found = vote_agreement(a, b, path)
    except SituationError:
        return {}
    return {year: one for year, one in found.items() if one.n >= FEWEST_VOTES}
