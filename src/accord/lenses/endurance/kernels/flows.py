"""What a month is worth to a patron: with all, shirking, outside, and left alone (page: "Flows")."""

from __future__ import annotations

import math
from typing import Any

from accord.engine.compile import njit
from accord.engine.streams import normal_cdf
from accord.lenses.endurance.fields import PI, PT, H, I, P, R, W
from accord.lenses.endurance.kernels.memory import IN_BILATERAL, IN_THEATRE, NH, NI, NP, NPI, NPT, NR
from accord.lenses.endurance.kernels.production import chance, lead, pull

# Standard deviations beyond which a normal distribution holds less than rounding: Phi(-9) is 1e-19.
_CERTAIN = 9.0


@njit(melt=True)
def logistic(x: float) -> Any:
    """Inverse of the log-odds."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    rising = math.exp(x)
    return rising / (1.0 + rising)


@njit(melt=True)
def log_odds(share: float) -> Any:
    """Log-odds of a share, the share kept a hair inside (0, 1)."""
    inside = min(max(share, 1e-12), 1.0 - 1e-12)
    return math.log(inside / (1.0 - inside))


@njit(melt=True)
def total_level(a: Any, o: Any) -> Any:
    """Sum of the threats' levels."""
    total = 0.0
    for k in range(o.threats):
        total += a[o.h + k * NH + H.level]
    return total


@njit(melt=True)
def progress(a: Any, o: Any, client: int) -> Any:
    """How near the end state is: territory held, or without a client the part of the threat that is gone."""
    if client == 1:
        return a[W.territory]
    if a[W.level_at_start] <= 0.0:
        return 0.0
    return min(max(1.0 - total_level(a, o) / a[W.level_at_start], 0.0), 1.0)


@njit(inner=True)
def divide_influence(a: Any, o: Any) -> None:
    """Shares a_i of influence over the client: a contest in leverage, evened out by its balancing (Tullock 1980)."""
    n = o.patrons
    total, members = 0.0, 0
    for i in range(n):
        p = o.p + i * NP
        a[p + P.share] = 0.0
        if a[p + P.in_theatre] == 1:
            members += 1
            means = a[p + P.leverage] * a[p + P.effort]
            if means != a[p + P.strength_of]:
                a[p + P.strength_of] = means
                a[p + P.strength] = means ** a[W.influence_exponent]
            a[p + P.share] = a[p + P.strength]
            total += a[p + P.share]
    if members == 0:
        return
    b = a[W.balancing]
    for i in range(n):
        p = o.p + i * NP
        if a[p + P.in_theatre] == 1:
            share = a[p + P.share] / total if total > 0.0 else 1.0 / members
            a[p + P.share] = (1.0 - b) * share + b / members


@njit(inner=True)
def settle_policy(a: Any, o: Any) -> None:
    """Positions x_k they settle on: means weighted by capability and salience; NaN where nobody cares.

    One for those in the theatre, and one for those in at the bilateral level.
    """
    for row in range(2):
        level = IN_THEATRE if row == 0 else IN_BILATERAL
        for k in range(o.issues):
            policy = _middle(a, o, k, level)
            if not math.isnan(a[o.q + k * NI + I.override]):
                policy = a[o.q + k * NI + I.override]
            a[o.q + k * NI + I.policy + row] = policy


@njit(melt=True)
def _middle(a: Any, o: Any, k: int, level: int) -> Any:
    """The members' weighted mean position on one issue."""
    top, total = 0.0, 0.0
    for i in range(o.patrons):
        if a[o.p + i * NP + level] == 1:
            means = 0.0
            for m in range(o.resources):
                means += a[o.r + m * NR + R.weight] * a[o.pr + i * o.resources + m]
            weight = means * a[o.pi + (i * o.issues + k) * NPI + PI.salience]
            top += weight * a[o.pi + (i * o.issues + k) * NPI + PI.position]
            total += weight
    return top / total if total > 0.0 else math.nan


@njit(melt=True)
def divergence(a: Any, o: Any, i: int, row: int, client: int) -> Any:
    """Cost div_i of a policy away from one's own ideal points (page: "Client and policy")."""
    near = max(progress(a, o, client), a[W.talks])
    cost = 0.0
    for k in range(o.issues):
        if row == 1 and a[o.q + k * NI + I.standing] < 0.5:
            continue
        if math.isnan(a[o.q + k * NI + I.policy + row]):
            continue
        loading = a[o.q + k * NI + I.agenda_loading]
        active = (1.0 - loading) + loading * near
        cost += (
            a[o.pi + (i * o.issues + k) * NPI + PI.salience]
            * active
            * abs(a[o.q + k * NI + I.policy + row] - a[o.pi + (i * o.issues + k) * NPI + PI.position])
        )
    return cost


@njit(melt=True)
def partners_dependence(a: Any, o: Any, i: int) -> Any:
    """Mean dependence of the other members."""
    total, count = 0.0, 0
    for j in range(o.patrons):
        if j != i and a[o.p + j * NP + P.in_bilateral] == 1:
            total += a[o.p + j * NP + P.dependence]
            count += 1
    return total / count if count else 0.0


@njit(melt=True)
def base(a: Any, o: Any, i: int) -> Any:
    """What stays whatever the threat: standing interest, dependence and shared assets (Morrow 1991; Wallander 2000)."""
    p = o.p + i * NP
    dependence = (a[p + P.dependence_goods] - a[p + P.autonomy_cost]) * a[p + P.dependence]
    return a[p + P.standing_interest] + dependence + a[W.asset_value] * a[W.assets_at_start]


@njit(melt=True)
def room_to_fall(a: Any, o: Any, i: int, client: int) -> Any:
    """Log-odds from the client's territory down to the floor, as a negative number; minus infinity where it cannot hurt."""
    if client == 0 or a[o.p + i * NP + P.client_collapse_loss] == 0.0:
        return -math.inf
    return log_odds(a[W.territory_floor]) - a[W.log_odds]


@njit(melt=True)
def harm(a: Any, o: Any, i: int, advantage: float, success: float, room: float) -> Any:
    """Blowback of a surviving threat, and the loss from a client that may collapse this month."""
    lost = 0.0
    for k in range(o.threats):
        blowback = a[o.pt + (i * o.threats + k) * NPT + PT.blowback]
        lost += blowback * a[o.h + k * NH + H.level] * (1.0 - success)
    if room == -math.inf:
        return lost
    loss = a[o.p + i * NP + P.client_collapse_loss]
    gap = room - a[W.territory_speed] * pull(advantage)
    noise = a[W.territory_noise]
    if abs(gap) >= _CERTAIN * noise:  # the normal distribution has nothing left beyond, in double precision
        return lost + (loss if gap >= 0.0 else 0.0)
    return lost + loss * normal_cdf(gap / noise)


@njit(melt=True)
def optional(a: Any, o: Any, i: int) -> Any:
    """Threat utility, rent from the partner's isolation, and the cost of too strong a client."""
    p = o.p + i * NP
    extra = 0.0
    if a[p + P.isolation_rent] != 0.0:
        extra = a[p + P.isolation_rent] * partners_dependence(a, o, i)
    for k in range(o.threats):
        extra += (
            a[o.pt + (i * o.threats + k) * NPT + PT.usefulness]
            * a[o.h + k * NH + H.level]
            * (1.0 - a[o.h + k * NH + H.level])
        )
    if a[p + P.client_strength_cost] != 0.0:
        strength = 0.0
        for m in range(o.resources):
            strength += a[o.r + m * NR + R.client_capability]
        extra -= a[p + P.client_strength_cost] * max(0.0, strength - a[p + P.client_ceiling])
    return extra


@njit(melt=True)
def theatre_flows(a: Any, o: Any, i: int, client: int) -> None:
    """Flows of a patron in the joint theatre: all stay, it shirks, it is outside, it is left alone."""
    p = o.p + i * NP
    n = a[W.contest_exponent]
    success = 0.0
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
    prize = influence = 0.0
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
    a[p + P.u_alone] = max(out, left - harm(a, o, i, alone, wins_alone, room))


@njit(melt=True)
def bilateral_flows(a: Any, o: Any, i: int, client: int) -> None:
    """Flows of a patron whose theatre is over: only what is standing counts."""
    p = o.p + i * NP
    stay = base(a, o, i) - divergence(a, o, i, 1, client) + a[p + P.successor_deal]
    a[p + P.u_stay] = stay
    a[p + P.u_shirk] = stay
    a[p + P.u_out] = a[p + P.outside_value]
    a[p + P.u_alone] = a[p + P.outside_value]


@njit(melt=True)
def settle_month(a: Any, o: Any, month: int) -> None:
    """Shares of this month, once, and policy when membership, means or positions have changed."""
    if a[W.settled] != month:
        divide_influence(a, o)
        a[W.settled] = month
    if a[W.heard] == 0:
        settle_policy(a, o)
        a[W.heard] = 1
