"""Work that is left out changes no number: months that trials share, and months after the theatre's end."""

import numpy as np
import pytest

from accord.lenses.endurance import Intervention, parameters, simulate, weigh
from accord.lenses.endurance.estimators import NOTHING, weigh_each

GIVEN = {"beta": 14.0, "nu": 0.07, "replicates": 3, "seed": 5, "first": 9}
TRIALS = [
    (NOTHING, 90),
    (Intervention(12, remove=True, tempt=True), 72),
    (Intervention(20, exhaust="a"), 60),
    (Intervention(12, remove=("threat",)), 40),
]


@pytest.mark.parametrize("trials", [TRIALS, TRIALS[:1], TRIALS[1:2], TRIALS[::-1], [(NOTHING, 5), TRIALS[1]]])
def test_trials_together_give_what_each_gives_alone(trials: list[tuple[Intervention, int]]) -> None:
    numbers = parameters(worlds=40, seed=1)
    together = weigh_each(numbers, trials, **GIVEN)
    for (trial, months), found in zip(trials, together, strict=True):
        alone = weigh(numbers, trial=trial, months=months, **GIVEN)
        np.testing.assert_array_equal(found.survival, alone.survival)


def test_the_theatre_is_the_same_when_nothing_after_it_is_run() -> None:
    numbers = parameters(worlds=40, seed=2)
    whole, short = (weigh(numbers, months=90, theatre_only=only, **GIVEN) for only in (False, True))
    np.testing.assert_array_equal(whole.survival[:, 0], short.survival[:, 0])
    drawn, cut = (simulate(numbers, months=90, theatre_only=only, **GIVEN) for only in (False, True))
    np.testing.assert_array_equal(drawn.ends[..., :3], cut.ends[..., :3])
    assert (drawn.alive[:, 0] < drawn.alive[:, 1]).any()
    np.testing.assert_array_equal(drawn.alive[:, 0], cut.alive[:, 0])
