"""What a month is worth to a patron: with all, shirking, outside, and left alone (page: "Flows")."""

from __future__ import annotations

import math
from typing import Any

from accord.engine.compile import njit
from accord.engine.elementary import clip, larger, log_odds, power
from accord.engine.lanes import even, flip, of, pick, some, width, with_lane
from accord.engine.streams import normal_cdf
from accord.lenses.endurance.fields import PI, PT, H, I, P, R, W
from accord.lenses.endurance.kernels.memory import IN_BILATERAL, IN_THEATRE, NH, NI, NP, NPI, NPT, NR
from accord.lenses.endurance.kernels.production import chance, lead, pull

# Standard deviations beyond which a normal distribution holds less than rounding: Phi(-9) is 1e-19.
_CERTAIN = 9.0


@njit(melt=True)
def total_level(a: Any, o: Any) -> Any:
    """Sum of the threats' levels."""
    total = even(a, 0.0)
    for k in range(o.threats):
        total += a[o.h + k * NH + H.level]
    return total


@njit(melt=True)
def progress(a: Any, o: Any, client: int) -> Any:
    """How near the end state is: territory held, or without a client the part of the threat that is gone."""
    if client == 1:
        return a[W.territory]
    at_start = a[W.level_at_start]
    gone = clip(1.0 - total_level(a, o) / at_start, 0.0, 1.0)
    return pick(at_start <= 0.0, 0.0, gone)


@njit(inner=True)
def divide_influence(a: Any, o: Any) -> None:
    """Shares a_i of influence over the client: a contest in leverage, evened out by its balancing (Tullock 1980)."""
    total, members = even(a, 0.0), even(a, 0.0)
    for i in range(o.patrons):
        p = o.p + i * NP
        inside = a[p + P.in_theatre] == 1.0
        means = a[p + P.leverage] * a[p + P.effort]
        changed = inside & (means != a[p + P.strength_of])
        if some(changed):
            a[p + P.strength_of] = pick(changed, means, a[p + P.strength_of])
            a[p + P.strength] = pick(changed, power(means, a[W.influence_exponent]), a[p + P.strength])
        a[p + P.share] = pick(inside, a[p + P.strength], 0.0)
        total += a[p + P.share]
        members += pick(inside, 1.0, 0.0)
    b = a[W.balancing]
    for i in range(o.patrons):
        p = o.p + i * NP
        share = pick(total > 0.0, a[p + P.share] / total, 1.0 / members)
        inside = a[p + P.in_theatre] == 1.0
        a[p + P.share] = pick(inside, (1.0 - b) * share + b / members, 0.0)


@njit(inner=True)
def settle_policy(a: Any, o: Any) -> None:
    """Positions x_k they settle on: means weighted by capability and salience; NaN where nobody cares.

    One for those in the theatre, and one for those in at the bilateral level.
    """
    for row in range(2):
        level = IN_THEATRE if row == 0 else IN_BILATERAL
        for k in range(o.issues):
            given = a[o.q + k * NI + I.override]
            a[o.q + k * NI + I.policy + row] = pick(given == given, given, _middle(a, o, k, level))


@njit(melt=True)
def _middle(a: Any, o: Any, k: int, level: int) -> Any:
    """The members' weighted mean position on one issue."""
    top, total = even(a, 0.0), even(a, 0.0)
    for i in range(o.patrons):
        means = even(a, 0.0)
        for m in range(o.resources):
            means += a[o.r + m * NR + R.weight] * a[o.pr + i * o.resources + m]
        weight = means * a[o.pi + (i * o.issues + k) * NPI + PI.salience]
        inside = a[o.p + i * NP + level] == 1.0
        top += pick(inside, weight * a[o.pi + (i * o.issues + k) * NPI + PI.position], 0.0)
        total += pick(inside, weight, 0.0)
    return pick(total > 0.0, top / total, math.nan)


@njit(melt=True)
def divergence(a: Any, o: Any, i: int, row: int, client: int) -> Any:
    """Cost div_i of a policy away from one's own ideal points (page: "Client and policy")."""
    near = larger(progress(a, o, client), a[W.talks])
    cost = even(a, 0.0)
    for k in range(o.issues):
        q = o.q + k * NI
        at = o.pi + (i * o.issues + k) * NPI
        policy, loading = a[q + I.policy + row], a[q + I.agenda_loading]
        counts = policy == policy
        if row == 1:
            counts = counts & (a[q + I.standing] >= 0.5)
        active = (1.0 - loading) + loading * near
        felt = a[at + PI.salience] * active * abs(policy - a[at + PI.position])
        cost += pick(counts, felt, 0.0)
    return cost


@njit(melt=True)
def partners_dependence(a: Any, o: Any, i: int) -> Any:
    """Mean dependence of the other members."""
    total, count = even(a, 0.0), even(a, 0.0)
    for j in range(o.patrons):
        inside = a[o.p + j * NP + P.in_bilateral] == 1.0
        if j != i:
            total += pick(inside, a[o.p + j * NP + P.dependence], 0.0)
            count += pick(inside, 1.0, 0.0)
    return pick(count > 0.0, total / count, 0.0)


@njit(melt=True)
def base(a: Any, o: Any, i: int) -> Any:
    """What stays whatever the threat: standing interest, dependence and shared assets (Morrow 1991; Wallander 2000)."""
    p = o.p + i * NP
    dependence = (a[p + P.dependence_goods] - a[p + P.autonomy_cost]) * a[p + P.dependence]
    return a[p + P.standing_interest] + dependence + a[W.asset_value] * a[W.assets_at_start]


@njit(melt=True)
def room_to_fall(a: Any, o: Any, i: int, client: int) -> Any:
    """Log-odds from the client's territory down to the floor, as a negative number; minus infinity where it cannot hurt."""
    hurts = a[o.p + i * NP + P.client_collapse_loss] != 0.0
    if client == 0 or not some(hurts):
        return even(a, -math.inf)
    return pick(hurts, log_odds(a[W.territory_floor]) - a[W.log_odds], -math.inf)


@njit(melt=True)
def harm(a: Any, o: Any, i: int, advantage: Any, success: Any, room: Any) -> Any:
    """Blowback of a surviving threat, and the loss from a client that may collapse this month."""
    lost = even(a, 0.0)
    for k in range(o.threats):
        blowback = a[o.pt + (i * o.threats + k) * NPT + PT.blowback]
        lost += blowback * a[o.h + k * NH + H.level] * (1.0 - success)
    if not some(room > -math.inf):
        return lost
    loss = a[o.p + i * NP + P.client_collapse_loss]
    gap = room - a[W.territory_speed] * pull(advantage)
    noise = a[W.territory_noise]
    # The normal distribution has nothing left beyond, in double precision.
    certain = abs(gap) >= _CERTAIN * noise
    falls = pick(gap >= 0.0, 1.0, 0.0)
    if some(flip(certain)):
        falls = pick(certain, falls, normal_cdfs(a, gap / noise))
    return lost + pick(room > -math.inf, loss * falls, 0.0)


@njit(inner=True)
def normal_cdfs(a: Any, z: Any) -> Any:
    """The standard normal distribution, lane by lane."""
    found = even(a, 0.0)
    for one in range(width(a)):
        found = with_lane(found, one, normal_cdf(of(z, one)))
    return found


@njit(melt=True)
def optional(a: Any, o: Any, i: int) -> Any:
    """Threat utility, rent from the partner's isolation, and the cost of too strong a client."""
    p = o.p + i * NP
    extra = even(a, 0.0)
    if some(a[p + P.isolation_rent] != 0.0):
        extra = a[p + P.isolation_rent] * partners_dependence(a, o, i)
    for k in range(o.threats):
        level = a[o.h + k * NH + H.level]
        extra += a[o.pt + (i * o.threats + k) * NPT + PT.usefulness] * level * (1.0 - level)
    if some(a[p + P.client_strength_cost] != 0.0):
        strength = even(a, 0.0)
        for m in range(o.resources):
            strength += a[o.r + m * NR + R.client_capability]
        extra -= a[p + P.client_strength_cost] * larger(strength - a[p + P.client_ceiling], 0.0)
    return extra


@njit(melt=True)
def theatre_flows(a: Any, o: Any, i: int, client: int) -> None:
    """Flows of a patron in the joint theatre: all stay, it shirks, it is outside, it is left alone."""
    p = o.p + i * NP
    n = a[W.contest_exponent]
    success = even(a, 0.0)
    for k in range(o.threats):
        success += a[o.pt + (i * o.threats + k) * NPT + PT.value] * a[o.h + k * NH + H.level]
    full = lead(a[W.q_full], a[W.opposed], n)
    slack = lead(a[p + P.q_shirk], a[W.opposed], n)
    without = lead(a[p + P.q_without], a[W.opposed], n)
    alone = lead(a[p + P.q_alone], a[W.opposed], n)
    wins, wins_slack = a[W.chance], chance(slack)
    wins_without, wins_alone = chance(without), chance(alone)
    cost = a[p + P.material_cost]
    politics = a[p + P.political_weight] * (1.0 - a[p + P.patience_now])
    prize = influence = even(a, 0.0)
    if client == 1:
        prize = a[p + P.influence_value]
        need = a[p + P.influence_needs_territory]
        influence = prize * a[p + P.share] * ((1.0 - need) + need * a[W.territory])
    common = base(a, o, i) + optional(a, o, i) - divergence(a, o, i, 0, client)
    effort = a[p + P.shirking_effort]
    stay = success * wins - cost - politics + influence + common
    shirk = success * wins_slack - effort * (cost + politics) + effort * influence + common
    room = room_to_fall(a, o, i, client)
    out = success * wins_without + a[p + P.outside_value] - harm(a, o, i, without, wins_without, room)
    left = success * wins_alone - cost - politics + prize + a[p + P.outside_value]
    a[p + P.u_stay] = stay - harm(a, o, i, full, wins, room)
    a[p + P.u_shirk] = shirk - harm(a, o, i, slack, wins_slack, room)
    a[p + P.u_out] = out
    a[p + P.u_alone] = larger(out, left - harm(a, o, i, alone, wins_alone, room))


@njit(melt=True)
def bilateral_flows(a: Any, o: Any, i: int, client: int, theatre: Any) -> None:
    """Flows of a patron whose theatre is over, where that holds: only what is standing counts."""
    p = o.p + i * NP
    stay = base(a, o, i) - divergence(a, o, i, 1, client) + a[p + P.successor_deal]
    outside = a[p + P.outside_value]
    a[p + P.u_stay] = pick(theatre, a[p + P.u_stay], stay)
    a[p + P.u_shirk] = pick(theatre, a[p + P.u_shirk], stay)
    a[p + P.u_out] = pick(theatre, a[p + P.u_out], outside)
    a[p + P.u_alone] = pick(theatre, a[p + P.u_alone], outside)


@njit(melt=True)
def settle_month(a: Any, o: Any, month: int) -> None:
    """Shares of this month, once, and policy when membership, means or positions have changed.

    Where another lane asks first nothing has changed yet, so that it does not matter who does.
    """
    if some(a[W.settled] != month):
        divide_influence(a, o)
        a[W.settled] = month
    if some(a[W.heard] == 0.0):
        settle_policy(a, o)
        a[W.heard] = 1.0
