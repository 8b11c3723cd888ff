"""A forecast as a distribution over the scale of an issue: finitely many places, each with a probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

# Sums of masses that reach a share but for rounding do reach it.
_ROUNDING = 1e-12
SHARES: tuple[float, ...] = (0.5, 0.8, 0.9)


@dataclass(frozen=True, eq=False)
class Distribution:
    """Where the outcome may fall, and how likely.

    Parameters
    ----------
    places : ndarray, shape (places,)
        On the scale of the issue, rising, each once.
    mass : ndarray, shape (places,)
        Probability of each, 0 or more, 1 in sum.
    low, high : float
        Ends of the scale.
    notes : tuple of str
        What the forecast could not take into account.

    Raises
    ------
    ValueError
        When places do not rise, leave the scale, or masses are no probabilities.
    """

    places: FloatArray
    mass: FloatArray
    low: float
    high: float
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        places, mass = (np.array(x, dtype=np.float64) for x in (self.places, self.mass))
        if places.ndim != 1 or places.shape != mass.shape or not places.size:
            raise ValueError(
                f"places and mass must have one shape (places,), not {places.shape} and {mass.shape}"
            )
        if not (np.diff(places) > 0).all() or not (places[0] >= self.low and places[-1] <= self.high):
            raise ValueError(f"places must rise and lie from {self.low:g} to {self.high:g}")
        if not (mass >= 0).all() or not abs(mass.sum() - 1) < 1e-9:
            raise ValueError("mass must be 0 or more, and 1 in sum")
        for name, array in (("places", places), ("mass", mass / mass.sum())):
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @property
    def mean(self) -> float:
        """Expected outcome, on the scale."""
        return float(min(max(self.places @ self.mass, self.places[0]), self.places[-1]))

    @property
    def median(self) -> float:
        """Median, on the scale: the point forecast with the least expected absolute error."""
        return float(self.quantile(0.5))

    @property
    def deviation(self) -> float:
        """Standard deviation, in units of the scale."""
        return float(np.sqrt(((self.places - self.mean) ** 2) @ self.mass))

    def cdf(self, x: ArrayLike) -> FloatArray:
        """Probability of an outcome of at most *x* (on the scale; any shape), 0..1; NaN where *x* is NaN."""
        at = np.asarray(x, dtype=np.float64)
        below = np.concatenate([[0.0], self._cumulative()])
        found: FloatArray = np.where(
            np.isnan(at), np.nan, below[np.searchsorted(self.places, at, side="right")]
        )
        return found

    def quantile(self, share: ArrayLike) -> FloatArray:
        """Lowest place that is not exceeded with probability *share* (0..1, any shape).

        Raises
        ------
        ValueError
            When a share is outside 0..1.
        """
        wanted = np.asarray(share, dtype=np.float64)
        if not ((wanted >= 0) & (wanted <= 1)).all():
            raise ValueError(f"shares must lie from 0 to 1, not {share!r}")
        # Places without any mass are no outcome: 0 is the lowest possible one, 1 the highest.
        there = self.mass > 0
        total = np.cumsum(self.mass[there])
        at = np.searchsorted(total, wanted - _ROUNDING, side="left")
        found: FloatArray = self.places[there][np.minimum(at, total.size - 1)]
        return found

    def interval(self, share: float, kind: str = "shortest") -> tuple[float, float]:
        """Interval, ends included, that holds the outcome with probability *share* (0..1) or somewhat more.

        Parameters
        ----------
        share : float
            0..1.
        kind : str
            ``shortest`` (the lowest one where several are), or ``central`` (as much left out below as above).  Where an
            end of the scale is likely, the central one soon reaches from end to end.

        Raises
        ------
        ValueError
            When the share is outside 0..1 or the kind is another word.
        """
        if kind not in ("shortest", "central"):
            raise ValueError(f"kind is {kind!r}; expected 'shortest' or 'central'")
        low, high = self.quantile([(1 - share) / 2, (1 + share) / 2])
        if kind == "central":
            return float(low), float(high)
        there = self.mass > 0
        places, total = self.places[there], np.cumsum(self.mass[there])
        before = np.concatenate([[0.0], total[:-1]])
        end = np.searchsorted(total, before + share - _ROUNDING, side="left")
        first = int(np.searchsorted(end, places.size, side="left"))
        wide = places[end[:first]] - places[:first]
        at = int(np.flatnonzero(wide <= wide.min() + _ROUNDING * (self.high - self.low))[0])
        return float(places[at]), float(places[end[at]])

    def crps(self, outcome: ArrayLike) -> FloatArray:
        """Continuous ranked probability score, in units of the scale; lower is better, 0 for a sure and right forecast.

        ``E|X - y| - E|X - X'| / 2`` (T. Gneiting and A. E. Raftery, JASA 102, 2007, equation 21).
        """
        y = np.asarray(outcome, dtype=np.float64)
        apart = np.abs(self.places - y[..., None]) @ self.mass
        return np.maximum(apart - half_spread(self.places, self.mass), 0.0)

    def sample(self, count: int, seed: int = 0) -> FloatArray:
        """Outcomes drawn, shape (count,), on the scale; the same for the same seed."""
        from accord.engine.streams import stream, uniforms

        key = stream(seed, purpose="bargaining.forecast")
        return self.quantile(uniforms(key, range(count))[:, 0])

    def _cumulative(self) -> FloatArray:
        """Probability up to each place, exactly 1 at the last."""
        total = np.cumsum(self.mass)
        total[-1] = 1.0
        return np.minimum(total, 1.0)


def half_spread(places: FloatArray, mass: FloatArray) -> FloatArray:
    """Half the expected distance of two independent outcomes, shape (...); places rise along the last axis."""
    below = np.minimum(np.cumsum(mass, axis=-1)[..., :-1], 1.0)
    found: FloatArray = (below * (1 - below) * np.diff(places, axis=-1)).sum(axis=-1)
    return found


def of_values(values: ArrayLike, low: float, high: float) -> Distribution:
    """The distribution in which each of the values, cut to the scale, is as likely as the others."""
    places, counts = np.unique(np.clip(np.asarray(values, dtype=np.float64), low, high), return_counts=True)
    return Distribution(places, counts / counts.sum(), low, high)
