"""Scores by hand and by their properties; calibration only where there is enough; CSV that reads back."""

from __future__ import annotations

import csv
import datetime
import io
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from tests.ledger.made import causes, forecast

from accord.ledger.book import Book
from accord.ledger.csvs import COLUMNS, csv_text, rows_of, write_csv
from accord.ledger.forecast import Forecast, Item, Resolution
from accord.ledger.items import items_of
from accord.ledger.scores import CLIP, bins, brier, grouped, logarithmic, scored, summary, wilson
from accord.ledger.tables import by_maker, calibration_table, means_table, scores_table

CHANCE = st.floats(0, 1)


def item(
    made: Forecast, outcome: str | None, frozen: str = "2016-01-01T00:00:00Z", seen: str = "2016-12-31"
) -> Item:
    """A forecast with its outcome."""
    if outcome is None:
        return Item(made, frozen)
    return Item(made, frozen, 1, "f" * 64, ((2, frozen, Resolution(made.id, outcome, "Reuters", seen)),))


def test_by_hand() -> None:
    assert brier({"yes": 0.8, "no": 0.2}, "yes") == pytest.approx(0.04)
    assert brier({"yes": 0.8, "no": 0.2}, "no") == pytest.approx(0.64)
    # Three classes at one third: (2/3)^2 + 2 (1/3)^2.
    assert brier(dict.fromkeys("abc", 1 / 3), "a") == pytest.approx(2 / 3)
    assert logarithmic({"yes": 0.25, "no": 0.75}, "yes") == (pytest.approx(math.log(4)), False)
    assert logarithmic({"yes": 0.0, "no": 1.0}, "yes") == (pytest.approx(-math.log(CLIP)), True)


@given(CHANCE)
def test_a_two_class_brier_score_is_twice_the_binary_one(p: float) -> None:
    binary = brier({"yes": p, "no": 1 - p}, "yes")
    assert brier({"a": p, "b": 1 - p}, "a") == pytest.approx(2 * binary)


@given(CHANCE, CHANCE)
def test_proper_one_expects_to_do_best_by_saying_what_one_believes(belief: float, said: float) -> None:
    def expected(p: float) -> float:
        return belief * (p - 1) ** 2 + (1 - belief) * p**2

    chances = {"yes": said, "no": 1 - said}
    mean = belief * brier(chances, "yes") + (1 - belief) * brier(chances, "no")
    assert mean == pytest.approx(expected(said))
    assert mean >= expected(belief) - 1e-12


@given(st.lists(st.floats(0.001, 1), min_size=3, max_size=7))
def test_several_classes_stay_between_none_and_two(parts: list[float]) -> None:
    total = sum(parts)
    chances = {str(n): part / total for n, part in enumerate(parts)}
    assert 0 <= brier(chances, "0") <= 2


def test_means_and_baselines_on_the_same_questions() -> None:
    own = forecast("a", 0.9, baseline=None)
    classed = forecast("b", 0.6)
    found = summary(scored([item(own, "yes"), item(classed, "no"), item(forecast("c"), None)]))
    assert found.n == 2
    assert found.brier == pytest.approx((0.01 + 0.36) / 2)
    assert found.even_brier == pytest.approx(0.25)
    assert found.even_log == pytest.approx(math.log(2))
    assert (found.n_base, found.own_brier) == (1, pytest.approx(0.36))
    assert found.base_brier == pytest.approx(0.866**2)


def test_nothing_resolved_has_no_score() -> None:
    found = summary(scored([item(forecast(), None)]))
    assert found.n == 0
    assert math.isnan(found.brier)
    assert found.plain()["brier"] is None


def test_forecasts_made_late_and_causes_are_kept_apart() -> None:
    late = "2017-06-01T00:00:00Z"
    cause = causes(collapse=0.5, sell_out=0.5)
    groups = grouped(
        [item(forecast("a"), "yes"), item(forecast("b"), "no", late), item(cause, "collapse"), item(cause, "sell_out", late),
         item(forecast("c"), None)]
    )  # fmt: skip
    assert {name: len(part) for name, part in groups.parts.items()} == {
        "ahead": 1, "ahead_causes": 1, "ahead_analyst": 0, "hindsight": 1, "hindsight_causes": 1, "hindsight_analyst": 0
    }  # fmt: skip
    assert len(groups.open) == 1
    assert groups.late == 2
    assert len(means_table(groups).rows) == 4


def test_what_analysts_say_is_in_no_mean_of_the_model() -> None:
    def own(name: str, yes: float, who: str) -> Forecast:
        return forecast(name, yes, whose="analyst", said_by=who, baseline=None, output="")

    groups = grouped(
        [item(forecast("a", 0.6), "yes"), item(own("a", 0.9, "Ann"), "yes"), item(own("b", 0.5, "Bo"), "yes")]
    )
    assert [len(part) for part in groups.parts.values()] == [1, 0, 2, 0, 0, 0]
    assert summary(groups.ahead).brier == pytest.approx(0.16)
    assert summary(groups.ahead_analyst).brier == pytest.approx((0.01 + 0.25) / 2)
    assert {who: summary(both[0]).brier for who, both in groups.analysts.items()} == {
        "Ann": pytest.approx(0.01),
        "Bo": pytest.approx(0.25),
    }
    rows = means_table(groups).rows
    assert [row[0] for row in rows] == [
        "the model's yes-or-no questions, asked in time",
        "analysts' own, asked in time: Ann",
        "analysts' own, asked in time: Bo",
    ]
    assert [row[1] for row in rows] == ["1", "1", "1"]
    assert means_table(groups).title.startswith(
        "The model's yes-or-no questions, asked in time: Brier score 0.160 on 1"
    )
    assert {who: len(part) for who, part in by_maker(groups.every).items()} == {
        "the model": 1,
        "Ann": 1,
        "Bo": 1,
    }
    cells = [row[2] for row in scores_table(groups.every, "t").rows]
    assert sorted(cells) == ["0.500 yes (Bo)", "0.600 yes", "0.900 yes (Ann)"]


@pytest.mark.parametrize(("who", "row"), [("", ""), ("Ann", ": Ann")])
def test_one_analyst_has_one_row(who: str, row: str) -> None:
    one = forecast("a", 0.9, whose="analyst", baseline=None, output="", said_by=who)
    table = means_table(grouped([item(one, "yes")]))
    assert [row[0] for row in table.rows] == [f"analysts' own, asked in time{row}"]


def test_lasting_that_was_written_down_before_its_day_is_open_and_has_no_score() -> None:
    made = forecast("a", by="2028-12-31")
    early, end = item(made, "yes", seen="2027-06-01"), item(made, "no", seen="2027-06-01")
    assert (early.provisional, early.is_open, early.due(datetime.date(2028, 12, 31))) == (True, True, True)
    assert (end.provisional, end.is_open) == (False, False)
    groups = grouped([early, end])
    assert (len(groups.ahead), groups.open) == (1, (early,))
    assert [row["brier"] for row in rows_of([early])] == [None]


@pytest.mark.parametrize(("yes", "n"), [(0, 1), (3, 4), (4, 4), (50, 120)])
def test_wilson_as_scipy_has_it(yes: int, n: int) -> None:
    known = binomtest(yes, n).proportion_ci(0.95, method="wilson")
    assert wilson(yes, n) == (pytest.approx(known.low, abs=1e-12), pytest.approx(known.high, abs=1e-12))


def many(n: int, p: float, came: int) -> list[Item]:
    """Forecasts of one probability, of which so many came true."""
    return [item(forecast(f"q{k}", p), "yes" if k < came else "no") for k in range(n)]


def test_bins_hold_every_forecast_once() -> None:
    every = scored([item(forecast(f"q{k}", k / 20), "yes") for k in range(21)])
    found = bins(every, 5)
    assert [one.n for one in found] == [4, 4, 4, 4, 5]
    assert found[-1].high == 1.0


@pytest.mark.parametrize(
    ("items", "says"),
    [
        (many(7, 0.5, 4), "7 resolved forecasts: too few"),
        (many(1, 0.5, 1), "1 resolved forecast: too few"),
        (many(29, 0.9, 0), "29 resolved forecasts: too few"),
        (many(30, 0.9, 27), "came true about as often as was said"),
        (many(60, 0.9, 20), "Forecasts of about 0.90 came true in 20 of 60: more than chance explains"),
    ],
)
def test_calibration_is_claimed_only_with_thirty(items: list[Item], says: str) -> None:
    table = calibration_table(scored(items))
    assert says in table.title
    assert len(table.extra["spots"]) == len(items)


def test_the_most_surprising_stands_first() -> None:
    every = scored([item(forecast("fine", 0.9), "yes"), item(forecast("miss", 0.0004), "yes")])
    rows = scores_table(every, "t").rows
    assert [row[0] for row in rows] == ["Is it miss?", "Is it fine?"]
    assert "(clipped)" in str(rows[0][5])


def test_csv_reads_back_as_it_was(book: Book, write, tmp_path) -> None:
    odd = forecast("odd", 1 / 3, question='Is "it", that\nis, Ünïcode; =1+1?', note="two, parts")
    write(odd, causes(collapse=0.25, still_together=0.75))
    book.append(
        lambda chain: [("resolution", Resolution("case/odd", "no", 'A "source", 3', "2016-12-31").plain())]
    )
    items = items_of(book.read())
    write_csv(items, tmp_path / "t.csv")
    text = (tmp_path / "t.csv").read_bytes().decode()
    assert text == csv_text(items)
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == COLUMNS
    for read, kept in zip(rows, rows_of(items), strict=True):
        for name in COLUMNS:
            value = kept[name]
            if value is None:
                assert read[name] == ""
            elif isinstance(value, bool):
                assert read[name] == str(value).lower()
            elif isinstance(value, int | float):
                assert type(value)(read[name]) == value
            else:
                assert read[name] == value
    assert json.loads(rows[1]["probabilities"]) == {"collapse": 0.25, "still_together": 0.75}
    assert float(rows[0]["brier"]) == pytest.approx(1 / 9)
