"""Who could do better by leaving: the core, the least core and the bargaining set of a game with transferable worth.

Sources: D. B. Gillies, "Solutions to General Non-zero-sum Games" (1959), the core; M. Maschler, B. Peleg and L. S. Shapley,
"Geometric Properties of the Kernel, Nucleolus, and Related Solution Concepts", Mathematics of Operations Research 4 (1979), the
least core; R. J. Aumann and M. Maschler, "The Bargaining Set for Cooperative Games" (1964).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.lenses.alignment.inputs import AlignmentError, numbers
from accord.lenses.alignment.worth import Worth, members_of, sums, worth_of

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

MOST_BARGAINING = 8
_AT_A_TIME = 16


@dataclass(frozen=True, eq=False)
class Core:
    """How near a payoff is to the core.

    Parameters
    ----------
    inside : bool
        Whether no coalition can do better by itself.
    payoff : ndarray, shape (players,)
    excess : float
        The most that a coalition (neither nobody nor everybody) could gain in all by leaving; 0 or less inside the core.
    coalition : tuple of int
        One that could gain as much; empty with a single player.
    """

    inside: bool
    payoff: FloatArray
    excess: float
    coalition: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Objection:
    """A justified objection: *player* against *other*, through a coalition, at these payments to its members.

    The other has no coalition without the player that could pay everybody in it what they are offered there or hold now.
    """

    player: int
    other: int
    coalition: tuple[int, ...]
    payments: FloatArray


def in_core(worth: ArrayLike | Worth, payoff: ArrayLike) -> Core:
    """Whether a payoff lies in the core; every coalition is looked at, to 20 players.

    Parameters
    ----------
    worth
        As for :func:`accord.lenses.alignment.power.shapley`.
    payoff : array_like, shape (players,)
        Shares of the worth of all.

    Raises
    ------
    AlignmentError
        When the payoff does not sum to the worth of all.
    """
    paid = numbers(payoff, "payoff")
    if paid.ndim != 1 or not np.isfinite(paid).all():
        raise AlignmentError("payoff must have one finite number for each player")
    held = worth_of(worth, paid.size)
    slack = _slack(held)
    if abs(paid.sum() - held[-1]) > slack:
        raise AlignmentError(f"payoffs sum to {paid.sum():g}; expected the worth of all, {held[-1]:g}")
    excess = (held - sums(paid))[1:-1]
    if not excess.size:
        return Core(True, paid, 0.0, ())
    most = int(excess.argmax())
    return Core(bool(excess[most] <= slack), paid, float(excess[most]), members_of(most + 1, paid.size))


def least_core(worth: ArrayLike | Worth, players: int | None = None) -> Core:
    """A payoff whose largest excess is least: in the core when that is not empty; to 20 players.

    A linear programme to which coalitions are added as they object.

    Parameters
    ----------
    worth, players
        As for :func:`accord.lenses.alignment.power.shapley`.

    Raises
    ------
    AlignmentError
    """
    from scipy.optimize import linprog

    held = worth_of(worth, players)
    count = held.size.bit_length() - 1
    if count == 1:
        return Core(True, held[1:].copy(), 0.0, ())
    scale = float(np.abs(held).max()) or 1.0
    codes = [1 << k for k in range(count)] + [(held.size - 1) ^ (1 << k) for k in range(count)]
    everybody = np.append(np.ones(count), 0.0)[None, :]
    while True:
        rows = (np.array(codes)[:, None] >> np.arange(count)) & 1
        limits = np.hstack([-rows, -np.ones((len(codes), 1))])
        goal = np.append(np.zeros(count), 1.0)
        found = linprog(goal, limits, -held[codes] / scale, everybody, held[-1:] / scale, bounds=(None, None))
        if found.status != 0 or found.x is None:
            raise AlignmentError(f"the linear programme of the least core failed: {found.message}")
        paid = found.x[:count] * scale
        paid += (held[-1] - paid.sum()) / count
        excess = held - sums(paid)
        excess[[0, -1]] = -np.inf
        worst = np.argsort(-excess, kind="stable")[:_AT_A_TIME]
        known = set(codes)
        fresh = [int(c) for c in worst if excess[c] > (found.x[count] + 1e-9) * scale and int(c) not in known]
        if not fresh:
            return in_core(held, paid)
        codes.extend(fresh)


def objections(worth: ArrayLike | Worth, payoff: ArrayLike) -> tuple[Objection, ...]:
    """Justified objections to a payoff, at most one for each two players; none when it lies in the bargaining set.

    The set of Aumann and Maschler for the coalition of all.  A player objects to another through a coalition without it that
    can pay each member more; the other counters through a coalition without the objector that can pay those who were made an
    offer as much as offered and the rest what they have.  One linear programme for each player, other and coalition that could
    object: at most 8 players.

    Raises
    ------
    AlignmentError
        When the payoff does not share out the worth of all, gives a player less than it has alone, or there are too many
        players.
    """
    checked = in_core(worth, payoff)
    paid, count = checked.payoff, checked.payoff.size
    if count > MOST_BARGAINING:
        raise AlignmentError(
            f"there are {count} players; expected at most {MOST_BARGAINING} for the bargaining set"
        )
    held = worth_of(worth, count)
    slack = _slack(held)
    short = [k for k in range(count) if paid[k] < held[1 << k] - slack]
    if short:
        raise AlignmentError(
            f"player {short[0]} gets less than it has alone; expected at least {held[1 << short[0]]:g}"
        )
    excess = held - sums(paid)
    found = []
    for player, other in permutations(range(count), 2):
        for code in range(1, held.size):
            through = (code >> player) & 1 and not (code >> other) & 1
            if through and excess[code] > slack:
                payments = _unanswered(held, paid, excess, player, other, code, slack)
                if payments is not None:
                    found.append(Objection(player, other, members_of(code, count), payments))
                    break
    return tuple(found)


def _unanswered(
    held: FloatArray, paid: FloatArray, excess: FloatArray, player: int, other: int, code: int, slack: float
) -> FloatArray | None:
    """Payments to the members of a coalition that the other cannot counter; None when there are none.

    A coalition T counters when what it is worth beyond what its members hold covers the raises of those that the objection
    also addresses.  So each part of the coalition has to get raises above the largest such excess.
    """
    from scipy.optimize import linprog

    members = members_of(code, paid.size)
    needed: dict[int, float] = {}
    for answer in range(held.size):
        if (answer >> other) & 1 and not (answer >> player) & 1:
            part = answer & code
            needed[part] = max(needed.get(part, -np.inf), float(excess[answer]))
    if needed.get(0, -np.inf) >= -slack:
        return None
    # Raises r of members: at least t each, sum to the excess; those of each part above what is needed by t; most t.
    parts = [part for part in needed if part]
    rows = [[-float((part >> k) & 1) for k in members] + [1.0] for part in parts]
    limits = [-needed[part] for part in parts]
    for place in range(len(members)):
        rows.append([-1.0 if k == place else 0.0 for k in range(len(members))] + [1.0])
        limits.append(0.0)
    total = np.append(np.ones(len(members)), 0.0)[None, :]
    goal = np.append(np.zeros(len(members)), -1.0)
    # In units of the excess, so that tolerances fit.
    unit = float(np.abs(excess).max())
    found = linprog(
        goal, np.array(rows), np.array(limits) / unit, total, [excess[code] / unit], bounds=(None, None)
    )
    if found.status != 0 or found.x is None or found.x[-1] <= 1e-9:
        return None
    payments: FloatArray = paid[list(members)] + found.x[:-1] * unit
    return payments


def _slack(held: FloatArray) -> float:
    """What counts as nothing beside these worths."""
    return 1e-9 * max(float(np.abs(held).max()), 1e-300)
