"""Drawing worlds: which numbers are uncertain, and their joint values in any stretch of worlds.

A *plan* says which paths are drawn and in which order, once for a situation and its scenarios, so that runs under
different scenarios share their random numbers for everything they have in common.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from accord.engine.abreast import ALONE
from accord.engine.chunks import thread_count
from accord.situation import Correlation, Estimate, Same, Situation, estimates
from accord.worlds.copula import FloatArray, Group, groups
from accord.worlds.design import design
from accord.worlds.distributions import Marginals, best_of, foresee, marginal_of
from accord.worlds.worlds import Worlds

T = TypeVar("T")
_WORTH_THREADS = 2**17  # numbers below which waking a second thread costs more than it saves


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What is drawn, in order.

    Parameters
    ----------
    paths : tuple of str
        Numbers that are uncertain in the situation or in one of its scenarios, one dimension each: those the file
        states, sorted; then omitted ones with a prior, sorted; then those uncertain in a scenario only, sorted.
    extra : mapping of str to Estimate
        Omitted numbers with their priors; a situation that states the number itself goes by its own.
    ties : tuple of Group
        Correlated numbers.
    """

    paths: tuple[str, ...]
    extra: Mapping[str, Estimate] = field(default_factory=dict)
    ties: tuple[Group, ...] = ()

    def estimates_of(self, situation: Situation) -> dict[str, Estimate]:
        """Every number of a situation, omitted ones with a prior included, by path."""
        return {**self.extra, **estimates(situation)}


def plan(situation: Situation, *others: Situation, extra: Mapping[str, Estimate] | None = None) -> Plan:
    """Which numbers are drawn for a situation and its scenarios.

    Parameters
    ----------
    situation : Situation
    *others : Situation
        Scenarios of the same situation.
    extra : mapping of str to Estimate, optional
        Omitted numbers with their priors (:func:`accord.worlds.priors.omitted`).

    Raises
    ------
    ValueError
        When correlations are impossible together (``accord check`` tells the same).
    """
    omitted = dict(extra or {})
    own = estimates(situation)
    paths = _uncertain(own)
    paths += [path for path in _uncertain(omitted) if path not in own]
    late = {path for other in others for path in _uncertain(estimates(other))}
    late |= {
        path
        for path in _uncertain(omitted)
        if path in own and any(path not in estimates(other) for other in others)
    }
    paths += sorted(late - set(paths))
    correlations: dict[str, Correlation] = {}
    for one in (situation, *others):
        correlations = {**one.correlations, **correlations}
    ties = groups(correlations, paths)
    for group in ties:
        group.factor()
    return Plan(tuple(paths), omitted, ties)


def _uncertain(numbers: Mapping[str, Estimate]) -> list[str]:
    """Paths of the numbers that differ between worlds, sorted."""
    return sorted(path for path, estimate in numbers.items() if not estimate.is_fixed)


def best(plan: Plan, situation: Situation, seed: int = 0) -> Worlds:
    """World 0: every number at its best estimate; as columns the same names as :func:`draw` gives."""
    ready = _prepared(plan, Same(situation))
    return Worlds(ready.names, ready.at_best.copy(), ready.fixed, first=0, seed=seed)


def draw(
    plan: Plan,
    situation: Situation,
    count: int,
    seed: int,
    method: str = "sobol",
    start: int = 1,
    stop: int | None = None,
) -> Worlds:
    """Worlds *start* to *stop* - 1 of *count*; any stretch gives the values that drawing all of them gives.

    Parameters
    ----------
    plan : Plan
    situation : Situation
        The one the plan was made for, or one of its scenarios.
    count : int
        Worlds of the whole run, numbered from 1; a power of two for ``sobol``.
    seed : int
        From 0.
    method : {'sobol', 'latin'}
    start, stop : int
        Absolute world numbers, 1 <= start <= stop <= count + 1; by default all.

    Returns
    -------
    Worlds
        One column per number that is uncertain in this situation.

    Raises
    ------
    TypeError
        When *count* or *seed* is not an integer.
    ValueError
        When an argument is out of range, or an estimate's parameters do not make a distribution (its path is named).
    """
    points = design(plan.paths, count, seed, method)
    stop = count + 1 if stop is None else stop
    if not 1 <= start <= stop <= count + 1:
        raise ValueError(f"worlds {start} to {stop - 1} are not within 1 to {count}")
    ready, marginals = _prepared(plan, Same(situation)), _marginals(plan, Same(situation))
    out = np.empty((len(ready.rows), stop - start))
    if out.size:
        with ALONE, thread_count(1 if out.size < _WORTH_THREADS else None):
            points.fill(out, ready.rows, start - 1, count)
            ready.tie(out)
            out = out[: len(ready.names)]
            marginals.apply(out)
    return Worlds(ready.names, out[: len(ready.names)].T, ready.fixed, first=start, seed=seed)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A stretch of worlds, and what it was drawn for.

    Parameters
    ----------
    worlds : Worlds
        As drawn, nothing hidden; further numbers, which no plan draws, are left to whoever added them.
    plan : Plan
    situation : Situation
    count : int
    method : str
    """

    worlds: Worlds
    plan: Plan
    situation: Situation
    count: int
    method: str


def redrawn(like: Drawn, plan: Plan, situation: Situation) -> Worlds:
    """The same stretch for a variant, as :func:`draw` gives it to the last bit: only numbers that differ are drawn.

    Parameters
    ----------
    like : Drawn
        For a situation that shares most numbers with this one.
    plan : Plan
        Its paths begin with those of the other plan, or are drawn anew.
    situation : Situation

    Raises
    ------
    ValueError
        As :func:`draw`.
    """
    base, whole = like.worlds, (like.count, like.worlds.seed, like.method)
    old, new = like.plan.estimates_of(like.situation), plan.estimates_of(situation)
    names = tuple(path for path in plan.paths if path in new and not new[path].is_fixed)
    same = {path for path, one in new.items() if (other := old.get(path)) is one or other == one}
    place = {path: column for column, path in enumerate(base.names)}
    anew = [path for path in names if path not in same or path not in place]
    tied = {path for group in (*like.plan.ties, *plan.ties) for path in group.paths}
    apart = plan.paths[: len(like.plan.paths)] != like.plan.paths or _ties(plan) != _ties(like.plan)
    if apart or not tied.isdisjoint(anew) or set(_uncertain(new)) - set(plan.paths):
        return draw(plan, situation, *whole, start=base.first, stop=base.first + base.size)
    fixed = {
        path: base.fixed[path] if path in same and path in base.fixed else _told(best_of, path, new[path])
        for path in sorted(new)
        if new[path].is_fixed
    }
    out = np.empty((len(names), base.size))
    for row, path in enumerate(names):
        if path in place:
            out[row] = base.array[:, place[path]]
    _fill(out, plan, new, {path: names.index(path) for path in anew}, like)
    return Worlds(names, out.T, fixed, first=base.first, seed=base.seed)


def _ties(plan: Plan) -> list[tuple[tuple[str, ...], bytes]]:
    """Groups of tied numbers, to be compared."""
    return [(group.paths, group.matrix.tobytes()) for group in plan.ties]


def _fill(
    out: FloatArray, plan: Plan, numbers: Mapping[str, Estimate], rows: Mapping[str, int], like: Drawn
) -> None:
    """Draw some rows, none of which is tied to another."""
    marginals = Marginals([_told(marginal_of, path, numbers[path]) for path in rows])
    if not rows or not out.size:
        return
    part = np.empty((len(rows), out.shape[1]))
    place = {path: row for row, path in enumerate(plan.paths)}
    points = design(plan.paths, like.count, like.worlds.seed, like.method)
    with ALONE, thread_count(1 if part.size < _WORTH_THREADS else None):
        dimensions = np.array([place[path] for path in rows], dtype=np.int64)
        points.fill(part, dimensions, like.worlds.first - 1, like.count)
        marginals.apply(part)
    out[list(rows.values())] = part


@dataclass(frozen=True, slots=True, eq=False)
class _Ready:
    """What does not change from one stretch of worlds to the next.

    Parameters
    ----------
    names : tuple of str
        Numbers uncertain in this situation, in the order of the plan.
    fixed : mapping
        Values of the others.
    at_best : ndarray, shape (1, names)
    rows : ndarray of int64
        Dimension of each name, then of numbers that are only needed because a name is tied to them.
    starts, members, factors : ndarray
        Groups of tied rows, as :func:`accord.worlds.kernels.correlate` wants them.
    """

    names: tuple[str, ...]
    fixed: Mapping[str, float]
    at_best: FloatArray
    rows: NDArray[np.int64]
    starts: NDArray[np.int64]
    members: NDArray[np.int64]
    factors: FloatArray

    def tie(self, out: FloatArray) -> None:
        """Correlate rows of uniform numbers, in place."""
        from accord.worlds import kernels

        if len(self.members):
            kernels.correlate(out, self.starts, self.members, self.factors)


@lru_cache(maxsize=32)
def _prepared(plan: Plan, same: Same) -> _Ready:
    """Everything about a plan and a situation that every stretch of worlds needs."""
    numbers = plan.estimates_of(same.situation)
    strangers = set(_uncertain(numbers)) - set(plan.paths)
    if strangers:
        says = f"'{min(strangers)}' is uncertain and not in it"
        raise ValueError(f"the plan was made for another situation: {says}")
    names = tuple(path for path in plan.paths if path in numbers and not numbers[path].is_fixed)
    values = {path: _told(best_of, path, numbers[path]) for path in sorted(numbers)}
    fixed = {path: values[path] for path in values if numbers[path].is_fixed}
    at_best = np.array([[values[path] for path in names]], dtype=np.float64).reshape(1, len(names))
    tied = [group for group in plan.ties if not set(group.paths).isdisjoint(names)]
    drawn = (*names, *sorted({path for group in tied for path in group.paths} - set(names)))
    place = {path: row for row, path in enumerate(plan.paths)}
    rows = np.array([place[path] for path in drawn], dtype=np.int64)
    return _Ready(names, fixed, at_best, rows, *_packed(tied, drawn))


@lru_cache(maxsize=8)
def _marginals(plan: Plan, same: Same) -> Marginals:
    """The distributions of what is uncertain in a situation; large, so that few are kept."""
    numbers = plan.estimates_of(same.situation)
    foresee(numbers.values())
    return Marginals([_told(marginal_of, path, numbers[path]) for path in _prepared(plan, same).names])


def _packed(
    tied: list[Group], drawn: tuple[str, ...]
) -> tuple[NDArray[np.int64], NDArray[np.int64], FloatArray]:
    """Groups of tied rows as arrays: where each starts, its members, and the factor's row for each member."""
    row = {path: index for index, path in enumerate(drawn)}
    sizes = [len(group.paths) for group in tied]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    members = np.array([row[path] for group in tied for path in group.paths], dtype=np.int64)
    factors = np.zeros((len(members), max(sizes, default=0)))
    for group, first, size in zip(tied, starts, sizes, strict=False):
        factors[first : first + size, :size] = group.factor()
    return starts, members, factors


def _told(function: Callable[[Estimate], T], path: str, estimate: Estimate) -> T:
    """A function of an estimate, with the path added to what it complains of."""
    try:
        return function(estimate)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
