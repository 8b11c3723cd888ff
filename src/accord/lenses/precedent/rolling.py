"""Rolling-origin evaluation: what forecasts made in the past would have been worth, against the base rate of the day.

At the end of each origin year the model is fitted to what had happened by then, and forecasts what ends each alliance in
force within 5 and 10 years, with covariates frozen (its age and the end of its specified length move on).  It is scored
beside base rates known at the same origin: by class and age, and by class at any age.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.lenses.precedent.alliances import CAUSES
from accord.lenses.precedent.hazard_model import RIDGE, HazardModel, fit
from accord.lenses.precedent.scores import Score, by_cause
from accord.lenses.precedent.spells import COVARIATES, MOVING, TYPES, Spells, moving

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ORIGINS: tuple[int, ...] = tuple(range(1945, 2011))
HORIZONS: tuple[int, ...] = (5, 10)
# The model as it was specified before any score was seen, and the same held to the last 20 years (a second thought, after the
# first scores: both the model and the base rates foretold twice the endings that came); then the base rates.
CONTENDERS: tuple[str, ...] = ("model", "model_recent", "class_and_age", "class_only", "class_recent")
MATCHES: tuple[tuple[str, str], ...] = (
    ("model", "class_and_age"),
    ("model", "class_only"),
    ("model_recent", "class_recent"),
)
RECENT, STEADY = 20, 5.0
# So few at risk at an age, and the base rate looks at more: all classes at that age, then the class at any age.
FEWEST = 10


@dataclass(frozen=True, slots=True, eq=False)
class Forecasts:
    """Forecasts of all origins for one horizon.

    Parameters
    ----------
    origin, alliance, outcome : ndarray of int, shape (n,)
        Outcome 0 still in force after the horizon, else 1 more than the place of the cause.
    forecasts : dict of str to ndarray, shape (n, 1 + causes)
        By :data:`CONTENDERS`: probability of each outcome.
    """

    origin: IntArray
    alliance: IntArray
    outcome: IntArray
    forecasts: dict[str, FloatArray]


def fit_until(
    told: Spells, year: int, ridge: float = RIDGE, start: FloatArray | None = None, spread: bool = False
) -> HazardModel:
    """The model fitted to what had happened by the end of a year."""
    known = told.take((told.year <= year) & (told.cause >= 0))
    return fit(
        known.covariates,
        known.cause,
        len(CAUSES),
        names=tuple(COVARIATES),
        exposure=known.exposure,
        cluster=known.alliance if spread else None,
        ridge=ridge,
        start=start,
    )


def incidence(model: HazardModel, rows: Spells, years: int, factors: FloatArray | float = 1.0) -> FloatArray:
    """Probability of each outcome within some years from the beginning of each row's year, shape (rows, 1 + causes).

    Frozen covariates; age and the end of the specified length move on.  The first outcome is "still in force".  *factors*
    multiply the yearly probabilities of the causes.
    """
    covariates = rows.covariates.copy()
    age, year = rows.age.astype(np.float64), rows.year.astype(np.float64)

    def within(ahead: int) -> FloatArray:
        """Probabilities of one year."""
        covariates[:, :MOVING] = moving(age + ahead, year + ahead, rows.term)
        return model.probabilities(covariates) * factors

    return _accumulated(within, len(rows), years)


def _accumulated(within: Callable[[int], FloatArray], count: int, years: int) -> FloatArray:
    """Yearly probabilities of the causes put together: still in force, then each cause."""
    still, ended = np.ones(count), np.zeros((count, len(CAUSES)))
    for ahead in range(years):
        p = within(ahead)
        p = p / np.maximum(p.sum(axis=1, keepdims=True), 1.0)
        ended += still[:, None] * p
        still = still * (1.0 - p.sum(axis=1))
    return np.concatenate([still[:, None], ended], axis=1)


def base_incidence(
    hazard: FloatArray, rows: Spells, years: int, factors: FloatArray | float = 1.0
) -> FloatArray:
    """The same by a base rate, from :func:`base_hazards`: Aalen and Johansen's, given that it lasted so far."""
    oldest = hazard.shape[1] - 1

    def within(ahead: int) -> FloatArray:
        """Probabilities of one year."""
        return np.asarray(hazard[rows.type, np.minimum(rows.age + ahead, oldest)] * factors)

    return _accumulated(within, len(rows), years)


def base_hazards(known: Spells, by_age: bool) -> FloatArray:
    """Endings per year at risk by type, age and cause, shape (types, ages, causes); the last age stands for older ones.

    Where fewer than :data:`FEWEST` of the type were at risk at an age, those of all types at that age count; where
    those are too few, the type at any age (and of a type that hardly was, all).
    """
    causes, oldest = len(CAUSES), int(known.age.max()) + 2
    at_risk, ends = np.zeros((len(TYPES), oldest)), np.zeros((len(TYPES), oldest, causes))
    np.add.at(at_risk, (known.type, known.age), known.exposure)
    over = known.cause > 0
    np.add.at(ends, (known.type[over], known.age[over], known.cause[over] - 1), 1.0)
    whole, exposed = ends.sum(axis=(0, 1)) / at_risk.sum(), at_risk.sum(axis=1)
    own = ends.sum(axis=1) / np.maximum(exposed, FEWEST)[:, None]
    hazard = np.repeat(np.where((exposed >= FEWEST)[:, None], own, whole)[:, None, :], oldest, axis=1)
    if by_age:
        pooled_risk = at_risk.sum(axis=0)
        pooled = ends.sum(axis=0) / np.maximum(pooled_risk, FEWEST)[:, None]
        hazard = np.where((pooled_risk >= FEWEST)[None, :, None], pooled[None], hazard)
        own = ends / np.maximum(at_risk, FEWEST)[..., None]
        hazard = np.where((at_risk >= FEWEST)[..., None], own, hazard)
    return hazard


def recent_factors(p: FloatArray, cause: IntArray) -> FloatArray:
    """Endings seen over endings foretold by cause, each with :data:`STEADY` added, shape (causes,)."""
    seen = (cause[:, None] == np.arange(1, len(CAUSES) + 1)).sum(axis=0)
    return np.asarray((seen + STEADY) / (p.sum(axis=0) + STEADY), dtype=np.float64)


def forecasts_at(known: Spells, now: Spells, model: HazardModel, years: int) -> list[FloatArray]:
    """What each contender says, in order of :data:`CONTENDERS`."""
    recent = known.take(known.year > known.year.max() - RECENT)
    by_age, plain = base_hazards(known, True), base_hazards(known, False)
    expected = plain[recent.type, 0] * recent.exposure[:, None]
    mine = recent_factors(model.probabilities(recent.covariates, recent.exposure), recent.cause)
    return [
        incidence(model, now, years),
        incidence(model, now, years, mine),
        base_incidence(by_age, now, years),
        base_incidence(plain, now, years),
        base_incidence(plain, now, years, recent_factors(expected, recent.cause)),
    ]


def rolling_forecasts(
    told: Spells,
    origins: Sequence[int] = ORIGINS,
    horizons: Sequence[int] = HORIZONS,
    ridge: float = RIDGE,
) -> dict[int, Forecasts]:
    """Forecasts at each origin for every alliance in force, by horizon.

    An origin whose horizon ends after the data look is left out for that horizon.
    """
    until = int(told.year[told.cause >= 0].max())
    found: dict[int, list[tuple[IntArray, IntArray, IntArray, list[FloatArray]]]] = {h: [] for h in horizons}
    start: FloatArray | None = None
    for origin in sorted(origins):
        model = fit_until(told, origin, ridge, start)
        start = model.coefficients
        known = told.take((told.year <= origin) & (told.cause >= 0))
        now = told.take((told.year == origin + 1) & (told.age >= 1))
        for years in horizons:
            if origin + years > until or not len(now):
                continue
            made = forecasts_at(known, now, model, years)
            where = np.full(len(now), origin, dtype=np.int64)
            found[years].append((where, now.alliance, outcomes(told, now, origin + years), made))
    return {years: _together(parts) for years, parts in found.items() if parts}


def outcomes(told: Spells, now: Spells, until: int) -> IntArray:
    """What had become of each alliance by the end of a year."""
    over = (told.cause > 0) & (told.year <= until)
    ends = dict(zip(told.alliance[over].tolist(), told.cause[over].tolist(), strict=True))
    return np.array([ends.get(number, 0) for number in now.alliance.tolist()], dtype=np.int64)


def _together(parts: list[tuple[IntArray, IntArray, IntArray, list[FloatArray]]]) -> Forecasts:
    """The origins, one after the other."""
    origin, alliance, outcome = (np.concatenate([part[place] for part in parts]) for place in range(3))
    made = {name: np.concatenate([part[3][n] for part in parts]) for n, name in enumerate(CONTENDERS)}
    return Forecasts(origin, alliance, outcome, made)


def scored(found: Mapping[int, Forecasts], draws: int = 2000, seed: int = 0) -> dict[int, list[Score]]:
    """Scores of the model against both base rates, by horizon."""
    return {
        years: [
            row
            for mine, rival in MATCHES
            for row in by_cause(
                (mine, made.forecasts[mine]),
                (rival, made.forecasts[rival]),
                made.outcome,
                made.alliance,
                draws=draws,
                seed=seed,
            )
        ]
        for years, made in found.items()
    }
