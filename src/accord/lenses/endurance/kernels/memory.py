"""What a kernel works on: one flat array ``a`` with a world's numbers and the state of a run, and the plan ``o`` of it.

One array, because a kernel that hands twenty from function to function spends its time on counting references.  The rows
of a block lie one behind the other: ``a[o.p + i * NP + P.patience]`` is the patience of patron i.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from accord.engine.records import reader
from accord.lenses.endurance.fields import WIDTHS, Block, P, Shape

# Width of one row of each block.
NP, NH, NR, NI = WIDTHS["p"], WIDTHS["t"], WIDTHS["r"], WIDTHS["i"]
NPT, NPI, NPP, NPS, NPE = WIDTHS["pt"], WIDTHS["pi"], WIDTHS["pp"], WIDTHS["ps"], WIDTHS["pe"]

# The two levels, as columns of membership.
IN_THEATRE: int = P.in_theatre
IN_BILATERAL: int = P.in_bilateral

# Ways to leave, in the order of the ending table (endings.py); 0 is staying.
STAYS, FULFILLED, SELL_OUT, ABANDONMENT, EXHAUSTION, FAIT_ACCOMPLI, ENTRAPMENT, COLLAPSE = range(8)
ENTERS = -1

# What a change does to a number.
SET, ADD, TIMES, LOG_ODDS_ADD, TERRITORY_SET, TERRITORY_ADD, TERRITORY_TIMES, HOLD = range(8)


class Plan(NamedTuple):
    """How many there are of everything, and where each block begins."""

    patrons: int
    threats: int
    resources: int
    issues: int
    suitors: int
    rallies: int
    shocks: int
    p: int
    h: int
    r: int
    q: int
    pt: int
    pr: int
    pi: int
    pp: int
    ps: int
    pe: int
    e: int


class Rules(NamedTuple):
    """What is the same for every world of a run; *theatre_only*: nothing after the theatre's end counts.

    *months_shared* is the last month before any trial acts; all months where there is one trial.
    """

    beta: float
    nu: float
    quorum: int
    client: int
    leader: int
    months: int
    weighted: int
    theatre_only: int
    months_shared: int


# The same, read in a kernel from the words that it is handed (``words_of``).
plan_at: Any = reader(Plan)
rules_at: Any = reader(Rules)


class Events(NamedTuple):
    """Shocks: when each happens (month 0: at random, with its hazard), and what it changes."""

    month: Any
    hazard: Any
    of: Any
    index: Any
    op: Any
    value: Any
    changes: int


class Trial(NamedTuple):
    """An intervention at month *start* (0: none); *remove* has one bit for each threat."""

    start: int
    remove: int
    tempt: int
    leader: int
    exhaust: int
    relieve: int


class Keys(NamedTuple):
    """Streams of randomness: one for each patron and purpose, for the world, and for each shock."""

    patron: Any
    world: Any
    shock: Any


def plan_of(shape: Shape) -> Plan:
    """The plan of a flat array."""
    counts = (
        shape.patrons,
        shape.threats,
        shape.resources,
        shape.issues,
        shape.suitors,
        shape.rallies,
        shape.shocks,
    )
    blocks: tuple[Block, ...] = ("p", "t", "r", "i", "pt", "pr", "pi", "pp", "ps", "pe", "e")
    return Plan(*counts, *(shape.start(block) for block in blocks))
