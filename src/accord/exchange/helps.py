"""What a workbook tells the person who fills it in: a note on every header, and words to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from accord.exchange.grid import Grid, column_name
from accord.exchange.paths import ROOT, is_mapping
from accord.exchange.sheets import BY_NAME, SHEETS, Field, Sheet, fields
from accord.exchange.xlsx import Help
from accord.situation import CREDIBILITY, DISTRIBUTIONS, RELIABILITY, Ref, Vocabulary, has_items, mark

_AS_TEXT = (
    "text",
    "day",
    "list",
    "citations",
)  # a spreadsheet should not make its own out of what is typed there
_TEXT_COLUMNS = ("source", "assumed", "note", "locator", "date", "key", "path", "json")
_SHORT_NAME = "A short name: lower-case letters, digits and '_', beginning with a letter."
_TO_CHOOSE: dict[str, tuple[str, ...]] = {
    "confidence": ("low", "moderate", "high"),
    "distribution": tuple(sorted(DISTRIBUTIONS)),
    "reliability": tuple(RELIABILITY),
    "credibility": tuple(str(grade) for grade in CREDIBILITY),
}
_RANGE = "or a word such as likely or high, or low .. best .. high"
_ANY_VALUE = f"A number, {_RANGE}; or a text, a date or a list, as the key in this row asks for."
COMPANION_NOTES = {
    "best": "Best value of the number. The column of the number itself holds the same.",
    "low": "Lowest value that still makes sense. Leave blank for a number without a range.",
    "high": "Highest value that still makes sense. Leave blank for a number without a range.",
    "distribution": f"Shape of the uncertainty, if not PERT: {', '.join(sorted(DISTRIBUTIONS))}.",
    "word": "A word such as likely instead of a number.",
    "source": "Name of an entry of the sheet 'sources', then where in it: gazette p. 3. Several are separated by ';'. "
    "A grade may follow in brackets: gazette p. 3 [B2].",
    "confidence": "How sure is whoever coded the number: low, moderate or high?",
    "assumed": "One line of reasoning for a number without a source.",
    "note": "What should a reader know about the number?",
    "locator": "Where in the source: page, paragraph, table?",
    "key": "Which value stands in this row: the rest of its path.",
    "path": "Which value stands in this row: its whole path, such as actors.northland.capability.ships.",
    "json": "The value, written out in full. A long one goes on in the next row, under the same path.",
    "value": _ANY_VALUE,
    "date": "When was this piece of information current?",
    "reliability": "Reliability of the source, A (reliable) to F (cannot be judged).",
    "credibility": "Credibility of what it says, 1 (confirmed) to 6 (cannot be judged).",
}


def helps_for(grids: Sequence[Grid], vocabulary: Vocabulary, blank_rows: int = 200) -> dict[str, Help]:
    """Notes and choices for every sheet, by its name."""
    present = {grid.name for grid in grids}
    return {grid.name: _help(grid, vocabulary, blank_rows, present) for grid in grids}


def _help(grid: Grid, vocabulary: Vocabulary, blank_rows: int, present: set[str]) -> Help:
    """Notes and choices for one sheet."""
    sheet = BY_NAME[grid.name]
    known = {entry.header: entry for entry in fields(sheet, vocabulary)}
    blocks = dict(zip(sheet.keys, _blocks(sheet), strict=True))
    notes: dict[str, str] = {}
    choices: dict[str, Sequence[str] | str] = {}
    as_text: set[str] = set()
    for name in (str(value) for value in grid.rows[0]):
        base, _, last = name.rpartition(".")
        entry = known.get(name) or known.get(f"{base}.*")
        if name in sheet.keys:
            notes[name] = (
                f"A name from the sheet '{blocks[name]}'." if blocks[name] else f"{sheet.about} {_SHORT_NAME}"
            )
        elif entry is not None:
            notes[name] = note_on(entry)
        else:
            notes[name] = COMPANION_NOTES.get(last, "")
        block = blocks.get(name, "") if entry is None else "" if entry.header.endswith("*") else entry.block
        if block in present and block != sheet.name:
            letter = column_name(len(BY_NAME[block].keys) - 1)
            choices[name] = f"={block}!${letter}$2:${letter}$500"
        elif entry is not None and entry.choices:
            choices[name] = entry.choices
        elif last in _TO_CHOOSE and (entry is None or sheet.name == "sources"):
            choices[name] = _TO_CHOOSE[last]
        if name in sheet.keys or (entry.kind in _AS_TEXT if entry is not None else last in _TEXT_COLUMNS):
            as_text.add(name)
    told = {name: note for name, note in notes.items() if note}
    return Help(told, choices, frozenset(as_text), _text_rows(grid, known), blank_rows)


def _text_rows(grid: Grid, known: Mapping[str, Field]) -> frozenset[int]:
    """Rows of a tall sheet whose value is text or a date."""
    if "key" not in grid.rows[0]:
        return frozenset()
    column = grid.rows[0].index("key")
    keys = {row: known.get(str(grid.cell(row, column).value)) for row in range(1, len(grid.rows))}
    return frozenset(row for row, entry in keys.items() if entry is not None and entry.kind in _AS_TEXT)


def _blocks(sheet: Sheet) -> list[str]:
    """The sheet that lists what each name of a sheet's entries may be; empty where this sheet does."""
    lists = {other.parts: other.name for other in SHEETS if len(other.keys) == 1 and other is not sheet}
    found: list[str] = []
    spot = ROOT
    for place, part in enumerate(sheet.parts):
        if is_mapping(spot.shape.type) or has_items(spot.shape):
            ref = mark(spot.shape.marks, Ref)
            found.append(lists.get(sheet.parts[: place + 1], ref.block if ref is not None else ""))
        below = spot.below(part, Vocabulary())
        assert below is not None, f"{sheet.pattern} is not declared"
        spot = below
    return found


def note_on(entry: Field) -> str:
    """What a column asks, what it takes, and in which unit."""
    return " ".join(part for part in (entry.question, may_be(entry)) if part)


def may_be(entry: Field) -> str:
    """What a field takes, in words."""
    if entry.choices:
        return f"One of: {', '.join(entry.choices)}."
    if entry.kind in ("estimate", "number"):
        words = entry.limits.words() if entry.limits else "a number"
        return f"{words[0].upper()}{words[1:]}{f', {_RANGE}' if entry.kind == 'estimate' else ''}."
    if entry.kind == "day":
        return "A date such as 2015-12-15, 2015-12 or 2015."
    if entry.kind == "list":
        return "Several are separated by ';'."
    if entry.kind == "citations":
        return COMPANION_NOTES["source"]
    return f"A name from the sheet '{entry.block}'." if entry.block else ""
