"""Where in the unit cube the worlds lie: a scrambled Sobol sequence, or a Latin hypercube.

Both are functions of the absolute world number, so that any stretch of worlds can be drawn by itself.  What a path gets
depends on the seed, the path and (for Sobol) its place in the plan, and on no other path.
"""

from __future__ import annotations

import hashlib
import io
import operator
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accord.disk import recalled, remember

FloatArray = NDArray[np.float64]
Keys = NDArray[np.uint64]

_BITS = 30
_DIGITS = 53
# Direction numbers are kept for so many dimensions or a multiple: the first ones do not depend on how many there are.
_TOGETHER = 128
_MOST = 21201  # scipy has no more


@dataclass(frozen=True, slots=True, eq=False)
class Sobol:
    """A scrambled Sobol sequence.

    Direction numbers are those of Joe and Kuo (2008) as ``scipy.stats.qmc.Sobol`` has them; each dimension is scrambled
    by a random lower triangular matrix and a random shift (Matousek 1998), to all 53 bits, keyed by seed and path.
    scipy's own scrambling is not used because there the scrambling of one dimension depends on how many there are.

    Parameters
    ----------
    directions : ndarray of uint64, shape (dimensions, bits)
    shifts : ndarray of uint64, shape (dimensions,)
    """

    directions: Keys
    shifts: Keys

    def fill(self, out: FloatArray, rows: NDArray[np.int64], first: int, count: int) -> None:
        """Numbers in (0, 1) for the given dimensions from point *first* on, into *out* of shape (rows, worlds)."""
        from accord.worlds import kernels

        kernels.sobol_columns(out, first, self.directions[rows], self.shifts[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Latin:
    """A Latin hypercube: one world in each of *count* equal slices of every dimension, at a random place in it.

    Parameters
    ----------
    keys : ndarray of uint64, shape (dimensions,)
        Stream of each dimension.
    """

    keys: Keys

    def fill(self, out: FloatArray, rows: NDArray[np.int64], first: int, count: int) -> None:
        """Numbers in (0, 1) for the given dimensions from point *first* on, into *out* of shape (rows, worlds)."""
        from accord.worlds import kernels

        kernels.latin_columns(out, first, count, self.keys[rows])


def check_count(count: int, method: str) -> int:
    """The number of worlds as a plain int.

    Raises
    ------
    TypeError
        When it is not an integer.
    ValueError
        When it is below 1, above 2^30, not a power of two for Sobol (the nearest are named), or the method is unknown.
    """
    if method not in ("sobol", "latin"):
        raise ValueError(f"unknown method '{method}', expected 'sobol' or 'latin'")
    try:
        number = operator.index(count)
    except TypeError:
        raise TypeError(f"the number of worlds is a whole number, not {count!r}") from None
    if not 1 <= number <= 2**_BITS:
        raise ValueError(f"the number of worlds is from 1 to 2^{_BITS}, not {number}")
    if method == "sobol" and number & (number - 1):
        below = 1 << (number.bit_length() - 1)
        raise ValueError(
            f"a Sobol sequence is balanced only for a power of two: {below} or {2 * below} worlds, not {number}"
        )
    return number


def design(paths: tuple[str, ...], count: int, seed: int, method: str) -> Sobol | Latin:
    """The design of *count* worlds with one dimension per path; errors as :func:`check_count` and ``check_seed``."""
    from accord.engine.streams import check_seed

    number = check_count(count, method)
    return _design(paths, max(1, number.bit_length() - 1), check_seed(seed), method)


@lru_cache(maxsize=8)
def _design(paths: tuple[str, ...], bits: int, seed: int, method: str) -> Sobol | Latin:
    """The design, made once for many chunks."""
    from accord.engine.streams import stream

    if method == "latin":
        return Latin(np.array([stream(seed, path, "latin") for path in paths], dtype=np.uint64))
    keys = np.array([stream(seed, path, "sobol") for path in paths], dtype=np.uint64)
    directions, shifts = _scrambled(sobol_directions(len(paths), bits), keys)
    return Sobol(directions << np.uint64(64 - _DIGITS), shifts << np.uint64(64 - _DIGITS))


def sobol_directions(dimensions: int, bits: int) -> Keys:
    """Direction numbers of the first dimensions of the Sobol sequence, shape (dimensions, bits), as 53-bit words.

    Read off scipy's sequence: by its Gray code order, point 2^(j+1) - 1 is direction number j.  Kept in the user's cache
    folder, for scipy takes a second to load and to make them.
    """
    whole = max(dimensions, min(-(-max(dimensions, 1) // _TOGETHER) * _TOGETHER, _MOST))
    source = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    key = f"sobol {version('scipy')} {version('numpy')} {source} {whole} {bits}"
    held = recalled("worlds", key)
    if held is not None:
        with io.BytesIO(held) as raw:
            kept: Keys = np.load(raw, allow_pickle=False)
        return kept[:dimensions].copy()
    made = _read_off(whole, bits)
    with io.BytesIO() as raw:
        np.save(raw, made, allow_pickle=False)
        remember("worlds", key, raw.getvalue())
    return made[:dimensions].copy()


def _read_off(dimensions: int, bits: int) -> Keys:
    """Direction numbers from scipy."""
    from scipy.stats import qmc

    out = np.zeros((dimensions, bits), dtype=np.uint64)
    if dimensions == 0:
        return out
    engine = qmc.Sobol(dimensions, scramble=False, bits=_BITS)
    at = 0
    for bit in range(min(bits, _BITS)):
        point = 2 ** (bit + 1) - 1
        if point > at:
            engine.fast_forward(point - at)
        out[:, bit] = (engine.random(1)[0] * 2.0**_DIGITS).astype(np.uint64)
        at = point + 1
    return out


def _scrambled(directions: Keys, keys: Keys) -> tuple[Keys, Keys]:
    """Direction numbers times a random lower triangular matrix with ones on its diagonal, and a random shift, by dimension."""
    from accord.engine.streams import uniforms

    random = np.zeros((len(keys), _BITS + 1), dtype=np.uint64)
    for row, key in enumerate(keys):
        random[row] = (uniforms(key, range(1), count=_BITS + 1)[0] * 2.0**_DIGITS).astype(np.uint64)
    out = np.zeros_like(directions)
    for digit in range(_BITS):
        place = np.uint64(_DIGITS - 1 - digit)
        own = np.uint64(1) << place
        column = own | (random[:, digit, None] & (own - np.uint64(1)))
        out ^= np.where((directions >> place) & np.uint64(1), column, np.uint64(0))
    return out, random[:, _BITS]
