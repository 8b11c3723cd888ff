"""The endurance lens: how long they stay together, and what ends it.

Usable by itself: :func:`parameters` makes the numbers of many worlds from arrays, :func:`simulate` and :func:`weigh`
run them.  See ``about.md`` for the model.
"""

from typing import TYPE_CHECKING

from accord.lazily import room
from accord.lenses.endurance.lens import Endurance
from accord.lenses.endurance.terms import TERMS

if TYPE_CHECKING:
    from accord.lenses.endurance.closed import ClosedForms, closed_forms
    from accord.lenses.endurance.estimators import Intervention, Runs, Weights, simulate, weigh
    from accord.lenses.endurance.inputs import Parameters, parameters
    from accord.lenses.endurance.moment import Moment, Options, options

LENS = Endurance()

__all__ = [
    "LENS",
    "TERMS",
    "ClosedForms",
    "Endurance",
    "Intervention",
    "Moment",
    "Options",
    "Parameters",
    "Runs",
    "Weights",
    "closed_forms",
    "options",
    "parameters",
    "simulate",
    "weigh",
]

_INSIDE = {
    "closed": ("ClosedForms", "closed_forms"),
    "moment": ("Moment", "Options", "options"),
    "inputs": ("Parameters", "parameters"),
    "estimators": ("Intervention", "Runs", "Weights", "simulate", "weigh"),
}
__getattr__ = room(__name__, _INSIDE)
