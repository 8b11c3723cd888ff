"""What a person probably meant: one concrete thing to try, for the commonest slips."""

from __future__ import annotations

import dataclasses
import math
import re
import typing
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from accord.files.node import Node
from accord.problems import did_you_mean, listed
from accord.situation import Ask, Change, Day, Estimate, Range, Rule, fields_of, mark
from accord.situation.walk import Shape

_SIMPLE = re.compile(r"^\w[\w ]*$")
NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_PLAIN = re.compile(r"^[-+]?[\d.]+([eE][-+]?\d+)?$", re.ASCII)
_SPAN = re.compile(r"^([-+]?[\d.]+)\s*(?:-|\N{EN DASH}|\.\.\.?|to)\s*([-+]?[\d.]+)$", re.ASCII)
# What people call the keys of a number elsewhere.
OTHER_NAMES = {
    **dict.fromkeys(("value", "point", "mode", "central", "likely", "most_likely", "estimate"), "best"),
    **dict.fromkeys(("min", "minimum", "lower", "from"), "low"),
    **dict.fromkeys(("max", "maximum", "upper", "to"), "high"),
    **dict.fromkeys(("std", "stdev", "stddev"), "sd"),
    **dict.fromkeys(("dist", "type", "shape"), "distribution"),
    **dict.fromkeys(("sources", "citation", "ref", "reference"), "source"),
    **dict.fromkeys(("reason", "reasoning", "why", "because"), "assumed"),
    **dict.fromkeys(("comment", "remark"), "note"),
}
# What people write where they know no number.
_NOT_KNOWN = {
    "nan",
    "inf",
    "unknown",
    "unclear",
    "none",
    "n/a",
    "na",
    "nil",
    "tbd",
    "tba",
    "?",
    "??",
    "-",
    "...",
}
_TRUTHS = {
    **dict.fromkeys(("yes", "y", "on", "true", "1"), "true"),
    **dict.fromkeys(("no", "n", "off", "false", "0"), "false"),
}
# Blocks that stand inside another one.
_INSIDE = {"threats": "partnership.threats", "patrons": "partnership.patrons"}


def number_hint(node: Node, limits: Range | None = None) -> str:
    """What a person who wrote this text probably meant, if that is within the limits."""
    if not isinstance(node.value, str):
        return ""
    text = node.value.strip()
    if text.lower() in _NOT_KNOWN:
        return "delete the key if nobody knows: missing is not zero"
    span = _SPAN.match(text)
    if span:
        return f"{{low: {span.group(1)}, best: ..., high: {span.group(2)}}}"
    if _finite(text) is not None:
        return f"{text} without the quotes" if _PLAIN.match(text) else f"{_finite(text):g}"
    percent = _finite(text.removesuffix("%").replace(",", "."))
    if text.endswith("%") and percent is not None:
        return f"{percent / 100:g}" if limits is None or percent / 100 in limits else ""
    for old, new in ((",", "."), (" ", ""), ("\N{MINUS SIGN}", "-")):
        number = _finite(text.replace(old, new))
        if number is not None:
            return f"{number:g}"
    return ""


def _finite(text: str) -> float | None:
    """The finite number that a text spells, if it does."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def comma_hint(node: Node) -> str:
    """For a "key" that is the rest of a sentence cut at a comma inside braces."""
    return (
        "put quotes around text that contains a comma" if node.value is None and not node.is_mapping else ""
    )


def joined(words: Sequence[str]) -> str:
    """Keys as a person would say them: ``low and high``."""
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def required(field: dataclasses.Field[Any]) -> bool:
    """Whether a dataclass field has no default."""
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def ask_for(key: str, shape: Shape) -> str:
    """The question a missing key answers."""
    ask, limits = mark(shape.marks, Ask), mark(shape.marks, Range)
    value = f"{limits.low:g}" if limits is not None and limits.low == limits.high else "..."
    return f"'{key}: {value}' ({ask.question})" if ask else ""


def empty_hint(shape: Shape) -> str:
    """What to do with a key that has no value."""
    kind = shape.type
    bare = isinstance(kind, type) and issubclass(kind, Mapping)
    if dataclasses.is_dataclass(kind) and kind not in (Estimate, Day, Change):
        bare = not any(required(f) for f in dataclasses.fields(kind))
    if bare:
        return "give a value, or {} if there is nothing to say"
    return "give a value or delete the key" if shape.optional else "give a value"


def block_hint(node: Node) -> str:
    """How to write named entries, for a list or a text."""
    return "write 'name: ...' for each, on a line of its own" if node.value is not None else ""


def record_hint(cls: type[Any], node: Node) -> str:
    """How to write a block of keys, where a text stands for its only needed key."""
    keys = ["infeasible"] if cls is Rule else [f.name for f in dataclasses.fields(cls) if required(f)]
    text = node.as_text()
    if len(keys) != 1 or not _SIMPLE.match(text):
        return ""
    shape = fields_of(cls)[keys[0]]
    fits = shape.type is not typing.Literal or text in shape.args
    return f"{{{keys[0]}: {text}}}" if fits else ""


def name_hint(name: str) -> str:
    """A name as it may be written."""
    fixed = name_meant(name)
    return f"'{fixed}', here and wherever it is used" if fixed else "a short name such as 'russia'"


def name_meant(name: str) -> str:
    """The name in letters that a name may have; empty where none are left."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    fixed = re.sub(r"[^a-z0-9]+", "_", bare.lower()).strip("_")
    return fixed if NAME.match(fixed) else ""


def choice_hint(node: Node, words: Sequence[str]) -> str:
    """One of a few fixed words."""
    text = node.as_text()
    if text.lower() == "medium" and "moderate" in words:
        return "did you mean 'moderate'?"
    return did_you_mean(text, words)


def reference_hint(name: str, known: Iterable[str], block: str) -> str:
    """A declared name that may have been meant, or where to declare it."""
    names = sorted(word for word in known if NAME.match(word))
    if not names:
        return f"declare it under '{block_name(block)}'"
    return did_you_mean(name, names) or (f"one of {listed(names)}" if len(names) > 1 else f"'{names[0]}'")


def block_name(block: str) -> str:
    """Where the entries of a block stand; factions stand under their actor."""
    if block.startswith("factions of "):
        return f"actors.{block.removeprefix('factions of ')}.factions"
    return _INSIDE.get(block, block)


def truth_hint(node: Node) -> str:
    """The truth value that a word such as 'yes' means."""
    return _TRUTHS.get(node.as_text().lower(), "")


def day_hint(text: str) -> str:
    """A date as it may have been meant, where the order of its parts leaves no doubt."""
    parts = re.split(r"[-./ ]+", text.strip())
    if (
        not all(part.isascii() and part.isdigit() for part in parts)
        or len(parts) not in (2, 3)
        or len(parts[0]) != 4
    ):
        return "year, month and day with '-' between them" if parts != [""] and len(parts) > 1 else ""
    try:
        return str(Day.parse("-".join(part.zfill(2) for part in parts)))
    except ValueError:
        return "check month and day"
