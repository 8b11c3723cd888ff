"""The quick kernels give what the general ones give."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from accord.lenses.bargaining import Reading
from accord.lenses.bargaining.expected_utility import CHOICES, READINGS, _rules
from accord.lenses.bargaining.kernels import duels
from accord.lenses.bargaining.kernels import expected_utility as general

SEVERAL = list(
    itertools.product(
        ("adversary", "own"),
        (True, False),
        ("initial", "current"),
        ("lower_moves", "none"),
        (True, False),
        CHOICES["choice"],
    )
)


def played(kernel: Any, reading: Reading, game: tuple[Any, Any, Any], rounds: int) -> list[Any]:
    """Positions, exponents, means and medians by one of the kernels."""
    place, care, weight = game
    worlds, n = place.shape
    course = np.empty((worlds, rounds + 1, n))
    course[:, 0] = place
    found = [
        course,
        np.empty((worlds, rounds, n)),
        np.empty((worlds, rounds + 1)),
        np.empty((worlds, rounds + 1)),
    ]
    rules = _rules(reading, place)
    kernel.play(found[0], care, weight, rules, *found[1:])
    return found


def drawn(luck: np.random.Generator, ties: bool) -> tuple[Any, Any, Any]:
    """Small games; with ties, of few distinct numbers."""
    shape = 40, int(luck.integers(1, 9))
    if not ties:
        return luck.uniform(0, 100, shape), luck.uniform(0, 1, shape), luck.uniform(0.01, 1, shape)
    care = luck.choice([0, 0.25, 0.5, 1], shape)
    return luck.integers(0, 5, shape).astype(float), care, care * luck.choice([0.5, 1], shape)


@pytest.mark.parametrize("ties", [False, True])
def test_all_readings_agree_with_the_general_kernels(ties: bool) -> None:
    luck = np.random.default_rng(3)
    # Where numbers tie, rounding is soon magnified beyond every tolerance when the range shrinks with the positions.
    rounds = 3 if ties else 8
    for security, risk, width, conflict, capitulation, choice in SEVERAL:
        reading = Reading(
            security=security,
            risk=risk,
            range=width,
            conflict=conflict,
            capitulation=capitulation,
            choice=choice,
            tie_p=0.3,
        )
        assert duels.covers(_rules(reading, np.zeros((1, 2))))
        game = drawn(luck, ties)
        for quick, slow in zip(
            played(duels, reading, game, rounds), played(general, reading, game, rounds), strict=True
        ):
            np.testing.assert_allclose(quick, slow, rtol=0, atol=1e-7)


def test_results_agree_to_twelve_digits() -> None:
    luck = np.random.default_rng(4)
    for n in (2, 3, 12, 30):
        game = luck.uniform(0, 1, (20, n)), luck.uniform(0.1, 1, (20, n)), luck.uniform(0.01, 1, (20, n))
        quick, slow = (played(kernel, READINGS["paper"], game, 4) for kernel in (duels, general))
        for one in (0, 2, 3):
            np.testing.assert_allclose(quick[one], slow[one], rtol=0, atol=1e-12)


def test_once_nobody_moves_nobody_ever_will() -> None:
    place, care, weight = (
        np.array([[0.0, 1.0, 1.0]]),
        np.array([[0.2, 1.0, 1.0]]),
        np.array([[0.1, 1.0, 1.0]]),
    )
    found = played(duels, READINGS["paper"], (place, care, weight), 9)
    slow = played(general, READINGS["paper"], (place, care, weight), 9)
    assert np.ptp(found[0][0, -3:], axis=0).max() == 0
    for one, two in zip(found, slow, strict=True):
        np.testing.assert_allclose(one, two, atol=1e-12)


@pytest.mark.parametrize(
    "option", [{"q": 0.5}, {"vote_risk": True}, {"counterpart": "focal"}, {"probability": "global"}]
)
def test_what_they_do_not_cover(option: dict[str, Any]) -> None:
    assert not duels.covers(_rules(Reading(**option), np.zeros((1, 2))))
