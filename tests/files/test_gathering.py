"""Uses of a source that is not declared are told together, by the numbers that cite it."""

from __future__ import annotations

import pytest

from accord.files.gathering import gathered
from accord.problems import Problem


def undeclared(path: str) -> Problem:
    """What is said of a citation of a source that is not there."""
    return Problem("unknown-reference", "'gazette' is not declared", path, "a name under 'sources'")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("ties.north.south.trust.source.of", "ties.north.south.trust"),
        ("ties.north.south.trust.source[1].of", "ties.north.south.trust"),
        ("actors.source_team.size.source.of", "actors.source_team.size"),
        ("actors.source_team.source_of_pride.source[0].of", "actors.source_team.source_of_pride"),
    ],
)
def test_the_number_that_cites_a_source_is_named(path: str, place: str) -> None:
    (told,) = gathered([undeclared(path), undeclared("actors.north.size.source.of")])
    assert told.says == f"'gazette' is not declared, and 2 places use it: {place}, actors.north.size"


def test_two_numbers_of_one_whose_name_begins_with_source_are_two_places() -> None:
    both = [undeclared(f"actors.source_team.{key}.source.of") for key in ("size", "stakes")]
    (told,) = gathered(both)
    assert told.says.endswith("2 places use it: actors.source_team.size, actors.source_team.stakes")
