"""Whether a mover (an actor or a coalition) stays, given what tempts it, what deters it and what the others can reach.

One scheme for every preference structure.  A state s is stable when every tempting move t is deterred:

- **R**: there is no tempting move;
- **GMR**: the others' joint moves from t reach a deterring state x;
- **SMR**: such an x from which each of the mover's replies leads to deterring states only;
- **SEQ**: such an x reached by joint moves of which each is an improvement for who makes it.

Sources: Nash 1950; Howard 1971; Fraser & Hipel 1979; in graph form Fang, Hipel & Kilgour 1993, chapters 3 and 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from accord.lenses.conflict.reach import BoolArray, members

CONCEPTS = ("R", "GMR", "SMR", "SEQ")


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One mover and what stands against it; each field holds one set of states (as bits) for each state.

    Parameters
    ----------
    own : sequence of int
        Where the mover can go.
    tempting : sequence of int
        States it would go to.
    deterring : sequence of int
        States it would regret ending in.
    against : sequence of int
        Where the others' joint moves lead.
    credible : sequence of int
        Where their joint moves lead when each must be an improvement.
    """

    own: Sequence[int]
    tempting: Sequence[int]
    deterring: Sequence[int]
    against: Sequence[int]
    credible: Sequence[int]

    def undeterred(self, state: int, concept: str) -> Iterator[int]:
        """The tempting moves from a state that nothing deters, ascending."""
        return _undeterred(self, state, concept)

    def stays(self, state: int, concept: str) -> bool:
        """Whether every tempting move from a state is deterred."""
        return next(_undeterred(self, state, concept), None) is None

    def stable(self, concept: str) -> BoolArray:
        """Whether each state is stable, shape (states,)."""
        own, tempting = self.own, self.tempting
        return np.array(
            [not own[s] & tempting[s] or self._deterred(s, concept) for s in range(len(own))], dtype=np.bool_
        )

    def _deterred(self, state: int, concept: str) -> bool:
        """As :meth:`stays`, of a state from which some move tempts; without a generator, for there are very many."""
        if concept == "R":
            return False
        if concept == "SMR":
            return self.stays(state, concept)
        answers = self.credible if concept == "SEQ" else self.against
        tempted, deterring = self.own[state] & self.tempting[state], self.deterring[state]
        while tempted:
            first = tempted & -tempted
            if not answers[first.bit_length() - 1] & deterring:
                return False
            tempted ^= first
        return True


def _undeterred(side: Side, state: int, concept: str) -> Iterator[int]:
    """Moves that tempt and that no sanction of the concept meets."""
    deterring = side.deterring[state]
    safe: dict[int, bool] = {}
    for t in members(side.own[state] & side.tempting[state]):
        if concept == "R":
            yield t
            continue
        met = (side.credible if concept == "SEQ" else side.against)[t] & deterring
        sanctions = members(met)
        if concept == "SMR":
            sanctions = (x for x in sanctions if _holds(side, x, deterring, safe))
        if next(sanctions, None) is None:
            yield t


def _holds(side: Side, sanction: int, deterring: int, known: dict[int, bool]) -> bool:
    """Whether the mover cannot escape a sanction by a reply of its own."""
    if sanction not in known:
        known[sanction] = not (side.own[sanction] & ~deterring)
    return known[sanction]
