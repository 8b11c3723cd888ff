"""How alliances of a class end: cumulative incidence by cause, and beside it the causes of those that are over."""

from __future__ import annotations

import math

from accord.finding import Cell, Column, Table
from accord.formulas import wording
from accord.lenses.precedent.alliances import CAUSE_LABELS, CAUSES
from accord.lenses.precedent.profile import Profile, shown, smallest
from accord.lenses.precedent.records import BaseRate
from accord.lenses.precedent.shipped import provenance
from accord.lenses.precedent.survival import Estimated
from accord.lenses.precedent.tables import INTERVAL, SAMPLES, YEARS, label_of, spread_of, years_of

_LAST_YEAR = 20
NOTHING_YET = Estimated(0.0, 0.0, 0.0)
_TOLD = 10.0
_HOW = "cumulative incidence by Aalen and Johansen, which counts those whose end has not been seen"


def _where(profile: Profile) -> str:
    """The class that a title is about."""
    near = smallest(profile)
    return "all alliances" if near is shown(profile)[0] else f"the smallest class ({near.label})"


def incidence(profile: Profile, worlds: int) -> Table:
    """Share ended by each cause, by age, in the smallest class."""
    near = smallest(profile)
    rows: list[tuple[Cell, ...]] = []
    for year in range(_LAST_YEAR + 1):
        found = [near.incidence[cause][float(year)] if year else NOTHING_YET for cause in CAUSES]
        cells = [spread_of(one, worlds) for one in found]
        rows.append((float(year), *cells))
    known = {cause: near.incidence[cause][_TOLD].value for cause in CAUSES}
    if math.isnan(known[CAUSES[0]]):
        title = f"how {_where(profile)} ended is not known for {_TOLD:g} years"
    else:
        most = max(CAUSES, key=lambda cause: known[cause])
        title = f"within {_TOLD:g} years {wording.percent(known[most])} of {_where(profile)} had ended: {CAUSE_LABELS[most]}"
    return Table(
        "incidence",
        wording.headline(title),
        "curves",
        (
            Column("year", "Years", "years"),
            *(Column(cause, wording.headline(CAUSE_LABELS[cause]), "share ended so", 0.0, 1.0) for cause in CAUSES),
        ),
        tuple(rows),
        f"{wording.headline(_HOW)}; with the share still there the four add up to 1. Class: {label_of(near)}."
        f" Range: {INTERVAL}. {provenance('alliances')['citation']}.",
        extra={"line": "Aalen-Johansen", "known": "Aalen-Johansen", "step": True, "range": SAMPLES},
    )  # fmt: skip


def incidence_by_class(profile: Profile, worlds: int) -> Table:
    """Share ended by each cause after some years, in the smallest class and in all."""
    every, near = shown(profile)[0], smallest(profile)
    rows: list[tuple[Cell, ...]] = []
    for rate in (near, every) if near is not every else (every,):
        for year in YEARS:
            cells = [spread_of(rate.incidence[cause][year], worlds) for cause in CAUSES]
            label = f"{label_of(rate)}: within {years_of(year)}"
            rows.append((label, *cells))
    return Table(
        "incidence_by_class",
        wording.headline(_contrast(near, every)),
        "matrix",
        (
            Column("class", "Reference class"),
            *(Column(cause, wording.headline(CAUSE_LABELS[cause]), "share ended so", 0.0, 1.0) for cause in CAUSES),
        ),
        tuple(rows),
        f"{wording.headline(_HOW)}. Of all in the class, whether over or not. Below each share: {INTERVAL}.",
        extra={"low_means": "none ended so", "high_means": "all ended so", "known": "share of alliances", "range": SAMPLES},
    )  # fmt: skip


def _contrast(near: BaseRate, every: BaseRate) -> str:
    """Where the smallest class ends otherwise than all do."""
    here = {cause: near.incidence[cause][_TOLD].value for cause in CAUSES}
    there = {cause: every.incidence[cause][_TOLD].value for cause in CAUSES}
    if near is every or any(math.isnan(value) for value in here.values()):
        most = max(CAUSES, key=lambda cause: there[cause])
        return f"within {_TOLD:g} years {wording.percent(there[most])} of all alliances had ended: {CAUSE_LABELS[most]}"
    most = max(CAUSES, key=lambda cause: abs(here[cause] - there[cause]))
    return (
        f"{CAUSE_LABELS[most]}: {wording.percent(here[most])} of {near.label} within {_TOLD:g} years,"
        f" {wording.percent(there[most])} of all alliances"
    )


def causes(profile: Profile, worlds: int) -> Table:
    """What ended those that have ended."""
    rows: list[tuple[Cell, ...]] = [
        (
            f"{wording.headline(rate.label)} ({rate.ended})",
            *(spread_of(rate.share[c], worlds) for c in CAUSES),
        )
        for rate in shown(profile)
    ]
    near = smallest(profile)
    most = max(CAUSES, key=lambda cause: near.share[cause].value)
    return Table(
        "causes",
        wording.headline(
            f"of those of {_where(profile)} that are over, {wording.percent(near.share[most].value)} ended so:"
            f" {CAUSE_LABELS[most]}"
        ),
        "matrix",
        (
            Column("class", "Reference class"),
            *(Column(cause, wording.headline(CAUSE_LABELS[cause]), "share of endings", 0.0, 1.0) for cause in CAUSES),
        ),
        tuple(rows),
        "Shares of endings seen, not of alliances: those still there are left out, so that these are no chances of ending so"
        f" (for which see the incidence). In brackets: endings. Below each share: {INTERVAL}.",
        extra={"low_means": "none ended so", "high_means": "all ended so", "known": "share of endings", "range": SAMPLES},
    )  # fmt: skip
