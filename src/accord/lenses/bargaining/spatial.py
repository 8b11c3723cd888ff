"""The spatial model of politics: actors challenge, bargain and settle in several dimensions, turn by turn.

Source: the project's specification of the bargaining lens, section (a), which restates the open reference program of
KAPSARC (KTAB, "smp"; B. P. Wise, L. Lester and B. Efird, "Multidimensional bargaining using KTAB", 2015).  Section
numbers in the code are those of the specification.

Where the reference seems to differ from its own intention only by a slip, the default is what was meant, and
``compat=True`` what it does:

- the asymmetric vote is cast for the option with the higher number; by default the mean of both ways is taken;
- the receiver's view of a bargain uses a gain in place of a probability (``init_receiver``, ``power_weighted``);
- ``power_weighted`` gives both sides the initiator's capability;
- when all positions are equally likely, risk attitudes are undefined and nobody moves; by default they are 0;
- a Markov election that needs 1000 steps or more is refused; by default it may take 200,000;
- an actor with no salience at all is refused; by default it finds every position as good as another, and yields;
- sums run in the order of the input; by default in an order that the input's order does not change.

The reference aborts when risk attitudes change no utility (full adjustment, positions at the two ends only).  There is
no behaviour to reproduce in that, and no game aborts here.  Third parties that commit fully or not at all contribute
nothing in the reference's equations, so the two options agree, here too.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray

from accord.engine.streams import stream
from accord.lenses.bargaining.course import Bargain, Course, Queue, Stage
from accord.lenses.bargaining.kernels import spatial_run as kernel
from accord.lenses.bargaining.kernels import spatial_work as memory
from accord.lenses.bargaining.kernels.spatial_work import UNDECIDED, Rules, seat_actors, workspace

FloatArray = NDArray[np.float64]

CHOICES: dict[str, tuple[str, ...]] = {
    "victory": ("linear", "square", "quartic", "octic", "binary"),
    "election": ("conditional", "markov_incentive", "markov_uniform"),
    "voting": ("proportional", "binary", "prop_bin", "prop_cubic", "cubic", "asymmetric"),
    "risk_adjust": ("one_third", "none", "half", "two_thirds", "full"),
    "risk_range": ("mid", "min", "max"),
    "third_party": ("semi", "none", "full"),
    "inter_vector": ("s2p2", "s1p1", "s2pmax"),
    "interpolation": ("init", "init_receiver", "power_weighted"),
    "transitions": ("deterministic", "stochastic"),
}
REASONS = np.array(["settled", "turns", "undecided"])
_OWN = {"none": 1.0, "one_third": 2 / 3, "half": 0.5, "two_thirds": 1 / 3, "full": 0.0}
# Sums of salience may exceed 1 by rounding.
_SLACK = 1e-9
# Numbers that one batch of worlds may hold before it is trimmed to the turns that were played.
_ROOM = 4_000_000
_WORTH_A_THREAD = 64
_TABLES = ("distance", "neutral", "coalition", "victory", "base", "slope", "utility", "beats", "gain")


def spatial(
    positions: ArrayLike,
    salience: ArrayLike,
    capability: ArrayLike,
    *,
    victory: str = "linear",
    election: str = "conditional",
    voting: str = "proportional",
    risk_adjust: str = "one_third",
    risk_range: str = "mid",
    third_party: str = "semi",
    inter_vector: str = "s2p2",
    interpolation: str = "init",
    transitions: str = "deterministic",
    max_turns: int = 100,
    compat: bool = False,
    low: ArrayLike = 0,
    high: ArrayLike = 100,
    accommodation: ArrayLike | None = None,
    seed: int = 0,
    stages: bool = False,
) -> Course:
    """Play the spatial model of politics.

    Parameters
    ----------
    positions : array_like, shape ([worlds,] actors, dimensions)
        On the scale from *low* to *high*.
    salience : array_like, shape ([worlds,] actors, dimensions)
        How much each actor cares, 0..1; at most 1 in sum over the dimensions.  The last axis may be left out when there
        is one dimension.
    capability : array_like, shape ([worlds,] actors)
        Above 0, in any unit; only ratios matter, apart from the reference's floors (1e-8 and 1e-10).
    victory : str
        How strength becomes probability in elections: ``linear``, ``square``, ``quartic``, ``octic``, ``binary``.
        Contests between two actors are always linear (a.3).
    election : str
        ``conditional``, ``markov_incentive`` or ``markov_uniform`` (a.3).
    voting : str
        ``proportional``, ``binary``, ``prop_bin``, ``prop_cubic``, ``cubic`` or ``asymmetric`` (a.1).
    risk_adjust : str
        How far actors believe others to share their own risk attitude: ``one_third``, ``none``, ``half``,
        ``two_thirds``, ``full`` (a.4).  ``none`` means that the viewer's own attitude is ascribed to everybody.
    risk_range : str
        Range of the risk attitudes: ``mid`` -1/2..1, ``min`` 0..1, ``max`` -1..1 (a.3).
    third_party : str
        ``semi``, ``none`` or ``full`` commitment (a.5).
    inter_vector : str
        Interpolation of bargains: ``s2p2``, ``s1p1`` (both to four decimals of the scale) or ``s2pmax`` (a.6).
    interpolation : str
        Whose views make a bargain: ``init``, ``init_receiver`` or ``power_weighted`` (a.6).
    transitions : str
        ``deterministic``: the likeliest option is taken; ``stochastic``: one is drawn from the probabilities (a.7).
    max_turns : int
        At least 1.
    compat : bool
        Reproduce the reference to the letter, slips included; the module's text lists them.
    low, high : float, or array_like with shape (dimensions,)
        Ends of the scale.
    accommodation : array_like, shape (actors, actors), optional
        How far the row's ideal follows the column's position, 0..1, rows at most 1 in sum; by default each ideal follows
        its own actor's position.
    seed : int
        For stochastic transitions; world w of a batch has luck of its own, whatever the number of threads.
    stages : bool
        Keep the tables of every turn; not with worlds.

    Returns
    -------
    Course

    Raises
    ------
    ValueError
        When shapes do not fit, a number is missing or out of its range, or an option is unknown.
    ArithmeticError
        When a Markov election comes to no result in 200,000 steps, with *compat* in 1000 (single games; a batch marks the
        world instead).
    """
    place = np.asarray(positions, dtype=np.float64)
    if place.ndim not in (2, 3):
        raise ValueError(f"positions must have the shape ([worlds,] actors, dimensions), not {place.shape}")
    actors, dimensions = place.shape[-2:]
    if actors == 0 or dimensions == 0:
        raise ValueError("positions must hold at least one actor and one dimension")
    given = locals()
    reading = {name: str(given[name]) for name in CHOICES}
    rules = _rules(reading, actors, compat)
    scale = _scale(place, low, high)
    care = _care(salience, place.shape, compat)
    power = _power(capability, place.shape)
    ties = _ties(accommodation, actors)
    if isinstance(max_turns, bool) or int(max_turns) != max_turns or max_turns < 1:
        raise ValueError(f"max_turns must be a whole number from 1, not {max_turns!r}")
    game = _Game(place, care, power, scale, ties, rules, stream(seed, purpose="bargaining.spatial"))
    said: dict[str, object] = {**reading, "max_turns": int(max_turns), "compat": bool(compat), "seed": seed}
    if stages:
        return game.watched(int(max_turns), said)
    return game.played(int(max_turns), said)


class _Game:
    """Checked input of one call, with a leading axis of worlds everywhere."""

    def __init__(
        self,
        place: FloatArray,
        care: FloatArray,
        power: FloatArray,
        scale: FloatArray,
        ties: FloatArray,
        rules: Rules,
        key: np.uint64,
    ) -> None:
        self.single = place.ndim == 2 and care.shape[0] == 1 and power.shape[0] == 1
        worlds = max(place.shape[0] if place.ndim == 3 else 1, care.shape[0], power.shape[0])
        self.place = np.broadcast_to(place, (worlds, *place.shape[-2:]))
        self.care, self.power, self.scale, self.ties = care, power, scale, ties
        self.rules, self.key = rules, key

    def played(self, most: int, reading: dict[str, object]) -> Course:
        """The course without stages."""
        worlds, actors, dimensions = self.place.shape
        turns, why = np.zeros(worlds, np.int64), np.zeros(worlds, np.int64)
        step = max(1, _ROOM // ((most + 1) * actors * dimensions))
        parts = [
            self._part(first, min(first + step, worlds), most, turns, why) for first in range(0, worlds, step)
        ]
        length = max((part.shape[1] for part in parts), default=1)
        whole = parts[0] if len(parts) == 1 else np.concatenate([_longer(part, length) for part in parts])
        if not self.single:
            return Course(whole, REASONS[why], turns, reading)
        if why[0] == UNDECIDED:
            raise _undecided(int(turns[0]), reading)
        return Course(whole[0], str(REASONS[why[0]]), int(turns[0]), reading)

    def _part(self, first: int, last: int, most: int, turns: Any, why: Any) -> FloatArray:
        """Positions of some worlds, as long as the longest of their games."""
        low, span = self.scale
        given = self.place[first:last]
        fraction = (given - low) / span
        out = np.empty((last - first, most + 1, *given.shape[1:]))
        out[:, 0] = given
        care = self.care[first:last] if self.care.shape[0] > 1 else self.care
        power = self.power[first:last] if self.power.shape[0] > 1 else self.power
        more = (self.scale, self.ties, self.rules, self.key, out, turns[first:last], why[first:last])
        threads = min(numba.get_num_threads(), max((last - first) // _WORTH_A_THREAD, 1))
        edges = [(last - first) * t // threads for t in range(threads + 1)]

        def play(some: tuple[int, int]) -> None:
            """Play some of the worlds."""
            kernel.play_span(*some, first, fraction, care, power, *more)

        if threads == 1:
            play((0, last - first))
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(play, pairwise(edges)))
        longest = int(turns[first:last].max(initial=0))
        return out if longest == most else out[:, : longest + 1].copy()

    def watched(self, most: int, reading: dict[str, object]) -> Course:
        """One course, with the tables of every turn."""
        if not self.single:
            raise ValueError("stages are kept for a single game only; play the world of interest by itself")
        low, span = self.scale
        place, work = (self.place[0] - low) / span, workspace(*self.place.shape[1:])
        seat_actors(work, place, self.care[0], self.power[0], self.rules.literal)
        rows, first, why = [self.place[0].copy()], 0.0, -1
        tables: list[Stage] = []
        while why < 0:
            turn = len(tables)
            if not kernel.deliberate(work, self.rules, self.key, 0, turn):
                raise _undecided(turn, reading)
            tables.append(_stage(work, self.scale))
            moved = kernel.move(work, self.ties)
            first = moved if turn == 0 else first
            rows.append(np.empty_like(rows[0]))
            kernel.record(work, place, low, span, rows[-2], rows[-1])
            why = kernel.ends(turn + 1, moved, first, most)
        return Course(np.stack(rows), str(REASONS[why]), len(tables), reading, tuple(tables))


def _stage(work: Any, scale: FloatArray) -> Stage:
    """The tables of a turn in the order of the input."""
    label, seat, target = work.ids[memory.LABEL], work.ids[memory.SEAT].copy(), work.ids[memory.TARGET]
    square = np.ix_(seat, seat)
    tables = {name: work.table[getattr(memory, name.upper())][square] for name in _TABLES}
    deals = []
    for b in range(int(work.ids[memory.COUNT, 0])):
        i, j = (int(label[row]) for row in work.pair[b])
        first, second = scale[0] + scale[1] * work.point[b]
        deals.append(Bargain(i, j, float(work.odds[b]), float(tables["gain"][i, j]), first, second))
    for name in ("beats", "gain"):
        np.fill_diagonal(tables[name], np.nan)
    return Stage(
        **tables,
        election=work.line[memory.CHANCE][seat],
        risk=work.line[memory.RISK][seat],
        target=np.where(target[seat] >= 0, label[target[seat]], -1),
        bargains=tuple(deals),
        queues=tuple(_queue(work, int(row), seat) for row in seat),
    )


def _queue(work: Any, row: int, seat: Any) -> Queue:
    """The queue of the actor in a row."""
    size = int(work.ids[memory.LENGTH, row])
    options = work.queue[row, :size]
    return Queue(
        int(work.ids[memory.LABEL, row]),
        tuple(int(option) - 1 for option in options),
        work.weight[row, :size].copy(),
        work.worth[np.ix_(options, seat)].T,
        int(work.ids[memory.CHOICE, row]),
    )


def _longer(part: FloatArray, length: int) -> FloatArray:
    """The last row repeated until there are so many."""
    missing = length - part.shape[1]
    if missing == 0:
        return part
    return np.concatenate([part, np.repeat(part[:, -1:], missing, axis=1)], axis=1)


def _undecided(turn: int, reading: dict[str, object]) -> ArithmeticError:
    """What to say when an election does not settle."""
    return ArithmeticError(
        f"the {reading['election']} election of turn {turn + 1} came to no result in"
        f" {'1000' if reading['compat'] else '200,000'} steps; election='conditional' always does"
    )


def _rules(reading: dict[str, str], actors: int, compat: bool) -> Rules:
    """Codes of the options."""
    for name, choices in CHOICES.items():
        if reading[name] not in choices:
            raise ValueError(
                f"{name} is {reading[name]!r}; expected {', '.join(choices[:-1])} or {choices[-1]}"
            )
    code = {name: choices.index(reading[name]) for name, choices in CHOICES.items()}
    grain = 2.0 ** (math.ceil(math.log2(2 * actors)) - 52)
    return Rules(
        code["victory"],
        code["election"],
        code["voting"],
        code["risk_range"],
        code["third_party"],
        code["inter_vector"],
        code["interpolation"],
        int(bool(compat)),
        code["transitions"],
        _OWN[reading["risk_adjust"]],
        grain,
    )


def _scale(place: FloatArray, low: ArrayLike, high: ArrayLike) -> FloatArray:
    """Low ends and lengths of the dimensions, after checking the positions."""
    dimensions = place.shape[-1]
    ends = []
    for name, value in (("low", low), ("high", high)):
        end = np.asarray(value, dtype=np.float64)
        if end.shape not in ((), (dimensions,)) or not np.isfinite(end).all():
            raise ValueError(f"{name} must be a number, or one for each of the {dimensions} dimensions")
        ends.append(np.broadcast_to(end, (dimensions,)))
    if not (ends[0] < ends[1]).all():
        raise ValueError(f"low must lie below high, but low is {low!r} and high is {high!r}")
    outside = ~((place >= ends[0]) & (place <= ends[1]))
    if outside.any():
        at = tuple(int(k) for k in np.argwhere(outside)[0])
        raise ValueError(
            f"positions must lie between low and high ({ends[0][at[-1]]:g} to {ends[1][at[-1]]:g}),"
            f" but positions[{', '.join(map(str, at))}] is {place[at]:g}"
        )
    return np.stack([ends[0], ends[1] - ends[0]])


def _care(salience: ArrayLike, shape: tuple[int, ...], compat: bool) -> FloatArray:
    """Salience with a leading axis of worlds (1 when they share it)."""
    given = np.asarray(salience, dtype=np.float64)
    # The axis of a single dimension may be left out, also where there is one actor or one world.
    left_out = given.ndim < 3 and given.shape[-1:] == shape[-2:-1] and given.shape != shape[-2:]
    if shape[-1] == 1 and left_out:
        given = given[..., None]
    care = _worlds("salience", given, shape[-2:], shape)
    if (care > 1).any():
        raise ValueError(
            f"salience must lie between 0 and 1, but {np.nanmax(care):g} is given; percentages are divided by 100"
            " only by the readers of foreign files"
        )
    if not (care >= 0).all():
        raise ValueError("salience must lie between 0 and 1, but one is negative or missing")
    total = care.sum(axis=-1)
    if (total > 1 + _SLACK).any():
        at = np.argwhere(total > 1 + _SLACK)[0]
        raise ValueError(
            f"the salience of an actor must be at most 1 in sum over the dimensions, but that of actor {at[-1]} is"
            f" {total[tuple(at)]:g}"
        )
    if compat and (total == 0).any():
        raise ValueError(
            f"with compat, salience must be above 0 in sum, but that of actor {np.argwhere(total == 0)[0][-1]} is 0"
        )
    return care


def _power(capability: ArrayLike, shape: tuple[int, ...]) -> FloatArray:
    """Capability with a leading axis of worlds (1 when they share it)."""
    power = _worlds("capability", np.asarray(capability, dtype=np.float64), shape[-2:-1], shape)
    if not ((power > 0) & (power < np.inf)).all():
        raise ValueError("capability must be finite and above 0")
    return power


def _worlds(name: str, given: FloatArray, own: tuple[int, ...], shape: tuple[int, ...]) -> FloatArray:
    """An array of one world, or of as many as there are positions, with a leading axis."""
    if given.shape == own:
        return np.ascontiguousarray(given[None])
    if given.shape[1:] == own and given.ndim == len(own) + 1 and len(given) == (*shape[:-2], len(given))[0]:
        return np.ascontiguousarray(given)
    wanted = {"salience": "([worlds,] actors, dimensions), or without dimensions when there is one"}
    raise ValueError(
        f"{name} of shape {given.shape} does not fit positions of shape {shape}; expected"
        f" {wanted.get(name, '([worlds,] actors)')}"
    )


def _ties(accommodation: ArrayLike | None, actors: int) -> FloatArray:
    """The accommodation matrix; empty for the identity."""
    if accommodation is None:
        return np.zeros((0, 0))
    ties = np.ascontiguousarray(accommodation, dtype=np.float64)
    if ties.shape != (actors, actors):
        raise ValueError(f"accommodation must have the shape ({actors}, {actors}), not {ties.shape}")
    if not ((ties >= 0) & (ties <= 1)).all() or (ties.sum(axis=1) > 1 + _SLACK).any():
        raise ValueError("accommodation must lie between 0 and 1, and rows must be at most 1 in sum")
    return np.zeros((0, 0)) if np.array_equal(ties, np.eye(actors)) else ties
