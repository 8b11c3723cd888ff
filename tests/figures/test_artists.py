"""What is left out of matplotlib's parts changes nothing that is drawn, and text that is not measured is not too wide."""

from __future__ import annotations

import gc
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from accord.cli import seldom_tidied
from accord.figures import KINDS, artists, style, svg
from accord.figures.drawn import DRAWN

LETTERS = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), min_size=1, max_size=40)


def test_the_kinds_that_are_drawn_are_those_that_can_be() -> None:
    assert set(KINDS) == DRAWN


def _plain(text: str, size: float, weight: str) -> tuple[float, ...]:
    """Width, height and descent as matplotlib gives them."""
    font = FontProperties(family=style.FONT, size=size, weight=weight)
    with style.quiet():
        return tuple(text_to_path.get_text_width_height_descent(text, font, ismath=False))


@given(LETTERS, st.sampled_from([style.SIZE, style.SMALL]), st.sampled_from(["normal", "bold"]))
def test_text_is_as_wide_as_matplotlib_says_and_never_reaches_further(
    text: str, size: float, weight: str
) -> None:
    with style.quiet():
        width = artists.width_of(text, style.FONT, size, weight)
    assert width == _plain(text, size, weight)[0]
    assert artists.reach_of(text, style.FONT, size, weight) >= width


@given(LETTERS, st.floats(1.0, 300.0))
def test_wider_means_that_it_was_measured_to_be(text: str, width: float) -> None:
    assert style.is_wider(text, width) == (style.width_of(text) > width)


def test_letters_that_another_font_lends_are_measured() -> None:
    assert artists.reach_of("外", style.FONT, 12.0, "normal") == float("inf")


def _marks(ax: Any, *, plain: bool) -> None:
    """A few marks of every sort, by matplotlib's own ways or by ours."""
    style.blank(ax, 100)
    ax.set_xlim(0, style.INNER)
    ax.set_xticks([])
    if not plain:
        style.box(ax, (10, 60), (20, 40), "#cc0000")
        style.line(ax, (0, 300), (50, 50), color="#00cc00", linewidth=2.0)
        style.dot(ax, 30, 60, style.PLAIN)
        style.write(ax, 40, 70, "right of it", side="right", level="center", across=False)
        style.write(ax, 40, 90, "read from below", across=False, turned=True, bold=True)
        return
    from matplotlib.patches import Rectangle

    ax.add_artist(Rectangle((10, 20), 50, 20, edgecolor="none", facecolor="#cc0000", clip_on=False))
    ax.plot((0, 300), (50, 50), color="#00cc00", linewidth=2.0, clip_on=False, solid_capstyle="round")
    how = {"markerfacecolor": style.NEUTRAL, "markeredgecolor": style.INK, "markeredgewidth": 0.8}
    ax.plot([30], [60], linestyle="none", marker="o", markersize=8.0, clip_on=False, zorder=5, **how)
    for y, text, more in (
        (70, "right of it", {"ha": "right", "va": "center", "fontweight": "normal"}),
        (90, "read from below", {"ha": "left", "va": "baseline", "rotation": 90, "fontweight": "bold"}),
    ):
        ax.text(40, y, text, fontsize=12.0, color=style.INK, fontfamily=style.FONT, clip_on=False, **more)


def test_the_drawing_is_that_of_plain_matplotlib() -> None:
    import matplotlib as mpl

    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": "accord", "path.simplify": False}
    found = []
    with mpl.rc_context(settings):
        for plain in (True, False):
            raw = io.StringIO()
            if plain:
                figure = Figure(figsize=(style.WIDTH / 72, 100 / 72))
                figure.patch.set_visible(False)
                share = style.SIDE / style.WIDTH
                _marks(figure.add_axes((share, 0.0, 1 - 2 * share, 1.0)), plain=True)
                figure.savefig(raw, format="svg", metadata={"Date": None, "Creator": None})
            else:
                figure, ax = artists.canvas_of(style.WIDTH, 100, style.SIDE)
                _marks(ax, plain=False)
                artists.write_svg(figure, raw)
            found.append(svg.tidy(raw.getvalue(), "f", "title", "alt"))
    assert found[0].count("<text") == 2
    assert found[0] == found[1]


def test_a_grid_that_somebody_wants_is_drawn() -> None:
    figure, ax = artists.canvas_of(200, 100, 10)
    assert not ax.xaxis.get_gridlines()[0].get_visible()
    ax.grid(True)
    assert ax.xaxis.get_gridlines()[0].get_visible()
    artists.write_svg(figure, io.StringIO())


def test_the_pace_of_tidying_is_what_it_was() -> None:
    before = gc.get_threshold()
    with seldom_tidied():
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before
    with pytest.raises(KeyError), seldom_tidied():
        raise KeyError
    assert gc.get_threshold() == before
