"""Files into the store: all of them or none."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from accord.data.checking import Told, check, identity, insert
from accord.data.kinds import Kind, head
from accord.data.reading import load
from accord.data.source import Source, examine, kind_of
from accord.data.states import needs_library
from accord.data.store import Entry, default_store, digest, entries, reading, replacing, there
from accord.problems import Problem, SituationError

if TYPE_CHECKING:
    import duckdb


# A file that would replace one with more than so many times its rows may be an extract of it.
_EXTRACT = 2


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file.

    Parameters
    ----------
    path : Path
    entry : Entry
    already : bool
        Whether the store held the same file, so that nothing changed.
    replaced : tuple of str
        Files of the kind whose place it took.
    told : tuple of Told
        Every row that was not simply kept.
    """

    path: Path
    entry: Entry
    already: bool
    replaced: tuple[str, ...]
    told: tuple[Told, ...]


def import_files(
    paths: Sequence[Path],
    kind: str | None = None,
    store: Path | None = None,
    encoding: str = "utf-8",
    version: str = "",
    strict: bool = False,
    replace: bool = False,
) -> list[Imported]:
    """Import files into the store.

    Parameters
    ----------
    paths : sequence of Path
    kind : str, optional
        Name of the kind of every file; told from the header when left out.
    store : Path, optional
        The user's data folder when left out.
    encoding : str
        Of text files without a byte order mark.
    version : str
        Edition, where files do not state it.
    strict : bool
        Whether one row that is wrong is enough to import nothing.
    replace : bool
        Whether a file may take the place of one with more than twice as many rows, of which it may be an extract.

    Raises
    ------
    SituationError
        Every file that cannot be imported; then none is.
    RunError
        When the store cannot be written; it stays as it was.
    """
    place = default_store() if store is None else Path(store)
    with tempfile.TemporaryDirectory() as scratch:
        sources = _examined(paths, kind, encoding, Path(scratch))
        known = _known(place)
        if all(_same(known.get((one.sha256, found.name)), version) for one, found in sources):
            return [Imported(one.path, known[one.sha256, found.name], True, (), ()) for one, found in sources]
        if any(found.by_name for _, found in sources):
            needs_library()
        with replacing(place) as base:
            done: list[Imported] = []
            problems: list[Problem] = []
            for one, found in sources:
                try:
                    done.append(_import(base, one, found, version, strict, replace))
                except SituationError as error:
                    problems += error.problems
            if problems:
                raise SituationError(problems)
            return done


def _examined(
    paths: Sequence[Path], kind: str | None, encoding: str, scratch: Path
) -> list[tuple[Source, Kind]]:
    """Every file with its kind; SituationError with the problems of all that have none."""
    found: list[tuple[Source, Kind]] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            source = examine(path, encoding, scratch)
            found.append((source, kind_of(source, kind)))
        except SituationError as error:
            problems += error.problems
    if problems:
        raise SituationError(problems)
    return found


def _known(place: Path) -> dict[tuple[str, str], Entry]:
    """What the store holds, by hash and kind."""
    if not there(place):
        return {}
    with reading(place) as base:
        return {(entry.sha256, entry.kind): entry for entry in entries(base)}


def _import(
    base: duckdb.DuckDBPyConnection, source: Source, kind: Kind, version: str, strict: bool, replace: bool
) -> Imported:
    """One file into the open store."""
    held = [entry for entry in entries(base) if entry.kind == kind.name]
    again = [entry for entry in held if entry.sha256 == source.sha256]
    for entry in again:
        if _same(entry, version):
            return Imported(source.path, entry, True, (), ())
    _take_out(base, kind, again)  # the same file with another edition stated
    order, places, lists = _layout(source, kind)
    faults = load(base, source, places, kind.quoted)
    told = [Told(line, "left out", says) for line, says in faults] + check(base, kind, order, lists)
    if kind.adds:
        told += _there_already(base, kind)
    told.sort()
    count = base.execute("SELECT count(*) FROM raw").fetchone()
    rows = (int(count[0]) if count else 0) + len(faults)
    _refuse(source, rows, told, strict)
    replaced = [] if kind.adds else [entry for entry in held if entry not in again]
    if not replace:
        _refuse_extract(source, rows, replaced)
    _take_out(base, kind, replaced)
    entry = _write(base, source, kind, version, rows, told)
    return Imported(source.path, entry, False, tuple(one.file for one in replaced), tuple(told))


def _same(entry: Entry | None, version: str) -> bool:
    """Whether a file is in the store as it is wanted: the same bytes, and no other edition stated."""
    return entry is not None and version in ("", entry.version)


def _take_out(base: duckdb.DuckDBPyConnection, kind: Kind, held: Sequence[Entry]) -> None:
    """Imports out of the store."""
    for entry in held:
        for table in (kind.table, "told", "imports"):
            base.execute(f"DELETE FROM {table} WHERE number = ?", [entry.number])


def _layout(source: Source, kind: Kind) -> tuple[list[str], list[int], dict[str, list[int]]]:
    """Names of the raw columns in order, where they stand in the file, and which of them each list gathers."""
    found = kind.found(source.header)
    order, places = list(found), list(found.values())
    lists: dict[str, list[int]] = {}
    for name, pattern in kind.gather:
        wanted = [n for n, text in enumerate(source.header) if re.fullmatch(pattern, head(text))]
        lists[name] = list(range(len(places), len(places) + len(wanted)))
        order += [f"{name}[{n}]" for n in range(len(wanted))]
        places += wanted
    return order, places, lists


def _there_already(base: duckdb.DuckDBPyConnection, kind: Kind) -> list[Told]:
    """Rows of ``good`` whose key an earlier file brought: taken out, and told."""
    key = identity(kind)
    rows = base.execute(
        f"SELECT g.line, min(i.file) FROM (SELECT line, {key} AS k FROM good) g"
        f" JOIN (SELECT number, {key} AS k FROM {kind.table}) t USING (k) JOIN imports i USING (number) GROUP BY g.line"
    ).fetchall()
    if rows:
        base.execute(f"DELETE FROM good WHERE {key} IN (SELECT {key} FROM {kind.table})")
    return [Told(line, "counted once", f"there already, from {file}") for line, file in rows]


def _refuse(source: Source, rows: int, told: Sequence[Told], strict: bool) -> None:
    """Refuse a file without a row that is right, and with *strict* one with a row that is wrong."""
    wrong = [one for one in told if one.grade == "left out"]
    if rows and not (strict and wrong) and len(wrong) < rows:
        return
    if not rows:
        says = "the file has a header and no row"
        raise SituationError(
            [Problem("no-rows", says, file=str(source.path), try_instead="download it again")]
        )
    raise SituationError(
        [Problem("bad-row", one.says, file=str(source.path), line=one.line) for one in wrong]
    )


def _refuse_extract(source: Source, rows: int, replaced: Sequence[Entry]) -> None:
    """Refuse to put a file in the place of one with more than twice as many rows: it may be a part of it."""
    before = sum(entry.rows for entry in replaced)
    if _EXTRACT * rows >= before:
        return
    names = ", ".join(entry.file for entry in replaced)
    says = (
        f"its {rows:,} rows would take the place of the {before:,} of {names}: a file of a kind replaces the one before, and"
        " does not add to it"
    )
    hint = "--replace if that is meant, or another --store"
    raise SituationError([Problem("extract", says, file=str(source.path), try_instead=hint)])


def _write(
    base: duckdb.DuckDBPyConnection, source: Source, kind: Kind, version: str, rows: int, told: Sequence[Told]
) -> Entry:
    """The rows of ``good`` and what is told of the others, under a new number."""
    last = base.execute("SELECT coalesce(max(number), 0) FROM imports").fetchone()
    number = (int(last[0]) if last else 0) + 1
    names = ", ".join(f'"{name}"' for name, _ in kind.stored)
    base.execute(f"INSERT INTO {kind.table} SELECT {number}, line, {names} FROM good ORDER BY line")
    insert(base, "told", [(number, one.line, one.grade, one.says) for one in told])
    kept = base.execute("SELECT count(*) FROM good").fetchone()
    grades = {
        grade: len({one.line for one in told if one.grade == grade})
        for grade in ("left out", "counted once", "state unknown")
    }
    if rows != (int(kept[0]) if kept else 0) + grades["left out"] + grades["counted once"]:
        raise AssertionError(f"{source.path}: of {rows} rows some were neither kept nor told")
    entry = Entry(
        number,
        kind.name,
        source.path.name,
        source.sha256,
        source.size,
        source.modified,
        version or _edition(base, kind),
        kind.citation,
        datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        rows,
        int(kept[0]) if kept else 0,
        grades["left out"],
        grades["counted once"],
        grades["state unknown"],
        digest(base, kind, number),
    )
    values = [getattr(entry, name) for name in Entry.__dataclass_fields__]
    base.execute(f"INSERT INTO imports VALUES ({', '.join('?' for _ in values)})", values)
    return entry


def _edition(base: duckdb.DuckDBPyConnection, kind: Kind) -> str:
    """The edition that the rows state, when they all state the same."""
    if not kind.version:
        return ""
    found = base.execute(
        f'SELECT DISTINCT "{kind.version}" FROM typed WHERE "{kind.version}" IS NOT NULL LIMIT 2'
    ).fetchall()
    if len(found) != 1:
        return ""
    text = str(found[0][0])
    try:  # a number that went through single precision: 4.0100002
        return f"{float(text):.6g}"
    except ValueError:
        return text
