"""How much of a forecast is the reading of a paper rather than the data: every documented reading on one input.

The expected-utility model is played in all combinations of the options of its readings (the project's specification of
the bargaining lens, section (b)); other models join through a registry.  The spread is told, and by one-way analysis of
variance how much of it each option explains by itself (R. A. Fisher, "Statistical Methods for Research Workers", 1925).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.lenses.bargaining.compromise import compromise
from accord.lenses.bargaining.expected_utility import CHOICES, READINGS, Reading, last_round
from accord.lenses.bargaining.median import weighted_median

FloatArray = NDArray[np.float64]
# Positions, salience and capability of the actors to one outcome, or to outcomes with the options that gave them.
Model = Callable[[FloatArray, FloatArray, FloatArray], "float | Iterable[tuple[Mapping[str, Any], float]]"]

OWN = "expected_utility"
LEVELS: dict[str, tuple[Any, ...]] = {**CHOICES, "range": ("initial", "current")}
QUANTILES: tuple[float, ...] = (0.05, 0.25, 0.5, 0.75, 0.95)
# Shares of a variance that is only rounding mean nothing.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Variant:
    """One reading and what it gives.

    Parameters
    ----------
    model : str
        ``expected_utility``, or the name in the registry.
    options : Mapping of str to object
        What the reading chooses, by the names of the model's options.
    outcome : float
        On the scale of the positions; NaN where nobody has weight.
    name : str or None
        ``paper`` or ``published`` where the reading is one of these.
    """

    model: str
    options: Mapping[str, Any]
    outcome: float
    name: str | None = None


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Outcomes of many readings.

    Parameters
    ----------
    variants : tuple of Variant
        Each reading once; of the model's own, combinations in which an option happens to be idle are kept, so that every
        option meets every other equally often.
    named : dict of str to float
        Outcomes of the two named readings, run even where ``vary`` leaves them out of the variants.
    baseline : dict of str to float
        Weighted ``mean`` (the honest forecast) and ``median`` of the first positions, for comparison.
    low, high, mean, deviation : float
        Range, mean and standard deviation of the outcomes, each variant counting once.
    quantiles : dict of float to float
        At 0.05, 0.25, 0.5, 0.75 and 0.95.
    explained : dict of str to dict of str to float
        For each model and each of its options, the share (0..1) of the variance of that model's outcomes that lies
        between the option's levels; 0 where all outcomes are equal.  What is missing to 1 is due to options together.
    between : float
        Share (0..1) of the variance of all outcomes that lies between models.
    """

    variants: tuple[Variant, ...]
    named: dict[str, float]
    baseline: dict[str, float]
    low: float
    high: float
    mean: float
    deviation: float
    quantiles: dict[float, float]
    explained: dict[str, dict[str, float]]
    between: float


def ensemble(
    positions: ArrayLike,
    salience: ArrayLike,
    capability: ArrayLike,
    *,
    q: float = 1.0,
    rounds: int = 10,
    outcome: str = "median",
    vary: Mapping[str, Sequence[Any]] | None = None,
    models: Mapping[str, Model] | None = None,
) -> Ensemble:
    """Run every documented reading on one issue.

    Parameters
    ----------
    positions, salience, capability : array_like, shape (actors,)
        As for :func:`~accord.lenses.bargaining.expected_utility.expected_utility`.
    q : float
        Chance, 0..1, that the status quo stays; give levels in *vary* to have it varied.
    rounds : int
        After how many rounds the outcome is read off.
    outcome : str
        Weighted ``median`` or ``mean`` of the last positions.
    vary : Mapping of str to sequence, optional
        Levels of options in place of the documented ones; one level keeps an option fixed.  ``tie_p`` goes with
        ``probability`` (0.5 pairwise, 0 global) unless named here.
    models : Mapping of str to callable, optional
        Further models by name: called with the three arrays, they return an outcome, or pairs of options and outcome.

    Returns
    -------
    Ensemble

    Raises
    ------
    ValueError
        As ``expected_utility``; also for an unknown outcome or option, or an option without levels.
    """
    if outcome not in ("median", "mean"):
        raise ValueError(f"outcome is {outcome!r}; expected 'median' or 'mean'")
    if models is not None and OWN in models:
        raise ValueError(f"models has an entry {OWN!r}, which is taken; expected another name")
    given = tuple(np.asarray(values, dtype=np.float64) for values in (positions, salience, capability))
    if any(array.ndim != 1 for array in given):
        shapes = ", ".join(str(array.shape) for array in given)
        raise ValueError(
            f"positions, salience and capability must have the shape (actors,): one issue, one world; not {shapes}; for"
            " several worlds call it for each, or take expected_utility, which plays one reading in all of them"
        )
    known = {replace(reading, q=q): name for name, reading in READINGS.items()}
    levels = _levels(vary, q)
    every = _documented(q) if vary is None else tuple(_readings(levels))
    place, care, power = given
    found = last_round(place, care, power, [*every, *known], rounds=rounds)
    last = found[:, int(outcome == "median")].tolist()
    variants = [
        Variant(OWN, _options(reading, levels), value, known.get(reading))
        for reading, value in zip(every, last[: len(every)], strict=True)
    ]
    named = dict(zip(known.values(), last[len(every) :], strict=True))
    for name, model in (models or {}).items():
        variants += _others(name, model(place, care, power))
    baseline = {
        "mean": float(compromise(place[:, None], care, power)[0]),
        "median": float(weighted_median(place, care * power / power.max())),
    }
    return _summary(tuple(variants), named, baseline)


def share_explained(outcomes: ArrayLike, groups: Sequence[Any]) -> float:
    """Share of the variance of outcomes that lies between groups (one-way decomposition, eta squared).

    Parameters
    ----------
    outcomes : array_like, shape (variants,)
    groups : sequence
        What group each outcome belongs to.

    Returns
    -------
    float
        0..1; 0 where outcomes differ by no more than rounding, NaN where one is NaN.
    """
    values = np.asarray(outcomes, dtype=np.float64)
    middle = values.mean()
    whole = float(((values - middle) ** 2).sum())
    if np.ptp(values) <= _ROUNDING * max(1.0, float(np.abs(values).max())):
        return 0.0
    between, labels = 0.0, [repr(group) for group in groups]
    for label in dict.fromkeys(labels):
        part = values[[other == label for other in labels]]
        between += part.size * float(part.mean() - middle) ** 2
    return between / whole


def _levels(vary: Mapping[str, Sequence[Any]] | None, q: float) -> dict[str, tuple[Any, ...]]:
    """Levels of each option."""
    names = [field.name for field in fields(Reading)]
    levels = {name: LEVELS[name] for name in names if name in LEVELS} | {"q": (q,)}
    for name, values in (vary or {}).items():
        if name not in names:
            raise ValueError(f"there is no option {name!r}; expected some of {', '.join(names)}")
        if isinstance(values, str) or not len(values):
            raise ValueError(f"vary[{name!r}] is {values!r}; expected one or more levels in a list")
        levels[name] = tuple(dict.fromkeys(values))
    return levels


def _readings(levels: Mapping[str, tuple[Any, ...]]) -> Iterable[Reading]:
    """All combinations of levels."""
    for values in itertools.product(*levels.values()):
        chosen = dict(zip(levels, values, strict=True))
        if "tie_p" not in levels:
            chosen["tie_p"] = 0.5 if chosen["probability"] == "pairwise" else 0.0
        yield Reading(**chosen)


@lru_cache(maxsize=4)
def _documented(q: float) -> tuple[Reading, ...]:
    """Every documented reading, made once."""
    return tuple(_readings(_levels(None, q)))


def _options(reading: Reading, levels: Mapping[str, tuple[Any, ...]]) -> dict[str, Any]:
    """What a reading chooses where there was a choice."""
    return {name: getattr(reading, name) for name, values in levels.items() if len(values) > 1}


def _others(name: str, found: float | Iterable[tuple[Mapping[str, Any], float]]) -> list[Variant]:
    """What another model gave."""
    if isinstance(found, Iterable):
        return [Variant(name, dict(options), float(outcome)) for options, outcome in found]
    return [Variant(name, {}, float(found))]


def _summary(variants: tuple[Variant, ...], named: dict[str, float], baseline: dict[str, float]) -> Ensemble:
    """Spread, and what it is due to."""
    outcomes = np.array([variant.outcome for variant in variants])
    explained: dict[str, dict[str, float]] = {}
    for model in dict.fromkeys(variant.model for variant in variants):
        own = [variant for variant in variants if variant.model == model]
        options = dict.fromkeys(name for variant in own for name in variant.options)
        explained[model] = {
            name: share_explained([v.outcome for v in own], [v.options.get(name) for v in own])
            for name in options
        }
    return Ensemble(
        variants=variants,
        named=named,
        baseline=baseline,
        low=float(outcomes.min()),
        high=float(outcomes.max()),
        mean=float(outcomes.mean()),
        deviation=float(outcomes.std()),
        quantiles={share: float(np.quantile(outcomes, share)) for share in QUANTILES},
        explained=explained,
        between=share_explained(outcomes, [variant.model for variant in variants]),
    )
