"""Base rates by how democratic the members were, from the user's own import: a reference class that is not shipped."""

from __future__ import annotations

import numpy as np

from accord.finding import Cell, Column, Table
from accord.formulas import wording
from accord.lenses.precedent.alliances import Alliances
from accord.lenses.precedent.profile import Profile
from accord.lenses.precedent.rates import rate_from
from accord.lenses.precedent.records import BaseRate
from accord.lenses.precedent.regimes import REGIME_CLASSES
from accord.lenses.precedent.tables import INTERVAL, SAMPLES, YEARS, label_of, spread_of, years_of


def regime_rates(table: Alliances) -> dict[str, BaseRate]:
    """Base rates of the classes by regime that have a member.

    Parameters
    ----------
    table : Alliances
        With the features of :data:`accord.lenses.precedent.regimes.REGIMES`.
    """
    found = {}
    for name, one in REGIME_CLASSES.items():
        inside = np.asarray(one.rule(table.features) == 1.0)
        if inside.any():
            found[name] = rate_from(name, one.label, table.durations[inside], table.ended[inside])
    return found


def class_of(least: float, most: float) -> str:
    """The class by regime of members whose least and most democratic are known."""
    features = {"least_democratic": np.array([least]), "most_democratic": np.array([most])}
    return next(name for name, one in REGIME_CLASSES.items() if one.rule(features)[0] == 1.0)


def by_regime(
    profile: Profile, table: Alliances, democracy: tuple[float, float] | None, worlds: int
) -> tuple[Table | None, str | None]:
    """Share still there by regime, the partnership's own class named; a note where it is not known."""
    rates = regime_rates(table)
    if not rates:
        return None, "regimes are imported, but of no alliance of the import are they known for every member"
    own = None if democracy is None else class_of(*democracy)
    rows: list[tuple[Cell, ...]] = []
    for name, rate in rates.items():
        label = f"{label_of(rate)}{': this partnership' if name == own else ''}"
        rows.append((label, *(spread_of(rate.survival[year], worlds) for year in YEARS)))
        if name == own and profile.age is not None and profile.aged():
            found = [rate.further(profile.age, year) for year in YEARS]
            label = f"The same, given {profile.age:g} years of age ({found[0].at_risk}{', thin' if found[0].thin else ''})"
            rows.append((label, *(spread_of(one.share, worlds) for one in found)))
    made = Table(
        "regimes",
        wording.headline(_title(rates, own)),
        "matrix",
        (
            Column("class", "Reference class"),
            *(Column(f"after_{year:g}", f"After {years_of(year)}", "share still there", 0.0, 1.0) for year in YEARS),
        ),
        tuple(rows),
        "From your own imports: alliances by the electoral democracy of their members (V-Dem, 0 to 1) in the year of formation;"
        " democratic means .5 or more. Alliances with a member whose level is not known belong to no row. Below each share:"
        f" {INTERVAL}.",
        extra={"low_means": "all ended", "high_means": "all still there", "known": "share of alliances", "range": SAMPLES},
    )  # fmt: skip
    note = None
    if own is None:
        note = "the class by regime of this partnership is not known: it needs every partner's level in the year of formation"
    return made, note


def _title(rates: dict[str, BaseRate], own: str | None) -> str:
    """What the class by regime tells."""
    if own in rates:
        one = rates[own]
        five = wording.percent(one.survival[5.0].value)
        return f"of {one.n} alliances like it by regime ({one.label}) {five} lived five years"
    said = [f"{wording.percent(one.survival[5.0].value)} ({one.label})" for one in rates.values()]
    return f"by regime, after five years there were still {wording.joined(said)}"
