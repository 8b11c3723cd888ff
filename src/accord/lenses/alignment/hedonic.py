"""Whether a partition into coalitions holds when actors care with whom they stand.

Sources: A. Bogomolnaia and M. O. Jackson, "The Stability of Hedonic Coalition Structures", Games and Economic Behavior 38
(2002): Nash, individual and contractually individual stability, the core, additively separable preferences.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.lenses.alignment.inputs import AlignmentError, square

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
Liking = Callable[[int, BoolArray], float]

MOST_ADDITIVE, MOST_GENERAL = 20, 12
_CHUNK = 1 << 15


@dataclass(frozen=True)
class Move:
    """One actor would gain by standing elsewhere.

    Parameters
    ----------
    actor : int
    to : tuple of int
        Those it would join; empty to stand alone.
    gain : float
    joined_oppose, left_oppose : tuple of int
        Who would lose by it among those it would join, and among those it would leave.
    """

    actor: int
    to: tuple[int, ...]
    gain: float
    joined_oppose: tuple[int, ...]
    left_oppose: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Holding:
    """Whether a partition holds.

    Parameters
    ----------
    worth : ndarray, shape (actors,)
        What each actor's coalition is worth to it.
    moves : tuple of Move
        Moves of single actors that pay for them, by actor.
    rational : bool
        Nobody would rather stand alone.
    core : bool or None
        No coalition exists that all its members prefer; None when not asked for.
    blocking : tuple of int
        Of coalitions that all members prefer, the one whose least gain is largest; empty when there is none.
    """

    worth: FloatArray
    moves: tuple[Move, ...]
    rational: bool
    core: bool | None
    blocking: tuple[int, ...]

    @property
    def nash(self) -> bool:
        """No single actor gains by going elsewhere."""
        return not self.moves

    @property
    def individual(self) -> bool:
        """Nobody gains by a move at which none of those it would join loses."""
        return all(move.joined_oppose for move in self.moves)

    @property
    def contractual(self) -> bool:
        """Nobody gains by a move at which neither those it would join nor those it would leave lose."""
        return all(move.joined_oppose or move.left_oppose for move in self.moves)


def partition_stability(partition: ArrayLike, values: ArrayLike | Liking, *, core: bool = True) -> Holding:
    """Nash, individual and contractual stability of a partition, and whether a coalition blocks it.

    Parameters
    ----------
    partition : array_like of int, shape (actors,)
        A label for the coalition of each actor.
    values : array_like, shape (actors, actors), or callable
        Row i: what each other actor's company is worth to i; a coalition is worth the sum (diagonal ignored).  Or a function
        of an actor and of the members of its coalition (booleans, shape (actors,), itself among them) that gives its worth.
    core : bool
        Whether to look for a blocking coalition among all 2^actors: at most 20 actors, 12 with a function.

    Raises
    ------
    AlignmentError
        When shapes do not fit, a number is missing, or there are too many actors for *core*.
    """
    label = np.asarray(partition)
    if label.ndim != 1 or not label.size:
        raise AlignmentError(f"partition must have one label for each actor, not the shape {label.shape}")
    matrix = None if callable(values) else square(values, "values")
    if matrix is not None and len(matrix) != label.size:
        raise AlignmentError(f"values must have the shape ({label.size}, {label.size}), not {matrix.shape}")
    liking = _checked(values) if callable(values) else _additive(matrix)
    blocs = [label == name for name in np.unique(label)]
    home = [next(bloc for bloc in blocs if bloc[i]) for i in range(label.size)]
    worth = np.array([liking(i, home[i]) for i in range(label.size)])
    slack = 1e-9 * max(
        1.0, float(np.abs(matrix).sum(axis=1).max() if matrix is not None else np.abs(worth).max())
    )
    moves = [move for i in range(label.size) for move in _moves(i, blocs, worth, liking, slack)]
    alone = np.array([liking(i, np.arange(label.size) == i) for i in range(label.size)])
    blocking = _blocking(matrix, liking, worth, slack) if core else ()
    rational = bool((worth >= alone - slack).all())
    return Holding(worth, tuple(moves), rational, not blocking if core else None, blocking)


def _checked(liking: Liking) -> Liking:
    """The function, with its answers checked."""

    def asked(actor: int, members: BoolArray) -> float:
        """The worth of a coalition to an actor."""
        worth = float(liking(actor, members.copy()))
        if not np.isfinite(worth):
            raise AlignmentError(f"values({actor}, {members.tolist()}) is {worth}; expected a finite number")
        return worth

    return asked


def _additive(matrix: FloatArray | None) -> Liking:
    """Worth as the sum of the values of members."""
    if matrix is None:
        raise AlignmentError("values must be a matrix or a function")
    held = matrix
    return lambda actor, members: float(held[actor, members].sum())


def _moves(i: int, blocs: list[BoolArray], worth: FloatArray, liking: Liking, slack: float) -> list[Move]:
    """Moves of one actor that pay for it."""
    own = np.arange(worth.size) == i
    home = next(bloc for bloc in blocs if bloc[i])
    left = home & ~own
    elsewhere = [bloc for bloc in blocs if not bloc[i]]
    if left.any():
        elsewhere.append(np.zeros(worth.size, np.bool_))
    found = []
    for bloc in elsewhere:
        gain = liking(i, bloc | own) - worth[i]
        if gain > slack:
            hurt = (
                tuple(int(k) for k in np.flatnonzero(group) if liking(int(k), after) < worth[k] - slack)
                for group, after in ((bloc, bloc | own), (left, left))
            )
            found.append(Move(i, tuple(int(k) for k in np.flatnonzero(bloc)), float(gain), *hurt))
    return found


def _blocking(matrix: FloatArray | None, liking: Liking, worth: FloatArray, slack: float) -> tuple[int, ...]:
    """The coalition whose members all gain, and the least of them most; empty when there is none."""
    actors, most = worth.size, MOST_ADDITIVE if matrix is not None else MOST_GENERAL
    if actors > most:
        raise AlignmentError(
            f"a blocking coalition of {actors} actors is not looked for; expected at most {most}"
        )
    best, found = slack, 0
    for start in range(1, 1 << actors, _CHUNK):
        codes = np.arange(start, min(start + _CHUNK, 1 << actors))
        members = (codes[:, None] >> np.arange(actors)) & 1 == 1
        if matrix is not None:
            reached = members.astype(np.float64) @ matrix.T
        else:
            reached = np.array(
                [[liking(i, row) if row[i] else 0.0 for i in range(actors)] for row in members]
            )
        least = np.where(members, reached - worth, np.inf).min(axis=1)
        k = int(least.argmax())
        if least[k] > best + slack * (found > 0):
            best, found = float(least[k]), int(codes[k])
    return tuple(k for k in range(actors) if (found >> k) & 1)
