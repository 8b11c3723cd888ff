"""What outputs are made from: each piece of work is done when it is first asked for, and once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.engine.streams import stream, uniforms
from accord.files.places import touches
from accord.finding import Draws
from accord.formulas import contest_success, joint_output, log, log1p
from accord.lenses.endurance import places, reference
from accord.lenses.endurance.calibration import KINDS, Calibration
from accord.lenses.endurance.closed import annuity, closed_forms, typical_offers
from accord.lenses.endurance.endings import CAUSES
from accord.lenses.endurance.estimators import NOTHING, Intervention, Runs, simulate, weigh, weigh_each
from accord.lenses.endurance.gather import gathered
from accord.lenses.endurance.indices import START, WINDOW, conditional, log_hazard_ratio
from accord.lenses.endurance.inputs import Parameters, scaled, stakes
from accord.lenses.endurance.moment import Moment, Options, options
from accord.lenses.endurance.population import structure_of, viable
from accord.lenses.endurance.reference import Cell, Others
from accord.lenses.endurance.shocks import with_shocks
from accord.situation import Situation

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Place = Callable[[FloatArray, FloatArray], dict[str, FloatArray]]

YEAR = 12
_STEEPEST = 3.0
_NEAR = 0.01
_BOTH = Intervention(START, remove=True, tempt=True)


@dataclass(frozen=True, slots=True, eq=False)
class Shocked:
    """The numbers of a situation before and with its shocks, in the file's units, for its arms to share.

    Parameters
    ----------
    before, after : Parameters
    """

    before: Parameters
    after: Parameters

    @classmethod
    def of(cls, situation: Situation, worlds: Draws) -> Shocked:
        """What the shocks of a situation do in these worlds."""
        before = gathered(situation, worlds)
        return cls(before, with_shocks(before, situation, worlds))

    def holds_for(self, numbers: Parameters) -> bool:
        """Whether an arm has the same value wherever a shock acts."""
        places = self.after.changes.index
        return numbers.shape == self.before.shape and np.array_equal(
            numbers.vector[:, places], self.before.vector[:, places]
        )

    def lent_to(self, numbers: Parameters) -> Parameters:
        """An arm's numbers with these shocks."""
        room = self.after.vector[:, numbers.vector.shape[1] :]
        vector = np.concatenate([numbers.vector, room], axis=1)
        return dataclasses.replace(numbers, vector=vector, changes=self.after.changes)


def spared(situation: Situation, paths: Iterable[str]) -> bool:
    """Whether shocks do the same after a change of the stated numbers at these paths as before it.

    That needs the arm's values to be the same where shocks act, too (:meth:`Shocked.holds_for`): what a shock sets can
    lean on other numbers (stakes, shares of factions).
    """
    moved = {path for shock in situation.shocks.values() for path in shock.changes}
    for path in paths:
        parts = path.split(".")
        leans = (
            parts[-1] in ("stakes", "share") or parts[0] == "shocks" or parts[-1] == "log_likelihood_ratio"
        )
        if leans or any(touches(path, other) for other in moved):
            return False
    return True


@dataclass(eq=False)
class Pieces:
    """The work behind the outputs of one situation.

    Parameters
    ----------
    situation : Situation
    worlds : Draws
    calibration : Calibration
    replicates, drawn : int
        Runs of each world for survival weights, and for drawn paths.
    last, walked : int
        Last month of survival, and of the path on which all stay, that is asked for.
    place : callable, optional
        From strategic index and hazard ratio, shape (worlds,) each, to ranks and quadrants by name.
    like : Shocked, optional
        What shocks do in the situation that this one is an arm of (see :func:`spared`).
    bilateral, tried : bool
        Whether survival of the bilateral level, and of both levels under both trials, is asked for.
    others : Others
        How it is held against other calibrations.
    alike : bool
        Whether only values of stated numbers differ from those of the situation that this one varies.
    """

    situation: Situation
    worlds: Draws
    calibration: Calibration
    replicates: int
    drawn: int
    last: int
    walked: int = 0
    place: Place | None = None
    like: Shocked | None = None
    bilateral: bool = True
    tried: bool = False
    others: Others = field(default_factory=Others)
    alike: bool = False
    beliefs: dict[int, FloatArray] = field(default_factory=dict)

    @cached_property
    def gathered(self) -> Parameters:
        """The model's numbers in the file's units, before shocks."""
        return gathered(self.situation, self.worlds)

    @cached_property
    def numbers(self) -> Parameters:
        """The model's numbers at the start, in units of the largest stake; shocks are still to come."""
        return scaled(self.gathered, self.unit)

    @cached_property
    def unit(self) -> FloatArray | None:
        """The largest stake of the situation that this one varies; None for its own."""
        if self.worlds.varies is None:
            return None
        return stakes(gathered(*self.worlds.varies) if self.like is None else self.like.before)

    @cached_property
    def moving(self) -> Parameters:
        """The same with every shock that is still to come, for runs; finding out what shocks do takes long."""
        if self.like is not None and self.like.holds_for(self.gathered):
            return scaled(self.like.lent_to(self.gathered), self.unit)
        like = self.worlds.varies[0] if self.alike and self.worlds.varies is not None else None
        return scaled(with_shocks(self.gathered, self.situation, self.worlds, like), self.unit)

    @cached_property
    def rate(self) -> float:
        """Reviews per month; ValueError where the calibration has none."""
        if self.calibration.nu is None:
            raise ValueError(f"no review rate fits {self.calibration.kind} alliances")
        return self.calibration.nu

    def patron(self, name: str) -> int:
        """Place of a patron in the arrays."""
        return self.numbers.patrons.index(name)

    # -- the start, without noise -------------------------------------------------------------------------------------

    @cached_property
    def start(self) -> Options:
        """What everybody faces at the start."""
        return options(self.numbers, beta=self.calibration.beta)

    def news(self, patron: str, partner: str) -> FloatArray:
        """Log-odds of trust at the start, less those stated: what events beyond it add."""
        now = self.numbers.of("trust")[:, self.patron(patron), self.patron(partner)]
        stated = self.worlds.of(f"ties.{patron}.{partner}.trust")
        return np.asarray(log(now) - log1p(-now) - log(stated) + log1p(-stated))

    @cached_property
    def prices(self) -> tuple[FloatArray, FloatArray]:
        """Price of defection and V_stay - V_exit of every patron, shape (worlds, patrons) each."""
        forms = closed_forms(self.numbers, self.start)
        return forms.price, forms.margin

    def cheapest_wedge(self) -> FloatArray:
        """Least ratio of a price of defection to its suitor's 75th-percentile offer; NaN where nobody offers."""
        numbers, offers = self.numbers, typical_offers(self.numbers)
        delta, months = numbers.of("discount"), numbers.of("foresight")
        least = np.full(numbers.worlds, np.nan)
        for o in range(len(numbers.suitors) - 1):
            credible = delta * numbers.of("credibility")[..., o]
            price = self.prices[1] / annuity(credible, months)
            made = offers[..., o] > 0.0
            ratio = np.where(made, price / np.where(made, offers[..., o], 1.0), np.nan)
            least = np.fmin(least, np.fmin.reduce(ratio, axis=-1))
        return least

    def ending_chance(self) -> FloatArray:
        """Chance per month at the state of the start that a member's review ends it: ``1 - prod(1 - nu p_end)``."""
        ends = np.nan_to_num(self.start.probabilities[..., 2:].sum(axis=-1))
        return np.asarray(1.0 - np.prod(1.0 - self.rate * ends, axis=-1))

    def territory_drift(self) -> FloatArray:
        """Expected change of the log-odds of territory per month, ``psi clip(n ln(Q/hR), -3, 3)``."""
        chance = np.clip(self.start.success, 1e-300, 1.0 - 1e-16)
        pull = np.clip(log(chance / (1.0 - chance)), -_STEEPEST, _STEEPEST)
        return np.asarray(self.numbers.of("territory_speed") * pull)

    @cached_property
    def slopes(self) -> FloatArray:
        """Change of each patron's flow of staying per unit of territory, shape (worlds, patrons)."""
        held = self.numbers.of("territory")
        low, high = np.maximum(held - _NEAR, 0.0), np.minimum(held + _NEAR, 1.0)
        below, above = (options(self.numbers, Moment(territory=at)).flows[..., 0] for at in (low, high))
        return np.asarray((above - below) / (high - low)[:, None])

    def policy(self, issue: str) -> FloatArray:
        """What the patrons settle on, share 0..1 of the issue's scale; NaN where nobody cares or it is not theirs."""
        if issue not in self.numbers.issues:
            return np.full(self.numbers.worlds, np.nan)
        k = self.numbers.issues.index(issue)
        means = (self.numbers.of("weight")[:, None, :] * self.numbers.of("capability")).sum(axis=-1)
        weight = means * self.numbers.of("salience")[..., k] * (np.array(self.numbers.enters) == 0)
        total = weight.sum(axis=-1)
        top = (weight * self.numbers.of("position")[..., k]).sum(axis=-1)
        mean = np.where(total > 0.0, top / np.where(total > 0.0, total, 1.0), np.nan)
        agreed = self.numbers.of("agreed")[:, k]
        return np.where(agreed > 0.0, agreed - 1.0, mean)

    def entry(self, patron: str) -> FloatArray:
        """Chance that a patron would come in at a review if it were not yet in."""
        found: FloatArray = self._without(patron).entry[:, self.patron(patron)]
        return found

    def influence_before(self, patron: str, partner: str) -> FloatArray:
        """Share of influence that a patron would have if a partner were not yet in."""
        found: FloatArray = self._without(partner).influence[:, self.patron(patron)]
        return found

    def _without(self, patron: str) -> Options:
        """What everybody would face at the start if a patron were not yet in."""
        i = self.patron(patron)
        enters = tuple(1 if k == i else month for k, month in enumerate(self.numbers.enters))
        return options(dataclasses.replace(self.numbers, enters=enters), beta=self.calibration.beta)

    def risk_alone(self, patron: str) -> FloatArray:
        """How much more dangerous it is alone: ``(1 - pi_alone)/(1 - pi_0)`` at the start, at full effort."""
        numbers, i = self.numbers, self.patron(patron)
        delegated = numbers.of("agency_loss")[:, i] * numbers.of("proxy_share")[:, i]
        own = (numbers.of("availability")[:, i] * (1.0 - delegated))[:, None] * numbers.of("capability")[:, i]
        amounts = numbers.of("client_capability") + own
        output = joint_output(amounts, numbers.of("weight"), numbers.of("substitution"))
        opposed = (numbers.of("level") * numbers.of("strength")).sum(axis=-1)
        alone = contest_success(output, opposed, numbers.of("contest_exponent"))
        safe = 1.0 - self.start.success
        return np.where(safe > 0.0, (1.0 - alone) / np.where(safe > 0.0, safe, 1.0), np.nan)

    # -- survival by weights ------------------------------------------------------------------------------------------

    @cached_property
    def survival(self) -> FloatArray:
        """Survival of both levels, shape (worlds, 2, last + 1); of the theatre only where nothing else is asked for."""
        if self.bilateral:
            return self._tried[0]
        found = weigh(self.moving, months=max(self.last, 1), theatre_only=True, **self._luck).survival
        found[:, 1] = np.nan
        return found

    @cached_property
    def tested(self) -> FloatArray:
        """The same under both trials, to the end of their window."""
        return self._tried[1] if self.tried else self._weighed([(_BOTH, START + WINDOW)])[0]

    @cached_property
    def _tried(self) -> list[FloatArray]:
        """Survival without trials, and where it is asked for under both."""
        both = [(_BOTH, START + WINDOW)] if self.tried else []
        return self._weighed([(NOTHING, max(self.last, 1)), *both])

    def _weighed(self, trials: Sequence[tuple[Intervention, int]]) -> list[FloatArray]:
        """Survival under each trial."""
        return [one.survival for one in weigh_each(self.moving, trials, **self._luck)]

    @property
    def _luck(self) -> dict[str, Any]:
        """What every run by weights needs."""
        return {
            "beta": self.calibration.beta,
            "nu": self.rate,
            "replicates": self.replicates,
            "seed": self.worlds.seed,
            "first": self.worlds.numbers.start,
        }

    def yearly_hazard(self, month: int) -> FloatArray:
        """``-ln(S(M)/S(M - 12))/12`` of the theatre; NaN where it is over by then."""
        now, before = self.survival[:, 0, month], self.survival[:, 0, month - YEAR]
        alive = now > 0.0
        return np.where(alive, -log(np.where(alive, now, 1.0) / np.where(alive, before, 1.0)) / YEAR, np.nan)

    @cached_property
    def index(self) -> dict[str, FloatArray]:
        """Strategic index, five-year survival, gap and trial hazard ratio (page, section 4)."""
        kept, tested = conditional(self.survival), conditional(self.tested)
        ratio = log_hazard_ratio(tested, kept, KINDS[self.calibration.kind].five_years)
        return {
            "strategic_index": tested,
            "five_years": kept,
            "gap": kept - tested,
            "log_hazard_ratio": ratio,
        }

    @cached_property
    def placed(self) -> dict[str, FloatArray]:
        """Ranks and quadrants by name; nothing where nobody can tell them."""
        if self.place is None:
            return {}
        found = self.place(self.index["strategic_index"], self.index["log_hazard_ratio"])
        # Worlds in which somebody would leave at once are not judged, here as in the verdict.
        return {name: np.where(self.stays, values, np.nan) for name, values in found.items()}

    @cached_property
    def stays(self) -> NDArray[np.bool_]:
        """Worlds in which everybody would rather stay at the start."""
        return viable(self.numbers)

    @cached_property
    def codes(self) -> IntArray:
        """Quadrants in the first worlds under every reachable calibration, priors as they are; -1: not judged.

        Shape (calibrations, worlds); the worlds and runs are those of the verdict's other calibrations.
        """
        structure, found = structure_of(self.situation), []
        for key in reference.keys_for(self.calibration.kind):
            among = reference.cell(structure, key) if key.variant == "plain" else None
            if among is None or not among.reachable:
                continue
            stand = places.place(*self._against(among), among)
            found.append(np.where(self.stays[: stand.codes.size], stand.codes, -1))
        return np.stack(found)

    def _against(self, among: Cell) -> tuple[FloatArray, FloatArray]:
        """Index and hazard ratio in the first worlds under a calibration, worked out unless they are known."""
        if among.key in self.others.known:
            index, ratio = self.others.known[among.key]
            if index.size >= self._few.worlds:  # of fewer worlds than are asked for nothing is known
                return index[: self._few.worlds], ratio[: self._few.worlds]
        runs = self.others.runs(among.key, self.calibration)
        return reference.against(self._few, among, runs, self.worlds.seed, self.worlds.numbers.start)

    @cached_property
    def _few(self) -> Parameters:
        """The numbers of the first worlds, in which other calibrations are looked at."""
        return self.moving.take(slice(0, self.others.worlds))

    def held(self, quadrant: int) -> FloatArray:
        """Share of the calibrations that place a world in a quadrant; NaN where none can tell, and beyond the first worlds."""
        known = (self.codes >= 0).sum(axis=0)
        inside = (self.codes == quadrant).sum(axis=0)
        found = np.full(self.worlds.size, np.nan)
        found[: known.size] = np.where(known > 0, inside / np.maximum(known, 1), np.nan)
        return found

    # -- drawn paths --------------------------------------------------------------------------------------------------

    @cached_property
    def runs(self) -> Runs:
        """Drawn runs to the horizon, or to the end of the theatre: nothing is asked of them beyond it."""
        return self._simulated(self.moving, self.rate, self.situation.horizon, self.drawn, theatre_only=True)

    @cached_property
    def steady(self) -> Runs:
        """Runs in which all stay at full effort: nobody reviews anything, and no patience runs out.

        Paths of patience, losses and territory are taken from these: along drawn runs whoever is left after 60 months
        is a selection, which can turn a movement around (page, section 6).
        """
        tireless = self.moving.with_(patience_floor=0.0)
        # Only territory is noisy on these paths, so that fewer of them do.
        return self._simulated(tireless, 0.0, self.walked, max(self.drawn // 4, 1), tracks=True)

    def _simulated(
        self,
        numbers: Parameters,
        rate: float,
        months: int,
        replicates: int,
        tracks: bool = False,
        theatre_only: bool = False,
    ) -> Runs:
        """Runs at a review rate."""
        return simulate(
            numbers,
            beta=self.calibration.beta,
            nu=rate,
            months=max(months, 1),
            replicates=replicates,
            seed=self.worlds.seed,
            first=self.worlds.numbers.start,
            tracks=tracks,
            theatre_only=theatre_only,
        )

    @cached_property
    def ended(self) -> tuple[NDArray[np.int16], NDArray[np.int16], NDArray[np.int16]]:
        """Month, cause and ender of the theatre, shape (worlds, runs) each; cause 0 where it lives at the horizon."""
        ends = self.runs.ends
        in_time = ends[..., 0] <= self.situation.horizon
        return ends[..., 0], np.where(in_time, ends[..., 1], 0), ends[..., 2]

    def incidence(self, cause: str, patron: str | None) -> FloatArray:
        """Share of runs whose theatre has ended in a way (by a patron) at the horizon."""
        _, causes, enders = self.ended
        found = causes == CAUSES.index(cause)
        if patron is not None:
            found &= enders == self.patron(patron)
        return np.asarray(found.mean(axis=1))

    def share_of_endings(self, patron: str) -> FloatArray:
        """Of the runs whose theatre has ended, the share that a patron ended; NaN where none has."""
        _, causes, enders = self.ended
        over = causes > 0
        count = over.sum(axis=1)
        mine = (over & (enders == self.patron(patron))).sum(axis=1)
        return np.where(count > 0, mine / np.maximum(count, 1), np.nan)

    def own_exit_month(self, patron: str) -> FloatArray:
        """Mean month of the endings that a patron made itself, by choice or exhaustion; NaN where there is none."""
        months, causes, enders = self.ended
        mine = (causes > 0) & (enders == self.patron(patron))
        count = mine.sum(axis=1)
        total = np.where(mine, months, 0).sum(axis=1)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def goal_month(self, patron: str) -> FloatArray:
        """First month in which a patron's goals hold on the mean steady path; the horizon + 1 where they never do."""
        i, horizon = self.patron(patron), self.situation.horizon
        met = np.ones((self.numbers.worlds, horizon + 1), dtype=np.bool_)
        if self.numbers.client:
            wanted = self.numbers.of("territory_goal")[:, i, None]
            met &= self.steady.track("territory")[:, : horizon + 1] >= wanted
        for k, threat in enumerate(self.numbers.threats):
            level = self.steady.track("level", threat)[:, : horizon + 1]
            met &= level <= self.numbers.of("goal")[:, i, k, None]
        return np.where(met.any(axis=1), met.argmax(axis=1), horizon + 1.0)

    def success(self, month: int) -> FloatArray:
        """Chance to prevail at full effort, after so many months of the steady path."""
        return self.start.success if month == 0 else self.steady.track("success")[:, month]

    def trust_error(self, month: int) -> FloatArray:
        """Mean distance between trust and the partner's type, over ordered pairs and runs in which types are drawn.

        A partner is trustworthy with the probability that trust has at the start, and then always cooperates;
        otherwise it defects with the monthly rate q.  Trust follows the signals by Bayes' rule (page, "Beliefs").
        Choices play no part: in the simulation conduct follows from interests, and nobody has a type there.
        """
        if month not in self.beliefs:
            n = len(self.numbers.patrons)
            pairs = [(i, j) for i in range(n) for j in range(n) if i != j]
            self.beliefs[month] = np.mean([self._distance(i, j, month) for i, j in pairs], axis=0)
        return self.beliefs[month]

    def _distance(self, i: int, j: int, month: int) -> FloatArray:
        """Mean distance of i's trust in j from j's drawn type."""
        numbers, names = self.numbers, self.numbers.patrons
        key = stream(self.worlds.seed, f"{names[i]} {names[j]}", "type")
        count = self.replicates * (2 * month + 1)
        luck = uniforms(key, self.worlds.numbers, count=count).reshape(numbers.worlds, -1, self.replicates)
        begun = numbers.of("trust")[:, i, j, None]
        rate, noise, forget = (
            numbers.of(name)[:, None] for name in ("defection_rate", "observation_noise", "forgetting")
        )
        mixed = (1.0 - rate) * (1.0 - noise) + rate * noise
        steady = luck[:, 0] < begun
        trust = np.broadcast_to(begun, steady.shape)
        for t in range(month):
            acted = steady | (luck[:, 2 * t + 1] >= rate)
            good = acted ^ (luck[:, 2 * t + 2] < noise)
            likely, other = np.where(good, 1.0 - noise, noise), np.where(good, mixed, 1.0 - mixed)
            trust = trust * likely / (trust * likely + (1.0 - trust) * other)
            trust = trust + forget * (begun - trust)
        return np.asarray(np.abs(trust - steady).mean(axis=1))
