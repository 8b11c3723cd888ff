"""What a situation states, what follows from it, and what stays open."""

from __future__ import annotations

from typing import Any

import pytest

import accord
from accord.lenses.precedent.gathering import tables_of
from accord.lenses.precedent.profile import Profile, profile_of, smallest
from accord.lenses.precedent.saying import notes, sentences
from accord.situation import Situation

TEXT = """
accord: 1
title: two and an enemy
as_of: 2020-01
partnership:
  patrons:
    iran: {threats: {fire: {value: 1.0}}}
    russia: {threats: {fire: {value: 0.5}}}
  client: {actor: friend}
  threats: {fire: {level: 0.8, strength: 1.5}}
resources: {arms: {}}
actors:
  iran: {kind: state, capability: {arms: 1.0}}
  russia: {kind: state, capability: {arms: 2.0}}
  friend: {kind: state, capability: {arms: 3.0}}
"""


def situation(tmp_path: Any, *lines: str) -> Situation:
    """A situation whose partnership states these lines too."""
    path = tmp_path / "case.yaml"
    told = "".join(f"  {line}\n" for line in lines)
    path.write_text(TEXT.replace("partnership:\n", f"partnership:\n{told}"), "utf-8")
    return accord.read(path)


def profile(tmp_path: Any, *lines: str) -> Profile:
    """Its profile."""
    return profile_of(situation(tmp_path, *lines))


def names(rates: tuple[Any, ...]) -> set[str]:
    """Names of classes."""
    return {rate.name for rate in rates}


def test_a_client_under_threat_does_not_make_it_formed_in_wartime(tmp_path) -> None:
    found = profile(tmp_path)
    assert "wartime" not in found.features
    assert {"wartime", "peacetime"} <= names(found.open)
    assert "wartime" in names(profile(tmp_path, "formed_in_wartime: 1").certain)


def test_the_shipped_case_says_that_it_was_formed_in_wartime() -> None:
    found = profile_of(accord.read("tehran-moscow-2015"))
    assert smallest(found).name == "wartime"


@pytest.mark.parametrize(
    ("line", "key", "feature"),
    [
        ("formed_in_wartime: {low: 0, best: 1, high: 1}", "formed_in_wartime", "wartime"),
        ("major_powers: {low: 0, best: 1, high: 2}", "major_powers", "majors"),
        ("major_powers: 1.5", "major_powers", "majors"),
        ("promises_defence: 0.5", "promises_defence", "defense"),
        ("formed_year: {low: 1980, best: 1985, high: 1995}", "formed_year", "year"),
    ],
)
def test_what_is_uncertain_stays_open_and_is_told(tmp_path, line: str, key: str, feature: str) -> None:
    found = profile(tmp_path, line)
    assert feature not in found.features
    assert found.unclear == (key,)
    assert any(key in note and "open" in note for note in notes(found))


def test_the_year_is_settable_and_told(tmp_path) -> None:
    plain = profile(tmp_path)
    assert "era_1990" in names(plain.certain)
    assert any("formed in 2020 (the year of the file" in note for note in notes(plain))
    old = profile(tmp_path, "formed_year: 1950")
    assert "era_1945" in names(old.certain)
    assert any("Stated in the file: formed in 1950" in note for note in notes(old))


def test_no_class_is_called_the_nearest(tmp_path) -> None:
    found = profile(tmp_path, "major_powers: 1")
    assert smallest(found).n == min(rate.n for rate in found.certain)
    titles = [table.title for table in tables_of(found, 8)]
    assert "nearest class" not in " ".join([*titles, *sentences(found)])
    assert f"smallest class ({smallest(found).label})" in titles[0]
