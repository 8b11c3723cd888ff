"""From bytes to nodes: YAML (or JSON, a subset of it) read event by event, so that no file can run code or blow up."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Iterator
from typing import Any

from accord.files.again import known, learn
from accord.files.node import Node
from accord.files.syntax import percent_line, syntax_problem
from accord.problems import Problem

MOST_BYTES = 8 * 1024 * 1024
MOST_DEPTH = 24
LONGEST_KEY = 200
MOST_NODES = 200_000

_INTEGER = re.compile(r"^[-+]?\d{1,18}$")
_NUMBER = re.compile(r"^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$")
_SPECIAL = {
    **{sign + word: math.inf for sign in ("", "+") for word in (".inf", ".Inf", ".INF")},
    **{f"-{word}": -math.inf for word in (".inf", ".Inf", ".INF")},
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
# JSON writes characters beyond the basic plane as a pair of escapes, which YAML would read as two broken halves.
_PAIR = re.compile(r"((?<!\\)(?:\\\\)*)(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})")
_MERGE = "\ufffe<<"  # no text can hold this
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\ufeff\ufffe\uffff]")
_MAGIC = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"\xff\xd8\xff")
_SAVE_AS = "save it as 'UTF-8' in your editor"


def parse(data: bytes) -> tuple[Node | None, list[Problem]]:
    """Read the bytes of a situation file.

    Returns
    -------
    root : Node or None
        None when nothing usable is left.
    problems : list of Problem
        What stands in the way: encoding, syntax, duplicate keys, tags, aliases, depth.
    """
    root = known(data, scalar_of)
    if root is not None:
        return root, []
    root, problems = _parsed(data)
    if root is not None and not problems:
        learn(data, root)
    return root, problems


def _parsed(data: bytes) -> tuple[Node | None, list[Problem]]:
    """As :func:`parse`, whether or not these bytes have been read before."""
    text, problem = _decode(data)
    if problem is not None or text is None:
        return None, [problem] if problem else []
    reader = _Reader()
    try:
        root = reader.document(events_of(readable(text)))
    except _SyntaxStop as stop:
        return None, [*reader.problems, stop.problem]
    if root is None:
        return None, [
            *reader.problems,
            Problem(
                "empty",
                "the file is empty",
                expected="a situation",
                try_instead="start from 'accord new DIR'",
            ),
        ]
    if not root.is_mapping:
        found = root.described()
        reader.problems.append(
            Problem(
                "not-a-mapping",
                f"the file holds {found}, not a situation",
                expected="keys such as 'accord', 'title', 'actors'",
                line=root.line,
            )
        )
        return None, reader.problems
    return root, reader.problems


class _SyntaxStop(Exception):
    """Reading cannot go on."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.says)


def _decode(data: bytes) -> tuple[str | None, Problem | None]:
    """Bytes as text, or the reason why not."""
    if len(data) > MOST_BYTES:
        hint = "keep raw data out of the situation file"
        return None, Problem(
            "too-large", "the file is too large", expected=f"at most {MOST_BYTES:,} bytes", try_instead=hint
        )
    if _is_utf16(data):
        return None, Problem(
            "wrong-encoding",
            "the file is encoded as UTF-16 or UTF-32",
            expected="UTF-8",
            try_instead=_SAVE_AS,
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, _binary() if _is_binary(data) else _not_utf8(data, error.start)
    if _is_binary(data) and data.count(b"\x00") * 20 > len(data):
        return None, _binary()
    found = _CONTROL.search(text)
    if found:
        return None, _control(found.group(), text.count("\n", 0, found.start()) + 1)
    return text, None


def _is_utf16(data: bytes) -> bool:
    """Whether the bytes are text in units of two or four bytes."""
    zeros = max(data[start::2].count(0) for start in (0, 1))
    return data.startswith((b"\xff\xfe", b"\xfe\xff")) or (
        zeros * 4 > len(data) and zeros * 10 > data.count(0) * 9
    )


def _is_binary(data: bytes) -> bool:
    """Whether the bytes are no text at all."""
    return b"\x00" in data or data.startswith(_MAGIC)


def _binary() -> Problem:
    """The complaint about a file that is no text."""
    hint = "for a spreadsheet use the ending .xlsx"
    return Problem(
        "binary",
        "the file is binary, not text",
        expected="a YAML or JSON text file in UTF-8",
        try_instead=hint,
    )


def _not_utf8(data: bytes, start: int) -> Problem:
    """The complaint about a character in another encoding."""
    byte = data[start]
    guess = "" if byte < 0xA0 else f"; in Latin-1 that is '{chr(byte)}'"
    says = f"a character on this line is not UTF-8 (byte {byte:#04x}{guess})"
    line = data.count(b"\n", 0, start) + 1
    return Problem("wrong-encoding", says, expected="UTF-8", try_instead=_SAVE_AS, line=line)


def _control(character: str, line: int) -> Problem:
    """The complaint about a character that nobody sees."""
    says = f"an invisible character (code {ord(character):#04x})"
    return Problem("control-character", says, expected="plain text", try_instead="delete it", line=line)


def readable(text: str) -> str:
    """The text with what JSON allows and YAML does not spelled the YAML way."""
    if text.lstrip().startswith(("{", "[")):
        text = text.replace(
            "\t", " "
        )  # JSON may be indented with tabs; inside its strings a bare tab is not allowed
        text = _PAIR.sub(lambda pair: pair.group(1) + json.loads(f'"{pair.group(2)}"'), text)
    return text


def events_of(text: str) -> Iterator[Any]:
    """YAML events of the text; every failure of the parser becomes one readable problem."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as error:
        raise _SyntaxStop(syntax_problem(error, text)) from error
    except RecursionError as error:
        raise _SyntaxStop(_too_deep(None)) from error
    except _SyntaxStop:
        raise
    except (
        Exception
    ) as error:  # the parser has unguarded corners (IndexError, ValueError on odd escapes); none may escape
        directive = re.search("^%", text, re.MULTILINE)
        problem = Problem(
            "syntax", "the text cannot be read as YAML", try_instead="look for an odd escape or quote"
        )
        if directive:
            problem = percent_line(text.count("\n", 0, directive.start()) + 1)
        raise _SyntaxStop(problem) from error


def _too_deep(line: int | None) -> Problem:
    """The complaint about nesting."""
    return Problem(
        "too-deep",
        f"blocks are nested more than {MOST_DEPTH} deep",
        expected="about eight levels in a situation",
        line=line,
    )


class _Reader:
    """Builds nodes from events, counting what aliases expand to."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.anchors: dict[str, Node] = {}
        self.open: set[str] = set()

    def document(self, events: Iterator[Any]) -> Node | None:
        """The root node of the only document."""
        root: Node | None = None
        documents = 0
        for event in events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    line = event.start_mark.line + 1
                    raise _SyntaxStop(
                        Problem(
                            "documents",
                            "a second YAML document begins here ('---')",
                            expected="one situation per file",
                            try_instead="put it into a file of its own",
                            line=line,
                        )
                    )
            elif kind not in ("StreamStartEvent", "StreamEndEvent", "DocumentEndEvent"):
                root = self.node(event, events, 0)
        return None if root is None or root.value is None else root

    def node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        """The node that begins with this event."""
        line = event.start_mark.line + 1
        kind = type(event).__name__
        if depth > MOST_DEPTH:
            raise _SyntaxStop(_too_deep(line))
        if kind == "AliasEvent":
            return self._alias(event, line, depth)
        tagged = self._tag(event, line)
        if event.anchor:
            self.open.add(event.anchor)
        if kind == "ScalarEvent":
            quoted = event.style is not None
            node = Node(
                event.value if quoted else scalar_of(event.value), line, quoted=quoted, written=event.value
            )
            self._whole(event.value, line)
        elif kind == "SequenceStartEvent":
            node = self._list(events, line, depth)
        else:
            node = self._mapping(events, line, depth)
        if node.size > MOST_NODES:
            raise _SyntaxStop(_too_many(line))
        if event.anchor:
            self.open.discard(event.anchor)
            self.anchors[event.anchor] = node
        node.broken = node.broken or tagged
        return node

    def _whole(self, text: str, line: int) -> None:
        """Refuse escapes for characters that no text file should hold."""
        if _SURROGATE.search(text):
            hint = "type the character itself"
            self.problems.append(
                Problem(
                    "broken-character",
                    "an escape for half a character",
                    expected="whole characters",
                    try_instead=hint,
                    line=line,
                )
            )
        elif found := _CONTROL.search(text):
            self.problems.append(_control(found.group(), line))

    def _alias(self, event: Any, line: int, depth: int) -> Node:
        """The node an alias stands for."""
        name, hint = (
            event.anchor,
            f"write the value out, or put quotes around '*{event.anchor}' if it is text",
        )
        if name in self.open:
            raise _SyntaxStop(
                Problem(
                    "alias",
                    f"'*{name}' repeats the very block that it stands in",
                    try_instead="write the value out",
                    line=line,
                )
            )
        if name not in self.anchors:
            raise _SyntaxStop(
                Problem(
                    "alias",
                    f"'*{name}' repeats something marked '&{name}', and nothing before it is",
                    try_instead=hint,
                    line=line,
                )
            )
        target = self.anchors[name]
        if depth + target.height > MOST_DEPTH:
            raise _SyntaxStop(_too_deep(line))
        return dataclasses.replace(target, line=line)

    def _tag(self, event: Any, line: int) -> bool:
        """Refuse tags: they name Python objects to make, or change what a value means."""
        tag = getattr(event, "tag", None)
        if tag is None or str(tag) in ("!", "None"):
            return False
        shown = str(tag).replace("tag:yaml.org,2002:", "!!")
        hint = "delete the tag, or put quotes around text that begins with '!'"
        self.problems.append(
            Problem(
                "tag",
                f"the tag '{shown}' is not allowed",
                expected="plain values",
                try_instead=hint,
                line=line,
            )
        )
        return True

    def _list(self, events: Iterator[Any], line: int, depth: int) -> Node:
        """Items up to the end of the sequence."""
        items: list[Node] = []
        size, height = 1, 0
        for event in events:
            if type(event).__name__ == "SequenceEndEvent":
                break
            items.append(self.node(event, events, depth + 1))
            size += items[-1].size
            height = max(height, items[-1].height + 1)
            if size > MOST_NODES:
                raise _SyntaxStop(_too_many(line))
        return Node(items, line, size=size, height=height)

    def _mapping(self, events: Iterator[Any], line: int, depth: int) -> Node:
        """Keys and values up to the end of the mapping; duplicate keys are told, the first one stays."""
        items: dict[str, Node] = {}
        size, height, merged = 1, 0, False
        for event in events:
            if type(event).__name__ == "MappingEndEvent":
                break
            key_line = event.start_mark.line + 1
            key = self._key(event, events, key_line, depth)
            merged = merged or key == _MERGE
            value = self.node(next(events), events, depth + 1)
            value.line = key_line
            size += value.size
            height = max(height, value.height + 1)
            if size > MOST_NODES:
                raise _SyntaxStop(_too_many(line))
            if key is not None and key in items:
                first = items[key].line
                self.problems.append(
                    Problem(
                        "duplicate-key",
                        f"'{key}' stands twice in this block; the first is on line {first}",
                        try_instead="keep one",
                        line=key_line,
                    )
                )
            elif key is not None and key != _MERGE:
                items[key] = value
        return Node(items, line, size=size, height=height, broken=merged)

    def _key(self, event: Any, events: Iterator[Any], line: int, depth: int) -> str | None:
        """A key as text; None (and a problem) when it cannot be one."""
        if type(event).__name__ != "ScalarEvent":
            self.node(event, events, depth + 1)
            hint = "write a name, or put quotes around text that begins with a bracket"
            self.problems.append(
                Problem(
                    "key-not-text",
                    "a key that is not plain text",
                    expected="a name",
                    try_instead=hint,
                    line=line,
                )
            )
            return None
        self._tag(event, line)
        self._whole(event.value, line)
        if "\n" in event.value or len(event.value) > LONGEST_KEY:
            says = (
                "a key with a line break"
                if "\n" in event.value
                else f"a key of {len(event.value)} characters"
            )
            hint = "move the text to the value"
            told = Problem("key-not-text", says, expected="a short name", try_instead=hint, line=line)
            self.problems.append(told)
            return None
        if event.value == "<<" and event.style is None:
            hint = "write the keys out"
            self.problems.append(
                Problem(
                    "alias",
                    "'<<' (a merge of blocks) is not part of this language",
                    expected="a name",
                    try_instead=hint,
                    line=line,
                )
            )
            return _MERGE
        return str(event.value)


def _too_many(line: int) -> Problem:
    """The complaint about size after aliases are expanded."""
    return Problem(
        "alias-bomb",
        f"written out in full the file has more than {MOST_NODES:,} values",
        expected="a situation of a few thousand",
        try_instead="remove aliases (*name) that repeat large blocks",
        line=line,
    )


def scalar_of(text: str) -> str | float | int | bool | None:
    """A plain scalar by the YAML 1.2 core schema (so 'no' and dates stay text)."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if _INTEGER.match(text):
        return int(text)
    if _NUMBER.match(text):
        return float(text)
    return _SPECIAL.get(text, text)
