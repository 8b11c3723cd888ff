"""From a table to a drawing: which kind of table is drawn how."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Protocol, cast

from accord.figures import (
    areas,
    calibration,
    curves,
    graph,
    groups,
    intervals,
    landscape,
    matrix,
    network,
    plane,
    quadrants,
    scale,
    shift,
    strips,
    style,
    wells,
)
from accord.figures.style import Looks
from accord.figures.svg import tidy
from accord.finding import Table
from accord.situation import Situation

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Kind(Protocol):
    """What the file of one kind of table offers."""

    def data_of(self, table: Table) -> Any:
        """The plain numbers of a table; ValueError when it does not hold what the kind needs."""

    def height_of(self, data: Any) -> float:
        """Height of the drawing in points."""

    def draw(self, data: Any, ax: Axes, looks: Looks) -> None:
        """Draw on an empty axes."""

    def alt_of(self, data: Any) -> str:
        """The drawing in words."""


KINDS: dict[str, Kind] = {
    "intervals": cast(Kind, intervals),
    "shift": cast(Kind, shift),
    "matrix": cast(Kind, matrix),
    "scale": cast(Kind, scale),
    "curves": cast(Kind, curves),
    "areas": cast(Kind, areas),
    "plane": cast(Kind, plane),
    "graph": cast(Kind, graph),
    "calibration": cast(Kind, calibration),
    "groups": cast(Kind, groups),
    "strips": cast(Kind, strips),
    "landscape": cast(Kind, landscape),
    "quadrants": cast(Kind, quadrants),
    "network": cast(Kind, network),
    "wells": cast(Kind, wells),
}
_KIND_OF: dict[type[Any], Kind] = {
    intervals.Intervals: KINDS["intervals"],
    shift.Shift: KINDS["shift"],
    matrix.Matrix: KINDS["matrix"],
    scale.ScaleData: KINDS["scale"],
    curves.Curves: KINDS["curves"],
    areas.Areas: KINDS["areas"],
    plane.Plane: KINDS["plane"],
    graph.Graph: KINDS["graph"],
    calibration.Calibration: KINDS["calibration"],
    groups.Groups: KINDS["groups"],
    strips.Strips: KINDS["strips"],
    landscape.Landscape: KINDS["landscape"],
    quadrants.Quadrants: KINDS["quadrants"],
    network.Network: KINDS["network"],
    wells.Wells: KINDS["wells"],
}


def data_of(table: Table) -> Any:
    """The plain numbers that a drawing of this table shows.

    Raises
    ------
    ValueError
        When the kind has no drawing, or the table does not hold what its kind needs.
    """
    if table.kind not in KINDS:
        raise ValueError(f"table '{table.name}' is of kind '{table.kind}', which is not drawn")
    return KINDS[table.kind].data_of(table)


def draw(data: Any, ax: Axes, looks: Looks | None = None) -> None:
    """Draw what :func:`data_of` gave on an axes of one's own; *looks* gives actors their fixed colours."""
    _KIND_OF[type(data)].draw(data, ax, {} if looks is None else looks)


def alt_of(table: Table) -> str:
    """A table's drawing in words, made from its numbers."""
    return _KIND_OF[type(data := data_of(table))].alt_of(data)


def svg_of(table: Table, situation: Situation | None, ident: str = "") -> str:
    """The drawing of a table as one self-contained SVG element, the same bytes for the same table.

    Parameters
    ----------
    table : Table
        Of a kind that is drawn.
    situation : Situation or None
        Gives actors their labels and colours; None where the table is about no actors.
    ident : str
        Prefix of ids inside, unique on the page; the table's name when empty.
    """
    import matplotlib as mpl

    from accord.figures import artists

    data = data_of(table)
    height = KINDS[table.kind].height_of(data)
    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": "accord", "path.simplify": False}
    raw = io.StringIO()
    with mpl.rc_context(settings), style.quiet():
        figure, ax = artists.canvas_of(style.WIDTH, height, style.SIDE)
        draw(data, ax, {} if situation is None else style.looks_of(situation))
        artists.write_svg(figure, raw)
    return tidy(raw.getvalue(), ident or table.name, style.clean(table.title), style.clean(alt_of(table)))
