"""What the tables show: the model at the best estimates, solved once, beside what was seen over worlds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.finding import FloatArray, Spread
from accord.lenses.conflict import coalitions, evolution
from accord.lenses.conflict.compute import (
    FOLLOWED_COLUMN,
    concepts_of,
    followed,
    key_of,
    pushes,
    routed,
    scanned,
    solved,
)
from accord.lenses.conflict.gather import Setting, setting_of
from accord.lenses.conflict.weighing import Orders, orders
from accord.lenses.conflict.why import Temptation, temptations
from accord.seen import shared
from accord.situation import Situation
from accord.worlds import best, plan

NAMES = {
    "R": "Without deterrence (R)",
    "GMR": "Any answer deters (GMR)",
    "SMR": "Answers beyond repair (SMR)",
    "SEQ": "Answers that pay (SEQ)",
    "SIM": "Moves at the same time (SIM)",
}
# What is counted as deterring, for sentences.
WHEN = {
    "R": "if nothing deters (R)",
    "GMR": "if any answer of the others deters (GMR)",
    "SMR": "if answers deter that the mover cannot mend (SMR)",
    "SEQ": "if only answers deter that pay those who give them (SEQ)",
    "SIM": "if others take gains of their own at the same moment (SIM)",
}


@dataclass(frozen=True)
class Picture:
    """A situation's conflict, at the best estimates and over worlds.

    Parameters
    ----------
    situation : Situation
    best, over : mapping
        Columns of one world, and of all worlds.
    """

    situation: Situation
    best: Mapping[str, FloatArray]
    over: Mapping[str, FloatArray]

    @cached_property
    def setting(self) -> Setting:
        """The graph model."""
        return setting_of(self.situation)

    @cached_property
    def _orders(self) -> Orders:
        """How the actors order outcomes at the best estimates."""
        return orders(self.situation, self.setting, best(plan(self.situation), self.situation, 0))

    @property
    def payoffs(self) -> FloatArray:
        """Payoffs at the best estimates, shape (actors, states)."""
        found: FloatArray = self._orders.payoffs[0]
        return found

    @property
    def held(self) -> dict[str, np.ndarray]:
        """Which statements count at the best estimates."""
        return {name: rows[0] for name, rows in self._orders.held.items()}

    @property
    def concepts(self) -> tuple[str, ...]:
        """The concepts that the model allows."""
        return concepts_of(self.setting.model)

    @property
    def partners(self) -> list[int]:
        """Indices of the partners among the actors of the model."""
        model, known = self.setting.model, self.situation.partnership.patrons
        return [k for k, name in enumerate(model.actors) if name in known]

    @cached_property
    def equilibria(self) -> dict[str, list[int]]:
        """Outcomes that are equilibria at the best estimates, by concept."""
        found = solved(self.setting.model, self.payoffs[None], [self.setting.now])
        return {name: [int(s) for s in np.flatnonzero(rows[0])] for name, rows in found.equilibria.items()}

    @cached_property
    def followed(self) -> list[int]:
        """Outcomes followed over worlds, the present one first; none where a brief look followed none."""
        if not any(column.startswith(FOLLOWED_COLUMN) for column in self.over):
            return []
        return followed(self.situation, self.setting)

    @cached_property
    def pushes(self) -> list[int]:
        """Outcomes to which one move of somebody who is no partner leads."""
        return pushes(self.situation, self.setting)

    @cached_property
    def _temptations(self) -> tuple[tuple[Temptation, ...], ...]:
        """What tempts each actor away from the present outcome."""
        model = self.setting.model
        every = range(len(model.actors))
        return tuple(temptations(model, self.payoffs, self.setting.now, k) for k in every)

    def tempted(self, actor: int) -> tuple[Temptation, ...]:
        """What tempts an actor away from the present outcome, the best for it first."""
        return self._temptations[actor]

    @property
    def steady(self) -> float:
        """Share of worlds in which no partner would leave what it does now, counting only answers that pay."""
        names = [self.setting.model.actors[k] for k in self.partners]
        stay = [self.over[f"stable.SEQ.{name}"] for name in names if f"stable.SEQ.{name}" in self.over]
        return float(np.mean(np.min(stay, axis=0))) if stay and stay[0].size else 1.0

    @cached_property
    def routes(self) -> tuple[evolution.Route, ...]:
        """The shortest way from the present outcome to each other outcome that sticks, ways that pay and short ones first."""
        goals = [s for s in self.equilibria["R"] or self.equilibria["SEQ"] if s != self.setting.now]
        found = routed(self.setting.model, self.payoffs, self.setting.now, goals)
        reached = [route for route in found if route.reachable]
        return tuple(sorted(reached, key=lambda r: (not r.improving, len(r.steps), r.target)))

    @cached_property
    def scan(self) -> coalitions.Scan | None:
        """What every alliance could do; None where there are too many actors or outcomes for that."""
        return scanned(self.setting.model, self.payoffs)

    def key(self, state: int) -> str:
        """The name of an outcome in the columns."""
        return key_of(self.setting.model, state)

    def share(self, column: str) -> Spread | None:
        """How probable a yes-or-no column is; None where it was not worked out."""
        return shared(self.over[column]) if column in self.over else None
