"""Limiting cases of the page (section 5) at one moment: flows, values, probabilities and closed forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from accord.lenses.endurance import (
    Moment,
    Parameters,
    closed_forms,
    options,
    parameters,
    simulate,
)
from accord.lenses.endurance.closed import annuity, credibility

Given = dict[str, Any]
STAY, SHIRK, EXIT, SELL, GRAB = range(5)
ON_STAYING, ON_SHIRKING, OUTSIDE, ALONE = range(4)


def test_case_03_identical_patrons(mirrored: Callable[..., Parameters]) -> None:
    numbers = mirrored(400, 3)
    at = options(numbers)
    for found in (at.flows, at.values, at.probabilities, at.patience, at.steadiness):
        np.testing.assert_allclose(found[:, 0], found[:, 1], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(at.influence, 0.5, rtol=0, atol=1e-15)
    runs = simulate(numbers, beta=14.0, nu=0.07, replicates=32, seed=1)
    for level in range(2):
        # Of those whom somebody ends, each is the ender with probability 1/2 by symmetry: variance n/4.
        ended = runs.incidence(level)[..., -1].sum(axis=(0, 1)) * runs.replicates
        assert ended[:2].sum() > 3000
        assert abs(ended[0] - ended[1]) <= 4.0 * np.sqrt(ended[:2].sum())


@pytest.mark.parametrize("factor", [0.9, 1.0, 1.1])
def test_case_04_offer_around_the_price_of_defection(factor: float) -> None:
    numbers = parameters(worlds=400, seed=4)
    forms = closed_forms(numbers)
    offers = np.zeros((400, 2, 3))
    largest = (numbers.of("size") + 0.6745 * numbers.of("spread")).argmax(axis=-1)
    np.put_along_axis(offers, largest[..., None], factor * np.maximum(forms.price, 0.0)[..., None], axis=-1)
    at = options(numbers, Moment(offers=offers), beta=400.0)
    delta, months = numbers.of("discount"), numbers.of("foresight")
    per_month = annuity(delta * credibility(numbers), months) / annuity(delta, months)
    gap = 400.0 * (factor - 1.0) * forms.price * per_month
    bribed = forms.price > 1e-3
    assert bribed.sum() > 300
    p = at.probabilities[bribed]
    # Between the two the choice is a logit in the gap, at the price itself evens.
    chance = 1.0 / (1.0 + np.exp(-gap[bribed]))
    np.testing.assert_allclose(p[:, SELL] / (p[:, SELL] + p[:, STAY]), chance, rtol=0, atol=1e-10)
    others = np.delete(at.values[bribed] - at.values[bribed][:, [STAY]], [STAY, SELL], axis=1)
    bound = np.exp(400.0 * others).sum(axis=1) + np.exp(-np.abs(gap[bribed])) * (factor != 1.0)
    off = np.abs(p[:, SELL] - {0.9: 0.0, 1.0: 0.5, 1.1: 1.0}[factor])
    assert (off <= bound + 1e-10).all()
    assert (bound < 1e-3).sum() > 50


@pytest.mark.parametrize(
    ("client", "theatre", "offer", "count"),
    [(1, 1, 0, 4), (1, 1, 1, 5), (0, 1, 0, 3), (0, 1, 1, 4), (1, 0, 0, 2), (1, 0, 1, 3), (0, 0, 1, 3)],
)
def test_case_07_no_precision_is_uniform(client: int, theatre: int, offer: int, count: int) -> None:
    numbers = parameters(worlds=20, seed=7, client=bool(client))
    moment = Moment(
        theatre_alive=np.full(20, bool(theatre)),
        in_theatre=np.full((20, 2), bool(theatre)),
        offers=np.full((20, 2, 3), 0.3 * offer),
    )
    found = options(numbers, moment, beta=0.0)
    available = found.values > -np.inf
    assert (available.sum(axis=-1) == count).all()
    assert (found.probabilities == np.where(available, 1.0 / count, 0.0)).all()


@pytest.mark.parametrize("substitution", [-300.0, -3.0, -1.0, -1e-6, 0.0, 1e-12, 0.5, 0.8, 1.0])
def test_case_09_substitution(substitution: float) -> None:
    def success(rho: float, capability: list[list[float]], client: list[float]) -> np.ndarray[Any, Any]:
        return options(
            parameters(
                worlds=50,
                seed=9,
                substitution=rho,
                capability=capability,
                client_capability=client,
                proxy_share=0.2,
                agency_loss=0.1,
            )
        ).success

    even = [[0.4, 0.4], [1.1, 1.1]]
    np.testing.assert_allclose(
        success(substitution, even, [0.2, 0.2]), success(1.0, even, [0.2, 0.2]), rtol=1e-10
    )
    missing = success(substitution, [[0.0, 0.4], [0.0, 1.1]], [0.0, 0.2])
    assert (missing == 0.0).all() if substitution <= 0.0 else (missing >= 0.0).all()
    assert substitution < 0.5 or (missing > 0.0).all()


def test_case_12_contest_for_influence() -> None:
    for balancing, shares in (
        (0.0, (2.0 / 3.0, 1.0 / 3.0)),
        (1.0, (0.5, 0.5)),
        (0.5, (7.0 / 12.0, 5.0 / 12.0)),
    ):
        numbers = parameters(
            worlds=9, seed=12, leverage=[2.0, 1.0], influence_exponent=1.0, balancing=balancing
        )
        np.testing.assert_allclose(options(numbers).influence, [shares] * 9, rtol=0, atol=1e-15)


@pytest.mark.parametrize("credible", [0.0, 1.0, 0.5])
def test_case_17_credibility_of_the_suitor(credible: float) -> None:
    numbers = parameters(worlds=200, seed=17, credibility=credible)
    found = options(numbers, Moment(offers=np.full((200, 2, 3), 0.4))).values
    delta, months = numbers.of("discount"), numbers.of("foresight")
    whole = (1.0 - delta**months) / (1.0 - delta)
    paid = {0.0: 1.0, 1.0: whole}.get(
        credible, (1.0 - (delta * credible) ** months) / (1.0 - delta * credible)
    )
    np.testing.assert_allclose((found[..., SELL] - found[..., EXIT]) * whole, 0.4 * paid, rtol=1e-10)


def test_case_23_nothing_to_grab() -> None:
    numbers = parameters(worlds=600, seed=23, influence_value=0.0)
    at = options(numbers)
    same = at.flows[..., OUTSIDE] == at.flows[..., ALONE]
    assert same.sum() > 200
    delta, months = numbers.of("discount"), numbers.of("foresight")
    odds = at.influence**2 / (at.influence**2 + (1.0 - at.influence) ** 2)
    lost = (1.0 - odds) * numbers.of("abandonment_loss") * (1.0 - delta) / (1.0 - delta**months)
    grab, leave = at.values[..., GRAB], at.values[..., EXIT]
    np.testing.assert_allclose(grab[same], (leave - lost)[same], rtol=0, atol=1e-10)
    assert (grab <= leave + 1e-12)[same].all()


@pytest.mark.parametrize("loading", [0.0, 0.7])
def test_case_24_territory_matters_by_the_agenda_only(loading: float) -> None:
    numbers = parameters(worlds=100, seed=24, agenda_loading=loading)
    offers = np.full((100, 2, 3), 0.2)
    low, high = (
        options(numbers, Moment(territory=np.full(100, theta), offers=offers)).probabilities
        for theta in (0.06, 0.9)
    )
    assert np.array_equal(low, high) == (loading == 0.0)
    losing = parameters(worlds=100, seed=24, agenda_loading=0.0, client_collapse_loss=0.5)
    low, high = (
        options(losing, Moment(territory=np.full(100, theta))).probabilities for theta in (0.06, 0.9)
    )
    assert not np.array_equal(low, high)
