"""Known groups: four kinds of partnership whose place anybody in the field would name, as sheets of ranges.

The sheets were written down before the shipped case was judged, and are not fitted to anything.  What a sheet does not
name takes the prior of the reference population; its worlds pass the same viability filter.  Shared with one pair: both
partners; else one pair for each (page, section 4, "Known groups").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.engine.streams import stream, uniforms
from accord.lenses.endurance.fields import Shape
from accord.lenses.endurance.inputs import Parameters, named, parameters

FloatArray = NDArray[np.float64]
Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Archetype:
    """One sheet.

    Parameters
    ----------
    label, says : str
        Name, and what is known of such partnerships.
    expected : str or None
        The quadrant that at least .6 of its worlds must reach at beta 14; None when none is demanded.
    ranges : mapping of str to (low, high), or to a pair of these
        Uniform ranges by long name: one for everybody, or one for each partner.
    """

    label: str
    says: str
    expected: str | None
    ranges: Mapping[str, Pair | tuple[Pair, Pair]] = field(repr=False)


ARCHETYPES: dict[str, Archetype] = {
    "enduring_alliance": Archetype(
        "Enduring alliance",
        "Like-minded states with a long common interest, joint institutions, high trust and few tempters.",
        "strategic_alliance",
        {
            "standing_interest": (0.5, 1.0),
            "position": (0.4, 0.6),
            "salience": (0.0, 0.15),
            "trust": (0.75, 0.95),
            "breaking_cost": (2.5, 5.0),
            "discount": (0.975, 0.99),
            "foresight": (36.0, 60.0),
            "dependence_goods": (0.2, 0.5),
            "autonomy_cost": (0.0, 0.1),
            "asset_build_up": (0.015, 0.03),
            "asset_decay": (0.01, 0.025),
            "asset_value": (0.15, 0.3),
            "asset_breaking_cost": (1.0, 2.0),
            "value": (0.3, 1.2),
            "influence_value": (0.0, 0.2),
            "fatigue": (0.0, 0.02),
            "rate": (0.0, 0.01),
            "size": (0.1, 0.3),
        },
    ),
    "coalition_of_adversaries": Archetype(
        "Wartime coalition of adversaries",
        "Rivals whom a great and lasting common danger makes need one another; little else in common, suitors at the door.",
        "marriage_of_convenience",
        {
            "standing_interest": (-0.6, -0.1),
            "position": ((0.0, 0.4), (0.6, 1.0)),
            "trust": (0.4, 0.7),
            "substitution": (-3.0, -0.5),
            "capability": (0.7, 1.5),
            "client_capability": (0.0, 0.2),
            "dependence_goods": (0.0, 0.2),
            "asset_build_up": (0.0, 0.01),
            "asset_value": (0.0, 0.1),
            "asset_breaking_cost": (0.0, 0.5),
            "value": (1.5, 2.5),
            "level": (0.7, 1.0),
            "strength": (1.0, 2.2),
            "growth": (0.03, 0.1),
            "attrition": (0.0, 0.05),
            "foresight": (12.0, 30.0),
            "rate": (0.01, 0.03),
            "size": (0.3, 1.0),
        },
    ),
    "idle_treaty": Archetype(
        "Idle treaty",
        "A treaty on paper: neither brings much, the client manages by itself, and hardly anything else ties them.",
        "weak_tie",
        {
            "standing_interest": (-0.2, 0.2),
            "capability": (0.1, 0.3),
            "client_capability": (0.4, 0.5),
            "dependence_goods": (0.0, 0.15),
            "breaking_cost": (0.0, 1.5),
            "abandonment_loss": (0.0, 2.0),
            "asset_build_up": (0.0, 0.01),
            "asset_value": (0.0, 0.1),
            "asset_breaking_cost": (0.0, 0.5),
        },
    ),
    "bought_client": Archetype(
        "Bought client",
        "A strong patron pays a weak and dependent partner, whose loyalty is for hire.",
        None,
        {
            "standing_interest": (-0.2, 0.3),
            "capability": ((0.8, 1.5), (0.1, 0.5)),
            "dependence_goods": ((0.0, 0.15), (0.3, 0.5)),
            "dependence": ((0.1, 0.3), (0.6, 0.8)),
            "autonomy_cost": ((0.0, 0.05), (0.1, 0.2)),
            "leverage": ((1.0, 1.5), (0.5, 0.7)),
            "abandonment_loss": ((0.0, 2.0), (3.0, 6.0)),
            "breaking_cost": ((1.0, 4.0), (0.0, 2.0)),
            "trust": (0.4, 0.8),
        },
    ),
}


def sheet(name: str, worlds: int, seed: int = 0, first: int = 0) -> Parameters:
    """Draws from one sheet, before the viability filter; KeyError for an unknown one."""
    given: dict[str, Any] = {}
    for what, spans in ARCHETYPES[name].ranges.items():
        given[what] = _drawn(what, spans, worlds, seed, first)
    return parameters(("a", "b"), worlds=worlds, seed=seed, first=first, **given)


_SHAPE = Shape(patrons=2, threats=1, resources=2, issues=3, suitors=2, rallies=0, shocks=0)


def _drawn(what: str, spans: Pair | tuple[Pair, Pair], worlds: int, seed: int, first: int) -> FloatArray:
    """Uniform numbers of one field, shape (worlds, ...); offers only of each partner's own suitor."""
    shape = _SHAPE.of(named(what).block)
    count = int(np.prod(shape, dtype=int))
    u = uniforms(stream(seed, "", f"sheet.{what}"), range(first, first + worlds), count=count)
    u = u.reshape(worlds, *shape)
    each = np.array(spans)
    if each.ndim == 2:
        each = each.T.reshape(2, 2, *([1] * (len(shape) - 1)))
    values = np.asarray(each[0] + (each[1] - each[0]) * u)
    return values * np.eye(2) if named(what).block == "ps" else values
