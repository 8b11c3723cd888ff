"""Answers by trying everything, straight from the definitions: slow, plain Python, no code of the lens."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

Row = tuple[int, ...]


def energy(p: Any, s: Any, side: Sequence[int]) -> float:
    """Sum of s_i s_j p_ij over ordered pairs in different blocs."""
    n = len(side)
    return sum(s[i] * s[j] * p[i][j] for i in range(n) for j in range(n) if i != j and side[i] != side[j])


def divisions(n: int) -> list[Row]:
    """Every division with the first actor in bloc 0, in the order of rows."""
    return [(0, *rest) for rest in itertools.product((0, 1), repeat=n - 1)]


def turned(side: Row, k: int) -> Row:
    """The division with one actor turned, the first actor brought back to bloc 0."""
    other = tuple(1 - x if i == k else x for i, x in enumerate(side))
    return tuple(x ^ other[0] for x in other)


def landscape(p: Any, s: Any, close: float = 1e-9) -> dict[str, Any]:
    """Energies of all divisions, optima, gap, minima, bonds."""
    n = len(p)
    held = {side: energy(p, s, side) for side in divisions(n)}
    best = min(held.values())
    minima = [x for x, e in held.items() if all(e <= held[turned(x, k)] + close for k in range(n))]
    bonds = {}
    for i, j in itertools.combinations(range(n), 2):
        apart = min(e for x, e in held.items() if x[i] != x[j])
        together = min((e for x, e in held.items() if x[i] == x[j]), default=float("inf"))
        bonds[i, j] = apart - together
    others = sorted(held.values())
    return {
        "energies": held,
        "best": best,
        "optima": [x for x, e in held.items() if e <= best + close],
        "gap": others[1] - others[0] if len(others) > 1 else float("inf"),
        "minima": sorted(minima, key=lambda x: (round(held[x], 6), x)),
        "bonds": bonds,
    }


def basins(p: Any, s: Any, close: float = 1e-9) -> dict[Row, float]:
    """How many divisions steepest descent brings to each minimum, ties shared equally."""
    n = len(p)
    held = {side: energy(p, s, side) for side in divisions(n)}
    reach: dict[Row, dict[Row, float]] = {}

    def ends(x: Row) -> dict[Row, float]:
        """Where a division ends up, with shares."""
        if x not in reach:
            ways = [turned(x, k) for k in range(n)]
            least = min(held[y] for y in ways)
            if least >= held[x] - close:
                reach[x] = {x: 1.0}
            else:
                steepest = [y for y in ways if held[y] <= least + close]
                reach[x] = {}
                for y in steepest:
                    for z, share in ends(y).items():
                        reach[x][z] = reach[x].get(z, 0.0) + share / len(steepest)
        return reach[x]

    total: dict[Row, float] = {}
    for x in held:
        for z, share in ends(x).items():
            total[z] = total.get(z, 0.0) + share
    return total


def partitions(n: int, blocs: int) -> Iterator[Row]:
    """Every partition into at most so many blocs, as restricted growth."""

    def grow(row: Row, used: int) -> Iterator[Row]:
        """Rows that begin so."""
        if len(row) == n:
            yield row
            return
        for c in range(min(used + 1, blocs)):
            yield from grow((*row, c), max(used, c + 1))

    yield from grow((), 0)


def frustration(n: int, ties: Sequence[tuple[int, int, float]], blocs: int = 2) -> tuple[float, int]:
    """Least weight of friends apart and foes together, and how many partitions have it."""
    found = [sum(abs(w) for i, j, w in ties if (w > 0) != (row[i] == row[j])) for row in partitions(n, blocs)]
    best = min(found)
    return best, sum(x <= best + 1e-9 for x in found)


def shapley(worth: Any, n: int) -> list[float]:
    """What each adds to those before it, over all orders; *worth* takes a frozenset."""
    total = [0.0] * n
    orders = list(itertools.permutations(range(n)))
    for order in orders:
        before: frozenset[int] = frozenset()
        for k in order:
            total[k] += worth(before | {k}) - worth(before)
            before |= {k}
    return [x / len(orders) for x in total]
