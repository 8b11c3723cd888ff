"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
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
