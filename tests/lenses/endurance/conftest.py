"""What the tests of limiting cases and properties share: calm worlds, mirrored patrons, bounds from exact variances."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from accord.lenses.endurance import Parameters, parameters
from accord.lenses.endurance.fields import FIELDS

FloatArray = NDArray[np.float64]
Given = dict[str, Any]

# Nothing happens in such a world unless somebody chooses it: no offers, issues, losses, fatigue, prize or dynamics.
CALM: Mapping[str, float] = {
    "rate": 0.0,
    "salience": 0.0,
    "own_losses": 0.0,
    "loss_sensitivity": 0.0,
    "fatigue": 0.0,
    "influence_value": 0.0,
    "territory_speed": 0.0,
    "territory_noise": 0.0,
    "growth": 0.0,
    "attrition": 0.0,
    "asset_build_up": 0.0,
}
# Nor does what is done change anything: signals say nothing, and effort earns no influence.
FROZEN: Mapping[str, float] = {**CALM, "observation_noise": 0.5, "influence_exponent": 0.0}


# What the page divides by the numeraire, but offers:
# w c chi sal Lambda r r_Z g k tau m zeta_Z khon succ out y v eta Lc o
UTILITIES = (
    "value",
    "material_cost",
    "political_weight",
    "salience",
    "abandonment_loss",
    "breaking_cost",
    "asset_breaking_cost",
    "influence_value",
    "dependence_goods",
    "autonomy_cost",
    "standing_interest",
    "asset_value",
    "help_cost",
    "successor_deal",
    "outside_value",
    "usefulness",
    "blowback",
    "isolation_rent",
    "client_collapse_loss",
    "client_strength_cost",
)


@pytest.fixture(scope="session")
def utilities() -> tuple[str, ...]:
    """Names of the numbers in units of utility, offers aside."""
    return UTILITIES


@pytest.fixture
def calm() -> Given:
    """Numbers of a world in which nothing happens by itself."""
    return dict(CALM)


@pytest.fixture
def frozen() -> Given:
    """Numbers of a world in which choices alone matter, and change nothing."""
    return dict(FROZEN)


def taken(numbers: Parameters) -> Given:
    """Every number as :func:`parameters` wants it (offers by their median), but rallies."""
    found = {f.name: numbers.of(f.name).copy() for f in FIELDS if f.block != "pe"}
    found["size"] = np.exp(found["size"])
    return found


def alike(worlds: int, seed: int, **given: ArrayLike) -> Parameters:
    """Random worlds in which both patrons have the numbers of the first, and hear from the same suitor."""
    drawn = parameters(worlds=worlds, seed=seed, suitors=("s",), numeraire=False)
    found = taken(drawn)
    for field in FIELDS:
        for axis, letter in enumerate(field.block):
            if letter == "p" and field.block != "pe":
                index = 1 if field.block == "pp" and axis == 1 else 0
                found[field.name] = found[field.name].take([index, index], axis=axis + 1)
    return parameters(worlds=worlds, suitors=("s",), **{**found, **given})


@pytest.fixture
def given_of() -> Callable[[Parameters], Given]:
    """Every number of made parameters, to be changed and handed in again."""
    return taken


@pytest.fixture
def mirrored() -> Callable[..., Parameters]:
    """Random worlds with two patrons that are alike."""
    return alike


@pytest.fixture
def within() -> Callable[..., None]:
    """Whether counts are within four standard deviations of a binomial with this probability, allowance aside."""

    def check(counts: ArrayLike, trials: ArrayLike, chance: ArrayLike, allowance: float = 0.0) -> None:
        n, p = np.asarray(trials, dtype=np.float64), np.asarray(chance, dtype=np.float64)
        off = np.abs(np.asarray(counts) - n * p)
        bound = 4.0 * np.sqrt(n * p * (1.0 - p)) + allowance * n
        assert (off <= bound + 1e-9 * n).all(), (off - bound).max()

    return check
