"""Tables on who stands where: agreement issue by issue, and similarity between all actors."""

from __future__ import annotations

import numpy as np

from accord.finding import Cell, Column, Spread, Table
from accord.formulas import TOLERANCE, wording
from accord.seen import View


def agreement_tables(view: View) -> list[Table]:
    """One table of agreement by issue for each pair of patrons that shares an issue."""
    return [_agreement(view, pair) for pair in view.pairs if shared_issues(view, pair)]


def shared_issues(view: View, pair: tuple[str, str]) -> list[str]:
    """Issues on which both hold a position, by agreement at the best estimates, closest first."""
    names = [issue for issue in view.issues if view.known(f"agreement.{issue}.{pair[0]}.{pair[1]}")]
    return sorted(names, key=lambda issue: (-view.value(f"agreement.{issue}.{pair[0]}.{pair[1]}"), issue))


def _agreement(view: View, pair: tuple[str, str]) -> Table:
    """Agreement of one pair by issue, closest first; issues on which one holds no position come last, undefined."""
    names = shared_issues(view, pair)
    rest = [issue for issue in view.issues if issue not in names]
    tail = f"{pair[0]}.{pair[1]}"
    rows = tuple((view.issue(issue), view.spread(f"agreement.{issue}.{tail}")) for issue in (*names, *rest))
    missing = f" Undefined where one of the two holds no position: {_quoted(view, rest)}." if rest else ""
    return Table(
        f"agreement.{tail}",
        wording.headline(agreement_title(view, pair)),
        "intervals",
        (Column("issue", "Issue"), Column("agreement", "Agreement", "", 0.0, 1.0)),
        rows,
        "Agreement is 1 minus the distance between the two positions, as a share of the issue's scale."
        f" {view.pair(pair)} both hold a position on {len(names)} of {wording.count(len(view.issues), 'issue')}.{missing}",
        extra={"low_means": "opposite ends of the scale", "high_means": "the same position"},
    )


def agreement_title(view: View, pair: tuple[str, str]) -> str:
    """Where a pair stands closest and where farthest apart, and how sure that is."""
    names = shared_issues(view, pair)
    tail = f"{pair[0]}.{pair[1]}"
    near, far = (_apart(view, f"agreement.{names[index]}.{tail}") for index in (0, -1))
    who = view.pair(pair)
    if len(names) == 1:
        return f"{who} share one issue, {view.issue(names[0])}, and stand {near} apart on it"
    values = np.stack([view.over[f"agreement.{issue}.{tail}"] for issue in names], axis=-1)
    best = [view.value(f"agreement.{issue}.{tail}") for issue in names]
    if max(best) - min(best) <= TOLERANCE:
        return f"{who} stand equally far apart ({near} of the scale) on all {len(names)} issues they share"
    judged = np.asarray(~np.isnan(values).any(axis=-1))
    lowest = np.asarray(
        values[:, -1] <= values.min(axis=-1, initial=np.inf, where=~np.isnan(values)) + TOLERANCE
    )
    sure = wording.in_worlds(view.share(lowest, judged))
    return (
        f"{who} stand closest on {view.issue(names[0])} ({near} of the scale apart) and farthest apart on "
        f"{view.issue(names[-1])} ({far}, the widest gap {sure})"
    )


def _apart(view: View, key: str) -> str:
    """The distance behind an agreement, as a percentage."""
    return wording.percent(1.0 - view.value(key))


def _quoted(view: View, issues: list[str]) -> str:
    """Issues as a list."""
    return wording.joined([view.issue(issue) for issue in issues])


def similarity_tables(view: View) -> list[Table]:
    """Similarity between all actors as a matrix, and every pair's figures at both horizons."""
    pairs = known_pairs(view)
    return [_matrix(view, pairs), _pairs(view, pairs)] if pairs else []


def known_pairs(view: View) -> list[tuple[str, str]]:
    """Pairs of actors with a similarity at either horizon."""
    horizons = ("now", "end")
    return [
        p for p in view.all_pairs if any(view.known(f"similarity.{when}.{p[0]}.{p[1]}") for when in horizons)
    ]


def coverage(view: View, pair: tuple[str, str]) -> float:
    """Number of issues on which both state a position and how much they care; 0 where one holds no position."""
    counts = [view.value(f"coverage.{when}.{pair[0]}.{pair[1]}") for when in ("now", "end")]
    return max((count for count in counts if not np.isnan(count)), default=0.0)


def _matrix(view: View, pairs: list[tuple[str, str]]) -> Table:
    """Similarity now between all actors that share an issue with another."""
    actors = sorted({name for pair in pairs for name in pair})
    itself = Spread(1.0, 1.0, 1.0, 1.0, view.worlds)
    rows = []
    for one in actors:
        cells: list[Cell] = [view.actor(one)]
        for other in actors:
            first, second = sorted((one, other))
            cells.append(itself if one == other else view.spread(f"similarity.now.{first}.{second}"))
        rows.append(tuple(cells))
    unit = "1 = identical, -1 = opposite"
    alone = [view.actor(name) for name in sorted(view.situation.actors) if name not in actors]
    left = (
        f" Without a position and salience in common with anybody: {wording.joined(alone)}." if alone else ""
    )
    return Table(
        "similarity",
        wording.headline(_matrix_title(view, pairs)),
        "matrix",
        (Column("actor", "Actor"), *(Column(name, view.actor(name), unit, -1.0, 1.0) for name in actors)),
        tuple(rows),
        "Similarity now, weighted by how much each pair cares and by what bites now (Signorino & Ritter 1999)."
        f" An actor is like itself by definition. Empty: a pair without a common issue.{left}",
        actors=tuple(actors),
        extra={"low_means": "opposite on everything that matters", "high_means": "identical"},
    )


def _matrix_title(view: View, pairs: list[tuple[str, str]]) -> str:
    """Who is closest and who farthest, and where the patrons rank."""
    enough = [pair for pair in pairs if 2 * coverage(view, pair) >= len(view.issues)]
    known = [
        pair for pair in enough or pairs if not np.isnan(view.value(f"similarity.now.{pair[0]}.{pair[1]}"))
    ]
    order = sorted(known, key=lambda p: (-view.value(f"similarity.now.{p[0]}.{p[1]}"), p))
    if not order:
        return "How alike the actors are now cannot be said at the best estimates"
    if len(pairs) == 1:
        return f"{view.pair(order[0])} are the only two actors that can be compared"
    among = "that share at least half of the issues" if enough else "that share any issue"
    if len(order) == 1:
        return f"{view.pair(order[0])} are the only pair of actors {among}"
    near, far = view.pair(order[0]), view.pair(order[-1])
    return f"Of {len(order)} pairs of actors {among}, {near} are the most alike now and {far} the least"


def _pairs(view: View, pairs: list[tuple[str, str]]) -> Table:
    """Similarity and agreement beyond chance of every pair, now and at the end state, with coverage."""
    order = sorted(pairs, key=lambda p: (p not in view.pairs, p))
    total = len(view.issues)
    rows = []
    kinds = [f"{kind}.{when}" for kind in ("similarity", "chance_corrected") for when in ("now", "end")]
    for i, j in order:
        figures = [view.spread(f"{kind}.{i}.{j}") for kind in kinds]
        rows.append((view.pair((i, j)), *figures, f"{wording.figure(coverage(view, (i, j)), 0)} of {total}"))
    return Table(
        "similarity_pairs",
        wording.headline(_pairs_title(view)),
        "plain",
        (
            Column("pair", "Pair"),
            Column("similarity_now", "Similarity now", "", -1.0, 1.0),
            Column("similarity_end", "Similarity at the end state", "", -1.0, 1.0),
            Column("chance_corrected_now", "Beyond chance, now", high=1.0),
            Column("chance_corrected_end", "Beyond chance, at the end state", high=1.0),
            Column("issues", "Issues that count"),
        ),
        tuple(rows),
        "Similarity is 1 minus twice the weighted mean distance. Beyond chance: 1 = no disagreement, 0 = as far apart"
        " as two actors of this situation are on average, negative = farther (after Häge 2011). An issue counts for a"
        " pair when both state a position and how much they care.",
    )


def _pairs_title(view: View) -> str:
    """The pair of patrons whose similarity moves most between now and the end state."""
    moved = {
        pair: view.value(f"similarity.end.{pair[0]}.{pair[1]}")
        - view.value(f"similarity.now.{pair[0]}.{pair[1]}")
        for pair in view.pairs
    }
    known = {pair: change for pair, change in moved.items() if not np.isnan(change)}
    if not known:
        return "How alike the partners are cannot be said at both horizons: too few positions are stated"
    pair = max(known, key=lambda p: (abs(known[p]), p))
    now, end = (
        wording.figure(view.value(f"similarity.{when}.{pair[0]}.{pair[1]}")) for when in ("now", "end")
    )
    if now == end:
        return f"{view.pair(pair)} are as alike at the end state as now (similarity {now})"
    way = "less" if known[pair] < 0 else "more"
    return (
        f"{view.pair(pair)} are {way} alike once the end state is at stake: similarity {now} now, {end} then"
    )
