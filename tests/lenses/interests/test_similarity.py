"""Similarity and agreement beyond chance: arithmetic by hand, definitions, invariances."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from accord.lenses.interests.similarity import (
    all_pairs,
    chance_corrected,
    chance_distance,
    distances,
    expected_distance,
    mean_distance,
    pair_salience,
    similarity,
)

PAIRS = all_pairs(range(3))
SHARES = arrays(
    np.float64, (2, 3, 4), elements=st.one_of(st.sampled_from([0.0, 0.5, 1.0, np.nan]), st.floats(0, 1))
)


def scores(position, salience, active=1.0):
    """S and pi of every pair in every world."""
    apart, care = distances(position, PAIRS), pair_salience(salience, PAIRS)
    weight = care * active
    observed = mean_distance(apart, weight)
    return similarity(observed), chance_corrected(
        observed, chance_distance(apart, weight, expected_distance(apart))
    )


def test_three_actors_on_three_issues_by_hand() -> None:
    # actors a, b, c; issues x, y, z
    position = np.array([[[0.0, 0.5, 1.0], [0.2, 0.5, 0.0], [1.0, 1.0, 0.4]]])
    salience = np.array([[[1.0, 0.5, 0.5], [0.5, 0.5, 1.0], [0.2, 0.8, 0.6]]])
    # distances            x    y    z      mean salience    sum
    # ab                  0.2  0.0  1.0     .75  .50  .75    2.0
    # ac                  1.0  0.5  0.6     .60  .65  .55    1.8
    # bc                  0.8  0.5  0.4     .35  .65  .80    1.8
    # mean over pairs     2/3  1/3  2/3
    # ab: (.75*.2 + .5*0 + .75*1)/2     = .9/2,      chance (.75*2/3 + .5/3 + .75*2/3)/2     = (7/6)/2
    # ac: (.6*1 + .65*.5 + .55*.6)/1.8  = 1.255/1.8, chance (.6*2/3 + .65/3 + .55*2/3)/1.8   = (59/60)/1.8
    # bc: (.35*.8 + .65*.5 + .8*.4)/1.8 = .925/1.8,  chance (.35*2/3 + .65/3 + .8*2/3)/1.8   = (59/60)/1.8
    alike, beyond = scores(position, salience)
    assert alike[0] == pytest.approx([1 - 2 * 0.9 / 2, 1 - 2 * 1.255 / 1.8, 1 - 2 * 0.925 / 1.8], abs=1e-14)
    assert beyond[0] == pytest.approx(
        [1 - 0.9 / (7 / 6), 1 - 1.255 / (59 / 60), 1 - 0.925 / (59 / 60)], abs=1e-14
    )


def test_weights_of_today_by_hand() -> None:
    position = np.array([[[0.0, 0.5, 1.0], [0.2, 0.5, 0.0], [1.0, 1.0, 0.4]]])
    salience = np.array([[[1.0, 0.5, 0.5], [0.5, 0.5, 1.0], [0.2, 0.8, 0.6]]])
    # activation 1, .7, .4 turns the weights of ab into .75, .35, .30 (sum 1.4):
    # (.75*.2 + .35*0 + .30*1)/1.4 = .45/1.4; chance (.75*2/3 + .35/3 + .3*2/3)/1.4 = (49/60)/1.4
    alike, beyond = scores(position, salience, np.array([1.0, 0.7, 0.4]))
    assert alike[0, 0] == pytest.approx(1 - 2 * 0.45 / 1.4, abs=1e-14)
    assert beyond[0, 0] == pytest.approx(1 - 0.45 / (49 / 60), abs=1e-14)


def test_identical_actors_agree_fully() -> None:
    position = np.array([[[0.3, 0.8], [0.3, 0.8], [1.0, 0.0]]])
    alike, beyond = scores(position, np.full((1, 3, 2), 0.4))
    assert alike[0, 0] == 1.0
    assert beyond[0, 0] == 1.0


def test_nobody_disagrees_at_all() -> None:
    alike, beyond = scores(np.full((1, 3, 2), 0.3), np.full((1, 3, 2), 0.4))
    assert alike[0].tolist() == [1, 1, 1]
    assert beyond[0].tolist() == [1, 1, 1], (
        "no disagreement, expected or observed: full agreement by convention"
    )


def test_disagreement_where_none_is_expected_is_undefined() -> None:
    assert math.isnan(chance_corrected(np.array(0.2), np.array(0.0)))
    assert math.isnan(chance_corrected(np.array(0.2), np.array(1e-15))), "rounding is not an expectation"
    assert chance_corrected(np.array(0.0), np.array(0.0)) == 1.0


def test_opposite_poles() -> None:
    alike, beyond = scores(np.array([[[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]]]), np.full((1, 3, 2), 0.7))
    assert alike[0, 0] == -1.0
    assert beyond[0, 0] == pytest.approx(1 - 1 / (2 / 3))


def test_average_disagreement_is_no_agreement_beyond_chance() -> None:
    alike, beyond = scores(np.array([[[0.0], [0.5], [1.0]]]), np.ones((1, 3, 1)))
    # distances .5, 1, .5: their mean is 2/3
    assert beyond[0] == pytest.approx([1 - 0.75, 1 - 1.5, 1 - 0.75])
    assert alike[0] == pytest.approx([0, -1, 0])


def test_a_missing_stance_is_left_out_and_not_zero() -> None:
    nan = np.nan
    position = np.array([[[0.0, 1.0], [0.5, nan], [nan, 0.0]]])
    alike, beyond = scores(position, np.ones((1, 3, 2)))
    assert alike[0, 0] == 0.0, "a and b share the first issue only"
    assert alike[0, 1] == -1.0, "a and c share the second issue only"
    assert math.isnan(alike[0, 2]), "b and c share none"
    assert math.isnan(beyond[0, 2])
    assert beyond[0, 0] == 0.0, "expected over the shared issue only: .5, the distance of a and b themselves"


def test_a_missing_salience_leaves_the_issue_out() -> None:
    salience = np.ones((1, 3, 2))
    salience[0, 0, 1] = np.nan
    alike, _ = scores(np.array([[[0.0, 1.0], [0.0, 0.0], [1.0, 1.0]]]), salience)
    assert alike[0].tolist() == [1.0, -1.0, -1.0]


def test_nobody_cares_so_there_is_nothing_to_weigh() -> None:
    alike, beyond = scores(np.array([[[0.0], [0.5], [1.0]]]), np.zeros((1, 3, 1)))
    assert np.isnan(alike).all()
    assert np.isnan(beyond).all()


@settings(deadline=None)
@given(position=SHARES, salience=SHARES, turned=st.lists(st.booleans(), min_size=4, max_size=4))
def test_turning_scales_changes_nothing(position, salience, turned) -> None:
    other = np.where(np.array(turned), 1.0 - position, position)
    for one, two in zip(scores(position, salience), scores(other, salience), strict=True):
        np.testing.assert_allclose(one, two, atol=1e-7)


@settings(deadline=None)
@given(position=SHARES, salience=SHARES, order=st.permutations(range(3)), issues=st.permutations(range(4)))
def test_names_and_order_change_nothing(position, salience, order, issues) -> None:
    position[np.abs(position) < 1e-9] = 0.0
    one = scores(position, salience)
    two = scores(position[:, order][:, :, issues], salience[:, order][:, :, issues])
    for new, (i, j) in enumerate(PAIRS):
        old = PAIRS.index(tuple(sorted((order[i], order[j]))))
        for a, b in zip(one, two, strict=True):
            np.testing.assert_allclose(a[:, old], b[:, new], atol=1e-7)


@settings(deadline=None)
@given(position=SHARES, salience=SHARES)
def test_ranges(position, salience) -> None:
    alike, beyond = scores(position, salience)
    known = ~np.isnan(alike)
    assert (np.abs(alike[known]) <= 1 + 1e-12).all()
    assert (beyond[~np.isnan(beyond)] <= 1).all()
    assert (np.isnan(beyond) | known).all()


@settings(deadline=None)
@given(position=SHARES, salience=SHARES, factor=st.floats(0.01, 1))
def test_only_relative_salience_counts(position, salience, factor) -> None:
    alike, _ = scores(position, salience)
    scaled, _ = scores(position, salience * factor)
    np.testing.assert_allclose(alike[:, :], scaled, atol=1e-7)
