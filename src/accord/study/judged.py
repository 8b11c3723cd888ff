"""What the verdict is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.lenses.endurance.own import Own
from accord.situation import Estimate, Situation, Vocabulary

FloatArray = NDArray[np.float64]
Columns = Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class Judged:
    """What the verdict is made from.

    Parameters
    ----------
    situation : Situation
    vocabulary : Vocabulary
    best, over : mapping
        The lens' columns at the best estimates and over worlds.
    draws : mapping
        Drawn numbers by path, over the same worlds.
    scenarios : tuple of (str, str, mapping, mapping)
        Name, label, best and over of each scenario.
    priors : mapping
        Omitted numbers that took their prior.
    own : tuple of Own
        Calibrations of the user's own, under which the verdict is taken as well.
    """

    situation: Situation
    vocabulary: Vocabulary
    best: Columns
    over: Columns
    draws: Mapping[str, FloatArray]
    scenarios: tuple[tuple[str, str, Columns, Columns], ...]
    priors: Mapping[str, Estimate]
    own: tuple[Own, ...] = ()
