"""Numbers as words."""

import math

import pytest

from accord.formulas import wording


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1.0, "in every world"),
        (0.0, "in no world"),
        (0.83, "in 83 of 100 worlds"),
        (0.9999, "in more than 99 of 100 worlds"),
        (0.0001, "in fewer than 1 of 100 worlds"),
        (0.995, "in more than 99 of 100 worlds"),
        (0.005, "in fewer than 1 of 100 worlds"),
        (math.nan, "in no world that can be judged"),
    ],
)
def test_shares_of_worlds(share: float, words: str) -> None:
    assert wording.in_worlds(share) == words


def test_figures() -> None:
    assert [wording.figure(x) for x in (0.5, 2.0, -0.001, 1234.56, math.nan)] == [
        "0.5",
        "2",
        "0",
        "1235",
        "unknown",
    ]
    assert wording.figure(3.14159, 0) == "3"
    assert wording.percent(0.834) == "83 %"


def test_lists_and_sentences() -> None:
    assert wording.joined(["Iran"]) == "Iran"
    assert wording.joined(["Iran", "Russia", "Syria"]) == "Iran, Russia and Syria"
    assert wording.joined([]) == "nobody"
    assert wording.named(None, "islamic_state") == "Islamic state"
    assert wording.named("IS", "islamic_state") == "IS"
    assert wording.sentence("they agree.") == "They agree."
    assert wording.headline("they agree.") == "They agree"
