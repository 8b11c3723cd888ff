"""Numbers and state of the reference implementation of the endurance page: plain lists and floats, nothing else."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

Row = list[float]


class World(SimpleNamespace):
    """The numbers of one world by long name: floats, and lists along the axes of section 2 of the page.

    Besides the numbers it has ``patrons``, ``threats``, ``resources``, ``issues``, ``suitors`` (how many of each),
    ``client``, ``quorum``, ``leader`` (index of an issue or -1), ``enters`` (0: in from the start) and ``rallies``, for
    each patron a list of (month, size, half-life).
    """

    def but(self, **given: Any) -> World:
        """A deep copy with some numbers replaced."""
        return World(**{**copy.deepcopy(vars(self)), **given})


def world_of(numbers: Any, row: int = 0) -> World:
    """One row of the product's ``Parameters``, read through its public ``of`` only."""
    from accord.lenses.endurance.fields import FIELDS

    found: dict[str, Any] = {f.name: numbers.of(f.name)[row].tolist() for f in FIELDS if f.block != "pe"}
    columns = [numbers.of(f"rally_{what}")[row].tolist() for what in ("month", "size", "half_life")]
    rallies = [list(zip(*patron, strict=True)) for patron in zip(*columns, strict=True)]
    return World(
        **found,
        rallies=rallies,
        patrons=len(numbers.patrons),
        threats=len(numbers.threats),
        resources=len(numbers.resources),
        issues=len(numbers.issues),
        suitors=len(numbers.suitors),
        client=numbers.client,
        quorum=numbers.quorum,
        leader=numbers.leader,
        enters=list(numbers.enters),
    )


@dataclass
class State:
    """What a month changes (page, section 3); ``log_odds`` is y = logit theta, offers are (size, last month open)."""

    effort: Row
    effort_months: Row
    losses: Row
    trust: list[Row]
    level: Row
    dynamic: Row
    log_odds: float
    assets: float
    in_theatre: list[bool]
    in_bilateral: list[bool]
    offers: list[list[tuple[float, int]]]
    month: int = 0
    theatre_alive: bool = True
    bilateral_alive: bool = True
    held: list[bool] = field(default_factory=list)
    shift: Row = field(default_factory=list)
    override: dict[int, float] = field(default_factory=dict)

    @property
    def territory(self) -> float:
        """theta, from its log-odds."""
        return logistic(self.log_odds)

    def fights(self, i: int) -> bool:
        """Whether patron i is in a theatre that is alive."""
        return self.theatre_alive and self.in_theatre[i]

    def members(self, theatre: bool) -> list[int]:
        """Who is in a level."""
        flags = self.in_theatre if theatre else self.in_bilateral
        return [i for i, inside in enumerate(flags) if inside]

    def with_patron(self, i: int) -> State:
        """As if patron i were in (readings: "a patron not yet in")."""
        other = copy.deepcopy(self)
        other.in_theatre[i] = other.in_bilateral[i] = True
        return other


def start(world: World) -> State:
    """The state at the start: everybody at full effort, patrons that enter later are out."""
    n = world.patrons
    inside = [month == 0 for month in world.enters]
    return State(
        effort=[1.0] * n,
        effort_months=[0.0] * n,
        losses=list(world.losses_so_far),
        trust=[list(row) for row in world.trust],
        level=list(world.level),
        dynamic=list(world.level),
        log_odds=logit(world.territory),
        assets=world.assets_at_start,
        in_theatre=list(inside),
        in_bilateral=list(inside),
        offers=[[(0.0, -1)] * world.suitors for _ in range(n)],
        held=[False] * world.threats,
        shift=[0.0] * n,
    )


def logistic(x: float) -> float:
    """1/(1 + e^-x) without overflow; 0 and 1 at the infinities."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    return math.exp(x) / (1.0 + math.exp(x))


def logit(p: float) -> float:
    """ln(p/(1 - p)), argument clipped (page, section 6: "clip log arguments")."""
    p = min(max(p, 1e-12), 1.0 - 1e-12)
    return math.log(p / (1.0 - p))


def clip(x: float, low: float, high: float) -> float:
    """x held between two bounds."""
    return min(max(x, low), high)
