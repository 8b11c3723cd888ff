"""Putting the verdict together from a run's columns, the reference population, and further looks at the first worlds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.engine.abreast import abreast
from accord.engine.kept import Kept
from accord.engine.progress import Bar
from accord.engine.store import digest
from accord.finding import Spread
from accord.lenses.endurance import compute, places, reference
from accord.lenses.endurance.calibration import KINDS
from accord.lenses.endurance.inputs import Parameters
from accord.lenses.endurance.own import cells_of, drifting
from accord.lenses.endurance.places import Places
from accord.lenses.endurance.population import REDRAWN, structure_of, variant_named, viable
from accord.lenses.endurance.reference import Cell, Key, keys_for, runs_against
from accord.situation import Change, Estimate, Situation, estimates
from accord.study import levers
from accord.study.because import tree
from accord.study.chance import median_range
from accord.study.effort import THOROUGH, Effort
from accord.study.intervene import Pairs
from accord.study.judged import Columns, Judged
from accord.study.levers import Standing
from accord.study.policy import read_by_verdict
from accord.study.rivals import rivals_of
from accord.study.verdict import Half, Held, Informed, Mark, OwnClass, Verdict
from accord.worlds import best_of as best_value

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
First = Callable[[int], Pairs]

# How far every standing interest is moved to see how much the quadrant hangs on it, util/month of the file.
INTEREST = (-0.4, -0.2, 0.0, 0.2, 0.4)
# Runs of each world when levers are tried.
_LEVER_RUNS = 4
_INDEX, _RATIO, _PRICE = (
    "endurance.strategic_index",
    "endurance.log_hazard_ratio",
    "endurance.price_of_defection",
)


def judge(case: Judged, first: First, effort: Effort, kept: Kept) -> Verdict:
    """The verdict on a situation.

    Parameters
    ----------
    case : Judged
    first : callable
        From a number of worlds to further looks at the first so many, on the same random numbers.
    effort : Effort
    kept : Kept
        Where further looks are kept, so that a cancelled run goes on.
    """
    among = compute.default_cell(case.situation)
    stand, good = placed(case.over, among)
    shares = stand.shares(good)
    label = places.label_of(shares)
    found = levers.influences(_read(case), *np.where(good, _ranks(stand), np.nan))
    judged = int((good & (stand.codes >= 0)).sum())
    bench = _Bench(case, first(effort.levers).with_runs(_LEVER_RUNS, 1), kept, among)
    carried = _carried(case, bench, found, (shares, judged), effort)
    return Verdict(
        label=label,
        shares=shares,
        error=float(np.sqrt(shares[label] * (1.0 - shares[label]) / judged)) if judged else float("nan"),
        population=places.own_shares(among),
        **_spreads(case, good),
        rank_error=_rank_errors(_ranks(stand)[:, good]),
        viable=float(good.mean()) if good.size else float("nan"),
        judged=judged,
        undefined=int(good.sum()) - judged,
        calibration=_calibration(among, case.situation),
        robustness=_robustness(case, first, effort, kept, held(among, label, shares, judged)),
        marks=_marks(case, among),
        halves=_halves(stand, good),
        influences=found[: 2 * levers.INPUTS],
        tornado=carried.bars,
        would_change_if=carried.turns,
        interest=carried.interest,
        rivals=rivals_of(case.over, good),
        informed=informed(case.situation, case.priors),
        because=tree(case.situation, case.over, stand, good, _read(case)),
        notes=_notes(among),
        cloud=_ranks(places.place(among.index, among.ratio, among)),
        ranks=np.where(good, _ranks(stand), np.nan),
        own=tuple(OwnClass.of(one) for one in case.own),
    )


def placed(over: Columns, among: Cell) -> tuple[Places, NDArray[np.bool_]]:
    """Places of worlds, and in which of them everybody would rather stay at the start: only those are judged."""
    return places.place(over["strategic_index"], over["log_hazard_ratio"], among), over["viable"] > 0.0


def placing(situation: Situation) -> Callable[[FloatArray, FloatArray], dict[str, FloatArray]]:
    """From strategic index and hazard ratio of worlds to ranks and quadrants, under the default calibration."""
    among = compute.default_cell(situation)

    def found(index: FloatArray, ratio: FloatArray) -> dict[str, FloatArray]:
        """Ranks, the quadrant's number, and 1 or 0 for each quadrant."""
        stand = places.place(index, ratio, among)
        codes = np.where(stand.codes < 0, np.nan, stand.codes.astype(np.float64))
        one = {
            f"quadrant.{quadrant.name}": np.where(np.isnan(codes), np.nan, codes == code)
            for code, quadrant in enumerate(places.QUADRANTS)
        }
        return {
            "durability": stand.durability,
            "conditionality": stand.conditionality,
            "quadrant": codes,
            **one,
        }

    return found


def _ranks(stand: Places) -> FloatArray:
    """Durability and conditionality, shape (2, worlds)."""
    return np.stack([stand.durability, stand.conditionality])


def _read(case: Judged) -> dict[str, FloatArray]:
    """The drawn numbers that the verdict rests on."""
    return {path: v for path, v in case.draws.items() if read_by_verdict(path, case.situation)}


def _rank_errors(ranks: FloatArray) -> tuple[float, float]:
    """Standard errors of the median ranks, from the spread between ten groups of worlds."""
    groups = [ranks[:, part::10] for part in range(10)]
    if min(group.shape[1] for group in groups) < 5:
        return float("nan"), float("nan")
    medians = np.array([np.nanmedian(group, axis=1) for group in groups])
    error = medians.std(axis=0, ddof=1) / np.sqrt(10.0)
    return float(error[0]), float(error[1])


def _spreads(case: Judged, good: NDArray[np.bool_]) -> dict[str, Any]:
    """Ranks, indices, hazard ratios and closed forms as spreads over the worlds that are judged."""
    among = compute.default_cell(case.situation)
    own, _ = placed(case.over, among)
    at_best, _ = placed(case.best, among)

    def spread(key: str) -> Spread:
        """One column of the lens."""
        return Spread.of(float(case.best[key][0]), case.over[key][good])

    return {
        "durability": Spread.of(float(at_best.durability[0]), own.durability[good]),
        "conditionality": Spread.of(float(at_best.conditionality[0]), own.conditionality[good]),
        "index": spread("strategic_index"),
        **{key: spread(key) for key in ("five_years", "gap", "relative_gap", "log_hazard_ratio")},
        "hazard_ratios": _hazard_ratios(case, good),
        "closed_forms": {
            key: spread(key)
            for key in case.over
            if key.startswith(("price_of_defection.", "trust_needed.", "patience_needed."))
        },
    }


def _hazard_ratios(case: Judged, good: NDArray[np.bool_]) -> dict[str, Spread]:
    """Of every trial, over the worlds judged in which trials were made."""
    tried = good & (case.over["tried"] > 0.0) if "tried" in case.over else np.zeros_like(good)
    return {
        key.removeprefix("hazard_ratio."): Spread.of(float(case.best[key][0]), values[tried])
        for key, values in case.over.items()
        if key.startswith("hazard_ratio.")
    }


def _calibration(among: Cell, situation: Situation) -> dict[str, Any]:
    """The default calibration as plain data."""
    made = among.calibration
    return {
        "class": made.kind,
        "beta": made.beta,
        "reviews_per_month": made.nu,
        "one_year": made.one_year,
        "five_years": made.five_years,
        "misfit_one_year": made.misfit,
        "structure": str(structure_of(situation)),
        "population": len(among.index),
        "rejected": among.rejected,
        "reliability": list(among.reliability),
        "digest": digest({"index": among.index, "ratio": among.ratio}),
    }


def _notes(among: Cell) -> tuple[str, ...]:
    """How far the calibration fits."""
    kind, made = KINDS[among.key.kind], among.calibration
    return (
        (
            f"Fitted to {kind.label}: {100 * kind.five_years:.1f} percent survive five years, and with this pace"
            f" {100 * made.five_years:.1f} percent of the population do; after one year it is {100 * made.one_year:.1f} percent"
            f" instead of {100 * kind.one_year:.1f}."
        ),
        (
            f"{100 * among.rejected:.0f} percent of the draws for the population were left out because nobody would have formed"
            " such a partnership; worlds of this case in which somebody would leave at once are left out likewise."
        ),
    )


def _halves(stand: Places, good: NDArray[np.bool_]) -> tuple[Half, ...]:
    """Shares and median ranks in the first half of the worlds, and in the second."""
    first = np.arange(good.size) < good.size // 2
    found = []
    for rows in (good & first, good & ~first):
        shares, known = stand.shares(rows), rows & (stand.codes >= 0)
        medians = [float(np.median(row[known])) if known.any() else float("nan") for row in _ranks(stand)]
        found.append(Half(places.label_of(shares), shares, medians[0], medians[1], int(known.sum())))
    return tuple(found)


def _marks(case: Judged, among: Cell) -> tuple[Mark, ...]:
    """The partnership and its scenarios in the plane; scenarios over the worlds in which they were looked at."""
    rows = [("", "As it stands", case.best, case.over), *case.scenarios]
    found = []
    for name, label, best, over in rows:
        if "strategic_index" not in over:
            continue
        (own, good), (at_best, _) = placed(over, among), placed(best, among)
        found.append(
            Mark(
                name,
                label,
                Spread.of(float(at_best.durability[0]), own.durability[good]),
                Spread.of(float(at_best.conditionality[0]), own.conditionality[good]),
                own.shares(good),
            )
        )
    return tuple(found)


def informed(situation: Situation, priors: Mapping[str, Estimate]) -> Informed:
    """What the numbers that the verdict reads rest on."""
    read = [e for path, e in estimates(situation).items() if read_by_verdict(path, situation)]
    omitted = [e for path, e in priors.items() if read_by_verdict(path, situation)]
    off = sum(e.is_fixed and e.best == 0 for e in omitted)
    sourced = sum(bool(e.citations) for e in read)
    return Informed(sourced, len(read) - sourced, len(omitted) - off, off)


@dataclass(frozen=True, slots=True)
class _Carried:
    """What further looks at changed inputs gave."""

    bars: tuple[levers.Swing, ...] = ()
    turns: tuple[levers.Turn, ...] = ()
    interest: tuple[tuple[float, Standing], ...] = ()


@dataclass(frozen=True, slots=True)
class _Bench:
    """Looks at the partnership with some inputs changed, kept by what was changed."""

    case: Judged
    pairs: Pairs
    kept: Kept
    among: Cell

    def placed(self, changes: Mapping[str, Change]) -> tuple[IntArray, FloatArray]:
        """Quadrants (-1: not judged) and both ranks (NaN) of the first worlds with these changes."""
        name = f"lever {sorted((path, change.to, change.plus) for path, change in changes.items())!r}"
        over = self.kept.arrays(name, lambda: self._observed(changes))
        stand, good = placed(over, self.among)
        return np.where(good, stand.codes, -1), np.where(good, _ranks(stand), np.nan)

    def look_from(self, start: levers.Start) -> levers.Look:
        """Looks at what changes do to where it stands."""

        def look(changes: Mapping[str, Change]) -> Standing:
            """Where it stands with these changes."""
            codes, ranks = self.placed(changes)
            return levers.standing(start, codes, (median_range(ranks[0]), median_range(ranks[1])))

        return look

    def _observed(self, changes: Mapping[str, Change]) -> dict[str, FloatArray]:
        """Index, hazard ratio and viability in the first worlds."""
        changed = self.pairs.arm(changes)
        prices = [f"{_PRICE}.{patron}" for patron in sorted(changed.partnership.patrons)]
        found = self.pairs.observe(changed, (_INDEX, _RATIO, *prices))
        # A price below zero: it would rather leave than stay.
        stays = np.all([found[price] > 0.0 for price in prices], axis=0)
        return {
            "strategic_index": found[_INDEX],
            "log_hazard_ratio": found[_RATIO],
            "viable": stays.astype(np.float64),
        }


def _carried(
    case: Judged,
    bench: _Bench,
    found: tuple[levers.Influence, ...],
    run: tuple[Mapping[str, float], int],
    effort: Effort,
) -> _Carried:
    """Tornado, smallest changes, and the standing interest: each a look at the first worlds with something changed.

    *run* holds the shares of the whole run, and the worlds these rest on.
    """
    if not effort.levers or not run[1]:
        return _Carried()
    look = bench.look_from(levers.Start(*run, bench.placed({})[0]))
    paths = levers.strongest(found)
    interests = sorted(p for p in case.draws if p.endswith(".standing_interest"))
    with Bar(2 * len(paths) + 1, "Looking for what would change it", unit="looks") as bar:
        bars, turns = [], []

        def tried(path: str) -> tuple[levers.Swing, levers.Turn]:
            """One number at both ends of its range, and its smallest change that moves the label."""
            one = levers.swing(path, case.draws[path], look)
            limits = levers.limits_of(path, case.situation, case.vocabulary, one)
            return one, levers.turn(one, best_of(case, path), limits, look)

        for one, turned in abreast(tried, paths):
            bars.append(one)
            turns.append(turned)
            bar.advance(2)
        shifts = [{path: _moved_by(case, path, by) for path in interests} if by else {} for by in INTEREST]
        moved = list(zip(INTEREST, abreast(look, shifts if interests else ()), strict=False))
        bar.advance(1)
    turns.sort(key=lambda one: (one.distance, one.path))
    bars.sort(key=lambda one: -_width(one))
    return _Carried(tuple(bars), tuple(turns), tuple(moved))


def _moved_by(case: Judged, path: str, by: float) -> Change:
    """A number moved by so much in every world, whether the file states it or its prior is drawn."""
    if path not in case.priors:
        return Change(plus=by)
    low, high = (float(q) for q in np.quantile(case.draws[path], (0.0, 1.0)))
    return Change(to={"distribution": "uniform", "low": low + by, "high": high + by})


def _width(bar: levers.Swing) -> float:
    """How far a bar of the tornado reaches, in either rank."""
    sides = (
        abs(bar.at_high.durability - bar.at_low.durability),
        abs(bar.at_high.conditionality - bar.at_low.conditionality),
    )
    return max((side for side in sides if not np.isnan(side)), default=0.0)


def best_of(case: Judged, path: str) -> float:
    """Best estimate of a number, or that of its prior."""
    stated = estimates(case.situation).get(path) or case.priors[path]
    return float(best_value(stated))


def _robustness(case: Judged, first: First, effort: Effort, kept: Kept, default: Held) -> tuple[Held, ...]:
    """The label under every calibration and prior variant; the default one first, those of the user's own last."""
    if not effort.calibrations:
        return (default, *_held_own(case, first, effort, kept))
    structure, found, pairs = structure_of(case.situation), [default], first(effort.calibrations)
    bench = _Calibrated(case.situation, pairs, kept, whole=effort.name == THOROUGH.name)
    index, ratio = case.over["strategic_index"], case.over["log_hazard_ratio"]
    if index.size == pairs.worlds:  # else some are missing, and rows are not those of the first worlds
        own = Key(default.variant, default.kind, default.beta)
        pairs.know(own, index[: effort.calibrations], ratio[: effort.calibrations])
    keys = [key for key in keys_for(default.kind) if key != Key(default.variant, default.kind, default.beta)]
    with Bar(len(keys), "Holding it against other calibrations", unit="calibrations") as bar:
        for one in abreast(lambda key: _held_against(key, reference.find(structure, key), bench), keys):
            found.append(one)
            bar.advance(1)
    return (*found, *_held_own(case, first, effort, kept))


def _held_own(case: Judged, first: First, effort: Effort, kept: Kept) -> tuple[Held, ...]:
    """The label under calibrations of the user's own: in all worlds where no others are looked at."""
    if not case.own:
        return ()
    bench = _Calibrated(
        case.situation, first(effort.calibrations or effort.worlds), kept, whole=effort.name == THOROUGH.name
    )
    cells = [cell for own in case.own for cell in cells_of(own)]
    with Bar(len(cells), "Holding it against calibrations of your own", unit="calibrations") as bar:
        found = []
        for cell, one in zip(
            cells, abreast(lambda cell: _held_against(cell.key, cell, bench), cells), strict=True
        ):
            found.append(replace(one, called=cell.kind.label))
            bar.advance(1)
    return tuple(found)


@dataclass
class _Calibrated:
    """The situation's first worlds under other calibrations; their numbers are gathered once, and only when needed."""

    situation: Situation
    pairs: Pairs
    kept: Kept
    whole: bool = False

    @cached_property
    def numbers(self) -> Parameters:
        """The model's numbers in the first worlds."""
        return compute.numbers_of(self.situation, self.pairs.drawn_for(self.situation, "endurance"))

    def numbers_for(self, variant: str) -> Parameters:
        """The same, drawn as the population is where the situation says nothing."""
        if variant not in REDRAWN:
            return self.numbers
        stated = frozenset(path.removeprefix("partnership.") for path in estimates(self.situation))
        return drifting(self.numbers, self.pairs.seed, stated)

    def over(self, among: Cell) -> dict[str, FloatArray]:
        """Index, hazard ratio and viability under one calibration."""
        found = self.kept.arrays(f"calibration {among.key}", lambda: self._worked_out(among))
        if among.key.variant == "plain" and among.history is None:
            self.pairs.know(among.key, found["strategic_index"], found["log_hazard_ratio"])
        return found

    def _worked_out(self, among: Cell) -> dict[str, FloatArray]:
        """The same, not kept."""
        numbers, runs = self.numbers_for(among.key.variant), runs_against(among.key.beta, self.whole)
        index, ratio = reference.against(numbers, among, runs, self.pairs.seed, 1)
        stays = viable(numbers).astype(np.float64)
        return {"strategic_index": index, "log_hazard_ratio": ratio, "viable": stays}


def _held_against(key: Key, cell: Cell | None, bench: _Calibrated) -> Held:
    """The row of one calibration, whether it can be judged or not."""
    if cell is not None and cell.reachable:
        return _held(cell, bench)
    status = "not_worked_out" if cell is None else "not_reachable"
    misfit = float("nan") if cell is None else cell.calibration.misfit
    return Held(key.variant, key.kind, key.beta, status, misfit=misfit)


def _held(cell: Cell, bench: _Calibrated) -> Held:
    """The label under one calibration, in the first worlds."""
    stand, good = placed(bench.over(cell), cell)
    rows = good if variant_named(cell.key.variant).viable else np.ones_like(good)
    shares = stand.shares(rows)
    return held(cell, places.label_of(shares), shares, int(rows.sum()))


def held(among: Cell, label: str, shares: Mapping[str, float], judged: int) -> Held:
    """One calibration's row of the robustness table."""
    key, made = among.key, among.calibration
    return Held(
        key.variant,
        key.kind,
        key.beta,
        "judged" if label else "not_judged",
        label,
        shares,
        made.misfit,
        among.reliability[1],
        judged,
    )
