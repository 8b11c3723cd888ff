"""The compromise model as an array function."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from accord.lenses.bargaining import compromise

NAN = math.nan
PLACES = arrays(np.float64, (3, 4, 2), elements=st.one_of(st.just(NAN), st.floats(-100, 100)))
CARES = arrays(np.float64, (3, 4, 2), elements=st.one_of(st.just(NAN), st.just(0.0), st.floats(0.01, 1)))
POWERS = arrays(np.float64, (3, 4), elements=st.one_of(st.just(NAN), st.floats(0.01, 100)))


def test_by_hand() -> None:
    # (2*.5*0 + 1*1*10 + 1*.5*4)/(2*.5 + 1 + .5) = 12/2.5
    assert compromise([[0.0], [10.0], [4.0]], [0.5, 1.0, 0.5], [2.0, 1.0, 1.0]) == pytest.approx(
        [4.8], abs=1e-14
    )


def test_dimensions_and_worlds() -> None:
    positions = np.array([[[0.0, 1.0], [1.0, 3.0]], [[2.0, NAN], [4.0, 5.0]]])
    salience = np.array([[[1.0, 0.5], [1.0, 0.5]], [[0.5, 1.0], [1.0, 1.0]]])
    # As many worlds as actors as dimensions: a square may be meant in two ways, and no guess is made.
    with pytest.raises(
        ValueError, match=r"capability of shape \(2, 2\) may be meant as \(actors, dimensions\) or"
    ):
        compromise(positions, salience, [[1.0, 3.0], [2.0, 1.0]])
    found = compromise(positions, salience, np.array([[1.0, 3.0], [2.0, 1.0]])[..., None] * np.ones(2))
    assert found == pytest.approx(np.array([[0.75, 2.5], [3.0, 5.0]]))
    per_dimension = np.array([[[1.0, 1.0], [3.0, 1.0]], [[2.0, 2.0], [1.0, 1.0]]])
    assert compromise(positions, salience, per_dimension)[0] == pytest.approx([0.75, 2.0])


def test_worlds_and_dimensions_may_share_salience_and_capability() -> None:
    stream = np.random.default_rng(2)
    positions, care, power = stream.random((3, 4, 1)), stream.random(4), 1.0 + stream.random(4)
    whole = [np.broadcast_to(v[:, None], positions.shape) for v in (care, power)]
    expected = compromise(positions, *whole)
    for shape in ((4,), (4, 1), (3, 4)):
        each = [np.broadcast_to(v.reshape((4, 1) if shape == (4, 1) else (4,)), shape) for v in (care, power)]
        assert (compromise(positions, *each) == expected).all(), shape
    with pytest.raises(ValueError, match=r"expected \(\[worlds,\] actors\[, dimensions\]\)"):
        compromise(positions, care[:3], power)


def test_who_is_left_out() -> None:
    found = compromise([[1.0], [NAN], [9.0], [9.0]], [[0.5], [1.0], [NAN], [1.0]], [1.0, 1.0, 1.0, NAN])
    assert found == pytest.approx([1.0])


def test_nobody_with_weight() -> None:
    assert np.isnan(compromise([[1.0], [2.0]], [0.0, 0.0], [1.0, 1.0])).all()
    assert np.isnan(compromise([[NAN], [NAN]], [1.0, 1.0], [1.0, 1.0])).all()
    assert np.isnan(compromise(np.empty((0, 2)), np.empty((0, 2)), np.empty(0))).all()


def test_identical_positions_are_the_outcome_to_the_last_bit() -> None:
    assert compromise([[0.1], [0.1], [0.1]], [0.3, 0.7, 0.9], [0.7, 0.11, 13.0])[0] == 0.1


def test_tiny_and_huge_weights() -> None:
    assert compromise([[0.0], [1.0]], [1e-200, 1e-200], [1e-200, 1e-200]) == pytest.approx([0.5])
    assert compromise([[0.0], [1.0]], [1.0, 1.0], [1e308, 1e308]) == pytest.approx([0.5])


@pytest.mark.parametrize(
    ("positions", "salience", "capability", "says"),
    [
        (
            [[1.0]],
            [80.0],
            [1.0],
            "salience must lie between 0 and 1, but 80 is given; percentages are divided by 100",
        ),
        ([[1.0]], [-0.1], [1.0], "negative"),
        ([[1.0]], [0.5], [0.0], "above 0"),
        ([[1.0]], [0.5], [-1.0], "above 0"),
        ([[1.0]], [0.5], [math.inf], "finite"),
        ([[math.inf]], [0.5], [1.0], "finite"),
        ([1.0], [0.5], [1.0], "shape"),
        ([[1.0], [2.0]], [0.5], [1.0, 1.0], "salience of shape"),
        ([[1.0], [2.0]], [0.5, 0.5], [1.0], "capability of shape"),
    ],
)
def test_refuses_what_has_no_meaning(positions, salience, capability, says) -> None:
    with pytest.raises(ValueError, match=says):
        compromise(positions, salience, capability)


@settings(deadline=None)
@given(
    positions=PLACES, salience=CARES, capability=POWERS, scale=st.floats(0.1, 10), shift=st.floats(-50, 50)
)
def test_scales_and_units_do_not_matter(positions, salience, capability, scale, shift) -> None:
    found = compromise(positions, salience, capability)
    np.testing.assert_allclose(
        compromise(scale * positions + shift, salience, capability), scale * found + shift, atol=1e-7
    )
    np.testing.assert_allclose(compromise(positions, salience, 7.0 * capability), found, atol=1e-9)


@settings(deadline=None)
@given(positions=PLACES, salience=CARES, capability=POWERS, order=st.permutations(range(4)))
def test_order_of_actors_does_not_matter(positions, salience, capability, order) -> None:
    found = compromise(positions, salience, capability)
    shuffled = compromise(positions[:, order], salience[:, order], capability[:, order])
    np.testing.assert_allclose(shuffled, found, atol=1e-9)


@settings(deadline=None)
@given(positions=PLACES, salience=CARES, capability=POWERS)
def test_an_actor_twice_weighs_twice(positions, salience, capability) -> None:
    twice = [np.concatenate([x, x[:, :1]], axis=1) for x in (positions, salience, capability)]
    doubled = capability.copy()
    doubled[:, 0] *= 2
    np.testing.assert_allclose(compromise(*twice), compromise(positions, salience, doubled), atol=1e-9)


@settings(deadline=None)
@given(positions=PLACES, salience=CARES, capability=POWERS)
def test_lies_among_the_positions_that_count_and_worlds_stand_alone(positions, salience, capability) -> None:
    found = compromise(positions, salience, capability)
    counts = ~np.isnan(positions + salience + capability[..., None]) & (salience > 0)
    assert (np.isnan(found) == ~counts.any(axis=1)).all()
    low = np.where(counts, positions, np.inf).min(axis=1)
    high = np.where(counts, positions, -np.inf).max(axis=1)
    assert (np.isnan(found) | ((found >= low) & (found <= high))).all()
    for world in range(3):
        alone = compromise(positions[world], salience[world], capability[world])
        np.testing.assert_array_equal(alone, found[world])
