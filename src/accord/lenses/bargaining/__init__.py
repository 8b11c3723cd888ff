"""The lens that asks what the actors would settle on.

The array functions of its models stand beside it: ``bargaining.compromise(positions, salience, capability)``.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from accord.lenses.bargaining.compromise import compromise
from accord.lenses.bargaining.lens import Bargaining

if TYPE_CHECKING:
    import accord.lenses.bargaining.explain_spatial as explain_spatial
    import accord.lenses.bargaining.readings as readings
    from accord.lenses.bargaining.course import Course
    from accord.lenses.bargaining.exchange import Exchanges, exchange
    from accord.lenses.bargaining.expected_utility import Challenges, Reading, expected_utility
    from accord.lenses.bargaining.median import weighted_median
    from accord.lenses.bargaining.nash import Nash, nash
    from accord.lenses.bargaining.spatial import spatial

LENS = Bargaining()

__all__ = [
    "LENS",
    "Bargaining",
    "Challenges",
    "Course",
    "Exchanges",
    "Nash",
    "Reading",
    "compromise",
    "exchange",
    "expected_utility",
    "explain_spatial",
    "nash",
    "readings",
    "spatial",
    "weighted_median",
]

_INSIDE = {
    "course": ("Course",),
    "exchange": ("Exchanges", "exchange"),
    "expected_utility": ("Challenges", "Reading", "expected_utility"),
    "median": ("weighted_median",),
    "nash": ("Nash", "nash"),
    "spatial": ("spatial",),
}
_WHERE = {name: module for module, names in _INSIDE.items() for name in names}
_MODULES = ("explain_spatial", "readings")


class _Room(ModuleType):
    """The package: ``bargaining.nash`` is the function, whoever imported the module of that name, and when."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _WHERE and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Room


def __getattr__(name: str) -> Any:
    """Load a model, and the compiled kernels it may need, only when it is asked for."""
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
