"""Writing out and reading back gives an equal situation; the digest sees content and nothing else."""

from __future__ import annotations

import dataclasses
import json
import pickle
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import accord
from accord.files.dump import digest_of, plain_of
from accord.files.emit import as_json, block, flow
from accord.files.node import Lines, from_plain, to_plain
from accord.files.reader import build_and_check
from accord.files.text import parse
from accord.lenses import vocabulary
from accord.situation import Estimate, Situation, at, estimates
from accord.testing.strategies import situations

GOOD = Path(__file__).parent / "good"
FILES = ["minimal.yaml", "rich.yaml", "rich.json", "aliases.yaml"]
RICH = accord.read(GOOD / "rich.yaml")
PLAIN = plain_of(RICH)
WORDS = vocabulary()


def again(plain: Any) -> Situation:
    """The situation that plain data says."""
    root = from_plain(plain)
    situation, problems = build_and_check(root, WORDS, Lines.of("x", root))
    assert situation is not None, [str(problem) for problem in problems]
    return situation


def test_yaml_and_json_say_the_same() -> None:
    one, other = accord.read(GOOD / "rich.yaml"), accord.read(GOOD / "rich.json")
    assert (one, hash(one), one.digest) == (other, hash(other), other.digest)
    assert one.digest != accord.read(GOOD / "minimal.yaml").digest


@pytest.mark.parametrize("name", FILES)
def test_out_and_back(name: str, tmp_path: Path) -> None:
    situation = accord.read(GOOD / name)
    back = again(plain_of(situation))
    assert (back, hash(back), back.digest) == (situation, hash(situation), situation.digest)
    assert plain_of(back) == plain_of(situation)
    for ending in ("yaml", "json"):
        file = tmp_path / f"again.{ending}"
        accord.save(situation, file)
        assert accord.read(file) == situation
        assert accord.read(file).digest == situation.digest
    assert accord.read(GOOD / name).name == Path(name).stem
    assert pickle.loads(pickle.dumps(situation)) == situation


@settings(max_examples=12, deadline=None)
@given(situations())
def test_any_situation_out_and_back(situation: Situation) -> None:
    root = from_plain(plain_of(situation))
    back, problems = build_and_check(root, WORDS, Lines.of("x", root))
    if back is None:  # the strategy makes things that the checker does not allow, too
        assert [problem for problem in problems if problem.severity == "error"]
        return
    assert back == situation
    assert hash(back) == hash(situation)
    assert back.digest == digest_of(situation)


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same data with the keys of every block in another order."""
    if isinstance(value, Mapping):
        keys = list(value)
        chance.shuffle(keys)
        return {key: shuffled(value[key], chance) for key in keys}
    return [shuffled(inner, chance) for inner in value] if isinstance(value, list) else value


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_keys_does_not_matter(seed: int) -> None:
    mixed = shuffled(PLAIN, random.Random(seed))
    assert json.dumps(mixed) != json.dumps(PLAIN)
    other = again(mixed)
    assert (other, hash(other), other.digest) == (RICH, hash(RICH), RICH.digest)


def test_formatting_does_not_matter(tmp_path: Path) -> None:
    spellings = {
        "braces.yaml": flow(PLAIN),
        "blocks.yaml": "\n".join(block(PLAIN)),
        "tight.json": json.dumps(PLAIN, separators=(",", ":")),
        "escaped.json": json.dumps(PLAIN, indent="\t", ensure_ascii=True),
        "comments.yaml": "# first\n"
        + "\n# between\n\n".join(block(PLAIN)[:6])
        + "\n"
        + "\n".join(block(PLAIN)[6:]),
    }
    for name, text in spellings.items():
        (tmp_path / name).write_text(text, "utf-8")
        assert accord.read(tmp_path / name).digest == RICH.digest, name


def test_numbers_written_in_other_ways_are_the_same(tmp_path: Path) -> None:
    text = (GOOD / "rich.yaml").read_text("utf-8")
    other = text.replace("reference_point: 50", "reference_point: 5.0e1").replace(
        "territory: 0.5", "territory: .50"
    )
    other = other.replace("salience: very likely", "salience: 'Very-Likely'").replace(
        "quorum: 2", "quorum: 2.0"
    )
    other = other.replace("trust: likely, ", "trust: probable, ").replace(
        "capability: 0.4", "capability: {best: 0.4}"
    )
    assert other != text
    (tmp_path / "other.yaml").write_text(other, "utf-8")
    assert accord.read(tmp_path / "other.yaml").digest == RICH.digest


def test_every_changed_number_changes_the_digest() -> None:
    seen = {RICH.digest}
    for path, estimate in estimates(RICH).items():
        for key in ("best", "low", "high"):
            value = getattr(estimate, key)
            if value is None:
                continue
            other = dataclasses.replace(estimate, **{key: value + 1e-9, "word": None})
            seen.add(digest_of(replaced(RICH, path.split("."), other)))
        for index, (name, value) in enumerate(estimate.parameters):
            moved = [*estimate.parameters]
            moved[index] = (name, value + 1e-9)
            seen.add(
                digest_of(
                    replaced(RICH, path.split("."), dataclasses.replace(estimate, parameters=tuple(moved)))
                )
            )
    count = sum(
        sum(getattr(e, key) is not None for key in ("best", "low", "high")) + len(e.parameters)
        for e in estimates(RICH).values()
    )
    assert len(seen) == count + 1


def replaced(value: Any, parts: list[str], new: Estimate) -> Any:
    """A situation with one estimate exchanged, by hand."""
    if not parts:
        return new
    head, rest = parts[0], parts[1:]
    if isinstance(value, Mapping):
        return type(value)({**value, head: replaced(value[head], rest, new)})
    if isinstance(value, tuple):
        return tuple(replaced(one, rest, new) if str(i) == head else one for i, one in enumerate(value))
    if hasattr(value, head):
        return dataclasses.replace(value, **{head: replaced(getattr(value, head), rest, new)})
    return dataclasses.replace(value, terms=replaced(value.terms, parts, new))


@pytest.mark.parametrize(
    "change",
    [
        ("title: ", "title: The "),
        ("kind: government", "kind: state"),
        ("date: 2017-05-04", "date: 2017-05"),
        ("now: true", "now: false"),
        ("reliability: B", "reliability: C"),
        ("source: letter p. 2}", "source: letter p. 3}"),
        ("confidence: moderate", "confidence: high"),
        ("assumed: last war", "assumed: next war"),
        ("endurance.survival.bilateral.120: down", "endurance.survival.bilateral.120: up"),
        ("horizon: 120", "horizon: 121"),
        ("not sail if not pay", "not sail iff not pay"),
        ("tied: true", "tied: false"),
        ("ranking: [sail or lend, not sail and not lend]", "ranking: [not sail and not lend, sail or lend]"),
        ("when: sail, then: pay or lend", "when: sail, then: lend or pay"),
        ("alike: lend and pay", "infeasible: lend and sail"),
        ("says: Nobody could afford it., source: letter p. 2", "says: Nobody could afford it."),
        ("{times: 0.5}", "{times: 0.6}"),
        ("outcome: true", "outcome: false"),
    ],
    ids=lambda change: change[0].strip(),
)
def test_what_is_not_a_number_counts_as_well(change: tuple[str, str], tmp_path: Path) -> None:
    text = (GOOD / "rich.yaml").read_text("utf-8")
    assert change[0] in text
    new = (
        text.replace(*change, 1)
        if change[0] != "title: "
        else text.replace('title: "North', 'title: "The North')
    )
    (tmp_path / "other.yaml").write_text(new, "utf-8")
    assert accord.read(tmp_path / "other.yaml").digest != RICH.digest


def test_the_file_name_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_bytes((GOOD / "rich.yaml").read_bytes())
    other = accord.read(tmp_path / "other.yaml")
    assert (other.name, other.digest, other) == ("other", RICH.digest, RICH)


def test_numbers_that_are_names_keep_their_spelling(tmp_path: Path) -> None:
    text = (
        (GOOD / "rich.yaml")
        .read_text("utf-8")
        .replace('locator: "7"', "locator: 7.10")
        .replace("label: Money", "label: 007")
    )
    (tmp_path / "other.yaml").write_text(text, "utf-8")
    other = accord.read(tmp_path / "other.yaml")
    assert at(other, "stances.fees.north.position").citations[1].locator == "7.10"
    assert other.resources["money"].label == "007"
    accord.save(other, tmp_path / "third.yaml")
    assert accord.read(tmp_path / "third.yaml") == other


ANY = st.recursive(
    st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(ANY)
def test_what_is_written_reads_back(value: Any) -> None:
    for text in (flow({"x": value}), "\n".join(block({"x": value})), as_json({"x": value})):
        try:
            data = text.encode("utf-8")
        except UnicodeEncodeError:
            return
        root, problems = parse(data)
        if problems:
            assert {problem.kind for problem in problems} <= {
                "control-character",
                "broken-character",
                "key-not-text",
            }
            continue
        assert root is not None
        assert to_plain(root) == {"x": value}
