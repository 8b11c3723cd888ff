"""Published landscapes, typed in as facts: second codings of a conflict, for comparison with a situation's own.

Energies follow the convention of their source: the sum over ordered pairs in different blocs of s_i s_j p_ij, lower is
better, with propensities centred at 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.situation import Day, Situation

FloatArray = NDArray[np.float64]
# A coding is compared with a situation when they are no further apart, and share at least so many actors.
_MONTHS, _SHARED = 24, 4


@dataclass(frozen=True, slots=True)
class Published:
    """One published coding.

    Parameters
    ----------
    name, title, cite : str
    date : Day
        The day that it describes.
    actors : tuple of str
        What each is called.
    aliases : tuple of tuple of str
        Labels that situations give each actor, in small letters; keys are the file's own and tell nothing.
    sizes : dict of str to tuple of float
        One row for every variant that was published.
    upper : tuple of tuple of float
        Propensities above the diagonal, row by row; symmetric.
    """

    name: str
    title: str
    cite: str
    date: Day
    actors: tuple[str, ...]
    aliases: tuple[tuple[str, ...], ...]
    sizes: dict[str, tuple[float, ...]]
    upper: tuple[tuple[float, ...], ...]

    @property
    def propensity(self) -> FloatArray:
        """Propensities, shape (actors, actors)."""
        count = len(self.actors)
        found = np.zeros((count, count))
        for i, row in enumerate(self.upper):
            found[i, i + 1 :] = row
        return found + found.T


SYRIA_IRAQ_2016 = Published(
    "syria_iraq_2016",
    "the war in Syria and Iraq in February 2016",
    "R. Axelrod and A. Furnas, landscape of the Syria/Iraq war, 2016",
    Day.parse("2016-02"),
    (
        "United States", "Russia", "Syria", "Turkey", "Saudi Arabia", "Iran", "Islamic State", "Hezbollah",
        "Iraqi Kurds", "Nusra Front", "Iraq (Baghdad)",
    ),
    (
        ("united states", "usa", "us"),
        ("russia",),
        ("syria", "assad regime", "syrian government", "assad"),
        ("turkey",),
        ("saudi arabia",),
        ("iran",),
        ("islamic state", "isis", "is", "daesh"),
        ("hezbollah",),
        ("iraqi kurds",),
        ("nusra", "nusra front"),
        ("iraq", "baghdad"),
    ),
    {
        "as coded": (10, 10, 50, 10, 10, 20, 100, 20, 40, 10, 50),
        "Syria weak": (10, 10, 10, 10, 10, 20, 100, 20, 40, 10, 50),
    },
    (
        (-1, -1, 2, 1, -1, -2, -2, 1, -1, 1),
        (1, -1, 0, 0, -2, 0, -1, -1, 1),
        (-2, -1, 1, -2, 1, -2, -1, 0),
        (0, -1, -1, 0, -1, -1, 0),
        (-2, -2, 0, 0, -1, 0),
        (-1, 2, 0, -1, -1),
        (-1, -2, -1, -2),
        (0, -1, 0),
        (-1, 0),
        (-1,),
    ),
)  # fmt: skip
EVERY: tuple[Published, ...] = (SYRIA_IRAQ_2016,)


def beside(situation: Situation) -> tuple[tuple[Published, dict[int, str]], ...]:
    """Published codings of about the same time that share actors with a situation.

    Returns
    -------
    tuple of (Published, dict of int to str)
        For each the actors that are in both: place in the coding, and name in the situation.
    """
    found = []
    for one in EVERY:
        shared = {
            place: name
            for place, names in enumerate(one.aliases)
            for name in sorted(situation.actors)
            if (situation.actors[name].label or "").lower() in names
        }
        near = abs(one.date.months_after(situation.as_of)) <= _MONTHS
        if near and len(shared) >= _SHARED:
            found.append((one, shared))
    return tuple(found)
