"""What the lens says of a situation beside the forecasts: models, readings, gains, landscape, turns, and why."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from accord.finding import Finding, Spread
from accord.lenses import bargaining
from accord.lenses.bargaining import LENS, Bargaining
from accord.lenses.bargaining.settling import TURNS
from accord.lenses.bargaining.tally import explains
from accord.situation import Estimate, Frozen, Issue, Scale, Situation, Stance, estimates
from accord.testing import draw
from accord.testing.cases import case_situation, conclude

CASE: dict[str, Any] = {
    "name": "a pact",
    "issues": {"fate": {"low": 0, "high": 100}, "war": {}, "quiet": {}, "alone": {}},
    "actors": {
        "iran": {"stances": {"fate": [90, 0.9, 1], "war": [0.1, 0.5, 1]}},
        "russia": {"stances": {"fate": [70, 0.5, 2], "war": [0.6, 0.4, 1], "alone": [0.4, 0.5, 1]}},
        "west": {"stances": {"fate": [20, 0.8, 1.5], "war": [0.9, 0.2, 1], "quiet": [1, 0.5, 0]}},
        "mute": {"stances": {"fate": [20, None, 1]}},
    },
    "patrons": ["iran", "russia"],
}


def with_references(situation: Situation, **points: float) -> Situation:
    """The situation with reference points."""
    issues = {
        name: replace(issue, reference_point=points.get(name)) for name, issue in situation.issues.items()
    }
    return replace(situation, issues=Frozen(issues))


def loose(situation: Situation, issue: str, actor: str, low: float, high: float) -> Situation:
    """The situation with an uncertain position."""
    stance = situation.stances[issue][actor]
    best = stance.position.best if stance.position is not None else None
    made = replace(stance, position=Estimate(best, low=low, high=high))
    held = {**situation.stances[issue], actor: made}
    return replace(situation, stances=Frozen({**situation.stances, issue: Frozen(held)}))


def found_in(situation: Situation, worlds: int = 40, lens: Bargaining = LENS) -> Finding:
    """What the lens finds with uncertain numbers."""
    best, over = draw(estimates(situation), worlds, 0)
    return lens.conclude(situation, lens.compute(situation, best), lens.compute(situation, over))


@pytest.fixture(scope="module")
def situation() -> Situation:
    """The case above with a reference point on one issue and uncertain positions."""
    made = with_references(case_situation(CASE), fate=10.0)
    return loose(loose(made, "fate", "west", 5, 40), "war", "iran", 0, 0.3)


@pytest.fixture(scope="module")
def finding(situation: Situation) -> Finding:
    """What the lens finds there."""
    return found_in(situation)


def test_tables_stand_in_order_and_on_issues_that_can_be_bargained_about(finding: Finding) -> None:
    assert [(t.name, t.kind) for t in finding.tables] == [
        ("forecasts", "intervals"),
        ("models", "groups"),
        ("readings", "strips"),
        ("gains", "quadrants"),
        ("gains_of_all", "matrix"),
        ("why", "plain"),
        ("forecast.alone", "scale"),
        ("landscape.alone", "landscape"),
        ("forecast.fate", "scale"),
        ("landscape.fate", "landscape"),
        ("turns.fate", "curves"),
        ("forecast.war", "scale"),
        ("landscape.war", "landscape"),
        ("turns.war", "curves"),
    ]


def test_wherever_a_model_is_shown_the_default_is_named(finding: Finding) -> None:
    for name in ("models", "readings", "why", "turns.fate"):
        assert "weighted mean stays the default forecast" in finding.table(name).note
    assert any("weighted mean stays the default forecast" in note for note in finding.notes)
    assert "not a better forecast" in finding.says[-1]


def test_models_say_what_the_array_functions_say(situation: Situation, finding: Finding) -> None:
    rows = {(row[0], row[1]): row for row in finding.table("models").rows}
    place, care, power = [90.0, 70.0, 20.0], [0.9, 0.5, 0.8], [1.0, 2.0, 1.5]
    weight = np.multiply(care, power)
    own = {label: rows["Fate", label][3] for _, label in rows if ("Fate", label) in rows}
    run = bargaining.expected_utility(place, care, power, reading="published", rounds=10)
    last = bargaining.spatial(np.array(place)[:, None], care, power).final[:, 0]
    wanted = {
        "Weighted mean": np.average(place, weights=weight),
        "Weighted median": 70.0,
        "Expected utility, published": run.median[-1],
        "Spatial model": np.average(last, weights=weight),
    }
    for label, value in wanted.items():
        cell = own[label]
        assert isinstance(cell, Spread)
        assert cell.best == pytest.approx(value), label
        assert cell.worlds == 40
    share = rows["Fate", "Spatial model"][2]
    assert isinstance(share, Spread)
    assert share.best == pytest.approx(wanted["Spatial model"] / 100)


def test_what_did_not_run_is_counted_with_its_reason(finding: Finding) -> None:
    gaps = {(row[0], row[1]): row[4] for row in finding.table("models").rows}
    assert gaps["War", "Nash, all equal"] == "in 40 of 40 worlds: the file names no reference point"
    assert gaps["Fate", "Weighted mean"] == ""
    barred = re.fullmatch(
        r"in (\d+) of 40 worlds: somebody would lose by any agreement", str(gaps["Fate", "Nash, all equal"])
    )
    assert barred is not None, "the west may lie below the reference point or not"
    share = finding.measure("nash_feasible.fate").spread
    assert share.best == pytest.approx(1 - int(barred[1]) / 40)
    assert 0 < share.best < 1
    notes = " ".join(finding.notes)
    assert f"On Fate somebody would lose by any agreement in {barred[1]} of 40 worlds" in notes
    assert "On Alone fewer than two actors count in 40 of 40 worlds" in notes
    assert "all issues at once: only" in finding.table("models").note.lower()


def test_measures_of_models_readings_and_gains(situation: Situation, finding: Finding) -> None:
    names = {measure.name for measure in finding.measures}
    assert {"median.fate", "disagreement.fate", "readings.fate", "nash_feasible.fate"} <= names
    assert {"gain.fate.iran", "gain.war.russia", "package.iran", "package.russia"} <= names
    assert not names & {"disagreement.alone", "nash_feasible.war", "gain.fate.west", "gain.alone.iran"}
    middle = finding.measure("forecast.fate").spread.best
    assert finding.measure("gain.fate.iran").spread.best == pytest.approx(0.9 * (80 - abs(middle - 90)) / 100)
    every = bargaining.readings.ensemble([0.9, 0.7, 0.2], [0.9, 0.5, 0.8], [1.0, 2.0, 1.5], rounds=10)
    assert finding.measure("readings.fate").spread.best == pytest.approx(every.high - every.low)


def test_readings_name_the_two_and_what_explains_the_spread(finding: Finding) -> None:
    table = finding.table("readings")
    row = next(row for row in table.rows if row[0] == "Fate")
    every = bargaining.readings.ensemble([0.9, 0.7, 0.2], [0.9, 0.5, 0.8], [1.0, 2.0, 1.5], rounds=10)
    cells = {column.name: cell for column, cell in zip(table.columns, row, strict=True)}
    assert cells["paper"] == pytest.approx(every.named["paper"])
    assert cells["published"] == pytest.approx(every.named["published"])
    assert cells["mean"] == pytest.approx(every.baseline["mean"])
    assert cells["why"] == explains(every)
    strip = table.extra["strips"][0]
    assert sum(share for _, share in strip) == pytest.approx(1.0)


def test_what_explains_a_spread_in_words() -> None:
    every = bargaining.readings.ensemble([0.9, 0.7, 0.2], [0.9, 0.5, 0.8], [1.0, 2.0, 1.5])
    shares = dict.fromkeys(every.explained["expected_utility"], 0.01)
    shares |= {"choice": 0.5, "capitulation": 0.2}
    said = explains(replace(every, low=0.0, high=1.0, explained={"expected_utility": shares}))
    assert said == "which offer is taken (50 %), whether an actor may give in (20 %); options together 23 %"
    same = replace(every, low=0.4, high=0.4)
    assert explains(same) == "every reading says the same"
    none = {"expected_utility": dict.fromkeys(shares, 0.01)}
    assert (
        explains(replace(every, low=0.0, high=1.0, explained=none)) == "no single option; they act together"
    )


def test_a_landscape_holds_all_weight_and_its_median_halves_it(finding: Finding) -> None:
    table = finding.table("landscape.fate")
    assert sum(float(str(row[1])) for row in table.rows) == pytest.approx(1.0)
    assert table.rows[-1][2] == pytest.approx(1.0)
    for row in table.rows:
        assert sum(float(str(cell)) for cell in row[3:]) == pytest.approx(float(str(row[1])))
    assert isinstance(table.extra["median"], Spread)
    assert table.extra["median"].best == 70
    # Iran holds .9, Russia 1 and the West 1.2 of 3.1.
    names = [column.name for column in table.columns]
    assert sum(float(str(row[names.index("weight.iran")])) for row in table.rows) == pytest.approx(0.9 / 3.1)


def test_turns_begin_where_actors_stand_and_end_where_the_model_does(finding: Finding) -> None:
    table = finding.table("turns.fate")
    assert [row[0] for row in table.rows] == list(range(TURNS + 1))
    at = [column.name for column in table.columns].index("position.russia")
    course = bargaining.spatial(
        np.array([90.0, 70.0, 20.0])[:, None], [0.9, 0.5, 0.8], [1.0, 2.0, 1.5]
    ).positions[:, 1, 0]
    for turn, row in enumerate(table.rows):
        cell = row[at]
        assert isinstance(cell, Spread)
        assert cell.best == pytest.approx(course[min(turn, len(course) - 1)])


def test_why_tells_moves_by_the_names_of_the_actors(finding: Finding) -> None:
    rows = finding.table("why").rows
    assert {row[0] for row in rows} == {"Fate", "War"}
    moved = [str(row[2]) for row in rows if row[0] == "Fate" and row[1] == 1]
    assert moved
    assert all(re.match(r"(Iran|Russia|West) moves from [\d.]+ to [\d.]+ by ", text) for text in moved)


def test_the_map_of_gains_counts_worlds_by_quadrant(situation: Situation, finding: Finding) -> None:
    table = finding.table("gains")
    assert table.extra["names"] == ("Iran", "Russia")
    labels = [row[0] for row in table.rows]
    assert labels == ["Fate", "War", "All issues together", "All issues, after exchange"]
    _, over = draw(estimates(situation), 40, 0)
    columns = LENS.compute(situation, over)
    one, other = (columns[f"gain.war.{name}"] > 0 for name in ("iran", "russia"))
    wanted = [(one & other).mean(), (one & ~other).mean(), (~one & other).mean(), (~one & ~other).mean()]
    assert table.rows[1][3:] == pytest.approx(wanted)
    assert sum(wanted) == pytest.approx(1.0)


def test_only_the_first_worlds_are_played_and_the_rest_is_not_called_undefined(situation: Situation) -> None:
    few = found_in(situation, 40, Bargaining(worlds=16))
    assert few.measure("forecast.fate").spread.worlds == 40
    assert few.measure("disagreement.fate").spread.worlds == 16
    assert few.measure("disagreement.fate").spread.undefined == 0
    assert "first 16 worlds" in few.table("models").note
    _, over = draw(estimates(situation), 40, 0)
    whole, some = LENS.compute(situation, over), Bargaining(worlds=16).compute(situation, over)
    key = "settled.spatial.fate"
    np.testing.assert_array_equal(some[key][:16], whole[key][:16])
    assert np.isnan(some[key][16:]).all()
    none = Bargaining(worlds=0).compute(situation, over)
    assert none.keys() == whole.keys()
    assert np.isnan(none[key]).all()


def test_a_quick_look_gives_mean_and_median_only(situation: Situation) -> None:
    best, over = (replace(worlds, brief=True) for worlds in draw(estimates(situation), 20, 0))
    columns = LENS.compute(situation, over)
    assert {key.split(".")[1] for key in columns if key.startswith("settled")} == {"weighted_median"}
    assert not any(key.startswith(("turns", "gain", "looked")) for key in columns)
    finding = LENS.conclude(situation, LENS.compute(situation, best), columns)
    assert [t.kind for t in finding.tables] == ["intervals", "scale", "scale", "scale"]
    assert {m.name.partition(".")[0] for m in finding.measures} == {"forecast", "share", "median"}


def test_no_world_at_all_still_says_what_holds_at_the_best_estimates(situation: Situation) -> None:
    best, _ = draw(estimates(situation), 3, 0)
    one = LENS.compute(situation, best)
    empty = {key: values[:0] for key, values in one.items()}
    finding = LENS.conclude(situation, one, empty)
    assert finding.measure("forecast.fate").spread.worlds == 0
    assert sum(float(str(row[1])) for row in finding.table("landscape.fate").rows) == pytest.approx(1.0)


def plain(positions: list[float], **more: Any) -> Situation:
    """One issue and as many actors as positions."""
    actors = {f"a{i}": {"stances": {"x": [x, 0.5, 1]}} for i, x in enumerate(positions)}
    return case_situation({"name": "plain", "issues": {"x": more}, "actors": actors})


def test_all_at_one_position_nobody_moves_and_models_agree() -> None:
    finding = conclude(LENS, plain([0.3, 0.3, 0.3]))
    assert finding.measure("disagreement.x").spread.best == pytest.approx(0.0)
    assert finding.measure("readings.x").spread.best == pytest.approx(0.0)
    assert "nobody moves" in finding.table("why").title
    assert "nobody moves" in finding.table("turns.x").title
    assert any("The models agree within 10 % of the scale on X" in text for text in finding.says)


def test_two_actors_at_the_ends_are_polar_and_played_all_the_same() -> None:
    finding = conclude(LENS, plain([0.0, 1.0]))
    assert any("all stand at the two ends of the scale in 3 of 3 worlds" in note for note in finding.notes)
    settled = {row[1]: row[3] for row in finding.table("models").rows}
    assert isinstance(settled["Spatial model"], Spread)
    gap = next(row[4] for row in finding.table("models").rows if row[1] == "Position exchange")
    assert gap == "in 3 of 3 worlds: fewer than two issues that two actors share"


def test_one_actor_alone_has_a_forecast_and_no_bargain() -> None:
    lone = {
        "name": "lone",
        "issues": {"x": {}, "y": {}},
        "actors": {"a": {"stances": {"x": [0.2, 1, 1]}}, "b": {"stances": {"y": [0.4, 1, 1]}}},
    }
    situation = case_situation(lone)
    finding = conclude(LENS, situation)
    assert [t.name for t in finding.tables if t.kind != "scale"] == [
        *("forecasts", "gains_of_all", "landscape.x", "landscape.y")
    ]
    assert not [m.name for m in finding.measures if m.name.startswith(("disagreement", "readings"))]


def test_three_partners_share_one_map_and_the_table_has_all() -> None:
    finding = conclude(LENS, plain([0.1, 0.5, 0.9]))
    assert "two of the 3 partners" in finding.table("gains").note
    assert finding.table("gains_of_all").actors == ("a0", "a1", "a2")


def test_the_order_of_a_scale_of_any_width_changes_nothing() -> None:
    wide = Scale(-50.0, 150.0, "low", "high")
    stances = {
        "a": Stance(Estimate(-50.0), Estimate(0.5), Estimate(1.0)),
        "b": Stance(Estimate(50.0), Estimate(0.5), Estimate(1.0)),
    }
    narrow = plain([0.0, 0.5])
    made = replace(
        narrow,
        issues=Frozen({"x": Issue("What?", wide)}),
        stances=Frozen({"x": Frozen({"a0": stances["a"], "a1": stances["b"]})}),
    )
    one, two = conclude(LENS, narrow), conclude(LENS, made)
    for name in ("share.x", "median.x", "disagreement.x", "readings.x", "package.a0"):
        assert two.measure(name).spread.best == pytest.approx(one.measure(name).spread.best, abs=1e-9)
