"""From nodes to the frozen records of ``accord.situation``, collecting every problem on the way.

One walk over the declarations does it all: a key is known when a dataclass field or a lens' term declares it, its type
says how it is read, its marks say what it may be.
"""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Mapping
from typing import Any

from accord.files.node import Node, to_plain
from accord.files.numbers import EVIDENCE_KEYS, read_estimate, words_in_force
from accord.problems import Problem, did_you_mean, listed
from accord.situation import (
    SYNONYMS,
    Change,
    Citation,
    Day,
    Ask,
    Estimate,
    FreeNames,
    Frozen,
    Range,
    Ref,
    Situation,
    Vocabulary,
    Word,
    fields_of,
    mark,
    shape_of,
    takes_terms,
)
from accord.situation.walk import Shape

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
BAD: Any = object()


class Builder:
    """Reads nodes by their declared shape.

    Parameters
    ----------
    vocabulary : Vocabulary
        Keys that lenses add.
    names : mapping of str to set of str
        Names that references may point at, by block.
    words : mapping
        Estimative words in force.
    scales : mapping
        Ends of each issue's scale, so that a word can stand for a position.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        names: Mapping[str, set[str]],
        words: Mapping[str, Word],
        scales: Mapping[str, tuple[float, float]] | None = None,
    ) -> None:
        self.vocabulary = vocabulary
        self.scales = scales or {}
        self.names = names
        self.words = words
        self.problems: list[Problem] = []

    def tell(self, kind: str, says: str, path: str, expected: str = "", try_instead: str = "", node: Node | None = None) -> Any:
        """Add a problem and return the mark for an unusable value."""
        line, place = (node.line, node.place) if node is not None else (None, "")
        self.problems.append(Problem(kind, says, path, expected, try_instead, line=line, place=place))
        return BAD

    def value(self, shape: Shape, node: Node, path: str) -> Any:
        """The value of a node by its declared shape; ``BAD`` when unusable."""
        kind = shape.type
        if node.value is None and not node.is_mapping and kind is not Any:
            return self.tell("empty-value", "nothing stands here", path, self.expected(shape), "delete the key or give a value", node)
        if kind is Any:
            return to_plain(node, frozen=True)
        if kind is Estimate:
            return self.estimate(node, path, mark(shape.marks, Range))
        if kind is Day:
            return self.day(node, path)
        if kind is typing.Literal:
            return self.choice(shape, node, path)
        if kind is tuple:
            return self.tuple(shape, node, path)
        if isinstance(kind, type) and issubclass(kind, Mapping):
            return self.mapping(shape, node, path)
        if dataclasses.is_dataclass(kind):
            return self.record(typing.cast(type[Any], kind), node, path)
        return self.scalar(shape, node, path)

    # -- scalars ------------------------------------------------------------------------------------------------------

    def scalar(self, shape: Shape, node: Node, path: str) -> Any:
        """Text, a truth value, an integer or a plain number."""
        found, kind, expected = node.value, shape.type, self.expected(shape)
        if kind is str:
            if isinstance(found, bool | int | float) and mark(shape.marks, Ref) is None:
                found = str(found).lower() if isinstance(found, bool) else str(found)
            if not isinstance(found, str) or not found.strip():
                return self.tell("not-text", f"found {node.described()}", path, expected, node=node)
            return self.reference(shape, found.strip(), node, path)
        if kind is bool:
            return found if isinstance(found, bool) else self.tell("not-true-or-false", f"found {node.described()}", path, "true or false", node=node)
        number = isinstance(found, int | float) and not isinstance(found, bool)
        if not number or (kind is int and float(found) != int(found) if number and abs(float(found)) < 1e15 else number and kind is int):
            return self.tell("not-a-number", f"found {node.described()}", path, expected, node=node)
        limits = mark(shape.marks, Range)
        if not abs(float(found)) < float("inf") or (limits is not None and float(found) not in limits):
            return self.tell("out-of-range", f"{node.value} is outside what makes sense here", path, expected, node=node)
        return kind(found)

    def reference(self, shape: Shape, found: str, node: Node, path: str) -> Any:
        """Text that may point at an entry of another block."""
        ref = mark(shape.marks, Ref)
        if ref is None or ref.block not in self.names or found in self.names[ref.block]:
            return found
        known = self.names[ref.block]
        hint = did_you_mean(found, known) or (f"one of {listed(sorted(known))}" if known else f"declare it under '{ref.block}'")
        return self.tell("unknown-reference", f"'{found}' is not declared", path, f"a name under '{ref.block}'", hint, node)

    def choice(self, shape: Shape, node: Node, path: str) -> Any:
        """One of a few fixed words."""
        found = node.value
        if found in shape.args and not isinstance(found, bool):
            return found
        words = [str(word) for word in shape.args]
        hint = did_you_mean(str(found), words) if not (node.is_mapping or node.is_list) else ""
        return self.tell("not-a-choice", f"found {node.described()}", path, f"one of {listed(words)}", hint, node)

    def day(self, node: Node, path: str) -> Any:
        """A date known to the year, month or day."""
        try:
            return Day.parse(str(node.value)) if not (node.is_mapping or node.is_list) else BAD
        except ValueError:
            pass
        return self.tell("not-a-date", f"{node.described()} is not a date", path, "a date such as 2015-12-15, 2015-12 or 2015", node=node)

    # -- containers ---------------------------------------------------------------------------------------------------

    def tuple(self, shape: Shape, node: Node, path: str) -> Any:
        """A list; a single item may stand without brackets."""
        inner = shape_of(shape.args[0])
        if inner.type is str and mark(inner.marks, Ref) is None:
            inner = dataclasses.replace(inner, marks=inner.marks + shape.marks)
        items = node.value if node.is_list else [node]
        paths = [f"{path}.{index}" for index in range(len(items))] if node.is_list else [path]
        built = [self.value(inner, item, where) for item, where in zip(items, paths, strict=True)]
        return tuple(item for item in built if item is not BAD)

    def mapping(self, shape: Shape, node: Node, path: str) -> Any:
        """A block of named entries."""
        if not node.is_mapping:
            return self.tell("not-a-block", f"found {node.described()}", path, "a block of named entries", node=node)
        inner, ref = shape_of(shape.args[1]), mark(shape.marks, Ref)
        free = mark(shape.marks, FreeNames) is not None
        built: dict[str, Any] = {}
        for name, item in node.value.items():
            where = f"{path}.{name}"
            if not (free or self.entry_name(ref, name, item, where)):
                continue
            value = self.value(inner, item, where)
            if value is not BAD:
                built[name] = value
        return Frozen(built)

    def entry_name(self, ref: Ref | None, name: str, node: Node, path: str) -> bool:
        """Whether the name of an entry can stand."""
        if ref is not None:
            block = f"factions of {path.split('.')[2]}" if ref.block == "factions" else ref.block
            known = self.names.get(block)
            if known is None or name in known:
                return True
            hint = did_you_mean(name, known) or (f"one of {listed(sorted(known))}" if known else "declare it first")
            self.tell("unknown-reference", f"'{name}' is not declared", path, f"a name under '{ref.block}'", hint, node)
            return False
        if not _NAME.match(name):
            fixed = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
            hint = f"'{fixed}', and the rest as 'label'" if _NAME.match(fixed) else "a short name such as 'russia'"
            self.tell("bad-name", f"'{name}' cannot be a name", path, "lower-case letters, digits and '_', beginning with a letter", hint, node)
            return False
        return True

    # -- records ------------------------------------------------------------------------------------------------------

    def record(self, cls: type[Any], node: Node, path: str) -> Any:
        """A block with declared keys."""
        node = _shorthand(cls, node)
        if not node.is_mapping:
            return self.tell("not-a-block", f"found {node.described()}", path, f"a block with {listed(fields_of(cls))}", node=node)
        shapes = fields_of(cls)
        terms = self.vocabulary.within(pattern_of(path)) if takes_terms(cls) else {}
        self.unknown_keys(node, path, [*shapes, *terms])
        built = {key: self.value(shape, node.value[key], _join(path, key)) for key, shape in shapes.items() if key in node.value}
        extra = {key: self.estimate(node.value[key], _join(path, key), term.range) for key, term in terms.items() if key in node.value}
        good = {key: value for key, value in built.items() if value is not BAD}
        if takes_terms(cls):
            good["terms"] = Frozen({key: value for key, value in extra.items() if value is not BAD})
        missing = [f.name for f in dataclasses.fields(cls) if _required(f) and f.name not in good]
        for key in missing:
            if key not in built:
                self.tell("missing-key", f"'{key}' is missing", path, self.expected(shapes[key]), _ask(shapes[key]), node)
        return BAD if missing and cls is not Situation else (good if cls is Situation else cls(**good))

    def unknown_keys(self, node: Node, path: str, known: list[str]) -> None:
        """Tell keys that nobody declared."""
        for key, inner in node.value.items():
            if key not in known:
                hint = did_you_mean(key, known) or _elsewhere(key, self.vocabulary)
                self.tell("unknown-key", f"unknown key '{key}'", _join(path, key), listed(known, 14), hint, inner)

    def estimate(self, node: Node, path: str, limits: Range | None) -> Any:
        """A number with its evidence."""
        number, problems = read_estimate(node, path, self.limits(path, limits), self.words)
        self.problems += problems
        if not node.is_mapping:
            return BAD if number is None else number
        keys = {key: inner for key, inner in node.value.items() if key in EVIDENCE_KEYS}
        evidence = self.evidence(keys, path)
        return BAD if number is None else dataclasses.replace(number, **evidence)

    def limits(self, path: str, limits: Range | None) -> Range | None:
        """The declared range; for positions the words divide the issue's scale (the scale itself is checked by a rule)."""
        parts = path.split(".")
        if parts[0] == "stances" and parts[-1] == "position" and parts[1] in self.scales:
            return Range(unit="position", prior=self.scales[parts[1]])
        return limits

    def evidence(self, keys: Mapping[str, Node], path: str) -> dict[str, Any]:
        """Sources, confidence, reasoning and note of a number."""
        shapes = fields_of(Estimate)
        found: dict[str, Any] = {}
        for key, inner in keys.items():
            field = "citations" if key == "source" else key
            value = self.value(shapes[field], inner, f"{path}.{key}")
            if value is not BAD:
                found[field] = value
        if "assumed" in keys and "source" in keys:
            self.tell("contradictory", "the number has a source and is called assumed", path, "one or the other", "move the reasoning to 'note'", keys["assumed"])
        return found

    def expected(self, shape: Shape) -> str:
        """What belongs at a place, in words."""
        limits, kind = mark(shape.marks, Range), shape.type
        if kind is Estimate:
            return limits.words() if limits else "a number"
        if kind is typing.Literal:
            return f"one of {listed(shape.args)}"
        if kind in (int, float):
            return (limits.words() if limits else "a number").replace("a number", "a whole number" if kind is int else "a number")
        if isinstance(kind, type) and issubclass(kind, Mapping):
            return "a block of named entries"
        if dataclasses.is_dataclass(kind):
            return f"a block with {listed(fields_of(typing.cast(type[Any], kind)))}"
        ref = mark(shape.marks, Ref)
        plain = {str: "text", Day: "a date such as 2015-12-15", bool: "true or false", tuple: "a list"}.get(kind, "a value")
        return f"a name under '{ref.block}'" if ref else plain


def _required(field: dataclasses.Field[Any]) -> bool:
    """Whether a dataclass field has no default."""
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _ask(shape: Shape) -> str:
    """The question a missing key answers."""
    ask = mark(shape.marks, Ask)
    return f"answer: {ask.question}" if ask else ""


def _elsewhere(key: str, vocabulary: Vocabulary) -> str:
    """Where a key of that name does belong, if a lens declares it in another block."""
    places = sorted(term.parent for term in vocabulary.terms if term.name == key)
    return f"it belongs under '{places[0]}'" if places else ""


def _shorthand(cls: type[Any], node: Node) -> Node:
    """Expand the short forms: ``essay P4`` for a citation, a bare value for a change."""
    if cls is Citation and isinstance(node.value, str):
        source, _, locator = node.value.strip().partition(" ")
        keys = {"of": Node(source, node.line, node.place)}
        if locator.strip():
            keys["locator"] = Node(locator.strip(), node.line, node.place)
        return Node(keys, node.line, node.place)
    if cls is Change and not (node.is_mapping and set(node.value) & set(fields_of(Change))):
        return Node({"to": node}, node.line, node.place)
    return node


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
    if dataclasses.is_dataclass(shape.type):
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


def names_in(root: Node) -> dict[str, set[str]]:
    """Names that references may point at, by block, as far as the text has them."""
    blocks = {block: _keys(root, block) for block in ("actors", "issues", "sources", "resources", "options")}
    blocks["threats"] = _keys(root, "partnership", "threats")
    blocks["patrons"] = _keys(root, "partnership", "patrons")
    for actor in blocks["actors"]:
        blocks[f"factions of {actor}"] = _keys(root, "actors", actor, "factions")
    return blocks


def _keys(node: Node, *path: str) -> set[str]:
    """Keys of the block at a path; empty when it is not there."""
    for part in path:
        if not node.is_mapping or part not in node.value:
            return set()
        node = node.value[part]
    return {name for name in node.value if _NAME.match(name)} if node.is_mapping else set()


def scales_in(root: Node) -> dict[str, tuple[float, float]]:
    """Ends of the issues' scales, where they are two numbers in order."""
    found: dict[str, tuple[float, float]] = {}
    issues = root.value.get("issues") if root.is_mapping else None
    for name, issue in issues.value.items() if issues is not None and issues.is_mapping else ():
        scale = issue.value.get("scale") if issue.is_mapping else None
        ends = [scale.value[end].value if end in scale.value else None for end in ("low", "high")] if scale is not None and scale.is_mapping else []
        if len(ends) == 2 and all(isinstance(end, int | float) and abs(end) < 1e300 for end in ends) and ends[0] < ends[1]:
            found[name] = (float(ends[0]), float(ends[1]))
    return found


def read_words(root: Node) -> tuple[dict[str, Word], list[Problem]]:
    """The estimative words in force, and what is wrong with the file's own."""
    if not root.is_mapping or "words" not in root.value:
        return words_in_force({}), []
    builder = Builder(Vocabulary(), {}, {})
    own = builder.value(fields_of(Situation)["words"], root.value["words"], "words")
    own = Frozen() if own is BAD else own
    for name, word in own.items():
        if not word.low <= word.best <= word.high:
            builder.tell("contradictory", "low, best and high are not in order", f"words.{name}", "low <= best <= high", node=root.value["words"].value[name])
        if name in SYNONYMS:
            builder.tell("contradictory", f"'{name}' is a second name of '{SYNONYMS[name]}'", f"words.{name}", f"'{SYNONYMS[name]}'", node=root.value["words"].value[name])
    return words_in_force(own), builder.problems


def _join(path: str, key: str) -> str:
    """A dotted path with one more part."""
    return f"{path}.{key}" if path else key
