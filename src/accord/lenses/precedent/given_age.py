"""Base rates given how long the partnership has lasted already."""

from __future__ import annotations

import math

from accord.finding import Cell, Column, Measure, Spread, Table
from accord.formulas import wording
from accord.lenses.precedent.further import THIN, Further
from accord.lenses.precedent.profile import Profile, shown, smallest
from accord.lenses.precedent.records import BaseRate
from accord.lenses.precedent.tables import SAMPLES, YEARS, spread_of, years_of

NAME = "rates_at_age"


def further(profile: Profile, rate: BaseRate, years: float) -> Further | None:
    """What became of the class from the age of the partnership on; None where it has no age."""
    return rate.further(profile.age, years) if profile.age is not None and profile.aged() else None


def at_age(profile: Profile, worlds: int) -> Table | None:
    """Share still there some years later, of those as old as the partnership; None where it has no age."""
    if profile.age is None or not profile.aged():
        return None
    rows: list[tuple[Cell, ...]] = []
    for rate in shown(profile):
        found = [rate.further(profile.age, year) for year in YEARS]
        label = f"{wording.headline(rate.label)} ({found[0].at_risk}{_thin(found[0])})"
        rows.append((label, *(spread_of(one.share, worlds) for one in found)))
    return Table(
        NAME,
        wording.headline(_title(profile, profile.age)),
        "matrix",
        (
            Column("class", "Reference class"),
            *(
                Column(f"after_{year:g}", f"{years_of(year)} later", "share still there", 0.0, 1.0)
                for year in YEARS
            ),
        ),
        tuple(rows),
        f"S({profile.age:g} + t)/S({profile.age:g}) by Kaplan and Meier, with Greenwood's variance between the two ages. In"
        f" brackets: alliances under observation at {profile.age:g} years; fewer than {THIN} are thin evidence. n/a: nobody is"
        " under observation for so long. That hazards fall with age is partly because the short-lived leave first.",
        extra={"low_means": "all ended", "high_means": "all still there", "known": "share of alliances", "range": SAMPLES},
    )  # fmt: skip


def _thin(found: Further) -> str:
    """A word for few."""
    return ", thin" if found.thin else ""


def _title(profile: Profile, age: float) -> str:
    """What the smallest class that still has somebody at this age tells, beside its beginning."""
    near = smallest(profile)
    found = near.further(age, 5.0)
    if math.isnan(found.value):
        near = shown(profile)[0]
        found = near.further(age, 5.0)
    of = "all alliances" if near is shown(profile)[0] else f"the smallest class ({near.label})"
    if math.isnan(found.value):
        return f"nothing is known of alliances that are {wording.count(age, 'year')} old"
    newborn = wording.percent(near.survival[5.0].value)
    return (
        f"of the {found.at_risk} of {of} that reached {age:g} years, {wording.percent(found.value)} lasted five more;"
        f" of newborn ones {newborn}"
    )


def sentence(profile: Profile) -> str | None:
    """The share given the age, in words; None where the partnership has no age."""
    if profile.age is None or not profile.aged():
        return None
    near = smallest(profile)
    found = near.further(profile.age, 5.0)
    if math.isnan(found.value):
        return f"it is {wording.count(profile.age, 'year')} old; in the smallest class ({near.label}) {found.why}"
    few = f", fewer than {THIN}: thin evidence" if found.thin else ""
    return (
        f"it is {wording.count(profile.age, 'year')} old: of those in the smallest class that became so old"
        f" ({found.at_risk}{few}) {wording.percent(found.value)} lasted five more years"
        f" ({wording.percent(found.low)} to {wording.percent(found.high)})"
    )


def measures(profile: Profile, worlds: int) -> list[Measure]:
    """Base rates given the age, where they are known."""
    made = []
    for rate in shown(profile):
        for year in YEARS:
            found = further(profile, rate, year)
            if found is None or math.isnan(found.value):
                continue
            spread = Spread(found.value, found.low, found.value, found.high, worlds)
            label = f"Still there {years_of(year)} later: {rate.label}"
            thin = f"; fewer than {THIN}, thin evidence" if found.thin else ""
            means = (
                f"of {found.at_risk} alliances that reached {found.age:g} years; interval of sampling{thin}"
            )
            made.append(Measure(f"base_rate_at_age.{rate.name}.{year:g}", label, spread, "share", means))
    return made
