"""Which key is declared where: shapes and patterns of paths, and the block a misplaced key belongs to."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any

from accord.situation import Citation, Day, Estimate, Situation, Vocabulary, fields_of, has_items, shape_of
from accord.situation.walk import Shape


def pattern_of(path: str) -> str:
    """The path pattern of a block: names replaced by ``*`` where the declaration has a mapping."""
    parts = path.split(".") if path else []
    pattern: list[str] = []
    shape: Shape | None = Shape(Situation)
    for part in parts:
        shape, is_name = _below(shape, part)
        pattern.append("*" if is_name else part)
    return ".".join(pattern)


def _below(shape: Shape | None, part: str) -> tuple[Shape | None, bool]:
    """The shape one step down, and whether that step was a free name."""
    if shape is None:
        return None, False
    if isinstance(shape.type, type) and issubclass(shape.type, Mapping):
        return shape_of(shape.args[1]), True
    if has_items(shape):
        return (shape_of(shape.args[0]), True) if part.isascii() and part.isdigit() else (None, False)
    if dataclasses.is_dataclass(shape.type) and shape.type not in (Estimate, Day):
        return fields_of(typing.cast(type[Any], shape.type)).get(part), False
    return None, False


def shape_at(path: str, vocabulary: Vocabulary) -> Shape | None:
    """The declared shape of the value at a path; None where nothing is declared."""
    shape: Shape | None = Shape(Situation)
    done: list[str] = []
    for part in path.split("."):
        parent = shape
        shape, _ = _below(shape, part)
        if shape is None and parent is not None and dataclasses.is_dataclass(parent.type):
            term = vocabulary.within(pattern_of(".".join(done))).get(part)
            shape = Shape(Estimate, marks=(term.range,), optional=True) if term else None
        if shape is None:
            return None
        done.append(part)
    return shape


@cache
def _declared_places() -> dict[str, tuple[str, ...]]:
    """Blocks (patterns) in which the language itself declares each key."""
    found: dict[str, set[str]] = {}
    stack: list[tuple[Shape, str]] = [(Shape(Situation), "")]
    while stack:
        shape, path = stack.pop()
        if isinstance(shape.type, type) and issubclass(shape.type, Mapping):
            stack.append((shape_of(shape.args[1]), f"{path}.*"))
        elif has_items(shape):
            stack.append((shape_of(shape.args[0]), f"{path}.*"))
        elif dataclasses.is_dataclass(shape.type) and shape.type not in (Estimate, Day, Citation):
            for key, inner in fields_of(typing.cast(type[Any], shape.type)).items():
                found.setdefault(key, set()).add(path)
                stack.append((inner, join(path, key)))
    return {key: tuple(sorted(places)) for key, places in found.items()}


def elsewhere(key: str, vocabulary: Vocabulary) -> str:
    """Where a key of that name does belong, if another block declares it and it is plain which."""
    places = {term.parent for term in vocabulary.terms if term.name == key} or set(
        _declared_places().get(key, ())
    )
    shown = [
        "'" + place.replace("*", "<name>") + "'" if place else "the top of the file"
        for place in sorted(places)
    ]
    return f"it belongs under {' or '.join(shown)}" if 0 < len(shown) <= 2 else ""


def join(path: str, key: str) -> str:
    """A dotted path with one more part."""
    return f"{path}.{key}" if path else key


def touches(one: str, other: str) -> bool:
    """Whether one path is the other or lies inside it."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
