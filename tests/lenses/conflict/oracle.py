"""A second solver of the graph model, straight from the written definitions: slow, plain Python, no shortcuts.

States are numbered from 0 in the order of their masks. "Whoever moved last may not move next" is kept by searching
over pairs (state, last mover), in option form and in graph form alike.
"""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

CONCEPTS = ("R", "GMR", "SMR", "SEQ", "SIM")
WITH_MARGIN = ("R", "GMR", "SMR", "SEQ")


@dataclass
class Conflict:
    """One model with its payoffs, rows are actors; ``arcs`` replace the moves that options allow."""

    payoffs: Sequence[Sequence[float]]
    owners: Sequence[int] | None
    feasible: Sequence[int] | None
    directions: Sequence[str] | None = None
    arcs: Sequence[Sequence[tuple[int, int]]] | None = None
    known_moves: dict[tuple[int, int], list[int]] = field(init=False, repr=False, default_factory=dict)
    known_answers: dict[tuple[int, int, bool], set[int]] = field(init=False, repr=False, default_factory=dict)

    @property
    def actors(self) -> range:
        return range(len(self.payoffs))

    @property
    def states(self) -> range:
        return range(len(self.payoffs[0]))

    def given(self) -> dict[str, Any]:
        """The arguments of ``accord.lenses.conflict.stability`` after the payoffs."""
        return {
            "owners": self.owners,
            "feasible": self.feasible,
            "directions": self.directions,
            "arcs": self.arcs,
        }

    def __str__(self) -> str:
        told = [
            f"payoffs={[list(row) for row in self.payoffs]!r}",
            *(f"{k}={v!r}" for k, v in self.given().items()),
        ]
        return f"Conflict({', '.join(told)})"

    # --- moves

    def moves(self, i: int, s: int) -> list[int]:
        """States that actor i reaches from s in one move."""
        if (i, s) not in self.known_moves:
            if self.arcs is not None:
                found = sorted({b for a, b in self.arcs[i] if a == s})
            else:
                found = [t for t in self.states if t != s and self.may_change(i, s, t)]
            self.known_moves[i, s] = found
        return self.known_moves[i, s]

    def may_change(self, i: int, s: int, t: int) -> bool:
        """Whether every option in which s and t differ is i's and may change that way."""
        assert self.owners is not None
        assert self.feasible is not None
        for k, owner in enumerate(self.owners):
            before, after = self.feasible[s] >> k & 1, self.feasible[t] >> k & 1
            if before == after:
                continue
            way = "both" if self.directions is None else self.directions[k]
            if owner != i or (way == "forward" and not after) or (way == "back" and not before):
                return False
        return True

    def improvements(self, i: int, s: int) -> list[int]:
        return [t for t in self.moves(i, s) if self.payoffs[i][t] > self.payoffs[i][s]]

    def joint(self, start: int, members: Iterable[int], improving: bool) -> set[int]:
        """States at the end of some legal sequence of at least one move of the members, nobody twice in a row."""
        members = tuple(members)
        seen: set[tuple[int, int]] = set()
        queue: deque[tuple[int, int | None]] = deque([(start, None)])
        while queue:
            s, last = queue.popleft()
            for j in members:
                if j == last:
                    continue
                for t in self.improvements(j, s) if improving else self.moves(j, s):
                    if (t, j) not in seen:
                        seen.add((t, j))
                        queue.append((t, j))
        return {s for s, _ in seen}

    def answers(self, i: int, t: int, improving: bool) -> set[int]:
        """Where the others can take the conflict once i has moved to t."""
        key = i, t, improving
        if key not in self.known_answers:
            self.known_answers[key] = self.joint(t, [j for j in self.actors if j != i], improving)
        return self.known_answers[key]

    # --- stability

    def no_better(self, i: int, x: int, s: int) -> bool:
        return self.payoffs[i][x] <= self.payoffs[i][s]

    def stable(self, concept: str, i: int, s: int) -> bool:
        """Whether state s is stable for actor i."""
        if concept == "R":
            return not self.improvements(i, s)
        sanctioned = {"GMR": self.gmr, "SMR": self.smr, "SEQ": self.seq, "SIM": self.sim}[concept]
        return all(sanctioned(i, s, t) for t in self.improvements(i, s))

    def gmr(self, i: int, s: int, t: int) -> bool:
        return any(self.no_better(i, x, s) for x in self.answers(i, t, False))

    def smr(self, i: int, s: int, t: int) -> bool:
        return any(
            self.no_better(i, x, s) and all(self.no_better(i, z, s) for z in self.moves(i, x))
            for x in self.answers(i, t, False)
        )

    def seq(self, i: int, s: int, t: int) -> bool:
        return any(self.no_better(i, x, s) for x in self.answers(i, t, True))

    def sim(self, i: int, s: int, t: int) -> bool:
        """At the very moment of i's move to t some others, one or more, each make an improvement of their own."""
        assert self.feasible is not None
        where = {mask: x for x, mask in enumerate(self.feasible)}
        here = self.feasible[s]
        choices = [[None, *self.improvements(j, s)] for j in self.actors if j != i]
        for chosen in itertools.product(*choices):
            taking_part = [c for c in chosen if c is not None]
            outcome = here ^ (here ^ self.feasible[t])
            for c in taking_part:
                outcome ^= here ^ self.feasible[c]
            if taking_part and outcome in where and self.no_better(i, where[outcome], s):
                return True
        return False

    def table(self, concept: str) -> list[list[bool]]:
        """Stability of every state for every actor: rows are actors."""
        return [[self.stable(concept, i, s) for s in self.states] for i in self.actors]

    def equilibria(self, concept: str) -> list[bool]:
        return [all(self.stable(concept, i, s) for i in self.actors) for s in self.states]

    # --- margins

    def kept(self, concept: str, i: int, t: int) -> float:
        """What i is sure to keep of a move to t when the others answer as the concept lets them."""
        worst = self.payoffs[i][t]
        if concept == "R":
            return worst
        for x in self.answers(i, t, concept == "SEQ"):
            after = self.payoffs[i][x]
            if concept == "SMR":
                after = max([after, *(self.payoffs[i][z] for z in self.moves(i, x))])
            worst = min(worst, after)
        return worst

    def margin(self, concept: str, i: int, s: int) -> float:
        """By how much i prefers s to the best it is sure to keep by leaving."""
        best = max((self.kept(concept, i, t) for t in self.moves(i, s)), default=-math.inf)
        return self.payoffs[i][s] - best


def ranked(order: Sequence[int], states: Sequence[int]) -> list[float]:
    """Payoffs of a strict ranking, best first, in the order of the states."""
    return [float(len(order) - order.index(state)) for state in states]
