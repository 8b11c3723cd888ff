"""Which tables are drawn; asked by those who draw nothing, so it loads none of the kinds."""

from __future__ import annotations

from accord.finding import Table

# Kinds of tables that have a drawing, as ``draw.KINDS`` draws them.
DRAWN = frozenset(
    {
        "areas",
        "calibration",
        "curves",
        "graph",
        "groups",
        "intervals",
        "landscape",
        "matrix",
        "network",
        "plane",
        "quadrants",
        "scale",
        "shift",
        "strips",
        "wells",
    }
)


def is_drawn(table: Table) -> bool:
    """Whether a table has a drawing: its kind has one and it holds at least one row."""
    return table.kind in DRAWN and bool(table.rows)
