"""The fitted model that Accord ships: its coefficients, its forecasts, and what they were worth in the past."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from accord.lenses.precedent.alliances import CAUSES
from accord.lenses.precedent.eras import Blocked, Foretold, blocked, foretold
from accord.lenses.precedent.hazard_model import RIDGE, HazardModel
from accord.lenses.precedent.rolling import (
    CONTENDERS,
    HORIZONS,
    ORIGINS,
    RECENT,
    Forecasts,
    fit_until,
    incidence,
    recent_factors,
    rolling_forecasts,
    scored,
)
from accord.lenses.precedent.scores import Bin, Score, calibration
from accord.lenses.precedent.shipped import content_of
from accord.lenses.precedent.spells import COVARIATES, MOVING, TYPES, Spells, moving, spells_of
from accord.lenses.precedent.survival import Estimated
from accord.problems import Problem, SituationError, did_you_mean

NAME = "hazard_model"
# Origins in three parts, each half open.
ERAS: tuple[tuple[int, int], ...] = ((1945, 1970), (1970, 1990), (1990, 2011))


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """The model with what its forecasts were worth.

    Parameters
    ----------
    model : HazardModel
        Fitted to everything.
    errors : ndarray, shape (causes, covariates)
        Standard errors of the slopes per unit, clustered by alliance.
    recent : ndarray, shape (causes,)
        Endings seen in the last 20 years over those that the model foretells for them.
    scores : dict of int to list of Score
        By horizon in years.
    eras : dict of int to dict of str to list of Score
        The same for a part of the origins.
    calibration : dict of int to dict of str to list of Bin
        By horizon and contender.
    foretold : dict of int to list of Foretold
        By horizon: mean forecasts and what came, by era and contender.
    blocked : dict of int to list of Blocked
        By horizon: skill with intervals from blocks of origins.
    """

    model: HazardModel
    errors: np.ndarray[Any, np.dtype[np.float64]]
    recent: np.ndarray[Any, np.dtype[np.float64]]
    scores: dict[int, list[Score]]
    eras: dict[int, dict[str, list[Score]]]
    calibration: dict[int, dict[str, list[Bin]]]
    foretold: dict[int, list[Foretold]]
    blocked: dict[int, list[Blocked]]


def fit_from(told: Spells | Path | None = None, ridge: float = RIDGE, draws: int = 2000) -> Fitted:
    """Fit the model to a store and evaluate it with rolling origins; some seconds.

    Parameters
    ----------
    told : Spells, Path or None
        Spells, or the store (the user's own when left out).
    ridge : float
    draws : int
        Of the bootstrap.

    Raises
    ------
    SituationError
        When something that is needed has not been imported.
    """
    held = told if isinstance(told, Spells) else spells_of(told)
    last = int(held.year[held.cause >= 0].max())
    model = fit_until(held, last, ridge, spread=True)
    recent = held.take((held.year > last - RECENT) & (held.cause >= 0))
    factors = recent_factors(model.probabilities(recent.covariates, recent.exposure), recent.cause)
    found = rolling_forecasts(held, ORIGINS, HORIZONS, ridge)
    eras: dict[int, dict[str, list[Score]]] = {years: {} for years in found}
    for low, high in ERAS:
        part = {years: _part(made, low, high) for years, made in found.items()}
        for years, rows in scored(part, draws).items():
            eras[years][f"{low}-{high - 1}"] = [row for row in rows if row.event in ("any", "which")]
    bins = {
        years: {
            name: calibration(made.forecasts[name], made.outcome, made.alliance, draws) for name in CONTENDERS
        }
        for years, made in found.items()
    }
    means = {years: foretold(made, ERAS) for years, made in found.items()}
    blocks = {years: blocked(made, draws) for years, made in found.items()}
    return Fitted(model, model.raw_errors(), factors, scored(found, draws), eras, bins, means, blocks)


def _part(made: Forecasts, low: int, high: int) -> Forecasts:
    """The forecasts of some origins."""
    inside = (made.origin >= low) & (made.origin < high)
    forecasts = {name: p[inside] for name, p in made.forecasts.items()}
    return Forecasts(made.origin[inside], made.alliance[inside], made.outcome[inside], forecasts)


def as_numbers(found: Fitted) -> dict[str, Any]:
    """What is shipped, as plain data: no row of any data set."""
    model = found.model
    return {
        "covariates": list(model.names),
        "causes": list(CAUSES),
        "ridge": RIDGE,
        "rows": model.rows,
        "endings": list(model.endings),
        "mean": model.mean.tolist(),
        "scale": model.scale.tolist(),
        "coefficients": model.coefficients.tolist(),
        "slopes": model.raw().tolist(),
        "errors": found.errors.tolist(),
        "recent": found.recent.tolist(),
        "origins": [ORIGINS[0], ORIGINS[-1]],
        "scores": {years: [asdict(row) for row in rows] for years, rows in found.scores.items()},
        "eras": {
            years: {era: [asdict(row) for row in rows] for era, rows in parts.items()}
            for years, parts in found.eras.items()
        },
        "calibration": {
            years: {name: [asdict(row) for row in rows] for name, rows in parts.items()}
            for years, parts in found.calibration.items()
        },
        "foretold": {years: [asdict(row) for row in rows] for years, rows in found.foretold.items()},
        "blocked": {years: [asdict(row) for row in rows] for years, rows in found.blocked.items()},
    }


@cache
def shipped_model() -> Fitted:
    """The shipped model with what its forecasts were worth; the covariance of its coefficients is not shipped."""
    numbers = content_of(NAME)["numbers"]
    model = HazardModel(
        tuple(numbers["covariates"]),
        np.array(numbers["mean"], dtype=np.float64),
        np.array(numbers["scale"], dtype=np.float64),
        np.array(numbers["coefficients"], dtype=np.float64),
        np.empty(0),
        numbers["rows"],
        tuple(numbers["endings"]),
    )
    return Fitted(
        model,
        np.array(numbers["errors"], dtype=np.float64),
        np.array(numbers["recent"], dtype=np.float64),
        {int(years): [_score(row) for row in rows] for years, rows in numbers["scores"].items()},
        {
            int(years): {era: [_score(row) for row in rows] for era, rows in parts.items()}
            for years, parts in numbers["eras"].items()
        },
        {
            int(years): {name: [_bin(row) for row in rows] for name, rows in parts.items()}
            for years, parts in numbers["calibration"].items()
        },
        {int(years): [Foretold(**row) for row in rows] for years, rows in numbers["foretold"].items()},
        {int(years): [_block(row) for row in rows] for years, rows in numbers["blocked"].items()},
    )


def _score(row: Mapping[str, Any]) -> Score:
    """A score out of JSON."""
    skills = {name: Estimated(*row[name]) for name in ("brier_skill", "log_skill")}
    return Score(**{**row, **skills})


def _block(row: Mapping[str, Any]) -> Blocked:
    """A skill with an interval from blocks, out of JSON."""
    return Blocked(**{**row, "skill": Estimated(*row["skill"])})


def _bin(row: Mapping[str, Any]) -> Bin:
    """A bin out of JSON."""
    return Bin(**{**row, "observed": Estimated(*row["observed"])})


def outlook(
    values: Mapping[str, float],
    years: int,
    *,
    age: float = 0.0,
    runs_out_in: float | None = None,
    recent: bool = True,
    model: Fitted | None = None,
) -> dict[str, float]:
    """Probability of each ending of one alliance within some years, by the fitted model.

    Parameters
    ----------
    values : mapping of str to float
        Covariates (:data:`accord.lenses.precedent.spells.COVARIATES`, the first four left to *age* and *runs_out_in*);
        ``type`` of the treaty as 0 or 1 under its name.  One that is left out takes the mean of the data.
    years : int
        1 or more.
    age : float
        Years since it began.
    runs_out_in : float, optional
        Years until its specified length runs out (0: this year; below 0: it has); infinite when it has none; not known when
        left out.
    recent : bool
        Whether hazards are held to those of the last 20 years before the data end; without it they are those of two
        centuries, about twice as high as what has been seen since 1945.
    model : Fitted, optional
        The shipped one when left out.

    Returns
    -------
    dict of str to float
        ``in_force`` and each cause; they sum to 1.

    Raises
    ------
    SituationError
        For a covariate nobody knows, or a value that is no number.
    ValueError
        For less than a year, or an age below 0.
    """
    if years < 1 or not 0.0 <= age < math.inf:
        raise ValueError("a forecast reaches 1 year or more ahead, and an age is 0 or more")
    frozen = list(COVARIATES)[MOVING:]
    _checked(values, frozen)
    held = model or shipped_model()
    term = math.nan if runs_out_in is None else math.ceil(runs_out_in) if runs_out_in < math.inf else math.inf
    one = np.array([[values.get(name, math.nan) for name in frozen]])
    clock = moving(np.array([age]), np.array([0.0]), np.array([term]))
    empty = np.zeros(1, dtype=np.int64)
    row = Spells(
        empty,
        empty,
        np.array([age]),
        np.ones(1),
        empty,
        np.full(1, len(TYPES) - 1),
        np.array([term]),
        np.concatenate([clock, one], axis=1),
    )
    p = incidence(held.model, row, years, held.recent if recent else 1.0)[0]
    return dict(zip(("in_force", *CAUSES), p.tolist(), strict=True))


def _checked(values: Mapping[str, float], frozen: list[str]) -> None:
    """Refuse what nobody knows, every fault at once."""
    faults = []
    for name, value in values.items():
        if name not in frozen:
            says = f"no covariate of the model is called '{name}'"
            faults.append(
                Problem("no-covariate", says, name, "one of " + ", ".join(frozen), did_you_mean(name, frozen))
            )
        elif not math.isfinite(value):
            faults.append(
                Problem("no-number", f"'{name}' is no number", name, "a number; leave it out when not known")
            )
    if faults:
        raise SituationError(faults)
