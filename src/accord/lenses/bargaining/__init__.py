"""The lens that asks what the actors would settle on.

The array functions of its models stand beside it: ``bargaining.compromise(positions, salience, capability)``.
"""

from accord.lenses.bargaining.compromise import compromise
from accord.lenses.bargaining.lens import Bargaining

LENS = Bargaining()

__all__ = ["LENS", "Bargaining", "compromise"]
