"""Every number of a situation, by its path."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any

from accord.situation.declare import Ask, Range, Vocabulary, mark
from accord.situation.estimate import Estimate
from accord.situation.frozen import Frozen
from accord.situation.option import Statement
from accord.situation.situation import Situation

T = typing.TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """The type of one key, with ``Annotated`` and ``Optional`` peeled off.

    Parameters
    ----------
    type : type
        Plain type, or the origin of a generic one (``Mapping``, ``tuple``, ``Literal``).
    args : tuple
        Arguments of a generic type.
    marks : tuple
        Marks of ``Annotated``, outermost first.
    optional : bool
        Whether None is allowed.
    """

    type: Any
    args: tuple[Any, ...] = ()
    marks: tuple[Any, ...] = ()
    optional: bool = False


@cache
def shape_of(hint: Any) -> Shape:
    """Peel a type hint down to a :class:`Shape`."""
    marks: tuple[Any, ...] = ()
    optional = False
    while True:
        origin = typing.get_origin(hint)
        if origin is typing.Annotated:
            marks += hint.__metadata__
            hint = hint.__origin__
        elif origin in (typing.Union, types.UnionType):
            rest = [arg for arg in typing.get_args(hint) if arg is not type(None)]
            optional = True
            hint = rest[0]
        elif origin is not None:
            return Shape(origin, typing.get_args(hint), marks, optional)
        else:
            return Shape(hint, (), marks, optional)


def _kept(function: Callable[[type[Any]], T]) -> Callable[[type[Any]], T]:
    """``functools.cache`` for functions of a class (which mypy does not take for hashable)."""
    return typing.cast(Callable[[type[Any]], T], cache(function))


@_kept
def fields_of(cls: type[Any]) -> dict[str, Shape]:
    """The keys a dataclass declares, in order, with their shapes; ``terms``, ``name`` and ``digest`` are not keys."""
    hints = typing.get_type_hints(cls, include_extras=True)
    hidden = {"terms"} | ({"name", "digest"} if cls is Situation else set())
    return {f.name: shape_of(hints[f.name]) for f in dataclasses.fields(cls) if f.name not in hidden}


def has_items(shape: Shape) -> bool:
    """Whether it is a list of blocks, each with a path of its own (``statements.0``); sources are not."""
    return shape.type is tuple and shape_of(shape.args[0]).type is Statement


@_kept
def takes_terms(cls: type[Any]) -> bool:
    """Whether lenses may add numbers to blocks of this kind."""
    return any(f.name == "terms" for f in dataclasses.fields(cls))


class Same:
    """Stands for one situation in a cache: the same object, not an equal one (hashing a situation takes long)."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation

    def __hash__(self) -> int:
        return id(self.situation)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.situation is self.situation


def estimates(situation: Situation) -> dict[str, Estimate]:
    """Every number written as an estimate, by dotted path, in the order of the declaration."""
    return dict(_estimates(Same(situation)))


@lru_cache(maxsize=64)
def _estimates(same: Same) -> dict[str, Estimate]:
    """The same, once for each situation."""
    found: dict[str, Estimate] = {}
    _walk(same.situation, "", found)
    return found


def _walk(value: Any, path: str, found: dict[str, Estimate]) -> None:
    """Add the estimates below one value."""
    if isinstance(value, Estimate):
        found[path] = value
    elif type(value) is Frozen or isinstance(value, Mapping):
        for name, inner in value.items():
            _walk(inner, _join(path, name), found)
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            _walk(inner, _join(path, str(index)), found)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for name in _holders(type(value)):
            inner = getattr(value, name)
            if inner is not None:
                _walk(inner, path if name == "terms" else _join(path, name), found)


@_kept
def _holders(cls: type[Any]) -> tuple[str, ...]:
    """The fields of a record that can hold estimates, directly or below; the terms of lenses last."""
    names = [name for name, shape in fields_of(cls).items() if _can_hold(shape)]
    return (*names, "terms") if takes_terms(cls) else tuple(names)


def _can_hold(shape: Shape) -> bool:
    """Whether a value of this shape can be or contain an estimate."""
    if shape.type is Estimate:
        return True
    if isinstance(shape.type, type) and issubclass(shape.type, Mapping):
        return _can_hold(shape_of(shape.args[1]))
    if has_items(shape):
        return _can_hold(shape_of(shape.args[0]))
    return dataclasses.is_dataclass(shape.type) and bool(_holders(typing.cast(type[Any], shape.type)))


def _join(path: str, name: str) -> str:
    """A dotted path with one more part."""
    return f"{path}.{name}" if path else name


def ranges(vocabulary: Vocabulary) -> dict[str, tuple[Range | None, str]]:
    """Path pattern of every estimate the language knows, with its range and question."""
    found: dict[str, tuple[Range | None, str]] = {}
    _collect(Situation, "", found)
    for term in vocabulary.terms:
        found[term.path] = (term.range, term.question)
    return found


def _collect(cls: type[Any], path: str, found: dict[str, tuple[Range | None, str]]) -> None:
    """Add the estimates that a dataclass declares, below a path pattern."""
    for name, shape in fields_of(cls).items():
        _collect_shape(shape, _join(path, name), found, "")


def _collect_shape(
    shape: Shape, path: str, found: dict[str, tuple[Range | None, str]], question: str
) -> None:
    """Add the estimates under one key."""
    ask = mark(shape.marks, Ask)
    question = ask.question if ask else question
    if shape.type is Estimate:
        found[path] = (mark(shape.marks, Range), question)
    elif dataclasses.is_dataclass(shape.type):
        _collect(typing.cast(type[Any], shape.type), path, found)
    elif isinstance(shape.type, type) and issubclass(shape.type, Mapping):
        inner = shape_of(shape.args[1])
        _collect_shape(inner, f"{path}.*", found, question)
    elif has_items(shape):
        _collect_shape(shape_of(shape.args[0]), f"{path}.*", found, question)


def at(situation: Situation, path: str) -> Any:
    """The value at a dotted path; KeyError with the first part that is not there."""
    value: Any = situation
    done: list[str] = []
    for part in path.split("."):
        done.append(part)
        value = _step(value, part, ".".join(done))
    return value


def _step(value: Any, part: str, done: str) -> Any:
    """One step down a path."""
    if isinstance(value, Mapping):
        if part in value:
            return value[part]
    elif isinstance(value, tuple):
        if (index := item_at(value, part)) is not None:
            return value[index]
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        if part in fields_of(type(value)) and getattr(value, part) is not None:
            return getattr(value, part)
        if takes_terms(type(value)) and part in value.terms:  # type: ignore[attr-defined]
            return value.terms[part]  # type: ignore[attr-defined]
    raise KeyError(done)


def item_at(value: tuple[Any, ...], part: str) -> int | None:
    """The place in a list that a part of a path names, from 0; None where there is none."""
    return (
        int(part) if part.isascii() and part.isdigit() and len(part) < 6 and int(part) < len(value) else None
    )
