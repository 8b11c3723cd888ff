"""Why each actor moved in a game of the spatial model: who offered what, and what the alternatives were worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.lenses.bargaining.course import Course, Stage

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Alternative:
    """One option that an actor had in a turn.

    Parameters
    ----------
    initiator, receiver : int, or None
        Whose bargain it is; both None for staying.
    to : ndarray, shape (dimensions,)
        Where the actor would stand, on the scale of the input.
    probability : float
        Of the option in the election among the actor's options, 0..1.
    worth : float
        Mean utility to the actor of all positions if the bargain is kept by both.
    gain : float
        *worth* beyond that of staying.
    taken : bool
    """

    initiator: int | None
    receiver: int | None
    to: FloatArray
    probability: float
    worth: float
    gain: float
    taken: bool


@dataclass(frozen=True, eq=False)
class Move:
    """What one actor did in one turn, and why.

    Parameters
    ----------
    turn : int
        From 1.
    actor : int
    before, after : ndarray, shape (dimensions,)
        On the scale of the input.
    risk : float
        The actor's risk attitude, -1..1.
    target : int, or None
        Whom it challenged.
    beats : float
        In its own view, its chance against the target; NaN without one.
    expected : float
        In its own view, what the challenge gains, as a difference of utilities; NaN without one.
    challenges : ndarray, shape (actors,)
        The same for every actor it could have challenged; NaN for itself.
    alternatives : tuple of Alternative
        In the order of its queue.
    """

    turn: int
    actor: int
    before: FloatArray
    after: FloatArray
    risk: float
    target: int | None
    beats: float
    expected: float
    challenges: FloatArray
    alternatives: tuple[Alternative, ...]

    @property
    def taken(self) -> Alternative:
        """The option that it took."""
        return next(option for option in self.alternatives if option.taken)

    def words(self, names: Sequence[str] | None = None) -> str:
        """One or two sentences; actors are called by *names*, or by number."""
        name = [f"actor {k}" for k in range(len(self.challenges))] if names is None else names
        option, others = self.taken, len(self.alternatives) - 1
        if others == 0:
            return (
                f"{name[self.actor]} stays: it finds nobody worth challenging, and nobody makes it an offer."
            )
        against = f"{option.probability:.0%} against {_listed(self, name)}"
        if option.initiator is None:
            return (
                f"{name[self.actor]} stays: of its {others + 1} options staying is the likeliest, {against}."
            )
        where = f"from {_place(self.before)} to {_place(self.after)}"
        if option.initiator == self.actor:
            assert option.receiver is not None
            why = f"by its own bargain with {name[option.receiver]}"
        else:
            why = f"by the bargain that {name[option.initiator]} offers"
        value = f"worth {option.gain:+.3f} to it beyond staying"
        return f"{name[self.actor]} moves {where} {why}, {value}; {against}."


def explain(course: Course) -> tuple[tuple[Move, ...], ...]:
    """Every move of a game, turn by turn and actor by actor.

    Parameters
    ----------
    course : Course
        From :func:`~accord.lenses.bargaining.spatial.spatial` with ``stages=True``.

    Returns
    -------
    tuple of tuple of Move
        ``explain(course)[t][i]`` is the move of actor i in turn t + 1.

    Raises
    ------
    ValueError
        When the course has no stages.
    """
    if course.stages is None:
        raise ValueError("the course has no stages to explain; play it with stages=True")
    return tuple(
        tuple(
            _move(stage, t, i, course.positions[t], course.positions[t + 1]) for i in range(len(stage.risk))
        )
        for t, stage in enumerate(course.stages)
    )


def _move(stage: Stage, t: int, i: int, before: FloatArray, after: FloatArray) -> Move:
    """One move."""
    target = int(stage.target[i])
    found = target >= 0
    return Move(
        t + 1,
        i,
        before[i],
        after[i],
        float(stage.risk[i]),
        target if found else None,
        float(stage.beats[i, target]) if found else float("nan"),
        float(stage.gain[i, target]) if found else float("nan"),
        stage.gain[i],
        _alternatives(stage, i, before[i]),
    )


def _alternatives(stage: Stage, i: int, here: FloatArray) -> tuple[Alternative, ...]:
    """The queue of actor *i* in its own eyes."""
    queue = stage.queues[i]
    stay = float(queue.worth[i, queue.options.index(-1)])
    found = []
    for place, option in enumerate(queue.options):
        deal = stage.bargains[option] if option >= 0 else None
        to = here if deal is None else (deal.initiator_to if deal.initiator == i else deal.receiver_to)
        worth = float(queue.worth[i, place])
        found.append(
            Alternative(
                None if deal is None else deal.initiator,
                None if deal is None else deal.receiver,
                to,
                float(queue.probability[place]),
                worth,
                worth - stay,
                place == queue.chosen,
            )
        )
    return tuple(found)


def _place(point: FloatArray) -> str:
    """A position in words."""
    numbers = ", ".join(f"{x:.4g}" for x in point)
    return numbers if len(point) == 1 else f"({numbers})"


def _listed(move: Move, name: Sequence[str]) -> str:
    """The options that were not taken, with their probabilities."""
    parts = []
    for option in move.alternatives:
        if option.taken:
            continue
        if option.initiator is None or option.receiver is None:
            what = "staying"
        elif option.initiator == move.actor:
            what = f"its bargain with {name[option.receiver]}"
        else:
            what = f"the offer of {name[option.initiator]}"
        parts.append(f"{option.probability:.0%} for {what}")
    return ", ".join(parts)
