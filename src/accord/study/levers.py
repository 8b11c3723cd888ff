"""Which inputs carry the verdict: rank correlations, one-way tornado, and the smallest single changes that move it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from accord.lenses.endurance.places import CLEAR, LABELS, clear_label, label_of, second_of
from accord.situation import Change, Situation, Vocabulary, matches, ranges

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

INPUTS = 10
# Halvings of the stretch between the last place that was looked at in vain and the first that moves it.
_STEPS = 3
# Some ten numbers are looked at in some ten places each: a move counts from three standard errors on, as in claims.
_SURE = 3.0
# Between two places that fall short of moving it by more than this, in standard errors, nothing is looked at.
_NEAR = 1.0


@dataclass(frozen=True, slots=True)
class Influence:
    """How an uncertain number goes with the two ranks over worlds (Spearman).

    Parameters
    ----------
    path : str
    durability, conditionality : float
    error : float
        Standard error of a correlation of zero, 1/sqrt(worlds - 1).
    """

    path: str
    durability: float
    conditionality: float
    error: float

    @property
    def strength(self) -> float:
        """The larger of the two, without its sign."""
        return max(abs(self.durability), abs(self.conditionality))


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """What changes start from.

    Parameters
    ----------
    shares : mapping of str to float
        Of the whole run.
    judged : int
        Worlds that these rest on.
    codes : ndarray of int, shape (worlds,)
        Quadrants (order of ``LABELS``; -1: not judged) of the worlds that are looked at, with nothing changed.
    """

    shares: Mapping[str, float]
    judged: int
    codes: IntArray = field(repr=False)

    @property
    def label(self) -> str:
        """The quadrant that leads clearly; empty where the verdict is split."""
        return clear_label(self.shares, self.judged)


@dataclass(frozen=True, slots=True)
class Standing:
    """The partnership in the plane under one change.

    Parameters
    ----------
    moves_to : str
        The quadrant to which the change moves the verdict (or, where it was split, in which it settles it); empty where
        it does not.  That quadrant leads every other by two standard errors, and it gains three standard errors on the one
        that leads without the change, in the same worlds.
    durability, conditionality : float
        Median ranks over the worlds that are looked at.
    shares : mapping of str to float
        Of the whole run, moved by as much as the change moves them in the worlds that are looked at.
    ranges : tuple of (float, float)
        Between which the two medians lie in 95 of 100 samples of worlds.
    errors : mapping of str to float
        Standard errors of the shares.
    lead : float
        Of the largest share over the second, in standard errors.
    shift : float
        By how much the change moved the lead over the quadrant that led without it, in standard errors of that move.
    worlds : int
        Worlds that are judged, of those that are looked at.
    short : float
        By how many standard errors the verdict falls short of moving, the larger of what lead and shift lack; not above 0
        where it moves, NaN where no world is judged.
    """

    moves_to: str
    durability: float
    conditionality: float
    shares: Mapping[str, float]
    ranges: tuple[tuple[float, float], tuple[float, float]] = ((np.nan, np.nan), (np.nan, np.nan))
    errors: Mapping[str, float] = field(default_factory=dict)
    lead: float = np.nan
    shift: float = np.nan
    worlds: int = 0
    short: float = np.nan

    @property
    def is_near(self) -> bool:
        """Whether it moves, or so nearly that it may between here and the next place; nobody knows where none is judged."""
        return bool(self.moves_to) or not self.short > _NEAR


Look = Callable[[Mapping[str, Change]], Standing]
# A median with the ends between which it lies.
Median = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Swing:
    """One bar of the tornado: the standing with a number at the 5th and at the 95th percentile of its own range."""

    path: str
    low: float
    high: float
    at_low: Standing
    at_high: Standing


@dataclass(frozen=True, slots=True)
class Turn:
    """The smallest change of one number that was found to move the label (or to settle a split one).

    Parameters
    ----------
    path : str
    start : float
        Its best estimate.
    value : float or None
        Where the label moves; None when it does at none of the places that were looked at.
    label : str
        The new label; empty when it does not move.
    distance : float
        From *start* in widths of its own 5-95 percent range; infinite when it does not move; 0 when it is enough to be
        sure of the best estimate.
    inside : bool
        Whether the value lies within that range.
    not_yet : float or None
        The other end of the bracket: the nearest place towards *start* at which it does not move; None without one.
    shares : mapping of str to float
        As in :class:`Standing`, at the value.
    lead, shift : float
        As in :class:`Standing`, at the value.
    looks : int
        How many values were looked at.
    """

    path: str
    start: float
    value: float | None
    label: str
    distance: float
    inside: bool
    not_yet: float | None = None
    shares: Mapping[str, float] = field(default_factory=dict)
    lead: float = np.nan
    shift: float = np.nan
    looks: int = 0


def influences(
    draws: Mapping[str, FloatArray], durability: FloatArray, conditionality: FloatArray
) -> tuple[Influence, ...]:
    """Rank correlations of every uncertain number with both ranks, strongest first.

    Parameters
    ----------
    draws : mapping of str to ndarray, shape (worlds,)
    durability, conditionality : ndarray, shape (worlds,)
        NaN where undefined; such worlds do not count.
    """
    known = ~(np.isnan(durability) | np.isnan(conditionality))
    worlds = int(known.sum())
    paths = sorted(path for path, values in draws.items() if worlds > 2 and np.ptp(values[known]) > 0.0)
    if not paths:
        return ()
    ranked = np.stack([_ranks(draws[path][known]) for path in paths])
    sides = np.stack([_ranks(durability[known]), _ranks(conditionality[known])])
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.nan_to_num(_standardised(ranked) @ _standardised(sides).T / worlds)
    error = float(1.0 / np.sqrt(worlds - 1))
    made = [Influence(path, float(d), float(c), error) for path, (d, c) in zip(paths, found, strict=True)]
    return tuple(sorted(made, key=lambda one: (-one.strength, one.path)))


def _ranks(values: FloatArray) -> FloatArray:
    """Ranks from 1; equal values share the mean of theirs (as ``scipy.stats.rankdata``, which takes a second to load)."""
    _, of, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((0.5 * (2 * last - count + 1))[of])


def _standardised(rows: FloatArray) -> FloatArray:
    """Rows with mean 0 and variance 1."""
    return np.asarray((rows - rows.mean(axis=1, keepdims=True)) / rows.std(axis=1, keepdims=True))


def strongest(found: Sequence[Influence], count: int = INPUTS) -> tuple[str, ...]:
    """Paths of the strongest influences that are more than chance (3 standard errors)."""
    return tuple(one.path for one in found if one.strength > 3.0 * one.error)[:count]


def swing(path: str, values: FloatArray, look: Look) -> Swing:
    """The standing with one number at either end of its own range in every world."""
    low, high = (float(q) for q in np.quantile(values, (0.05, 0.95)))
    return Swing(path, low, high, look({path: _set(low)}), look({path: _set(high)}))


def _set(value: float) -> Change:
    """A number set to a value."""
    return Change(to=value, assumed="held at one value to see what carries the verdict")


def standing(start: Start, codes: IntArray, ranks: tuple[Median, Median]) -> Standing:
    """What a change does, from the quadrants of the same worlds without and with it.

    The worlds that are looked at are few, and without any change their shares are not those of the whole run.  What is
    carried over is the move of each share between the two looks, whose error is that of paired worlds.

    Parameters
    ----------
    start : Start
    codes : ndarray of int, shape (worlds,)
        Quadrants with the change.
    ranks : tuple of (median, low, high)
        Of durability and conditionality with the change.
    """
    (before, pull), (after, push) = _shares(start.codes), _shares(codes)
    move, apart = after - before, push - pull
    own = np.array([start.shares[name] for name in LABELS])
    told = own + move
    shares = dict(zip(LABELS, np.clip(told, 0.0, 1.0).tolist(), strict=True))
    errors = np.sqrt(own * (1.0 - own) / max(start.judged, 1) + _error(apart) ** 2)
    (durability, *first), (conditionality, *second) = ranks
    moves_to, *size = _moved(start, dict(zip(LABELS, told.tolist(), strict=True)), move, apart)
    return Standing(
        moves_to,
        durability,
        conditionality,
        shares,
        ((first[0], first[1]), (second[0], second[1])),
        dict(zip(LABELS, errors.tolist(), strict=True)),
        size[0],
        size[1],
        int((codes >= 0).sum()),
        size[2],
    )


def _moved(
    start: Start, told: Mapping[str, float], move: FloatArray, apart: FloatArray
) -> tuple[str, float, float, float]:
    """The quadrant to which it moves, if any; the lead over the second, the move of the lead over the old first; the lack."""
    leader = label_of(told)
    if not leader:
        return "", np.nan, np.nan, np.nan
    place = {name: column for column, name in enumerate(LABELS)}
    old = label_of(start.shares)
    rival = old if leader != old else second_of(start.shares, old)

    def gained(over: str) -> tuple[float, float]:
        """By how much the leader gains on another quadrant, with the paired error."""
        one, other = place[leader], place[over]
        return float(move[one] - move[other]), float(_error(apart[:, one] - apart[:, other]))

    other = second_of(told, leader)
    one, two = start.shares[leader], start.shares[other]
    chance = (one + two - (one - two) ** 2) / max(start.judged, 1)
    lead = _in_errors(told[leader] - told[other], float(np.hypot(np.sqrt(chance), gained(other)[1])))
    shift = _in_errors(*gained(rival))
    if leader == start.label:  # another one would have to catch up first
        return "", lead, shift, CLEAR + lead
    moves = lead > CLEAR and shift > _SURE
    return leader if moves else "", lead, shift, max(CLEAR - lead, _SURE - shift)


def _shares(codes: IntArray) -> tuple[FloatArray, FloatArray]:
    """Shares of the worlds judged, and how each world pulls at them, shape (worlds, labels); NaN without any."""
    good = (codes >= 0).astype(np.float64)
    inside = (codes[:, None] == np.arange(len(LABELS))).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = inside.sum(axis=0) / good.sum()
        pull = (inside - good[:, None] * shares) / good.mean()
    return shares, pull


def _error(pulls: FloatArray) -> FloatArray:
    """Standard error of a sum of what worlds pull, along the first axis."""
    worlds = len(pulls)
    return np.asarray(pulls.std(axis=0, ddof=1) / np.sqrt(worlds) if worlds > 1 else pulls[0] * np.nan)


def _in_errors(value: float, error: float) -> float:
    """A value in standard errors; a value without any error is sure, and none at all is 0."""
    if error > 0.0 or np.isnan(error):
        return value / error
    return float(np.sign(value) * np.inf) if value else 0.0


@dataclass(frozen=True, slots=True)
class _Search:
    """Looks along one number, none of them twice."""

    path: str
    look: Look
    seen: dict[float, Standing]

    def at(self, value: float) -> Standing:
        """The standing with the number at a value."""
        if value not in self.seen:
            self.seen[value] = self.look({self.path: _set(value)})
        return self.seen[value]

    def is_still(self, inner: float, outer: float) -> bool:
        """Whether neither end of a stretch moves it, or comes near that, so that nothing between them is looked at."""
        return not (self.at(inner).is_near or self.at(outer).is_near)

    def halved(self, inner: float, outer: float) -> tuple[float, float]:
        """A stretch at whose outer end the label moves, halved a few times: (not yet, moved)."""
        for _ in range(_STEPS):
            middle = 0.5 * (inner + outer)
            inner, outer = (inner, middle) if self.at(middle).moves_to else (middle, outer)
        return inner, outer

    def mirrored(
        self, moved: float, start: float, vain: list[float], limit: float
    ) -> tuple[float, float] | None:
        """The stretch in which a change to the other side, no larger than this one, moves it; None where none does.

        *vain* are places on that side that do not, *limit* is the last one there.
        """
        there = 2.0 * start - moved
        if not min(start, limit) <= there <= max(start, limit):
            return None
        inner = [one for one in vain if abs(one - start) < abs(there - start)][-1]
        beyond = [one for one in self.seen if (one - there) * (limit - start) >= 0.0]
        outer = min(beyond, key=lambda one: abs(one - there), default=None)
        if outer is not None and self.is_still(inner, outer):
            return None
        return self.halved(inner, there) if self.at(there).moves_to else None


def turn(bar: Swing, start: float, limits: tuple[float, float], look: Look) -> Turn:
    """The smallest change of a number that moves the label, as far as looks at some places tell.

    Places lie on both sides of the best estimate: the end of its own range, the limit, and half-way before each of them
    where one of the two places around it moves the label or nearly does.  They are taken nearest first, after the best
    estimate itself; the stretch before the first that moves it is halved, and then as small a change to the other side is
    tried.  So a move that begins and ends between two places neither of which comes near is not seen.
    """
    search = _Search(bar.path, look, {bar.low: bar.at_low, bar.high: bar.at_high})
    if search.at(start).moves_to:
        return _turned(bar, start, (None, start), search)
    sides = (_outwards(start, bar.low, limits[0]), _outwards(start, bar.high, limits[1]))
    steps = sorted((abs(value - start), side, value, end) for side in (0, 1) for value, end in sides[side])
    vain: tuple[list[float], list[float]] = ([start], [start])
    for _, side, value, end in steps:
        inner = vain[side][-1]
        if value != end and search.is_still(inner, end):
            continue
        if not search.at(value).moves_to:
            vain[side].append(value)
            continue
        found = search.halved(inner, value)
        found = search.mirrored(found[1], start, vain[1 - side], limits[1 - side]) or found
        return _turned(bar, start, found, search)
    return Turn(bar.path, start, None, "", float("inf"), False, looks=len(search.seen))


def _turned(bar: Swing, start: float, found: tuple[float | None, float], search: _Search) -> Turn:
    """The change with its bracket."""
    not_yet, value = found
    there, width = search.at(value), bar.high - bar.low
    distance = abs(value - start) / width if width > 0.0 else np.inf
    inside = bar.low <= value <= bar.high
    rest = (not_yet, there.shares, there.lead, there.shift, len(search.seen))
    return Turn(bar.path, start, value, there.moves_to, float(distance), inside, *rest)


def _outwards(start: float, near: float, far: float) -> list[tuple[float, float]]:
    """Places from a best estimate outwards, each with the end of its stretch.

    These are half-way to *near*, there, half-way on to *far*, and there.
    """
    sign = np.sign(far - start)
    near = near if (near - start) * sign > 0.0 else start
    places = {far: far, 0.5 * (near + far): far, near: near, 0.5 * (start + near): near}
    outwards = [(value, end) for value, end in places.items() if (value - start) * sign > 0.0]
    return sorted(outwards, key=lambda one: abs(one[0] - start))


def limits_of(path: str, situation: Situation, vocabulary: Vocabulary, bar: Swing) -> tuple[float, float]:
    """The plausible range of a number, or the possible one where none is declared; never narrower than its own."""
    parts = path.split(".")
    declared = next((r for pattern, (r, _) in ranges(vocabulary).items() if matches(path, pattern)), None)
    low, high = bar.low, bar.high
    if parts[0] == "stances" and parts[-1] == "position":
        scale = situation.issues[parts[1]].scale
        low, high = scale.low, scale.high
    elif declared is not None and declared.prior is not None and declared.prior[0] < declared.prior[1]:
        low, high = declared.prior
    elif declared is not None and np.isfinite([declared.low, declared.high]).all():
        low, high = declared.low, declared.high
    return min(low, bar.low), max(high, bar.high)
