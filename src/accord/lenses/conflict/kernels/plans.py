"""Plans of moves, made once for all worlds: states sorted into cells, arcs by state, tables for combinations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.lenses.conflict.kernels.arcs import Arcs, ArcWork
from accord.lenses.conflict.kernels.moves import I32, I64, LATTICE, PAIRS, REVERSIBLE, Plan, number
from accord.lenses.conflict.kernels.search import Work
from accord.lenses.conflict.kernels.simultaneous import Together

# A table with a place for every combination of options takes 16 MB at most, or not much more than one for the states.
_DIRECT_BITS = 22
# States from which the additive part of a mover's payoffs is estimated.
_SAMPLE = 2048
# Cells per state beyond which empty ones are not worth their memory.
_SPARSEST = 16
# Options times states up to which it is kept which states take which option.
_ROOM = 1 << 20


def bits_of(owners: I64, directions: Sequence[str], actor: int) -> tuple[int, int, int]:
    """Masks of an actor's options: all of them, the irreversible ones, those that can only be given up."""
    own = [k for k in range(len(owners)) if owners[k] == actor]
    return (
        sum(1 << k for k in own),
        sum(1 << k for k in own if directions[k] != "both"),
        sum(1 << k for k in own if directions[k] == "back"),
    )


def empty_table(options: int, states: int) -> tuple[I32, bool, int]:
    """A table for masks of so many options, whether it has a place for each, and how far hashes are shifted."""
    if options <= _DIRECT_BITS or 1 << options <= 4 * states:
        return np.full(1 << options, -1, np.int32), True, 0
    size = int(states).bit_length() + 1
    return np.full(1 << size, -1, np.int32), False, 64 - size


def numbered(keys: I64, options: int) -> tuple[I32, int]:
    """Equal keys numbered alike, and how many different ones there are."""
    ids = np.empty(len(keys), np.int32)
    table, direct, shift = empty_table(options, len(keys))
    return ids, int(number(keys, table, direct, shift, ids))


def option_plan(masks: I64, owners: I64, directions: Sequence[str], actors: int) -> Plan:
    """Cells of every mover.

    Parameters
    ----------
    masks : ndarray, shape (states,)
        Feasible combinations, ascending.
    owners, directions : sequence, one per option
    actors : int
    """
    movers = [i for i in range(actors) if np.any(owners == i)]
    columns = np.empty((len(movers), len(masks)), np.int32)
    kinds, bits, base = [], [], [0]
    keys, left, right, sizes = [], [], [], []
    for j, actor in enumerate(movers):
        own, fixed, back = bits_of(owners, directions, actor)
        group, groups = numbered(masks & ~np.int64(own), len(owners))
        steps = _gathered_bits((masks ^ back) & fixed, fixed)
        kind, cell, key, first, last = _cells_of(group, groups, steps, fixed.bit_count())
        columns[j] = cell + base[-1]
        keys.append(key)
        left.append(first + base[-1])
        right.append(last + base[-1])
        sizes.append(np.bincount(cell, minlength=len(key)))
        kinds.append(kind)
        bits.append(fixed.bit_count())
        base.append(base[-1] + len(key))
    return Plan(
        np.array(movers, np.int32),
        np.array(kinds, np.int32),
        np.array(bits, np.int32),
        np.ascontiguousarray(columns.T),
        columns,
        np.array(base, np.int64),
        _starts(np.concatenate([np.zeros(0, np.int64), *sizes])),
        np.concatenate([np.zeros(0, np.int64), *keys]),
        np.concatenate([np.zeros(0, np.int64), *left]).astype(np.int32),
        np.concatenate([np.zeros(0, np.int64), *right]).astype(np.int32),
    )


def _gathered_bits(masks: I64, wanted: int) -> I64:
    """The wanted bits moved together to the low end."""
    out = np.zeros_like(masks)
    for place, k in enumerate(k for k in range(63) if wanted >> k & 1):
        out |= (masks >> k & 1) << place
    return out


def _cells_of(group: I32, groups: int, steps: I64, bits: int) -> tuple[int, I64, I64, I64, I64]:
    """Kind, cell of each state, and of each cell the steps taken and the bounds of its group."""
    if bits == 0:
        every = np.arange(groups, dtype=np.int64)
        return REVERSIBLE, group.astype(np.int64), np.zeros(groups, np.int64), every, every + 1
    distinct, rank = np.unique(steps, return_inverse=True)
    present, cell = np.unique(group * np.int64(len(distinct)) + rank, return_inverse=True)
    of_group = present // len(distinct)
    ends = _starts(np.bincount(of_group, minlength=groups))
    pairs = float((np.diff(ends).astype(np.float64) ** 2).sum())
    lattice = groups << bits
    if lattice <= _SPARSEST * len(group) and lattice * bits <= max(pairs, 4.0 * len(group)):
        whole = np.arange(lattice, dtype=np.int64)
        first = whole >> bits << bits
        return LATTICE, group.astype(np.int64) << bits | steps, whole - first, first, first + (1 << bits)
    return PAIRS, cell, distinct[present % len(distinct)], ends[of_group], ends[of_group + 1]


def _starts(sizes: Any) -> I64:
    """Where each of a row of stretches begins, and where the last ends."""
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def arc_plan(arcs: Sequence[I64], states: int) -> Arcs:
    """Arcs of every mover by state, forwards and backwards; *arcs* holds distinct pairs per actor, shape (moves, 2)."""
    movers = [i for i, pairs in enumerate(arcs) if len(pairs)]
    starts: list[list[I64]] = [[], []]
    ends: list[list[I32]] = [[], []]
    before = 0
    for i in movers:
        for way in (0, 1):
            here, there = arcs[i][:, way], arcs[i][:, 1 - way]
            starts[way].append(before + _starts(np.bincount(here, minlength=states)))
            ends[way].append(there[np.argsort(here, kind="stable")].astype(np.int32))
        before += len(arcs[i])
    shape = (len(movers), states + 1)
    out_start, in_start = (np.array(s, np.int64).reshape(shape) for s in starts)
    out_to, in_from = (np.concatenate([np.zeros(0, np.int32), *e]) for e in ends)
    return Arcs(np.array(movers, np.int32), out_start, out_to, in_start, in_from)


def work_of(plan: Plan, states: int) -> Work:
    """Space for one world in option form."""
    movers, cells = len(plan.actor), len(plan.key)
    widest = int((plan.right - plan.left).max(initial=1))
    return Work(
        rank=np.empty((movers, states), np.int32),
        rows=np.empty((states, movers), np.int32),
        values=np.empty((movers, states)),
        members=np.empty(movers * states, np.int32),
        member_rank=np.empty(movers * states, np.int32),
        fill=np.empty(cells, np.int64),
        first=np.empty(cells, np.int32),
        second=np.empty(cells, np.int32),
        up=np.empty(cells, np.int32),
        label=np.empty(states, np.int32),
        worth=np.empty(states, np.int32),
        theta=np.empty(states, np.int32),
        sorted=np.empty(states, np.int32),
        stack=np.empty(states, np.int32),
        queue=np.empty(widest, np.int32),
    )


def arc_work_of(arcs: Arcs, states: int) -> ArcWork:
    """Space for one world in graph form."""
    movers = len(arcs.actor)
    return ArcWork(
        rank=np.empty((movers, states), np.int32),
        values=np.empty((movers, states)),
        label=np.empty(states, np.int32),
        worth=np.empty(states, np.int32),
        theta=np.empty(states, np.int32),
        sorted=np.empty(states, np.int32),
        reached_by=np.empty(states, np.int32),
        stack=np.empty(movers * states, np.int64),
    )


def together_of(moves: Plan | Arcs, masks: I64, owners: I64) -> Together:
    """Tables and space for combinations of improvements."""
    movers, states = len(moves.actor), len(masks)
    table, direct, shift = empty_table(len(owners), states)
    number(masks, table, direct, shift, np.empty(states, np.int32))
    if isinstance(moves, Arcs):
        room = np.diff(moves.out_start, axis=1).max(axis=1, initial=0)
        before = 0
    else:
        totals = np.array([_largest_group(moves, j) for j in range(movers)], np.int64)
        room, before = np.where(moves.kind == REVERSIBLE, 0, totals), movers * states
    space = before + _starts(room)
    return Together(
        masks,
        table,
        direct,
        shift,
        np.zeros((movers, states), np.int32),
        np.full(movers, np.inf),
        np.empty(int(space[-1]), np.int32),
        space,
        *(np.zeros(movers, np.int64) for _ in range(3)),
    )


def _largest_group(plan: Plan, j: int) -> int:
    """Most states in a group of a mover."""
    first = plan.left[plan.base[j] : plan.base[j + 1]]
    last = plan.right[plan.base[j] : plan.base[j + 1]]
    return int((plan.start[last] - plan.start[first]).max(initial=0))


class Fit:
    """How nearly payoffs are sums of what each option is worth, over all states.

    Parameters
    ----------
    masks : ndarray, shape (states,)
    options : int
    """

    def __init__(self, masks: I64, options: int) -> None:
        step = max(len(masks) // _SAMPLE, 1) | 1
        self._sample = np.arange(0, len(masks), step)
        self._masks, self._options = masks, options
        # Which states take each option, where there is room to keep that.
        kept = options * len(masks) <= _ROOM
        self._taken = (masks >> np.arange(options)[:, None] & 1).astype(np.float64) if kept else None
        held = (masks[self._sample, None] >> np.arange(options)) & 1
        ones = np.column_stack([np.ones(len(held)), held])
        self._solve = np.linalg.pinv(ones.T @ ones, hermitian=True) @ ones.T

    def slack(self, payoff: NDArray[np.float64]) -> float:
        """Most by which a combined effect can lie below the sum of the movers' single effects; infinite at the worst.

        With ``|p - a| <= e`` for a sum of single effects *a*, each of up to 64 effects is off by 2e at most.
        """
        with np.errstate(all="ignore"):
            worth = self._solve @ payoff[self._sample]
            rest = payoff - worth[0]
            if self._taken is not None:
                rest -= worth[1:] @ self._taken
            else:
                for k in range(self._options):
                    rest -= worth[k + 1] * ((self._masks >> k) & 1)
            most = float(np.abs(rest).max(initial=0.0) + 1e-12 * np.abs(payoff).max(initial=0.0))
        return 130 * most if np.isfinite(most) else np.inf
