"""For authors of lenses and for tests: the contract every lens passes, and situations to try it on.

``check_lens`` needs nothing but numpy.  ``accord.testing.strategies`` holds hypothesis strategies and is imported only
by those who have hypothesis.
"""

from accord.testing.contract import check_lens
from accord.testing.drawing import draw, with_fills
from accord.testing.variants import flipped, renamed, reordered, without_stance

__all__ = ["check_lens", "draw", "flipped", "renamed", "reordered", "with_fills", "without_stance"]
