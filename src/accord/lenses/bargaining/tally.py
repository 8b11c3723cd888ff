"""Answers side by side at the best estimates: what each model says of an issue, and every reading of one model."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from accord.finding import FloatArray
from accord.formulas import wording
from accord.lenses.bargaining.settling import MODELS, ROUNDS
from accord.lenses.bargaining.view import View

if TYPE_CHECKING:
    from accord.lenses.bargaining.readings import Ensemble

# In the order of the tables; the weighted mean, the default, comes first.
LABELS: dict[str, str] = {
    **{name: model.label for name, model in MODELS.items()},
    "exchange": "position exchange",
    "spatial_joint": "spatial, all issues at once",
}
# Models in which every actor that counts takes part, so that their answers can be compared.
COMPARED = tuple(name for name in LABELS if name != "spatial_joint")
# A range of answers below this share of the scale counts as agreement between models.
AGREE = 0.1
# An option that explains less of the spread of readings is not worth naming.
_TELLING = 0.05
OPTIONS = {
    "probability": "how votes become chances",
    "vote_risk": "whether risk attitudes bend votes",
    "counterpart": "whose risk attitude values the other side's challenge",
    "security": "how exposure is counted",
    "risk": "whether there are risk attitudes at all",
    "range": "what distances are divided by",
    "conflict": "who moves in a confrontation",
    "capitulation": "whether an actor may give in",
    "choice": "which offer is taken",
}


@dataclass(frozen=True)
class Held:
    """Who counts on an issue at the best estimates, and with what: positions 0..1, salience, capability."""

    actors: tuple[str, ...]
    place: FloatArray
    care: FloatArray
    power: FloatArray


def held(view: View, issue: str) -> Held:
    """Who counts on an issue at the best estimates, from the low end of the scale."""
    scale = view.situation.issues[issue].scale
    width = scale.high - scale.low
    rows = [
        (
            name,
            min(max((view.value(f"position.{issue}.{name}") - scale.low) / width, 0.0), 1.0),
            view.value(f"salience.{issue}.{name}"),
            view.value(f"capability.{issue}.{name}"),
        )
        for name in view.voices(issue)
        if view.value(f"weight.{issue}.{name}") > 0
    ]
    # In an order that hangs on numbers alone, for ties go to the first actor.
    rows.sort(key=lambda row: (*row[1:], row[0]))
    numbers = np.array([row[1:] for row in rows], np.float64).reshape(-1, 3)
    return Held(tuple(row[0] for row in rows), numbers[:, 0], numbers[:, 1], numbers[:, 2])


def key_of(model: str, issue: str) -> str:
    """The column of a model's answer on the issue's own scale."""
    return f"forecast.{issue}" if model == "mean" else f"settled.{model}.{issue}"


def answers(view: View, issue: str) -> dict[str, float]:
    """What each comparable model says at the best estimates, as a share of the scale; those that say nothing left out."""
    scale = view.situation.issues[issue].scale
    found = {
        name: (view.value(key_of(name, issue)) - scale.low) / (scale.high - scale.low) for name in COMPARED
    }
    return {name: share for name, share in found.items() if not np.isnan(share)}


def contested(view: View) -> list[str]:
    """Issues on which at least two actors count at the best estimates: there is something to bargain about."""
    return [issue for issue in view.settled if view.value(f"players.{issue}") >= 2]


def ensemble_of(view: View, issue: str) -> Ensemble | None:
    """Every documented reading of the expected-utility model at the best estimates; None with fewer than two actors."""
    found = held(view, issue)
    if len(found.actors) < 2:
        return None
    return _ensemble(tuple(zip(found.place.tolist(), found.care.tolist(), found.power.tolist(), strict=True)))


@lru_cache(maxsize=64)
def _ensemble(rows: tuple[tuple[float, float, float], ...]) -> Ensemble:
    """Every reading, worked out once for the same numbers."""
    from accord.lenses.bargaining.readings import ensemble

    return ensemble(*np.array(rows).T, rounds=ROUNDS)


def explains(found: Ensemble) -> str:
    """Which options explain the spread over readings, in words."""
    if found.high - found.low < 1e-9:
        return "every reading says the same"
    shares = found.explained["expected_utility"]
    order = sorted(shares, key=lambda name: (-shares[name], name))
    told = [
        f"{OPTIONS[name]} ({wording.percent(shares[name])})" for name in order if shares[name] >= _TELLING
    ]
    if not told:
        return "no single option; they act together"
    left = 1.0 - sum(shares.values())
    rest = f"; options together {wording.percent(left)}" if left >= _TELLING else ""
    return f"{', '.join(told[:3])}{rest}"


def players(view: View) -> list[str]:
    """Actors that count on every issue that at least two share: those of the game on all issues at once."""
    issues = contested(view)
    every = [set(held(view, issue).actors) for issue in issues]
    return sorted(set.intersection(*every)) if every else []
