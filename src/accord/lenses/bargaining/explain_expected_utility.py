"""Why each actor moved in a game of the expected-utility model: who offered what, and what challenging was worth to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.lenses.bargaining.expected_utility import Challenges, Offer, Stage

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Received:
    """One offer that an actor received in a round.

    Parameters
    ----------
    by : int
        Who made it.
    kind : str
        ``confrontation``, ``compromise`` or ``capitulation``.
    where : float
        Where it leads, on the scale of the positions.
    own : float
        What challenging the other is worth to the actor, in the model's utility (-4..4).
    other : float
        What challenging the actor is worth to the other, as the reading lets the actor see it.
    taken : bool
    """

    by: int
    kind: str
    where: float
    own: float
    other: float
    taken: bool


@dataclass(frozen=True, eq=False)
class Move:
    """What one actor did in one round, and why.

    Parameters
    ----------
    round : int
        From 1.
    actor : int
    before, after : float
        On the scale of the positions.
    exponent : float
        Risk exponent, 1/2..2; above 1 for the cautious.
    chances, worth : ndarray, shape (actors,)
        The actor's chance to win a challenge of each other one, and what it is worth to it.
    received : tuple of Received
        By the actor that offers.
    """

    round: int
    actor: int
    before: float
    after: float
    exponent: float
    chances: FloatArray
    worth: FloatArray
    received: tuple[Received, ...]

    @property
    def taken(self) -> Received | None:
        """The offer that it took, None for nobody's."""
        return next((offer for offer in self.received if offer.taken), None)

    def words(self, names: Sequence[str] | None = None) -> str:
        """One or two sentences; actors are called by *names*, or by number."""
        name = [f"actor {k}" for k in range(len(self.worth))] if names is None else names
        me, offer = name[self.actor], self.taken
        if offer is None:
            why = (
                "nobody makes it an offer" if not self.received else "it takes none of the offers it receives"
            )
            return f"{me} stays at {self.before:.4g}: {why}."
        path = f"from {self.before:.4g} to {self.after:.4g}"
        if self.after == self.before:
            path = f"nowhere, for it stands at {self.before:.4g} already"
        return f"{me} moves {path}: {_why(offer, name[offer.by])}{_rest(self, name)}."


def explain(challenges: Challenges) -> tuple[tuple[Move, ...], ...]:
    """Every move of a game, round by round and actor by actor.

    Parameters
    ----------
    challenges : Challenges
        From :func:`~accord.lenses.bargaining.expected_utility.expected_utility` with ``stages=True``.

    Returns
    -------
    tuple of tuple of Move
        ``explain(challenges)[t][i]`` is the move of actor i in round t + 1.

    Raises
    ------
    ValueError
        When the game has no stages.
    """
    if challenges.stages is None:
        raise ValueError("the game has no stages to explain; play it with stages=True")
    place = challenges.positions
    return tuple(
        tuple(_move(stage, t, i, place[t, i], place[t + 1, i]) for i in range(place.shape[1]))
        for t, stage in enumerate(challenges.stages)
    )


def _move(stage: Stage, t: int, i: int, before: float, after: float) -> Move:
    """One move."""
    offers = tuple(_received(stage, offer) for offer in stage.offers if offer.to == i)
    exponent = float(stage.exponents[i])
    return Move(
        t + 1, i, float(before), float(after), exponent, stage.probability[i], stage.utility[i], offers
    )


def _received(stage: Stage, offer: Offer) -> Received:
    """An offer with what both sides expect."""
    i, j = offer.to, offer.by
    own, other = float(stage.utility[i, j]), float(stage.counter[i, j])
    return Received(j, offer.kind, offer.where, own, other, offer.taken)


def _why(offer: Received, other: str) -> str:
    """Why an offer was made, in words."""
    stake = f"{offer.other:+.3g} for {other}, {offer.own:+.3g} for itself"
    if offer.kind == "confrontation":
        return f"both would challenge, and {other} expects more from it ({stake}), so it gives way"
    if offer.kind == "compromise":
        return f"it meets {other}, who gains by a challenge more than it would lose ({stake})"
    return f"it gives in to {other}, because it would lose more than {other} gains ({stake})"


def _rest(move: Move, name: Sequence[str]) -> str:
    """The offers that were not taken."""
    others = [f"{offer.kind} with {name[offer.by]}" for offer in move.received if not offer.taken]
    return f"; not taken: {', '.join(others)}" if others else ""
