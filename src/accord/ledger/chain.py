"""Records that vouch for one another: JSON lines, each with the hash of the line before it and its own.

A line is one record in canonical JSON (UTF-8, keys sorted, no blanks): its number from 1, when it was written, its kind,
its body, the hash of the line before, and the SHA-256 of all that.  Whoever changes, removes, inserts or moves a line that
others follow has to change all of them.  Two things no chain can see by itself: whole lines cut off at the end, and a file
written anew from the start; a hash noted elsewhere (``head``) shows both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from accord.problems import Problem

FORMAT = 1
START = "0" * 64
_KEYS = frozenset({"format", "number", "at", "kind", "body", "previous", "sha256"})
_MARKS = {b"\xef\xbb\xbf": "UTF-8 with a mark", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_BEGIN = b'{"at":"'
_COPY = "put back a copy from before; nothing is added to a ledger that was changed"


@dataclass(frozen=True, slots=True)
class Record:
    """One line.

    Parameters
    ----------
    number : int
        From 1.
    at : str
        When it was written, UTC, ISO 8601 with seconds.
    kind : str
    body : mapping
        Plain data.
    previous, sha256 : str
        Hash of the line before (zeros for the first), and its own.
    """

    number: int
    at: str
    kind: str
    body: Mapping[str, Any]
    previous: str
    sha256: str

    @property
    def line(self) -> bytes:
        """The record as it stands in the file, with the line's end."""
        return canonical({**_content(self), "sha256": self.sha256}) + b"\n"


@dataclass(frozen=True, slots=True)
class Chain:
    """What a file holds.

    Parameters
    ----------
    records : tuple of Record
        Every line up to the first that is wrong.
    torn : bytes
        What follows the last line's end: a record that was not written to its end.
    problems : tuple of Problem
        An error (the first line that was changed, with how many follow), and warnings (a torn end, a clock that went back).
    """

    records: tuple[Record, ...] = ()
    torn: bytes = b""
    problems: tuple[Problem, ...] = ()

    @property
    def head(self) -> str:
        """The hash of the last record; zeros for an empty ledger."""
        return self.records[-1].sha256 if self.records else START

    @property
    def changed(self) -> bool:
        """Whether a line was changed."""
        return any(problem.severity == "error" for problem in self.problems)


def canonical(content: Mapping[str, Any]) -> bytes:
    """Plain data as the one JSON text that stands for it; ValueError for NaN and infinities."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def sealed(chain: Chain, at: str, kind: str, body: Mapping[str, Any], after: Record | None = None) -> Record:
    """The record that follows *after* (by default the last one of the chain)."""
    last = after if after is not None else (chain.records[-1] if chain.records else None)
    number, previous = (last.number + 1, last.sha256) if last is not None else (1, START)
    record = Record(number, at, kind, json.loads(canonical(body)), previous, "")
    return Record(number, at, kind, record.body, previous, _hash(record))


def _content(record: Record) -> dict[str, Any]:
    """What a record's hash is made over."""
    return {
        "format": FORMAT,
        "number": record.number,
        "at": record.at,
        "kind": record.kind,
        "body": record.body,
        "previous": record.previous,
    }


def _hash(record: Record) -> str:
    """A record's own hash."""
    return hashlib.sha256(canonical(_content(record))).hexdigest()


def chain_of(raw: bytes, file: str) -> Chain:
    """Read and verify a whole ledger; never raises for what the bytes hold."""
    mark = next((name for start, name in _MARKS.items() if raw.startswith(start)), "")
    if mark:
        says = f"the file was saved in another encoding ({mark}) by some editor"
        return Chain(problems=(Problem("ledger", says, file=file, line=1, try_instead=_COPY),))
    *lines, torn = raw.split(b"\n")
    if raw and not _begins_as_one(raw, lines):
        says = f"this is no ledger of forecasts, but {_looks(raw)}"
        return Chain(problems=(Problem("no-ledger", says, file=file, try_instead="another --ledger"),))
    found: list[Record] = []
    problems: list[Problem] = []
    last: Record | None = None
    for number, line in enumerate(lines, 1):
        record, says = _read(line)
        told = [says] if says else []
        if record is not None:
            told += _breaks(record, line, number, last)
        problems += [Problem("ledger", one, file=file, line=number, try_instead=_COPY) for one in told]
        last = record
        if record is not None and not any(one.severity == "error" for one in problems):
            problems += _clock(record, found, file)
            found.append(record)
    problems = _first(problems, len(lines))
    if torn:
        problems.append(_torn(torn, len(lines) + 1, file))
    return Chain(tuple(found), torn, tuple(problems))


def _first(problems: list[Problem], lines: int) -> list[Problem]:
    """The first line that is wrong, with how many follow, and what is only a warning before it."""
    wrong = [one for one in problems if one.severity == "error"]
    if not wrong:
        return problems
    first = wrong[0]
    left = lines - (first.line or 0)
    rest = f"; {left} line{'' if left == 1 else 's'} follow{'s' if left == 1 else ''} it" if left else ""
    told = [one for one in problems if one.severity != "error"]
    return [*told, replace(first, says=f"{first.says}{rest}")]


def _begins_as_one(raw: bytes, lines: list[bytes]) -> bool:
    """Whether a file is a ledger, however changed or cut short: some line is a record, or the only one begins as one."""
    if any(_read(line)[0] is not None or _names_keys(line) for line in lines):
        return True
    start = raw.rstrip(b"\0")[: len(_BEGIN)]
    return not lines and _BEGIN.startswith(start)


def _names_keys(line: bytes) -> bool:
    """Whether a line that is no record looks like one that was changed."""
    return sum(b'"%b"' % key.encode() in line for key in _KEYS) > len(_KEYS) // 2


def _looks(raw: bytes) -> str:
    """What a file is that is no ledger."""
    if b"\0" in raw:
        return "no text"
    try:
        raw.decode()
    except UnicodeDecodeError:
        return "no text in UTF-8"
    return "some other text"


def _read(line: bytes) -> tuple[Record | None, str]:
    """One line as a record, and what is wrong with it."""
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        return None, f"byte {error.start + 1} is not UTF-8: the line was changed"
    if not text.strip():
        return None, "an empty line was put in"
    try:
        held = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None, "this is not JSON: the line was changed"
    if not isinstance(held, dict) or set(held) != _KEYS:
        return None, "this is not a record of a ledger"
    if held["format"] != FORMAT:
        return None, f"it was written in format {held['format']!r}; this version of Accord knows {FORMAT}"
    kinds: dict[str, type] = {
        "number": int, "at": str, "kind": str, "body": dict, "previous": str, "sha256": str
    }  # fmt: skip
    if any(type(held[key]) is not kind for key, kind in kinds.items()):
        return None, "this is not a record of a ledger"
    record = Record(**{key: held[key] for key in kinds})
    try:
        _ = record.line
    except (ValueError, RecursionError):
        return None, "it holds what no record can hold: the line was changed"
    return record, ""


def _no_number(text: str) -> float:
    """Refuse what JSON has no number for."""
    raise ValueError(text)


def _breaks(record: Record, line: bytes, number: int, last: Record | None) -> Iterator[str]:
    """What does not fit: the record's own content, its place, the one before it."""
    if _hash(record) != record.sha256:
        yield "its content is not what its hash vouches for: the line was changed"
    elif record.line != line + b"\n":
        yield "it is not written as it was: blanks, line ends or the order of keys were changed"
    if record.number != number:
        yield f"it is record {record.number}, not {number}: lines were removed, put in or moved"
    elif record.previous != (START if last is None else last.sha256) and (last is not None or number == 1):
        yield "it does not follow the line before it: that one was changed, or one between them removed"


def _clock(record: Record, before: list[Record], file: str) -> Iterator[Problem]:
    """A record that says it was written before the one above it."""
    if before and record.at < before[-1].at:
        says = f"the clock went back: written {record.at}, after a line written {before[-1].at}"
        yield Problem(
            "clock", says, file=file, line=record.number, try_instead="check the date", severity="warning"
        )


def _torn(torn: bytes, number: int, file: str) -> Problem:
    """The end of a file that was not written to its end."""
    says = f"the last line was not written to its end ({len(torn)} bytes): a write was cut short"
    hint = "'accord forecast verify --repair' moves them aside; then add what was lost again"
    return Problem("torn", says, file=file, line=number, try_instead=hint, severity="warning")
