"""The reference population, and the monthly review rate that fits it to historical alliances (page, section 4).

The rate and precision of reviews are never stated for a case: they are those with which a population of plausible
partnerships survives as the treaties of a historical class did.  ``python -m accord.lenses.endurance.calibration`` makes
the shipped table anew.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from accord.engine.store import digest
from accord.lenses.endurance.estimators import simulate
from accord.lenses.endurance.fields import FIELDS
from accord.lenses.endurance.inputs import Parameters, parameters
from accord.lenses.endurance.moment import options

BETAS: tuple[float, ...] = (6.0, 14.0, 40.0)
SIZE, REPLICATES, SEED = 2000, 16, 0
_TABLE = "calibrations.json"
_LOW, _HIGH, _CLOSE = 0.001, 1.0, 0.005
_DRAWN_AT_ONCE = 4000


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of historical alliances.

    Parameters
    ----------
    name : str
    level : int
        0 when the event is the first ending at the theatre level, 1 for the end of the bilateral level.
    one_year, five_years : float
        Shares still alive, from the precedent data (``precedent.md``).
    """

    name: str
    level: int
    one_year: float
    five_years: float


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("wartime", 0, 0.866, 0.388),
        Kind("defence", 1, 0.928, 0.755),
        Kind("consultation", 1, 0.964, 0.831),
        Kind("all", 1, 0.940, 0.796),
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


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Plausible partnerships that would have formed.

    Parameters
    ----------
    numbers : Parameters
    rejected : float
        Share of draws in which somebody would rather leave than stay at the start.
    digest : str
        Of the numbers.
    """

    numbers: Parameters
    rejected: float
    digest: str


def population(size: int = SIZE, seed: int = SEED) -> Population:
    """Draws from the priors, kept where staying is worth more than leaving to every patron at the start."""
    kept: list[Parameters] = []
    have = seen = 0
    while have < size:
        drawn = parameters(("a", "b"), worlds=_DRAWN_AT_ONCE, seed=seed, first=seen)
        values = options(drawn).values
        viable = np.flatnonzero((values[..., 0] > values[..., 2]).all(axis=1))
        wanted = viable[: size - have]
        seen += int(wanted[-1]) + 1 if len(wanted) == size - have else _DRAWN_AT_ONCE
        kept.append(drawn.take(wanted))
        have += len(wanted)
    vector = np.concatenate([part.vector for part in kept])
    scale = np.concatenate([part.scale for part in kept])
    whole = kept[0].take(np.zeros(size, np.int64)).replaced(vector, scale)
    numbers = {field.name: whole.of(field.name) for field in FIELDS}
    return Population(whole, 1.0 - size / seen, digest(numbers))


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


@cache
def shipped() -> dict[tuple[str, float], Calibration]:
    """The shipped calibrations by class and beta."""
    text = files("accord.lenses.endurance").joinpath(_TABLE).read_text(encoding="utf-8")
    rows = json.loads(text)["calibrations"]
    return {(row["kind"], row["beta"]): Calibration(**row) for row in rows}


def recalibrate() -> dict[str, object]:
    """The whole table, computed anew; about a minute."""
    people = population()
    rows = [asdict(fit(people, kind, beta)) for kind in KINDS.values() for beta in BETAS]
    return {
        "population": {"size": SIZE, "rejected": round(people.rejected, 4), "digest": people.digest},
        "replicates": REPLICATES,
        "seed": SEED,
        "calibrations": rows,
    }


if __name__ == "__main__":
    made = json.dumps(recalibrate(), indent=1) + "\n"
    Path(__file__).with_name(_TABLE).write_text(made, encoding="utf-8")
    print(made)
