"""Month by month: the ten steps, endings, trials and both estimators (endurance page, sections 3 and 4; decision 9)."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field

import reference_flows as fl
import reference_values as va
from reference_world import Row, World, clip, logistic, logit, start

CAUSES = (
    *("censored", "fulfilled", "sell_out", "abandonment", "exhaustion", "fait_accompli", "entrapment"),
    "collapse",
)
CAUSE_OF = {"exit": "abandonment", "sell": "sell_out", "grab": "fait_accompli", "leave": "entrapment"}
CHOSEN, DONE, FORCED = range(3)


@dataclass(frozen=True)
class Trial:
    """What is done from month + 1 on; patrons and threats by index."""

    month: int = 12
    remove: tuple[int, ...] = ()
    tempt: bool = False
    change_leader: bool = False
    exhaust: int = -1
    relieve: int = -1


@dataclass
class End:
    """When, why and by whom a level ended; month -1 while it is alive."""

    month: int = -1
    cause: str = "censored"
    ender: int = -1


@dataclass
class Path:
    """One trajectory: weight x alive after each month at both levels, how they ended, what was tracked."""

    theatre: Row
    bilateral: Row
    ends: tuple[End, End]
    tracks: dict[tuple[str, ...], Row] = field(default_factory=dict)


class Run:
    """One replicate of one world."""

    def __init__(
        self, world: World, beta: float, nu: float, luck: random.Random, trial: Trial | None, weighted: bool
    ) -> None:
        self.world = world.but()
        self.state = start(self.world)
        self.beta, self.nu, self.luck, self.trial, self.weighted = beta, nu, luck, trial, weighted
        self.at_start = fl.odds_at_start(self.world)
        self.level_at_start = sum(self.world.level)
        self.weight = 1.0
        self.ends = (End(), End())
        self.shirking = [False] * world.patrons
        self.goal_met = [False] * world.patrons
        self.left: set[int] = set()
        self._test_goals()

    # One month ------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """One month, in the page's order."""
        state = self.state
        state.month += 1
        fought = [i for i in range(self.world.patrons) if state.fights(i)]
        since_trial = state.month - self.trial.month if self.trial else 0
        if since_trial == 1:
            self._begin_trial()
        self._drift()
        scene = fl.Scene(self.world, state)
        if since_trial == 1 and self.trial and self.trial.exhaust in fought:
            i, chance = self.trial.exhaust, logistic(scene.at_full)
            now = fl.unbounded_patience(self.world, state, i, chance)
            state.shift[i] += self.world.patience_floor[i] + 0.05 - now
        callers = [j for j in state.members(theatre=False) if self.luck.random() < self.world.help_calls[j]]
        worth, efforts, leavers, entrants = self._review(scene, bool(callers))
        forced = [i for i in fought if scene.patience(i) <= self.world.patience_floor[i]]
        for i, effort in efforts.items():
            state.effort[i], self.shirking[i] = effort, effort != 1.0
        for i in entrants:
            state.in_bilateral[i] = True
            state.in_theatre[i] = state.theatre_alive
        self._calls(callers, worth, leavers)
        self._leave(leavers, forced)
        if not state.bilateral_alive:
            return
        self._learn(fought)
        self._dynamics()
        over = [i for i in fought if not state.fights(i) and state.in_bilateral[i]]
        self._after_theatre(over)
        if state.bilateral_alive:
            self._offers(since_trial == 6)
        self._test_goals()

    def _begin_trial(self) -> None:
        """Step 1: threats held down, the client's leader changed, a dependence halved (patience: see step 2)."""
        trial, world, state = self.trial, self.world, self.state
        assert trial is not None
        for k in trial.remove:
            state.level[k], state.held[k] = 1e-6, True
        if trial.relieve >= 0:
            world.dependence[trial.relieve] *= 0.5
        if trial.change_leader and world.client and world.leader >= 0 and state.theatre_alive:
            share = fl.shares(world, state)
            first = max(range(world.patrons), key=lambda i: share[i])
            state.override[world.leader] = world.position[first][world.leader]
            for i in range(world.patrons):
                if i != first:
                    world.leverage[i] *= 1.0 - world.loyalty

    def _drift(self) -> None:
        """Step 2: positions and ln capability wander by a twelfth of the yearly variance."""
        world, luck = self.world, self.luck
        if world.position_drift > 0.0:
            for row in world.position:
                row[:] = [
                    clip(x + world.position_drift / math.sqrt(12.0) * luck.gauss(0, 1), 0, 1) for x in row
                ]
        if world.capability_drift > 0.0:
            for row in world.capability:
                row[:] = [
                    x * math.exp(world.capability_drift / math.sqrt(12.0) * luck.gauss(0, 1)) for x in row
                ]

    # Steps 3 to 6: choices ------------------------------------------------------------------------------------

    def _draw(self, chances: dict[str, float], ends: set[str], nu: float) -> str | None:
        """One choice with probability nu; under survival weights those that end the level come off the weight."""
        kept = 1.0
        if self.weighted and len(self.state.members(theatre=False)) == self.world.quorum:
            kept = 1.0 - nu * sum(p for name, p in chances.items() if name in ends)
            self.weight *= kept
            chances = {name: p for name, p in chances.items() if name not in ends}
        u = self.luck.random() * kept
        for name, p in chances.items():
            u -= nu * p
            if u < 0.0:
                return name
        return None

    def _review(
        self, scene: fl.Scene, calls: bool
    ) -> tuple[dict[int, dict[str, float]], dict[int, float], dict[int, str], list[int]]:
        """Steps 3 and 4: values, reviews; who leaves why, who changes its effort, who comes in."""
        world, state, luck = self.world, self.state, self.luck
        worth: dict[int, dict[str, float]] = {}
        efforts: dict[int, float] = {}
        leavers: dict[int, str] = {}
        entrants: list[int] = []
        for i in range(world.patrons):
            if not state.in_bilateral[i]:
                due = state.theatre_alive and 0 < world.enters[i] <= state.month and i not in self.left
                if due and luck.random() < self.nu and luck.random() < va.entry(world, state, i, self.beta):
                    entrants.append(i)
                continue
            nu = self.nu if self.weighted else float(luck.random() < self.nu)
            if nu == 0.0 and not calls:
                continue
            worth[i] = va.values(scene, i)
            done = state.fights(i) and self.goal_met[i]
            ends = {"sell", "grab"} if done else {"exit", "sell", "grab"}
            choice = self._draw(va.logit_choice(self.beta, worth[i]), ends, nu)
            if choice in ("stay", "shirk"):
                efforts[i] = world.shirking_effort[i] if choice == "shirk" else 1.0
            elif choice is not None:
                leavers[i] = "fulfilled" if choice == "exit" and done else CAUSE_OF[choice]
        return worth, efforts, leavers, entrants

    def _calls(self, callers: list[int], worth: dict[int, dict[str, float]], leavers: dict[int, str]) -> None:
        """Step 6: calls for help, answered by whoever has not chosen to leave; by the values of step 3, no nu."""
        for j in callers:
            for i in worth if j not in leavers else ():
                if i == j or i in leavers:
                    continue
                chosen = self._draw(va.answer(self.world, i, worth[i], self.beta), {"leave"}, 1.0)
                if chosen == "leave":
                    leavers[i] = CAUSE_OF["leave"]
                else:
                    self._evidence(j, i, 0.5 if chosen == "honour" else -1.0)

    def _evidence(self, i: int, j: int, ratio: float) -> None:
        """logit T_ij += LLR."""
        self.state.trust[i][j] = logistic(logit(self.state.trust[i][j]) + ratio)

    # Step 7: endings ------------------------------------------------------------------------------------------

    def _leave(self, leavers: dict[int, str], forced: list[int]) -> None:
        """Choices that clear both flags, then fulfilled exits, then forced ones; by a uniform within a kind."""
        queue = [
            (DONE if cause == "fulfilled" else CHOSEN, self.luck.random(), i, cause)
            for i, cause in leavers.items()
        ]
        queue += [(FORCED, self.luck.random(), i, "exhaustion") for i in forced if i not in leavers]
        for kind, _, i, cause in sorted(queue):
            if kind == CHOSEN:
                self._leave_both(i, cause)
            elif self.state.fights(i):
                self._leave_theatre(i, cause)

    def _leave_theatre(self, i: int, cause: str) -> None:
        """Out of the theatre only: a trust event; a fulfilled exit ends it for all."""
        signal = self.world.fulfilment_signal if cause == "fulfilled" else self.world.exhaustion_signal
        for j in self.state.members(theatre=False):
            if j != i:
                self._evidence(j, i, signal)
        self.state.in_theatre[i] = False
        if cause == "fulfilled" or self._broken(i):
            self._end_theatre(cause, i)

    def _leave_both(self, i: int, cause: str) -> None:
        """Out of both levels."""
        state = self.state
        fought = state.fights(i)
        state.in_theatre[i] = state.in_bilateral[i] = False
        self.left.add(i)
        if fought and self._broken(i):
            self._end_theatre(cause, i)
        if state.bilateral_alive and len(state.members(theatre=False)) < self.world.quorum:
            state.bilateral_alive = False
            self.ends[1].month, self.ends[1].cause, self.ends[1].ender = state.month, cause, i

    def _broken(self, leaver: int) -> bool:
        """Below its quorum, or the leaver took the last of a resource that has weight."""
        world, inside = self.world, self.state.members(theatre=True)
        left = fl.resources(world, [1.0 if i in inside else 0.0 for i in range(world.patrons)])
        gone = any(a > 0.0 and r <= 0.0 for a, r in zip(world.weight, left, strict=True))
        return len(inside) < world.quorum or gone

    def _end_theatre(self, cause: str, ender: int) -> None:
        """The theatre is over for all."""
        self.state.theatre_alive = False
        self.ends[0].month, self.ends[0].cause, self.ends[0].ender = self.state.month, cause, ender

    # Steps 8 to 10 --------------------------------------------------------------------------------------------

    def _learn(self, fought: list[int]) -> None:
        """Step 8: everybody has a noisy signal of everybody's conduct; Bayes, then forgetting."""
        world, state = self.world, self.state
        noise, q = world.observation_noise, world.defection_rate
        loyal = (1.0 - q) * (1.0 - noise) + q * noise
        members = state.members(theatre=False)
        for j in members:
            cooperates = not (j in fought and self.shirking[j])
            for i in members:
                if i == j:
                    continue
                good = cooperates != (self.luck.random() < noise)
                of_true = 1.0 - noise if good else noise
                of_false = loyal if good else 1.0 - loyal
                t = state.trust[i][j]
                t = t * of_true / (t * of_true + (1.0 - t) * of_false)
                state.trust[i][j] = t + world.forgetting * (world.trust[i][j] - t)

    def _dynamics(self) -> None:
        """Step 9: assets go on; territory, threats, losses and effort only while there is a theatre."""
        world, state = self.world, self.state
        state.assets += world.asset_build_up - world.asset_decay * state.assets
        if not state.theatre_alive:
            return
        efforts = [e if inside else 0.0 for e, inside in zip(state.effort, state.in_theatre, strict=True)]
        at = fl.gap(world, state.level, efforts)
        chance = logistic(at)
        for i in state.members(theatre=True):
            self._losses(i, logistic(-at) / max(logistic(-self.at_start), 1e-300))
        noise = world.territory_noise * self.luck.gauss(0, 1)
        state.log_odds += world.territory_speed * clip(at, -3.0, 3.0) + noise
        for k, h in enumerate(state.level):
            if not state.held[k]:
                grown = h + h * (world.growth[k] * (1.0 - h) - world.attrition[k] * chance)
                state.level[k] = state.dynamic[k] = clip(grown, 1e-6, 1.0)
        if world.client and state.territory <= world.territory_floor:
            self._end_theatre("collapse", -1)

    def _losses(self, i: int, ratio: float) -> None:
        """L_i and the effort sum; without a threat nobody dies."""
        world, state = self.world, self.state
        state.effort_months[i] += state.effort[i]
        if self.level_at_start > 0.0:
            z = world.proxy_share[i]
            counted = 1.0 - z + world.proxy_loss_weight * z
            per_month = world.own_losses[i] * state.effort[i] * counted
            state.losses[i] += per_month * sum(state.level) / self.level_at_start * ratio

    def _after_theatre(self, over: list[int]) -> None:
        """Whose theatre ended this month reviews the bilateral level at once, after the dynamics."""
        if not over:
            return
        scene, leavers = fl.Scene(self.world, self.state), {}
        for i in over:
            chances = va.logit_choice(self.beta, va.values(scene, i))
            choice = self._draw(chances, {"exit", "sell"}, 1.0)
            if choice in ("exit", "sell"):
                leavers[i] = CAUSE_OF[choice]
        self._leave(leavers, [])

    def _offers(self, tempted: bool) -> None:
        """Step 10: offers arrive, open from the next month on; a larger one replaces the one that is open."""
        world, state = self.world, self.state
        for i in state.members(theatre=False):
            free = 1.0
            for j in state.members(theatre=False):
                free *= 1.0 - world.spoiling[j] if j != i else 1.0
            for s in range(world.suitors):
                chance = 1.0 - math.exp(-world.rate[i][s] * free)
                if self.luck.random() < chance:
                    size = math.exp(world.size[i][s] + world.spread[i][s] * self.luck.gauss(0, 1))
                    self._open(i, s, size, max(round(world.open_months[i][s]), 1))
            if tempted and self.trial and self.trial.tempt:
                typical = [m + 0.6745 * sd for m, sd in zip(world.size[i], world.spread[i], strict=True)]
                top = max(typical)
                if top > -math.inf:
                    self._open(i, typical.index(top), math.exp(top), 6)

    def _open(self, i: int, s: int, size: float, months: int) -> None:
        """One open offer per suitor and patron."""
        old, until = self.state.offers[i][s]
        if until <= self.state.month or size > old:
            self.state.offers[i][s] = (size, self.state.month + months)

    def _test_goals(self) -> None:
        """On the state at the end of a month, threats by their last dynamic level; not latched."""
        world, state = self.world, self.state
        for i in range(world.patrons):
            held = not world.client or state.territory >= world.territory_goal[i]
            done = all(h <= goal for h, goal in zip(state.dynamic, world.goal[i], strict=True))
            self.goal_met[i] = held and done and (world.client or world.threats > 0)

    # What is kept ---------------------------------------------------------------------------------------------

    def tracked(self) -> dict[tuple[str, ...], float]:
        """State that the product tracks too, by its names; patrons and threats by index."""
        state, n = self.state, self.world.patrons
        found: dict[tuple[str, ...], float] = {("territory",): state.territory, ("assets",): state.assets}
        for i in range(n):
            found["losses", str(i)] = state.losses[i]
            found.update({("trust", str(i), str(j)): state.trust[i][j] for j in range(n) if i != j})
        found.update({("level", str(k)): h for k, h in enumerate(state.level)})
        return found


def run(
    world: World,
    beta: float,
    nu: float,
    months: int,
    luck: random.Random,
    *,
    trial: Trial | None = None,
    weighted: bool = False,
    keep: tuple[int, ...] = (),
) -> Path:
    """One trajectory; tracks are kept after the months named in *keep*, while the level they belong to is alive."""
    one = Run(world, beta, nu, luck, trial, weighted)
    path = Path([1.0], [1.0], one.ends)
    for month in range(1, months + 1):
        if one.state.bilateral_alive:
            one.step()
        path.bilateral.append(one.weight * one.state.bilateral_alive)
        path.theatre.append(one.weight * one.state.theatre_alive)
        if month in keep and one.state.bilateral_alive:
            for name, x in one.tracked().items():
                shared = name[0] in ("trust", "assets")
                if shared or one.state.theatre_alive:
                    path.tracks.setdefault((str(month), *name), []).append(x)
    return path
