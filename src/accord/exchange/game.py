"""What the foreign files of bargaining models hold: actors with positions, salience and capability, and nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from accord.situation import Frozen

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Game:
    """A bargaining game as arrays.

    Parameters
    ----------
    names : tuple of str
        Actors in the order of the file.
    positions : ndarray, shape (actors, dimensions)
        On the scales of the dimensions.
    salience : ndarray, shape (actors, dimensions)
        0..1; percentages of a file are divided by 100 by its reader, in decimal arithmetic.
    capability : ndarray, shape (actors,)
        Above 0, in the unit of the file.
    dimensions : tuple of str
    low, high : ndarray, shape (dimensions,)
        Ends of the scales.
    accommodation : ndarray of shape (actors, actors), or None
        How far the ideal point of the row follows the position of the column; None for everybody's own only.
    options : mapping of str to str
        Parameters of the model by the names of KTAB, ``prngSeed`` among them (0 is KTAB's word for none).
    title, about : str
        Name and description of the whole.
    descriptions : tuple of str
        One for each actor, empty where there is none.

    Two games are equal when all of this is, to the last digit.
    """

    names: tuple[str, ...]
    positions: FloatArray
    salience: FloatArray
    capability: FloatArray
    dimensions: tuple[str, ...]
    low: FloatArray
    high: FloatArray
    accommodation: FloatArray | None = None
    options: Mapping[str, str] = field(default_factory=Frozen)
    title: str = ""
    about: str = ""
    descriptions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Take an identity matrix, a seed of 0 and a description that only repeats the name for what they mean."""
        pairs = zip(self.descriptions or ("",) * len(self.names), self.names, strict=True)
        object.__setattr__(self, "descriptions", tuple("" if says == name else says for says, name in pairs))
        options = {key: value for key, value in self.options.items() if (key, value) != ("prngSeed", "0")}
        object.__setattr__(self, "options", Frozen(options))
        ties = self.accommodation
        if ties is not None and np.array_equal(ties, np.eye(len(self.names))):
            object.__setattr__(self, "accommodation", None)

    def __eq__(self, other: object) -> bool:
        """Whether everything is the same."""
        if not isinstance(other, Game):
            return NotImplemented
        return all(
            _same(getattr(self, one.name), getattr(other, one.name)) for one in dataclasses.fields(self)
        )

    __hash__ = None  # type: ignore[assignment]


def _same(one: object, two: object) -> bool:
    """Whether two parts of games are the same."""
    if isinstance(one, np.ndarray) and isinstance(two, np.ndarray):
        return np.array_equal(one, two)
    return type(one) is type(two) and bool(one == two)


def hundredth(text: str) -> float:
    """A percentage as a share; the same digits, so that nothing is lost on the way there and back."""
    return float(Decimal(text) / 100)


def percent(share: float) -> str:
    """A share as a percentage, with the digits of the share."""
    return plain(Decimal(repr(float(share))) * 100)


def plain(number: float | Decimal) -> str:
    """The shortest digits of a number, without an exponent where that stays short."""
    exact = number if isinstance(number, Decimal) else Decimal(repr(float(number)))
    exact = exact.normalize() + 0
    text = f"{exact:f}"
    return text if len(text) <= 30 else str(exact)
