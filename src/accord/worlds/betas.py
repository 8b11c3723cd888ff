"""Tables of the inverse CDF of the unit beta, one per shape; those of a whole situation are kept in the user's cache folder."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from accord.disk import recalled, remember
from accord.formulas import exp

FloatArray = NDArray[np.float64]
Shape = tuple[float, float]
# How finely an octave of probability is divided (None: no table is fine enough), and the cubics of both halves.
Table = tuple[int | None, FloatArray]

_ERROR = 5e-8
_COARSE, _FINE = 2, 9  # bits by which an octave of probability is divided
# From so many new shapes on, reading them is quicker than making them.
_WORTH_KEEPING = 16
_MOST_HELD = 4096
_HELD: dict[Shape, Table] = {}


def table_of(alpha: float, beta: float) -> Table:
    """Subdivisions of an octave, and coefficients of shape (cells of the lower half, then of the upper, 4).

    Without subdivisions (a shape too steep for a table) there are no cells.
    """
    found = _HELD.get((alpha, beta))
    if found is None:
        if len(_HELD) >= _MOST_HELD:
            _HELD.clear()
        found = _HELD[alpha, beta] = _made(alpha, beta)
    return found


def tabulate(shapes: Iterable[Shape]) -> None:
    """Make the tables of many shapes at once, or take them from the cache folder; results are the same."""
    new = sorted(shape for shape in set(shapes) if shape not in _HELD)
    if len(new) < _WORTH_KEEPING:
        return
    key = f"betas {version('scipy')} {np.__version__} {_source()} {new!r}"
    held = recalled("worlds", key)
    tables = None if held is None else _unpacked(held, len(new))
    if tables is None:
        tables = [_made(*shape) for shape in new]
        remember("worlds", key, _packed(tables))
    if len(_HELD) + len(new) > _MOST_HELD:
        _HELD.clear()
    _HELD.update(zip(new, tables, strict=True))


def _source() -> str:
    """Hash of this file, so that a change of it is never met by old tables."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


def _packed(tables: list[Table]) -> bytes:
    """Tables as bytes."""
    with io.BytesIO() as raw:
        bits = np.array([-1 if table[0] is None else table[0] for table in tables], dtype=np.int64)
        lengths = np.array([len(table[1]) for table in tables], dtype=np.int64)
        np.savez(raw, bits=bits, lengths=lengths, cubics=np.concatenate([table[1] for table in tables]))
        return raw.getvalue()


def _unpacked(content: bytes, count: int) -> list[Table] | None:
    """Tables from bytes; None when they are not what they should be."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            bits, lengths, cubics = held["bits"], held["lengths"], held["cubics"]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    if len(bits) != count or lengths.shape != bits.shape or cubics.shape != (lengths.sum(), 4):
        return None
    cubics.flags.writeable = False
    parts = np.split(cubics, np.cumsum(lengths)[:-1])
    return [(None if b < 0 else int(b), part) for b, part in zip(bits, parts, strict=True)]


def _made(alpha: float, beta: float) -> Table:
    """The table of one shape."""
    bits = _bits_for(alpha, beta)
    if bits is None:
        return None, np.zeros((0, 4))
    table = np.concatenate([_cubics(alpha, beta, bits), _cubics(beta, alpha, bits)])
    table.flags.writeable = False
    return bits, table


def _bits_for(alpha: float, beta: float) -> int | None:
    """How finely both halves of a beta's table must be divided; None when no table is fine enough."""
    spread = float(np.diff(unit_beta(alpha, beta, np.array([0.001, 0.999])))[0])
    for bits in range(_COARSE, _FINE + 1):
        if _error(alpha, beta, bits) <= _ERROR * spread and _error(beta, alpha, bits) <= _ERROR * spread:
            return bits
    return None


def _error(alpha: float, beta: float, bits: int) -> float:
    """Largest error of the cubics in the middle of their cells."""
    cubics = _cubics(alpha, beta, bits)
    guess = cubics @ np.array([1.0, 0.5, 0.25, 0.125])
    exact = _half_beta(alpha, beta, bits + 1)[0][1::2]
    return float(np.abs(guess - exact).max())


@lru_cache(maxsize=64)
def _cubics(alpha: float, beta: float, bits: int) -> FloatArray:
    """Coefficients over each cell of the lower half of a unit beta, shape (cells, 4)."""
    value, slope, width = _half_beta(alpha, beta, bits)
    rise, first, last = np.diff(value), slope[:-1] * width, slope[1:] * width
    cubics: FloatArray = np.stack(
        [value[:-1], first, 3.0 * rise - 2.0 * first - last, first + last - 2.0 * rise], axis=-1
    )
    cubics.flags.writeable = False
    return cubics


@lru_cache(maxsize=64)
def _half_beta(alpha: float, beta: float, bits: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Value and slope of the unit beta at the ends of cells from probability 2^-54 to 1/2, and the cells' widths."""
    from scipy.special import betaln, xlog1py, xlogy

    from accord.worlds.kernels import OCTAVES

    octave = 2.0 ** np.arange(-1 - OCTAVES, -1)[:, None]
    v = np.append((octave * (1.0 + np.arange(2**bits) / 2**bits)).ravel(), 0.5)
    x = unit_beta(alpha, beta, v)
    with np.errstate(over="ignore", invalid="ignore"):
        slope = exp(betaln(alpha, beta) - xlogy(alpha - 1.0, x) - xlog1py(beta - 1.0, -x))
    return x, np.where(np.isfinite(slope), slope, 0.0), np.diff(v)


def unit_beta(alpha: float, beta: float, p: FloatArray) -> FloatArray:
    """Quantiles of the unit beta; by bisection of the logarithm where scipy's inverse gives up (now and then)."""
    from scipy.special import betainc, betaincinv

    x: FloatArray = betaincinv(alpha, beta, p)
    lost = ~np.isfinite(x)
    if lost.any():
        low, high = np.full(int(lost.sum()), -745.0), np.zeros(int(lost.sum()))
        for _ in range(80):
            middle = 0.5 * (low + high)
            above = betainc(alpha, beta, exp(middle)) >= p[lost]
            low, high = np.where(above, low, middle), np.where(above, middle, high)
        x[lost] = exp(high)
    return x
