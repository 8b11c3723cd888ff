"""What the partnership does on each issue where the file leaves that to a bargaining model (default: it does not).

The outcome is settled once, at the start, among all who take a stand, in every world from that world's own numbers; the
endurance model then measures the cost of divergence from it instead of from the members' weighted mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from accord.finding import Finding, FloatArray, Spread
from accord.lenses.bargaining.terms import READS as BARGAINED
from accord.lenses.endurance.terms import READS
from accord.situation import Situation, estimates, fits
from accord.worlds import Worlds, policy_path, stances

# Models of the bargaining lens by the names that the situation language gives them.
_MODELS = {
    "weighted_median": "weighted_median",
    "expected_utility": "expected_utility_paper",
    "spatial": "spatial",
}
# Nothing is settled in a world: the members' weighted mean holds there.
_NOTHING = -1.0


def is_bargained(situation: Situation) -> bool:
    """Whether a bargaining model settles what the partnership does."""
    return situation.partnership.policy in _MODELS


def with_policy(situation: Situation, worlds: Worlds) -> Worlds:
    """The worlds with what is settled on each issue; the same worlds where the members' weighted mean is to hold.

    Parameters
    ----------
    situation : Situation
        Its ``partnership.policy`` names the model.
    worlds : Worlds
        Drawn for this situation.
    """
    if not is_bargained(situation):
        return worlds
    from accord.lenses.bargaining.settling import settled

    model, held = _MODELS[situation.partnership.policy], stances(situation, worlds)
    # Means of factions that stand at an end of the scale lie a last digit beyond it.
    place = np.clip(held.position, 0.0, 1.0)
    unknown, found = np.full(worlds.size, np.nan), {}
    for k, issue in enumerate(held.issues):
        at = (place[..., k], held.salience[..., k], held.capability[..., k])
        outcome: FloatArray = settled(model, *at, unknown)
        found[policy_path(issue)] = np.where(np.isnan(outcome), _NOTHING, outcome)
    return worlds.with_numbers(found)


def read_by_verdict(path: str, *situations: Situation) -> bool:
    """Whether the number at a path reaches the verdict on one of these situations.

    It does when the endurance lens reads it, or, where a bargaining model settles the policy, when that does: then the
    weight on an issue of whoever takes a stand counts too.
    """
    bargained = any(is_bargained(situation) for situation in situations)
    return fits(path, (*READS, *BARGAINED) if bargained else READS)


def with_reads(finding: Finding, situation: Situation) -> Finding:
    """A finding of the endurance lens that claims what the settled policy rests on as well; others as they are."""
    if finding.lens != "endurance" or not is_bargained(situation):
        return finding
    return replace(
        finding, reads=tuple(path for path in estimates(situation) if read_by_verdict(path, situation))
    )


def settled_in(situation: Situation, draws: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """What is settled on each issue, shape (worlds,), on the scale of the issue; NaN where nothing is.

    Parameters
    ----------
    situation : Situation
    draws : mapping
        Numbers of the worlds by path, with those of :func:`with_policy`; empty without them.
    """
    found = {}
    for issue, one in sorted(situation.issues.items()):
        shares = draws.get(policy_path(issue))
        if shares is not None:
            width = one.scale.high - one.scale.low
            found[issue] = np.where(shares == _NOTHING, np.nan, one.scale.low + width * shares)
    return found


def policy_record(situation: Situation, draws: Mapping[str, FloatArray]) -> dict[str, Any]:
    """Who settles what the partnership does, and what is settled, as plain data (``policy`` in ``run.json``).

    Parameters
    ----------
    situation : Situation
    draws : mapping
        Numbers of the worlds by path, shape (worlds,).
    """
    if not is_bargained(situation):
        return {"settled_by": situation.partnership.policy, "model": None, "settled": {}}
    found = {}
    for issue, values in settled_in(situation, draws).items():
        spread = Spread.of(np.nan, values)
        known = {name: getattr(spread, name) for name in ("low", "median", "high")}
        found[issue] = {
            **{name: None if np.isnan(value) else value for name, value in known.items()},
            "worlds": spread.worlds,
            "not_settled": spread.undefined,
        }
    return {
        "settled_by": situation.partnership.policy,
        "model": _MODELS[situation.partnership.policy],
        "sensitivity": True,
        "settled": found,
    }
