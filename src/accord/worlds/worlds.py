"""Worlds: joint draws of every uncertain number, as one frozen array with names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from accord.situation import Situation

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Worlds:
    """A run of consecutive worlds.  Two are compared by their digests, not by ``==``.

    Parameters
    ----------
    names : tuple of str
        Paths of the uncertain numbers, one per column.
    array : ndarray, shape (worlds, names)
        Their values; read-only.  Stored column by column where it was drawn, so that :meth:`of` copies nothing.
    fixed : mapping
        Value of every number that is the same in all worlds.
    first : int
        Absolute number of the first world; world 0 holds the best estimates, drawn worlds count from 1.
    seed : int
        Seed they were drawn with.
    hidden : frozenset of str
        Paths that are not seen: assumptions made for another lens.
    brief : bool
        Whether a quick look will do (a scenario beside the situation).
    varies : tuple of Situation and Worlds, or None
        What a scenario or an intervention varies, on the same worlds.
    """

    names: tuple[str, ...]
    array: FloatArray
    fixed: Mapping[str, float]
    first: int = 1
    seed: int = 0
    hidden: frozenset[str] = frozenset()
    brief: bool = False
    varies: tuple[Situation, Worlds] | None = None
    _column: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check shapes, refuse NaN, and freeze the array."""
        if self.array.ndim != 2 or self.array.shape[1] != len(self.names):
            raise ValueError(f"array of shape {self.array.shape} does not hold {len(self.names)} names")
        bad = np.flatnonzero(~np.isfinite(self.array).all(axis=0))
        if bad.size:
            raise ValueError(f"worlds hold a number that is not finite at {self.names[int(bad[0])]}")
        self.array.flags.writeable = False
        self._column.update({name: index for index, name in enumerate(self.names)})

    @property
    def numbers(self) -> range:
        """Absolute numbers of these worlds."""
        return range(self.first, self.first + self.size)

    @property
    def size(self) -> int:
        """How many worlds."""
        return int(self.array.shape[0])

    def has(self, path: str) -> bool:
        """Whether there is a number at this path."""
        return (path in self._column or path in self.fixed) and path not in self.hidden

    def of(self, path: str) -> FloatArray:
        """Values of shape (worlds,) at this path; NaN throughout where there is no number (missing is not zero)."""
        if path in self.hidden:
            return np.full(self.size, np.nan)
        if path in self._column:
            column: FloatArray = self.array[:, self._column[path]]
            return column
        return np.full(self.size, self.fixed.get(path, np.nan))

    def with_numbers(self, further: Mapping[str, FloatArray]) -> Worlds:
        """The same worlds with further numbers, each of shape (worlds,), in place of any at the same path."""
        kept = [column for column, name in enumerate(self.names) if name not in further]
        array = np.column_stack([self.array[:, kept], *further.values()])
        return replace(
            self, names=(*(self.names[c] for c in kept), *further), array=np.asfortranarray(array), _column={}
        )

    def seen(
        self, hidden: frozenset[str], brief: bool, varies: tuple[Situation, Worlds] | None = None
    ) -> Worlds:
        """The same worlds as a lens sees them; nothing is copied."""
        seen = self.hidden | hidden
        return Worlds(self.names, self.array, self.fixed, self.first, self.seed, seen, brief, varies)
