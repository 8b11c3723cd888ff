"""The precedent lens, which asks what happened to others like them.

Usable by itself: :func:`base_rates` gives shipped base rates, or those of the user's own import; :func:`kaplan_meier` and
:func:`aalen_johansen` take any durations; :func:`nearest` names alliances.  See ``about.md``.
"""

from typing import TYPE_CHECKING

from accord.lazily import room
from accord.lenses.precedent.lens import Precedent

if TYPE_CHECKING:
    from accord.lenses.precedent.alliances import CAUSES, Alliances, alliances
    from accord.lenses.precedent.classes import CLASSES, FEATURES, Classed, ReferenceClass, classes_of
    from accord.lenses.precedent.compliance import Compliance, compliance
    from accord.lenses.precedent.fitted import Fitted, fit_from, outlook, shipped_model
    from accord.lenses.precedent.further import Further, further_of
    from accord.lenses.precedent.hazard_model import HazardModel
    from accord.lenses.precedent.indicators import (
        Agreement,
        Events,
        agreement,
        capability,
        event_counts,
        ideal_point_distance,
        vote_agreement,
    )
    from accord.lenses.precedent.nearest import Neighbour, nearest
    from accord.lenses.precedent.rates import base_rates, hazards_by_age, rate_from
    from accord.lenses.precedent.records import AgeBand, BaseRate
    from accord.lenses.precedent.rolling import rolling_forecasts
    from accord.lenses.precedent.scores import Score
    from accord.lenses.precedent.spells import COVARIATES, Spells, spells_of
    from accord.lenses.precedent.survival import (
        Curve,
        Estimated,
        Weibull,
        aalen_johansen,
        kaplan_meier,
        median_of,
        weibull,
    )
    from accord.lenses.precedent.ties import TieRate, tie_rates

LENS = Precedent()

__all__ = [
    "CAUSES",
    "CLASSES",
    "COVARIATES",
    "FEATURES",
    "LENS",
    "AgeBand",
    "Agreement",
    "Alliances",
    "BaseRate",
    "Classed",
    "Compliance",
    "Curve",
    "Estimated",
    "Events",
    "Fitted",
    "Further",
    "HazardModel",
    "Neighbour",
    "Precedent",
    "ReferenceClass",
    "Score",
    "Spells",
    "TieRate",
    "Weibull",
    "aalen_johansen",
    "agreement",
    "alliances",
    "base_rates",
    "capability",
    "classes_of",
    "compliance",
    "event_counts",
    "fit_from",
    "further_of",
    "hazards_by_age",
    "ideal_point_distance",
    "kaplan_meier",
    "median_of",
    "nearest",
    "outlook",
    "rate_from",
    "rolling_forecasts",
    "shipped_model",
    "spells_of",
    "tie_rates",
    "vote_agreement",
    "weibull",
]

_INSIDE = {
    "alliances": ("CAUSES", "Alliances", "alliances"),
    "classes": ("CLASSES", "FEATURES", "Classed", "ReferenceClass", "classes_of"),
    "compliance": ("Compliance", "compliance"),
    "fitted": ("Fitted", "fit_from", "outlook", "shipped_model"),
    "further": ("Further", "further_of"),
    "hazard_model": ("HazardModel",),
    "indicators": (
        "Agreement",
        "Events",
        "agreement",
        "capability",
        "event_counts",
        "ideal_point_distance",
        "vote_agreement",
    ),
    "nearest": ("Neighbour", "nearest"),
    "rates": ("base_rates", "hazards_by_age", "rate_from"),
    "records": ("AgeBand", "BaseRate"),
    "rolling": ("rolling_forecasts",),
    "scores": ("Score",),
    "spells": ("COVARIATES", "Spells", "spells_of"),
    "survival": ("Curve", "Estimated", "Weibull", "aalen_johansen", "kaplan_meier", "median_of", "weibull"),
    "ties": ("TieRate", "tie_rates"),
}
__getattr__ = room(__name__, _INSIDE)
