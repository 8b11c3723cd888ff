"""The answer in sentences, measures and notes."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from accord.finding import Measure, Spread
from accord.formulas import wording
from accord.lenses.endurance.calibration import KINDS, Calibration
from accord.lenses.endurance.endings import ENDINGS
from accord.lenses.endurance.indices import START, WINDOW
from accord.lenses.endurance.tables import LEVELS, half_life, levels_of, most_often, weak_link
from accord.seen import View
from accord.situation import Situation

VERIFIED = (
    "the equations against a second implementation in plain Python (flows, values and probabilities at 1,000 random states"
    " to ten digits; survival within the error of simulation), 25 limiting cases with exact answers, and the two estimators"
    " against each other. The model itself is a design of this project from published parts: no data say that partnerships"
    " behave so, and only their pace is fitted to history"
)
_MARKS = (12, 24, 36, 48, 60, 84, 120)
# Who settles what the partnership does, where that is not the mean of its members.
_SETTLERS = {
    "weighted_median": "the weighted median",
    "expected_utility": "the expected-utility model",
    "spatial": "the spatial model",
}


def settled_by(situation: Situation) -> str:
    """Who settles what the partnership does, and how to read that; empty where the members' weighted mean holds."""
    settler = _SETTLERS.get(situation.partnership.policy)
    if settler is None:
        return ""
    return (
        f"what it does on each issue is settled by {settler} among all who take a stand, once, at the start, and not by the"
        " weighted mean of the members, by which the partnerships settle that it is compared with: a sensitivity of the"
        " verdict by that mean, not a second verdict"
    )


def sentences(view: View, calibration: Calibration) -> tuple[str, ...]:
    """How long, how it ends, who ends it, what the trials say, and how far to trust it."""
    said = [_holds(view), *(_ends(view, level) for level in LEVELS), _breaks(view), _bought(view)]
    said += [_needs(view), _pace(calibration)]
    return tuple(wording.sentence(text) for text in said if text)


def _holds(view: View) -> str:
    """How long both levels hold."""
    words = levels_of(view)
    parts = []
    months = min(60, view.over["survival.theatre"].shape[1] - 1)
    for level in LEVELS:
        alive = float(np.nanmean(view.over[f"survival.{level}"][:, months]))
        half = half_life(view, level)
        tail = "" if half is None else f" (half are over after {wording.count(half, 'month')})"
        name = f"{words[level][0].lower()}{words[level][1:]}"
        holds = "still holds " if level == "theatre" else ""
        parts.append(f"the {name} {holds}in {wording.percent(alive)} of runs{tail}")
    return f"after {wording.count(months, 'month')} {', and '.join(parts)}"


def _ends(view: View, level: str) -> str:
    """The most frequent ways in which a level ends, who brings that about, and how surely it is that one."""
    name = levels_of(view)[level]
    what = f"the {name[0].lower()}{name[1:]}"
    shares = {e: float(view.over[f"incidence.{level}.{e.name}"][:, -1].mean()) for e in ENDINGS[1:]}
    frequent = sorted((e for e in shares if shares[e] >= 0.05), key=lambda e: -shares[e])[:3]
    if not frequent:
        return f"hardly any run of {what} ends within the horizon"
    causes = wording.joined([f"{e.label} ({wording.percent(shares[e])})" for e in frequent])
    return f"{what} ends most often by {causes}{_enders(view, level)}"


def _enders(view: View, level: str) -> str:
    """Who ends a level most often, beside the others, and in how many worlds it is that one."""
    link = weak_link(view, level)
    if link is None:
        return ""
    runs = {p: view.over[f"ended_by.{level}.{p}"] for p in view.patrons}
    means = {p: wording.percent(float(np.nanmean(values))) for p, values in runs.items()}
    ahead, name = most_often(view, level), view.actor(link)
    others = [p for p in view.patrons if p != link]
    clear = not others or ahead > 0.5
    said = (
        f"; its weak link is {name}, who ends it in {means[link]} of runs"
        if clear
        else f"; no partner is clearly its weak link: {name} ends it in {means[link]} of runs"
    )
    if not others:
        return said
    beside = wording.joined([f"{view.actor(p)} in {means[p]}" for p in others])
    return f"{said} ({beside}; {name} most often {wording.in_worlds(ahead)})"


def _breaks(view: View) -> str:
    """What the two trials do, in the worlds in which each was tried by itself, as the table of trials has it."""
    keys = ("trial.base", "trial.both") if "trial.base" in view.over else ("five_years", "strategic_index")
    kept, tested = (_mean(view.over[key]) for key in keys)
    if math.isnan(kept) or math.isnan(tested):
        return ""
    away = "taking the threat away and tempting" if view.threats else "tempting"
    return (
        f"once they are through the first year, {away} every partner once brings the chance that the partnership as such"
        f" lasts five more from {wording.percent(kept)} to {wording.percent(tested)}"
    )


def _mean(values: NDArray[np.float64]) -> float:
    """The mean of what is defined; NaN without any."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else math.nan


def _bought(view: View) -> str:
    """The cheapest wedge."""
    spread = view.spread("cheapest_wedge")
    if spread is None:
        return ""
    if spread.median < 0.0:
        return (
            "to split them takes no bribe: in the median world a partner would leave by itself at the start"
        )
    within = view.share(
        np.asarray(view.over["cheapest_wedge"] <= 1.0), ~np.isnan(view.over["cheapest_wedge"])
    )
    return (
        f"the cheapest way to split them costs {wording.figure(spread.median, 1)} times a large offer of today's suitors;"
        f" {wording.in_worlds(within)} such an offer would do"
    )


def _needs(view: View) -> str:
    """Whether trust and patience suffice, in how many worlds."""
    said = []
    for patron in view.patrons:
        parts = []
        for what, needed, has in (
            ("trust", "trust_needed", "steadiness"),
            ("patience", "patience_needed", "discount"),
        ):
            wanted, own = view.over[f"{needed}.{patron}"], view.over[f"{has}.{patron}"]
            enough = view.share(np.asarray(wanted <= own))
            if not math.isnan(enough):
                parts.append(f"{what} {wording.in_worlds(enough)}")
        said.append(f"{view.actor(patron)} has enough {wording.joined(parts)}")
    return f"to stay and pull its weight in the long run {'; '.join(said)}"


def _pace(calibration: Calibration) -> str:
    """Where the pace comes from."""
    kind = KINDS[calibration.kind]
    return (
        f"the pace is that of historical {kind.label}, of which {wording.percent(kind.five_years)} last five years;"
        " read differences and ranks rather than levels"
    )


def measures(view: View) -> tuple[Measure, ...]:
    """Numbers that claims and scenarios can refer to."""
    found: list[Measure] = []
    words = levels_of(view)
    for level in LEVELS:
        values, best = view.over[f"survival.{level}"], view.best[f"survival.{level}"]
        last = values.shape[1] - 1
        for month in sorted({m for m in _MARKS if m < last} | {last}):
            spread = Spread.of(float(best[0, month]), values[:, month])
            label = f"{words[level]} still alive after {wording.count(month, 'month')}"
            found.append(Measure(f"survival.{level}.{month}", label, spread, "share", headline=month == 60))
        for ending in ENDINGS[1:]:
            key = f"incidence.{level}.{ending.name}"
            spread = Spread.of(float(view.best[key][0, -1]), view.over[key][:, -1])
            label = f"{words[level]} ended by {ending.label} within the horizon"
            found.append(Measure(key, label, spread, "share", ending.says))
        for patron in view.patrons:
            share = view.spread(f"ended_by.{level}.{patron}")
            if share is not None:
                label = f"{words[level]} ended by {view.actor(patron)}"
                found.append(Measure(f"ended_by.{level}.{patron}", label, share, "share of runs"))
    return (*found, *_indices(view), *_start(view))


def _indices(view: View) -> list[Measure]:
    """Index, gap and ratios of the trials."""
    rows = (
        ("five_years", "Once through the first year, lasts five more", "share", True),
        ("strategic_index", "The same without threat, everybody tempted", "share", True),
        ("gap", "What threat and lack of offers carry", "share", False),
        ("relative_gap", "That gap as a part of survival", "share", False),
        ("log_hazard_ratio", "Log of the hazard with both trials over that without", "", False),
        ("cheapest_wedge", "Cheapest wedge over a large offer", "ratio", False),
    )
    found = []
    for name, label, unit, headline in rows:
        spread = view.spread(name)
        if spread is not None:
            found.append(Measure(name, label, spread, unit, headline=headline))
    for key in view.over:
        if key.startswith(("hazard_ratio.", "trial.")):
            spread = view.spread(key)
            if spread is not None:
                found.append(
                    Measure(key, f"Trial: {key.replace('_', ' ').replace('.', ', ')}", spread, "ratio")
                )
    return found


def _start(view: View) -> list[Measure]:
    """Closed forms and flows at the start."""
    kinds = {
        "flow.stay": ("flow while all stay", "stakes a month"),
        "flow.leave": ("flow outside", "stakes a month"),
        "price_of_defection": ("price of defection", "stakes a month"),
        "price_far": ("price of defection, unlimited foresight", "stakes a month"),
        "trust_needed": ("trust it needs", "probability"),
        "steadiness": ("chance it gives the others to be steady", "probability"),
        "patience_needed": ("discount factor it needs", "per month"),
        "exit_probability": ("chance to walk away at a review", "probability"),
        "influence": ("share of influence on the client", "share"),
    }
    found = []
    for patron in view.patrons:
        for kind, (label, unit) in kinds.items():
            spread = view.spread(f"{kind}.{patron}")
            if spread is not None:
                found.append(Measure(f"{kind}.{patron}", f"{view.actor(patron)}: {label}", spread, unit))
    return found


def notes(view: View, calibration: Calibration) -> tuple[str, ...]:
    """Conventions and limits."""
    kind = KINDS[calibration.kind]
    one, five, modelled = (
        wording.percent(share) for share in (kind.one_year, kind.five_years, calibration.one_year)
    )
    settled = settled_by(view.situation)
    unit = (
        f"Utilities are in units of the largest stake any partner has (median {wording.figure(_scale(view))} of the"
        " file's units), so the unit of the file does not matter."
    )
    pace = (
        f"Reviews come at {calibration.nu:.3g} a month and choices are as precise as beta {calibration.beta:g}: with"
        f" these a population of plausible partnerships survives as {kind.label} did: {five} after five years;"
        f" after one year {modelled} instead of {one}. The rate was fitted with two partners, one client and one threat."
    )
    found = [
        *([wording.sentence(settled)] if settled else []),
        unit,
        pace,
        "The class fixes the pace, not the causes: 53 percent of its treaties end with the job done, in the model far fewer.",
        f"Trials start at month {START} and are judged over {WINDOW} months.",
        "A scenario is looked at with fewer runs per world than the situation itself.",
    ]
    runs = float(view.over["alive.theatre"][:, 0].sum())
    if runs > 0.0:
        points = wording.figure(100 * 1.96 * 0.5 / math.sqrt(runs), 1)
        found.append(
            f"{runs:,.0f} runs were drawn: the error of simulation of a share of all runs is at most {points} points of"
            " 100; the bands are much wider, because they show the worlds' differences."
        )
    if any(not shock.in_file for shock in view.situation.shocks.values()):
        found.append(
            "Shocks still to come happen in the runs: dated ones in their month, others by their hazard."
        )
    return tuple(found)


def _scale(view: View) -> float:
    """Median of what utilities were divided by."""
    return float(np.median(view.over["scale"])) if view.over["scale"].size else math.nan
