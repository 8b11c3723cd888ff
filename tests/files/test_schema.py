"""The published JSON Schema accepts what the checker accepts, and refuses what is built wrongly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import accord
from accord.files.node import Lines, from_plain, to_plain
from accord.files.reader import build_and_check
from accord.files.schema import reference_of, schema_of
from accord.files.text import parse
from accord.lenses import vocabulary
from accord.situation import WORDS as WORD_TABLE
from accord.situation import ranges

HERE = Path(__file__).parent
PACKAGE = Path(accord.__file__).parent
DOCS = HERE.parents[1] / "docs" / "reference" / "situation.md"
PUBLISHED = PACKAGE / "files" / "situation.schema.json"
WORDS = vocabulary()
SCHEMA = schema_of(WORDS)
VALIDATOR = Draft202012Validator(SCHEMA)
GOOD = [
    *sorted((HERE / "good").glob("*.*")),
    *sorted((HERE / "odd").glob("*.yaml")),
    PACKAGE / "files" / "template.yaml",
    PACKAGE / "files" / "sheet.yaml",
]
CASES = list(accord.list_cases().values())
RICH = json.loads((HERE / "good" / "rich.json").read_text("utf-8"))
# Bad files whose fault an editor can show while one types.
SEEN_BY_SCHEMA = (
    *(
        "key_missing_all",
        "key_missing_as_of",
        "key_missing_inside",
        "key_unknown",
        "key_misspelt_inside",
        "key_other_spelling",
    ),
    *(
        "key_in_wrong_block",
        "key_of_lens_in_wrong_block",
        "key_empty",
        "key_comma_in_braces",
        "key_bad_names",
        "key_format_version",
    ),
    *(
        "key_format_version_zero",
        "key_format_version_quoted",
        "key_format_version_word",
        "type_text_for_block",
        "type_list_for_block",
    ),
    *(
        "type_block_for_text",
        "type_text_for_record",
        "type_whole_number",
        "type_number_in_quotes",
        "type_number_in_words",
    ),
    *(
        "type_true_or_false",
        "type_not_a_choice",
        "type_number_as_block",
        "type_scale_in_words",
        "type_block_for_choice",
    ),
    *(
        "number_over_one",
        "number_true",
        "number_negative",
        "number_out_of_range",
        "number_other_keys",
        "number_without_number",
    ),
    *(
        "number_distribution_unknown",
        "number_word_is_list",
        "number_confidence",
        "number_reason_with_comma",
        "number_own_words",
    ),
    *("quorum_of_one", "date_other_forms", "record_from_text", "key_of_analyst"),
    *("many_at_once", "claim_unknown", "shock_when", "correlation"),
)


def plain(path: Path) -> Any:
    """A file as plain data, with the types that the reader gives them."""
    root, problems = parse(path.read_bytes())
    assert root is not None
    assert not problems
    return to_plain(root)


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("path", [*GOOD, *CASES], ids=lambda path: path.name)
def test_good_files_are_accepted(path: Path) -> None:
    assert [error.json_path for error in VALIDATOR.iter_errors(plain(path))] == []


@pytest.mark.parametrize("name", SEEN_BY_SCHEMA)
def test_files_built_wrongly_are_refused(name: str) -> None:
    path = HERE / "bad" / f"{name}.yaml"
    assert not VALIDATOR.is_valid(plain(path))
    assert any(problem.severity == "error" for problem in accord.check(path))


def spots(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in plain data."""
    inner = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    )
    return [path, *(spot for key, child in inner for spot in spots(child, (*path, key)))]


def put(value: Any, spot: tuple[Any, ...], new: Any) -> Any:
    """Plain data with something else at a spot."""
    if not spot:
        return new
    if isinstance(value, list):
        return [put(inner, spot[1:], new) if index == spot[0] else inner for index, inner in enumerate(value)]
    return {key: put(inner, spot[1:], new) if key == spot[0] else inner for key, inner in value.items()}


NEW = (
    st.none()
    | st.booleans()
    | st.integers(-3, 2020)
    | st.floats(-2, 2)
    | st.sampled_from(("likely", "low", "state", "2020-05", "gazette p. 3", "north", "", "both"))
    | st.sampled_from(
        (
            {},
            [],
            {"best": 0.5},
            {"low": 0, "best": 0, "high": 1},
            {"to": 1},
            {"word": "high", "source": "letter"},
        )
    )
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([spot for spot in spots(RICH) if spot]), NEW)
def test_what_the_checker_accepts_the_schema_accepts(spot: tuple[Any, ...], new: Any) -> None:
    data = put(RICH, spot, new)
    root = from_plain(data)
    if build_and_check(root, WORDS, Lines.of("x", root))[0] is not None:
        assert [error.json_path for error in VALIDATOR.iter_errors(data)] == []


def test_every_number_is_in_the_schema_with_its_range_and_question() -> None:
    for pattern, (limits, question) in ranges(WORDS).items():
        found = schema_at(pattern.split("."))
        assert question in found.get("description", "") or "*" in pattern.split(".")[-1]
        number = found["anyOf"][0]
        assert number["type"] == "number"
        if limits is not None:
            assert number.get("minimum", float("-inf")) == limits.low
            assert number.get("maximum", float("inf")) == limits.high


def schema_at(parts: list[str]) -> Any:
    """The part of the schema for a path pattern."""
    found: Any = SCHEMA
    for part in parts:
        while "$ref" in found:
            found = SCHEMA["$defs"][found["$ref"].rpartition("/")[2]]
        if part == "*" and "anyOf" in found:  # a list of blocks that have a short form
            found = next(one["items"]["anyOf"][1] for one in found["anyOf"] if "items" in one)
        else:
            found = found["additionalProperties"] if part == "*" else found["properties"][part]
    return found


def test_the_published_schema_is_the_current_one() -> None:
    assert PUBLISHED.read_text("utf-8") == json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n", (
        "accord schema > src/accord/files/situation.schema.json"
    )


def test_the_reference_page_is_the_current_one() -> None:
    assert DOCS.read_text("utf-8") == reference_of(WORDS), (
        "accord schema --reference > docs/reference/situation.md"
    )


def test_the_reference_page_tells_of_every_number() -> None:
    page = reference_of(WORDS)
    rows = {row.split("`")[1]: row for row in page.splitlines() if row.startswith("| `")}
    for pattern, (_, question) in ranges(WORDS).items():
        assert question in rows[pattern], pattern
        assert rows[pattern].replace("\\|", "").count("|") == 8
    assert "*needed*" in rows["as_of"]
    assert {f"`{word}`" for word in WORD_TABLE} <= {f"`{name}`" for name in rows}
