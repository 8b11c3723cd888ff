"""What the lens works out in each world, as named columns of shape (worlds,)."""

from __future__ import annotations

import numpy as np

from accord.finding import Draws, FloatArray
from accord.formulas import ordered_sum, ratio
from accord.lenses.bargaining.compromise import compromise, weights
from accord.lenses.bargaining.gains import gains, package
from accord.lenses.bargaining.gather import Table, table_of
from accord.lenses.bargaining.settling import TURNS, courses, mean_of, median_of, settled
from accord.lenses.bargaining.together import exchanged, jointly
from accord.situation import Situation
from accord.worlds import Stances, stances

Columns = dict[str, FloatArray]
# Models of one issue that are run beside the mean and the median.
SINGLE = ("nash", "nash_weighted", "expected_utility_paper", "expected_utility_published")


def columns(situation: Situation, worlds: Draws, most: int | None = None) -> Columns:
    """Forecasts, inputs and the answers of other models by name, each of shape (worlds,); NaN where undefined.

    ``forecast.<issue>``, ``position.<issue>.<actor>`` are on the issue's own scale; ``share.<issue>`` is the forecast
    as a share of the scale; ``salience.<issue>.<actor>`` and ``capability.<issue>.<actor>`` are as stated and
    ``weight.<issue>.<actor>`` is the actor's share of all weight on the issue, NaN where it is left out.
    ``settled.<model>.<issue>`` is what another model says, on the issue's own scale; in a quick look only the median.
    ``gain.<issue>.<actor>`` and ``package.<actor>`` are what the forecast spares the actor (see ``gains``).

    In the first *most* worlds of a run, marked 1 in ``looked``, all other models run: ``turns.<issue>.<actor>.<t>`` are
    positions by turn of the spatial model, ``disagreement.<issue>`` the range of the models' answers as a share of the
    scale, ``players.<issue>`` how many actors count, ``polar.<issue>`` whether all stand at the two ends, and
    ``feasible.<issue>`` whether all could gain from an agreement.
    """
    seen = stances(situation, worlds)
    found = _forecasts(situation, seen)
    table = table_of(situation, seen)
    for k, issue in enumerate(table.issues):
        each = (values[:, :, k] for values in (table.position, table.salience, table.capability))
        found[f"settled.weighted_median.{issue}"] = _on_scale(situation, issue, median_of(*each))
    if worlds.brief:
        return _tidy(found)
    shares = np.stack([found[f"share.{issue}"] for issue in table.issues], axis=1)
    found |= _gained(situation, table, shares)
    looked = np.array([most is None or number <= most for number in worlds.numbers], np.bool_)
    found["looked"] = looked.astype(np.float64)
    for key, values in _modelled(situation, table_of(situation, seen, looked)).items():
        found[key] = np.full(worlds.size, np.nan)
        found[key][looked] = values
    return _tidy(found)


def _tidy(found: Columns) -> Columns:
    """The columns as arrays of their own."""
    return {name: np.ascontiguousarray(values) for name, values in found.items()}


def _on_scale(situation: Situation, issue: str, share: FloatArray) -> FloatArray:
    """A share of the scale in the scale's own unit."""
    scale = situation.issues[issue].scale
    return scale.low + (scale.high - scale.low) * share


def _stands(situation: Situation, issue: str, actor: str) -> bool:
    """Whether an actor takes a stand on an issue at all."""
    return actor in situation.stances.get(issue, {})


def _speaks(situation: Situation, actor: str) -> bool:
    """Whether an actor takes a stand on any issue."""
    return any(_stands(situation, issue, actor) for issue in situation.issues)


def _forecasts(situation: Situation, seen: Stances) -> Columns:
    """The weighted mean of every issue, and what it is made of."""
    # An actor with no capability at all carries no weight: it is left out, and said to be.
    power = np.where(seen.capability > 0, seen.capability, np.nan)
    middle = compromise(seen.position, seen.salience, power)
    weight = weights(seen.position, seen.salience, power)
    total = ordered_sum(np.swapaxes(weight, 1, 2))
    parts = ratio(weight, np.broadcast_to(total[:, None, :], weight.shape))
    out = np.isnan(seen.position) | np.isnan(seen.salience) | np.isnan(power)
    found: Columns = {}
    for k, issue in enumerate(seen.issues):
        found[f"forecast.{issue}"] = _on_scale(situation, issue, middle[:, k])
        found[f"share.{issue}"] = middle[:, k]
        for i, actor in enumerate(seen.actors):
            if _stands(situation, issue, actor):
                found[f"position.{issue}.{actor}"] = _on_scale(situation, issue, seen.position[:, i, k])
                found[f"salience.{issue}.{actor}"] = seen.salience[:, i, k]
                found[f"capability.{issue}.{actor}"] = seen.capability[:, i, k]
                found[f"weight.{issue}.{actor}"] = np.where(out[:, i, k], np.nan, parts[:, i, k])
    return found


def _gained(situation: Situation, table: Table, shares: FloatArray) -> Columns:
    """What the forecasts spare every actor, issue by issue and on all together."""
    gained = gains(table, shares)
    whole = package(table, gained)
    found = {
        f"package.{actor}": whole[:, i] for i, actor in enumerate(table.actors) if _speaks(situation, actor)
    }
    for k, issue in enumerate(table.issues):
        for i, actor in enumerate(table.actors):
            if _stands(situation, issue, actor):
                found[f"gain.{issue}.{actor}"] = gained[:, i, k]
    return found


def _modelled(situation: Situation, table: Table) -> Columns:
    """What the other models say in these worlds."""
    found, shares = Columns(), dict[str, list[FloatArray]]()
    for k, issue in enumerate(table.issues):
        place, care, power = (v[:, :, k] for v in (table.position, table.salience, table.capability))
        status = np.full(len(place), table.reference[k])
        answers = {name: settled(name, place, care, power, status) for name in SINGLE}
        turns, last = courses(place, care, power)
        answers["spatial"] = mean_of(last, care, power)
        shares[issue] = [median_of(place, care, power), mean_of(place, care, power), *answers.values()]
        for name, share in answers.items():
            found[f"settled.{name}.{issue}"] = _on_scale(situation, issue, share)
        for i, actor in enumerate(table.actors):
            if _stands(situation, issue, actor):
                for turn in range(1, TURNS + 1):
                    found[f"turns.{issue}.{actor}.{turn}"] = _on_scale(situation, issue, turns[:, turn, i])
                found[f"turns.{issue}.{actor}.last"] = _on_scale(situation, issue, last[:, i])
        found |= _told(issue, place, answers["nash"], table.reference[k])
    return found | _together(situation, table, shares)


def _told(issue: str, place: FloatArray, nash: FloatArray, reference: float) -> Columns:
    """Why a model may not have run on an issue."""
    players = (~np.isnan(place)).sum(axis=1)
    ends = np.isnan(place) | (place <= 0) | (place >= 1)
    apart = np.where(np.isnan(place), -np.inf, place).max(axis=1, initial=-np.inf) > np.where(
        np.isnan(place), np.inf, place
    ).min(axis=1, initial=np.inf)
    asked = (players >= 2) & ~np.isnan(reference)
    return {
        f"players.{issue}": players.astype(np.float64),
        f"polar.{issue}": (ends.all(axis=1) & apart).astype(np.float64),
        f"feasible.{issue}": np.where(asked, (~np.isnan(nash)).astype(np.float64), np.nan),
    }


def _together(situation: Situation, table: Table, shares: dict[str, list[FloatArray]]) -> Columns:
    """What models of several issues say, and how far the answers on each issue lie apart."""
    traded, joint, found = exchanged(table), jointly(table), Columns()
    for k, issue in enumerate(table.issues):
        found[f"settled.exchange.{issue}"] = _on_scale(situation, issue, traded[:, k])
        found[f"settled.spatial_joint.{issue}"] = _on_scale(situation, issue, joint[:, k])
        every = np.stack([*shares[issue], traded[:, k]])
        apart = np.fmax.reduce(every) - np.fmin.reduce(every)
        found[f"disagreement.{issue}"] = np.where(table.counted[:, :, k].sum(axis=1) >= 2, apart, np.nan)
    whole = package(table, gains(table, traded))
    for i, actor in enumerate(table.actors):
        if _speaks(situation, actor):
            found[f"package_exchange.{actor}"] = whole[:, i]
    return found
