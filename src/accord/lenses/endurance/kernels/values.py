"""What each option is worth over a patron's foresight, and how likely it takes it (page: "Values")."""

from __future__ import annotations

import math
from typing import Any

from accord.engine.compile import njit
from accord.engine.elementary import exp, expm1, larger, log, smaller
from accord.engine.lanes import even, flip, pick, some
from accord.lenses.endurance.fields import PP, PS, P, W
from accord.lenses.endurance.kernels.memory import NP, NPP, NPS


@njit(melt=True)
def annuity(x: Any, months: Any) -> Any:
    """``A(x; H) = (1 - x^H)/(1 - x)``, its limit H at x = 1, and 0 for no months."""
    gap = 1.0 - x
    inside = -expm1(months * log(x)) / gap
    made = pick(x <= 0.0, 1.0, pick(gap < 1e-14, months, inside))
    return pick(months <= 0.0, 0.0, made)


@njit(inner=True)
def foresee(a: Any, o: Any) -> None:
    """``A(delta; H)`` of every patron, kept because only a shock changes it."""
    for i in range(o.patrons):
        p = o.p + i * NP
        a[p + P.whole] = annuity(a[p + P.discount], a[p + P.foresight])


@njit(melt=True)
def steadiness(a: Any, o: Any, i: int, theatre: Any, quorum: int) -> Any:
    """Probability s_i that at least quorum - 1 of the others do not defect (Poisson-binomial).

    Each does not with probability ``T + (1 - T)(1 - q)``; who is not a member never counts as one that does not.
    """
    q = a[W.defection_rate]
    a[o.p + P.odds] = 1.0
    for c in range(1, o.patrons):
        a[o.p + c * NP + P.odds] = 0.0
    others = 0
    for j in range(o.patrons):
        if j == i:
            continue
        p = o.p + j * NP
        member = pick(theatre, a[p + P.in_theatre], a[p + P.in_bilateral])
        trust = a[o.pp + (i * o.patrons + j) * NPP + PP.trust]
        keeps = pick(member == 0.0, 0.0, trust + (1.0 - trust) * (1.0 - q))
        for c in range(others + 1, 0, -1):
            more, less = a[o.p + c * NP + P.odds], a[o.p + (c - 1) * NP + P.odds]
            a[o.p + c * NP + P.odds] = more * (1.0 - keeps) + less * keeps
        a[o.p + P.odds] *= 1.0 - keeps
        others += 1
    enough = even(a, 0.0)
    for c in range(quorum - 1, others + 1):
        enough += a[o.p + c * NP + P.odds]
    return smaller(enough, 1.0)


@njit(melt=True)
def best_offer(a: Any, o: Any, i: int, month: int) -> None:
    """The largest offer that is open to a patron, with its credibility; size 0 when there is none."""
    p = o.p + i * NP
    now, credible = even(a, 0.0), even(a, 0.0)
    for b in range(o.suitors):
        at = o.ps + (i * o.suitors + b) * NPS
        better = (a[at + PS.open_until] >= month) & (a[at + PS.open_size] > now)
        now = pick(better, a[at + PS.open_size], now)
        credible = pick(better, a[at + PS.credibility], credible)
    a[p + P.offer_now] = now
    a[p + P.credibility_now] = credible


@njit(melt=True)
def one_less(x: Any, whole: Any, months: Any) -> Any:
    """``A(x; H - 1)`` from ``A(x; H) = 1 + x A(x; H - 1)``."""
    return pick(months <= 1.0, 0.0, pick(x > 0.0, (whole - 1.0) / x, 1.0))


@njit(melt=True)
def staying(a: Any, o: Any, i: int, whole: Any, together: Any, months: Any) -> Any:
    """V_stay over so many months, of which *whole* is ``A(delta)`` and *together* ``A(delta s)``."""
    p = o.p + i * NP
    unsteady = a[p + P.discount] * (1.0 - a[p + P.steady])
    x = a[p + P.discount] * a[p + P.steady]
    worth = a[p + P.u_stay] * together + a[p + P.u_alone] * (whole - together)
    dropped = a[p + P.abandonment_loss] * unsteady
    return worth - dropped * one_less(x, together, months)


@njit(melt=True)
def shirking(a: Any, o: Any, i: int, whole: Any, together: Any) -> Any:
    """V_shirk: one month's gain, then punishment with the probability the patron believes in."""
    p = o.p + i * NP
    delta, months = a[p + P.discount], a[p + P.foresight]
    believed = a[p + P.punishment_belief]
    later = one_less(delta, whole, months)
    later_together = one_less(delta * a[p + P.steady], together, months)
    punished = a[p + P.u_alone] * later
    forgiven = staying(a, o, i, later, later_together, months - 1.0)
    return a[p + P.u_shirk] + delta * (believed * punished + (1.0 - believed) * forgiven)


@njit(melt=True)
def breaking(a: Any, o: Any, i: int) -> Any:
    """What leaving costs at once, shared assets included."""
    p = o.p + i * NP
    return a[p + P.breaking_cost] + a[W.asset_breaking_cost] * a[W.assets_at_start]


@njit(melt=True)
def value_options(a: Any, o: Any, i: int, theatre: Any, quorum: int, client: int) -> None:
    """Values per month of every option, ``V_o / A(delta; H)``; those not available are minus infinity."""
    p = o.p + i * NP
    a[p + P.steady] = steadiness(a, o, i, theatre, quorum)
    delta, months = a[p + P.discount], a[p + P.foresight]
    whole = a[p + P.whole]
    per_month = 1.0 / whole
    together = annuity(delta * a[p + P.steady], months)
    leave = a[p + P.u_out] * whole - breaking(a, o, i)
    a[p + P.v_stay] = staying(a, o, i, whole, together, months) * per_month
    a[p + P.v_exit] = leave * per_month
    a[p + P.v_shirk] = -math.inf
    a[p + P.v_sell] = -math.inf
    a[p + P.v_grab] = -math.inf
    offered = a[p + P.offer_now] > 0.0
    if some(offered):
        paid = a[p + P.offer_now] * annuity(delta * a[p + P.credibility_now], months)
        a[p + P.v_sell] = pick(offered, (leave + paid) * per_month, -math.inf)
    if some(theatre):
        a[p + P.v_shirk] = pick(theatre, shirking(a, o, i, whole, together) * per_month, -math.inf)
        if client == 1:
            a[p + P.v_grab] = pick(theatre, grabbing(a, o, i, whole) * per_month, -math.inf)


@njit(melt=True)
def grabbing(a: Any, o: Any, i: int, whole: Any) -> Any:
    """V_grab: the client for oneself, with the odds of a contest in shares of influence."""
    p = o.p + i * NP
    share = a[p + P.share]
    odds = share * share / (share * share + (1.0 - share) * (1.0 - share))
    lost = a[p + P.u_out] * whole - a[p + P.abandonment_loss]
    won = a[p + P.u_alone] * whole
    return odds * won + (1.0 - odds) * lost - breaking(a, o, i)


@njit(melt=True)
def choose(a: Any, o: Any, i: int, beta: float) -> None:
    """Choice probabilities by the logit rule over the options that are available (masked, never -inf x 0)."""
    p = o.p + i * NP
    most = a[p + P.v_stay]
    for c in range(1, 5):
        most = larger(a[p + P.v_stay + c], most)
    total = even(a, 0.0)
    for c in range(5):
        value = a[p + P.v_stay + c]
        available = value > -math.inf
        weight = even(a, 0.0)
        if some(available):
            weight = pick(available, exp(beta * (value - most)), 0.0)
        a[p + P.p_stay + c] = weight
        total += weight
    share = 1.0 / total
    for c in range(5):
        a[p + P.p_stay + c] *= share


@njit(melt=True)
def ending_share(a: Any, o: Any, i: int, theatre: Any) -> Any:
    """Probability that the choice of this review ends the patron's bilateral membership."""
    p = o.p + i * NP
    share = a[p + P.p_sell] + a[p + P.p_grab]
    leaves = flip(theatre) | (a[p + P.goal_met] == 0.0)
    return share + pick(leaves, a[p + P.p_exit], 0.0)
