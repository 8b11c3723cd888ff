"""From a situation back to plain data: the shortest form that reads back the same, and its digest."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from accord.situation import (
    Change,
    Citation,
    Day,
    Estimate,
    Frozen,
    Situation,
    Statement,
    fields_of,
    matches,
)

# Lists whose items are blocks of their own.
_ITEMS = "preferences.*.statements"
# Texts of blocks by identity (the block stands beside its text, so that no other can take its number), for digests of
# situations that share nearly all of theirs; forgotten when they are too many.
_TEXTS: dict[int, tuple[Any, str]] = {}
_MOST_TEXTS = 20_000
_WHOLE = (Change, Citation, Day, Statement)


def plain_of(value: Any) -> Any:
    """Plain data (dicts, lists, scalars) of anything in a situation; reading it back gives an equal value."""
    if isinstance(value, Estimate):
        return _estimate(value)
    if isinstance(value, Citation):
        return _citation(value)
    if isinstance(value, Day):
        return str(value)
    if isinstance(value, Mapping):
        return {name: plain_of(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [plain_of(inner) for inner in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _record(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def _record(value: Any) -> Any:
    """A declared block without the keys that hold their default."""
    stated = _stated(value)
    if isinstance(value, Change) and set(stated) == {"to"} and not isinstance(value.to, Mapping):
        return plain_of(value.to)
    if isinstance(value, Statement) and set(stated) == {"says"}:
        return value.says
    return {key: plain_of(inner) for key, inner in stated.items()}


def _stated(value: Any) -> dict[str, Any]:
    """What a declared block holds, terms of lenses included, without the keys that hold their default."""
    found = {
        key: inner
        for key in fields_of(type(value))
        if not _is_default(value, key, inner := getattr(value, key))
    }
    return {**found, **getattr(value, "terms", {})}


def _is_default(value: Any, key: str, inner: Any) -> bool:
    """Whether a key could be left out of the file."""
    default = _defaults(value.__class__).get(key, dataclasses.MISSING)
    return default is not dataclasses.MISSING and bool(inner == default)


@cache
def _defaults(cls: type[Any]) -> dict[str, Any]:
    """Defaults of a declared block, for the keys that have one."""
    found: dict[str, Any] = {}
    for field in dataclasses.fields(cls):
        if field.default is not dataclasses.MISSING:
            found[field.name] = field.default
        elif field.default_factory is not dataclasses.MISSING:
            found[field.name] = field.default_factory()
    return found


def _citation(citation: Citation) -> Any:
    """``essay P4`` where that says it all."""
    found = _record(citation)
    if set(found) <= {"of", "locator"} and " " not in found["of"]:
        return f"{found['of']} {found['locator']}" if "locator" in found else found["of"]
    return found


def _estimate(estimate: Estimate) -> Any:
    """The shortest way to write a number."""
    found: dict[str, Any] = {}
    if estimate.word is not None:
        found["word"] = estimate.word
    else:
        if estimate.distribution not in ("fixed", "pert"):
            found["distribution"] = estimate.distribution
        for key in ("low", "best", "high"):
            if getattr(estimate, key) is not None:
                found[key] = plain_of(getattr(estimate, key))
        found.update({key: plain_of(inner) for key, inner in estimate.parameters})
    if estimate.citations:
        cited = [plain_of(citation) for citation in estimate.citations]
        found["source"] = cited[0] if len(cited) == 1 else cited
    for key in ("confidence", "assumed", "note"):
        if getattr(estimate, key) is not None:
            found[key] = getattr(estimate, key)
    if set(found) in ({"best"}, {"word"}):
        return next(iter(found.values()))
    return found


def digest_of(situation: Situation) -> str:
    """SHA-256 of the content, the same for any formatting and order of keys; the file's name does not enter."""
    return hashlib.sha256(_text(situation).encode("ascii")).hexdigest()


def _text(value: Any) -> str:
    """The plain data of a value as JSON; that of blocks and numbers, which nobody can change, is worked out once."""
    block = isinstance(value, Frozen) or (dataclasses.is_dataclass(value) and not isinstance(value, _WHOLE))
    if not block:
        return _json(plain_of(value))
    known = _TEXTS.get(id(value))
    if known is not None and known[0] is value:
        return known[1]
    if isinstance(value, Estimate):
        text = _json(plain_of(value))
    else:
        inner = {**value} if isinstance(value, Frozen) else _stated(value)
        text = f"{{{','.join(f'{_json(key)}:{_text(inner[key])}' for key in sorted(inner))}}}"
    if len(_TEXTS) >= _MOST_TEXTS:
        _TEXTS.clear()
    _TEXTS[id(value)] = value, text
    return text


# Plain data as JSON, always the same.
_json = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode


def flatten(value: Any, path: str = "") -> dict[str, Any]:
    """Leaves of plain data by dotted path; numbers with their evidence count as one leaf."""
    if isinstance(value, Mapping) and value and not is_number(value):
        found: dict[str, Any] = {}
        for key, inner in value.items():
            found.update(flatten(inner, f"{path}.{key}" if path else str(key)))
        return found
    if isinstance(value, list) and matches(path, _ITEMS) and value:
        items = [{"says": item} if isinstance(item, str) else item for item in value]
        return flatten({str(index): item for index, item in enumerate(items)}, path)
    return {path: value}


def is_number(value: Mapping[str, Any]) -> bool:
    """Whether a block is a number written out."""
    return not value.keys().isdisjoint({"best", "distribution"}) or (
        "word" in value and not isinstance(value["word"], Mapping)
    )
