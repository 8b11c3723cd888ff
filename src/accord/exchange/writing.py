"""From a situation to sheets that say exactly the same.

Values are laid out by the rules of the layout, then read back; whatever comes back different, for whatever reason, goes
to the ``details`` sheet, written out in full.  So the layout rules can stay simple, and nothing is lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accord.exchange.cells import CellValue, encode
from accord.exchange.grid import Grid, Value
from accord.exchange.intake import Intake
from accord.exchange.paths import COMPANIONS, NAME, ROOT, Kind, Spot, join_path, kind_of
from accord.exchange.protocol import Layout
from accord.exchange.reading import collect
from accord.exchange.sheets import (
    COMPANION_ORDER,
    DETAILS,
    NUMBERS,
    SHEETS,
    TALL_ORDER,
    TEXT,
    Sheet,
    fields,
    sheet_of,
)
from accord.files.dump import plain_of
from accord.files.node import to_plain
from accord.situation import Change, Estimate, Range, Situation, Term, Vocabulary, has_items, shape_of
from accord.situation.walk import Shape

WIDEST = 60  # a sheet with more columns is easier to read tall
LONGEST = 30_000  # characters that every spreadsheet takes in one cell
_LONGEST_POSSIBLE = 32_767  # where workbooks cut a text off
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")

Parts = tuple[str, ...]
Row = dict[str, CellValue]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a situation.

    Parameters
    ----------
    path : tuple of str
    kind : str
        ``block`` for a block with nothing in it.
    value : plain data
    """

    path: Parts
    kind: Kind
    value: Any


def leaves_of(situation: Situation) -> tuple[list[Leaf], Vocabulary]:
    """Every value of a situation, and the keys of lenses among them."""
    terms: dict[str, Term] = {}
    found = list(_leaves(plain_of(situation), ROOT, (), terms))
    return found, Vocabulary(tuple(terms.values()))


def _leaves(value: Any, spot: Spot, path: Parts, terms: dict[str, Term]) -> Iterator[Leaf]:
    """The values at and below one place."""
    kind = kind_of(spot.shape)
    if kind == "any" and isinstance(value, Mapping) and _is_block(value):
        for key, inner in value.items():
            yield from _leaves(inner, spot, (*path, key), terms)
        return
    if has_items(spot.shape) and isinstance(value, list) and value:
        inside = Spot(shape_of(spot.shape.args[0]), (*spot.pattern, "*"))
        for index, item in enumerate(value):
            record = {"says": item} if isinstance(item, str) else item
            yield from _leaves(record, inside, (*path, str(index)), terms)
        return
    if kind != "block":
        yield Leaf(path, kind, value)
        return
    block = value if isinstance(value, Mapping) or spot.shape.type is not Change else {"to": value}
    if not block:
        yield Leaf(path, "block", {})
    for key, inner in block.items():
        below = spot.below(key, Vocabulary())
        if below is None:
            name = ".".join((*spot.pattern, key))
            terms[name] = Term(name, Range(), "", "")
            below = Spot(Shape(Estimate), (*spot.pattern, key))
        yield from _leaves(inner, below, (*path, key), terms)


def _is_block(value: Mapping[str, Any]) -> bool:
    """Whether what a change sets a path to is a block of keys, not a number written out."""
    return not set(value) <= set(COMPANIONS) and all(
        NAME.match(key) and key not in COMPANIONS for key in value
    )


def grids_of(
    situation: Situation, layout: Layout = "wide", vocabulary: Vocabulary | None = None
) -> tuple[list[Grid], tuple[str, ...]]:
    """The sheets of a situation.

    Parameters
    ----------
    situation : Situation
    layout : {'wide', 'long'}
        ``wide``: a sheet for each kind of thing; ``long``: all numbers in one sheet, everything else in a second one.
    vocabulary : Vocabulary, optional
        For the order of columns that lenses add; without it, as the situation has them.

    Returns
    -------
    grids : list of Grid
        The first row of each is its header; sheets without rows are left out.
    losses : tuple of str
        What even the details sheet could not keep; empty for every situation that was read from a file.
    """
    leaves, own = leaves_of(situation)
    order = own if vocabulary is None else vocabulary
    exact: set[Parts] = set()
    while True:
        grids = _laid_out(leaves, layout, order, exact)
        lost = _lost(grids, leaves, own)
        if lost <= exact:
            return grids, tuple(
                f"{join_path(path)}: cannot be kept exactly as it is" for path in sorted(lost)
            )
        exact |= lost


def _laid_out(
    leaves: Sequence[Leaf], layout: Layout, vocabulary: Vocabulary, exact: set[Parts]
) -> list[Grid]:
    """The sheets, with the values at the paths in *exact* written out in full."""
    fitting = [(leaf, _cells(leaf)) for leaf in leaves if leaf.path not in exact]
    rest = [leaf for leaf in leaves if leaf.path in exact]
    sheets = _wide(fitting, vocabulary) if layout == "wide" else _long(fitting)
    return [*sheets, *_details(rest)]


def _cells(leaf: Leaf) -> dict[str, CellValue]:
    """The cells of a value; none where cells cannot hold it."""
    cells = encode(leaf.kind, leaf.value) or {}
    texts = [text for text in cells.values() if isinstance(text, str)]
    return {} if any(_length(text) > LONGEST or _UNSAFE.search(text) for text in texts) else cells


def _length(text: str) -> int:
    """How long spreadsheets find a text: they count most pictograms twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# -- wide -------------------------------------------------------------------------------------------------------------


def _wide(fitting: Sequence[tuple[Leaf, dict[str, CellValue]]], vocabulary: Vocabulary) -> list[Grid]:
    """A sheet for each kind of thing."""
    sheets: dict[str, dict[Parts, list[tuple[Leaf, dict[str, CellValue]]]]] = {
        sheet.name: {} for sheet in SHEETS
    }
    for leaf, cells in fitting:
        for sheet in SHEETS:
            names = sheet.names(leaf.path)
            if names is not None and sheet.keys and not sheet.value:
                sheets[sheet.name].setdefault(names, [])
        home = sheet_of(leaf.path)
        if leaf.kind != "block" and cells:
            sheets[home.name].setdefault(home.names(leaf.path) or (), []).append((leaf, cells))
    return [_sheet(sheet, sheets[sheet.name], vocabulary) for sheet in SHEETS if sheets[sheet.name]]


def _sheet(
    sheet: Sheet, entries: Mapping[Parts, list[tuple[Leaf, dict[str, CellValue]]]], vocabulary: Vocabulary
) -> Grid:
    """One sheet of the wide layout."""
    rows: list[tuple[Parts, Row]] = []
    order: dict[str, tuple[int, int]] = {}
    declared = [entry.header.removesuffix(".*") for entry in fields(sheet, vocabulary)]
    for names, values in entries.items():
        row: Row = {}
        for leaf, cells in values:
            header = join_path(leaf.path[len(sheet.parts) :]) or sheet.value
            for key, value in cells.items():
                column = f"{header}.{key}" if key else header
                row[column] = value
                order.setdefault(column, (_rank(header, declared), COMPANION_ORDER.index(key)))
        rows.append((names, row))
    if sheet.tall or len(order) > WIDEST:
        return _tall(
            sheet,
            [(names, leaf, cells) for names, values in entries.items() for leaf, cells in values],
            "key",
            entries,
        )
    first = {column: index for index, column in enumerate(order)}
    bases = {column: column if rank[1] == 0 else column.rpartition(".")[0] for column, rank in order.items()}

    def rank(column: str) -> tuple[int, int, int, int]:
        """Where a column stands: by its block, its depth, and the order of first use."""
        base = bases[column]
        return (order[column][0], base.count("."), first.get(base, first[column]), order[column][1])

    columns = sorted(order, key=rank)
    return _grid(
        sheet.name,
        [*sheet.keys, *columns],
        [[*names, *(row.get(column) for column in columns)] for names, row in rows],
    )


def _rank(header: str, declared: Sequence[str]) -> int:
    """Where the declaration has a key, by the longest part of its header that is declared."""
    while header and header not in declared:
        header = header.rpartition("[" if header.endswith("]") else ".")[0]
    return declared.index(header) if header else len(declared)


# -- tall -------------------------------------------------------------------------------------------------------------


def _long(fitting: Sequence[tuple[Leaf, dict[str, CellValue]]]) -> list[Grid]:
    """Numbers in one sheet, everything else in another."""
    numbers = [((), leaf, cells) for leaf, cells in fitting if cells and _is_number(leaf, cells)]
    text = [((), leaf, cells) for leaf, cells in fitting if cells and not _is_number(leaf, cells)]
    return [_tall(sheet, rows, "path", {}) for sheet, rows in ((NUMBERS, numbers), (TEXT, text)) if rows]


def _is_number(leaf: Leaf, cells: Mapping[str, CellValue]) -> bool:
    """Whether a value belongs among the numbers."""
    bare = isinstance(cells.get(""), int | float) and not isinstance(cells.get(""), bool)
    return leaf.kind in ("estimate", "number") or (leaf.kind == "any" and (bare or set(cells) != {""}))


def _tall(
    sheet: Sheet,
    leaves: Sequence[tuple[Parts, Leaf, dict[str, CellValue]]],
    path: str,
    entries: Mapping[Parts, Any],
) -> Grid:
    """A sheet with a row per value; a number with several sources has a row for each."""
    found: list[tuple[Parts, str, Row]] = []
    for names, leaf, cells in leaves:
        key = join_path(leaf.path[len(sheet.parts) :])
        first, *further = _source_rows(leaf, cells)
        found.append(
            (
                names,
                key,
                {**{name or "value": value for name, value in cells.items() if name != "source"}, **first},
            )
        )
        found += [(names, key, row) for row in further]
    used = {name for _, _, row in found for name in row}
    columns = [name for name in TALL_ORDER if name in used or name == "value"]
    rows = [[*names, key, *(row.get(column) for column in columns)] for names, key, row in found]
    bare = [
        [*names] for names in entries if names and not any(row[: len(names)] == list(names) for row in rows)
    ]
    return _grid(sheet.name, [*sheet.keys, path, *columns], [*rows, *bare])


def _source_rows(leaf: Leaf, cells: Mapping[str, CellValue]) -> list[Row]:
    """The sources of a number, a row for each, in columns of their own; one empty row where there is none."""
    if "source" not in cells:
        return [{}]
    cited = leaf.value["source"]
    rows: list[Row] = []
    for citation in cited if isinstance(cited, list) else [cited]:
        if isinstance(citation, Mapping):
            rows.append({"source" if key == "of" else str(key): value for key, value in citation.items()})
        else:
            source, _, locator = str(citation).partition(" ")
            rows.append({"source": source, **({"locator": locator} if locator else {})})
    return rows or [{}]


def _details(leaves: Sequence[Leaf]) -> list[Grid]:
    """What no other cell can hold, as JSON in plain ASCII; long texts go on in further rows."""
    rows: list[list[Value]] = []
    for leaf in leaves:
        text = json.dumps(leaf.value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
        if len(text) > LONGEST:
            text = text.replace(" ", "\\u0020")  # so that no part begins or ends with a blank
        parts = [text[start : start + LONGEST] for start in range(0, len(text), LONGEST)]
        rows += [[join_path(leaf.path), part] for part in parts]
    return [_grid(DETAILS.name, ["path", "json"], rows)] if rows else []


def _grid(name: str, header: Sequence[str], rows: Sequence[Sequence[Value]]) -> Grid:
    """A sheet with its header."""
    return Grid(name, [list(header), *([*row] for row in rows)])


# -- reading back -----------------------------------------------------------------------------------------------------


def _lost(grids: Sequence[Grid], leaves: Sequence[Leaf], vocabulary: Vocabulary) -> set[Parts]:
    """Paths whose value would not come back as it is, from a workbook or from text files."""
    lost: set[Parts] = set()
    for loose in (False, True):
        again = [
            Grid(grid.name, [[_cut(stored(value, loose)) for value in row] for row in grid.rows], loose)
            for grid in grids
        ]
        root = to_plain(collect(again, Intake(vocabulary)))
        lost |= {leaf.path for leaf in leaves if not _same(_at(root, leaf.path), leaf)}
    return lost


def _cut(value: Value) -> Value:
    """A text as far as a cell can hold it."""
    return value[:_LONGEST_POSSIBLE] if isinstance(value, str) else value


def stored(value: Value, loose: bool) -> Value:
    """What a file gives back for a value: text files know only text, workbooks only one kind of number."""
    if isinstance(value, bool):
        return str(value).lower() if loose else value
    if isinstance(value, int | float):
        return repr(value) if loose else float(value)
    return value


def _at(root: Any, path: Parts) -> Any:
    """The plain value at a path; Ellipsis where there is none."""
    for part in path:
        if isinstance(root, list) and part.isdigit() and int(part) < len(root):
            root = root[int(part)]
            continue
        if not isinstance(root, Mapping) or part not in root:
            return ...
        root = root[part]
    return root


def _same(found: Any, leaf: Leaf) -> bool:
    """Whether a value came back as it was; a block counts when it is there, one source like a list of one."""
    if found is ...:
        return False
    if leaf.kind == "block":
        return isinstance(found, Mapping)
    if leaf.kind == "citations":
        found = found if isinstance(found, list) else [found]
    return json.dumps(found, sort_keys=True) == json.dumps(leaf.value, sort_keys=True)
