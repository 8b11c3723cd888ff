"""From a case and a run to forecasts: the right number of the right month, told apart from what has no answer."""

from __future__ import annotations

import datetime
import math
from pathlib import Path

import numpy as np
import pytest
from tests.ledger.runs import MONTHS, SHARES, WORLDS, pact, ran, survival

from accord.ledger.answers import (
    Basis,
    after_months,
    basis_of_run,
    basis_of_worlds,
    mean_of,
    months_done,
    wanted,
)
from accord.ledger.asking import TOGETHER, by_analyst, by_cause, by_date, by_questions, known_questions
from accord.ledger.reference import alive_baseline
from accord.lenses import vocabulary
from accord.problems import SituationError
from accord.situation import Day, Situation
from accord.study.intervene import Pairs


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pact")


@pytest.fixture(scope="module")
def situation(place: Path) -> Situation:
    return pact(place, odd="endurance.flow.stay.northland", wrong="endurance.survivl.theatre")[1]


@pytest.fixture(scope="module")
def basis(place: Path, situation: Situation) -> Basis:
    return basis_of_run(situation, vocabulary(), ran(place / "run", situation))


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2015-12-15", "2016-12-31", 12),
        ("2015-12-15", "2016-12-14", 11),
        ("2015-12-15", "2016-12-15", 12),
        ("2015-12-15", "2025-12-31", 120),
        ("2015-12-15", "2026-03-09", 122),
        ("2015-12-31", "2016-02-29", 2),
        ("2015-12", "2016-01-31", 1),
        ("2015", "2016-06-29", 5),
        ("2015-12-15", "2015-12-31", 0),
        ("2015-12-15", "2015-11-30", -1),
        ("2015-12-15", "2015-11-01", -2),
    ],
)
def test_whole_months(start: str, end: str, months: int) -> None:
    assert months_done(Day.parse(start), datetime.date.fromisoformat(end)) == months


@pytest.mark.parametrize("months", [0, 1, 2, 12, 37, 120])
@pytest.mark.parametrize("start", ["2015-12-15", "2015-12-31", "2016-02-29", "2015"])
def test_months_there_and_back(start: str, months: int) -> None:
    day = Day.parse(start)
    assert months_done(day, after_months(day, months)) == months


def test_outputs_take_their_month_from_the_day(situation: Situation) -> None:
    by = datetime.date(2021, 7, 31)
    month = months_done(situation.as_of, by)
    assert wanted(situation, "endurance.survival.theatre", by).output == f"endurance.survival.theatre.{month}"
    assert wanted(situation, "endurance.survival.theatre.6", by).month == 6
    assert wanted(situation, "endurance.incidence.collapse", by).month == month
    assert wanted(situation, "endurance.incidence.collapse.northland", by).month is None
    assert wanted(situation, "interests.success", by).column == ""


def test_questions_get_the_mean_over_worlds_at_their_month(basis: Basis, situation: Situation) -> None:
    asked = by_questions(basis, ("joint_2021", "pact_2022", "at_six", "king"))
    found = {one.question_id: one for one in asked.forecasts}
    for name, level in (("joint_2021", "theatre"), ("pact_2022", "bilateral")):
        month = months_done(situation.as_of, situation.resolve[name].by.last)
        values = survival(level)[:, month]
        assert found[name].month == month
        assert found[name].probabilities["yes"] == pytest.approx(values.mean(), abs=1e-12)
        assert found[name].errors["yes"] == pytest.approx(values.std(ddof=1) / math.sqrt(WORLDS))
        assert sum(found[name].probabilities.values()) == pytest.approx(1.0)
    assert found["at_six"].probabilities["yes"] == pytest.approx(survival("theatre")[:, 6].mean())
    assert [one.question_id for one in asked.unanswered] == ["king"]


def test_what_is_frozen_says_where_it_comes_from(basis: Basis, situation: Situation) -> None:
    (one,) = by_questions(basis, ("joint_2021",)).forecasts
    assert (one.id, one.whose, one.run, one.seed, one.worlds) == (
        "pact/joint_2021",
        "model",
        "d" * 64,
        3,
        WORLDS,
    )
    assert one.situation == one.asked_of == situation.digest
    assert (one.by, one.as_of) == ("2021-07-31", str(situation.as_of))


def test_the_number_that_moved_it_is_named_and_noise_is_not(basis: Basis) -> None:
    (one,) = by_questions(basis, ("joint_2021",)).forecasts
    assert [(c.path, c.correlation) for c in one.carried] == [("ties.a.b.trust", -1.0)]


def test_an_ending_is_read_at_its_own_month(basis: Basis, situation: Situation) -> None:
    (one,) = by_questions(basis, ("fallen",)).forecasts
    month = months_done(situation.as_of, datetime.date(2021, 12, 31))
    assert month < situation.horizon
    assert one.probabilities["yes"] == pytest.approx(0.3 * month / (MONTHS - 1))


@pytest.mark.parametrize("level", ["theatre", "bilateral"])
def test_causes_add_up_to_one_with_still_together(basis: Basis, level: str) -> None:
    (one,) = by_cause(basis, level).forecasts
    assert sum(one.probabilities.values()) == pytest.approx(1.0)
    assert one.probabilities[TOGETHER] == pytest.approx(1 - sum(SHARES.values()))
    assert one.probabilities["collapse"] == pytest.approx(0.3)
    assert one.baseline is None


def test_alive_at_dates(basis: Basis, situation: Situation) -> None:
    first, second = by_date(basis, "bilateral", (Day(2021), Day(2021, 3))).forecasts
    assert (first.by, second.by) == ("2021-12-31", "2021-03-31")
    assert first.question_id == "bilateral_alive_2021"
    assert first.probability < second.probability
    assert first.baseline is not None
    assert first.baseline.kind == "all alliances"


def test_what_cannot_be_answered_says_why(
    basis: Basis, situation: Situation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def observe(self: Pairs, of: Situation, names: list[str]) -> dict[str, np.ndarray]:
        if "endurance.flow.stay.northland" not in names or len(names) > 1:
            raise ValueError(f"there is no output '{names[0]}'")
        return {names[0]: np.linspace(-3, 3, WORLDS)}

    monkeypatch.setattr(Pairs, "observe", observe)
    left = {one.question_id: one.says for one in by_questions(basis, ("odd", "wrong")).unanswered}
    assert "is no probability: it goes from -3 to 3" in left["odd"]
    assert "there is no output 'endurance.survivl.theatre'" in left["wrong"]


def test_without_a_run_outputs_are_worked_out_together(
    situation: Situation, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def observe(self: Pairs, of: Situation, names: list[str]) -> dict[str, np.ndarray]:
        calls.append(list(names))
        return {name: np.full(self.worlds, 0.25) for name in names}

    monkeypatch.setattr(Pairs, "observe", observe)
    monkeypatch.setattr(Basis, "_inputs", lambda self: ((), np.empty((0, 0))))
    asked = by_questions(basis_of_worlds(situation, vocabulary(), 16, 0), ("joint_2021", "at_six", "fallen"))
    assert len(calls) == 1
    assert [one.probability for one in asked.forecasts] == [0.25, 0.25]
    assert "a result folder (--run) holds every month" in asked.unanswered[0].says
    assert all(one.run == "" for one in asked.forecasts)


def test_an_undefined_world_does_not_count_and_is_told() -> None:
    mean, error, undefined = mean_of(np.array([0.2, np.nan, 0.4]))
    assert (mean, undefined) == (pytest.approx(0.3), 1)
    assert error == pytest.approx(0.1)


def test_a_run_of_another_situation_is_refused(place: Path, situation: Situation) -> None:
    import accord

    folder = ran(place / "other", accord.amend(situation, {"horizon": 30}))
    with pytest.raises(SituationError, match=r"another situation.*horizon first"):
        basis_of_run(situation, vocabulary(), folder)


def test_a_run_is_accepted_when_only_questions_changed_since(place: Path, situation: Situation) -> None:
    from dataclasses import replace

    import accord

    older = place / "older.json"
    accord.save(replace(situation, resolve={}), older)
    folder = ran(place / "before", accord.read(older))
    found = basis_of_run(situation, vocabulary(), folder)
    (one,) = by_questions(found, ("joint_2021",)).forecasts
    assert one.situation != one.asked_of == situation.digest


def test_an_unfinished_run_is_refused(place: Path, situation: Situation) -> None:
    folder = ran(place / "half", situation, interrupted=True, done=3)
    with pytest.raises(SituationError, match="was not finished"):
        basis_of_run(situation, vocabulary(), folder)


def test_a_table_that_is_none_is_told(place: Path, situation: Situation) -> None:
    folder = ran(place / "broken", situation)
    (folder / "results_by_month.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(SituationError, match="cannot be read as a run's table"):
        by_questions(basis_of_run(situation, vocabulary(), folder), ("joint_2021",))


def test_unknown_questions_are_told_with_what_was_meant(situation: Situation) -> None:
    with pytest.raises(SituationError, match="did you mean 'joint_2021'"):
        known_questions(situation, ("joint_2020",))


def test_an_analyst_has_a_probability_and_no_error(situation: Situation) -> None:
    one = by_analyst(situation, "king", 0.2, "hunch")
    assert (one.whose, one.probability, dict(one.errors), one.output) == ("analyst", 0.2, {}, "")
    for wrong in (-0.1, 1.1, math.nan):
        with pytest.raises(SituationError, match="not a probability"):
            by_analyst(situation, "king", wrong)


def test_base_rates_meet_the_table_and_fall(situation: Situation) -> None:
    def alive(month: int) -> float:
        found = alive_baseline(situation, "bilateral", month)
        assert found is not None
        return found.probability

    assert [round(alive(12 * year), 3) for year in (0, 1, 5, 10, 20)] == [1.0, 0.94, 0.796, 0.668, 0.52]
    assert all(alive(m + 1) <= alive(m) for m in range(240))
    # Between tabulated ages the hazard is constant: half way between seven and eight years the geometric mean.
    assert alive(90) == pytest.approx(math.sqrt(alive(84) * alive(96)))
    assert alive_baseline(situation, "bilateral", 241) is None
