"""Worth functions: what each coalition of players can bring about, as 2^players numbers or as a function."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.lenses.alignment.inputs import AlignmentError, numbers

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Worth = Callable[[BoolArray], ArrayLike]

MOST_PLAYERS = 20
_CHUNK = 1 << 16


def asked(worth: Worth, members: BoolArray) -> FloatArray:
    """Worth of coalitions, rows of booleans.

    Raises
    ------
    AlignmentError
        When the function does not give one finite number for each row.
    """
    found = numbers(worth(members), "what the worth function gives")
    if found.shape != (len(members),):
        raise AlignmentError(
            f"the worth function gave the shape {found.shape} for {len(members)} coalitions; expected one number each"
        )
    if not np.isfinite(found).all():
        row = members[int(np.flatnonzero(~np.isfinite(found))[0])]
        raise AlignmentError(f"the worth of coalition {np.flatnonzero(row).tolist()} is no finite number")
    return found


def worth_of(worth: ArrayLike | Worth, players: int | None) -> FloatArray:
    """Worth of every coalition, shape (2^players,): entry c is that of the players k whose bit 2^k is set in c.

    Raises
    ------
    AlignmentError
        When the length is no power of 2, the number of players does not fit or exceeds 20, a worth is not finite, or the
        empty coalition is worth something.
    """
    if callable(worth):
        count = counted(players)
        if count > MOST_PLAYERS:
            raise AlignmentError(f"there are {count} players; expected at most {MOST_PLAYERS}")
        codes = np.arange(1 << count)
        parts = [
            asked(worth, (codes[k : k + _CHUNK, None] >> np.arange(count)) & 1 == 1)
            for k in range(0, len(codes), _CHUNK)
        ]
        found = np.concatenate(parts)
    else:
        found = numbers(worth, "worth")
        count = found.size.bit_length() - 1
        if found.ndim != 1 or found.size < 2 or found.size != 1 << count or players not in (None, count):
            expected = "2^players" if players is None else f"2^{players}"
            raise AlignmentError(f"worth must have the shape ({expected},), not {found.shape}")
        if count > MOST_PLAYERS:
            raise AlignmentError(f"there are {count} players; expected at most {MOST_PLAYERS}")
        if not np.isfinite(found).all():
            raise AlignmentError(f"worth[{int(np.flatnonzero(~np.isfinite(found))[0])}] is no finite number")
    if found[0] != 0:
        raise AlignmentError(f"the empty coalition is worth {found[0]}; expected 0")
    return found


def counted(players: int | None) -> int:
    """The number of players that a function needs to be told; AlignmentError when it is not."""
    if isinstance(players, bool) or not isinstance(players, (int, np.integer)) or players < 1:
        raise AlignmentError(f"players is {players!r}; expected their number where worth is a function")
    return int(players)


def sums(payoff: FloatArray) -> FloatArray:
    """What every coalition is paid, in the order of codes."""
    held = np.zeros(1)
    for paid in payoff:
        held = np.concatenate([held, held + paid])
    return held


def members_of(code: int, players: int) -> tuple[int, ...]:
    """The players of a coalition."""
    return tuple(k for k in range(players) if (code >> k) & 1)
