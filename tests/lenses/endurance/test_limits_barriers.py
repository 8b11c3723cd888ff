"""Limiting cases 8 and 19 of the page: territory that wanders between barriers, and the discrete-step shift .583.

Siegmund (1985, "Sequential Analysis", chapter 10) moves a barrier of Brownian motion out by .583 standard deviations
of a step.  That is an approximation, so each is tested twice: runs against the exact law of the discrete walk (integral
equations on Gauss-Legendre panels) within four binomial standard deviations, and against the page's formula with the
size of its own next term added.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from accord.lenses.endurance import Parameters, options, parameters, simulate
from accord.lenses.endurance.endings import CAUSES

Given = dict[str, Any]
Within = Callable[..., None]
FloatArray = NDArray[np.float64]
SHIFT = 0.583
FLOOR = 0.05
LOWEST = math.log(FLOOR / (1.0 - FLOOR))


def share(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds))


def panels(low: float, high: float, step: float) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights of Gauss-Legendre quadrature with eight nodes per standard deviation of a step."""
    edges = np.linspace(low, high, max(math.ceil((high - low) / step), 1) + 1)
    nodes, weights = np.polynomial.legendre.leggauss(8)
    half, middle = np.diff(edges) / 2.0, (edges[:-1] + edges[1:]) / 2.0
    return (middle[:, None] + half[:, None] * nodes).ravel(), (half[:, None] * weights).ravel()


def sinks_by(distance: float, noise: float, months: int) -> FloatArray:
    """Exact chance that a driftless walk is at or below a barrier so far down by each month up to *months*."""
    top = distance + 9.0 * noise * math.sqrt(months)
    at, weight = panels(0.0, top, noise)
    kernel = norm.pdf(at[None, :], at[:, None], noise) * weight
    above = norm.sf(top, at, noise)
    start = norm.pdf(at, distance, noise) * weight
    alive, found = np.ones(len(at)), [0.0]
    for _ in range(months):
        found.append(1.0 - start @ alive - norm.sf(top, distance, noise))
        alive = kernel @ alive + above
    return np.array(found)


def upper_first(low: float, high: float, drift: float, noise: float) -> float:
    """Exact chance that a walk from 0 reaches *high* before *low*."""
    at, weight = panels(low, high, noise)
    kernel = norm.pdf(at[None, :], at[:, None] + drift, noise) * weight
    found = np.linalg.solve(np.eye(len(at)) - kernel, norm.sf(high, at + drift, noise))
    return float(norm.sf(high, drift, noise) + (norm.pdf(at, drift, noise) * weight) @ found)


@pytest.mark.parametrize("distance", [0.3, 0.6])
def test_case_08_collapse_at_one_barrier(calm: Given, within: Within, distance: float) -> None:
    noise, months, worlds, replicates = 0.05, 120, 60, 200
    given = {
        **calm,
        "territory_noise": noise,
        "territory_floor": FLOOR,
        "territory": share(LOWEST + distance),
    }
    numbers = parameters(worlds=worlds, seed=8, **given)
    # Nobody reviews, so nothing but collapse ends the theatre.
    runs = simulate(numbers, beta=14.0, nu=0.0, months=months, replicates=replicates, seed=8)
    ended = runs.incidence(0).sum(axis=2) * replicates
    assert (ended[:, [c for c in range(8) if c != CAUSES.index("collapse")]] == 0.0).all()
    collapsed = ended[:, CAUSES.index("collapse")].sum(axis=0)
    exact = sinks_by(distance, noise, months)
    for month in (12, 36, 60, 120):
        formula = 2.0 * norm.cdf(-(distance + SHIFT * noise) / (noise * math.sqrt(month)))
        # Next term of the expansion in 1/sqrt(t): of the order 1/t, and smaller here than a tenth of that.
        assert abs(formula - exact[month]) <= 0.1 / month
        within(collapsed[month], worlds * replicates, exact[month])
        within(collapsed[month], worlds * replicates, formula, allowance=0.1 / month)


def between(calm: Given, low: float, high: float, drift: float, worlds: int) -> Parameters:
    """Worlds in which both patrons call it done as soon as territory is *high* log-odds above the start.

    Their only cost is an issue that weighs with territory: at the upper barrier it outweighs what else they get.
    """
    start = LOWEST - low
    goal = share(start + high)
    pull = math.copysign(0.4, drift)  # n ln(Q/hR), of two patrons and one threat of level 1
    given = {
        **calm,
        "territory": share(start),
        "territory_floor": FLOOR,
        "territory_noise": 0.05,
        "territory_speed": drift / pull,
        "territory_goal": goal - 1e-9,
        "goal": 1.0,
        "capability": 1.0,
        "client_capability": 0.0,
        "proxy_share": 0.0,
        "level": 1.0,
        "strength": 2.0 * math.exp(-pull),
        "contest_exponent": 1.0,
        "trust": 1.0,
        "abandonment_loss": 100.0,
        "agenda_loading": 1.0,
        "position": [[0.0], [1.0]],
        "salience": 200.0,
        "standing_interest": 100.0 * goal,
        "successor_deal": -1000.0,  # nothing is left to run for after the theatre
    }
    zero = (
        "value",
        "material_cost",
        "political_weight",
        "dependence_goods",
        "autonomy_cost",
        "breaking_cost",
    )
    return parameters(worlds=worlds, issues=("end",), numeraire=False, **given, **dict.fromkeys(zero, 0.0))


@pytest.mark.parametrize(
    ("low", "high", "drift"), [(-0.2, 0.35, 0.0), (-0.3, 0.25, -0.0025), (-0.25, 0.3, 0.0025)]
)
def test_case_19_goal_or_collapse_first(
    calm: Given, within: Within, low: float, high: float, drift: float
) -> None:
    noise, worlds, replicates = 0.05, 100, 100
    numbers = between(calm, low, high, drift, worlds)
    assert options(numbers).success[0] == pytest.approx(1.0 / (1.0 + math.exp(-math.copysign(0.4, drift))))
    # Beta and nu so large that they leave in the very month in which it pays; until then they stay for sure.
    runs = simulate(numbers, beta=1e9, nu=1.0, months=1500, replicates=replicates, seed=19)
    causes = np.bincount(runs.ends[..., 1].ravel(), minlength=8)
    fulfilled, collapse = (causes[CAUSES.index(name)] for name in ("fulfilled", "collapse"))
    assert fulfilled + collapse == worlds * replicates
    exact = upper_first(low, high, drift, noise)
    below, above = low - SHIFT * noise, high + SHIFT * noise
    if drift == 0.0:
        # By optional stopping the formula is exact with the mean overshoot, which is .5826 of a step but for terms that
        # fall exponentially in the width: what is left is the rounding to .583.
        formula, allowance = -below / (above - below), 1e-4
    else:
        rate = 2.0 * drift / noise**2
        formula = -math.expm1(rate * below) / -math.expm1(-rate * (above - below))
        # The next term is of the order of the squared drift per standard deviation.
        allowance = (drift / noise) ** 2
    assert abs(formula - exact) <= allowance
    within(fulfilled, worlds * replicates, exact)
    within(fulfilled, worlds * replicates, formula, allowance=allowance)
