"""What the lens worked out, as tables, sentences and notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accord.finding import Cell, Column, FloatArray, Measure, Spread, Table
from accord.formulas import wording
from accord.situation import Situation

WARNING = (
    "The weighted mean is the honest default forecast: on 351 resolved issues of the European Union its mean error is"
    " 22.99 on scales of 0 to 100 (capability from sources), and no published bargaining model beat it in our"
    " comparison. So expect a forecast to be off by about a quarter of the scale; it says nothing about how or when"
    " they get there."
)


# From this share of worlds on, a forecast is counted as clearly on one side.
SURE = 0.95


@dataclass(frozen=True)
class View:
    """Results at the best estimates and over worlds, with the names people use.

    Parameters
    ----------
    situation : Situation
    best, over : mapping
        Columns of one world, and of all worlds.
    """

    situation: Situation
    best: Mapping[str, FloatArray]
    over: Mapping[str, FloatArray]

    @property
    def settled(self) -> list[str]:
        """Issues with a forecast at the best estimates or in some world, sorted by name."""
        return [
            issue for issue in sorted(self.situation.issues) if self.spread(f"forecast.{issue}") is not None
        ]

    def value(self, key: str) -> float:
        """A quantity at the best estimates; NaN where undefined or not worked out."""
        return float(self.best[key][0]) if key in self.best else float("nan")

    def spread(self, key: str) -> Spread | None:
        """A quantity over worlds; None where it is defined nowhere."""
        if key not in self.best or (np.isnan(self.best[key]).all() and np.isnan(self.over[key]).all()):
            return None
        return Spread.of(self.value(key), self.over[key])

    def actor(self, name: str) -> str:
        """What people call an actor."""
        return (
            wording.named(self.situation.actors[name].label, name) if name in self.situation.actors else name
        )

    def issue(self, name: str) -> str:
        """What people call an issue."""
        return wording.named(self.situation.issues[name].label, name)

    def voices(self, issue: str) -> list[str]:
        """Actors that count on an issue, the heaviest first."""
        names = [
            name
            for name in sorted(self.situation.actors)
            if self.spread(f"weight.{issue}.{name}") is not None
        ]
        return sorted(names, key=lambda name: (-np.nan_to_num(self.value(f"weight.{issue}.{name}")), name))

    def missing(self, issue: str) -> list[tuple[str, str]]:
        """Actors that take a stand on an issue but are left out, each with the reason."""
        silent = [
            n
            for n in sorted(self.situation.stances.get(issue, {}))
            if self.spread(f"weight.{issue}.{n}") is None
        ]
        return [(name, self._reason(issue, name)) for name in silent]

    def _reason(self, issue: str, name: str) -> str:
        """Why an actor is left out of an issue."""
        lacks = [
            f"no {what}" for what in ("position", "salience") if self.spread(f"{what}.{issue}.{name}") is None
        ]
        power = self.spread(f"capability.{issue}.{name}")
        if power is None:
            lacks.append("no capability")
        elif not lacks:
            lacks.append("a capability of 0")
        return " and ".join(lacks)


def leaning(view: View, issue: str) -> float:
    """Share of worlds in which a forecast lies on the side of the middle it takes at the best estimates."""
    values = view.over[f"share.{issue}"]
    known = values[~np.isnan(values)]
    if not known.size:
        return float("nan")
    high = view.value(f"share.{issue}") > 0.5
    return float(np.mean(known > 0.5 if high else known < 0.5))


def side(view: View, issue: str) -> str:
    """To which end of its scale a forecast leans, and how surely."""
    scale = view.situation.issues[issue].scale
    share, sure = view.value(f"share.{issue}"), leaning(view, issue)
    if not abs(share - 0.5) > 0.02 or np.isnan(sure):
        return "about midway between the two ends"
    return f"nearer to '{scale.high_means if share > 0.5 else scale.low_means}', {wording.in_worlds(sure)}"


def told(view: View, issue: str) -> str:
    """A forecast on the issue's own scale, with no more decimals than the scale deserves."""
    scale = view.situation.issues[issue].scale
    width = scale.high - scale.low
    return wording.figure(view.value(f"forecast.{issue}"), 0 if width >= 50 else 1 if width >= 5 else 2)


def scale_table(view: View, issue: str) -> Table:
    """Positions and weight of the actors on one issue, on its own scale, with the forecast."""
    scale, declared = view.situation.issues[issue].scale, view.situation.issues[issue]
    names = view.voices(issue)
    rows: list[tuple[Cell, ...]] = [
        (
            view.actor(name),
            *(
                view.spread(f"{what}.{issue}.{name}")
                for what in ("position", "weight", "salience", "capability")
            ),
        )
        for name in names
    ]
    forecast = view.spread(f"forecast.{issue}")
    out = "; ".join(f"{view.actor(name)} ({why})" for name, why in view.missing(issue))
    return Table(
        f"forecast.{issue}",
        wording.headline(
            f"on {view.issue(issue)} they would settle at {told(view, issue)}, {side(view, issue)}"
        ),
        "scale",
        (
            Column("actor", "Actor"),
            Column("position", "Position", "", scale.low, scale.high),
            Column("weight", "Share of the weight", "share", 0.0, 1.0),
            Column("salience", "How much it cares", "share", 0.0, 1.0),
            Column("capability", "Capability", "index", 0.0),
        ),
        tuple(rows),
        f"{declared.question} The forecast is the mean of the positions, each weighted by capability times salience."
        + (f" Left out: {out}." if out else ""),
        actors=tuple(names),
        extra={
            "low_means": scale.low_means,
            "high_means": scale.high_means,
            "forecast": forecast,
            "forecast_label": "Forecast (weighted mean)",
            "reference_point": declared.reference_point,
        },
    )


def summary_table(view: View) -> Table:
    """Every forecast as a share of its scale."""
    names = sorted(view.settled, key=lambda issue: (view.value(f"share.{issue}"), issue))
    rows: list[tuple[Cell, ...]] = []
    for issue in names:
        scale = view.situation.issues[issue].scale
        ends = f"0 = {scale.low_means}; 1 = {scale.high_means}"
        rows.append(
            (view.issue(issue), view.spread(f"share.{issue}"), view.spread(f"forecast.{issue}"), ends)
        )
    return Table(
        "forecasts",
        wording.headline(summary_title(view)),
        "intervals",
        (
            Column("issue", "Issue"),
            Column("share", "Forecast as a share of the scale", "", 0.0, 1.0),
            Column("forecast", "Forecast on the issue's own scale"),
            Column("ends", "What the ends mean"),
        ),
        tuple(rows),
        WARNING,
        extra={"low_means": "low end of each scale", "high_means": "high end of each scale"},
    )


def summary_title(view: View) -> str:
    """On how many issues the side that a forecast takes is sure."""
    sure = sum(leaning(view, issue) >= SURE for issue in view.settled)
    total = len(view.settled)
    if total == 1:
        issue = view.settled[0]
        return f"One issue can be forecast: {view.issue(issue)}, {side(view, issue)}"
    whole = "both issues" if total == 2 else f"all {total} issues"
    where = whole if sure == total else f"{sure or 'none'} of {total} issues"
    return f"On {where} the weighted mean leans to the same side in at least 95 of 100 worlds"


def sentences(view: View) -> tuple[str, ...]:
    """Two to four sentences: the surest and the most open forecast, and how far to trust them."""
    order = sorted(view.settled, key=lambda k: (-_or_none(leaning(view, k)), -_off_middle(view, k), k))
    said = [f"on {view.issue(order[0])} they would settle {side(view, order[0])}"]
    if len(order) > 1:
        said[0] = f"the surest forecast is {view.issue(order[0])}: {side(view, order[0])}"
        rank = "least sure" if leaning(view, order[-1]) >= SURE else "most in the balance"
        said.append(f"{rank} is {view.issue(order[-1])}: {side(view, order[-1])}")
        said.append(summary_title(view))
    said.append(
        "expect a forecast of this kind to be off by about a quarter of the scale, whatever its interval says"
    )
    return tuple(wording.sentence(text) for text in said)


def _or_none(share: float) -> float:
    """A share for sorting, the undefined last."""
    return -1.0 if np.isnan(share) else share


def _off_middle(view: View, issue: str) -> float:
    """How far a forecast lies from the middle of its scale."""
    return abs(float(np.nan_to_num(view.value(f"share.{issue}"), nan=0.5)) - 0.5)


def notes(view: View) -> tuple[str, ...]:
    """The warning that goes with every forecast, and who was left out of which issue and why."""
    found = [WARNING]
    for issue in sorted(view.situation.issues):
        out = [f"{view.actor(name)} ({why})" for name, why in view.missing(issue)]
        if out:
            found.append(wording.sentence(f"left out on {view.issue(issue)}: {'; '.join(out)}"))
    lone = [issue for issue in view.settled if len(view.voices(issue)) == 1]
    for issue in lone:
        who = view.actor(view.voices(issue)[0])
        found.append(
            wording.sentence(f"on {view.issue(issue)} only {who} counts; the forecast is its own position")
        )
    silent = [view.issue(issue) for issue in sorted(view.situation.issues) if issue not in view.settled]
    if silent:
        found.append(
            wording.sentence(f"no forecast on {wording.joined(silent)}: nobody with weight holds a position")
        )
    return tuple(found)


def measures(view: View) -> tuple[Measure, ...]:
    """Forecasts on their own scales and as shares of them."""
    found = []
    for issue in view.settled:
        scale = view.situation.issues[issue].scale
        means = f"{wording.figure(scale.low)} = {scale.low_means}; {wording.figure(scale.high)} = {scale.high_means}"
        for kind, label, text in (
            ("forecast", f"Forecast: {view.issue(issue)}", means),
            ("share", f"Forecast as a share of the scale: {view.issue(issue)}", "0 = low end, 1 = high end"),
        ):
            spread = view.spread(f"{kind}.{issue}")
            if spread is not None:
                headline = kind == "share"
                found.append(Measure(f"{kind}.{issue}", label, spread, "", text, headline))
    return tuple(found)
