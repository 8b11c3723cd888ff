"""The ledger on disk: one file that only grows, safe against other writers, crashes and a full disk."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from accord.ledger.chain import Chain, Record, chain_of, sealed
from accord.problems import Problem, RunError, SituationError

Clock = Callable[[], datetime]
# What an entry needs to become a record: its kind and its body.
Entry = tuple[str, Mapping[str, Any]]
_PATIENCE = 20.0
_PAUSE = 0.02


def now() -> datetime:
    """The time, UTC."""
    return datetime.now(UTC)


def default_path(environment: Mapping[str, str] | None = None) -> Path:
    """Where the ledger lies unless told otherwise.

    ``$XDG_DATA_HOME/accord/forecasts.jsonl``; where that variable is not set, empty or not absolute,
    ``~/.local/share/accord/forecasts.jsonl`` (XDG Base Directory Specification 0.8).

    Raises
    ------
    RunError
        When nobody's home is known.
    """
    known = os.environ if environment is None else environment
    given = known.get("XDG_DATA_HOME", "")
    try:
        base = Path(given) if Path(given).is_absolute() else Path.home() / ".local" / "share"
    except RuntimeError as error:
        raise RunError("no home folder is known for the ledger; try: --ledger FILE") from error
    return base / "accord" / "forecasts.jsonl"


class Book:
    """A ledger in a file.

    Parameters
    ----------
    path : Path
        Made, with its folder, at the first append.
    clock : callable
        Gives the time, with its zone.
    patience : float
        Seconds to wait for another writer.
    """

    def __init__(self, path: Path, clock: Clock = now, patience: float = _PATIENCE) -> None:
        self.path = Path(path)
        self.clock = clock
        self.patience = patience

    def read(self) -> Chain:
        """Everything in the ledger with what is wrong with it; empty where there is none.

        Raises
        ------
        RunError
            When it cannot be read.
        """
        try:
            with self._held(os.O_RDONLY, fcntl.LOCK_SH) as handle:
                return chain_of(_content(handle), str(self.path))
        except FileNotFoundError:
            return Chain()
        except OSError as error:
            raise self._refused("cannot be read", error) from error

    def sound(self) -> Chain:
        """As :meth:`read`; SituationError with every problem when a line was changed."""
        chain = self.read()
        if chain.changed:
            raise SituationError(chain.problems)
        return chain

    def append(self, make: Callable[[Chain], Sequence[Entry]]) -> tuple[Record, ...]:
        """Add records, all or none; what is added may depend on what is there, which nobody changes meanwhile.

        Parameters
        ----------
        make : callable
            From the ledger as it is to the entries to add; none: nothing is written.

        Returns
        -------
        tuple of Record
            Written and synced to the disk.

        Raises
        ------
        SituationError
            When a line was changed, or the end is torn: a ledger that is not sound is not continued.
        RunError
            When it cannot be written, a full disk for instance; the file is then as it was.
        """
        fresh = not self.path.exists()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._held(os.O_RDWR | os.O_CREAT | os.O_APPEND, fcntl.LOCK_EX) as handle:
                chain = chain_of(_content(handle), str(self.path))
                if chain.changed or chain.torn:
                    raise SituationError(_as_errors(chain))
                records = self._sealed(chain, make(chain))
                if records:
                    _write(handle, b"".join(record.line for record in records))
            if fresh and records:
                _sync_folder(self.path.parent)
        except OSError as error:
            raise self._refused("cannot be written", error) from error
        return records

    def repair(self) -> Path | None:
        """Move a torn end into a file beside the ledger and return that; None when nothing is torn.

        Raises
        ------
        SituationError
            When a line was changed: that cannot be repaired here.
        RunError
            When the disk does not let it; the ledger is then as it was.
        """
        try:
            with self._held(os.O_RDWR, fcntl.LOCK_EX) as handle:
                raw = _content(handle)
                chain = chain_of(raw, str(self.path))
                if chain.changed:
                    raise SituationError(chain.problems)
                if not chain.torn:
                    return None
                aside = self._aside(chain.torn)
                os.ftruncate(handle, len(raw) - len(chain.torn))
                os.fsync(handle)
                return aside
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._refused("cannot be repaired", error) from error

    def _sealed(self, chain: Chain, entries: Sequence[Entry]) -> tuple[Record, ...]:
        """Entries as records, one after the other, all of one moment."""
        at = self.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        records: list[Record] = []
        for kind, body in entries:
            records.append(sealed(chain, at, kind, body, records[-1] if records else None))
        return tuple(records)

    def _aside(self, torn: bytes) -> Path:
        """Keep the torn bytes under a name that is free."""
        number = 1
        while True:
            aside = self.path.with_name(f"{self.path.name}.torn-{number}")
            try:
                with aside.open("xb") as file:
                    try:
                        file.write(torn)
                        file.flush()
                        os.fsync(file.fileno())
                    except OSError:
                        aside.unlink(missing_ok=True)
                        raise
                _sync_folder(self.path.parent)
                return aside
            except FileExistsError:
                number += 1

    @contextlib.contextmanager
    def _held(self, flags: int, lock: int) -> Iterator[int]:
        """The open file, locked against others; RunError when somebody holds it for too long."""
        handle = os.open(self.path, flags | os.O_CLOEXEC | os.O_NONBLOCK, 0o644)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                says = "a ledger is a plain file, and this is none"
                raise SituationError(
                    [Problem("ledger", says, file=str(self.path), try_instead="another name")]
                )
            self._lock(handle, lock)
            yield handle
        finally:
            os.close(handle)

    def _lock(self, handle: int, lock: int) -> None:
        """Wait for the lock; closing the file lets go of it, and so does the end of the process."""
        until = time.monotonic() + self.patience
        while True:
            try:
                fcntl.flock(handle, lock | fcntl.LOCK_NB)
                return
            except OSError as error:
                if error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN):
                    raise
                if time.monotonic() >= until:
                    says = f"{self.path}: another process has held it for {self.patience:g} seconds"
                    raise RunError(f"{says}; try: again when that one is done") from None
            time.sleep(_PAUSE)

    def _refused(self, what: str, error: OSError) -> RunError:
        """What the disk said."""
        reason = (error.strerror or str(error)).lower()
        hint = "make room" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "--ledger FILE elsewhere"
        return RunError(f"{self.path}: {what} ({reason}); try: {hint}")


def _content(handle: int) -> bytes:
    """All bytes of an open file."""
    os.lseek(handle, 0, os.SEEK_SET)
    with os.fdopen(os.dup(handle), "rb") as file:
        return file.read()


def _write(handle: int, content: bytes) -> None:
    """Append bytes and sync them; whatever fails, the file is put back to what it was."""
    size = os.fstat(handle).st_size
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    except BaseException:
        with contextlib.suppress(OSError):
            os.ftruncate(handle, size)
            os.fsync(handle)
        raise


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder last through a crash, as far as the file system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _as_errors(chain: Chain) -> list[Problem]:
    """Problems that stop an append: changed lines, and a torn end."""
    import dataclasses

    return [
        dataclasses.replace(one, severity="error")
        for one in chain.problems
        if one.severity == "error" or one.kind == "torn"
    ]
