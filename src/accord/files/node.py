"""A written value with its place: what the text says, before anybody knows what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accord.situation import Frozen

Scalar = str | float | int | bool | None


@dataclass(slots=True)
class Node:
    """A scalar, a list or a mapping as it was written.

    Parameters
    ----------
    value : scalar, list of Node or dict of Node
    line : int or None
        Line of the key (or of the value where there is no key), from 1.
    place : str
        Sheet and cell, for workbooks.
    quoted : bool
        Whether a scalar stood in quotes (then it is text, whatever it looks like).
    size, height : int
        Values in it, itself included, and levels below it, with aliases written out.
    written : str or None
        A scalar exactly as it was written (``1.10``), where there is a text.
    broken : bool
        Whether a problem with it has been told already, so that nothing more is said about it.
    """

    value: Any
    line: int | None = None
    place: str = ""
    quoted: bool = False
    size: int = 1
    height: int = 0
    written: str | None = None
    broken: bool = False

    @property
    def is_mapping(self) -> bool:
        """Whether it holds keys."""
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        """Whether it holds items."""
        return isinstance(self.value, list)

    def described(self) -> str:
        """What was found, in a few words, for error messages."""
        if self.is_mapping:
            return "a block of keys"
        if self.is_list:
            return "a list"
        if self.value is None:
            return "nothing"
        return f"'{shortened(self.as_text())}'"

    def as_text(self) -> str:
        """A scalar as the file spells it; empty for a block or a list."""
        if self.is_mapping or self.is_list:
            return ""
        if self.written is not None:
            return self.written
        return str(self.value).lower() if isinstance(self.value, bool) else str(self.value)


def shortened(text: str, most: int = 40) -> str:
    """A text on one line, cut after so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 3]}..."


def from_plain(value: Any, line: int | None = None, place: str = "") -> Node:
    """Wrap plain Python data (dicts, lists, scalars) as nodes that share one place."""
    if isinstance(value, Mapping):
        return Node({str(k): from_plain(v, line, place) for k, v in value.items()}, line, place)
    if isinstance(value, list | tuple):
        return Node([from_plain(v, line, place) for v in value], line, place)
    return Node(value, line, place)


def to_plain(node: Node, frozen: bool = False) -> Any:
    """The plain data of a node; with *frozen*, immutable and hashable."""
    if node.is_mapping:
        items = {key: to_plain(inner, frozen) for key, inner in node.value.items()}
        return Frozen(items) if frozen else items
    if node.is_list:
        inner = [to_plain(item, frozen) for item in node.value]
        return tuple(inner) if frozen else inner
    return node.value


@dataclass(slots=True)
class Lines:
    """Where each path stands in a file, so that a later check can point at it."""

    file: str
    places: dict[str, tuple[int | None, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, file: str, root: Node) -> Lines:
        """Index every path below the root."""
        lines = cls(file)
        stack = [("", root)]
        while stack:
            path, node = stack.pop()
            lines.places[path] = (node.line, node.place)
            inner = node.value.items() if node.is_mapping else enumerate(node.value) if node.is_list else ()
            stack.extend((f"{path}.{key}" if path else str(key), child) for key, child in inner)
        return lines

    def find(self, path: str) -> tuple[int | None, str]:
        """Place of the path, or of the nearest block around it."""
        while path and path not in self.places:
            path = path.rpartition(".")[0]
        return self.places.get(path, (None, ""))
