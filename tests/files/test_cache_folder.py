"""What is kept in the user's cache folder: the same answers warm and cold, damaged or not to be written; never an error."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from accord import disk
from accord.disk import recalled, remember
from accord.files import again, text
from accord.files.node import Node
from accord.files.text import parse
from accord.library import locate

DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda raw: b"",
    "cut off": lambda raw: raw[: len(raw) // 2],
    "one bit": lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]),
    "the mark": lambda raw: bytes([raw[0] ^ 1]) + raw[1:],
    "nonsense": lambda raw: b"\x00\x01 nonsense",
}


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A cache folder of the test's own."""
    monkeypatch.setenv("ACCORD_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def files_in(folder: Path) -> list[Path]:
    """Every file below a folder."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_what_is_kept_comes_back(own_folder: Path) -> None:
    assert recalled("kind", "key") is None
    remember("kind", "key", b"some bytes")
    assert recalled("kind", "key") == b"some bytes"
    assert recalled("kind", "other") is None
    assert recalled("other", "key") is None
    remember("kind", "key", b"")
    assert recalled("kind", "key") == b""
    assert len(files_in(own_folder)) == 1, "whole files only"


@pytest.mark.parametrize("how", DAMAGE)
def test_what_is_damaged_is_not_there(own_folder: Path, how: str) -> None:
    remember("kind", "key", b"some bytes")
    (path,) = files_in(own_folder)
    path.write_bytes(DAMAGE[how](path.read_bytes()))
    assert recalled("kind", "key") is None


def test_where_nothing_can_be_written_nothing_is_kept(own_folder: Path) -> None:
    own_folder.write_text("a file where the folder should be")
    remember("kind", "key", b"some bytes")
    assert recalled("kind", "key") is None


def test_old_answers_make_room(own_folder: Path) -> None:
    for number in range(disk._MOST_KEPT + 1):
        remember("kind", str(number), b"x")
    assert len(files_in(own_folder)) <= disk._MOST_KEPT
    assert recalled("kind", str(disk._MOST_KEPT)) == b"x", "the newest stays"


def test_without_a_choice_it_is_the_users_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ACCORD_CACHE_DIR")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert disk.cache_home() == tmp_path / "accord"


# ------------------------------------------------------------------------------------------------ files read before

LARGE = "\n".join(
    [
        "accord: 1",
        "special: {number: 1.10, whole: 07, infinite: .inf, nothing: ~, empty: '', yes: true, word: 'true', text: no}",
        "list: [1, [2, 3], {a: b}, '#']",
        'quoted: "tab\\t and \\u00e9"',
        "anchor: &here {deep: [1, 2]}",
        "again: *here",
        "block: |",
        "  two",
        "  lines",
        *(f"key_{number}: {{low: {number}, high: {number}.5}}" for number in range(800)),
    ]
).encode()


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often a text was really read."""
    calls: list[int] = []
    whole = text._parsed

    def reading(data: bytes) -> tuple[Node | None, list[object]]:
        """The same, counted."""
        calls.append(len(data))
        return whole(data)  # type: ignore[return-value]

    monkeypatch.setattr(text, "_parsed", reading)
    return calls


@pytest.mark.parametrize(
    "data", [LARGE, locate("tehran-moscow-2015").read_bytes()], ids=["made up", "shipped"]
)
def test_a_file_is_read_once(counted: list[int], data: bytes) -> None:
    first, told = parse(data)
    second, again_told = parse(data)
    assert told == again_told == []
    assert first == second, "every value, line, quote and size"
    assert repr(first) == repr(second), "types as well: 1, 1.0 and true are equal"
    assert counted == [len(data)]


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_file_is_read_again(counted: list[int], own_folder: Path, how: str) -> None:
    first, _ = parse(LARGE)
    (path,) = files_in(own_folder)
    path.write_bytes(DAMAGE[how](path.read_bytes()))
    assert parse(LARGE) == (first, [])
    assert len(counted) == 2


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"[1, 2]", b"{}", b'[1, {"a": 3}, 1, 1]', b"nonsense", b"[[[["]
)
def test_content_of_another_form_is_read_again(counted: list[int], content: bytes) -> None:
    first, _ = parse(LARGE)
    remember(again._KIND, again._key(LARGE), content)
    assert parse(LARGE) == (first, [])
    assert len(counted) == 2


def test_small_files_and_those_with_problems_are_not_kept(own_folder: Path) -> None:
    assert parse(b"accord: 1")[0] is not None
    root, told = parse(LARGE + b"\naccord: 2\n")
    assert root is not None
    assert [one.kind for one in told] == ["duplicate-key"]
    assert parse(LARGE + b"\n  - broken")[1]
    assert not files_in(own_folder)
    assert parse(LARGE + b"\naccord: 2\n")[1] == told, "told again"


def test_other_bytes_are_another_file() -> None:
    assert parse(LARGE)[0] != parse(LARGE.replace(b"1.10", b"1.11"))[0]


def test_a_folder_that_cannot_be_written_changes_nothing(own_folder: Path) -> None:
    warm = parse(LARGE)
    for path in files_in(own_folder):
        path.unlink()
    for path in sorted(own_folder.rglob("*"), reverse=True):
        path.rmdir()
    own_folder.rmdir()
    own_folder.write_text("a file where the folder should be")
    assert parse(LARGE) == warm
