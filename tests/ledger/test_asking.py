"""From a case and a run to forecasts: the right number of the right month, told apart from what has no answer."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.ledger.runs import MONTHS, SHARES, WORLDS, pact, ran, survival

import accord
from accord.ledger.answers import (
    Basis,
    after_months,
    basis_of_run,
    basis_of_worlds,
    mean_of,
    months_done,
    wanted,
)
from accord.ledger.asking import (
    TOGETHER,
    asks_cause,
    by_analyst,
    by_cause,
    by_date,
    by_questions,
    known_questions,
)
from accord.ledger.reference import alive_baseline
from accord.lenses import vocabulary
from accord.lenses.endurance.endings import CAUSES
from accord.problems import SituationError
from accord.situation import Day, Estimate, Resolution, Situation
from accord.study.intervene import Pairs


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pact")


@pytest.fixture(scope="module")
def situation(place: Path) -> Situation:
    return pact(place, odd="endurance.flow.stay.northland")[1]


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
    # No file may name such an output; a situation made in Python may.
    wrong = Resolution("Wrong?", Day(2022), output="endurance.survivl.theatre")
    asking = replace(situation, resolve={**situation.resolve, "wrong": wrong})
    made = replace(basis, asking=asking, _kept={})
    left = {one.question_id: one.says for one in by_questions(made, ("odd", "wrong")).unanswered}
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
    folder = ran(place / "other", accord.amend(situation, {"horizon": 30}))
    with pytest.raises(SituationError, match=r"another situation.*horizon first"):
        basis_of_run(situation, vocabulary(), folder)


def test_a_run_is_accepted_when_only_questions_changed_since(place: Path, situation: Situation) -> None:
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
    one = by_analyst(situation, "king", 0.2, "hunch", "Ann")
    assert (one.whose, one.said_by, one.probability, dict(one.errors), one.output) == (
        "analyst",
        "Ann",
        0.2,
        {},
        "",
    )
    for wrong in (-0.1, 1.1, math.nan):
        with pytest.raises(SituationError, match="not a probability"):
            by_analyst(situation, "king", wrong)


def test_an_analyst_keeps_the_output_that_the_question_names(situation: Situation) -> None:
    """So that lasting to a day cannot be written down before that day, whoever forecast it."""
    one = by_analyst(situation, "joint_2021", 0.2)
    assert one.output == "endurance.survival.theatre"
    assert (one.lasts("yes"), one.lasts("no")) == (True, False)


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


def _war(formed: int | None = None) -> Situation:
    """The shipped case, a joint war; stated to have been formed in a year, or in none."""
    case = accord.read("tehran-moscow-2015")
    terms = {key: value for key, value in case.partnership.terms.items() if key != "formed_year"}
    if formed is not None:
        terms["formed_year"] = Estimate(best=float(formed))
    return replace(case, partnership=replace(case.partnership, terms=terms))


def _pact(formed: int | None = None) -> Situation:
    """The same without a client to hold up: a pact of defence."""
    war = _war(formed)
    return replace(war, partnership=replace(war.partnership, client=None))


# Printed in the lens' specification: survival after 1 and 5 years.
PRINTED = {
    "wartime": ("formed in wartime", 67, 0.866, 0.388),
    "defense": ("defence, no offence", 208, 0.928, 0.755),
    "all": ("all alliances", 745, 0.940, 0.796),
}


@pytest.mark.parametrize(
    ("made", "level", "name"),
    [
        (_war, "theatre", "wartime"),
        (_pact, "theatre", "defense"),
        (_war, "bilateral", "all"),
        (_pact, "bilateral", "all"),
    ],
)
def test_each_level_is_held_against_its_own_class(
    made: Callable[[], Situation], level: str, name: str
) -> None:
    label, count, one, five = PRINTED[name]
    for month, share in ((12, one), (60, five)):
        found = alive_baseline(made(), level, month)
        assert found is not None
        assert (found.kind, found.at_risk, found.age, found.newborn) == (label, count, None, None)
        assert found.probability == pytest.approx(share, abs=6e-4)


def test_where_the_age_is_known_the_class_is_of_that_age_and_new_ones_stand_beside() -> None:
    # By hand from the native file: of defence pacts 22 years old two in three last five years more, 66 observed;
    # of those formed in wartime and six years old .78, 23 observed.
    for made, formed, age, share, observed, new in (
        (_pact, 1993, 22.0, 0.664, 66, 0.755),
        (_war, 2009, 6.0, 0.783, 23, 0.388),
    ):
        found = alive_baseline(made(formed), "theatre", 60)
        assert found is not None
        assert (found.age, found.at_risk) == (age, observed)
        assert found.probability == pytest.approx(share, abs=6e-4)
        assert found.newborn == pytest.approx(new, abs=6e-4)
        assert f"at the age of {age:g} years ({observed} observed); of new ones {new:.3f}" in found.says


def test_a_partnership_of_this_year_is_a_new_one() -> None:
    assert alive_baseline(_war(2015), "theatre", 60) == alive_baseline(_war(), "theatre", 60)


def test_where_nobody_of_the_class_was_ever_so_old_all_alliances_speak() -> None:
    found = alive_baseline(_war(1900), "theatre", 12)
    assert found is None or found.kind == "all alliances"
    older = alive_baseline(_war(1975), "theatre", 60)
    assert older is not None
    assert older.age == 40.0
    assert older.at_risk


def test_a_question_of_the_cause_has_every_ending_among_its_answers(place: Path) -> None:
    first = accord.read(place / "pact.yaml")
    ended = Resolution("How has it ended?", Day(2021), output="endurance.incidence")
    accord.save(replace(first, resolve={"ended": ended}), place / "ended.yaml")
    asking = accord.read(place / "ended.yaml")
    found = basis_of_run(asking, vocabulary(), ran(place / "caused", asking))
    (one,) = by_questions(found, ("ended",)).forecasts
    month = months_done(asking.as_of, asking.resolve["ended"].by.last)
    assert asks_cause(asking.resolve["ended"])
    assert (one.question_id, one.month, one.output) == ("ended", month, "endurance.incidence")
    assert set(one.probabilities) == {*CAUSES[1:], TOGETHER}
    assert sum(one.probabilities.values()) == pytest.approx(1.0)
    assert one.probabilities["collapse"] == pytest.approx(SHARES["collapse"] * month / (MONTHS - 1))
    with pytest.raises(SituationError, match="which one probability does not answer"):
        by_analyst(asking, "ended", 0.5)
    for wrong in (-0.1, math.nan):
        with pytest.raises(SituationError, match=r"not a probability[\s\S]*does not answer"):
            by_analyst(asking, "ended", wrong)
