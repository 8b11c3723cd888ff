"""What an uncertain number can be: the inverse CDF of every distribution of the situation language.

Most have a formula.  PERT and beta do not, and are tabulated once per shape: cubics with exact values and slopes at
their ends, over the distance of the probability from the nearer end (0 or 1), in cells that are as fine near the ends
as in the middle in proportion to that distance.  They err by less than 1e-7 of the spread, tails included.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from accord.situation import DISTRIBUTIONS, Estimate
from accord.worlds.betas import table_of, tabulate, unit_beta

FloatArray = NDArray[np.float64]

_NO_TABLE: FloatArray = np.zeros((1, 4))


@dataclass(frozen=True, slots=True, eq=False)
class Marginal:
    """One distribution as the kernels want it.

    Parameters
    ----------
    kind : int
        One of the kinds of :mod:`accord.worlds.kernels`.
    parameters : tuple of float
    table : ndarray, shape (cells, 4)
        Coefficients of cubics; a dummy where the kind needs none.
    shape : tuple of float
        Alpha and beta of a distribution too steep for a table; empty otherwise.
    """

    kind: int
    parameters: tuple[float, ...]
    table: FloatArray
    shape: tuple[float, ...] = ()


def best_of(estimate: Estimate) -> float:
    """The single best value: the one given, else the median; for a bernoulli 1 where its probability is at least 0.5.

    Raises
    ------
    ValueError
        When the parameters do not make a distribution.
    """
    if estimate.best is not None:
        return float(estimate.best)
    if estimate.distribution == "bernoulli":
        return 1.0 if _given(estimate, "probability") >= 0.5 else 0.0
    return _median(estimate)


@lru_cache(maxsize=8192)
def _median(estimate: Estimate) -> float:
    """The median, worked out once for equal estimates: lenses ask for that of each prior in every look."""
    return float(quantile(estimate, np.array([0.5]))[0])


def quantile(estimate: Estimate, u: FloatArray) -> FloatArray:
    """Values of an estimate at given probabilities.

    Parameters
    ----------
    estimate : Estimate
    u : ndarray, any shape
        Probabilities in the open interval (0, 1); ValueError otherwise.

    Returns
    -------
    ndarray, the shape of *u*

    Raises
    ------
    ValueError
        When the parameters do not make a distribution.
    """
    if not ((u > 0) & (u < 1)).all():
        raise ValueError("probabilities must lie between 0 and 1, both excluded")
    out = np.array(u, dtype=np.float64).reshape(1, -1)
    Marginals([marginal_of(estimate)]).apply(out)
    return out.reshape(u.shape)


def make_ready() -> None:
    """Load what the first draw needs (much of it numba's): a third of a second that somebody else may use meanwhile."""
    Marginals([]).apply(np.empty((0, 1)))


class Marginals:
    """Several distributions packed for the kernels, one per column."""

    def __init__(self, marginals: Sequence[Marginal]) -> None:
        from accord.worlds import kernels

        self._kinds = np.array([m.kind for m in marginals], dtype=np.int64)
        self._parameters = np.zeros((len(marginals), kernels.PARAMETERS))
        for row, m in enumerate(marginals):
            self._parameters[row, : len(m.parameters)] = m.parameters
        lengths = [len(m.table) for m in marginals]
        self._starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        self._tables = np.concatenate([m.table for m in marginals]) if marginals else _NO_TABLE
        self._steep = {row: m for row, m in enumerate(marginals) if m.shape}

    def apply(self, out: FloatArray) -> None:
        """Turn uniform numbers of shape (columns, worlds) into values, in place."""
        from accord.engine.abreast import ALONE
        from accord.worlds import kernels

        with ALONE:
            kernels.to_values(out, self._kinds, self._parameters, self._starts, self._tables)
        for row, marginal in self._steep.items():
            low, high = marginal.parameters[:2]
            alpha, beta = marginal.shape
            out[row] = low + (high - low) * unit_beta(alpha, beta, out[row])


def marginal_of(estimate: Estimate) -> Marginal:
    """An estimate's distribution, ready for the kernels.

    Raises
    ------
    ValueError
        When a parameter is missing or the parameters do not make a distribution; the file reader tells the same with
        file and line.
    """
    from accord.worlds import kernels

    if estimate.is_fixed:
        return Marginal(kernels.CONSTANT, (_given(estimate, "best"),), _NO_TABLE)
    maker = _MAKERS.get(estimate.distribution)
    if maker is None:
        raise ValueError(
            f"unknown distribution '{estimate.distribution}', expected one of {', '.join(sorted(DISTRIBUTIONS))}"
        )
    low, high = estimate.low, estimate.high
    if low is not None and high is not None:
        if low > high:
            raise ValueError(f"low ({low:g}) is above high ({high:g})")
        if low == high:
            return Marginal(kernels.CONSTANT, (low,), _NO_TABLE)
    return maker(estimate)


def _given(estimate: Estimate, name: str) -> float:
    """A parameter that must be there and finite."""
    value = estimate.parameter(name)
    if value is None or not math.isfinite(value):
        raise ValueError(f"'{estimate.distribution}' needs '{name}', and it is {value}")
    return float(value)


def _positive(estimate: Estimate, name: str) -> float:
    """A parameter that must be above zero."""
    value = _given(estimate, name)
    if value <= 0:
        raise ValueError(f"{name} is {value:g} and must be above 0")
    return value


def _three(estimate: Estimate) -> tuple[float, float, float]:
    """Low, best and high in order."""
    low, best, high = (_given(estimate, name) for name in ("low", "best", "high"))
    if not low <= best <= high:
        raise ValueError(f"best ({best:g}) is outside {low:g} to {high:g}")
    return low, best, high


def _pert(estimate: Estimate) -> Marginal:
    """PERT: a beta with mean (low + 4 best + high) / 6 (Malcolm, Roseboom, Clark and Fazar 1959)."""
    low, _, high = _three(estimate)
    return _rescaled_beta(*_pert_shape(estimate), low, high)


def _pert_shape(estimate: Estimate) -> tuple[float, float]:
    """Alpha and beta of a PERT."""
    low, best, high = _three(estimate)
    return 1.0 + 4.0 * (best - low) / (high - low), 1.0 + 4.0 * (high - best) / (high - low)


def foresee(estimates: Iterable[Estimate]) -> None:
    """Make the tables of many estimates together, which then are kept for later runs; errors are told one by one later."""
    shapes = set()
    for estimate in estimates:
        if estimate.distribution == "pert" and not estimate.is_fixed and estimate.low != estimate.high:
            with suppress(ValueError):
                shapes.add(_pert_shape(estimate))
    tabulate(shapes)


def _beta(estimate: Estimate) -> Marginal:
    """Beta, stretched to low..high where they are given."""
    low = 0.0 if estimate.low is None else estimate.low
    high = 1.0 if estimate.high is None else estimate.high
    if not low < high:
        raise ValueError(f"low ({low:g}) is not below high ({high:g})")
    return _rescaled_beta(_positive(estimate, "alpha"), _positive(estimate, "beta"), low, high)


def _rescaled_beta(alpha: float, beta: float, low: float, high: float) -> Marginal:
    """A beta between two values, by table where one is exact enough."""
    from accord.worlds import kernels

    bits, table = table_of(alpha, beta)
    if bits is None:
        return Marginal(kernels.EXACT, (low, high), _NO_TABLE, (alpha, beta))
    return Marginal(kernels.TABLE, (low, high, bits, len(table) // 2), table)


def _triangular(estimate: Estimate) -> Marginal:
    """Triangular."""
    from accord.worlds import kernels

    return Marginal(kernels.TRIANGULAR, _three(estimate), _NO_TABLE)


def _uniform(estimate: Estimate) -> Marginal:
    """Uniform."""
    from accord.worlds import kernels

    return Marginal(kernels.UNIFORM, (_given(estimate, "low"), _given(estimate, "high")), _NO_TABLE)


def _loguniform(estimate: Estimate) -> Marginal:
    """Uniform in the logarithm."""
    from accord.worlds import kernels

    low, high = _positive(estimate, "low"), _positive(estimate, "high")
    return Marginal(kernels.LOG, (low, high, math.log(low), math.log(high)), _NO_TABLE)


def _log1m_uniform(estimate: Estimate) -> Marginal:
    """Uniform in ln(1 - x)."""
    from accord.worlds import kernels

    low, high = _given(estimate, "low"), _given(estimate, "high")
    if high >= 1:
        raise ValueError(f"high is {high:g}, and ln(1 - x) needs it below 1")
    return Marginal(kernels.LOG1M, (low, high, math.log1p(-low), math.log1p(-high)), _NO_TABLE)


def _normal(estimate: Estimate) -> Marginal:
    """Normal, cut at low and high."""
    from accord.worlds import kernels

    low = -math.inf if estimate.low is None else estimate.low
    high = math.inf if estimate.high is None else estimate.high
    mean, sd = _given(estimate, "mean"), _positive(estimate, "sd")
    return Marginal(
        kernels.NORMAL,
        (low, high, mean, sd, *_cut(estimate, (low - mean) / sd, (high - mean) / sd)),
        _NO_TABLE,
    )


def _lognormal(estimate: Estimate) -> Marginal:
    """Lognormal by its median and the standard deviation of its logarithm, cut at low and high."""
    from accord.worlds import kernels

    low = 0.0 if estimate.low is None else max(estimate.low, 0.0)
    high = math.inf if estimate.high is None else estimate.high
    mean, sd = math.log(_positive(estimate, "median")), _positive(estimate, "sigma")
    if high <= 0:
        raise ValueError(f"high is {high:g}, and a lognormal number is above 0")
    start = (math.log(low) - mean) / sd if low > 0 else -math.inf
    return Marginal(
        kernels.LOGNORMAL,
        (low, high, mean, sd, *_cut(estimate, start, (math.log(high) - mean) / sd)),
        _NO_TABLE,
    )


def _cut(estimate: Estimate, start: float, stop: float) -> tuple[float, float, float]:
    """Probabilities at the two cuts and the sign (-1: seen from the upper tail, where floats are finer)."""
    from scipy.special import ndtr

    sign = -1.0 if start > 0 else 1.0
    first, last = float(ndtr(sign * start)), float(ndtr(sign * stop))
    if abs(last - first) < 1e-300:
        raise ValueError(f"low and high leave nothing of this '{estimate.distribution}' distribution")
    return first, last, sign


def _bernoulli(estimate: Estimate) -> Marginal:
    """1 with a probability, else 0."""
    from accord.worlds import kernels

    probability = _given(estimate, "probability")
    if not 0 <= probability <= 1:
        raise ValueError(f"probability is {probability:g}, expected a number from 0 to 1")
    return Marginal(kernels.BERNOULLI, (probability,), _NO_TABLE)


_MAKERS: dict[str, Callable[[Estimate], Marginal]] = {
    "pert": _pert,
    "uniform": _uniform,
    "loguniform": _loguniform,
    "log1m_uniform": _log1m_uniform,
    "triangular": _triangular,
    "normal": _normal,
    "lognormal": _lognormal,
    "beta": _beta,
    "bernoulli": _bernoulli,
}
