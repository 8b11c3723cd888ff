"""What else happens in a month: endings, learning, dynamics, offers, shocks and trials."""

from __future__ import annotations

import math
from typing import Any

from accord.engine.compile import njit
from accord.engine.elementary import clip, exp, expm1, log_odds, logistic
from accord.engine.lanes import bits, even, lane, of, pick, some, width
from accord.engine.streams import normal, normal_quantile, uniform
from accord.lenses.endurance.fields import PI, PP, PS, PT, H, P, R, W
from accord.lenses.endurance.kernels.flows import total_level
from accord.lenses.endurance.kernels.luck import (
    DRIFT,
    PURPOSES,
    TIE_BREAK,
    offer_luck,
    shock_luck,
    signal_luck,
    territory_luck,
)
from accord.lenses.endurance.kernels.memory import (
    ABANDONMENT,
    ADD,
    COLLAPSE,
    ENTERS,
    EXHAUSTION,
    FULFILLED,
    HOLD,
    IN_BILATERAL,
    IN_THEATRE,
    LOG_ODDS_ADD,
    NH,
    NP,
    NPI,
    NPP,
    NPS,
    NPT,
    NR,
    SET,
    STAYS,
    TERRITORY_ADD,
    TERRITORY_SET,
    TERRITORY_TIMES,
    TIMES,
)
from accord.lenses.endurance.kernels.production import actual_output, chance, lead, pull
from accord.lenses.endurance.kernels.reviews import NEVER, members, shift_trust
from accord.lenses.endurance.kernels.values import foresee

_FLOOR = 1e-6
_UPPER_QUARTILE = 0.6745
_OPEN = 6


@njit(inner=True)
def short_of_means(a: Any, o: Any, i: int) -> Any:
    """Whether a leaver has taken the last of some resource that counts with it."""
    for m in range(o.resources):
        if a[o.r + m * NR + R.weight] <= 0.0 or a[o.pr + i * o.resources + m] <= 0.0:
            continue
        left = a[o.r + m * NR + R.client_capability]
        for j in range(o.patrons):
            if a[o.p + j * NP + P.in_theatre] == 1:
                left += a[o.p + j * NP + P.availability] * a[o.pr + j * o.resources + m]
        if left <= 0.0:
            return True
    return False


@njit(inner=True)
def end_theatre(a: Any, o: Any, month: int, cause: int, ender: int) -> None:
    """Write down how the theatre ended; it is over for everyone."""
    a[W.theatre_alive] = 0
    a[W.theatre_end] = month
    a[W.theatre_cause] = cause
    a[W.theatre_ender] = ender


@njit(inner=True)
def leave(a: Any, o: Any, rules: Any, i: int, month: int, cause: int) -> None:
    """Take a patron out: of the theatre, and unless it is exhausted of the bilateral level too."""
    p = o.p + i * NP
    a[p + P.in_theatre] = 0
    a[W.stale] = 1
    a[W.heard] = 0
    if cause != EXHAUSTION:
        a[p + P.in_bilateral] = 0
    counted = a[W.theatre_alive] == 1 and a[p + P.was_in] == 1
    if counted and (members(a, o, IN_THEATRE) < rules.quorum or short_of_means(a, o, i)):
        end_theatre(a, o, month, cause, i)
    if a[W.bilateral_alive] == 1 and members(a, o, IN_BILATERAL) < rules.quorum:
        a[W.bilateral_alive] = 0
        a[W.bilateral_end] = month
        a[W.bilateral_cause] = cause
        a[W.bilateral_ender] = i


@njit(inner=True)
def first_of(a: Any, o: Any, kind: int) -> Any:
    """The patron of a kind of leaving whose tie-break is smallest; -1 when there is none."""
    best, found = 2.0, -1
    for i in range(o.patrons):
        p = o.p + i * NP
        code = a[p + P.leaving]
        same = code > FULFILLED and code != EXHAUSTION if kind == ABANDONMENT else code == kind
        if same and a[p + P.tie] < best:
            best, found = a[p + P.tie], i
    return found


@njit(inner=True)
def break_ties(a: Any, o: Any, keys: Any, where: Any, month: int) -> Any:
    """Draw the tie-breaks when more than one is leaving; gives back how many are."""
    leaving = 0
    for i in range(o.patrons):
        p = o.p + i * NP
        a[p + P.tie] = 0.5
        leaving += a[p + P.leaving] != STAYS
    if leaving > 1:
        for i in range(o.patrons):
            p = o.p + i * NP
            a[p + P.tie] = uniform(keys.patron[i * PURPOSES + TIE_BREAK], where[0], where[1], month, 0)
    return leaving


@njit(inner=True)
def endings(a: Any, o: Any, rules: Any, keys: Any, where: Any, month: int) -> None:
    """Step 7: choices that end the bilateral level, then fulfilled exits, then forced exits; entries last."""
    if break_ties(a, o, keys, where, month) == 0:
        return
    for kind in (ABANDONMENT, FULFILLED, EXHAUSTION):
        i = first_of(a, o, kind)
        while i >= 0:
            p = o.p + i * NP
            cause = a[p + P.leaving]
            a[p + P.leaving] = STAYS
            if cause == FULFILLED:
                if a[W.theatre_alive] == 1:
                    part(a, o, i, a[W.fulfilment_signal])
                    end_theatre(a, o, month, FULFILLED, i)
            elif cause == EXHAUSTION:
                if a[W.theatre_alive] == 1:
                    part(a, o, i, a[W.exhaustion_signal])
                    leave(a, o, rules, i, month, cause)
            else:
                leave(a, o, rules, i, month, cause)
            i = first_of(a, o, kind)
    for i in range(o.patrons):
        p = o.p + i * NP
        if a[p + P.leaving] == ENTERS:
            a[p + P.leaving] = STAYS
            if a[W.theatre_alive] == 1:
                a[p + P.in_theatre] = 1
                a[p + P.in_bilateral] = 1
                a[p + P.may_enter] = 0  # once only
                a[p + P.effort] = 1.0
                a[W.stale] = 1
                a[W.heard] = 0


@njit(inner=True)
def part(a: Any, o: Any, i: int, ratio: float) -> None:
    """Leaving the theatre is an event for the others' trust in the leaver."""
    if ratio == 0.0:
        return
    for j in range(o.patrons):
        if j != i and a[o.p + j * NP + P.in_bilateral] == 1:
            shift_trust(a, o, j, i, ratio)


@njit(melt=True)
def exhaust(a: Any, o: Any) -> None:
    """Step 5: who has no patience left must leave the theatre, unless it leaves by choice."""
    for i in range(o.patrons):
        p = o.p + i * NP
        here = (a[W.theatre_alive] == 1.0) & (a[p + P.in_theatre] == 1.0) & (a[p + P.leaving] == STAYS)
        out = here & (a[p + P.patience_now] <= a[p + P.patience_floor])
        a[p + P.leaving] = pick(out, EXHAUSTION, a[p + P.leaving])


@njit(melt=True)
def anybody_leaves(a: Any, o: Any) -> Any:
    """Whether anybody leaves or comes in this month."""
    found = a[o.p + P.leaving] != STAYS
    for i in range(1, o.patrons):
        found = found | (a[o.p + i * NP + P.leaving] != STAYS)
    return found


@njit(inner=True)
def learn(a: Any, o: Any, luck: Any, month: int) -> None:
    """Step 8: noisy signals, Bayes' rule, and drift back to where trust began."""
    q, noise, forget = a[W.defection_rate], a[W.observation_noise], a[W.forgetting]
    false_good = (1.0 - q) * (1.0 - noise) + q * noise
    for i in range(o.patrons):
        for j in range(o.patrons):
            if j == i:
                continue
            p = o.p + j * NP
            both = (a[o.p + i * NP + P.in_bilateral] == 1.0) & (a[p + P.in_bilateral] == 1.0)
            done = (a[p + P.effort] == 1.0) | (a[p + P.in_theatre] == 0.0) | (a[W.theatre_alive] == 0.0)
            good = done ^ (signal_luck(luck, o, i, j, month) < noise)
            if_true = pick(good, 1.0 - noise, noise)
            if_false = pick(good, false_good, 1.0 - false_good)
            at = o.pp + (i * o.patrons + j) * NPP
            before = a[at + PP.trust]
            seen = before * if_true + (1.0 - before) * if_false
            trust = pick(seen > 0.0, before * if_true / seen, before)
            trust += forget * (a[at + PP.trust_at_start] - trust)
            a[at + PP.trust] = pick(both, trust, before)


@njit(melt=True)
def bear(a: Any, o: Any, i: int, success: Any, fights: Any) -> None:
    """Losses and effort of one patron this month."""
    p = o.p + i * NP
    at_start = a[W.level_at_start]
    spared = 1.0 - a[W.chance_at_start]
    effort = pick(fights, a[p + P.effort], 0.0)
    a[p + P.effort_months] += effort
    proxies = a[p + P.proxy_share]
    felt = 1.0 - proxies + a[W.proxy_loss_weight] * proxies
    intensity = total_level(a, o) / at_start * (1.0 - success) / spared
    losses = a[p + P.own_losses] * effort * felt * intensity
    a[p + P.losses_so_far] += pick(fights & (at_start > 0.0) & (spared > 0.0), losses, 0.0)


@njit(inner=True)
def move(a: Any, o: Any, rules: Any, luck: Any, month: int) -> None:
    """Step 9: losses, territory, threats; the client collapses where its territory falls to the floor."""
    fought = (a[W.theatre_alive] == 1.0) & (a[W.living] == 1.0)
    anew = bits(fought & ((a[W.acted] == 0.0) | (a[W.stale] == 1.0)))
    for one in range(width(a)):
        if anew >> one & 1:
            actual_output(lane(a, one), o)
    advantage = lead(a[W.q_actual], a[W.opposed], a[W.contest_exponent])
    success = chance(advantage)
    for i in range(o.patrons):
        bear(a, o, i, success, fought & (a[o.p + i * NP + P.in_theatre] == 1.0))
    if rules.client == 1:
        step = a[W.territory_speed] * pull(advantage)
        noise = a[W.territory_noise]
        if some(noise > 0.0):
            step = pick(noise > 0.0, step + noise * territory_luck(luck, o, month), step)
        a[W.log_odds] = pick(fought, a[W.log_odds] + step, a[W.log_odds])
        a[W.territory] = pick(fought, logistic(a[W.log_odds]), a[W.territory])
    for k in range(o.threats):
        h = o.h + k * NH
        level = a[h + H.level]
        grown = level + level * (a[h + H.growth] * (1.0 - level) - a[h + H.attrition] * success)
        moves = fought & (a[h + H.held] == 0.0)
        a[h + H.level] = pick(moves, clip(grown, _FLOOR, 1.0), level)
        a[h + H.dynamic] = pick(moves, a[h + H.level], a[h + H.dynamic])
    if rules.client == 1:
        lost = bits(fought & (a[W.territory] <= a[W.territory_floor]))
        for one in range(width(a)):
            if lost >> one & 1:
                end_theatre(lane(a, one), o, month, COLLAPSE, o.patrons)


@njit(melt=True)
def check_goals(a: Any, o: Any, client: int) -> None:
    """Whose goal holds now, by the dynamics; without client and threat there is none to reach."""
    for i in range(o.patrons):
        p = o.p + i * NP
        missed = even(a, 0.0)
        if client == 1:
            missed += pick(a[W.territory] < a[p + P.territory_goal], 1.0, 0.0)
        elif o.threats == 0:
            missed += 1.0
        for k in range(o.threats):
            above = a[o.h + k * NH + H.dynamic] > a[o.pt + (i * o.threats + k) * NPT + PT.goal]
            missed += pick(above, 1.0, 0.0)
        a[p + P.goal_met] = pick(missed > 0.0, 0.0, 1.0)


@njit(inner=True)
def wander(a: Any, o: Any, keys: Any, where: Any, month: int) -> None:
    """Drift of positions and of the logarithm of capability."""
    positions, means = a[W.position_drift], a[W.capability_drift]
    if positions <= 0.0 and means <= 0.0:
        return
    a[W.heard] = 0
    for i in range(o.patrons):
        for k in range(o.issues):
            if positions > 0.0:
                step = normal(keys.patron[i * PURPOSES + DRIFT], where[0], where[1], month, k)
                moved = a[o.pi + (i * o.issues + k) * NPI + PI.position] + positions / math.sqrt(12.0) * step
                a[o.pi + (i * o.issues + k) * NPI + PI.position] = min(max(moved, 0.0), 1.0)
        for m in range(o.resources):
            if means > 0.0:
                step = normal(keys.patron[i * PURPOSES + DRIFT], where[0], where[1], month, o.issues + m)
                a[o.pr + i * o.resources + m] *= exp(means / math.sqrt(12.0) * step)
                a[W.stale] = 1


@njit(inner=True)
def offers(a: Any, o: Any, luck: Any, month: int) -> None:
    """Step 10: offers arrive; a larger one replaces an open one and restarts its clock."""
    for i in range(o.patrons):
        here = (a[o.p + i * NP + P.in_bilateral] == 1.0) & (a[W.living] == 1.0)
        hindered = even(a, 1.0)
        for j in range(o.patrons):
            p = o.p + j * NP
            if j != i:
                hindered *= pick(a[p + P.in_bilateral] == 1.0, 1.0 - a[p + P.spoiling], 1.0)
        for b in range(o.suitors):
            rate = a[o.ps + (i * o.suitors + b) * NPS + PS.rate] * hindered
            if some(rate > 0.0):
                arrives, large = offer_luck(luck, o, i, b, month)
                come = bits(here & (rate > 0.0) & (arrives < rate))
                for one in range(width(a)):
                    if come >> one & 1 and of(arrives, one) < -expm1(-of(rate, one)):
                        receive(lane(a, one), o, i, b, of(large, one), month)


@njit(inner=True)
def receive(a: Any, o: Any, i: int, b: int, u: float, month: int) -> None:
    """One offer arrives; its size is lognormal."""
    at = o.ps + (i * o.suitors + b) * NPS
    size = exp(a[at + PS.size] + a[at + PS.spread] * normal_quantile(u))
    put(a, o, i, b, size, month, math.floor(a[at + PS.open_months] + 0.5))


@njit(inner=True)
def put(a: Any, o: Any, i: int, b: int, size: float, month: int, duration: float) -> None:
    """Lay an offer on the table, unless a larger one of the same suitor lies there."""
    if (
        a[o.ps + (i * o.suitors + b) * NPS + PS.open_until] <= month
        or size > a[o.ps + (i * o.suitors + b) * NPS + PS.open_size]
    ):
        a[o.ps + (i * o.suitors + b) * NPS + PS.open_size] = size
        a[o.ps + (i * o.suitors + b) * NPS + PS.open_until] = month + duration


@njit(inner=True)
def apply_change(a: Any, o: Any, where: int, op: int, value: float) -> None:
    """Change one number of the world, or of the state that is kept there."""
    if op in (SET, TERRITORY_SET, HOLD):
        a[where] = value
    elif op in (ADD, TERRITORY_ADD):
        a[where] += value
    elif op in (TIMES, TERRITORY_TIMES):
        a[where] *= value
    elif op == LOG_ODDS_ADD:
        a[where] = logistic(log_odds(a[where]) + value)
    if op == HOLD:
        a[o.h + (where - o.h) // NH * NH + H.held] = 1.0
    if op in (TERRITORY_SET, TERRITORY_ADD, TERRITORY_TIMES):
        a[W.log_odds] = log_odds(a[W.territory])
    a[W.settled] = 0
    a[W.heard] = 0
    # Outputs depend on numbers of the world, of patrons and of resources, foresight on those of patrons only.
    if where < o.q or o.pr <= where < o.pi:
        a[W.stale] = 1
    if where < o.h:
        foresee(a, o)
        for i in range(o.patrons):
            a[o.p + i * NP + P.strength_of] = NEVER


@njit(inner=True)
def shocks(a: Any, o: Any, events: Any, luck: Any, month: int) -> Any:
    """Step 1: dated changes in their month, random ones until they have happened once; whether any came."""
    changed = False
    for e in range(o.shocks):
        if events.month[e] > 0:
            strikes = (a[W.living] == 1.0) & (events.month[e] == month)
        else:
            waits = (a[o.e + e] == 0.0) & (a[W.living] == 1.0)
            strikes = waits & (shock_luck(luck, o, e, month) < events.hazard[e])
        if some(strikes):
            changed = True
            struck = bits(strikes)
            for one in range(width(a)):
                if struck >> one & 1:
                    strike(lane(a, one), o, events, e)
    return changed


@njit(inner=True)
def strike(a: Any, o: Any, events: Any, e: int) -> None:
    """One shock happens in one run."""
    a[o.e + e] = 1
    for c in range(events.changes):
        if events.of[c] == e:
            apply_change(a, o, events.index[c], events.op[c], events.value[c])
