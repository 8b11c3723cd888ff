"""Published codings: as published, and beside situations of their time only."""

from __future__ import annotations

import dataclasses

import numpy as np

import accord
from accord.lenses.alignment import landscape
from accord.lenses.alignment.published import EVERY, SYRIA_IRAQ_2016, beside


def test_the_published_coding_is_as_published() -> None:
    solved = {
        name: landscape(SYRIA_IRAQ_2016.propensity, np.array(s)) for name, s in SYRIA_IRAQ_2016.sizes.items()
    }
    assert solved["as coded"].optimum.energy == -83_200
    assert solved["Syria weak"].optimum.energy == -65_600
    assert all(found.minima_count == 1 for found in solved.values())


def test_a_coding_stands_beside_situations_of_its_time_with_its_actors() -> None:
    one = accord.read("tehran-moscow-2015")
    (found, shared), *rest = beside(one)
    assert found in EVERY
    assert not rest
    assert set(shared.values()) >= {"russia", "iran", "united_states", "islamic_state", "assad_regime"}
    later = dataclasses.replace(one, as_of=type(one.as_of)(2020))
    assert not beside(later)
