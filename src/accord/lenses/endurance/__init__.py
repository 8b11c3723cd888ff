"""The endurance lens: how long they stay together, and what ends it.

So far the lens' vocabulary; the model itself is not built yet.
"""

from accord.lenses.endurance.terms import TERMS

__all__ = ["TERMS"]
