"""Brier and log scores of forecasts of competing outcomes, skill with a clustered bootstrap, and calibration.

Brier (1950): mean of ``(p - o)^2``; log score (Good 1952): mean of ``-ln p`` of what happened; skill: 1 less the ratio of the
model's score to its rival's.  Intervals resample clusters (alliances) whole, with the forecasts as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.lenses.precedent.alliances import CAUSES
from accord.lenses.precedent.survival import Estimated

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# No outcome is held for less likely than this, in any forecast: a log score of infinity would drown all others.
FLOOR = 0.001
EVENTS: tuple[str, ...] = ("any", "which", *CAUSES)
BINS: tuple[float, ...] = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 1.0)
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Score:
    """One event scored.

    Parameters
    ----------
    event : str
        ``any`` ending; ``which`` outcome (all of them at once); or a cause.
    model, rival : str
        Who is scored against whom.
    n, happened : int
        Forecasts; those in which the event happened.
    brier, rival_brier, log, rival_log : float
    brier_skill, log_skill : Estimated
    """

    event: str
    model: str
    rival: str
    n: int
    happened: int
    brier: float
    rival_brier: float
    brier_skill: Estimated
    log: float
    rival_log: float
    log_skill: Estimated


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts of any ending between two limits: what they said on the mean, and what came.

    Parameters
    ----------
    low, high : float
    n : int
    forecast : float
    observed : Estimated
        Interval by clusters.
    """

    low: float
    high: float
    n: int
    forecast: float
    observed: Estimated


def floored(p: FloatArray) -> FloatArray:
    """Probabilities mixed with a little of the uniform, so that each is at least :data:`FLOOR`; rows sum to 1."""
    return np.asarray((1.0 - p.shape[1] * FLOOR) * p + FLOOR, dtype=np.float64)


def brier(p: FloatArray, outcome: IntArray, event: str) -> FloatArray:
    """Squared error of each forecast, shape (n,)."""
    if event == "which":
        told = outcome[:, None] == np.arange(p.shape[1])
        return np.asarray(((p - told) ** 2).sum(axis=1), dtype=np.float64)
    q, happened = _binary(p, outcome, event)
    return np.asarray((q - happened) ** 2, dtype=np.float64)


def log_score(p: FloatArray, outcome: IntArray, event: str) -> FloatArray:
    """Minus the logarithm of the probability of what happened, shape (n,)."""
    if event == "which":
        return np.asarray(-np.log(p[np.arange(len(p)), outcome]), dtype=np.float64)
    q, happened = _binary(p, outcome, event)
    return np.asarray(-np.log(np.where(happened, q, 1.0 - q)), dtype=np.float64)


def _binary(p: FloatArray, outcome: IntArray, event: str) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Probability of one event, and whether it happened."""
    if event == "any":
        return 1.0 - p[:, 0], outcome > 0
    place = CAUSES.index(event) + 1
    return p[:, place], outcome == place


def by_cause(
    mine: tuple[str, FloatArray],
    other: tuple[str, FloatArray],
    outcome: IntArray,
    cluster: IntArray,
    *,
    draws: int,
    seed: int,
) -> list[Score]:
    """Scores of every event, of one forecaster against another, each with its name."""
    model, base = floored(mine[1]), floored(other[1])
    weights = _weights(cluster, draws, seed)
    found = []
    for event in EVENTS:
        happened = outcome > 0 if event in ("any", "which") else outcome == CAUSES.index(event) + 1
        pairs = [(rule(model, outcome, event), rule(base, outcome, event)) for rule in (brier, log_score)]
        skills = [_skill(a, b, cluster, weights) for a, b in pairs]
        (a, b), (c, d) = pairs
        found.append(
            Score(
                event,
                mine[0],
                other[0],
                len(outcome),
                int(happened.sum()),
                float(a.mean()),
                float(b.mean()),
                skills[0],
                float(c.mean()),
                float(d.mean()),
                skills[1],
            )
        )
    return found


def _weights(cluster: IntArray, draws: int, seed: int) -> FloatArray:
    """How often each cluster is drawn, shape (draws, clusters)."""
    count = len(np.unique(cluster))
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1.0 / count), size=draws)
    return drawn.astype(np.float64)


def _sums(values: FloatArray, cluster: IntArray) -> FloatArray:
    """Sums by cluster, in order of the clusters' numbers."""
    place = np.unique(cluster, return_inverse=True)[1]
    return np.asarray(np.bincount(place, values), dtype=np.float64)


def _skill(mine: FloatArray, other: FloatArray, cluster: IntArray, weights: FloatArray) -> Estimated:
    """1 less the ratio of two scores, with its interval."""
    drawn = 1.0 - (weights @ _sums(mine, cluster)) / (weights @ _sums(other, cluster))
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimated(float(1.0 - mine.sum() / other.sum()), float(low), float(high))


def calibration(
    p: FloatArray, outcome: IntArray, cluster: IntArray, draws: int = 2000, seed: int = 0
) -> list[Bin]:
    """Forecasts of any ending in bins, with what came of them; empty bins are left out."""
    q, happened = 1.0 - p[:, 0], outcome > 0
    place = np.clip(np.digitize(q, BINS) - 1, 0, len(BINS) - 2)
    weights = _weights(cluster, draws, seed)
    found = []
    for number in range(len(BINS) - 1):
        inside = place == number
        if not inside.any():
            continue
        top = weights @ _sums((inside & happened).astype(np.float64), cluster)
        bottom = weights @ _sums(inside.astype(np.float64), cluster)
        shares = top[bottom > 0] / bottom[bottom > 0]
        low, high = np.quantile(shares, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        observed = Estimated(float(happened[inside].mean()), float(low), float(high))
        found.append(
            Bin(BINS[number], BINS[number + 1], int(inside.sum()), float(q[inside].mean()), observed)
        )
    return found
