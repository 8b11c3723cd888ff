"""What the member states of alliances went through, year by year, from the user's own import.

Every table answers with NaN (or nothing) where its source does not look; what a source does not know is never "no".
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accord.data import entries, reading
from accord.lenses.precedent.alliances import nothing

# Kinds of data that the fitted model needs, and what they are.
NEEDED: dict[str, str] = {
    "atop-alliance": "the list of alliances of ATOP",
    "atop-member": "the list of members of alliances of ATOP",
    "nmc": "national material capabilities",
    "leaders": "leaders in office",
    "coalitions": "changes of support coalitions",
    "disputes": "militarised disputes",
    "rivalries": "rivalries",
}
WINDOW = 3  # years over which capability, disputes and new alliances are looked at

StateYear = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Membership:
    """One state in one alliance.

    Parameters
    ----------
    state : int
    since : int
        Year.
    until : int
        Year of leaving; 9999 where it has not left.
    """

    state: int
    since: int
    until: int


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """Histories of states, by their numbers in the Correlates of War list.

    Parameters
    ----------
    members : dict of int to tuple of Membership
        By number of the alliance.
    cinc : dict of (state, year) to float
        Above 0.
    leaders : dict of (state, year) to bool
        Whether somebody new took office; no entry where nobody is known to have been in office.
    coalitions : dict of (state, year) to bool
        Whether the coalition that supports the leader changed.
    opponents : dict of (state, year) to set of int
        Other side of its disputes.
    disputes : (int, int)
        First and last year in which disputes are known.
    rivals : dict of int to tuple of (int, int, int)
        Other state, first and last year.
    entered : dict of (state, year) to tuple of (int, frozenset of int)
        Alliances that it entered: number, and states in it then.
    """

    members: dict[int, tuple[Membership, ...]]
    cinc: dict[StateYear, float]
    leaders: dict[StateYear, bool]
    coalitions: dict[StateYear, bool]
    opponents: dict[StateYear, set[int]]
    disputes: tuple[int, int]
    rivals: dict[int, tuple[tuple[int, int, int], ...]]
    entered: dict[StateYear, tuple[tuple[int, frozenset[int]], ...]]


def histories(store: Path | None = None) -> Histories:
    """The histories in a store.

    Raises
    ------
    SituationError
        When one of :data:`NEEDED` has not been imported.
    """
    with reading(store) as base:
        held = {entry.kind for entry in entries(base)}
        for kind, what in NEEDED.items():
            if kind not in held:
                raise nothing(kind, what)

        def rows(query: str) -> list[Any]:
            """All rows of a query."""
            return base.execute(query).fetchall()

        joined = rows("SELECT atopid, member, yrent, yrexit FROM alliance_members ORDER BY ALL")
        members = _members(joined)
        pairs = rows("SELECT ccode1, ccode2, year FROM disputes ORDER BY ALL")
        years = [row[2] for row in pairs]
        return Histories(
            members,
            {(s, y): c for s, y, c in rows("SELECT ccode, year, cinc FROM capabilities") if c and c > 0},
            _leaders(
                rows(
                    'SELECT ccode, year(start), year("end") FROM leaders WHERE ccode IS NOT NULL ORDER BY ALL'
                )
            ),
            {
                (s, y): n > 0
                for s, y, n in rows("SELECT ccode, year, changes FROM coalitions")
                if n is not None
            },
            _opponents(pairs),
            (min(years), max(years)),
            _rivals(rows('SELECT ccode1, ccode2, start, "end" FROM rivalries ORDER BY ALL')),
            _entered(members),
        )


def _members(rows: Iterable[tuple[int, int, int, int | None]]) -> dict[int, tuple[Membership, ...]]:
    """Memberships by alliance; a state that came twice stands twice."""
    found: dict[int, list[Membership]] = defaultdict(list)
    for number, state, since, until in rows:
        found[number].append(Membership(state, since, until or 9999))
    return {number: tuple(those) for number, those in found.items()}


def _leaders(rows: Iterable[tuple[int, int, int | None]]) -> dict[StateYear, bool]:
    """Changes in office; the first leader that the list knows of a state is no change."""
    found: dict[StateYear, bool] = {}
    seen: set[int] = set()
    for state, start, end in rows:
        for year in range(start, (end or start) + 1):
            found.setdefault((state, year), False)
        if state in seen:
            found[state, start] = True
        seen.add(state)
    return found


def _opponents(pairs: Iterable[tuple[int, int, int]]) -> dict[StateYear, set[int]]:
    """Other sides of disputes."""
    found: dict[StateYear, set[int]] = defaultdict(set)
    for one, other, year in pairs:
        found[one, year].add(other)
        found[other, year].add(one)
    return dict(found)


def _rivals(
    rows: Iterable[tuple[int, int, int, int | None]],
) -> dict[int, tuple[tuple[int, int, int], ...]]:
    """Rivals of each state with the years."""
    found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for one, other, start, end in rows:
        found[one].append((other, start, end or 9999))
        found[other].append((one, start, end or 9999))
    return {state: tuple(those) for state, those in found.items()}


def _entered(
    members: dict[int, tuple[Membership, ...]],
) -> dict[StateYear, tuple[tuple[int, frozenset[int]], ...]]:
    """Alliances that each state entered, by year, with who was in them at the end of that year."""
    found: dict[StateYear, list[tuple[int, frozenset[int]]]] = defaultdict(list)
    for number, those in members.items():
        for one in those:
            inside = frozenset(m.state for m in those if m.since <= one.since < m.until or m is one)
            found[one.state, one.since].append((number, inside))
    return {key: tuple(value) for key, value in found.items()}


def present(those: tuple[Membership, ...], year: int) -> frozenset[int]:
    """States that are members at the end of a year; those of the beginning, while there is none yet."""
    now = frozenset(one.state for one in those if one.since <= year < one.until)
    if now or not those:
        return now
    first = min(one.since for one in those)
    return frozenset(one.state for one in those if one.since == first)


def mean_of(values: Iterable[float]) -> float:
    """Mean of what is known; NaN of nothing."""
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


def capability_change(told: Histories, states: frozenset[int], year: int) -> float:
    """Mean over states of ``|ln(CINC now/CINC three years before)|``."""

    def change(state: int) -> float:
        """Of one state; NaN where one end is not known."""
        now, before = told.cinc.get((state, year)), told.cinc.get((state, year - WINDOW))
        return abs(math.log(now / before)) if now and before else math.nan

    return mean_of(change(state) for state in sorted(states))


def share_of_flags(flags: dict[StateYear, bool], states: frozenset[int], year: int) -> float:
    """Share of the states that a flag holds of, among those that it is known of."""
    return mean_of(
        float(flags[state, year]) if (state, year) in flags else math.nan for state in sorted(states)
    )


def disputes_of(told: Histories, states: frozenset[int], year: int) -> tuple[float, float]:
    """Shares of the states with a dispute in the last three years with a member, and with an outsider."""
    first, last = told.disputes
    if not first <= year <= last:
        return math.nan, math.nan
    within = outside = 0
    for state in states:
        others: set[int] = set()
        for back in range(WINDOW):
            others |= told.opponents.get((state, year - back), set())
        within += bool(others & states)
        outside += bool(others - states)
    return within / len(states), outside / len(states)


def rivals_of(told: Histories, states: frozenset[int], year: int) -> tuple[float, float]:
    """Shares of the states with an outside rival whom another member has too, and with a rival among the members."""
    against = {
        state: {other for other, start, end in told.rivals.get(state, ()) if start <= year <= end}
        for state in states
    }
    shared = within = 0
    for state, rivals in against.items():
        others: set[int] = set().union(*(against[one] for one in states if one != state))
        shared += bool((rivals & others) - states)
        within += bool(rivals & states)
    return shared / len(states), within / len(states)


def outside_alliances(told: Histories, number: int, states: frozenset[int], year: int) -> float:
    """Share of the states that in the last three years entered another alliance, with an outsider in it."""

    def new(state: int) -> bool:
        """Whether this one did."""
        for back in range(WINDOW):
            for other, inside in told.entered.get((state, year - back), ()):
                if other != number and inside - states:
                    return True
        return False

    return sum(new(state) for state in states) / len(states)
