"""Files that have been read before: their nodes kept in the user's cache folder, for reading long YAML takes a second."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from accord.disk import recalled, remember
from accord.files.node import Node, Scalar

# Smaller files are read anew; those that aliases blow up are not kept.
_LEAST_BYTES = 16 * 1024
_MOST_NODES = 50_000
_KIND = "read"


def known(data: bytes, scalar_of: Callable[[str], Scalar]) -> Node | None:
    """The root of a file of these very bytes that was read before without any problem; None when there is none.

    Parameters
    ----------
    data : bytes
    scalar_of : callable
        What a scalar without quotes means.
    """
    if len(data) < _LEAST_BYTES:
        return None
    held = recalled(_KIND, _key(data))
    try:
        return None if held is None else _node(json.loads(held), scalar_of)
    except (ValueError, TypeError, RecursionError):
        return None


def learn(data: bytes, root: Node) -> None:
    """Keep what a file without any problem holds."""
    if len(data) >= _LEAST_BYTES and root.size <= _MOST_NODES:
        plain = json.dumps(_plain(root), separators=(",", ":"))
        remember(_KIND, _key(data), plain.encode())


def _key(data: bytes) -> str:
    """Everything that the nodes depend on."""
    return f"{version('ruamel.yaml')} {_sources()} {hashlib.sha256(data).hexdigest()}"


@cache
def _sources() -> str:
    """Hash of what reads files, so that a change of it never meets what it read before."""
    here = Path(__file__)
    texts = [here.with_name(name).read_bytes() for name in ("again.py", "node.py", "text.py")]
    return hashlib.sha256(b"|".join(texts)).hexdigest()


def _plain(node: Node) -> list[Any]:
    """A node as plain data: a block or a list with its size and height, a scalar as it was written."""
    if node.is_mapping:
        inner: Any = {key: _plain(value) for key, value in node.value.items()}
    elif node.is_list:
        inner = [_plain(value) for value in node.value]
    else:
        return [node.line, node.written, int(node.quoted)]
    return [node.line, inner, node.size, node.height]


def _node(plain: list[Any], scalar_of: Callable[[str], Scalar]) -> Node:
    """A node from plain data."""
    if len(plain) == 3:
        line, text, quoted = plain
        return Node(text if quoted else scalar_of(text), line, quoted=bool(quoted), written=text)
    line, inner, size, height = plain
    if isinstance(inner, dict):
        value: Any = {key: _node(below, scalar_of) for key, below in inner.items()}
    else:
        value = [_node(below, scalar_of) for below in inner]
    return Node(value, line, size=size, height=height)
