"""Changing a few values in a YAML text and leaving every other character, comments included, as it was."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from accord.files.dump import is_number
from accord.files.emit import block, flow
from accord.files.node import to_plain
from accord.files.numbers import ESTIMATE_KEYS
from accord.files.text import events_of, parse

_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\r\n]*", re.MULTILINE)


def edited(text: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """The text with the values that differ between *old* and *new* changed, and nothing else.

    Parameters
    ----------
    text : str
        A text that reads as *old*.
    old, new : mapping
        Plain data of the situation before and after.
    """
    if same(old, new):
        return text
    root = _span(events_of(text))
    if any(span.anchor for span in _all(root)):
        text = _without_aliases(text, root)
        root = _span(events_of(text))
    editor = _Editor(text)
    editor.merge(root, old, new)
    return editor.result()


def same(one: Any, other: Any) -> bool:
    """Whether two pieces of plain data say the same."""
    return one is other or json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@dataclass(slots=True)
class _Span:
    """Where a value stands in the text; for blocks also where their keys stand."""

    start: int
    end: int
    column: int = 0
    kind: str = "scalar"
    in_line: bool = True
    anchor: str = ""
    keys: dict[str, tuple[_Span, _Span]] = field(default_factory=dict)
    items: list[_Span] = field(default_factory=list)

    def leaves(self) -> Iterator[_Span]:
        """Every piece of written text in it, keys included."""
        if self.kind == "scalar":
            yield self
        for pair in self.keys.values():
            yield pair[0]
            yield from pair[1].leaves()
        for item in self.items:
            yield from item.leaves()


def _span(events: Iterator[Any]) -> _Span:
    """The root of a text that is known to read well."""
    for event in events:
        if type(event).__name__ not in ("StreamStartEvent", "DocumentStartEvent"):
            return _value(event, events)
    raise AssertionError("a situation that was read has a root")


def _value(event: Any, events: Iterator[Any]) -> _Span:
    """The value that begins with this event."""
    kind = type(event).__name__
    span = _Span(
        event.start_mark.index, event.end_mark.index, event.start_mark.column, anchor=event.anchor or ""
    )
    if kind == "AliasEvent":
        span.kind = "alias"
    elif kind == "ScalarEvent":
        span.in_line = event.style not in ("|", ">")
    else:
        span.in_line = bool(event.flow_style)
        _fill(span, kind == "MappingStartEvent", events)
    return span


def _fill(span: _Span, mapping: bool, events: Iterator[Any]) -> None:
    """The entries of a block or list, and where it ends."""
    span.kind = "map" if mapping else "list"
    inner = span
    for event in events:
        if type(event).__name__ in ("MappingEndEvent", "SequenceEndEvent"):
            span.end = event.end_mark.index if span.in_line else inner.end
            return
        inner = _value(event, events)
        if mapping:
            key, inner = inner, _value(next(events), events)
            span.keys.setdefault(event.value, (key, inner))
        else:
            span.items.append(inner)


def _without_aliases(text: str, root: _Span) -> str:
    """The text with every ``*name`` written out and every ``&name`` taken away."""
    editor = _Editor(text)
    plain: dict[str, str] = {}
    for span in sorted((span for span in _all(root) if span.anchor), key=lambda span: span.start):
        if span.kind == "alias":
            editor.change(span.start, span.end, plain[span.anchor])
        else:
            plain[span.anchor] = _written_out(text, span, plain)
            found = re.compile(r"&\S+[ \t]*").match(text, span.start)
            editor.change(span.start, found.end() if found else span.start, "")
    return editor.result()


def _all(span: _Span) -> Iterator[_Span]:
    """A value and everything inside it."""
    yield span
    for _, inner in span.keys.values():
        yield from _all(inner)
    for item in span.items:
        yield from _all(item)


def _written_out(text: str, span: _Span, plain: Mapping[str, str]) -> str:
    """What an anchor marks, on one line."""
    inside = _Editor(" " * (span.start) + text[span.start : span.end])
    for one in _all(span):
        if one.kind == "alias":
            inside.change(one.start, one.end, plain[one.anchor])
    written = inside.result()[span.start :]
    root = parse(
        ("x: \n" + " " * (span.column + 1) + written if not span.in_line else f"x: {written}").encode("utf-8")
    )[0]
    assert root is not None
    return flow(to_plain(root.value["x"]))


class _Editor:
    """Collects changes to a text and makes them all at once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self.changes: list[tuple[int, int, str]] = []

    def change(self, start: int, end: int, new: str) -> None:
        """Put *new* in place of a piece of the text."""
        self.changes.append((start, end, new))

    def result(self) -> str:
        """The text with every change made."""
        text = self.text
        order = sorted(enumerate(self.changes), key=lambda one: (one[1][0], one[1][1], one[0]), reverse=True)
        for _, (start, end, new) in order:
            text = text[:start] + new + text[end:]
        return text

    def merge(self, span: _Span, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        """Change what differs in a block; a block in braces that gains or loses a key is written anew."""
        gone = [
            key
            for key in span.keys
            if key not in new and (key in old or (is_number(new) and key in ESTIMATE_KEYS))
        ]
        fresh = {key: value for key, value in new.items() if key not in span.keys}
        if span.in_line and (gone or fresh):
            self.rewrite(span, span, new)
            return
        for key, (name, value) in span.keys.items():
            if key in gone:
                self.remove(name, value)
            elif key in new and not (key in old and same(old[key], new[key])):
                self.replace(name, value, old.get(key), new[key])
        if fresh:
            self.append(span, fresh)

    def replace(self, name: _Span, value: _Span, old: Any, new: Any) -> None:
        """A new value for a key."""
        if _alike(value, old, new):
            for item, before, after in zip(value.items, old, new, strict=True):
                if not same(before, after):
                    self.replace(item, item, before, after)
            return
        if value.kind == "map":
            old, new = _unfolded(old, value), _unfolded(new, value)
            if isinstance(old, Mapping) and isinstance(new, Mapping) and new:
                self.merge(value, old, new)
                return
        self.rewrite(name, value, new)

    def rewrite(self, name: _Span, value: _Span, new: Any) -> None:
        """A value written anew on the line of its key; comments that stood inside go above it."""
        start = value.start
        if name is not value:
            start = self.text.index(":", name.end) + 1
        if value.in_line and not self.text[start : value.start].strip():
            start = value.start
        gap = "" if self.text[start - 1 : start] in ("", " ") or name is value else " "
        self.hoist(name, start, value)
        end = start + len(self.text[start : value.end].rstrip())
        self.change(start, end, gap + flow(new))

    def hoist(self, name: _Span, start: int, value: _Span) -> None:
        """Keep the comments of a piece of text that goes: above the line on which its key stands."""
        kept = self.comments(start, value)
        line = self.line_start(name.start)
        indent = re.compile(r"[ \t]*").match(self.text, line)
        blank = indent.group() if indent else ""
        self.change(line, line, "".join(f"{blank}{comment}{self.newline}" for comment in kept))

    def remove(self, name: _Span, value: _Span) -> None:
        """Take a key away, with its line or lines; its comments stay."""
        start, end = self.line_start(name.start), self.next_line(value.end)
        blank = self.text[start : name.start]
        kept = [*self.comments(name.end, value), *_COMMENT.findall(self.text[value.end : end])]
        self.change(start, end, "".join(f"{blank}{comment}{self.newline}" for comment in kept))

    def append(self, span: _Span, fresh: Mapping[str, Any]) -> None:
        """New keys at the end of a block."""
        place = self.next_line(span.end)
        lines = "".join(f"{line}{self.newline}" for line in block(fresh, span.column))
        torn = place > 0 and self.text[place - 1] not in "\r\n"
        self.change(place, place, self.newline + lines if torn else lines)

    def comments(self, start: int, value: _Span) -> list[str]:
        """Comments between two places, text that only looks like one left out."""
        masked = list(self.text[start : value.end])
        for leaf in value.leaves():
            for index in range(max(leaf.start, start), leaf.end):
                masked[index - start] = "x"
        return [comment.rstrip() for comment in _COMMENT.findall("".join(masked))]

    def line_start(self, index: int) -> int:
        """Where the line of a place begins."""
        return max(self.text.rfind("\n", 0, index), self.text.rfind("\r", 0, index)) + 1

    def next_line(self, index: int) -> int:
        """Where the line after a place begins."""
        if index > 0 and self.text[index - 1] in "\r\n":
            return index
        found = re.compile(r"\r\n|\r|\n").search(self.text, index)
        return found.end() if found else len(self.text)


def _alike(span: _Span, old: Any, new: Any) -> bool:
    """Whether a list is written as such and keeps its length, so that its items can be changed one by one."""
    lists = span.kind == "list" and isinstance(old, list) and isinstance(new, list)
    return lists and len(old) == len(new) == len(span.items)


def _unfolded(value: Any, span: _Span) -> Any:
    """A value in its short form as the block that the text has instead."""
    if isinstance(value, Mapping) or value is None or isinstance(value, list | tuple):
        return {} if value is None else value
    for short in ("to", "says"):
        if short in span.keys:
            return {short: value}
    if span.keys.keys() & set(ESTIMATE_KEYS):
        return {"word" if isinstance(value, str) else "best": value}
    return value
