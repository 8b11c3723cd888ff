"""What the lens worked out, as tables: the network, who stands together, what binds them, what would part them."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from accord.finding import Cell, Column, Spread, Table
from accord.formulas import wording
from accord.lenses.alignment.beside import second_codings
from accord.lenses.alignment.terms import WEIGHTS
from accord.lenses.alignment.view import Camps
from accord.seen import shared

# Beyond this many actors a matrix is not read; the pairs with the partners are shown instead.
_MOST_SQUARE = 12
_MOST_WAYS = 6
TERM_NAMES = {
    "stated": "Stated outright",
    "ties": "Affinity",
    "stances": "Agreement on the issues",
    "threats": "Sides of a threat",
}


def tables_of(camps: Camps) -> tuple[Table, ...]:
    """Every table, the most telling first."""
    made = (
        network(camps),
        together(camps),
        bonds(camps),
        wells(camps),
        terms(camps),
        partings(camps),
        divisions(camps),
        frustrations(camps),
        *second_codings(camps),
    )
    return tuple(table for table in made if table.rows)


def network(camps: Camps) -> Table:
    """Actors with their sizes and camps, and the ties between them."""
    blocs, patrons = camps.landscape.optimum.blocs, camps.situation.partnership.patrons
    inside = [bool(s) for name, s in zip(camps.members, blocs, strict=True) if name in patrons]
    first = sum(inside) * 2 > len(inside)
    rows: list[tuple[Cell, ...]] = [
        (camps.actor(name), float(camps.ground.size[0, k]), "first" if bool(blocs[k]) == first else "second")
        for k, name in enumerate(camps.members)
    ]
    return Table(
        "network",
        wording.headline(f"the best fit at the best estimates: {camps.division(blocs)}"),
        "network",
        (Column("actor", "Actor"), Column("size", "Size", "index", 0.0), Column("camp", "Camp")),
        tuple(rows),
        "Lines join two actors whose propensities to stand together, averaged over both directions, are not 0: the wider the"
        " stronger. Camps are those of the division with the least energy (Axelrod and Bennett 1993). A triad is shaded when an"
        " odd number of its three lines repels: then one of the three cannot have its way.",
        actors=camps.members,
        extra={
            "camps": tuple(int(bool(s) != first) for s in blocs),
            "ties": tuple(camps.ties),
            "triads": tuple(camps.signed.frustrated),
        },
    )


def _shown(camps: Camps) -> tuple[list[int], list[int]]:
    """Rows and columns of a matrix of pairs: everybody, or where they are many everybody by partner."""
    every = list(range(len(camps.members)))
    if len(every) <= _MOST_SQUARE:
        return every, every
    patrons = camps.situation.partnership.patrons
    return every, [k for k in every if camps.members[k] in patrons]


def together(camps: Camps) -> Table:
    """In what share of worlds each pair stands in the same camp."""
    down, across = _shown(camps)
    rows: list[tuple[Cell, ...]] = [
        (camps.actor(camps.members[a]), *(None if a == b else camps.together(a, b) for b in across))
        for a in down
    ]
    columns = [
        Column(camps.members[b], camps.actor(camps.members[b]), "share of worlds", 0.0, 1.0) for b in across
    ]
    return Table(
        "together",
        wording.headline(_together_title(camps)),
        "matrix",
        (Column("actor", "Actor"), *columns),
        tuple(rows),
        "Share of worlds in which two stand in the same camp of the best division. Worlds in which it can be had either way are"
        " counted and left out.",
        actors=tuple(camps.members[a] for a in down),
        extra={"low_means": "never in the same camp", "high_means": "always", "line": "share"},
    )


def _together_title(camps: Camps) -> str:
    """How often the partners stand together."""
    said = []
    for a, b in camps.partners:
        share = camps.together(a, b)
        if share is not None:
            said.append(f"{camps.named((a, b))} stand in the same camp {wording.in_worlds(share.median)}")
    return "; ".join(said[:3]) or "who stands in the same camp, over worlds"


def bonds(camps: Camps) -> Table:
    """What separating each pair would cost, as a share of all that pairs weigh."""
    down, across = _shown(camps)
    rows: list[tuple[Cell, ...]] = [
        (camps.actor(camps.members[a]), *(None if a == b else camps.bond(a, b) for b in across)) for a in down
    ]
    columns = [
        Column(camps.members[b], camps.actor(camps.members[b]), "share of all tension", -1.0, 1.0)
        for b in across
    ]
    return Table(
        "bonds",
        wording.headline(_bond_title(camps)),
        "matrix",
        (Column("actor", "Actor"), *columns),
        tuple(rows),
        "Least energy with the two apart less the least with the two together, as a share of what all pairs weigh together"
        " (sum of s_i s_j |p_ij + p_ji|). Above 0 the best division has them together and this is the penalty of separating"
        " them; below 0 it has them apart, and joining them costs as much.",
        actors=tuple(camps.members[a] for a in down),
        extra={"low_means": "costly to join", "high_means": "costly to separate", "line": "best"},
    )


def _bond_title(camps: Camps) -> str:
    """How firm the partners' bond is among all bonds that hold."""
    held = sorted(
        (
            bond.best
            for a, b in combinations(range(len(camps.members)), 2)
            if (bond := camps.bond(a, b)) is not None and bond.best > 0.0
        ),
        reverse=True,
    )
    for a, b in camps.partners:
        bond = camps.bond(a, b)
        if bond is None or not bond.best > 0.0:
            return f"the best division has {camps.named((a, b))} apart"
        rank = held.index(bond.best) + 1
        if rank == len(held) > 1:
            return f"the bond of {camps.named((a, b))} is the weakest of the {len(held)} that hold"
        place = "the firmest" if rank == 1 else f"number {rank}"
        return f"of the {len(held)} bonds that hold, that of {camps.named((a, b))} is {place}"
    return "what separating each pair would cost"


def wells(camps: Camps) -> Table:
    """Divisions that no single change of camp improves."""
    total = 2.0 ** (len(camps.members) - 1)
    rows: list[tuple[Cell, ...]] = [
        (wording.headline(camps.division(one.blocs)), one.energy, one.basin / total)
        for one in camps.landscape.minima
        if not np.isnan(one.basin)
    ]
    count = len(rows)
    title = "no division was followed"
    if count == 1:
        title = "only one division cannot be improved by a single change of camp"
    elif count:
        share = wording.percent(float(camps.landscape.minima[0].basin / total))
        title = f"{count} divisions cannot be improved by a single change of camp; {share} of all lead to the best"
    return Table(
        "wells",
        wording.headline(title),
        "wells",
        (
            Column("division", "Division"),
            Column("energy", "Energy"),
            Column("basin", "Share that leads here", "share", 0.0, 1.0),
        ),
        tuple(rows),
        "At the best estimates. Energy: the sum of s_i s_j p_ij over ordered pairs in different camps; lower fits better. From"
        " every possible division the actor that gains most changes camp until nobody gains; the share is how many end here.",
    )  # fmt: skip


def terms(camps: Camps) -> Table:
    """What makes the propensity of each pair of partners, term by term."""
    rows: list[tuple[Cell, ...]] = []
    for a, b in camps.partners:
        pair = f"{camps.members[a]}.{camps.members[b]}"
        for name, label in TERM_NAMES.items():
            cell = camps.spread(f"term.{name}.{pair}")
            if cell is not None:
                rows.append((f"{camps.named((a, b))}: {label.lower()}", cell))
        rows.append((f"{camps.named((a, b))}: propensity", camps.spread(f"propensity.{pair}")))
    keys = ", ".join(WEIGHTS.values())
    return Table(
        "terms",
        wording.headline(_terms_title(camps)),
        "intervals",
        (Column("term", "Term"), Column("value", "Value", "index", -2.0, 2.0)),
        tuple(rows),
        "Terms lie in -1..1; the propensity is twice their weighted mean (-2..2), over those that are known. The weights are"
        f" partnership keys ({keys}); 0 switches a term off.",
        extra={"low_means": "apart", "high_means": "together"},
    )


def _terms_title(camps: Camps) -> str:
    """Which term draws the partners together, and which apart."""
    for a, b in camps.partners:
        pair = f"{camps.members[a]}.{camps.members[b]}"
        known = {
            name: cell.best
            for name in TERM_NAMES
            if (cell := camps.spread(f"term.{name}.{pair}")) is not None and not np.isnan(cell.best)
        }
        if known:
            most, least = max(known, key=lambda n: known[n]), min(known, key=lambda n: known[n])
            who = camps.named((a, b))
            if known[most] <= 0.0:
                return f"nothing draws {who} together"
            drawn = f"what draws {who} together most is {_soft(most)}"
            return f"{drawn}; what parts them is {_soft(least)}" if known[least] < 0.0 else drawn
    return "what makes the propensities"


def _soft(name: str) -> str:
    """A term inside a sentence."""
    return {"threats": "the threats they share", "stances": "agreement on the issues", "ties": "how close they feel"}.get(
        name, "what is stated outright"
    )  # fmt: skip


def partings(camps: Camps) -> Table:
    """The single changes of a tie that would put partners in different camps."""
    rows: list[tuple[Cell, ...]] = []
    size = len(camps.members)
    for a, b in camps.partners:
        pair = f"{camps.members[a]}.{camps.members[b]}"
        which, cost = camps.over[f"separating_tie.{pair}"], camps.over[f"separating.{pair}"]
        known = which[~np.isnan(which)].astype(np.int64)
        apart = np.where(np.isnan(cost), np.nan, (cost == 0.0).astype(np.float64))
        already = shared(apart)
        if already is not None and already.median > 0.0:
            rows.append((camps.named((a, b)), "none: they are apart as it is", already, None))
        found, count = np.unique(known, return_counts=True)
        for k in np.lexsort((found, -count))[:_MOST_WAYS]:
            i, j = divmod(int(found[k]), size)
            how = camps.named((i, j))
            share = shared(np.where(np.isnan(cost), np.nan, (which == found[k]).astype(np.float64)))
            rows.append((camps.named((a, b)), f"the tie of {how}", share, _change(cost, which == found[k])))
    return Table(
        "partings",
        wording.headline(_partings_title(camps)),
        "plain",
        (
            Column("pair", "Partners"),
            Column("tie", "Cheapest single tie to change"),
            Column("share", "In what share of worlds", "share of worlds", 0.0, 1.0),
            Column("cost", "By how much, both directions together", "index"),
        ),
        tuple(rows),
        "For each world the one tie whose change, the smallest in p_ij + p_ji, makes the best division put the two in different"
        " camps. On the scale of propensities a change of 4 turns a friend for good into a foe for good, in both directions.",
        extra={"some_worlds": True},
    )


def _change(cost: np.ndarray, rows: np.ndarray) -> Spread:
    """By how much a tie has to change, over the worlds in which it is the cheapest."""
    return Spread.of(float(np.median(cost[rows])), cost[rows])


def _partings_title(camps: Camps) -> str:
    """The likeliest lever."""
    for a, b in camps.partners:
        which = camps.over[f"separating_tie.{camps.members[a]}.{camps.members[b]}"]
        known = which[~np.isnan(which)].astype(np.int64)
        if known.size:
            found, count = np.unique(known, return_counts=True)
            i, j = divmod(int(found[np.lexsort((found, -count))[0]]), len(camps.members))
            return f"what would part {camps.named((a, b))} most cheaply is a change between {camps.named((i, j))}"
    return "what would part the partners"


def divisions(camps: Camps) -> Table:
    """The best divisions over worlds."""
    rows: list[tuple[Cell, ...]] = [
        (wording.headline(camps.division(blocs)), share) for blocs, share in camps.divisions[:8]
    ]
    rest = sum(share for _, share in camps.divisions[8:])
    if rest > 0.0:
        rows.append((f"{len(camps.divisions) - 8} other divisions", rest))
    title = "no world was worked out"
    if camps.divisions:
        title = f"{wording.in_worlds(camps.divisions[0][1])} the best division is the same"
    return Table(
        "divisions",
        wording.headline(title),
        "plain",
        (Column("division", "Best division"), Column("share", "Share of worlds", "share", 0.0, 1.0)),
        tuple(rows),
        "Of several divisions that fit equally well the first by name counts here.",
    )


def frustrations(camps: Camps) -> Table:
    """Which ties stand in the way of two camps without inner conflict, and how content each actor is."""
    own = camps.landscape.frustration()
    weight = camps.ground.size[0][:, None] * camps.ground.size[0][None, :] * camps.ground.propensity[0]
    total = np.abs(weight).sum(axis=1)
    rows: list[tuple[Cell, ...]] = []
    for k, name in enumerate(camps.members):
        against = [camps.actor(camps.members[j]) for i, j in _changed(camps) if i == k]
        against += [camps.actor(camps.members[i]) for i, j in _changed(camps) if j == k]
        share = float(own[k] / total[k]) if total[k] > 0.0 else None
        rows.append((camps.actor(name), share, ", ".join(against) or "-"))
    index = camps.frustration.index
    title = (
        "two camps without inner conflict are possible"
        if index == 0
        else f"{index:g} of {len(camps.ties)} ties stand in the way of two camps without inner conflict"
    )
    return Table(
        "frustration",
        wording.headline(title),
        "plain",
        (
            Column("actor", "Actor"),
            Column("own", "Its own row of the energy, as a share of its ties", "share", -1.0, 1.0),
            Column("ties", "Its ties that stand in the way"),
        ),
        tuple(rows),
        "Own row: the sum of s_i s_j p_ij over those in the other camp, over the sum of |s_i s_j p_ij|: -1 where it stands"
        " against everybody it dislikes and with everybody else, above 0 where it is parted from friends. Ties that stand in"
        f" the way: the fewest signs to turn for balance{'' if camps.frustration.proven else ' (not proven least)'}.",
        actors=camps.members,
    )


def _changed(camps: Camps) -> list[tuple[int, int]]:
    """Ties that stand in the way of balance."""
    return [(int(change[0]), int(change[1])) for change in camps.frustration.changes]
