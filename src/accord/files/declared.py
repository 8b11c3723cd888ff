"""What a text declares, looked up before it is read: names that others may refer to, and scales."""

from __future__ import annotations

from accord.files.hints import name_meant
from accord.files.node import Node


def names_in(root: Node) -> dict[str, set[str]]:
    """Names that references may point at, by block, as far as the text has them.

    A name that is written as none may be counts as what it is meant to be, too: it is told once, not at every use.
    """
    blocks = {block: _keys(root, block) for block in ("actors", "issues", "sources", "resources", "options")}
    blocks["threats"] = _keys(root, "partnership", "threats")
    blocks["patrons"] = _keys(root, "partnership", "patrons")
    for actor in blocks["actors"]:
        blocks[f"factions of {actor}"] = _keys(root, "actors", actor, "factions")
    return {block: names | {name_meant(name) for name in names} - {""} for block, names in blocks.items()}


def _keys(node: Node, *path: str) -> set[str]:
    """Keys of the block at a path; empty when it is not there."""
    for part in path:
        if not node.is_mapping or part not in node.value:
            return set()
        node = node.value[part]
    return set(node.value) if node.is_mapping else set()


def scales_in(root: Node) -> dict[str, tuple[float, float]]:
    """Ends of the issues' scales, where they are two numbers in order."""
    found: dict[str, tuple[float, float]] = {}
    for name in _keys(root, "issues"):
        ends = [_number_at(root, "issues", name, "scale", end) for end in ("low", "high")]
        low, high = ends
        if low is not None and high is not None and low < high:
            found[name] = (low, high)
    return found


def _number_at(node: Node, *path: str) -> float | None:
    """The number at a path, if there is one that can be reckoned with."""
    for part in path:
        if not node.is_mapping or part not in node.value:
            return None
        node = node.value[part]
    value = node.value
    usable = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300
    return float(value) if usable else None
