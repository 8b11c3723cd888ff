"""What arrays and ties must be like, told in one message when they are not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.problems import did_you_mean, listed

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class AlignmentError(ValueError):
    """Input that does not describe who stands how to whom."""


def numbers(values: ArrayLike, what: str) -> FloatArray:
    """Values as floats; AlignmentError when they are not numbers or not a regular array."""
    try:
        return np.array(values, np.float64)
    except (TypeError, ValueError) as error:
        raise AlignmentError(f"{what} must be a regular array of numbers ({error})") from error


def square(values: ArrayLike, what: str = "propensity") -> FloatArray:
    """A finite square matrix; its diagonal says nothing and comes back as 0.

    Raises
    ------
    AlignmentError
    """
    found = numbers(values, what)
    if found.ndim != 2 or found.shape[0] != found.shape[1] or not found.size:
        raise AlignmentError(f"{what} must have the shape (actors, actors), not {found.shape}")
    np.fill_diagonal(found, 0.0)
    if not np.isfinite(found).all():
        i, j = (int(k) for k in np.argwhere(~np.isfinite(found))[0])
        raise AlignmentError(f"{what}[{i}, {j}] is {found[i, j]}; expected a finite number for each pair")
    return found


def sizes(values: ArrayLike | None, actors: int) -> FloatArray:
    """Finite sizes above 0, one for each actor; 1 for everybody when left out.

    Raises
    ------
    AlignmentError
    """
    if values is None:
        return np.ones(actors)
    found = numbers(values, "size")
    if found.shape != (actors,):
        raise AlignmentError(
            f"size must have one number for each of {actors} actors, not the shape {found.shape}"
        )
    wrong = ~(np.isfinite(found) & (found > 0))
    if wrong.any():
        i = int(np.flatnonzero(wrong)[0])
        raise AlignmentError(f"size[{i}] is {found[i]}; expected a finite number above 0")
    return found


def divisions(values: ArrayLike, actors: int) -> NDArray[np.bool_]:
    """Blocs as booleans, shape (..., actors).

    Raises
    ------
    AlignmentError
    """
    found = np.asarray(values)
    if found.ndim == 0 or found.shape[-1] != actors:
        raise AlignmentError(f"blocs must end in one entry for each of {actors} actors, not {found.shape}")
    if found.dtype != np.bool_ and not np.isin(found, (0, 1)).all():
        raise AlignmentError("blocs must be False or True (0 or 1) for each actor")
    return found.astype(np.bool_)


@dataclass(frozen=True, eq=False)
class Ties:
    """Undirected ties between actors, none of weight 0.

    Parameters
    ----------
    actors : tuple
        Names, or numbers from 0 when only their count was given.
    first, second : ndarray of int, shape (ties,)
        Indices, the lower one first; ascending.
    weight : ndarray, shape (ties,)
        Above 0 for friends, below 0 for foes.
    """

    actors: tuple[str, ...] | tuple[int, ...]
    first: IntArray
    second: IntArray
    weight: FloatArray

    @property
    def matrix(self) -> FloatArray:
        """Weights as a symmetric matrix, 0 where there is no tie."""
        held = np.zeros((len(self.actors), len(self.actors)))
        held[self.first, self.second] = self.weight
        held[self.second, self.first] = self.weight
        return held


def ties_of(actors: int | Sequence[str], ties: Iterable[Sequence[object]]) -> Ties:
    """Check ties, rows of (actor, actor, weight); a weight of 0 is no tie.

    Raises
    ------
    AlignmentError
        With every row that is wrong: an unknown actor, a tie to oneself, a pair that stands twice (in whichever order), a
        weight that is no finite number.
    """
    names = _names(actors)
    index: dict[object, int] = {name: k for k, name in enumerate(names)}
    wrong: list[str] = []
    held: dict[tuple[int, int], float] = {}
    for number, row in enumerate(ties):
        says = _row(row, index, held)
        if says:
            wrong.append(f"tie {number}: {says}")
    if wrong:
        raise AlignmentError(
            "\n".join([*wrong[:20], *([f"and {len(wrong) - 20} more"] if len(wrong) > 20 else [])])
        )
    pairs = sorted(pair for pair, weight in held.items() if weight)
    ends = np.array(pairs, np.int64).reshape(-1, 2)
    return Ties(names, ends[:, 0], ends[:, 1], np.array([held[pair] for pair in pairs]))


def _names(actors: int | Sequence[str]) -> tuple[str, ...] | tuple[int, ...]:
    """Names of actors; AlignmentError when there are none or one stands twice."""
    if isinstance(actors, (int, np.integer)) and not isinstance(actors, bool):
        if actors < 1:
            raise AlignmentError(f"there are {actors} actors; expected at least one")
        return tuple(range(int(actors)))
    if isinstance(actors, str) or not all(isinstance(name, str) for name in actors):  # type: ignore[union-attr]
        raise AlignmentError("actors must be their number or a list of names")
    names = tuple(actors)  # type: ignore[arg-type]
    if not names:
        raise AlignmentError("there are no actors; expected at least one")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise AlignmentError(f"actors stand twice: {listed(twice)}")
    return names


def _row(row: Sequence[object], index: dict[object, int], held: dict[tuple[int, int], float]) -> str:
    """Put one tie into *held*; what is wrong with it, or the empty string."""
    if isinstance(row, str) or len(row) != 3:
        return f"{row!r} is not (actor, actor, weight)"
    ends = [int(end) if isinstance(end, (int, np.integer)) else end for end in row[:2]]
    for end in ends:
        if end not in index:
            known = [str(name) for name in index]
            hint = did_you_mean(end, known) if isinstance(end, str) else ""
            return f"there is no actor {end!r}; " + (hint or f"expected {listed(known)}")
    if ends[0] == ends[1]:
        return f"{ends[0]!r} has a tie to itself"
    weight = row[2]
    if (
        isinstance(weight, bool)
        or not isinstance(weight, (Real, np.floating))
        or not np.isfinite(float(weight))
    ):
        return f"its weight is {weight!r}; expected a finite number"
    i, j = sorted(index[end] for end in ends)
    if (i, j) in held:
        return f"{ends[0]!r} and {ends[1]!r} have a tie already; expected each pair once"
    held[i, j] = float(weight)
    return ""
