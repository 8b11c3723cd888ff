"""A workbook to fill in: every sheet and column with its question, and one tiny example that passes the check."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from accord.disk import write_bytes
from accord.exchange.grid import Grid, Value
from accord.exchange.helps import helps_for, may_be
from accord.exchange.sheets import COMPANION_ORDER, READ_ME, SHEETS, Field, Sheet, fields
from accord.exchange.writing import WIDEST, grids_of
from accord.exchange.xlsx import write_xlsx
from accord.files.node import Lines, from_plain
from accord.files.reader import build_and_check
from accord.problems import SituationError
from accord.situation import Situation, Vocabulary

_BESIDE = ("low", "high", "source", "assumed")  # what the template offers beside each number

_VALUES = (
    {"low": 0.6, "best": 1, "high": 1.4, "assumed": "the yardstick of all other values"},
    {"low": 0.8, "best": 1.2, "high": 1.6, "assumed": "more of its trade goes through"},
)
_LEVEL = {"low": 0.4, "best": 0.6, "high": 0.8, "source": "gazette p. 2"}
_EXAMPLE: dict[str, Any] = {
    "accord": 1,
    "title": "Northland and Southland against the strait pirates (an example: replace it)",
    "as_of": "2020-06-30",
    "question": "Will the two keep patrolling together once the pirates are gone?",
    "horizon": 60,
    "actors": {
        "northland": {
            "kind": "state",
            "label": "Northland",
            "capability": {"ships": {"low": 0.6, "best": 0.9, "high": 1.2, "source": "gazette p. 3"}},
        },
        "southland": {
            "kind": "state",
            "label": "Southland",
            "capability": {"ships": {"best": 0.3, "assumed": "its fleet is old"}},
        },
        "pirates": {"kind": "movement", "label": "Strait pirates"},
    },
    "resources": {"ships": {"label": "Ships"}},
    "issues": {
        "patrols": {
            "label": "Patrols",
            "question": "How long should the joint patrols go on?",
            "scale": {"low": 0, "high": 10, "low_means": "stop at once", "high_means": "ten years"},
        }
    },
    "stances": {
        "patrols": {
            "northland": {
                "position": {"low": 5, "best": 7, "high": 9, "source": "gazette p. 5"},
                "salience": {"word": "high", "assumed": "its traders pay for every ship lost"},
            },
            "southland": {
                "position": {"low": 1, "best": 2, "high": 4, "source": "gazette p. 5"},
                "salience": {"word": "medium", "assumed": "one expense among many"},
            },
        }
    },
    "ties": {
        "northland": {"southland": {"trust": {"word": "likely", "assumed": "ten years without a quarrel"}}}
    },
    "partnership": {
        "patrons": {
            "northland": {"threats": {"pirates": {"value": _VALUES[0]}}},
            "southland": {"threats": {"pirates": {"value": _VALUES[1]}}},
        },
        "threats": {"pirates": {"actor": "pirates", "level": _LEVEL}},
    },
    "scenarios": {
        "pirates_gone": {
            "label": "Pirates gone",
            "says": "The pirates are beaten.",
            "changes": {"partnership.threats.pirates.level": 0.05},
        }
    },
    "sources": {
        "gazette": {
            "citation": "Northland Naval Gazette, annual review",
            "date": "2020-03",
            "reliability": "B",
            "credibility": 2,
        }
    },
}

_READ_ME = """
A situation for Accord

Fill in the sheets, save the workbook, then run: accord check model.xlsx. Every problem is told with its sheet and cell,
all at once. To get an answer, run: accord run model.xlsx.

The rows that are there are a tiny example: replace them. Point at the head of a column to see what it asks.

Needed: situation, actors, patrons. Usual: resources, issues, stances, ties, patron_threats, threats, sources. Leave the
other sheets blank, or delete them.

A sheet has one row for each thing; its first columns name it. Names are short: lower-case letters, digits and '_',
beginning with a letter. Use the same name wherever the same thing is meant.

In sheets with the columns 'key' and 'value', every row is one value. Any sheet may be written either way.

How to write a number: 0.4, or a word such as likely or high, or 0.2 .. 0.4 .. 0.6 for lowest, best and highest value.
Lowest and highest may also stand in the columns '.low' and '.high'.

Where a number comes from: in the column '.source', the name of an entry of the sheet 'sources', then where in it
(gazette p. 3); several are separated by ';'. Without a source: one line of reasoning in '.assumed'.

A number may also have the columns .confidence, .note, .distribution, .mean, .sd, .median, .sigma, .alpha, .beta and
.probability. Add them where you need them.

What an actor can bring to bear: a column capability.NAME in the sheet 'actors' for each entry of 'resources'.

Dates are written 2015-12-15, 2015-12 or 2015. Lists are separated by ';'.

Leave out what nobody knows. A blank cell is not zero.

Columns and sheets whose name begins with '#' are ignored: use them for remarks and calculations. Formulas are fine:
their results are read.

A further sheet 'numbers' with the columns path and value takes any number by its path
(actors.northland.capability.ships), a sheet 'text' anything else.
"""


def template(path: Path, vocabulary: Vocabulary, example: Situation | None = None) -> None:
    """Write a workbook to fill in.

    Parameters
    ----------
    path : Path
        Ending ``.xlsx``.
    vocabulary : Vocabulary
        Keys that lenses add: each one gets its column.
    example : Situation, optional
        What stands in it; without one, a tiny example that passes the check.

    Raises
    ------
    RunError
        When the place cannot be written, or the extra ``[excel]`` is not installed.
    """
    shown = example_of(vocabulary) if example is None else example
    grids = template_grids(shown, vocabulary)
    write_bytes(
        path,
        write_xlsx(
            grids,
            helps_for(grids, vocabulary),
            {READ_ME: [" ".join(line.split()) for line in _READ_ME.strip().split("\n\n")]},
        ),
    )


def example_of(vocabulary: Vocabulary) -> Situation:
    """The tiny example."""
    root = from_plain(_EXAMPLE)
    situation, problems = build_and_check(root, vocabulary, Lines.of("", root))
    if situation is None:
        raise SituationError(problems)
    return situation


def template_grids(example: Situation, vocabulary: Vocabulary) -> list[Grid]:
    """Every sheet with every column, filled with an example."""
    filled = {grid.name: grid for grid in grids_of(example, "wide", vocabulary)[0]}
    ordered = [_complete(sheet, filled.pop(sheet.name, None), vocabulary) for sheet in SHEETS]
    return [*ordered, *filled.values()]


def _complete(sheet: Sheet, grid: Grid | None, vocabulary: Vocabulary) -> Grid:
    """One sheet with every column, or with every key as a row where the columns would be too many."""
    known = fields(sheet, vocabulary)
    header = [str(name) for name in grid.rows[0]] if grid else list(sheet.keys)
    wide = _columns(known, header[len(sheet.keys) :])
    if sheet.tall or len(wide) > WIDEST or "key" in header:
        return _tall(sheet, grid, known)
    rows: list[list[Value]] = [[*sheet.keys, *wide]]
    for row in grid.rows[1:] if grid else []:
        cells = dict(zip(header, row, strict=False))
        rows.append([cells.get(str(name)) for name in rows[0]])
    return Grid(sheet.name, rows)


def _columns(known: Sequence[Field], there: Sequence[str]) -> list[str]:
    """The columns of a wide sheet: those that are there and those that are not used yet."""
    found: list[str] = []
    for entry in known:
        if entry.header.endswith("*"):
            head = entry.header[:-1]
            bases = list(
                dict.fromkeys(
                    head + name[len(head) :].partition(".")[0] for name in there if name.startswith(head)
                )
            )
        else:
            bases = [entry.header]
        for base in bases:
            beside = [
                key
                for key in COMPANION_ORDER
                if f"{base}.{key}" in there or (entry.kind == "estimate" and key in _BESIDE)
            ]
            found += [base, *(f"{base}.{key}" for key in beside)]
    return [*found, *(name for name in there if name not in found)]


def _tall(sheet: Sheet, grid: Grid | None, known: Sequence[Field]) -> Grid:
    """A sheet with a row for every key of every entry, used or not, and what the key asks beside it."""
    header = [str(name) for name in grid.rows[0]] if grid else []
    keys = len(sheet.keys)
    there: dict[tuple[Value, ...], dict[str, list[dict[str, Value]]]] = {} if keys else {(): {}}
    for row in grid.rows[1:] if grid else []:
        cells: dict[str, Value] = dict(zip(header, row, strict=False))
        entry = there.setdefault(tuple(row[:keys]), {})
        for name, found in _by_key(cells, sheet, "key" in header):
            entry.setdefault(name, []).append(found)
    used = {name for entry in there.values() for rows in entry.values() for cells in rows for name in cells}
    columns = [
        "value",
        *(
            name
            for name in (*COMPANION_ORDER[1:], "locator", "date", "reliability", "credibility")
            if name in used or name in _BESIDE
        ),
    ]
    rows: list[list[Value]] = [[*sheet.keys, "key", *columns, "# question", "# may be"]]
    for names, entry in there.items():
        for key in dict.fromkeys(
            (*(field.header for field in known if not field.header.endswith("*")), *entry)
        ):
            asked = next((field for field in known if field.header == key), None)
            told = [asked.question, may_be(asked)] if asked else ["", ""]
            cited = entry.get(key, [{}])
            rows += [[*names, key, *(cells.get(name) for name in columns), *told] for cells in cited]
    return Grid(sheet.name, rows)


def _by_key(cells: dict[str, Value], sheet: Sheet, tall: bool) -> list[tuple[str, dict[str, Value]]]:
    """What one row says, key by key."""
    rest = {name: value for name, value in cells.items() if name not in sheet.keys and value is not None}
    if tall:
        key = rest.pop("key", None)
        return [] if key is None else [(str(key), {**rest})]
    found: dict[str, dict[str, Value]] = {}
    for name, value in rest.items():
        base, _, last = name.rpartition(".")
        owner, part = (base, last) if base in rest and last in COMPANION_ORDER else (name, "value")
        found.setdefault(owner, {})[part] = value
    return list(found.items())
