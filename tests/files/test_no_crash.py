"""Whatever is in a file: checking returns a list, reading returns or raises SituationError, nothing is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import accord
from accord.files.dump import digest_of, plain_of
from accord.files.node import Lines, from_plain
from accord.files.reader import build_and_check
from accord.lenses import vocabulary
from accord.situation import Situation

HERE = Path(__file__).parent
SEEDS = [path.read_bytes() for path in sorted((HERE / "bad").glob("*.yaml"))] + [
    (HERE / "good" / name).read_bytes() for name in ("minimal.yaml", "aliases.yaml")
]
RICH = json.loads((HERE / "good" / "rich.json").read_text("utf-8"))
WORDS = vocabulary()
QUICK = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Pieces of text that mean something to YAML, to JSON or to numbers.
PIECES = (
    *"{}[]:,-?#&*!|>'\"%@`\\~=<",
    *(
        ": ",
        "- ",
        "? ",
        " #",
        "\n",
        "\n  ",
        "\n\t",
        "\r",
        "---\n",
        "...\n",
        "%YAML 1.2\n",
        "&a ",
        "*a",
        "<<: *a",
        "!!int ",
    ),
    *(
        "!<",
        "null",
        "~",
        "true",
        "yes",
        ".nan",
        "-.inf",
        "1e999",
        "0x1F",
        "1_000",
        "9" * 40,
        "-0",
        "50%",
        "0,5",
        "2020-02-30",
    ),
    *(
        "\\u0000",
        "\\ud800",
        '"\\x',
        "\x00",
        "\x07",
        "\x85",
        "\u2028",
        "\ufeff",
        "é",
        "\U0001f6f3",
        "{" * 30,
        "[" * 30,
        "\n" + " " * 40,
    ),
    *(
        "low",
        "likely",
        "best",
        "word",
        "source",
        "to",
        "times",
        "changes",
        "north",
        "stances.fees.north.position",
    ),
)


def survive(data: bytes, folder: Path) -> None:
    """Check and read a file of these bytes."""
    file = folder / "any.yaml"
    file.write_bytes(data)
    problems = accord.check(file)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        with pytest.raises(accord.SituationError) as caught:
            accord.read(file)
        assert list(caught.value.problems) == problems
    else:
        assert len(accord.read(file).digest) == 64
    for problem in problems:
        assert problem.file == str(file)
        assert problem.says
    assert list(folder.iterdir()) == [file]
    assert file.read_bytes() == data


@QUICK
@given(st.binary(max_size=300))
def test_any_bytes(tmp_path: Path, data: bytes) -> None:
    survive(data, tmp_path)


@QUICK
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=25).map("".join))
def test_any_text_that_looks_like_yaml(tmp_path: Path, text: str) -> None:
    survive(text.encode("utf-8", "surrogatepass"), tmp_path)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A small file with a few pieces taken out, put in, doubled or moved."""
    data = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 4))):
        start, end = sorted(draw(st.integers(0, len(data))) for _ in range(2))
        end = min(end, start + 30)
        piece = draw(st.sampled_from(PIECES)).encode("utf-8", "surrogatepass")
        data = draw(
            st.sampled_from(
                (
                    data[:start] + data[end:],
                    data[:start] + piece + data[start:],
                    data[:start] + piece + data[end:],
                    data[:end] + data[start:end] + data[end:],
                    data[:start],
                    data[:start] + draw(st.binary(max_size=3)) + data[start:],
                )
            )
        )
    return data


@QUICK
@given(damaged())
def test_any_damage_to_a_file(tmp_path: Path, data: bytes) -> None:
    survive(data, tmp_path)


def keys_of(value: Any) -> set[str]:
    """Every key anywhere in plain data."""
    if isinstance(value, Mapping):
        return set(value) | {key for inner in value.values() for key in keys_of(inner)}
    return {key for inner in value for key in keys_of(inner)} if isinstance(value, list) else set()


KEYS = st.sampled_from(
    sorted(keys_of(RICH) | {"word", "distribution", "plus", "against", "<<", ""})
) | st.text(max_size=5)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.sampled_from(
        ("likely", "low", "north", "gazette p. 3", "2020-05", "50%", "state", "", " ", "yes", "?")
    )
    | st.text(max_size=6)
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@QUICK
@given(st.dictionaries(KEYS, TREES, max_size=6) | TREES)
def test_any_json(tmp_path: Path, value: Any) -> None:
    survive(json.dumps(value).encode(), tmp_path)


def spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in plain data."""
    inner = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    )
    return [path, *(spot for key, child in inner for spot in spots(child, (*path, key)))]


SPOTS = [spot for spot in spots(RICH) if spot]


def put(value: Any, spot: tuple[Any, ...], new: Any) -> Any:
    """Plain data with something else at a spot, if the spot is still there."""
    if not spot:
        return new
    head, rest = spot[0], spot[1:]
    if isinstance(value, Mapping) and head in value:
        return {**value, head: put(value[head], rest, new)}
    if isinstance(value, list) and isinstance(head, int) and head < len(value):
        return [*value[:head], put(value[head], rest, new), *value[head + 1 :]]
    return value


def built(plain: Any) -> Situation | None:
    """The situation that plain data says, None when something is wrong with it."""
    root = from_plain(plain)
    situation, problems = build_and_check(root, WORDS, Lines.of("x", root))
    assert (situation is None) == any(problem.severity == "error" for problem in problems)
    return situation


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SPOTS), TREES), min_size=1, max_size=3))
def test_a_rich_situation_with_anything_anywhere(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    plain = RICH
    for spot, new in changes:
        plain = put(plain, spot, new)
    situation = built(plain)
    if situation is not None:
        again = built(plain_of(situation))
        assert again == situation
        assert again is not None
        assert digest_of(again) == situation.digest


def test_a_rich_situation_with_a_hole() -> None:
    holes: tuple[Any, ...] = (None, {}, [], "", 0, True)
    for index, spot in enumerate(SPOTS[::7]):
        built(put(RICH, spot, holes[index % len(holes)]))
