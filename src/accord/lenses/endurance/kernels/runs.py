"""Whole runs: one month after the other, replicate after replicate, world after world."""

from __future__ import annotations

import math
from typing import Any

from accord.engine.compile import njit
from accord.engine.elementary import exp, log_odds
from accord.engine.lanes import LANES, bits, lane, lanes_to_row, of, pick, some, width
from accord.lenses.endurance.fields import PI, PP, PS, H, I, P, W
from accord.lenses.endurance.kernels.flows import divide_influence, total_level
from accord.lenses.endurance.kernels.luck import SPAN, draw_ahead, forget_luck, luck_of
from accord.lenses.endurance.kernels.memory import (
    NH,
    NI,
    NP,
    NPI,
    NPP,
    NPS,
    Events,
    Keys,
    Trial,
    plan_at,
    rules_at,
)
from accord.lenses.endurance.kernels.pointers import pointer, pointer_to_row
from accord.lenses.endurance.kernels.production import feel, produce, unbounded_patience
from accord.lenses.endurance.kernels.reviews import (
    NEVER,
    anybody_calls,
    calls,
    last_reviews,
    reviews,
    theatre_over,
)
from accord.lenses.endurance.kernels.turns import (
    anybody_leaves,
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
        a[o.q + k * NI + I.override] = pick(agreed > 0.0, agreed - 1.0, math.nan)
    a[W.run_weight] = 1.0
    a[W.living] = 1
    a[W.theatre_alive] = 1
    a[W.bilateral_alive] = 1
    a[W.stale] = 1
    foresee(a, o)
    for i in range(o.patrons):
        p = o.p + i * NP
        a[p + P.effort] = 1.0
        a[p + P.strength_of] = NEVER
        a[p + P.in_theatre] = pick(a[p + P.may_enter] == 0.0, 1.0, 0.0)
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
            size = exp(
                a[o.ps + (i * o.suitors + b) * NPS + PS.size]
                + _UPPER_QUARTILE * a[o.ps + (i * o.suitors + b) * NPS + PS.spread]
            )
            if size > most:
                most, which = size, b
        if most > 0.0 and a[p + P.in_bilateral] == 1:
            put(a, o, i, which, most, month, _TEMPTED_FOR)


@njit(inner=True)
def one_month(
    a: Any, o: Any, rules: Any, events: Any, trial: Any, keys: Any, where: Any, luck: Any, month: int
) -> None:
    """The ten steps of a month, in every run that is alive."""
    if trial.start > 0 and month == trial.start + 1:
        for one in range(width(a)):
            if of(a[W.living], one) == 1.0:
                intervene(lane(a, one), o, trial, rules, month)
    for i in range(o.patrons):
        p = o.p + i * NP
        a[p + P.was_in] = a[W.theatre_alive] * a[p + P.in_theatre]
    before = (a[W.theatre_alive] == 1.0) & (a[W.living] == 1.0)
    drift(a, o, keys, where, month)
    if some(before):
        produce(a, o)
        feel(a, o, month)
    reviews(a, o, rules, luck, month)
    exhaust(a, o)
    answer_calls(a, o, rules, luck, keys, where, month)
    end_some(a, o, rules, keys, where, month, anybody_leaves(a, o))
    if not some(a[W.living] == 1.0):
        return
    learn(a, o, luck, month)
    if some(a[W.theatre_alive] == 1.0):
        move(a, o, rules, luck, month)
    a[W.assets_at_start] += a[W.asset_build_up] - a[W.asset_decay] * a[W.assets_at_start]
    check_goals(a, o, rules.client)
    if some(before):
        judge_again(a, o, rules, keys, where, month)
    offers(a, o, luck, month)
    if trial.tempt == 1 and trial.start > 0 and month == trial.start + _TEMPTED_AFTER:
        for one in range(width(a)):
            if of(a[W.living], one) == 1.0:
                tempt(lane(a, one), o, month)


@njit(inner=True)
def drift(a: Any, o: Any, keys: Any, where: Any, month: int) -> None:
    """Drift in the runs whose world has it."""
    moves = bits(((a[W.position_drift] > 0.0) | (a[W.capability_drift] > 0.0)) & (a[W.living] == 1.0))
    for one in range(width(a)):
        if moves >> one & 1:
            wander(lane(a, one), o, keys, (where[0], where[1] + one), month)


@njit(inner=True)
def answer_calls(a: Any, o: Any, rules: Any, luck: Any, keys: Any, where: Any, month: int) -> None:
    """Calls for help in the runs that have one."""
    heard = bits(anybody_calls(a, o, luck, month) & (a[W.living] == 1.0))
    for one in range(width(a)):
        if heard >> one & 1:
            calls(lane(a, one), o, rules, lane(luck, one), keys, (where[0], where[1] + one), month)


@njit(inner=True)
def end_some(a: Any, o: Any, rules: Any, keys: Any, where: Any, month: int, who: Any) -> None:
    """Endings in some of the runs that are alive; those of which nothing is left live no more."""
    leave = bits(who & (a[W.living] == 1.0))
    for one in range(width(a)):
        if leave >> one & 1:
            endings(lane(a, one), o, rules, keys, (where[0], where[1] + one), month)
    a[W.living] = pick(a[W.bilateral_alive] == 1.0, a[W.living], 0.0)


@njit(inner=True)
def judge_again(a: Any, o: Any, rules: Any, keys: Any, where: Any, month: int) -> None:
    """Reviews of the bilateral level in the runs in which somebody's theatre ended, and what comes of them."""
    asked = theatre_over(a, o, 0)
    for i in range(1, o.patrons):
        asked = asked | theatre_over(a, o, i)
    who = bits(asked & (a[W.living] == 1.0))
    if who == 0:
        return
    for one in range(width(a)):
        if who >> one & 1:
            last_reviews(lane(a, one), o, rules, keys, (where[0], where[1] + one), month)
    end_some(a, o, rules, keys, where, month, anybody_leaves(a, o))


@njit(inner=True)
def record(a: Any, o: Any, tracks: Any, month: int) -> None:
    """Add the state at the end of a month to the sums over replicates."""
    divide_influence(a, o)
    for one in range(width(a)):
        if of(a[W.living], one) == 1.0:
            record_one(lane(a, one), o, tracks, month)


@njit(inner=True)
def record_one(a: Any, o: Any, tracks: Any, month: int) -> None:
    """Add the state of one run."""
    n = o.patrons
    if a[W.theatre_alive] == 1:
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
def go_on(a: Any, rules: Any) -> Any:
    """Take those of whom nothing that counts is left out of the living; whether any is alive."""
    lives = (a[W.living] == 1.0) & (a[W.run_weight] != 0.0)
    if rules.theatre_only == 1:
        lives = lives & (a[W.theatre_alive] == 1.0)
    a[W.living] = pick(lives, 1.0, 0.0)
    return some(lives)


@njit(inner=True)
def count(a: Any, alive: Any, month: int) -> None:
    """Add the weights of the runs that are alive to the sums over replicates, one after the other."""
    weight = pick(a[W.living] == 1.0, a[W.run_weight], 0.0)
    fighting = pick(a[W.theatre_alive] == 1.0, weight, 0.0)
    theatre, bilateral = alive[0, month], alive[1, month]
    for one in range(width(a)):
        theatre += of(fighting, one)
        bilateral += of(weight, one)
    alive[0, month], alive[1, month] = theatre, bilateral


@njit(inner=True)
def live(
    a: Any,
    o: Any,
    rules: Any,
    events: Any,
    trial: Any,
    keys: Any,
    where: Any,
    drawn: Any,
    span: Any,
    alive: Any,
    tracks: Any,
) -> Any:
    """Some months of runs side by side (the first and the last); whether anything is left of them to go on with."""
    for month in range(span[0], span[1] + 1):
        if month == span[0] or month % SPAN == 0:
            draw_ahead(drawn, a, o, rules, events, keys, where, month)
        luck = luck_of(drawn, month)
        if month == 0:
            feel(a, o, month)
        else:
            if o.shocks > 0 and shocks(a, o, events, luck, month):
                draw_ahead(drawn, a, o, rules, events, keys, where, month)
            one_month(a, o, rules, events, trial, keys, where, luck, month)
        if not go_on(a, rules):
            return False
        count(a, alive, month)
        if tracks.shape[0] > 0:
            record(a, o, tracks, month)
    return True


@njit(nogil=True)
def run_rows(
    vectors: Any,
    plan: Any,
    ruling: Any,
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
    drawn: Any,
) -> None:
    """Every replicate of some worlds, under every trial; what goes before all trials is run once.

    Parameters
    ----------
    vectors : ndarray, shape (worlds, length)
        Numbers in the order of ``fields.py``; left as they are.
    plan, ruling : ndarray of int64
        Words of ``Plan`` and of ``Rules``.
    events, keys
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
    room : ndarray, shape (3, 4 length)
        To work in; the caller's, so that it outlives every pointer into it.
    drawn : ndarray, shape (spans, numbers of a span)
        To work in; with fewer spans than there are, those take turns.
    """
    o, rules = plan_at(plan), rules_at(ruling)
    for row in range(rows[0], rows[1]):
        start, source = lanes_to_row(room, 0), pointer_to_row(vectors, row)
        first_lane = lane(start, 0)
        copy(first_lane, source, vectors.shape[1])
        begin(first_lane, o, rules)
        copy(start, first_lane, vectors.shape[1])
        for group in range(0, replicates[1], LANES):
            for one in range(LANES):
                lane(start, one)[W.living] = 1.0 if group + one < replicates[1] else 0.0
            where = (first + row, replicates[0] + group)
            forget_luck(drawn, o)
            run_trials(
                room, o, rules, events_of(events, row), trials, keys, where, drawn, alive[:, row], tracks[row]
            )
            if ends.shape[0] > 0:
                for one in range(min(LANES, replicates[1] - group)):
                    a = lane(lanes_to_row(room, 2), one)
                    censor(a, o, rules.months)
                    for c in range(6):
                        ends[row, group + one, c] = int(a[W.theatre_end + c])
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
    drawn: Any,
    alive: Any,
    tracks: Any,
) -> None:
    """Some replicates of one world: the months that no trial touches, then the rest under each trial."""
    length = room.shape[1] // LANES
    start, then, a = lanes_to_row(room, 0), lanes_to_row(room, 1), lanes_to_row(room, 2)
    luck = Keys(pointer(keys.patron), keys.world, pointer(keys.shock))
    copy(a, start, length)
    shared = rules.months_shared
    span = (0, shared)
    if not live(a, o, rules, events, trial_of(trials, 0), luck, where, drawn, span, alive[0], tracks):
        return
    copy(then, a, length)
    for which in range(trials.shape[0]):
        if which > 0:
            copy(a, then, length)
        span = (shared + 1, trials[which, 6])
        live(a, o, rules, events, trial_of(trials, which), luck, where, drawn, span, alive[which], tracks)
