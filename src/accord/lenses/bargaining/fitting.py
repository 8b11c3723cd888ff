"""Fits the forecast to resolved issues: least mean CRPS, gently held to a prior; the same numbers on every machine.

The protocol (split by proposal, measures, choice of the form) was written down first: decision 14.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from accord.lenses.bargaining.deu import ResolvedIssue
from accord.lenses.bargaining.forecast import (
    PARTS,
    Batch,
    Fitted,
    Parameters,
    gather,
    masses,
    part_of,
    read_case,
    rounded,
)
from accord.lenses.bargaining.predictive import half_spread

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

# Parts whose issues the form was chosen on; the others were held out.
CHOSEN_ON = 7
FEWEST = 30
# Where each parameter starts, what it is held to, and how loosely (standard deviation); infinity is not at all.
_START = (0.7, 3.0, -1.0, 1.0, 0.0)
_PRIOR = (0.0, 0.0, -1.5, 1.0, 0.0)
_LOOSE = (np.inf, np.inf, 3.0, 0.5, 1.0)
# In hundredths of the scale of mean CRPS, for one standard deviation off the prior.
_HOLD = 0.075


def fit(batch: Batch, outcomes: FloatArray, some: BoolArray | None = None) -> Parameters:
    """Parameters with the least mean CRPS.

    Parameters
    ----------
    batch : Batch
        Of as many cases as there are outcomes.
    outcomes : ndarray, shape (cases,)
        As shares of the scale, 0..1.
    some : ndarray of bool, shape (cases,), optional
        Which of them count.

    Raises
    ------
    ValueError
        When fewer than 30 count.
    ArithmeticError
        When the search does not end.
    """
    from scipy.optimize import minimize

    used = np.ones(outcomes.size, np.bool_) if some is None else some
    if used.sum() < FEWEST:
        raise ValueError(f"{int(used.sum())} issues are too few to fit to; {FEWEST} or more are needed")
    part = Batch(*(getattr(batch, name)[used] for name in ("places", "order", "share", "mean", "unanimity")))
    wanted, prior, loose = outcomes[used], np.array(_PRIOR), np.array(_LOOSE)
    known = part.unanimity[~np.isnan(part.unanimity)]
    between = float(known.mean()) if known.size else 0.0

    def cost(values: FloatArray) -> float:
        """Mean CRPS in hundredths of the scale, and the hold of the prior."""
        score = 100 * crps_of(*masses(part, Parameters(*values), between), wanted)
        return float(score.mean() + _HOLD * (((values - prior) / loose) ** 2).sum())

    found = minimize(cost, np.array(_START), method="L-BFGS-B", options={"maxiter": 500})
    if not (found.success and np.isfinite(found.x).all()):
        raise ArithmeticError(f"the fit did not end: {found.message}")
    return rounded(found.x)


def crps_of(places: FloatArray, mass: FloatArray, outcomes: FloatArray) -> FloatArray:
    """CRPS of many distributions, shape (cases,), in the unit of the places."""
    apart = (np.abs(places - outcomes[:, None]) * mass).sum(axis=1)
    found: FloatArray = apart - half_spread(places, mass)
    return found


def table_of(issues: Sequence[ResolvedIssue]) -> Fitted:
    """Fit everything that is shipped.

    Parameters
    ----------
    issues : sequence of ResolvedIssue
        With outcomes, in any order.

    Raises
    ------
    ValueError, ArithmeticError
        As :func:`fit`.
    """
    rows = sorted(issues, key=lambda issue: (issue.proposal, issue.issue))
    batch, outcomes = arrays_of(rows)
    parts = np.array([part_of(issue.proposal) for issue in rows])
    known = batch.unanimity[~np.isnan(batch.unanimity)]
    return Fitted(
        whole=fit(batch, outcomes),
        without=tuple(fit(batch, outcomes, parts != part) for part in range(PARTS)),
        chosen=fit(batch, outcomes, parts < CHOSEN_ON),
        unanimous=round(float(known.mean()), 4) if known.size else 0.0,
        issues=len(rows),
        proposals=tuple(sorted({issue.proposal for issue in rows})),
        data=digest_of(rows),
    )


def arrays_of(issues: Sequence[ResolvedIssue]) -> tuple[Batch, FloatArray]:
    """Cases, and outcomes as shares of their scales; ValueError when one has no outcome."""
    shares = []
    for issue in issues:
        if issue.outcome is None:
            raise ValueError(f"issue {issue.issue} has no outcome; leave it out")
        shares.append((issue.outcome - issue.low) / (issue.high - issue.low))
    return gather([read_case(issue)[0] for issue in issues]), np.array(shares)


def digest_of(issues: Sequence[ResolvedIssue]) -> str:
    """SHA-256 (hex) of what the forecast was fitted to, whatever the order of rows."""
    rows = sorted(
        [i.proposal, i.issue, i.positions, i.salience, i.rule, i.outcome, i.low, i.high] for i in issues
    )
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def apart(first: Fitted, second: Fitted) -> float:
    """Largest difference between parameters of two tables."""
    one, other = (
        np.array([list(asdict(used).values()) for used in (table.whole, table.chosen, *table.without)])
        for table in (first, second)
    )
    return float(np.abs(one - other).max())
