"""A published coding of about the same conflict beside the situation's own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from accord.finding import Cell, Column, Table
from accord.formulas import wording
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


def _table(camps: Camps, one: Published, inside: dict[int, str]) -> Table:
    """Every pair that is in both."""
    solved, rows, differ = variants(one), [], 0
    for a, b in combinations(sorted(inside), 2):
        here = camps.together(*(camps.members.index(inside[k]) for k in (a, b)))
        there = [_together(found.optimum.blocs, a, b) for found in solved.values()]
        p = one.propensity[a, b]
        cells: tuple[Cell, ...] = (
            f"{camps.actor(inside[a])} and {camps.actor(inside[b])}",
            here,
            _own(camps, inside[a], inside[b]),
            float(p),
            *("together" if t else "apart" for t in there),
        )
        rows.append(cells)
        differ += here is not None and (here.median > 0.5) != there[0]
    return Table(
        f"beside.{one.name}",
        wording.headline(
            f"a second coding, of {one.title}, agrees on {_count(len(rows) - differ, len(rows))} pairs"
        ),
        "plain",
        (
            Column("pair", "Pair"),
            Column("here", "Together here", "share of worlds", 0.0, 1.0),
            Column("own", "Propensity here"),
            Column("there", "Propensity there"),
            *(Column(name, f"There, {name}") for name in solved),
        ),
        tuple(rows),
        _words(camps, one, solved),
    )


def _count(same: int, total: int) -> str:
    """How many of how many."""
    return f"all {total}" if same == total else f"{same} of {total}"


def _own(camps: Camps, one: str, other: str) -> float:
    """The propensity of a pair here, both directions averaged."""
    i, j = camps.members.index(one), camps.members.index(other)
    p = camps.ground.propensity[0]
    return float(p[i, j] + p[j, i]) / 2.0


def _together(blocs: NDArray[np.bool_], a: int, b: int) -> bool:
    """Whether two stand in the same camp."""
    return bool(blocs[a] == blocs[b])


def _words(camps: Camps, one: Published, solved: dict[str, Landscape]) -> str:
    """What the second coding finds, and why the two may differ."""
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
    largest = {name: one.actors[int(np.argmax(size))] for name, size in one.sizes.items()}
    weighty = next(iter(largest.values()))
    return (
        f"{one.cite}; {one.date}; {len(one.actors)} actors coded independently of this file. {' '.join(said)} There the sizes"
        f" were judged, with {weighty} the largest, so that whoever would not stand with it stands together; here sizes are"
        " capability in the theatre and propensities are worked out from stances, ties and threats. Where the two differ, it is"
        " the coding and not the method that differs."
    )
