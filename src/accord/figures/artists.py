"""Matplotlib's parts without what drawings of a page never need: ticks that are not shown, clipping, text measured twice.

What they leave out changes no byte of a drawing and takes half of the time.  Loaded with matplotlib, when something is
drawn.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, TextIO

from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.textpath import TextToPath, text_to_path

Measures = tuple[float, float, float]
# Size at which text is measured.
_SCALE = float(TextToPath.FONT_SCALE)
# More than two letters are ever set apart beyond their own width, as a share of the size.
_CLOSER = 0.04


class _Free:
    """Something that is never clipped, so that nothing need be worked out for it."""

    def set_clip_path(self, *_: Any) -> None:
        """Do nothing."""


class _Across(_Free, XAxis):
    """A horizontal axis; to clip it would make ticks that are never shown."""


class _Upwards(_Free, YAxis):
    """A vertical axis."""


class Canvas(Axes):
    """Axes without ticks and grid."""

    def _init_axis(self) -> None:
        """Make the axes' axes, as other projections do too."""
        self.xaxis: XAxis = _Across(self, clear=False)
        self.spines.bottom.register_axis(self.xaxis)
        self.spines.top.register_axis(self.xaxis)
        self.yaxis: YAxis = _Upwards(self, clear=False)
        self.spines.left.register_axis(self.yaxis)
        self.spines.right.register_axis(self.yaxis)

    def grid(self, visible: bool | None = None, *how: Any, **more: Any) -> None:
        """Show a grid; to hide it, as all axes do at first, would make ticks."""
        if visible:
            super().grid(visible, *how, **more)


class Words(_Free, Text):
    """One line of text."""


class Stroke(_Free, Line2D):
    """One line or marker."""


class Block(_Free, Rectangle):
    """One rectangle."""


class _Measured(TextToPath):
    """Measures each text once, whatever its size and however many drawings hold it."""

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> Measures:
        """Width, height and descent in points."""
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        family, style, variant, weight, stretch = (
            tuple(prop.get_family()),
            prop.get_style(),
            prop.get_variant(),
            prop.get_weight(),
            prop.get_stretch(),
        )
        measures = _measured(s, family, style, variant, weight, stretch)
        scale = float(prop.get_size_in_points()) / _SCALE
        wide, high, deep = (length * scale for length in measures)
        return wide, high, deep


@lru_cache(maxsize=16384)
def _measured(text: str, family: tuple[str, ...], *look: Any) -> Measures:
    """The same at the size at which text is measured."""
    style, variant, weight, stretch = look
    font = FontProperties(
        family=list(family), style=style, variant=variant, weight=weight, stretch=stretch, size=_SCALE
    )
    wide, high, deep = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(wide), float(high), float(deep)


_MEASURED = _Measured()


@lru_cache(maxsize=16)
def _font(family: str, size: float, weight: str) -> FontProperties:
    """A font by its size and weight."""
    return FontProperties(family=family, size=size, weight=weight)


def width_of(text: str, family: str, size: float, weight: str) -> float:
    """Width of one line in points."""
    return _MEASURED.get_text_width_height_descent(text, _font(family, size, weight), False)[0]


def reach_of(text: str, family: str, size: float, weight: str) -> float:
    """More than the width of one line in points, without measuring it: that is slow."""
    return sum(_step(one, family, weight) for one in text) * size / _SCALE + size


@lru_cache(maxsize=8192)
def _step(letter: str, family: str, weight: str) -> float:
    """More than how far a letter moves the next one; without bound where another font has to lend it."""
    font = get_font(findfont(_font(family, _SCALE, weight)))
    if not font.get_char_index(ord(letter)):
        return math.inf
    font.set_size(_SCALE, TextToPath.DPI)
    return float(font.load_char(ord(letter)).linearHoriAdvance) / 65536 + _CLOSER * _SCALE


def canvas_of(width: float, height: float, side: float) -> tuple[Figure, Canvas]:
    """An empty figure of so many points, and axes in it with so much room at either side."""
    figure = Figure(figsize=(width / 72, height / 72))
    figure.patch.set_visible(False)
    share = side / width
    axes = Canvas(figure, (share, 0.0, 1 - 2 * share, 1.0))
    figure.add_axes(axes)
    return figure, axes


def write_svg(figure: Figure, target: TextIO) -> None:
    """Write a figure as SVG, one point a pixel."""
    resolution = figure.dpi
    figure.dpi = 72
    wide, high = (float(length) * 72 for length in figure.get_size_inches())
    made: Any = RendererSVG  # which has no types
    renderer = made(wide, high, target, image_dpi=resolution, metadata={"Date": None, "Creator": None})
    renderer._text2path = _MEASURED
    figure.draw(renderer)
    renderer.finalize()
