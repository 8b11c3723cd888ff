"""Fault lines: activation, strength, ranks, and when an issue opens."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.lenses.interests.fault_lines import activation, fault_line, latent, opens_at, ranks


def test_activation_by_hand() -> None:
    loading = np.array([[0.0, 0.5, 1.0], [0.2, np.nan, 1.0]])
    active = activation(loading, np.array([0.4, 0.0]))
    assert active == pytest.approx(np.array([[1.0, 0.7, 0.4], [0.8, np.nan, 0.0]]), nan_ok=True)


def test_strength_by_hand_at_both_horizons() -> None:
    apart, care = np.array([[[0.5, 0.8]]]), np.array([[[0.6, 1.0]]])
    assert fault_line(apart, care, np.array([[1.0, 0.25]]))[0, 0] == pytest.approx([0.3, 0.2])
    assert fault_line(apart, care, 1.0)[0, 0] == pytest.approx([0.3, 0.8])


def test_ranks_share_places_and_skip_the_unknown() -> None:
    strength = np.array([[0.2, 0.9, 0.2 + 1e-15, np.nan, 0.1], [0.0, 0.0, 0.0, 0.0, 0.0]])
    assert ranks(strength) == pytest.approx(np.array([[2, 1, 2, np.nan, 4], [1] * 5]), nan_ok=True)


def test_latent_means_a_better_rank_at_the_end_state() -> None:
    now, end = np.array([[2.0, 1.0, 3.0, np.nan]]), np.array([[1.0, 2.0, 3.0, 1.0]])
    assert latent(now, end) == pytest.approx(np.array([[1, 0, 0, np.nan]]), nan_ok=True)


def test_where_an_issue_opens_by_hand() -> None:
    found = opens_at(np.array([0.0, 0.5, 0.8, 1.0, np.nan]))
    assert found == pytest.approx([0.0, 0.0, 1 - 1 / 1.6, 0.5, np.nan], nan_ok=True)


@settings(deadline=None)
@given(loading=st.floats(0.5000001, 1.0))
def test_there_it_bites_half(loading: float) -> None:
    point = opens_at(np.array([[loading]]))
    assert activation(np.array([[loading]]), point[0])[0, 0] == pytest.approx(0.5, abs=1e-9)


@settings(deadline=None)
@given(loading=st.floats(0, 0.5), progress=st.floats(0, 1))
def test_open_from_the_start_bites_at_least_half(loading: float, progress: float) -> None:
    assert activation(np.array([[loading]]), np.array([progress]))[0, 0] >= 0.5 - 1e-12
    assert opens_at(np.array([loading]))[0] == 0.0


@settings(deadline=None)
@given(loading=st.floats(0, 1), progress=st.floats(0, 1))
def test_a_fault_line_only_deepens_towards_the_end_state(loading: float, progress: float) -> None:
    one = np.ones((1, 1, 1))
    now = fault_line(one, one, activation(np.array([[loading]]), np.array([progress])))
    assert now[0, 0, 0] <= fault_line(one, one, 1.0)[0, 0, 0] + 1e-12


def test_unknown_stays_unknown() -> None:
    assert math.isnan(fault_line(np.array([[[np.nan]]]), np.ones((1, 1, 1)), 1.0)[0, 0, 0])
    assert math.isnan(fault_line(np.ones((1, 1, 1)), np.ones((1, 1, 1)), np.array([[np.nan]]))[0, 0, 0])
