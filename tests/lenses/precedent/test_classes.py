"""Which reference classes a partnership belongs to."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.lenses.precedent import CLASSES, FEATURES, classes_of
from accord.lenses.precedent.alliances import decimal_year, majors_among
from accord.lenses.precedent.classes import as_features, both, is_one, no

TEHRAN_MOSCOW = {
    "defense": False,
    "offense": False,
    "neutrality": False,
    "nonaggression": False,
    "consultation": True,
    "bilateral": True,
    "wartime": True,
    "majors": 1,
    "year": 2015,
}


def test_a_full_description_has_its_classes() -> None:
    found = classes_of(TEHRAN_MOSCOW)
    assert found.certain == (
        "all",
        "consultation",
        "any_consultation",
        "wartime",
        "bilateral",
        "major_minor",
        "major_minor_1945",
        "major_minor_1945_loose",
        "era_1990",
    )
    assert found.open == ("military_aid", "asymmetric", "open_ended", "fixed_term")


def test_what_is_not_stated_stays_open() -> None:
    nothing = classes_of({})
    assert nothing.certain == ("all",)
    assert set(nothing.open) == set(CLASSES) - {"all"}
    # A promise to attack settles the type, whatever else is promised; one to defend does not.
    assert "defense" in classes_of({"defense": True}).open
    assert "offense" in classes_of({"offense": True}).certain
    assert not {"defense", "neutrality"} & set(classes_of({"offense": True}).open)
    assert "multilateral" in classes_of({"bilateral": None}).open


states = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.sampled_from([True, False, None]) for name in FEATURES if name not in ("majors", "year")},
        "majors": st.integers(0, 5),
        "year": st.integers(1815, 2030),
    },
)


@given(states)
def test_knowing_more_never_takes_a_class_away(stated) -> None:
    full = {name: stated.get(name) for name in FEATURES}
    less = classes_of({name: value for name, value in full.items() if name not in ("offense", "majors")})
    more = classes_of(full)
    assert set(less.certain) <= set(more.certain)
    assert set(more.certain) <= set(less.certain) | set(less.open)
    assert not set(more.certain) & set(more.open)
    # At most one type, one era, one of each pair.
    for group in (
        ("offense", "defense", "neutrality", "nonaggression", "consultation"),
        ("wartime", "peacetime"),
    ):
        assert len(set(group) & set(more.certain)) <= 1


def test_one_no_is_enough() -> None:
    features = {"a": np.array([1.0, 0.0, np.nan, np.nan]), "b": np.array([np.nan, np.nan, 0.0, 1.0])}
    assert both(is_one("a"), is_one("b"))(features) == pytest.approx([np.nan, 0, 0, np.nan], nan_ok=True)
    assert no(is_one("a"))(features) == pytest.approx([0, 1, np.nan, np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("stated", "says"),
    [
        ({"friendly": True}, "no such feature: friendly"),
        ({"wartime": 2}, "wartime is 2; expected True or False, or None where it is not known"),
        ({"wartime": "yes"}, "wartime is 'yes'; expected True or False"),
        ({"wartime": [1]}, r"wartime is \[1\]; expected True or False"),
        ({"defense": float("inf")}, "defense is inf; expected True or False"),
        ({"majors": -1}, "majors is -1; expected a whole number from 0 to 99"),
        ({"majors": True}, "majors is True; expected a whole number"),
        ({"majors": 0.5}, "majors is 0.5; expected a whole number"),
        ({"year": "1987"}, "year is '1987'; expected a whole number from 1 to 9999"),
        ({"year": float("inf")}, "year is inf; expected a whole number"),
    ],
)
def test_what_is_no_feature_is_told(stated, says) -> None:
    with pytest.raises(ValueError, match=says):
        classes_of(stated)


def test_features_that_are_not_stated_are_not_zero() -> None:
    assert all(math.isnan(values[0]) for values in as_features({}).values())


def test_dates() -> None:
    dates = decimal_year(
        *(np.array(part, dtype=float) for part in ([1901, 1920, 1950], [3, 2, 0], [1, 0, np.nan]))
    )
    assert dates == pytest.approx([1901 + 2 / 12, 1920 + 1 / 12 + 14 / 365.25, 1950 + 6 / 12 + 14 / 365.25])


def test_major_powers_in_any_part_of_a_year() -> None:
    assert majors_among((2, 200), 1897) == 1
    assert majors_among((2, 200), 1898) == 2
    assert majors_among((220, 365), 1941) == 1
    assert majors_among((630, 652), 2015) == 0
