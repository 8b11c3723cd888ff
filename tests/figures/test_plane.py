"""Planes: marks and clouds where their ranks say, words that never cover one another, and what is left out said."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any
from xml.etree import ElementTree

import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D

from accord.figures import alt_of, data_of, draw, is_drawn, plane, plane_data, style, svg_of
from accord.figures.labels import tags_of
from accord.figures.plane import MOST_POINTS, Plane
from accord.finding import Column, Spread, Table
from accord.report.tables import table_view
from accord.situation import Situation

NAN = math.nan
FINE = 10  # at coarse resolution letters are as wide as whole dots
CORNERS = {
    "low_high": "strategic alliance",
    "high_high": "alliance of interest",
    "low_low": "weak tie",
    "high_low": "marriage of convenience",
    "middle": "ambivalent",
}
LONG = "A scenario whose label goes on for sixty characters or more x"


def rank(value: float, half: float = 0.1) -> Spread:
    """A rank with its range; its best estimate differs from its median."""
    return Spread(value / 2, max(0.0, value - half), value, min(1.0, value + half), 100)


def cloud(role: str, count: int) -> dict[str, Any]:
    """Dots all over the plane, the first at the upper left."""
    x, y = ([(i * step) % 1.0 for i in range(count)] for step in (0.618, 0.414))
    return {"label": f"{count:,} {role}", "role": role, "x": x, "y": [1 - v for v in y]}


def table_of(marks: Sequence[tuple[str, Spread | None, Spread | None]], **extra: Any) -> Table:
    """A plane with everything that it may hold."""
    every = {
        "band": (0.45, 0.55),
        "corners": CORNERS,
        "shares": {"low_high": 0.002, "high_high": 0.07, "low_low": 0.05, "high_low": 0.52, "middle": 0.358},
        "clouds": [cloud("background", 2000), cloud("worlds", 1024)],
        "ends": {"x": ("stands by itself", "hangs on the threat"), "y": ("fragile", "durable")},
    }
    columns = (
        Column("what", "Case"),
        Column("x", "conditionality", "", 0, 1),
        Column("y", "durability", "", 0, 1),
        Column("means", "What it means"),
    )
    rows = tuple((*mark, "a word") for mark in marks)
    return Table("place", "It is a marriage", "plane", columns, rows, extra={**every, **extra})


@pytest.fixture
def table() -> Table:
    """The partnership at the lower right, scenarios elsewhere, one without a place."""
    return table_of(
        [
            ("the pact", rank(0.8), rank(0.2)),
            ("peace", rank(0.1), rank(0.9)),
            ("nothing known", None, rank(0.4)),
            ("leak", rank(0.7), rank(0.1)),
            ("no number", Spread(NAN, NAN, NAN, NAN, 100, 100), rank(0.4)),
        ]
    )


def drawn(table: Table) -> Axes:
    """A drawing at its own size."""
    data = data_of(table)
    figure = Figure(figsize=(style.WIDTH / 72, plane.height_of(data) / 72), dpi=72 * FINE)
    FigureCanvasAgg(figure)
    side = style.SIDE / style.WIDTH
    ax = figure.add_axes((side, 0.0, 1 - 2 * side, 1.0))
    draw(data, ax)
    return ax


def marks(ax: Axes, shape: str, size: float) -> list[tuple[float, float]]:
    """Where marks of a shape and size stand."""
    found = [one for one in ax.lines if one.get_marker() == shape and one.get_markersize() == size]
    return [(float(one.get_xdata()[0]), float(one.get_ydata()[0])) for one in found]  # type: ignore[index, arg-type]


def boxes(ax: Axes) -> list[tuple[str, Any]]:
    """Every text with the room that it takes, in the widest font."""
    canvas = ax.figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    pen: Any = canvas.get_renderer()  # type: ignore[no-untyped-call]
    return [
        (t.get_text(), t.get_window_extent(pen).transformed(Affine2D().scale(1 / FINE))) for t in ax.texts
    ]


def texts(svg: str) -> list[str]:
    """What is written in a drawing, line by line."""
    return [e.text or "" for e in ElementTree.fromstring(svg).iter() if e.tag.endswith("text")]


def test_durable_is_up_and_conditional_is_right(table: Table) -> None:
    ax = drawn(table)
    (pact,) = marks(ax, "o", plane._BIG)
    peace, leak = marks(ax, "D", plane._LITTLE)[:2]
    assert pact[0] > leak[0] > peace[0]
    assert peace[1] < pact[1] < leak[1]  # points count downwards
    wide = (leak[0] - peace[0]) / 0.6
    assert pact[0] - leak[0] == pytest.approx(0.1 * wide)
    assert (pact[1] - peace[1]) / 0.7 == pytest.approx(plane._PLOT)
    said = {t.get_text(): t.get_position() for t in ax.texts}
    assert said["Strategic alliance"][1] < said["Weak tie"][1]
    assert said["Strategic alliance"][0] < said["Alliance of interest"][0]
    assert said["Marriage of convenience"][0] > pact[0]
    assert said["durable"][1] < said["fragile"][1]
    assert said["stands by itself"][0] < said["hangs on the threat"][0]


def test_the_svg_holds_the_mark_where_the_table_says(table: Table, situation: Situation) -> None:
    root = ElementTree.fromstring(svg_of(table, situation))
    uses = [e for e in root.iter() if e.tag.endswith("use") and e.get("fill") == plane._PACT]
    place = max(float(use.attrib["y"]) for use in uses)  # the other stands in the legend
    ((x, y),) = marks(drawn(table), "o", plane._BIG)
    assert place == pytest.approx(y, abs=0.02)
    assert x + style.SIDE in [pytest.approx(float(use.attrib["x"]), abs=0.02) for use in uses]


def test_bars_run_from_the_fifth_to_the_95th_percentile(table: Table) -> None:
    ax = drawn(table)
    bars = [one for one in ax.lines if one.get_color() == plane._PACT and len(one.get_xdata()) == 2]  # type: ignore[arg-type]
    frame = plane._frame(data_of(table))
    (wide_x, wide_y), (high_x, high_y) = ((bar.get_xdata(), bar.get_ydata()) for bar in bars)
    assert list(wide_x) == pytest.approx([frame.x(0.7), frame.x(0.9)])  # type: ignore[arg-type]
    assert list(wide_y) == pytest.approx([frame.y(0.2)] * 2)  # type: ignore[arg-type]
    assert list(high_x) == pytest.approx([frame.x(0.8)] * 2)  # type: ignore[arg-type]
    assert list(high_y) == pytest.approx([frame.y(0.1), frame.y(0.3)])  # type: ignore[arg-type]


def test_a_mark_stands_at_its_median_or_else_at_its_best_estimate() -> None:
    only = Spread(0.3, NAN, NAN, NAN, 10, 10)
    data = data_of(table_of([("pact", only, rank(0.6)), ("out", Spread(2, 2, 2, 2, 1), rank(0.6))]))
    assert isinstance(data, Plane)
    assert [mark.place for mark in data.marks] == [(0.3, 0.6), (2, 0.6)]
    frame = plane._frame(data)
    assert frame.at(data.marks[1])[0] == frame.x(1.0)


def test_quadrants_follow_the_band() -> None:
    places = [(0.2, 0.8), (0.8, 0.8), (0.2, 0.2), (0.8, 0.2), (0.5, 0.9), (0.9, 0.45), (0.449, 0.551)]
    data = data_of(table_of([("a", rank(x), rank(y)) for x, y in places]))
    keys = ["low_high", "high_high", "low_low", "high_low", "middle", "middle", "low_high"]
    assert [data.corner_of(mark) for mark in data.marks] == keys


def test_rows_without_a_place_are_named_and_take_no_number(table: Table, situation: Situation) -> None:
    assert [mark.number for mark in data_of(table).marks] == [0, 1, -1, 2, -1]
    said = texts(svg_of(table, situation))
    assert {"Nothing known: not defined", "No number: not defined"} <= set(said)
    assert said[said.index("Leak") - 1] == "2"
    assert "Not defined: Nothing known; No number." in alt_of(table)
    assert len(marks(drawn(table), "D", plane._LITTLE)) == 4  # two on the plane, two in the key
    lost = table_of([("pact", None, None), ("peace", rank(0.1), rank(0.9))])
    assert "Pact: not defined" in texts(svg_of(lost, situation))
    assert marks(drawn(lost), "o", plane._BIG) == []


def test_long_names_of_other_cases_leave_the_scenarios_in_two_columns() -> None:
    rows = [(f"case {n}", rank(0.1 * n), rank(0.5)) for n in range(1, 9)]
    others = [
        {"label": "a pact of two states far away from one another, at the end of a year", "x": 0.2, "y": 0.9}
    ]
    data = data_of(
        replace(table_of(rows), extra={**table_of(rows).extra, "others": others, "others_are": "others"})
    )
    items = plane._key(data, 0.0)
    numbered = [item for item in items if item.sign.isdigit()]
    assert len({item.x for item in numbered}) == 2, "else the plane does not fit the first printed sheet"
    assert min(item.y for item in items if not item.sign.isdigit()) > max(item.y for item in numbered)


def test_marks_that_cannot_be_compared_are_hollow(situation: Situation) -> None:
    rows = [("the pact", rank(0.5), rank(0.5)), ("safe", rank(0.2), rank(0.8)), ("war", rank(0.7), rank(0.3))]
    plain = table_of(rows)
    apart = replace(plain, extra={**plain.extra, "apart": ["safe"], "apart_are": "nothing left to lose"})

    def faces(shown: Table) -> list[str]:
        """Of all diamonds, in the order they are drawn: legend, plane, key."""
        ax, _ = drawn(shown), plane._frame(data_of(shown))
        return [
            "hollow" if one.get_markerfacecolor() == "white" else "full"
            for one in ax.lines
            if one.get_marker() == "D"
        ]

    assert faces(plain) == ["full"] * 4
    assert faces(apart) == ["hollow", "hollow", "full", "hollow", "full"]
    assert "nothing left to lose" in texts(svg_of(apart, situation))
    assert "Hollow, nothing left to lose: Safe." in alt_of(apart)
    assert "Hollow" not in alt_of(plain)
    first = replace(plain, extra={**plain.extra, "apart": ["the pact"]})
    assert faces(first) == ["full"] * 4, "the partnership itself is what others are compared with"


def test_other_cases_are_hollow_squares_with_letters(table: Table, situation: Situation) -> None:
    others = [
        {"label": "old pact", "x": 0.2, "y": 0.9},
        {"label": "lost", "x": NAN, "y": 0.4},
        {"label": "older pact", "x": 0.6, "y": 0.3},
    ]
    says = "other cases, each ranked among its own population"
    shown = replace(table, extra={**table.extra, "others": others, "others_are": says})
    ax, frame = drawn(shown), plane._frame(data_of(shown))
    squares = marks(ax, "s", plane._LITTLE)
    assert len(squares) == 5  # one in the legend, two on the plane, two in the key
    assert {(frame.x(0.2), frame.y(0.9)), (frame.x(0.6), frame.y(0.3))} <= set(squares)
    assert all(
        one.get_markerfacecolor() == "white" and one.get_markeredgecolor() != "white"
        for one in ax.lines
        if one.get_marker() == "s"
    )
    said = texts(svg_of(shown, situation))
    assert says in said
    assert said[said.index("Old pact") - 1] == "A"
    assert said[said.index("Older pact") - 1] == "B"
    assert (
        f"O{says[1:]}, across and upwards: Old pact at 0.20 and 0.90; Older pact at 0.60 and 0.30."
        in alt_of(shown)
    )
    # They are no scenarios, and move nothing else.
    assert data_of(shown).marks == data_of(table).marks
    assert says not in texts(svg_of(table, situation))


def test_clouds_are_thinned_evenly_and_say_so(table: Table, situation: Situation) -> None:
    background, worlds = data_of(table).clouds
    given = table.extra["clouds"]
    assert background.points == tuple(zip(given[0]["x"], given[0]["y"], strict=True))[::5]
    assert worlds.points == tuple(zip(given[1]["x"], given[1]["y"], strict=True))[::3]
    assert len(background.points) <= MOST_POINTS
    said = texts(svg_of(table, situation))
    assert {"2,000 background, every 5th shown", "1,024 worlds, every 3rd shown"} <= set(said)
    few = {"label": "worlds", "role": "worlds", "x": [0.1, NAN, 0.3], "y": [0.1, 0.2, 0.3]}
    (small,) = data_of(replace(table, extra={**table.extra, "clouds": [few]})).clouds
    assert small.points == ((0.1, 0.1), (0.3, 0.3))
    assert small.says == "3 worlds, 1 of them undefined"


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (23, "23rd")],
)
def test_ordinals(count: int, words: str) -> None:
    assert plane_data._ordinal(count) == words


def test_every_shown_dot_is_in_the_drawing(table: Table, situation: Situation) -> None:
    root = ElementTree.fromstring(svg_of(table, situation))
    for role, cloud_ in zip(("background", "worlds"), data_of(table).clouds, strict=True):
        colour, _, opacity = plane._DOTS[role]
        paths = [e.attrib for e in root.iter() if e.get("opacity") == f"{opacity:g}"]
        dots = [dot for path in paths for dot in re.findall(r"M (\S+) (\S+) L \1 \2", path["d"])]
        assert {path["stroke"] for path in paths} == {colour.lower()}
        assert len(dots) == len(cloud_.points) + 3  # three in the legend
        frame = plane._frame(data_of(table))
        x, y = cloud_.points[7]
        wanted = (frame.x(x) + style.SIDE, frame.y(y))
        assert min(math.dist(wanted, (float(a), float(b))) for a, b in dots) < 0.02


def test_the_drawing_is_small_and_the_same_every_time(table: Table, situation: Situation) -> None:
    assert is_drawn(table)
    svg = svg_of(table, situation, "here")
    assert len(svg) < 60_000
    assert svg == svg_of(table, situation, "here")
    assert all("style" not in element.attrib for element in ElementTree.fromstring(svg).iter())


def crowded() -> list[Table]:
    """Tables that leave little room: one place for all, corners and edges, long words, nothing at all."""
    words = {key: f"{name} of a very long name indeed" for key, name in CORNERS.items()}
    ends = {
        "x": (f"stands {LONG}", f"hangs {LONG}"),
        "y": ("fragile as a house of cards in the wind", "durable as a rock in a stormy sea"),
    }
    edges = [(x, y) for x in (0.0, 0.5, 1.0) for y in (0.0, 0.5, 1.0)]
    same = [(f"{LONG}{i}", rank(0.5), rank(0.5)) for i in range(16)]
    cornered = [(f"{LONG}{i}", rank(1), rank(0)) for i in range(9)]
    return [
        table_of(same),
        table_of(cornered, corners=words, ends=ends, clouds=[]),
        table_of([(f"Case {i}", rank(x), rank(y)) for i, (x, y) in enumerate(edges)], clouds=[]),
        table_of([("alone", rank(0.2), rank(0.7))], band=(0.5, 0.5), shares={}, ends={}),
        table_of(same[:6], others=[{"label": f"{LONG}{i}", "x": 0.5, "y": 0.5} for i in range(5)]),
        table_of([("alone", None, None)]),
    ]


@pytest.mark.parametrize("case", crowded(), ids=["same", "corner", "edges", "alone", "others", "nothing"])
def test_texts_never_cover_one_another_or_leave_the_drawing(case: Table) -> None:
    ax = drawn(case)
    found = boxes(ax)
    for (one, a), (other, b) in combinations(found, 2):
        deep = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        assert min(deep) < 1.5, (one, other)
    left, right, high = style.SIDE, style.WIDTH - style.SIDE, plane.height_of(data_of(case))
    for text, box in found:
        assert left - 1 <= box.x0 <= box.x1 <= right + 1, text
        assert -1 <= box.y0 <= box.y1 <= high + 1, text


@pytest.mark.parametrize("case", crowded()[:3], ids=["same", "corner", "edges"])
def test_numbers_cover_no_mark_and_stay_in_the_plot(case: Table) -> None:
    data = data_of(case)
    frame = plane._frame(data)
    tags = plane._tags(frame)
    assert [tag.text for tag in tags] == [str(i + 1) for i in range(len(data.scenarios))]
    for one, other in combinations(tags, 2):
        assert max(abs(one.x - other.x) / one.half[0], abs(one.y - other.y) / one.half[1]) >= 1.99
    for tag in tags:
        for x, y in (frame.at(mark) for mark in data.marks):
            assert abs(tag.x - x) >= tag.half[0] + plane._LITTLE / 2 or abs(tag.y - y) >= (
                tag.half[1] + plane._LITTLE / 2
            )
        assert frame.left < tag.box[0] < tag.box[1] < style.INNER
        assert frame.top + frame.strips[0] <= tag.box[2] <= tag.box[3] <= frame.floor - frame.strips[1]


def test_a_number_keeps_off_bars_where_it_can() -> None:
    bars = [(x / 2, 50.0) for x in range(200)]
    (tag,) = tags_of([("1", (50.0, 50.0))], [(46, 54, 46, 54)], bars, (0, 100, 0, 100))
    assert not tag.box[2] < 50 < tag.box[3]


def test_shares_stand_beside_their_names_and_little_is_not_nothing(table: Table) -> None:
    said = {t.get_text(): t.get_position() for t in drawn(table).texts}
    assert said["52 % of worlds"][0] == said["Marriage of convenience"][0]
    assert said["52 % of worlds"][1] > said["Marriage of convenience"][1]
    assert {"under 1 % of worlds", "ambivalent: 36 % of worlds"} <= set(said)
    nearly = data_of(
        table_of([("a", None, None)], shares={"low_low": 0.999, "low_high": 0.0, "high_low": NAN})
    )
    assert [nearly.share_text(k) for k in ("low_low", "low_high", "high_low", "high_high")] == [
        "over 99 % of worlds",
        "0 % of worlds",
        "",
        "",
    ]


def test_the_plane_in_words(table: Table) -> None:
    words = alt_of(table)
    assert "Conditionality across (0 stands by itself, 1 hangs on the threat)" in words
    assert (
        "The pact: Conditionality 0.80, between 0.70 and 0.90 in 90 of 100 worlds, on the side of 'hangs on the threat'"
        in words
    )
    assert "on the side of 'fragile'; that is marriage of convenience." in words
    assert "Of its worlds: marriage of convenience 52 %, ambivalent 36 %, alliance of interest 7 %" in words
    assert "Furthest from it of 2 numbered marks: Peace at 0.10 across and 0.90 upwards (strategic" in words
    assert words.index("Peace at") < words.index("Leak at 0.70 across and 0.10 upwards")
    assert "nan" not in words.lower()
    still = table_of([("pact", rank(0.8), rank(0.2)), ("same", rank(0.8), rank(0.2))])
    assert "All 1 numbered marks stand at the same place." in alt_of(still)


def test_worlds_without_a_rank_are_counted_in_the_legend(situation: Situation) -> None:
    some = Spread(0.5, 0.4, 0.5, 0.6, 100, 7)
    said = texts(svg_of(table_of([("pact", some, some)]), situation))
    assert "Pact; undefined in 7 of 100 worlds; lines: 90 of 100 worlds" in said


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ({"corners": {"low_low": "weak tie"}}, "names no quadrant low_high, high_high, high_low"),
        ({"band": (0.6, 0.4)}, "band from 0.6 to 0.4"),
        ({"clouds": [{"label": "a", "role": "other", "x": [1], "y": [1]}]}, "cloud of another form"),
        ({"clouds": [{"label": "a", "role": "worlds", "x": [1], "y": []}]}, "cloud of another form"),
    ],
)
def test_what_a_plane_cannot_do_without(extra: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        data_of(table_of([("a", rank(0.5), rank(0.5))], **extra))
    with pytest.raises(ValueError, match="columns of quantities"):
        data_of(table_of([("a", rank(0.5), "text")]))  # type: ignore[list-item]


def test_many_rows_are_cut_and_counted(situation: Situation) -> None:
    table = table_of([(f"case {i}", rank(i / 30), rank(0.5)) for i in range(22)])
    assert len(data_of(table).scenarios) == 16
    assert "5 more in the table" in texts(svg_of(table, situation))
    assert alt_of(table).endswith("5 more in the table.")


def test_the_page_shows_the_medians_at_which_marks_stand(table: Table) -> None:
    view = table_view(table, {})
    assert view.caption.startswith("Median over worlds; in brackets")
    assert [cell.text for cell in view.rows[0]] == [
        "The pact",
        "0.80 (0.70 to 0.90)",
        "0.20 (0.10 to 0.30)",
        "a word",
    ]
    assert view.rows[2][1].text == "undefined"
