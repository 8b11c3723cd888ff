"""Yearly spells, of a store small enough to say by hand what each row holds."""

import math

import numpy as np
import pytest
from spell_samples import TEXTS, made_up_store

from accord.data import import_files
from accord.lenses.precedent.spells import COVARIATES, TYPES, moving, spells_of
from accord.problems import SituationError


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return spells_of(made_up_store(tmp_path_factory.mktemp("spells")))


def row(told, number, year):
    """The covariates of an alliance in a year, by name."""
    (place,) = np.flatnonzero((told.alliance == number) & (told.year == year))
    return dict(zip(COVARIATES, told.covariates[place].tolist(), strict=True))


def test_rows_causes_and_exposure(told) -> None:
    one = told.take(told.alliance == 9001)
    assert one.year.tolist() == [1950, 1951, 1952, 1953, 1954, 1955]
    assert one.cause.tolist() == [0, 0, 0, 0, 0, 2]
    assert one.exposure.tolist() == pytest.approx([0.5, 1, 1, 1, 1, 1])
    assert {TYPES[kind] for kind in one.type} == {"defense"}
    two = told.take(told.alliance == 9002)
    assert (two.year[0], two.year[-1], two.cause[-1], two.cause[-2]) == (1952, 2017, -1, 0)
    three = told.take(told.alliance == 9003)
    assert (three.year.tolist(), three.cause.tolist()) == ([1953], [1])


def test_the_specified_length(told) -> None:
    # 36 months from July 1950 run out in July 1953.
    flags = [
        tuple(row(told, 9001, year)[name] for name in ("term_running", "term_due", "term_over"))
        for year in (1950, 1953, 1954)
    ]
    assert flags == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    assert [row(told, 9002, 1960)[name] for name in ("term_running", "term_due", "term_over")] == [0, 0, 0]
    assert math.isnan(row(told, 9003, 1953)["term_due"])


def test_what_members_went_through(told) -> None:
    at = row(told, 9001, 1953)
    assert at["capability_change"] == pytest.approx(math.log(2) / 2)  # Russia doubled, Iran stayed
    assert at["majors"] == 0.5
    assert (at["dispute_within"], at["dispute_outside"]) == (1.0, 0.0)
    assert at["shared_rival"] == 1.0  # the United States, of both, in 1952
    assert at["rivals_within"] == 0.0
    assert at["outside_alliance"] == 0.5  # Iran entered 9002 in 1952
    assert row(told, 9001, 1952)["rivals_within"] == 1.0
    assert row(told, 9001, 1953)["leader_change"] == 0.0  # of 1952, and nothing is known of Russia
    after = row(told, 9001, 1954)
    assert after["leader_change"] == 1.0  # Iran, 1953: a year later
    assert after["coalition_change"] == 0.5
    assert after["dispute_outside"] == 0.5


def test_what_is_not_known_is_not_zero(told) -> None:
    assert math.isnan(row(told, 9001, 1952)["capability_change"])
    assert math.isnan(row(told, 9001, 1951)["coalition_change"])
    assert math.isnan(row(told, 9002, 2000)["dispute_within"])  # the list ends in 1990
    assert math.isnan(row(told, 9001, 1951)["dispute_within"])  # and begins in 1951


def test_who_joined_later_does_not_count_before(told) -> None:
    # Turkey joined 9002 in 1960: until then one of two members is a major power, then one of three.
    assert row(told, 9002, 1960)["majors"] == 0.5
    assert row(told, 9002, 1961)["majors"] == pytest.approx(1 / 3)


def test_the_clock() -> None:
    at = moving(np.array([0.0, 3.0]), np.array([1950.0, 1953.0]), np.array([np.nan, 1953.0]))
    assert np.isnan(at[0, 1:]).all()
    assert at[1].tolist() == [math.log(4.0), 0.0, 1.0, 0.0]


@pytest.mark.parametrize("left_out", ["m.csv", "d.csv", "c.csv"])
def test_what_is_missing_is_named(tmp_path, left_out) -> None:
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    store = tmp_path / "p.duckdb"
    import_files([tmp_path / name for name in TEXTS if name != left_out], store=store)
    with pytest.raises(SituationError, match="has not been imported"):
        spells_of(store)
