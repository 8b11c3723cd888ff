"""Files that appear whole or not at all, and answers that are kept in the user's cache folder."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from accord.problems import RunError


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary path beside *path* that takes its place when the block ends well, and vanishes otherwise.

    Raises
    ------
    RunError
        When the place cannot be written; what was there before stays.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(temporary, path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        hint = "make room" if error.errno == errno.ENOSPC else "another folder"
        raise RunError(f"{path}: cannot be written ({reason}); try: {hint}") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; RunError when the place cannot be written."""
    with whole(path) as temporary:
        temporary.write_bytes(content)


# Answers of one kind that are kept; beyond that the oldest half goes.
_MOST_KEPT = 64


def cache_home() -> Path:
    """The folder of what can be worked out again: what ``ACCORD_CACHE_DIR`` names, or ``accord`` in the user's cache."""
    chosen = os.environ.get("ACCORD_CACHE_DIR")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "accord"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "accord"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "accord"


def recalled(kind: str, key: str) -> bytes | None:
    """What :func:`remember` kept under this key; None when there is nothing, or it is damaged or cannot be read."""
    try:
        held = _place(kind, key).read_bytes()
    except (OSError, RuntimeError):  # RuntimeError: there is no home
        return None
    mark, content = held[:_MARK], held[_MARK:]
    return content if mark == hashlib.sha256(content).digest() else None


def remember(kind: str, key: str, content: bytes) -> None:
    """Keep an answer for later runs; where nothing can be written they work it out again.

    Parameters
    ----------
    kind : str
        A folder of its own.
    key : str
        Everything that the answer depends on, versions and sources included.
    content : bytes
    """
    with contextlib.suppress(OSError, RuntimeError, RunError):
        path = _place(kind, key)
        write_bytes(path, hashlib.sha256(content).digest() + content)
        others = sorted(path.parent.glob("*.kept"), key=lambda one: one.stat().st_mtime)
        if len(others) > _MOST_KEPT:
            for old in others[: len(others) // 2]:
                old.unlink(missing_ok=True)


_MARK = hashlib.sha256().digest_size


def _place(kind: str, key: str) -> Path:
    """Where an answer is kept."""
    return cache_home() / kind / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.kept"
