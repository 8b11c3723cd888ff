"""What forecasts from the past said by era, and how sure their skill is when whole stretches of years are drawn again.

Resampling alliances keeps the years as they were; but many alliances ended together (1990-91), so that the years are the
smaller sample.  Here blocks of consecutive origins are drawn again (the circular block bootstrap of D. N. Politis and J. P.
Romano 1992, in R. LePage and L. Billard, Exploring the Limits of Bootstrap, 263-270).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.lenses.precedent.rolling import CONTENDERS, MATCHES, Forecasts
from accord.lenses.precedent.scores import brier, floored
from accord.lenses.precedent.survival import LEVEL, Estimated

FloatArray = NDArray[np.float64]

# Consecutive origins that are drawn together: as long as the longer horizon.
BLOCK = 10


@dataclass(frozen=True, slots=True)
class Foretold:
    """What one contender foretold of any ending, and what came.

    Parameters
    ----------
    era : str
        ``1945-1969``.
    contender : str
        One of :data:`accord.lenses.precedent.rolling.CONTENDERS`.
    n : int
        Forecasts.
    forecast, seen : float
        Mean probability of an ending; share that ended.
    """

    era: str
    contender: str
    n: int
    forecast: float
    seen: float


@dataclass(frozen=True, slots=True)
class Blocked:
    """Brier skill for any ending with an interval from blocks of origins.

    Parameters
    ----------
    model, rival : str
    block : int
        Origins drawn together.
    skill : Estimated
    """

    model: str
    rival: str
    block: int
    skill: Estimated


def foretold(made: Forecasts, eras: Sequence[tuple[int, int]]) -> list[Foretold]:
    """Means of the forecasts and of what came, by era (half open, all origins as the last) and contender."""
    spans = [*eras, (min(low for low, _ in eras), max(high for _, high in eras))]
    found = []
    for low, high in spans:
        inside = (made.origin >= low) & (made.origin < high)
        if not inside.any():
            continue
        for name in CONTENDERS:
            forecast = float(1.0 - made.forecasts[name][inside, 0].mean())
            seen = float((made.outcome[inside] > 0).mean())
            found.append(Foretold(f"{low}-{high - 1}", name, int(inside.sum()), forecast, seen))
    return found


def blocked(made: Forecasts, draws: int = 2000, seed: int = 0, block: int = BLOCK) -> list[Blocked]:
    """Brier skill of each match for any ending, blocks of consecutive origins drawn again."""
    origins = np.unique(made.origin)
    rng = np.random.default_rng(seed)
    starts = rng.integers(0, len(origins), (draws, -(-len(origins) // block)))
    places = (starts[:, :, None] + np.arange(block)).reshape(draws, -1)[:, : len(origins)] % len(origins)
    sums = {name: _sums(made, name, origins) for name in CONTENDERS}
    found = []
    for mine, rival in MATCHES:
        drawn = 1.0 - sums[mine][places].sum(axis=1) / sums[rival][places].sum(axis=1)
        tail = (1.0 - LEVEL) / 2.0
        low, high = np.quantile(drawn, [tail, 1.0 - tail])
        skill = 1.0 - sums[mine].sum() / sums[rival].sum()
        found.append(Blocked(mine, rival, block, Estimated(float(skill), float(low), float(high))))
    return found


def _sums(made: Forecasts, name: str, origins: NDArray[np.int64]) -> FloatArray:
    """Squared errors about any ending, summed by origin."""
    errors = brier(floored(made.forecasts[name]), made.outcome, "any")
    total = np.zeros(len(origins))
    np.add.at(total, np.searchsorted(origins, made.origin), errors)
    return total
