"""One moment of many worlds: flows, values and choice probabilities of every member, without moving on."""

from __future__ import annotations

from typing import Any

from accord.engine.compile import njit
from accord.engine.lanes import LANES, lane, lanes_to_row
from accord.lenses.endurance.fields import P
from accord.lenses.endurance.kernels.memory import IN_BILATERAL, NP, plan_at, rules_at
from accord.lenses.endurance.kernels.pointers import pointer_to_row
from accord.lenses.endurance.kernels.production import feel, produce
from accord.lenses.endurance.kernels.reviews import entry_probability, weigh_up
from accord.lenses.endurance.kernels.runs import begin


@njit(inner=True)
def fetch(a: Any, rows: Any, row: int) -> None:
    """Numbers of four worlds side by side; where there are fewer left, the last one again."""
    for one in range(LANES):
        source = pointer_to_row(rows, min(row + one, rows.shape[0] - 1))
        target = lane(a, one)
        for c in range(rows.shape[1]):
            target[c] = source[c]


@njit(inner=True)
def bring_back(a: Any, rows: Any, row: int) -> None:
    """The numbers back to where they came from."""
    for one in range(min(LANES, rows.shape[0] - row)):
        source, target = lane(a, one), pointer_to_row(rows, row + one)
        for c in range(rows.shape[1]):
            target[c] = source[c]


@njit(nogil=True)
def begin_rows(rows: Any, plan: Any, ruling: Any, room: Any) -> None:
    """Bring every row, shape (worlds, length), to the state at the start; *room*, shape (1, 4 length), to work in."""
    a, o, rules = lanes_to_row(room, 0), plan_at(plan), rules_at(ruling)
    for row in range(0, rows.shape[0], LANES):
        fetch(a, rows, row)
        begin(a, o, rules)
        bring_back(a, rows, row)


@njit(nogil=True)
def glance_rows(rows: Any, plan: Any, ruling: Any, month: int, entry: Any, room: Any) -> None:
    """Weigh up every option of every member at the state that the rows hold; results stay in the rows.

    Parameters
    ----------
    rows : ndarray, shape (worlds, length)
    plan, ruling : ndarray of int64
        Words of ``Plan`` and of ``Rules``.
    month : int
    entry : ndarray, shape (worlds, patrons)
        Receives the probability of coming in at a review, of patrons that are not in.
    room : ndarray, shape (1, 4 length)
        To work in.
    """
    a, o, rules = lanes_to_row(room, 0), plan_at(plan), rules_at(ruling)
    for row in range(0, rows.shape[0], LANES):
        fetch(a, rows, row)
        produce(a, o)
        feel(a, o, month)
        for one in range(min(LANES, rows.shape[0] - row)):
            world = lane(a, one)
            for i in range(o.patrons):
                if world[o.p + i * NP + IN_BILATERAL] == 1.0:
                    weigh_up(world, o, rules, i, month)
                elif world[o.p + i * NP + P.may_enter] > 0.0:
                    entry[row + one, i] = entry_probability(world, o, rules, i, month)
        bring_back(a, rows, row)
