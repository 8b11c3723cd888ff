"""The monthly review rate that fits a population of plausible partnerships to historical alliances (page, section 4).

Rate and precision of reviews are never stated for a case: they are those with which the population survives as the
treaties of a historical class did.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.lenses.endurance.estimators import simulate
from accord.lenses.endurance.population import SEED, Population

BETAS: tuple[float, ...] = (6.0, 14.0, 40.0)
REPLICATES = 16
_LOW, _HIGH, _CLOSE = 0.001, 1.0, 0.005


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of historical alliances.

    Parameters
    ----------
    name, label : str
    level : int
        0 when the event is the first ending at the theatre level, 1 for the end of the bilateral level.
    one_year, five_years : float
        Shares still alive, from the precedent data (``precedent.md``).
    """

    name: str
    label: str
    level: int
    one_year: float
    five_years: float


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("wartime", "wartime alliances", 0, 0.866, 0.388),
        Kind("defence", "defence pacts", 1, 0.928, 0.755),
        Kind("consultation", "consultation pacts", 1, 0.964, 0.831),
        Kind("all", "alliances", 1, 0.940, 0.796),
    )
}


@dataclass(frozen=True, slots=True)
class Calibration:
    """A review rate with what it fits.

    Parameters
    ----------
    kind : str
        Name of the class.
    beta : float
        Precision of choices, months/util.
    nu : float or None
        Reviews per month; None where no rate in [.001, 1] fits ("not reachable").
    one_year, five_years : float
        What the population survives with it.
    misfit : float
        ``one_year`` less that of the class.
    """

    kind: str
    beta: float
    nu: float | None
    one_year: float
    five_years: float
    misfit: float


def fit(people: Population, kind: Kind, beta: float) -> Calibration:
    """Bisection on nu, on common random numbers, until five-year survival is within .005 of the class."""
    low, high = _LOW, _HIGH
    found: tuple[float, float, float] | None = None
    if _survival(people, kind, beta, low)[1] < kind.five_years:
        return _fitted(kind, beta, None, _survival(people, kind, beta, low))
    if _survival(people, kind, beta, high)[1] > kind.five_years:
        return _fitted(kind, beta, None, _survival(people, kind, beta, high))
    for _ in range(40):
        nu = float(np.sqrt(low * high))
        one, five = _survival(people, kind, beta, nu)
        found = (nu, one, five)
        if abs(five - kind.five_years) < _CLOSE / 5:
            break
        low, high = (nu, high) if five > kind.five_years else (low, nu)
    assert found is not None
    near = abs(found[2] - kind.five_years) < _CLOSE
    return _fitted(kind, beta, found[0] if near else None, found[1:])


def _survival(people: Population, kind: Kind, beta: float, nu: float) -> tuple[float, float]:
    """Shares of the population alive after one year and after five."""
    runs = simulate(people.numbers, beta=beta, nu=nu, months=60, replicates=REPLICATES, seed=SEED)
    alive = runs.survival[:, kind.level].mean(axis=0)
    return float(alive[12]), float(alive[60])


def _fitted(kind: Kind, beta: float, nu: float | None, survival: tuple[float, float]) -> Calibration:
    """A row of the table, with figures as far as they mean something."""
    one, five = survival
    rounded = None if nu is None else float(f"{nu:.6g}")
    return Calibration(kind.name, beta, rounded, round(one, 4), round(five, 4), round(one - kind.one_year, 4))
