"""The outside view beside the inside view: what is compared, and which way they disagree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accord.finding import Column, Finding, Measure, Spread, Table
from accord.report.outside import beside, says, with_outside
from accord.report.tables import table_view


def inside(low: float, median: float, high: float) -> Finding:
    """What the model expects after five years."""
    spread = Spread(median, low, median, high, 100)
    return Finding(
        "endurance", "q", "found", measures=(Measure("survival.theatre.60", "Joint effort", spread),)
    )


def outside(*shares: float) -> Finding:
    """Base rates of some classes after five and after ten years."""
    found = []
    for k, share in enumerate(shares):
        for year, value in ((5, share), (10, share / 2)):
            spread = Spread(value, value - 0.05, value, value + 0.05, 100)
            found.append(
                Measure(f"base_rate.class{k}.{year}", f"Still there after {year} years: class {k}", spread)
            )
    return Finding("precedent", "q", "found", measures=tuple(found))


@pytest.mark.parametrize(
    ("model", "classes", "words"),
    [
        ((0.1, 0.2, 0.3), (0.4, 0.9), "joint effort 20 % after 5 years, below all 2 classes like it"),
        ((0.96, 0.97, 0.99), (0.4, 0.9), "97 % after 5 years, above all 2 classes like it"),
        ((0.1, 0.3, 0.6), (0.4, 0.9), "30 % after 5 years, below 1 of 2 classes like it"),
        ((0.5, 0.95, 0.99), (0.4, 0.9), "above 1 of 2 classes like it"),
        ((0.1, 0.5, 0.9), (0.4, 0.9), "50 % after 5 years, in reach of all 2 classes like it"),
        ((0.5, 0.6, 0.7), (0.4, 0.9), "below 1 of 2 classes like it and above 1 of 2 classes like it"),
        ((0.1, 0.2, 0.3), (0.4,), "below the one class like it"),
    ],
)
def test_says_which_way_the_views_disagree(model, classes, words) -> None:
    table = beside(inside(*model), outside(*classes))
    assert table is not None
    assert words in table.title.lower()
    assert len(table.rows) == 1 + len(classes), "five years only"
    assert table.rows[1][0] == "Outside: class 0"


def both(theatre: tuple[float, float, float], bilateral: tuple[float, float, float]) -> Finding:
    """What the model expects of both levels."""
    measures = tuple(
        Measure(f"survival.{level}.60", level, Spread(median, low, median, high, 100))
        for level, (low, median, high) in (("theatre", theatre), ("bilateral", bilateral))
    )
    return Finding("endurance", "q", "found", measures=measures)


def rate(
    name: str, share: float, low: float, high: float, aged: tuple[float, int] | None = None
) -> list[Measure]:
    """A class after five years, and of those at risk at an age."""
    found = [
        Measure(
            f"base_rate.{name}.5", f"Still there after 5 years: {name}", Spread(share, low, share, high, 100)
        )
    ]
    if aged is not None:
        value, count = aged
        thin = "; fewer than 10, thin evidence" if count < 10 else ""
        means = f"of {count} alliances that reached 6 years; interval of sampling{thin}"
        spread = Spread(value, value - 0.05, value, value + 0.05, 100)
        found.append(
            Measure(
                f"base_rate_at_age.{name}.5", f"Still there 5 years later: {name}", spread, "share", means
            )
        )
    return found


def classes(*rows: list[Measure]) -> Finding:
    """The outside view of some classes."""
    return Finding("precedent", "q", "found", measures=tuple(measure for row in rows for measure in row))


def test_a_sentence_for_each_level_with_the_classes_that_fit_it() -> None:
    """The bilateral level lies below nearly every class, which one span over all of them (39 % to 94 %) would hide."""
    there = classes(
        rate("all", 0.80, 0.76, 0.82),
        rate("wartime", 0.39, 0.27, 0.50),
        rate("neutrality", 0.83, 0.74, 0.89),
        rate("loose", 0.94, 0.87, 0.97),
        rate("odd", 0.60, 0.50, 0.70),
    )
    theatre, bilateral = says(both((0.2, 0.3, 0.45), (0.23, 0.44, 0.71)), there)
    assert theatre == (
        "Joint effort: the model gives 30 % after 5 years (20 % to 45 %); not in contradiction to: wartime (39 %)."
    )
    assert bilateral == (
        "Partnership as such: the model gives 44 % after 5 years (23 % to 71 %); more sceptical than these classes allow:"
        " loose (94 %), all (80 %) and neutrality (83 %); not in contradiction to: odd (60 %)."
    )
    table = beside(both((0.2, 0.3, 0.45), (0.23, 0.44, 0.71)), there)
    assert table is not None
    assert table.title == (
        "Joint effort 30 % after 5 years, in reach of the one class like it; partnership as such 44 % after 5 years, below 3"
        " of 4 classes like it"
    )


def test_without_a_wartime_class_both_levels_have_all() -> None:
    theatre, bilateral = says(both((0.0, 0.1, 0.2), (0.85, 0.9, 0.95)), classes(rate("all", 0.8, 0.76, 0.82)))
    assert "more sceptical than these classes allow: all (80 %)" in theatre
    assert "more confident than these allow: all (80 %)" in bilateral


def test_the_worst_disagreement_comes_first() -> None:
    there = classes(
        rate("near", 0.5, 0.45, 0.55), rate("far", 0.9, 0.85, 0.95), rate("nearer", 0.42, 0.41, 0.43)
    )
    (said,) = says(inside(0.1, 0.2, 0.4), there)
    assert said.index("far") < said.index("near (") < said.index("nearer")


def test_given_its_age_where_that_is_known() -> None:
    """A newborn's .39 is contradicted, the .78 of those six years old is not."""
    there = classes(rate("wartime", 0.39, 0.27, 0.50, (0.78, 23)), rate("all", 0.8, 0.76, 0.82, (0.7, 9)))
    (said,) = says(inside(0.7, 0.75, 0.8), there)
    assert said.endswith("not in contradiction to: wartime (78 % at its age).")
    table = beside(inside(0.7, 0.75, 0.8), there)
    assert table is not None
    labels = [row[0] for row in table.rows]
    assert labels[1:3] == [
        "Outside: wartime, from the beginning",
        "Outside: wartime, of 23 alliances that reached 6 years",
    ]
    lone = classes(rate("all", 0.8, 0.76, 0.82, (0.7, 9)))
    assert "all (70 % at its age, thin)" in says(inside(0.7, 0.75, 0.8), lone)[0]


def test_the_fitted_model_stands_beside_them() -> None:
    model = Measure("outlook.in_force.5", "x", Spread(0.9, 0.9, 0.9, 0.9, 100))
    there = outside(0.4)
    table = beside(inside(0.1, 0.2, 0.3), replace(there, measures=(*there.measures, model)))
    assert table is not None
    assert table.rows[-1][0] == "Outside: fitted model, no skill beyond the base rates shown"


def test_nothing_is_compared_where_one_view_is_missing() -> None:
    lone = outside(0.4)
    assert with_outside([lone]) == (lone,)
    silent = Finding("endurance", "q", "failed")
    assert with_outside([silent, lone]) == (silent, lone)


def test_the_table_leads_the_outside_view() -> None:
    first, second = with_outside([inside(0.1, 0.2, 0.3), outside(0.4)])
    assert not first.tables
    assert [table.name for table in second.tables] == ["outside"]
    assert second.says[0].startswith("Joint effort: the model gives 20 %")


def test_the_title_names_the_level_that_is_known() -> None:
    spread = Spread(0.5, 0.1, 0.5, 0.9, 100)
    only = Finding("endurance", "q", "found", measures=(Measure("survival.bilateral.60", "x", spread),))
    table = beside(only, outside(0.4))
    assert table is not None
    assert "partnership as such" in table.title.lower()
    assert "joint effort" not in table.title.lower()


def test_what_is_not_known_is_not_compared() -> None:
    nan = float("nan")
    assert beside(inside(nan, nan, nan), outside(0.4)) is None
    assert beside(inside(0.1, 0.2, 0.3), outside(nan)) is None


def test_headings_of_the_table_name_its_ranges() -> None:
    table = beside(inside(0.1, 0.2, 0.3), outside(0.4))
    assert table is not None
    heads = [head.text for head in table_view(table, {}).heads]
    assert not any("percentile" in head or "best estimates" in head for head in heads)
    assert any("95 of 100 samples" in head for head in heads)
    rows = table_view(table, {}).rows
    assert all(len(row) == len(heads) for row in rows)


def a_matrix(**extra: object) -> Table:
    """Two who are set beside one another, nobody beside itself."""
    share = Spread(0.5, 0.4, 0.5, 0.6, 100)
    columns = (Column("x", "Actor"), *(Column(name, name, "share", 0.0, 1.0) for name in ("Iran", "russia")))
    rows = (("Iran", None, share), ("Russia", share, None))
    return Table("t", "Title", "matrix", columns, rows, extra=dict(extra))


def test_captions_say_what_stands_in_brackets() -> None:
    plain = table_view(a_matrix(), {})
    assert plain.caption == "At the best estimates; in brackets: 5th and 95th percentile over worlds."
    told = table_view(a_matrix(known="share of alliances", range="95 of 100 samples of that size"), {})
    assert told.caption == "Share of alliances; in brackets: 95 of 100 samples of that size."
    line = table_view(a_matrix(line="share", range="two standard errors"), {})
    assert line.caption == "Share of worlds; in brackets: two standard errors."


def test_nobody_is_undefined_beside_itself() -> None:
    texts = [cell.text for row in table_view(a_matrix(), {}).rows for cell in row]
    assert "undefined" not in texts
    assert texts.count("–") == 2
    gap = replace(a_matrix(), rows=(("Iran", None, None),))
    assert [cell.text for cell in table_view(gap, {}).rows[0]] == ["Iran", "–", "undefined"]
