"""What the marks of the plane mean: medians over judged worlds, where scenarios land and why, without a threat too."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from accord.figures import alt_of, svg_of
from accord.finding import Spread
from accord.lenses.endurance.places import LABELS
from accord.report.plane_words import marks_words
from accord.report.verdict_tables import plane_table
from accord.report.view import Point
from accord.situation import Estimate, Frozen
from accord.study.landing import Landing, Landings, is_threatened
from accord.study.verdict import Mark, Verdict

sys.path.insert(0, str(Path(__file__).parent))  # verdicts made up for tests are beside the tests
from verdicts import CASE, CLEAR, FEW, NAMES, NAN, NONE, WHOLE, shares_of, spread

BESIDE = Landing("", 256, 230, 0.50, 0.73, 0.43, 0.25, 1.5, shares_of(0.1, 0.3, 0.3, 0.1), True)
SCENARIOS = ("threat_removed", "assad_replaced", "heavy_russian_losses")


def landing(name: str, durability: float, conditionality: float, **other: object) -> Landing:
    """A scenario's place."""
    return replace(BESIDE, name=name, durability=durability, conditionality=conditionality, **other)  # type: ignore[arg-type]


LANDED = Landings(
    BESIDE,
    (
        landing(
            "threat_removed", 0.74, 0.18, judged=160, index=0.38, five_years=0.44, times=1.1,
            shares=shares_of(0.7, 0.05, 0.05, 0.1), threatened=False,
        ),
        landing("assad_replaced", 0.40, 0.73, judged=228),
        landing("heavy_russian_losses", 0.46, 0.70),
    ),
)  # fmt: skip


def with_marks(verdict: Verdict) -> Verdict:
    """A verdict with the marks of three scenarios."""
    marks = [
        Mark(name, name.replace("_", " "), spread(0.5), spread(0.6), verdict.shares) for name in SCENARIOS
    ]
    return replace(verdict, marks=(verdict.marks[0], *marks))


def said_of(verdict: Verdict, found: Landings | None = LANDED) -> dict[str, str]:
    """What is said, by its term."""
    points = marks_words(plane_table(verdict, CASE), verdict, CASE, found)
    assert all(isinstance(point, Point) and point.says.endswith(".") for point in points)
    return {point.term: point.says for point in points}


def test_the_large_mark_is_a_median_over_the_worlds_judged() -> None:
    said = said_of(with_marks(CLEAR))
    assert list(said) == [
        "Iran and Russia", "The two ranks", "A numbered mark", "1 Threat removed", "2 Assad replaced", "3 Heavy russian losses",
    ]  # fmt: skip
    assert (
        "median of each rank by itself over the 1,000 worlds judged of 1,204 drawn" in said["Iran and Russia"]
    )
    assert "durability 0.31 (0.21 to 0.41) and conditionality 0.74 (0.64 to 0.84)" in said["Iran and Russia"]
    assert "over all 1,000 worlds:" in said_of(with_marks(WHOLE))["Iran and Russia"]
    for words in ("from 0 (lowest", "the threat gone and everybody tempted once", "however short it lasts"):
        assert words in said["The two ranks"]


def test_a_numbered_mark_is_a_median_over_its_own_judged_worlds() -> None:
    said = said_of(with_marks(CLEAR))["A numbered mark"]
    for words in (
        "in force from the start",
        "first 256 worlds",
        "median of each rank",
        "an average, not a forecast",
    ):
        assert words in said
    assert "as it stands, 230 are judged: durability 0.50, conditionality 0.73" in said


def test_without_a_threat_the_mark_is_not_an_alliance_made_by_taking_it_away() -> None:
    said = said_of(with_marks(CLEAR))["1 Threat removed"]
    assert said == (
        "Durability 0.50 → 0.74, conditionality 0.73 → 0.18; judged in 160 of 256 worlds, 70 % of them a strategic alliance"
        " (standard error 4 points). Its chance to last five more years goes 43 % → 44 % untried and 25 % → 38 % with both"
        " trials, which make it end 1.5 → 1.1 times as fast. No threat is left for the trials to take away, so that this half"
        " of them changes nothing: the mark may stand where it does for want of something to lose, and does not say that they"
        " would stay together if they lost the threat. In 70 more worlds than as it stands somebody would leave at once, and of"
        " these the mark says nothing."
    )


def test_the_reason_comes_from_the_data_and_not_from_the_name() -> None:
    """A scenario of the same name that leaves the threat there is not explained by its absence, another without it is."""
    kept = replace(LANDED.scenarios[0], threatened=True)
    gone = replace(LANDED.scenarios[1], threatened=False)
    said = said_of(with_marks(CLEAR), replace(LANDED, scenarios=(kept, gone)))
    assert "No threat is left" not in said["1 Threat removed"]
    assert "No threat is left" in said["2 Assad replaced"]
    never = replace(LANDED, beside=replace(BESIDE, threatened=False), scenarios=(gone,))
    assert "No threat is left" not in said_of(with_marks(CLEAR), never)["2 Assad replaced"]


def test_what_hardly_moves_takes_one_line_and_what_loses_few_worlds_says_nothing_of_them() -> None:
    one = replace(LANDED.scenarios[1], durability=0.49)
    said = said_of(with_marks(CLEAR), replace(LANDED, scenarios=(one, LANDED.scenarios[2])))
    assert (
        said["2 Assad replaced and 3 Heavy russian losses"] == "Moves neither median rank by more than 0.05."
    )
    assert "more worlds" not in said_of(with_marks(CLEAR))["2 Assad replaced"]


@pytest.mark.parametrize(("judged", "named"), [(29, False), (40, True)])
def test_a_scenario_names_a_kind_only_from_thirty_judged_worlds_on(judged: int, named: bool) -> None:
    few = replace(LANDED.scenarios[0], judged=judged)
    said = said_of(with_marks(CLEAR), replace(LANDED, scenarios=(few,)))["1 Threat removed"]
    assert (LABELS["strategic_alliance"] in said) is named
    assert ("too few to name a kind" in said) is not named
    assert ("standard error" in said) is named


def test_a_scenario_without_a_judged_world_has_no_mark_and_says_so() -> None:
    nowhere = Spread(NAN, NAN, NAN, NAN, 0)
    lost = Mark("threat_removed", "threat removed", nowhere, nowhere, {})
    verdict = replace(CLEAR, marks=(CLEAR.marks[0], lost))
    gone = replace(LANDED.scenarios[0], judged=0, durability=NAN, conditionality=NAN)
    said = said_of(verdict, replace(LANDED, scenarios=(gone,)))
    assert said["Threat removed"] == "No world can be judged, so that there is no mark."


def test_without_scenarios_or_a_verdict() -> None:
    assert list(said_of(CLEAR, None)) == ["Iran and Russia", "The two ranks"]
    assert said_of(NONE, None) == {}


def test_below_thirty_judged_worlds_no_corner_has_the_name_of_a_kind() -> None:
    table = plane_table(FEW, CASE)
    texts = [
        alt_of(table),
        svg_of(table, CASE, "p"),
        " ".join(said_of(FEW, None).values()),
        table.title,
        table.note,
    ]
    for text in texts:
        assert [LABELS[name] for name in NAMES if LABELS[name] in text.lower()] == []
    assert "that is" not in alt_of(table)
    assert "that is marriage of convenience" in alt_of(plane_table(CLEAR, CASE))


def test_corners_say_of_which_worlds_their_shares_are() -> None:
    assert "70 % of judged worlds" in svg_of(plane_table(CLEAR, CASE), CASE, "p")
    assert "Of its judged worlds: " in alt_of(plane_table(CLEAR, CASE))
    whole = svg_of(plane_table(WHOLE, CASE), CASE, "p")
    assert "70 % of worlds" in whole
    assert "judged worlds" not in whole


def test_the_run_itself_is_the_large_mark_also_where_it_is_a_scenario() -> None:
    """Looked at as a scenario, the situation as it stands is a numbered mark with a name of its own."""
    marks = (CLEAR.marks[0], Mark("", "as it stands", spread(0.5), spread(0.6), CLEAR.shares))
    table = plane_table(replace(CLEAR, marks=marks), CASE)
    assert [row[0] for row in table.rows] == ["Iran and Russia", "As it stands"]


@pytest.mark.parametrize(("level", "there"), [(0.0, False), (1e-6, False), (0.3, True), (None, True)])
def test_a_threat_whose_level_is_nothing_is_gone(level: float | None, there: bool) -> None:
    threats = {
        name: replace(threat, level=None if level is None else Estimate(level))
        for name, threat in CASE.partnership.threats.items()
    }
    pact = replace(CASE.partnership, threats=Frozen(threats))
    assert is_threatened(replace(CASE, partnership=pact)) is there
    assert not is_threatened(replace(CASE, partnership=replace(pact, threats=Frozen())))
    assert is_threatened(CASE)


def test_a_scenario_without_the_threat_has_a_hollow_mark_and_a_warning_in_the_figure() -> None:
    table = plane_table(with_marks(CLEAR), CASE, LANDED)
    assert table.extra["apart"] == ["Threat removed"]
    assert "want of something to lose" in table.note
    assert "Hollow, hardly any threat left to lose: not comparable: Threat removed." in alt_of(table)
    kept = replace(LANDED, scenarios=tuple(replace(one, threatened=True) for one in LANDED.scenarios))
    never = replace(LANDED, beside=replace(BESIDE, threatened=False))
    faint = replace(kept, scenarios=(replace(kept.scenarios[0], danger=0.49), *kept.scenarios[1:]))
    assert plane_table(with_marks(CLEAR), CASE, faint).extra["apart"] == ["Threat removed"]
    assert (
        "Little of the threat is left for the trials" in said_of(with_marks(CLEAR), faint)["1 Threat removed"]
    )
    for found in (None, kept, never):
        plain = plane_table(with_marks(CLEAR), CASE, found)
        assert "apart" not in plain.extra
        assert "hollow" not in plain.note.lower()
