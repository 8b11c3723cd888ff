"""From nodes to the frozen records of ``accord.situation``, collecting every problem on the way.

One walk over the declarations does it all: a key is known when a dataclass field or a lens' term declares it, its type
says how it is read, its marks say what it may be.
"""

from __future__ import annotations

import dataclasses
import math
import typing
from collections.abc import Mapping
from typing import Any

from accord.files.hints import (
    NAME,
    ask_for,
    block_hint,
    block_name,
    choice_hint,
    comma_hint,
    day_hint,
    empty_hint,
    name_hint,
    number_hint,
    record_hint,
    reference_hint,
    required,
    truth_hint,
)
from accord.files.node import Node, shortened, to_plain
from accord.files.numbers import EVIDENCE_KEYS, read_estimate, words_in_force
from accord.files.places import elsewhere, join, pattern_of
from accord.problems import Problem, did_you_mean, listed
from accord.situation import (
    SYNONYMS,
    Change,
    Citation,
    Day,
    Estimate,
    FreeNames,
    Frozen,
    Range,
    Ref,
    Situation,
    Statement,
    Vocabulary,
    Word,
    fields_of,
    mark,
    shape_of,
    takes_terms,
)
from accord.situation.walk import Shape

BAD: Any = object()
# What belongs where a block has a short form.
_SHORT_FORMS: dict[Any, str] = {
    Change: "a new value, or a block with to, times or plus",
    Citation: "a source such as 'gazette p. 3'",
    Statement: "a statement such as 'stay if not deal', or a block with says and sure",
}


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

    Attributes
    ----------
    problems : list of Problem
    skipped : set of str
        Paths of values that a problem had been told of before, so that they were left out without another one.
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
        self.skipped: set[str] = set()

    def tell(
        self,
        kind: str,
        says: str,
        path: str,
        expected: str = "",
        try_instead: str = "",
        node: Node | None = None,
    ) -> Any:
        """Add a problem and return the mark for an unusable value."""
        line, place = (node.line, node.place) if node is not None else (None, "")
        self.problems.append(Problem(kind, says, path, expected, try_instead, line=line, place=place))
        return BAD

    def value(self, shape: Shape, node: Node, path: str) -> Any:
        """The value of a node by its declared shape; ``BAD`` when unusable."""
        kind = shape.type
        if node.broken:
            return self.skip(path)
        if node.value is None and kind is not Any:
            return self.tell(
                "empty-value", "nothing stands here", path, self.expected(shape), empty_hint(shape), node
            )
        if kind is Any:
            return self.anything(node, path)
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

    def skip(self, path: str) -> Any:
        """Leave out a value whose problem is known."""
        self.skipped.add(path)
        return BAD

    def anything(self, node: Node, path: str) -> Any:
        """Plain data of any form (the new value of a change); its numbers are finite."""
        stack = [node]
        while stack:
            one = stack.pop()
            if one.broken:
                return self.skip(path)
            if isinstance(one.value, float) and not math.isfinite(one.value):
                return self.tell(
                    "not-finite", f"{one.described()} is not a finite number", path, "a value", node=one
                )
            stack.extend(one.value.values() if one.is_mapping else one.value if one.is_list else ())
        return to_plain(node, frozen=True)

    # -- scalars ------------------------------------------------------------------------------------------------------

    def scalar(self, shape: Shape, node: Node, path: str) -> Any:
        """Text, a truth value, an integer or a plain number."""
        if shape.type is bool:
            found = node.value
            return (
                found
                if isinstance(found, bool)
                else self.tell(
                    "not-true-or-false",
                    f"found {node.described()}",
                    path,
                    "true or false",
                    truth_hint(node),
                    node,
                )
            )
        return self.text(shape, node, path) if shape.type is str else self.number(shape, node, path)

    def text(self, shape: Shape, node: Node, path: str) -> Any:
        """Text; a number or a truth value is text as it is written, unless a name is wanted."""
        bare = isinstance(node.value, bool | int | float) and mark(shape.marks, Ref) is None
        found = node.as_text().strip() if bare or isinstance(node.value, str) else ""
        if not found:
            return self.tell("not-text", f"found {node.described()}", path, self.expected(shape), node=node)
        return self.reference(shape, found, node, path)

    def number(self, shape: Shape, node: Node, path: str) -> Any:
        """A plain number, whole where the declaration says so."""
        found, expected, limits = node.value, self.expected(shape), mark(shape.marks, Range)
        if isinstance(found, bool) or not isinstance(found, int | float):
            return self.tell(
                "not-a-number", f"found {node.described()}", path, expected, number_hint(node, limits), node
            )
        if not math.isfinite(found):
            return self.tell(
                "not-finite", f"{node.described()} is not a finite number", path, expected, node=node
            )
        if shape.type is int and (abs(found) >= 1e15 or float(found) != int(found)):
            return self.tell("not-a-number", f"found {node.described()}", path, expected, node=node)
        if limits is not None and float(found) not in limits:
            return self.tell(
                "out-of-range", f"{node.as_text()} lies outside the range", path, expected, node=node
            )
        return shape.type(found)

    def reference(self, shape: Shape, found: str, node: Node, path: str) -> Any:
        """Text that may point at an entry of another block."""
        ref = mark(shape.marks, Ref)
        if ref is None or ref.block not in self.names or found in self.names[ref.block]:
            return found
        hint = reference_hint(found, self.names[ref.block], ref.block)
        return self.tell(
            "unknown-reference",
            f"'{shortened(found)}' is not declared",
            path,
            f"a name under '{block_name(ref.block)}'",
            hint,
            node,
        )

    def choice(self, shape: Shape, node: Node, path: str) -> Any:
        """One of a few fixed words."""
        found = node.value
        if isinstance(found, str) and found in shape.args:
            return found
        words = [str(word) for word in shape.args]
        hint = choice_hint(node, words)
        return self.tell(
            "not-a-choice", f"found {node.described()}", path, f"one of {listed(words)}", hint, node
        )

    def day(self, node: Node, path: str) -> Any:
        """A date known to the year, month or day."""
        try:
            return Day.parse(node.as_text())
        except ValueError:
            expected = "a date such as 2015-12-15, 2015-12 or 2015"
        return self.tell(
            "not-a-date", f"{node.described()} is not a date", path, expected, day_hint(node.as_text()), node
        )

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
            return self.tell(
                "not-a-block",
                f"found {node.described()}",
                path,
                "a block of named entries",
                block_hint(node),
                node,
            )
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
            hint = reference_hint(name, known, block)
            self.tell(
                "unknown-reference",
                f"'{name}' is not declared",
                path,
                f"a name under '{block_name(block)}'",
                hint,
                node,
            )
            return False
        if not NAME.match(name):
            wanted = "lower-case letters, digits and '_', beginning with a letter"
            self.tell("bad-name", f"'{name}' cannot be a name", path, wanted, name_hint(name), node)
            return False
        return True

    # -- records ------------------------------------------------------------------------------------------------------

    def record(self, cls: type[Any], node: Node, path: str) -> Any:
        """A block with declared keys."""
        node = _shorthand(cls, node)
        if not node.is_mapping:
            wanted = f"a block with {listed(fields_of(cls))}"
            return self.tell(
                "not-a-block", f"found {node.described()}", path, wanted, record_hint(cls, node), node
            )
        shapes = fields_of(cls)
        terms = self.vocabulary.within(pattern_of(path)) if takes_terms(cls) else {}
        meant = self.unknown_keys(node, path, [*shapes, *terms])
        built = {
            key: self.value(shape, node.value[key], join(path, key))
            for key, shape in shapes.items()
            if key in node.value
        }
        extra = {
            key: self.estimate(node.value[key], join(path, key), term.range)
            for key, term in terms.items()
            if key in node.value
        }
        good = {key: value for key, value in built.items() if value is not BAD}
        if takes_terms(cls):
            good["terms"] = Frozen({key: value for key, value in extra.items() if value is not BAD})
        missing = [f.name for f in dataclasses.fields(cls) if required(f) and f.name not in good]
        for key in missing:
            self.skip(join(path, key))
            if key not in built and key not in meant:
                self.tell(
                    "missing-key",
                    f"'{key}' is missing",
                    path,
                    self.expected(shapes[key]),
                    ask_for(key, shapes[key]),
                    node,
                )
        if cls is Situation:
            return good
        good.update({key: stand_in for key in missing if (stand_in := _stand_in(shapes[key])) is not BAD})
        return BAD if any(key not in good for key in missing) else cls(**good)

    def unknown_keys(self, node: Node, path: str, known: list[str]) -> set[str]:
        """Tell keys that nobody declared; returns the declared ones that they seem to be meant for."""
        meant = set()
        for key, inner in node.value.items():
            if key not in known:
                slip = did_you_mean(key, known)
                place = elsewhere(key, self.vocabulary)
                meant |= set() if place else set(slip.split("'")[1:2])
                hint = place or slip or comma_hint(inner)
                self.tell(
                    "unknown-key",
                    f"unknown key '{key}'",
                    join(path, key),
                    f"one of {listed(known, 14)}",
                    hint,
                    inner,
                )
        return meant

    def estimate(self, node: Node, path: str, limits: Range | None) -> Any:
        """A number with its evidence."""
        if node.broken:
            return self.skip(path)
        if node.value is None:
            expected = limits.words() if limits else "a number"
            return self.tell(
                "empty-value", "nothing stands here", path, expected, "give a value or delete the key", node
            )
        number, problems = read_estimate(node, path, self.limits(path, limits), self.words)
        self.problems += problems
        if not node.is_mapping:
            return BAD if number is None else number
        keys = {key: inner for key, inner in node.value.items() if key in EVIDENCE_KEYS}
        evidence = self.evidence(keys, path)
        return BAD if number is None else dataclasses.replace(number, **evidence)

    def limits(self, path: str, limits: Range | None) -> Range | None:
        """The declared range; for positions the words divide the scale (a rule checks that they lie on it)."""
        parts = path.split(".")
        if parts[0] == "stances" and parts[-1] == "position" and parts[1] in self.scales:
            low, high = self.scales[parts[1]]
            return Range(unit=f"position on the scale from {low:g} to {high:g}", prior=(low, high))
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
            self.tell(
                "contradictory",
                "the number has a source and is called assumed",
                path,
                "one or the other",
                "move the reasoning to 'note'",
                keys["assumed"],
            )
        return found

    def expected(self, shape: Shape) -> str:
        """What belongs at a place, in words."""
        limits, kind = mark(shape.marks, Range), shape.type
        if kind is Estimate:
            return limits.words() if limits else "a number"
        if kind is typing.Literal:
            return f"one of {listed(shape.args)}"
        if kind in (int, float):
            return (limits.words() if limits else "a number").replace(
                "a number", "a whole number" if kind is int else "a number"
            )
        if isinstance(kind, type) and issubclass(kind, Mapping):
            return "a block of named entries"
        if kind in _SHORT_FORMS:
            return _SHORT_FORMS[kind]
        if dataclasses.is_dataclass(kind) and kind is not Day:
            return f"a block with {listed(fields_of(typing.cast(type[Any], kind)))}"
        ref = mark(shape.marks, Ref)
        plain = {str: "text", Day: "a date such as 2015-12-15", bool: "true or false", tuple: "a list"}.get(
            kind, "a value"
        )
        return f"a name under '{ref.block}'" if ref else plain


def _stand_in(shape: Shape) -> Any:
    """Something to go on with in place of an unusable text, word or block, so that the rest is checked too."""
    if shape.type is str and mark(shape.marks, Ref) is None:
        return "?"
    if shape.type is typing.Literal:
        return shape.args[0]
    is_mapping = isinstance(shape.type, type) and issubclass(shape.type, Mapping)
    return Frozen() if is_mapping else BAD


def _shorthand(cls: type[Any], node: Node) -> Node:
    """Expand the short forms: ``essay P4`` for a citation, a bare value for a change, a bare text for a statement."""
    if cls is Citation and isinstance(node.value, str):
        source, _, locator = node.value.strip().partition(" ")
        keys = {"of": Node(source, node.line, node.place)}
        if locator.strip():
            keys["locator"] = Node(locator.strip(), node.line, node.place)
        return Node(keys, node.line, node.place)
    if cls is Statement and isinstance(node.value, str):
        return Node({"says": node}, node.line, node.place)
    if cls is Change and not (node.is_mapping and _is_change(set(node.value))):
        return Node({"to": node}, node.line, node.place)
    return node


def _is_change(keys: set[str]) -> bool:
    """Whether the keys of a block say how to change something, rather than being the new value itself."""
    evidence = {"assumed", "source"}
    return bool(keys & (set(fields_of(Change)) - evidence)) or (bool(keys) and keys <= evidence)


def read_words(root: Node) -> tuple[dict[str, Word], list[Problem]]:
    """The estimative words in force, and what is wrong with the file's own."""
    if not root.is_mapping or "words" not in root.value:
        return words_in_force({}), []
    builder = Builder(Vocabulary(), {}, {})
    own = builder.value(fields_of(Situation)["words"], root.value["words"], "words")
    own = Frozen() if own is BAD else own
    for name, word in own.items():
        if not word.low <= word.best <= word.high:
            builder.tell(
                "contradictory",
                "low, best and high are not in order",
                f"words.{name}",
                "low <= best <= high",
                node=root.value["words"].value[name],
            )
        if name in SYNONYMS:
            builder.tell(
                "contradictory",
                f"'{name}' is a second name of '{SYNONYMS[name]}'",
                f"words.{name}",
                f"'{SYNONYMS[name]}'",
                node=root.value["words"].value[name],
            )
    return words_in_force(own), builder.problems
