"""Numbers in sentences."""

from __future__ import annotations

import math

import pytest

from accord.report import words
from accord.situation import Day, Estimate


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "in no world"),
        (0.0004, "in fewer than 1 of 100 worlds"),
        (0.012, "in 1 of 100 worlds"),
        (0.83, "in 83 of 100 worlds"),
        (0.9999, "in more than 99 of 100 worlds"),
        (1.0, "in every world"),
        (math.nan, "in a share of worlds that is undefined"),
    ],
)
def test_shares(share: float, said: str) -> None:
    assert words.share_words(share) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "never"),
        (0.004, "almost no chance"),
        (0.1, "very unlikely"),
        (0.3, "unlikely"),
        (0.5, "roughly even chance"),
        (0.7, "likely"),
        (0.9, "very likely"),
        (0.999, "almost certain"),
        (1.0, "always"),
        (math.nan, "undefined"),
    ],
)
def test_likelihood_in_the_terms_of_the_directive(share: float, said: str) -> None:
    assert words.likelihood_words(share) == said


@pytest.mark.parametrize(
    ("agreement", "said"),
    [(1.0, "close"), (0.7, "fairly close"), (0.5, "half agreed"), (0.3, "far apart"), (0.0, "opposed")],
)
def test_agreement(agreement: float, said: str) -> None:
    assert words.agreement_words(agreement) == said


def test_agreement_that_is_undefined() -> None:
    assert words.agreement_words(math.nan) == "undefined"


@pytest.mark.parametrize(
    ("estimate", "said"),
    [
        (Estimate(0.4), "0.4"),
        (Estimate(0.4, 0.2, 0.6, "pert"), "best 0.4, between 0.2 and 0.6"),
        (Estimate(0.4, 0.2, 0.6, "triangular"), "best 0.4, between 0.2 and 0.6"),
        (Estimate(None, 0.2, 0.6, "uniform"), "between 0.2 and 0.6, every value alike"),
        (Estimate(None, 1, 50, "loguniform"), "between 1 and 50, every ratio alike"),
        (
            Estimate(None, distribution="bernoulli", parameters=(("probability", 0.3),)),
            "1 with probability 0.3, otherwise 0",
        ),
        (
            Estimate(None, 0, None, "normal", (("mean", -2.0), ("sd", 1.5))),
            "at least 0, normal with mean −2 and sd 1.5",
        ),
        (
            Estimate(0.675, 0.55, 0.8, "pert", (), "very_likely"),
            "“very likely”: best 0.675, between 0.55 and 0.8",
        ),
    ],
)
def test_estimates(estimate: Estimate, said: str) -> None:
    assert words.estimate_words(estimate) == said
    assert words.estimate_words(estimate, "share") == f"{said} (share)"


@pytest.mark.parametrize(
    ("grade", "said"),
    [
        (("B", 2), "B2: usually reliable, probably true"),
        (("F", 6), "F6: reliability cannot be judged, truth cannot be judged"),
        (("A", None), "A–: reliable, information not graded"),
        ((None, 1), "–1: source not graded, confirmed"),
        ((None, None), "not graded"),
    ],
)
def test_grades(grade: tuple[str | None, int | None], said: str) -> None:
    assert words.grade_words(*grade) == said


def test_dates_are_as_exact_as_they_are_known() -> None:
    assert [words.date_words(day) for day in (Day(2015), Day(2015, 12), Day(2015, 12, 5))] == [
        "2015",
        "December 2015",
        "5 December 2015",
    ]


def test_counts_and_names() -> None:
    assert [words.count(n, "world") for n in (0, 1, 2048)] == ["no worlds", "1 world", "2,048 worlds"]
    assert words.count(2, "person", "people") == "2 people"
    assert [words.names("abc"[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("it holds", "It holds."),
        ("Does it?", "Does it?"),
        ("  no.  ", "No."),
        ("", ""),
        ("so (it is.)", "So (it is.)"),
    ],
)
def test_sentences(text: str, said: str) -> None:
    assert words.sentence(text) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from -1 to 1", "from −1 to 1"),
        ("(-.5)", "(−.5)"),
        ("years 1816-1985, S-300 and pre-war", "years 1816-1985, S-300 and pre-war"),
        ("3 % of it", "3\N{NO-BREAK SPACE}% of it"),
    ],
)
def test_typography(text: str, said: str) -> None:
    assert words.polish(text) == said


def test_headlines_have_no_full_stop() -> None:
    assert words.headline("they agree.") == "They agree"
