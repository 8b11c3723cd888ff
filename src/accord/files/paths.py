"""Finding the path that somebody meant."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from accord.files.places import pattern_of
from accord.problems import did_you_mean
from accord.situation import (
    Day,
    Estimate,
    Situation,
    Vocabulary,
    estimates,
    fields_of,
    item_at,
    matches,
    ranges,
    takes_terms,
)


def near_path(path: str, situation: Situation, vocabulary: Vocabulary) -> str:
    """What to try for a path at which nothing stands: a slip in one part, a part left out, or anything close."""
    value: Any = situation
    parts = path.split(".")
    for index, part in enumerate(parts):
        here = ".".join(parts[:index])
        if isinstance(value, Estimate | Day):
            return f"change '{here}' as a whole"
        inner = _below(value, part)
        if inner is None:
            slip = did_you_mean(part, _names(value, here, vocabulary) - {part})
            if slip:
                return f"did you mean '{'.'.join([*parts[:index], slip.split(chr(39))[1], *parts[index + 1 :]])}'?"
            return _absent(path, ".".join(parts[: index + 1]), situation, vocabulary)
        value = inner
    return ""


def _absent(path: str, missing: str, situation: Situation, vocabulary: Vocabulary) -> str:
    """A hint for a path that is spelled well as far as anybody can tell."""
    known = set(estimates(situation)) - {path}
    longer = sorted(name for name in known if name.endswith(f".{path}"))
    if longer:
        return f"did you mean '{longer[0]}'?"
    if any(matches(path, pattern) for pattern in ranges(vocabulary)):
        return f"'{missing}' is not in this file: add it first"
    return did_you_mean(path, known)


def _below(value: Any, part: str) -> Any:
    """What stands one step down; None when nothing does."""
    if isinstance(value, Mapping):
        return value.get(part)
    if isinstance(value, tuple):
        index = item_at(value, part)
        return None if index is None else value[index]
    found = (
        getattr(value, part, None)
        if dataclasses.is_dataclass(value) and part in fields_of(_class(value))
        else None
    )
    return getattr(value, "terms", {}).get(part) if found is None else found


def _names(value: Any, path: str, vocabulary: Vocabulary) -> set[str]:
    """Keys that may stand in a block."""
    if isinstance(value, Mapping):
        return set(value)
    if isinstance(value, tuple):
        return {str(index) for index in range(len(value))}
    if not dataclasses.is_dataclass(value):
        return set()
    terms = vocabulary.within(pattern_of(path)) if takes_terms(_class(value)) else {}
    return {*fields_of(_class(value)), *terms}


def _class(value: Any) -> type[Any]:
    """The class of a record."""
    found: type[Any] = type(value)
    return found
