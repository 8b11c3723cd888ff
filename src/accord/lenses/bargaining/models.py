"""Point forecasts of resolved issues by the models of the field, one row a model.

Each is used as its authors read it off: the expected-utility model by the weighted median after ten rounds, the spatial
model by the weighted mean of its last positions, position exchange by the mean of the votes of its first round, the Nash
solution by the reference point where there is no solution.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.lenses.bargaining.compromise import compromise
from accord.lenses.bargaining.deu import ResolvedIssue
from accord.lenses.bargaining.median import weighted_median

FloatArray = NDArray[np.float64]
ROUNDS = 10


@dataclass(frozen=True, eq=False)
class Table:
    """Actors of an issue that hold position, salience and capability, by name.

    Parameters
    ----------
    positions, salience, capability : ndarray, shape (actors,)
        Positions on the scale of the issue; salience 0..1; capability above 0.
    reference : float
        On the scale; NaN where there is none.
    low, high : float
    """

    positions: FloatArray
    salience: FloatArray
    capability: FloatArray
    reference: float
    low: float
    high: float

    @property
    def weights(self) -> FloatArray:
        """Capability times salience; equal where nobody cares."""
        return _or_equal(self.salience * (self.capability / self.capability.max(initial=0.0)))


def table_of(issue: ResolvedIssue) -> Table:
    """The actors of an issue that count."""
    place, care = (np.array(x, dtype=np.float64) for x in (issue.positions, issue.salience))
    power = np.ones(place.size) if issue.capability is None else np.array(issue.capability, dtype=np.float64)
    order = np.array(sorted(range(place.size), key=lambda k: issue.actors[k]), dtype=np.int64)
    there = order[~np.isnan((place + care + power)[order])]
    reference = float("nan") if issue.reference_point is None else issue.reference_point
    return Table(place[there], care[there], power[there], reference, issue.low, issue.high)


def _or_equal(weights: FloatArray) -> FloatArray:
    """Weights, or ones where all are 0."""
    return weights if weights.any() else np.ones(weights.size)


def _mean(table: Table) -> float:
    return float(table.positions.mean())


def _salience_mean(table: Table) -> float:
    return _weighted_mean(table.positions, _or_equal(table.salience))


def _weighted_mean(positions: FloatArray, weights: FloatArray) -> float:
    """The compromise of the weights as they are."""
    share = weights / weights.max()
    return float(compromise(positions[:, None], share, np.ones(share.size))[0])


def _median(table: Table) -> float:
    return float(np.median(table.positions))


def _salience_median(table: Table) -> float:
    return float(weighted_median(table.positions, _or_equal(table.salience)))


def _compromise(table: Table) -> float:
    return _weighted_mean(table.positions, table.weights)


def _reference(table: Table) -> float:
    return table.reference


def _nash(table: Table) -> float:
    from accord.lenses.bargaining.nash import nash

    if np.isnan(table.reference):
        return float("nan")
    found = nash(
        *_three(table),
        reference=table.reference,
        weights="capability_salience",
        low=table.low,
        high=table.high,
    )
    return float(found.or_reference)


def _expected_utility(reading: str) -> Callable[[Table], float]:
    def run(table: Table) -> float:
        from accord.lenses.bargaining.expected_utility import READINGS, expected_utility

        return float(expected_utility(*_three(table), reading=READINGS[reading], rounds=ROUNDS).median[-1])

    return run


def _spatial(table: Table) -> float:
    from accord.lenses.bargaining.spatial import spatial

    course = spatial(
        table.positions[:, None], table.salience, table.capability, low=table.low, high=table.high
    )
    return _weighted_mean(course.positions[-1][:, 0], table.weights)


def _readings(table: Table) -> float:
    from accord.lenses.bargaining.readings import ensemble

    return ensemble(*_three(table), rounds=ROUNDS).mean


def _three(table: Table) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Positions, salience and capability."""
    return table.positions, table.salience, table.capability


@dataclass(frozen=True)
class Model:
    """A model of one issue.

    Parameters
    ----------
    label : str
        In words.
    run : callable
        From a table to a point on the scale; NaN where the model does not apply.
    """

    label: str
    run: Callable[[Table], float]


MODELS: dict[str, Model] = {
    "mean": Model("plain mean", _mean),
    "salience_mean": Model("salience-weighted mean", _salience_mean),
    "compromise": Model("mean by capability and salience", _compromise),
    "median": Model("median", _median),
    "salience_median": Model("salience-weighted median (lower)", _salience_median),
    "reference_point": Model("reference point", _reference),
    "nash": Model("Nash, or reference point", _nash),
    "expected_utility_paper": Model("expected utility, as printed", _expected_utility("paper")),
    "expected_utility_published": Model("expected utility, as published", _expected_utility("published")),
    "spatial": Model("spatial model", _spatial),
    "readings": Model("mean of all readings", _readings),
}
EXCHANGE = "exchange"


def exchange_points(issues: Sequence[ResolvedIssue]) -> list[float]:
    """Position exchange among the issues of one proposal, a point for each; NaN where there is one issue only."""
    if len(issues) < 2:
        return [float("nan")] * len(issues)
    from accord.lenses.bargaining.exchange import exchange

    names = sorted({actor for issue in issues for actor in issue.actors})
    shape = (len(names), len(issues))
    place, care, power = (np.full(shape, np.nan) for _ in range(3))
    for q, issue in enumerate(issues):
        rows = [names.index(actor) for actor in issue.actors]
        place[rows, q] = np.array(issue.positions, dtype=np.float64)
        care[rows, q] = np.array(issue.salience, dtype=np.float64)
        power[rows, q] = 1.0 if issue.capability is None else np.array(issue.capability, dtype=np.float64)
    lower, upper = ([getattr(issue, name) for issue in issues] for name in ("low", "high"))
    found = exchange(place, care, power, lower=lower, upper=upper, rounds=1)
    return [float(x) for x in found.outcome[0]]
