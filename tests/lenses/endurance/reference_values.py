"""Values, probabilities at a review, entry, answers to a call, and closed forms (page, sections 3 and 4)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from reference_flows import Flows, Scene
from reference_world import Row, State, World, logistic

OPTIONS = ("stay", "shirk", "exit", "sell", "grab")


def annuity(x: float, months: float) -> float:
    """A(x; H) = (1 - x^H)/(1 - x); H at x = 1; nothing for no months."""
    if months <= 0.0:
        return 0.0
    if x == 1.0:
        return months
    return (1.0 - (0.0 if months == math.inf else x**months)) / (1.0 - x)


def steady(world: World, state: State, i: int) -> float:
    """s_i: chance that at least quorum - 1 of the other members do not defect (Poisson-binomial)."""
    others = [j for j in state.members(state.fights(i)) if j != i]
    counts = [1.0]
    for j in others:
        trust = state.trust[i][j]
        loyal = trust + (1.0 - trust) * (1.0 - world.defection_rate)
        counts = [
            (counts[c] * (1.0 - loyal) if c < len(counts) else 0.0) + (counts[c - 1] * loyal if c else 0.0)
            for c in range(len(counts) + 1)
        ]
    return sum(counts[world.quorum - 1 :])


def value_of_staying(world: World, i: int, flows: Flows, s: float, months: float) -> float:
    """V_stay over so many months."""
    delta, lost = world.discount[i], world.abandonment_loss[i]
    together = annuity(delta * s, months)
    worth = flows.stay * together + flows.alone * (annuity(delta, months) - together)
    return worth - lost * (1.0 - s) * delta * annuity(delta * s, months - 1.0)


def value_of_shirking(world: World, i: int, flows: Flows, s: float, months: float) -> float:
    """V_shirk: one month's flow, then left alone if punished."""
    delta, belief = world.discount[i], world.punishment_belief[i]
    punished = flows.alone * annuity(delta, months - 1.0)
    forgiven = value_of_staying(world, i, flows, s, months - 1.0)
    return flows.shirk + delta * (belief * punished + (1.0 - belief) * forgiven)


def breaking(world: World, state: State, i: int) -> float:
    """r_i + r_Z Z."""
    return float(world.breaking_cost[i] + world.asset_breaking_cost * state.assets)


def best_offer(world: World, state: State, i: int) -> tuple[float, float] | None:
    """Size and credibility of the largest open offer."""
    found = [
        (size, world.credibility[i][s])
        for s, (size, until) in enumerate(state.offers[i])
        if size > 0.0 and until >= state.month
    ]
    return max(found, key=lambda offer: offer[0]) if found else None


def values(scene: Scene, i: int) -> dict[str, float]:
    """v_o = V_o/A(delta; H) of every available option."""
    world, state = scene.world, scene.state
    flows, s = scene.flows(i), steady(world, state, i)
    delta, months = world.discount[i], world.foresight[i]
    whole = annuity(delta, months)
    leaving = flows.out * whole - breaking(world, state, i)
    worth = {"stay": value_of_staying(world, i, flows, s, months), "exit": leaving}
    offer = best_offer(world, state, i)
    if offer is not None:
        worth["sell"] = leaving + offer[0] * annuity(delta * offer[1], months)
    if state.fights(i):
        worth["shirk"] = value_of_shirking(world, i, flows, s, months)
        if world.client:
            a = scene.shares[i]
            wins = a * a / (a * a + (1.0 - a) * (1.0 - a))
            fails = flows.out * whole - world.abandonment_loss[i]
            worth["grab"] = wins * flows.alone * whole + (1.0 - wins) * fails - breaking(world, state, i)
    return {name: v / whole for name, v in worth.items()}


def logit_choice(beta: float, worth: dict[str, float]) -> dict[str, float]:
    """exp(beta v) over the available options."""
    top = max(worth.values())
    raw = {name: math.exp(beta * (v - top)) for name, v in worth.items()}
    total = sum(raw.values())
    return {name: x / total for name, x in raw.items()}


def entry(world: World, state: State, i: int, beta: float) -> float:
    """Chance that a patron not yet in comes in at a review: logistic(beta(v_stay - v_out)), outside worth u^O.

    Its flows are as if it were in; its patience is that of the month, which it begins outside.
    """
    scene = Scene(world, state.with_patron(i), logistic(Scene(world, state).at_full))
    return logistic(beta * (values(scene, i)["stay"] - scene.flows(i).out))


def answer(world: World, i: int, worth: dict[str, float], beta: float) -> dict[str, float]:
    """How i answers a call for help: honour, refuse or leave."""
    cost = world.help_cost[i] / annuity(world.discount[i], world.foresight[i])
    return logit_choice(
        beta, {"honour": worth["stay"] - cost, "refuse": worth["stay"], "leave": worth["exit"]}
    )


@dataclass(frozen=True)
class Closed:
    """Closed forms of one patron at the start (page, section 4)."""

    price: float
    margin: float
    price_far: float
    trust_needed: float
    patience_needed: float


def suitor_credibility(world: World, i: int) -> float:
    """Of the largest suitor (by its 75th percentile); of the last, the tempter, where there is none."""
    typical: Row = [m + 0.6745 * sd for m, sd in zip(world.size[i], world.spread[i], strict=True)]
    top = max(typical)
    return float(world.credibility[i][-1 if top == -math.inf else typical.index(top)])


def closed(world: World, state: State, i: int) -> Closed:
    """Price of defection, trust threshold, critical patience."""
    flows, s = Scene(world, state).flows(i), steady(world, state, i)
    delta, cost = world.discount[i], breaking(world, state, i)
    paid = delta * suitor_credibility(world, i)

    def margin(months: float) -> float:
        return value_of_staying(world, i, flows, s, months) - (flows.out * annuity(delta, months) - cost)

    own = world.foresight[i]
    return Closed(
        margin(own) / annuity(paid, own),
        margin(own),
        margin(math.inf) / annuity(paid, math.inf),
        trust_threshold(flows, delta, cost, world.abandonment_loss[i]),
        critical_patience(flows),
    )


def trust_threshold(flows: Flows, delta: float, cost: float, lost: float) -> float:
    """s*; NaN says that trust does not help."""
    held = (flows.alone - flows.out) / (1.0 - delta) + cost
    edge = flows.stay - flows.alone
    if lost <= held:
        return 0.0 if edge >= delta * lost - held else math.nan
    return min(max((lost * delta - edge - held) / (delta * (lost - held)), 0.0), 1.0)


def critical_patience(flows: Flows) -> float:
    """delta*; infinity says never."""
    if flows.shirk <= flows.stay:
        return 0.0
    if flows.alone >= flows.stay:
        return math.inf
    return (flows.shirk - flows.stay) / (flows.shirk - flows.alone)
