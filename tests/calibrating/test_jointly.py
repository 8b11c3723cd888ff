"""Rates fitted to several facts at once: found again, and their misfits told."""

import math

import pytest

from accord.calibrating import Target, fit_jointly
from accord.calibrating.jointly import LOW, facts, misfit_of
from accord.lenses.endurance.population import population


@pytest.fixture(scope="module")
def people():
    return population(size=150)


def test_a_rate_is_found_again(people) -> None:
    true = facts(people, 1, 14.0, 0.03, 4)
    targets = [Target(name, true[name], 0.02) for name in true if name.startswith("survival")]
    (found,) = fit_jointly(people, 1, targets, betas=(14.0,), replicates=4)
    assert found.nu == pytest.approx(0.03, rel=0.15)
    assert found.total < 0.5
    assert not found.at_limit
    assert set(found.misfit) == {target.name for target in targets}


def test_shares_count_only_where_they_are_asked_for(people) -> None:
    targets = [Target("survival 5", 0.4, 0.05), Target("share fulfilled", 0.6, 0.05)]
    (alone,) = fit_jointly(people, 0, targets, betas=(14.0,), shares=False, replicates=4)
    (both,) = fit_jointly(people, 0, targets, betas=(14.0,), replicates=4)
    assert alone.on == ("survival 5",)
    assert alone.total == pytest.approx(alone.misfit["survival 5"] ** 2)
    assert both.total == pytest.approx(sum(value**2 for value in both.misfit.values()))
    assert (
        abs(both.misfit["share fulfilled"]) > 3.0
    )  # the model's causes are not the data's, and that is told
    assert alone.total <= both.misfit["survival 5"] ** 2 + 1e-9


def test_an_answer_at_the_limit_is_told(people) -> None:
    (found,) = fit_jointly(people, 1, [Target("survival 10", 1.0, 0.001)], betas=(14.0,), replicates=2)
    assert found.at_limit
    assert found.nu == pytest.approx(LOW, rel=0.05)


def test_a_share_of_nothing_misses_by_all_of_it() -> None:
    assert misfit_of(Target("share chosen", 0.5, 0.1), {"share chosen": math.nan}) == pytest.approx(-5.0)
    with pytest.raises(ValueError, match="sampling error above 0"):
        fit_jointly(None, 0, [Target("survival 1", 0.5, 0.0)])  # type: ignore[arg-type]
