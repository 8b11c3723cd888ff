"""What the lens works out in each world, as named columns of shape (worlds,)."""

from __future__ import annotations

import numpy as np

from accord.finding import Draws, FloatArray
from accord.formulas import ordered_sum, ratio
from accord.lenses.bargaining.compromise import compromise, weights
from accord.situation import Situation
from accord.worlds import stances

Columns = dict[str, FloatArray]


def columns(situation: Situation, worlds: Draws) -> Columns:
    """Forecast and inputs per issue by name, each of shape (worlds,); NaN where undefined in that world.

    ``forecast.<issue>``, ``position.<issue>.<actor>`` are on the issue's own scale; ``share.<issue>`` is the forecast
    as a share of the scale; ``salience.<issue>.<actor>`` and ``capability.<issue>.<actor>`` are as stated and
    ``weight.<issue>.<actor>`` is the actor's share of all weight on the issue, NaN where it is left out.
    """
    seen = stances(situation, worlds)
    # An actor with no capability at all carries no weight: it is left out, and said to be.
    power = np.where(seen.capability > 0, seen.capability, np.nan)
    settled = compromise(seen.position, seen.salience, power)
    weight = weights(seen.position, seen.salience, power)
    total = ordered_sum(np.swapaxes(weight, 1, 2))
    parts = ratio(weight, np.broadcast_to(total[:, None, :], weight.shape))
    out = np.isnan(seen.position) | np.isnan(seen.salience) | np.isnan(power)
    found: Columns = {}
    for k, issue in enumerate(seen.issues):
        scale = situation.issues[issue].scale
        width = scale.high - scale.low
        found[f"forecast.{issue}"] = scale.low + width * settled[:, k]
        found[f"share.{issue}"] = settled[:, k]
        for i, actor in enumerate(seen.actors):
            if actor in situation.stances.get(issue, {}):
                found[f"position.{issue}.{actor}"] = scale.low + width * seen.position[:, i, k]
                found[f"salience.{issue}.{actor}"] = seen.salience[:, i, k]
                found[f"capability.{issue}.{actor}"] = seen.capability[:, i, k]
                found[f"weight.{issue}.{actor}"] = np.where(out[:, i, k], np.nan, parts[:, i, k])
    return {name: np.ascontiguousarray(values) for name, values in found.items()}
