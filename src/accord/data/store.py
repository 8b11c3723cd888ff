"""The store of imported data: one DuckDB file, which is replaced whole or not at all.

An import writes into a copy and puts it in the place of the store at the end, so that whatever stops it (a signal, a full
disk) leaves the old store as it was.  Readers open the file for reading only.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from accord.data.catalogue import KINDS
from accord.data.kinds import Kind
from accord.disk import whole
from accord.problems import Problem, RunError, SituationError
from accord.stopping import stoppable

if TYPE_CHECKING:
    import duckdb

FORMAT = 1
_MEMORY = "600MB"


@dataclass(frozen=True, slots=True)
class Entry:
    """One imported file, as the store knows it.

    Parameters
    ----------
    number : int
    kind, file : str
        File without its folder.
    sha256 : str
    size : int
        Bytes.
    modified : date
        When the file was last changed.
    version : str
        Edition as the file or the user states it; empty when neither does.
    citation : str
    imported : datetime
        UTC.
    rows, kept, left_out, once, unknown : int
        Rows of the file; kept; left out as wrong; counted once because another says the same; kept though they name a
        state that is not known.
    digest : str
        Of the kept rows.
    """

    number: int
    kind: str
    file: str
    sha256: str
    size: int
    modified: date
    version: str
    citation: str
    imported: datetime
    rows: int
    kept: int
    left_out: int
    once: int
    unknown: int
    digest: str


_ENTRY = (
    "number BIGINT, kind VARCHAR, file VARCHAR, sha256 VARCHAR, size BIGINT, modified DATE, version VARCHAR,"
    " citation VARCHAR, imported TIMESTAMP, rows BIGINT, kept BIGINT, left_out BIGINT, once BIGINT, unknown BIGINT,"
    " digest VARCHAR"
)


def default_store() -> Path:
    """Where the store lies unless somebody says otherwise: in the user's data folder."""
    home = os.environ.get("XDG_DATA_HOME", "")
    base = Path(home) if home and Path(home).is_absolute() else Path.home() / ".local" / "share"
    return base / "accord" / "precedent.duckdb"


def _options(scratch: str) -> dict[str, str | bool | int | float | list[str]]:
    """How the database is opened: no extension from anywhere, bounded memory."""
    return {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "memory_limit": _MEMORY,
        "temp_directory": scratch,
        "threads": 2,
    }


def there(place: Path) -> bool:
    """Whether there is a file at this place; SituationError where it may not be read, or may not be looked for."""
    try:
        with place.open("rb"):
            return True
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        problem = Problem(
            "no-store", f"cannot be read ({reason})", file=str(place), try_instead="another --store"
        )
        raise SituationError([problem]) from error


@contextlib.contextmanager
def reading(store: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that only reads.

    Raises
    ------
    SituationError
        When there is no store at this place, or the file is none.
    """
    place = default_store() if store is None else Path(store)
    if not there(place):
        raise SituationError(
            [
                Problem(
                    "no-store",
                    "nothing has been imported",
                    file=str(place),
                    try_instead="accord data import FILE",
                )
            ]
        )
    with tempfile.TemporaryDirectory() as scratch, _connect(place, place, scratch, True) as base:
        yield base


@contextlib.contextmanager
def _connect(path: Path, named: Path, scratch: str, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a file that is a store (or, for writing, is none yet)."""
    import duckdb

    fresh = not path.exists()
    try:
        with stoppable():
            base = duckdb.connect(str(path), read_only=read_only, config=_options(scratch))
    except duckdb.Error as error:
        if no_room(error):
            raise _full(named) from error
        raise _no_store(named, "the file is no store of Accord, or a damaged one") from error
    try:
        with stoppable():
            base.execute("SET enable_progress_bar = false")  # it would stand among the answers
            if fresh:
                _lay_out(base)
            _check_format(base, named)
            if not read_only:
                _add_tables(base)
            yield base
    finally:
        base.close()


def _no_store(named: Path, says: str) -> SituationError:
    """A file that is no store."""
    hint = "another --store, or move the file away and import again"
    return SituationError([Problem("no-store", says, file=str(named), try_instead=hint)])


def _full(named: Path) -> RunError:
    """A store that a full disk is in the way of."""
    return RunError(
        f"{named}: cannot be written (no space left on device); try: make room, or another --store"
    )


def no_room(error: Exception) -> bool:
    """Whether an error of the database is a full disk."""
    text = str(error).lower()
    return "no space left" in text or "disk full" in text or "write all bytes" in text


def _lay_out(base: duckdb.DuckDBPyConnection) -> None:
    """Tables of an empty store."""
    base.execute("CREATE TABLE store (format BIGINT)")
    base.execute("INSERT INTO store VALUES (?)", [FORMAT])
    base.execute(f"CREATE TABLE imports ({_ENTRY})")
    base.execute("CREATE TABLE told (number BIGINT, line BIGINT, grade VARCHAR, says VARCHAR)")


def _add_tables(base: duckdb.DuckDBPyConnection) -> None:
    """Tables of the kinds of file that a store does not know yet."""
    for kind in KINDS.values():
        columns = ", ".join(f'"{name}" {type_}' for name, type_ in kind.stored)
        base.execute(f"CREATE TABLE IF NOT EXISTS {kind.table} (number BIGINT, line BIGINT, {columns})")


def _check_format(base: duckdb.DuckDBPyConnection, named: Path) -> None:
    """Refuse a database that is no store, or one of another format."""
    import duckdb

    try:
        row = base.execute("SELECT format FROM store").fetchone()
    except duckdb.Error as error:
        if no_room(error):
            raise _full(named) from error
        raise _no_store(named, "the file is a database, but no store of Accord") from error
    if row is None or row[0] != FORMAT:
        says = f"the store is of format {row[0] if row else 'none'}; this Accord reads format {FORMAT}"
        raise _no_store(named, says)


@contextlib.contextmanager
def replacing(store: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a copy of the store, which takes the store's place when the block ends well.

    Raises
    ------
    RunError
        When the place cannot be written, or another import is at work; the store stays as it was.
    SituationError
        When the file is no store.
    """
    import duckdb

    with _alone(store), tempfile.TemporaryDirectory() as scratch, whole(store) as copy:
        try:
            if there(store):
                shutil.copyfile(store, copy)
            with _connect(copy, store, scratch, False) as base:
                yield base
                base.execute("CHECKPOINT")
        except duckdb.Error as error:
            outside = (duckdb.IOException, duckdb.FatalException, duckdb.OutOfMemoryException)
            if not (no_room(error) or isinstance(error, outside)):
                raise
            reason = "no space left on device" if no_room(error) else str(error).splitlines()[0]
            raise RunError(
                f"{store}: cannot be written ({reason}); try: make room, or another --store"
            ) from error
        finally:
            copy.with_name(f"{copy.name}.wal").unlink(missing_ok=True)


@contextlib.contextmanager
def _alone(store: Path) -> Iterator[None]:
    """The only import that writes to this store; what a killed one left beside it is swept away."""
    lock = store.with_name(f".{store.name}.lock")
    with _held(store, lock):
        try:
            for left in store.parent.glob(f".{store.name}.*.part*"):
                with contextlib.suppress(OSError):
                    left.unlink()
            yield
        finally:
            with contextlib.suppress(OSError):
                lock.unlink()  # before it is let go: whoever gets hold of it then sees that it is gone, and makes another


def _held(store: Path, lock: Path) -> io.TextIOWrapper:
    """The lock file, open and locked, and in its place."""
    while True:
        try:
            lock.parent.mkdir(parents=True, exist_ok=True)
            held = lock.open("a")
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise RunError(f"{store}: cannot be written ({reason}); try: another --store") from error
        with contextlib.ExitStack() as closing:
            closing.enter_context(held)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise RunError(f"{store}: another import is at work; try: again when it is done") from error
            if _in_place(held, lock):  # the import before may have taken it away meanwhile
                closing.pop_all()
                return held


def _in_place(held: io.TextIOWrapper, path: Path) -> bool:
    """Whether an open file is the one at a path."""
    try:
        return os.path.samestat(os.fstat(held.fileno()), path.stat())
    except FileNotFoundError:
        return False


def entries(base: duckdb.DuckDBPyConnection) -> list[Entry]:
    """Every imported file, in order of kind and import."""
    return [Entry(*row) for row in base.execute("SELECT * FROM imports ORDER BY kind, number").fetchall()]


def digest(base: duckdb.DuckDBPyConnection, kind: Kind, number: int) -> str:
    """A digest of the rows of one import, whatever their order."""
    values = ", ".join(f"coalesce(CAST(\"{name}\" AS VARCHAR), '-')" for name, _ in kind.stored)
    total = f"coalesce(sum(md5_number_lower(concat_ws('|', line, {values}))), 0)::VARCHAR"
    row = base.execute(f"SELECT {total} FROM {kind.table} WHERE number = ?", [number]).fetchone()
    return str(row[0]) if row else ""
