"""What the partnership does on each issue where the file leaves that to a bargaining model (default: it does not).

The outcome is settled once, at the start, among all who take a stand, in every world from that world's own numbers; the
endurance model then measures the cost of divergence from it instead of from the members' weighted mean.
"""

from __future__ import annotations

import numpy as np

from accord.finding import FloatArray
from accord.situation import Situation
from accord.worlds import Worlds, policy_path, stances

# Models of the bargaining lens by the names that the situation language gives them.
_MODELS = {
    "weighted_median": "weighted_median",
    "expected_utility": "expected_utility_paper",
    "spatial": "spatial",
}
# Nothing is settled in a world: the members' weighted mean holds there.
_NOTHING = -1.0


def with_policy(situation: Situation, worlds: Worlds) -> Worlds:
    """The worlds with what is settled on each issue; the same worlds where the members' weighted mean is to hold.

    Parameters
    ----------
    situation : Situation
        Its ``partnership.policy`` names the model.
    worlds : Worlds
        Drawn for this situation.
    """
    if situation.partnership.policy not in _MODELS:
        return worlds
    from accord.lenses.bargaining.settling import settled

    model, held = _MODELS[situation.partnership.policy], stances(situation, worlds)
    unknown, found = np.full(worlds.size, np.nan), {}
    for k, issue in enumerate(held.issues):
        at = (held.position[..., k], held.salience[..., k], held.capability[..., k])
        outcome: FloatArray = settled(model, *at, unknown)
        found[policy_path(issue)] = np.where(np.isnan(outcome), _NOTHING, outcome)
    return worlds.with_numbers(found)
