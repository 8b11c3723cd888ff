"""Limiting cases of the page (section 5) over time: survival, clocks, beliefs, assets and the threat."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from accord.lenses.endurance import (
    Intervention,
    Moment,
    Parameters,
    options,
    parameters,
    simulate,
    weigh,
)
from accord.lenses.endurance.endings import CAUSES

Given = dict[str, Any]
Within = Callable[..., None]
FloatArray = NDArray[np.float64]
STAY, SHIRK, EXIT, SELL, GRAB = range(5)


def logit(share: FloatArray | float) -> FloatArray:
    return np.asarray(np.log(share) - np.log1p(-np.asarray(share)))


def test_case_01_nothing_speaks_against_it(calm: Given) -> None:
    given = {**calm, "trust": 1.0, "standing_interest": np.linspace(0.2, 0.9, 200)[:, None]}
    numbers = parameters(worlds=200, seed=1, **given)
    at = options(numbers)
    # u^C > u^O in every world; by how much decides what beta = 1000 leaves of a chance: less than 1e-12 a month.
    leaving = np.exp(-1000.0 * (at.values[..., STAY] - at.values[..., EXIT:].max(axis=-1)))
    counts = (at.flows[..., 0] > at.flows[..., 2]).all(axis=1) & (leaving < 1e-12).all(axis=1)
    assert counts.sum() > 150
    some = numbers.take(np.flatnonzero(counts))
    for seed in (0, 5):
        runs = simulate(some, beta=1000.0, nu=1.0, replicates=4, seed=seed)
        assert (runs.survival == 1.0).all()
    np.testing.assert_allclose(
        weigh(some, beta=1000.0, nu=1.0, replicates=4).survival, 1.0, rtol=0, atol=1e-9
    )


@pytest.mark.parametrize("goal_met", [False, True])
def test_case_02_frozen(frozen: Given, within: Within, goal_met: bool) -> None:
    nu, months, replicates = 0.15, 48, 400
    goals = {"territory_goal": 0.0, "goal": 1.0} if goal_met else {"goal": 0.0}
    numbers = parameters(worlds=60, seed=2, **frozen, **goals)
    p = options(numbers).probabilities
    ends = p[..., EXIT] + p[..., SELL] + p[..., GRAB]
    eta = 1.0 - (1.0 - nu * ends).prod(axis=-1)
    expected = (1.0 - eta)[:, None] ** np.arange(months + 1)
    runs = simulate(numbers, beta=14.0, nu=nu, months=months, replicates=replicates, seed=2)
    for month in (1, 6, 24, 48):
        within(runs.alive[:, 0, month], replicates, expected[:, month])
    if goal_met:
        return
    # Nobody can end the theatre alone, so both levels are one; and nothing that is drawn bears on the weights.
    assert np.array_equal(runs.alive[:, 0], runs.alive[:, 1])
    weights = weigh(numbers, beta=14.0, nu=nu, months=months, replicates=3).survival
    np.testing.assert_allclose(weights[:, 1], expected, rtol=1e-10)
    np.testing.assert_allclose(weights[:, 0], expected, rtol=1e-10)


def test_case_10_patience_runs_out(calm: Given) -> None:
    losing = np.linspace(0.2, 1.0, 600)[:, None]
    given = {
        **calm,
        "success_buffer": 0.0,
        "proxy_share": 0.0,
        "loss_sensitivity": losing,
        "own_losses": [9.0, 4.0],
    }
    numbers = parameters(worlds=600, seed=10, **given)
    room = (numbers.of("patience") - numbers.of("patience_floor")) / numbers.of("loss_sensitivity")
    passage = numbers.of("loss_scale") / numbers.of("own_losses") * (10.0**room - 1.0)
    # Losses of month t are felt in month t + 1, in which the patron has to go (steps 2, 5 and 9).
    month = np.ceil(passage) + 1.0
    months = 240
    ends = simulate(numbers, beta=14.0, nu=0.0, months=months, replicates=1, seed=3).ends[:, 0]
    first = month.min(axis=1)
    over = first <= months
    assert 100 < over.sum() < 600
    assert (ends[over, 0] == first[over]).all()
    assert (ends[over, 1] == CAUSES.index("exhaustion")).all()
    assert (ends[~over, 1] == 0).all()
    # The bilateral level does not end of it: it is reviewed, and left by choice or not.
    assert np.isin(ends[:, 4], [0, CAUSES.index("abandonment")]).all()
    assert (ends[over, 4] == 0).sum() > 50
    alone = over & (month[:, 0] != month[:, 1])
    assert (ends[alone, 2] == month[alone].argmin(axis=1)).all()


@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_case_11_cooperative_signals(calm: Given, within: Within, noise: float) -> None:
    months, worlds = 10, 400
    given = {**calm, "forgetting": 0.0, "observation_noise": noise}
    numbers = parameters(worlds=worlds, seed=11, **given)
    q, start = numbers.of("defection_rate"), logit(numbers.of("trust")[:, 0, 1])
    seen_good = (1.0 - q) * (1.0 - noise) + q * noise
    good = np.log((1.0 - noise) / seen_good)
    runs = simulate(numbers, beta=14.0, nu=0.0, months=months, replicates=1, seed=4, tracks=True)
    moved = logit(runs.track("trust", "a", "b")) - start[:, None]
    if noise == 0.0:
        np.testing.assert_allclose(moved, good[:, None] * np.arange(months + 1), rtol=0, atol=1e-10)
        return
    # Some signals are misread: whole numbers of good ones, binomially distributed, explain trust exactly.
    bad = np.log(noise / (1.0 - seen_good))
    count = (moved - bad[:, None] * np.arange(months + 1)) / (good - bad)[:, None]
    np.testing.assert_allclose(count, np.round(count), rtol=0, atol=1e-8)
    steps = np.diff(np.round(count), axis=1)
    assert np.isin(steps, (0.0, 1.0)).all()
    within(steps.sum(), steps.size, 1.0 - noise)
    all_good = np.round(count[:, 5]) == 5
    assert all_good.sum() > 50
    np.testing.assert_allclose(moved[all_good, 5], 5.0 * good[all_good], rtol=0, atol=1e-10)


@pytest.mark.parametrize(
    ("chance", "given"),
    [
        (0.5, {"contest_exponent": 0.0}),
        (1.0, {"strength": 0.0}),
        (0.0, {"capability": 0.0, "client_capability": 0.0}),
    ],
)
def test_case_13_level_of_the_threat(calm: Given, chance: float, given: Given) -> None:
    growth, attrition = np.array([0.1, 0.08, 0.05, 0.01]), np.array([0.05, 0.1, 0.03, 0.1])
    more = {**calm, **given, "growth": growth[:, None], "attrition": attrition[:, None]}
    numbers = parameters(worlds=4, seed=13, **more)
    assert (options(numbers).success == chance).all()
    runs = simulate(numbers, beta=14.0, nu=0.0, months=3000, replicates=1, tracks=True)
    rest = np.maximum(1.0 - attrition * chance / growth, 1e-6)  # the page keeps levels at or above 1e-6
    near = attrition * chance == growth  # the approach is then slower than any exponential
    np.testing.assert_allclose(runs.track("level", "threat")[~near, -1], rest[~near], rtol=0, atol=1e-10)


def test_case_14_only_standing_interest(calm: Given) -> None:
    zero = dict.fromkeys(("value", "material_cost", "political_weight", "own_losses", "influence_value"), 0.0)
    # What lasts else may be anything; territory does not follow the threat, and no goal is reached by removing it.
    given = {**zero, "rate": 0.0, "goal": 0.0, "territory_speed": 0.0}
    numbers = parameters(worlds=200, seed=14, **given)
    trial = Intervention(12, remove=True)
    for run in (simulate, weigh):
        base = run(numbers, beta=14.0, nu=0.1, replicates=8, seed=1).survival
        removed = run(numbers, beta=14.0, nu=0.1, replicates=8, seed=1, trial=trial).survival
        assert np.array_equal(base, removed)
        assert 0.05 < base[:, 1, -1].mean() < 0.95
        stakes = numbers.with_(value=1.0)
        moved = run(stakes, beta=14.0, nu=0.1, replicates=8, seed=1, trial=trial).survival
        assert not np.array_equal(base, moved)


def test_case_14_value_only_from_the_threat(calm: Given) -> None:
    zero = ("standing_interest", "dependence_goods", "asset_value", "breaking_cost", "asset_breaking_cost")
    given = {**calm, **dict.fromkeys((*zero, "political_weight"), 0.0), "material_cost": 0.03}
    numbers = parameters(worlds=400, seed=14, **given, trust=1.0, goal=0.0, shirking_effort=0.5)
    before = options(numbers, beta=1000.0)
    holds = (before.probabilities[..., EXIT:].sum(axis=-1) < 1e-6).all(axis=1)
    assert holds.sum() > 50
    numbers = numbers.take(np.flatnonzero(holds))
    after = options(numbers, Moment(level=np.full((numbers.worlds, 1), 1e-6)), beta=1000.0)
    # Each month somebody goes with a chance that is known: what is left after 59 of them bounds survival.
    stays = 1.0 - after.probabilities[..., EXIT:].sum(axis=-1)
    bound = np.maximum.reduce(stays.prod(axis=1)) ** 59
    assert bound < 1e-9
    trial = Intervention(12, remove=True)
    for run in (simulate, weigh):
        removed = run(numbers, beta=1000.0, nu=1.0, months=72, replicates=8, trial=trial).survival
        assert removed[:, 0, 12].min() > 0.999
        assert removed[:, :, 72].max() < 1e-6


def test_case_15_accounting() -> None:
    runs = simulate(parameters(worlds=300, seed=15), beta=14.0, nu=0.2, replicates=16, seed=15)
    for level in range(2):
        assert runs.ends[..., 3 * level + 1].max() > 0
        total = runs.survival[:, level] + runs.incidence(level).sum(axis=(1, 2))
        np.testing.assert_allclose(total, 1.0, rtol=0, atol=1e-12)


def test_case_16_unit_of_utility(given_of: Callable[[Parameters], Given], utilities: tuple[str, ...]) -> None:
    optional = ("usefulness", "blowback", "isolation_rent", "client_collapse_loss", "client_strength_cost")
    optional = (*optional, "successor_deal", "outside_value")
    given: Given = {**dict.fromkeys(optional, 0.1), "help_calls": 0.1, "rate": 0.0, "assets_at_start": 0.4}
    one = parameters(worlds=200, seed=16, numeraire=False, **given)
    numbers = given_of(one)
    numbers |= {name: 2.0 * numbers[name] for name in utilities}
    two = parameters(worlds=200, numeraire=False, **numbers)
    assert not np.array_equal(one.vector, two.vector)
    trial = Intervention(12, remove=True)
    for more in ({}, {"trial": trial}):
        first = simulate(one, beta=14.0, nu=0.1, replicates=8, seed=6, **more)
        second = simulate(two, beta=7.0, nu=0.1, replicates=8, seed=6, **more)
        assert np.array_equal(first.ends, second.ends)
        assert len(np.unique(first.ends[..., 4])) > 3


def test_case_18_order_and_names(given_of: Callable[[Parameters], Given]) -> None:
    given = given_of(parameters(worlds=200, seed=18, suitors=("s",), numeraire=False))
    names = ("p", "k", "s")[:2]

    def made(*patrons: str) -> Parameters:
        return parameters(patrons, worlds=200, suitors=("s",), **given)

    one = simulate(made(*names), beta=14.0, nu=0.07, replicates=40, seed=18)
    # The same in the file in another order: everything of a patron moves along.
    axes = {
        name: [axis for axis, letter in enumerate(block) if letter == "p"]
        for name, block in _blocks().items()
    }
    turned = dict(given)
    for name, places in axes.items():
        for axis in places:
            turned[name] = np.flip(turned[name], axis=axis + 1)
    again = parameters(names[::-1], worlds=200, suitors=("s",), **turned)
    other = simulate(again, beta=14.0, nu=0.07, replicates=40, seed=18)
    assert np.array_equal(one.ends, other.ends)
    # Under other names the luck is another one: independent binomials with the same chance in each world.
    renamed = simulate(made("ann", "zoe"), beta=14.0, nu=0.07, replicates=40, seed=18)
    assert not np.array_equal(one.ends, renamed.ends)
    for level in range(2):
        for month in (12, 36, 60, 120):
            x, y = one.survival[:, level, month], renamed.survival[:, level, month]
            variance = (x * (1.0 - x) + y * (1.0 - y)).sum() / 39.0
            assert abs((x - y).sum()) <= 4.0 * math.sqrt(variance)


def _blocks() -> dict[str, str]:
    """Axes of every number."""
    from accord.lenses.endurance.fields import FIELDS

    return {field.name: field.block for field in FIELDS if field.block != "pe"}


def test_case_20_trust_is_a_martingale(calm: Given) -> None:
    months, worlds, replicates = 12, 50, 100
    # Patron b shirks with the same chance in each month whatever is believed: what it gets is the same if left alone.
    base: Given = {
        **calm,
        **dict.fromkeys(("political_weight", "dependence_goods", "autonomy_cost", "abandonment_loss"), 0.0),
        "forgetting": 0.0,
        "breaking_cost": 1e9,
        "material_cost": 0.0,
        "standing_interest": 0.0,
        "observation_noise": 0.15,
    }
    untrue = parameters(worlds=worlds, seed=20, client=False, numeraire=False, value=0.0, **base)
    rate = options(untrue, beta=3.0).probabilities[:, 1, SHIRK]
    np.testing.assert_allclose(rate, 0.5, rtol=0, atol=1e-12)
    untrue = untrue.with_(defection_rate=rate)
    true = untrue.with_(value=np.array([[[0.0], [1e6]]]))  # so much to lose that it never shirks
    assert (options(true, beta=3.0).probabilities[:, 1, STAY] == 1.0).all()
    prior = untrue.of("trust")[:, 0, 1]
    for month in (1, 4, 12):
        gap, variance = 0.0, 0.0
        for numbers, weight, chance in ((true, prior, 0.85), (untrue, 1.0 - prior, 0.5)):
            runs = simulate(numbers, beta=3.0, nu=1.0, months=months, replicates=replicates, tracks=True)
            found = runs.track("trust", "a", "b")[:, month]
            mean, spread = _belief(prior, month, chance)
            assert (np.abs(found - mean) <= 4.5 * np.sqrt(spread / replicates) + 1e-12).all()
            gap = gap + (weight * found).sum()
            variance += (weight**2 * spread).sum() / replicates
        assert abs(gap - prior.sum()) <= 4.0 * math.sqrt(variance)


def _belief(prior: FloatArray, signals: int, chance: float) -> tuple[FloatArray, FloatArray]:
    """Mean and variance of trust after so many signals, each good with this chance (noise .15, q one half)."""
    mean, square = np.zeros_like(prior), np.zeros_like(prior)
    for k in range(signals + 1):
        odds = logit(prior) + k * math.log(0.85 / 0.5) + (signals - k) * math.log(0.15 / 0.5)
        trust = 1.0 / (1.0 + np.exp(-odds))
        likely = math.comb(signals, k) * chance**k * (1.0 - chance) ** (signals - k)
        mean, square = mean + likely * trust, square + likely * trust**2
    return mean, square - mean**2


def test_case_21_shared_assets(calm: Given) -> None:
    start = np.array([0.0, 2.0, 0.7])
    given = {
        **calm,
        "asset_build_up": 0.02,
        "asset_decay": np.array([0.05, 0.04, 0.02]),
        "assets_at_start": start,
    }
    runs = simulate(
        parameters(worlds=3, seed=21, **given), beta=14.0, nu=0.0, months=1500, replicates=1, tracks=True
    )
    found = runs.track("assets")
    np.testing.assert_allclose(found[:, -1], 0.02 / np.array([0.05, 0.04, 0.02]), rtol=0, atol=1e-10)
    np.testing.assert_allclose(found[:, 1], start + 0.02 - np.array([0.05, 0.04, 0.02]) * start, rtol=1e-12)


def test_case_22_half_months(frozen: Given, mirrored: Callable[..., Parameters], within: Within) -> None:
    nu, months = 0.3, 30
    numbers = mirrored(40, 22, **frozen, goal=0.0)
    ends = options(numbers).probabilities[:, 0, EXIT:].sum(axis=-1)
    for world in range(numbers.worlds):
        one = numbers.take(slice(world, world + 1))
        half = (1.0 - math.sqrt(1.0 - nu * ends[world])) / ends[world]
        whole = weigh(one, beta=14.0, nu=nu, months=months, replicates=1).survival
        halves = weigh(one, beta=14.0, nu=half, months=2 * months, replicates=1).survival
        np.testing.assert_allclose(halves[..., ::2], whole, rtol=1e-10)
        if world < 10:
            runs = simulate(one, beta=14.0, nu=half, months=2 * months, replicates=2000, seed=world)
            within(runs.alive[:, 1, 2::10], 2000, whole[:, 1, 1::5])
