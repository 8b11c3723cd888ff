"""Whole runs against a second implementation: to rounding where nothing is left to luck, else Monte Carlo error."""

from __future__ import annotations

import math
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the reference's modules are beside the tests

import reference as ref
from reference_cases import Case, case_of, settled_case

from accord.lenses.endurance import Runs, parameters, simulate, weigh

MONTHS, SETS = 60, 20
# The product is cheap, so that nearly all the noise is of the reference.
DRAWN, PRODUCT = 120, 3_000
CHECKED = (3, 6, 13, 19, 24, 36, 60)
KEPT = (6, 18, 36)
# What four standard deviations mean for a normal variable, two-sided.
RARE = math.erfc(4.0 / math.sqrt(2.0))


@cache
def both(seed: int, trial: bool) -> tuple[Case, Runs, list[ref.Path]]:
    """A case run by the product and by the reference."""
    case = case_of(seed, trial)
    drawn = simulate(
        case.numbers,
        beta=case.beta,
        nu=case.nu,
        months=MONTHS,
        replicates=PRODUCT,
        trial=case.intervention,
        tracks=True,
    )
    return case, drawn, list(_paths(case, DRAWN, seed, KEPT))


def _paths(
    case: Case, count: int, seed: int, keep: tuple[int, ...] = (), weighted: bool = False
) -> Iterator[ref.Path]:
    """Trajectories of the reference, each with its own luck."""
    world = ref.world_of(case.numbers)
    for r in range(count):
        luck = random.Random(1_000_003 * seed + r)
        yield ref.run(world, case.beta, case.nu, MONTHS, luck, trial=case.trial, weighted=weighted, keep=keep)


SEEDS = [(seed, seed % 2 == 1) for seed in range(SETS)]


def tail(k: int, n: int, total: int, size: int) -> float:
    """Two-sided chance of a split as uneven as k of n, when *total* of *size* have it and n of them are drawn.

    The exact test that two binomial samples have one chance (hypergeometric); where counts are large it is the bound of
    four standard errors of the difference of two means, where they are small it does not mistake one event for news.
    """

    def chance(x: int) -> float:
        return math.exp(_ways(total, x) + _ways(size - total, n - x) - _ways(size, n))

    low, high = max(0, n - (size - total)), min(n, total)
    below = sum(chance(x) for x in range(low, k + 1))
    above = sum(chance(x) for x in range(k, high + 1))
    return min(1.0, 2.0 * min(below, above))


def _ways(n: int, k: int) -> float:
    """Logarithm of n over k."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def shares(drawn: Runs, paths: list[ref.Path]) -> Iterator[tuple[tuple[object, ...], int, int]]:
    """Name, how many of the reference's paths, how many of the product's."""
    for level in (0, 1):
        alive = [path.bilateral if level else path.theatre for path in paths]
        for month in CHECKED:
            yield (
                ("alive", level, month),
                round(sum(a[month] for a in alive)),
                round(drawn.alive[0, level, month]),
            )
        ends = Counter((p.ends[level].cause, p.ends[level].ender) for p in paths)
        found = Counter(map(tuple, drawn.ends[0, :, 3 * level + 1 : 3 * level + 3].tolist()))
        for number, cause in enumerate(ref.CAUSES[1:], start=1):
            for ender in range(len(drawn.patrons)):
                yield (cause, level, ender), ends[cause, ender], found[number, ender]
        yield ("collapse", level), ends["collapse", -1], found[7, len(drawn.patrons)]
        early = sum(0 < p.ends[level].month <= 24 and p.ends[level].cause == "exhaustion" for p in paths)
        yield ("exhaustion", level, "by 24"), early, _by(drawn, level, 4, 24)


def _by(drawn: Runs, level: int, cause: int, month: int) -> int:
    """Cumulative incidence of a cause as a count, as the product reports it."""
    return round(float(drawn.incidence(level)[0, cause, :, month].sum()) * drawn.replicates)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "trial"), SEEDS)
def test_survival_and_incidence(seed: int, trial: bool) -> None:
    _, drawn, paths = both(seed, trial)
    for name, k, many in shares(drawn, paths):
        chance = tail(k, DRAWN, k + many, DRAWN + PRODUCT)
        assert chance > RARE, (name, k / DRAWN, many / PRODUCT, chance)


@pytest.mark.slow
def test_survival_and_incidence_of_all_sets_together() -> None:
    # Small systematic differences add up over sets: sum of (observed - expected) over its standard deviation.
    off: Counter[object] = Counter()
    spread: Counter[object] = Counter()
    causes: Counter[object] = Counter()
    for seed, trial in SEEDS:
        _, drawn, paths = both(seed, trial)
        for name, k, many in shares(drawn, paths):
            kind = name if name[0] == "alive" else name[:2]
            p = (k + many) / (DRAWN + PRODUCT)
            off[kind] += k - DRAWN * many / PRODUCT
            spread[kind] += DRAWN * p * (1.0 - p) * (1.0 + DRAWN / PRODUCT)
            causes[name[0]] += k
    for kind, d in off.items():
        # Within a set the enders of a cause exclude one another, so their variances add up to more than their sum's.
        assert abs(d) <= 4.0 * math.sqrt(spread[kind]) + 2.0, (kind, d, math.sqrt(spread[kind]))
    assert min(causes[cause] for cause in ref.CAUSES[1:]) > 40, causes


def gaps(seed: int, trial: bool) -> Iterator[tuple[tuple[str, ...], float]]:
    """Means of trust, losses, levels, assets and territory over runs still alive: differences in standard errors."""
    case, drawn, paths = both(seed, trial)
    values: dict[tuple[str, ...], list[float]] = {}
    for path in paths:
        for name, found in path.tracks.items():
            values.setdefault(name, []).extend(found)
    for (month, what, *who), found in values.items():
        if what == "territory" and not case.numbers.client:
            continue  # there is none to hold
        axis = case.numbers.threats if what == "level" else case.numbers.patrons
        wanted = drawn.track(what, *(axis[int(i)] for i in who))[0, int(month)]
        mean, sd = float(np.mean(found)), float(np.std(found))
        # Few paths, or nearly all alike: a mean of rare events is no normal variable.
        if len(found) >= 30 and sd > 0.01 * abs(mean):
            share = wanted_share(drawn, what, int(month))
            error = sd * math.sqrt(1.0 / len(found) + 1.0 / (share * PRODUCT))
            yield (month, what, *who), (mean - wanted) / error


def wanted_share(drawn: Runs, what: str, month: int) -> float:
    """Share of the product's runs that a mean is taken over."""
    return float(drawn.survival[0, 1 if what in ("trust", "assets") else 0, month])


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "trial"), SEEDS)
def test_paths_of_trust_losses_levels_and_assets(seed: int, trial: bool) -> None:
    # Of a few skewed ones (territory near 1) among 30 or more paths: five standard errors.
    off = [(name, z) for name, z in gaps(seed, trial) if abs(z) > 5.0]
    assert not off, off[:5]


@pytest.mark.slow
def test_paths_of_all_sets_together() -> None:
    found = [z for seed, trial in SEEDS for _, z in gaps(seed, trial)]
    assert len(found) > 500
    # Were product and reference the same, these would be nearly standard normal, if far from independent.
    assert 0.8 < float(np.std(found)) < 1.25, np.std(found)
    assert abs(float(np.mean(found))) < 0.25, np.mean(found)


@pytest.mark.parametrize("seed", range(60))
def test_survival_weights_to_rounding_where_nothing_is_left_to_luck(seed: int) -> None:
    case = settled_case(seed, trial=seed % 3 > 0, calls=seed % 4 == 3)
    found = weigh(
        case.numbers, beta=case.beta, nu=case.nu, months=MONTHS, replicates=2, trial=case.intervention
    ).survival[0]
    (path,) = _paths(case, 1, seed, weighted=True)
    assert found[0] == pytest.approx(path.theatre, rel=1e-9, abs=1e-12)
    assert found[1] == pytest.approx(path.bilateral, rel=1e-9, abs=1e-12)


def test_trust_after_one_call_for_help() -> None:
    # Honouring costs nothing and leaving is out of the question: half honour, half refuse, and signals say nothing.
    fixed = {"help_calls": [1.0, 0.0], "help_cost": 0.0, "breaking_cost": 1e6, "observation_noise": 0.5}
    numbers = parameters(suitors=(), forgetting=0.0, trust=0.5, standing_interest=1.0, **fixed)
    drawn = simulate(numbers, beta=14.0, nu=0.0, months=1, replicates=100_000, tracks=True)
    up, down = ref.logistic(0.5), ref.logistic(-1.0)
    error = (up - down) / 2.0 / math.sqrt(100_000)
    assert abs(drawn.track("trust", "a", "b")[0, 1] - (up + down) / 2.0) <= 4.0 * error
    assert drawn.track("trust", "b", "a")[0, 1] == pytest.approx(0.5, abs=1e-12)
    world = ref.world_of(numbers)
    seen = {
        round(ref.run(world, 14.0, 0.0, 1, random.Random(r), keep=(1,)).tracks["1", "trust", "0", "1"][0], 12)
        for r in range(40)
    }
    assert seen == {round(up, 12), round(down, 12)}


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "trial"), [(40 + s, s % 2 == 1) for s in range(4)])
def test_survival_weights_within_monte_carlo_error(seed: int, trial: bool) -> None:
    case, count = case_of(seed, trial), 60
    given = {"beta": case.beta, "nu": case.nu, "months": MONTHS, "trial": case.intervention}
    found = weigh(case.numbers, replicates=1000, **given).survival[0]
    paths = list(_paths(case, count, seed, weighted=True))
    for level in (0, 1):
        weights = np.array([path.bilateral if level else path.theatre for path in paths])
        for month in CHECKED:
            column = weights[:, month]
            # A weight in [0, 1] has at most a Bernoulli's variance, and where the theatre ends by chance about that; a
            # few paths of the bilateral level may show less than there is.
            p = float(np.clip(found[level, month], 1e-3, 1.0 - 1e-3))
            sd = max(float(column.std()), (0.3 if level else 1.0) * math.sqrt(p * (1.0 - p)))
            bound = 4.0 * sd * math.sqrt(1.0 / count + 1.0 / 1000)
            assert abs(column.mean() - found[level, month]) <= bound, (
                level,
                month,
                column.mean(),
                found[level, month],
            )


def test_reading_of_the_helper() -> None:
    # P(X = 0) for 3 of 10 drawn when 5 have it: C(5,3)/C(10,3) = 1/12, twice.
    assert tail(0, 3, 5, 10) == pytest.approx(1 / 6)
    check: Callable[[int], float] = lambda k: tail(k, 200, 200, 400)  # noqa: E731
    assert check(100) == 1.0
    assert check(130) < RARE < check(110)
