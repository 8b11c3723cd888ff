"""The lens that asks what the actors would settle on.

The array functions of its models stand beside it: ``bargaining.compromise(positions, salience, capability)``.
"""

from typing import TYPE_CHECKING

from accord.lazily import room
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
__getattr__ = room(__name__, _INSIDE, ("explain_spatial", "readings"))
