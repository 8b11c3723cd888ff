"""The landscape of more actors than can be enumerated: the best division, proven or bounded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from accord.lenses.alignment.balance import searched
from accord.lenses.alignment.cuts import Network, prove
from accord.lenses.alignment.energy import Configuration, Landscape

FloatArray = NDArray[np.float64]


def large_landscape(
    propensity: FloatArray,
    size: FloatArray,
    weights: FloatArray,
    time_limit: float,
    rng: np.random.Generator | None,
) -> Landscape:
    """The best division found, and what is proven about it.

    Least energy is least frustration, less the weight of all pairs that would rather stand apart: each such pair that
    does brings its weight, and each that does not is frustrated.
    """
    first, second = np.nonzero(np.triu(weights, 1))
    held = weights[first, second]
    net = Network(len(size), first, second, held, 2)
    proof = prove(net, searched(net, rng), time_limit)
    side = proof.bloc != proof.bloc[0]
    energy = float(held[side[first] != side[second]].sum())
    bound = energy if proof.proven else proof.bound + float(held[held < 0].sum())
    nothing = np.full(weights.shape, np.nan)
    return Landscape(
        propensity,
        size,
        Configuration(energy, side),
        0,
        (),
        0,
        np.nan,
        nothing,
        proof.proven,
        min(bound, energy),
    )
