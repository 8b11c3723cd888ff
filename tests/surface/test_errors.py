"""The charter for error messages (CONTRIBUTING.md), held against every message the tests know."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import accord
from accord.cli import main
from accord.problems import Problem, SituationError, did_you_mean, listed, worst_first

FILES = Path(__file__).parents[1] / "files"
TEXTS = sorted([*(FILES / "bad").glob("*.txt"), *(FILES / "odd").glob("*.txt")])
MESSAGES = [line for path in TEXTS for line in path.read_text("utf-8").splitlines()[:-1]]
# Words that blame, joke or speak of the program's inside.
UNWELCOME = re.compile(
    r"\b(invalid|illegal|bad|wrong|must|fatal|fail(ed|ure)?|oops|sorry|please|traceback|exception|keyerror|valueerror|typeerror|"
    r"nonetype|none|null|dict|tuple|frozen|dataclass|mapping|scalar|float|str|int|bool|node|token|parser|ruamel|yamlerror|"
    r"schema|regex|utf8|deprecated)\b",
    re.IGNORECASE,
)


def ours(message: str) -> str:
    """A message without what it quotes."""
    return re.sub(r"'[^']*'|^\S+:\d*:? ", "", message)


def test_there_is_something_to_hold_the_charter_against() -> None:
    assert len(MESSAGES) > 250


def test_no_message_blames_or_speaks_of_the_inside() -> None:
    told = [(UNWELCOME.findall(ours(message).partition("; expected")[0]), message) for message in MESSAGES]
    assert [message for found, message in told if found] == []


def test_every_message_says_where() -> None:
    for message in MESSAGES:
        assert re.match(r"\S+\.(yaml|json):(\d+:)? (warning: |note: )?\S", message), message


def test_every_message_says_what_is_expected_or_what_to_try() -> None:
    for message in MESSAGES:
        assert ": note: " in message or "; expected " in message or "; try: " in message, message


def test_no_message_runs_on() -> None:
    assert max(len(message) for message in MESSAGES) < 420
    assert not [
        message
        for message in MESSAGES
        if ";;" in message or "; ;" in message or message.endswith((";", ":", ","))
    ]


def test_most_messages_say_what_to_try() -> None:
    with_hint = sum("; try: " in message for message in MESSAGES)
    assert with_hint / len(MESSAGES) > 0.6


def test_a_message_like_the_example_of_the_charter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (FILES / "odd" / "unused.yaml").read_text(
        "utf-8"
    ) + "stances: {fees: {north: {position: 60, salience: 1.4}}}\n"
    Path("talks.yaml").write_text(text, "utf-8")
    found = CliRunner().invoke(main, ["check", "talks.yaml"])
    assert found.stderr.splitlines()[0] == (
        "talks.yaml:16: stances.fees.north.salience: 1.4 lies outside the range; expected a number from 0 to 1 (share)"
    )
    assert found.exit_code == 2


def test_exit_statuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    good = str(FILES / "good" / "minimal.yaml")
    for arguments, status in (
        (["check", good], 0),
        (["check", "nowhere.yaml"], 2),
        (["check"], 2),
        (["check", good, "--no-such-option"], 2),
        (["no-such-command"], 2),
        (["explain", good, "no.such.path"], 2),
        (["diff", good, "nowhere.yaml"], 2),
    ):
        assert CliRunner().invoke(main, arguments).exit_code == status, arguments
    assert list(tmp_path.iterdir()) == []


def test_two_efforts_exclude_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("accord.job.carry_out", None)  # nothing is run
    case = "tehran-moscow-2015"
    for both in (["--quick", "--thorough"], ["--thorough", "--quick"], ["--quick", "--resume", "--thorough"]):
        found = CliRunner().invoke(main, ["run", case, *both])
        assert (found.exit_code, found.stdout) == (2, "")
        assert found.stderr == f"{case}: --quick and --thorough exclude each other\n"
    assert list(tmp_path.iterdir()) == []


def test_diff_names_the_path_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran, good = tmp_path / "before", str(FILES / "good" / "minimal.yaml")
    ran.mkdir()
    (ran / "run.json").write_text("{}", "utf-8")
    for pair in (["before", "nosuch"], ["nosuch", "before"], [good, "nosuch"], ["nosuch", "nosuch"]):
        found = CliRunner().invoke(main, ["diff", *pair])
        assert (found.exit_code, found.stderr) == (2, "nosuch: no such file or folder\n"), pair
    found = CliRunner().invoke(main, ["diff", "none.yaml", "tehran-moscow-2051"])
    assert found.stderr == (
        "none.yaml: no such file or folder\n"
        "tehran-moscow-2051: no such file or folder; try: did you mean 'tehran-moscow-2015'?\n"
    )


def test_a_problem_as_one_line() -> None:
    problem = Problem("kind", "it is so", "a.b", "otherwise", "this", "file.yaml", 3)
    assert str(problem) == "file.yaml:3: a.b: it is so; expected otherwise; try: this"
    assert str(Problem("kind", "it is so")) == "it is so"
    assert (
        str(Problem("kind", "it is so", file="model.xlsx", place="stances!C4"))
        == "model.xlsx:stances!C4: it is so"
    )
    assert problem.at("other.yaml", 7) == problem
    assert str(Problem("kind", "it is so").at("other.yaml", 7)) == "other.yaml:7: it is so"


def test_an_error_holds_every_problem() -> None:
    warning = Problem("odd", "it is odd", severity="warning")
    error = SituationError([warning, Problem("kind", "it is so")])
    assert [problem.says for problem in error.errors] == ["it is so"]
    assert str(error).count("\n") == 1
    assert isinstance(error, accord.AccordError)
    assert isinstance(error, Exception)


def test_problems_are_sorted_by_place_and_weight() -> None:
    some = [
        Problem("k", "later", line=9),
        Problem("k", "odd", line=2, severity="warning"),
        Problem("k", "grave", line=2),
        Problem("k", "note", line=2, severity="note"),
        Problem("k", "everywhere"),
    ]
    assert [problem.says for problem in worst_first(reversed(some))] == [
        "everywhere",
        "grave",
        "odd",
        "note",
        "later",
    ]


NAMES = st.text("abcdefgh_", min_size=1, max_size=8)


@given(NAMES, st.lists(NAMES, max_size=6))
def test_did_you_mean_never_suggests_the_same_word(wrong: str, known: list[str]) -> None:
    others = [word for word in known if word != wrong]
    hint = did_you_mean(wrong, others)
    assert hint == "" or hint[len("did you mean '") : -len("'?")] in others
    assert f"'{wrong}'" not in hint


def test_no_message_suggests_what_was_written() -> None:
    for message in MESSAGES:
        meant = re.search(r"try: did you mean '([^']*)'", message)
        written = re.findall(r"'([^']*)'", message.partition("; expected")[0])
        assert meant is None or meant.group(1) not in written, message


@given(st.lists(NAMES, max_size=20), st.integers(1, 12))
def test_long_lists_are_cut_and_counted(words: list[str], most: int) -> None:
    text = listed(words, most)
    if len(words) <= most:
        assert text == ", ".join(words)
    else:
        assert text.endswith(f" and {len(words) - most} more")


def test_no_line_of_the_overview_is_cut() -> None:
    text = CliRunner().invoke(main, ["--help"]).stdout.partition("Commands:")[2]
    assert "..." not in text
    for name in main.commands:
        assert re.search(rf"^  {name} +[A-Z].*\.$", text, re.MULTILINE), name
