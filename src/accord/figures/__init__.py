"""Drawings of findings, one file per kind of table; they read and never compute."""

from accord.figures.beside import Drawing, svgs_of
from accord.figures.draw import KINDS, alt_of, data_of, draw, is_drawn, svg_of
from accord.figures.style import Look, looks_of

__all__ = [
    "KINDS",
    "Drawing",
    "Look",
    "alt_of",
    "data_of",
    "draw",
    "is_drawn",
    "looks_of",
    "svg_of",
    "svgs_of",
]
