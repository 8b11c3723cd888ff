"""A system that refuses at any call of an append: one message, and the ledger is as it was."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from accord.ledger.book import Book
from accord.problems import RunError

NOTE = [("note", {"n": 1})]
CALLS = ("open", "write", "fsync")
CODES = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EIO)


@pytest.mark.parametrize("code", CODES, ids=lambda code: errno.errorcode[code])
@pytest.mark.parametrize("call", CALLS)
def test_at_any_call(book: Book, monkeypatch: pytest.MonkeyPatch, call: str, code: int) -> None:
    book.append(lambda chain: NOTE)
    before = book.path.read_bytes()

    def fails(*_: Any, **__: Any) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(f"accord.ledger.book.os.{call}", fails)
    with pytest.raises(RunError) as error:
        book.append(lambda chain: NOTE)
    monkeypatch.undo()
    hint = "make room" if code in (errno.ENOSPC, errno.EDQUOT) else "--ledger FILE elsewhere"
    assert str(error.value) == f"{book.path}: cannot be written ({os.strerror(code).lower()}); try: {hint}"
    assert book.path.read_bytes() == before
    assert len(book.append(lambda chain: NOTE)) == 1


@pytest.mark.parametrize("call", CALLS)
def test_a_first_record_that_cannot_be_written_is_none(
    book: Book, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(f"accord.ledger.book.os.{call}", full)
    with pytest.raises(RunError, match="make room"):
        book.append(lambda chain: NOTE)
    monkeypatch.undo()
    assert book.read().records == ()


@pytest.mark.parametrize("room", range(0, 200, 7))
def test_a_record_that_fits_in_part_is_taken_back(
    book: Book, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    """The disk is full after so many bytes of the line."""
    book.append(lambda chain: NOTE)
    before, write, left = book.path.read_bytes(), os.write, [room]

    def full(handle: int, content: Any) -> int:
        if not left[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken = write(handle, bytes(content[: left[0]]))
        left[0] -= taken
        return taken

    monkeypatch.setattr("accord.ledger.book.os.write", full)
    with pytest.raises(RunError, match=r"no space left on device.*make room"):
        book.append(lambda chain: [("note", {"text": "x" * 200})])
    assert book.path.read_bytes() == before


def test_a_ledger_in_a_folder_that_may_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(
        RunError, match=r"cannot be written \(permission denied\); try: --ledger FILE elsewhere"
    ):
        Book(tmp_path / "closed" / "f.jsonl").append(lambda chain: NOTE)
