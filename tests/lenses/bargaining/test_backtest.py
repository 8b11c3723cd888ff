"""The backtest: known errors of the shared data, hand-made scores, the bootstrap, order and seed."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from accord.lenses.bargaining import ResolvedIssue, backtest, read_deu, settle
from accord.lenses.bargaining.backtest import FORECAST, LABELS, SPREAD, YARDSTICK, groups_of
from accord.lenses.bargaining.forecast import forecast, part_of, shipped
from accord.lenses.bargaining.models import exchange_points, table_of
from accord.lenses.bargaining.scores import Clusters, coverage, nearest_hit, per_issue

DEU = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "deu" / "deu3_development.csv"
QUICK = [
    name for name in LABELS if name not in ("spatial", "readings", "expected_utility_paper", "compromise")
]


def issue(proposal, number, positions, outcome, **more):
    actors = tuple(f"a{k}" for k in range(len(positions)))
    care = more.pop("salience", (0.5,) * len(positions))
    return ResolvedIssue(
        proposal, number, actors, tuple(positions), tuple(care), outcome, rule="QMV", procedure="COD", **more
    )


BY_HAND = [
    issue("p1", "1", (0.0, 50.0, 100.0), 60.0, reference_point=0.0),
    issue("p1", "2", (0.0, 0.0, 90.0), 30.0, salience=(0.2, 0.2, 0.6)),
    issue("p2", "1", (10.0, 20.0, 40.0), 20.0, reference_point=0.0),
]


@pytest.fixture(scope="module")
def deu():
    if not DEU.exists():
        pytest.skip("the shared data is not beside the repository")
    return read_deu(DEU)


def test_known_errors_of_the_development_share(deu) -> None:
    assert (len(deu.issues), sum(deu.left_out.values()), len(deu.gdp)) == (185, 12, 30)
    found = backtest(deu.issues, models=QUICK, bootstrap=400)
    mae = {name: found.score(name).measures["mae"].value for name in found.points}
    assert mae["mean"] == pytest.approx(22.131, abs=5e-4)
    assert mae["salience_mean"] == pytest.approx(22.390, abs=5e-4)
    assert mae["median"] == pytest.approx(28.014, abs=5e-4)
    assert mae["salience_median"] == pytest.approx(28.270, abs=5e-4)
    assert found.score("reference_point").issues == found.score("nash").issues == 117
    # The guard of decision 14: out of sample the shipped point is no worse than the weighted mean.
    assert mae[FORECAST] < mae[YARDSTICK]
    gap = found.score(FORECAST).difference
    assert gap["mae"].high < 0
    assert gap["crps_spread"].high < 0
    for one in found.coverage:
        if one.model == FORECAST:
            assert one.transform.value == pytest.approx(one.share, abs=0.06)


def test_the_shipped_table_was_fitted_to_the_development_share(deu) -> None:
    from accord.lenses.bargaining.fitting import arrays_of, digest_of, fit

    table = shipped()
    assert table.data == digest_of(deu.issues)
    assert set(table.proposals) == {one.proposal for one in deu.issues}
    again = fit(*arrays_of(deu.issues))
    assert dataclasses.astuple(again) == pytest.approx(dataclasses.astuple(table.whole), abs=2e-3)


def test_scores_by_hand() -> None:
    found = backtest(BY_HAND, models=["mean", "median", "nash", "salience_median"], bootstrap=0)
    assert found.points["mean"] == pytest.approx([50, 30, 70 / 3])
    assert found.points["salience_mean"] == pytest.approx([50, 54, 70 / 3])
    assert found.points["median"].tolist() == [50, 0, 20]
    assert found.points["salience_median"].tolist() == [50, 90, 20]
    one = found.score("mean").measures
    assert one["mae"].value == pytest.approx((10 + 0 + 10 / 3) / 3)
    assert one["crps"].value == one["mae"].value
    assert one["rmse"].value == pytest.approx(np.sqrt((100 + 100 / 9) / 3))
    assert [one[f"within_{w}"].value for w in (5, 10, 25)] == pytest.approx([2 / 3, 1, 1])
    assert one["nearest"].value == 1
    assert found.score("mean").difference["mae"].value == pytest.approx(-8)
    assert np.isnan(one["mae"].low)
    # A disagreement at 0: nobody at 0 can gain, so the reference point stands; all above it can.
    assert found.points["nash"][0] == 0
    assert np.isnan(found.points["nash"][1])
    assert 0 < found.points["nash"][2] < 20
    assert any("no answer on 1 of 3 issues" in note for note in found.notes)


def test_nearest_held_position() -> None:
    assert nearest_hit([0, 50, 100], 30, 60) == 1
    assert nearest_hit([0, 50, 100], 20, 60) == 0
    assert nearest_hit([0, 50, 100], 25, 0) == 1
    assert np.isnan(nearest_hit([0, 50], np.nan, 0))


def test_groups_and_scales() -> None:
    rows = [*BY_HAND, dataclasses.replace(BY_HAND[0], proposal="p3", rule="Unan", procedure="")]
    groups = groups_of(rows)
    assert {name: int(some.sum()) for name, some in groups.items()} == {
        "all": 4,
        "procedure COD": 3,
        "procedure unknown": 1,
        "rule majority": 3,
        "rule unanimity": 1,
    }
    moved = [
        dataclasses.replace(
            one,
            positions=tuple(4 + 0.06 * x for x in one.positions),
            outcome=4 + 0.06 * one.outcome,
            reference_point=None if one.reference_point is None else 4 + 0.06 * one.reference_point,
            low=4.0,
            high=10.0,
        )
        for one in rows
    ]
    names = ["mean", "nash", "expected_utility_published", FORECAST]
    plain, other = (backtest(some, models=names, bootstrap=100) for some in (rows, moved))
    for name in plain.points:
        assert other.score(name).measures["mae"].value == pytest.approx(
            plain.score(name).measures["mae"].value, abs=1e-6
        )
        assert other.crps[name] == pytest.approx(plain.crps[name], abs=1e-6, nan_ok=True)


def many(count=60):
    random = np.random.default_rng(1)
    return [
        issue(
            f"q{k // 2}",
            str(k),
            [float(x) for x in random.choice([0, 40, 100], 5)],
            float(random.choice([0, 30, 50, 100])),
            salience=[float(x) for x in random.uniform(0.1, 1, 5)],
        )
        for k in range(count)
    ]


def test_order_and_seed() -> None:
    rows = many()
    names = ["mean", "exchange", "expected_utility_published", SPREAD, FORECAST]
    found = backtest(rows, models=names, bootstrap=100, seed=0)
    turned = [
        dataclasses.replace(
            one, actors=one.actors[::-1], positions=one.positions[::-1], salience=one.salience[::-1]
        )
        for one in rows[::-1]
    ]
    assert backtest(turned, models=names, bootstrap=100, seed=0).record() == found.record()
    other = backtest(rows, models=names, bootstrap=100, seed=1)
    assert other.score("mean").measures["mae"].value == found.score("mean").measures["mae"].value
    assert other.score("mean").measures["mae"].low != found.score("mean").measures["mae"].low


def test_bootstrap_draws_whole_proposals() -> None:
    # Ten proposals of twenty equal issues: the error of the mean is that of ten numbers, not of two hundred.
    names = [f"p{k // 20}" for k in range(200)]
    values = np.repeat(np.random.default_rng(0).normal(size=10), 20)
    one = Clusters(names, 4000, 0).mean(values)
    spread = np.std(values[::20]) / np.sqrt(10)
    assert one.value == pytest.approx(values.mean())
    assert one.high - one.low == pytest.approx(2 * 1.96 * spread, rel=0.1)
    alone = Clusters([str(k) for k in range(200)], 4000, 0).mean(values)
    assert alone.high - alone.low < 0.5 * (one.high - one.low)
    gone = Clusters(names, 100, 0).mean(np.where(np.arange(200) < 100, np.nan, values))
    assert gone.value == pytest.approx(values[100:].mean())
    assert np.isnan(Clusters(names, 100, 0).mean(np.full(200, np.nan)).value)


def test_coverage_of_masses() -> None:
    below, upto = np.array([0.0, 0.4, 0.95]), np.array([0.5, 0.6, 1.0])
    assert coverage(below, upto, 0.8) == pytest.approx([0.8, 1, 0])
    assert coverage(np.array([0.3]), np.array([0.3]), 0.5) == [1]


def test_known_proposals_are_forecast_by_parameters_that_do_not_know_them() -> None:
    known = shipped().proposals[0]
    rows = [dataclasses.replace(BY_HAND[0], proposal=known), BY_HAND[2]]
    found = backtest(rows, models=[FORECAST], bootstrap=0)
    laws = {
        known: forecast(rows[0], parameters=shipped().without[part_of(known)]),
        "p2": forecast(rows[1], parameters=shipped().whole),
    }
    for one, crps in zip(found.issues, found.crps[FORECAST], strict=True):
        assert crps == pytest.approx(float(laws[one.proposal].crps(one.outcome)))
    assert any("1 of 2 issues belong to proposals that it was fitted to" in note for note in found.notes)


def test_the_spread_knows_nothing_of_its_own_part() -> None:
    rows = many()
    found = backtest(rows, models=[SPREAD], bootstrap=0)
    changed = [
        dataclasses.replace(one, outcome=0.0) if one.proposal == rows[0].proposal else one for one in rows
    ]
    other = backtest(changed, models=[SPREAD], bootstrap=0)
    same = [part_of(one.proposal) == part_of(rows[0].proposal) for one in found.issues]
    apart = [one.proposal != rows[0].proposal for one in found.issues]
    both = np.array(same) & np.array(apart)
    assert (other.crps[SPREAD][both] == found.crps[SPREAD][both]).all()
    assert (other.crps[SPREAD][~np.array(same)] != found.crps[SPREAD][~np.array(same)]).any()


def test_capability() -> None:
    power = {"a0": 1.0, "a1": 1.0, "a2": 8.0}
    found = backtest(BY_HAND, models=["compromise", "mean"], capability=power, bootstrap=0)
    assert found.points["compromise"][0] == pytest.approx(85)
    assert found.points["mean"][0] == pytest.approx(50)
    none = backtest(BY_HAND, models=["compromise"], capability={"x": 1.0}, bootstrap=0)
    assert np.isnan(none.points["compromise"]).all()
    equal = backtest(BY_HAND, bootstrap=0, models=["compromise"])
    assert equal.points["compromise"] == pytest.approx(equal.points["salience_mean"])


def test_every_model_answers() -> None:
    found = backtest([*BY_HAND, *many(24)[:6]], bootstrap=100)
    assert set(found.points) == set(LABELS) - {"compromise"}
    for name, points in found.points.items():
        known = points[~np.isnan(points)]
        # Errors on so few others make no distribution.
        assert known.size == 0 if name == SPREAD else known.size > 1, name
        assert ((known >= 0) & (known <= 100)).all(), name


def test_exchange_needs_two_issues() -> None:
    assert np.isnan(exchange_points(BY_HAND[:1])).all()
    assert len(exchange_points(BY_HAND[:2])) == 2


def test_errors_and_tables() -> None:
    assert per_issue(np.array([-3.0, np.nan]), np.zeros(2), np.zeros(2))["within_5"][0] == 1
    gaps = dataclasses.replace(BY_HAND[0], positions=(0.0, None, 100.0))
    assert table_of(gaps).positions.tolist() == [0, 100]


@pytest.mark.parametrize(
    ("rows", "more", "says"),
    [
        ([], {}, "no issues"),
        ([dataclasses.replace(BY_HAND[0], outcome=None)], {}, "no outcome"),
        ([dataclasses.replace(BY_HAND[0], positions=(0.0, None, 1.0))], {}, "only 2 actors"),
        ([BY_HAND[0], BY_HAND[0]], {}, "occurs twice"),
        (BY_HAND, {"models": ["oracle"]}, "no model 'oracle'"),
        (BY_HAND, {"bootstrap": -1}, "100 to 20,000"),
    ],
)
def test_what_cannot_be_judged_is_refused(rows, more, says) -> None:
    with pytest.raises(ValueError, match=says):
        backtest(rows, **more)


def test_names_of_means_are_told_apart() -> None:
    power = {"a0": 3.0, "a1": 1.0, "a2": 1.0}
    names = ["plain_mean", "weighted_mean"]
    found = backtest(BY_HAND, models=names, capability=power, bootstrap=0)
    assert list(found.points) == ["mean", "salience_mean", "compromise"]
    for k, one in enumerate(BY_HAND):
        table = [np.array([row]) for row in (one.positions, one.salience, list(power.values()))]
        settled = [settle(name, *table, high=100.0)[0] for name in ("mean", "weighted_mean")]
        assert settled[0] == settled[1] == pytest.approx(found.points["compromise"][k])
        assert found.points["mean"][k] == pytest.approx(np.mean(one.positions))


@pytest.mark.parametrize("draws", [-1, 1, 99, 20_001, 10**9])
def test_too_few_or_too_many_draws_are_refused(draws: int) -> None:
    with pytest.raises(ValueError, match="expected 100 to 20,000 draws, or 0 for no intervals"):
        backtest(BY_HAND, models=["mean"], bootstrap=draws)


def test_a_text_is_no_list_of_models() -> None:
    with pytest.raises(
        ValueError, match=r"models is the text 'mean'; expected a list of names, such as \['mean'\]"
    ):
        backtest(BY_HAND, models="mean")


def test_a_rule_nobody_knows_is_refused() -> None:
    rows = [*BY_HAND, dataclasses.replace(BY_HAND[0], proposal="p9", rule="Unam")]
    with pytest.raises(ValueError, match="has the voting rule 'Unam'; expected QMV or Unan"):
        backtest(rows, models=["mean"], bootstrap=0)
