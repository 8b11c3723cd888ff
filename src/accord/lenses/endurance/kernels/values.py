"""What each option is worth over a patron's foresight, and how likely it takes it (page: "Values")."""

from __future__ import annotations

import math
from typing import Any

from accord.engine.compile import njit
from accord.lenses.endurance.fields import PP, PS, P, W
from accord.lenses.endurance.kernels.memory import IN_BILATERAL, IN_THEATRE, NP, NPP, NPS


@njit(melt=True)
def annuity(x: float, months: float) -> Any:
    """``A(x; H) = (1 - x^H)/(1 - x)``, its limit H at x = 1, and 0 for no months."""
    if months <= 0.0:
        return 0.0
    if x <= 0.0:
        return 1.0
    gap = 1.0 - x
    if gap < 1e-14:
        return months
    return -math.expm1(months * math.log(x)) / gap


@njit(inner=True)
def foresee(a: Any, o: Any) -> None:
    """``A(delta; H)`` of every patron, kept because only a shock changes it."""
    for i in range(o.patrons):
        p = o.p + i * NP
        a[p + P.whole] = annuity(a[p + P.discount], a[p + P.foresight])


@njit(melt=True)
def steadiness(a: Any, o: Any, i: int, level: int, quorum: int) -> Any:
    """Probability s_i that at least quorum - 1 of the others do not defect (Poisson-binomial).

    Each does not with probability ``T + (1 - T)(1 - q)``.
    """
    q = a[W.defection_rate]
    a[o.p + P.odds] = 1.0
    others = 0
    for j in range(o.patrons):
        if j == i or a[o.p + j * NP + level] == 0:
            continue
        trust = a[o.pp + (i * o.patrons + j) * NPP + PP.trust]
        keeps = trust + (1.0 - trust) * (1.0 - q)
        a[o.p + (others + 1) * NP + P.odds] = a[o.p + others * NP + P.odds] * keeps
        for c in range(others, 0, -1):
            a[o.p + c * NP + P.odds] = (
                a[o.p + c * NP + P.odds] * (1.0 - keeps) + a[o.p + (c - 1) * NP + P.odds] * keeps
            )
        a[o.p + P.odds] *= 1.0 - keeps
        others += 1
    enough = 0.0
    for c in range(quorum - 1, others + 1):
        enough += a[o.p + c * NP + P.odds]
    return min(enough, 1.0)


@njit(melt=True)
def best_offer(a: Any, o: Any, i: int, month: int) -> None:
    """The largest offer that is open to a patron, with its credibility; size 0 when there is none."""
    p = o.p + i * NP
    a[p + P.offer_now] = 0.0
    a[p + P.credibility_now] = 0.0
    for b in range(o.suitors):
        if (
            a[o.ps + (i * o.suitors + b) * NPS + PS.open_until] >= month
            and a[o.ps + (i * o.suitors + b) * NPS + PS.open_size] > a[p + P.offer_now]
        ):
            a[p + P.offer_now] = a[o.ps + (i * o.suitors + b) * NPS + PS.open_size]
            a[p + P.credibility_now] = a[o.ps + (i * o.suitors + b) * NPS + PS.credibility]


@njit(melt=True)
def one_less(x: float, whole: float, months: float) -> Any:
    """``A(x; H - 1)`` from ``A(x; H) = 1 + x A(x; H - 1)``."""
    if months <= 1.0:
        return 0.0
    return (whole - 1.0) / x if x > 0.0 else 1.0


@njit(melt=True)
def staying(a: Any, o: Any, i: int, whole: float, together: float, months: float) -> Any:
    """V_stay over so many months, of which *whole* is ``A(delta)`` and *together* ``A(delta s)``."""
    p = o.p + i * NP
    unsteady = a[p + P.discount] * (1.0 - a[p + P.steady])
    x = a[p + P.discount] * a[p + P.steady]
    worth = a[p + P.u_stay] * together + a[p + P.u_alone] * (whole - together)
    dropped = a[p + P.abandonment_loss] * unsteady
    return worth - dropped * one_less(x, together, months)


@njit(melt=True)
def shirking(a: Any, o: Any, i: int, whole: float, together: float) -> Any:
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
def value_options(a: Any, o: Any, i: int, level: int, quorum: int, client: int) -> None:
    """Values per month of every option, ``V_o / A(delta; H)``; those not available are minus infinity."""
    p = o.p + i * NP
    a[p + P.steady] = steadiness(a, o, i, level, quorum)
    delta, months = a[p + P.discount], a[p + P.foresight]
    whole = a[p + P.whole]
    together = annuity(delta * a[p + P.steady], months)
    leave = a[p + P.u_out] * whole - breaking(a, o, i)
    a[p + P.v_stay] = staying(a, o, i, whole, together, months) / whole
    a[p + P.v_exit] = leave / whole
    a[p + P.v_shirk] = -math.inf
    a[p + P.v_sell] = -math.inf
    a[p + P.v_grab] = -math.inf
    if a[p + P.offer_now] > 0.0:
        paid = a[p + P.offer_now] * annuity(delta * a[p + P.credibility_now], months)
        a[p + P.v_sell] = (leave + paid) / whole
    if level == IN_THEATRE:
        a[p + P.v_shirk] = shirking(a, o, i, whole, together) / whole
        if client == 1:
            share = a[p + P.share]
            odds = share * share / (share * share + (1.0 - share) * (1.0 - share))
            lost = a[p + P.u_out] * whole - a[p + P.abandonment_loss]
            won = a[p + P.u_alone] * whole
            a[p + P.v_grab] = (odds * won + (1.0 - odds) * lost - breaking(a, o, i)) / whole


@njit(melt=True)
def choose(a: Any, o: Any, i: int, beta: float) -> None:
    """Choice probabilities by the logit rule over the options that are available (masked, never -inf x 0)."""
    p = o.p + i * NP
    most = -math.inf
    for c in range(5):
        most = max(most, a[p + P.v_stay + c])
    total = 0.0
    for c in range(5):
        value = a[p + P.v_stay + c]
        weight = 1.0 if value == most else 0.0
        if -math.inf < value < most:
            weight = math.exp(beta * (value - most))
        a[p + P.p_stay + c] = weight
        total += weight
    for c in range(5):
        a[p + P.p_stay + c] /= total


@njit(melt=True)
def ending_share(a: Any, o: Any, i: int, level: int) -> Any:
    """Probability that the choice of this review ends the patron's bilateral membership."""
    p = o.p + i * NP
    share = a[p + P.p_sell] + a[p + P.p_grab]
    if level == IN_BILATERAL or a[p + P.goal_met] == 0:
        share += a[p + P.p_exit]
    return share
