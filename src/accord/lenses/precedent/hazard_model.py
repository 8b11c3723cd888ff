"""Competing risks in discrete time: a multinomial logit of what becomes of an alliance in a year.

For row i with covariates z (standardised), share of the year e and causes c = 1..K::

    p_ic = e_i exp(a_c + b_c'z_i) / (1 + e_i sum_k exp(a_k + b_k'z_i)),        p_i0 = 1 - sum_c p_ic

fitted by maximum likelihood with a ridge penalty ``ridge/2 sum b^2`` (not on the constants), by Newton's method (Allison
1982 for the discrete-time likelihood; Le Cessie and van Houwelingen 1992 for the penalty).  A covariate that is not known
takes the mean of those that are known in the data fitted to: it neither raises nor lowers the hazard.  A cause that never
occurs has the hazard of half an ending, whatever the covariates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.problems import RunError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Chosen before any score was seen: a coefficient of one standard deviation has a prior standard deviation of .3.
RIDGE = 10.0
_STEPS, _CLOSE = 60, 1e-9
# Products of matrices go this many rows at once: too few for a library to share among threads, so that results do not
# depend on the number of cores, and no core spins in wait for another.
_AT_ONCE = 512


@dataclass(frozen=True, slots=True, eq=False)
class HazardModel:
    """A fitted model.

    Parameters
    ----------
    names : tuple of str
        Covariates.
    mean, scale : ndarray, shape (p,)
        What covariates are standardised with; scale 0 for one that does not vary, whose coefficients are 0.
    coefficients : ndarray, shape (causes, 1 + p)
        Constant first; per standard deviation.
    covariance : ndarray, shape (causes (1 + p), causes (1 + p))
        Of the coefficients in row order, clustered (Huber's sandwich); empty when it was not asked for.
    rows : int
    endings : tuple of int
        By cause.
    """

    names: tuple[str, ...]
    mean: FloatArray
    scale: FloatArray
    coefficients: FloatArray
    covariance: FloatArray
    rows: int
    endings: tuple[int, ...]

    def standardised(self, covariates: FloatArray) -> FloatArray:
        """Covariates with a constant before them, the mean in the place of what is not known, shape (rows, 1 + p)."""
        return _standardised(covariates, self.mean, self.scale)

    def probabilities(self, covariates: FloatArray, exposure: FloatArray | float = 1.0) -> FloatArray:
        """Probability of each cause within the year, shape (rows, causes)."""
        return _probabilities(self.standardised(covariates), self.coefficients, exposure)

    def raw(self) -> FloatArray:
        """Slopes per unit of each covariate, shape (causes, p); 0 where it does not vary."""
        return np.divide(
            self.coefficients[:, 1:],
            self.scale,
            out=np.zeros_like(self.coefficients[:, 1:]),
            where=self.scale > 0,
        )

    def raw_errors(self) -> FloatArray:
        """Standard errors of :meth:`raw`."""
        errors = np.sqrt(np.diag(self.covariance)).reshape(self.coefficients.shape)[:, 1:]
        return np.divide(errors, self.scale, out=np.zeros_like(errors), where=self.scale > 0)


def fit(
    covariates: FloatArray,
    cause: IntArray,
    causes: int,
    *,
    names: Sequence[str],
    exposure: FloatArray | None = None,
    cluster: IntArray | None = None,
    ridge: float = RIDGE,
    start: FloatArray | None = None,
) -> HazardModel:
    """Fit the model.

    Parameters
    ----------
    covariates : ndarray, shape (rows, p)
        NaN where not known.
    cause : ndarray of int, shape (rows,)
        0 for no ending, else 1..causes.
    causes : int
    names : sequence of str
    exposure : ndarray, shape (rows,), optional
        Share of the year; 1 when left out.
    cluster : ndarray of int, shape (rows,), optional
        For the covariance; without it none is worked out.
    ridge : float
    start : ndarray, shape (causes, 1 + p), optional
        Where to begin.

    Raises
    ------
    ValueError
        For shapes that do not fit, a covariate that is never known, or a cause out of range.
    RunError
        When Newton's method does not settle.
    """
    values = np.asarray(covariates, dtype=np.float64)
    if values.ndim != 2 or values.shape != (len(cause), len(names)) or not len(cause):
        raise ValueError("covariates need one row an observation and one column a name, and some rows")
    if (cause < 0).any() or (cause > causes).any():
        raise ValueError(f"causes lie between 0 and {causes}")
    if not (ridge > 0 and np.isfinite(ridge)):
        raise ValueError("the penalty must be above 0: without it a cause that never occurs has no estimate")
    share = np.ones(len(cause)) if exposure is None else np.asarray(exposure, dtype=np.float64)
    if not ((share > 0) & (share <= 1)).all():
        raise ValueError("the share of a year lies above 0 and up to 1")
    mean, scale = _moments(values, names)
    design = _standardised(values, mean, scale)
    told = (cause[:, None] == np.arange(1, causes + 1)).astype(np.float64)
    penalty = np.tile(np.where(np.concatenate([[0.0], scale]) > 0, ridge, 0.0), causes)
    never = told.sum(axis=0) == 0
    dead = (never[:, None] | np.concatenate([[False], scale == 0])).ravel()
    found = _newton(design, told, share, penalty, dead, _begun(start, told, design, dead))
    spread = np.empty(0) if cluster is None else _sandwich(design, told, share, penalty, dead, found, cluster)
    counts = tuple(int(count) for count in told.sum(axis=0))
    return HazardModel(tuple(names), mean, scale, found, spread, len(cause), counts)


def _moments(values: FloatArray, names: Sequence[str]) -> tuple[FloatArray, FloatArray]:
    """Mean and standard deviation of what is known; 0 for a covariate that does not vary."""
    known = ~np.isnan(values)
    if np.isinf(values).any():
        raise ValueError("a covariate is infinite")
    counts = known.sum(axis=0)
    if (counts == 0).any():
        raise ValueError(f"nothing is known of {', '.join(np.asarray(names)[counts == 0])}")
    mean = np.where(known, values, 0.0).sum(axis=0) / counts
    spread = np.sqrt((np.where(known, values - mean, 0.0) ** 2).sum(axis=0) / counts)
    return mean, np.where(spread > 1e-9, spread, 0.0)


def _standardised(values: FloatArray, mean: FloatArray, scale: FloatArray) -> FloatArray:
    """Design matrix with a constant."""
    centred = np.where(np.isnan(values), 0.0, values - mean)
    inner = np.divide(centred, scale, out=np.zeros_like(centred), where=scale > 0)
    return np.concatenate([np.ones((len(values), 1)), inner], axis=1)


def _probabilities(design: FloatArray, coefficients: FloatArray, share: FloatArray | float) -> FloatArray:
    """Probability of each cause, safe against overflow."""
    parts = [design[at : at + _AT_ONCE] @ coefficients.T for at in range(0, len(design), _AT_ONCE)]
    scores = np.concatenate(parts or [np.empty((0, len(coefficients)))]) + np.log(share)[..., None]
    top = np.maximum(scores.max(axis=1, keepdims=True), 0.0)
    weights = np.exp(scores - top)
    return np.asarray(weights / (np.exp(-top) + weights.sum(axis=1, keepdims=True)), dtype=np.float64)


def _begun(
    start: FloatArray | None, told: FloatArray, design: FloatArray, dead: NDArray[np.bool_]
) -> FloatArray:
    """Where Newton's method begins: mean hazards, a half added to each count; what cannot be fitted stays there."""
    begun = np.zeros((told.shape[1], design.shape[1]))
    begun[:, 0] = np.log((told.sum(axis=0) + 0.5) / (len(told) - told.sum() + 0.5))
    return begun if start is None else np.where(dead.reshape(begun.shape), begun, start)


def _objective(
    design: FloatArray, told: FloatArray, share: FloatArray, penalty: FloatArray, at: FloatArray
) -> float:
    """Penalised log likelihood."""
    p = _probabilities(design, at, share)
    rest = np.maximum(1.0 - p.sum(axis=1), 1e-300)
    likelihood = (told * np.log(np.maximum(p, 1e-300))).sum() + ((1 - told.sum(axis=1)) * np.log(rest)).sum()
    return float(likelihood - 0.5 * (penalty * at.ravel() ** 2).sum())


def _gram(a: FloatArray, b: FloatArray) -> FloatArray:
    """``a'b``, summed in order of the rows."""
    total = np.zeros((a.shape[1], b.shape[1]))
    for at in range(0, len(a), _AT_ONCE):
        total += a[at : at + _AT_ONCE].T @ b[at : at + _AT_ONCE]
    return total


def _curvature(design: FloatArray, p: FloatArray, penalty: FloatArray, dead: NDArray[np.bool_]) -> FloatArray:
    """Minus the second derivatives; 1 on the diagonal of what cannot be fitted, and 0 beside it."""
    causes, width = p.shape[1], design.shape[1]
    hessian = np.zeros((causes * width, causes * width))
    for c in range(causes):
        for d in range(c, causes):
            weight = p[:, c] * ((c == d) - p[:, d])
            block = _gram(design, design * weight[:, None])
            hessian[c * width : (c + 1) * width, d * width : (d + 1) * width] = block
            hessian[d * width : (d + 1) * width, c * width : (c + 1) * width] = block.T
    hessian[dead] = 0.0
    hessian[:, dead] = 0.0
    return np.asarray(hessian + np.diag(np.where(dead, 1.0, penalty + 1e-9)), dtype=np.float64)


def _newton(
    design: FloatArray,
    told: FloatArray,
    share: FloatArray,
    penalty: FloatArray,
    dead: NDArray[np.bool_],
    at: FloatArray,
) -> FloatArray:
    """The maximum of the penalised likelihood, steps halved until they climb."""
    height = _objective(design, told, share, penalty, at)
    for _ in range(_STEPS):
        p = _probabilities(design, at, share)
        slope = _gram(told - p, design).ravel() - penalty * at.ravel()
        curvature = _curvature(design, p, penalty, dead)
        step: FloatArray = np.asarray(
            np.linalg.solve(curvature, np.where(dead, 0.0, slope)), dtype=np.float64
        )
        at, height = _climbed(
            lambda tried: _objective(design, told, share, penalty, tried), at, step.reshape(at.shape), height
        )
        if np.abs(step).max() < _CLOSE:
            return at
    raise RunError("the hazard model did not settle; try: a greater penalty")


def _climbed(
    objective: Callable[[FloatArray], float], at: FloatArray, step: FloatArray, height: float
) -> tuple[FloatArray, float]:
    """A step, halved until it climbs."""
    tried, higher = at, height
    for halving in range(40):
        tried = at + step / 2.0**halving
        higher = objective(tried)
        if higher >= height - 1e-10 * abs(height):
            break
    return tried, higher


def _sandwich(
    design: FloatArray,
    told: FloatArray,
    share: FloatArray,
    penalty: FloatArray,
    dead: NDArray[np.bool_],
    at: FloatArray,
    cluster: IntArray,
) -> FloatArray:
    """Clustered covariance of the coefficients."""
    p = _probabilities(design, at, share)
    scores = ((told - p)[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    groups, place = np.unique(cluster, return_inverse=True)
    sums = np.zeros((len(groups), scores.shape[1]))
    np.add.at(sums, place, scores)
    inverse = np.linalg.inv(_curvature(design, p, penalty, dead))
    spread = inverse @ (sums.T @ sums) @ inverse * len(groups) / max(len(groups) - 1, 1)
    return np.where(dead[:, None] | dead[None, :], 0.0, spread)
