"""State graphs: outcomes by their distance, moves as arrows, words for each, and nothing outside the drawing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D

from accord.figures import alt_of, data_of, graph, is_drawn, looks_of, style, svg_of
from accord.figures.graph import MOST_NODES, Move
from accord.finding import Column, Spread, Table
from accord.situation import Situation

FINE = 10  # at coarse resolution letters are as wide as whole dots
NAMESPACE = "{http://www.w3.org/2000/svg}"
NAMES = {"norland": "Norland", "sudland": "Sudland", "westland": "the West"}
LONG = "Norland scales its campaign in the hills down and takes what the West offers at the expense of Sudland, piece by piece"


def table_of(
    labels: list[Any], moves: list[tuple[Any, ...]], kinds: list[str] | None = None, **extra: Any
) -> Table:
    """A graph of outcomes, the first of them the present one."""
    known = kinds or ["now", *["other"] * (len(labels) - 1)]
    rows = tuple((label, False) if isinstance(label, str) else label for label in labels)
    return Table(
        "graph",
        "Nobody would leave one outcome",
        "graph",
        (Column("outcome", "Outcome"), Column("R", "Sticks")),
        rows,
        extra={"kinds": tuple(known), "moves": tuple(moves), "actors": NAMES, **extra},
    )


@pytest.fixture
def table() -> Table:
    """As now, two steps out of it, one side track, and an outcome that no arrow reaches."""
    return table_of(
        [
            "as now",
            "norland leaves",
            "norland leaves; sudland leaves",
            "the West offers",
            "nobody goes there",
        ],
        [
            (0, 1, "norland", True, True),
            (1, 2, "sudland", True, True),
            (0, 3, "westland", False, False),
            (3, 0, "westland", True, False),
            (2, 0, "norland", True, False),
        ],
        ["now", "other", "equilibrium", "other", "other"],
    )


def drawn(table: Table, looks: Any = None) -> Axes:
    """A drawing at its own size."""
    data = data_of(table)
    figure = Figure(figsize=(style.WIDTH / 72, graph.height_of(data) / 72), dpi=72 * FINE)
    FigureCanvasAgg(figure)
    side = style.SIDE / style.WIDTH
    ax = figure.add_axes((side, 0.0, 1 - 2 * side, 1.0))
    graph.draw(data, ax, looks or {})
    return ax


def boxes(ax: Axes) -> list[tuple[str, Any]]:
    """Every text with the room that it takes."""
    canvas = ax.figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    pen: Any = canvas.get_renderer()  # type: ignore[no-untyped-call]
    return [
        (t.get_text(), t.get_window_extent(pen).transformed(Affine2D().scale(1 / FINE)))
        for t in ax.texts
        if t.get_text()
    ]


def texts(svg: str) -> list[str]:
    """What is written in a drawing, line by line."""
    return ["".join(element.itertext()) for element in ElementTree.fromstring(svg).iter(f"{NAMESPACE}text")]


def test_what_is_drawn(table: Table) -> None:
    data = data_of(table)
    assert [node.label for node in data.nodes][:2] == ["As now", "Norland leaves"]
    assert data.moves[2] == Move(0, 3, "westland", False, False)
    assert data.actors == (("norland", "Norland"), ("sudland", "Sudland"), ("westland", "the West"))
    assert data.more == 0
    assert [node.share for node in data.nodes] == [None] * 5


def test_columns_are_distances_and_what_no_move_reaches_stands_last(table: Table) -> None:
    assert [node.column for node in data_of(table).nodes] == [0, 1, 2, 1, 3]
    # The way back does not count: distance is from the present outcome, wherever it stands in the table.
    moved = table_of(["a", "b", "c"], [(2, 1, "norland", True, True), (1, 0, "norland", True, True)])
    late = replace(moved, extra={**moved.extra, "kinds": ("other", "other", "now equilibrium")})
    assert [node.column for node in data_of(late).nodes] == [2, 1, 0]
    x = [place[0] for place in graph._places(data_of(table))]
    assert x[0] < x[1] == x[3] < x[2] < x[4]


def test_outcomes_of_one_column_stand_apart(table: Table) -> None:
    places = graph._places(data_of(table))
    assert len(set(places)) == 5
    assert abs(places[1][1] - places[3][1]) >= 2 * graph._RADIUS


def test_marks_of_now_equilibrium_and_the_way(table: Table) -> None:
    ax = drawn(table)
    places = graph._places(data_of(table))
    circles: dict[int, list[Any]] = {}
    for mark in ax.lines:
        at = (float(mark.get_xdata()[0]), float(mark.get_ydata()[0]))  # type: ignore[index, arg-type]
        if mark.get_marker() == "o" and at in places:
            circles.setdefault(places.index(at), []).append(mark)
    assert [len(circles[i]) for i in range(5)] == [2, 1, 1, 1, 1], "a second ring around what they do now"
    filled = [i for i in range(5) if circles[i][-1].get_markerfacecolor() == style.INK]
    assert filled == [2]
    arrows = [note.arrow_patch for note in ax.texts if getattr(note, "arrow_patch", None) is not None]
    widths = [arrow.get_linewidth() for arrow in arrows]
    assert len(widths) == 5
    assert widths[0] == widths[1] > widths[2] == widths[3]
    dashed = [not isinstance(arrow.get_linestyle(), str) or arrow.get_linestyle() != "-" for arrow in arrows]
    assert dashed == [False, False, True, False, False]


def test_two_arrows_between_the_same_outcomes_bend_apart(table: Table) -> None:
    data = data_of(table)
    assert graph._twins(data.moves, data.moves[2]) != graph._twins(data.moves, data.moves[3])
    assert graph._twins(data.moves, data.moves[0]) == graph._twins(data.moves, data.moves[1])


def test_the_legend_names_who_moves_and_only_the_marks_that_occur(table: Table, situation: Situation) -> None:
    said = texts(svg_of(table, situation))
    assert {"Norland", "Sudland", "the West", "dashed: does not pay the mover"} <= set(said)
    paying = [move for move in table.extra["moves"] if move[3]]
    calm = texts(svg_of(replace(table, extra={**table.extra, "moves": tuple(paying)}), situation))
    assert "dashed: does not pay the mover" not in calm
    assert "thick: the way out" in calm
    colour = style.strong(looks_of(situation)["norland"].colour).lower()
    assert colour in svg_of(table, situation)


def test_the_graph_in_words(table: Table) -> None:
    words = alt_of(table)
    assert words.startswith(
        "5 outcomes joined by 5 moves; nobody would leave Norland leaves; sudland leaves. 1: As now"
    )
    assert "Norland moves from 1 to 2, on the way out" in words
    assert "the West moves from 1 to 4 though it does not pay" in words
    assert "Moves: " in words
    loose = table_of(["as now", "another"], [(0, 1, "norland", True, False)])
    assert "somebody would leave each of them" in alt_of(loose)
    share = Spread(0.4, 0.3, 0.4, 0.5, 100)
    sure = table_of([("as now", share), ("another", None)], [])
    assert "1: As now (40 %)" in alt_of(sure)
    assert "joined by no moves" in alt_of(sure)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"moves": ((0, 5, "norland", True, False),)}, "a move from or to a row that is not there"),
        ({"moves": ((-1, 0, "norland", True, False),)}, "a move from or to a row that is not there"),
        ({"kinds": ("now",)}, "must say of every row what it is"),
    ],
)
def test_what_a_graph_cannot_do_without(table: Table, change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        data_of(replace(table, extra={**table.extra, **change}))


def crowded() -> list[Table]:
    """Graphs that leave little room: long words, many outcomes in one column, a long way, one outcome alone."""
    fan = [(0, i, ("norland", "sudland", "westland")[i % 3], True, i == 1) for i in range(1, 12)]
    chain = [(i, i + 1, "norland", True, True) for i in range(11)]
    return [
        table_of([f"{LONG} {i}" for i in range(12)], fan),
        table_of([f"{LONG} {i}" for i in range(12)], chain),
        table_of([f"outcome {i}" for i in range(20)], [*fan, (3, 15, "norland", True, False)]),
        table_of(["as now"], [], ["now equilibrium"]),
        table_of(["a", "b"], [(0, 1, name, True, False) for name in (LONG, f"{LONG} too", "norland")]),
    ]


@pytest.mark.parametrize("case", crowded(), ids=["fan", "chain", "many", "alone", "names"])
def test_texts_stay_inside_the_drawing_and_do_not_cover_one_another(case: Table) -> None:
    ax = drawn(case)
    left, right, high = style.SIDE, style.WIDTH - style.SIDE, graph.height_of(data_of(case))
    found = boxes(ax)
    for text, box in found:
        assert left - 1 <= box.x0 <= box.x1 <= right + 1, text
        assert -1 <= box.y0 <= box.y1 <= high + 1, text
    for i, (one, a) in enumerate(found):
        for other, b in found[i + 1 :]:
            deep = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
            assert min(deep) < 1.5, (one, other)


@pytest.mark.parametrize("case", crowded(), ids=["fan", "chain", "many", "alone", "names"])
def test_circles_stay_between_legend_and_key_and_apart(case: Table) -> None:
    data = data_of(case)
    places = graph._places(data)
    rim = graph._RADIUS + 3
    below = min(item.y for item in graph._key(data))
    for x, y in places:
        assert 0 <= x - rim <= x + rim <= style.INNER
        assert graph._top(data) <= y - rim
        assert y + rim <= below
    for i, (x, y) in enumerate(places):
        assert all(abs(x - a) >= 2 * rim or abs(y - b) >= 2 * rim for a, b in places[i + 1 :])


def test_many_outcomes_are_cut_and_counted(situation: Situation) -> None:
    table = crowded()[2]
    data = data_of(table)
    assert (len(data.nodes), data.more) == (MOST_NODES, 8)
    assert all(max(move.start, move.end) < MOST_NODES for move in data.moves)
    assert "and 8 more in the table" in texts(svg_of(table, situation))
    assert "8 more" in alt_of(table)


def test_the_drawing_is_small_and_the_same_every_time(table: Table, situation: Situation) -> None:
    assert is_drawn(table)
    svg = svg_of(table, situation, "here")
    assert len(svg) < 40_000
    assert svg == svg_of(table, situation, "here")
    root = ElementTree.fromstring(svg)
    assert root.attrib["role"] == "img"
    assert all("style" not in element.attrib for element in root.iter())
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    assert all(found.startswith("here-") for found in ids)
