"""Runs that are made four at a time: what one gives depends neither on its neighbours nor on how many there are."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the reference's modules are beside the tests

import itertools

from reference_cases import Case, case_of

from accord.lenses.endurance import Runs, parameters, simulate, weigh
from accord.lenses.endurance.estimators import NOTHING
from accord.lenses.endurance.kernels.luck import SPAN

MONTHS = 3 * SPAN - 5


def drawn(case: Case, replicates: int, tracks: bool = False) -> Runs:
    """Drawn paths of a random case."""
    return simulate(
        case.numbers,
        beta=case.beta,
        nu=max(case.nu, 0.2),
        months=MONTHS,
        replicates=replicates,
        trial=case.intervention,
        tracks=tracks,
    )


@pytest.mark.parametrize("seed", range(12))
def test_a_run_ends_alike_whoever_runs_beside_it(seed: int) -> None:
    case = case_of(seed, seed % 2 == 1)
    many = drawn(case, 11).ends
    for count in (1, 2, 3, 4, 5, 8, 10):
        np.testing.assert_array_equal(drawn(case, count).ends, many[:, :count])


@pytest.mark.parametrize("seed", range(8))
def test_sums_over_runs_are_sums_of_runs(seed: int) -> None:
    case = case_of(seed, False)
    made = [drawn(case, count, tracks=True) for count in range(1, 8)]
    for one, more in itertools.pairwise(made):
        lived = more.alive - one.alive
        assert ((lived == 0.0) | (lived == 1.0)).all()
        ended = more.ends[:, -1, 3]
        months = np.arange(MONTHS + 1)
        cause = more.ends[:, -1, 4]
        np.testing.assert_array_equal(lived[:, 1], (months < ended[:, None]) | (cause[:, None] == 0))
        tracked = more.tracks - one.tracks
        assert (tracked[lived[:, 1] == 0.0] == 0.0).all()


@pytest.mark.parametrize("seed", range(8))
def test_weights_of_runs_add_up_one_by_one(seed: int) -> None:
    case = case_of(seed, seed % 2 == 0)
    given = {"beta": case.beta, "nu": 0.2, "months": MONTHS, "trial": case.intervention or NOTHING}
    totals = [weigh(case.numbers, replicates=count, **given).survival * count for count in range(1, 10)]
    for one, more in itertools.pairwise(totals):
        added = more - one
        assert (added >= -1e-12).all()
        assert (added <= 1.0 + 1e-12).all()
        # A weight never rises, and a theatre is never alive where its partnership is not.
        assert (np.diff(added, axis=-1) <= 1e-12).all()
        assert (added[:, 0] <= added[:, 1] + 1e-12).all()


def test_months_drawn_ahead_are_the_same_however_far_a_run_goes() -> None:
    numbers = parameters(worlds=30, seed=4)
    given = {"beta": 14.0, "nu": 0.1, "replicates": 6}
    longest = simulate(numbers, months=4 * SPAN, **given)
    for months in (1, SPAN - 1, SPAN, SPAN + 1, 2 * SPAN):
        short = simulate(numbers, months=months, **given)
        np.testing.assert_array_equal(short.alive, longest.alive[:, :, : months + 1])


def test_every_block_of_months_has_luck_of_its_own() -> None:
    """Who came through the luck of one block comes through it again: with the same numbers twice hardly any run would end."""
    numbers = parameters(worlds=400, seed=4)
    made = simulate(numbers, beta=14.0, nu=0.1, months=4 * SPAN - 1, replicates=4).ends
    ended = made[:, :, 3][made[:, :, 4] > 0].astype(np.int64)
    count = np.bincount(ended // SPAN, minlength=4)
    assert (count[1:] < 0.7 * count[:-1]).all(), "fewer in each, as fewer are left"
    assert (count[1:] > 0.2 * count[:-1]).all()
