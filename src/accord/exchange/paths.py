"""Paths as a workbook writes them, and what the declaration says stands there.

A header of a wide sheet is the rest of a path (``position.low``, ``capability.ships``); a row of a tall sheet begins
with a path.  Both are resolved here against the declared shapes.  A name that contains a dot of its own may stand in
square brackets: ``claims[v1.2].says``; the paths that scenarios change need none.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from accord.files.numbers import ESTIMATE_KEYS, EVIDENCE_KEYS
from accord.situation import (
    Ask,
    Bound,
    Change,
    Citation,
    Day,
    Estimate,
    FreeNames,
    Situation,
    Vocabulary,
    fields_of,
    has_items,
    mark,
    shape_of,
    takes_terms,
)
from accord.situation.walk import Shape

Kind = Literal["estimate", "any", "number", "text", "day", "truth", "list", "citations", "block"]

NAME = re.compile(r"[a-z][a-z0-9_]*$")
_PLAIN = re.compile(r"[^.\[\]\s\"]+")
_PART = re.compile(r'\[("(?:[^"\\]|\\.)*"|[^\[\]"]+)\]|([^.\[\]]+)')
_WORDS = {"distribution", "word", "confidence", "assumed", "note"}
COMPANIONS: dict[str, Kind] = {
    key: "text" if key in _WORDS else "number" for key in (*ESTIMATE_KEYS, *EVIDENCE_KEYS)
}
COMPANIONS["source"] = "citations"


class Whole(str):
    """A part of a path that stood in square brackets, so that its dots are its own."""

    __slots__ = ()


def join_path(parts: Sequence[str]) -> str:
    """Parts as a path; parts with dots, blanks or brackets go into brackets."""
    text = ""
    for part in parts:
        if _PLAIN.fullmatch(part):
            text += f".{part}" if text else part
        else:
            simple = part == part.strip() and part and not re.search(r"[\[\]\"\x00-\x1f\x7f-\xa0]", part)
            text += f"[{part if simple else json.dumps(part)}]"
    return text


def split_path(text: str) -> list[str] | None:
    """The parts of a path; None where brackets or dots do not fit."""
    parts: list[str] = []
    position = 0
    while position < len(text):
        if parts and text[position] == ".":
            position += 1
        elif parts and text[position] != "[":
            return None
        found = _PART.match(text, position)
        if found is None:
            return None
        bracketed, plain = found.groups()
        try:
            parts.append(
                plain.strip()
                if plain
                else Whole(json.loads(bracketed) if bracketed[0] == '"' else bracketed.strip())
            )
        except ValueError:
            return None
        position = found.end()
    return parts or None


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the declaration: the shape that stands there, and the pattern of its path."""

    shape: Shape
    pattern: tuple[str, ...] = ()

    def below(self, part: str, vocabulary: Vocabulary) -> Spot | None:
        """The place one part further down; None where nothing is declared."""
        kind = self.shape.type
        if is_mapping(kind):
            return Spot(shape_of(self.shape.args[1]), (*self.pattern, "*"))
        if has_items(self.shape):
            return Spot(shape_of(self.shape.args[0]), (*self.pattern, "*"))
        if not is_record(kind):
            return None
        inner = fields_of(kind).get(part)
        if inner is None and takes_terms(kind):
            term = vocabulary.within(".".join(self.pattern)).get(part)
            inner = Shape(Estimate, marks=(term.range, Ask(term.question)), optional=True) if term else None
        return Spot(inner, (*self.pattern, part)) if inner is not None else None


ROOT = Spot(Shape(Situation))


@dataclass(frozen=True, slots=True)
class Target:
    """What a path or a header points at.

    Parameters
    ----------
    parts : tuple of str
        From where the search began; for a key of a number (``low``, ``source``) that key is the last part.
    kind : str
        How its cell is read.
    shape : Shape
        The declared shape (of the whole number, for a key of a number).
    """

    parts: tuple[str, ...]
    kind: Kind
    shape: Shape


def is_mapping(kind: Any) -> bool:
    """Whether a type is a block of named entries."""
    return isinstance(kind, type) and issubclass(kind, Mapping)


def is_record(kind: Any) -> bool:
    """Whether a type is a block with declared keys (a number or a date is one value, whatever it is made of)."""
    return dataclasses.is_dataclass(kind) and kind not in (Estimate, Day, Citation)


def kind_of(shape: Shape) -> Kind:
    """How a cell with a value of this shape is read."""
    kind = shape.type
    if kind is tuple:
        return "citations" if shape_of(shape.args[0]).type is Citation else "list"
    if is_mapping(kind) or is_record(kind):
        return "block"
    plain: dict[Any, Kind] = {
        Estimate: "estimate",
        Any: "any",
        Day: "day",
        bool: "truth",
        int: "number",
        float: "number",
    }
    return plain.get(kind, "text")


def resolve(parts: Sequence[str], spot: Spot, vocabulary: Vocabulary) -> Target | None:
    """What stands at a path below a place; None where nothing is declared.

    Parameters
    ----------
    parts : sequence of str
        As :func:`split_path` gives them.
    spot : Spot
        Where the path begins.
    vocabulary : Vocabulary
        Keys that lenses add.
    """
    done: list[str] = []
    rest = list(parts)
    here: Spot | None = spot
    while rest and here is not None:
        if here.shape.type in (Estimate, Any):
            return _inside(done, rest, here.shape)
        take = _name_length(rest, here.shape)
        name = str(rest[0]) if take == 1 else ".".join(rest[:take])
        rest = rest[take:]
        here = here.below(name, vocabulary)
        done.append(name)
    return None if here is None else Target(tuple(done), kind_of(here.shape), here.shape)


def _inside(done: list[str], rest: list[str], shape: Shape) -> Target | None:
    """A key of a number; for what a change sets a block to, any key of that block."""
    path = (*done, *rest)
    if rest[-1] in COMPANIONS and (len(rest) == 1 or shape.type is Any):
        return Target(path, COMPANIONS[rest[-1]], shape)
    return (
        Target(path, "any", shape) if shape.type is Any and all(NAME.match(part) for part in rest) else None
    )


def _name_length(rest: list[str], shape: Shape) -> int:
    """How many of the parts make up the next name: more than one where names are themselves paths."""
    if not is_mapping(shape.type) or mark(shape.marks, FreeNames) is None or isinstance(rest[0], Whole):
        return 1
    inner = shape_of(shape.args[1])
    if inner.type is Change:
        keys = cast(Mapping[str, Shape], fields_of(Change))
        if (
            len(rest) > 2
            and kind_of(keys[rest[-2]] if rest[-2] in keys else Shape(str)) == "any"
            and rest[-1] in COMPANIONS
        ):
            return len(rest) - 2
        return len(rest) - 1 if len(rest) > 1 and rest[-1] in keys else len(rest)
    if inner.type is Bound:
        return len(rest) - 1 if len(rest) > 1 and rest[-1] in fields_of(Bound) else len(rest)
    return 1 if is_record(inner.type) or inner.type is Estimate else len(rest)
