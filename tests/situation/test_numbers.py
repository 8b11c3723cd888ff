"""What a written number means: bare, as a range, as a distribution, as a word."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.files.node import from_plain
from accord.files.numbers import read_estimate, support, words_in_force
from accord.situation import DISTRIBUTIONS, PROBABILITY, SHARE, SYNONYMS, WORDS, Estimate, Range, Word

ANYTHING = Range()
ICD_203 = {
    "almost_no_chance": (0.01, 0.05),
    "very_unlikely": (0.05, 0.20),
    "unlikely": (0.20, 0.45),
    "roughly_even_chance": (0.45, 0.55),
    "likely": (0.55, 0.80),
    "very_likely": (0.80, 0.95),
    "almost_certain": (0.95, 0.99),
}


def number(written: object, limits: Range | None = ANYTHING) -> Estimate | None:
    """The estimate that is written so, None when something is wrong with it."""
    found, problems = read_estimate(from_plain(written), "x", limits, words_in_force({}))
    assert (found is None) == bool(problems)
    return found


def test_words_of_likelihood_are_those_of_icd_203() -> None:
    for name, (low, high) in ICD_203.items():
        assert (WORDS[name].low, WORDS[name].high) == (low, high)
        assert number(name, PROBABILITY) == Estimate(WORDS[name].best, low, high, "pert", word=name)
    assert {name for name, word in WORDS.items() if word.likelihood} == set(ICD_203)


@pytest.mark.parametrize(("also", "name"), SYNONYMS.items())
def test_second_names_mean_the_same(also: str, name: str) -> None:
    assert number(also, SHARE) == number(name, SHARE)
    assert number(also.replace("_", " ").title(), SHARE) == number(name, SHARE)


def test_every_word_is_in_order_and_inside() -> None:
    for word in WORDS.values():
        assert 0 <= word.low <= word.best <= word.high <= 1
    assert not set(SYNONYMS) & set(WORDS)
    assert set(SYNONYMS.values()) <= set(WORDS)


def test_a_word_divides_the_range_at_hand() -> None:
    assert number("high", Range(prior=(10.0, 20.0))) == Estimate(17.5, 16.0, 19.0, "pert", word="high")
    logarithmic = number("medium", Range(0, prior=(1.0, 100.0), shape="log"))
    assert logarithmic is not None
    assert logarithmic.best == pytest.approx(10.0)
    assert number("high", ANYTHING) is None
    assert number("likely", Range(0, 10)) is None


def test_a_word_of_the_file_replaces_the_usual_one() -> None:
    own = words_in_force({"likely": Word(0.5, 0.6, 0.7), "rather": Word(0.6, 0.7, 0.8)})
    assert (own["likely"].low, own["likely"].likelihood) == (0.5, True)
    assert own["rather"].likelihood is False
    assert own["unlikely"] == WORDS["unlikely"]


FINITE = st.floats(-1e6, 1e6)


@given(FINITE)
def test_a_bare_number_is_itself(value: float) -> None:
    assert number(value) == Estimate(value)
    assert number({"best": value}) == Estimate(value)
    assert number(str(value)) is None


@given(FINITE, FINITE, FINITE)
def test_three_numbers_are_a_range_when_in_order(low: float, best: float, high: float) -> None:
    found = number({"low": low, "best": best, "high": high})
    if low <= best <= high:
        assert found == Estimate(best, low, high, "pert")
        assert support(found) == (low, high)
    else:
        assert found is None


@given(FINITE, st.floats(-10, 10), st.floats(-10, 10))
def test_nothing_outside_its_range_gets_in(value: float, one: float, other: float) -> None:
    limits = Range(min(one, other), max(one, other))
    found = number(value, limits)
    assert (found is not None) == (limits.low <= value <= limits.high)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_every_distribution_needs_its_parameters(name: str) -> None:
    values = {
        "low": 0.2,
        "best": 0.4,
        "high": 0.6,
        "mean": 0.4,
        "sd": 0.1,
        "median": 0.4,
        "sigma": 0.5,
        "alpha": 2,
        "beta": 3,
        "probability": 0.5,
    }
    needs, may = DISTRIBUTIONS[name]
    whole = {"distribution": name, **{key: values[key] for key in needs}}
    assert number(whole) is not None
    for key in needs:
        assert number({k: v for k, v in whole.items() if k != key}) is None
    for key, value in values.items():
        fits = key in (*needs, *may)
        assert (number({**whole, key: value}) is not None) == fits, key


@given(
    st.sampled_from(sorted(DISTRIBUTIONS)),
    st.dictionaries(
        st.sampled_from(
            ["low", "best", "high", "mean", "sd", "median", "sigma", "alpha", "beta", "probability"]
        ),
        st.floats(-2, 3),
        max_size=6,
    ),
)
def test_whatever_is_accepted_is_sound(name: str, values: dict[str, float]) -> None:
    found = number({"distribution": name, **values}, SHARE)
    if found is None:
        return
    low, high = support(found)
    assert 0 <= low <= high <= 1
    assert found.best is None or low <= found.best <= high
    assert all(math.isfinite(value) for _, value in found.parameters)


@given(st.floats(-1e308, 1e308), st.floats(-1e308, 1e308))
def test_words_never_overflow(one: float, other: float) -> None:
    found = number("high", Range(prior=(min(one, other), max(one, other))))
    if found is not None:
        assert found.low is not None
        assert found.best is not None
        assert found.high is not None
        assert -math.inf < found.low <= found.best <= found.high < math.inf
