"""Joint output of several kinds of means, and the chance that it prevails against an opponent.

Sources: K. J. Arrow, H. B. Chenery, B. S. Minhas and R. M. Solow, "Capital-labor substitution and economic
efficiency", Review of Economics and Statistics 43 (1961) 225-250, for constant elasticity of substitution (their
exponent is the negative of ours); G. Tullock, "Efficient rent seeking" (1980), and S. Skaperdas, "Contest success
functions", Economic Theory 7 (1996) 283-290, for the ratio form of a contest.  The forms are those of the project's
specification (endurance model, section 3, "Production"); the numbers of the printed equations were not looked up.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from accord.formulas.arithmetic import exp, expm1, log, log1p, ordered_sum, ratio

FloatArray = NDArray[np.float64]

# Below this exponent the aggregate equals the minimum to eleven digits, and products of it stay finite.
_LOWEST = -1e12
# Nearer to 0 than this an exponent is 0: products with it would lose their digits.
_SMALLEST = 1e-200
_MOST_DECISIVE = 1e12


def joint_output(amounts: FloatArray, weights: FloatArray, substitution: FloatArray | float) -> FloatArray:
    """Constant-elasticity aggregate ``Q = (sum_m alpha_m r_m^rho)^(1/rho)`` (Arrow et al. 1961).

    ``rho = 0`` is the geometric mean, ``rho = 1`` the arithmetic one, a very negative ``rho`` the minimum.  A
    resource of weight 0 does not count.  With ``rho <= 0`` a resource that counts and is absent makes the output 0.

    Parameters
    ----------
    amounts : ndarray, shape (..., resources)
        Amounts r_m, at least 0, in the resources' own index units; NaN makes the output NaN.
    weights : ndarray, shape (..., resources)
        Weights alpha_m, at least 0; scaled here to sum to 1.  A NaN, or no weight above 0, makes the output NaN.
    substitution : float or ndarray, shape (...)
        The exponent rho, at most 1 (elasticity of substitution 1/(1 - rho)); NaN makes the output NaN.

    Returns
    -------
    ndarray, shape (...)
        Joint output, in the units of the amounts.

    Raises
    ------
    ValueError
        When an amount or weight is negative or infinite, or an exponent exceeds 1.
    """
    rho = np.asarray(substitution, dtype=np.float64)
    rho = np.where(np.abs(rho) < _SMALLEST, 0.0, rho)
    _check_inputs(amounts, weights, rho)
    shape = np.broadcast_shapes(amounts.shape, weights.shape, (*rho.shape, 1))
    amount = np.array(np.broadcast_to(amounts, shape), dtype=np.float64)
    alpha = np.array(np.broadcast_to(ratio(weights, ordered_sum(weights)[..., None]), shape))
    exponent = np.array(np.broadcast_to(rho, shape[:-1]))
    unknown = np.isnan(exponent) | np.isnan(amount).any(axis=-1) | np.isnan(alpha).any(axis=-1)
    lost = ((alpha > 0) & (amount == 0)).any(axis=-1)
    present = np.where((amount > 0) & (alpha > 0), alpha, 0.0)
    held = ordered_sum(present)
    nothing = (held == 0) | (lost & (exponent <= 0))
    usable = ~unknown & ~nothing
    safe = np.where(usable[..., None] & (present > 0), amount, 1.0)
    shares = np.where(usable[..., None], ratio(present, held[..., None]), 1.0 / shape[-1])
    logarithm = _log_mean(log(safe), shares, np.where(usable, np.maximum(exponent, _LOWEST), 1.0))
    positive = usable & (exponent > 0)
    # Absent resources still weigh: sum alpha r^rho = held * sum shares r^rho.
    divisor = np.where(positive, exponent, 1.0)
    logarithm = logarithm + np.where(positive, log(np.where(usable, held, 1.0)), 0.0) / divisor
    return np.where(unknown, np.nan, np.where(nothing, 0.0, exp(np.where(usable, logarithm, 0.0))))


def _check_inputs(amounts: FloatArray, weights: FloatArray, rho: FloatArray) -> None:
    """Refuse numbers for which the aggregate has no meaning."""
    for name, values in (("amounts", amounts), ("weights", weights)):
        if np.any(values < 0) or np.any(np.isinf(values)):
            raise ValueError(f"{name} must be finite and at least 0")
    if amounts.shape[-1:] == (0,):
        raise ValueError("there must be at least one resource")
    if np.any(rho > 1):
        raise ValueError("substitution must be at most 1: above it more of the same beats any mixture")


def _log_mean(logs: FloatArray, shares: FloatArray, exponent: FloatArray) -> FloatArray:
    """Logarithm of the power mean; exact to rounding for any exponent, the geometric mean at 0 included.

    Near 0 through expm1 and log1p around the geometric mean (the two cancel without loss), elsewhere by factoring out
    the largest term.
    """
    centre = ordered_sum(shares * logs)
    powers = exponent[..., None] * (logs - centre[..., None])
    counted = np.where(shares > 0, powers, -np.inf)
    most = counted.max(axis=-1)
    near = np.abs(np.where(shares > 0, powers, 0.0)).max(axis=-1) < 0.5
    small = np.where(near[..., None], powers, 0.0)
    close = log1p(ordered_sum(shares * expm1(np.where(shares > 0, small, 0.0))))
    far = log(ordered_sum(shares * exp(np.where(shares > 0, powers - most[..., None], 0.0)))) + most
    divisor = np.where(exponent == 0, 1.0, exponent)
    return np.asarray(centre + np.where(exponent == 0, 0.0, np.where(near, close, far) / divisor))


def contest_success(output: FloatArray, opposed: FloatArray, exponent: FloatArray | float) -> FloatArray:
    """Chance to prevail ``pi = Q^n / (Q^n + X^n)`` (Tullock 1980; ratio form of Skaperdas 1996).

    Parameters
    ----------
    output : ndarray
        Own output Q, at least 0.
    opposed : ndarray
        What opposes it, X, at least 0 (here the threat: sum_k h_k R_k), in the units of Q.
    exponent : float or ndarray
        How decisive being stronger is, n, at least 0; at 0 strength does not matter and the chance is 1/2.

    Returns
    -------
    ndarray
        Between 0 and 1, of the broadcast shape; NaN where an input is NaN or both sides are 0 (and n is not).

    Raises
    ------
    ValueError
        When an input is negative.
    """
    own, other, n = np.broadcast_arrays(np.asarray(output), np.asarray(opposed), np.asarray(exponent))
    own, other, n = own.astype(np.float64), other.astype(np.float64), n.astype(np.float64)
    if np.any(own < 0) or np.any(other < 0) or np.any(n < 0):
        raise ValueError("outputs and exponent of a contest must be at least 0")
    unknown = np.isnan(own) | np.isnan(other) | np.isnan(n)
    fought = (own > 0) & (other > 0) & ~unknown
    lead = log(np.where(fought, own, 1.0)) - log(np.where(fought, other, 1.0))
    odds = np.where(fought, np.minimum(n, _MOST_DECISIVE), 0.0) * lead
    falling = exp(-np.abs(odds))
    chance = np.where(odds >= 0, 1.0 / (1.0 + falling), falling / (1.0 + falling))
    onesided = np.where((own == 0) & (other == 0), np.nan, np.where(own > 0, 1.0, 0.0))
    chance = np.where(fought | (n == 0), chance, onesided)
    return np.where(unknown, np.nan, chance)


def contest_slope(output: FloatArray, opposed: FloatArray, exponent: FloatArray | float) -> FloatArray:
    """Derivative of :func:`contest_success` with respect to the opposing side, ``-n pi (1 - pi) / X``.

    Parameters
    ----------
    output, opposed, exponent
        As in :func:`contest_success`.

    Returns
    -------
    ndarray
        At most 0, per unit of X; NaN where X is 0 or an input is NaN.
    """
    chance = contest_success(output, opposed, exponent)
    return -np.asarray(exponent) * chance * ratio(1.0 - chance, np.asarray(opposed, dtype=np.float64))
