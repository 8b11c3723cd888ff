"""What each player brings to coalitions: the values of Shapley and Banzhaf.

Sources: L. S. Shapley, "A Value for n-Person Games" (1953); J. F. Banzhaf, "Weighted Voting Doesn't Work", Rutgers Law Review
19 (1965).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.lenses.alignment.inputs import AlignmentError
from accord.lenses.alignment.worth import MOST_PLAYERS, Worth, asked, counted, worth_of

FloatArray = NDArray[np.float64]

_ROWS = 1 << 16


@dataclass(frozen=True, eq=False)
class Values:
    """One value for each player.

    Parameters
    ----------
    value : ndarray, shape (players,)
    error : ndarray, shape (players,)
        Standard error of a sampled value; 0 when exact.
    exact : bool
    """

    value: FloatArray
    error: FloatArray
    exact: bool

    @property
    def shares(self) -> FloatArray:
        """Values divided by their sum; NaN when that is 0."""
        total = self.value.sum()
        return self.value / total if total else np.full(self.value.shape, np.nan)


def shapley(
    worth: ArrayLike | Worth,
    players: int | None = None,
    *,
    samples: int = 4096,
    rng: np.random.Generator | None = None,
) -> Values:
    """The Shapley value: what a player adds to those before it, averaged over all orders.

    Exact to 20 players.  Above, *samples* orders are drawn, each taken forwards and backwards; values still sum to the worth of
    all.

    Parameters
    ----------
    worth : array_like, shape (2^players,), or callable
        Entry c is the worth of the players k whose bit 2^k is set in c.  Or a function of coalitions, rows of booleans of shape
        (coalitions, players), that gives one number each.  The empty coalition is worth 0.
    players : int, optional
        Needed with a function.
    samples : int
        At least 2.
    rng : numpy.random.Generator, optional
        Seed 0 when left out.

    Raises
    ------
    AlignmentError
    """
    if callable(worth) and counted(players) > MOST_PLAYERS:
        return _sampled(worth, counted(players), samples, rng, _orders)
    held = worth_of(worth, players)
    count = held.size.bit_length() - 1
    share = np.array([factorial(s) * factorial(count - 1 - s) / factorial(count) for s in range(count)])
    # Of coalitions without the player, in the order in which the loop below meets them.
    weight = share[np.bitwise_count(np.arange(held.size >> 1)).astype(np.int64)]
    value = np.array([float(weight @ _added(held, k)) for k in range(count)])
    return Values(value, np.zeros(count), True)


def banzhaf(
    worth: ArrayLike | Worth,
    players: int | None = None,
    *,
    samples: int = 4096,
    rng: np.random.Generator | None = None,
) -> Values:
    """The Banzhaf value: what a player adds to the others' coalitions, averaged over all 2^(players - 1).

    Divided by their sum (``.shares``) these are the normalised Banzhaf index.  Parameters and errors as for :func:`shapley`;
    above 20 players *samples* coalitions are drawn.
    """
    if callable(worth) and counted(players) > MOST_PLAYERS:
        return _sampled(worth, counted(players), samples, rng, _coalitions)
    held = worth_of(worth, players)
    count = held.size.bit_length() - 1
    return Values(np.array([_added(held, k).mean() for k in range(count)]), np.zeros(count), True)


def _added(held: FloatArray, player: int) -> FloatArray:
    """What a player adds to each coalition without it, codes ascending."""
    pairs = held.reshape(-1, 2, 1 << player)
    added: FloatArray = (pairs[:, 1] - pairs[:, 0]).ravel()
    return added


def _sampled(
    worth: Worth,
    players: int,
    samples: int,
    rng: np.random.Generator | None,
    draw: Callable[[Worth, int, int, np.random.Generator], FloatArray],
) -> Values:
    """Means and their standard errors over independent draws."""
    if samples < 2:
        raise AlignmentError(f"samples is {samples}; expected at least 2")
    asked(worth, np.zeros((1, players), np.bool_))
    if asked(worth, np.zeros((1, players), np.bool_))[0] != 0:
        raise AlignmentError("the empty coalition is worth something; expected 0")
    luck = np.random.default_rng(0) if rng is None else rng
    step = max(1, _ROWS // (2 * players + 2))
    parts = [draw(worth, players, min(step, samples - k), luck) for k in range(0, samples, step)]
    found = np.concatenate(parts)
    return Values(found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(samples), False)


def _orders(worth: Worth, players: int, samples: int, luck: np.random.Generator) -> FloatArray:
    """What each player adds in a random order and in its reverse, averaged; shape (samples, players)."""
    place = luck.permuted(np.tile(np.arange(players), (samples, 1)), axis=1)
    out = np.zeros((samples, players))
    rows = np.arange(samples)[:, None]
    for position in (place, players - 1 - place):
        # Coalition m of an order holds the players placed before m.
        members = position[:, None, :] < np.arange(players + 1)[None, :, None]
        held = asked(worth, members.reshape(-1, players)).reshape(samples, players + 1)
        out += np.diff(held, axis=1)[rows, position] / 2
    return out


def _coalitions(worth: Worth, players: int, samples: int, luck: np.random.Generator) -> FloatArray:
    """What each player adds to a random coalition of the others; shape (samples, players)."""
    base = luck.random((samples, players)) < 0.5
    own = np.eye(players, dtype=np.bool_)
    with_it = (base[:, None, :] | own).reshape(-1, players)
    without = (base[:, None, :] & ~own).reshape(-1, players)
    return (asked(worth, with_it) - asked(worth, without)).reshape(samples, players)
