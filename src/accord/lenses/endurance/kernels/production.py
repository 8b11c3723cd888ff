"""Joint output, the chance to prevail, and patience.

Output is a constant-elasticity aggregate of resources (Arrow, Chenery, Minhas and Solow 1961), kept as its logarithm so
that neither very poor substitutes nor very strong threats overflow; the chance to prevail is a ratio contest (Tullock
1980; Skaperdas 1996).  ``accord.formulas.production`` is the same in numpy; a test holds the two together.
"""

from __future__ import annotations

import math
from typing import Any

from accord.engine.compile import njit
from accord.engine.elementary import clip, exp, log, log10, logistic
from accord.engine.lanes import bits, even, lane, pick, some, width
from accord.lenses.endurance.fields import PE, H, P, R, W
from accord.lenses.endurance.kernels.memory import NH, NP, NPE, NR

# Whose effort counts in a hypothetical output; floats, because numba compiles anew for every literal integer.
ALL, SHIRKING, WITHOUT, ALONE, AS_IT_IS = 0.0, 1.0, 2.0, 3.0, 4.0
_GEOMETRIC = 1e-9
_STEEPEST = 3.0
_LN2 = 0.6931471805599453


@njit(inner=True)
def amount(a: Any, o: Any, m: int, mode: float, who: int) -> Any:
    """Amount r_m of one resource: the client's and that of the patrons who count (page: "Production").

    *who* is the patron that shirks, is outside or alone; their number: nobody.
    """
    total = a[o.r + m * NR + R.client_capability]
    for i in range(o.patrons):
        p = o.p + i * NP
        if mode == ALONE:
            counts = i == who
        elif mode == WITHOUT:
            counts = i != who and a[p + P.in_theatre] == 1
        else:
            counts = i == who or a[p + P.in_theatre] == 1
        if counts:
            effort = 1.0
            if mode == AS_IT_IS:
                effort = a[p + P.effort]
            elif mode == SHIRKING and i == who:
                effort = a[p + P.shirking_effort]
            delegated = a[p + P.agency_loss] * a[p + P.proxy_share]
            total += a[p + P.availability] * effort * (1.0 - delegated) * a[o.pr + i * o.resources + m]
    return total


@njit(inner=True)
def log_output(a: Any, o: Any, mode: float, who: int) -> Any:
    """Logarithm of joint output Q; minus infinity where nothing, or nothing that is needed, is brought."""
    rho = a[W.substitution]
    most, centre, held = -math.inf, 0.0, 0.0
    lost = False
    for m in range(o.resources):
        alpha = a[o.r + m * NR + R.weight]
        if alpha <= 0.0:
            continue
        r = amount(a, o, m, mode, who)
        if r <= 0.0:
            lost = True
            continue
        term = math.log(r)
        held += alpha
        centre += alpha * term
        most = max(most, rho * term)
    if held == 0.0 or (lost and rho <= 0.0):
        return -math.inf
    if abs(rho) < _GEOMETRIC:
        return centre / held
    return _power_mean(a, o, mode, who, rho, most, centre / held, held)


@njit(inner=True)
def _power_mean(
    a: Any, o: Any, mode: float, who: int, rho: float, most: float, centre: float, held: float
) -> Any:
    """Logarithm of the power mean: around the geometric mean where powers are small, else around the largest term."""
    total, near = 0.0, True
    for m in range(o.resources):
        r = amount(a, o, m, mode, who)
        if a[o.r + m * NR + R.weight] > 0.0 and r > 0.0 and abs(rho * (math.log(r) - centre)) > 0.3:
            near = False
    for m in range(o.resources):
        alpha = a[o.r + m * NR + R.weight]
        r = amount(a, o, m, mode, who)
        if alpha > 0.0 and r > 0.0:
            term = rho * math.log(r)
            total += alpha * (math.expm1(term - rho * centre) if near else math.exp(term - most))
    if near:
        return centre + (math.log1p(total / held) + math.log(held)) / rho
    return (most + math.log(total)) / rho


@njit(melt=True)
def opposed(a: Any, o: Any) -> Any:
    """Logarithm of what opposes them, hR = sum_k h_k R_k."""
    total = even(a, 0.0)
    for k in range(o.threats):
        total += a[o.h + k * NH + H.level] * a[o.h + k * NH + H.strength]
    return log(total)


@njit(melt=True)
def lead(output: Any, against: Any, exponent: Any) -> Any:
    """``n ln(Q/hR)``; 0 where strength does not matter or nobody fights."""
    return pick((exponent == 0.0) | (output == against), 0.0, exponent * (output - against))


@njit(melt=True)
def chance(advantage: Any) -> Any:
    """Chance to prevail pi from ``n ln(Q/hR)``."""
    return logistic(advantage)


@njit(melt=True)
def pull(advantage: Any) -> Any:
    """What the front feels of the balance of forces: ``clip(n ln(Q/hR), -3, 3)``."""
    return clip(advantage, -_STEEPEST, _STEEPEST)


@njit(inner=True)
def outputs(a: Any, o: Any) -> None:
    """Outputs at full effort with all, and for each patron shirking, outside, and alone."""
    a[W.q_full] = log_output(a, o, ALL, o.patrons)
    for i in range(o.patrons):
        p = o.p + i * NP
        a[p + P.q_shirk] = log_output(a, o, SHIRKING, i)
        a[p + P.q_without] = log_output(a, o, WITHOUT, i)
        a[p + P.q_alone] = log_output(a, o, ALONE, i)
    a[W.stale] = 0
    a[W.acted] = 0


@njit(inner=True)
def produce(a: Any, o: Any) -> None:
    """Outputs (where membership or means have changed), what opposes them, and the chance of all at full effort."""
    stale = bits(a[W.stale] == 1.0)
    for one in range(width(a)):
        if stale >> one & 1:
            outputs(lane(a, one), o)
    a[W.opposed] = opposed(a, o)
    a[W.chance] = chance(lead(a[W.q_full], a[W.opposed], a[W.contest_exponent]))


@njit(inner=True)
def actual_output(a: Any, o: Any) -> None:
    """Output of one run with the effort really made; the same as at full effort unless somebody shirks.

    Kept (*acted*) until an effort, membership or means change.
    """
    if a[W.acted] == 1 and a[W.stale] == 0:
        return
    a[W.acted] = 1.0 - a[W.stale]
    for i in range(o.patrons):
        p = o.p + i * NP
        if a[p + P.in_theatre] == 1 and a[p + P.effort] != 1.0:
            a[W.q_actual] = log_output(a, o, AS_IT_IS, o.patrons)
            return
    if a[W.stale] == 1:
        a[W.q_actual] = log_output(a, o, ALL, o.patrons)
    else:
        a[W.q_actual] = a[W.q_full]


@njit(melt=True)
def unbounded_patience(a: Any, o: Any, i: int, month: int) -> Any:
    """Patience P_i before it is clipped to [0, 1].

    Log-casualties: Mueller 1973; success buffers losses: Gelpi, Feaver and Reifler 2005.
    """
    p = o.p + i * NP
    losses = log10(1.0 + a[p + P.losses_so_far] / a[p + P.loss_scale])
    buffered = 1.0 - a[p + P.success_buffer] * a[W.chance]
    level = a[p + P.patience] - a[p + P.loss_sensitivity] * buffered * losses
    level -= a[p + P.fatigue] * a[p + P.effort_months] / 12.0
    for e in range(o.rallies):
        at = o.pe + (i * o.rallies + e) * NPE
        age = month - a[at + PE.rally_month]
        half_life = a[at + PE.rally_half_life]
        fading = (age > 0.0) & (half_life > 0.0)
        left = pick(age == 0.0, 1.0, 0.0)
        if some(fading):
            left = pick(fading, exp(-_LN2 * age / half_life), left)
        level += a[at + PE.rally_size] * left
    return level + a[p + P.shift]


@njit(inner=True)
def feel(a: Any, o: Any, month: int) -> None:
    """Patience of every patron in the theatre, and of those who may yet come in."""
    for i in range(o.patrons):
        p = o.p + i * NP
        feels = (a[p + P.in_theatre] == 1.0) | ((a[p + P.may_enter] > 0.0) & (a[p + P.in_bilateral] == 0.0))
        if some(feels):
            now = clip(unbounded_patience(a, o, i, month), 0.0, 1.0)
            a[p + P.patience_now] = pick(feels, now, a[p + P.patience_now])
