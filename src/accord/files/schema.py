"""JSON Schema (draft 2020-12) and reference page, both derived from the declaration of the situation language."""

from __future__ import annotations

import dataclasses
import math
import typing
from collections.abc import Mapping
from typing import Any

from accord.files.hints import required
from accord.files.numbers import ESTIMATE_KEYS
from accord.files.places import pattern_of
from accord.situation import (
    DISTRIBUTIONS,
    SYNONYMS,
    WORDS,
    Ask,
    Change,
    Citation,
    Day,
    Estimate,
    FreeNames,
    Range,
    Ref,
    Situation,
    Statement,
    Vocabulary,
    fields_of,
    has_items,
    mark,
    shape_of,
    takes_terms,
)
from accord.situation.walk import Shape

SCHEMA = "https://json-schema.org/draft/2020-12/schema"
_DAY = r"^\d{4}(-\d{2}(-\d{2})?)?$"
_EVIDENCE = {
    "source": "Which sources stand behind it?",
    "confidence": "How confident is the analyst (not the same as how likely)?",
    "assumed": "One line of reasoning, where there is no source?",
    "note": "What should a reader know about it?",
}
_NAME = r"^[a-z][a-z0-9_]*$"


def schema_of(vocabulary: Vocabulary) -> dict[str, Any]:
    """The schema that editors use for completion and red underlining; ``check`` finds more than any schema can."""
    writer = _Schema(vocabulary)
    root = writer.record(Situation, "")
    definitions = {name: writer.definitions[name] for name in sorted(writer.definitions)}
    return {"$schema": SCHEMA, "title": "Accord situation", **root, "$defs": definitions}


class _Schema:
    """Collects definitions while walking the declaration."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.definitions: dict[str, Any] = {}

    def record(self, cls: type[Any], path: str) -> dict[str, Any]:
        """The schema of a block with declared keys."""
        shapes = fields_of(cls)
        properties = {
            key: self.value(shape, f"{path}.{key}" if path else key) for key, shape in shapes.items()
        }
        if takes_terms(cls):
            for name, term in self.vocabulary.within(pattern_of(path)).items():
                properties[name] = {
                    **self.estimate(term.range),
                    "description": f"{term.question} [{term.range.unit}]",
                }
        needed = [
            f.name
            for f in dataclasses.fields(cls)
            if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
        ]
        found: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
        return {**found, "required": needed} if needed else found

    def value(self, shape: Shape, path: str) -> dict[str, Any]:
        """The schema of one key, with its question as description."""
        ask = mark(shape.marks, Ask)
        found = self.plain(shape, path)
        return {**found, "description": ask.question} if ask else found

    def plain(self, shape: Shape, path: str) -> dict[str, Any]:
        """The schema of a value by its declared shape."""
        kind = shape.type
        if kind is Estimate:
            return self.estimate(mark(shape.marks, Range))
        if kind is tuple:
            item = self.plain(shape_of(shape.args[0]), path)
            return {"anyOf": [item, {"type": "array", "items": item}]}
        if isinstance(kind, type) and issubclass(kind, Mapping):
            inner = self.plain(shape_of(shape.args[1]), f"{path}.x")
            names = {} if mark(shape.marks, FreeNames) else {"propertyNames": {"pattern": _NAME}}
            return {"type": "object", "additionalProperties": inner, **names}
        if dataclasses.is_dataclass(kind) and kind is not Day:
            return self.named(typing.cast(type[Any], kind), path)
        return _scalar(shape)

    def named(self, cls: type[Any], path: str) -> dict[str, Any]:
        """A reference to the definition of a record; short forms are allowed where the language has them."""
        name = cls.__name__
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = {
                **self.record(cls, path),
                "description": (cls.__doc__ or "").split("\n")[0],
            }
        ref = {"$ref": f"#/$defs/{name}"}
        if cls in (Citation, Statement):
            return {"anyOf": [{"type": "string", "minLength": 1}, ref]}
        return {} if cls is Change else ref

    def estimate(self, limits: Range | None) -> dict[str, Any]:
        """A number, a word, or a block."""
        if "evidence" not in self.definitions:
            self.definitions["evidence"] = {}
            self.definitions["evidence"] = self._evidence()
        number: dict[str, Any] = {"type": "number"}
        if limits is not None and math.isfinite(limits.low):
            number["minimum"] = limits.low
        if limits is not None and math.isfinite(limits.high):
            number["maximum"] = limits.high
        return {"anyOf": [number, {"type": "string", "minLength": 1}, {"$ref": "#/$defs/evidence"}]}

    def _evidence(self) -> dict[str, Any]:
        """A number written out with its range and evidence."""
        shapes = fields_of(Estimate)
        keys: dict[str, Any] = {key: {"type": "number"} for key in ESTIMATE_KEYS}
        keys["distribution"] = {"enum": sorted(DISTRIBUTIONS)}
        keys["word"] = {"type": "string"}
        keys["source"] = self.plain(shapes["citations"], "")
        keys.update({key: self.plain(shapes[key], "") for key in ("confidence", "assumed", "note")})
        given = {"anyOf": [{"required": [key]} for key in ("best", "word", "distribution")]}
        about = {"description": "A number with its range and evidence."}
        return {"type": "object", "properties": keys, "additionalProperties": False, **given, **about}


def _scalar(shape: Shape) -> dict[str, Any]:
    """Text, numbers, dates and choices."""
    kind, limits = shape.type, mark(shape.marks, Range)
    if kind is typing.Literal:
        return {"enum": list(shape.args)}
    if kind is Day:
        return {
            "anyOf": [{"type": "string", "pattern": _DAY}, {"type": "integer", "minimum": 1, "maximum": 9999}]
        }
    if kind in (int, float):
        found: dict[str, Any] = {"type": "integer" if kind is int else "number"}
        if limits is not None and math.isfinite(limits.low):
            found["minimum"] = limits.low
        if limits is not None and math.isfinite(limits.high):
            found["maximum"] = limits.high
        return found
    if kind is bool:
        return {"type": "boolean"}
    if kind is str:
        return (
            {"type": "string", "minLength": 1}
            if mark(shape.marks, Ref)
            else {"type": ["string", "number", "boolean"]}
        )
    return {}


def reference_of(vocabulary: Vocabulary) -> str:
    """The reference page: every key, what it asks, what it may be, and which lenses read it (Markdown)."""
    lines = [
        "# Reference: the situation language",
        "",
        "Generated from the declaration by `accord schema --reference`; do not edit by hand.",
        "",
        "`*` stands for a name of your own. Keys marked *needed* may not be left out of the block they stand in.",
        "*Prior* is what an omitted number is taken to be where a lens needs it.",
        "",
        "| key | question | may be | unit | symbol | prior | read by |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [_row(*entry, vocabulary) for entry in _entries(Situation, "", vocabulary)]
    return "\n".join([*lines, *_number_part(), *_words_part(), *_shared_part()]) + "\n"


def _number_part() -> list[str]:
    """How a number is written, and the distributions it may have."""
    lines = [
        "",
        "## Numbers",
        "",
        "Wherever the table says *estimate*: a bare number, a word of the table below, or a block such as",
        "`{low: 0.2, best: 0.4, high: 0.7, source: gazette p. 3}`. Without `distribution`, `low`, `best` and `high`",
        "make a PERT.",
        "",
        "| distribution | needs | takes as well |",
        "|---|---|---|",
    ]
    for name, (needs, may) in DISTRIBUTIONS.items():
        lines.append(f"| `{name}` | {', '.join(needs)} | {', '.join(may)} |")
    lines += ["", "| key of evidence | question | may be |", "|---|---|---|"]
    shapes = fields_of(Estimate)
    for key, field in (
        ("source", "citations"),
        ("confidence", "confidence"),
        ("assumed", "assumed"),
        ("note", "note"),
    ):
        lines.append(f"| `{key}` | {_EVIDENCE[key]} | {_may_be(shapes[field], None)} |")
    return lines


def _words_part() -> list[str]:
    """The estimative words and what they mean."""
    lines = [
        "",
        "## Words",
        "",
        "Shares of the range at hand. Statements of likelihood (ICD 203) divide 0 to 1 and fit only shares and",
        "probabilities; the other words divide the plausible range of the number (*prior*), or the scale of an issue.",
        "`words` declares others.",
        "",
        "| word | also | low | best | high | likelihood |",
        "|---|---|---|---|---|---|",
    ]
    for name, word in WORDS.items():
        also = ", ".join(f"`{other}`" for other, meant in SYNONYMS.items() if meant == name)
        likely = "yes" if word.likelihood else ""
        lines.append(f"| `{name}` | {also} | {word.low:g} | {word.best:g} | {word.high:g} | {likely} |")
    return lines


def _shared_part() -> list[str]:
    """Blocks that stand in several places."""
    lines: list[str] = []
    for cls, title, short in (
        (Citation, "Sources of a number", "`gazette p. 3`"),
        (Change, "Changes", "a bare value, meaning `to`"),
    ):
        lines += [
            "",
            f"## {title}",
            "",
            f"Short form: {short}.",
            "",
            "| key | question | may be |",
            "|---|---|---|",
        ]
        needed = _needed(cls)
        for key, shape in fields_of(cls).items():
            mark_needed = " (needed)" if key in needed and cls is Citation else ""
            lines.append(
                f"| `{key}` | {_question(shape)} | {_may_be(shape, mark(shape.marks, Range))}{mark_needed} |"
            )
    return lines


def _needed(cls: type[Any]) -> set[str]:
    """Keys that may not be left out."""
    return {f.name for f in dataclasses.fields(cls) if required(f)}


def _entries(cls: type[Any], path: str, vocabulary: Vocabulary) -> typing.Iterator[tuple[str, Shape, str]]:
    """Every declared key below a block: pattern, shape, question."""
    needed = _needed(cls)
    for key, shape in fields_of(cls).items():
        place = f"{path}.{key}" if path else key
        question = f"{_question(shape)} *needed*" if key in needed else _question(shape)
        yield place, shape, question
        yield from _entry(shape, place, question, vocabulary)
    if takes_terms(cls):
        for name, term in vocabulary.within(path).items():
            yield f"{path}.{name}", Shape(Estimate, marks=(term.range,)), term.question


def _entry(
    shape: Shape, path: str, question: str, vocabulary: Vocabulary
) -> typing.Iterator[tuple[str, Shape, str]]:
    """What stands below a key."""
    kind = shape.type
    if isinstance(kind, type) and issubclass(kind, Mapping):
        inner = shape_of(shape.args[1])
        if not (dataclasses.is_dataclass(inner.type) and inner.type not in (Estimate, Day, Change)):
            yield f"{path}.*", inner, question
        yield from _entry(inner, f"{path}.*", question, vocabulary)
    elif has_items(shape):
        yield from _entry(shape_of(shape.args[0]), f"{path}.*", question, vocabulary)
    elif dataclasses.is_dataclass(kind) and kind not in (Estimate, Day, Change):
        yield from _entries(typing.cast(type[Any], kind), path, vocabulary)


def _question(shape: Shape) -> str:
    """The question a key answers."""
    ask = mark(shape.marks, Ask)
    return ask.question if ask else ""


def _row(path: str, shape: Shape, question: str, vocabulary: Vocabulary) -> str:
    """One line of the reference table."""
    limits = mark(shape.marks, Range)
    readers = ", ".join(vocabulary.readers(path.replace("*", "x"))) if shape.type is Estimate else ""
    cells = [
        f"`{path}`",
        question,
        _may_be(shape, limits),
        limits.unit if limits else "",
        limits.symbol if limits else "",
        _prior(limits),
        readers,
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _may_be(shape: Shape, limits: Range | None) -> str:
    """What a key may hold, in words."""
    kind = shape.type
    if kind is typing.Literal:
        return " / ".join(str(word) for word in shape.args)
    if kind is Estimate or kind in (int, float):
        bounds = (limits.words().partition(" (")[0]) if limits else "a number"
        return f"estimate: {bounds}" if kind is Estimate else bounds
    ref = mark(shape.marks, Ref)
    if isinstance(kind, type) and issubclass(kind, Mapping):
        return f"named entries; names under `{ref.block}`" if ref else "named entries"
    if kind is tuple:
        inner = shape_of(shape.args[0])
        if has_items(shape):
            return "text or block, or a list of them"
        if ref := mark(inner.marks, Ref):
            return f"list of names under `{ref.block}`"
        return f"{_may_be(inner, None)}, or a list" if inner.type in (Citation, str) else "list"
    words = {
        str: "text",
        Day: "date",
        bool: "true or false",
        Citation: "source",
        Change: "value, or to / times / plus / against",
    }
    if dataclasses.is_dataclass(kind) and kind not in (Day, Citation, Change):
        return "block"
    return f"name under `{ref.block}`" if ref else words.get(kind, "value")


def _prior(limits: Range | None) -> str:
    """The prior of an omitted number, in words."""
    if limits is None or limits.prior is None or limits.shape == "none":
        return ""
    low, high = limits.prior
    if limits.shape == "zero":
        return "off" if high != low or low == 0 else f"{low:g}"
    if limits.shape == "bernoulli":
        return f"1 with probability {low:g}"
    if limits.shape == "top":
        return f"{high:g}"
    shapes = {"log": ", log-uniform", "log1m": ", uniform in ln(1 - x)"}
    return f"{low:g}" if low == high else f"{low:g} to {high:g}{shapes.get(limits.shape, '')}"
