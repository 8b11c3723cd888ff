"""Every bad file is told exactly what is wrong with it: each problem once, in order of lines, and nothing else.

Beside each file of ``bad/`` and ``odd/`` (allowed, but probably not meant) stands what ``accord check`` prints about
it, word for word.  After a wanted change of wording ``python tests/files/rewrite.py`` writes the texts anew; read them.
"""

from __future__ import annotations

import ast
import json
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import accord
from accord.cli import main
from accord.files.reader import examine
from accord.lenses import vocabulary
from accord.problems import Problem
from accord.situation import Vocabulary

HERE = Path(__file__).parent
SOURCE = Path(accord.__file__).parent
BAD = sorted(path.name for path in (HERE / "bad").iterdir() if path.suffix != ".txt")
ODD = sorted(path.name for path in (HERE / "odd").iterdir() if path.suffix != ".txt")
# Kinds that no file on disk can have: tests/files/test_bad_bytes.py sees to them.
KINDS_OF_BYTES = {"binary", "no-file", "too-large", "wrong-encoding"}


Told = dict[str, list[Problem]]


@pytest.fixture(scope="module")
def told() -> Told:
    """What the checker says about every file, by name."""
    home, found = Path.cwd(), {}
    for folder, names in (("bad", BAD), ("odd", ODD)):
        os.chdir(HERE / folder)
        found.update({name: accord.check(name) for name in names})
    os.chdir(home)
    return found


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_told_what_is_wrong_and_nothing_else(
    name: str, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE / "bad")
    wanted = Path(f"{name}.txt").read_text("utf-8")
    found = CliRunner().invoke(main, ["check", name])
    assert found.stderr == wanted
    assert found.stdout == ""
    assert found.exit_code == 2
    assert [str(problem) for problem in told[name]] == wanted.splitlines()[:-1]


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_is_told_what_is_odd_and_can_be_used(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE / "odd")
    found = CliRunner().invoke(main, ["check", name])
    assert found.stderr + found.stdout == Path(f"{name}.txt").read_text("utf-8")
    assert found.exit_code == 0
    assert accord.read(name).title == "North and South"


def test_reading_a_bad_file_raises_once_with_everything(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE / "bad")
    for name in BAD[::8]:
        with pytest.raises(accord.SituationError) as caught:
            accord.read(name)
        assert list(caught.value.problems) == told[name]
        assert str(caught.value) == "\n".join(str(problem) for problem in told[name])


def test_problems_come_in_order_of_lines_and_once(told: Told) -> None:
    for problems in told.values():
        lines = [problem.line or 0 for problem in problems]
        assert lines == sorted(lines)
        places = [(problem.line, problem.path, problem.says) for problem in problems]
        assert len(set(places)) == len(places)


def test_there_are_enough_files_of_enough_kinds(told: Told) -> None:
    kinds = {problem.kind for name in BAD for problem in told[name] if problem.severity == "error"}
    assert len(BAD) >= 150
    assert len(kinds) >= 30


def kinds_in_source() -> set[str]:
    """Kinds of problems that reading and checking can tell of, as the source names them."""
    found: set[str] = set()
    for path in [*SOURCE.glob("files/*.py"), SOURCE / "doors.py"]:
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = call.func if isinstance(call, ast.Call) else None
            called = (
                name.id
                if isinstance(name, ast.Name)
                else name.attr
                if isinstance(name, ast.Attribute)
                else ""
            )
            if isinstance(call, ast.Call) and called in ("Problem", "tell") and call.args:
                found |= {part.value for part in ast.walk(call.args[0]) if isinstance(part, ast.Constant)}
    return {kind for kind in found if isinstance(kind, str) and re.fullmatch(r"[a-z0-9-]+", kind)}


def test_every_kind_in_the_source_has_a_file(told: Told) -> None:
    seen = {problem.kind for problems in told.values() for problem in problems}
    elsewhere = {
        "exists",
        "ending",
        "unread",
    }  # of a target, not of a file; of a lens that is not there (below)
    assert kinds_in_source() - seen - KINDS_OF_BYTES - elsewhere == set()


def test_a_number_that_no_lens_reads_is_told() -> None:
    words = vocabulary()
    reads = {lens: patterns for lens, patterns in (words.reads or {}).items() if lens != "conflict"}
    _, problems = examine(HERE / "good" / "rich.yaml", Vocabulary(words.terms, reads))
    assert [
        str(problem).partition("rich.yaml:")[2] for problem in problems if ".weights." in problem.path
    ] == [
        f"139: warning: preferences.south.weights.{option}: no lens reads this number; "
        "try: delete it, or keep it as documentation"
        for option in ("pay", "sail")
    ]
    assert {problem.kind for problem in problems} == {"unread"}
    assert len(problems) == 6


def test_nothing_in_a_file_is_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("yaml_runs_code.yaml", "yaml_makes_object.yaml"):
        text = (HERE / "bad" / name).read_text("utf-8")
        assert "ran.txt" in text
        Path(name).write_text(text, "utf-8")
        assert {problem.kind for problem in accord.check(name)} == {"tag"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "yaml_makes_object.yaml",
        "yaml_runs_code.yaml",
    ]


def test_dates_known_less_closely_are_not_held_against_anybody(tmp_path: Path) -> None:
    text = (HERE / "good" / "minimal.yaml").read_text("utf-8")
    assert "as_of: 2020-06\n" in text
    file = tmp_path / "dates.yaml"
    told = "shocks:\n" + "".join(
        f"  s{index}: {{says: It came., date: {date}, in_file: true}}\n"
        for index, date in enumerate(("2020", "2020-06", "2020-06-30", "2020-06-01", "2019"))
    )
    coming = "".join(
        f"  t{index}: {{says: It will come., date: {date}}}\n"
        for index, date in enumerate(("2020", "2020-06", "2020-06-01"))
    )
    file.write_text(text + told + coming + "resolve: {alive: {question: Alive?, by: 2020}}\n", "utf-8")
    assert accord.check(file) == []


def test_a_tagged_value_is_told_of_once(tmp_path: Path) -> None:
    file = tmp_path / "tagged.yaml"
    file.write_text(
        (HERE / "good" / "minimal.yaml").read_text("utf-8") + "stakes: !!str 0.5\nties: !x {}\n", "utf-8"
    )
    assert [problem.kind for problem in accord.check(file)] == ["tag", "tag"]


@pytest.mark.parametrize("name", ["number_percent.yaml", "unused.yaml"])
def test_the_same_as_json(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE / ("bad" if name in BAD else "odd"))
    found = CliRunner().invoke(main, ["check", name, "--json"])
    told = [Problem(**one) for one in json.loads(found.stdout)]
    assert told == accord.check(name)
    assert found.stderr == ""
    assert found.exit_code == (2 if name in BAD else 0)
