"""Who reviews, and what it decides: months' reviews, entry, the review after the theatre, and calls for help.

With *weighted* rules a choice that would end the bilateral level by itself is not drawn: its probability is taken off
the weight of the run, and the choice is drawn from the rest (page, section 4).
"""

from __future__ import annotations

import math
from typing import Any

from accord.engine.compile import njit
from accord.engine.streams import uniform, uniform_pair
from accord.lenses.endurance.fields import PP, P, W
from accord.lenses.endurance.kernels.flows import bilateral_flows, logistic, settle_month, theatre_flows
from accord.lenses.endurance.kernels.memory import (
    ABANDONMENT,
    ENTERS,
    ENTRAPMENT,
    EXHAUSTION,
    FAIT_ACCOMPLI,
    FULFILLED,
    IN_BILATERAL,
    IN_THEATRE,
    NP,
    NPP,
    SELL_OUT,
    STAYS,
)
from accord.lenses.endurance.kernels.production import ALL, ALONE, WITHOUT, chance, lead, log_output
from accord.lenses.endurance.kernels.values import best_offer, choose, ending_share, value_options

# No month: shares must be settled anew.
NEVER = -1.0

# Purposes of a patron's streams, in the order in which keys are made.
REVIEW, TIE_BREAK, SIGNAL, OFFERS, CALL, ANSWER, DRIFT, LAST_REVIEW = range(8)
PURPOSES = 8


@njit(melt=True)
def members(a: Any, o: Any, level: int) -> Any:
    """How many are in."""
    count = 0
    for i in range(o.patrons):
        p = o.p + i * NP
        count += a[p + level]
    return count


@njit(melt=True)
def phase(a: Any, o: Any, i: int) -> Any:
    """The level by which a patron judges: the theatre while it is in one that is alive, else the bilateral level."""
    p = o.p + i * NP
    return IN_THEATRE if a[W.theatre_alive] == 1 and a[p + P.in_theatre] == 1 else IN_BILATERAL


@njit(inner=True)
def weigh_up(a: Any, o: Any, rules: Any, i: int, month: int) -> Any:
    """Flows, values and choice probabilities of one patron; gives back the level it judged by."""
    level = phase(a, o, i)
    settle_month(a, o, month)
    best_offer(a, o, i, month)
    if level == IN_THEATRE:
        theatre_flows(a, o, i, rules.client)
    else:
        bilateral_flows(a, o, i, rules.client)
    value_options(a, o, i, level, rules.quorum, rules.client)
    choose(a, o, i, rules.beta)
    return level


@njit(melt=True)
def decide(a: Any, o: Any, i: int, level: int, u: float, ends: bool, own_effort: float) -> None:
    """Turn a uniform number into a choice; without *ends* options that end the bilateral level are left out."""
    p = o.p + i * NP
    goal = level == IN_THEATRE and a[p + P.goal_met] == 1
    p_exit = a[p + P.p_exit] if ends or goal else 0.0
    p_sell = a[p + P.p_sell] if ends else 0.0
    p_grab = a[p + P.p_grab] if ends else 0.0
    place = u * (a[p + P.p_stay] + a[p + P.p_shirk] + p_exit + p_sell + p_grab) - a[p + P.p_stay]
    a[W.acted] = 0
    if place < 0.0:
        a[p + P.effort] = 1.0
    elif place < a[p + P.p_shirk]:
        a[p + P.effort] = own_effort
    elif place < a[p + P.p_shirk] + p_exit:
        a[p + P.leaving] = FULFILLED if goal else ABANDONMENT
    elif place < a[p + P.p_shirk] + p_exit + p_sell:
        a[p + P.leaving] = SELL_OUT
    elif p_grab > 0.0:
        a[p + P.leaving] = FAIT_ACCOMPLI
    else:
        a[p + P.effort] = 1.0


@njit(inner=True)
def review(a: Any, o: Any, rules: Any, i: int, month: int, draws: Any, often: float) -> None:
    """One patron's review: it comes with probability *often* (nu, or 1), and in weighted runs conditional on not ending."""
    p = o.p + i * NP
    spared = rules.weighted == 1 and members(a, o, IN_BILATERAL) == rules.quorum
    happens, choice = draws
    if not spared and happens >= often:
        return
    level = weigh_up(a, o, rules, i, month)
    ends = 0.0
    if spared:
        ends = often * ending_share(a, o, i, level)
        a[W.run_weight] *= 1.0 - ends
    if happens * (1.0 - ends) < often - ends:
        decide(a, o, i, level, choice, not spared, a[p + P.shirking_effort])


@njit(inline=True)
def reviews(a: Any, o: Any, rules: Any, keys: Any, where: Any, month: int) -> None:
    """Reviews and choices of all members (step 4), and entry of those who may come in."""
    world, replicate = where
    # Entry first: influence is shared by last month's effort, which members' reviews change.
    for i in range(o.patrons):
        p = o.p + i * NP
        a[p + P.leaving] = STAYS
        outside = a[p + P.in_bilateral] == 0 and a[W.theatre_alive] == 1
        if outside and a[p + P.may_enter] > 0 and a[p + P.may_enter] <= month:
            happens, choice = uniform_pair(keys.patron[i * PURPOSES + REVIEW], world, replicate, month, 0)
            if happens < rules.nu and choice < entry_probability(a, o, rules, i, month):
                a[p + P.leaving] = ENTERS
    for i in range(o.patrons):
        if a[o.p + i * NP + IN_BILATERAL] == 1 and rules.nu > 0.0:
            draws = uniform_pair(keys.patron[i * PURPOSES + REVIEW], world, replicate, month, 0)
            review(a, o, rules, i, month, draws, rules.nu)


@njit(inner=True)
def entry_probability(a: Any, o: Any, rules: Any, i: int, month: int) -> Any:
    """Chance that a patron outside comes in at its review, ``logistic(beta (v_stay - v_out))``."""
    p = o.p + i * NP
    a[p + P.in_theatre] = 1
    a[p + P.in_bilateral] = 1
    full, together = a[W.q_full], a[W.chance]
    a[W.q_full] = log_output(a, o, ALL, o.patrons)
    a[W.chance] = chance(lead(a[W.q_full], a[W.opposed], a[W.contest_exponent]))
    a[p + P.q_without] = log_output(a, o, WITHOUT, i)
    a[p + P.q_alone] = log_output(a, o, ALONE, i)
    a[W.settled] = NEVER
    a[W.heard] = 0
    weigh_up(a, o, rules, i, month)
    a[p + P.in_theatre] = 0
    a[p + P.in_bilateral] = 0
    a[W.q_full], a[W.chance] = full, together
    # The shares above were those of a partnership that i is in; the members' own are made anew.
    a[W.settled] = NEVER
    a[W.heard] = 0
    settle_month(a, o, month)
    return logistic(rules.beta * (a[p + P.v_stay] - a[p + P.u_out]))


@njit(inline=True)
def last_reviews(a: Any, o: Any, rules: Any, keys: Any, where: Any, month: int) -> None:
    """Review of the bilateral level by everyone whose theatre ended this month; certain, and after the dynamics."""
    world, replicate = where
    a[W.settled] = NEVER  # leavers of this month are heard no more
    for i in range(o.patrons):
        p = o.p + i * NP
        a[p + P.leaving] = STAYS
        over = a[p + P.was_in] == 1 and phase(a, o, i) == IN_BILATERAL
        if over and a[p + P.in_bilateral] == 1:
            a[p + P.effort] = 1.0
            draws = uniform_pair(keys.patron[i * PURPOSES + LAST_REVIEW], world, replicate, month, 0)
            review(a, o, rules, i, month, draws, 1.0)


@njit(inner=True)
def shift_trust(a: Any, o: Any, i: int, j: int, ratio: float) -> None:
    """Move i's trust in j by a log-likelihood ratio (Kydd 2005)."""
    trust = a[o.pp + (i * o.patrons + j) * NPP + PP.trust]
    a[o.pp + (i * o.patrons + j) * NPP + PP.trust] = trust / (trust + (1.0 - trust) * math.exp(-ratio))


@njit(melt=True)
def going(a: Any, o: Any, i: int) -> Any:
    """Whether a patron has already chosen this month to leave the bilateral level."""
    p = o.p + i * NP
    code = a[p + P.leaving]
    return code > FULFILLED and code != EXHAUSTION


@njit(inner=True)
def calls(a: Any, o: Any, rules: Any, keys: Any, where: Any, month: int) -> None:
    """Calls for help and the answers to them (step 6); all weigh up before anybody has answered."""
    world, replicate = where
    if a[W.bilateral_alive] == 0:
        return
    count = 0
    for j in range(o.patrons):
        p = o.p + j * NP
        a[p + P.tie] = 0.0
        rate = a[p + P.help_calls] if a[p + P.in_bilateral] == 1 and not going(a, o, j) else 0.0
        if rate > 0.0 and uniform(keys.patron[j * PURPOSES + CALL], world, replicate, month, 0) < rate:
            a[p + P.tie] = 1.0
            count += 1
    if count == 0:
        return
    for i in range(o.patrons):
        p = o.p + i * NP
        if a[p + P.in_bilateral] == 1 and not going(a, o, i) and count > a[p + P.tie]:
            weigh_up(a, o, rules, i, month)
    for j in range(o.patrons):
        if a[o.p + j * NP + P.tie] == 0.0:
            continue
        for i in range(o.patrons):
            p = o.p + i * NP
            if i != j and a[p + P.in_bilateral] == 1 and not going(a, o, i):
                u = uniform(keys.patron[i * PURPOSES + ANSWER], world, replicate, month, j)
                answer(a, o, rules, (i, j), u)


@njit(inner=True)
def answer(a: Any, o: Any, rules: Any, pair: Any, u: float) -> None:
    """Honour, refuse or leave, by the logit rule without a review rate, from values weighed up before."""
    i, j = pair
    p = o.p + i * NP
    whole = a[p + P.whole]
    honour = a[p + P.v_stay] - a[p + P.help_cost] / whole
    refuse, leave = a[p + P.v_stay], a[p + P.v_exit]
    most = max(honour, refuse, leave)
    yes = math.exp(rules.beta * (honour - most))
    no = math.exp(rules.beta * (refuse - most))
    gone = math.exp(rules.beta * (leave - most))
    if rules.weighted == 1 and members(a, o, IN_BILATERAL) == rules.quorum:
        a[W.run_weight] *= 1.0 - gone / (yes + no + gone)
        gone = 0.0
    place = u * (yes + no + gone)
    if place < yes:
        shift_trust(a, o, j, i, 0.5)
    elif place < yes + no or gone == 0.0:
        shift_trust(a, o, j, i, -1.0)
    else:
        a[p + P.leaving] = ENTRAPMENT
