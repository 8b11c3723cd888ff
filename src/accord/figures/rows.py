"""What every drawing of rows needs: which columns hold quantities, whose row it is, and rows in words."""

from __future__ import annotations

from collections.abc import Sequence

from accord.finding import Spread, Table

# More rows than this make a drawing that nobody reads; the rest stands in the table.
MOST_ROWS = 16
_MOST_SAID = 16


def spread_columns(table: Table, wanted: int) -> list[int]:
    """Positions of the columns that hold quantities, label column apart; ValueError when too few."""
    found = [
        index
        for index in range(1, len(table.columns))
        if all(row[index] is None or isinstance(row[index], Spread) for row in table.rows)
    ]
    if len(found) < wanted:
        held = f"holds {len(found)} columns of quantities, not {wanted}"
        raise ValueError(f"table '{table.name}' of kind '{table.kind}' {held}")
    return found


def known_by(table: Table) -> str:
    """What the one value stands for that a spread is known by."""
    if "known" in table.extra:
        return str(table.extra["known"])
    line = table.extra.get("line")
    if line == "share":
        return "share of worlds"
    return f"{line} over worlds" if line in ("mean", "median") else "best estimates"


def row_actors(table: Table) -> tuple[str, ...]:
    """The actor of each row, empty where it belongs to none."""
    return table.actors if len(table.actors) == len(table.rows) else ("",) * len(table.rows)


def listed_rows(said: Sequence[str], more: int = 0) -> str:
    """Rows in words, one sentence each, with the number left out."""
    left = more + max(0, len(said) - _MOST_SAID)
    text = ". ".join(said[:_MOST_SAID])
    if left:
        text += f". {left} more in the table"
    return f"{text}." if text else "No rows."
