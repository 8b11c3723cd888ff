"""A file to import before it is read: its bytes, its encoding, its header, the kind that it is.

The bytes are walked through once: hashed, decoded, counted.  What follows always reads UTF-8, from the file itself or from
a copy in a scratch folder.
"""

from __future__ import annotations

import codecs
import csv
import errno
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from accord.data.catalogue import KINDS, kinds_of
from accord.data.kinds import Kind, head
from accord.problems import Problem, RunError, SituationError, did_you_mean, listed
from accord.stopping import stoppable

_CHUNK = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# How packed files begin, what they are, and what to do with them.
_PACKED = (
    (b"\x1f\x8b", "packed with gzip", "unpack it first (gunzip)"),
    (b"PK\x03\x04", "a workbook or packed with zip", "save it as CSV, or unpack it first (unzip)"),
    (b"BZh", "packed with bzip2", "unpack it first (bunzip2)"),
    (b"\xfd7zXZ", "packed with xz", "unpack it first (unxz)"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", "unpack it first (unzstd)"),
    (b"7z\xbc\xaf", "packed with 7-Zip", "unpack it first (7z x)"),
    (b"\xd0\xcf\x11\xe0", "a workbook of the old kind", "save it as CSV"),
)
# Characters below the blank that stand in texts: tab, line ends, page break, the end mark of DOS.
_IN_TEXTS = b"\t\n\r\x0b\x0c\x1a"
_CONTROL = bytes(set(range(32)) - set(_IN_TEXTS))
_DELIMITERS = ",\t;"
_LONGEST_HEADER = 1 << 16
_TEXT = "values between commas or tabs"
ENCODINGS = ("utf-8", "latin-1", "cp1252", "utf-16")


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be read.

    Parameters
    ----------
    path : Path
        As the user gave it.
    text : Path
        The same in UTF-8; *path* itself for Parquet.
    sha256 : str
    size : int
        Bytes.
    modified : date
    header : tuple of str
        Empty for Parquet until it is opened.
    delimiter : str
        Empty for Parquet.
    lines : int
        Physical lines, the header counted.
    whole : bool
        Whether the last line ends with a line end.
    """

    path: Path
    text: Path
    sha256: str
    size: int
    modified: date
    header: tuple[str, ...]
    delimiter: str
    lines: int
    whole: bool

    @property
    def parquet(self) -> bool:
        """Whether the file is a Parquet file, whose rows are counted from 1 and have no lines."""
        return not self.delimiter


def refused(
    path: Path, kind: str, says: str, expected: str = "", hint: str = "", line: int | None = None
) -> SituationError:
    """A file that cannot be imported, with the reason."""
    return SituationError([Problem(kind, says, "", expected, hint, str(path), line)])


def examine(path: Path, encoding: str, scratch: Path) -> Source:
    """Walk through a file.

    Parameters
    ----------
    path : Path
    encoding : str
        What to decode it with when it has no byte order mark.
    scratch : Path
        Folder for a copy in UTF-8 where one is needed.

    Raises
    ------
    SituationError
        When the file is not there, is empty, or is no text in this encoding.
    RunError
        When there is no room for the copy.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(8)
            modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
            if start.startswith(b"PAR1"):
                stream.seek(0)
                return _parquet(path, stream, modified)
            return _text(path, start, modified, encoding, scratch)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise RunError(
                f"{path}: no room for a copy in UTF-8; try: make room in {scratch.parent}"
            ) from error
        raise refused(
            path, "no-file", f"cannot be read ({(error.strerror or str(error)).lower()})"
        ) from error


def _parquet(path: Path, stream: io.BufferedReader, modified: date) -> Source:
    """A Parquet file, whose header the database reads."""
    import duckdb

    summary = hashlib.sha256()
    size = 0
    while chunk := stream.read(_CHUNK):
        summary.update(chunk)
        size += len(chunk)
    try:
        with stoppable(), duckdb.connect() as base:
            rows = base.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    except duckdb.Error as error:
        raise refused(path, "damaged", "the file is a damaged Parquet file") from error
    header = tuple(str(row[0]) for row in rows)
    return Source(path, path, summary.hexdigest(), size, modified, header, "", 0, True)


def _text(path: Path, start: bytes, modified: date, encoding: str, scratch: Path) -> Source:
    """A text file."""
    for mark, what, hint in _PACKED:
        if start.startswith(mark):
            raise refused(path, "packed", f"the file is {what}", _TEXT, hint)
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), "")
    used = marked or encoding
    plain = used in ("utf-8", "utf-8-sig")
    copy = scratch / f"{hashlib.sha256(str(path).encode()).hexdigest()[:16]}.csv"
    summary, size, lines, last = hashlib.sha256(), 0, 0, ""
    with (
        path.open("rb") as stream,
        io.StringIO() if plain else copy.open("w", encoding="utf-8", newline="") as out,
    ):
        for chunk, text in _decoded(path, stream, used):
            summary.update(chunk)
            size += len(chunk)
            if "\x00" in text:
                raise _binary(path)
            lines += text.count("\n")
            last = text[-1:] or last
            if not plain:
                out.write(text)
    if not size:
        raise refused(path, "empty", "the file is empty", "a header, and a row for each observation")
    text_path = path if plain else copy
    header, delimiter = _header(path, text_path)
    return Source(
        path,
        text_path,
        summary.hexdigest(),
        size,
        modified,
        header,
        delimiter,
        lines + (last != "\n"),
        last == "\n",
    )


def _binary(path: Path) -> SituationError:
    """A file that is no text in any encoding."""
    return refused(path, "binary", "the file is binary, not text", _TEXT)


def _is_binary(chunk: bytes) -> bool:
    """Whether bytes are no text in any encoding: one is 0, or more than one in a hundred is a control character."""
    return b"\x00" in chunk or 100 * (len(chunk) - len(chunk.translate(None, _CONTROL))) > len(chunk)


def _decoded(path: Path, stream: io.BufferedReader, encoding: str) -> Iterator[tuple[bytes, str]]:
    """The bytes of a file in pieces, each with its text."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = 0
    while True:
        chunk = stream.read(_CHUNK)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            if _is_binary(chunk):
                raise _binary(path) from error
            line = lines + 1 + bytes(error.object[: error.start]).count(b"\n")
            byte = error.object[error.start]
            raise refused(
                path,
                "wrong-encoding",
                f"byte {byte:#04x} is not {encoding.removesuffix('-sig').upper()}",
                "text in UTF-8",
                "--encoding latin-1 (or cp1252), or save it as UTF-8",
                line,
            ) from error
        yield chunk, text
        lines += text.count("\n")
        if not chunk:
            return


def _header(path: Path, text: Path) -> tuple[tuple[str, ...], str]:
    """The heads of the columns and the character between them."""
    with text.open(encoding="utf-8-sig", newline="") as stream:
        first = stream.readline(_LONGEST_HEADER)
    counts = {mark: first.count(mark) for mark in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda mark: counts[mark])
    if not counts[delimiter]:
        raise refused(
            path,
            "no-header",
            "the first line is no header",
            "heads of columns between commas or tabs",
            line=1,
        )
    try:
        row = next(csv.reader([first.rstrip("\r\n")], delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise refused(path, "no-header", "the header has a stray quote", line=1) from error
    return tuple(row), delimiter


def kind_of(source: Source, wanted: str | None) -> Kind:
    """The kind of a file: the wanted one, or what its header tells.

    Raises
    ------
    SituationError
        When the header lacks columns of the wanted kind, or is that of no kind or of several.
    """
    kind = _kind_of(source, wanted)
    heads = [head(one) for one in source.header]
    names = {name for column in kind.columns for name in column.names}
    if twice := sorted(name for name in names if heads.count(name) > 1):
        raise refused(source.path, "twice", f"the header has {listed(twice)} more than once", line=1)
    return kind


def _kind_of(source: Source, wanted: str | None) -> Kind:
    """The kind of a file, whether or not its header has a column twice."""
    header = list(source.header)
    if wanted is not None:
        kind = KINDS[wanted]
        if lacks := kind.lacks(header):
            hint = did_you_mean(lacks[0], [head(one) for one in header]) if len(lacks) == 1 else ""
            says = f"the header lacks {listed(lacks)}, which {kind.name} needs"
            raise refused(source.path, "missing-column", says, hint=hint, line=1)
        return kind
    fits = kinds_of(header)
    if not fits:
        says = f"the header ({listed(header, 8)}) is that of no kind of file that is known"
        raise refused(source.path, "unknown-kind", says, f"one of {', '.join(KINDS)}", _nearest(header), 1)
    best = [kind.name for kind in fits if len(kind.found(header)) == len(fits[0].found(header))]
    if len(best) > 1:
        says = f"the header fits several kinds ({', '.join(best)})"
        raise refused(source.path, "several-kinds", says, hint=f"--kind {best[0]}", line=1)
    return fits[0]


def _nearest(header: list[str]) -> str:
    """The kind that lacks least, with what it lacks."""
    kinds = [kind for kind in KINDS.values() if kind.found(header)]
    if not kinds:
        return ""
    near = min(kinds, key=lambda kind: (len(kind.lacks(header)), -len(kind.found(header)), kind.name))
    return f"{near.name} needs also {listed(near.lacks(header))}"
