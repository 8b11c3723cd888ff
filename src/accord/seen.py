"""What a lens worked out, looked up by name, with the names people use for actors, issues and threats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from accord.finding import FloatArray, Spread
from accord.formulas import wording
from accord.situation import Situation


@dataclass(frozen=True)
class View:
    """Results at the best estimates and over worlds.

    Parameters
    ----------
    situation : Situation
    best, over : mapping
        Columns of one world, and of all worlds.
    """

    situation: Situation
    best: Mapping[str, FloatArray]
    over: Mapping[str, FloatArray]

    @property
    def patrons(self) -> list[str]:
        """The partners, sorted by name."""
        return sorted(self.situation.partnership.patrons)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Every pair of partners."""
        return list(combinations(self.patrons, 2))

    @property
    def all_pairs(self) -> list[tuple[str, str]]:
        """Every pair of actors."""
        return list(combinations(sorted(self.situation.actors), 2))

    @property
    def issues(self) -> list[str]:
        """Issues, sorted by name."""
        return sorted(self.situation.issues)

    @property
    def threats(self) -> list[str]:
        """Threats, sorted by name."""
        return sorted(self.situation.partnership.threats)

    @property
    def worlds(self) -> int:
        """How many worlds were drawn."""
        return len(next(iter(self.over.values()), np.empty(0)))

    def value(self, key: str) -> float:
        """A quantity at the best estimates; NaN where undefined or not worked out."""
        return float(self.best[key][0]) if key in self.best else float("nan")

    def known(self, key: str) -> bool:
        """Whether a quantity is defined at the best estimates or in some world."""
        return key in self.best and not bool(
            np.isnan(self.best[key]).all() and np.isnan(self.over[key]).all()
        )

    def spread(self, key: str) -> Spread | None:
        """A quantity over worlds; None where it is defined nowhere."""
        return Spread.of(self.value(key), self.over[key]) if self.known(key) else None

    def share(self, happens: NDArray[np.bool_], among: NDArray[np.bool_] | None = None) -> float:
        """Share of worlds in which something happens, among those in which it can be judged; NaN when in none."""
        counted = np.ones_like(happens) if among is None else among
        total = int(counted.sum())
        return float((happens & counted).sum()) / total if total else float("nan")

    def share_above(self, key: str, bound: float = 0.0) -> float:
        """Share of worlds in which a quantity exceeds a bound, among those in which it is defined."""
        values = self.over[key]
        return self.share(np.asarray(values > bound), ~np.isnan(values))

    def actor(self, name: str) -> str:
        """What people call an actor."""
        return (
            wording.named(self.situation.actors[name].label, name) if name in self.situation.actors else name
        )

    def pair(self, pair: tuple[str, str]) -> str:
        """What people call a pair of actors."""
        return f"{self.actor(pair[0])} and {self.actor(pair[1])}"

    def issue(self, name: str) -> str:
        """What people call an issue."""
        return wording.named(self.situation.issues[name].label, name)

    def threat(self, name: str) -> str:
        """What people call a threat: its own label, else that of its actor."""
        threat = self.situation.partnership.threats[name]
        if threat.label is None and threat.actor is not None:
            return self.actor(threat.actor)
        return wording.named(threat.label, name)


def shared(values: FloatArray) -> Spread | None:
    """A share of worlds with an interval of two standard errors; None when no world tells."""
    known = values[~np.isnan(values)]
    if not known.size:
        return None
    share = float(known.mean())
    error = 2.0 * float(np.sqrt(share * (1.0 - share) / known.size))
    missing = int(values.size - known.size)
    return Spread(share, max(share - error, 0.0), share, min(share + error, 1.0), int(values.size), missing)
