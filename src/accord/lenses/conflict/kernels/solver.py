"""One solver for a conflict's moves: planned once, then given the payoffs of one world or of many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.lenses.conflict.kernels.arcs import Arcs, solve_arc_worlds
from accord.lenses.conflict.kernels.moves import I32, I64, Plan
from accord.lenses.conflict.kernels.plans import Fit, arc_work_of, bits_of, numbered, together_of, work_of
from accord.lenses.conflict.kernels.search import solve_worlds
from accord.lenses.conflict.kernels.simultaneous import Together, hold_together, hold_together_arcs, least_by

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


class Solver:
    """Stability of every state, for payoffs that change while moves stay.

    Parameters
    ----------
    moves : Plan or Arcs
        Option form or graph form.
    actors, states : int
    wanted : sequence of bool
        Whether R, GMR, SMR, SEQ and SIM are asked for.
    masks, owners : ndarray or None
        Options taken in each state, and who owns each option; SIM needs them.
    """

    def __init__(
        self,
        moves: Plan | Arcs,
        actors: int,
        states: int,
        wanted: Sequence[bool],
        masks: I64 | None,
        owners: I64 | None,
    ) -> None:
        self._moves, self._actors, self._states = moves, actors, states
        self._wanted = np.array(wanted[:4])
        self._count = np.empty(states + 1, np.int64)
        self._work: Any = work_of(moves, states) if isinstance(moves, Plan) else arc_work_of(moves, states)
        self._together: Together | None = None
        self._own: list[tuple[I32, int]] = []
        self._fit: Fit | None = None
        if wanted[4] and masks is not None and owners is not None:
            self._plan_together(masks, owners)

    def _plan_together(self, masks: I64, owners: I64) -> None:
        """Tables for SIM; combinations of arcs may change each other's options, so they have no bounds."""
        self._together = together_of(self._moves, masks, owners)
        if isinstance(self._moves, Arcs):
            return
        self._work = self._work._replace(members=self._together.pool[: self._work.members.size])
        self._fit = Fit(masks, len(owners))
        directions = ["both"] * len(owners)
        for actor in self._moves.actor:
            own, _, _ = bits_of(owners, directions, int(actor))
            self._own.append(numbered(masks & np.int64(own), len(owners)))

    def one(self, payoffs: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Margins of R, GMR, SMR and SEQ, shape (4, actors, states), and SIM stability, shape (actors, states).

        Parameters
        ----------
        payoffs : ndarray, shape (actors, states)
        """
        margins = np.empty((4, self._actors, self._states))
        self._solve(payoffs[None], margins, np.empty((4, 1, self._states)))
        return margins, self._simultaneous(payoffs)

    def _solve(self, payoffs: FloatArray, margins: FloatArray, least: FloatArray) -> None:
        """Margins of the last world, and the least of each, into arrays that the kernels fill."""
        movers = self._moves.actor
        order = np.empty((len(payoffs), len(movers), self._states), np.int32)
        for j, actor in enumerate(movers):
            order[:, j] = np.argsort(payoffs[:, actor], axis=-1)
        call: Any = solve_worlds if isinstance(self._moves, Plan) else solve_arc_worlds
        call(self._moves, payoffs, order, self._wanted, self._count, self._work, margins, least)

    def many(self, payoffs: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Least margins over the actors, shape (4, worlds, states), and SIM equilibria, shape (worlds, states).

        Parameters
        ----------
        payoffs : ndarray, shape (worlds, actors, states)
        """
        margins = np.empty((4, self._actors, self._states))
        least = np.empty((4, len(payoffs), self._states))
        together = np.ones((len(payoffs), self._states), np.bool_)
        if self._together is None:
            self._solve(payoffs, margins, least)
            return least, together
        buffer = np.empty((4, 1, self._states))
        for k in range(len(payoffs)):
            # SIM reads the ranks of the world that was solved last.
            self._solve(payoffs[k : k + 1], margins, buffer)
            least[:, k] = buffer[:, 0]
            together[k] = self._simultaneous(payoffs[k]).all(axis=0)
        return least, together

    def _simultaneous(self, payoffs: FloatArray) -> BoolArray:
        """SIM stability in the world that was solved last."""
        stable = np.ones((self._actors, self._states), np.bool_)
        moves, work, together = self._moves, self._work, self._together
        if together is None:
            return stable
        if isinstance(moves, Arcs):
            hold_together_arcs(moves, payoffs, work.rank, together, stable)
            return stable
        fit = self._fit
        if fit is None:
            return stable
        for j, (group, count) in enumerate(self._own):
            least_by(group, work.rank[j], np.empty(count, np.int32), together.least[j])
            together.slack[j] = fit.slack(payoffs[moves.actor[j]])
        hold_together(moves, payoffs, work.rank, work.member_rank, together, stable)
        return stable
