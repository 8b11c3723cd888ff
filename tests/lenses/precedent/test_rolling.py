"""Rolling origins: arithmetic by hand, and nothing from after an origin enters its forecasts."""

import dataclasses

import numpy as np
import pytest
from spell_samples import made_up_spells

from accord.lenses.precedent.rolling import (
    CONTENDERS,
    base_hazards,
    base_incidence,
    fit_until,
    incidence,
    outcomes,
    recent_factors,
    rolling_forecasts,
    scored,
)
from accord.lenses.precedent.spells import COVARIATES, MOVING

ORIGINS = (1950, 1960, 1970, 1985)


@pytest.fixture(scope="module")
def told():
    return made_up_spells()


@pytest.fixture(scope="module")
def found(told):
    return rolling_forecasts(told, ORIGINS, (5, 10))


def test_probabilities_and_origins(found) -> None:
    assert set(found[5].origin) == set(ORIGINS)
    assert set(found[10].origin) == set(ORIGINS[:3])  # 1995 is after the data
    for made in found.values():
        for name in CONTENDERS:
            p = made.forecasts[name]
            assert p.sum(axis=1) == pytest.approx(np.ones(len(p)))
            assert (p >= 0.0).all()


def test_only_alliances_in_force_are_forecast(told, found) -> None:
    made = found[5]
    for origin in ORIGINS:
        those = set(made.alliance[made.origin == origin].tolist())
        begun = {n for n, y, a in zip(told.alliance, told.year, told.age, strict=True) if y - a <= origin}
        over = {
            n for n, y, c in zip(told.alliance, told.year, told.cause, strict=True) if c > 0 and y <= origin
        }
        assert those == begun - over


def test_the_future_changes_nothing(told, found) -> None:
    origin = 1970
    late = told.year > origin + 1
    rng = np.random.default_rng(5)
    changed = dataclasses.replace(
        told,
        covariates=np.where(late[:, None], rng.uniform(size=told.covariates.shape), told.covariates),
        cause=np.where((told.year > origin) & (told.cause >= 0), rng.integers(0, 5, len(told)), told.cause),
    )
    again = rolling_forecasts(changed, (1950, 1960, 1970), (5,))[5]
    before = found[5].origin <= origin
    for name in CONTENDERS:
        assert (again.forecasts[name] == found[5].forecasts[name][before]).all()
    assert (again.outcome != found[5].outcome[before]).any()


def test_the_past_changes_something(told, found) -> None:
    changed = dataclasses.replace(told, cause=np.where(told.year == 1949, 0, told.cause))
    again = rolling_forecasts(changed, (1950,), (5,))[5]
    assert (again.forecasts["model"] != found[5].forecasts["model"][: len(again.origin)]).any()


def test_incidence_by_hand(told) -> None:
    model = fit_until(told, 1990)
    row = told.take(np.arange(len(told)) == 3)
    covariates = row.covariates.copy()
    first = model.probabilities(covariates)[0]
    covariates[:, 0] = np.log1p(row.age + 1)
    second = model.probabilities(covariates)[0]
    two = incidence(model, row, 2)[0]
    assert two[1:] == pytest.approx(first + (1 - first.sum()) * second)
    assert two[0] == pytest.approx((1 - first.sum()) * (1 - second.sum()))
    assert (row.covariates[:, MOVING:] == covariates[:, MOVING:]).all()


def test_base_rate_by_hand(told) -> None:
    known = told.take((told.cause >= 0) & (told.year <= 1990))
    plain = base_hazards(known, False)
    mine = known.type == 2
    assert plain[2, 0, 1] == pytest.approx((known.cause[mine] == 2).sum() / mine.sum())
    by_age = base_hazards(known, True)
    young = mine & (known.age == 1)
    assert young.sum() >= 10
    assert by_age[2, 1, 1] == pytest.approx((known.cause[young] == 2).sum() / young.sum())
    row = told.take(np.flatnonzero(mine)[:1] == np.arange(len(told)))
    p = plain[2, 0]
    assert base_incidence(plain, row, 2)[0, 1:] == pytest.approx(p * (2 - p.sum()))


def test_recent_factors_by_hand() -> None:
    p = np.tile([0.1, 0.2, 0.0, 0.0], (100, 1))
    cause = np.array([1] * 20 + [0] * 80)
    assert recent_factors(p, cause) == pytest.approx([25 / 15, 5 / 25, 1.0, 1.0])


def test_outcomes_count_until_the_horizon(told) -> None:
    now = told.take((told.year == 1961) & (told.age >= 1))
    five, ten = outcomes(told, now, 1965), outcomes(told, now, 1970)
    assert ((five == ten) | (five == 0)).all()
    assert (ten > 0).sum() > (five > 0).sum()


def test_the_order_of_alliances_does_not_matter(told, found) -> None:
    order = np.random.default_rng(2).permutation(len(told))
    turned = dataclasses.replace(
        told, **{f.name: getattr(told, f.name)[order] for f in dataclasses.fields(told)}
    )
    again = rolling_forecasts(turned, (1960,), (5,))[5]
    mine = found[5].origin == 1960
    first = dict(
        zip(found[5].alliance[mine].tolist(), found[5].forecasts["model"][mine].tolist(), strict=True)
    )
    for number, p in zip(again.alliance.tolist(), again.forecasts["model"].tolist(), strict=True):
        assert p == pytest.approx(first[number], abs=1e-9)


def test_a_signal_is_found_and_its_absence_too(told, found) -> None:
    # With frozen covariates only the first year of a forecast can gain from a signal that is new every year.
    one = rolling_forecasts(told, range(1950, 1985), (1,))
    skill = next(row for row in scored(one, 200)[1] if (row.event, row.rival) == ("violated", "class_only"))
    assert skill.brier_skill.low > 0.05
    rng = np.random.default_rng(7)
    noise = dataclasses.replace(told, covariates=told.covariates.copy())
    noise.covariates[:, MOVING:] = rng.uniform(size=(len(told), len(COVARIATES) - MOVING))
    nil = rolling_forecasts(noise, range(1950, 1985), (1,))
    skill = next(row for row in scored(nil, 200)[1] if (row.event, row.rival) == ("violated", "class_only"))
    assert skill.brier_skill.value < 0.02


def test_scores_are_the_same_twice(found) -> None:
    assert scored(found, 50) == scored(found, 50)
