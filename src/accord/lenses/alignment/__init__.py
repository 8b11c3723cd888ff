"""The lens that asks who stands with whom.

The array level: :func:`landscape` for two blocs by propensity and strength, :func:`frustration` and :func:`triads` for
networks of friends and foes, :func:`partition_stability`, :func:`in_core`, :func:`least_core`, :func:`objections`,
:func:`shapley` and :func:`banzhaf` for coalitions, :func:`over_worlds` and :func:`separating_change` for how firm a pair
stands.  See ``about.md``.
"""

from typing import TYPE_CHECKING

from accord.lazily import room
from accord.lenses.alignment.lens import Alignment

if TYPE_CHECKING:
    from accord.lenses.alignment.balance import Frustration, Triads, frustration, triads
    from accord.lenses.alignment.core import Core, Objection, in_core, least_core, objections
    from accord.lenses.alignment.energy import Configuration, Landscape
    from accord.lenses.alignment.hedonic import Holding, Move, partition_stability
    from accord.lenses.alignment.inputs import AlignmentError
    from accord.lenses.alignment.landscape import landscape
    from accord.lenses.alignment.power import Values, banzhaf, shapley
    from accord.lenses.alignment.separating import Separation, separating_change
    from accord.lenses.alignment.worlds import Landscapes, over_worlds

LENS = Alignment()

__all__ = [
    "LENS",
    "Alignment",
    "AlignmentError",
    "Configuration",
    "Core",
    "Frustration",
    "Holding",
    "Landscape",
    "Landscapes",
    "Move",
    "Objection",
    "Separation",
    "Triads",
    "Values",
    "banzhaf",
    "frustration",
    "in_core",
    "landscape",
    "least_core",
    "objections",
    "over_worlds",
    "partition_stability",
    "separating_change",
    "shapley",
    "triads",
]

_INSIDE = {
    "balance": ("Frustration", "Triads", "frustration", "triads"),
    "core": ("Core", "Objection", "in_core", "least_core", "objections"),
    "energy": ("Configuration", "Landscape"),
    "hedonic": ("Holding", "Move", "partition_stability"),
    "inputs": ("AlignmentError",),
    "landscape": ("landscape",),
    "power": ("Values", "banzhaf", "shapley"),
    "separating": ("Separation", "separating_change"),
    "worlds": ("Landscapes", "over_worlds"),
}
__getattr__ = room(__name__, _INSIDE)
