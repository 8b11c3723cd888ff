"""A published coding of about the same conflict beside the situation's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from accord.finding import Cell, Column, Spread, Table
from accord.formulas import wording
from accord.lenses.alignment.compute import carried
from accord.lenses.alignment.energy import Landscape
from accord.lenses.alignment.landscape import landscape
from accord.lenses.alignment.published import Published, beside
from accord.lenses.alignment.view import Camps


def second_codings(camps: Camps) -> Iterator[Table]:
    """For every published coding that shares actors: who stands together there, and here."""
    for one, shared in beside(camps.situation):
        inside = {place: name for place, name in shared.items() if name in camps.members}
        if len(inside) >= 3:
            yield _table(camps, one, inside)


def variants(one: Published) -> dict[str, Landscape]:
    """The landscape of every variant of a coding."""
    return {name: landscape(one.propensity, np.array(size)) for name, size in one.sizes.items()}


@dataclass(frozen=True, slots=True)
class _Pair:
    """One pair that is in both codings.

    ``here`` and ``plain`` say whether it stands together at the best estimates, as the file has it and with stated
    propensities left aside; ``there`` the same of every variant.  None: it can be had either way, or is not known.
    """

    places: tuple[int, int]
    names: tuple[str, str]
    share: Spread | None
    here: bool | None
    plain: bool | None
    there: tuple[bool | None, ...]

    @property
    def mostly(self) -> bool | None:
        """Whether it stands together in most worlds; None where no world decides it, or as many either way."""
        if self.share is None or self.share.median == 0.5:
            return None
        return self.share.median > 0.5


def _table(camps: Camps, one: Published, inside: dict[int, str]) -> Table:
    """Every pair that is in both."""
    solved = variants(one)
    pairs = _pairs(camps, solved, inside)
    rows: list[tuple[Cell, ...]] = [
        (
            f"{camps.actor(pair.names[0])} and {camps.actor(pair.names[1])}",
            pair.share,
            _own(camps, *pair.names),
            float(one.propensity[pair.places]),
            *(_stands(t) for t in pair.there),
        )
        for pair in pairs
    ]
    return Table(
        f"beside.{one.name}",
        wording.headline(f"a second coding, of {one.title}, agrees on {_title(pairs, list(solved))}"),
        "plain",
        (
            Column("pair", "Pair"),
            Column("here", "Together here", "share of worlds", 0.0, 1.0),
            Column("own", "Propensity here"),
            Column("there", "Propensity there"),
            *(Column(name.lower().replace(" ", "_"), f"There, {name}") for name in solved),
        ),
        tuple(rows),
        _words(camps, one, solved, pairs),
        extra={"known": "share of worlds", "range": "two standard errors"},
    )


def _pairs(camps: Camps, solved: dict[str, Landscape], inside: dict[int, str]) -> list[_Pair]:
    """Every pair that is in both, and where it stands."""
    ground = camps.ground
    alone = landscape(ground.worked_out[0], carried(ground.size)[0], minima=False)
    found = []
    for a, b in combinations(sorted(inside), 2):
        i, j = (camps.members.index(inside[k]) for k in (a, b))
        there = tuple(_together(one.bonds[a, b]) for one in solved.values())
        bond, heavy = camps.bond(i, j), bool(np.all(ground.size[0, [i, j]] > 0.0))
        here = None if bond is None else _together(bond.best)
        plain = _together(alone.bonds[i, j]) if heavy else None
        found.append(_Pair((a, b), (inside[a], inside[b]), camps.together(i, j), here, plain, there))
    return found


def _together(bond: float) -> bool | None:
    """Whether a pair stands together in every best division; None where they disagree, or where it is not known."""
    return None if np.isnan(bond) or bond == 0.0 else bool(bond > 0.0)


def _stands(together: bool | None) -> str:
    """Where a pair stands, in a word."""
    return "either" if together is None else "together" if together else "apart"


def _agreed(answers: Iterable[tuple[bool | None, bool | None]]) -> str:
    """On how many pairs two answers agree, of those that both decide."""
    decided = [(one, other) for one, other in answers if one is not None and other is not None]
    same = sum(one == other for one, other in decided)
    return f"all {same}" if same == len(decided) else f"{same} of {len(decided)}"


def _title(pairs: list[_Pair], names: list[str]) -> str:
    """On how many pairs the codings agree, variant by variant where these differ."""
    counts = [_agreed((pair.mostly, pair.there[k]) for pair in pairs) for k in range(len(names))]
    open_ = sum(pair.mostly is None for pair in pairs)
    rest = f"; {open_} {'is' if open_ == 1 else 'are'} open here" if open_ else ""
    if len(set(counts)) == 1:
        return f"{counts[0]} pairs{rest}"
    return "; ".join(f"{count} pairs ({name})" for count, name in zip(counts, names, strict=True)) + rest


def _own(camps: Camps, one: str, other: str) -> float:
    """The propensity of a pair here, both directions averaged."""
    i, j = camps.members.index(one), camps.members.index(other)
    p = camps.ground.propensity[0]
    return float(p[i, j] + p[j, i]) / 2.0


def _words(camps: Camps, one: Published, solved: dict[str, Landscape], pairs: list[_Pair]) -> str:
    """What the second coding finds, where the two differ, and what the statements of this file do to that."""
    said = []
    for name, found in solved.items():
        side = [one.actors[k] for k, s in enumerate(found.optimum.blocs) if s]
        rest = [one.actors[k] for k, s in enumerate(found.optimum.blocs) if not s]
        few, many = sorted((side, rest), key=len)
        others = f"all others ({len(many)})" if len(many) > 6 else wording.joined(many)
        wells = "the only division" if found.minima_count == 1 else f"one of {found.minima_count} divisions"
        said.append(
            f"{wording.headline(name)}: {wording.joined(few)} against {others}, energy {found.optimum.energy:,.0f},"
            f" {wells} that no single change of camp improves."
        )
    said += [_differences(camps, one, pairs, k, name) for k, name in enumerate(solved)]
    return (
        f"{one.cite}; {one.date}; {len(one.actors)} actors, coded by others with sizes and propensities of their own."
        f" {' '.join(text for text in said if text)}{_stated(camps, pairs)}"
    )


def _differences(camps: Camps, one: Published, pairs: list[_Pair], variant: int, name: str) -> str:
    """Pairs on which the codings differ, each with its propensities; that there are none where so."""
    told = []
    for pair in pairs:
        here, there = pair.mostly, pair.there[variant]
        if here is not None and there is not None and here != there:
            who = f"{camps.actor(pair.names[0])} and {camps.actor(pair.names[1])}"
            own, other = _own(camps, *pair.names), float(one.propensity[pair.places])
            told.append(
                f"{who} ({_stands(here)} here, propensity {own:+.1f}; {_stands(there)} there, {other:+.0f})"
            )
    if not told:
        return f"No pair that both decide differs from {name}."
    return f"Differs from {name}: {'; '.join(told)}."


def _stated(camps: Camps, pairs: list[_Pair]) -> str:
    """What agreement owes to propensities that the file states outright; empty where it states none."""
    if np.isnan(camps.ground.terms["stated"][0]).all():
        return ""
    with_them = _agreed((pair.here, pair.there[0]) for pair in pairs)
    without = _agreed((pair.plain, pair.there[0]) for pair in pairs)
    return (
        f" At the best estimates the two agree on {with_them} pairs that both decide; on {without} with the propensities that"
        " this file states outright put back to those worked out from the terms. Such statements may have been made with the"
        " second coding in view, so agreement is no test of either."
    )
