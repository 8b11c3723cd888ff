"""The lens that asks where the actors agree, and where not."""

from accord.lenses.interests.lens import Interests

LENS = Interests()

__all__ = ["LENS", "Interests"]
