"""Kernels that turn absolute world numbers into values: points of a design, then the inverse CDF of each column.

Arrays in, arrays out.  A column holds the numbers of one path; each is worked through in blocks that stay in cache.
"""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np

from accord.engine.compile import njit
from accord.engine.streams import normal_cdf, normal_quantile, uniform_pair, unit, words

# Kinds of marginal distribution, and what their parameters are.
CONSTANT = 0  # value
UNIFORM = 1  # low, high
LOG = 2  # low, high, ln low, ln high
LOG1M = 3  # low, high, ln(1 - low), ln(1 - high)
TRIANGULAR = 4  # low, best, high
NORMAL = (
    5  # low, high, mean, sd, probability at low, probability at high, sign (-1: seen from the upper tail)
)
LOGNORMAL = 6  # the same for the logarithm; low and high of the value itself
BERNOULLI = 7  # probability
TABLE = 8  # low, high, subdivisions (bits), cells of the lower half; the unit distribution by cubics (see _from_table)
EXACT = 9  # left as a uniform number, for a slower function outside
PARAMETERS = 7

OCTAVES = 53  # a table covers probabilities from 2^-54, the smallest uniform number there is, to 1/2
_ROUNDS = 6
_ALMOST_ONE = 1.0 - 2.0**-53
_BOTTOM = np.uint64(1)
_FIRST_OCTAVE = 1023 - 54  # biased exponent of 2^-54
_MANTISSA = 52
_JUST_BELOW_HALF = 0.5 - 2.0**-54
_MIX = np.uint64(0xFF51AFD7ED558CCD)  # from the finaliser of MurmurHash3 (Appleby 2011)
_HALF_WORD = np.uint64(32)


@njit(parallel=True)
def sobol_columns(out: Any, first: Any, directions: Any, shifts: Any) -> None:
    """Fill columns with scrambled Sobol points.

    Parameters
    ----------
    out : ndarray of float, shape (columns, worlds)
        Gets numbers in the open interval (0, 1).
    first : int
        Index of the first point.
    directions : ndarray of uint64, shape (columns, bits)
        Scrambled direction numbers, most significant bit first.
    shifts : ndarray of uint64, shape (columns,)
    """
    for column in numba.prange(out.shape[0]):
        _sobol(out[column], first, directions[column], shifts[column])


@njit()
def _sobol(row: Any, first: Any, directions: Any, shift: Any) -> None:
    """Points of one dimension, in the order of the Gray code (Antonov and Saleev 1979)."""
    state = shift
    index = np.uint64(first)
    gray = index ^ (index >> _BOTTOM)
    for bit in range(directions.shape[0]):
        if (gray >> np.uint64(bit)) & _BOTTOM:
            state ^= directions[bit]
    row[0] = unit(state)
    for place in range(1, row.shape[0]):
        number = first + place
        bit = 0
        while number & 1 == 0:
            number >>= 1
            bit += 1
        state ^= directions[bit]
        row[place] = unit(state)


@njit(parallel=True)
def latin_columns(out: Any, first: Any, count: Any, keys: Any) -> None:
    """Fill columns with points of a Latin hypercube of *count* points.

    Parameters
    ----------
    out : ndarray of float, shape (columns, worlds)
        Gets numbers in the open interval (0, 1).
    first : int
        Index of the first point, from 0.
    count : int
        Points of the whole design.
    keys : ndarray of uint64, shape (columns,)
        Stream of each column.
    """
    for column in numba.prange(out.shape[0]):
        key = keys[column]
        rounds = np.empty((_ROUNDS, 2), dtype=np.uint64)
        for number in range(_ROUNDS):
            rounds[number, 0], rounds[number, 1] = words(key, 0, 0, 1, number)
        even, odd = 0.0, 0.0
        for place in range(out.shape[1]):
            index = first + place
            if place == 0 or index & 1 == 0:  # two neighbours share one block of the stream
                even, odd = uniform_pair(key, 0, 0, 0, index >> 1)
            jitter = odd if index & 1 else even
            out[column, place] = min((permuted(index, count, rounds) + jitter) / count, _ALMOST_ONE)


@njit()
def permuted(index: Any, count: Any, rounds: Any) -> Any:
    """Image of an index under a random permutation of 0..count-1 that needs no table.

    A Feistel network on the smallest sufficient number of bits (eight at least), walked until it lands inside (Black
    and Rogaway 2002, "Ciphers with arbitrary finite domains").

    Parameters
    ----------
    index, count : int
        0 <= index < count.
    rounds : ndarray of uint64, shape (rounds, 2)
        Two keys for each round; an even number of rounds.
    """
    bits = 8
    while (1 << bits) < count:
        bits += 1
    half = np.uint64(bits // 2)
    low = (_BOTTOM << half) - _BOTTOM
    high = (_BOTTOM << np.uint64(bits - bits // 2)) - _BOTTOM
    value = np.uint64(index)
    limit = np.uint64(count)
    while True:
        left, right = value >> half, value & low
        for number in range(0, rounds.shape[0], 2):
            left ^= _mixed(right, rounds[number, 0], rounds[number, 1]) & high
            right ^= _mixed(left, rounds[number + 1, 0], rounds[number + 1, 1]) & low
        value = (left << half) | right
        if value < limit:
            return np.int64(value)


@njit()
def _mixed(value: Any, mask: Any, factor: Any) -> Any:
    """A keyed hash: a product with a random odd number, folded, and the upper half of a second product.

    With one product per round the order of the points is not quite random (a test shows it); with two it is.
    """
    value = (value ^ mask) * (factor | _BOTTOM)
    return ((value ^ (value >> _HALF_WORD)) * _MIX) >> _HALF_WORD


@njit(parallel=True)
def correlate(out: Any, starts: Any, members: Any, factors: Any) -> None:
    """Give groups of uniform columns their correlation, in place, by a Gaussian copula.

    Parameters
    ----------
    out : ndarray of float, shape (columns, worlds)
        Uniform numbers, independent before and correlated after; other columns stay.
    starts : ndarray of int64, shape (groups + 1,)
        Where each group begins in *members*.
    members : ndarray of int64
        Columns of the groups.
    factors : ndarray of float, shape (members, largest group)
        Row of the lower Cholesky factor for each member.
    """
    for world in numba.prange(out.shape[1]):
        for group in range(starts.shape[0] - 1):
            start, size = starts[group], starts[group + 1] - starts[group]
            for i in range(size):
                column = members[start + i]
                out[column, world] = normal_quantile(out[column, world])
            for i in range(size - 1, -1, -1):
                total = 0.0
                for j in range(i + 1):
                    total += factors[start + i, j] * out[members[start + j], world]
                out[members[start + i], world] = total
            for i in range(size):
                column = members[start + i]
                out[column, world] = min(max(normal_cdf(out[column, world]), 2.0**-54), _ALMOST_ONE)


@njit(parallel=True)
def to_values(out: Any, kinds: Any, parameters: Any, starts: Any, tables: Any) -> None:
    """Turn uniform columns into values, in place.

    Parameters
    ----------
    out : ndarray of float, shape (columns, worlds)
    kinds : ndarray of int64, shape (columns,)
    parameters : ndarray of float, shape (columns, PARAMETERS)
    starts : ndarray of int64, shape (columns + 1,)
        Where each column's table begins in *tables*.
    tables : ndarray of float, shape (cells, 4)
        Coefficients of a cubic for each cell, constant first; the lower half of each table, then the upper.
    """
    for column in numba.prange(out.shape[0]):
        table = tables[starts[column] : starts[column + 1]]
        _column(out[column], kinds[column], parameters[column], table)


@njit()
def _column(row: Any, kind: Any, p: Any, table: Any) -> None:
    """One column."""
    if kind == CONSTANT:
        row[:] = p[0]
    elif kind == TABLE:
        _from_table(row, p, table)
    elif kind in (NORMAL, LOGNORMAL):
        _from_normal(row, kind, p)
    elif kind == BERNOULLI:
        for i in range(row.shape[0]):
            row[i] = 1.0 if row[i] > 1.0 - p[0] else 0.0
    elif kind == TRIANGULAR:
        _from_triangular(row, p)
    elif kind in (UNIFORM, LOG, LOG1M):
        _from_uniform(row, kind, p)


@njit()
def _from_uniform(row: Any, kind: Any, p: Any) -> None:
    """Uniform in the value, in its logarithm, or in ln(1 - x)."""
    for i in range(row.shape[0]):
        u = row[i]
        if kind == UNIFORM:
            x = p[0] * (1.0 - u) + p[1] * u
        elif kind == LOG:
            x = math.exp(p[2] * (1.0 - u) + p[3] * u)
        else:
            x = -math.expm1(p[2] * (1.0 - u) + p[3] * u)
        row[i] = min(max(x, p[0]), p[1])


@njit()
def _from_triangular(row: Any, p: Any) -> None:
    """Triangular."""
    low, best, high = p[0], p[1], p[2]
    share = (best - low) / (high - low)
    for i in range(row.shape[0]):
        u = row[i]
        if u < share:
            x = low + math.sqrt(u * (high - low) * (best - low))
        else:
            x = high - math.sqrt((1.0 - u) * (high - low) * (high - best))
        row[i] = min(max(x, low), high)


@njit()
def _from_normal(row: Any, kind: Any, p: Any) -> None:
    """Normal or lognormal, cut at low and high."""
    for i in range(row.shape[0]):
        u = row[i]
        probability = min(max(p[4] * (1.0 - u) + p[5] * u, 1e-320), _ALMOST_ONE)
        x = p[2] + p[3] * p[6] * normal_quantile(probability)
        if kind == LOGNORMAL:
            x = math.exp(x)
        row[i] = min(max(x, p[0]), p[1])


@njit()
def _from_table(row: Any, p: Any, table: Any) -> None:
    """Piecewise cubics over the distance v of the probability from the nearer end, 0 or 1.

    Each octave of v (from 2^-k-1 to 2^-k) is divided evenly, so that cells are as fine near 0 and 1 as in the middle in
    proportion to v, and the cell is read off the bits of the number v.  The upper half holds 1 - x over 1 - u.
    """
    low, width, half = p[0], p[1] - p[0], int(p[3])
    shift = _MANTISSA - int(p[2])
    base = _FIRST_OCTAVE << int(p[2])
    mask = (1 << shift) - 1
    scale = 1.0 / (1 << shift)
    for i in range(row.shape[0]):
        u = row[i]
        lower = u < 0.5
        v = min(u if lower else 1.0 - u, _JUST_BELOW_HALF)
        bits = np.float64(v).view(np.int64)
        cell = (bits >> shift) - base + (0 if lower else half)
        s = (bits & mask) * scale
        share = table[cell, 0] + s * (table[cell, 1] + s * (table[cell, 2] + s * table[cell, 3]))
        share = min(max(share, 0.0), 1.0)
        row[i] = low + width * (share if lower else 1.0 - share)
