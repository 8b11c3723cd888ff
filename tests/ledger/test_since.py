"""What happened since: complete, in order, and out of reach of every number."""

from __future__ import annotations

import datetime
import re
import shutil
import sys
from pathlib import Path

import pytest

import accord
from accord.ledger.asking import asks_cause
from accord.ledger.since import DIRECTIONS, Since, known_cases, since
from accord.lenses.endurance.endings import CAUSES
from accord.problems import SituationError

CASE = "tehran-moscow-2015"
SOURCES = Path(accord.__file__).parent


@pytest.fixture(scope="module")
def known() -> Since:
    return since(CASE)


def test_27_facts_with_date_source_and_claims_of_the_case(known: Since) -> None:
    claims = accord.read(CASE).claims
    assert len(known.facts) == 27
    for fact in known.facts:
        assert fact.says
        assert fact.source
        assert fact.bears
        for bearing in fact.bears:
            assert bearing.direction in DIRECTIONS
            assert set(bearing.claims) <= set(claims)


def test_facts_lie_after_the_case_in_order(known: Since) -> None:
    starts = [fact.date[:7] for fact in known.facts]
    assert all(re.fullmatch(r"\d{4}-\d{2}", start) for start in starts)
    assert min(starts) > "2015-12"
    assert [start[:4] for start in starts] == sorted(start[:4] for start in starts)


def test_contested_facts_are_ambiguous(known: Since) -> None:
    assert [fact.number for fact in known.facts if fact.contested] == [18, 23, 24]
    assert all(b.direction == "~" for fact in known.facts if fact.contested for b in fact.bears)


def test_every_question_has_an_answer_within_its_time(known: Since) -> None:
    situation = accord.read(CASE)
    assert len(known.answers) == 17
    assert set(known.answers) == set(situation.resolve)
    for name, answer in known.answers.items():
        assert answer.outcome in (CAUSES if asks_cause(situation.resolve[name]) else ("yes", "no"))
        assert situation.as_of.last < answer.on <= situation.resolve[name].by.last
        assert known.source_of(answer)


def test_sixteen_questions_of_yes_or_no_and_the_cause_once(known: Since) -> None:
    questions = accord.read(CASE).resolve
    causes = {name for name, one in questions.items() if asks_cause(one)}
    assert (len(questions), causes) == (17, {"how_it_ended"})
    assert known.answers["how_it_ended"].outcome == "collapse"
    assert not any((one.output or "").startswith("endurance.incidence.") for one in questions.values())


def test_answers_as_the_history_has_them(known: Since) -> None:
    yes = {name for name, answer in known.answers.items() if answer.outcome == "yes"}
    assert yes == {
        "russian_drawdown", "theatre_alive_2016", "theatre_alive_2018", "theatre_alive_2020", "theatre_alive_2023",
        "iranian_position_traded", "strategic_treaty", "bilateral_alive",
    }  # fmt: skip
    assert known.answers["theatre_alive_2024"].on == datetime.date(2024, 12, 8)


def test_nothing_of_it_can_enter_the_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = accord.read(CASE)
    monkeypatch.setattr(sys.modules[since.__module__], "FOLDER", tmp_path)
    with pytest.raises(SituationError, match="not kept"):
        since(CASE)
    after = accord.read(CASE)
    assert after.digest == before.digest
    assert after == before
    assert all(one.outcome is None for one in after.resolve.values())
    copy = tmp_path / f"{CASE}.yaml"
    shutil.copy(SOURCES / "cases" / f"{CASE}.yaml", copy)
    assert accord.read(copy).digest == before.digest


def test_no_room_below_the_ledger_names_it() -> None:
    # job.py, which writes a run's files once its numbers are there, says only whether there is such a page.
    above = {"ledger", "forecasting", "cli.py", "job.py"}
    for path in SOURCES.rglob("*.py"):
        if path.relative_to(SOURCES).parts[0] in above:
            continue
        assert "accord.ledger" not in path.read_text("utf-8"), path


def test_it_is_no_shipped_case() -> None:
    assert known_cases() == (CASE,)
    assert all("since" not in name for name in accord.list_cases())


def test_an_unknown_case_is_told() -> None:
    with pytest.raises(SituationError, match="did you mean 'tehran-moscow-2015'"):
        since("teheran-moscow-2015")
