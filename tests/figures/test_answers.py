"""Answers side by side: groups of methods, strips of readings, a landscape of weight, a map of gains."""

from __future__ import annotations

import math
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from accord.figures import KINDS, alt_of, data_of, draw, is_drawn, looks_of, style, svg_of
from accord.figures.groups import MOST_GROUPS
from accord.figures.quadrants import MOST_DEALS
from accord.finding import Column, Spread, Table
from accord.situation import Situation

NAN = math.nan
EMPTY = Spread(NAN, NAN, NAN, NAN, 100, 100)
NAMESPACE = "{http://www.w3.org/2000/svg}"
LONG = "the long question of who pays for the upkeep of the garrisons along the northern road"


def spread(best: float, low: float, high: float, undefined: int = 0) -> Spread:
    """A quantity over worlds."""
    return Spread(best, low, (low + high) / 2, high, 100, undefined)


def groups_table(issues: tuple[str, ...] = ("price", LONG)) -> Table:
    """Two issues by three methods, one without an answer and one in some worlds."""
    rows = tuple(
        row
        for issue in issues
        for row in (
            (issue, "weighted mean", spread(0.4, 0.3, 0.5), ""),
            (issue, "a method with quite a long name", spread(NAN, 0.1, 0.2, 40), "in 40 of 100 worlds"),
            (issue, "another", None, "in all"),
        )
    )
    columns = (Column("issue", "Issue"), Column("model", "Model"), Column("settled", "Settles at", "", 0, 1))
    extra = {"default": "weighted mean", "low_means": "low end", "high_means": "high end"}
    return Table("models", "They agree", "groups", (*columns, Column("gaps", "Gaps")), rows, extra=extra)


def strips_table() -> Table:
    """Two rows of answers, one of them without a named one."""
    names = ("lowest", "low", "median", "high", "highest", "paper", "published", "mean")
    columns = (Column("issue", "Issue"), *(Column(name, name.capitalize(), "", 0, 1) for name in names))
    rows = (
        ("price", 0.1, 0.15, 0.2, 0.85, 0.9, 0.1, 0.9, 0.5),
        (LONG, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, None, 0.4),
    )
    strips = (((0.11, 0.75), (0.51, 0.2), (0.89, 0.05)), ((0.31, 1.0),))
    return Table("readings", "Readings differ", "strips", columns, rows, extra={"strips": strips})


def landscape_table(mean: float = 48.0, median: float = 50.0) -> Table:
    """Two actors on ten steps."""
    rows = tuple((5.0 + 10 * b, 0.1, 0.1 * (b + 1), 0.1 * (b < 6), 0.1 * (b >= 6)) for b in range(10))
    columns = (
        *(Column("position", "Position", "", 0, 100), Column("weight", "Weight"), Column("up_to", "Up to")),
        *(Column("w.norland", "Norland"), Column("w.sudland", "Sudland")),
    )
    extra = {
        "actors": {"w.norland": "norland", "w.sudland": "sudland"},
        "mean": spread(mean, 40, 55),
        "median": spread(median, 45, 65),
        "low_means": "he goes",
        "high_means": LONG,
    }
    return Table("landscape.leader", "Two camps", "landscape", columns, rows, extra=extra)


def quadrants_table(count: int = 3) -> Table:
    """Deals on issues and on everything."""
    rows = tuple(
        (f"{LONG} {i}", spread(0.1 - i / 40, -0.2, 0.2), spread(i / 40 - 0.1, -0.1, 0.3), 0.4, 0.3, 0.2, 0.1)
        for i in range(count)
    )
    whole = ("All issues together", spread(0.2, 0.1, 0.3), spread(0.3, 0.1, 0.4), 1.0, 0.0, 0.0, 0.0)
    columns = (
        *(Column("deal", "Deal"), Column("n", "Norland", "", -1, 1), Column("s", "Sudland", "", -1, 1)),
        *(Column(name, name) for name in ("both", "first", "second", "neither")),
    )
    extra = {"names": ("Norland", "Sudland"), "whole": (count,)}
    return Table("gains", "Both gain", "quadrants", columns, (*rows, whole), extra=extra)


EVERY = (
    groups_table(),
    strips_table(),
    landscape_table(),
    landscape_table(1.0, 0.5),
    landscape_table(99, 98.5),
    quadrants_table(),
    quadrants_table(12),
)


def texts(svg: str) -> list[str]:
    """Every line of text in a drawing."""
    return ["".join(element.itertext()) for element in ElementTree.fromstring(svg).iter(f"{NAMESPACE}text")]


@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.kind)
def test_every_drawing_is_named_and_the_same_each_time(table: Table, situation: Situation) -> None:
    assert is_drawn(table)
    svg = svg_of(table, situation, "here")
    assert svg == svg_of(table, situation, "here")
    assert len(svg) < 25_000
    root = ElementTree.fromstring(svg)
    names = {element.attrib.get("id"): element.text for element in root}
    assert names[root.attrib["aria-labelledby"]] == table.title
    assert names[root.attrib["aria-describedby"]] == alt_of(table)
    assert all("style" not in element.attrib for element in root.iter())


@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.kind)
def test_nothing_stands_outside_the_drawing(table: Table, situation: Situation) -> None:
    data = data_of(table)
    height = KINDS[table.kind].height_of(data)
    figure = Figure(figsize=(style.WIDTH / 72, height / 72), dpi=720)
    canvas = FigureCanvasAgg(figure)
    side = style.SIDE / style.WIDTH
    ax = figure.add_axes((side, 0.0, 1 - 2 * side, 1.0))
    draw(data, ax, looks_of(situation))
    pen = canvas.get_renderer()  # type: ignore[no-untyped-call]
    for text in ax.texts:
        box = text.get_window_extent(pen)
        inside = (
            box.x0 >= -1 and box.x1 <= figure.bbox.x1 + 1 and box.y0 >= -10 and box.y1 <= figure.bbox.y1 + 10
        )
        assert inside, text.get_text()


def test_what_is_undefined_is_said_and_never_drawn_as_zero(situation: Situation) -> None:
    shown = texts(svg_of(groups_table(), situation))
    assert shown.count("no answer") == 2
    assert shown.count("–") == 2
    assert "0.00" not in shown
    assert any(text.endswith("*") and "method" in text for text in shown)
    said = alt_of(groups_table())
    assert "Another no answer" in said
    assert "undefined in 40 of 100 worlds" in said
    assert "published undefined" in alt_of(strips_table())


def test_the_default_stands_out(situation: Situation) -> None:
    usual, other = (
        svg_of(replace(groups_table(), extra={"default": name}), situation) for name in ("weighted mean", "x")
    )
    assert data_of(groups_table()).default == "Weighted mean"
    # Its rows are bold, as the heads of the groups are.
    assert usual.count("700") - other.count("700") == 4


def test_the_range_of_a_strip_is_that_of_all_answers(situation: Situation) -> None:
    shown = texts(svg_of(strips_table(), situation))
    assert "0.10 to 0.90" in shown
    assert "0.30 to 0.30" in shown


def test_a_landscape_says_weights_and_where_they_stand() -> None:
    said = alt_of(landscape_table())
    assert "Norland holds 60 % of the weight, at 30 on average" in said
    assert "Sudland holds 40 % of the weight, at 80 on average" in said
    assert "Weighted mean: 48, between 40 and 55 in 90 of 100 worlds" in said


@pytest.mark.parametrize(("mean", "median"), [(48.0, 50.0), (1.0, 0.5), (99.0, 98.5), (10.0, 30.0)])
def test_words_of_mean_and_median_do_not_overlap(mean: float, median: float) -> None:
    from accord.figures.landscape import _labels, _words

    data = data_of(landscape_table(mean, median))
    placed = list(_labels(data, 100.0))
    spans = [
        (start, start + style.width_of(_words(data, name, s), style.SMALL, True), top)
        for name, s, start, top in placed
    ]
    (a, b, y), (c, d, z) = spans
    assert y != z or b <= c or d <= a
    assert all(start >= 0 and end <= style.INNER + 1e-9 for start, end, _ in spans)


def test_a_map_of_gains_puts_gains_right_and_above() -> None:
    data = data_of(quadrants_table())
    x, y = data.at(0.1, 0.1)
    middle = data.at(0.0, 0.0)
    assert x > middle[0]
    assert y < middle[1]
    assert [deal.whole for deal in data.deals] == [False, False, False, True]
    said = alt_of(quadrants_table())
    assert "All issues together: both gain in every world" in said
    assert "only Norland gains" not in said.partition("All issues together")[2]


def test_long_tables_are_cut_and_say_so() -> None:
    many = groups_table(tuple(f"issue {i}" for i in range(MOST_GROUPS + 2)))
    assert "2 more in the table" in alt_of(many)
    assert f"{20 + 1 - MOST_DEALS} more in the table" in alt_of(quadrants_table(20))


def test_what_a_kind_needs_is_asked_for() -> None:
    table = strips_table()
    with pytest.raises(ValueError, match="lacks columns of quantities"):
        data_of(replace(table, extra={}))
    with pytest.raises(ValueError, match="lacks columns of quantities"):
        data_of(replace(landscape_table(), extra={}))
    bare = replace(groups_table(), columns=groups_table().columns[1:3], rows=(("a", spread(0.1, 0, 1)),))
    with pytest.raises(ValueError, match="names of group and row"):
        data_of(bare)
    with pytest.raises(ValueError, match="columns of quantities"):
        data_of(replace(quadrants_table(), rows=(("a", spread(0.1, 0, 1), "b", 1.0, 0.0, 0.0, 0.0),)))


def test_deals_without_a_number_are_left_to_the_table() -> None:
    rows = (("nothing", None, EMPTY, None, None, None, None), *quadrants_table().rows)
    data = data_of(replace(quadrants_table(), rows=rows, extra={"names": ("a", "b"), "whole": (4,)}))
    assert len(data.deals) == 4
    assert data.deals[-1].whole
