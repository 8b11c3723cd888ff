"""Tables of findings as rows of text, ready for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from accord.figures.numbers import decimals_for, number, spread_text, spread_values, undefined_text
from accord.figures.plane_data import point_of
from accord.figures.rows import known_by
from accord.finding import Cell, Column, Measure, Spread, Table
from accord.report.words import capital, sentence

_MOST_TIMES = 24


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of a table on the page.

    Parameters
    ----------
    text : str
    note : str
        Small print below (worlds without a value).
    href : str
        Anchor of the number's row in the evidence, empty when there is none.
    numeric : bool
        Whether it stands right-aligned.
    """

    text: str
    note: str = ""
    href: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class TableView:
    """One table on the page: heads, rows (the first cell heads its row), and how to read it.

    ``hidden`` captions are for those who do not see the heading above the table.
    """

    caption: str
    hidden: bool
    heads: tuple[CellView, ...]
    rows: tuple[tuple[CellView, ...], ...]
    note: str = ""


def table_view(table: Table, links: Mapping[str, tuple[str, str]]) -> TableView:
    """A finding's table as text; *links* gives the anchor and the words of every known path.

    A single quantity is spread over columns (best, 5th, 50th and 95th percentile, or the range that the table names);
    several share a cell each.
    """
    table = _as_drawn(table)
    quantities = [
        i for i in range(1, len(table.columns)) if any(isinstance(row[i], Spread) for row in table.rows)
    ]
    alone = quantities[0] if len(quantities) == 1 else -1
    worlds = "range" not in table.extra
    places = {i: _decimals(table, i) for i in quantities}
    shared = _shared_unit(table, quantities)
    numeric = [index for index in range(1, len(table.columns)) if _is_numeric(table, index)]
    heads: list[CellView] = []
    for index, column in enumerate(table.columns):
        heads += _spread_heads(column, table) if index == alone else [_head(column, index in numeric, shared)]
    rows = []
    for cells in _shown(table):
        row: list[CellView] = []
        for index, (cell, column) in enumerate(zip(cells, table.columns, strict=True)):
            if index == alone:
                row += _spread_cells(cell, places[index], worlds)
            elif cell is None and _diagonal(table, cells, column):
                row.append(CellView("–", numeric=index in numeric))
            else:
                told = _dated(cell) if column.unit == "year" else cell
                row.append(replace(_cell(told, places.get(index), links), numeric=index in numeric))
        row[0] = replace(row[0], text=capital(row[0].text))
        rows.append(tuple(row))
    caption = _brackets(table, shared) if len(quantities) > 1 else capital(table.title)
    return TableView(caption, len(quantities) < 2, tuple(heads), tuple(rows), sentence(table.note))


def _brackets(table: Table, shared: str) -> str:
    """What the numbers of a table with several quantities are, and those in their brackets, as its figure's key says it."""
    known = "median over worlds" if table.kind == "plane" else known_by(table)
    known = "at the best estimates" if known == "best estimates" else known
    held = table.extra.get("brackets")
    if held is None:
        held = f"in brackets: {table.extra.get('range', '5th and 95th percentile over worlds')}"
    unit = f" Unit: {sentence(shared)}" if shared else ""
    return f"{capital(known)}; {held}.{unit}"


def _diagonal(table: Table, cells: tuple[Cell, ...], column: Column) -> bool:
    """Whether a cell of a matrix sets somebody beside itself: nothing is missing there."""
    return table.kind == "matrix" and isinstance(cells[0], str) and capital(cells[0]) == capital(column.label)


def _as_drawn(table: Table) -> Table:
    """A plane with the medians at which its marks stand in place of the best estimates; any other table as it is."""
    if table.kind != "plane":
        return table
    rows = (
        tuple(replace(cell, best=point_of(cell)) if isinstance(cell, Spread) else cell for cell in row)
        for row in table.rows
    )
    return replace(table, rows=tuple(rows))


def _shown(table: Table) -> tuple[tuple[Cell, ...], ...]:
    """The rows on the page: of what runs over time every twelfth and the last; all are in ``run.json``."""
    if table.kind not in ("curves", "areas") or len(table.rows) <= _MOST_TIMES:
        return table.rows
    last = len(table.rows) - 1
    return tuple(row for index, row in enumerate(table.rows) if index % 12 == 0 or index == last)


def _is_numeric(table: Table, index: int) -> bool:
    """Whether a column holds numbers alone, gaps apart."""
    cells = [row[index] for row in table.rows if row[index] is not None]
    return bool(cells) and all(isinstance(c, Spread | int | float) and not isinstance(c, bool) for c in cells)


def _decimals(table: Table, index: int) -> int | None:
    """Decimals that suit one column; None where its rows are on scales of their own, and so need their own."""
    spreads = [cell for row in table.rows if isinstance(cell := row[index], Spread)]
    column = table.columns[index]
    own = {decimals_for(spread_values([cell])) for cell in spreads if spread_values([cell])}
    if column.low is None and column.high is None and len(own) > 1 and not column.unit:
        return None
    return decimals_for(spread_values(spreads), column.low, column.high)


def _shared_unit(table: Table, quantities: list[int]) -> str:
    """The unit of three or more columns that all have it: said once above the table, not in every heading."""
    units = {table.columns[index].unit for index in quantities}
    return units.pop() if len(quantities) > 2 and len(units) == 1 else ""


def _head(column: Column, numeric: bool, shared: str) -> CellView:
    """A column's heading with its unit, unless that is said above the table."""
    return CellView(
        capital(column.label if shared and column.unit == shared else _named(column)), numeric=numeric
    )


def reading_of(table: Table, drawn: bool) -> str:
    """How to read a table; what is to be said of its picture only where there is one."""
    said = (str(table.extra.get("picture", "")) if drawn else "", table.note)
    return " ".join(sentence(text) for text in said if text)


def _named(column: Column) -> str:
    """A column's label with its unit."""
    return f"{column.label} ({column.unit})" if column.unit else column.label


def _spread_heads(column: Column, table: Table) -> list[CellView]:
    """Headings of a quantity that is spread over columns; its range need not be one of worlds."""
    if "range" in table.extra:
        held = table.extra["range"]
        texts: tuple[str, ...] = (f"{_named(column)}: {known_by(table)}", f"from ({held})", f"to ({held})")
    else:
        texts = (f"{_named(column)}: best estimates", "5th percentile", "median", "95th percentile")
    return [CellView(capital(text), numeric=True) for text in (*texts, "worlds without a value")]


def _spread_cells(cell: Cell, decimals: int | None, worlds: bool) -> list[CellView]:
    """One quantity over its columns; "undefined" in all where there is none."""
    if not isinstance(cell, Spread):
        return [CellView("undefined", numeric=True)] * (4 if worlds else 3) + [CellView("–", numeric=True)]
    values = (cell.best, cell.low, cell.median, cell.high) if worlds else (cell.best, cell.low, cell.high)
    missing = f"{cell.undefined:,} of {cell.worlds:,}" if cell.undefined else "0"
    fit = decimals_for(spread_values([cell])) if decimals is None else decimals
    return [*(CellView(number(v, fit), numeric=True) for v in values), CellView(missing, numeric=True)]


def _dated(cell: Cell) -> Cell:
    """A year as it is written: without a comma."""
    return f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else cell


def _cell(cell: Cell, decimals: int | None, links: Mapping[str, tuple[str, str]]) -> CellView:
    """Any other cell."""
    if cell is None:
        return CellView("undefined")
    if isinstance(cell, Spread):
        fit = decimals_for(spread_values([cell])) if decimals is None else decimals
        return CellView(spread_text(cell, fit), undefined_text(cell))
    if isinstance(cell, bool):
        return CellView("yes" if cell else "no")
    if isinstance(cell, int):
        return CellView(f"{cell:,}")
    if isinstance(cell, float):
        return CellView(number(cell))
    if cell in links:
        target, words = links[cell]
        return CellView(words, href=target)
    return CellView(cell)


def measures_view(measures: tuple[Measure, ...]) -> TableView:
    """Every measure of a lens as one table."""
    heads = (CellView("Measure"), CellView("What it means"), CellView("Value", numeric=True))
    rows = []
    for measure in measures:
        unit = f" {measure.unit}" if measure.unit else ""
        value = spread_text(measure.spread, decimals_for(spread_values([measure.spread])))
        shown = CellView(f"{value}{unit}", undefined_text(measure.spread), numeric=True)
        rows.append((CellView(measure.label, measure.name), CellView(measure.means), shown))
    return TableView(
        "Every number of this lens that claims and scenarios can refer to.", False, heads, tuple(rows)
    )
