"""What changed between two situations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from accord.files.dump import flatten, is_number, plain_of
from accord.situation import Situation

_EVIDENCE = ("source", "confidence", "assumed", "note")


@dataclass(frozen=True, slots=True)
class Difference:
    """One path at which two situations differ.

    Parameters
    ----------
    path : str
    kind : {'added', 'removed', 'number', 'evidence', 'text'}
        ``number`` when a value or its range differs, ``evidence`` when only what stands behind it does.
    before, after : plain data or None
    """

    path: str
    kind: Literal["added", "removed", "number", "evidence", "text"]
    before: Any
    after: Any


def differences(before: Situation, after: Situation) -> tuple[Difference, ...]:
    """Every path at which two situations differ, in the order of the first, what was added last."""
    old, new = flatten(plain_of(before)), flatten(plain_of(after))
    found = [Difference(path, "removed", value, None) for path, value in old.items() if path not in new]
    for path, value in old.items():
        if path in new and new[path] != value:
            found.append(Difference(path, _kind(value, new[path]), value, new[path]))
    found += [Difference(path, "added", None, value) for path, value in new.items() if path not in old]
    order = {path: index for index, path in enumerate([*old, *(p for p in new if p not in old)])}
    return tuple(sorted(found, key=lambda difference: order[difference.path]))


def _kind(before: Any, after: Any) -> Literal["number", "evidence", "text"]:
    """Whether the value changed or only its evidence."""
    if not (_numeric(before) or _numeric(after)):
        return "text"
    return "evidence" if _value(before) == _value(after) else "number"


def _numeric(value: Any) -> bool:
    """Whether plain data stands for a number."""
    return (isinstance(value, int | float) and not isinstance(value, bool)) or (
        isinstance(value, Mapping) and is_number(value)
    )


def _value(value: Any) -> Any:
    """The numeric part of a number."""
    if not isinstance(value, Mapping):
        return {"word": value} if isinstance(value, str) else {"best": value}
    return {key: inner for key, inner in value.items() if key not in _EVIDENCE}
