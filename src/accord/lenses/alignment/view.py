"""What the tables show: the landscape at the best estimates, solved once, beside what was seen over worlds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from accord.finding import Spread
from accord.formulas import wording
from accord.lenses.alignment.balance import Frustration, Triads, frustration, triads
from accord.lenses.alignment.compute import carried, partner_pairs
from accord.lenses.alignment.energy import Landscape
from accord.lenses.alignment.gather import Ground, ground_of
from accord.lenses.alignment.landscape import landscape
from accord.seen import View, shared
from accord.worlds import best, plan

# Propensities no further from 0 are 0.
_NOTHING = 1e-9
# With more actors divisions in three camps are too many to look at every one.
_MOST_IN_THREE = 12


@dataclass(frozen=True)
class Camps(View):
    """A situation's landscape."""

    @cached_property
    def ground(self) -> Ground:
        """Sizes and propensities at the best estimates."""
        return ground_of(self.situation, best(plan(self.situation), self.situation, 0))

    @cached_property
    def landscape(self) -> Landscape:
        """The landscape at the best estimates."""
        return landscape(self.ground.propensity[0], carried(self.ground.size)[0])

    @cached_property
    def at_odds(self) -> list[tuple[int, int]]:
        """Ties at odds with the best division: friends apart and foes together."""
        blocs = self.landscape.optimum.blocs
        return [(i, j) for i, j, w in self.ties if (w > 0.0) != bool(blocs[i] == blocs[j])]

    @cached_property
    def weightless(self) -> list[str]:
        """Members that weigh nothing at the best estimates."""
        return [name for k, name in enumerate(self.members) if not self.ground.size[0, k] > 0.0]

    @property
    def members(self) -> tuple[str, ...]:
        """The actors in the landscape, sorted by name."""
        return self.ground.actors

    @property
    def partners(self) -> list[tuple[int, int]]:
        """Pairs of partners, as places among the members."""
        return partner_pairs(self.situation, self.members)

    @cached_property
    def ties(self) -> list[tuple[int, int, float]]:
        """Every pair with the mean of its two propensities, where that is not 0."""
        p = self.ground.propensity[0]
        found = [(i, j, float(p[i, j] + p[j, i]) / 2.0) for i, j in combinations(range(len(self.members)), 2)]
        # Rounding is no tie.
        return [tie for tie in found if abs(tie[2]) > _NOTHING]

    @cached_property
    def signed(self) -> Triads:
        """Triads of the signed network: friends where the mean propensity is above 0, foes where it is below."""
        return triads(len(self.members), [(i, j, float(np.sign(w))) for i, j, w in self.ties])

    @cached_property
    def frustration(self) -> Frustration:
        """The fewest signed ties that stand in the way of two camps without inner conflict."""
        return frustration(len(self.members), [(i, j, float(np.sign(w))) for i, j, w in self.ties])

    @cached_property
    def three(self) -> Frustration | None:
        """The division in up to three camps that leaves the least weight of friends apart and foes together.

        None with more than 12 actors: a search with a limit of time would answer by how busy the machine is.
        """
        if len(self.members) > _MOST_IN_THREE:
            return None
        weight = self.landscape.weights
        held = [(i, j, float(weight[i, j])) for i, j, _ in self.ties]
        return frustration(len(self.members), held, blocs=3, weighted=True)

    def chance(self, column: str) -> Spread | None:
        """How probable a yes-or-no column is; None where it was not worked out."""
        return shared(self.over[column]) if column in self.over else None

    def together(self, a: int, b: int) -> Spread | None:
        """In what share of worlds two stand together, among those in which it is decided."""
        i, j = sorted((a, b))
        return self.chance(f"together.{self.members[i]}.{self.members[j]}")

    def bond(self, a: int, b: int) -> Spread | None:
        """The penalty of separating two, as a share of all that pairs weigh."""
        i, j = sorted((a, b))
        return self.spread(f"bond.{self.members[i]}.{self.members[j]}")

    def camp(self, blocs: NDArray[np.bool_], side: bool) -> str:
        """The actors of one camp, in words."""
        return wording.joined(
            [self.actor(name) for name, s in zip(self.members, blocs, strict=True) if s == side]
        )

    def division(self, blocs: NDArray[np.bool_]) -> str:
        """Both camps in words, the one with more partners first."""
        patrons = self.situation.partnership.patrons
        inside = [bool(s) for name, s in zip(self.members, blocs, strict=True) if name in patrons]
        first = sum(inside) * 2 > len(inside)
        if bool(np.all(blocs == blocs[0])):
            return f"{self.camp(blocs, bool(blocs[0]))} all together"
        return f"{self.camp(blocs, first)} against {self.camp(blocs, not first)}"

    @cached_property
    def enemy_of_all(self) -> str:
        """Who stands alone in the one best division because every other is its foe; empty where nobody does."""
        blocs = self.landscape.optimum.blocs
        alone = [k for k, side in enumerate(blocs) if np.count_nonzero(blocs == side) == 1]
        if self.landscape.optima > 1 or len(alone) != 1 or len(self.members) < 3:
            return ""
        foes = [w < 0.0 for i, j, w in self.ties if alone[0] in (i, j)]
        return self.actor(self.members[alone[0]]) if len(foes) == len(self.members) - 1 and all(foes) else ""

    @property
    def limit(self) -> str:
        """What forces the best division into its shape, in words; empty where all stand together."""
        blocs = self.landscape.optimum.blocs
        if bool(np.all(blocs == blocs[0])):
            return ""
        if not self.enemy_of_all:
            return "with only two camps allowed"
        return f"with only two camps allowed, and {self.enemy_of_all} the enemy of all others"

    @property
    def in_three(self) -> str:
        """What becomes of two camps when a third is allowed; empty with all together, or where it was not worked out."""
        if self.three is None or not self.limit:
            return ""
        blocs = self.three.blocs.tolist()
        proven = "" if self.three.proven else " (not proven to be the best)"
        sides = [self.named([k for k, b in enumerate(blocs) if b == side]) for side in sorted(set(blocs))]
        if len(sides) < 3:
            return f"a third camp, were it allowed, would not fit better{proven}"
        return f"with up to three camps allowed: {'; '.join(sides)}{proven}"

    @cached_property
    def divisions(self) -> list[tuple[NDArray[np.bool_], float]]:
        """The best divisions over worlds with their share of worlds, the most frequent first."""
        codes = self.over["camps"]
        known = codes[~np.isnan(codes)].astype(np.int64)
        if not known.size:
            return []
        found, count = np.unique(known, return_counts=True)
        order = np.lexsort((found, -count))
        bits = np.arange(len(self.members))
        return [((found[k] >> bits & 1).astype(np.bool_), float(count[k]) / known.size) for k in order]

    def code(self, blocs: NDArray[np.bool_]) -> int:
        """A division as a number in binary, as in the column ``camps``."""
        return int(np.asarray(blocs, np.int64) @ (1 << np.arange(len(self.members))))

    def named(self, places: Sequence[int]) -> str:
        """Some members in words."""
        return wording.joined([self.actor(self.members[k]) for k in places])
