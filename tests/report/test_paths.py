"""Paths in words and as anchors."""

from __future__ import annotations

import re

import pytest

from accord.report import ReportView
from accord.report.paths import Lexicon, anchor, group_of, path_words, threat_label
from accord.situation import Vocabulary, estimates


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("stances.order.norland.position", "Order after the war: position of Norland"),
        (
            "stances.order.sudland.factions.guards.salience",
            "Order after the war: salience of Sudland, the Guards",
        ),
        ("actors.sudland.factions.cabinet.share", "Sudland: share of cabinet"),
        ("actors.norland.capability.air", "Norland: capability, air power"),
        ("partnership.patrons.norland.own_losses", "Norland: own losses"),
        ("partnership.patrons.norland.threats.zealots.value", "Norland: value of the threat Zealots"),
        ("partnership.suitors.westland.offers.norland.size", "Offer of Westland to Norland: size"),
        ("partnership.client.balancing", "Client: balancing"),
        ("partnership.territory", "Partnership: territory"),
        ("partnership.threats.rebels.level", "Threat Westland-backed rebels: level"),
        ("ties.norland.sudland.trust", "Norland towards Sudland: trust"),
        ("shocks.coup.hazard", "Shock coup: chance"),
        ("stakes", "Stakes"),
        ("nobody.knows_this", "Nobody, knows this"),
    ],
)
def test_paths_in_words(whole_view: ReportView, path: str, said: str) -> None:
    assert path_words(whole_view.situation, path) == said


def test_every_number_of_a_situation_is_said_differently(whole_view: ReportView) -> None:
    paths = list(estimates(whole_view.situation))
    assert len({path_words(whole_view.situation, path) for path in paths}) == len(paths)


def test_anchors_are_fit_for_html_and_unique() -> None:
    odd = ["a.b", "a b", "a-20-b", "a:20:b", "ä", '"><script>', "a\nb"]
    found = [anchor(path) for path in odd]
    assert len(set(found)) == len(odd)
    assert all(re.fullmatch(r"n-[A-Za-z0-9_.:-]+", text) for text in found)


def test_numbers_are_grouped_for_readers() -> None:
    assert group_of("partnership.patrons.norland.fatigue") == "The partners"
    assert group_of("partnership.territory") == "Client, threats and the joint effort"
    assert group_of("anything.else") == "Issues, shocks and the rest"


def test_units_and_questions_come_from_the_declaration(whole_view: ReportView) -> None:
    lexicon = Lexicon(Vocabulary())
    assert lexicon.unit(whole_view.situation, "stances.order.norland.position") == "on a scale from 0 to 100"
    assert lexicon.unit(whole_view.situation, "ties.norland.sudland.trust") == "probability"
    assert lexicon.question("ties.norland.sudland.trust").endswith("trustworthy partner?")
    assert lexicon.question("nobody.knows_this") == ""


def test_a_threat_without_a_label_takes_its_actors(whole_view: ReportView) -> None:
    assert threat_label(whole_view.situation, "rebels") == "Westland-backed rebels"
    assert threat_label(whole_view.situation, "un_known") == "un known"
