"""Means by era and skill by blocks of origins, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from accord.lenses.precedent.eras import blocked, foretold
from accord.lenses.precedent.rolling import CONTENDERS, Forecasts
from accord.lenses.precedent.scores import FLOOR


def made(mine: float, rival: float) -> Forecasts:
    """Two forecasts at each of twenty origins, one of which ends."""
    origin = np.repeat(np.arange(1980, 2000), 2)
    outcome = np.tile([0, 1], 20)
    p = {
        name: np.tile([1.0 - q, q, 0.0, 0.0, 0.0], (40, 1))
        for name in CONTENDERS
        for q in [mine if name.startswith("model") else rival]
    }
    return Forecasts(origin, np.arange(40), outcome, p)


def test_means_by_era() -> None:
    rows = {(row.era, row.contender): row for row in foretold(made(0.25, 0.5), ((1980, 1985), (1985, 2000)))}
    assert {era for era, _ in rows} == {"1980-1984", "1985-1999", "1980-1999"}
    assert rows["1980-1984", "model"].n == 10
    assert rows["1980-1999", "model"].forecast == pytest.approx(0.25)
    assert rows["1980-1999", "class_only"].seen == pytest.approx(0.5)


def test_the_same_in_every_year_has_no_width() -> None:
    for row in blocked(made(0.5, 0.9), draws=50):
        mine, rival = (1.0 - ((1.0 - 5 * FLOOR) * (1.0 - q) + FLOOR) for q in (0.5, 0.9))
        expected = 1.0 - (mine**2 + (1 - mine) ** 2) / (rival**2 + (1 - rival) ** 2)
        assert row.skill == pytest.approx((expected,) * 3)
        assert row.block == 10


def test_years_that_go_together_widen_it() -> None:
    same = made(0.3, 0.5)
    split = Forecasts(same.origin, same.alliance, (same.origin >= 1990).astype(np.int64), same.forecasts)
    whole, single = (next(iter(blocked(split, 500, block=block))).skill for block in (10, 1))
    assert whole.high - whole.low > single.high - single.low > 0.0
    assert whole.value == single.value
