"""A conflict as a model: who can do what, which states there are, and which moves lead from one to another.

Option form: a state is a set of taken options, and one move of an actor changes any of its own in permitted
directions.  Graph form: moves are listed.  Source: L. Fang, K.W. Hipel and D.M. Kilgour, "Interactive Decision Making:
The Graph Model for Conflict Resolution", Wiley 1993, chapters 2 and 3.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.formulas.logic import Expression
from accord.lenses.conflict.checks import check_parts, check_payoffs, check_words, kept, tidy
from accord.lenses.conflict.feasibility import (
    MOST_OPTIONS,
    BoolArray,
    IntArray,
    ModelError,
    Rule,
    Statement,
    check_names,
    expression,
    feasible_masks,
    taken_in,
)
from accord.problems import did_you_mean, listed

if TYPE_CHECKING:
    from accord.lenses.conflict.stability import Stability

FloatArray = NDArray[np.float64]
Pairs = Sequence[tuple[Hashable, Hashable]]

MOST_MOVES = 1 << 24
_SOME_STATES = 1 << 12


@dataclass(frozen=True, eq=False)
class Model:
    """A graph model without its preferences; made by :func:`model` or :func:`graph`.

    Parameters
    ----------
    actors, options : tuple of str
        Option k is bit k of a mask; none in a bare graph.
    owners : ndarray of int64, shape (options,), or None
        Index of the actor whose option it is; None without options.
    directions : tuple of {'both', 'forward', 'back'}
        Per option: changed at will, only taken, only given up.
    feasible : ndarray of int64, shape (states,)
        Masks, ascending; after coalescing the smallest of each state; in a bare graph the states' numbers from 0.
    arcs : tuple of ndarray of int64, shape (moves, 2), or None
        Per actor, pairs of state indices, sorted; None in option form.
    names : tuple of str
        Words for each state, empty where options say it all.
    members : tuple of ndarray of int64, or None
        After coalescing: the masks in each state, ascending.

    Raises
    ------
    ModelError
        When the parts do not fit together.
    """

    actors: tuple[str, ...]
    options: tuple[str, ...]
    owners: IntArray | None
    directions: tuple[str, ...]
    feasible: IntArray
    arcs: tuple[IntArray, ...] | None
    names: tuple[str, ...]
    members: tuple[IntArray, ...] | None = None

    def __post_init__(self) -> None:
        """Check the parts, sort arcs and keep arrays from being changed."""
        check_words("actor", self.actors)
        check_words("option", self.options)
        check_parts(self)
        object.__setattr__(self, "feasible", kept(self.feasible))
        if self.owners is not None:
            object.__setattr__(self, "owners", kept(self.owners))
        if self.arcs is not None:
            arcs = tuple(kept(tidy(np.asarray(pairs, np.int64), self.size)) for pairs in self.arcs)
            object.__setattr__(self, "arcs", arcs)
        if self.members is not None:
            object.__setattr__(self, "members", tuple(kept(masks) for masks in self.members))

    @property
    def size(self) -> int:
        """Number of states."""
        return int(self.feasible.size)

    @cached_property
    def _bits(self) -> dict[str, int]:
        """Bit of each option."""
        return {name: k for k, name in enumerate(self.options)}

    @cached_property
    def _every(self) -> tuple[IntArray, IntArray]:
        """Every mask, ascending, and the state it belongs to."""
        if self.members is None:
            return self.feasible, np.arange(self.size)
        masks = np.concatenate(self.members)
        state = np.repeat(np.arange(self.size), [len(inside) for inside in self.members])
        order = np.argsort(masks)
        return masks[order], state[order]

    def actor_index(self, actor: str | int) -> int:
        """Index of an actor, given by name or by index; ModelError when there is none."""
        if isinstance(actor, str):
            if actor in self.actors:
                return self.actors.index(actor)
            hint = did_you_mean(actor, self.actors)
            says = f"there is no actor '{actor}'; expected one of {listed(self.actors)}"
            raise ModelError(f"{says}; {hint}" if hint else says)
        if 0 <= actor < len(self.actors):
            return int(actor)
        raise ModelError(f"there is no actor {actor}; expected an index from 0 to {len(self.actors) - 1}")

    def own_mask(self, actor: str | int) -> int:
        """The mask of an actor's own options."""
        who = self.actor_index(actor)
        owners = () if self.owners is None else self.owners.tolist()
        return sum(1 << k for k, owner in enumerate(owners) if owner == who)

    def where(self, statement: Statement) -> BoolArray:
        """In which states a statement holds, shape (states,); of a coalesced state, when in each of its members.

        Raises
        ------
        ModelError
            For texts that are no statement, and names of options that there are not.
        """
        said = expression(statement)
        check_names(said.names, self.options, f"'{said}'")
        if self.members is None:
            return said.of(taken_in(self.feasible, self._bits, said.names))
        masks, state = self._every
        held = np.ones(self.size, np.bool_)
        held[state[~said.of(taken_in(masks, self._bits, said.names))]] = False
        return held

    def takes(self, option: str) -> BoolArray:
        """In which states an option is taken, shape (states,); of a coalesced state, when in each of its members."""
        return self.where(Expression("name", name=option))

    def taken_matrix(self) -> BoolArray:
        """Which options are taken in each state, shape (states, options)."""
        columns = [self.takes(name) for name in self.options]
        return np.array(columns, np.bool_).reshape(len(columns), self.size).T

    def taken(self, state: int) -> tuple[str, ...]:
        """The options taken in a state, given by its index; of a coalesced state, those taken in each of its members."""
        inside = self._inside(state)
        joint = int(np.bitwise_and.reduce(inside))
        return tuple(name for k, name in enumerate(self.options) if joint >> k & 1)

    def open(self, state: int) -> tuple[str, ...]:
        """The options that a coalesced state leaves open: taken in some of its members and not in others."""
        inside = self._inside(state)
        loose = int(np.bitwise_or.reduce(inside)) & ~int(np.bitwise_and.reduce(inside))
        return tuple(name for k, name in enumerate(self.options) if loose >> k & 1)

    def _inside(self, state: int) -> IntArray:
        """The masks in a state."""
        if not 0 <= state < self.size:
            raise ModelError(f"there is no state {state}; expected an index from 0 to {self.size - 1}")
        return self.feasible[state : state + 1] if self.members is None else self.members[state]

    def describe(self, state: int) -> str:
        """A state in words: its name, or what each actor does (``russia: stay, deal; iran: nothing``)."""
        taken, loose = self.taken(state), self.open(state)
        if self.names[state] or self.owners is None:
            return self.names[state] or f"state {state}"
        parts = []
        for who, actor in enumerate(self.actors):
            own = [name for k, name in enumerate(self.options) if self.owners[k] == who]
            if not own:
                continue
            said = [f"{n} either way" if n in loose else n for n in own if n in taken or n in loose]
            parts.append(f"{actor}: {', '.join(said) or 'nothing'}")
        return "; ".join(parts)

    def indices_of(self, masks: ArrayLike) -> IntArray:
        """Index of the state of each mask, shape of *masks*; -1 where there is none."""
        every, state = self._every
        wanted = np.asarray(masks, np.int64)
        at = np.minimum(np.searchsorted(every, wanted), every.size - 1)
        return np.where(every[at] == wanted, state[at], -1)

    def index_of(self, state: int | str | Collection[str]) -> int:
        """Index of a state.

        Parameters
        ----------
        state : int, str or collection of str
            Its mask, its name, or the options taken in it.

        Raises
        ------
        ModelError
            When there is no such state.
        """
        if isinstance(state, str):
            if state and state in self.names:
                return self.names.index(state)
            hint = did_you_mean(state, filter(None, self.names[:_SOME_STATES]))
            raise ModelError(f"there is no state '{state}'{'; ' + hint if hint else ''}")
        if isinstance(state, int | np.integer):
            mask, words = int(state), f"with the number {state}"
        else:
            check_names(state, self.options, "the state")
            mask = sum(1 << self._bits[name] for name in set(state))
            words = f"in which {' and '.join(sorted(state)) or 'nothing'} is taken"
        known = 0 <= mask < 1 << MOST_OPTIONS
        found = int(self.indices_of(mask)) if known else -1
        if found < 0:
            raise ModelError(f"there is no state {words}; expected one that the rules leave")
        return found

    def moves(self, actor: str | int, state: int) -> IntArray:
        """Indices of the states that an actor can move to from a state, ascending."""
        who = self.actor_index(actor)
        inside = self._inside(state)
        if self.arcs is not None:
            pairs = self.arcs[who]
            first, end = np.searchsorted(pairs[:, 0], (state, state + 1)).tolist()
            return kept(pairs[first:end, 1])
        here, own = inside[0], self.own_mask(who)
        near = np.flatnonzero((self.feasible & ~own) == (here & ~own))
        near = near[near != state]
        return np.asarray(near[self._permitted(np.full_like(near, here), self.feasible[near])])

    def arcs_of(self, actor: str | int) -> IntArray:
        """Every move of an actor, shape (moves, 2): pairs of state indices, sorted.

        Raises
        ------
        ModelError
            When there are too many to list (2^24).
        """
        who = self.actor_index(actor)
        if self.arcs is not None:
            return self.arcs[who]
        rest = self.feasible & ~self.own_mask(who)
        order = np.argsort(rest, kind="stable")
        _, group, count = np.unique(rest, return_inverse=True, return_counts=True)
        each = count[group]
        total = int(each.sum())
        if total > MOST_MOVES:
            raise ModelError(f"'{self.actors[who]}' has too many moves to list; at most {MOST_MOVES:,}")
        # Each state beside every state of its group, both ascending, so that the pairs come out sorted.
        shift = (np.cumsum(count) - count)[group] - (np.cumsum(each) - each)
        target = order[np.repeat(shift, each) + np.arange(total)]
        source = np.repeat(np.arange(self.size), each)
        keep = source != target
        if set(self.directions) != {"both"}:
            keep &= self._permitted(self.feasible[source], self.feasible[target])
        return np.stack([source[keep], target[keep]], axis=1)

    def _permitted(self, source: IntArray, target: IntArray) -> BoolArray:
        """Whether changes between masks keep to the directions of the options."""
        forward = sum(1 << k for k, way in enumerate(self.directions) if way == "forward")
        back = sum(1 << k for k, way in enumerate(self.directions) if way == "back")
        return np.asarray(((source & ~target & forward) | (target & ~source & back)) == 0)

    def payoffs(self, payoffs: ArrayLike | Mapping[str, ArrayLike]) -> FloatArray:
        """Payoffs of all actors as one array, shape (actors, states), checked.

        Parameters
        ----------
        payoffs : array_like, shape (actors, states), or mapping of actor to array_like, shape (states,)

        Raises
        ------
        ModelError
            When an actor is missing or unknown, a shape does not fit, or a payoff is NaN.
        """
        return check_payoffs(payoffs, self.actors, self.size)

    def stability(
        self,
        payoffs: ArrayLike | Mapping[str, ArrayLike],
        concepts: Sequence[str] = ("R", "GMR", "SMR", "SEQ"),
    ) -> Stability:
        """Which states are stable for whom, and which are equilibria; see :func:`accord.lenses.conflict.stability`.

        Parameters
        ----------
        payoffs : array_like, shape (actors, states), or mapping of actor to array_like, shape (states,)
            Larger is better.
        concepts : sequence of {'R', 'GMR', 'SMR', 'SEQ', 'SIM'}
            SIM asks what changes of options combine to: not for bare graphs, nor for coalesced models.
        """
        from accord.lenses.conflict.stability import stability

        plain = self.members is None and self.owners is not None
        return stability(
            self.payoffs(payoffs),
            self.owners if plain else None,
            feasible=self.feasible if plain else None,
            directions=self.directions if plain else None,
            arcs=None if self.arcs is None else list(self.arcs),
            concepts=tuple(concepts),
        )


def model(
    actors_options: Mapping[str, Sequence[str]],
    *,
    rules: Iterable[Rule] = (),
    directions: Mapping[str, str] | None = None,
    order: Sequence[str] | None = None,
) -> Model:
    """A model in option form.

    Parameters
    ----------
    actors_options : mapping of str to sequence of str
        The options of each actor.
    rules : iterable of Rule
        Which outcomes cannot occur.
    directions : mapping of str to {'both', 'forward', 'back'}
        Of options that are not changed at will.
    order : sequence of str, optional
        Every option once, the first being bit 0; by default actor by actor, as listed.

    Returns
    -------
    Model

    Raises
    ------
    ModelError
        For an actor without options, names that are unknown or stand twice, more than 62 options or 2^24 states, and
        rules that leave no outcome.
    """
    for actor, own in actors_options.items():
        if isinstance(own, str):
            raise ModelError(f"the options of '{actor}' are the text '{own}'; expected a list of names")
        if not own:
            raise ModelError(f"'{actor}' has no options; give it one, or leave it out")
    owned = [(name, who) for who, own in enumerate(actors_options.values()) for name in own]
    _check_owned(owned, tuple(actors_options))
    owner = dict(owned)
    options = tuple(owner) if order is None else tuple(order)
    if sorted(options) != sorted(owner):
        raise ModelError("the order must name every option once")
    ways = directions or {}
    check_names(ways, options, "directions")
    feasible = feasible_masks(options, tuple(rules))
    return Model(
        actors=tuple(actors_options),
        options=options,
        owners=np.array([owner[name] for name in options], np.int64),
        directions=tuple(ways.get(name, "both") for name in options),
        feasible=feasible,
        arcs=None,
        names=("",) * feasible.size,
    )


def _check_owned(owned: Sequence[tuple[str, int]], actors: Sequence[str]) -> None:
    """Refuse options that stand twice."""
    seen: dict[str, int] = {}
    for name, who in owned:
        if name in seen and seen[name] != who:
            raise ModelError(
                f"option '{name}' belongs to both '{actors[seen[name]]}' and '{actors[who]}'; expected one owner"
            )
        if name in seen:
            raise ModelError(f"option '{name}' of '{actors[who]}' is listed twice")
        seen[name] = who


def graph(
    actors: Sequence[str], states: Sequence[Hashable] | int, arcs: Mapping[str, Pairs] | Sequence[Pairs]
) -> Model:
    """A model in graph form, without options.

    Parameters
    ----------
    actors : sequence of str
    states : sequence of hashable, or int
        Labels of the states, or how many (labelled from 0).
    arcs : mapping of actor to pairs, or one sequence of pairs per actor
        The moves of each actor, from and to, as labels.

    Returns
    -------
    Model
        Its states are named by the labels, in the order given.

    Raises
    ------
    ModelError
        For no states, labels that are unknown or stand twice, and actors that are unknown.
    """
    labels: list[Hashable] = list(range(states)) if isinstance(states, int) else list(states)
    at = {label: index for index, label in enumerate(labels)}
    if isinstance(arcs, Mapping):
        for name in arcs:
            if name not in actors:
                raise ModelError(f"there is no actor '{name}'; expected one of {listed(actors)}")
        arcs = [arcs.get(actor, ()) for actor in actors]
    if len({str(label) for label in labels}) < len(labels):
        raise ModelError("two states have the same name")
    unknown = {str(end) for pairs in arcs for pair in pairs for end in pair if end not in at}
    if unknown:
        raise ModelError(f"moves lead from or to states that there are not: {listed(sorted(unknown))}")
    return Model(
        actors=tuple(actors),
        options=(),
        owners=None,
        directions=(),
        feasible=np.arange(len(labels), dtype=np.int64),
        arcs=tuple(np.array([(at[a], at[b]) for a, b in pairs], np.int64).reshape(-1, 2) for pairs in arcs),
        names=tuple(str(label) for label in labels),
    )


def coalesced(model: Model, expressions: Iterable[Statement]) -> Model:
    """The same model with outcomes that count as one made one state, in graph form.

    An actor moves between two states when it moves between a member of the one and a member of the other.

    Parameters
    ----------
    model : Model
        With options.
    expressions : iterable of str or Expression
        For each: all outcomes in which it holds are one; overlapping ones flow together.

    Raises
    ------
    ModelError
        For a bare graph, names of options that there are not, and moves too many to list.
    """
    label = np.arange(model.size)
    for said in expressions:
        joint = np.zeros(model.size, np.bool_)
        joint[label[model.where(said)]] = True
        label[joint[label]] = np.argmax(joint)
    first, state = np.unique(label, return_inverse=True)
    pairs = (model.arcs_of(who) for who in range(len(model.actors)))
    every, inside = model._every
    grouped = kept(every[np.argsort(state[inside], kind="stable")])
    ends = np.cumsum(np.bincount(state[inside], minlength=first.size)).tolist()
    members = tuple(grouped[a:b] for a, b in pairwise([0, *ends]))
    whole = np.bincount(state, minlength=first.size) == 1
    return replace(
        model,
        feasible=grouped[np.array([0, *ends[:-1]])],
        arcs=tuple(state[each] for each in pairs),
        names=tuple(model.names[k] if alone else "" for k, alone in zip(first, whole, strict=True)),
        members=members,
    )


def without_moves(
    model: Model, actor: str | int, leaving: Statement | None = None, reaching: Statement | None = None
) -> Model:
    """The same model, in graph form, without those moves of an actor that leave and reach certain states.

    Parameters
    ----------
    model : Model
    actor : str or int
    leaving, reaching : str or Expression, optional
        What holds before and after the moves that there are not; None for whatever.

    Returns
    -------
    Model
        The same one when there are no such moves anyway.
    """
    who = model.actor_index(actor)
    own = model.arcs_of(who)
    gone = np.ones(len(own), np.bool_)
    for column, said in enumerate((leaving, reaching)):
        if said is not None:
            gone &= model.where(said)[own[:, column]]
    if not gone.any():
        return model
    arcs = [own[~gone] if k == who else model.arcs_of(k) for k in range(len(model.actors))]
    return replace(model, arcs=tuple(arcs))
