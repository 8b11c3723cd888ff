"""The expected-utility (challenge) model in one dimension, in every reading that its sources allow.

Each round an actor estimates what challenging each other one is worth to it, from who would back whom; from these
estimates follow how much risk it takes and what it offers whom; each takes one of the offers it received, all at once.

Sources: B. Bueno de Mesquita, "The War Trap", 1981, and later versions; the readings are those of J. B. Scholz, G. J.
Calbert and G. A. Smith, "Unravelling Bueno de Mesquita's group decision model", Journal of Theoretical Politics 23(4),
2011, restated in the project's specification of the bargaining lens, section (b).  Their Table 2 is reproduced within 0.1
by the reading ``published``, the median of the second round apart (9.61; 9.9 in print), which no known reading reaches.
The weighted mean of the first positions forecasts better than this model on resolved issues: it shows process, not truth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.lenses.bargaining.compromise import check_salience
from accord.lenses.bargaining.kernels import duels
from accord.lenses.bargaining.kernels import expected_utility as kernel

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CHOICES: dict[str, tuple[Any, ...]] = {
    "probability": ("pairwise", "global"),
    "vote_risk": (False, True),
    "counterpart": ("own", "focal"),
    "security": ("adversary", "own"),
    "risk": (True, False),
    "conflict": ("lower_moves", "none"),
    "capitulation": (True, False),
    "choice": ("category_least_move", "published", "least_move", "strongest"),
}
KINDS: tuple[str, ...] = ("none", "confrontation", "compromise", "capitulation")


@dataclass(frozen=True)
class Reading:
    """One way to read the sources; the defaults are Scholz et al. (2011) as printed.

    Parameters
    ----------
    probability : str
        ``pairwise``: votes for a challenger as a share of the votes cast on the pair; ``global``: of those on all pairs.
    vote_risk : bool
        Whether votes bend with the voter's risk exponent in the second pass.
    counterpart : str
        Whose risk exponent values the other's challenge when offers are sorted out: its ``own``, or the ``focal`` actor's.
    security : str
        How exposed an actor is: the sum of what others expect from challenging it (``adversary``), or of what it expects
        from challenging them (``own``).
    risk : bool
        Whether risk attitudes exist at all.
    q : float
        Chance, 0..1, that the status quo stays when nobody challenges.
    range : str or float
        What distances are divided by: the width of the ``initial`` or of the ``current`` positions, or a number in the
        unit of the positions.
    conflict : str
        ``lower_moves``: the weaker side of a confrontation moves to the stronger; ``none``: nobody moves, and the
        confrontation competes with no other offer.
    capitulation : bool
        Whether an actor that expects to lose more than the other gains gives in.
    choice : str
        Which offer is taken: ``category_least_move`` (confrontation, then compromise, then capitulation; inside, the least
        move), ``published`` (the same, but the compromise that comes lowest on the scale), ``least_move``, ``strongest``.
        The first actor's offer where several are equal, so the order of actors matters when an actor stands halfway
        between two offers.
    tie_p : float
        Chance of success, 0..1, where positions coincide or nobody cares.

    Raises
    ------
    ValueError
        When an option is unknown or a number lies outside its range.
    """

    probability: str = "pairwise"
    vote_risk: bool = False
    counterpart: str = "own"
    security: str = "adversary"
    risk: bool = True
    q: float = 1.0
    range: str | float = "initial"
    conflict: str = "lower_moves"
    capitulation: bool = True
    choice: str = "category_least_move"
    tie_p: float = 0.5

    def __post_init__(self) -> None:
        for name, allowed in CHOICES.items():
            value = getattr(self, name)
            if not any(type(value) is type(word) and value == word for word in allowed):
                words = ", ".join(map(repr, allowed))
                raise ValueError(f"{name} is {value!r}; expected one of {words}")
        for name in ("q", "tie_p"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is {getattr(self, name)!r}; expected a number from 0 to 1")
        width = self.range
        if width not in ("initial", "current") and (isinstance(width, str) or not 0 < width < math.inf):
            raise ValueError(f"range is {width!r}; expected 'initial', 'current' or a number above 0")


READINGS: dict[str, Reading] = {
    "paper": Reading(),
    "published": Reading(
        probability="global",
        vote_risk=True,
        counterpart="focal",
        capitulation=False,
        choice="published",
        tie_p=0.0,
    ),
}


@dataclass(frozen=True)
class Offer:
    """What one actor brings another to consider in a round.

    Parameters
    ----------
    by, to : int
        The actor that offers, and the one that would move.
    kind : str
        ``confrontation``, ``compromise`` or ``capitulation``.
    where : float
        The position that *to* would move to, on the scale of the positions.
    taken : bool
        Whether it was taken.
    """

    by: int
    to: int
    kind: str
    where: float
    taken: bool


@dataclass(frozen=True, eq=False)
class Stage:
    """How one round came about; row challenges column where nothing else is said.

    Parameters
    ----------
    first_probability, first_utility : ndarray, shape (actors, actors)
        P and E of the first pass, in which nobody has a risk attitude.
    exponents : ndarray, shape (actors,)
        Risk exponents, 1/2..2; above 1 for the cautious.
    probability, utility : ndarray, shape (actors, actors)
        P and E of the second pass, E as the row sees it: the first octant coordinate.
    counter : ndarray, shape (actors, actors)
        E of the column challenging the row: the second octant coordinate.
    offers : tuple of Offer
        By the actor that would move, then by the one that offers.
    """

    first_probability: FloatArray
    first_utility: FloatArray
    exponents: FloatArray
    probability: FloatArray
    utility: FloatArray
    counter: FloatArray
    offers: tuple[Offer, ...]


@dataclass(frozen=True, eq=False)
class Challenges:
    """A run of the expected-utility model; index 0 is the input wherever there is one entry more than rounds.

    Parameters
    ----------
    positions : ndarray, shape ([worlds,] rounds + 1, actors)
        On the scale of the input, never outside the first positions.
    mean, median : ndarray, shape ([worlds,] rounds + 1)
        Weighted by capability and salience, the lower median; NaN where nobody has weight.
    exponents : ndarray, shape ([worlds,] rounds, actors)
        Risk exponents of each round.
    reading : Reading
        What ran.
    stages : tuple of Stage, or None
        One for each round, if asked for.
    """

    positions: FloatArray
    mean: FloatArray
    median: FloatArray
    exponents: FloatArray
    reading: Reading
    stages: tuple[Stage, ...] | None


def expected_utility(
    positions: ArrayLike,
    salience: ArrayLike,
    capability: ArrayLike,
    *,
    reading: str | Reading = "paper",
    q: float | None = None,
    rounds: int = 10,
    stages: bool = False,
) -> Challenges:
    """Play the challenge model for a fixed number of rounds; no reading is known to settle by itself.

    Parameters
    ----------
    positions : array_like, shape ([worlds,] actors)
        On any scale.
    salience : array_like, shape ([worlds,] actors)
        How much each actor cares, 0..1.
    capability : array_like, shape ([worlds,] actors)
        Above 0, in any unit.
    reading : str or Reading
        ``paper`` (as printed), ``published`` (what gives their published numbers), or options of one's own.
    q : float, optional
        In place of the reading's chance that the status quo stays (1 in both named readings).
    rounds : int
        0 or more.
    stages : bool
        Keep the tables of each round; not with worlds.

    Returns
    -------
    Challenges
        With one actor, or all at one position, nobody moves.

    Raises
    ------
    ValueError
        When shapes do not fit, a number is missing or outside its range, the range of the reading is narrower than the
        positions, or the reading is unknown.
    """
    chosen = named(reading) if q is None else replace(named(reading), q=q)
    place, care, power, several = _arrays(positions, salience, capability)
    if stages and several:
        raise ValueError(
            "stages can be kept for one world at a time; positions must have the shape (actors,)"
        )
    _check_rounds(rounds)
    rules, rounds = _rules(chosen, place), int(rounds)
    worlds, actors = place.shape
    course = np.empty((worlds, rounds + 1, actors))
    course[:, 0] = place
    weight = power / power.max(axis=1, keepdims=True) * care
    mean, median = np.empty((worlds, rounds + 1)), np.empty((worlds, rounds + 1))
    exponents = np.empty((worlds, rounds, actors))
    play = duels.play if duels.covers(rules) else kernel.play
    play(course, care, weight, rules, exponents, mean, median)
    kept = _stages(course[0], care, weight, rules) if stages else None
    if several:
        return Challenges(course, mean, median, exponents, chosen, kept)
    return Challenges(course[0], mean[0], median[0], exponents[0], chosen, kept)


def last_round(
    positions: ArrayLike,
    salience: ArrayLike,
    capability: ArrayLike,
    readings: Sequence[Reading],
    *,
    rounds: int = 10,
) -> FloatArray:
    """Mean and median after the last round of one world, under many readings.

    Parameters
    ----------
    positions, salience, capability : array_like, shape (actors,)
        As for :func:`expected_utility`.
    readings : sequence of Reading
    rounds : int
        0 or more.

    Returns
    -------
    ndarray, shape (readings, 2)
        The weighted mean and the weighted median, as ``expected_utility`` gives them, reading by reading.

    Raises
    ------
    ValueError
        As :func:`expected_utility`, also for several worlds.
    """
    place, care, power, several = _arrays(positions, salience, capability)
    if several:
        raise ValueError("positions, salience and capability must have the shape (actors,): one world")
    _check_rounds(rounds)
    weight = power / power.max(axis=1, keepdims=True) * care
    course, exponents = (
        np.empty((1, int(rounds) + 1, place.shape[1])),
        np.empty((1, int(rounds), place.shape[1])),
    )
    mean, median = np.empty((1, int(rounds) + 1)), np.empty((1, int(rounds) + 1))
    found, known = np.empty((len(readings), 2)), dict[Reading, tuple[float, float]]()
    course[:, 0] = place
    for k, reading in enumerate(readings):
        same = _as_played(reading)
        if same not in known:
            rules = _rules(same, place)
            play = duels.play if duels.covers(rules) else kernel.play
            play(course, care, weight, rules, exponents, mean, median)
            known[same] = (float(mean[0, -1]), float(median[0, -1]))
        found[k] = known[same]
    return found


@lru_cache(maxsize=4096)
def _as_played(reading: Reading) -> Reading:
    """The reading without options that decide nothing: without risk attitudes nobody's exponent differs from 1."""
    if reading.risk:
        return reading
    return replace(reading, vote_risk=False, counterpart="own", security="adversary")


def _check_rounds(rounds: int) -> None:
    """Refuse what is no number of rounds."""
    if rounds != int(rounds) or rounds < 0:
        raise ValueError(f"rounds is {rounds!r}; expected a whole number, 0 or more")


def named(reading: str | Reading) -> Reading:
    """The reading of this name, or the reading itself.

    Raises
    ------
    ValueError
        When there is none of this name.
    """
    if isinstance(reading, Reading):
        return reading
    if reading not in READINGS:
        raise ValueError(
            f"there is no reading {reading!r}; expected {' or '.join(READINGS)}, or a Reading(...)"
        )
    return READINGS[reading]


def _arrays(*given: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray, bool]:
    """Positions, salience and capability with one axis of worlds, checked; and whether there was such an axis."""
    names = ("positions", "salience", "capability")
    arrays = [np.asarray(values, dtype=np.float64) for values in given]
    actors = arrays[0].shape[-1] if arrays[0].ndim else 0
    for name, array in zip(names, arrays, strict=True):
        if array.ndim not in (1, 2) or array.shape[-1] != actors:
            raise ValueError(
                f"{name} has the shape {array.shape}; expected ([worlds,] actors), the actors those of positions"
            )
        if not np.isfinite(array).all():
            raise ValueError(f"{name} must be finite numbers; leave an actor out of whom nothing is known")
    if not actors:
        raise ValueError("positions must hold at least one actor")
    check_salience(arrays[1])
    if (arrays[2] <= 0).any():
        raise ValueError("capability must be above 0; leave an actor without any out")
    try:
        shape = np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        counts = ", ".join(f"{len(array)} for {name}" for name, array in zip(names, arrays, strict=True))
        raise ValueError(f"numbers of worlds differ: {counts}") from None
    worlds = (shape[0] if len(shape) == 2 else 1, actors)
    # Kernels are compiled for arrays that can be written to.
    place, care, power = (np.require(np.broadcast_to(array, worlds), None, ["C", "W"]) for array in arrays)
    return place, care, power, len(shape) == 2


def _rules(reading: Reading, place: FloatArray) -> kernel.Rules:
    """The reading as the kernel takes it."""
    width = {"initial": 0.0, "current": -1.0}.get(str(reading.range))
    if width is None:
        width, widest = float(reading.range), float(np.ptp(place, axis=1).max(initial=0.0))
        if width < widest:
            raise ValueError(
                f"range is {width:g}, but positions lie up to {widest:g} apart; expected at least that"
            )
    return kernel.Rules(
        pairwise=reading.probability == "pairwise",
        curved_votes=reading.vote_risk,
        focal=reading.counterpart == "focal",
        own_danger=reading.security == "own",
        risk=reading.risk,
        fights=reading.conflict == "lower_moves",
        capitulation=reading.capitulation,
        choice=CHOICES["choice"].index(reading.choice),
        tie=float(reading.tie_p),
        stays=float(reading.q),
        width=width,
    )


def _stages(
    course: FloatArray, care: FloatArray, weight: FloatArray, rules: kernel.Rules
) -> tuple[Stage, ...]:
    """Play every round again, for what it leaves in the working space."""
    if rules.width == 0:
        rules = rules._replace(width=float(np.ptp(course[0])))
    found = []
    for before in course[:-1]:
        turn = np.empty((1, 2, before.size))
        turn[0, 0] = before
        room = kernel.play(
            turn, care, weight, rules, np.empty((1, 1, before.size)), np.empty((1, 2)), np.empty((1, 2))
        )
        table = room.tables
        offers = tuple(
            Offer(
                int(j),
                int(i),
                KINDS[room.kind[i, j]],
                float(table[kernel.PLACE, i, j]),
                bool(room.taken[i] == j),
            )
            for i, j in np.argwhere(room.kind)
        )
        shown = (table[kernel.FIRST_CHANCE], table[kernel.FIRST_VALUE], room.exponents)
        second = (table[kernel.CHANCE], table[kernel.VALUE], table[kernel.COUNTER])
        found.append(Stage(*shown, *second, offers))
    return tuple(found)
