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
from xml.etree import ElementTree

from accord.exchange.grid import Fault, column_name, error_value
from accord.problems import Problem

MOST_BYTES = 64 * 1024 * 1024
MOST_CELLS = 200_000
MOST_REACH = 2_000_000
MOST_TEXT = 64 * 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})$")
_SAVE = "open it in a spreadsheet program and save it as .xlsx"
_WANTED = re.compile(r"\.(xml|rels)$", re.IGNORECASE)
_UNWANTED = re.compile(
    r"(^|/)(drawings|media|charts|embeddings|theme|comments|threadedComments|persons|customXml)[/\d.]",
    re.IGNORECASE,
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


@dataclass(slots=True)
class Admitted:
    """A workbook that may be opened.

    Parameters
    ----------
    data : bytes
        It, without drawings, macros and the like, packed anew.
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
    members = dict(_members(data))
    try:
        names = _sheet_names(members)
        texts = _text_lengths(members)
        faults: dict[str, dict[tuple[int, int], Fault]] = {}
        room = _Room()
        for name, member in names.items():
            faults[name] = _Walk(name, texts, room).walk(members[member])
    except (ElementTree.ParseError, KeyError, ValueError, IndexError) as error:
        raise Refused(
            "damaged", "the workbook is damaged: its sheets cannot be read", try_instead=_SAVE
        ) from error
    return Admitted(_packed(members), faults)


def _members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The parts of a workbook that matter, unpacked."""
    if data.startswith(_OLE):
        if _LOCKED in data:
            raise Refused(
                "locked",
                "the workbook is locked with a password",
                try_instead="save a copy without a password",
            )
        raise Refused(
            "not-a-workbook", "this is a workbook of the old kind (.xls)", "an .xlsx workbook", _SAVE
        )
    if not data.startswith(b"PK"):
        raise Refused("not-a-workbook", "the file is not a workbook", "an .xlsx workbook", _SAVE)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = {info.filename: info for info in archive.infolist() if _wanted(info.filename)}
            size = sum(info.file_size for info in infos.values())
            if size > MOST_BYTES:
                raise Refused(
                    "too-large",
                    f"unpacked, the workbook has {size:,} bytes",
                    f"at most {MOST_BYTES:,}",
                    "keep raw data in another file",
                )
            if any(info.flag_bits & 1 for info in infos.values()):
                raise Refused(
                    "locked",
                    "the workbook is locked with a password",
                    try_instead="save a copy without a password",
                )
            yield from ((name, archive.read(info)) for name, info in infos.items())
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Refused(
            "damaged",
            "the workbook is damaged: it cannot be unpacked",
            try_instead="fetch or save it once more",
        ) from error


def _wanted(name: str) -> bool:
    """Whether a part of the workbook says anything about cells."""
    return _WANTED.search(name) is not None and _UNWANTED.search(name) is None


def _packed(members: dict[str, bytes]) -> bytes:
    """The parts as one file again."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _local(tag: str) -> str:
    """The name of an element without its namespace."""
    return tag.rpartition("}")[2]


def _sheet_names(members: dict[str, bytes]) -> dict[str, str]:
    """Names of the sheets and the parts that hold them."""
    if "xl/workbook.xml" not in members:
        raise Refused("not-a-workbook", "the file is not a workbook", "an .xlsx workbook", _SAVE)
    links = ElementTree.fromstring(members["xl/_rels/workbook.xml.rels"])
    parts = {link.get("Id"): link.get("Target", "") for link in links}
    found: dict[str, str] = {}
    for sheet in ElementTree.fromstring(members["xl/workbook.xml"]).iter():
        if _local(sheet.tag) != "sheet":
            continue
        link = next((value for key, value in sheet.attrib.items() if _local(key) == "id"), None)
        part = parts[link]
        member = part.lstrip("/") if part.startswith("/") else posixpath.normpath(f"xl/{part}")
        if member in members:  # charts and dialogs of their own have none that matters
            found[sheet.get("name", "")] = member
    return found


def _text_lengths(members: dict[str, bytes]) -> list[int]:
    """Length of each text that cells share."""
    shared = next(
        (content for name, content in members.items() if name.lower() == "xl/sharedstrings.xml"), None
    )
    if shared is None:
        return []
    found = []
    for _, element in ElementTree.iterparse(io.BytesIO(shared)):
        if _local(element.tag) == "si":
            found.append(sum(len(text) for text in element.itertext()))
            element.clear()
    return found


@dataclass(slots=True)
class _Room:
    """How many cells and characters the sheets hold so far."""

    cells: int = 0
    text: int = 0


@dataclass(slots=True)
class _Walk:
    """Walks through the cells of one sheet."""

    name: str
    texts: list[int]
    room: _Room
    row: int = -1
    column: int = -1
    reach: tuple[int, int] = (0, 0)
    faults: dict[tuple[int, int], Fault] = field(default_factory=dict)

    def walk(self, content: bytes) -> dict[tuple[int, int], Fault]:
        """Find cells without a result; refuse sheets that hold or reach too much."""
        for event, element in ElementTree.iterparse(io.BytesIO(content), events=("start", "end")):
            tag = _local(element.tag)
            if event == "start" and tag == "row":
                self.row, self.column = int(element.get("r", self.row + 2)) - 1, -1
            elif event == "end" and tag == "c":
                self.cell(element)
            elif event == "end" and tag == "row":
                element.clear()
        return self.faults

    def cell(self, element: ElementTree.Element) -> None:
        """Look at one cell."""
        found = _REFERENCE.match(element.get("r", ""))
        if found is not None:
            letters, digits = found.groups()
            self.row, self.column = int(digits) - 1, _column(letters)
        else:
            self.column += 1
        parts = {_local(part.tag): part for part in element}
        if not {"v", "is", "f"} & set(parts):
            return
        self.room.cells += 1
        value = (parts["v"].text or "") if "v" in parts else ""
        kind = element.get("t", "n")
        if kind == "s":
            self.room.text += self.texts[int(value)]
        if kind == "e":
            self.faults[self.row, self.column] = error_value(value)
        elif "f" in parts and not value and kind != "str":
            self.faults[self.row, self.column] = _UNCOMPUTED
        self.reach = (max(self.reach[0], self.row + 1), max(self.reach[1], self.column + 1))
        self.limit()

    def limit(self) -> None:
        """Refuse what is larger than any situation."""
        if self.reach[0] * self.reach[1] > MOST_REACH:
            cell = f"{column_name(self.reach[1] - 1)}{self.reach[0]}"
            hint = "delete the rows and columns beyond your data"
            raise Refused(
                "too-large",
                f"the sheet reaches as far as {cell}",
                f"at most {MOST_REACH:,} cells in its rectangle",
                hint,
                self.name,
            )
        if self.room.cells > MOST_CELLS or self.room.text > MOST_TEXT:
            says = (
                f"the workbook has more than {MOST_CELLS:,} cells"
                if self.room.cells > MOST_CELLS
                else "the workbook has more text than any situation"
            )
            raise Refused(
                "too-large", says, f"at most {MOST_CELLS:,} cells", "keep raw data in another file", self.name
            )


def _column(letters: str) -> int:
    """The index of a column, counted from 0."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
