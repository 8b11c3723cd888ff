"""Texts of foreign files with their places: values between commas, and elements of XML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from accord.exchange.csvs import decoded
from accord.exchange.draft import MOST_FILE_BYTES
from accord.exchange.gate import Refused

_DELIMITERS = ",;\t"
_DEEPEST, _MOST_ELEMENTS = 20, 400_000


@dataclass(frozen=True, slots=True)
class Value:
    """A value between delimiters; what stood in quotes is kept as it is, the rest without blanks around it."""

    text: str
    line: int
    column: int
    quoted: bool = False


def values_of(data: bytes, delimiters: str = _DELIMITERS) -> tuple[list[list[Value]], str]:
    """Rows of values, blank rows left out, and the delimiter, which is the commonest of the first line.

    Raises
    ------
    Refused
        When it is too large, not text, not in UTF-8, or breaks off within quotes.
    """
    _small(data)
    text = decoded("", data)
    first = text.lstrip().partition("\n")[0]
    outside = "".join(first.split('"')[::2])
    mark = max(delimiters, key=outside.count)
    rows: list[list[Value]] = []
    at, line, start, row = 0, 1, 0, []
    while at < len(text):
        value, at, line, start = _value(text, at, line, start, mark)
        row.append(value)
        ended = at >= len(text)
        if not ended and text[at] == mark:
            at += 1
            if at < len(text):
                continue
            row.append(Value("", line, at - start + 1))
        if any(one.text or one.quoted for one in row):
            rows.append(row)
        row = []
        if not ended:
            at += 2 if text[at : at + 2] == "\r\n" else 1
        line, start = line + 1, at
    return rows, mark


def _past_blanks(text: str, at: int, mark: str) -> int:
    """The place after blanks."""
    while at < len(text) and text[at] in " \t" and text[at] != mark:
        at += 1
    return at


def _value(text: str, at: int, line: int, start: int, mark: str) -> tuple[Value, int, int, int]:
    """One value; where it ends, and the line in which that is, with its beginning."""
    at = _past_blanks(text, at, mark)
    place = (line, at - start + 1)
    if text[at : at + 1] != '"':
        end = at
        while end < len(text) and text[end] not in (mark, "\n", "\r"):
            end += 1
        return Value(text[at:end].strip(), *place), end, line, start
    parts, at = [], at + 1
    while True:
        end = text.find('"', at)
        if end < 0:
            says = "the file ends within quotes that begin here"
            raise Refused(
                "syntax",
                says,
                "a quote at the end of the value",
                "look for a stray quote",
                f"{place[0]}:{place[1]}",
            )
        parts.append(text[at:end])
        at = end + 1
        if text[at : at + 1] != '"':
            break
        parts.append('"')
        at += 1
    inside = "".join(parts).replace("\r\n", "\n").replace("\r", "\n")
    line += inside.count("\n")
    start = text.rfind("\n", 0, at) + 1 if "\n" in inside else start
    at = _past_blanks(text, at, mark)
    if at < len(text) and text[at] not in (mark, "\n", "\r"):
        says = "something follows the quote that ends a value"
        raise Refused(
            "syntax",
            says,
            "two quotes for each one inside a value",
            "look for a stray quote",
            f"{line}:{at - start + 1}",
        )
    return Value(inside, *place, quoted=True), at, line, start


@dataclass(slots=True)
class Element:
    """An element of XML with its place."""

    tag: str
    line: int
    column: int
    text: str = ""
    inner: list[Element] = field(default_factory=list)

    def all(self, tag: str) -> list[Element]:
        """Its own elements of this name."""
        return [one for one in self.inner if one.tag == tag]


def elements_of(data: bytes) -> Element:
    """The root of an XML text.

    Raises
    ------
    Refused
        When it is too large or too deep, is no XML, or declares a document type (entities could grow without bound).
    """
    _small(data)
    tree = _Tree(expat.ParserCreate())
    parser = tree.parser
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = tree.start, tree.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = tree.data, tree.refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        says = f"this is not XML ({expat.ErrorString(error.code)})"
        place = f"{error.lineno}:{error.offset + 1}"
        raise Refused("syntax", says, "an XML text", "look just before this place", place) from error
    except (LookupError, ValueError) as error:
        raise Refused("wrong-encoding", "its encoding is not known", "UTF-8", "save it as UTF-8") from error
    return tree.stack[0].inner[0]


@dataclass(slots=True)
class _Tree:
    """Builds elements while a parser goes through a text."""

    parser: Any
    stack: list[Element] = field(default_factory=lambda: [Element("", 0, 0)])
    count: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        self.count += 1
        line, column = self.here()
        if len(self.stack) > _DEEPEST or self.count > _MOST_ELEMENTS:
            says = "there are more elements than any game has"
            raise Refused("too-large", says, place=f"{line}:{column}")
        self.stack[-1].inner.append(Element(tag, line, column))
        self.stack.append(self.stack[-1].inner[-1])

    def end(self, tag: str) -> None:
        """End an element."""
        self.stack.pop()

    def data(self, text: str) -> None:
        """Keep what stands in it."""
        self.stack[-1].text += text

    def refuse(self, *anything: object) -> None:
        """Refuse a document type."""
        says = "the file declares a document type, which could make it grow without bound"
        place = "{}:{}".format(*self.here())
        raise Refused("document-type", says, "no '<!DOCTYPE' line", "delete the line", place)

    def here(self) -> tuple[int, int]:
        """Line and column."""
        return self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1


def _small(data: bytes) -> None:
    """Refuse what is larger than any game."""
    if len(data) > MOST_FILE_BYTES:
        raise Refused(
            "too-large",
            f"the file has {len(data):,} bytes",
            f"at most {MOST_FILE_BYTES:,}",
            "keep raw data elsewhere",
        )
