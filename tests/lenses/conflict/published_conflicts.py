"""Conflicts from the literature, with the sets of equilibria printed there."""

from __future__ import annotations

from dataclasses import dataclass

from oracle import Conflict, ranked


@dataclass(frozen=True)
class Published:
    """A conflict, the names of its states in their order, and the printed equilibria by concept."""

    conflict: Conflict
    names: tuple[int | str, ...]
    equilibria: dict[str, tuple[int | str, ...]]


def from_one(pairs: str) -> list[tuple[int, int]]:
    """Arcs as printed, "1>2 3>4", between states counted from 1."""
    return [(int(a) - 1, int(b) - 1) for a, b in (pair.split(">") for pair in pairs.split())]


def prisoners_dilemma() -> Published:
    """Option: cooperate. The worst is to be the only one who does."""
    payoffs = [[2, 1, 4, 3], [2, 4, 1, 3]]
    some, more = ("DD",), ("DD", "CC")
    return Published(
        Conflict(payoffs, [0, 1], [0, 1, 2, 3]),
        ("DD", "CD", "DC", "CC"),
        {"R": some, "GMR": more, "SMR": more, "SEQ": more},
    )


def chicken() -> Published:
    """Option: swerve. The worst is that nobody does."""
    payoffs = [[1, 2, 4, 3], [1, 4, 2, 3]]
    some, more = ("SD", "DS"), ("SD", "DS", "SS")
    return Published(
        Conflict(payoffs, [0, 1], [0, 1, 2, 3]),
        ("DD", "SD", "DS", "SS"),
        {"R": some, "GMR": more, "SMR": more, "SEQ": some},
    )


def elmira() -> Published:
    """The polluted aquifer of Elmira, in graph form: ministry, Uniroyal, local government."""
    payoffs = [[4, 3, 8, 7, 5, 2, 9, 6, 1], [9, 2, 4, 8, 6, 1, 3, 7, 5], [6, 2, 8, 3, 7, 4, 9, 5, 1]]
    arcs = [
        from_one("1>2 3>4 5>6 7>8"),
        from_one("1>3 1>9 2>4 2>9 3>9 4>9 5>7 5>9 6>8 6>9 7>9 8>9"),
        from_one("1>5 5>1 2>6 6>2 3>7 7>3 4>8 8>4"),
    ]
    some, more = (5, 8, 9), (1, 4, 5, 8, 9)
    return Published(
        Conflict(payoffs, None, None, arcs=arcs),
        tuple(range(1, 10)),
        {"R": some, "GMR": more, "SMR": more, "SEQ": some},
    )


def syria_iraq() -> Published:
    """The water of the Euphrates in 1975 (Hipel, Kilgour & Kinsara 2014): release, escalate | attack."""
    names = tuple(range(1, 7))
    payoffs = [ranked([1, 3, 6, 2, 4, 5], names), ranked([2, 4, 6, 1, 5, 3], names)]
    return Published(
        Conflict(payoffs, [0, 0, 1], [0, 1, 2, 4, 5, 6]),
        names,
        {"R": (6,), "GMR": (1, 6), "SMR": (6,), "SEQ": (6,)},
    )


def us_north_korea() -> Published:
    """The crisis of 2017 (Jacobi): strike (irreversible), withdraw | invade, abandon; printed are unions, below."""
    masks = tuple(mask for mask in range(16) if mask & 3 != 3)
    payoffs = [
        ranked([8, 0, 9, 10, 12, 5, 4, 13, 14, 1, 2, 6], masks),
        ranked([6, 14, 2, 10, 0, 4, 12, 5, 1, 13, 8, 9], masks),
    ]
    return Published(
        Conflict(payoffs, [0, 0, 1, 1], masks, ["forward", "both", "both", "both"]),
        masks,
        {"SEQ or SIM": (0, 4, 5, 10), "SMR or SIM": (0, 4, 5, 10, 12)},
    )


CASES = {case.__name__: case() for case in (prisoners_dilemma, chicken, elmira, syria_iraq, us_north_korea)}
