"""The endurance lens: how long they stay together, and what ends it.

Usable by itself: :func:`parameters` makes the numbers of many worlds from arrays, :func:`simulate` and :func:`weigh`
run them.  See ``about.md`` for the model.
"""

from typing import TYPE_CHECKING, Any

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

_WHERE = {
    "ClosedForms": "closed",
    "closed_forms": "closed",
    "Moment": "moment",
    "Options": "moment",
    "options": "moment",
    "Parameters": "inputs",
    "parameters": "inputs",
    "Intervention": "estimators",
    "Runs": "estimators",
    "Weights": "estimators",
    "simulate": "estimators",
    "weigh": "estimators",
}


def __getattr__(name: str) -> Any:
    """Load what needs compiled kernels only when it is asked for."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
