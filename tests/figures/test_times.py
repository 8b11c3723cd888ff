"""Curves and areas: quantities over time, with true ticks, names beside their lines and runs left below."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from matplotlib.figure import Figure

from accord.figures import alt_of, data_of, draw, looks_of, svg_of
from accord.figures.areas import COLOURS, Areas
from accord.figures.curves import MOST_CURVES, Curves
from accord.figures.frame import PLOT, Name, frame_of, write_names
from accord.figures.style import blank
from accord.finding import Column, Spread, Table
from accord.report.tables import table_view
from accord.situation import Situation

NAN = math.nan


def texts(svg: str) -> list[str]:
    """What is written in a drawing, line by line."""
    root = ElementTree.fromstring(svg)
    return [element.text or "" for element in root.iter() if element.tag.endswith("text")]


def test_ticks_say_the_values_at_which_they_stand() -> None:
    frame = frame_of(range(121), [], (0.0, 1.0), 20.0, "months")
    ax = Figure().add_subplot()
    blank(ax, frame.below)
    frame.draw(ax)
    values = {float(t.get_text()): t.get_position()[1] for t in ax.texts if t.get_ha() == "right"}
    assert sorted(values) == pytest.approx(frame.value_ticks())
    assert all(abs(y - frame.y(value)) < 6 for value, y in values.items())
    times = {float(t.get_text()): t.get_position()[0] for t in ax.texts if t.get_ha() == "center"}
    assert sorted(times) == [0, 24, 48, 72, 96, 120]
    assert all(x == frame.x(time) for time, x in times.items())
    assert frame.y(0.0) - frame.y(1.0) == PLOT


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.0, 0.3), (-1.0, 1.0), (0.0, 40.0), (2.0, 2.0)])
def test_value_ticks_lie_inside_and_are_round(low: float, high: float) -> None:
    frame = frame_of((0, 12), [low, high], (None, None), 0.0, "months")
    ticks = frame.value_ticks()
    assert len(ticks) >= 2
    assert all(frame.low - 1e-9 <= tick <= frame.high + 1e-9 for tick in ticks)


def test_names_do_not_cover_one_another_and_stay_in_the_plot() -> None:
    frame = frame_of((0, 12), [], (0.0, 1.0), 20.0, "months")
    ax = Figure().add_subplot()
    blank(ax, frame.below)
    ax.set_xlim(0, 364)
    write_names(ax, frame, [Name(f"Line number {i}", 100.0, "#0072B2") for i in range(6)])
    heights = sorted(text.get_position()[1] for text in ax.texts)
    assert all(b - a >= 12 for a, b in pairwise(heights))
    assert heights[-1] <= frame.bottom + 14


def test_curves_keep_actors_colours_and_count_runs(curves_table: Table, situation: Situation) -> None:
    data = data_of(curves_table)
    assert isinstance(data, Curves)
    assert data.line == "mean"
    svg = svg_of(curves_table, situation)
    looks = looks_of(situation)
    assert looks["norland"].colour.lower() in svg
    assert looks["sudland"].colour.lower() in svg
    said = texts(svg)
    assert "Runs left: Trust of Norland" in said
    assert {"1,000", "760", "520", "280", "40"} & set(said) >= {"1,000", "40"}
    assert "line: mean over worlds · band: 90 of 100 worlds" in said


def test_curves_in_words(curves_table: Table) -> None:
    words = alt_of(curves_table)
    assert "Trust of Norland by months 0: 1.00; 6: 0.88" in words
    assert "24: 0.52, between 0.42 and 0.70 in 90 of 100 worlds" in words
    assert "24: undefined" in words
    assert "nan" not in words.lower()


def test_curves_that_are_undefined_everywhere_are_drawn_as_nothing(situation: Situation) -> None:
    empty = Spread(NAN, NAN, NAN, NAN, 10, 10)
    columns = (Column("month", "Month", "months"), Column("a", "A", "share", 0, 1))
    table = Table("none", "Nothing", "curves", columns, tuple((m, empty) for m in range(5)))
    assert "A" not in texts(svg_of(table, situation))
    assert "undefined" in alt_of(table)


def test_too_many_curves_are_cut_and_counted(curves_table: Table) -> None:
    count = MOST_CURVES + 3
    columns = (curves_table.columns[0], *(Column(f"c{i}", f"C{i}", "share", 0, 1) for i in range(count)))
    cell = Spread(0.5, 0.4, 0.5, 0.6, 10)
    table = replace(
        curves_table, columns=columns, rows=((0, *[cell] * count), (1, *[cell] * count)), extra={}
    )
    assert len(data_of(table).curves) == MOST_CURVES
    assert "3 more in the table" in alt_of(table)


def test_areas_add_up_and_name_the_rest(areas_table: Table, situation: Situation) -> None:
    data = data_of(areas_table)
    assert isinstance(data, Areas)
    assert [band.colour for band in data.bands] == [COLOURS[1], COLOURS[0]]
    said = " ".join(texts(svg_of(areas_table, situation)))
    assert "Sell-out 0.80" in said
    assert "Abandonment" in said
    assert "Still together" not in said  # they add up to more than all here
    fewer = replace(areas_table, rows=areas_table.rows[:31])
    assert "Still together 0.25" in " ".join(texts(svg_of(fewer, situation)))
    assert "Sell-out: 0.25 by 15, 0.50 by 30" in alt_of(fewer)


def test_bands_lie_on_one_another(areas_table: Table) -> None:
    table = replace(areas_table, rows=areas_table.rows[:31])
    ax = Figure().add_subplot()
    draw(data_of(table), ax)
    lower, upper = (collection.get_paths()[0].vertices for collection in ax.collections[:2])
    frame = data_of(table).frame
    assert min(lower[:, 1]) == pytest.approx(frame.y(0.5))
    assert min(upper[:, 1]) == pytest.approx(frame.y(0.75))
    assert max(lower[:, 1]) == pytest.approx(frame.y(0.0))


def test_the_page_shows_every_twelfth_moment_and_the_last(curves_table: Table) -> None:
    shown = table_view(curves_table, {})
    assert [row[0].text for row in shown.rows] == ["0", "12", "24"]
    assert shown.caption.startswith("Mean over worlds; in brackets")
    short = replace(curves_table, rows=curves_table.rows[:10])
    assert len(table_view(short, {}).rows) == 10
    assert re.match("At the best estimates", table_view(replace(short, extra={}), {}).caption)
