"""Powers of many numbers at once, in loops that processors run on several numbers together.

Logarithm after FreeBSD's ``e_log.c`` (its published minimax coefficients), exponential by its series on half a binary
digit; together within a few units of the last place for the exponents used here.  Products that are added are rounded
once: the same on every processor, and quicker on those that can do it in one step.
"""

from __future__ import annotations

from typing import Any

import numba.core.types
import numpy as np
from numba.core.extending import intrinsic
from numpy.typing import NDArray

from accord.engine.compile import njit

F64 = NDArray[np.float64]

_SHIFT = np.uint64(52)
_FRACTION = np.uint64((1 << 52) - 1)
_ONE = np.uint64(1023 << 52)
# The bits of 2**52: a whole number put into its last places becomes 2**52 plus that number.
_WHOLE = np.uint64(0x4330000000000000)
_BIAS = 2.0**52 + 1023
# Adding this rounds to whole numbers, which then stand in the last places.
_ROUNDER = 1.5 * 2.0**52
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_LOG2_E = 1.4426950408889634
_ROOT = 1.4142135623730951
# exp(-700) is 0 beside any number here, and far from where exponents run out.
_FLOOR = -700.0
# Numbers are taken in pieces that stay in the nearest cache.
PIECE = 512

# numba comes without types for these.
_types: Any = numba.core.types


def _once_rounded(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """The number ``a * b + c``, rounded once."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """One instruction where there is one."""
        return builder.fma(*values)

    return _types.float64(_types.float64, _types.float64, _types.float64), generate


_fma: Any = intrinsic(_once_rounded)


@njit(inner=True)
def _log_piece(base: F64, spare: F64) -> None:
    """Logarithms of a piece, in place."""
    n = base.size
    bits, other = base.view(np.uint64), spare.view(np.uint64)
    for j in range(n):
        other[j] = (bits[j] >> _SHIFT) | _WHOLE
        bits[j] = (bits[j] & _FRACTION) | _ONE
    for j in range(n):
        m, k = base[j], spare[j] - _BIAS
        large = m > _ROOT
        m = 0.5 * m if large else m
        k = k + 1.0 if large else k
        f = m - 1.0
        s = f / (2.0 + f)
        z = s * s
        w = z * z
        even = w * _fma(w, _fma(w, 0.1531383769920937, 0.2222219843214978), 0.3999999999940942)
        odd = _fma(w, 0.1479819860511659, 0.1818357216161805)
        odd = z * _fma(w, _fma(w, odd, 0.2857142874366239), 0.6666666666666735)
        base[j] = _fma(k, _LN2_HIGH, _fma(k, _LN2_LOW, f - s * (f - (even + odd))))


@njit(inner=True)
def _exp_piece(power: F64, spare: F64) -> None:
    """Exponentials of a piece, in place."""
    n = power.size
    bits, other = power.view(np.uint64), spare.view(np.uint64)
    for j in range(n):
        y = power[j]
        y = y if y > _FLOOR else _FLOOR
        t = _fma(y, _LOG2_E, _ROUNDER)
        whole = t - _ROUNDER
        r = _fma(-whole, _LN2_LOW, _fma(-whole, _LN2_HIGH, y))
        r2 = r * r
        r4 = r2 * r2
        a = _fma(r2, _fma(r, 1 / 6, 1 / 2), 1.0 + r)
        b = _fma(r2, _fma(r, 1 / 5040, 1 / 720), _fma(r, 1 / 120, 1 / 24))
        c = _fma(r2, _fma(r, 1 / 39916800, 1 / 3628800), _fma(r, 1 / 362880, 1 / 40320))
        c = _fma(r4, _fma(r, 1 / 6227020800, 1 / 479001600), c)
        power[j] = _fma(r4, _fma(r4, c, b), a)
        spare[j] = t
    for j in range(n):
        bits[j] = bits[j] + (other[j] << _SHIFT)


@njit(inner=True)
def log_all(base: F64, spare: F64) -> None:
    """Natural logarithm of each of *base*, in place.

    Parameters
    ----------
    base : ndarray, shape (numbers,)
        From 0 to about 1; 0 gives -709.1.
    spare : ndarray, shape (PIECE,)
        Overwritten.
    """
    for a in range(0, base.size, PIECE):
        piece = base[a : min(a + PIECE, base.size)]
        _log_piece(piece, spare)


@njit(inner=True)
def exp_all(power: F64, spare: F64) -> None:
    """Exponential of each of *power*, in place.

    Parameters
    ----------
    power : ndarray, shape (numbers,)
        At most 0; below -700 is taken for -700.
    spare : ndarray, shape (PIECE,)
        Overwritten.
    """
    for a in range(0, power.size, PIECE):
        piece = power[a : min(a + PIECE, power.size)]
        _exp_piece(piece, spare)


@njit(inner=True)
def raise_all(base: F64, exponent: F64, spare: F64) -> None:
    """Raise each of *base* to its *exponent*, in place.

    Parameters
    ----------
    base : ndarray, shape (numbers,)
        From 0 to about 1; 0 gives not quite 0 (below 1e-150).
    exponent : ndarray, shape (numbers,)
        From 1/2 to 2.
    spare : ndarray, shape (PIECE,)
        Overwritten.
    """
    for a in range(0, base.size, PIECE):
        end = min(a + PIECE, base.size)
        piece = base[a:end]
        _log_piece(piece, spare)
        for j in range(end - a):
            piece[j] *= exponent[a + j]
        _exp_piece(piece, spare)
