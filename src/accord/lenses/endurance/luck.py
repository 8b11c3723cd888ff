"""Luck that is drawn once: other numbers in the same worlds, or another trial, meet the same random numbers again.

A third of a run's time goes into drawing them.  They depend on seed, names, world, replicate and month alone, so that
whoever comes to the same worlds with other parameters can take what another has drawn.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Key = tuple[object, ...]

# Bytes that are kept at most, and by one call.
LIMIT = 160 * 2**20
_LOCK = threading.Lock()
# What nobody works with at the moment, the longest unused first; two threads may have the same luck twice.
_IDLE: OrderedDict[Key, list[FloatArray]] = OrderedDict()


@contextmanager
def kept_luck(key: Key, shape: tuple[int, int, int]) -> Iterator[FloatArray | None]:
    """Room for the luck of some worlds, with what has been drawn of it; None where it would take too much room.

    Parameters
    ----------
    key : tuple
        All that the numbers depend on, but for the months and the room: seed, names, counts, first world.
    shape : tuple of int
        Groups of runs, spans (at least), numbers of a span.
    """
    if shape[0] == 1 or 8 * shape[0] * shape[1] * shape[2] > LIMIT // 2:
        yield None
        return
    key = (*key, shape[0], shape[2])
    luck = _take(key, shape)
    if luck is None:
        luck = np.zeros(shape)
    try:
        yield luck
    finally:
        _give_back(key, luck)


def forget_kept_luck() -> None:
    """Give the memory back."""
    with _LOCK:
        _IDLE.clear()


def _take(key: Key, shape: tuple[int, int, int]) -> FloatArray | None:
    """Luck that somebody has drawn, if there is any with room for as many months."""
    with _LOCK:
        found = _IDLE.get(key, [])
        while found:
            luck = found.pop()
            if luck.shape[1] >= shape[1]:
                return luck
    return None


def _give_back(key: Key, luck: FloatArray) -> None:
    """Keep it for the next, and let go of what has not been used for longest."""
    with _LOCK:
        _IDLE.setdefault(key, []).append(luck)
        _IDLE.move_to_end(key)
        held = sum(one.nbytes for several in _IDLE.values() for one in several)
        while held > LIMIT:
            oldest = next(iter(_IDLE))
            several = _IDLE[oldest]
            if several:
                held -= several.pop(0).nbytes
            if not several:
                del _IDLE[oldest]
