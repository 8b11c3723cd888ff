"""Payoffs from preferences as they are stated: rankings, prioritised statements, weights, payoffs, stances.

Every function returns payoffs of shape (states,), or (worlds, states) where numbers differ between worlds: larger is
better, and outcomes that are held equal have the same number to the last bit.  Source of option prioritisation:
X. Peng, K.W. Hipel and D.M. Kilgour, "Option prioritizing for ordering states in the Graph Model for Conflict
Resolution" (1997); L. Fang, K.W. Hipel, D.M. Kilgour and X. Peng, IEEE Transactions on SMC C 33 (2003).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from accord.formulas import TOLERANCE
from accord.formulas.logic import Expression
from accord.lenses.conflict.feasibility import (
    BoolArray,
    IntArray,
    ModelError,
    Statement,
    check_names,
    expression,
)
from accord.lenses.conflict.model import FloatArray, Model
from accord.problems import listed

State = int | str | Collection[str]
OTHERWISE = "otherwise"
_MOST_SHOWN = 4
_MOST_LEVELS = 1 << 62


def by_ranking(model: Model, ranking: Sequence[State | Collection[State]]) -> FloatArray:
    """Payoffs of a ranking of all states, best first.

    Parameters
    ----------
    model : Model
    ranking : sequence
        Each entry is a state (its mask, its name, or the set of options taken in it) or a set, list or tuple of tied
        states.  A collection of texts is one state where the texts are options, and a tie where they name states.

    Returns
    -------
    ndarray, shape (states,)
        From 1 for the last rank to the number of ranks for the first.

    Raises
    ------
    ModelError
        When states are left out (they are listed), stand at two ranks, or are unknown.
    """
    rank = np.full(model.size, -1, np.int64)
    for level, entry in enumerate(ranking):
        for state in _tied_states(model, entry):
            index = model.index_of(state)
            if rank[index] not in (-1, level):
                raise ModelError(
                    f"the ranking has '{model.describe(index)}' at rank {rank[index] + 1} and at {level + 1}"
                )
            rank[index] = level
    _check_complete(model, rank, "the ranking", "add them, last if they are worst")
    return _ranks(-rank)


def _tied_states(model: Model, entry: State | Collection[State]) -> Iterator[State]:
    """The states of one rank."""
    if isinstance(entry, str | int | np.integer):
        yield entry
    elif all(isinstance(item, str) for item in entry) and set(entry) <= set(model.options):
        yield [str(item) for item in entry]
    else:
        yield from entry


def _check_complete(model: Model, found: IntArray, what: str, hint: str) -> None:
    """Refuse states that nothing speaks of (-1), listing them."""
    left = np.flatnonzero(found < 0)
    if left.size:
        words = ", ".join(f"'{model.describe(int(k))}'" for k in left[:_MOST_SHOWN])
        if left.size > _MOST_SHOWN:
            words += f" and {left.size - _MOST_SHOWN} more"
        raise ModelError(f"{what} leaves out {left.size} of {model.size} states: {words}; try: {hint}")


def by_statements(
    model: Model, statements: Sequence[Statement | Sequence[Statement]], held: ArrayLike | None = None
) -> FloatArray:
    """Payoffs of prioritised statements: the first that tells two states apart decides.

    Parameters
    ----------
    model : Model
    statements : sequence
        Most important first.  A sequence among them holds statements of one rank: more of them is better.
    held : array_like of bool, shape (worlds, statements), optional
        Whether each statement, counted through, matters in each world; by default all do.

    Returns
    -------
    ndarray, shape (states,) or (worlds, states)
        Ranks from 1 for the worst, without gaps in each world.

    Raises
    ------
    ModelError
        For no statements, a rank without any, texts that are no statement, unknown options, a shape that does not fit.
    """
    levels = [(each,) if isinstance(each, str | Expression) else tuple(each) for each in statements]
    if not levels or not all(levels):
        raise ModelError("there is no statement; expected at least one, and one in each group of tied ones")
    truth = np.array([model.where(each) for level in levels for each in level])
    # States that no statement tells apart are ranked once.
    profile, first = _profiles(truth)
    seen, sizes = truth[:, first].astype(np.int64), [len(level) for level in levels]
    if held is None:
        return _levelled(seen, sizes)[profile]
    matters = np.asarray(held, np.bool_)
    if matters.ndim != 2 or matters.shape[1] != len(truth):
        raise ModelError(f"held must have the shape (worlds, {len(truth)}), not {matters.shape}")
    kinds, which = np.unique(matters, axis=0, return_inverse=True)
    ranked = _levelled(seen * kinds[:, :, None], sizes)
    return np.asarray(ranked[which.reshape(-1)][:, profile])


def _profiles(truth: BoolArray) -> tuple[IntArray, IntArray]:
    """Of each state, which statements hold in it as a number; and for each number one such state."""
    key = _key(truth.astype(np.int64), [1] * len(truth))
    _, first, profile = np.unique(key, return_index=True, return_inverse=True)
    return profile, first


def _levelled(seen: IntArray, sizes: Sequence[int]) -> FloatArray:
    """Ranks from 1, by how many statements hold at each level; *seen* has the shape ([kinds,] statements, states)."""
    starts = np.cumsum([0, *sizes[:-1]])
    counts = np.add.reduceat(seen, starts, axis=-2)
    if seen.ndim == 2:
        return _ranks(_key(counts, sizes))
    if math.prod(size + 1 for size in sizes) <= _MOST_LEVELS:
        return _ranks_of_rows(_strung(counts, sizes))
    return np.array([_ranks(_key(one, sizes)) for one in counts]).reshape(len(counts), seen.shape[-1])


def _strung(counts: IntArray, most: Sequence[int]) -> IntArray:
    """As :func:`_key` where nothing overflows, for several at once: from (kinds, levels, states) to (kinds, states)."""
    key = np.zeros((len(counts), counts.shape[-1]), np.int64)
    for level, top in enumerate(most):
        key = key * (top + 1) + counts[:, level]
    return key


def _ranks_of_rows(values: IntArray) -> FloatArray:
    """As :func:`_ranks`, row by row."""
    order = np.argsort(values, axis=-1)
    inside = np.take_along_axis(values, order, axis=-1)
    ranks = np.ones(values.shape)
    ranks[:, 1:] += np.cumsum(inside[:, 1:] != inside[:, :-1], axis=-1)
    found = np.empty_like(ranks)
    np.put_along_axis(found, order, ranks, axis=-1)
    return found


def _key(counts: IntArray, most: Sequence[int]) -> IntArray:
    """One number per column that orders the columns of *counts*, shape (levels, states), lexicographically.

    Digits are strung together while they fit; before they overflow, the numbers so far give way to their ranks.
    """
    key, bound = np.zeros(counts.shape[1], np.int64), 1
    for level, top in zip(counts, most, strict=True):
        if bound * (top + 1) > _MOST_LEVELS:
            values, key = np.unique(key, return_inverse=True)
            bound = int(values.size)
        key, bound = key * (top + 1) + level, bound * (top + 1)
    return key


def _ranks(values: IntArray) -> FloatArray:
    """Ranks of numbers from 1 for the smallest, equal for equal ones, without gaps."""
    return np.asarray(np.unique(values, return_inverse=True)[1] + 1.0)


def by_weights(model: Model, weights: Mapping[str, ArrayLike]) -> FloatArray:
    """Payoffs as sums of the weights of the options that are taken.

    Parameters
    ----------
    model : Model
    weights : mapping of str to float or array_like, shape (worlds,)
        In any unit, negative for options it dislikes; other options do not count.

    Returns
    -------
    ndarray, shape (states,) or (worlds, states)
        In the unit of the weights.

    Raises
    ------
    ModelError
        For unknown options, weights that are not finite, shapes that do not fit.
    """
    check_names(weights, model.options, "weights")
    # Sorted, so that the order in which weights are given changes nothing, not even the last bit.
    names = sorted(weights)
    given = _per_world({name: weights[name] for name in names}, "weight")
    total, scale = np.zeros((*given.shape[1:], model.size)), np.zeros(given.shape[1:])
    for name, weight in zip(names, given, strict=True):
        total += np.where(model.takes(name), weight[..., None], 0.0)
        scale += np.abs(weight)
    return _with_ties(total, scale)


def by_expressions(model: Model, ranking: Sequence[Statement]) -> FloatArray:
    """Payoffs of a ranking of statements, best first: outcomes in which one holds, and none before it, are tied.

    Parameters
    ----------
    model : Model
    ranking : sequence of str or Expression
        The last may be ``otherwise``, which holds always.

    Returns
    -------
    ndarray, shape (states,)
        Ranks from 1 for the worst, without gaps.

    Raises
    ------
    ModelError
        When no statement holds in some states (they are listed), for texts that are none, and unknown options.
    """
    return _ranks(-_first_that_holds(model, list(ranking), "the ranking"))


def by_payoffs(model: Model, payoffs: Mapping[Statement, ArrayLike]) -> FloatArray:
    """Payoffs as given for outcomes in which a statement holds; the first that holds counts.

    Parameters
    ----------
    model : Model
    payoffs : mapping of str or Expression to float or array_like, shape (worlds,)
        ``otherwise`` holds always.

    Returns
    -------
    ndarray, shape (states,) or (worlds, states)

    Raises
    ------
    ModelError
        As for :func:`by_expressions`, and for payoffs that are not finite or have shapes that do not fit.
    """
    first = _first_that_holds(model, list(payoffs), "the list of payoffs")
    given = _per_world({str(said): value for said, value in payoffs.items()}, "payoff")
    return np.asarray(np.moveaxis(given, 0, -1)[..., first])


def _first_that_holds(model: Model, statements: Sequence[Statement], what: str) -> IntArray:
    """Index of the first statement that holds in each state, shape (states,)."""
    found = np.full(model.size, -1, np.int64)
    for place, said in enumerate(statements):
        always = isinstance(said, str) and said.strip().lower() == OTHERWISE
        holds = np.ones(model.size, np.bool_) if always else model.where(expression(said))
        found[holds & (found < 0)] = place
    _check_complete(model, found, what, f"'{OTHERWISE}' as the last entry")
    return found


def _per_world(given: Mapping[str, ArrayLike], what: str) -> FloatArray:
    """Numbers of shape (entries,) or, when one differs between worlds, (entries, worlds)."""
    values = {name: np.asarray(value, np.float64) for name, value in given.items()}
    for name, value in values.items():
        if value.ndim > 1:
            raise ModelError(f"the {what} of '{name}' must be a number or one per world, not {value.shape}")
        if not np.isfinite(value).all():
            raise ModelError(f"the {what} of '{name}' must be finite")
    if not values:
        raise ModelError(f"there is no {what}; expected at least one")
    try:
        return np.array(np.broadcast_arrays(*values.values()))
    except ValueError as error:
        sizes = listed(sorted({str(value.size) for value in values.values() if value.ndim}))
        raise ModelError(f"every {what} must have the same number of worlds, not {sizes}") from error


def by_stances(
    positions: ArrayLike,
    salience: ArrayLike,
    effects: ArrayLike,
    reference: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    taken: ArrayLike,
) -> FloatArray:
    """Payoffs of one actor from its stances on the issues that options move.

    The outcome on an issue is its reference point plus the effects of the options taken, kept within the scale; the
    payoff is minus the sum over issues of salience times the distance to the actor's position as a share of the scale.

    Parameters
    ----------
    positions, salience : array_like, shape ([worlds,] issues)
        On each issue's own scale; 0..1.  NaN where the actor takes no stand: the issue does not count for it.
    effects : array_like, shape ([worlds,] options, issues)
        By how much an option moves the outcome, on the issue's own scale; 0 where it does not.
    reference : array_like, shape ([worlds,] issues)
        The outcome when nothing is taken.
    low, high : array_like, shape (issues,)
        Ends of the scales.
    taken : array_like of bool, shape (states, options)
        See :meth:`Model.taken_matrix`.

    Returns
    -------
    ndarray, shape ([worlds,] states)
        From minus the number of issues to 0.

    Raises
    ------
    ValueError
        When shapes do not fit, a scale has no length, salience lies outside 0..1, effects or reference points are not
        finite, or no issue counts in some world.
    """
    place, care, point = (np.asarray(x, np.float64) for x in (positions, salience, reference))
    moved, table = np.asarray(effects, np.float64), np.asarray(taken, np.bool_).astype(np.float64)
    bottom, top = np.asarray(low, np.float64), np.asarray(high, np.float64)
    _check_stances(place, care, moved, point, bottom, top, table)
    counts = ~(np.isnan(place) | np.isnan(care))
    if not counts.any(axis=-1).all():
        raise ValueError(
            "the actor takes no stand on any issue; expected a position and salience on one or more"
        )
    worlds = np.broadcast_shapes(place.shape[:-1], care.shape[:-1], moved.shape[:-2], point.shape[:-1])
    loss = np.zeros((*worlds, len(table)))
    for issue in range(bottom.size):
        outcome = np.repeat(point[..., issue, None], len(table), axis=-1)
        for option in range(table.shape[1]):  # term by term: the same bits however worlds are cut
            outcome = outcome + moved[..., option, issue, None] * table[:, option]
        outcome = np.clip(outcome, bottom[issue], top[issue])
        share = np.abs(outcome - place[..., issue, None]) / (top[issue] - bottom[issue])
        loss += np.where(counts[..., issue, None], care[..., issue, None] * share, 0.0)
    return _with_ties(-loss, np.ones(worlds))


def _check_stances(
    place: FloatArray,
    care: FloatArray,
    moved: FloatArray,
    point: FloatArray,
    low: FloatArray,
    high: FloatArray,
    table: FloatArray,
) -> None:
    """Refuse arrays that do not fit together or have no meaning."""
    issues, options = low.shape[-1:], table.shape[-1:]
    fits = all(x.ndim in (1, 2) and x.shape[-1:] == issues for x in (place, care, point))
    if not fits or low.ndim != 1 or high.shape != low.shape:
        raise ValueError("positions, salience, reference, low and high must agree on the number of issues")
    if table.ndim != 2 or moved.ndim not in (2, 3) or moved.shape[-2:] != options + issues:
        raise ValueError("effects must have the shape ([worlds,] options, issues), taken (states, options)")
    if not (np.isfinite(low).all() and np.isfinite(high).all() and (low < high).all()):
        raise ValueError("each scale must have a low end below its high end, both finite")
    if (care < 0).any() or (care > 1).any() or np.isinf(place).any():
        raise ValueError(
            "salience must lie between 0 and 1, and positions must be finite; NaN where there is none"
        )
    if not (np.isfinite(moved).all() and np.isfinite(point).all()):
        raise ValueError(
            "effects and reference points must be finite; an effect is 0 where an option moves nothing"
        )


def _with_ties(values: FloatArray, scale: FloatArray) -> FloatArray:
    """Numbers in which those that differ by rounding only are equal; *scale* has the shape without states."""
    order = np.argsort(values, axis=-1, kind="stable")
    ranked = np.take_along_axis(values, order, axis=-1)
    gap = np.diff(ranked, axis=-1, prepend=-np.inf)
    begins = np.where(gap > TOLERANCE * scale[..., None], ranked, -np.inf)
    tied = np.empty_like(values)
    np.put_along_axis(tied, order, np.maximum.accumulate(begins, axis=-1), axis=-1)
    return tied
