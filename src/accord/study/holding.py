"""One run at a time into a folder: the first holds it, and another is told so."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from accord.problems import Problem, RunError, SituationError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK = ".run.lock"
# The byte that is locked where a lock keeps others from reading: far behind the process number.
_BYTE = 1 << 20


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """A block in which no other run writes into a folder, which is made; it goes again if nothing has been put there.

    The lock is the system's, on a file with the number of the process in it: it ends with the process, so that a file which a
    killed run left behind holds nobody up, whatever has that number now.  Where a file system knows no locks nothing is held.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    SituationError
        When another run writes there.
    RunError
        When the folder cannot be written.
    """
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = _taken(folder)
    except OSError as error:
        _cleared(made)
        reason = (error.strerror or str(error)).lower()
        raise RunError(f"{folder}: cannot be written ({reason}); try: another folder") from error
    try:
        yield
    finally:
        _given_back(folder / LOCK, file)
        _cleared(made)


def _taken(folder: Path) -> int:
    """The lock file, open and locked; SituationError when another process has it."""
    path = folder / LOCK
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock(file)
            # Whoever had it may have taken the file away in between: then the next one is another file.
            if _still(file, path):
                os.ftruncate(file, 0)
                os.write(file, str(os.getpid()).encode())
                return file
        except BlockingIOError:
            who = os.read(file, 20).decode("ascii", "replace").strip()
            os.close(file)
            says = f"another run writes here{f' (process {who})' if who else ''}"
            problem = Problem(
                "busy", says, file=str(folder), try_instead="another folder (--out), or wait for its end"
            )
            raise SituationError([problem]) from None
        except BaseException:
            os.close(file)
            raise
        os.close(file)


def _still(file: int, path: Path) -> bool:
    """Whether an open file is the one that a path leads to."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except OSError:
        return False


def _lock(file: int) -> None:
    """Lock an open file, now or never; BlockingIOError when another process has it."""
    try:
        if sys.platform == "win32":
            os.lseek(file, _BYTE, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except PermissionError as error:  # as Windows puts it
        raise BlockingIOError from error
    except BlockingIOError:
        raise
    except OSError:  # a file system without locks
        return
    finally:
        os.lseek(file, 0, os.SEEK_SET)


def _given_back(path: Path, file: int) -> None:
    """Take the lock file away and let go of it; the other way round where an open file cannot go."""
    if sys.platform == "win32":
        os.close(file)
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
    if sys.platform != "win32":
        os.close(file)


def _cleared(made: list[Path]) -> None:
    """Take folders away again that are empty, the innermost first."""
    for one in made:
        with contextlib.suppress(OSError):
            one.rmdir()
