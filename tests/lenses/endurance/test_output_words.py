"""Outputs in words: every one has them, with the names of the file, and what is no output stays a path."""

from __future__ import annotations

import re

import pytest

import accord
from accord.lenses.endurance.output_words import _PHRASES, output_words
from accord.lenses.endurance.outputs import OUTPUTS, every_name

CASE = accord.read("tehran-moscow-2015")


def test_every_output_has_a_phrase_and_no_phrase_is_left_over() -> None:
    patterns = {one.pattern for one in OUTPUTS}
    assert set(_PHRASES) - {"hazard.theatre.0"} == patterns
    said = [output_words(CASE, f"endurance.{name}") for name in every_name(CASE)]
    assert len(set(said)) == len(said), "no two outputs are called alike"
    for text in said:
        assert not re.search(r"endurance\.|[{}_]|\b[A-Z]{3,}\b", text), text
        assert text[0].islower(), "it begins no sentence"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (
            "endurance.survival.bilateral.120",
            "the chance that the partnership as such is alive after 120 months",
        ),
        ("endurance.own_exit_month.russia", "the mean month in which Russia ends it by its own doing"),
        ("endurance.incidence.fait_accompli", "the share of runs that end by fait accompli"),
        ("endurance.incidence.sell_out.iran", "the share of runs that Iran ends by sell-out"),
        ("endurance.trust.iran.russia", "the trust of Iran in Russia at the start"),
        ("endurance.quadrant.alliance_of_interest", "that it is an alliance of interest"),
        ("endurance.loss_rate.alone.russia", "the deaths of Russia a month alone"),
        ("endurance.hazard.theatre.0", "the chance that a partner ends the joint effort at a review today"),
        ("endurance.survival.bilateral.abc", "endurance.survival.bilateral.abc"),
        ("interests.similarity.now", "interests.similarity.now"),
        ("above", "above"),
        ("0.866", "0.866"),
    ],
)
def test_phrases(path: str, says: str) -> None:
    assert output_words(CASE, path) == says
