"""The outside view in sentences, the measures and the notes."""

from __future__ import annotations

from accord.finding import Measure
from accord.formulas import wording
from accord.lenses.precedent import by_model, given_age
from accord.lenses.precedent.classes import FEATURES
from accord.lenses.precedent.profile import Profile, shown, smallest
from accord.lenses.precedent.records import BaseRate
from accord.lenses.precedent.shipped import provenance
from accord.lenses.precedent.tables import FEW, YEARS, spread_of, years_of
from accord.lenses.precedent.terms import FORMED, MAJORS, PROMISES

VERIFIED = (
    "the table of base rates that was worked out independently from the same edition of the data, to the printed digits, and"
    " lifelines on the same durations"
)
CAVEATS = (
    (
        "a treaty list knows formal survival, which says little about alignment: Russia and Ukraine's treaty of 1997 counts as"
        " in force at the end of 2016"
    ),
    "a tacit wartime partnership is in no treaty list; the class formed in wartime holds treaties only",
)

# Features with the key of the partnership that states each.
KEYS: dict[str, str] = {
    **{feature: key for key, (feature, _) in PROMISES.items()},
    "majors": MAJORS,
    "year": FORMED,
}


def sentences(profile: Profile) -> tuple[str, ...]:
    """How long others lived, how much hangs on the class, and what the list does not know."""
    classes, near = shown(profile), smallest(profile)
    which = (
        f"{near.n} alliances of the smallest class ({near.label})"
        if len(classes) > 1
        else f"all {near.n} alliances"
    )
    said = [f"of {which} {_after(near, 5.0)} and {_after(near, 10.0, True)}"]
    if len(classes) > 1:
        five = sorted(classes, key=lambda rate: rate.survival[5.0].value)
        said.append(
            f"by class the share after five years goes from {wording.percent(five[0].survival[5.0].value)} ({five[0].label}) to"
            f" {wording.percent(five[-1].survival[5.0].value)} ({five[-1].label})"
        )
    if aged := given_age.sentence(profile):
        said.append(aged)
    said.append(by_model.sentence(profile))
    said.append("no class is the right one, and the smallest need not be the nearest; " + CAVEATS[1])
    return tuple(wording.sentence(text) for text in said)


def _after(rate: BaseRate, year: float, short: bool = False) -> str:
    """A share after some years, with its interval."""
    share = rate.survival[year]
    low, high = wording.percent(share.low), wording.percent(share.high)
    there = "" if short else "were still there "
    return f"{wording.percent(share.value)} {there}after {wording.count(year, 'year')} ({low} to {high})"


def measures(profile: Profile, worlds: int) -> tuple[Measure, ...]:
    """Base rates that others can be compared with."""
    found = []
    for rate in shown(profile):
        for year in YEARS:
            spread = spread_of(rate.survival[year], worlds)
            if spread is not None:
                label = f"Still there after {years_of(year)}: {rate.label}"
                means = f"of {rate.n} alliances; interval of sampling"
                found.append(Measure(f"base_rate.{rate.name}.{year:g}", label, spread, "share", means))
    return tuple(found)


def notes(profile: Profile) -> tuple[str, ...]:
    """Which features decided, what is open, and what treaty lists do not know."""
    stated = [name for name in profile.features if name not in profile.inferred]
    said = []
    if stated:
        said.append(f"stated in the file: {_features(profile, stated)}")
    said.append(f"from its make-up: {_features(profile, list(profile.inferred))}")
    if profile.unclear:
        keys = wording.joined(list(profile.unclear))
        said.append(
            f"stated, but with a range or not as a whole number, so that the classes stay open: {keys}"
        )
    if profile.open:
        asked = [f"{key} ({FEATURES[name]})" for name, key in KEYS.items() if name not in profile.features]
        questions = "; ".join(asked)
        labels = wording.joined([rate.label for rate in profile.open[:6]])
        said.append(f"may also belong to: {labels}; to decide that, state in the partnership: {questions}")
    small = [rate.label for rate in shown(profile) if rate.n < FEW]
    if small:
        said.append(f"fewer than {FEW} alliances: {wording.joined(small)}")
    said += CAVEATS
    source = provenance("alliances")
    said.append(
        f"computed from ATOP {source['version']} ({source['citation']}); to compute it again: {source['recompute']}"
    )
    return tuple(wording.sentence(text) for text in said)


def _features(profile: Profile, names: list[str]) -> str:
    """Features with their values, in words."""
    said = []
    for name in names:
        value = profile.features[name]
        if name == "majors":
            said.append(f"{value:g} major power{'' if value == 1 else 's'}")
        elif name == "year":
            own = "" if name not in profile.inferred else " (the year of the file, for no other is stated)"
            said.append(f"formed in {value:.0f}{own}")
        else:
            said.append(f"{'' if value else 'not '}{name}")
    return ", ".join(said)
