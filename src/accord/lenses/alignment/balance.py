"""Structural balance: how far a network of friends and foes is from falling into blocs without friction.

Sources: D. Cartwright and F. Harary, "Structural Balance", Psychological Review 63 (1956); J. A. Davis, "Clustering and
Structural Balance in Graphs", Human Relations 20 (1967), for more than two blocs; P. Doreian and A. Mrvar, "A Partitioning
Approach to Structural Balance", Social Networks 18 (1996), for the criterion.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.lenses.alignment.cuts import Network, Proof, prove
from accord.lenses.alignment.grid import grid_of
from accord.lenses.alignment.inputs import AlignmentError, Ties, ties_of
from accord.lenses.alignment.kernels.blocks import space_of
from accord.lenses.alignment.kernels.sweep import landscape_of
from accord.lenses.alignment.kernels.tabu import every_partition, tabu, triangles

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Name = str | int

MOST_BLOCS = 8
_TWO, _MANY = 28, 12
_STARTS = 8


@dataclass(frozen=True, eq=False)
class Frustration:
    """The partition that leaves least frustration, and what stands in the way of balance.

    Parameters
    ----------
    actors : tuple
        As given.
    index : float
        Weight of the ties that this partition frustrates (friends apart, foes together); their number when unweighted.
    blocs : ndarray of int, shape (actors,)
        Bloc of each actor, numbered as they first appear.
    proven : bool
        Whether no partition has less.
    bound : float
        No partition has less than this; equals the index when proven.
    changes : tuple of (actor, actor, weight)
        The frustrated ties.  Turning their signs, or removing them, brings balance at the least cost; turning one lowers
        the index by its weight.
    ways : int
        How many partitions have this index (an actor without ties can stand anywhere); 0 when not counted.
    """

    actors: tuple[str, ...] | tuple[int, ...]
    index: float
    blocs: IntArray
    proven: bool
    bound: float
    changes: tuple[tuple[Name, Name, float], ...]
    ways: int

    @property
    def gap(self) -> float:
        """What is not ruled out: the index less the bound."""
        return self.index - self.bound


def frustration(
    actors: int | Sequence[str],
    ties: Iterable[Sequence[object]],
    blocs: int = 2,
    *,
    weighted: bool = True,
    time_limit: float = 10.0,
    rng: np.random.Generator | None = None,
) -> Frustration:
    """The frustration index: least weight of ties to turn or remove so that at most so many blocs are free of friction.

    Up to 28 actors (12 for more than two blocs) every partition is looked at.  Otherwise a tabu search finds a partition
    and programmes with cuts (``cuts.py``) prove it or give a bound: `proven` and `gap` say which.

    Parameters
    ----------
    actors : int or sequence of str
        Their number, or their names.
    ties : iterable of (actor, actor, weight)
        Undirected, each pair once; above 0 friends, below 0 foes, 0 no tie.
    blocs : int
        Most blocs, 2 to 8.
    weighted : bool
        False: each tie counts 1, whatever its weight.
    time_limit : float
        Seconds for the proof.
    rng : numpy.random.Generator, optional
        Starts of the search; seed 0 when left out.

    Raises
    ------
    AlignmentError
        For a tie that cannot be (see :func:`ties_of`), or a number of blocs outside 2 to 8.
    """
    if not 2 <= blocs <= MOST_BLOCS or blocs != int(blocs):
        raise AlignmentError(f"blocs is {blocs!r}; expected a whole number from 2 to {MOST_BLOCS}")
    held = ties_of(actors, ties)
    weight = held.weight if weighted else np.sign(held.weight)
    net = Network(len(held.actors), held.first, held.second, weight, int(blocs))
    if net.actors <= (_TWO if blocs == 2 else _MANY):
        bloc, ways = _every(net)
        value = net.value(bloc)
        proof = Proof(bloc, value, value, True)
    else:
        proof, ways = prove(net, searched(net, rng), time_limit), 0
    wrong = np.flatnonzero(net.frustrated(proof.bloc))
    changes = tuple(
        (held.actors[held.first[e]], held.actors[held.second[e]], float(held.weight[e])) for e in wrong
    )
    return Frustration(
        held.actors, proof.value, numbered(proof.bloc), proof.proven, proof.bound, changes, ways
    )


def numbered(bloc: IntArray) -> IntArray:
    """The same partition with blocs numbered as they first appear."""
    _, first, which = np.unique(bloc, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[which].astype(np.int64)


def _every(net: Network) -> tuple[IntArray, int]:
    """The best partition by looking at all, and how many are as good."""
    grid = grid_of(net.matrix)
    if net.blocs > 2:
        bloc = np.empty(net.actors, np.int64)
        _, ways = every_partition(grid.steps, net.blocs, grid.slack, bloc)
        return bloc, int(ways)
    best, codes = np.empty(2), np.empty(2, np.int64)
    nothing, none = np.empty(0, np.int64), np.empty((2, 0, 0))
    landscape_of(grid.steps, grid.slack, space_of(net.actors), best, codes, nothing, none)
    row = (codes[0] >> np.arange(net.actors - 1, -1, -1)) & 1
    return row.astype(np.int64), int(codes[1])


def searched(net: Network, rng: np.random.Generator | None = None) -> IntArray:
    """A partition by tabu search: likely the best, never proven."""
    luck = np.random.default_rng(0) if rng is None else rng
    starts = luck.integers(0, net.blocs, (_STARTS, net.actors))
    starts[0] = 0
    out = np.empty(net.actors, np.int64)
    steps, tenure = max(300, 20 * net.actors), max(3, net.actors // 10)
    tabu(grid_of(net.matrix).steps, net.blocs, starts, steps, tenure, out)
    return out


@dataclass(frozen=True, eq=False)
class Triads:
    """Triangles of ties; one with an odd number of foes is frustrated.

    Parameters
    ----------
    counts : dict of str to int
        By signs: ``+++`` and ``+--`` are balanced, ``++-`` and ``---`` are not (three foes are, when more than two blocs
        are allowed).
    frustrated : tuple of (actor, actor, actor)
        Those with an odd number of foes.
    ties : tuple of (actor, actor, int)
        In how many frustrated triads each tie stands, most first; ties in none are left out.
    """

    counts: dict[str, int]
    frustrated: tuple[tuple[Name, Name, Name], ...]
    ties: tuple[tuple[Name, Name, int], ...]

    @property
    def balanced_share(self) -> float:
        """Share of triads that are balanced; NaN when there is no triad."""
        total = sum(self.counts.values())
        return (self.counts["+++"] + self.counts["+--"]) / total if total else float("nan")


def triads(actors: int | Sequence[str], ties: Iterable[Sequence[object]]) -> Triads:
    """Triads by their signs, the frustrated ones, and the ties that stand in most of these.

    Parameters
    ----------
    actors, ties
        As for :func:`frustration`.

    Raises
    ------
    AlignmentError
    """
    held = ties_of(actors, ties)
    rows = _triangles(held)
    foes = (held.weight < 0)[rows].sum(axis=1)
    names = ("+++", "++-", "+--", "---")
    counts = {name: int((foes == k).sum()) for k, name in enumerate(names)}
    wrong = rows[foes % 2 == 1]
    in_triads = np.bincount(wrong.ravel(), minlength=held.weight.size)
    order = [e for e in np.argsort(-in_triads, kind="stable") if in_triads[e]]
    a = held.actors
    return Triads(
        counts,
        tuple((a[held.first[e]], a[held.second[e]], a[held.second[f]]) for e, f, _ in wrong.tolist()),
        tuple((a[held.first[e]], a[held.second[e]], int(in_triads[e])) for e in order),
    )


def _triangles(held: Ties) -> IntArray:
    """Every triangle, rows of tie numbers (i-j, i-k, j-k)."""
    size = len(held.actors)
    index = np.full((size, size), -1, np.int64)
    index[held.first, held.second] = np.arange(held.weight.size)
    count = triangles(held.first, held.second, index, np.empty((0, 3), np.int64))
    rows = np.empty((count, 3), np.int64)
    triangles(held.first, held.second, index, rows)
    return rows
