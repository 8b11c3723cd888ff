"""Scores, worked out by hand."""

import math

import numpy as np
import pytest

from accord.lenses.precedent.scores import EVENTS, brier, by_cause, calibration, floored, log_score

P = np.array([[0.7, 0.1, 0.2, 0.0, 0.0], [0.5, 0.0, 0.0, 0.25, 0.25]])
OUTCOME = np.array([0, 3])


def test_brier_by_hand() -> None:
    assert brier(P, OUTCOME, "any") == pytest.approx([0.3**2, 0.5**2])
    assert brier(P, OUTCOME, "which") == pytest.approx([0.3**2 + 0.1**2 + 0.2**2, 0.5**2 + 0.75**2 + 0.25**2])
    assert brier(P, OUTCOME, "violated") == pytest.approx([0.04, 0.0])
    assert brier(P, OUTCOME, "replaced") == pytest.approx([0.0, 0.5625])


def test_log_score_by_hand() -> None:
    assert log_score(P, OUTCOME, "any") == pytest.approx([-math.log(0.7), -math.log(0.5)])
    assert log_score(P, OUTCOME, "which") == pytest.approx([-math.log(0.7), -math.log(0.25)])
    assert log_score(P, OUTCOME, "replaced") == pytest.approx([0.0, -math.log(0.25)])


def test_the_floor_keeps_sums() -> None:
    p = floored(P)
    assert p.sum(axis=1) == pytest.approx([1.0, 1.0])
    assert p.min() == pytest.approx(0.001)


def test_skill_by_hand() -> None:
    base = np.array([[0.6, 0.1, 0.1, 0.1, 0.1]] * 2)
    rows = by_cause(("model", P), ("base", base), OUTCOME, np.array([1, 2]), draws=50, seed=0)
    assert [row.event for row in rows] == list(EVENTS)
    any_ = rows[0]
    assert (any_.model, any_.rival, any_.n, any_.happened) == ("model", "base", 2, 1)
    mine = ((1 - (0.995 * 0.7 + 0.001)) ** 2 + (0.995 * 0.5 + 0.001) ** 2) / 2
    other = ((1 - (0.995 * 0.6 + 0.001)) ** 2 + (0.995 * 0.6 + 0.001) ** 2) / 2
    assert any_.brier == pytest.approx(mine)
    assert any_.brier_skill.value == pytest.approx(1 - mine / other)


def test_no_skill_against_oneself() -> None:
    for row in by_cause(("a", P), ("b", P), OUTCOME, np.array([1, 2]), draws=20, seed=0):
        assert row.brier_skill == pytest.approx((0.0, 0.0, 0.0))
        assert row.log_skill == pytest.approx((0.0, 0.0, 0.0))


def test_clusters_widen_the_interval() -> None:
    rng = np.random.default_rng(0)
    outcome = np.repeat((rng.uniform(size=60) < 0.3).astype(np.int64), 20)
    p = np.tile([0.6, 0.4, 0.0, 0.0, 0.0], (1200, 1))
    base = np.tile([0.8, 0.2, 0.0, 0.0, 0.0], (1200, 1))

    def width(cluster):
        """Of the interval of the Brier skill of any ending."""
        skill = by_cause(("a", p), ("b", base), outcome, cluster, draws=400, seed=1)[0].brier_skill
        return skill.high - skill.low

    assert width(np.repeat(np.arange(60), 20)) > 3.0 * width(np.arange(1200))


def test_calibration_by_hand() -> None:
    p = np.array([[0.99, 0.01, 0, 0, 0]] * 4 + [[0.3, 0.7, 0, 0, 0]] * 2)
    first, second = calibration(p, np.array([0, 0, 0, 1, 1, 2]), np.arange(6), draws=200)
    assert (first.low, first.high, first.n, first.forecast) == (0.0, 0.05, 4, pytest.approx(0.01))
    assert first.observed.value == 0.25
    assert (second.n, second.observed.value) == (2, 1.0)
    assert 0.0 <= first.observed.low <= 0.25 <= first.observed.high <= 1.0
