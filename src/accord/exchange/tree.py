"""Values by path, from whatever cell, put together into the nodes that the reader of situations takes."""

from __future__ import annotations

from dataclasses import dataclass, field

from accord.exchange.paths import Target
from accord.files.node import Node
from accord.problems import Problem

Parts = tuple[str, ...]
MAIN = "\0"  # the key under which the main cell of a number waits until its other cells are known


@dataclass(slots=True)
class Tree:
    """Collects values; every value may be stated once, wherever it stands.

    Parameters
    ----------
    values : dict
        Nodes by path; the main cell of a number under the extra part ``MAIN``.
    entries : dict
        Place of each entry that a row declares, with or without values.
    problems : list of Problem
        What is stated twice.
    """

    values: dict[Parts, Node] = field(default_factory=dict)
    entries: dict[Parts, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def enter(self, parts: Parts, place: str) -> None:
        """Declare that there is an entry at a path."""
        self.entries.setdefault(parts, place)

    def put(self, base: Parts, target: Target, node: Node) -> None:
        """State the value of a target below a path."""
        parts = (*base, *target.parts, MAIN) if target.kind in ("estimate", "any") else (*base, *target.parts)
        self._state(parts, node)

    def _state(self, parts: Parts, node: Node) -> None:
        """Keep a value, unless the same one is there already."""
        first = self.values.setdefault(parts, node)
        if first is not node:
            self.twice(parts, node, first)

    def twice(self, parts: Parts, node: Node, first: Node) -> None:
        """Tell that a value is stated in two places."""
        path = ".".join(part for part in parts if part != MAIN)
        says = f"stated here and in {first.place}"
        self.problems.append(
            Problem("twice", says, path, "each value once", "keep one of the two", place=node.place)
        )

    def root(self) -> Node:
        """Everything as nodes; what clashes is told in ``problems``."""
        root = Node({})
        for parts, place in self.entries.items():
            self._block(root, parts, place)
        for parts, node in self.values.items():
            if parts[-1] != MAIN:
                self._set(root, parts, node)
        for parts, node in self.values.items():
            if parts[-1] == MAIN:
                self._set_main(root, parts[:-1], node)
        return root

    def _block(self, root: Node, parts: Parts, place: str) -> Node | None:
        """The block at a path, begun where it is not there yet; None where a single value stands in its way."""
        block = root
        for part in parts:
            block = block.value.setdefault(part, Node({}, place=place))
            if not block.is_mapping:
                return None
        return block

    def _set(self, root: Node, parts: Parts, node: Node) -> None:
        """Put a value into its block."""
        block = self._block(root, parts[:-1], node.place)
        if block is None or parts[-1] in block.value:
            self.twice(parts, node, self._first(root, parts))
        else:
            block.value[parts[-1]] = node

    def _set_main(self, root: Node, parts: Parts, node: Node) -> None:
        """Put the main cell of a number into place: alone, or as one key of the number's block."""
        block = self._block(root, parts[:-1], node.place)
        if block is None:
            self.twice(parts, node, self._first(root, parts))
            return
        there = block.value.get(parts[-1])
        if there is None:
            block.value[parts[-1]] = node
            return
        if not there.is_mapping:
            self.twice(parts, node, there)
            return
        if there.place.rpartition("!")[0] == node.place.rpartition("!")[0]:
            there.place = node.place
        keys = node.value if node.is_mapping else {"word" if isinstance(node.value, str) else "best": node}
        for key, inner in keys.items():
            if key in there.value:
                self.twice((*parts, key), inner, there.value[key])
            else:
                there.value[key] = inner

    def _first(self, root: Node, parts: Parts) -> Node:
        """The value that stands at a path or in its way."""
        node = root
        for part in parts:
            if not node.is_mapping or part not in node.value:
                break
            node = node.value[part]
        return node
