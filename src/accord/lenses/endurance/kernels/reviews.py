"""Who reviews, and what it decides: months' reviews, entry, the review after the theatre, and calls for help.

With *weighted* rules a choice that would end the bilateral level by itself is not drawn: its probability is taken off
the weight of the run, and the choice is drawn from the rest (page, section 4).
"""

from __future__ import annotations

from typing import Any

from accord.engine.compile import njit
from accord.engine.elementary import exp, logistic
from accord.engine.lanes import bits, even, flip, lane, of, pick, some, width
from accord.engine.streams import uniform, uniform_pair
from accord.lenses.endurance.fields import PP, P, W
from accord.lenses.endurance.kernels.flows import bilateral_flows, settle_month, theatre_flows
from accord.lenses.endurance.kernels.luck import (
    ANSWER,
    LAST_REVIEW,
    PURPOSES,
    call_luck,
    review_luck,
)
from accord.lenses.endurance.kernels.memory import (
    ABANDONMENT,
    ENTERS,
    ENTRAPMENT,
    EXHAUSTION,
    FAIT_ACCOMPLI,
    FULFILLED,
    IN_BILATERAL,
    NP,
    NPP,
    SELL_OUT,
    STAYS,
)
from accord.lenses.endurance.kernels.production import ALL, ALONE, WITHOUT, chance, lead, log_output
from accord.lenses.endurance.kernels.values import best_offer, choose, ending_share, value_options

# No month: shares must be settled anew.
NEVER = -1.0


@njit(melt=True)
def members(a: Any, o: Any, level: int) -> Any:
    """How many are in."""
    count = even(a, 0.0)
    for i in range(o.patrons):
        count += a[o.p + i * NP + level]
    return count


@njit(melt=True)
def in_the_theatre(a: Any, o: Any, i: int) -> Any:
    """Whether a patron judges by the theatre, being in one that is alive, and not by the bilateral level."""
    return (a[W.theatre_alive] == 1.0) & (a[o.p + i * NP + P.in_theatre] == 1.0)


@njit(inner=True)
def weigh_up(a: Any, o: Any, rules: Any, i: int, month: int) -> Any:
    """Flows, values and choice probabilities of one patron; gives back whether it judged by the theatre."""
    theatre = in_the_theatre(a, o, i)
    settle_month(a, o, month)
    best_offer(a, o, i, month)
    if some(theatre):
        theatre_flows(a, o, i, rules.client)
    if some(flip(theatre)):
        bilateral_flows(a, o, i, rules.client, theatre)
    value_options(a, o, i, theatre, rules.quorum, rules.client)
    choose(a, o, i, rules.beta)
    return theatre


@njit(inner=True)
def decide(a: Any, o: Any, i: int, theatre: bool, u: float, ends: bool) -> None:
    """Turn a uniform number into a choice; without *ends* options that end the bilateral level are left out."""
    p = o.p + i * NP
    goal = theatre and a[p + P.goal_met] == 1
    p_exit = a[p + P.p_exit] if ends or goal else 0.0
    p_sell = a[p + P.p_sell] if ends else 0.0
    p_grab = a[p + P.p_grab] if ends else 0.0
    place = u * (a[p + P.p_stay] + a[p + P.p_shirk] + p_exit + p_sell + p_grab) - a[p + P.p_stay]
    a[W.acted] = 0
    if place < 0.0:
        a[p + P.effort] = 1.0
    elif place < a[p + P.p_shirk]:
        a[p + P.effort] = a[p + P.shirking_effort]
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
    here = (a[W.living] == 1.0) & (a[o.p + i * NP + P.in_bilateral] == 1.0)
    spared = (members(a, o, IN_BILATERAL) == rules.quorum) & (rules.weighted == 1)
    happens, choice = draws
    acts = here & (spared | (happens < often))
    if not some(acts):
        return
    theatre = weigh_up(a, o, rules, i, month)
    ends = pick(spared, often * ending_share(a, o, i, theatre), 0.0)
    a[W.run_weight] *= pick(acts, 1.0 - ends, 1.0)
    chosen = bits(acts & (happens * (1.0 - ends) < often - ends))
    for one in range(width(a)):
        if chosen >> one & 1:
            decide(lane(a, one), o, i, of(theatre, one), of(choice, one), not of(spared, one))


@njit(inner=True)
def reviews(a: Any, o: Any, rules: Any, luck: Any, month: int) -> None:
    """Reviews and choices of all members (step 4), and entry of those who may come in."""
    # Entry first: influence is shared by last month's effort, which members' reviews change.
    for i in range(o.patrons):
        p = o.p + i * NP
        a[p + P.leaving] = STAYS
        outside = (a[p + P.in_bilateral] == 0.0) & (a[W.theatre_alive] == 1.0) & (a[W.living] == 1.0)
        may = outside & (a[p + P.may_enter] > 0.0) & (a[p + P.may_enter] <= month)
        if some(may) and rules.nu > 0.0:
            happens, choice = review_luck(luck, o, i, month)
            asked = bits(may & (happens < rules.nu))
            for one in range(width(a)):
                if asked >> one & 1:
                    consider_entry(lane(a, one), o, rules, i, month, of(choice, one))
    if rules.nu > 0.0:
        for i in range(o.patrons):
            review(a, o, rules, i, month, review_luck(luck, o, i, month), rules.nu)


@njit(inner=True)
def consider_entry(a: Any, o: Any, rules: Any, i: int, month: int, u: float) -> None:
    """A patron outside decides whether to come in."""
    if u < entry_probability(a, o, rules, i, month):
        a[o.p + i * NP + P.leaving] = ENTERS


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


@njit(melt=True)
def theatre_over(a: Any, o: Any, i: int) -> Any:
    """Whether a patron's theatre ended this month while the bilateral level goes on for it."""
    p = o.p + i * NP
    over = (a[p + P.was_in] == 1.0) & flip(in_the_theatre(a, o, i))
    return over & (a[p + P.in_bilateral] == 1.0)


@njit(inner=True)
def last_reviews(a: Any, o: Any, rules: Any, keys: Any, where: Any, month: int) -> None:
    """Review of the bilateral level by everyone whose theatre ended this month; certain, and after the dynamics."""
    world, replicate = where
    a[W.settled] = NEVER  # leavers of this month are heard no more
    for i in range(o.patrons):
        p = o.p + i * NP
        a[p + P.leaving] = STAYS
        if theatre_over(a, o, i):
            a[p + P.effort] = 1.0
            draws = uniform_pair(keys.patron[i * PURPOSES + LAST_REVIEW], world, replicate, month, 0)
            review(a, o, rules, i, month, draws, 1.0)


@njit(inner=True)
def shift_trust(a: Any, o: Any, i: int, j: int, ratio: float) -> None:
    """Move i's trust in j by a log-likelihood ratio (Kydd 2005)."""
    trust = a[o.pp + (i * o.patrons + j) * NPP + PP.trust]
    a[o.pp + (i * o.patrons + j) * NPP + PP.trust] = trust / (trust + (1.0 - trust) * exp(-ratio))


@njit(melt=True)
def going(a: Any, o: Any, i: int) -> Any:
    """Whether a patron has already chosen this month to leave the bilateral level."""
    code = a[o.p + i * NP + P.leaving]
    return (code > FULFILLED) & (code != EXHAUSTION)


@njit(melt=True)
def called(a: Any, o: Any, luck: Any, j: int, month: int) -> Any:
    """Whether a member calls for help this month."""
    p = o.p + j * NP
    able = (a[p + P.in_bilateral] == 1.0) & flip(going(a, o, j))
    rate = pick(able, a[p + P.help_calls], 0.0)
    return (rate > 0.0) & (call_luck(luck, o, j, month) < rate)


@njit(melt=True)
def anybody_calls(a: Any, o: Any, luck: Any, month: int) -> Any:
    """Whether any member calls for help this month."""
    found = called(a, o, luck, 0, month)
    for j in range(1, o.patrons):
        found = found | called(a, o, luck, j, month)
    return found


@njit(inner=True)
def calls(a: Any, o: Any, rules: Any, luck: Any, keys: Any, where: Any, month: int) -> None:
    """Calls for help in one run and the answers to them (step 6); all weigh up before anybody has answered."""
    world, replicate = where
    count = 0.0
    for j in range(o.patrons):
        a[o.p + j * NP + P.tie] = pick(called(a, o, luck, j, month), 1.0, 0.0)
        count += a[o.p + j * NP + P.tie]
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
    yes = exp(rules.beta * (honour - most))
    no = exp(rules.beta * (refuse - most))
    gone = exp(rules.beta * (leave - most))
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
