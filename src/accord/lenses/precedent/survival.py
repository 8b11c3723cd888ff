"""Survival and cumulative incidence from durations: Kaplan-Meier, Aalen-Johansen, rates, a Weibull fit.

Written out here because the lens works without an extra; lifelines is the oracle of the tests.  Sources: E. L. Kaplan and
P. Meier, JASA 53 (1958) 457-481; M. Greenwood (1926) for the variance of survival; O. O. Aalen and S. Johansen,
Scandinavian Journal of Statistics 5 (1978) 141-150; J. J. Gaynor and others, JASA 88 (1993) 400-409, for the variance of
incidence; J. D. Kalbfleisch and R. L. Prentice (1980) for intervals on the log-log scale; R. Brookmeyer and J. Crowley,
Biometrics 38 (1982) 29-41, for the median; E. B. Wilson, JASA 22 (1927) 209-212, for shares.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

LEVEL = 0.95
_TIE = 9  # decimals of a year within which two durations are the same: a thirtieth of a second
_HALF = 1e-9


class Estimated(NamedTuple):
    """A number with the limits of its interval; NaN where it is not defined."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A step function of time since the start, with pointwise intervals.

    Parameters
    ----------
    times : ndarray, shape (steps,)
        Distinct times at which something ended.
    value, low, high : ndarray, shape (steps,)
        After each time; 95 % unless said otherwise.
    at_risk : ndarray of int, shape (steps,)
        Still there just before each time.
    start : float
        Value before the first time: 1 for survival, 0 for incidence.
    follow_up : float
        Longest duration; later nothing is known, unless everybody has ended.
    durations : ndarray
        Sorted, for the number still there at any time.
    level : float
        Of the intervals.
    done : bool
        Whether everybody has ended.
    greenwood : ndarray, shape (steps,)
        Greenwood's sum after each time, of a curve of survival; infinite once everybody has ended.
    """

    times: FloatArray
    value: FloatArray
    low: FloatArray
    high: FloatArray
    at_risk: IntArray
    start: float
    follow_up: float
    durations: FloatArray
    level: float
    done: bool
    greenwood: FloatArray = field(default_factory=lambda: np.empty(0))

    def at(self, time: float) -> Estimated:
        """The curve at a time.

        NaN after the longest duration, unless everybody has ended by then.  Where nothing has happened yet, the interval is
        the exact binomial one of those still under observation.
        """
        if time > self.follow_up + 10.0**-_TIE and not self.done:
            return Estimated(math.nan, math.nan, math.nan)
        step = int(np.searchsorted(self.times, time + 10.0**-_TIE, "right")) - 1
        if step >= 0 and self.value[step] != self.start:
            return Estimated(float(self.value[step]), float(self.low[step]), float(self.high[step]))
        room = 1.0 - ((1.0 - self.level) / 2.0) ** (1.0 / max(self.still(time), 1))
        if self.start == 0.0:
            return Estimated(0.0, 0.0, room)
        return Estimated(1.0, 1.0 - room, 1.0)

    def still(self, time: float) -> int:
        """How many are under observation for at least this time."""
        return len(self.durations) - int(np.searchsorted(self.durations, time - 10.0**-_TIE, "left"))

    def greenwood_at(self, time: float) -> float:
        """Greenwood's sum at a time, of a curve of survival: 0 before the first ending."""
        step = int(np.searchsorted(self.times, time + 10.0**-_TIE, "right")) - 1
        return float(self.greenwood[step]) if step >= 0 else 0.0


def _checked(durations: ArrayLike, ended: ArrayLike) -> tuple[FloatArray, IntArray]:
    """Durations and codes of what ended them, as arrays.

    Raises
    ------
    ValueError
        Saying how many of them are not usable.
    """
    times = np.asarray(durations, dtype=np.float64)
    codes = np.asarray(ended, dtype=np.float64)
    if times.ndim != 1 or times.shape != codes.shape:
        raise ValueError(f"durations {times.shape} and endings {codes.shape} are not two lists of one length")
    if not len(times):
        raise ValueError("there is nothing to count: no durations")
    wrong = ~np.isfinite(times) | (times < 0)
    if wrong.any():
        raise ValueError(f"{int(wrong.sum())} of {len(times)} durations are missing, infinite or below 0")
    odd = ~np.isfinite(codes) | (codes < 0) | (codes != np.floor(codes))
    if odd.any():
        raise ValueError(f"{int(odd.sum())} of {len(codes)} endings are missing or no whole numbers from 0")
    return np.round(times, _TIE), codes.astype(np.int64)


def _counts(times: FloatArray, codes: IntArray) -> tuple[FloatArray, IntArray, IntArray]:
    """Distinct times of endings, those at risk just before, and endings at each."""
    grid = np.unique(times[codes > 0])
    every, ends = np.sort(times), np.sort(times[codes > 0])
    at_risk = len(every) - np.searchsorted(every, grid, "left")
    events = np.searchsorted(ends, grid, "right") - np.searchsorted(ends, grid, "left")
    return grid, at_risk.astype(np.int64), events.astype(np.int64)


def normal(level: float) -> float:
    """The two-sided quantile of the normal distribution."""
    from scipy.special import ndtri

    if not 0.0 < level < 1.0:
        raise ValueError(f"the level of an interval lies between 0 and 1, not at {level}")
    return float(ndtri(0.5 + level / 2.0))


def _product(events: IntArray, at_risk: IntArray) -> FloatArray:
    """Survival after each time."""
    return np.asarray(np.cumprod(1.0 - events / at_risk), dtype=np.float64)


def kaplan_meier(durations: ArrayLike, ended: ArrayLike, level: float = LEVEL) -> Curve:
    """Survival by Kaplan and Meier.

    ``S(t) = prod_{t_i <= t} (1 - d_i/n_i)``; Greenwood's variance ``S^2 sum d_i/(n_i (n_i - d_i))``; interval on the scale
    ``log(-log S)``.  Where everybody has ended, S is 0 and keeps the upper limit that it had before.

    Parameters
    ----------
    durations : array_like, shape (n,)
        0 or more, of any unit.
    ended : array_like, shape (n,)
        0 where the end was not seen, otherwise a code above 0.
    level : float
        Of the interval.

    Raises
    ------
    ValueError
        For values that are missing or out of range.
    """
    times, codes = _checked(durations, ended)
    quantile = normal(level)
    grid, at_risk, events = _counts(times, codes)
    value = _product(events, at_risk)
    left = at_risk - events
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(events / (at_risk * left))
        spread = np.exp(quantile * np.sqrt(greenwood) / -np.log(value))
        low, high = value**spread, value ** (1.0 / spread)
    gone = left == 0
    low[gone] = 0.0
    high[gone] = (high[~gone][-1] if (~gone).any() else 1.0) if gone.any() else 1.0
    done = bool(len(value) and gone[-1])
    follow_up, every = float(times.max()), np.sort(times)
    return Curve(grid, value, low, high, at_risk, 1.0, follow_up, every, level, done, greenwood)


def aalen_johansen(
    durations: ArrayLike, ended: ArrayLike, causes: Sequence[int] | None = None, level: float = LEVEL
) -> dict[int, Curve]:
    """Cumulative incidence of each cause, by Aalen and Johansen.

    ``F_c(t) = sum_{t_i <= t} S(t_i-) d_ci/n_i``.  Its variance (Gaynor and others) is ``sum [F_c(t) - F_c(t_i)]^2
    d_i/(n_i (n_i - d_i)) + sum S(t_i-)^2 d_ci (n_i - d_ci)/n_i^3 - 2 sum [F_c(t) - F_c(t_i)] S(t_i-) d_ci/n_i^2``, which
    without censoring is ``F (1 - F)/n``; interval on the scale ``log(-log(1 - F))``.

    Parameters
    ----------
    durations, ended : array_like, shape (n,)
        As in :func:`kaplan_meier`; the code tells the cause.
    causes : sequence of int, optional
        Codes to give curves for; those that occur when left out.
    level : float

    Returns
    -------
    dict of int to Curve
        Together with survival they sum to 1.
    """
    times, codes = _checked(durations, ended)
    quantile = normal(level)
    grid, at_risk, events = _counts(times, codes)
    before = np.concatenate([[1.0], _product(events, at_risk)[:-1]]) if len(grid) else np.empty(0)
    wanted = sorted(set(codes[codes > 0].tolist())) if causes is None else list(causes)
    done = bool(len(grid) and events[-1] == at_risk[-1])
    curves = {}
    for cause in wanted:
        ends = np.sort(times[codes == cause])
        own = np.searchsorted(ends, grid, "right") - np.searchsorted(ends, grid, "left")
        value: FloatArray = np.cumsum(before * own / at_risk)
        low, high = _incidence_limits(value, before, at_risk, events, own, quantile)
        curves[cause] = Curve(
            grid, value, low, high, at_risk, 0.0, float(times.max()), np.sort(times), level, done
        )
    return curves


def _incidence_limits(
    value: FloatArray,
    before: FloatArray,
    at_risk: IntArray,
    events: IntArray,
    own: NDArray[Any],
    quantile: float,
) -> tuple[FloatArray, FloatArray]:
    """Limits of an incidence at each step; sums over earlier steps are kept as running moments."""
    left = at_risk - events
    weight = np.where(left > 0, events / (at_risk * np.maximum(left, 1)), 0.0)
    cross = before * own / at_risk**2
    # sum (F - F_i)^2 w_i = F^2 A - 2 F B + C
    first = (
        value**2 * np.cumsum(weight) - 2 * value * np.cumsum(weight * value) + np.cumsum(weight * value**2)
    )
    second = np.cumsum(before**2 * own * (at_risk - own) / at_risk**3.0)
    third = 2 * (value * np.cumsum(cross) - np.cumsum(cross * value))
    deviation = np.sqrt(np.maximum(first + second - third, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = 1.0 - value
        spread = np.exp(quantile * deviation / (rest * -np.log(rest)))
        low, high = 1.0 - rest ** (1.0 / spread), 1.0 - rest**spread
    whole = rest <= 0.0
    low[whole], high[whole] = (low[~whole][-1] if (~whole).any() else 0.0), 1.0
    return low, high


def median_of(curve: Curve) -> Estimated:
    """The first time at which survival is at most one half, with Brookmeyer and Crowley's interval.

    Infinite where survival (for the upper limit: its upper limit) has not come down so far.
    """

    def first(line: FloatArray) -> float:
        """When a line comes down to one half."""
        below = np.flatnonzero(line <= 0.5 + _HALF)
        return float(curve.times[below[0]]) if len(below) else math.inf

    return Estimated(first(curve.value), first(curve.low), first(curve.high))


def rate_of(events: int, exposure: float, level: float = LEVEL) -> Estimated:
    """Events per time under observation, with the exact Poisson interval; NaN without any time."""
    from scipy.special import gammaincinv

    if exposure <= 0:
        return Estimated(math.nan, math.nan, math.nan)
    tail = (1.0 - level) / 2.0
    low = float(gammaincinv(events, tail)) if events else 0.0
    high = float(gammaincinv(events + 1, 1.0 - tail))
    return Estimated(events / exposure, low / exposure, high / exposure)


def share_of(part: int, whole: int, level: float = LEVEL) -> Estimated:
    """A share with Wilson's interval; NaN of nothing."""
    if whole == 0:
        return Estimated(math.nan, math.nan, math.nan)
    z = normal(level)
    share = part / whole
    centre = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z / (1 + z * z / whole) * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    # At the ends the limit is the end itself, whatever the rounding.
    return Estimated(share, 0.0 if part == 0 else centre - half, 1.0 if part == whole else centre + half)


@dataclass(frozen=True, slots=True)
class Weibull:
    """Hazard ``(shape/scale) (t/scale)^(shape - 1)``: below 1 it falls with age.

    Parameters
    ----------
    shape, scale : Estimated
        Scale in the unit of the durations.
    """

    shape: Estimated
    scale: Estimated


def weibull(durations: ArrayLike, ended: ArrayLike, level: float = LEVEL) -> Weibull:
    """Maximum likelihood fit of a Weibull distribution to censored durations, with plain Wald intervals (no less than 0).

    Raises
    ------
    ValueError
        Without an ending, for a duration of 0, or where all durations are the same.
    """
    times, codes = _checked(durations, ended)
    seen = codes > 0
    count = int(seen.sum())
    if count == 0 or (times <= 0).any() or np.ptp(times) == 0:
        raise ValueError("a Weibull fit needs an ending, durations above 0, and durations that differ")
    logs = np.log(times / times.max())
    shape = _shape(logs, seen, count)
    power = np.exp(shape * logs)
    scale = float(times.max() * (power.sum() / count) ** (1.0 / shape))
    ratio = np.log(times / scale)
    raised = (times / scale) ** shape
    # Second derivatives of minus the log likelihood in log shape and log scale, at its maximum.
    aa = float((seen * -(shape * ratio) + raised * ((shape * ratio) ** 2 + shape * ratio)).sum())
    bb = float(shape**2 * raised.sum())
    ab = float((seen * shape - raised * (shape**2 * ratio + shape)).sum())
    det = aa * bb - ab * ab
    z = normal(level)
    return Weibull(_around(shape, z * math.sqrt(bb / det)), _around(scale, z * math.sqrt(aa / det)))


def _around(value: float, width: float) -> Estimated:
    """A number above 0 with its interval, given the half width as a share of it."""
    return Estimated(value, max(value * (1.0 - width), 0.0), value * (1.0 + width))


def _shape(logs: FloatArray, seen: NDArray[np.bool_], count: int) -> float:
    """The shape at which the profile likelihood is greatest, by bisection on its score, which falls."""
    low, high = 1e-3, 1e3
    for _ in range(200):
        middle = math.sqrt(low * high)
        power = np.exp(middle * logs)
        score = count / middle + float(logs[seen].sum()) - count * float((power * logs).sum() / power.sum())
        low, high = (middle, high) if score > 0 else (low, middle)
    return math.sqrt(low * high)
