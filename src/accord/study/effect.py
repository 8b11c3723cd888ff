"""By how much something moves a verdict: medians, index and shares, and the sums of such moves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accord.study.ran import Where

_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Effect:
    """By how much something moves the medians and the shares; fields as in :class:`~accord.study.ran.Where`.

    ``errors`` holds the standard errors of the two ranks and the index, from groups of the same worlds; NaN where the
    move is not one between looks at the same worlds, or these are too few.
    """

    durability: float
    conditionality: float
    index: float
    shares: Mapping[str, float]
    errors: tuple[float, float, float] = (_NAN, _NAN, _NAN)

    @property
    def size(self) -> float:
        """The larger move of the two ranks, without its sign."""
        return max(abs(self.durability), abs(self.conditionality))


def less(one: Where | Effect, other: Where | Effect) -> Effect:
    """One less the other, in every number."""
    return Effect(
        one.durability - other.durability,
        one.conditionality - other.conditionality,
        one.index - other.index,
        {name: share - other.shares[name] for name, share in one.shares.items()},
    )


def summed(effects: Sequence[Effect], like: Effect) -> Effect:
    """The sum of effects, with the shares that *like* has; zeros without any."""
    return Effect(
        math.fsum(one.durability for one in effects),
        math.fsum(one.conditionality for one in effects),
        math.fsum(one.index for one in effects),
        {name: math.fsum(one.shares[name] for one in effects) for name in like.shares},
    )
