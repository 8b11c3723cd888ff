"""What a bargaining model played: positions turn by turn, why it stopped, and on request the tables of every stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Queue:
    """What one actor chose from in one turn.

    Parameters
    ----------
    actor : int
    options : tuple of int
        -1 for staying, otherwise a place in the bargains of the stage; in the order that decides exact ties.
    probability : ndarray, shape (options,)
        Of each option in the election among them; sums to 1.
    worth : ndarray, shape (actors, options)
        Mean utility of all positions after each option, to every actor.
    chosen : int
        Place in *options*.
    """

    actor: int
    options: tuple[int, ...]
    probability: FloatArray
    worth: FloatArray
    chosen: int


@dataclass(frozen=True, eq=False)
class Bargain:
    """One offer.

    Parameters
    ----------
    initiator, receiver : int
    odds : float
        What interpolates: a probability that the initiator prevails, 0..1 (``compat`` may put a gain in its place); the
        initiator's own with ``power_weighted``.
    gain : float
        What the initiator expects from challenging, in its own view, as a difference of utilities.
    initiator_to, receiver_to : ndarray, shape (dimensions,)
        Where the two would move, on the scale of the input.
    """

    initiator: int
    receiver: int
    odds: float
    gain: float
    initiator_to: FloatArray
    receiver_to: FloatArray


@dataclass(frozen=True, eq=False)
class Stage:
    """Everything that one turn was computed from.  Rows and columns are actors in the order of the input.

    Parameters
    ----------
    distance : ndarray, shape (actors, actors)
        From the row's ideal to the column's position, weighted by the row's salience; 0..1.
    neutral : ndarray, shape (actors, actors)
        Utility without risk attitude, ``1 - distance``.
    coalition : ndarray, shape (actors, actors)
        Strength of all who prefer the row's position to the column's, in units of capability.
    victory : ndarray, shape (actors, actors)
        Probability that the row's position beats the column's.
    election : ndarray, shape (actors,)
        Probability of each position.
    risk : ndarray, shape (actors,)
        Risk attitude, -1..1; NaN with ``compat`` when all positions are equally likely.
    utility : ndarray, shape (actors, actors)
        Of the column's position to the row's actor, with its own risk attitude.
    base, slope : ndarray, shape (actors, actors)
        A viewer with risk attitude r believes the utilities to be ``base + r * slope``; see :meth:`seen_by`.
    beats : ndarray, shape (actors, actors)
        In the row's own view, probability that it beats the column's actor; NaN on the diagonal.
    gain : ndarray, shape (actors, actors)
        In the row's own view, what challenging the column's actor gains; NaN on the diagonal.
    target : ndarray of int, shape (actors,)
        Whom each actor challenges; -1 for nobody.
    bargains : tuple of Bargain
    queues : tuple of Queue
        One for each actor.
    """

    distance: FloatArray
    neutral: FloatArray
    coalition: FloatArray
    victory: FloatArray
    election: FloatArray
    risk: FloatArray
    utility: FloatArray
    base: FloatArray
    slope: FloatArray
    beats: FloatArray
    gain: FloatArray
    target: IntArray
    bargains: tuple[Bargain, ...]
    queues: tuple[Queue, ...]

    def seen_by(self, viewer: int) -> FloatArray:
        """Utilities as one actor believes them to be, shape (actors, actors)."""
        seen: FloatArray = self.base + self.risk[viewer] * self.slope
        return seen


@dataclass(frozen=True, eq=False)
class Course:
    """A game from the first positions to the last.

    Parameters
    ----------
    positions : ndarray, shape ([worlds,] turns + 1, actors, dimensions)
        On the scale of the input; the first row is the input.  With worlds, a game that ended early repeats its last row.
    stopped : str, or ndarray of str with shape (worlds,)
        ``settled`` (a turn moved less than 2 % of what the first did), ``turns`` (no more turns were allowed) or, only
        with worlds, ``undecided`` (a Markov election came to no result; the game stands where it was).
    turns : int, or ndarray of int with shape (worlds,)
        Turns that were played.
    reading : mapping
        Every option that was used, by name.
    stages : tuple of Stage, optional
        One for each turn.
    """

    positions: FloatArray
    stopped: str | NDArray[np.str_]
    turns: int | IntArray
    reading: Mapping[str, object] = field(default_factory=dict)
    stages: tuple[Stage, ...] | None = None

    @property
    def final(self) -> FloatArray:
        """Last positions, shape ([worlds,] actors, dimensions)."""
        last: FloatArray = self.positions[..., -1, :, :]
        return last
