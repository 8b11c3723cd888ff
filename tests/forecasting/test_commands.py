"""``accord forecast`` as a user types it, on a run without any model."""

from __future__ import annotations

import csv
import datetime
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.ledger.runs import pact, ran

import accord
from accord.cli import main
from accord.forecasting import jobs
from accord.ledger.book import Book

Answer = tuple[int, str, str]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pact")
    path, situation = pact(folder)
    ran(folder / "run", situation)
    assert path.name == "pact.yaml"
    return folder


class Shell:
    """The command in a scratch folder, on a day of one's own choice."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.time = datetime.datetime(2020, 7, 1, 12, tzinfo=datetime.UTC)

    def on(self, day: str) -> Shell:
        """Noon of a day."""
        self.time = datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00")
        return self

    def __call__(self, *words: str) -> Answer:
        done = CliRunner().invoke(main, ["forecast", *words])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    def seeded(self, tmp_path: Path) -> bytes:
        """A ledger with all questions, added once for all tests."""
        kept = self.place / "seed.jsonl"
        if not kept.exists():
            assert self.add("--ledger", str(kept))[0] == 0
        path = ledger(tmp_path)
        path.parent.mkdir(parents=True)
        path.write_bytes(kept.read_bytes())
        return kept.read_bytes()

    def add(self, *words: str) -> Answer:
        """Add from the run."""
        return self("add", str(self.place / "pact.yaml"), "--run", str(self.place / "run"), *words)


@pytest.fixture
def shell(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    made = Shell(place)

    def book_at(path: Path | None, there: bool = False, own: Callable[..., Book] = jobs.book_at) -> Book:
        return own(path, clock=lambda: made.time, there=there)

    monkeypatch.setattr(jobs, "book_at", book_at)
    return made


def ledger(tmp_path: Path) -> Path:
    """The default place."""
    return tmp_path / "data" / "accord" / "forecasts.jsonl"


def test_from_a_run_to_a_score(shell: Shell, tmp_path: Path) -> None:
    status, out, err = shell.add()
    assert (status, err) == (0, "")
    assert out.count("frozen: pact/") == 4
    assert "not forecast by the model: king (by 2022-12-31): no output of the model answers it" in out
    assert "after the fact" not in out
    status, out, _ = shell("list")
    assert status == 0
    assert "pact/joint_2021: 0.7" in out
    assert out.count("\n  open\n") == 4
    for name, outcome in (("joint_2021", "yes"), ("pact/fallen", "no")):
        status, out, _ = shell.on("2022-01-05")("resolve", name, "--outcome", outcome, "--source", "Gazette")
        assert (status, "on 2022-01-05; line" in out) == (0, True)
    status, out, _ = shell("score", "--csv", "t.csv", "--page", "p.html")
    assert status == 0
    assert "yes-or-no questions, asked in time: 2 resolved" in out
    assert "One history is one draw" in out
    assert "nothing is said of calibration" in out
    with Path("t.csv").open(encoding="utf-8", newline="") as file:
        assert [row["outcome"] for row in csv.DictReader(file)] == ["yes", "", "", "no"]
    page = Path("p.html").read_text("utf-8")
    assert "Post-mortem" in page
    assert "ties.a.b.trust" in page
    assert ledger(tmp_path).read_bytes().count(b"\n") == 6


def test_a_question_after_its_day_is_marked_and_scored_apart(shell: Shell) -> None:
    _, out, _ = shell.on("2023-01-01").add("--question", "joint_2021")
    assert "after the fact" in out
    assert "no foresight" in out
    shell("resolve", "joint_2021", "--outcome", "no", "--source", "Gazette", "--date", "2021-07-31")
    _, out, _ = shell("score", "--json")
    found = json.loads(out)["groups"]
    assert (found["ahead"]["n"], found["hindsight"]["n"]) == (0, 1)
    assert found["ahead"]["brier"] is None


def test_the_same_again_is_not_added_twice_and_another_number_is(shell: Shell, place: Path) -> None:
    shell.add("--question", "joint_2021")
    status, out, _ = shell.add("--question", "joint_2021")
    assert (status, "already in the ledger: pact/joint_2021" in out) == (0, True)
    words = ("add", str(place / "pact.yaml"), "--question", "joint_2021", "--probability", "0.9")
    _, out, _ = shell(*words)
    assert "frozen: pact/joint_2021.2: 0.900 yes by 2021-07-31, the analyst's own" in out
    _, out, _ = shell.on("2021-08-01")(
        "resolve", "pact/joint_2021", "--outcome", "yes", "--source", "Gazette"
    )
    assert "the same question is still open as pact/joint_2021.2" in out


def test_dates_levels_and_the_cause(shell: Shell) -> None:
    status, out, _ = shell.add(
        "--alive", "2021", "--alive", "2021-03", "--level", "bilateral", "--cause", "--json"
    )
    assert status == 0
    frozen = json.loads(out)["frozen"]
    assert [row["question_id"] for row in frozen] == [
        "bilateral_alive_2021", "bilateral_alive_2021-03", "bilateral_cause"
    ]  # fmt: skip
    status, out, _ = shell.on("2022-08-01")(
        "resolve", "bilateral_cause", "--outcome", "Sell-out", "--source", "Gazette"
    )
    assert status == 0
    _, out, _ = shell("score")
    assert "causes, asked in time: 1 resolved" in out


def test_a_second_resolution_corrects_and_both_stay(shell: Shell, tmp_path: Path) -> None:
    shell.seeded(tmp_path)
    words = ("resolve", "joint_2021", "--source", "Gazette")
    shell.on("2021-08-01")(*words, "--outcome", "yes")
    before = ledger(tmp_path).read_bytes()
    _, out, _ = shell(*words, "--outcome", "yes")
    assert "on record already; nothing was written" in out
    assert ledger(tmp_path).read_bytes() == before
    _, out, _ = shell(*words, "--outcome", "no")
    assert "corrects line 5, which stays" in out
    assert ledger(tmp_path).read_bytes().startswith(before)
    _, out, _ = shell("list")
    assert "resolved: no" in out
    assert "corrected 1 time" in out
    assert "corrected 1 times" not in out


def test_an_early_answer_is_remarked(shell: Shell, tmp_path: Path) -> None:
    shell.seeded(tmp_path)
    _, out, _ = shell.on("2021-01-01")("resolve", "joint_2021", "--outcome", "no", "--source", "Gazette")
    assert "its day, 2021-07-31, is still to come" in out


def test_open_and_due(shell: Shell, tmp_path: Path) -> None:
    shell.seeded(tmp_path)
    _, out, _ = shell.on("2021-08-01")("list", "--due", "--json")
    assert [row["question_id"] for row in json.loads(out)] == ["joint_2021"]
    shell("resolve", "joint_2021", "--outcome", "yes", "--source", "Gazette")
    assert json.loads(shell("list", "--due", "--json")[1]) == []
    assert len(json.loads(shell("list", "--open", "--json")[1])) == 3


WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "question": (("add", "CASE", "--question", "joint_2020"), "did you mean 'joint_2021'"),
    "unanswered": (("add", "CASE", "--run", "RUN", "--question", "king"), "no output of the model answers it; try: a prob"),
    "date": (("add", "CASE", "--run", "RUN", "--alive", "2021-13"), "'2021-13' is not a date"),
    "past": (("add", "CASE", "--run", "RUN", "--alive", "2019"), "2019 is not after 2020-06-30"),
    "level": (("add", "CASE", "--run", "RUN", "--alive", "2021", "--level", "theater"), "did you mean 'theatre'"),
    "far": (("add", "CASE", "--run", "RUN", "--question", "king", "--probability", "1.5"), "1.5 is not a probability"),
    "whose": (("add", "CASE", "--probability", "0.5"), "belongs to one question"),
    "case": (("add", "tehran-moscw-2015"), "did you mean 'tehran-moscow-2015'"),
    "run": (("add", "CASE", "--run", "nowhere"), "no run was finished here"),
    "id": (("resolve", "joint_2012", "--outcome", "yes", "--source", "s"), "did you mean"),
    "outcome": (("resolve", "joint_2021", "--outcome", "yess", "--source", "s"), "did you mean 'yes'"),
    "source": (("resolve", "joint_2021", "--outcome", "yes", "--source", " "), "an outcome needs a source"),
    "day": (("resolve", "joint_2021", "--outcome", "yes", "--source", "s", "--date", "May"), "'May' is not a day"),
    "future": (("resolve", "joint_2021", "--outcome", "yes", "--source", "s", "--date", "2031-01-01"), "after today"),
    "before": (("resolve", "joint_2021", "--outcome", "yes", "--source", "s", "--date", "2019-01-01"), "before 2020-06-30"),
    "who": (("add", "CASE", "--run", "RUN", "--who", "Ann"), "--who names whose own probability it is, and none is given"),
    "no ledger": (("list", "--ledger", "nowhere.jsonl"), "there is no such ledger"),
    "since": (("retrospective", "CASE"), "what happened since is not kept for 'pact'"),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_bad_input_is_told_with_status_2_and_writes_nothing(
    shell: Shell, place: Path, tmp_path: Path, kind: str
) -> None:
    before = shell.seeded(tmp_path)
    words, says = WRONG[kind]
    named = {"CASE": str(place / "pact.yaml"), "RUN": str(place / "run")}
    status, out, err = shell(*(named.get(word, word) for word in words))
    assert status == 2, out
    assert says in err
    assert ledger(tmp_path).read_bytes() == before


def test_an_end_may_be_seen_before_the_questions_own_day_and_lasting_may_not(
    shell: Shell, tmp_path: Path
) -> None:
    shell.seeded(tmp_path)
    shell.add("--cause")
    words = ("resolve", "pact/joint_2021", "--source", "Gazette", "--date")
    status, _, err = shell.on("2022-08-01")(*words, "2021-07-30", "--outcome", "yes")
    assert (status, err.count("\n")) == (2, 1)
    assert shell(*words, "2021-07-30", "--outcome", "no")[0] == 0
    assert shell(*words, "2021-07-31", "--outcome", "yes")[0] == 0
    words = ("resolve", "theatre_cause", "--source", "Gazette", "--date", "2021-01-01", "--outcome")
    assert "the question's own day" in shell(*words, "still_together")[2]
    assert shell(*words, "collapse")[0] == 0


def test_an_answer_of_ones_own_that_was_seen_early_is_remarked(shell: Shell, place: Path) -> None:
    shell("add", str(place / "pact.yaml"), "--question", "king", "--probability", "0.4", "--who", "Ann")
    words = ("resolve", "king", "--outcome", "yes", "--source", "Gazette", "--date", "2022-01-05")
    status, out, _ = shell.on("2023-02-01")(*words)
    assert status == 0
    assert "seen before the question's own day, 2022-12-31" in out


def test_what_an_analyst_says_is_kept_with_the_name_and_scored_apart(shell: Shell, place: Path) -> None:
    shell.add("--question", "joint_2021")
    words = ("add", str(place / "pact.yaml"), "--question")
    for who, chance, name in (("Ann", "0.9", "king"), ("Bo", "0.2", "joint_2021")):
        _, out, _ = shell(*words, name, "--probability", chance, "--who", who)
        assert f", {who}'s own" in out
    for name in ("king", "joint_2021", "pact/joint_2021.2"):
        shell.on("2023-02-01")("resolve", name, "--outcome", "yes", "--source", "Gazette")
    _, out, _ = shell("score")
    for says in (
        "yes-or-no questions, asked in time: 1 resolved",
        "analysts' own, asked in time: Ann: 1 resolved",
        "analysts' own, asked in time: Bo: 1 resolved",
    ):
        assert says in out
    _, out, _ = shell("score", "--json", "--page", "p.html")
    record = json.loads(out)
    assert [one["said_by"] for one in record["forecasts"]] == [None, "Ann", "Bo"]
    assert record["groups"]["ahead"]["n"] == 1
    assert record["groups"]["ahead_analyst"]["brier"] == pytest.approx((0.01 + 0.64) / 2)
    assert record["analysts"]["Bo"]["ahead"]["brier"] == pytest.approx(0.64)
    page = Path("p.html").read_text("utf-8")
    for says in (
        "Said by Ann and come true",
        "Every resolved forecast of Bo",
        "Every resolved forecast of the model",
    ):
        assert says in page
    assert "analysts' own, asked in time: 2 resolved" not in out


def test_a_question_that_was_answered_is_marked_and_scored_after_the_fact(shell: Shell, place: Path) -> None:
    words = ("add", str(place / "pact.yaml"), "--question", "king", "--probability")
    shell(*words, "0.5")
    told = ("--outcome", "no", "--source", "Gazette")
    shell.on("2021-10-01")("resolve", "king", *told)
    _, out, _ = shell.on("2021-11-26")(*words, "0.01", "--who", "Bo")
    assert "Bo's own, after the fact (its outcome was in the ledger as pact/king)" in out
    _, out, _ = shell.on("2021-12-05")("resolve", "king.2", *told[:1], "yes", *told[2:])
    assert "the same question has another outcome as pact/king: correct one of them" in out
    _, out, _ = shell("score")
    for says in (
        "analysts' own, asked in time: not named: 1 resolved",
        "analysts' own, after the fact: Bo: 1 resolved",
    ):
        assert says in out


@pytest.mark.parametrize("who", [(), ("--probability", "0.5")])
def test_lasting_is_not_written_down_before_its_day_whoever_said_so(
    shell: Shell, place: Path, who: tuple[str, ...]
) -> None:
    run = () if who else ("--run", str(place / "run"))
    shell("add", str(place / "pact.yaml"), "--question", "joint_2021", *run, *who)
    words = ("resolve", "joint_2021", "--source", "Gazette", "--date", "2021-01-01", "--outcome")
    status, _, err = shell.on("2021-01-05")(*words, "yes")
    assert (status, "the question's own day" in err) == (2, True)
    assert shell(*words, "no")[0] == 0


def test_nothing_frozen_is_no_success(shell: Shell, place: Path, tmp_path: Path) -> None:
    text = (place / "pact.yaml").read_text("utf-8")
    path = tmp_path / "only.yaml"
    situation = accord.read(place / "pact.yaml")
    accord.save(replace(situation, resolve={"king": situation.resolve["king"]}), path)
    status, out, err = shell("add", str(path), "--run", str(place / "run"))
    assert (status, out) == (2, "")
    assert "no output of the model answers it; try: a probability of your own" in err
    assert not ledger(tmp_path).exists()
    path.write_text(text.replace("endurance.survival.bilateral", "endurance.survival.bilatral"), "utf-8")
    status, _, err = shell("add", str(path), "--run", str(place / "run"))
    assert (status, "did you mean 'endurance.survival.bilateral'" in err) == (2, True)


def test_cases_of_one_file_name_do_not_meet(shell: Shell, place: Path, tmp_path: Path) -> None:
    text = (place / "pact.yaml").read_text("utf-8")
    title = accord.read(place / "pact.yaml").title
    for folder, own in (("one", title), ("two", title), ("deep/two", "Another pact")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "situation.yaml").write_text(text.replace(title, own), "utf-8")
    words = ("--question", "king", "--probability")
    assert "frozen: one/king: " in shell("add", "one/situation.yaml", *words, "0.1")[1]
    assert "frozen: two/king: " in shell("add", "two/situation.yaml", *words, "0.2")[1]
    _, out, err = shell("add", "deep/two/situation.yaml", *words, "0.3")
    assert re.search(r"frozen: two-[0-9a-f]{8}/king: 0.300", out)
    assert "another case is called 'two' here" in err
    told = ("--outcome", "no", "--source", "Gazette")
    status, _, err = shell.on("2021-10-01")("resolve", "king", *told)
    assert (status, "'king' names 3 forecasts" in err) == (2, True)
    shell("resolve", "two/king", *told)
    rows = json.loads(shell("list", "--json")[1])
    assert [row["outcome"] for row in rows] == [None, "no", None]


def test_of_many_broken_lines_the_first_is_told(shell: Shell, tmp_path: Path) -> None:
    raw = shell.seeded(tmp_path)
    ledger(tmp_path).write_bytes(raw.replace(b'"sha256":"', b'"sha256":"0'))
    for command in ("list", "verify", "score"):
        status, _, err = shell(command)
        assert (status, err.count("\n")) == (2, 1)
        assert "forecasts.jsonl:1: " in err
        assert "; 3 lines follow it" in err


@pytest.mark.parametrize("command", [("list",), ("score",), ("verify",), ("verify", "--repair")])
def test_a_file_that_is_no_ledger_is_told_once(
    shell: Shell, tmp_path: Path, command: tuple[str, ...]
) -> None:
    other = tmp_path / "votes.csv"
    other.write_text("rcid,country,vote\n" * 41 + "no end of line", "utf-8")
    before = other.read_bytes()
    status, out, err = shell(*command, "--ledger", str(other))
    assert status == 2
    assert (out + err).count("this is no ledger of forecasts, but some other text") == 1
    assert other.read_bytes() == before


def test_every_problem_of_a_resolution_at_once(shell: Shell, tmp_path: Path) -> None:
    shell.seeded(tmp_path)
    words = ("resolve", "joint_2021", "--outcome", "maybe", "--source", "", "--date", "soon", "--json")
    status, out, _ = shell(*words)
    assert status == 2
    assert [one["path"] for one in json.loads(out)] == ["--outcome", "--source", "--date"]


def test_a_torn_end_is_told_and_repaired(shell: Shell, tmp_path: Path) -> None:
    shell.add("--question", "joint_2021")
    with ledger(tmp_path).open("ab") as file:
        file.write(b'{"at":"2020-07-')
    status, out, err = shell("list")
    assert status == 0
    assert "pact/joint_2021" in out
    assert re.search(
        r"jsonl:2: warning: the last line was not written to its end \(15 bytes\).*verify --repair", err
    )
    assert shell.add("--question", "at_six")[0] == 2
    assert shell("verify")[0] == 2
    status, out, _ = shell("verify", "--repair")
    assert status == 0
    assert "forecasts.jsonl.torn-1" in out
    assert shell.add("--question", "at_six")[0] == 0


@pytest.mark.parametrize(
    "command", [("list",), ("score",), ("verify",), ("resolve", "x", "--outcome", "yes", "--source", "s")]
)
def test_a_changed_line_stops_everything_with_its_number(
    shell: Shell, tmp_path: Path, command: tuple[str, ...]
) -> None:
    raw = shell.seeded(tmp_path)
    changed = re.sub(rb'"question":"Is the pact alive', rb'"question":"Was the pact alive', raw)
    assert changed != raw
    ledger(tmp_path).write_bytes(changed)
    status, _, err = shell(*command)
    assert status == 2
    assert "forecasts.jsonl:2: its content is not what its hash vouches for" in err


def test_lines_cut_off_show_against_a_noted_head(shell: Shell, tmp_path: Path) -> None:
    shell.seeded(tmp_path)
    head = json.loads(shell("verify", "--json")[1])["head"]
    assert shell("verify", "--expect", head[:16])[0] == 0
    lines = ledger(tmp_path).read_bytes().split(b"\n")
    ledger(tmp_path).write_bytes(b"\n".join(lines[:2]) + b"\n")
    assert shell("verify")[0] == 0
    status, _, err = shell("verify", "--expect", head[:16])
    assert (status, "lines were cut off or written anew" in err) == (2, True)


def test_a_clock_behind_the_ledger_is_told(shell: Shell) -> None:
    shell.add("--question", "joint_2021")
    status, _, err = shell.on("2020-06-30").add("--question", "at_six")
    assert (status, "the clock of this machine" in err) == (0, True)
    status, _, err = shell("list")
    assert (status, "the clock went back" in err) == (0, True)


def test_a_page_that_cannot_be_written_is_status_1(shell: Shell, tmp_path: Path) -> None:
    shell.seeded(tmp_path)
    Path("taken").write_text("", "utf-8")
    status, _, err = shell("score", "--page", "taken/p.html")
    assert (status, "cannot be written" in err) == (1, True)


def test_an_empty_ledger_has_nothing_to_say(shell: Shell) -> None:
    assert shell("list")[:2] == (0, "no forecasts\n")
    assert shell("score")[1].startswith("no forecast is resolved yet")
    assert shell("verify")[0] == 0


def test_bytes_that_are_no_text_in_a_note_are_kept_as_far_as_they_go(shell: Shell) -> None:
    assert shell.add("--question", "joint_2021", "--note", "caf\udce9 au\nlait")[0] == 0
    assert json.loads(shell("list", "--json")[1])[0]["note"] == "caf? au lait"


def test_help_stays_light() -> None:
    import subprocess
    import sys

    code = "import sys, accord.forecasting.commands\nprint([n for n in sys.modules if n.startswith('accord.') or n == 'numpy'])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "numpy" not in out
    assert "accord.ledger" not in out


@pytest.mark.parametrize(
    ("option", "name"), [("--csv", "own.jsonl"), ("--page", "run.json"), ("--csv", "case.yaml")]
)
def test_a_table_or_page_is_never_written_over_something_else(tmp_path, option: str, name: str) -> None:
    target = tmp_path / name
    target.write_text("what was there", "utf-8")
    command = ["forecast", "score", option, str(target), "--ledger", str(tmp_path / "l.jsonl")]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 2
    assert "the name does not end so" in result.output
    assert target.read_text("utf-8") == "what was there"
