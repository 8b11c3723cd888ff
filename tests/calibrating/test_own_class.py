"""Reference classes of the user's own: rules, files of rules, and what became of the alliances that they pick."""

import numpy as np
import pytest

from accord.calibrating import own_class, targets_of
from accord.lenses.precedent import Alliances
from accord.problems import SituationError


def made_up(count: int = 40) -> Alliances:
    """Defence pacts that end after 2, 4, 6 ... years, one in four not at all."""
    durations = np.array([2.0 * (n % 10 + 1) for n in range(count)])
    ended = np.array([0 if n % 4 == 0 else 1 + n % 3 for n in range(count)])
    ones, zeros = np.ones(count), np.zeros(count)
    features = {
        "defense": ones,
        "offense": zeros,
        "neutrality": zeros,
        "nonaggression": zeros,
        "consultation": zeros,
        "bilateral": ones,
        "wartime": np.where(np.arange(count) % 2 == 0, 1.0, 0.0),
        "asymmetric": np.full(count, np.nan),
        "military_aid": zeros,
        "fixed_term": zeros,
        "majors": zeros,
        "year": np.arange(count) + 1900.0,
    }
    ids = np.arange(count)
    return Alliances(ids, features["year"], durations, ended, ((),) * count, features, "4.01", "made up")


def test_rules() -> None:
    features = made_up().features
    rule = own_class("defense=yes, wartime=no year=1901..1905").rule
    assert np.flatnonzero(rule(features) == 1.0).tolist() == [1, 3, 5]
    assert own_class("wartime").name == "wartime"
    assert own_class("defense=yes, wartime=no").label == "defense=yes wartime=no"
    assert np.isnan(own_class("asymmetric=yes").rule(features)).all()  # not known is not no


def test_a_file_of_rules(tmp_path) -> None:
    path = tmp_path / "pacts.txt"
    path.write_text("# pacts of the thirties\ndefense=yes\nyear=1930..1939  # both included\n")
    one = own_class(str(path))
    assert (one.name, one.label) == ("pacts", "defense=yes year=1930..1939")
    assert (one.rule(made_up().features) == 1.0).sum() == 10


def test_every_fault_at_once(tmp_path) -> None:
    with pytest.raises(SituationError) as caught:
        own_class("defens=yes wartime=2 year=1950..1940")
    text = str(caught.value)
    assert "did you mean 'defense'" in text
    assert "'2' is no value of wartime" in text
    assert "'1950..1940' is no value of year" in text
    path = tmp_path / "bad.txt"
    path.write_text("defense=yes\nwar=yes\n")
    with pytest.raises(SituationError, match=r"bad\.txt:2"):
        own_class(str(path))
    with pytest.raises(SituationError, match="neither a class"):
        own_class("wartim")


def test_targets_by_hand() -> None:
    made = targets_of(made_up(), own_class("defense=yes"))
    by = {target.name: target for target in made.targets}
    # At 2 years 4 of 40 leave, of whom 1 or 2 ended; nobody leaves before.
    assert "survival 1" not in by or by["survival 1"].value == 1.0
    early = [1 + n % 3 for n in range(40) if n % 4 and 2 * (n % 10 + 1) <= 10]
    assert by["share fulfilled"].value == pytest.approx(early.count(1) / len(early))
    assert by["share chosen"].value == pytest.approx((early.count(2) + early.count(3)) / len(early))
    # By Kaplan and Meier, one age after the other; one in four is still there when nobody looks any longer.
    alive, left = 1.0, 40
    for age in (2, 4):
        gone = [n for n in range(40) if 2 * (n % 10 + 1) == age]
        alive *= 1.0 - sum(n % 4 != 0 for n in gone) / left
        left -= len(gone)
    assert by["survival 5"].value == pytest.approx(alive)
    assert all(target.error > 0 for target in made.targets)
    assert all(target.low <= target.value <= target.high for target in made.targets)
    assert {target.n for target in made.targets if target.name.startswith("survival")} == {40}
    assert {target.n for target in made.targets if target.name.startswith("share")} == {len(early)}


def test_too_small_a_class_is_refused() -> None:
    with pytest.raises(SituationError, match="at least 10"):
        targets_of(made_up(), own_class("year=1900..1905"))
