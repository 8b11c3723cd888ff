"""The sheets of a workbook, as data: which part of a situation each one holds, and what its columns are.

A wide sheet has a row per entry and a column per key; its first columns name the entry.  A tall sheet has a row per
value, with the columns ``key`` and ``value``.  Every sheet may be read in either form; ``tall`` says in which form it
is written.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterator
from dataclasses import dataclass

from accord.exchange.paths import COMPANIONS, ROOT, Kind, Spot, is_mapping, is_record, kind_of
from accord.situation import Ask, Range, Ref, Vocabulary, fields_of, has_items, mark, shape_of, takes_terms
from accord.situation.walk import Shape


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Parameters
    ----------
    name : str
    pattern : str
        Path of its entries, ``*`` for each name.
    keys : tuple of str
        Columns that hold those names, in order.
    about : str
        What it is for, one line.
    tall : bool
        Whether it is written with a row per value.
    value : str
        Column of the value, where an entry is a single value.
    """

    name: str
    pattern: str
    keys: tuple[str, ...]
    about: str
    tall: bool = False
    value: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """The pattern, part by part."""
        return tuple(self.pattern.split(".")) if self.pattern else ()

    def entry(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The path of the entry with these names."""
        rest = iter(names)
        return tuple(next(rest) if part == "*" else part for part in self.parts)

    def names(self, path: tuple[str, ...]) -> tuple[str, ...] | None:
        """The names of the entry in which a path lies; None when it lies elsewhere."""
        parts = self.parts
        if len(path) < len(parts) or any(
            part not in ("*", step) for part, step in zip(parts, path, strict=False)
        ):
            return None
        return tuple(step for part, step in zip(parts, path, strict=False) if part == "*")


SHEETS: tuple[Sheet, ...] = (
    Sheet("situation", "", (), "Title, date and horizon: one value per row.", tall=True),
    Sheet("actors", "actors.*", ("actor",), "Who matters: one row per actor."),
    Sheet(
        "factions",
        "actors.*.factions.*",
        ("actor", "faction"),
        "Parts of an actor that want something of their own.",
    ),
    Sheet("resources", "resources.*", ("resource",), "The means that count, and how much each matters."),
    Sheet("issues", "issues.*", ("issue",), "What is argued about, on which scale."),
    Sheet(
        "stances",
        "stances.*.*",
        ("issue", "actor"),
        "Where each actor stands on each issue, and how much it cares.",
    ),
    Sheet(
        "faction_stances",
        "stances.*.*.factions.*",
        ("issue", "actor", "faction"),
        "Where the factions of an actor stand.",
    ),
    Sheet("ties", "ties.*.*", ("from", "to"), "What binds whom to whom."),
    Sheet("events", "ties.*.*.events.*", ("from", "to", "event"), "What moved the trust between two actors."),
    Sheet("partnership", "partnership", (), "The partnership as a whole, and its client.", tall=True),
    Sheet(
        "patrons", "partnership.patrons.*", ("patron",), "The partners, two to five, named like their actors."
    ),
    Sheet(
        "patron_threats",
        "partnership.patrons.*.threats.*",
        ("patron", "threat"),
        "What each threat means to each partner.",
    ),
    Sheet(
        "rallies",
        "partnership.patrons.*.rallies.*",
        ("patron", "rally"),
        "Events that lifted or lowered a partner's patience.",
    ),
    Sheet("threats", "partnership.threats.*", ("threat",), "Common threats, none to two."),
    Sheet(
        "offers",
        "partnership.suitors.*.offers.*",
        ("suitor", "patron"),
        "What outsiders could offer a partner for leaving.",
    ),
    Sheet(
        "obligations",
        "partnership.obligations.*",
        ("obligation",),
        "What the partners have promised one another.",
    ),
    Sheet("options", "options.*", ("option",), "Courses of action that one actor can take or not take."),
    Sheet("preferences", "preferences.*", ("actor",), "What each actor prefers."),
    Sheet(
        "statements",
        "preferences.*.statements.*",
        ("actor", "rank"),
        "What an actor wants: one row per statement, the lowest rank (a number) most important.",
    ),
    Sheet("rules", "rules.*", ("rule",), "Which outcomes cannot occur, or count as one."),
    Sheet("shocks", "shocks.*", ("shock",), "Sudden changes, dated or at random."),
    Sheet(
        "shock_changes", "shocks.*.changes.*", ("shock", "path"), "What a shock changes: one row per path."
    ),
    Sheet("scenarios", "scenarios.*", ("scenario",), "Other courses of events."),
    Sheet(
        "scenario_changes",
        "scenarios.*.changes.*",
        ("scenario", "path"),
        "What a scenario changes: one row per path.",
    ),
    Sheet("claims", "claims.*", ("claim",), "What is claimed, for the program to check."),
    Sheet("claim_changes", "claims.*.vary.*", ("claim", "path"), "What is varied to check a claim."),
    Sheet(
        "claim_expects",
        "claims.*.expect.*",
        ("claim", "output"),
        "How an output should then move.",
        value="movement",
    ),
    Sheet(
        "claim_bounds", "claims.*.holds.*", ("claim", "output"), "What an output should stay below or above."
    ),
    Sheet("claim_tests", "claims.*.tests.*", ("claim", "test"), "Further comparisons of a claim."),
    Sheet(
        "test_changes",
        "claims.*.tests.*.vary.*",
        ("claim", "test", "path"),
        "What is varied in a further comparison.",
    ),
    Sheet(
        "test_expects",
        "claims.*.tests.*.expect.*",
        ("claim", "test", "output"),
        "How an output should move in a further comparison.",
        value="movement",
    ),
    Sheet(
        "test_bounds",
        "claims.*.tests.*.holds.*",
        ("claim", "test", "output"),
        "What an output should stay below or above in a further comparison.",
    ),
    Sheet(
        "correlations", "correlations.*", ("correlation",), "Uncertain numbers that rise and fall together."
    ),
    Sheet("sources", "sources.*", ("source",), "Where the evidence comes from, and how good it is."),
    Sheet("words", "words.*", ("word",), "What words such as 'likely' mean here, if not the usual."),
    Sheet("resolve", "resolve.*", ("resolution",), "Dated questions that the future will answer."),
)
NUMBERS = Sheet("numbers", "", (), "Any number by its path: one row per number and source.", tall=True)
TEXT = Sheet("text", "", (), "Anything else by its path.", tall=True)
DETAILS = Sheet(
    "details", "", (), "What no other cell can hold, by its path, written out in full (JSON).", tall=True
)
BY_NAME = {sheet.name: sheet for sheet in (*SHEETS, NUMBERS, TEXT, DETAILS)}
BY_PATH = ("numbers", "text", "details")  # their rows begin with a whole path, not with a key
READ_ME = "read me"

# Columns of a tall sheet beside the path: the value, then the keys of a number in the order in which people think.
_NUMBER_KEYS = [
    key for key in COMPANIONS if key not in ("best", "low", "high", "distribution", "word", "source")
]
_EVIDENCE = ("confidence", "assumed", "note")
CITATION_COLUMNS: dict[str, Kind] = {
    "locator": "text",
    "date": "day",
    "reliability": "text",
    "credibility": "number",
}
COMPANION_ORDER = (
    "",
    "best",
    "low",
    "high",
    "distribution",
    *[key for key in _NUMBER_KEYS if key not in _EVIDENCE],
    "word",
    "source",
    *_EVIDENCE,
)
TALL_ORDER = ("value", *COMPANION_ORDER[1:-3], *CITATION_COLUMNS, *_EVIDENCE)


def sheet_of(path: tuple[str, ...]) -> Sheet:
    """The sheet to which a path belongs: the one that names most of it."""
    return max(
        (sheet for sheet in SHEETS if sheet.names(path) is not None), key=lambda sheet: len(sheet.parts)
    )


def spot_of(sheet: Sheet, vocabulary: Vocabulary) -> Spot:
    """Where the entries of a sheet stand in the declaration."""
    spot = ROOT
    for part in sheet.parts:
        below = spot.below(part, vocabulary)
        assert below is not None, f"{sheet.pattern} is not declared"
        spot = below
    return spot


@dataclass(frozen=True, slots=True)
class Field:
    """A key that the entries of a sheet may have.

    Parameters
    ----------
    header : str
        Its column; ends in ``.*`` where the analyst's own names follow.
    kind : str
        How its cells are read.
    question, choices, limits, block : str, tuple of str, Range or None, str
        What it asks; the words it may be; its range; the block whose names it may be (empty: any).
    needed : bool
        Whether an entry cannot be without it.
    """

    header: str
    kind: Kind
    question: str = ""
    choices: tuple[str, ...] = ()
    limits: Range | None = None
    block: str = ""
    needed: bool = False


def fields(sheet: Sheet, vocabulary: Vocabulary) -> tuple[Field, ...]:
    """Every key that the entries of a sheet may have: in the order of the declaration, then those that lenses add."""
    spot = spot_of(sheet, vocabulary)
    if sheet.value:
        return (_field(sheet.value, spot.shape, needed=True),)
    return tuple(_fields(spot, "", vocabulary))


def _fields(spot: Spot, prefix: str, vocabulary: Vocabulary) -> Iterator[Field]:
    """The fields of a record; blocks that have a sheet of their own are left out."""
    cls = spot.shape.type
    needed = {
        f.name for f in dataclasses.fields(cls) if f.default is f.default_factory is dataclasses.MISSING
    }
    for key, shape in fields_of(cls).items():
        below = Spot(shape, (*spot.pattern, key))
        if is_record(shape.type):
            if not _has_sheet(below.pattern):
                yield from _fields(below, f"{prefix}{key}.", vocabulary)
        elif has_items(shape) and _has_sheet((*below.pattern, "*")):
            continue
        elif not is_mapping(shape.type):
            yield _field(prefix + key, shape, needed=key in needed)
        elif not _has_sheet((*below.pattern, "*")):
            yield _field(f"{prefix}{key}.*", shape_of(shape.args[1]), shape)
    if takes_terms(cls):
        for term in vocabulary.within(".".join(spot.pattern)).values():
            yield Field(prefix + term.name, "estimate", term.question, limits=term.range)


def _has_sheet(pattern: tuple[str, ...]) -> bool:
    """Whether a sheet holds the entries of this pattern, or of one inside it."""
    return any(sheet.parts[: len(pattern)] == pattern for sheet in SHEETS)


def _field(header: str, shape: Shape, around: Shape | None = None, needed: bool = False) -> Field:
    """The field of one key; *around* is the mapping whose names make up the header."""
    ask, ref = mark((around or shape).marks, Ask), mark((around or shape).marks, Ref)
    choices = tuple(str(word) for word in shape.args) if shape.type is typing.Literal else ()
    return Field(
        header,
        kind_of(shape),
        ask.question if ask else "",
        ("true", "false") if shape.type is bool else choices,
        mark(shape.marks, Range),
        ref.block if ref else "",
        needed,
    )
