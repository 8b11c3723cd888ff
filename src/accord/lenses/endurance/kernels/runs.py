"""Whole runs: one month after the other, replicate after replicate, world after world."""

from __future__ import annotations

import math
from typing import Any

from accord.engine.compile import njit
from accord.lenses.endurance.fields import PI, PP, PS, H, I, P, W
from accord.lenses.endurance.kernels.flows import divide_influence, log_odds, total_level
from accord.lenses.endurance.kernels.memory import NH, NI, NP, NPI, NPP, NPS, Events, Keys, Trial
from accord.lenses.endurance.kernels.pointers import pointer, pointer_to_row
from accord.lenses.endurance.kernels.production import feel, produce, unbounded_patience
from accord.lenses.endurance.kernels.reviews import NEVER, calls, last_reviews, reviews
from accord.lenses.endurance.kernels.turns import (
    check_goals,
    endings,
    exhaust,
    learn,
    move,
    offers,
    put,
    shocks,
    wander,
)
from accord.lenses.endurance.kernels.values import foresee

_GONE = 1e-6
_MARGIN = 0.05
_UPPER_QUARTILE = 0.6745
_TEMPTED_AFTER = 6
_TEMPTED_FOR = 6.0


@njit(inner=True)
def begin(a: Any, o: Any, rules: Any) -> None:
    """The state at the start: everyone in who is in from the start, full effort, nothing on the table."""
    for k in range(o.issues):
        agreed = a[o.q + k * NI + I.agreed]
        a[o.q + k * NI + I.override] = agreed - 1.0 if agreed > 0.0 else math.nan
    a[W.run_weight] = 1.0
    a[W.theatre_alive] = 1
    a[W.bilateral_alive] = 1
    a[W.stale] = 1
    foresee(a, o)
    for i in range(o.patrons):
        p = o.p + i * NP
        a[p + P.effort] = 1.0
        a[p + P.strength_of] = NEVER
        a[p + P.in_theatre] = 1.0 if a[p + P.may_enter] == 0.0 else 0.0
        a[p + P.in_bilateral] = a[p + P.in_theatre]
        for j in range(o.patrons):
            a[o.pp + (i * o.patrons + j) * NPP + PP.trust_at_start] = a[
                o.pp + (i * o.patrons + j) * NPP + PP.trust
            ]
    for k in range(o.threats):
        a[o.h + k * NH + H.dynamic] = a[o.h + k * NH + H.level]
    a[W.level_at_start] = total_level(a, o)
    a[W.log_odds] = log_odds(a[W.territory])
    produce(a, o)
    a[W.chance_at_start] = a[W.chance]
    check_goals(a, o, rules.client)


@njit(inner=True)
def intervene(a: Any, o: Any, trial: Any, rules: Any, month: int) -> None:
    """What a trial changes at its start (page: "Trials")."""
    for k in range(o.threats):
        if trial.remove >> k & 1:
            a[o.h + k * NH + H.level] = _GONE
            a[o.h + k * NH + H.growth] = 0.0
            a[o.h + k * NH + H.held] = 1.0
    if trial.relieve >= 0:
        a[o.p + trial.relieve * NP + P.dependence] *= 0.5
    if a[W.theatre_alive] == 0:
        return
    if trial.exhaust >= 0 and a[o.p + trial.exhaust * NP + P.in_theatre] == 1:
        i = trial.exhaust
        p = o.p + i * NP
        produce(a, o)
        a[p + P.shift] += a[p + P.patience_floor] + _MARGIN - unbounded_patience(a, o, i, month)
    if trial.leader == 1 and rules.leader >= 0:
        divide_influence(a, o)
        first = 0
        for i in range(o.patrons):
            p = o.p + i * NP
            if a[p + P.share] > a[o.p + first * NP + P.share]:
                first = i
        a[W.heard] = 0
        a[o.q + rules.leader * NI + I.override] = a[
            o.pi + (first * o.issues + rules.leader) * NPI + PI.position
        ]
        for i in range(o.patrons):
            p = o.p + i * NP
            if i != first:
                a[p + P.leverage] *= 1.0 - a[W.loyalty]


@njit(inner=True)
def tempt(a: Any, o: Any, month: int) -> None:
    """One large offer of each patron's largest suitor."""
    for i in range(o.patrons):
        p = o.p + i * NP
        most, which = 0.0, 0
        for b in range(o.suitors):
            size = math.exp(
                a[o.ps + (i * o.suitors + b) * NPS + PS.size]
                + _UPPER_QUARTILE * a[o.ps + (i * o.suitors + b) * NPS + PS.spread]
            )
            if size > most:
                most, which = size, b
        if most > 0.0 and a[p + P.in_bilateral] == 1:
            put(a, o, i, which, most, month, _TEMPTED_FOR)


@njit(inline=True)
def one_month(a: Any, o: Any, rules: Any, events: Any, trial: Any, keys: Any, where: Any, month: int) -> None:
    """The ten steps of a month."""
    if o.shocks > 0:
        shocks(a, o, events, keys, where, month)
    if trial.start > 0 and month == trial.start + 1:
        intervene(a, o, trial, rules, month)
    for i in range(o.patrons):
        p = o.p + i * NP
        a[p + P.was_in] = a[W.theatre_alive] * a[p + P.in_theatre]
    before = a[W.theatre_alive]
    wander(a, o, keys, where, month)
    if before == 1:
        produce(a, o)
        feel(a, o, month)
    reviews(a, o, rules, keys, where, month)
    exhaust(a, o)
    calls(a, o, rules, keys, where, month)
    endings(a, o, rules, keys, where, month)
    if a[W.bilateral_alive] == 0:
        return
    learn(a, o, keys, where, month)
    if a[W.theatre_alive] == 1:
        move(a, o, rules, keys, where, month)
    a[W.assets_at_start] += a[W.asset_build_up] - a[W.asset_decay] * a[W.assets_at_start]
    check_goals(a, o, rules.client)
    if before == 1:
        last_reviews(a, o, rules, keys, where, month)
        endings(a, o, rules, keys, where, month)
    if a[W.bilateral_alive] == 1:
        offers(a, o, keys, where, month)
        if trial.tempt == 1 and trial.start > 0 and month == trial.start + _TEMPTED_AFTER:
            tempt(a, o, month)


@njit(inner=True)
def record(a: Any, o: Any, tracks: Any, month: int) -> None:
    """Add the state at the end of a month to the sums over replicates."""
    n = o.patrons
    if a[W.theatre_alive] == 1:
        divide_influence(a, o)
        for i in range(n):
            p = o.p + i * NP
            tracks[month, i] += a[p + P.patience_now]
            tracks[month, n + i] += a[p + P.share]
            tracks[month, 2 * n + i] += a[p + P.losses_so_far]
        c = 3 * n
        tracks[month, c] += a[W.chance]
        tracks[month, c + 1] += a[W.territory]
        for k in range(o.threats):
            tracks[month, c + 2 + k] += a[o.h + k * NH + H.level]
    c = 3 * n + 2 + o.threats
    tracks[month, c] += a[W.assets_at_start]
    for i in range(n):
        for j in range(n):
            tracks[month, c + 1 + i * n + j] += a[o.pp + (i * o.patrons + j) * NPP + PP.trust]


@njit(inner=True)
def censor(a: Any, o: Any, months: int) -> None:
    """Runs that live to the horizon end there without a cause; a theatre that the end of all takes along ends with it."""
    if a[W.bilateral_alive] == 1:
        a[W.bilateral_end] = months
        a[W.bilateral_cause] = 0
        a[W.bilateral_ender] = o.patrons
    if a[W.theatre_alive] == 1:
        a[W.theatre_end] = months
        a[W.theatre_end + 1] = 0
        a[W.theatre_end + 2] = o.patrons


@njit(inner=True)
def events_of(events: Any, row: int) -> Any:
    """Shocks of one world, as pointers."""
    return Events(
        pointer(events.month),
        pointer_to_row(events.hazard, row),
        pointer(events.of),
        pointer(events.index),
        pointer(events.op),
        pointer_to_row(events.value, row),
        events.changes,
    )


@njit(inner=True)
def trial_of(trials: Any, which: int) -> Any:
    """One row of the trials."""
    return Trial(
        trials[which, 0],
        trials[which, 1],
        trials[which, 2],
        trials[which, 3],
        trials[which, 4],
        trials[which, 5],
    )


@njit(inner=True)
def copy(target: Any, source: Any, length: int) -> None:
    """Bring one state to where another one stands."""
    for c in range(length):
        target[c] = source[c]


@njit(inner=True)
def live(
    a: Any,
    o: Any,
    rules: Any,
    events: Any,
    trial: Any,
    keys: Any,
    where: Any,
    span: Any,
    alive: Any,
    tracks: Any,
) -> Any:
    """Some months of a run (the first and the last); gives back whether anything is left of it to go on with."""
    for month in range(span[0], span[1] + 1):
        if month > 0:
            one_month(a, o, rules, events, trial, keys, where, month)
        else:
            feel(a, o, month)
        if a[W.bilateral_alive] == 0.0 or a[W.run_weight] == 0.0:
            return False
        if rules.theatre_only == 1 and a[W.theatre_alive] == 0.0:
            return False
        alive[1, month] += a[W.run_weight]
        if a[W.theatre_alive] == 1.0:
            alive[0, month] += a[W.run_weight]
        if tracks.shape[0] > 0:
            record(a, o, tracks, month)
    return True


@njit(nogil=True)
def run_rows(
    vectors: Any,
    o: Any,
    rules: Any,
    events: Any,
    trials: Any,
    keys: Any,
    first: int,
    rows: Any,
    replicates: Any,
    ends: Any,
    alive: Any,
    tracks: Any,
    room: Any,
) -> None:
    """Every replicate of some worlds, under every trial; what goes before all trials is run once.

    Parameters
    ----------
    vectors : ndarray, shape (worlds, length)
        Numbers in the order of ``fields.py``; left as they are.
    o : Plan
    rules, events, keys
        See ``memory.py``.
    trials : ndarray of int64, shape (trials, 7)
        The fields of ``Trial``, and the last month.
    first : int
        Absolute number of the world in row 0.
    rows, replicates : tuple of int
        First row and the one after the last; first replicate and how many.
    ends : ndarray of int16, shape (worlds, replicates, 6) or empty
        Month, cause and ender of the theatre, then of the bilateral level; cause 0 where it lives to the end.
    alive : ndarray, shape (trials, worlds, 2, months + 1)
        Sums over replicates of weights of the runs whose theatre (0) or bilateral level (1) is alive.
    tracks : ndarray, shape (worlds, months + 1, tracks) or (worlds, 0, 0)
        Sums over replicates in which the level is alive; see :func:`record`.
    room : ndarray, shape (3, length)
        To work in; the caller's, so that it outlives every pointer into it.
    """
    for row in range(rows[0], rows[1]):
        start = pointer_to_row(room, 0)
        copy(start, pointer_to_row(vectors, row), vectors.shape[1])
        begin(start, o, rules)
        for one in range(replicates[1]):
            where = (first + row, replicates[0] + one)
            run_trials(
                room, o, rules, events_of(events, row), trials, keys, where, alive[:, row], tracks[row]
            )
            if ends.shape[0] > 0:
                a = pointer_to_row(room, 2)
                censor(a, o, rules.months)
                for c in range(6):
                    ends[row, one, c] = int(a[W.theatre_end + c])
        for which in range(1, trials.shape[0]):
            for month in range(rules.months_shared + 1):
                for level in range(2):
                    alive[which, row, level, month] = alive[0, row, level, month]


@njit(inner=True)
def run_trials(
    room: Any,
    o: Any,
    rules: Any,
    events: Any,
    trials: Any,
    keys: Any,
    where: Any,
    alive: Any,
    tracks: Any,
) -> None:
    """One replicate of one world: the months that no trial touches, then the rest under each trial."""
    length = room.shape[1]
    start, then, a = pointer_to_row(room, 0), pointer_to_row(room, 1), pointer_to_row(room, 2)
    luck = Keys(pointer(keys.patron), keys.world, pointer(keys.shock))
    copy(a, start, length)
    shared = rules.months_shared
    lives = live(a, o, rules, events, trial_of(trials, 0), luck, where, (0, shared), alive[0], tracks)
    if not lives:
        return
    copy(then, a, length)
    for which in range(trials.shape[0]):
        if which > 0:
            copy(a, then, length)
        span = (shared + 1, trials[which, 6])
        live(a, o, rules, events, trial_of(trials, which), luck, where, span, alive[which], tracks)
