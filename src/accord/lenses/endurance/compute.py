"""What the lens works out in every world: survival, endings, paths, trials and closed forms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from accord.finding import Draws
from accord.lenses.endurance.calibration import BETAS, KINDS, Calibration
from accord.lenses.endurance.closed import annuity, closed_forms, typical_offers
from accord.lenses.endurance.endings import CAUSES
from accord.lenses.endurance.estimators import NOTHING, Intervention, Runs, simulate, weigh_each
from accord.lenses.endurance.gather import gathered
from accord.lenses.endurance.indices import START, WINDOW, conditional, log_hazard_ratio
from accord.lenses.endurance.inputs import Parameters, scaled, stakes
from accord.lenses.endurance.moment import options
from accord.lenses.endurance.population import structure_of
from accord.lenses.endurance.reference import BOTH, DEFAULT_BETA, Cell, Key, cell
from accord.lenses.endurance.shocks import with_shocks
from accord.problems import RunError
from accord.situation import Situation

FloatArray = NDArray[np.float64]
Columns = dict[str, FloatArray]

# Further trials are made in the first so many worlds only.
TRIAL_WORLDS = 256


@dataclass(frozen=True, slots=True)
class Luck:
    """What a run of worlds needs besides its numbers."""

    beta: float
    nu: float
    months: int
    replicates: int
    seed: int
    first: int


def kind_of(situation: Situation) -> str:
    """The default class: wartime where patrons hold up a client against a threat, defence otherwise."""
    war = situation.partnership.client is not None and bool(situation.partnership.threats)
    return "wartime" if war else "defence"


def default_cell(situation: Situation) -> Cell:
    """The reference population of the situation's structure under the default calibration: its class, beta 14.

    Where no review rate fits that, the first that is reachable of other precisions, then of other classes; the finding's
    notes name the one in force.  Worked out, with a progress bar, when it is neither shipped nor cached.

    Raises
    ------
    RunError
        When no review rate fits any class.
    """
    structure, own = structure_of(situation), kind_of(situation)
    keys = [Key("plain", own, beta) for beta in (DEFAULT_BETA, *(b for b in BETAS if b != DEFAULT_BETA))]
    keys += [Key("plain", kind, DEFAULT_BETA) for kind in KINDS if kind != own]
    for key in keys:
        found = cell(structure, key)
        if found.reachable:
            return found
    raise RunError(f"partnerships of {structure} survive as no class of alliances did: no calibration fits")


def calibration_of(situation: Situation) -> Calibration:
    """The default calibration."""
    return default_cell(situation).calibration


def columns(
    situation: Situation, worlds: Draws, replicates: tuple[int, int, int], trials: int = TRIAL_WORLDS
) -> Columns:
    """Every quantity by name, each with a leading world dimension; NaN where it is not worked out or undefined.

    *replicates* of a world: usually, in a scenario beside the situation, and in the one world of best estimates;
    further *trials* in the first so many worlds, with half of the runs.
    """
    numbers = numbers_of(situation, worlds)
    calibration = calibration_of(situation)
    assert calibration.nu is not None
    at_best = worlds.numbers.start == 0
    usually, briefly, best = replicates
    count = (usually if worlds.brief else best) if at_best else briefly if worlds.brief else usually
    months = max(situation.horizon, START + WINDOW)
    luck = Luck(calibration.beta, calibration.nu, months, count, worlds.seed, worlds.numbers.start)
    found: Columns = {"scale": numbers.scale}
    found |= _closed(numbers) | _rivals(situation, worlds, numbers)
    base, both = _weighed(numbers, luck, [(NOTHING, months), (BOTH, START + WINDOW)])
    found |= _index(base, both, situation.horizon, calibration)
    runs = _drawn(numbers, luck, tracks=not worlds.brief)
    found |= _endings(runs, situation.horizon)
    if not worlds.brief:
        found |= _paths(numbers, runs, situation.horizon)
        found |= _trials(numbers, luck, trials)
    return found


def numbers_of(situation: Situation, worlds: Draws) -> Parameters:
    """The model's numbers of a situation: with shocks, and in units of the largest stake.

    What varies another situation is measured in that one's unit: taking a threat away must not make all else weigh more.
    """
    made = with_shocks(gathered(situation, worlds), situation, worlds)
    return scaled(made, None if worlds.varies is None else stakes(gathered(*worlds.varies)))


def _drawn(numbers: Parameters, luck: Luck, tracks: bool) -> Runs:
    """Drawn paths."""
    return simulate(
        numbers,
        beta=luck.beta,
        nu=luck.nu,
        months=luck.months,
        replicates=luck.replicates,
        seed=luck.seed,
        first=luck.first,
        tracks=tracks,
    )


def _weighed(numbers: Parameters, luck: Luck, trials: Sequence[tuple[Intervention, int]]) -> list[FloatArray]:
    """Survival of both levels by weights under each trial, shape (worlds, 2, months + 1) each."""
    found = weigh_each(
        numbers,
        trials,
        beta=luck.beta,
        nu=luck.nu,
        replicates=luck.replicates,
        seed=luck.seed,
        first=luck.first,
    )
    return [one.survival for one in found]


def _index(base: FloatArray, both: FloatArray, horizon: int, calibration: Calibration) -> Columns:
    """Survival, the strategic index, the gap and the trial hazard ratio (page, section 4)."""
    kept, tested = conditional(base), conditional(both)
    ratio = log_hazard_ratio(tested, kept, KINDS[calibration.kind].five_years)
    return {
        "survival.theatre": base[:, 0, : horizon + 1],
        "survival.bilateral": base[:, 1, : horizon + 1],
        "five_years": kept,
        "strategic_index": tested,
        "gap": kept - tested,
        "relative_gap": np.where(kept > 0.0, 1.0 - tested / np.where(kept > 0.0, kept, 1.0), np.nan),
        "log_hazard_ratio": ratio,
    }


def _endings(runs: Runs, horizon: int) -> Columns:
    """Cumulative incidence by cause over months, and by cause and ender at the horizon."""
    found: Columns = {}
    for level, name in enumerate(("theatre", "bilateral")):
        incidence = runs.incidence(level)[..., : horizon + 1]
        found[f"alive.{name}"] = runs.alive[:, level, : horizon + 1]
        for c, cause in enumerate(CAUSES):
            if c == 0:
                continue
            found[f"incidence.{name}.{cause}"] = incidence[:, c].sum(axis=1)
        for i, patron in enumerate(runs.patrons):
            found[f"ended_by.{name}.{patron}"] = incidence[:, :, i, -1].sum(axis=1)
    return found


def _paths(numbers: Parameters, runs: Runs, horizon: int) -> Columns:
    """Means over the replicates that are still alive, shape (worlds, months + 1) each."""
    cut = slice(0, horizon + 1)
    found: Columns = {}
    for patron in numbers.patrons:
        found[f"path.patience.{patron}"] = runs.track("patience", patron)[:, cut]
        found[f"path.losses.{patron}"] = runs.track("losses", patron)[:, cut]
        if numbers.client:
            found[f"path.influence.{patron}"] = runs.track("influence", patron)[:, cut]
        for other in numbers.patrons:
            if other != patron:
                found[f"path.trust.{patron}.{other}"] = runs.track("trust", patron, other)[:, cut]
    for threat in numbers.threats:
        found[f"path.level.{threat}"] = runs.track("level", threat)[:, cut]
    if numbers.client:
        found["path.territory"] = runs.track("territory")[:, cut]
    found["path.success"] = runs.track("success")[:, cut]
    return found


def trials_of(numbers: Parameters) -> Iterator[tuple[str, Intervention]]:
    """Every further trial by name."""
    yield "tempted", Intervention(START, tempt=True)
    yield "removed", Intervention(START, remove=True)
    if len(numbers.threats) > 1:
        for threat in numbers.threats:
            yield f"removed.{threat}", Intervention(START, remove=(threat,))
    if numbers.client and numbers.leader >= 0:
        yield "leader", Intervention(START, change_leader=True)
    for patron in numbers.patrons:
        yield f"exhausted.{patron}", Intervention(START, exhaust=patron)
        yield f"relieved.{patron}", Intervention(START, relieve=patron)


def _trials(numbers: Parameters, luck: Luck, trials: int) -> Columns:
    """Five-year survival and hazard ratios under every trial, on the same luck; in the first worlds only."""
    number = luck.first + np.arange(numbers.worlds)
    rows = np.flatnonzero(number <= trials)
    few, half = numbers.take(rows), replace(luck, replicates=max(luck.replicates // 2, 1))
    found: Columns = {"tried": (number <= trials).astype(np.float64)}
    # Both sides of a ratio rest on the same runs.
    made = {"both": BOTH, **dict(trials_of(few))}
    base, *tried = _weighed(few, half, [(trial, START + WINDOW) for trial in (NOTHING, *made.values())])
    for name, survival in zip(made, tried, strict=True):
        for level, kind in enumerate(("theatre", "bilateral")):
            ratio = rate(survival[:, level]) / rate(base[:, level])
            found[f"hazard_ratio.{kind}.{name}"] = _spread_out(numbers.worlds, rows, ratio)
        if name in ("removed", "tempted", "both"):
            found[f"trial.{name}"] = _spread_out(numbers.worlds, rows, conditional(survival))
    found["trial.base"] = _spread_out(numbers.worlds, rows, conditional(base))
    return found


def rate(survival: FloatArray) -> FloatArray:
    """Endings per month at risk over the window, shape (worlds,); NaN where nothing is at risk or nothing ends."""
    window = survival[:, START : START + WINDOW + 1]
    at_risk = window[:, :-1].sum(axis=1)
    ended = window[:, 0] - window[:, -1]
    return np.where((at_risk > 0.0) & (ended > 0.0), ended / np.where(at_risk > 0.0, at_risk, 1.0), np.nan)


def _spread_out(worlds: int, rows: NDArray[np.int64], values: FloatArray) -> FloatArray:
    """Values of some worlds among all, NaN elsewhere."""
    whole = np.full(worlds, np.nan)
    whole[rows] = values
    return whole


def _closed(numbers: Parameters) -> Columns:
    """Flows, closed forms and choice probabilities at the start, and the cheapest wedge."""
    at = options(numbers, beta=DEFAULT_BETA)
    forms = closed_forms(numbers, at)
    stays = at.values[..., 0] > at.values[..., 2]
    found: Columns = {"viable": np.asarray(stays.all(axis=1), dtype=np.float64)}
    for i, patron in enumerate(numbers.patrons):
        found[f"flow.stay.{patron}"] = at.flows[:, i, 0]
        found[f"flow.leave.{patron}"] = at.flows[:, i, 2]
        found[f"price_of_defection.{patron}"] = forms.price[:, i]
        found[f"price_far.{patron}"] = forms.price_far[:, i]
        found[f"trust_needed.{patron}"] = forms.trust_needed[:, i]
        found[f"steadiness.{patron}"] = at.steadiness[:, i]
        found[f"patience_needed.{patron}"] = np.where(
            np.isinf(forms.patience_needed[:, i]), np.nan, forms.patience_needed[:, i]
        )
        found[f"discount.{patron}"] = numbers.of("discount")[:, i].copy()
        found[f"exit_probability.{patron}"] = at.probabilities[:, i, 2]
        found[f"influence.{patron}"] = at.influence[:, i]
    return found | _wedges(numbers, forms.margin)


def _rivals(situation: Situation, worlds: Draws, numbers: Parameters) -> Columns:
    """Whether the partners are adversaries in outlook (affinity of their ties; NaN where none is stated) and in interest.

    And whether threats that all of them want gone are worth more to each than its rivalry with the others.
    """
    paths = [
        f"ties.{one}.{other}.affinity" for one in numbers.patrons for other in numbers.patrons if one != other
    ]
    stated = [worlds.of(path) for path in paths if worlds.has(path)]
    none = np.full(numbers.worlds, np.nan)
    outlook: FloatArray = np.asarray(np.mean(stated, axis=0)) if stated else none
    interest: FloatArray = np.asarray(numbers.of("standing_interest").mean(axis=1))
    shared = (numbers.of("value") > 0.0).all(axis=1, keepdims=True)
    threat = (shared * numbers.of("value") * numbers.of("level")[:, None, :]).sum(axis=-1)
    rivalry = np.maximum(-numbers.of("standing_interest"), 0.0)
    greater = (threat > rivalry).all(axis=1)
    return {
        "rivals.threatened": np.asarray(greater, dtype=np.float64),
        "rivals.ideological": np.asarray(np.where(np.isnan(outlook), np.nan, outlook < 0.0)),
        "rivals.geopolitical": np.where(np.isnan(interest), np.nan, interest < 0.0),
    }


def _wedges(numbers: Parameters, margin: FloatArray) -> Columns:
    """For every suitor and patron the price of defection over the suitor's 75th-percentile offer; the least of them."""
    delta, months = numbers.of("discount"), numbers.of("foresight")
    offers = typical_offers(numbers)
    found: Columns = {}
    least = np.full(numbers.worlds, np.nan)
    for o, suitor in enumerate(numbers.suitors[:-1]):
        for i, patron in enumerate(numbers.patrons):
            if (offers[:, i, o] > 0.0).all():
                credible = numbers.of("credibility")[:, i, o]
                price = margin[:, i] / annuity(delta[:, i] * credible, months[:, i])
                ratio = price / offers[:, i, o]
                found[f"wedge.{suitor}.{patron}"] = ratio
                least = np.fmin(least, ratio)
    found["cheapest_wedge"] = least
    return found
