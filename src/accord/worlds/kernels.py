"""Kernels that turn absolute world numbers into values: points of a design, then the inverse CDF of each column.

Arrays in, arrays out.  A column holds the numbers of one path; each is worked through in blocks that stay in cache.
"""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np

from accord.engine.compile import njit
from accord.engine.streams import normal_cdf, normal_quantile, unit, words

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
_MIX = np.uint64(0x85EBCA6B)  # from the finaliser of MurmurHash3 (Appleby 2011)
_WORD = np.uint64(0xFFFFFFFF)
_STRETCH = 2048  # points of a column worked through at a time: 32 kB, which stay in the nearest cache
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
        Points of the whole design, at most 2^30.
    keys : ndarray of uint64, shape (columns,)
        Stream of each column.
    """
    for column in numba.prange(out.shape[0]):
        rounds = round_keys(keys[column])
        strata = np.empty(min(_STRETCH, out.shape[1]), dtype=np.uint64)
        for start in range(0, out.shape[1], _STRETCH):
            row = out[column, start : start + _STRETCH]
            _jitter(row, first + start, keys[column])
            permute(strata[: row.shape[0]], first + start, count, rounds)
            within(row, strata, count)


@njit()
def round_keys(key: Any) -> Any:
    """Two 32-bit keys for each round of a permutation, the second odd; shape (rounds, 2)."""
    rounds = np.empty((_ROUNDS, 2), dtype=np.uint64)
    for number in range(_ROUNDS):
        mask, factor = words(key, 0, 0, 1, number)
        rounds[number, 0], rounds[number, 1] = mask & _WORD, (factor & _WORD) | _BOTTOM
    return rounds


@njit()
def _jitter(row: Any, first: Any, key: Any) -> None:
    """Uniform numbers of consecutive points; two neighbours share one block of the stream."""
    head = first & 1
    if head:
        row[0] = unit(words(key, 0, 0, 0, first >> 1)[1])
    body, block = row[head:], (first + head) >> 1
    for pair in range(body.shape[0] >> 1):
        even, odd = words(key, 0, 0, 0, block + pair)
        body[2 * pair], body[2 * pair + 1] = unit(even), unit(odd)
    if body.shape[0] & 1:
        body[-1] = unit(words(key, 0, 0, 0, block + (body.shape[0] >> 1))[0])


@njit()
def within(row: Any, strata: Any, count: Any) -> None:
    """From places within strata to places within (0, 1), in place; none is rounded out of its stratum."""
    margin = 2.0 ** (_bits(count) - 53)
    for i in range(row.shape[0]):
        row[i] = (np.float64(np.int64(strata[i])) + min(max(row[i], margin), 1.0 - margin)) / count


@njit()
def permute(out: Any, first: Any, count: Any, rounds: Any) -> None:
    """Images of consecutive indices under a random permutation of 0..count-1 that needs no table.

    A Feistel network on the smallest sufficient number of bits (ten at least: with halves of four bits the order is
    not quite random), walked until it lands inside (Black and Rogaway 2002, "Ciphers with arbitrary finite domains").
    First all take one step, without a branch, several at once in the processor's vector registers; then those that
    landed outside walk on.

    Parameters
    ----------
    out : ndarray of uint64, shape (indices,)
    first, count : int
        0 <= first, first + indices <= count <= 2^30.
    rounds : ndarray of uint64, shape (rounds, 2)
        From :func:`round_keys`.
    """
    bits = _bits(count)
    half = np.uint64(bits // 2)
    low = (_BOTTOM << half) - _BOTTOM
    high = (_BOTTOM << np.uint64(bits - bits // 2)) - _BOTTOM
    for i in range(out.shape[0]):
        out[i] = _feistel(np.uint64(first + i), half, low, high, rounds)
    if count < 1 << bits:
        limit = np.uint64(count)
        for i in range(out.shape[0]):
            while out[i] >= limit:
                out[i] = _feistel(out[i], half, low, high, rounds)


@njit()
def _bits(count: Any) -> Any:
    """The smallest number of bits, ten at least, that tells *count* points apart."""
    bits = 10
    while (1 << bits) < count:
        bits += 1
    return bits


@njit()
def _feistel(value: Any, half: Any, low: Any, high: Any, rounds: Any) -> Any:
    """All rounds; written out, for a loop would keep the compiler from working on several indices at once."""
    left, right = value >> half, value & low
    left ^= _mixed(right, rounds[0, 0], rounds[0, 1]) & high
    right ^= _mixed(left, rounds[1, 0], rounds[1, 1]) & low
    left ^= _mixed(right, rounds[2, 0], rounds[2, 1]) & high
    right ^= _mixed(left, rounds[3, 0], rounds[3, 1]) & low
    left ^= _mixed(right, rounds[4, 0], rounds[4, 1]) & high
    right ^= _mixed(left, rounds[5, 0], rounds[5, 1]) & low
    return (left << half) | right


@njit()
def _mixed(value: Any, mask: Any, factor: Any) -> Any:
    """A keyed hash of at most 32 bits: a product with a random odd number, folded, and the upper half of a second one.

    With one product per round the order of the points is not quite random (a test shows it); with two it is.  Factors
    have 32 bits: processors multiply several such pairs at once, but 64-bit words one by one.
    """
    value = ((value ^ mask) & _WORD) * (factor & _WORD)
    return ((value ^ (value >> _HALF_WORD)) & _WORD) * _MIX >> _HALF_WORD


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
    for stretch in numba.prange((out.shape[1] + _STRETCH - 1) // _STRETCH):
        some = out[:, stretch * _STRETCH : (stretch + 1) * _STRETCH]
        for group in range(starts.shape[0] - 1):
            _tie(some, members[starts[group] : starts[group + 1]], factors[starts[group] : starts[group + 1]])


@njit()
def _tie(out: Any, members: Any, factors: Any) -> None:
    """One group, column by column: to normal numbers, mixed by the factor from the last to the first, and back."""
    total = np.empty(out.shape[1])
    for i in range(members.shape[0]):
        row = out[members[i]]
        for world in range(row.shape[0]):
            row[world] = normal_quantile(row[world])
    for i in range(members.shape[0] - 1, -1, -1):
        total[:] = 0.0
        for j in range(i + 1):
            row, factor = out[members[j]], factors[i, j]
            for world in range(row.shape[0]):
                total[world] += factor * row[world]
        out[members[i]] = total
    for i in range(members.shape[0]):
        row = out[members[i]]
        for world in range(row.shape[0]):
            row[world] = min(max(normal_cdf(row[world]), 2.0**-54), _ALMOST_ONE)


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
