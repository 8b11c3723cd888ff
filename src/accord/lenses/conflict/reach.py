"""Explicit moves of a graph model of up to some thousands of states, and where sequences of moves lead.

Sets of states are whole numbers whose bit s stands for state s: unions and intersections of thousands of states are one
operation.  The concepts that look at single moves (coalitions, strength, unknown preference, inverse, evolution) stand
on this; the solver for large models works without lists of moves.

A joint move of several actors is a sequence of one or more of their moves in which no actor moves twice in a row (Fang,
Hipel & Kilgour 1993).  A sequence that comes back to where it began counts as no move.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Own = Sequence[Sequence[Sequence[int]]]

# Above this, lists of moves take minutes and gigabytes in plain Python.
MOST_STATES = 4096
DIRECTIONS = ("both", "forward", "back")


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Who can move where.

    Parameters
    ----------
    actors, states : int
    own : tuple of tuple of tuple of int
        ``own[i][s]``: the states that actor i reaches from s in one move, ascending.
    composed : bool
        Whether two moves of one actor are always one move of it as well (option form).
    masks : tuple of int or None
        Options taken in each state, bit by bit; None when the states have no options.
    """

    actors: int
    states: int
    own: tuple[tuple[tuple[int, ...], ...], ...]
    composed: bool
    masks: tuple[int, ...] | None


def checked(payoffs: ArrayLike) -> FloatArray:
    """Payoffs as an array of shape (actors, states).

    Raises
    ------
    ValueError
        When the shape is another, or a number is missing or infinite.
    """
    table = np.asarray(payoffs, dtype=np.float64)
    if table.ndim != 2 or 0 in table.shape:
        raise ValueError(f"payoffs must have the shape (actors, states), not {table.shape}")
    if not np.isfinite(table).all():
        raise ValueError("payoffs must be finite numbers, one for each actor and state")
    return table


def moves_of(
    actors: int,
    states: int,
    owners: ArrayLike | None = None,
    feasible: ArrayLike | None = None,
    directions: Sequence[str] | None = None,
    arcs: Sequence[ArrayLike] | None = None,
) -> Moves:
    """List the moves of every actor.

    Parameters
    ----------
    actors, states : int
    owners : array_like of int, shape (options,), optional
        The actor that owns each option (bit k of a state); may be left out when *arcs* are given.
    feasible : array_like of int, shape (states,), optional
        Masks of the feasible states, ascending; all when left out.
    directions : sequence of str, shape (options,), optional
        ``both``, ``forward`` (once taken stays taken) or ``back`` (once dropped stays dropped).
    arcs : sequence of array_like, shape (moves, 2), optional
        For each actor its moves as pairs of state indices; these replace the moves by options.

    Returns
    -------
    Moves

    Raises
    ------
    ValueError
        When numbers do not fit each other, or there are more than 4096 states.
    """
    if states > MOST_STATES:
        raise ValueError(
            f"this question lists every move and takes models of up to {MOST_STATES} states, but there are {states};"
            " join states that count as one, or rule more of them out"
        )
    bare = owners is None or (arcs is not None and feasible is None)
    masks = None if owners is None or bare else _masks(states, owners, feasible)
    if arcs is not None:
        return Moves(actors, states, _arc_moves(actors, states, arcs), False, masks)
    if owners is None or masks is None:
        raise ValueError(
            "either owners (one actor for each option) or arcs (moves of each actor) must be given"
        )
    owned = [int(owner) for owner in np.asarray(owners).ravel()]
    if any(not 0 <= owner < actors for owner in owned):
        raise ValueError(f"owners must be numbers of actors, 0 to {actors - 1}")
    ways = ["both"] * len(owned) if directions is None else [str(way) for way in directions]
    if len(ways) != len(owned) or any(way not in DIRECTIONS for way in ways):
        raise ValueError(f"directions must say both, forward or back for each of the {len(owned)} options")
    own = tuple(_option_moves(masks, [k for k, o in enumerate(owned) if o == i], ways) for i in range(actors))
    return Moves(actors, states, own, True, masks)


def _masks(states: int, owners: ArrayLike, feasible: ArrayLike | None) -> tuple[int, ...]:
    """The options taken in each state."""
    options = np.asarray(owners).size
    if feasible is None:
        if options > 12 or 2**options != states:
            raise ValueError(
                f"{options} options make {2**options} states, but payoffs has {states}; name the feasible ones"
            )
        return tuple(range(states))
    masks = tuple(int(mask) for mask in np.asarray(feasible).ravel())
    if len(masks) != states:
        raise ValueError(f"feasible names {len(masks)} states, but payoffs has {states}")
    if any(a >= b for a, b in pairwise(masks)) or masks[0] < 0 or masks[-1] >> options:
        raise ValueError(f"feasible must be ascending masks of {options} options, each once")
    return masks


def _option_moves(
    masks: Sequence[int], mine: Sequence[int], directions: Sequence[str]
) -> tuple[tuple[int, ...], ...]:
    """The moves of the actor that owns the options *mine*."""
    whole = sum(1 << k for k in mine)
    forward = sum(1 << k for k in mine if directions[k] == "forward")
    back = sum(1 << k for k in mine if directions[k] == "back")
    groups: dict[int, list[int]] = {}
    for state, mask in enumerate(masks):
        groups.setdefault(mask & ~whole, []).append(state)
    own: list[tuple[int, ...]] = []
    for state, mask in enumerate(masks):
        fixed, barred = mask & forward, back & ~mask
        group = groups[mask & ~whole]
        own.append(
            tuple(t for t in group if t != state and not (fixed & ~masks[t]) and not (barred & masks[t]))
        )
    return tuple(own)


def _arc_moves(
    actors: int, states: int, arcs: Sequence[ArrayLike]
) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Moves from pairs of state indices; a pair that leads nowhere is no move."""
    if len(arcs) != actors:
        raise ValueError(
            f"arcs must hold the moves of each of the {actors} actors, but holds {len(arcs)} lists"
        )
    own: list[tuple[tuple[int, ...], ...]] = []
    for given in arcs:
        pairs = np.asarray(given, dtype=np.int64).reshape(-1, 2)
        if pairs.size and (pairs.min() < 0 or pairs.max() >= states):
            raise ValueError(f"arcs must be pairs of state indices from 0 to {states - 1}")
        ends: list[set[int]] = [set() for _ in range(states)]
        for start, end in pairs.tolist():
            if start != end:
                ends[start].add(end)
        own.append(tuple(tuple(sorted(group)) for group in ends))
    return tuple(own)


def improvements(moves: Moves, payoffs: FloatArray) -> Own:
    """The moves of each actor that strictly gain it something, in the layout of ``Moves.own``."""
    tables = [row.tolist() for row in payoffs]
    return tuple(
        tuple(tuple(t for t in ends if table[t] > table[s]) for s, ends in enumerate(lists))
        for table, lists in zip(tables, moves.own, strict=True)
    )


def joint(states: int, own: Own, who: Iterable[int], *, composed: bool) -> list[int]:
    """The states that joint moves of some actors reach from each state.

    Parameters
    ----------
    states : int
    own : sequence, as ``Moves.own``
        The moves that count.
    who : iterable of int
        The actors that move.
    composed : bool
        Whether two moves of one actor are always one move of it: then the order of movers does not matter.

    Returns
    -------
    list of int, shape (states,)
        Sets of states as bits, never with the state itself.
    """
    movers = list(who)
    flags = [1 << s for s in range(states)]
    if composed:
        ends = [list({t for i in movers for t in own[i][s]}) for s in range(states)]
        found = closure(ends, flags)
    else:
        found = _by_last_mover(states, own, movers, flags)
    return [bits & ~flags[s] for s, bits in enumerate(found)]


def _by_last_mover(states: int, own: Own, movers: list[int], flags: list[int]) -> list[int]:
    """Reach over pairs of a state and who moved last; place 0 of each state is the start, where nobody has."""
    width = len(movers) + 1
    successors = [
        [t * width + k + 1 for k, i in enumerate(movers) if k + 1 != last for t in own[i][s]]
        for s in range(states)
        for last in range(width)
    ]
    found = closure(successors, [flags[node // width] for node in range(states * width)])
    return found[::width]


def closure(successors: Sequence[Sequence[int]], flags: Sequence[int]) -> list[int]:
    """Union of the flags of all nodes that each node reaches in one or more steps.

    Strong components in reverse topological order (Tarjan 1972), so that every edge is looked at once.

    Parameters
    ----------
    successors : sequence of sequence of int
    flags : sequence of int
        Bits of each node.
    """
    count = len(successors)
    order, low, reached = [-1] * count, [0] * count, [0] * count
    waiting: list[int] = []
    clock = 0
    for root in range(count):
        if order[root] >= 0:
            continue
        path: list[tuple[int, Iterator[int]]] = [(root, iter(successors[root]))]
        order[root] = low[root] = clock
        clock += 1
        waiting.append(root)
        while path:
            node, ahead = path[-1]
            for step in ahead:
                if order[step] < 0:
                    order[step] = low[step] = clock
                    clock += 1
                    waiting.append(step)
                    path.append((step, iter(successors[step])))
                    break
                low[node] = min(low[node], low[step])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == order[node]:
                    _close(node, waiting, successors, flags, reached, low)
    return reached


def _close(
    head: int,
    waiting: list[int],
    successors: Sequence[Sequence[int]],
    flags: Sequence[int],
    reached: list[int],
    low: list[int],
) -> None:
    """Take a finished strong component off the stack; all that its members reach is the same."""
    members = waiting[waiting.index(head) if waiting[-1] != head else -1 :]
    del waiting[-len(members) :]
    total = 0
    for node in members:
        for step in successors[node]:
            total |= flags[step] | reached[step]
    for node in members:
        reached[node] = total
        low[node] = len(successors) + 1  # finished: never again the lowest of anything


def bits_of(flags: BoolArray) -> int:
    """A set of states as bits, from one truth value for each state."""
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def members(bits: int) -> Iterator[int]:
    """The states of a set, ascending."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def everyone(table: BoolArray) -> BoolArray:
    """What holds for every actor, shape (states,)."""
    return np.asarray(table.all(axis=0))


def better(row: FloatArray) -> list[int]:
    """For each state the set of states that an actor with these payoffs strictly prefers to it."""
    return [bits_of(row > value) for value in row]


def checked_concepts(concepts: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The concepts asked for, each once.

    Raises
    ------
    ValueError
        When one is not among those that this question knows.
    """
    asked: tuple[Any, ...] = (concepts,) if isinstance(concepts, str) else tuple(concepts)
    strange = [str(name) for name in asked if name not in known]
    if strange:
        raise ValueError(f"concepts must be among {', '.join(known)}, not {', '.join(strange)}")
    return tuple(dict.fromkeys(asked))


def state_index(state: int, states: int, what: str = "state") -> int:
    """A state index that exists.

    Raises
    ------
    ValueError
    """
    if not 0 <= int(state) < states:
        raise ValueError(f"{what} must be a state index from 0 to {states - 1}, not {state}")
    return int(state)
