"""Numbers by their paths, patterns of paths, ranges in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import accord
from accord.lenses import vocabulary
from accord.situation import Estimate, Range, Situation, at, estimates, fields_of, fits, matches, ranges

RICH = accord.read(Path(__file__).parents[1] / "files" / "good" / "rich.yaml")
WORDS = vocabulary()


def test_every_number_stands_at_its_path() -> None:
    found = estimates(RICH)
    assert len(found) > 50
    for path, estimate in found.items():
        assert at(RICH, path) is estimate


def test_every_number_has_a_declared_range() -> None:
    patterns = ranges(WORDS)
    for path in estimates(RICH):
        assert sum(matches(path, pattern) for pattern in patterns) == 1, path


def test_numbers_lie_inside_their_declared_ranges() -> None:
    for path, estimate in estimates(RICH).items():
        limits = next(limits for pattern, (limits, _) in ranges(WORDS).items() if matches(path, pattern))
        for value in (estimate.low, estimate.best, estimate.high):
            assert limits is None or value is None or value in limits


def test_the_items_of_a_list_have_paths() -> None:
    assert [path for path in estimates(RICH) if "statements" in path] == [
        "preferences.north.statements.1.sure"
    ]
    assert at(RICH, "preferences.north.statements.2.tied") is True
    for wrong in ("3", "-1", "x", "1.sur", "2.sure"):
        with pytest.raises(KeyError):
            at(RICH, f"preferences.north.statements.{wrong}")


@pytest.mark.parametrize(
    "path", ["", "nothing", "actors.nobody", "actors.north.nothing", "title.length", "ties.south.east.trust"]
)
def test_a_path_at_which_nothing_stands(path: str) -> None:
    with pytest.raises(KeyError):
        at(RICH, path)


def test_names_and_digest_are_not_keys() -> None:
    assert not {"name", "digest", "terms"} & set(fields_of(Situation))
    assert {"name", "digest"} <= set(Situation.__dataclass_fields__)


NAMES = st.lists(st.text("abc", min_size=1, max_size=2), min_size=1, max_size=4)


@given(NAMES, st.data())
def test_a_star_stands_for_one_name(parts: list[str], data: st.DataObject) -> None:
    path = ".".join(parts)
    stars = data.draw(st.sets(st.integers(0, len(parts) - 1)))
    assert matches(path, ".".join("*" if index in stars else part for index, part in enumerate(parts)))
    assert matches(path, "**")
    assert matches(path, f"{parts[0]}.**") == (len(parts) > 1 or matches(path, f"{parts[0]}.**"))
    assert not matches(path, f"{path}.*")
    assert not matches(f"{path}.x", ".".join("*" for _ in parts))


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Range(), "a number"),
        (Range(0, 1, "share"), "a number from 0 to 1 (share)"),
        (Range(0, unit="months"), "a number of at least 0 (months)"),
        (Range(high=1), "a number of at most 1"),
        (Range(1, 1), "1"),
    ],
)
def test_ranges_in_words(limits: Range, words: str) -> None:
    assert limits.words() == words


def test_an_estimate_knows_its_standing() -> None:
    assert Estimate(0.5).is_assumed
    assert Estimate(0.5).is_fixed
    assert not Estimate(0.5, 0.4, 0.6, "pert").is_fixed
    assert Estimate(None, 0.0, 1.0, "normal", (("mean", 0.5), ("sd", 0.1))).parameter("mean") == 0.5
    assert Estimate(0.5, 0.4).parameter("low") == 0.4
    assert Estimate(0.5).parameter("sd") is None


PARTS = st.sampled_from(["a", "b", "*", "**", ""])
PATTERNS = st.lists(st.lists(PARTS, min_size=1, max_size=4).map(".".join), max_size=6).map(tuple)


@given(st.lists(st.sampled_from(["a", "b", ""]), min_size=1, max_size=5).map(".".join), PATTERNS)
def test_to_fit_any_is_to_match_one(path: str, patterns: tuple[str, ...]) -> None:
    assert fits(path, patterns) == any(matches(path, pattern) for pattern in patterns)
