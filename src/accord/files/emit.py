"""Plain data as YAML in the spelling that people use: a number with its evidence on one line, quotes where needed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from accord.files.dump import is_number
from accord.files.text import scalar_of

# Text that needs no quotes, wherever it stands.
_PLAIN = re.compile(r"[^\W_](?:[\w ./()+%'?;=~^$-]|:(?=[\w/]))*")
# Words that other readers of YAML take for true and false.
_TRUTHS = {"yes", "no", "on", "off", "y", "n"}
_ODD = re.compile("[^\x20-\x7e\xa1-\ud7ff\ue000-\ufefe\uff00-\uffef\U00010000-\U0010ffff]|[\u2028\u2029]")


def scalar(value: Any) -> str:
    """A text, number or truth value on one line."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, int | float):
        return repr(value)
    text = str(value)
    usual = _PLAIN.fullmatch(text) and text == text.strip() and text.lower() not in _TRUTHS
    return text if usual and isinstance(scalar_of(text), str) else quoted(text)


def quoted(text: str) -> str:
    """A text in double quotes, readable as JSON and as YAML; what nobody sees is escaped."""
    return _ODD.sub(_escape, json.dumps(text, ensure_ascii=False))


def _escape(found: re.Match[str]) -> str:
    """A character as its code."""
    return f"\\u{ord(found.group()):04x}"


def as_json(value: Any) -> str:
    """Plain data as JSON, two blanks deep."""
    return (
        _ODD.sub(
            lambda found: found.group() if found.group() == "\n" else _escape(found),
            json.dumps(value, indent=2, ensure_ascii=False),
        )
        + "\n"
    )


def flow(value: Any) -> str:
    """Plain data on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(inner) for inner in value) + "]"
    return scalar(value)


def block(value: Mapping[str, Any], indent: int = 0) -> list[str]:
    """A block of keys as lines; numbers and lists of texts stay on one line."""
    lines: list[str] = []
    for key, inner in value.items():
        head = f"{' ' * indent}{scalar(key)}:"
        if isinstance(inner, Mapping) and inner and not is_number(inner):
            lines += [head, *block(inner, indent + 2)]
        elif isinstance(inner, list | tuple) and any(isinstance(item, Mapping) for item in inner):
            lines += [head, *(f"{' ' * (indent + 2)}- {flow(item)}" for item in inner)]
        else:
            lines.append(f"{head} {flow(inner)}")
    return lines
