"""Counter-based randomness: every random number is a function of what it is for, never of who draws it, or when.

The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3",
SC'11; table 2 and section 3.3).  A *stream* is its 64-bit key, made from seed, actor's name and purpose; the 128-bit
counter holds world, replicate, step and index.  The same seed therefore gives the same numbers under any chunking,
any number of threads and any order of actors.

Inside a kernel call :func:`uniform`, :func:`normal` or their pairs; from Python :func:`uniforms` and :func:`normals`.
"""

from __future__ import annotations

import hashlib
import math
import operator
from collections.abc import Sequence
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from accord.engine.abreast import ALONE
from accord.engine.compile import njit
from accord.engine.lanes import whole_number

FloatArray = NDArray[np.float64]
Keys = NDArray[np.uint64]

# Below so many numbers threads cost more than they save.
_FEW = 4096
_LIMIT = 2**32
_MASK = np.uint64(0xFFFFFFFF)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_WORD = np.uint64(32)
_DROP = np.uint64(11)
_ZERO = np.uint64(0)
_ONE = np.uint64(1)
_UNIT = 2.0**-53
_SMALLEST = 2.0**-54


def key_of(name: str) -> int:
    """A stable 64-bit hash of a name (BLAKE2b, UTF-8), the same in every process and on every machine."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def check_seed(seed: int) -> int:
    """The seed as a plain int; 0 is a seed like any other.

    Raises
    ------
    TypeError
        When it is not an integer (a bool or 1.0 is not).
    ValueError
        When it is negative or does not fit 64 bits.
    """
    if isinstance(seed, bool | np.bool_):
        raise TypeError(f"a seed is a whole number from 0, not {seed!r}")
    try:
        number = operator.index(seed)
    except TypeError:
        raise TypeError(f"a seed is a whole number from 0, not {seed!r}") from None
    if not 0 <= number < 2**64:
        raise ValueError(f"a seed is a whole number from 0 to 2^64 - 1, not {number}")
    return number


def stream(seed: int, actor: str = "", purpose: str = "") -> np.uint64:
    """The key of one stream.

    Parameters
    ----------
    seed : int
        From 0.
    actor : str
        Whose luck it is; empty for the world's own.
    purpose : str
        What it decides ("review", "offer"); two purposes are independent of one another.

    Returns
    -------
    numpy.uint64
        To be handed to the kernels of this module.
    """
    parts = (check_seed(seed), key_of(actor), key_of(purpose))
    text = b"".join(part.to_bytes(8, "little") for part in parts)
    return np.uint64(
        int.from_bytes(hashlib.blake2b(text, digest_size=8, person=b"accord-stream").digest(), "little")
    )


def streams(seed: int, actors: Sequence[str], purposes: Sequence[str]) -> Keys:
    """Keys of the streams of several actors and purposes, shape (actors, purposes)."""
    keys = [[stream(seed, actor, purpose) for purpose in purposes] for actor in actors]
    return np.array(keys, dtype=np.uint64).reshape(len(actors), len(purposes))


@njit(inline=True)
def philox(counter: Any, key: Any) -> Any:
    """Philox4x32 with ten rounds: four 32-bit words from four words of counter and two of key.

    Parameters
    ----------
    counter : tuple of 4 numpy.uint64
        Each below 2^32.
    key : tuple of 2 numpy.uint64
        Each below 2^32.

    Returns
    -------
    tuple of 4 numpy.uint64
        Each below 2^32.
    """
    a, b, c, d = counter
    left, right = key
    for _ in range(10):
        first = _MULTIPLIER_0 * a
        second = _MULTIPLIER_1 * c
        a = (second >> _WORD) ^ b ^ left
        c = (first >> _WORD) ^ d ^ right
        b = second & _MASK
        d = first & _MASK
        left = (left + _WEYL_0) & _MASK
        right = (right + _WEYL_1) & _MASK
    return a, b, c, d


@njit(inline=True)
def words(key: Any, world: Any, replicate: Any, step: Any, block: Any) -> Any:
    """Two independent 64-bit words of a stream, at four counters below 2^32."""
    # The masks change nothing; they let the compiler know that 32 bits are multiplied, which it can do several at once.
    first, second = np.uint64(world) & _MASK, np.uint64(replicate) & _MASK
    third, fourth = np.uint64(step) & _MASK, np.uint64(block) & _MASK
    a, b, c, d = philox((first, second, third, fourth), (np.uint64(key) & _MASK, np.uint64(key) >> _WORD))
    return a | (b << _WORD), c | (d << _WORD)


@njit()
def unit(word: Any) -> Any:
    """A 64-bit word as a float in the open interval (0, 1): its top 53 bits, with 2^-54 in place of zero."""
    return max(whole_number(word >> _DROP) * _UNIT, _SMALLEST)


@njit()
def uniform_pair(key: Any, world: Any, replicate: Any, step: Any, block: Any) -> Any:
    """Two uniform numbers in the open interval (0, 1): those at indices 2 block and 2 block + 1."""
    first, second = words(key, world, replicate, step, block)
    return unit(first), unit(second)


@njit()
def uniform(key: Any, world: Any, replicate: Any, step: Any, index: Any) -> Any:
    """One uniform number in the open interval (0, 1), with 53 random bits.

    Parameters
    ----------
    key : numpy.uint64
        From :func:`stream`.
    world, replicate, step : int
        Absolute numbers from 0, below 2^32.
    index : int
        Which number of this step, from 0, below 2^33; two neighbours share one block (see :func:`uniform_pair`).
    """
    which = np.uint64(index)
    first, second = words(key, world, replicate, step, which >> _ONE)
    return unit(first if which & _ONE == _ZERO else second)


@njit()
def normal_pair(key: Any, world: Any, replicate: Any, step: Any, block: Any) -> Any:
    """Two standard normal numbers: those at indices 2 block and 2 block + 1."""
    first, second = uniform_pair(key, world, replicate, step, block)
    return normal_quantile(first), normal_quantile(second)


@njit()
def normal(key: Any, world: Any, replicate: Any, step: Any, index: Any) -> Any:
    """One standard normal number, by inverse CDF of the :func:`uniform` number at the same place."""
    return normal_quantile(uniform(key, world, replicate, step, index))


@njit()
def normal_quantile(p: Any) -> Any:
    """Inverse of the standard normal CDF, relative error about 1e-16; infinite at 0 and 1, NaN outside.

    Algorithm AS 241, PPND16 (Wichura 1988, Applied Statistics 37, 477-484).
    """
    q = p - 0.5
    if is_middle(p):
        return middle_quantile(p)
    tail = p if q < 0.0 else 1.0 - p
    if not tail > 0.0:
        return math.copysign(math.inf, q) if tail == 0.0 else math.nan
    r = math.sqrt(-math.log(tail))
    z = _shoulder(r - 1.6) if r <= 5.0 else _far(r - 5.0)
    return math.copysign(z, q)


@njit()
def is_middle(p: Any) -> Any:
    """Whether :func:`middle_quantile` holds: 0.075 <= p <= 0.925."""
    return abs(p - 0.5) <= 0.425


@njit()
def middle_quantile(p: Any) -> Any:
    """:func:`normal_quantile` in the middle of the distribution, without a branch."""
    q = p - 0.5
    return q * _centre(0.180625 - q * q)


@njit()
def normal_cdf(z: Any) -> Any:
    """The standard normal CDF, accurate in the lower tail."""
    return 0.5 * math.erfc(-z * 0.7071067811865476)


@njit()
def _centre(r: Any) -> Any:
    """AS 241 for 0.075 <= p <= 0.925."""
    top = 2509.0809287301226727
    for factor in (
        33430.575583588128105,
        67265.770927008700853,
        45921.953931549871457,
        13731.693765509461125,
        1971.5909503065514427,
        133.14166789178437745,
        3.387132872796366608,
    ):
        top = top * r + factor
    low = 5226.495278852545925
    for factor in (
        28729.085735721942674,
        39307.89580009271061,
        21213.794301586595867,
        5394.1960214247511077,
        687.1870074920579083,
        42.313330701600911252,
        1.0,
    ):
        low = low * r + factor
    return top / low


@njit()
def _shoulder(r: Any) -> Any:
    """AS 241 for tails down to exp(-25)."""
    top = 7.7454501427834140764e-4
    for factor in (
        0.0227238449892691845833,
        0.24178072517745061177,
        1.27045825245236838258,
        3.64784832476320460504,
        5.7694972214606914055,
        4.6303378461565452959,
        1.42343711074968357734,
    ):
        top = top * r + factor
    low = 1.05075007164441684324e-9
    for factor in (
        5.475938084995344946e-4,
        0.0151986665636164571966,
        0.14810397642748007459,
        0.68976733498510000455,
        1.6763848301838038494,
        2.05319162663775882187,
        1.0,
    ):
        low = low * r + factor
    return top / low


@njit()
def _far(r: Any) -> Any:
    """AS 241 for tails beyond exp(-25)."""
    top = 2.01033439929228813265e-7
    for factor in (
        2.71155556874348757815e-5,
        0.0012426609473880784386,
        0.026532189526576123093,
        0.29656057182850489123,
        1.7848265399172913358,
        5.4637849111641143699,
        6.6579046435011037772,
    ):
        top = top * r + factor
    low = 2.04426310338993978564e-15
    for factor in (
        1.4215117583164458887e-7,
        1.8463183175100546818e-5,
        7.868691311456132591e-4,
        0.0148753612908506148525,
        0.13692988092273580531,
        0.59983220655588793769,
        1.0,
    ):
        low = low * r + factor
    return top / low


def uniforms(
    key: np.uint64, worlds: range, *, replicate: int = 0, step: int = 0, count: int = 1
) -> FloatArray:
    """Uniform numbers in the open interval (0, 1), shape (worlds, count).

    Parameters
    ----------
    key : numpy.uint64
        From :func:`stream`.
    worlds : range
        Absolute world numbers, consecutive.
    replicate, step : int
        From 0, below 2^32.
    count : int
        How many numbers per world; the first few do not depend on it.

    Raises
    ------
    ValueError
        When a number does not fit the counter or the worlds are not consecutive.
    """
    _check(worlds, replicate, step, count)
    out = np.empty((len(worlds), count))
    if out.size <= _FEW:
        _fill_few(out, np.uint64(key), worlds.start, replicate, step)
        return out
    with ALONE:
        _fill(out, np.uint64(key), worlds.start, replicate, step)
    return out


def normals(
    key: np.uint64, worlds: range, *, replicate: int = 0, step: int = 0, count: int = 1
) -> FloatArray:
    """Standard normal numbers, shape (worlds, count); parameters and errors as for :func:`uniforms`."""
    out = uniforms(key, worlds, replicate=replicate, step=step, count=count)
    with ALONE:
        _to_normal(out)
    return out


def _check(worlds: range, replicate: int, step: int, count: int) -> None:
    """Refuse what does not fit the counter."""
    if worlds.step != 1 or worlds.start < 0 or worlds.stop > _LIMIT:
        raise ValueError(f"worlds must be consecutive numbers from 0, below 2^32, not {worlds}")
    for name, value in (("replicate", replicate), ("step", step), ("count", count)):
        if not 0 <= value < _LIMIT:
            raise ValueError(f"{name} must be from 0, below 2^32, not {value}")


@njit()
def _fill_few(out: Any, key: Any, first: Any, replicate: Any, step: Any) -> None:
    """As :func:`_fill`, without the cost of waking threads."""
    for row in range(out.shape[0]):
        for index in range(out.shape[1]):
            out[row, index] = uniform(key, first + row, replicate, step, index)


@njit(parallel=True)
def _fill(out: Any, key: Any, first: Any, replicate: Any, step: Any) -> None:
    """Uniform numbers of consecutive worlds, one row each."""
    for row in numba.prange(out.shape[0]):
        for index in range(out.shape[1]):
            out[row, index] = uniform(key, first + row, replicate, step, index)


@njit(parallel=True)
def _to_normal(out: Any) -> None:
    """Uniform numbers to normal ones, in place."""
    for row in numba.prange(out.shape[0]):
        for index in range(out.shape[1]):
            out[row, index] = normal_quantile(out[row, index])
