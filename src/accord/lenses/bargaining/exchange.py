"""Position exchange: pairs of actors trade support on issues that each cares about differently, for equal gains.

Each round, two actors on different sides of the likely outcome of two issues can trade: each moves towards the other on
the issue that it cares less about.  The deal with the largest gain is done, the waiting ones are revised, and so on.
Moves are votes; preferences follow them partly into the next round.

Source: the "Equal Gain" model of F. N. Stokman and R. van Oosten, "The exchange of voting positions: an object-oriented
model of policy networks", in B. Bueno de Mesquita and F. N. Stokman (eds), "European Community Decision Making", New
Haven 1994, without externalities or randomness, as restated in the project's specification of the bargaining lens,
section (c).  Two quirks of the open reference program (decide-exchange-model) are kept, being part of its numbers: what
counts among the earlier moves of a side, and that the partner's position is not refreshed within a round.  Where it
flips a coin between equal gains, the deal that comes first in the order of issues and actors is done.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.lenses.bargaining.compromise import check_salience, fitted
from accord.lenses.bargaining.kernels import exchange as kernel

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

_PARTS = ("preferences", "votes", "preference_mean", "outcome", "final")
_WORTH_A_THREAD = 16


@dataclass(frozen=True)
class Side:
    """One side of a deal.

    Parameters
    ----------
    actor : int
    demands, supplies : int
        The issue on which its partner moves for it, and the one on which it moves.
    vote : float
        Where it then stands on the issue that it supplies, on the scale of the issue.
    move : float
        How far it moved for this deal, signed, on the scale of the issue.
    """

    actor: int
    demands: int
    supplies: int
    vote: float
    move: float


@dataclass(frozen=True)
class Trade:
    """A deal that was done.

    Parameters
    ----------
    first, second : Side
    gain : float
        What each of the two gains: salience times the shift of an outcome, in hundredths of the width of a scale.
    """

    first: Side
    second: Side
    gain: float


@dataclass(frozen=True, eq=False)
class Exchanges:
    """A run of position exchange; everything on the scales of the issues.

    Parameters
    ----------
    preferences : ndarray, shape ([worlds,] rounds, actors, issues)
        At the start of each round, the first being the input; NaN where an actor holds no position.
    votes : ndarray, shape ([worlds,] rounds, actors, issues)
        After the deals of each round.
    preference_mean, outcome : ndarray, shape ([worlds,] rounds, issues)
        Means of preferences and of votes, weighted by salience and power; NaN where nobody has weight.
    final : ndarray, shape ([worlds,] actors, issues)
        Preferences after the last round.
    trades : tuple of tuple of Trade
        For each round, in the order in which they were done; empty with worlds.
    """

    preferences: FloatArray
    votes: FloatArray
    preference_mean: FloatArray
    outcome: FloatArray
    final: FloatArray
    trades: tuple[tuple[Trade, ...], ...]


def exchange(
    positions: ArrayLike,
    salience: ArrayLike,
    power: ArrayLike,
    *,
    lower: ArrayLike,
    upper: ArrayLike,
    rounds: int = 10,
    salience_weight: float = 0.4,
    fixed_weight: float = 0.1,
) -> Exchanges:
    """Let actors exchange positions.

    Parameters
    ----------
    positions : array_like, shape ([worlds,] actors, issues)
        On the scales of the issues; NaN where an actor holds none.
    salience : array_like, shape ([worlds,] actors[, issues])
        How much each actor cares, 0..1; NaN where unknown, which leaves the actor out of the issue.  With 0 an actor
        has no support to trade.
    power : array_like, shape ([worlds,] actors[, issues])
        Above 0, in any unit; NaN where unknown, which leaves the actor out of the issue.
    lower, upper : array_like, shape (issues,) or ()
        Ends of the scales.
    rounds : int
        1 or more.
    salience_weight, fixed_weight : float
        How far a preference follows a vote into the next round: ``(1 - salience) * salience_weight + fixed_weight``.

    Returns
    -------
    Exchanges
        Each of several worlds as if it were played by itself, whatever the number of threads.

    Raises
    ------
    ValueError
        When shapes do not fit, a number lies outside its range, or a scale has no width.
    """
    game = _arrays(positions, salience, power, lower, upper)
    if rounds != int(rounds) or rounds < 1:
        raise ValueError(f"rounds is {rounds!r}; expected a whole number, 1 or more")
    for name, value in (("salience_weight", salience_weight), ("fixed_weight", fixed_weight)):
        if not 0 <= value <= 1 or salience_weight + fixed_weight > 1:
            raise ValueError(
                f"{name} is {value!r}; expected a number from 0 to 1, the two not above 1 in sum"
            )
    follow = (1 - game.care) * salience_weight + fixed_weight
    worlds = len(game.place)

    def play(w: int) -> Exchanges:
        """Play one world."""
        return _play(game, w, follow[w], int(rounds), game.single)

    if game.single:
        return play(0)
    threads = min(numba.get_num_threads(), max(worlds // _WORTH_A_THREAD, 1))
    if threads == 1:
        return _together([play(w) for w in range(worlds)], game, int(rounds))
    with ThreadPoolExecutor(threads) as pool:
        return _together(list(pool.map(play, range(worlds))), game, int(rounds))


def _play(game: _Game, w: int, follow: FloatArray, rounds: int, deals: bool) -> Exchanges:
    """Play one world, and keep its deals if asked to."""
    place, care, weight, held = game.place[w], game.care[w], game.weight[w], game.held[w]
    low, width = game.low, game.width
    before, after, trades = [], [], []
    for _ in range(rounds):
        before.append(place)
        left = held & (place <= _mean(place, weight))
        done, pool = kernel.trade(place, care, weight, held, left)
        vote = place.copy()
        for e in done:
            vote[pool.actor[e], pool.supply[e]] = np.clip(pool.vote[e], 0, 100)
        if deals:
            trades.append(tuple(_trade(pool, int(e), low, width) for e in done))
        after.append(vote)
        place = np.where(vote == place, place, follow * vote + (1 - follow) * place)
    means = [np.array([_mean(x, weight) for x in every]) * width / 100 + low for every in (before, after)]
    shown = [np.where(held, np.array(x) * width / 100 + low, np.nan) for x in (before, after, place)]
    return Exchanges(shown[0], shown[1], means[0], means[1], shown[2], tuple(trades))


def _together(runs: list[Exchanges], game: _Game, rounds: int) -> Exchanges:
    """Runs of several worlds as one; no worlds make empty arrays."""
    actors, issues = game.place.shape[1:]
    shapes = (
        (rounds, actors, issues),
        (rounds, actors, issues),
        (rounds, issues),
        (rounds, issues),
        (actors, issues),
    )
    found = []
    for name, shape in zip(_PARTS, shapes, strict=True):
        found.append(np.array([getattr(run, name) for run in runs]).reshape(len(runs), *shape))
    return Exchanges(found[0], found[1], found[2], found[3], found[4], ())


def _trade(pool: kernel.Pool, e: int, low: FloatArray, width: FloatArray) -> Trade:
    """A deal in words and on the scales of the issues."""
    sides = []
    for z in range(2):
        issue = int(pool.supply[e, z])
        unit = width[issue] / 100
        vote, move = (
            float(low[issue] + min(max(pool.vote[e, z], 0.0), 100.0) * unit),
            float(pool.move[e, z] * unit),
        )
        sides.append(Side(int(pool.actor[e, z]), int(pool.supply[e, 1 - z]), issue, vote, move))
    return Trade(sides[0], sides[1], float(pool.gain[e]))


def _mean(place: FloatArray, weight: FloatArray) -> FloatArray:
    """Weighted mean on each issue, NaN where nobody has weight; never off equal positions by rounding."""
    total = weight.sum(axis=0)
    counted = weight > 0
    mean = (place * weight).sum(axis=0) / np.where(total > 0, total, np.nan)
    low = np.where(counted, place, np.inf).min(axis=0, initial=np.inf)
    high = np.where(counted, place, -np.inf).max(axis=0, initial=-np.inf)
    found: FloatArray = np.where(total > 0, np.clip(mean, low, np.maximum(low, high)), np.nan)
    return found


@dataclass(frozen=True, eq=False)
class _Game:
    """What a run needs, checked; the first axis is that of worlds.

    Parameters
    ----------
    place, care, weight : ndarray, shape (worlds, actors, issues)
        Positions 0..100, salience, and salience times power; 0 where not held.
    held : ndarray of bool, shape (worlds, actors, issues)
    low, width : ndarray, shape (issues,)
        Ends and widths of the scales.
    single : bool
        Whether there is no axis of worlds in the input.
    """

    place: FloatArray
    care: FloatArray
    weight: FloatArray
    held: BoolArray
    low: FloatArray
    width: FloatArray
    single: bool


def _arrays(
    positions: ArrayLike, salience: ArrayLike, power: ArrayLike, lower: ArrayLike, upper: ArrayLike
) -> _Game:
    """The game, checked."""
    place = np.asarray(positions, dtype=np.float64)
    if place.ndim not in (2, 3) or 0 in place.shape[-2:]:
        raise ValueError(f"positions must have the shape ([worlds,] actors, issues), not {place.shape}")
    care, might = (
        fitted("salience", salience, place.shape, "issues"),
        fitted("power", power, place.shape, "issues"),
    )
    check_salience(care)
    if (might <= 0).any() or np.isinf(might).any():
        raise ValueError("power must be finite and above 0; leave an actor without any out (NaN)")
    low, width = _scales(lower, upper, place)
    single = place.ndim == 2
    place, care, might = (
        np.broadcast_to(x, place.shape).reshape(-1, *place.shape[-2:]) for x in (place, care, might)
    )
    held = ~(np.isnan(place) | np.isnan(care) | np.isnan(might))
    care = np.where(held, care, 0.0)
    might = np.where(held, might, 0.0)
    most = might.max(axis=1, keepdims=True)
    weight = might / np.where(most > 0, most, 1.0) * care
    return _Game(np.where(held, (place - low) * 100 / width, 0.0), care, weight, held, low, width, single)


def _scales(lower: ArrayLike, upper: ArrayLike, place: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Lower ends and widths of the scales, which hold all positions."""
    ends = []
    for name, values in (("lower", lower), ("upper", upper)):
        end = np.asarray(values, dtype=np.float64)
        if end.shape not in ((), place.shape[-1:]) or not np.isfinite(end).all():
            raise ValueError(f"{name} must be one finite number, or one for each of {place.shape[-1]} issues")
        ends.append(np.broadcast_to(end, place.shape[-1:]))
    low, high = ends
    if (high <= low).any():
        k = int(np.flatnonzero(high <= low)[0])
        raise ValueError(f"upper must lie above lower, but issue {k} runs from {low[k]:g} to {high[k]:g}")
    outside = np.argwhere((place < low) | (place > high))
    if len(outside):
        at = tuple(int(m) for m in outside[0])
        k = at[-1]
        raise ValueError(
            f"positions[{', '.join(map(str, at))}] is {place[at]:g}, but issue {k} runs from {low[k]:g} to {high[k]:g}"
        )
    return low, high - low
