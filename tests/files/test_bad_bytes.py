"""Files that are no text, text in other encodings, and no files at all: each with its exact message."""

from __future__ import annotations

import errno
import gzip
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

import accord
from accord.cli import main
from accord.files.text import MOST_BYTES

GOOD = (Path(__file__).parent / "good" / "minimal.yaml").read_bytes()
TEXT = GOOD.decode()
BINARY = (
    "the file is binary, not text; expected a YAML or JSON text file in UTF-8; "
    "try: for a spreadsheet use the ending .xlsx"
)
UTF16 = "the file is encoded as UTF-16 or UTF-32; expected UTF-8; try: save it as 'UTF-8' in your editor"


def not_utf8(line: int, byte: str) -> str:
    """The message about one byte."""
    says = f"a character on this line is not UTF-8 (byte {byte})"
    return f"{line}: {says}; expected UTF-8; try: save it as 'UTF-8' in your editor"


def unseen(line: int, code: str) -> str:
    """The message about one invisible character."""
    return f"{line}: an invisible character (code {code}); expected plain text; try: delete it"


FILES: dict[str, tuple[bytes, str]] = {
    "utf16_little": (b"\xff\xfe" + TEXT.encode("utf-16-le"), UTF16),
    "utf16_big": (b"\xfe\xff" + TEXT.encode("utf-16-be"), UTF16),
    "utf16_unmarked": (TEXT.encode("utf-16-le"), UTF16),
    "utf32": (TEXT.encode("utf-32"), UTF16),
    "latin1": (TEXT.replace("South", "Süd").encode("latin-1"), not_utf8(2, "0xfc; in Latin-1 that is 'ü'")),
    "windows": (TEXT.replace("and", "\u2013").encode("cp1252"), not_utf8(2, "0x96")),
    "cut_in_a_character": ((TEXT + "about: café").encode()[:-1], not_utf8(9, "0xc3; in Latin-1 that is 'Ã'")),
    "surrogate": (
        TEXT.replace("North", "\ud800").encode("utf-8", "surrogatepass"),
        not_utf8(2, "0xed; in Latin-1 that is 'í'"),
    ),
    "overlong": (b"accord: \xc0\xb1\n", not_utf8(1, "0xc0; in Latin-1 that is 'À'")),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x80", BINARY),
    "archive": (b"PK\x03\x04\x14\x00\x00\x00\x08\x00sheet.xml", BINARY),
    "packed": (gzip.compress(GOOD, mtime=0), BINARY),
    "document": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", BINARY),
    "zeros": (b"\x00" * 40, BINARY),
    "noise": (bytes(range(256)), BINARY),
    "nul_in_text": (GOOD.replace(b"North", b"No\x00rth"), unseen(2, "0x00")),
    "nul_at_end": (GOOD + b"\x00", unseen(9, "0x00")),
    "bell": (GOOD.replace(b"North", b"\x07North"), unseen(2, "0x07")),
    "terminal_codes": (GOOD.replace(b"North", b"\x1b[31mNorth"), unseen(2, "0x1b")),
    "delete": (GOOD.replace(b"North", b"\x7fNorth"), unseen(2, "0x7f")),
    "c1": (TEXT.replace("North", "\u0091North").encode(), unseen(2, "0x91")),
    "form_feed": (GOOD + b"\x0c\n", unseen(9, "0x0c")),
    "no_character": (TEXT.replace("North", "\uffff").encode(), unseen(2, "0xffff")),
    "mark_inside": (TEXT.replace("as_of", "\ufeffas_of").encode(), unseen(3, "0xfeff")),
    "two_marks": (b"\xef\xbb\xbf" * 2 + GOOD, unseen(1, "0xfeff")),
    "no_width": (TEXT.replace("kind", "ki\u200bnd", 1).encode(), unseen(5, "0x200b")),
    "hard_blank": (
        TEXT.replace("title: ", "title:\u00a0").encode(),
        "2: the blank after ':' is a non-breaking one; expected 'key: value'; try: replace it by an ordinary blank",
    ),
    "too_large": (
        GOOD + b"# padding\n" * (MOST_BYTES // 10),
        "the file is too large; expected at most 8,388,608 bytes; try: keep raw data out of the situation file",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_bytes_that_are_no_situation(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data, told = FILES[name]
    Path("odd.yaml").write_bytes(data)
    found = CliRunner().invoke(main, ["check", "odd.yaml"])
    gap = "" if told[0].isdigit() else " "
    assert found.stderr == f"odd.yaml:{gap}{told}\nodd.yaml: 1 error, no warnings\n"
    assert (found.stdout, found.exit_code) == ("", 2)
    assert Path("odd.yaml").read_bytes() == data


LISTED = "try: 'accord cases' lists the shipped ones"
UNOPENED = "try: check its name and permissions"
MESSAGES = {
    "nowhere": f"nowhere: neither a shipped case nor a file; {LISTED}",
    "tehran-moskow": "tehran-moskow: neither a shipped case nor a file; try: did you mean 'tehran-moscow-2015'?",
    "elsewhere_entirely.yaml": f"elsewhere_entirely.yaml: there is no such file; {LISTED}",
    "norht.yaml": "norht.yaml: there is no such file; try: did you mean 'north.yaml'?",
    "full/norht.yaml": "full/norht.yaml: there is no such file; try: did you mean 'full/north.yaml'?",
    "full": "full: this is a folder; expected a file; try: did you mean 'full/north.yaml'?",
    "": "the name of the file is empty; try: 'accord cases' lists the shipped ones",
    "gone/north.yaml": f"gone/north.yaml: there is no such file; {LISTED}",
    "folder": "folder: this is a folder; expected a file; try: name the .yaml file in it",
    "folder.yaml": "folder.yaml: this is a folder; expected a file; try: name the .yaml file in it",
    "north.yaml/in.yaml": f"north.yaml/in.yaml: it cannot be opened (not a directory); {UNOPENED}",
    "n" * 300 + ".yaml": "n" * 300 + f".yaml: it cannot be opened (file name too long); {UNOPENED}",
}


@pytest.mark.parametrize("name", MESSAGES)
def test_no_file(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if name.startswith("tehran") and "tehran-moscow-2015" not in accord.list_cases():
        pytest.skip("the case is not shipped")
    monkeypatch.chdir(tmp_path)
    Path("north.yaml").write_bytes(GOOD)
    Path("folder").mkdir()
    Path("folder.yaml").mkdir()
    Path("full").mkdir()
    Path("full/north.yaml").write_bytes(GOOD)
    found = CliRunner().invoke(main, ["check", name])
    assert found.stderr == f"{MESSAGES[name]}\n{name}: 1 error, no warnings\n"
    assert (found.stdout, found.exit_code) == ("", 2)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.EACCES, "permission denied"),
        (errno.EIO, "input/output error"),
        (errno.ELOOP, "too many levels of symbolic links"),
    ],
)
def test_a_file_that_cannot_be_opened(
    number: int, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("north.yaml").write_bytes(GOOD)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "open", refuse)
    [problem] = accord.check("north.yaml")
    assert str(problem) == f"north.yaml: it cannot be opened ({reason}); try: check its name and permissions"


def test_a_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    [problem] = accord.check("north.yaml")
    assert str(problem) == "north.yaml: there is no such file; try: 'accord cases' lists the shipped ones"


def test_a_name_that_no_file_can_have() -> None:
    [problem] = accord.check("no\0rth.yaml")
    assert problem.says == "it cannot be opened (not a file name)"


@pytest.mark.parametrize("path", ["good/minimal.yaml", "good/rich.yaml"])
@pytest.mark.parametrize("how", ["mark", "crlf", "cr", "no_last_newline"])
def test_spellings_of_the_same_text(path: str, how: str, tmp_path: Path) -> None:
    data = (Path(__file__).parent / path).read_bytes()
    spelled = {
        "mark": b"\xef\xbb\xbf" + data,
        "crlf": data.replace(b"\n", b"\r\n"),
        "cr": data.replace(b"\n", b"\r"),
        "no_last_newline": data.rstrip(),
    }[how]
    file = tmp_path / "spelled.yaml"
    file.write_bytes(spelled)
    assert accord.read(file).digest == accord.read(Path(__file__).parent / path).digest


def test_an_endless_file_is_not_read_to_its_end() -> None:
    endless = Path("/dev/zero")
    if not endless.exists():
        pytest.skip("no endless file here")
    assert [problem.kind for problem in accord.check(endless)] == ["too-large"]
