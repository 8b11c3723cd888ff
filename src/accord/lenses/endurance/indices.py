"""Strategic index, gap and trial hazard ratio from survival with and without the trials (page, section 4)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from accord.formulas import log

FloatArray = NDArray[np.float64]

# Trials start at the end of month START and are judged over WINDOW months.
START, WINDOW = 12, 60
_SOFT = 0.1


def conditional(survival: FloatArray) -> FloatArray:
    """``P(bilateral alive at t0 + 60 | alive at t0)``, a ratio of sums over replicates; NaN where nothing is alive at t0.

    Parameters
    ----------
    survival : ndarray, shape (worlds, 2, months + 1)
        Of theatre and bilateral level.
    """
    before, after = survival[:, 1, START], survival[:, 1, START + WINDOW]
    return np.where(before > 0.0, after / np.where(before > 0.0, before, 1.0), np.nan)


def hazard(survival: FloatArray) -> FloatArray:
    """``-ln S/60`` per month, the survival kept away from zero so that the logarithm is finite."""
    return np.asarray(-log(np.maximum(survival, 1e-6)) / WINDOW)


def log_hazard_ratio(tested: FloatArray, kept: FloatArray, five_years: float) -> FloatArray:
    """``ln[(hz(SI) + f hz5)/(hz(S_base) + f hz5)]`` with f = .1.

    Parameters
    ----------
    tested, kept : ndarray
        Five-year survival with both trials, and without.
    five_years : float
        That of the calibration's class; it keeps near-certain survival from exploding.
    """
    soft = _SOFT * -log(five_years) / WINDOW
    return np.asarray(log((hazard(tested) + soft) / (hazard(kept) + soft)))
