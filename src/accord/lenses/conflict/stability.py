"""Which outcomes are stable, and for whom: the graph model's concepts on arrays.

An equal outcome counts as a sanction; in option form the moves of one actor compose; joint moves of the others are
sequences of any length in which nobody moves twice in a row.  Sources: L. Fang, K. W. Hipel and D. M. Kilgour,
"Interactive Decision Making: The Graph Model for Conflict Resolution", New York 1993 (R, GMR, SMR, SEQ); N. M. Fraser
and K. W. Hipel, "Conflict Analysis: Models and Resolutions", New York 1984 (SIM).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.lenses.conflict.kernels.plans import arc_plan, option_plan
from accord.lenses.conflict.kernels.solver import Solver

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

CONCEPTS: tuple[str, ...] = ("R", "GMR", "SMR", "SEQ", "SIM")
DIRECTIONS: tuple[str, ...] = ("both", "forward", "back")
MOST_OPTIONS = 62


@dataclass(frozen=True, eq=False)
class Stability:
    """Which states are stable, concept by concept.

    Parameters
    ----------
    stable : dict of str to ndarray, shape (actors, states)
        Whether each actor would stay.
    equilibria : dict of str to ndarray, shape (states,)
        Whether every actor would stay.
    margins : dict of str to ndarray, shape (actors, states)
        In the unit of the payoffs: what an actor has beyond the best that a move of its own would secure it against the
        sanctions of this concept; stable where it is 0 or more, infinite where it has no move.  SIM has no margin.
    """

    stable: dict[str, BoolArray]
    equilibria: dict[str, BoolArray]
    margins: dict[str, FloatArray]


def stability(
    payoffs: ArrayLike,
    owners: ArrayLike | None,
    feasible: ArrayLike | None = None,
    directions: Sequence[str] | None = None,
    arcs: Sequence[ArrayLike] | None = None,
    concepts: Sequence[str] = ("R", "GMR", "SMR", "SEQ"),
) -> Stability:
    """Stability of every state for every actor.

    A state *s* is stable for *i* if each move of *i* to a better state *t* is sanctioned: never (R), by some state no
    better than *s* that the others can reach from *t* by joint moves (GMR), from which *i* has no reply to a better one
    (SMR), by joint moves that are improvements for their movers (SEQ), or by a combination of improvements that others
    make from *s* at the same moment (SIM: the outcome is feasible and no better than *s*).

    R, GMR, SMR and SEQ cost one pass over the moves for each actor: proportional to states x movers, times the number
    of movers, and to an actor's irreversible options if it has any (in SEQ, and where few of very many combinations are
    feasible, up to the square of the irreversible positions that one actor can hold while the others stay).

    SIM stops at the first combination that foils and
    rules others out by bounds (the worst outcome with the same options of the mover; sums of single effects, where the
    payoffs are nearly additive).  At its worst, with payoffs that are neither and foils that are rare, it tries for each
    state and improvement all combinations: the product of (1 + improvements of j) over the others j.

    Parameters
    ----------
    payoffs : array_like, shape (actors, states)
        Larger is better, equal is indifferent; any unit, finite.
    owners : array_like of int, shape (options,), or None
        Actor that owns each option; option k is bit k of a state.  None only with *arcs*.
    feasible : array_like of int, shape (states,), optional
        The feasible states as masks, ascending, in the order of the columns; all of them if left out.
    directions : sequence of str, optional
        ``both``, ``forward`` (once taken stays taken) or ``back`` for each option; all ``both`` if left out.  With *arcs*
        they say nothing.
    arcs : sequence, one per actor, of array_like of int, shape (moves, 2), optional
        Moves as pairs (from, to) of state indices, in place of those that options allow.  Repeated pairs count once.
        Arcs do not compose: only what is listed is a move.
    concepts : sequence of str
        Any of R, GMR, SMR, SEQ, SIM.

    Returns
    -------
    Stability

    Raises
    ------
    ValueError
        When shapes do not fit, a payoff is not finite, an owner or an arc lies outside, *feasible* does not ascend, a
        direction or concept is unknown, or SIM is asked for without options.
    """
    # Kernels are compiled for arrays that can be written to.
    value = np.require(numbers(payoffs), np.float64, ["C", "W"])
    if value.ndim != 2:
        raise ValueError(f"payoffs must have the shape (actors, states), not {value.shape}")
    check_finite(value)
    named = check_concepts(concepts)
    solver = solver_of(value.shape[0], value.shape[1], owners, feasible, directions, arcs, named)
    margins, together = solver.one(value)
    margin = {name: margins[CONCEPTS.index(name)] for name in named if name != "SIM"}
    stable: dict[str, BoolArray] = {name: np.asarray(rows >= 0) for name, rows in margin.items()}
    if "SIM" in named:
        stable["SIM"] = together
    everybody: dict[str, BoolArray] = {name: np.asarray(rows.all(axis=0)) for name, rows in stable.items()}
    return Stability(stable, everybody, margin)


def solver_of(
    actors: int,
    states: int,
    owners: ArrayLike | None,
    feasible: ArrayLike | None,
    directions: Sequence[str] | None,
    arcs: Sequence[ArrayLike] | None,
    concepts: Sequence[str],
) -> Solver:
    """A solver for moves given as to :func:`stability`, after checking them.

    Raises
    ------
    ValueError
        See :func:`stability`.
    """
    if actors == 0 or states == 0:
        raise ValueError("payoffs must hold at least one actor and one state")
    wanted = [name in concepts for name in CONCEPTS]
    if owners is None:
        if arcs is None:
            raise ValueError("without arcs, owners must say which actor each option belongs to")
        if "SIM" in concepts:
            raise ValueError("SIM combines options: with arcs it needs owners and feasible as well")
        return Solver(arc_plan(_arcs(arcs, actors, states), states), actors, states, wanted, None, None)
    owner = _owners(owners, actors)
    way = _directions(directions, len(owner))
    masks = _feasible(feasible, states, len(owner))
    if arcs is not None:
        return Solver(arc_plan(_arcs(arcs, actors, states), states), actors, states, wanted, masks, owner)
    return Solver(option_plan(masks, owner, way, actors), actors, states, wanted, masks, owner)


def check_concepts(concepts: Sequence[str]) -> tuple[str, ...]:
    """The concepts asked for, each once.

    Raises
    ------
    ValueError
        When one is unknown.
    """
    given = (concepts,) if isinstance(concepts, str) else tuple(concepts)
    for name in given:
        if name not in CONCEPTS:
            raise ValueError(f"there is no concept {name!r}; expected some of {', '.join(CONCEPTS)}")
    return tuple(dict.fromkeys(given))


def numbers(payoffs: ArrayLike) -> FloatArray:
    """Payoffs as an array of real numbers.

    Raises
    ------
    ValueError
        When rows differ in length, or something in them is no real number.
    """
    try:
        given = np.asarray(payoffs)
    except ValueError:
        raise ValueError("payoffs must hold one row for each actor, all of one length") from None
    if given.dtype.kind not in "biuf":
        raise ValueError(f"payoffs must hold real numbers, not {given.dtype}")
    return given.astype(np.float64)


def check_finite(payoffs: FloatArray, before: int = 0) -> None:
    """Refuse payoffs that cannot be ordered; the first row is number *before*.

    Raises
    ------
    ValueError
        When one is missing or infinite.
    """
    if not np.isfinite(payoffs).all():
        at = tuple(int(k) for k in np.argwhere(~np.isfinite(payoffs))[0])
        where = (at[0] + before, *at[1:])
        raise ValueError(
            f"payoffs must be finite numbers, but payoffs[{', '.join(map(str, where))}] is {payoffs[at]}"
        )


def _whole(name: str, values: ArrayLike) -> IntArray:
    """Whole numbers as an array."""
    given = np.asarray(values)
    if given.size == 0:
        return np.zeros(given.shape, np.int64)
    if not (np.issubdtype(given.dtype, np.integer) and np.can_cast(given.dtype, np.int64)):
        raise ValueError(f"{name} must hold whole numbers, not {given.dtype}")
    return given.astype(np.int64)


def _owners(owners: ArrayLike, actors: int) -> IntArray:
    """Owner of each option."""
    owner = _whole("owners", owners)
    if owner.ndim != 1:
        raise ValueError(f"owners must have the shape (options,), not {owner.shape}")
    if len(owner) > MOST_OPTIONS:
        raise ValueError(f"{len(owner)} options are too many; at most {MOST_OPTIONS} are possible")
    outside = np.flatnonzero((owner < 0) | (owner >= actors))
    if len(outside):
        k = outside[0]
        raise ValueError(f"owners[{k}] is {owner[k]}, but actors are numbered from 0 to {actors - 1}")
    return owner


def _directions(directions: Sequence[str] | None, options: int) -> tuple[str, ...]:
    """Direction of each option."""
    if directions is None:
        return ("both",) * options
    given = (directions,) if isinstance(directions, str) else tuple(directions)
    if len(given) != options:
        raise ValueError(f"directions has {len(given)} entries for {options} options")
    for k, way in enumerate(given):
        if way not in DIRECTIONS:
            raise ValueError(
                f"directions[{k}] is {way!r}; expected {', '.join(DIRECTIONS[:-1])} or {DIRECTIONS[-1]}"
            )
    return given


def _feasible(feasible: ArrayLike | None, states: int, options: int) -> IntArray:
    """Masks of the states."""
    if feasible is None:
        if states != 1 << options:
            raise ValueError(
                f"payoffs has {states} states, but {options} options make {1 << options}; feasible must say which of them exist"
            )
        return np.arange(states, dtype=np.int64)
    masks = _whole("feasible", feasible)
    if masks.shape != (states,):
        raise ValueError(f"feasible of shape {masks.shape} does not fit payoffs of {states} states")
    if masks.min() < 0 or masks.max() >> options:
        raise ValueError(f"feasible must hold masks of {options} options, from 0 to {(1 << options) - 1}")
    falls = np.flatnonzero(np.diff(masks) <= 0)
    if len(falls):
        k = int(falls[0]) + 1
        raise ValueError(f"feasible must ascend, but feasible[{k}] = {masks[k]} follows {masks[k - 1]}")
    return masks


def _arcs(arcs: Sequence[ArrayLike], actors: int, states: int) -> list[IntArray]:
    """Distinct moves of each actor."""
    if len(arcs) != actors:
        raise ValueError(f"arcs must hold one list per actor: {actors}, not {len(arcs)}")
    found = []
    for i, given in enumerate(arcs):
        pairs = _whole(f"arcs[{i}]", given)
        if pairs.size == 0:
            pairs = np.zeros((0, 2), np.int64)
        if pairs.ndim != 2 or pairs.shape[1] != 2:
            raise ValueError(f"arcs[{i}] must have the shape (moves, 2), not {pairs.shape}")
        for a, b in pairs[((pairs < 0) | (pairs >= states)).any(axis=1)][:1]:
            raise ValueError(
                f"arcs[{i}] has a move from {a} to {b}, but states are numbered from 0 to {states - 1}"
            )
        for a, _ in pairs[pairs[:, 0] == pairs[:, 1]][:1]:
            raise ValueError(f"arcs[{i}] has a move from state {a} to itself")
        found.append(np.unique(pairs, axis=0))
    return found
