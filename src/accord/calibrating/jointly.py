"""A review rate fitted to several facts at once: survival at 1, 5 and 10 years, and what endings are shared among.

For each precision beta the rate nu minimises ``sum ((model - target)/error)^2`` over the targets, on common random numbers;
errors are the sampling errors of the class.  Targets are taken as if they were independent (survival at three ages of the
same alliances is not, and shares sum to 1), so the sum orders fits and is no test statistic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from accord.lenses.endurance.calibration import BETAS
from accord.lenses.endurance.endings import CAUSES
from accord.lenses.endurance.estimators import simulate
from accord.lenses.endurance.population import SEED, Population

LOW, HIGH = 0.001, 1.0
MONTHS = 120
YEARS: tuple[int, ...] = (1, 5, 10)
# Endings of the model that stand for the causes of the data (loosely: the data know no sell-out, the model no new treaty).
GROUPS: dict[str, tuple[str, ...]] = {
    "fulfilled": ("fulfilled",),
    "chosen": ("sell_out", "abandonment", "fait_accompli", "entrapment"),
    "forced": ("exhaustion", "collapse"),
}
_GRID, _REFINED, _AT_LIMIT = 13, 8, 0.05
Seen = dict[tuple[float, float], dict[str, float]]


@dataclass(frozen=True, slots=True)
class Target:
    """One fact to fit.

    Parameters
    ----------
    name : str
        ``survival 1``, ``survival 5``, ``survival 10``, or ``share`` and a group of endings within ten years.
    value, error : float
        Error above 0.
    n : int
        Alliances, or endings, that it rests on.
    low, high : float
        Its 95 percent interval.
    """

    name: str
    value: float
    error: float
    n: int = 0
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True, slots=True)
class Joint:
    """The best rate at one precision.

    Parameters
    ----------
    beta, nu : float
    at_limit : bool
        Whether the best rate is an end of [.001, 1]: then a better one lies outside.
    on : tuple of str
        Targets that it is fitted to.
    total : float
        Sum of squared misfits of those, in sampling errors.
    model : dict of str to float
        What the population does, by every target.
    misfit : dict of str to float
        Model less target, in sampling errors.
    """

    beta: float
    nu: float
    at_limit: bool
    on: tuple[str, ...]
    total: float
    model: dict[str, float]
    misfit: dict[str, float]


def facts(people: Population, level: int, beta: float, nu: float, replicates: int) -> dict[str, float]:
    """What a population does at one rate: survival at 1, 5 and 10 years, shares of endings within ten.

    Shares are NaN when nothing ends.
    """
    runs = simulate(people.numbers, beta=beta, nu=nu, months=MONTHS, replicates=replicates, seed=SEED)
    alive = runs.survival[:, level].mean(axis=0)
    cause = runs.ends[..., 3 * level + 1]
    ended = int((cause > 0).sum())
    found = {f"survival {years}": float(alive[12 * years]) for years in YEARS}
    for group, names in GROUPS.items():
        count = int(np.isin(cause, [CAUSES.index(name) for name in names]).sum())
        found[f"share {group}"] = count / ended if ended else math.nan
    return found


def fit_jointly(
    people: Population,
    level: int,
    targets: Sequence[Target],
    *,
    betas: Sequence[float] = BETAS,
    shares: bool = True,
    replicates: int = 8,
    seen: Seen | None = None,
) -> list[Joint]:
    """The best rate at each precision.

    Parameters
    ----------
    people : Population
    level : int
        0 for the theatre, 1 for the bilateral level.
    targets : sequence of Target
    betas : sequence of float
    shares : bool
        Whether shares count in the fit; their misfit is told either way.
    replicates : int
    seen : dict, optional
        What the same population did at the same level, by beta and the logarithm of nu; added to.

    Raises
    ------
    ValueError
        Without a target to fit to, or with an error that is not above 0.
    """
    on = [one for one in targets if shares or not one.name.startswith("share")]
    if not on or not all(one.error > 0 for one in targets):
        raise ValueError("a fit needs targets, each with a sampling error above 0")
    known: Seen = {} if seen is None else seen

    def at(beta: float, logarithm: float) -> dict[str, float]:
        """What the population does at a rate."""
        if (beta, logarithm) not in known:
            rate = min(math.exp(logarithm), HIGH)
            known[beta, logarithm] = facts(people, level, beta, rate, replicates)
        return known[beta, logarithm]

    return [_best(partial(at, beta), beta, targets, on) for beta in betas]


def _best(
    at: Callable[[float], dict[str, float]], beta: float, targets: Sequence[Target], on: list[Target]
) -> Joint:
    """The best rate at one precision: the best of a grid in the logarithm, refined by golden section."""

    def total(logarithm: float) -> float:
        """Sum of squared misfits at a rate."""
        return sum(misfit_of(one, at(logarithm)) ** 2 for one in on)

    grid = np.linspace(math.log(LOW), math.log(HIGH), _GRID).tolist()
    place = min(range(_GRID), key=lambda n: total(grid[n]))
    best = _golden(total, grid[max(place - 1, 0)], grid[min(place + 1, _GRID - 1)])
    best = min((best, grid[place]), key=total)
    model = at(best)
    return Joint(
        beta,
        float(f"{math.exp(best):.6g}"),
        min(best - grid[0], grid[-1] - best) < _AT_LIMIT,
        tuple(one.name for one in on),
        total(best),
        model,
        {one.name: misfit_of(one, model) for one in targets},
    )


def misfit_of(target: Target, model: dict[str, float]) -> float:
    """Model less target in sampling errors; a share of nothing misses by the whole target."""
    value = model[target.name]
    return ((0.0 if math.isnan(value) else value) - target.value) / target.error


def _golden(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function of one number is least between two."""
    ratio = (math.sqrt(5.0) - 1.0) / 2.0
    a, b = high - ratio * (high - low), low + ratio * (high - low)
    for _ in range(_REFINED):
        if function(a) <= function(b):
            high, b = b, a
            a = high - ratio * (high - low)
        else:
            low, a = a, b
            b = low + ratio * (high - low)
    return a if function(a) <= function(b) else b
