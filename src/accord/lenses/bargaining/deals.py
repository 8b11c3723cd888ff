"""Who gains from a deal, as tables: a map for two partners, and every actor on every issue."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from accord.finding import Cell, Column, Table
from accord.formulas import wording
from accord.lenses.bargaining.view import View

WHOLE, TRADED = "all issues together", "all issues, after exchange"
_HOW = (
    "A gain is what the deal spares an actor: salience times distance from its position, without the deal less with it, as"
    " shares of the scale. Without a deal things stand at the issue's reference point; where the file names none, each actor"
    " gets its way with a chance equal to its share of the weight. The deal is the weighted mean, the default forecast."
    " All issues together: what is spared as a share of all that the actor cares about."
)


def pair(view: View) -> tuple[str, str] | None:
    """The two partners of the map: the first two by name that both take a stand on some issue; None without such."""
    for one, other in combinations(sorted(view.situation.partnership.patrons), 2):
        for issue in view.settled:
            if all(view.spread(f"gain.{issue}.{name}") is not None for name in (one, other)):
                return one, other
    return None


def map_rows(view: View, two: tuple[str, str]) -> list[tuple[str, str, str]]:
    """Label and the two columns of every point of the map: issues, then the packages."""
    found = [(view.issue(issue), *(f"gain.{issue}.{name}" for name in two)) for issue in view.settled]
    found.append((WHOLE, *(f"package.{name}" for name in two)))
    found.append((TRADED, *(f"package_exchange.{name}" for name in two)))
    return [(a, b, c) for a, b, c in found if view.spread(b) is not None and view.spread(c) is not None]


def quarters(view: View, two: tuple[str, str]) -> tuple[float, float, float, float]:
    """Shares of worlds in which both, only the first, only the second, and neither of two quantities is above 0."""
    gained = np.stack([view.values(key) for key in two])
    up, right = gained[:, ~np.isnan(gained).any(axis=0)] > 0
    if not up.size:
        return (float("nan"),) * 4
    both, first = float(np.mean(up & right)), float(np.mean(up & ~right))
    return both, first, float(np.mean(~up & right)), float(np.mean(~up & ~right))


def gains_map(view: View) -> Table | None:
    """The map of gains for two partners; None where two of them do not take a stand."""
    two = pair(view)
    if two is None:
        return None
    one, other = (view.actor(name) for name in two)
    entries = map_rows(view, two)
    rows: list[tuple[Cell, ...]] = []
    for label, first, second in entries:
        shares = (None if np.isnan(q) else q for q in quarters(view, (first, second)))
        rows.append((wording.headline(label), view.spread(first), view.spread(second), *shares))
    heads = ("Both gain", f"Only {one}", f"Only {other}", "Neither")
    more = len(view.situation.partnership.patrons) - 2
    note = f" The map shows two of the {more + 2} partners; the next table has all." if more > 0 else ""
    return Table(
        "gains",
        wording.headline(gains_title(view, two)),
        "quadrants",
        (
            Column("deal", "Deal on"),
            *(Column(f"gain.{name}", f"Gain of {view.actor(name)}", "", -1.0, 1.0) for name in two),
            *(
                Column(name, f"{head} (share of worlds)", "", 0.0, 1.0)
                for name, head in zip(("both", "first", "second", "neither"), heads, strict=True)
            ),
        ),
        tuple(rows),
        _HOW + note,
        extra={
            "actors": two,
            "names": (one, other),
            "whole": tuple(i for i, entry in enumerate(entries) if entry[0] in (WHOLE, TRADED)),
            "some_worlds": True,
        },
    )


def gains_title(view: View, two: tuple[str, str]) -> str:
    """What a deal on everything would mean for two partners."""
    names = [view.actor(name) for name in two]
    shares = quarters(view, (f"package.{two[0]}", f"package.{two[1]}"))
    says = (
        f"helps both {names[0]} and {names[1]}",
        f"helps {names[0]} and not {names[1]}",
        f"helps {names[1]} and not {names[0]}",
        f"helps neither {names[0]} nor {names[1]}",
    )
    if np.isnan(shares[0]):
        return "no world tells who gains from a deal on all issues"
    most = int(np.argmax(shares))
    return f"against no deal, settling all issues at the forecasts {says[most]}, {wording.in_worlds(shares[most])}"


def gains_table(view: View) -> Table | None:
    """What every actor gains on every issue; None where nobody takes a stand."""
    patrons = view.situation.partnership.patrons
    names = sorted(
        (name for name in sorted(view.situation.actors) if view.spread(f"package.{name}") is not None),
        key=lambda name: (name not in patrons, name),
    )
    if not names:
        return None
    rows = [
        (
            view.actor(name),
            *(view.spread(f"gain.{issue}.{name}") for issue in view.settled),
            view.spread(f"package.{name}"),
        )
        for name in names
    ]
    return Table(
        "gains_of_all",
        wording.headline(_all_title(view, names)),
        "matrix",
        (
            Column("actor", "Actor"),
            *(Column(f"gain.{issue}", view.issue(issue), "", -1.0, 1.0) for issue in view.settled),
            Column("package", wording.headline(WHOLE), "", -1.0, 1.0),
        ),
        tuple(rows),
        _HOW,
        actors=tuple(names),
        extra={"low_means": "loses all", "high_means": "gains all"},
    )


def _all_title(view: View, names: list[str]) -> str:
    """Who gains most and who loses most on all issues together."""
    whole = {name: view.value(f"package.{name}") for name in names}
    known = sorted(
        (name for name in names if not np.isnan(whole[name])), key=lambda name: (whole[name], name)
    )
    if not known:
        return "at the best estimates nobody can be said to gain"
    top, low = known[-1], known[0]
    if whole[low] >= 0 or len(known) < 2:
        return f"on all issues together {view.actor(top)} gains most"
    return f"on all issues together {view.actor(top)} gains most and {view.actor(low)} loses most"
