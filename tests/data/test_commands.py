"""``accord data ...``, word for word."""

import gzip
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from accord.cli import main

sys.path.insert(0, str(Path(__file__).parent))  # the samples are beside the tests
from native_samples import ALLIANCES, NMC, VOTES


@pytest.fixture
def run(store, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))

    def called(*arguments):
        done = CliRunner().invoke(main, ["data", *arguments])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.stdout, done.stderr

    return called


def test_import_tells_what_it_did(run, write, tmp_path) -> None:
    write("nmc.csv", NMC + "7,x,1,1,1,1,1,1,0.5,6.0\n")
    assert run("import", "nmc.csv") == (
        0,
        "nmc.csv: nmc, edition 6, 2 of 3 rows kept; 1 left out as wrong\n",
        "nmc.csv:4: left out: year: 'x' is no whole number\n",
    )
    assert (tmp_path / "home" / "accord" / "precedent.duckdb").exists()
    status, out, err = run("import", "nmc.csv")
    assert (status, err) == (0, "")
    assert out.startswith("nmc.csv: already there (nmc, imported ")
    write("nmc2.csv", NMC)
    assert run("import", "nmc2.csv")[1] == (
        "nmc2.csv: nmc, edition 6, 2 of 2 rows kept; takes the place of nmc.csv\n"
    )
    assert run("import", "--strict", "nmc.csv") == (2, "", "nmc.csv:4: year: 'x' is no whole number\n")


def test_import_refuses(run, write, store) -> None:
    write("a.csv", "a,b\n1,2\n")
    write("latin.csv", b"rcid,country,vote\n1,C\xf4te d'Ivoire,yes\n")
    status, out, err = run("import", "a.csv", "latin.csv", "none.csv")
    assert (status, out) == (2, "")
    first, second, third = err.splitlines()
    assert first.startswith(
        "a.csv:1: the header (a, b) is that of no kind of file that is known; expected one of"
    )
    assert second == (
        "latin.csv:2: byte 0xf4 is not UTF-8; expected text in UTF-8;"
        " try: --encoding latin-1 (or cp1252), or save it as UTF-8"
    )
    assert third == "none.csv: cannot be read (no such file or directory)"
    assert run("import", "latin.csv", "--encoding", "latin-1")[0] == 0
    assert run("import", "latin.csv", "--encoding", "klingon")[2] == (
        "no encoding is called 'klingon'; expected for instance utf-8, latin-1, cp1252, utf-16\n"
    )
    assert run("import", "a.csv", "--kind", "foo")[0] == 2


PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01"


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        pytest.param("a.png", PICTURE, "the file is binary, not text", id="a.png"),
        pytest.param(
            "a.bin", b"a,b\n" + bytes(range(1, 32)) * 3 + b"\xff", "the file is binary, not text", id="a.bin"
        ),
        pytest.param(
            "votes.csv.gz",
            gzip.compress(VOTES.encode(), mtime=0),
            "the file is packed with gzip",
            id="votes.csv.gz",
        ),
        pytest.param(
            "a.xlsx", b"PK\x03\x04\x14\x00", "the file is a workbook or packed with zip", id="a.xlsx"
        ),
        pytest.param("a.csv.bz2", b"BZh91AY&SY\xff", "the file is packed with bzip2", id="a.csv.bz2"),
        pytest.param("a.csv.xz", b"\xfd7zXZ\x00\x00", "the file is packed with xz", id="a.csv.xz"),
        pytest.param("a.csv.zst", b"\x28\xb5\x2f\xfd\x04", "the file is packed with zstd", id="a.csv.zst"),
        pytest.param("a.7z", b"7z\xbc\xaf\x27\x1c", "the file is packed with 7-Zip", id="a.7z"),
        pytest.param(
            "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "the file is a workbook of the old kind", id="a.xls"
        ),
    ],
)
def test_what_is_no_text_is_called_so(run, write, name, content, says, encoding) -> None:
    if (name, encoding) == ("a.bin", "latin-1"):
        pytest.skip("every byte but 0 is a character of latin-1")
    write(name, content)
    status, out, err = run("import", name, "--encoding", encoding)
    assert (status, out) == (2, "")
    assert err.startswith(f"{name}: {says}; expected values between commas or tabs")
    assert "latin-1" not in err
    if "packed" in says:
        assert "; try: " in err
        assert "unpack it first (" in err


def test_text_of_another_encoding_is_not_called_binary(run, write) -> None:
    write("latin.csv", b"rcid,country,vote\r\n" + b"1,C\xf4te d'Ivoire,yes\r\n" * 50 + b"\x1a")
    assert "byte 0xf4 is not UTF-8" in run("import", "latin.csv")[2]
    write("wide.csv", VOTES.encode("utf-16-le"))  # no byte order mark
    assert "the file is binary, not text" in run("import", "wide.csv")[2]


def test_list_and_verify(run, write, tmp_path) -> None:
    status, _, err = run("list")
    assert status == 2
    assert err.endswith("precedent.duckdb: nothing has been imported; try: accord data import FILE\n")
    write("votes.csv", VOTES + "3,,Xyzzy,no\n")
    run("import", "votes.csv")
    today = datetime.fromtimestamp((tmp_path / "votes.csv").stat().st_mtime, UTC).date()
    status, out, _ = run("list", "--rows")
    assert status == 0
    assert "un-votes: votes.csv\n  edition   not stated\n  imported  " in out
    assert f" UTC; the file was last written to on {today}\n  rows      5" in out
    assert "  rows      5 of 5 kept; 0 left out, 0 counted once, 1 with a state not known\n" in out
    assert "  votes.csv:6: state unknown: ccode: no state of the COW list is known as 'Xyzzy'" in out
    (record,) = json.loads(run("list", "--json")[1])
    assert (record["kind"], record["kept"], len(record["told"])) == ("un-votes", 5, 1)
    assert run("verify") == (0, "every import is as it came\n", "")


def test_a_long_list_is_cut_and_says_so(run, write) -> None:
    write("votes.csv", VOTES + "".join(f"{n},,Xyzzy,no\n" for n in range(30)))
    err = run("import", "votes.csv")[2].splitlines()
    assert len(err) == 21
    assert err[-1] == "votes.csv: state unknown: 10 more; all of them: accord data list --rows"


def test_json(run, write) -> None:
    write("nmc.csv", NMC)
    (record,) = json.loads(run("import", "nmc.csv", "--json")[1])
    assert (record["kind"], record["already"], record["rows"], record["told"]) == ("nmc", False, 2, [])


def test_kinds(run) -> None:
    assert (
        "\nnmc            COW National Material Capabilities, one row a state and year\n" in run("kinds")[1]
    )
    out = run("kinds", "nmc")[1]
    assert "  cinc                                     number from 0 to 1; needed\n" in out


def test_aggregate(run, write) -> None:
    assert run("aggregate")[0] == 2
    write("nmc.csv", NMC)
    run("import", "nmc.csv")
    assert run("aggregate") == (2, "", "nothing that base rates are made from has been imported\n")
    write("atop.csv", ALLIANCES)
    run("import", "atop.csv")
    status, out, _ = run("aggregate")
    assert status == 1  # the same edition, other numbers
    assert out.startswith("alliances: from atop-alliance, edition 4.01, digest ")
    assert out.endswith(": NOT the same as shipped (shipped: edition 4.01)\n")
    write("atop5.csv", ALLIANCES.replace("4.01", "5.1"))
    run("import", "atop5.csv")
    assert run("aggregate")[0] == 0  # another edition has other numbers
