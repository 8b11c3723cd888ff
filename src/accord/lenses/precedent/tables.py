"""Base rates of the classes that a situation belongs to, as tables."""

from __future__ import annotations

import math
from dataclasses import replace

from accord.finding import Cell, Column, Spread, Table
from accord.formulas import wording
from accord.lenses.precedent.profile import Profile, shown, smallest
from accord.lenses.precedent.records import BaseRate
from accord.lenses.precedent.shipped import provenance, shipped_compliance
from accord.lenses.precedent.survival import Estimated

YEARS: tuple[float, ...] = (1.0, 5.0, 10.0, 20.0)
# Fewer than these are hardly a class: said beside the number.
FEW = 30
_CURVES = 4
SAMPLES = "95 of 100 samples of that size"
_LAST_YEAR = 20
INTERVAL = "95 % interval of sampling: how far chance alone moves the share in a class of this size"


def spread_of(estimated: Estimated, worlds: int) -> Spread | None:
    """A number with its interval, the same in every world; None where it is not known."""
    if math.isnan(estimated.value):
        return None
    return Spread(estimated.value, estimated.low, estimated.value, estimated.high, worlds)


def years_of(count: float) -> str:
    """So many years, in words."""
    return f"{count:g} year{'' if count == 1 else 's'}"


def label_of(rate: BaseRate) -> str:
    """A class with its size."""
    return f"{wording.headline(rate.label)} ({rate.n})"


def survival(profile: Profile, worlds: int) -> Table:
    """Share still there by age."""
    classes = shown(profile)[:_CURVES]
    ages: list[float] = [0.0, *(float(year) for year in range(1, _LAST_YEAR + 1))]
    sure = Spread(1.0, 1.0, 1.0, 1.0, worlds)
    rows: list[tuple[Cell, ...]] = []
    for age in ages:
        cells = [sure if age == 0.0 else spread_of(rate.survival[age], worlds) for rate in classes]
        rows.append((age, *cells))
    return Table(
        "survival",
        wording.headline(_title(profile)),
        "curves",
        (
            Column("year", "Years", "years"),
            *(Column(rate.name, label_of(rate), "share still there", 0.0, 1.0) for rate in classes),
        ),
        tuple(rows),
        f"Kaplan-Meier; range: {INTERVAL}. In brackets: alliances in the class. {provenance('alliances')['citation']}.",
        extra={"line": "Kaplan-Meier", "known": "Kaplan-Meier", "step": True, "range": SAMPLES},
    )


def _title(profile: Profile) -> str:
    """How long the smallest class lived, and all of them."""
    near, every = smallest(profile), shown(profile)[0]
    five = wording.percent(near.survival[5.0].value)
    if near is every:
        return f"{five} of all {every.n} alliances lived five years"
    said = f"{five} of {near.n} alliances of the smallest class ({near.label}) lived five years"
    return f"{said}, {wording.percent(every.survival[5.0].value)} of all {every.n}"


def rates(profile: Profile, worlds: int) -> Table:
    """Share still there after some years, by class."""
    rows: list[tuple[Cell, ...]] = [
        (label_of(rate), *(spread_of(rate.survival[year], worlds) for year in YEARS))
        for rate in shown(profile)
    ]
    return Table(
        "rates",
        wording.headline(_spread_title(profile)),
        "matrix",
        (
            Column("class", "Reference class"),
            *(Column(f"after_{year:g}", f"After {years_of(year)}", "share still there", 0.0, 1.0) for year in YEARS),
        ),
        tuple(rows),
        f"Below each share: {INTERVAL}. A partnership belongs to several classes; which is the right one nobody can say, so"
        " all are shown, the smallest first after that of all alliances.",
        extra={"low_means": "all ended", "high_means": "all still there", "known": "share of alliances", "range": SAMPLES},
    )  # fmt: skip


def with_row(table: Table, row: tuple[Cell, ...], note: str) -> Table:
    """A table with one line more, and what has to be known about it."""
    return replace(table, rows=(*table.rows, row), note=f"{table.note} {note[:1].upper()}{note[1:]}")


def _spread_title(profile: Profile) -> str:
    """How much the answer hangs on the class."""
    five = [rate.survival[5.0].value for rate in shown(profile)]
    low, high = wording.percent(min(five)), wording.percent(max(five))
    if low == high:
        return f"after five years {low} of alliances like this one were still there"
    return f"after five years {low} to {high} were still there, by the class one puts it into"


def compliance(profile: Profile, worlds: int) -> Table:
    """How often promises were kept when war came."""
    names = {
        "all": "Any promise", "offense": "To join an attack", "defense": "To help the attacked", "neutral": "To stay neutral",
        "nonagg": "Not to attack", "consul": "To consult",
    }  # fmt: skip
    found = shipped_compliance()
    rows: list[tuple[Cell, ...]] = [
        (f"{names.get(one.obligation, one.obligation)} ({one.tested})", spread_of(one.share, worlds))
        for one in found
    ]
    whole = found[0]
    return Table(
        "compliance",
        wording.headline(f"when war came, {whole.honoured} of {whole.tested} alliances were honoured"),
        "intervals",
        (Column("promise", "Promise"), Column("share", "Honoured in war", "share", 0.0, 1.0)),
        tuple(rows),
        "In brackets: alliances that were put to the test; one may hold several promises."
        f" {provenance('compliance')['citation']}.",
        extra={"known": "share honoured", "range": SAMPLES},
    )
