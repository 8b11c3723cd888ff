"""How a conflict could get from a status quo to an outcome, and who must move at each step.

An improvement path is a sequence of moves, each a strict gain for who makes it, in which no actor moves twice in a row
(status quo analysis: Li, Kilgour & Hipel 2005).  Where there is none, the shortest path by any moves is given, with the
fewest steps that are not improvements, and these are marked: somebody would have to be persuaded or forced there.

Of paths of the same length the first one counts, by who moves first (lowest actor), then by where to (lowest state),
then by the second step, and so on.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from numpy.typing import ArrayLike

from accord.lenses.conflict.reach import FloatArray, Moves, checked, moves_of, state_index

Node = tuple[int, int]  # a state and who moved last; -1 at the start


@dataclass(frozen=True, slots=True)
class Step:
    """One move on a path.

    Parameters
    ----------
    actor, origin, to : int
        Who moves, from which state to which.
    improves : bool
        Whether the mover strictly prefers where it goes.
    """

    actor: int
    origin: int
    to: int
    improves: bool


@dataclass(frozen=True, slots=True)
class Route:
    """The way to one outcome.

    Parameters
    ----------
    target : int
    reachable : bool
        Whether any sequence of moves leads there.
    improving : bool
        Whether one leads there in which every step is an improvement.
    paths : tuple of tuple of Step
        Shortest paths, the first one first, as many as asked for; one empty path when the start is the target.
    ways : int
        How many shortest paths there are.
    """

    target: int
    reachable: bool
    improving: bool
    paths: tuple[tuple[Step, ...], ...]
    ways: int

    @property
    def steps(self) -> tuple[Step, ...]:
        """The first of the shortest paths; empty when there is none or nothing needs to happen."""
        return self.paths[0] if self.paths else ()

    @property
    def movers(self) -> tuple[int, ...]:
        """Who moves at each step."""
        return tuple(step.actor for step in self.steps)

    @property
    def against_interest(self) -> tuple[Step, ...]:
        """The steps that are not improvements for who makes them."""
        return tuple(step for step in self.steps if not step.improves)


@dataclass(frozen=True, slots=True)
class Evolution:
    """Ways from a status quo to outcomes.

    Parameters
    ----------
    start : int
    routes : tuple of Route
        One for each target, in the order asked for.
    """

    start: int
    routes: tuple[Route, ...]

    def to(self, target: int) -> Route:
        """The route to one target.

        Raises
        ------
        ValueError
            When it was not asked for.
        """
        for route in self.routes:
            if route.target == target:
                return route
        raise ValueError(f"no route to state {target} was asked for")


def paths(
    payoffs: ArrayLike,
    owners: ArrayLike | None,
    start: int,
    targets: Iterable[int],
    *,
    feasible: ArrayLike | None = None,
    directions: Sequence[str] | None = None,
    arcs: Sequence[ArrayLike] | None = None,
    most: int = 1,
) -> Evolution:
    """Find the shortest improvement paths from a status quo to outcomes, and the shortest other ones where there are none.

    Parameters
    ----------
    payoffs : array_like, shape (actors, states)
        Larger is better, ties allowed.
    owners, feasible, directions, arcs
        As for ``conflict.stability``.
    start : int
        Index of the status quo (a column of *payoffs*).
    targets : iterable of int
        State indices, for instance of the equilibria.
    most : int
        How many shortest paths to list for each target, at least 1.

    Returns
    -------
    Evolution

    Raises
    ------
    ValueError
        When numbers do not fit each other, or there are more than 4096 states.
    """
    table = checked(payoffs)
    moves = moves_of(table.shape[0], table.shape[1], owners, feasible, directions, arcs)
    origin = state_index(start, moves.states, "start")
    wanted = [state_index(target, moves.states, "target") for target in targets]
    if most < 1:
        raise ValueError(f"most must be 1 or more, not {most}")
    improving = Search(moves, table, origin, improving=True)
    anyhow: Search | None = None
    routes: list[Route] = []
    for target in wanted:
        found = improving.route(target, most)
        if not found.reachable:
            anyhow = anyhow or Search(moves, table, origin, improving=False)
            found = anyhow.route(target, most)
        routes.append(found)
    return Evolution(origin, tuple(routes))


class Search:
    """Shortest sequences of moves from one state, over pairs of a state and who moved last.

    Parameters
    ----------
    moves : Moves
    payoffs : ndarray, shape (actors, states)
    start : int
    improving : bool
        Whether only improvements count as moves; else the fewest steps, and among these the fewest that are none.
    who : iterable of int, optional
        Who may move; everybody when left out.
    """

    def __init__(
        self,
        moves: Moves,
        payoffs: FloatArray,
        start: int,
        *,
        improving: bool,
        who: Iterable[int] | None = None,
    ) -> None:
        self._moves = moves
        self._payoffs: list[list[float]] = payoffs.tolist()  # read one by one, which arrays are slow at
        self._start = start
        self._improving = improving
        self._who = range(moves.actors) if who is None else sorted(who)
        # One step more always costs more than any number of steps against interest on a simple path.
        self._step = moves.states * (moves.actors + 1) + 1
        self._cost: dict[Node, int] = {}
        self._before: dict[Node, list[Node]] = {}
        self._run()

    def _steps(self, node: Node) -> Iterator[tuple[Node, int]]:
        """Where one move leads, and at what cost."""
        state, last = node
        for actor in self._who:
            if actor == last:
                continue
            row = self._payoffs[actor]
            here = row[state]
            for to in self._moves.own[actor][state]:
                gains = row[to] > here
                if gains or not self._improving:
                    yield (to, actor), self._step + (not gains)

    def _run(self) -> None:
        """Least cost of every node, and the nodes from which it is reached at that cost."""
        begin = (self._start, -1)
        self._cost[begin] = 0
        waiting: list[tuple[int, Node]] = [(0, begin)]
        while waiting:
            cost, node = heapq.heappop(waiting)
            if cost > self._cost[node]:
                continue
            for further, price in self._steps(node):
                total = cost + price
                known = self._cost.get(further)
                if known is None or total < known:
                    self._cost[further] = total
                    self._before[further] = [node]
                    heapq.heappush(waiting, (total, further))
                elif total == known:
                    self._before[further].append(node)

    def route(self, target: int, most: int = 1) -> Route:
        """The shortest sequences to one state."""
        ends = [(target, actor) for actor in (-1, *self._who) if (target, actor) in self._cost]
        if not ends:
            return Route(target, False, False, (), 0)
        least = min(self._cost[end] for end in ends)
        ends = [end for end in ends if self._cost[end] == least]
        ways: dict[Node, int] = {}
        onward = self._back_from(ends)
        total = self._count((self._start, -1), onward, ways, set(ends))
        listed = tuple(islice(self._walk((self._start, -1), onward, set(ends)), most))
        improving = all(step.improves for step in listed[0])
        return Route(target, True, improving, listed, total)

    def _back_from(self, ends: list[Node]) -> dict[Node, list[Node]]:
        """The steps that lie on some shortest sequence, forwards and in order."""
        onward: dict[Node, list[Node]] = {}
        waiting, seen = list(ends), set(ends)
        while waiting:
            node = waiting.pop()
            for earlier in self._before.get(node, ()):
                onward.setdefault(earlier, []).append(node)
                if earlier not in seen:
                    seen.add(earlier)
                    waiting.append(earlier)
        for steps in onward.values():
            steps.sort(key=lambda node: (node[1], node[0]))
        return onward

    def _count(
        self, begin: Node, onward: dict[Node, list[Node]], ways: dict[Node, int], ends: set[Node]
    ) -> int:
        """How many shortest sequences there are: from the far end backwards."""
        nodes = sorted({begin, *onward, *ends}, key=lambda node: -self._cost[node])
        for node in nodes:
            ways[node] = int(node in ends) + sum(ways[step] for step in onward.get(node, ()))
        return ways[begin]

    def _walk(
        self, begin: Node, onward: dict[Node, list[Node]], ends: set[Node]
    ) -> Iterator[tuple[Step, ...]]:
        """The shortest sequences, the first one first."""
        waiting: list[tuple[Node, tuple[Step, ...]]] = [(begin, ())]
        while waiting:
            node, steps = waiting.pop()
            if node in ends:
                yield steps
                continue
            for to, actor in reversed(onward.get(node, [])):
                row = self._payoffs[actor]
                step = Step(actor, node[0], to, row[to] > row[node[0]])
                waiting.append(((to, actor), (*steps, step)))
