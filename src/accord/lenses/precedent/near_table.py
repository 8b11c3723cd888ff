"""The nearest historical cases as a table: who they were, why they are near, how long they lasted and what ended them."""

from __future__ import annotations

from collections.abc import Sequence

from accord.finding import Cell, Column, Table
from accord.formulas import wording
from accord.lenses.precedent.alliances import CAUSE_LABELS, Alliances
from accord.lenses.precedent.classes import FEATURES
from accord.lenses.precedent.nearest import LEAST, Neighbour, nearest
from accord.lenses.precedent.profile import Profile

SHOWN = 10
_YEARS = 5.0
_WORDS = {
    "offense": "offence",
    "defense": "defence",
    "asymmetric": "different promises",
    "military_aid": "military aid",
    "fixed_term": "specified length",
    "majors": "major powers",
    "year": "year",
}


def near(
    profile: Profile, table: Alliances, partners: Sequence[int], whole: bool
) -> tuple[Table | None, str | None]:
    """The nearest alliances, those between the same states left out; or a note why there are none.

    Parameters
    ----------
    profile : Profile
    table : Alliances
        Those that began before the day of the file.
    partners : sequence of int
        COW numbers of the partners, in order.
    whole : bool
        Whether every partner has one.
    """
    stated = {name: profile.features[name] for name in FEATURES if name in profile.features}
    if len(stated) < LEAST:
        return None, f"nearest cases need {LEAST} features, and only {len(stated)} are stated"
    if not len(table):
        return None, "no alliance of the import began before the day of the file"
    own = {
        int(number): row
        for row, number in enumerate(table.ids)
        if whole and tuple(table.members[row]) == tuple(partners)
    }
    found = nearest(stated, table, len(table), frozenset(own))
    note = None
    if own:
        years = wording.joined([f"{table.features['year'][row]:.0f}" for row in own.values()])
        note = f"not among the nearest cases, for they are between the same states: alliances of {years}"
    if not found:
        return None, note
    return _table(found[:SHOWN], found, len(stated)), note


def _table(first: list[Neighbour], every: list[Neighbour], stated: int) -> Table:
    """The nearest of all."""
    rows: list[tuple[Cell, ...]] = [
        (
            one.name,
            round(one.distance, 3),
            _words(one.agrees),
            _words(one.differs) or "nothing",
            round(one.lasted, 1),
            CAUSE_LABELS.get(one.ended, "still in effect when the list ends"),
        )
        for one in first
    ]
    over = sum(1 for one in first if one.ended and one.lasted <= _YEARS)
    unseen = sum(1 for one in first if not one.ended and one.lasted <= _YEARS)
    ties = sum(1 for one in every if round(one.distance, 9) == round(first[-1].distance, 9))
    shown = sum(1 for one in first if round(one.distance, 9) == round(first[-1].distance, 9))
    more = f" {ties - shown} more are as near as the last one shown." if ties > shown else ""
    young = f", {unseen} not watched for so long" if unseen else ""
    return Table(
        "nearest",
        wording.headline(
            f"nearest is {first[0].name}; of the {len(first)} nearest {over} ended within five years{young}"
        ),
        "plain",
        (
            Column("alliance", "Alliance"),
            Column("distance", "Distance", "0 the same, 1 as far as can be", 0.0, 1.0),
            Column("agrees", "Near, for they agree on"),
            Column("differs", "They differ in"),
            Column("lasted", "Lasted", "years"),
            Column("ended", "Ended"),
        ),
        tuple(rows),
        f"From your own import of ATOP: Gower's distance over the {stated} features that the file states, each of equal weight."
        f" A number agrees within a tenth of its range.{more} What became of them is told as far as the list looks, also after"
        " the day of the file.",
    )  # fmt: skip


def _words(names: Sequence[str]) -> str:
    """Features in words."""
    return ", ".join(_WORDS.get(name, name) for name in names)
