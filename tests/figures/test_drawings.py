"""Drawings of every kind: their numbers, their words, and an SVG that a page can hold."""

from __future__ import annotations

import math
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure

import accord
from accord.figures import KINDS, alt_of, data_of, draw, is_drawn, looks_of, svg_of
from accord.figures.intervals import Intervals
from accord.figures.matrix import Matrix
from accord.figures.rows import MOST_ROWS
from accord.figures.scale import ScaleData
from accord.figures.shift import Shift
from accord.figures.style import COLOURS
from accord.finding import Column, Spread, Table
from accord.situation import Actor, Situation

NAMESPACE = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    """Every line of text in a drawing."""
    return ["".join(element.itertext()) for element in ElementTree.fromstring(svg).iter(f"{NAMESPACE}text")]


def test_every_drawing_is_small_valid_and_named(any_table: Table, situation: Situation) -> None:
    svg = svg_of(any_table, situation, "here")
    root = ElementTree.fromstring(svg)
    assert len(svg) < 15_000
    assert root.attrib["role"] == "img"
    names = {element.attrib.get("id"): element.text for element in root}
    assert names[root.attrib["aria-labelledby"]] == any_table.title
    assert names[root.attrib["aria-describedby"]] == alt_of(any_table)


def test_nothing_in_a_drawing_needs_the_network_or_inline_style(
    any_table: Table, situation: Situation
) -> None:
    root = ElementTree.fromstring(svg_of(any_table, situation))
    for element in root.iter():
        assert element.tag.removeprefix(NAMESPACE) not in (
            "style",
            "script",
            "image",
            "metadata",
            "foreignObject",
        )
        assert "style" not in element.attrib
        assert all("http" not in value for value in element.attrib.values())


def test_same_table_same_bytes(any_table: Table, situation: Situation) -> None:
    assert svg_of(any_table, situation) == svg_of(any_table, situation)


def test_ids_carry_the_prefix(any_table: Table, situation: Situation) -> None:
    root = ElementTree.fromstring(svg_of(any_table, situation, "one"))
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    assert all(found.startswith("one-") for found in ids)


def test_alt_text_says_the_numbers(
    intervals_table: Table, shift_table: Table, matrix_table: Table, scale_table: Table
) -> None:
    assert "Order after the war: 0.92, between 0.80 and 0.97 in 90 of 100 worlds" in alt_of(intervals_table)
    assert "Leader: now 0.12, between 0.05 and 0.25 in 90 of 100 worlds; at the end 0.52" in alt_of(
        shift_table
    )
    assert "Sudland: Norland −0.71, between −0.90 and −0.50 in 90 of 100 worlds" in alt_of(matrix_table)
    assert "Forecast: 62, between 48 and 71 in 90 of 100 worlds" in alt_of(scale_table)
    assert "from 0 (he goes) to 100 (he stays)" in alt_of(scale_table)
    assert "Without agreement: 80" in alt_of(scale_table)


def test_what_is_undefined_is_said_and_never_drawn_as_zero(
    intervals_table: Table, shift_table: Table, matrix_table: Table, scale_table: Table, situation: Situation
) -> None:
    dots = texts(svg_of(intervals_table, situation))
    assert dots.count("undefined") == 2
    assert "undefined in 31 of 100 worlds" in dots
    assert "Terms of leaving: undefined" in alt_of(intervals_table)
    dumbbells = texts(svg_of(shift_table, situation))
    assert "0.30 → undefined" in dumbbells
    assert "now: undefined in 4 of 100 worlds" in dumbbells
    heat = texts(svg_of(matrix_table, situation))
    assert heat.count("n/a") == 2
    assert "−0.71*" in heat
    scale = texts(svg_of(scale_table, situation))
    assert "Zealots: no position" in scale
    assert "Westland*" in scale
    assert not {"0", "0.00"} & {text for text in heat if text}


def test_plain_numbers_of_each_kind(
    intervals_table: Table, shift_table: Table, matrix_table: Table, scale_table: Table
) -> None:
    intervals = data_of(intervals_table)
    assert isinstance(intervals, Intervals)
    assert (intervals.axis.low, intervals.axis.high) == (0, 1)
    shift = data_of(shift_table)
    assert isinstance(shift, Shift)
    assert (shift.start_label, shift.end_label) == ("now", "at the end")
    matrix = data_of(matrix_table)
    assert isinstance(matrix, Matrix)
    assert matrix.cells[0][0] is None
    scale = data_of(scale_table)
    assert isinstance(scale, ScaleData)
    assert [row.label for row in scale.rows] == ["Westland", "Norland", "Sudland", "Zealots"]
    assert math.isclose(scale.reference, 80)


def test_rows_without_an_actor_are_forecasts_when_others_have_one(scale_table: Table) -> None:
    extra = {key: value for key, value in scale_table.extra.items() if key != "forecast"}
    row = ("Weighted mean", scale_table.rows[0][1], None)
    table = replace(scale_table, rows=(*scale_table.rows, row), actors=(*scale_table.actors, ""), extra=extra)
    assert [forecast.label for forecast in data_of(table).forecasts] == ["Weighted mean"]


def test_markers_of_actors_differ_in_shape_not_only_in_colour(situation: Situation) -> None:
    looks = looks_of(situation)
    assert len({look.marker for look in looks.values()}) == len(looks)


def test_an_actor_has_its_colour_in_every_drawing(
    shift_table: Table, scale_table: Table, situation: Situation
) -> None:
    colour = looks_of(situation)["norland"].colour.lower()
    assert colour in svg_of(shift_table, situation)
    assert colour in svg_of(scale_table, situation)


def test_values_outside_the_natural_range_widen_the_axis(
    intervals_table: Table, situation: Situation
) -> None:
    table = replace(intervals_table, rows=(("far", Spread(3.0, 2.0, 3.0, 4.0, 100)),))
    assert data_of(table).axis.high > 4
    assert "3.00 (2.00 to 4.00)" in texts(svg_of(table, situation))


@pytest.mark.parametrize("value", [0.0, 1e-12, -5.0, 1e9, math.nan])
def test_a_single_number_of_any_size_can_be_drawn(value: float, situation: Situation) -> None:
    columns = (Column("a", "A"), Column("b", "B"))
    table = Table(
        "one", "One number", "intervals", columns, (("only", Spread(value, value, value, value, 1)),)
    )
    assert "Only" in texts(svg_of(table, situation))


def test_long_tables_are_cut_and_say_so(intervals_table: Table, situation: Situation) -> None:
    rows = tuple((f"row {i}", Spread(0.5, 0.1, 0.5, 0.9, 100)) for i in range(MOST_ROWS + 5))
    table = replace(intervals_table, rows=rows)
    assert f"Row {MOST_ROWS}" not in texts(svg_of(table, situation))
    assert "5 more in the table" in alt_of(table)


def test_wide_heat_maps_turn_their_heads(situation: Situation) -> None:
    names = [f"A very long name number {i}" for i in range(14)]
    cell = Spread(0.5, 0.4, 0.5, 0.6, 100)
    columns = (Column("a", "A"), *(Column(f"c{i}", name, "", 0, 1) for i, name in enumerate(names)))
    table = Table("wide", "Wide", "matrix", columns, tuple((name, *[cell] * 14) for name in names))
    svg = svg_of(table, situation)
    assert "rotate(-90" in svg
    assert "28 more in the table" in alt_of(table)


def test_labels_too_long_for_a_heat_map_stand_below_it_in_full(situation: Situation) -> None:
    cell = Spread(0.5, 0.4, 0.5, 0.6, 100)
    long = "Norland leaves the pact and takes an offer of the Westland at the expense of the Midland regime; Sudland"
    ends = ("scales its campaign down and quits the coastal cities", "scales its campaign down and stays")
    columns = (Column("a", "A"), *(Column(f"c{i}", f"Concept {i}", "", 0, 1) for i in range(5)))
    rows = tuple((name, *[cell] * 5) for name in (*(f"{long} {end}" for end in ends), "As now"))
    written = texts(svg_of(Table("long", "Long", "matrix", columns, rows), situation))
    assert not any("…" in text for text in written)
    assert written.count("A") == written.count("B") == written.count("C") == 2, "beside the map and below it"
    said = " ".join(written)
    assert f"A {long} {ends[0]} B {long} {ends[1]} C As now" in said
    short = texts(svg_of(Table("short", "Short", "matrix", columns, rows[2:]), situation))
    assert "A" not in short
    assert "As now" in short


def test_a_label_that_breaks_at_a_hyphen_is_whole(matrix_table: Table, situation: Situation) -> None:
    name = "US-backed-and-otherwise-well-supplied opposition"
    table = replace(matrix_table, rows=((name, *matrix_table.rows[0][1:]),))
    written = texts(svg_of(table, situation))
    assert any(text.startswith("US-backed-") for text in written)
    assert "A" not in written


def test_formulas_markup_and_odd_letters_stay_text(intervals_table: Table, situation: Situation) -> None:
    odd = "<b>$\\frac{$ & \x00 \u4e2d\u6587 \u0627\u06cc\u0631\u0627\u0646"
    table = replace(intervals_table, title=odd, rows=((odd, Spread(0.5, 0.1, 0.5, 0.9, 100)),))
    svg = svg_of(table, situation)
    assert "<b>" not in svg
    assert "<b>$\\frac{$ & \u4e2d\u6587 \u0627\u06cc\u0631\u0627\u0646" in " ".join(
        " ".join(texts(svg)).split()
    )


def test_a_figure_of_ones_own_can_be_drawn_on(any_table: Table, situation: Situation) -> None:
    ax = Figure(figsize=(5, 4)).add_subplot()
    draw(data_of(any_table), ax)
    draw(data_of(any_table), ax, looks_of(situation))
    assert ax.texts


def test_tables_that_are_not_drawn() -> None:
    columns = (Column("a", "A"), Column("b", "B"))
    plain = Table("plain", "Words", "plain", columns, (("a", "b"),))
    assert not is_drawn(plain)
    assert not is_drawn(replace(plain, kind="intervals", rows=()))
    with pytest.raises(ValueError, match="is not drawn"):
        data_of(plain)


@pytest.mark.parametrize(
    "kind", sorted(set(KINDS) - {"graph", "network", "wells"})
)  # these have tests of their own
def test_a_table_that_does_not_hold_what_its_kind_needs(kind: str) -> None:
    columns = (Column("a", "A"), Column("b", "B"))
    table = Table("odd", "Odd", kind, columns, (("a", "text"),))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="columns of quantities"):
        data_of(table)


def test_partners_come_first_and_order_does_not_matter(situation: Situation) -> None:
    looks = looks_of(situation)
    assert list(looks) == ["norland", "sudland", "midland", "zealots", "westland", "coast"]
    turned = replace(situation, actors=dict(reversed(list(situation.actors.items()))))
    assert looks_of(turned) == looks
    named = replace(situation, actors={**situation.actors, "no_label": Actor("state")})
    assert looks_of(named)["no_label"].label == "no label"


def test_nobody_who_takes_a_stance_shares_a_colour_while_there_are_enough() -> None:
    case = accord.read("tehran-moscow-2015")
    heard = {name for by_actor in case.stances.values() for name in by_actor}
    looks = looks_of(case)
    assert len(heard) <= len(COLOURS)
    assert len({looks[name].colour for name in heard}) == len(heard)
    assert len({(look.colour, look.marker) for look in looks.values()}) == len(looks)
