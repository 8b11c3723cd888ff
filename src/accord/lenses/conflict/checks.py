"""Whether the parts of a model fit together, and how its moves are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.lenses.conflict.feasibility import IntArray, ModelError
from accord.problems import listed

DIRECTIONS = ("both", "forward", "back")


class Parts(Protocol):
    """What a model is made of; see :class:`accord.lenses.conflict.model.Model`."""

    @property
    def actors(self) -> tuple[str, ...]:
        """Names."""

    @property
    def options(self) -> tuple[str, ...]:
        """Names."""

    @property
    def owners(self) -> IntArray | None:
        """Index of an actor per option."""

    @property
    def directions(self) -> tuple[str, ...]:
        """One per option."""

    @property
    def feasible(self) -> IntArray:
        """Masks."""

    @property
    def arcs(self) -> tuple[IntArray, ...] | None:
        """Moves per actor."""

    @property
    def names(self) -> tuple[str, ...]:
        """Words per state."""

    @property
    def members(self) -> tuple[IntArray, ...] | None:
        """Masks per state."""


def kept(values: IntArray) -> IntArray:
    """Whole numbers that cannot be changed; a copy unless that is so already."""
    if values.dtype == np.int64 and not values.flags.writeable:
        return values
    copy = np.array(values, np.int64)
    copy.setflags(write=False)
    return copy


def tidy(pairs: IntArray, size: int) -> IntArray:
    """Moves sorted, each once, none to where it begins."""
    codes = (pairs[:, 0] * size + pairs[:, 1])[pairs[:, 0] != pairs[:, 1]]
    if len(codes) == len(pairs) and (np.diff(codes, prepend=-1) > 0).all():
        return pairs
    codes.sort()
    # numpy's own unique hashes, which takes minutes where numbers are many and close.
    codes = codes[np.diff(codes, prepend=-1) > 0]
    return np.stack([codes // size, codes % size], axis=1)


def check_words(kind: str, names: Sequence[str]) -> None:
    """Refuse names that are empty, stand twice or have blanks at their ends."""
    for name in names:
        if not name or name != name.strip():
            raise ModelError(f"{name!r} cannot name an {kind}; expected a text without blanks at its ends")
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ModelError(f"{kind} '{twice}' is listed twice")


def check_parts(parts: Parts) -> None:
    """Refuse parts that do not fit together.

    Raises
    ------
    ModelError
    """
    size, owners = int(parts.feasible.size), parts.owners
    if not parts.actors:
        raise ModelError("there are no actors; expected at least one")
    if not size:
        raise ModelError("there are no states; expected at least one")
    if (owners is None) != (not parts.options):
        raise ModelError("owners belong to options; expected both or neither")
    if owners is not None and (
        owners.shape != (len(parts.options),) or owners.min() < 0 or owners.max() >= len(parts.actors)
    ):
        raise ModelError("owners must have one index of an actor per option")
    if len(parts.directions) != len(parts.options) or not set(parts.directions) <= set(DIRECTIONS):
        raise ModelError(f"directions must be one of {', '.join(DIRECTIONS)} per option")
    masks = parts.feasible
    top = size if not parts.options else 1 << len(parts.options)
    if masks.min() < 0 or int(masks.max()) >= top or (np.diff(masks) <= 0).any():
        raise ModelError("feasible must be masks of the options, ascending")
    if len(parts.names) != size or (parts.members is not None and len(parts.members) != size):
        raise ModelError("names and members must have one entry per state")
    _check_arcs(parts, size)


def _check_arcs(parts: Parts, size: int) -> None:
    """Refuse moves from or to nowhere."""
    if parts.arcs is None:
        if not parts.options or parts.members is not None:
            raise ModelError("a bare graph and a coalesced model need their moves (arcs)")
        return
    if len(parts.arcs) != len(parts.actors):
        raise ModelError("arcs must have one list of moves per actor")
    for pairs in parts.arcs:
        if pairs.ndim != 2 or pairs.shape[1] != 2:
            raise ModelError("arcs must have the shape (moves, 2) for each actor")
        if pairs.size and not 0 <= pairs.min() <= pairs.max() < size:
            raise ModelError(f"arcs must be pairs of state indices from 0 to {size - 1}")


def check_payoffs(
    payoffs: ArrayLike | Mapping[str, ArrayLike], actors: Sequence[str], size: int
) -> NDArray[np.float64]:
    """Payoffs of all actors as one array, shape (actors, states).

    Raises
    ------
    ModelError
        When an actor is missing or unknown, a shape does not fit, or a payoff is NaN.
    """
    given: ArrayLike
    if isinstance(payoffs, Mapping):
        missing = [name for name in actors if name not in payoffs]
        if missing:
            raise ModelError(f"payoffs are missing for {listed(missing)}")
        unknown = [name for name in payoffs if name not in actors]
        if unknown:
            raise ModelError(f"there is no actor {listed(unknown)}; expected {listed(actors)}")
        given = [np.asarray(payoffs[name]) for name in actors]
    else:
        given = payoffs
    shape = (len(actors), size)
    try:
        found = np.asarray(given, np.float64)
    except (ValueError, TypeError) as error:
        raise ModelError(f"payoffs must be numbers of the shape (actors, states) = {shape}") from error
    if found.shape != shape:
        raise ModelError(f"payoffs must have the shape (actors, states) = {shape}, not {found.shape}")
    if np.isnan(found).any():
        raise ModelError("a payoff is missing (NaN); expected a number for every actor and state")
    return found
