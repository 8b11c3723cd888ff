"""Production, patience, policy, shares and flows, scalar by scalar (endurance page, section 3; decision 9)."""

from __future__ import annotations

import math
from functools import cached_property
from typing import NamedTuple

from reference_world import Row, State, World, clip, logistic, logit


class Flows(NamedTuple):
    """u^C, u^T, u^O and u^A: util/month when all stay, when it shirks, outside, left alone."""

    stay: float
    shirk: float
    out: float
    alone: float


def aggregate(amounts: Row, weights: Row, rho: float) -> float:
    """Q = (sum alpha r^rho)^(1/rho), geometric at rho = 0; a missing resource with rho <= 0 leaves nothing."""
    used = [(a, r) for a, r in zip(weights, amounts, strict=True) if a > 0.0]
    if rho <= 0.0 and any(r <= 0.0 for _, r in used):
        return 0.0
    if rho == 0.0:
        return math.exp(sum(a * math.log(r) for a, r in used))
    unit = (min if rho < 0.0 else max)(r for _, r in used)
    if unit <= 0.0:
        return 0.0
    return float(unit * sum(a * (r / unit) ** rho for a, r in used) ** (1.0 / rho))


def odds(world: World, q: float, opposed: float) -> float:
    """n ln(Q/hR): the log-odds of prevailing; 0 when n is 0 or when both sides are nothing (readings, "Numbers")."""
    n = world.contest_exponent
    if n == 0.0 or (q <= 0.0 and opposed <= 0.0):
        return 0.0
    if q <= 0.0 or opposed <= 0.0:
        return -math.inf if q <= 0.0 else math.inf
    return float(n * (math.log(q) - math.log(opposed)))


def resources(world: World, efforts: Row) -> Row:
    """r_m: what the client and everybody's effort (0 for who is out) bring of each resource."""
    found = []
    for m in range(world.resources):
        total = world.client_capability[m]
        for i, effort in enumerate(efforts):
            through = 1.0 - world.agency_loss[i] * world.proxy_share[i]
            total += world.availability[i] * effort * through * world.capability[i][m]
        found.append(total)
    return found


def opposed(world: World, level: Row) -> float:
    """hR = sum_k h_k R_k."""
    return sum(h * r for h, r in zip(level, world.strength, strict=True))


def gap(world: World, level: Row, efforts: Row) -> float:
    """n ln(Q/hR) at these efforts."""
    return odds(
        world, aggregate(resources(world, efforts), world.weight, world.substitution), opposed(world, level)
    )


def odds_at_start(world: World) -> float:
    """n ln(Q/hR) at the start, for pi_0: all who are in then, so that l_i are the losses of the first month."""
    return gap(world, world.level, [1.0 if month == 0 else 0.0 for month in world.enters])


def progress(world: World, state: State) -> float:
    """theta; without client 1 - h/h0; without threat either nothing (0)."""
    if world.client:
        return state.territory
    whole = sum(world.level)
    return 1.0 - sum(state.level) / whole if whole > 0.0 else 0.0


def patience(world: World, state: State, i: int, chance: float) -> float:
    """P_i, in [0, 1]."""
    return clip(unbounded_patience(world, state, i, chance), 0.0, 1.0)


def unbounded_patience(world: World, state: State, i: int, chance: float) -> float:
    """P_i before it is clipped, with the chance to prevail at full effort; rallies count from their month on."""
    toll = world.loss_sensitivity[i] * (1.0 - world.success_buffer[i] * chance)
    left = world.patience[i] - toll * math.log10(1.0 + state.losses[i] / world.loss_scale[i])
    left -= world.fatigue[i] * state.effort_months[i] / 12.0
    for month, size, half_life in world.rallies[i]:
        if state.month >= month:
            left += size * 2.0 ** (-(state.month - month) / half_life)
    return float(left + state.shift[i])


def shares(world: World, state: State) -> Row:
    """a_i: Tullock's contest for the client by last month's effort (even if nobody has leverage), and its balancing."""
    if not world.client:
        return [0.0] * world.patrons
    inside = state.members(theatre=True)
    force = [0.0] * world.patrons
    for i in inside:
        force[i] = (world.leverage[i] * state.effort[i]) ** world.influence_exponent
    total = sum(force)
    found = []
    for i in range(world.patrons):
        contest = force[i] / total if total > 0.0 else float(i in inside) / len(inside)
        even = 1.0 / len(inside) if i in inside else 0.0
        found.append((1.0 - world.balancing) * contest + world.balancing * even)
    return found


def policy(world: World, state: State, members: list[int]) -> list[float | None]:
    """x_k, settled among the members of a level; None where nobody has weight."""
    found: list[float | None] = []
    for k in range(world.issues):
        total = weighted = 0.0
        for i in members:
            power = sum(a * c for a, c in zip(world.weight, world.capability[i], strict=True))
            total += power * world.salience[i][k]
            weighted += power * world.salience[i][k] * world.position[i][k]
        found.append(state.override.get(k, weighted / total if total > 0.0 else None))
    return found


def divergence(world: World, state: State, i: int, settled: list[float | None], standing_only: bool) -> float:
    """div_i = sum_k sal_ik act_k |x_k - pos_ik|; after the theatre over standing issues only."""
    active = max(progress(world, state), world.talks)
    total = 0.0
    for k, x in enumerate(settled):
        if x is None or (standing_only and not world.standing[k]):
            continue
        act = (1.0 - world.agenda_loading[k]) + world.agenda_loading[k] * active
        total += world.salience[i][k] * act * abs(x - world.position[i][k])
    return total


def base(world: World, state: State, i: int) -> float:
    """base_i = m_i + (k_i - tau_i) D_i + zeta_Z Z."""
    goods = (world.dependence_goods[i] - world.autonomy_cost[i]) * world.dependence[i]
    return float(world.standing_interest[i] + goods + world.asset_value * state.assets)


def extras(world: World, state: State, i: int, members: list[int]) -> float:
    """The optional terms of u^C and u^T: usefulness of a threat, isolation rent, too strong a client.

    Whose isolation pays are the partners, members of the bilateral level: somebody exhausted is isolated all the same.
    """
    found = sum(y * h * (1.0 - h) for y, h in zip(world.usefulness[i], state.level, strict=True))
    partners = [world.dependence[j] for j in members if j != i]
    found += world.isolation_rent[i] * (sum(partners) / len(partners) if partners else 0.0)
    excess = max(0.0, sum(world.client_capability) - world.client_ceiling[i])
    return float(found - world.client_strength_cost[i] * excess)


def afterthought(world: World, state: State, i: int, at: float) -> float:
    """What every flow of the theatre loses further, at its own odds: blowback and the client's collapse."""
    chance = logistic(at)
    found = sum(v * h * (1.0 - chance) for v, h in zip(world.blowback[i], state.level, strict=True))
    if not world.client:
        return found
    short = logit(world.territory_floor) - state.log_odds - world.territory_speed * clip(at, -3.0, 3.0)
    if world.territory_noise > 0.0:
        risk = 0.5 * math.erfc(-short / world.territory_noise / math.sqrt(2.0))
    else:
        risk = 1.0 if short >= 0.0 else 0.0
    return found + world.client_collapse_loss[i] * risk


class Scene:
    """What several patrons' flows share in one state: chances, policy, shares; each worked out when asked for."""

    def __init__(self, world: World, state: State, chance: float | None = None) -> None:
        self.world, self.state, self._chance = world, state, chance

    @cached_property
    def full(self) -> Row:
        """Full effort of who is in the theatre."""
        return [1.0 if inside else 0.0 for inside in self.state.in_theatre]

    @cached_property
    def at_full(self) -> float:
        """Log-odds of prevailing at full effort."""
        return gap(self.world, self.state.level, self.full)

    @cached_property
    def shares(self) -> Row:
        """Influence over the client."""
        return shares(self.world, self.state)

    @cached_property
    def theatre_policy(self) -> list[float | None]:
        """Policy among who fights."""
        return policy(self.world, self.state, self.state.members(theatre=True))

    @cached_property
    def bilateral_policy(self) -> list[float | None]:
        """Policy among all members."""
        return policy(self.world, self.state, self.state.members(theatre=False))

    def patience(self, i: int) -> float:
        """P_i now, as step 2 of the month makes it: by the chance to prevail of who is in."""
        chance = logistic(self.at_full) if self._chance is None else self._chance
        return patience(self.world, self.state, i, chance)

    def flows(self, i: int) -> Flows:
        """Flows of patron i: of the theatre while it is in one that is alive, else bilateral."""
        return self._theatre(i) if self.state.fights(i) else self._bilateral(i)

    def _bilateral(self, i: int) -> Flows:
        """u^C = base - div + succ, u^O = u^A = out; nothing can be shirked."""
        world, state = self.world, self.state
        apart = divergence(world, state, i, self.bilateral_policy, standing_only=True)
        stay = base(world, state, i) - apart + world.successor_deal[i]
        return Flows(stay, math.nan, world.outside_value[i], world.outside_value[i])

    def _theatre(self, i: int) -> Flows:
        """The four flows of section 3, "Flows"."""
        world, state = self.world, self.state
        level, share, shirking = state.level, self.shares[i], world.shirking_effort[i]
        without = [0.0 if j == i else e for j, e in enumerate(self.full)]
        alone = [1.0 if j == i else 0.0 for j in range(world.patrons)]
        shirks = [shirking if j == i else e for j, e in enumerate(self.full)]
        at = {"stay": self.at_full}
        for name, efforts in (("out", without), ("alone", alone), ("shirk", shirks)):
            at[name] = gap(world, level, efforts)
        stake = sum(w * h for w, h in zip(world.value[i], level, strict=True))
        worth = {name: stake * logistic(x) - afterthought(world, state, i, x) for name, x in at.items()}
        needs = world.influence_needs_territory[i]
        influence = world.influence_value[i] * share * ((1.0 - needs) + needs * progress(world, state))
        politics = world.political_weight[i] * (1.0 - self.patience(i))
        cost, outside = world.material_cost[i], world.outside_value[i]
        common = base(world, state, i) - divergence(world, state, i, self.theatre_policy, standing_only=False)
        common += extras(world, state, i, state.members(theatre=False))
        out = worth["out"] + outside
        fights_on = worth["alone"] - cost - politics + world.influence_value[i] + outside
        return Flows(
            worth["stay"] - cost - politics + influence + common,
            worth["shirk"] - shirking * (cost + politics) + shirking * influence + common,
            out,
            max(out, fights_on),
        )
