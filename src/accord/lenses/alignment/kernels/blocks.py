"""Every division of the actors in two, a block at a time.

Actor 0 always stands in bloc 0, so that a division and its mirror image count once; bit b of a code is actor n - 1 - b,
so that codes ascend as their rows of blocs do.  The energy of a code is a sum of single terms less twice a sum over pairs
of set bits; with the high bits held it is linear in the low ones but for a table that never changes.  So a block of low
bits costs two additions a code.  Weights are whole numbers held as floats (see ``grid.py``): every sum is exact.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.engine.compile import njit

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

LOW = 10
ROW = 4
_WIDTH = 1 << ROW


class Space(NamedTuple):
    """Working space for one number of actors.

    Parameters
    ----------
    pair : ndarray, shape (free, free)
        Weight of each pair of bits, diagonal 0.
    single : ndarray, shape (free,)
        Sum of the weights of each bit with all others and with actor 0.
    first : ndarray, shape (free,)
        Weight of each bit with actor 0.
    base : ndarray, shape (2^low,)
        Energy of the low bits when no high bit is set.
    field : ndarray, shape (low,)
        What each low bit adds because of the high bits that are set.
    fine, coarse : ndarray
        Sums of *field* over the combinations of the first few low bits, and of the others.
    near : ndarray
        Scratch of the size of *fine*.
    around : ndarray, shape (2^low,)
        Least energy one turn of some of the low bits away.
    tree : ndarray, shape (high + 2, 2^low)
        Least energies of each code of low bits over parts of the high ones, part by part.
    unset, set : ndarray, shape (high, 2^low)
        Least energy of each code of low bits where one high bit is unset, or set.
    least : ndarray, shape (2^high,)
        Least energy of each code of high bits.
    """

    pair: Any
    single: Any
    first: Any
    base: Any
    field: Any
    fine: Any
    coarse: Any
    near: Any
    around: Any
    tree: Any
    unset: Any
    set: Any
    least: Any


def space_of(actors: int) -> Space:
    """Room for a number of actors, from 1 to 28."""
    free = actors - 1
    low = min(free, LOW)
    high, row = free - low, min(free, ROW)
    return Space(
        np.empty((free, free)),
        np.empty(free),
        np.empty(free),
        np.empty(1 << low),
        np.empty(low),
        np.empty(1 << row),
        np.empty(1 << (low - row)),
        np.empty(1 << row),
        np.empty(1 << low),
        np.empty((high + 2, 1 << low)),
        np.empty((high, 1 << low)),
        np.empty((high, 1 << low)),
        np.empty(1 << high),
    )


@njit(inner=True)
def prepare(weight: Any, s: Space) -> None:
    """Fill what depends on the weights alone: *weight*, shape (actors, actors), symmetric, diagonal 0."""
    free, low = s.single.size, s.field.size
    for a in range(free):
        s.single[a], s.first[a] = 0.0, weight[free - a, 0]
        for actor in range(free + 1):
            s.single[a] += weight[free - a, actor]
        for b in range(free):
            s.pair[a, b] = weight[free - a, free - b]
    s.base[0] = 0.0
    scratch = s.tree[0]
    for k in range(low):
        scratch[0] = 0.0
        for i in range(k):
            for t in range(1 << i):
                scratch[(1 << i) + t] = scratch[t] + s.pair[i, k]
        for t in range(1 << k):
            s.base[(1 << k) + t] = s.base[t] + s.single[k] - 2.0 * scratch[t]
    s.field[:] = 0.0


@njit(inner=True)
def set_high(code: int, level: float, s: Space) -> Any:
    """Go from the high code before this one to this one: the energy of its own bits; *field* is brought up to date."""
    low = s.field.size
    change = code ^ (code - 1)
    before = code - 1
    j = 0
    while change >> j:
        # From the top down would do as well; each step is one flip of a high bit.
        bit = low + j
        sign = 1.0 if (code >> j) & 1 else -1.0
        total = s.single[bit]
        for k in range(s.single.size - low):
            if k != j and (before >> k) & 1:
                total -= 2.0 * s.pair[bit, low + k]
        level += sign * total
        before ^= 1 << j
        for i in range(low):
            s.field[i] -= sign * 2.0 * s.pair[bit, i]
        j += 1
    return level


@njit(inner=True)
def fill(level: float, s: Space, out: Any) -> Any:
    """Energies of a block into *out*; the least of them."""
    low, width = s.field.size, s.fine.size
    s.fine[0], s.coarse[0] = 0.0, level
    k = 0
    while (1 << k) < width:
        for t in range(1 << k):
            s.fine[(1 << k) + t] = s.fine[t] + s.field[k]
        k += 1
    for b in range(low - k):
        for t in range(1 << b):
            s.coarse[(1 << b) + t] = s.coarse[t] + s.field[k + b]
    s.near[:] = np.inf
    for q in range(s.coarse.size):
        for t in range(width):
            x = s.base[q * width + t] + (s.coarse[q] + s.fine[t])
            out[q * width + t] = x
            s.near[t] = x if x < s.near[t] else s.near[t]
    least = s.near[0]
    for t in range(1, width):
        least = min(least, s.near[t])
    return least


@njit(inner=True)
def merge(code: int, s: Space) -> None:
    """Hand the block of an odd high code up the tree, as far as its parts are complete; row *high* + 1 is the newest."""
    high = s.unset.shape[0]
    newest = s.tree[high + 1]
    j = 0
    while j < high and (code >> j) & 1:
        older, unset, put = s.tree[j], s.unset[j], s.set[j]
        last = j + 1 == high or (code >> (j + 1)) & 1
        into = newest if last else s.tree[j + 1]
        for t in range(older.size):
            a, b = older[t], newest[t]
            unset[t] = a if a < unset[t] else unset[t]
            put[t] = b if b < put[t] else put[t]
            into[t] = a if a < b else b
        j += 1
