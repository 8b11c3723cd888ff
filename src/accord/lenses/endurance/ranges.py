"""Limits and priors of the model's numbers, from the situation language."""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from accord.formulas import power
from accord.lenses.endurance.fields import limits
from accord.lenses.endurance.terms import TERMS
from accord.situation import Range, Vocabulary

FloatArray = NDArray[np.float64]
Prior = Literal["uniform", "half", "pert", "drifting"]

# Where the model's prior is not the one of the situation language: positions on [0, 1]; salience times stakes in
# util/month; what a client brings, as in the reference population; what is settled beforehand (0: nothing, the members'
# weighted mean holds).
_OWN: dict[str, Range] = {
    "position": Range(0, 1, "share of the scale", "pos_ik", (0.0, 1.0), "uniform"),
    "salience": Range(0, unit="util/month", symbol="sal_ik", prior=(0.0, 0.3), shape="uniform"),
    "client_capability": Range(0, unit="index", symbol="cap_client", prior=(0.0, 0.5), shape="uniform"),
    "agreed": Range(0, 2, "1 + share of the scale", "1 + x_k", (0.0, 0.0), "zero"),
}

# Drifts are none in the population; as measured (10th to 90th percentile of states, decision 19): ln CINC a year from 1946,
# and UN ideal points as a share of the scale a year.
MEASURED: dict[str, tuple[float, float]] = {
    "capability_drift": (0.040, 0.172),
    "position_drift": (0.028, 0.064),
}


@cache
def hard_limits() -> dict[str, Range]:
    """Range, unit and prior of every number by long name."""
    return {**limits(Vocabulary(TERMS)), **_OWN}


def prior_values(name: str, u: FloatArray, prior: Prior = "uniform") -> FloatArray:
    """Values of one number's prior at uniform numbers of any shape (resource weights are not made here).

    ``half`` keeps to the middle half of the range, ``pert`` crowds towards its middle (a PERT distribution with its mode
    there, that is a beta distribution with both parameters 3); ``drifting`` differs from ``uniform`` in the drifts alone,
    which are even within what was measured of states.
    """
    if prior == "drifting" and name in MEASURED:
        least, most = MEASURED[name]
        return np.asarray(least + (most - least) * u)
    limit = hard_limits()[name]
    assert limit.prior is not None, name
    low, high = limit.prior
    if limit.shape == "zero":
        return np.full(u.shape, low if low == high else 0.0)
    if limit.shape == "bernoulli":
        return (u < low).astype(np.float64)
    if low == high:
        return np.full(u.shape, low)
    if prior == "half":
        u = 0.25 + 0.5 * u
    elif prior == "pert":
        from scipy.special import betaincinv

        u = np.asarray(betaincinv(3.0, 3.0, u))
    if limit.shape == "log":
        return np.asarray(low * power(high / low, u))
    if limit.shape == "log1m":
        return np.asarray(1.0 - (1.0 - low) * power((1.0 - high) / (1.0 - low), u))
    return np.asarray(low + (high - low) * u)


def prior_middle(name: str) -> float:
    """The middle of a prior, in the logarithm where the prior is even there."""
    return float(prior_values(name, np.array(0.5)))
