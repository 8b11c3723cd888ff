"""An actor's marker as a small drawing of its own, for tables and keys outside figures."""

from __future__ import annotations

from accord.figures.style import INK, Look

# Shapes in a field of 20 by 20, by matplotlib's letters.
_SHAPES = {
    "o": "M10 3a7 7 0 1 1 0 14a7 7 0 1 1 0-14z",
    "s": "M4 4h12v12H4z",
    "D": "M10 2l8 8l-8 8l-8-8z",
    "^": "M10 3l8 14H2z",
    "v": "M10 17L2 3h16z",
    "P": "M7 2h6v5h5v6h-5v5H7v-5H2V7h5z",
    "X": "M6 2l4 4l4-4l4 4l-4 4l4 4l-4 4l-4-4l-4 4l-4-4l4-4l-4-4z",
    "p": "M10 2l8 6l-3 9.5H5L2 8z",
    "h": "M10 2l7 4v8l-7 4l-7-4V6z",
    "*": "M10 1l2.4 6.2h6.6l-5.3 4.1l1.9 6.5L10 14l-5.6 3.8l1.9-6.5L1 7.2h6.6z",
}


def glyph_of(look: Look) -> str:
    """The marker as an ``<svg>`` that screen readers pass over: the actor's name stands beside it."""
    shape = _SHAPES.get(look.marker, _SHAPES["o"])
    path = f'<path d="{shape}" fill="{look.colour}" stroke="{INK}" stroke-width="1"/>'
    return f'<svg class="glyph" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{path}</svg>'
