"""Saving changes what has changed and nothing else, keeps every comment, and never leaves half a file."""

from __future__ import annotations

import dataclasses
import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import accord
from accord.files.dump import digest_of, plain_of
from accord.files.edit import edited
from accord.situation import Estimate, Frozen, Situation, estimates

GOOD = Path(__file__).parent / "good"
TEMPLATE = Path(accord.__file__).parent / "files" / "template.yaml"
FILES = [GOOD / "minimal.yaml", GOOD / "rich.yaml", GOOD / "aliases.yaml", TEMPLATE]
# A comment: not a sharp sign inside quotes or inside the text block of the rich file.
COMMENT = re.compile(r"(?:^|(?<=[\s]))#(?! sign| and a| this line| with a sharp)[^\r\n]*", re.MULTILINE)
RICH = accord.read(GOOD / "rich.yaml")


def comments(text: str) -> list[str]:
    """Every comment, sorted."""
    return sorted(comment.rstrip() for comment in COMMENT.findall(text))


def names(folder: Path) -> list[str]:
    """Names of everything in a folder, hidden things too."""
    return sorted(path.name for path in folder.iterdir())


def saved(situation: Situation, like: Path, folder: Path) -> str:
    """The text that saving beside an older file gives; it reads back as the situation."""
    target = folder / like.name
    target.write_bytes(like.read_bytes())
    accord.save(situation, target)
    assert accord.read(target) == situation
    assert accord.read(target).digest == digest_of(situation)
    assert names(folder) == [like.name]
    return target.read_bytes().decode("utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@pytest.mark.parametrize("how", ["as_it_is", "mark", "crlf", "no_last_newline", "spread_out"])
def test_nothing_changed_means_not_one_byte(path: Path, how: str, tmp_path: Path) -> None:
    data = path.read_bytes()
    data = {
        "as_it_is": data,
        "mark": b"\xef\xbb\xbf" + data,
        "crlf": data.replace(b"\n", b"\r\n"),
        "no_last_newline": data.rstrip(),
        "spread_out": data.replace(b": {", b":    {").replace(b"\n\n", b"\n   \n\n"),
    }[how]
    file = tmp_path / "file.yaml"
    file.write_bytes(data)
    accord.save(accord.read(file), file)
    assert file.read_bytes() == data


def test_nothing_changed_in_braces_with_tabs(tmp_path: Path) -> None:
    file = tmp_path / "braces.yaml"
    file.write_text((GOOD / "rich.json").read_text("utf-8").replace("  ", "\t"), "utf-8")
    before = file.read_bytes()
    accord.save(accord.read(file), file)
    assert file.read_bytes() == before


def test_nothing_changed_but_elsewhere(tmp_path: Path) -> None:
    accord.save(RICH, tmp_path / "deep" / "copy.yaml", like=GOOD / "rich.yaml")
    assert (tmp_path / "deep" / "copy.yaml").read_bytes() == (GOOD / "rich.yaml").read_bytes()


NEW_NUMBERS: tuple[Any, ...] = (
    0.5,
    {"low": 0.4, "best": 0.5, "high": 0.6},
    "medium",
    {"distribution": "uniform", "low": 0.3, "high": 0.4, "assumed": "a comma, a colon: and a # sign"},
    {"best": 0.5, "source": ["gazette p. 3", {"of": "letter", "date": "2020-01"}], "note": "said so"},
)


def changed_numbers(situation: Situation) -> list[tuple[str, Any, Situation]]:
    """The situation with each number changed in some way that the checker allows."""
    found = []
    for index, path in enumerate(estimates(situation)):
        for turn in range(len(NEW_NUMBERS)):
            new = NEW_NUMBERS[(index + turn) % len(NEW_NUMBERS)]
            try:
                found.append((path, new, accord.amend(situation, {path: new})))
                break
            except accord.SituationError:
                continue
    return found


@pytest.mark.parametrize("path", FILES[1:], ids=lambda path: path.name)
def test_a_changed_number_keeps_every_comment_and_every_other_line(path: Path, tmp_path: Path) -> None:
    text, situation = path.read_text("utf-8"), accord.read(path)
    kept, lines = comments(text), text.splitlines()
    for place, new, changed in changed_numbers(situation)[::3]:
        after = edited(text, plain_of(situation), plain_of(changed))
        assert comments(after) == kept, (place, new)
        if path.name != "aliases.yaml":
            untouched = set(lines) - set(after.splitlines())
            assert len(untouched) <= 12, (place, untouched)


@pytest.mark.parametrize("path", FILES[1:], ids=lambda path: path.name)
def test_a_changed_number_reads_back(path: Path, tmp_path: Path) -> None:
    every = changed_numbers(accord.read(path))
    for _, _, changed in every[:: max(1, len(every) // 4)]:
        saved(changed, path, tmp_path)


def test_only_the_line_of_the_number_changes(tmp_path: Path) -> None:
    before = (GOOD / "rich.yaml").read_text("utf-8")
    after = saved(accord.amend(RICH, {"actors.south.capability.ships": 0.25}), GOOD / "rich.yaml", tmp_path)
    assert after == before.replace("      ships: 0.3\n", "      ships: 0.25\n")


def test_a_block_with_comments_inside_becomes_one_number(tmp_path: Path) -> None:
    changed = accord.amend(RICH, {"stances.fees.north.position": 55})
    after = saved(changed, GOOD / "rich.yaml", tmp_path)
    start = after.index("    north:\n      # from a speech")
    assert after[start : after.index("      # after the speech")] == (
        "    north:\n"
        "      # from a speech\n"
        "      position:\n"
        "        # as reported\n"
        "        best: 55   # the figure itself\n"
    )


def test_crlf_stays_crlf(tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    file.write_bytes((GOOD / "rich.yaml").read_bytes().replace(b"\n", b"\r\n"))
    changed = accord.amend(accord.read(file), {"issues.patrols.standing": 0.5})
    accord.save(changed, file)
    data = file.read_bytes()
    assert accord.read(file) == changed
    assert data.count(b"\n") == data.count(b"\r\n")


CHANGES: dict[str, dict[str, Any]] = {
    "new_number": {"issues.patrols.standing": 0.25},
    "new_at_the_end_of_the_file": {"sources.letter.reliability": "C"},
    "new_block": {"ties.south.east": {"trust": 0.5, "affinity": {"low": -1, "best": 0, "high": 0.5}}},
    "new_in_braces": {
        "partnership.patrons.south.patience": {
            "low": 0.2,
            "best": 0.4,
            "high": 0.6,
            "assumed": "none, really",
        }
    },
    "new_top_block": {"question": "And then?", "stakes": 0.2},
    "two_in_one_block": {
        "issues.patrols.standing": 0.25,
        "issues.patrols.label": "Patrols: how long",
        "issues.patrols.reference_point": 0,
    },
    "text": {
        "title": "yes",
        "about": "Two\nlines # and a sign",
        "actors.north.about": "- begins like a list",
    },
    "list": {"preferences.north.statements": ["not sail", "sail"]},
    "item_of_a_list": {"preferences.north.statements.1.sure": 0.7, "preferences.north.statements.0": "sail"},
    "item_to_a_block": {"preferences.north.statements.0.sure": "likely"},
    "item_to_a_text": {"preferences.north.statements.2": "lend if pay"},
    "payoff": {"preferences.crown.payoffs.lend and pay": 4},
    "empty_block": {"correlations": {}},
    "to_a_block": {"sources.gazette": {"citation": 'Another: "gazette"', "date": "2020-01"}},
    "default_again": {"partnership.quorum": 2, "shocks.raid.in_file": True, "options.pay.now": False},
}


@pytest.mark.parametrize("name", CHANGES)
def test_other_changes(name: str, tmp_path: Path) -> None:
    changed = accord.amend(RICH, CHANGES[name])
    after = saved(changed, GOOD / "rich.yaml", tmp_path)
    assert comments(after) == comments((GOOD / "rich.yaml").read_text("utf-8"))


def test_a_key_that_goes_leaves_its_comments(tmp_path: Path) -> None:
    less = dataclasses.replace(
        RICH,
        correlations=Frozen(),
        resources=Frozen(
            {**RICH.resources, "money": dataclasses.replace(RICH.resources["money"], label=None)}
        ),
    )
    fewer = dataclasses.replace(
        less,
        sources=Frozen({**RICH.sources, "letter": dataclasses.replace(RICH.sources["letter"], note=None)}),
    )
    after = saved(fewer, GOOD / "rich.yaml", tmp_path)
    assert comments(after) == comments((GOOD / "rich.yaml").read_text("utf-8"))
    assert "correlations:" not in after


def test_an_alias_that_changes_is_written_out_and_the_rest_stays(tmp_path: Path) -> None:
    path = GOOD / "aliases.yaml"
    situation = accord.read(path)
    changed = accord.amend(
        situation, {"actors.south.capability.ships": 0.5, "stances.fees.south.salience": 0.75}
    )
    after = saved(changed, path, tmp_path)
    assert comments(after) == comments(path.read_text("utf-8"))
    assert after.count("{low: 0.6, best: 0.9, high: 1.2}") == 2


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(estimates(RICH))), st.sampled_from(NEW_NUMBERS)),
        min_size=2,
        max_size=8,
    )
)
def test_any_changes_at_once(tmp_path: Path, wanted: list[tuple[str, Any]]) -> None:
    try:
        changed = accord.amend(RICH, dict(wanted))
    except accord.SituationError:
        return
    after = saved(changed, GOOD / "rich.yaml", tmp_path)
    assert comments(after) == comments((GOOD / "rich.yaml").read_text("utf-8"))


def test_saving_twice_is_saving_once(tmp_path: Path) -> None:
    changed = accord.amend(RICH, {"stakes": {"low": 0.1, "best": 0.2, "high": 0.3}})
    once = saved(changed, GOOD / "rich.yaml", tmp_path)
    accord.save(changed, tmp_path / "rich.yaml")
    assert (tmp_path / "rich.yaml").read_text("utf-8") == once


def test_json_has_no_comments_so_what_stood_there_is_not_read(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    accord.save(RICH, target)
    whole = target.read_bytes()
    target.write_text("{ half a file", "utf-8")
    accord.save(RICH, target)
    assert target.read_bytes() == whole


def test_a_file_that_cannot_be_read_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("not: [closed\n", "utf-8")
    with pytest.raises(accord.SituationError):
        accord.save(RICH, file)
    assert file.read_text("utf-8") == "not: [closed\n"


class Killed(BaseException):
    """Stands for the process being stopped."""


@pytest.mark.parametrize(
    "error",
    [OSError(28, "No space left on device"), KeyboardInterrupt(), Killed()],
    ids=["full", "ctrl_c", "killed"],
)
@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_an_interrupted_write_leaves_the_old_file_whole(
    step: str, error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rich.yaml"
    file.write_bytes((GOOD / "rich.yaml").read_bytes())
    changed = accord.amend(RICH, {"stakes": 0.9})

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(accord.RunError if isinstance(error, OSError) else type(error)):
        accord.save(changed, file)
    monkeypatch.undo()
    assert names(tmp_path) == ["rich.yaml"]
    assert file.read_bytes() == (GOOD / "rich.yaml").read_bytes()


def test_a_write_that_stops_in_the_middle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "rich.json"
    accord.save(RICH, file)
    whole = file.read_bytes()

    def half(path: Path, data: bytes) -> int:
        with path.open("wb") as stream:
            stream.write(data[: len(data) // 2])
        raise Killed

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(Killed):
        accord.save(accord.amend(RICH, {"stakes": 0.9}), file)
    monkeypatch.undo()
    assert names(tmp_path) == ["rich.json"]
    assert file.read_bytes() == whole


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(accord.RunError, match="cannot be written"):
        accord.save(RICH, tmp_path / "file" / "rich.yaml")
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(accord.RunError, match="cannot be written"):
        accord.save(RICH, tmp_path / "folder.yaml")
    assert names(tmp_path) == ["file", "folder.yaml"]


def test_every_distribution_is_written(tmp_path: Path) -> None:
    assert {e.distribution for e in estimates(RICH).values()} >= {
        "fixed",
        "pert",
        "uniform",
        "loguniform",
        "log1m_uniform",
        "triangular",
        "normal",
        "lognormal",
        "beta",
    }
    likely = accord.amend(RICH, {"issues.fees.standing": {"distribution": "bernoulli", "probability": 0.25}})
    assert isinstance(likely.issues["fees"].standing, Estimate)
    assert "standing: {distribution: bernoulli, probability: 0.25}" in saved(
        likely, GOOD / "rich.yaml", tmp_path
    )
