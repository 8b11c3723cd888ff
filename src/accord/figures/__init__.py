"""Drawings of findings, one file per kind of table; they read and never compute."""

from typing import TYPE_CHECKING

from accord.lazily import room

if TYPE_CHECKING:
    from accord.figures.aide import Aide, Drawing
    from accord.figures.beside import Pending, svgs_of
    from accord.figures.draw import KINDS, alt_of, data_of, draw, svg_of
    from accord.figures.drawn import is_drawn
    from accord.figures.style import Look, looks_of

__all__ = [
    "KINDS",
    "Aide",
    "Drawing",
    "Look",
    "Pending",
    "alt_of",
    "data_of",
    "draw",
    "is_drawn",
    "looks_of",
    "svg_of",
    "svgs_of",
]

_INSIDE = {
    "aide": ("Aide", "Drawing"),
    "beside": ("Pending", "svgs_of"),
    "draw": ("KINDS", "alt_of", "data_of", "draw", "svg_of"),
    "drawn": ("is_drawn",),
    "style": ("Look", "looks_of"),
}
__getattr__ = room(__name__, _INSIDE)
