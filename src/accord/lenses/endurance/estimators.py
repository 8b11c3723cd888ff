"""The two estimators: drawn paths, and survival weights (page, section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise

import numba
import numpy as np
from numpy.typing import NDArray

from accord.engine.lanes import LANES
from accord.engine.records import words_of
from accord.engine.streams import stream, streams
from accord.lenses.endurance.fields import P
from accord.lenses.endurance.inputs import Parameters
from accord.lenses.endurance.kernels.luck import SPAN, numbers_of_a_span
from accord.lenses.endurance.kernels.memory import NP, Events, Keys, Rules, Trial, plan_of
from accord.lenses.endurance.kernels.runs import run_rows

FloatArray = NDArray[np.float64]

# Below this a second thread costs more than it saves.
_WORTH_A_THREAD = 16

PURPOSES: tuple[str, ...] = (
    "review",
    "tie",
    "signal",
    "offer",
    "call",
    "answer",
    "drift",
    "last review",
)


@dataclass(frozen=True, slots=True)
class Intervention:
    """A trial: what is done to every run at the same month, on the same random numbers.

    Parameters
    ----------
    month : int
        The end of this month is t0; the intervention acts from the next month on.
    remove : bool or tuple of str
        Hold all threats, or those named, at 1e-6 without growth.
    tempt : bool
        Six months later every patron gets one large offer of its largest suitor, open for six months.
    change_leader : bool
        The issue of who leads the client takes the position of the patron with more influence.
    exhaust, relieve : str or None
        A patron whose patience falls to just above its floor; a patron whose dependence is halved.
    """

    month: int = 12
    remove: bool | tuple[str, ...] = False
    tempt: bool = False
    change_leader: bool = False
    exhaust: str | None = None
    relieve: str | None = None


NOTHING = Intervention(month=0)


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """What drawn paths gave.

    Parameters
    ----------
    patrons, threats : tuple of str
    months : int
    replicates : int
    ends : ndarray of int16, shape (worlds, replicates, 6)
        Month, cause and ender of the theatre, then of the bilateral level.  Causes count as in ``endings.CAUSES`` (0:
        alive at the horizon), enders as in *patrons* (their number: nobody).
    alive : ndarray, shape (worlds, 2, months + 1)
        Replicates in which theatre (0) and bilateral level (1) are alive after each month.
    tracks : ndarray, shape (worlds, months + 1, tracks) or (worlds, 0, 0)
        Sums over replicates; see :meth:`track`.
    """

    patrons: tuple[str, ...]
    threats: tuple[str, ...]
    months: int
    replicates: int
    ends: NDArray[np.int16]
    alive: FloatArray
    tracks: FloatArray = field(repr=False)

    @property
    def survival(self) -> FloatArray:
        """Share of replicates alive, shape (worlds, 2, months + 1): theatre, bilateral."""
        return self.alive / self.replicates

    def incidence(self, level: int) -> FloatArray:
        """Cumulative incidence, shape (worlds, causes, enders, months + 1); survival plus its sum is 1.

        Parameters
        ----------
        level : int
            0 for the theatre, 1 for the bilateral level.
        """
        worlds, enders = self.ends.shape[0], len(self.patrons) + 1
        counts = np.zeros((worlds, 8, enders, self.months + 1))
        month, cause, ender = (self.ends[..., 3 * level + c].astype(np.int64) for c in range(3))
        row = np.broadcast_to(np.arange(worlds)[:, None], month.shape)
        ended = cause > 0
        np.add.at(counts, (row[ended], cause[ended], ender[ended], month[ended]), 1.0)
        return np.asarray(np.cumsum(counts, axis=-1) / self.replicates)

    def track(self, what: str, *who: str) -> FloatArray:
        """Mean over the replicates still alive, shape (worlds, months + 1); NaN where none is.

        Parameters
        ----------
        what : str
            ``patience``, ``influence``, ``losses`` of a patron; ``success``, ``territory``; ``level`` of a threat;
            ``assets``; ``trust`` of one patron in another.
        *who : str
        """
        n, k = len(self.patrons), len(self.threats)
        at = [self.patrons.index(name) for name in who] if what != "level" else [self.threats.index(who[0])]
        places = {
            "patience": lambda: at[0],
            "influence": lambda: n + at[0],
            "losses": lambda: 2 * n + at[0],
            "success": lambda: 3 * n,
            "territory": lambda: 3 * n + 1,
            "level": lambda: 3 * n + 2 + at[0],
            "assets": lambda: 3 * n + 2 + k,
            "trust": lambda: 3 * n + 3 + k + at[0] * n + at[1],
        }
        level = 1 if what in ("assets", "trust") else 0
        alive = self.alive[:, level]
        total = self.tracks[:, :, places[what]()]
        return np.where(alive > 0.0, total / np.where(alive > 0.0, alive, 1.0), np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """What survival weights gave.

    Parameters
    ----------
    survival : ndarray, shape (worlds, 2, months + 1)
        Mean weight of the replicates whose theatre (0) or bilateral level (1) is alive.
    replicates : int
    """

    survival: FloatArray
    replicates: int

    def conditional(self, start: int, months: int) -> FloatArray:
        """``P(bilateral alive at start + months | alive at start)``, a ratio of sums; NaN where nothing survives."""
        before = self.survival[:, 1, start]
        after = self.survival[:, 1, start + months]
        return np.where(before > 0.0, after / np.where(before > 0.0, before, 1.0), np.nan)


def simulate(
    numbers: Parameters,
    *,
    beta: float,
    nu: float,
    months: int = 120,
    replicates: int = 16,
    seed: int = 0,
    first: int = 0,
    trial: Intervention = NOTHING,
    tracks: bool = False,
    theatre_only: bool = False,
) -> Runs:
    """Draw paths: month by month, every choice and every chance.

    Parameters
    ----------
    numbers : Parameters
        From :func:`parameters` or from a situation.
    beta : float
        Precision of choices, months/util (set by the calibration).
    nu : float
        Reviews per month, 0..1 (set by the calibration).
    months, replicates : int
    seed, first : int
        Luck, and absolute number of the first world: results do not depend on how worlds are cut into calls.
    trial : Intervention
    tracks : bool
        Whether to keep paths of patience, trust and the rest.
    theatre_only : bool
        Whether runs stop where the theatre ends, for whoever does not ask for the bilateral level: what is said of that
        level then means nothing.

    Returns
    -------
    Runs

    Raises
    ------
    ValueError
        For rates that are no rates, and names that are no patrons or threats.
    """
    worlds = numbers.worlds
    columns = 3 * len(numbers.patrons) + 3 + len(numbers.threats) + len(numbers.patrons) ** 2
    ends = np.zeros((worlds, replicates, 6), np.int16)
    alive = np.zeros((1, worlds, 2, months + 1))
    kept = np.zeros((worlds, months + 1, columns) if tracks else (worlds, 0, 0))
    rules = rules_of(numbers, beta, nu, months, weighted=False, theatre_only=theatre_only)
    _run(numbers, rules, [(trial, months)], seed, first, replicates, (ends, alive, kept))
    return Runs(numbers.patrons, numbers.threats, months, replicates, ends, alive[0], kept)


def weigh(
    numbers: Parameters,
    *,
    beta: float,
    nu: float,
    months: int = 120,
    replicates: int = 16,
    seed: int = 0,
    first: int = 0,
    trial: Intervention = NOTHING,
    theatre_only: bool = False,
) -> Weights:
    """Survival weights: choices that would end the bilateral level are not drawn but taken off a weight.

    Parameters, errors as for :func:`simulate`; much less noise for the same number of replicates.

    Returns
    -------
    Weights
    """
    rules = rules_of(numbers, beta, nu, months, weighted=True, theatre_only=theatre_only)
    return _weights(numbers, rules, [(trial, months)], seed, first, replicates)[0]


def weigh_each(
    numbers: Parameters,
    trials: Sequence[tuple[Intervention, int]],
    *,
    beta: float,
    nu: float,
    replicates: int = 16,
    seed: int = 0,
    first: int = 0,
) -> list[Weights]:
    """Survival weights under several trials, each to a month of its own; what goes before them all is run once.

    Parameters, errors as for :func:`simulate`, and the same numbers as :func:`weigh` gives for one trial after the other.

    Returns
    -------
    list of Weights
    """
    rules = rules_of(numbers, beta, nu, max(months for _, months in trials), weighted=True)
    acting = [trial.month for trial, _ in trials if trial.month > 0]
    if len(trials) > 1:
        rules = rules._replace(months_shared=min([*acting, *(months for _, months in trials)]))
    return _weights(numbers, rules, trials, seed, first, replicates)


def _weights(
    numbers: Parameters,
    rules: Rules,
    trials: Sequence[tuple[Intervention, int]],
    seed: int,
    first: int,
    replicates: int,
) -> list[Weights]:
    """Mean weights under each trial."""
    alive = np.zeros((len(trials), numbers.worlds, 2, rules.months + 1))
    none = np.zeros((0, replicates, 6), np.int16)
    out = (none, alive, np.zeros((numbers.worlds, 0, 0)))
    _run(numbers, rules, trials, seed, first, replicates, out)
    return [
        Weights(alive[which, ..., : months + 1] / replicates, replicates)
        for which, (_, months) in enumerate(trials)
    ]


def rules_of(
    numbers: Parameters, beta: float, nu: float, months: int, weighted: bool, theatre_only: bool = False
) -> Rules:
    """The rules of a run, checked."""
    if not beta >= 0.0 or not np.isfinite(beta):
        raise ValueError(f"beta must be at least 0 (months/util), not {beta}")
    if not 0.0 <= nu <= 1.0:
        raise ValueError(f"nu must be from 0 to 1 (per month), not {nu}")
    if months < 1:
        raise ValueError(f"months must be at least 1, not {months}")
    return Rules(
        float(beta),
        float(nu),
        numbers.quorum,
        int(numbers.client),
        numbers.leader,
        int(months),
        int(weighted),
        int(theatre_only),
        int(months),
    )


def _trial(numbers: Parameters, trial: Intervention, months: int) -> list[int]:
    """A trial with indices for names, and its last month."""
    if trial.remove is True:
        removed = 2 ** len(numbers.threats) - 1
    else:
        wanted = () if trial.remove is False else trial.remove
        _known(wanted, numbers.threats, "threat")
        removed = sum(1 << k for k, name in enumerate(numbers.threats) if name in wanted)
    for name in (trial.exhaust, trial.relieve):
        _known(() if name is None else (name,), numbers.patrons, "patron")
    at: dict[str | None, int] = {None: -1, **{name: i for i, name in enumerate(numbers.patrons)}}
    leader = int(trial.change_leader and numbers.client)
    made = Trial(trial.month, removed, int(trial.tempt), leader, at[trial.exhaust], at[trial.relieve])
    return [*made, months]


def _known(names: tuple[str, ...], known: tuple[str, ...], kind: str) -> None:
    """Refuse names that the parameters do not have."""
    for name in names:
        if name not in known:
            raise ValueError(f"there is no {kind} '{name}'; there are {', '.join(known) or 'none'}")


def _run(
    numbers: Parameters,
    rules: Rules,
    trials: Sequence[tuple[Intervention, int]],
    seed: int,
    first: int,
    replicates: int,
    out: tuple[NDArray[np.int16], FloatArray, FloatArray],
) -> None:
    """Call the kernel."""
    changes, plan = numbers.changes, plan_of(numbers.shape)
    hazard, value = np.ascontiguousarray(changes.hazard), np.ascontiguousarray(changes.value)
    events = Events(changes.month, hazard, changes.of, changes.index, changes.op, value, len(changes.of))
    shocks = np.array([stream(seed, name, "shock") for name in changes.names], dtype=np.uint64)
    keys = Keys(streams(seed, numbers.patrons, PURPOSES), stream(seed, "", "territory"), shocks)
    tried = np.array([_trial(numbers, *one) for one in trials], dtype=np.int64)
    call = (prepared(numbers), words_of(plan), words_of(rules), events, tried, keys, first)
    share = _shares(numbers.worlds)
    # Several trials live the same months: their luck is then drawn once for all of them.
    spans = rules.months // SPAN + 1 if len(trials) > 1 else 1

    def work(rows: tuple[int, int]) -> None:
        """Some of the worlds, in room of their own."""
        room, drawn = np.zeros((3, LANES * numbers.shape.length)), np.zeros((spans, numbers_of_a_span(plan)))
        run_rows(*call, rows, (0, replicates), *out, room, drawn)

    if len(share) == 1:
        work(share[0])
        return
    with ThreadPoolExecutor(len(share)) as pool:
        list(pool.map(work, share))


def prepared(numbers: Parameters) -> FloatArray:
    """A copy of the flat vectors, with what the structure adds to them."""
    vectors = np.array(numbers.vector, order="C")
    start = numbers.shape.start("p")
    for i, month in enumerate(numbers.enters):
        vectors[:, start + i * NP + P.may_enter] = month
    return vectors


def _shares(worlds: int) -> list[tuple[int, int]]:
    """Rows for each thread; every world is computed by itself, so the cut does not matter."""
    threads = min(numba.get_num_threads(), max(worlds // _WORTH_A_THREAD, 1))
    edges = [worlds * t // threads for t in range(threads + 1)]
    return list(pairwise(edges))
