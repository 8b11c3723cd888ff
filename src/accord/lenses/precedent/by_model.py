"""What the fitted model says of this partnership, beside the base rates, and what such forecasts were worth."""

from __future__ import annotations

from dataclasses import dataclass

from accord.finding import Cell, Column, Measure, Spread, Table
from accord.formulas import wording
from accord.lenses.precedent.alliances import CAUSE_LABELS, CAUSES
from accord.lenses.precedent.eras import Blocked, Foretold
from accord.lenses.precedent.fitted import ERAS, outlook, shipped_model
from accord.lenses.precedent.profile import Profile
from accord.lenses.precedent.spells import COVARIATES, MOVING, TYPES

# Years ahead for which forecasts from the past were scored.
SCORED: tuple[int, ...] = (5, 10)
_MINE, _RIVAL = "model_recent", "class_recent"


@dataclass(frozen=True, slots=True)
class Told:
    """What the model is told of a partnership.

    Parameters
    ----------
    values : dict of str to float
        Covariates that the file decides.
    missing : tuple of str
        Covariates that it does not; they take the mean of the data.
    age : float
        Years; 0 where it is not stated.
    endless : bool
        Whether it has no specified length.
    """

    values: dict[str, float]
    missing: tuple[str, ...]
    age: float
    endless: bool


def told_of(profile: Profile) -> Told:
    """The covariates that the features of a partnership decide; of the others nothing is supposed."""
    features, values = profile.features, dict[str, float]()
    kind = next((name for name in TYPES if any(rate.name == name for rate in profile.certain)), None)
    if kind is not None:
        values |= {name: float(name == kind) for name in TYPES[:-1]}
    if "wartime" in features:
        values["wartime"] = features["wartime"]
    values["multilateral"] = 1.0 - features["bilateral"]
    if "majors" in features and profile.partners:
        values["majors"] = min(features["majors"] / profile.partners, 1.0)
    missing = tuple(name for name in list(COVARIATES)[MOVING:] if name not in values)
    return Told(values, missing, profile.age or 0.0, features.get("fixed_term") == 0.0)


def forecasts(profile: Profile) -> dict[int, dict[str, float]]:
    """Probability of each outcome by years ahead."""
    told = told_of(profile)
    runs_out = float("inf") if told.endless else None
    return {years: outlook(told.values, years, age=told.age, runs_out_in=runs_out) for years in SCORED}


def row_of(profile: Profile, years: tuple[float, ...], worlds: int) -> tuple[Cell, ...]:
    """A line of a table of base rates; nothing where such forecasts were never scored."""
    found = forecasts(profile)
    cells = [_point(found[int(year)]["in_force"], worlds) if year in SCORED else None for year in years]
    return ("Fitted model (no interval)", *cells)


def _point(value: float, worlds: int) -> Spread:
    """One number, whatever the world."""
    return Spread(value, value, value, value, worlds)


def measures(profile: Profile, worlds: int) -> list[Measure]:
    """The share still there and each ending, by the model."""
    made = []
    for years, found in forecasts(profile).items():
        for name, value in found.items():
            what = "Still there" if name == "in_force" else wording.headline(CAUSE_LABELS[name])
            label = f"Fitted model, within {wording.count(years, 'year')}: {what}"
            means = "by the fitted model, which has shown no skill beyond the base rate; no interval"
            made.append(Measure(f"outlook.{name}.{years}", label, _point(value, worlds), "share", means))
    return made


def _block(years: int) -> Blocked:
    """How the model fared against the base rate that is held to the same past."""
    rows = shipped_model().blocked[years]
    return next(row for row in rows if (row.model, row.rival) == (_MINE, _RIVAL))


def _means(years: int, era: str) -> Foretold:
    """What the model foretold in an era, and what came."""
    rows = shipped_model().foretold[years]
    return next(row for row in rows if (row.contender, row.era) == (_MINE, era))


def skill() -> str:
    """What forecasts of the model were worth: its skill against a base rate of the same recent past, with what came."""
    said = []
    for years in SCORED:
        value, low, high = _block(years).skill
        said.append(
            f"{_signed(value)} over {wording.count(years, 'year')} ({_signed(low)} to {_signed(high)})"
        )
    last = f"{ERAS[-1][0]}-{ERAS[-1][1] - 1}"
    five = _means(5, last)
    return (
        f"against a base rate held to the same recent past the fitted model has shown no skill: {' and '.join(said)}, where 0"
        f" is no better and 1 perfect; from {ERAS[-1][0]} it foretold {_percent(five.forecast)} endings within five years and"
        f" {_percent(five.seen)} came"
    )


def _signed(value: float) -> str:
    """A skill with its sign."""
    return "0" if abs(value) < 0.005 else f"{value:+.2f}".replace("0.", ".").replace("-", "\N{MINUS SIGN}")


def _percent(share: float) -> str:
    """A share of 100."""
    return f"{round(100 * share)} %"


def sentence(profile: Profile) -> str:
    """The forecast with the warning that belongs to it."""
    five = forecasts(profile)[5]
    most = max(CAUSES, key=lambda cause: five[cause])
    return (
        f"the fitted model gives {_percent(five['in_force'])} for still being there after five years (most likely ending:"
        f" {CAUSE_LABELS[most]}, {_percent(five[most])}), but it has shown no skill beyond the base rates"
    )


def notes(profile: Profile) -> list[str]:
    """What the forecast is worth, and what it does not know of this partnership."""
    told = told_of(profile)
    age = (
        f"its age of {wording.count(told.age, 'year')}"
        if profile.age is not None
        else "age 0, for no year of formation is stated"
    )
    names = wording.joined([name.replace("_", " ") for name in told.missing])
    return [
        skill(),
        f"the fitted model is told {age}; what the file does not decide takes the mean of the data: {names}",
    ]


def calibration(years: int = 5) -> Table:
    """What forecasts of the past said, and what came."""
    bins = shipped_model().calibration[years][_MINE]
    rows: list[tuple[Cell, ...]] = [
        (f"{_percent(b.low)} to {_percent(b.high)}", b.forecast, b.observed.value, b.observed.low, b.observed.high, b.n)
        for b in bins
    ]  # fmt: skip
    count = sum(b.n for b in bins)
    forecast = sum(b.n * b.forecast for b in bins) / count
    seen = sum(b.n * b.observed.value for b in bins) / count
    return Table(
        "model_calibration",
        wording.headline(
            f"the fitted model foretold an ending within {wording.count(years, 'year')} for {_percent(forecast)},"
            f" and {_percent(seen)} ended"
        ),
        "calibration",
        (
            Column("group", "Forecasts of an ending"),
            Column("mean", "Mean forecast", "share", 0.0, 1.0),
            Column("share", "Ended", "share", 0.0, 1.0),
            Column("low", "Lower limit", "share", 0.0, 1.0),
            Column("high", "Upper limit", "share", 0.0, 1.0),
            Column("count", "Forecasts"),
        ),
        tuple(rows),
        f"{count:,} forecasts of single alliances from the ends of 1945-2010, each by a model fitted to what had happened by"
        f" then and held to the 20 years before. Limits: alliances drawn again whole. By era the means were {_eras(years)}."
        " Data: ATOP, National Material Capabilities, Archigos, CHISOLS, disputes, rivalries; sources in the about page.",
        extra={
            "counted": False,
            "picture": "How many forecasts each dot holds stands among the numbers below.",
        },
    )  # fmt: skip


def _eras(years: int) -> str:
    """Mean forecasts and what came, by era."""
    told = [_means(years, f"{low}-{high - 1}") for low, high in ERAS]
    return "; ".join(f"{one.era}: {_percent(one.forecast)}, {_percent(one.seen)} came" for one in told)
