"""The bargaining lens on a situation: tables, words, and who is left out."""

import pytest

from accord.finding import Finding, Spread
from accord.lenses.bargaining import LENS, Bargaining
from accord.study.effort import QUICK, THOROUGH, USUAL, Effort
from accord.study.running import _at
from accord.testing import draw
from accord.testing.cases import case_situation, conclude

CASE = {
    "name": "two issues",
    "issues": {"fate": {"low": 0, "high": 100}, "war": {}, "quiet": {}},
    "actors": {
        "iran": {"stances": {"fate": [90, 0.9, 1], "war": [0.5, 0.5, 1]}},
        "russia": {"stances": {"fate": [70, 0.5, 2], "war": [0.5, 0.5, 1]}},
        "is": {"stances": {"fate": [0, 1, 0]}},
        "west": {"stances": {"fate": [0, None, 2], "war": [0.0, 0.2], "quiet": [1, 0.5]}},
    },
    "patrons": ["iran", "russia"],
}


EACH = (("forecast", "scale"), ("landscape", "landscape"), ("turns", "curves"))
FIRST = ("forecast.fate", "share.fate", "forecast.war", "share.war")


def finding() -> Finding:
    """What the lens finds in the case above."""
    return conclude(LENS, case_situation(CASE))


def test_tables_and_measures_have_stable_names() -> None:
    found = finding()
    assert [(t.name, t.kind) for t in found.tables] == [
        ("forecasts", "intervals"),
        ("models", "groups"),
        ("readings", "strips"),
        ("gains", "quadrants"),
        ("gains_of_all", "matrix"),
        ("why", "plain"),
        *((f"{name}.{issue}", kind) for issue in ("fate", "war") for name, kind in EACH),
    ]
    names = [m.name for m in found.measures]
    assert names[:6] == [*FIRST, "median.fate", "median.war"]
    assert [m.name for m in found.measures if m.headline] == ["share.fate", "share.war"]
    assert found.status == "found"


def test_forecast_on_its_own_scale_with_weights() -> None:
    table = finding().table("forecast.fate")
    # (.9 * 90 + 1.0 * 70)/1.9
    assert table.extra["forecast"].best == pytest.approx((0.9 * 90 + 70) / 1.9)
    assert table.extra["low_means"] == "low"
    assert table.actors == ("russia", "iran"), "the heaviest first"
    label, position, weight, salience, capability = table.rows[0]
    assert label == "Russia"
    assert all(isinstance(cell, Spread) for cell in (position, weight, salience, capability))
    assert (position.best, weight.best, salience.best) == pytest.approx((70, 1 / 1.9, 0.5))
    assert (table.columns[1].low, table.columns[1].high) == (0, 100)
    assert table.title == "On Fate they would settle at 79, nearer to 'high', in every world"


def test_says_who_is_left_out_and_why() -> None:
    notes = " ".join(finding().notes)
    assert "Left out on Fate: Is (a capability of 0); West (no salience)." in notes
    assert "Left out on War: West (no capability)." in notes
    assert "No forecast on Quiet: nobody with weight holds a position." in notes
    assert "22.99" in notes


def test_a_forecast_in_the_middle_takes_no_side() -> None:
    assert "about midway" in finding().table("forecast.war").title


def test_what_is_sure_is_not_called_in_the_balance() -> None:
    leaning = {**CASE, "issues": {"fate": {"low": 0, "high": 100}, "war": {}}, "actors": dict(CASE["actors"])}
    leaning["actors"]["iran"] = {"stances": {"fate": [90, 0.9, 1], "war": [0.9, 0.5, 1]}}
    says = conclude(LENS, case_situation(leaning)).says
    assert says[1] == "Least sure is War: nearer to 'high', in every world."
    title = conclude(LENS, case_situation(leaning)).table("forecasts").title
    assert title == "On both issues the weighted mean leans to the same side in at least 95 of 100 worlds"
    assert finding().says[1] == "Most in the balance is War: about midway between the two ends."
    assert finding().table("forecasts").title.startswith("On 1 of 2 issues the weighted mean leans")


def test_says_at_most_five_sentences_and_where_the_model_decides() -> None:
    says = finding().says
    assert 3 <= len(says) <= 5
    assert any("depends on the model" in text or "models agree" in text for text in says)
    assert any(
        text.startswith("Against no deal, settling all issues at the forecasts helps") for text in says
    )


def test_needs_two_actors_that_count_on_one_issue() -> None:
    alone = {**CASE, "actors": {**CASE["actors"], "russia": {"stances": {}}, "west": {}, "is": {}}}
    missing = LENS.needs(case_situation(alone))
    assert [need.path for need in missing] == ["stances"]
    assert "two actors" in missing[0].says
    assert LENS.needs(case_situation(CASE)) == ()


def test_nothing_to_forecast_is_said() -> None:
    silent = {
        **CASE,
        "actors": {"iran": {"stances": {"fate": [1, 0, 1]}}, "russia": {"stances": {"fate": [2, 0, 1]}}},
    }
    found = conclude(LENS, case_situation(silent))
    assert found.status == "none_exists"
    assert found.says[0].startswith("Nothing can be forecast")
    assert found.tables == ()


def test_salience_in_percent_is_refused_not_guessed() -> None:
    percent = {**CASE, "actors": {**CASE["actors"], "russia": {"stances": {"fate": [70, 50, 2]}}}}
    situation = case_situation(percent)
    _, worlds = draw({"stances.fate.russia.salience": situation.stances["fate"]["russia"].salience}, 2, 0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        LENS.compute(situation, worlds)


@pytest.mark.parametrize(("effort", "worlds"), [(QUICK, 64), (USUAL, 256), (THOROUGH.within(512), 512)])
def test_a_run_says_in_how_many_worlds_the_models_play(effort: Effort, worlds: int) -> None:
    ready = _at(LENS, effort.within(512), None)
    assert isinstance(ready, Bargaining)
    assert ready.worlds == worlds
