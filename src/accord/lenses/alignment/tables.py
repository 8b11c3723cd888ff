"""What the lens worked out, as tables: the network, who stands together, what binds them, what would part them."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from accord.finding import Cell, Column, Spread, Table
from accord.formulas import wording
from accord.lenses.alignment.beside import second_codings
from accord.lenses.alignment.levers import partings
from accord.lenses.alignment.terms import WEIGHTS
from accord.lenses.alignment.view import Camps

# Beyond this many actors a matrix is not read; the pairs with the partners are shown instead.
_MOST_SQUARE = 12
_SAID = 3
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
        ties(camps),
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
        _network_title(camps),
        "network",
        (Column("actor", "Actor"), Column("size", "Size", "index", 0.0), Column("camp", "Camp")),
        tuple(rows),
        "Camps are those of the division with the least energy (Axelrod and Bennett 1993). Size: as stated, else capability,"
        " else strength times level of the threat that it is.",
        actors=camps.members,
        extra={
            "camps": tuple(int(bool(s) != first) for s in blocs),
            "ties": tuple(camps.ties),
            "triads": tuple(camps.signed.frustrated),
            "picture": "Lines join two actors whose propensities to stand together, averaged over both directions, are not 0:"
            " the wider the stronger. A triad is shaded when an odd number of its three lines repels: then one of the three"
            " cannot have its way.",
        },
    )


def _network_title(camps: Camps) -> str:
    """The best division with what limits it, and the answer without that limit."""
    limit = f"{camps.limit}, " if camps.limit else ""
    division = camps.division(camps.landscape.optimum.blocs)
    return _with_three(camps, f"{limit}the best fit at the best estimates: {division}")


def _with_three(camps: Camps, said: str) -> str:
    """A headline about two camps, with the answer that three would give at the best estimates."""
    return ". ".join(wording.headline(text) for text in (said, camps.in_three) if text)


def ties(camps: Camps) -> Table:
    """Every pair with its propensity and its weight, the heaviest first."""
    weight = camps.landscape.weights
    held = sorted(camps.ties, key=lambda tie: (-abs(tie[2]), tie[0], tie[1]))
    rows: list[tuple[Cell, ...]] = [
        (camps.named((i, j)), value, float(weight[i, j]), _origin(camps, i, j)) for i, j, value in held
    ]
    friends = sum(value > 0.0 for _, _, value in held)
    return Table(
        "ties",
        wording.headline(
            f"{wording.count(friends, 'pair')} would rather stand together, {len(held) - friends} apart"
        ),
        "plain",
        (
            Column("pair", "Pair"),
            Column("propensity", "Propensity"),
            Column("weight", "Weight"),
            Column("from", "From"),
        ),
        tuple(rows),
        "At the best estimates, pairs at 0 left out. Propensity: the mean of both directions, -2 (never) to 2 (always). Weight:"
        " s_i s_j (p_ij + p_ji), what the pair adds to the energy when it stands apart.",
    )


def _origin(camps: Camps, i: int, j: int) -> str:
    """Where a propensity comes from: stated outright, or the terms that count."""
    terms = camps.ground.terms
    known = [
        name
        for name, values in terms.items()
        if camps.ground.counts(name) and not np.isnan(values[0, [i, j], [j, i]]).all()
    ]
    if "stated" in known:
        return "stated outright"
    return wording.joined([TERM_NAMES[name].lower() for name in TERM_NAMES if name in known])


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
        extra={
            "low_means": "never in the same camp",
            "high_means": "always",
            "line": "share",
            "range": "two standard errors",
        },
    )


def _together_title(camps: Camps) -> str:
    """How often the partners stand together."""
    said = []
    for a, b in camps.partners:
        share = camps.together(a, b)
        if share is not None:
            said.append(f"{camps.named((a, b))} stand in the same camp {wording.in_worlds(share.median)}")
    return "; ".join(said[:_SAID]) or "who stands in the same camp, over worlds"


def bonds(camps: Camps) -> Table:
    """What separating each pair would cost, as a share of all that pairs weigh."""
    down, across = _shown(camps)
    rows: list[tuple[Cell, ...]] = [
        (camps.actor(camps.members[a]), *(None if a == b else camps.bond(a, b) for b in across)) for a in down
    ]
    known = [
        abs(bond.best) for row in rows for bond in row if isinstance(bond, Spread) and not np.isnan(bond.best)
    ]
    most = max(known, default=1.0) or 1.0
    columns = [
        Column(camps.members[b], camps.actor(camps.members[b]), "share of all tension", -most, most)
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
    """How firm the bond of each pair of partners is among all bonds that hold."""
    held = sorted(
        (
            bond.best
            for a, b in combinations(range(len(camps.members)), 2)
            if (bond := camps.bond(a, b)) is not None and bond.best > 0.0
        ),
        reverse=True,
    )
    said = [_bond_words(camps, a, b, held) for a, b in camps.partners[:_SAID]]
    return "; ".join(said) or "what separating each pair would cost"


def _bond_words(camps: Camps, a: int, b: int, held: list[float]) -> str:
    """How firm one bond is; that it ties, or is not known, where so."""
    bond, who = camps.bond(a, b), camps.named((a, b))
    if bond is None or np.isnan(bond.best):
        return f"at the best estimates nothing says where {who} stand"
    if bond.best < 0.0:
        return f"the best division has {who} apart"
    if bond.best == 0.0:
        return f"{who} together or apart fits equally well"
    rank = held.index(bond.best) + 1
    if rank == len(held) > 1:
        return f"the bond of {who} is the weakest of the {len(held)} that hold"
    place = "the firmest" if rank == 1 else f"number {rank}"
    return f"of the {len(held)} bonds that hold, that of {who} is {place}"


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
        title = f"{count} divisions cannot be improved by a single change of camp; {_lead(camps, total)}"
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


def _lead(camps: Camps, total: float) -> str:
    """How many divisions lead to the best one, or to the best ones together."""
    best = [one for one in camps.landscape.minima[: camps.landscape.optima] if not np.isnan(one.basin)]
    share = wording.percent(sum(one.basin for one in best) / total)
    where = "the best" if len(best) == 1 else f"one of the {len(best)} best"
    return f"{share} of all lead to {where}"


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
        wording.headline("; ".join(terms_words(camps)) or "nothing is known of how the partners stand to each other"),
        "intervals",
        (Column("term", "Term"), Column("value", "Value", "index", -2.0, 2.0)),
        tuple(rows),
        "Terms lie in -1..1; the propensity is twice their weighted mean (-2..2), over those that are known. Where it is stated"
        " outright it is what is stated, and the terms count for nothing. The weights are partnership keys"
        f" ({keys}); 0 switches a term off.",
        extra={"low_means": "apart", "high_means": "together"},
    )  # fmt: skip


def terms_words(camps: Camps) -> list[str]:
    """For each pair of partners which term draws it together, and which apart, as far as each counts."""
    return [text for a, b in camps.partners[:_SAID] if (text := _pull(camps, a, b))]


def _pull(camps: Camps, a: int, b: int) -> str:
    """What makes the propensity of one pair; empty where nothing is known of it."""
    pair, who = f"{camps.members[a]}.{camps.members[b]}", camps.named((a, b))
    known = {
        name: cell.best
        for name in TERM_NAMES
        if (cell := camps.spread(f"term.{name}.{pair}")) is not None and not np.isnan(cell.best)
    }
    if "stated" in known:
        return f"how {who} stand to each other is stated outright and not worked out ({known['stated']:+.2g})"
    if not known:
        return ""
    pull = {name: value * float(camps.ground.weights[name][0]) for name, value in known.items()}
    if not any(camps.ground.counts(name) for name in pull):
        return f"all that is known of {who} is under weights of 0"
    most, least = max(pull, key=lambda n: pull[n]), min(pull, key=lambda n: pull[n])
    parts = (
        f"what parts {who if pull[most] <= 0.0 else 'them'} most is {_soft(least)}"
        if pull[least] < 0.0
        else ""
    )
    if pull[most] <= 0.0:
        return f"nothing draws {who} together" + (f"; {parts.replace(who, 'them')}" if parts else "")
    drawn = f"what draws {who} together most is {_soft(most)}"
    return f"{drawn}; {parts}" if parts else drawn


def _soft(name: str) -> str:
    """A term inside a sentence."""
    return {
        "threats": "the sides of threats on which they are",
        "stances": "how far they agree on the issues",
        "ties": "how close they feel",
    }[name]


def divisions(camps: Camps) -> Table:
    """The best divisions over worlds."""
    rows: list[tuple[Cell, ...]] = [
        (wording.headline(camps.division(blocs)), share) for blocs, share in camps.divisions[:8]
    ]
    rest = sum(share for _, share in camps.divisions[8:])
    if rest > 0.0:
        rows.append((f"{len(camps.divisions) - 8} other divisions", rest))
    return Table(
        "divisions",
        _divisions_title(camps),
        "plain",
        (Column("division", "Best division"), Column("share", "Share of worlds", "share", 0.0, 1.0)),
        tuple(rows),
        "Of several divisions that fit equally well the first by name counts here.",
    )


def _divisions_title(camps: Camps) -> str:
    """The most frequent best division, and beside it the answer that three camps would give."""
    said = modal_words(camps)
    return _with_three(camps, said) if said else wording.headline("no world was worked out")


def modal_words(camps: Camps) -> str:
    """The most frequent best division by name, and whether it is that of the best estimates; empty with no world."""
    if not camps.divisions:
        return ""
    blocs, share = camps.divisions[0]
    often = wording.in_worlds(share)
    alike = [text for text, part in camps.divisions if part == share]
    if len(alike) > 1:
        return f"no one division is the most frequent: {len(alike)} of them are best {often} each"
    limit = "" if bool(np.all(blocs == blocs[0])) else " with only two camps allowed"
    said = f"the most frequent best division{limit}, {often}: {camps.division(blocs)}"
    if camps.code(blocs) == camps.code(camps.landscape.optimum.blocs):
        return f"{said}, as at the best estimates"
    return f"{said}, which is not that of the best estimates"


def frustrations(camps: Camps) -> Table:
    """Which ties are at odds with the best division, and how content each actor is in it."""
    own = camps.landscape.frustration()
    weight = camps.landscape.size[:, None] * camps.landscape.size[None, :] * camps.ground.propensity[0]
    total = np.abs(weight).sum(axis=1)
    rows: list[tuple[Cell, ...]] = []
    for k, name in enumerate(camps.members):
        against = [j if i == k else i for i, j in camps.at_odds if k in (i, j)]
        share = float(own[k] / total[k]) if total[k] > 0.0 else None
        rows.append(
            (camps.actor(name), share, ", ".join(camps.actor(camps.members[j]) for j in against) or "-")
        )
    return Table(
        "frustration",
        wording.headline(_odds_title(camps)),
        "plain",
        (
            Column("actor", "Actor"),
            Column("own", "Its own row of the energy, as a share of its ties", "share", -1.0, 1.0),
            Column("ties", "Friends in the other camp, foes in its own"),
        ),
        tuple(rows),
        "In the division that fits best at the best estimates. Own row: the sum of s_i s_j p_ij over those in the other camp,"
        " over the sum of |s_i s_j p_ij|: -1 where it stands against everybody it dislikes and with everybody else, above 0"
        " where it is parted from friends. A tie is at odds with a division that has friends apart or foes together; the least"
        " possible number of them, over all divisions and sizes left aside, is the frustration index.",
        actors=camps.members,
    )


def _odds_title(camps: Camps) -> str:
    """How many ties are at odds with the best division, and how many must be with any."""
    index, count = round(camps.frustration.index), len(camps.at_odds)
    if not count:
        return "no tie is at odds with the division that fits best"
    least = (
        "as few as any division leaves"
        if count == index
        else f"some division, sizes left aside, leaves only {index}"
    )
    return f"{count} of {len(camps.ties)} ties are at odds with the division that fits best; {least}"
