"""Errors of the median ranks against repeated draws, and the two halves of the worlds by hand."""

from __future__ import annotations

import numpy as np
import pytest

from accord.lenses.endurance import places
from accord.study import judging


def test_errors_of_the_median_ranks_are_those_of_repeated_draws() -> None:
    """Against what chance does: medians of many fresh samples scatter by as much as the error of one sample says."""
    rng, worlds, times = np.random.default_rng(3), 2000, 400
    found, medians = [], []
    for _ in range(times):
        ranks = np.stack([rng.uniform(size=worlds), rng.beta(2.0, 5.0, worlds)])
        found.append(judging._rank_errors(ranks))
        medians.append(np.median(ranks, axis=1))
    scatter = np.std(medians, axis=0, ddof=1)
    assert np.median(found, axis=0) == pytest.approx(scatter, rel=0.12)
    # Of a uniform rank the error is known: 1/(2 f sqrt(n)) with density f of 1.
    assert float(np.median(found, axis=0)[0]) == pytest.approx(0.5 / np.sqrt(worlds), rel=0.1)


def test_errors_of_ranks_fall_with_the_root_of_the_worlds_and_are_not_made_up_for_few() -> None:
    rng = np.random.default_rng(5)
    few, many = (
        np.median([judging._rank_errors(rng.uniform(size=(2, n))) for _ in range(200)], axis=0)
        for n in (400, 6400)
    )
    assert few / many == pytest.approx([4.0, 4.0], rel=0.15)
    assert all(np.isfinite(judging._rank_errors(rng.uniform(size=(2, 50)))))
    for n in (0, 1, 49):
        assert all(np.isnan(judging._rank_errors(rng.uniform(size=(2, n)))))
    assert judging._rank_errors(np.full((2, 100), 0.4)) == pytest.approx((0.0, 0.0), abs=1e-12)
    holed = rng.uniform(size=(2, 400))
    holed[:, 7] = np.nan  # a world without ranks is no rank of its own
    assert all(np.isfinite(judging._rank_errors(holed)))


def test_halves_count_the_worlds_judged_in_each_and_nothing_else() -> None:
    """By hand: eight worlds, the first of which is not judged, and one in the second half has no rank."""
    durable = np.array([0.9, 0.9, 0.1, 0.9, 0.1, 0.1, np.nan, 0.9])
    conditional = np.array([0.1, 0.9, 0.9, 0.8, 0.1, 0.2, 0.3, 0.9])
    good = np.array([False, *[True] * 7])
    first, second = judging._halves(places.Places(durable, conditional), good)
    assert (first.worlds, second.worlds) == (3, 3)
    assert first.shares["alliance_of_interest"] == pytest.approx(2 / 3)
    assert first.shares["marriage_of_convenience"] == pytest.approx(1 / 3)
    assert first.shares["strategic_alliance"] == 0.0, "the world that is not judged"
    assert second.shares["weak_tie"] == pytest.approx(2 / 3)
    assert (first.label, second.label) == ("alliance_of_interest", "weak_tie")
    assert (first.durability, first.conditionality) == (0.9, 0.9)
    assert (second.durability, second.conditionality) == (0.1, 0.2)
    for half in (first, second):
        assert sum(half.shares.values()) == pytest.approx(1.0)
    none, all_ = judging._halves(places.Places(durable, conditional), np.arange(8) >= 4)
    assert (none.worlds, none.label) == (0, "")
    assert np.isnan([none.durability, none.conditionality, *none.shares.values()]).all()
    assert all_.worlds == 3
