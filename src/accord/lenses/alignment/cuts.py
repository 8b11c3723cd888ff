"""Proof that a partition is as little frustrated as can be, or how much less frustration is not ruled out.

A tie is frustrated when friends stand apart or foes together; f is 1 for a frustrated tie.  In every cycle with an odd
number of foes (in two blocs), or with exactly one (in any number of blocs), at least one tie is frustrated: sum of f over
the cycle >= 1.  A linear programme over the cycles that are violated, found by shortest paths, gives a bound; triangles
come first.  Where the bound leaves a gap, an integer programme over blocs of actors, with those cuts, has to find a
partition better than the one in hand, or fail.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.lenses.alignment.grid import grid_of
from accord.lenses.alignment.kernels.tabu import packed, tabu, tree_sides, triangles

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_TRIANGLES = 2_000_000
_FIRST = 3_000
_PER_ROUND = 1_000
_CLOSE = 1e-6
# Rounds that raise the bound by less than so many units are given up after a few.
_RAISE = 0.05
_PATIENCE = 4


@dataclass(frozen=True, eq=False)
class Proof:
    """A partition, its frustration, a bound no partition goes below, and whether the two meet."""

    bloc: IntArray
    value: float
    bound: float
    proven: bool


@dataclass(frozen=True, eq=False)
class Network:
    """Ties to be satisfied, and what counts as a difference.

    Parameters
    ----------
    actors : int
    first, second : ndarray of int, shape (ties,)
    weight : ndarray, shape (ties,)
        Not 0.
    blocs : int
        At most so many.
    """

    actors: int
    first: IntArray
    second: IntArray
    weight: FloatArray
    blocs: int

    @property
    def foes(self) -> NDArray[np.bool_]:
        """Which ties are negative."""
        return self.weight < 0

    @property
    def matrix(self) -> FloatArray:
        """Weights as a symmetric matrix."""
        held = np.zeros((self.actors, self.actors))
        held[self.first, self.second] = self.weight
        held[self.second, self.first] = self.weight
        return held

    @property
    def cost(self) -> FloatArray:
        """Absolute weights in units of :attr:`unit`."""
        return np.abs(self.weight) / self.unit

    @property
    def step(self) -> float:
        """Frustration comes in multiples of this many units: 1 for whole weights, otherwise 0."""
        return 1.0 if self._whole else 0.0

    @property
    def _whole(self) -> bool:
        """Whether weights are whole numbers of a size that floats can tell apart."""
        whole: bool = bool(
            (self.weight == np.rint(self.weight)).all() and np.abs(self.weight).sum() < 2.0**40
        )
        return whole

    @property
    def unit(self) -> float:
        """The greatest common divisor of whole weights; the largest weight otherwise."""
        if self._whole:
            return float(np.gcd.reduce(np.abs(self.weight).astype(np.int64)))
        return float(np.abs(self.weight).max())

    def frustrated(self, bloc: IntArray) -> NDArray[np.bool_]:
        """Which ties a partition frustrates."""
        apart = bloc[self.first] != bloc[self.second]
        wrong: NDArray[np.bool_] = np.where(self.foes, ~apart, apart)
        return wrong

    def value(self, bloc: IntArray) -> float:
        """Weight of the ties that a partition frustrates."""
        return float(np.abs(self.weight)[self.frustrated(bloc)].sum())

    def rounded(self, bound: float) -> float:
        """A bound in units, raised to the next value that can occur."""
        return float(ceil(bound - _CLOSE)) if self.step else bound

    def meets(self, value: float, bound: float) -> bool:
        """Whether nothing below *value* is left above *bound*, both in units."""
        return bool(value - bound < (self.step or 1.0) * _CLOSE)


def prove(net: Network, bloc: IntArray, seconds: float) -> Proof:
    """Prove a partition the least frustrated, better it, or bound what is left, within about so many seconds."""
    if not net.weight.size:
        return Proof(bloc, 0.0, 0.0, True)
    ends, unit = time.monotonic() + seconds, net.unit
    cuts = Cuts(net, bloc)
    bound = cuts.tighten(ends)
    bloc, value = cuts.bloc, net.value(cuts.bloc) / unit
    if not net.meets(value, bound) and time.monotonic() < ends:
        bloc, bound = _integer(net, cuts, bloc, value, bound, ends)
        value = net.value(bloc) / unit
    proven = net.meets(value, bound)
    return Proof(bloc, value * unit, value * unit if proven else bound * unit, proven)


class Cuts:
    """Cycles of which one tie must be frustrated, gathered as they are violated, and the best partition on the way."""

    def __init__(self, net: Network, bloc: IntArray) -> None:
        self.net, self.bloc = net, bloc
        self._steps = grid_of(net.matrix).steps
        self.rows: list[tuple[int, ...]] = []
        self._known: set[tuple[int, ...]] = set()
        self._three = self._triangles()
        self.add([tuple(row) for row in self._three[:_FIRST].tolist()])

    def _triangles(self) -> IntArray:
        """Every triangle of which one tie must be frustrated, rows of tie numbers."""
        net = self.net
        index = np.full((net.actors, net.actors), -1, np.int64)
        index[net.first, net.second] = np.arange(net.first.size)
        held = np.empty((_TRIANGLES, 3), np.int64)
        count = triangles(net.first, net.second, index, held)
        held = held[: min(count, _TRIANGLES)]
        foes = net.foes[held].sum(axis=1)
        wanted: IntArray = held[foes == 1 if net.blocs > 2 else foes % 2 == 1].copy()
        return wanted

    def add(self, cycles: list[tuple[int, ...]]) -> bool:
        """Take up cycles that are new; whether there was one."""
        fresh = [cycle for cycle in cycles if cycle not in self._known]
        self._known.update(fresh)
        self.rows.extend(fresh)
        return bool(fresh)

    def matrix(self) -> Any:
        """One row a cycle, one column a tie."""
        from scipy.sparse import csr_array

        starts = np.cumsum([0, *(len(row) for row in self.rows)])
        ties = np.array([tie for row in self.rows for tie in row], np.int64)
        return csr_array((np.ones(ties.size), ties, starts), shape=(len(self.rows), self.net.weight.size))

    def tighten(self, ends: float) -> float:
        """Add violated cycles until none is left, the bound meets the partition or time is up; the bound, in units."""
        # Triangles without a tie in common, until a programme does better.
        best = self.net.rounded(float(packed(self._three, self.net.cost.copy())))
        high, stalled = 0.0, 0
        shares = np.zeros(self.net.weight.size)
        while stalled < _PATIENCE and time.monotonic() < ends:
            if self.rows:
                shares, bound = self._relaxed(ends)
                stalled = 0 if bound > high + _RAISE else stalled + 1
                high = max(high, bound)
                best = max(best, self.net.rounded(bound))
                self._round(shares)
            if self.net.meets(self.net.value(self.bloc) / self.net.unit, best) or not self.add(
                self._violated(shares)
            ):
                break
        return best

    def _round(self, shares: FloatArray) -> None:
        """Look for a better partition near one that satisfies the ties with least shares of frustration."""
        net = self.net
        start, found = np.empty((1, net.actors), np.int64), np.empty(net.actors, np.int64)
        if net.blocs == 2:
            order = np.argsort(shares, kind="stable")
            tree_sides(net.first, net.second, net.foes.astype(np.int64), order, start[0])
        else:
            start[0] = self.bloc
        tabu(self._steps, net.blocs, start, net.actors, max(3, net.actors // 10), found)
        if net.value(found) < net.value(self.bloc):
            self.bloc = found

    def _relaxed(self, ends: float) -> tuple[FloatArray, float]:
        """Shares of frustration by the linear programme, and its value; cycles that do not bind are let go."""
        from scipy.optimize import linprog

        net, matrix = self.net, self.matrix()
        limit = max(ends - time.monotonic(), 0.01)
        found = linprog(
            net.cost, -matrix, -np.ones(len(self.rows)), bounds=(0, 1), options={"time_limit": limit}
        )
        if found.status != 0 or found.x is None or found.fun is None:
            return np.zeros(net.weight.size), 0.0
        slack = matrix @ found.x - 1.0
        self.rows = [row for row, room in zip(self.rows, slack, strict=True) if room < 0.1]
        self._known = set(self.rows)
        return np.clip(found.x, 0.0, 1.0), float(found.fun)

    def _violated(self, shares: FloatArray) -> list[tuple[int, ...]]:
        """Cycles with too little frustration, the worst triangles before longer ones."""
        short = shares[self._three].sum(axis=1)
        order = np.argsort(short, kind="stable")[:_PER_ROUND]
        worst = order[short[order] < 1.0 - 1e-4]
        if worst.size:
            return [tuple(row) for row in self._three[worst].tolist()]
        return odd_cycles(self.net, shares) if self.net.blocs == 2 else one_foe_cycles(self.net, shares)


def odd_cycles(net: Network, shares: FloatArray) -> list[tuple[int, ...]]:
    """Cycles with an odd number of foes and less than one frustrated tie in all.

    In two copies of the actors, friends are joined within a copy and foes across; such a cycle is a path from an actor to
    its other self.
    """
    n, i, j = net.actors, net.first, net.second
    up_i, up_j = i + n, j + n
    ends = [np.where(net.foes, up_j, j), np.where(net.foes, j, up_j)]
    tails, heads = np.concatenate([i, up_i]), np.concatenate(ends)
    sources = np.unique(i[net.foes])
    return _paths(net, shares, (tails, heads, 2 * n), sources, sources + n)


def one_foe_cycles(net: Network, shares: FloatArray) -> list[tuple[int, ...]]:
    """Cycles with exactly one foe and less than one frustrated tie in all: two foes and a path of friends between them."""
    friends = np.flatnonzero(~net.foes)
    foes = np.flatnonzero(net.foes)
    if not foes.size or not friends.size:
        return []
    graph = (net.first[friends], net.second[friends], net.actors)
    found = _paths(net, shares, graph, net.first[foes], net.second[foes], shares[foes], friends)
    return [tuple(sorted((*path[1:], int(foes[path[0]])))) for path in found]


def _paths(
    net: Network,
    shares: FloatArray,
    graph: tuple[IntArray, IntArray, int],
    sources: IntArray,
    targets: IntArray,
    more: FloatArray | None = None,
    names: IntArray | None = None,
) -> list[tuple[int, ...]]:
    """Ties on the shortest path from each source to its target where it is below 1 (with *more* added).

    With *more* each path begins with its number among the sources.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    tails, heads, nodes = graph
    ties = np.arange(net.weight.size) if names is None else names
    every = np.tile(ties, tails.size // ties.size)
    cost = np.maximum(shares[every], 0.0) + 1e-7
    held = csr_array((cost, (tails, heads)), shape=(nodes, nodes))
    starts, which = np.unique(sources, return_inverse=True)
    far, before = dijkstra(held, directed=False, indices=starts, limit=1.0, return_predecessors=True)
    number = {
        pair: int(tie) for a, b, tie in zip(tails, heads, every, strict=True) for pair in ((a, b), (b, a))
    }
    found: list[tuple[float, tuple[int, ...]]] = []
    for k, (row, target) in enumerate(zip(which, targets, strict=True)):
        length = far[row, target] + (0.0 if more is None else more[k])
        if length < 1.0 - 1e-4:
            path, at = set(), int(target)
            while at != sources[k]:
                previous = int(before[row, at])
                path.add(number[previous, at])
                at = previous
            found.append((length, tuple(sorted(path)) if more is None else (k, *sorted(path))))
    return [path for _, path in sorted(found)[:_PER_ROUND]]


def _integer(
    net: Network, cuts: Cuts, bloc: IntArray, value: float, bound: float, ends: float
) -> tuple[IntArray, float]:
    """Look for a partition better than *value*: the best in hand, and the bound, in units."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    ties, columns = net.weight.size, 1 if net.blocs == 2 else net.blocs
    size = ties + net.actors * columns
    rows = [*_links(net, columns)]
    if cuts.rows:
        rows.append((cuts.matrix(), 1.0, np.inf))
    less = value - (net.step or _CLOSE)
    cost = np.concatenate([net.cost, np.zeros(size - ties)])
    constraints = [LinearConstraint(_wide(matrix, size), low, high) for matrix, low, high in rows]
    constraints.append(LinearConstraint(cost[None, :], bound - _CLOSE, less + _CLOSE / 10))
    found = milp(
        cost,
        integrality=np.r_[np.zeros(ties), np.ones(size - ties)],
        bounds=Bounds(0.0, _upper(net, columns)),
        constraints=constraints,
        options={"time_limit": max(ends - time.monotonic(), 0.01), "mip_rel_gap": 0.0},
    )
    if found.status == 2:
        return bloc, value
    dual = found.mip_dual_bound
    if dual is not None and np.isfinite(dual):
        bound = max(bound, min(net.rounded(float(dual)), value))
    if found.x is not None:
        put = np.rint(found.x[ties:]).reshape(net.actors, columns)
        better = (put[:, 0] if columns == 1 else put.argmax(axis=1)).astype(np.int64)
        bloc = better if net.value(better) / net.unit < value else bloc
    return bloc, bound


def _wide(matrix: Any, size: int) -> Any:
    """A matrix over ties with columns of zeros for the blocs."""
    from scipy.sparse import csr_array

    held = csr_array(matrix)
    return csr_array((held.data, held.indices, held.indptr), shape=(held.shape[0], size))


def _upper(net: Network, columns: int) -> FloatArray:
    """Upper limits: the actor with most ties stands in bloc 0, the next in one of the first two, and so on."""
    order = np.argsort(-np.bincount(np.r_[net.first, net.second], minlength=net.actors), kind="stable")
    allowed = np.ones((net.actors, columns))
    if columns == 1:
        allowed[order[0]] = 0.0
    for rank, actor in enumerate(order[: columns - 1]):
        allowed[actor, rank + 1 :] = 0.0
    return np.concatenate([np.ones(net.weight.size), allowed.ravel()])


def _links(net: Network, columns: int) -> list[tuple[Any, float | FloatArray, float | FloatArray]]:
    """Rows that tie frustration to blocs: friends apart, foes together, everybody in one bloc."""
    from scipy.sparse import csr_array

    ties = net.weight.size
    rows: list[tuple[Any, float | FloatArray, float | FloatArray]] = []
    tie = np.arange(ties)
    sign = np.where(net.foes, -1.0, 1.0)
    size = ties + net.actors * columns

    def block(factor: Any, left: Any, right: Any, c: int) -> Any:
        """One row a tie: f + left x_i + right x_j."""
        where = np.concatenate([tie, ties + net.first * columns + c, ties + net.second * columns + c])
        values = np.concatenate([factor, left, right])
        return csr_array((values, (np.tile(tie, 3), where)), shape=(ties, size))

    one = np.ones(ties)
    for c in range(columns):
        # Friends: f >= x_i - x_j and f >= x_j - x_i.  Foes: f >= x_i + x_j - 1 and, in two blocs, f >= 1 - x_i - x_j.
        rows.append((block(one, -one, sign, c), np.where(net.foes, -1.0, 0.0), np.inf))
        if columns == 1:
            rows.append((block(one, one, -sign, c), np.where(net.foes, 1.0, 0.0), np.inf))
        else:
            friends = ~net.foes
            rows.append((block(one, one, -sign, c)[friends], 0.0, np.inf))
    if columns > 1:
        actors = np.repeat(np.arange(net.actors), columns)
        member = csr_array(
            (np.ones(actors.size), (actors, ties + np.arange(actors.size))), shape=(net.actors, size)
        )
        rows.append((member, 1.0, 1.0))
    return rows
