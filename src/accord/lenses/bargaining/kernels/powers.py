"""Powers of many numbers at once, in loops that processors run on several numbers together.

Logarithm after FreeBSD's ``e_log.c`` (its published minimax coefficients), exponential by its series on half a binary
digit; together within a few units of the last place for the exponents used here.
"""

from __future__ import annotations

import numpy as np
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


@njit(inner=True)
def raise_all(base: F64, exponent: F64, spare: F64) -> None:
    """Raise each of *base* to its *exponent*, in place.

    Parameters
    ----------
    base : ndarray, shape (numbers,)
        From 0 to about 1; 0 gives not quite 0 (below 1e-300).
    exponent : ndarray, shape (numbers,)
        From 1/2 to 2.
    spare : ndarray, shape (numbers,)
        Overwritten.
    """
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
        tail = 0.1818357216161805 + z * (0.1531383769920937 + z * 0.1479819860511659)
        tail = 0.3999999999940942 + z * (0.2857142874366239 + z * (0.2222219843214978 + z * tail))
        tail = z * (0.6666666666666735 + z * tail)
        y = exponent[j] * (k * _LN2_HIGH + ((f - s * (f - tail)) + k * _LN2_LOW))
        y = y if y > _FLOOR else _FLOOR
        t = y * _LOG2_E + _ROUNDER
        whole = t - _ROUNDER
        r = (y - whole * _LN2_HIGH) - whole * _LN2_LOW
        p = 1 / 39916800 + r * (1 / 479001600 + r * (1 / 6227020800))
        p = 1 / 40320 + r * (1 / 362880 + r * (1 / 3628800 + r * p))
        p = 1 / 120 + r * (1 / 720 + r * (1 / 5040 + r * p))
        p = 1.0 + r * (1.0 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * p))))
        base[j] = p
        spare[j] = t
    for j in range(n):
        bits[j] = bits[j] + (other[j] << _SHIFT)
