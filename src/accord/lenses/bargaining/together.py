"""Models that look at several issues at once: position exchange, and the spatial model in several dimensions."""

from __future__ import annotations

import numpy as np

from accord.finding import FloatArray
from accord.lenses.bargaining.gather import BoolArray, IntArray, Table, companies, order_by_value
from accord.lenses.bargaining.settling import mean_of


def exchanged(table: Table) -> FloatArray:
    """Outcomes after one round of position exchange over all issues, 0..1, shape (worlds, issues).

    An issue on which fewer than two actors count has none, and where fewer than two issues are left there is nothing to
    trade: NaN.
    """
    from accord.lenses.bargaining.exchange import exchange

    found = np.full((len(table.position), len(table.issues)), np.nan)
    shared = table.counted.sum(axis=1) >= 2
    for world in np.flatnonzero(shared.sum(axis=1) >= 2):
        each = (table.position[world], table.salience[world], table.capability[world])
        issues = np.flatnonzero(shared[world])
        who, which = _ordered(*(values[:, issues] for values in each))
        at = np.ix_(who, issues[which])
        place, care, power = (values[at] for values in each)
        run = exchange(place * 100.0, care, power, lower=0.0, upper=100.0, rounds=1)
        found[world, issues[which]] = run.outcome[-1] / 100.0
    return found


def _ordered(place: FloatArray, care: FloatArray, power: FloatArray) -> tuple[IntArray, IntArray]:
    """Actors and issues in an order that hangs on their numbers alone: equal gains go to the first deal in line."""
    cells = np.nan_to_num(np.stack([place, care, power], axis=-1), nan=-1.0).tolist()
    issues = sorted(range(place.shape[1]), key=lambda k: sorted(row[k] for row in cells))
    actors = sorted(range(place.shape[0]), key=lambda i: [cells[i][k] for k in issues])
    return np.array(actors), np.array(issues)


def jointly(table: Table) -> FloatArray:
    """Outcomes of the spatial model on all issues at once, 0..1, shape (worlds, issues).

    Only actors that count on every issue can play, for a position in space needs all its coordinates; the issues are
    those on which at least two actors count.  An actor's capability is its share of the players' on each issue, averaged
    over issues.  The model wants each actor's salience to be at most 1 in sum: where one is above, all saliences of the
    world are divided by the largest sum, which leaves the ratios between actors and between issues as they are.  NaN
    where fewer than two actors or issues are left.
    """
    found = np.full((len(table.position), len(table.issues)), np.nan)
    shape = table.counted.shape[1:]
    for rows, _ in companies(table.counted.reshape(len(found), shape[0] * shape[1])):
        who, issues = complete(table.counted[rows[0]])
        if len(who) >= 2 and len(issues) >= 2:
            at = np.ix_(rows, who, issues)
            found[np.ix_(rows, issues)] = _played(
                table.position[at], table.salience[at], table.capability[at]
            )
    return found


def complete(counted: BoolArray) -> tuple[IntArray, IntArray]:
    """Issues on which at least two actors count, and the actors that count on all of these."""
    issues = np.flatnonzero(counted.sum(axis=0) >= 2)
    return np.flatnonzero(counted[:, issues].all(axis=1) & (len(issues) > 0)), issues


def _played(place: FloatArray, care: FloatArray, power: FloatArray) -> FloatArray:
    """Weighted means of the last positions, shape (worlds, issues)."""
    from accord.lenses.bargaining.spatial import spatial

    might = (power / power.sum(axis=1, keepdims=True)).mean(axis=2)
    keys = [values[..., k] for values in (place, care, power) for k in range(place.shape[2])]
    order = order_by_value(*keys)
    might = np.take_along_axis(might, order, axis=1)
    place, care, power = (np.take_along_axis(v, order[..., None], axis=1) for v in (place, care, power))
    most = care.sum(axis=2).max(axis=1)
    budget = care / np.maximum(most, 1.0)[:, None, None]
    last = spatial(place, budget, might, low=0.0, high=1.0).final
    return np.stack(
        [mean_of(last[..., k], care[..., k], power[..., k]) for k in range(place.shape[2])], axis=1
    )
