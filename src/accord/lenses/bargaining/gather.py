"""From a situation and its worlds to who counts on which issue: position, salience and capability over worlds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.finding import FloatArray
from accord.situation import Situation
from accord.worlds import Stances

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Table:
    """Who sits at the table, issue by issue and world by world.

    Parameters
    ----------
    actors, issues : tuple of str
        Sorted by name.
    position, salience, capability : ndarray, shape (worlds, actors, issues)
        Positions from 0, the low end of the declared scale, to 1, the high end.  All three are NaN where an actor does
        not count: it lacks one of them, or its weight, capability times salience, is 0.
    reference : ndarray, shape (issues,)
        Where things stand without agreement, as a share of the scale; NaN where the file does not say.
    """

    actors: tuple[str, ...]
    issues: tuple[str, ...]
    position: FloatArray
    salience: FloatArray
    capability: FloatArray
    reference: FloatArray

    @property
    def counted(self) -> BoolArray:
        """Who counts, shape (worlds, actors, issues)."""
        return ~np.isnan(self.position)


def table_of(situation: Situation, seen: Stances, rows: BoolArray | slice = slice(None)) -> Table:
    """Who counts in some of the worlds; missing is not zero, and an actor without weight is left out.

    Positions lie on their scale; what rounding carries past an end by a last digit is put back.
    """
    place = np.clip(seen.position[rows], 0.0, 1.0)
    care, power = seen.salience[rows], seen.capability[rows]
    # Comparing with NaN is false: who lacks a number does not count.
    counts = ~np.isnan(place) & (care > 0) & (power > 0)
    place, care, power = (np.ascontiguousarray(np.where(counts, v, np.nan)) for v in (place, care, power))
    return Table(seen.actors, seen.issues, place, care, power, _references(situation, seen.issues))


def _references(situation: Situation, issues: tuple[str, ...]) -> FloatArray:
    """Where things stand without agreement, as shares of the scales."""
    found = np.full(len(issues), np.nan)
    for k, issue in enumerate(issues):
        scale, point = situation.issues[issue].scale, situation.issues[issue].reference_point
        if point is not None:
            found[k] = (point - scale.low) / (scale.high - scale.low)
    return found


def companies(counted: BoolArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Worlds in which the same ones count: their rows, and who does; shape of *counted* (worlds, whoever)."""
    if not counted.shape[0]:
        return
    if (counted == counted[0]).all():
        yield np.arange(len(counted)), np.flatnonzero(counted[0])
        return
    patterns, which = np.unique(counted, axis=0, return_inverse=True)
    for k, pattern in enumerate(patterns):
        yield np.flatnonzero(which.reshape(-1) == k), np.flatnonzero(pattern)


def order_by_value(*arrays: FloatArray) -> IntArray:
    """Actors of every world in an order that hangs on their numbers alone, by the first array, then by the next ones.

    Where offers tie, a model takes that of the first actor; so names and the order of a file decide nothing.  The last
    axis is that of the actors.
    """
    return np.asarray(np.lexsort(tuple(reversed(arrays)), axis=-1), np.int64)


def by_value(*arrays: FloatArray) -> tuple[FloatArray, ...]:
    """Arrays with actors last, in the order of :func:`order_by_value`."""
    order = order_by_value(*arrays)
    return tuple(np.ascontiguousarray(np.take_along_axis(array, order, axis=-1)) for array in arrays)
