"""The file: only appended to, whole lines or nothing, whatever fails in between."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from accord.ledger import book as module
from accord.ledger.book import Book, default_path
from accord.problems import RunError, SituationError

NOTE = [("note", {"n": 1})]
START = """
import os, signal, sys, datetime
from pathlib import Path
from accord.ledger import book as module
book = module.Book(Path(sys.argv[1]), patience=60.0)
"""


def child(code: str, *words: str, **how: Any) -> subprocess.Popen[str]:
    """A process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", START + code, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **how,
    )


def ended(process: subprocess.Popen[str]) -> int:
    """The status of a process that has ended."""
    process.communicate(timeout=120)
    return process.returncode


def test_the_folder_is_made_and_lines_are_added(book: Book) -> None:
    first = book.append(lambda chain: NOTE)
    before = book.path.read_bytes()
    second = book.append(lambda chain: [("note", {"n": len(chain.records)}), ("note", {})])
    assert [one.number for one in (*first, *second)] == [1, 2, 3]
    assert book.path.read_bytes().startswith(before)
    assert not book.read().problems


def test_nothing_to_add_writes_nothing(book: Book) -> None:
    book.append(lambda chain: NOTE)
    before = book.path.read_bytes()
    assert book.append(lambda chain: []) == ()
    assert book.path.read_bytes() == before


def test_a_ledger_that_is_not_there_is_empty(book: Book) -> None:
    assert book.read().records == ()
    assert not book.path.exists()
    assert book.repair() is None


def test_a_torn_end_stops_appends_until_it_is_moved_aside(book: Book) -> None:
    book.append(lambda chain: NOTE)
    sound = book.path.read_bytes()
    book.path.write_bytes(sound + b'{"at":"20')
    with pytest.raises(SituationError, match=r"verify --repair"):
        book.append(lambda chain: NOTE)
    assert book.path.read_bytes() == sound + b'{"at":"20'
    aside = book.repair()
    assert aside is not None
    assert aside.read_bytes() == b'{"at":"20'
    assert book.path.read_bytes() == sound
    assert book.append(lambda chain: NOTE)[0].number == 2
    assert book.repair() is None


def test_two_torn_ends_are_kept_apart(book: Book) -> None:
    book.append(lambda chain: NOTE)
    kept = []
    for torn in (b"one", b"two"):
        with book.path.open("ab") as file:
            file.write(torn)
        kept.append(book.repair())
    assert [path.read_bytes() for path in kept if path] == [b"one", b"two"]


def test_a_changed_ledger_is_neither_continued_nor_repaired(book: Book) -> None:
    book.append(lambda chain: [*NOTE, *NOTE])
    changed = book.path.read_bytes().replace(b'"n":1', b'"n":2', 1) + b"torn"
    book.path.write_bytes(changed)
    for job in (lambda: book.append(lambda chain: NOTE), book.repair, book.sound):
        with pytest.raises(SituationError, match=r"forecasts.jsonl:1: .*line was changed"):
            job()
    assert book.path.read_bytes() == changed


class Full:
    """A disk that takes so many bytes more, and then says that it is full."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.write = os.write

    def __call__(self, handle: int, content: bytes) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken = self.write(handle, bytes(content[: self.room]))
        self.room -= taken
        return taken


@pytest.mark.parametrize("room", [0, 1, 100])
def test_a_full_disk_leaves_the_file_as_it_was(
    book: Book, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.append(lambda chain: NOTE)
    before = book.path.read_bytes()
    monkeypatch.setattr(module.os, "write", Full(room))
    with pytest.raises(RunError, match=r"no space left on device.*make room"):
        book.append(lambda chain: NOTE)
    assert book.path.read_bytes() == before


def test_a_full_disk_at_the_sync_leaves_the_file_as_it_was(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.append(lambda chain: NOTE)
    before, sync, calls = book.path.read_bytes(), os.fsync, []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(handle)

    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(RunError, match="make room"):
        book.append(lambda chain: NOTE)
    assert book.path.read_bytes() == before


def test_ctrl_c_in_a_write_leaves_the_file_as_it_was(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    book.append(lambda chain: NOTE)
    before, write = book.path.read_bytes(), os.write

    def stopped(handle: int, content: bytes) -> int:
        write(handle, bytes(content[:9]))
        raise KeyboardInterrupt

    monkeypatch.setattr(module.os, "write", stopped)
    with pytest.raises(KeyboardInterrupt):
        book.append(lambda chain: NOTE)
    assert book.path.read_bytes() == before


def test_a_repair_on_a_full_disk_loses_nothing(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    book.append(lambda chain: NOTE)
    with book.path.open("ab") as file:
        file.write(b"torn")
    before = book.path.read_bytes()

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(RunError, match="make room"):
        book.repair()
    assert book.path.read_bytes() == before
    assert list(book.path.parent.iterdir()) == [book.path]


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no tiny file system can be mounted here (needs root)")
    try:
        book = Book(place / "f.jsonl")
        book.append(lambda chain: NOTE)
        before = book.path.read_bytes()
        with pytest.raises(RunError, match="make room"):
            book.append(lambda chain: [("note", {"text": "x" * 100_000})])
        assert book.path.read_bytes() == before
        assert len(book.append(lambda chain: NOTE)) == 1
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_killed_in_the_middle_of_a_write(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    code = """
book.append(lambda chain: [("note", {"n": 1})])
write = os.write
def half(handle, content):
    write(handle, bytes(content[:len(content) // 2]))
    os.kill(os.getpid(), signal.SIGKILL)
module.os.write = half
book.append(lambda chain: [("note", {"n": 2})])
"""
    assert ended(child(code, str(path))) == -signal.SIGKILL
    book = Book(path)
    chain = book.read()
    assert [one.body["n"] for one in chain.records] == [1]
    assert chain.torn.startswith(b'{"at":')
    assert not chain.changed
    assert book.repair() is not None
    assert book.append(lambda chain: [("note", {"n": 2})])[0].number == 2


@pytest.mark.slow
def test_killed_anywhere_nothing_that_was_confirmed_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    code = """
for n in range(100000):
    print(book.append(lambda chain: [("note", {"text": "x" * 3000})])[0].number, flush=True)
"""
    for wait in (0.05, 0.2):
        writer = child(code, str(path))
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(wait)
        writer.kill()
        confirmed = [int(line) for line in writer.communicate()[0].split()]
        book = Book(path)
        chain = book.read()
        assert not chain.changed
        assert len(chain.records) >= max(confirmed, default=1)
        book.repair()
        assert not book.read().problems


def test_two_writers_at_once_make_one_chain(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    code = """
for n in range(25):
    book.append(lambda chain: [("note", {"who": sys.argv[2], "n": n})])
"""
    writers = [child(code, str(path), who) for who in "ab"]
    assert [ended(writer) for writer in writers] == [0, 0]
    chain = Book(path).read()
    assert not chain.problems
    assert len(chain.records) == 50
    for who in "ab":
        assert [one.body["n"] for one in chain.records if one.body["who"] == who] == list(range(25))


def test_a_ledger_that_somebody_holds_is_told(book: Book) -> None:
    book.append(lambda chain: NOTE)
    impatient = Book(book.path, book.clock, patience=0.1)
    with book.path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(RunError, match="another process has held it"):
            impatient.append(lambda chain: NOTE)
        with pytest.raises(RunError, match="another process has held it"):
            impatient.read()


@pytest.mark.parametrize("kind", ["folder", "fifo"])
def test_what_is_no_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "f.jsonl"
    if kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    book = Book(path)
    for job in (book.read, lambda: book.append(lambda chain: NOTE)):
        with pytest.raises((RunError, SituationError), match=r"f\.jsonl"):
            job()


def test_a_clock_that_went_back_still_writes(book: Book, clock: Any) -> None:
    book.append(lambda chain: NOTE)
    clock.on("2015-06-01")
    book.append(lambda chain: NOTE)
    assert [one.kind for one in book.read().problems] == ["clock"]
    assert len(book.sound().records) == 2


def test_where_the_ledger_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    home = tmp_path / ".local" / "share" / "accord" / "forecasts.jsonl"
    assert default_path({}) == home
    assert default_path({"XDG_DATA_HOME": ""}) == home
    assert default_path({"XDG_DATA_HOME": "not/absolute"}) == home
    assert default_path({"XDG_DATA_HOME": str(tmp_path)}) == tmp_path / "accord" / "forecasts.jsonl"
