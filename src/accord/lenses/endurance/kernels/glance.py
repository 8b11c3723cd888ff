"""One moment of many worlds: flows, values and choice probabilities of every member, without moving on."""

from __future__ import annotations

from typing import Any

from accord.engine.compile import njit
from accord.lenses.endurance.fields import P
from accord.lenses.endurance.kernels.memory import IN_BILATERAL, NP
from accord.lenses.endurance.kernels.pointers import pointer_to_row
from accord.lenses.endurance.kernels.production import feel, produce
from accord.lenses.endurance.kernels.reviews import entry_probability, weigh_up
from accord.lenses.endurance.kernels.runs import begin


@njit(nogil=True)
def begin_rows(rows: Any, o: Any, rules: Any) -> None:
    """Bring every row, shape (worlds, length), to the state at the start."""
    for row in range(rows.shape[0]):
        begin(pointer_to_row(rows, row), o, rules)


@njit(nogil=True)
def glance_rows(rows: Any, o: Any, rules: Any, month: int, entry: Any) -> None:
    """Weigh up every option of every member at the state that the rows hold; results stay in the rows.

    Parameters
    ----------
    rows : ndarray, shape (worlds, length)
    o, rules
        See ``memory.py``.
    month : int
    entry : ndarray, shape (worlds, patrons)
        Receives the probability of coming in at a review, of patrons that are not in.
    """
    for row in range(rows.shape[0]):
        a = pointer_to_row(rows, row)
        produce(a, o)
        feel(a, o, month)
        for i in range(o.patrons):
            if a[o.p + i * NP + IN_BILATERAL] == 1.0:
                weigh_up(a, o, rules, i, month)
            elif a[o.p + i * NP + P.may_enter] > 0.0:
                entry[row, i] = entry_probability(a, o, rules, i, month)
