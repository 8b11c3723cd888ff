"""Noise-free answers at the start: price of defection, trust threshold, critical patience (page, section 4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.formulas import exp, expm1, log
from accord.lenses.endurance.inputs import Parameters
from accord.lenses.endurance.moment import Options, options

FloatArray = NDArray[np.float64]

# Trust cannot make a patron stay; no discount factor can make it work.
NEVER = np.inf


@dataclass(frozen=True, slots=True, eq=False)
class ClosedForms:
    """Closed forms of every patron, shape (worlds, patrons) each.

    Parameters
    ----------
    price : ndarray
        Price of defection sigma*: the monthly offer, of its largest suitor's credibility, at which it is indifferent
        between staying and selling out, by its own foresight.  Negative: leaves unbribed.
    margin : ndarray
        V_stay - V_exit by its own foresight, util.
    price_far : ndarray
        The same with unlimited foresight.
    trust_needed : ndarray
        Least probability that the others do not defect at which staying pays (foresight unlimited), in [0, 1]; 0 always
        stays; NaN where trust does not help.
    patience_needed : ndarray
        Least discount factor at which not shirking pays, if shirking is surely punished and the others are steady; 0
        always, infinity never.
    """

    price: FloatArray
    margin: FloatArray
    price_far: FloatArray
    trust_needed: FloatArray
    patience_needed: FloatArray


def annuity(x: FloatArray, months: FloatArray | float) -> FloatArray:
    """``A(x; H) = (1 - x^H)/(1 - x)``, H at x = 1, 0 for no months; infinite *months* allowed below 1."""
    gap = 1.0 - x
    close = gap < 1e-14
    with np.errstate(divide="ignore", invalid="ignore"):
        found = -expm1(months * log(np.where(x > 0.0, x, 1e-300))) / np.where(close, 1.0, gap)
    return np.asarray(np.where(np.asarray(months) <= 0.0, 0.0, np.where(close, months, found)))


def closed_forms(numbers: Parameters, at: Options | None = None) -> ClosedForms:
    """Closed forms at the start, from the flows there.

    Parameters
    ----------
    numbers : Parameters
    at : Options, optional
        What :func:`accord.lenses.endurance.options` gave at the start.

    Returns
    -------
    ClosedForms
    """
    at = options(numbers) if at is None else at
    stay, shirk, out, alone = (at.flows[..., c] for c in range(4))
    delta, months = numbers.of("discount"), numbers.of("foresight")
    assets = numbers.of("asset_breaking_cost") * numbers.of("assets_at_start")
    breaking = numbers.of("breaking_cost") + assets[:, None]
    loss, credible = numbers.of("abandonment_loss"), credibility(numbers)

    def margin(horizon: FloatArray | float) -> FloatArray:
        """V_stay - V_exit over a horizon."""
        steady = at.steadiness
        whole, together = annuity(delta, horizon), annuity(delta * steady, horizon)
        stays = stay * together + alone * (whole - together)
        stays = stays - loss * (1.0 - steady) * delta * annuity(delta * steady, horizon - 1.0)
        leaves = out * whole - breaking
        return np.asarray(stays - leaves)

    return ClosedForms(
        margin(months) / annuity(delta * credible, months),
        margin(months),
        margin(np.inf) / annuity(delta * credible, np.inf),
        _trust_needed(stay, out, alone, delta, breaking, loss),
        _patience_needed(stay, shirk, alone),
    )


def credibility(numbers: Parameters) -> FloatArray:
    """Credibility of each patron's largest suitor, shape (worlds, patrons); the tempter's where it has none."""
    large = numbers.of("size") + 0.6745 * numbers.of("spread")
    which = large.argmax(axis=-1)
    found: FloatArray = np.take_along_axis(numbers.of("credibility"), which[..., None], axis=-1)[..., 0]
    return found


def typical_offers(numbers: Parameters) -> FloatArray:
    """75th percentile of every suitor's offers, shape (worlds, patrons, suitors); util/month, 0 where there is none."""
    return np.asarray(exp(numbers.of("size") + 0.6745 * numbers.of("spread")))


def _trust_needed(
    stay: FloatArray,
    out: FloatArray,
    alone: FloatArray,
    delta: FloatArray,
    breaking: FloatArray,
    loss: FloatArray,
) -> FloatArray:
    """Trust threshold s* with unlimited foresight; with G = 0 it is Kydd's rule (2005)."""
    cushion = (alone - out) / (1.0 - delta) + breaking
    gain = stay - alone
    helps = loss > cushion
    gap = np.where(helps, delta * (loss - cushion), 1.0)
    needed = np.clip((loss * delta - gain - cushion) / gap, 0.0, 1.0)
    return np.asarray(np.where(helps, needed, np.where(gain >= delta * loss - cushion, 0.0, np.nan)))


def _patience_needed(stay: FloatArray, shirk: FloatArray, alone: FloatArray) -> FloatArray:
    """Critical patience delta* (punishment certain, others steady, foresight unlimited)."""
    tempts = shirk > stay
    range_ = np.where(tempts & (shirk > alone), shirk - alone, 1.0)
    needed = np.where(tempts, (shirk - stay) / range_, 0.0)
    needed = np.where(tempts & (alone >= stay), NEVER, needed)
    return np.asarray(np.where(np.isnan(stay), np.nan, needed))
