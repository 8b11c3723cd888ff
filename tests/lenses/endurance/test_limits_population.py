"""Limiting case 25 of the page: a case that states nothing has uniform ranks and the population's quadrant shares."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from accord.lenses.endurance import Intervention, Parameters, options, parameters, weigh
from accord.lenses.endurance.calibration import KINDS
from accord.lenses.endurance.population import population
from accord.lenses.endurance.reference import shipped

FloatArray = NDArray[np.float64]
PEOPLE, START, WINDOW = 500, 12, 60
BASE, BOTH = Intervention(month=0), Intervention(START, remove=True, tempt=True)
# A chance of one in ten thousand that a test of a right model fails for any one seed; the seeds are fixed.
RISK = 1e-4


def kept(numbers: Parameters, kind: str, seed: int, trial: Intervention) -> FloatArray:
    """Survival of the bilateral level over five years from month 12."""
    nu, months = shipped()[kind, 14.0].nu, START + WINDOW
    assert nu is not None
    run = weigh(numbers, beta=14.0, nu=nu, months=months, replicates=8, seed=seed, trial=trial)
    return run.conditional(START, WINDOW)


def measures(numbers: Parameters, kind: str, seed: int) -> tuple[FloatArray, FloatArray]:
    """Strategic index and trial hazard ratio by the page's formulas (section 4)."""
    base, index = kept(numbers, kind, seed, BASE), kept(numbers, kind, seed, BOTH)
    soft = 0.1 * -math.log(KINDS[kind].five_years) / WINDOW

    def rate(survival: FloatArray) -> FloatArray:
        return np.asarray(-np.log(np.maximum(survival, 1e-6)) / WINDOW)

    return index, np.log((rate(index) + soft) / (rate(base) + soft))


def mid_ranks(values: FloatArray, among: FloatArray) -> FloatArray:
    """Share of a population below each value, ties counted half."""
    ordered = np.sort(among)
    below, upto = np.searchsorted(ordered, values, "left"), np.searchsorted(ordered, values, "right")
    return np.asarray((below + upto) / (2.0 * len(among)))


def quadrants(durability: FloatArray, conditionality: FloatArray) -> FloatArray:
    """Shares of the four quadrants and of what is ambivalent."""
    unclear = (np.abs(durability - 0.5) <= 0.05) | (np.abs(conditionality - 0.5) <= 0.05)
    which = np.where(unclear, 4, 2 * (durability > 0.5) + (conditionality > 0.5))
    return np.bincount(which, minlength=5) / len(which)


def stating_nothing() -> Parameters:
    """As many worlds of another seed that pass the viability filter."""
    drawn = parameters(worlds=2200, seed=987)
    values = options(drawn).values
    viable = np.flatnonzero((values[..., 0] > values[..., 2]).all(axis=1))
    assert len(viable) >= PEOPLE
    return drawn.take(viable[:PEOPLE])


def test_case_25_states_nothing() -> None:
    people, case = population(PEOPLE).numbers, stating_nothing()
    for kind in ("wartime", "defence"):
        theirs, own = measures(people, kind, 0), measures(case, kind, 25)
        keep = [np.isfinite(np.stack(pair)).all(axis=0) for pair in (theirs, own)]
        assert min(mask.mean() for mask in keep) > 0.99
        ranks = [mid_ranks(mine[keep[1]], among[keep[0]]) for mine, among in zip(own, theirs, strict=True)]
        themselves = [mid_ranks(among[keep[0]], among[keep[0]]) for among in theirs]
        n, m = (int(mask.sum()) for mask in keep)
        effective = n * m / (n + m)
        # The population is finite, so both samples vary: P(D > d) <= 2 exp(-2 d^2 nm/(n + m)) (Kolmogorov-Smirnov).
        bound = math.sqrt(math.log(2.0 / RISK) / (2.0 * effective))
        for rank, their in zip(ranks, themselves, strict=True):
            at = np.sort(np.concatenate([rank, their]))
            gap = (
                np.searchsorted(np.sort(rank), at, "right") / m
                - np.searchsorted(np.sort(their), at, "right") / n
            )
            assert np.abs(gap).max() <= bound
            # The mean of m uniform ranks among n: (Wilcoxon) variance (1/n + 1/m)/12 without ties, less with them.
            assert abs(rank.mean() - 0.5) <= 4.0 * math.sqrt((n + m + 1) / (12.0 * n * m))
        shares, expected = quadrants(*ranks), quadrants(*themselves)
        pooled = (n * expected + m * shares) / (n + m)
        assert (np.abs(shares - expected) <= 4.0 * np.sqrt(pooled * (1.0 - pooled) / effective)).all()


def test_case_25_notices_a_case_that_states_something() -> None:
    """The same bounds are broken by partners with a standing interest."""
    people, case = population(PEOPLE).numbers, stating_nothing()
    theirs = kept(people, "defence", 0, BOTH)
    own = kept(case.with_(standing_interest=case.of("standing_interest") + 0.2), "defence", 25, BOTH)
    rank = np.sort(mid_ranks(own, theirs))
    gap = np.abs(np.searchsorted(rank, rank, "right") / PEOPLE - rank).max()
    assert gap > math.sqrt(math.log(2.0 / RISK) / PEOPLE)
