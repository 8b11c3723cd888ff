"""What the lens worked out, with the names people use and in words that every table and sentence shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accord.finding import FloatArray, Spread
from accord.formulas import wording
from accord.situation import Situation

WARNING = (
    "The weighted mean is the honest default forecast: on 351 resolved issues of the European Union its mean error is"
    " 22.99 on scales of 0 to 100 (capability from sources), and no published bargaining model beat it in our"
    " comparison. So expect a forecast to be off by about a quarter of the scale; it says nothing about how or when"
    " they get there."
)
# Said wherever a number of another model is shown.
CAUTION = (
    "The weighted mean stays the default forecast: on resolved issues no published model beats it. The other models show"
    " process, spread and levers."
)
# Quantities that every world has; all others only in the worlds that were looked at with all models.
_EVERYWHERE = ("forecast", "share", "position", "salience", "capability", "weight", "gain", "package")
_EVERYWHERE_TOO = "settled.weighted_median."


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
    def brief(self) -> bool:
        """Whether only the forecasts were worked out."""
        return "looked" not in self.best

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
        if key not in self.best or (np.isnan(self.best[key]).all() and np.isnan(self.values(key)).all()):
            return None
        return Spread.of(self.value(key), self.values(key))

    def values(self, key: str) -> FloatArray:
        """A quantity in the worlds in which it was asked for, shape (worlds,)."""
        values = self.over[key]
        if key.partition(".")[0] in _EVERYWHERE or key.startswith(_EVERYWHERE_TOO) or self.brief:
            return values
        return values[self.over["looked"] > 0]

    @property
    def looked(self) -> int:
        """Worlds that were looked at with all models."""
        return int((self.over["looked"] > 0).sum()) if "looked" in self.over else 0

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
