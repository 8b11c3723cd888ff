"""What a change of one tie would do to the partners: the table of the cheapest, and the sentence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.finding import Cell, Column, FloatArray, Spread, Table
from accord.formulas import wording
from accord.lenses.alignment.view import Camps
from accord.seen import shared

_MOST_WAYS = 6
_SAID = 3


@dataclass(frozen=True, slots=True)
class Lever:
    """One tie, changed one way: its places, whether it is to rise, the share of worlds, and the change in them."""

    tie: tuple[int, int]
    rises: bool
    share: Spread
    change: Spread

    def words(self, camps: Camps) -> str:
        """The change, in words."""
        return f"{'more' if self.rises else 'less'} between {camps.named(self.tie)}"


def levers(camps: Camps, a: int, b: int) -> list[Lever]:
    """The changes that part a pair most cheaply in some world, the most frequent first."""
    pair = f"{camps.members[a]}.{camps.members[b]}"
    which, change = camps.over[f"separating_tie.{pair}"], camps.over[f"separating_by.{pair}"]
    known = ~np.isnan(camps.over[f"separating.{pair}"]) | ~np.isnan(camps.over[f"one_tie.{pair}"])
    codes = 2.0 * which + (change > 0.0)
    found, count = np.unique(codes[~np.isnan(codes)].astype(np.int64), return_counts=True)
    made = []
    for k in np.lexsort((found, -count)):
        rows = codes == found[k]
        place, rises = divmod(int(found[k]), 2)
        i, j = divmod(place, len(camps.members))
        share = shared(np.where(known, rows.astype(np.float64), np.nan))
        if share is not None:
            made.append(Lever((i, j), bool(rises), share, _within(change, rows)))
    return made


def _within(values: FloatArray, rows: np.ndarray) -> Spread:
    """Values over some worlds, at their median, for the best estimates may not be among them."""
    return Spread.of(float(np.median(values[rows])), values[rows])


def already_apart(camps: Camps, a: int, b: int) -> Spread | None:
    """In what share of worlds nothing has to change; None where no world tells."""
    pair = f"{camps.members[a]}.{camps.members[b]}"
    cost, can = camps.over[f"separating.{pair}"], camps.over[f"one_tie.{pair}"]
    known = ~np.isnan(cost) | ~np.isnan(can)
    return shared(np.where(known, (cost == 0.0).astype(np.float64), np.nan))


def beyond_one(camps: Camps, a: int, b: int) -> Spread | None:
    """In what share of worlds no one tie can do it; None where no world tells."""
    pair = f"{camps.members[a]}.{camps.members[b]}"
    cost, can = camps.over[f"separating.{pair}"], camps.over[f"one_tie.{pair}"]
    known = ~np.isnan(cost) | ~np.isnan(can)
    return shared(np.where(known, (can == 0.0).astype(np.float64), np.nan))


def partings(camps: Camps) -> Table:
    """The single changes of a tie that would put partners in different camps."""
    rows: list[tuple[Cell, ...]] = []
    for a, b in camps.partners:
        who = camps.named((a, b))
        for text, share in (
            ("none: they are apart as it is", already_apart(camps, a, b)),
            ("none: no one tie can do it", beyond_one(camps, a, b)),
        ):
            if share is not None and share.median > 0.0:
                rows.append((who, text, share, None))
        rows += [
            (who, wording.headline(one.words(camps)), one.share, one.change)
            for one in levers(camps, a, b)[:_MOST_WAYS]
        ]
    return Table(
        "partings",
        wording.headline("; ".join(parting_words(camps)) or "no world tells what would part the partners"),
        "plain",
        (
            Column("pair", "Partners"),
            Column("tie", "Cheapest single tie to change"),
            Column("share", "In what share of worlds", "share of worlds", 0.0, 1.0),
            Column("cost", "By how much, both directions together", "index"),
        ),
        tuple(rows),
        "For each world the one tie whose change, the smallest in p_ij + p_ji, makes the best division put the two in different"
        " camps. Propensities lie in -2..2, so that p_ij + p_ji lies in -4..4 and a change can be 8 at most; what would take a"
        " tie beyond the scale is not counted. Of several ties that do it equally cheaply the partners' own counts, else the"
        " first by name.",
        extra={
            "some_worlds": True,
            "known": "shares of worlds, and changes at their median",
            "range": "two standard errors of a share, 5th and 95th percentile of a change",
        },
    )  # fmt: skip


def parting_words(camps: Camps) -> list[str]:
    """For each pair of partners the likeliest lever, and how often none is needed or none is enough.

    Levers whose shares cannot be told apart, within two standard errors each, are all named.
    """
    said = []
    for a, b in camps.partners[:_SAID]:
        who, found = camps.named((a, b)), levers(camps, a, b)
        apart, never = already_apart(camps, a, b), beyond_one(camps, a, b)
        parts = []
        if found:
            likely = [one for one in found if one.share.high >= found[0].share.low][:_SAID]
            ways = ", ".join(
                f"{wording.in_worlds(one.share.median)} that between {camps.named(one.tie)}, which would have to"
                f" {'rise' if one.rises else 'fall'}"
                for one in likely
            )
            parts.append(f"the one tie whose change would part {who} most cheaply is {ways}")
        if never is not None and never.median > 0.0:
            parts.append(f"{wording.in_worlds(never.median)} no change of one tie would part {who}")
        if apart is not None and apart.median > 0.0:
            parts.append(f"{wording.in_worlds(apart.median)} {who} are apart as it is")
        said += ["; ".join(parts)] if parts else []
    return said
