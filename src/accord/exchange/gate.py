"""Before a workbook is opened: what it unpacks to, how far its sheets reach, and which cells hold no result.

The library that reads the cells allots memory for the whole rectangle that a sheet reaches over, unpacks without a
limit, and drops error values.  So every sheet is first walked through here, and the library is handed what was walked
through.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar
from xml.etree import ElementTree

from accord.exchange.grid import Fault, column_name, error_value
from accord.problems import Problem

MOST_BYTES = 64 * 1024 * 1024
MOST_CELLS = 200_000
MOST_REACH = 2_000_000
MOST_TEXT = 64 * 1024 * 1024
_MOST_NAMES = 4 * 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})$", re.ASCII)
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_UNLOCK = "save a copy without a password"
_SAVE = "open it in a spreadsheet program and save it as .xlsx"
_WANTED = re.compile(r"\.(xml|rels)$", re.IGNORECASE)
_FRAME = (
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
)
_UNCOMPUTED = Fault(
    "no-result",
    "the cell holds a formula without a result",
    "open the workbook in a spreadsheet program and save it, so that its formulas are computed",
)


class Refused(Exception):
    """A workbook that is not opened, with the reason."""

    def __init__(
        self, kind: str, says: str, expected: str = "", try_instead: str = "", place: str = ""
    ) -> None:
        super().__init__(says)
        self.problem = Problem(kind, says, expected=expected, try_instead=try_instead, place=place)


Walker = TypeVar("Walker")


@dataclass(slots=True)
class Admitted:
    """A workbook that may be opened.

    Parameters
    ----------
    data : bytes
        Its frame, its texts and its sheets, packed anew.
    faults : dict
        By sheet, then by row and column counted from 0: cells that hold no result.
    """

    data: bytes
    faults: dict[str, dict[tuple[int, int], Fault]] = field(default_factory=dict)


def admit(data: bytes) -> Admitted:
    """Look through a workbook.

    Raises
    ------
    Refused
        When it is none, is damaged or locked, or is larger than any situation.
    """
    members = {name.lower(): content for name, content in _members(data)}
    try:
        names = _sheet_names(members)
        texts = _text_lengths(members)
        room = _Room()
        faults = {
            name: _walked(members[member], _Walk(name, texts, room)).faults for name, member in names.items()
        }
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise Refused(
            "damaged", "the workbook is damaged: its sheets cannot be read", try_instead=_SAVE
        ) from error
    return Admitted(_packed(members, names), faults)


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The parts of a workbook that matter, unpacked."""
    if data.startswith(_OLE):
        if _LOCKED in data:
            raise Refused("locked", "the workbook is locked with a password", try_instead=_UNLOCK)
        raise Refused(
            "not-a-workbook", "this is a workbook of the old kind (.xls)", "an .xlsx workbook", _SAVE
        )
    if not data.startswith(b"PK"):
        raise Refused("not-a-workbook", "the file is not a workbook", "an .xlsx workbook", _SAVE)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            left = MOST_BYTES
            for info in archive.infolist():
                if not _WANTED.search(info.filename):
                    continue
                if info.flag_bits & 1:
                    raise Refused("locked", "the workbook is locked with a password", try_instead=_UNLOCK)
                with archive.open(info) as stream:
                    content = stream.read(left + 1)  # never trusts the size that the archive states
                left -= len(content)
                if left < 0:
                    says = f"unpacked, the workbook has more than {MOST_BYTES:,} bytes"
                    raise Refused(
                        "too-large", says, f"at most {MOST_BYTES:,}", "keep raw data in another file"
                    )
                yield info.filename, content
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        says = "the workbook is damaged: it cannot be unpacked"
        raise Refused("damaged", says, try_instead="fetch or save it once more") from error


def _packed(members: dict[str, bytes], names: dict[str, str]) -> bytes:
    """What the library needs, as one file again: nothing in it that was not looked at."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in _FRAME:
            if name.lower() in members:
                archive.writestr(name, members[name.lower()])
        for name in dict.fromkeys(names.values()):
            archive.writestr(name, members[name])
    return stream.getvalue()


def _local(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


def _sheet_names(members: dict[str, bytes]) -> dict[str, str]:
    """Names of the sheets and the parts that hold them."""
    if "xl/workbook.xml" not in members:
        raise Refused("not-a-workbook", "the file is not a workbook", "an .xlsx workbook", _SAVE)
    if len(members["xl/workbook.xml"]) + len(members["xl/_rels/workbook.xml.rels"]) > _MOST_NAMES:
        raise ValueError("more sheets than any workbook has")
    links = ElementTree.fromstring(members["xl/_rels/workbook.xml.rels"])
    parts = {link.get("Id"): link.get("Target", "") for link in links}
    found: dict[str, str] = {}
    for sheet in ElementTree.fromstring(members["xl/workbook.xml"]).iter():
        if _local(sheet.tag) != "sheet":
            continue
        link = next((value for key, value in sheet.attrib.items() if _local(key) == "id"), None)
        part = parts[link]
        member = (part.lstrip("/") if part.startswith("/") else posixpath.normpath(f"xl/{part}")).lower()
        if member in members:  # charts and dialogs of their own have none that matters
            found[sheet.get("name", "")] = member
    return found


def _walked(content: bytes, walk: Walker) -> Walker:
    """Show every element of an XML text to a walker, without keeping any."""
    parser = ElementTree.XMLParser(target=walk)
    parser.feed(content)
    parser.close()
    return walk


def _text_lengths(members: dict[str, bytes]) -> list[int]:
    """Length of each text that cells share."""
    shared = members.get("xl/sharedstrings.xml")
    return [] if shared is None else _walked(shared, _Lengths()).found


@dataclass(slots=True)
class _Lengths:
    """Measures the texts that cells share."""

    found: list[int] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        if _local(tag) == "si":
            self.found.append(0)

    def data(self, text: str) -> None:
        """Count what stands in it."""
        if self.found:
            self.found[-1] += len(text)

    def end(self, tag: str) -> None:
        """End an element."""

    def close(self) -> None:
        """End the text."""


@dataclass(slots=True)
class _Room:
    """How many cells and characters the sheets hold so far, and how many cells the rectangles of the finished ones."""

    cells: int = 0
    text: int = 0
    reach: int = 0


@dataclass(slots=True)
class _Walk:
    """Walks through the cells of one sheet: finds those without a result, refuses what holds or reaches too much."""

    name: str
    texts: list[int]
    room: _Room
    row: int = -1
    column: int = -1
    reach: tuple[int, int] = (0, 0)
    faults: dict[tuple[int, int], Fault] = field(default_factory=dict)
    kind: str = "n"
    seen: set[str] = field(default_factory=set)
    value: str = ""
    inside: str = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin a row, a cell, or a part of one."""
        tag = _local(tag)
        if tag == "row":
            self.row, self.column = int(attributes.get("r", self.row + 2)) - 1, -1
            _within(self.row, 0)
        elif tag == "c":
            reference = attributes.get("r")
            self.row, self.column = (self.row, self.column + 1) if reference is None else _cell(reference)
            _within(self.row, self.column)
            self.kind, self.value = attributes.get("t", "n"), ""
            self.seen.clear()
        elif tag in ("v", "is", "f"):
            self.seen.add(tag)
            self.inside = tag

    def data(self, text: str) -> None:
        """Keep the value of a cell."""
        if self.inside == "v":
            self.value += text

    def end(self, tag: str) -> None:
        """End a cell, or a part of one."""
        tag = _local(tag)
        if tag == self.inside:
            self.inside = ""
        if tag == "c" and self.seen:
            self.cell()

    def close(self) -> None:
        """End the sheet."""
        self.room.reach += self.reach[0] * self.reach[1]

    def cell(self) -> None:
        """Look at a cell that holds something."""
        self.room.cells += 1
        if self.kind == "s":
            self.room.text += self.texts[int(self.value)]
        if self.kind == "e":
            self.faults[self.row, self.column] = error_value(self.value)
        elif "f" in self.seen and not self.value and self.kind != "str":
            self.faults[self.row, self.column] = _UNCOMPUTED
        self.reach = (max(self.reach[0], self.row + 1), max(self.reach[1], self.column + 1))
        self.limit()

    def limit(self) -> None:
        """Refuse what is larger than any situation."""
        if self.room.reach + self.reach[0] * self.reach[1] > MOST_REACH:
            cell = f"{column_name(self.reach[1] - 1)}{self.reach[0]}"
            hint = "delete the rows and columns beyond your data"
            raise Refused(
                "too-large",
                f"the sheet reaches as far as {cell}",
                f"at most {MOST_REACH:,} cells, blank ones included",
                hint,
                self.name,
            )
        hint = "keep raw data in another file"
        if self.room.cells > MOST_CELLS:
            says = f"the workbook has more than {MOST_CELLS:,} cells"
            raise Refused("too-large", says, f"at most {MOST_CELLS:,}", hint, self.name)
        if self.room.text > MOST_TEXT:
            says = f"the workbook has more than {MOST_TEXT:,} characters"
            raise Refused("too-large", says, f"at most {MOST_TEXT:,}", hint, self.name)


def _cell(reference: str) -> tuple[int, int]:
    """Row and column of a cell, counted from 0; ValueError for what no spreadsheet program writes."""
    found = _REFERENCE.match(reference)
    if found is None:
        raise ValueError(reference)
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found.group(2)) - 1, column - 1


def _within(row: int, column: int) -> None:
    """ValueError for a place that no sheet has: the library would allot memory up to there."""
    if not (0 <= row < _LAST_ROW and 0 <= column < _LAST_COLUMN):
        raise ValueError(f"row {row}, column {column}")
