"""Elementary functions of one number or of four side by side: the same arithmetic, so the same bits, whatever the processor.

A library's exponential takes one number at a time, and differs from machine to machine in the last bit.  These have an
error of about one unit in the last place.
"""

from __future__ import annotations

import math
from typing import Any

from accord.engine.compile import njit
from accord.engine.lanes import exponent, mantissa, pick, two_to

_LOG2_E = 1.4426950408889634
# ln 2 in two parts, of which the first has so few bits that a whole number times it is exact (Cody and Waite 1980).
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_SHIFT = 6755399441055744.0  # 1.5 x 2^52: adding it rounds to a whole number
_HIGHEST, _LOWEST = 709.0, -708.0
_SMALLEST = 2.2250738585072014e-308
_LOG10_E = 0.4342944819032518


@njit(melt=True)
def larger(x: Any, y: Any) -> Any:
    """The larger one; the second where one is missing."""
    return pick(x > y, x, y)


@njit(melt=True)
def smaller(x: Any, y: Any) -> Any:
    """The smaller one; the second where one is missing."""
    return pick(x < y, x, y)


@njit(melt=True)
def clip(x: Any, low: float, high: float) -> Any:
    """Not below *low* nor above *high*."""
    return smaller(larger(x, low), high)


@njit(melt=True)
def _reduced(x: Any) -> Any:
    """Whole number k (shifted) and ``e^r - 1`` for ``x = k ln 2 + r``, ``|r| <= ln(2)/2``, by its Taylor series."""
    shifted = x * _LOG2_E + _SHIFT
    k = shifted - _SHIFT
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    # In pairs (Estrin), so that products need not wait for one another.
    square = r * r
    fourth = square * square
    low = (1.0 / 2.0 + r * (1.0 / 6.0)) + square * (1.0 / 24.0 + r * (1.0 / 120.0))
    middle = (1.0 / 720.0 + r * (1.0 / 5040.0)) + square * (1.0 / 40320.0 + r * (1.0 / 362880.0))
    high = (1.0 / 3628800.0 + r * (1.0 / 39916800.0)) + square * (
        1.0 / 479001600.0 + r * (1.0 / 6227020800.0)
    )
    return shifted, r + square * (low + fourth * (middle + fourth * high))


@njit(melt=True)
def exp(x: Any) -> Any:
    """``e^x``; 0 below -708 (where numbers lose their precision), infinite above 709."""
    shifted, less_one = _reduced(x)
    inside = two_to(shifted) * (1.0 + less_one)
    return pick(x < _LOWEST, 0.0, pick(x > _HIGHEST, math.inf, inside))


@njit(melt=True)
def expm1(x: Any) -> Any:
    """``e^x - 1``, exact for small x too; -1 below -708, infinite above 709."""
    shifted, less_one = _reduced(x)
    scale = two_to(shifted)
    inside = scale * less_one + (scale - 1.0)
    return pick(x < _LOWEST, -1.0, pick(x > _HIGHEST, math.inf, inside))


@njit(melt=True)
def log(x: Any) -> Any:
    """Natural logarithm: minus infinity at 0 (and below the smallest normal number), missing below it.

    ``log(1 + f) = 2 artanh(f / (2 + f))`` by its minimax polynomial (Tang 1990; the coefficients of FDLIBM).
    """
    k = exponent(x)
    f = mantissa(x) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    odd = z * (
        6.666666666666735130e-01
        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    half = 0.5 * f * f
    inside = k * _LN2_HIGH - ((half - (s * (half + (odd + even)) + k * _LN2_LOW)) - f)
    finite = pick(x == math.inf, x, inside)
    return pick(x >= _SMALLEST, finite, pick(x >= 0.0, -math.inf, math.nan))


@njit(melt=True)
def log10(x: Any) -> Any:
    """Logarithm to base ten."""
    return log(x) * _LOG10_E


@njit(melt=True)
def power(x: Any, y: Any) -> Any:
    """``x^y`` for x from 0; 1 where y is 0."""
    return pick(y == 0.0, 1.0, exp(y * log(x)))


@njit(melt=True)
def logistic(x: Any) -> Any:
    """Inverse of the log-odds, ``1/(1 + e^-x)``."""
    e = exp(-abs(x))
    return pick(x >= 0.0, 1.0, e) / (1.0 + e)


@njit(melt=True)
def log_odds(share: Any) -> Any:
    """Log-odds of a share, the share kept a hair inside (0, 1)."""
    inside = clip(share, 1e-12, 1.0 - 1e-12)
    return log(inside / (1.0 - inside))
