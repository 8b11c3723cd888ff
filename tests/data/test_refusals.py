"""Ctrl-C, a full disk or a closed place at any point of an import: told in one line, and the store stays as it was."""

import errno
import os
import sys
import tempfile
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

import accord.data.importing  # before anybody but root asks for it
from accord.cli import main
from accord.data import entries, import_files, reading, verify
from accord.problems import RunError, SituationError

sys.path.insert(0, str(Path(__file__).parent))  # the samples are beside the tests
from native_samples import NMC

NEXT = NMC.replace("0.05", "0.07")
STOPPED = RuntimeError("Query interrupted")  # what DuckDB makes of Ctrl-C
FULL = duckdb.IOException('IO Error: Could not write file "x": No space left on device')


class Faulty:
    """A connection that raises at one of its statements.

    Parameters
    ----------
    base : DuckDB connection
    at : int
        Which statement, from 0; none when it is beyond the last.
    error : Exception
    """

    def __init__(self, base, at, error) -> None:
        self.base, self.at, self.error, self.done = base, at, error, 0

    def execute(self, *what):
        self.done += 1
        if self.done == self.at + 1:
            raise self.error
        return self.base.execute(*what)

    def __getattr__(self, name):
        return getattr(self.base, name)


@pytest.fixture
def faulty(monkeypatch):
    """Make the connection to the copy of a store raise at its n-th statement; gives the connections made."""
    real, made = duckdb.connect, []

    def arm(at, error):
        def connect(path=":memory:", **how):
            base = real(path, **how)
            if ".part" not in path:
                return base
            made.append(Faulty(base, at, error))
            return made[-1]

        monkeypatch.setattr(duckdb, "connect", connect)
        return made

    return arm


def beside(store: Path) -> list[str]:
    """What lies in the folder of a store but itself."""
    return [path.name for path in store.parent.iterdir() if path != store]


def call(*words) -> tuple[int, str, str]:
    """``accord data``: status, output, errors."""
    done = CliRunner().invoke(main, ["data", *map(str, words)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (STOPPED, 130, "cancelled; nothing was written\n"),
        (FULL, 1, "cannot be written (no space left on device); try: make room, or another --store\n"),
    ],
    ids=["ctrl-c", "full disk"],
)
def test_at_any_statement(write, store, faulty, error, status, says) -> None:
    import_files([write("nmc.csv", NMC)], store=store)
    before, new = store.read_bytes(), write("nmc2.csv", NEXT)
    count, at = 1, 0
    while at < count:
        made = faulty(at, error)
        found = call("import", new, "--store", store)
        assert found[:2] == (status, ""), at
        assert found[2].endswith(says), (at, found[2])
        assert store.read_bytes() == before, at
        assert beside(store) == [], at
        if count == 1:
            faulty(-9, error)  # let it through once, to count
            other = store.with_name("other.duckdb")
            other.write_bytes(before)
            assert call("import", new, "--store", other)[0] == 0
            other.unlink()
            count = made[-1].done
        at += 1
    assert count > 20
    assert verify(store) == []


def test_at_the_first_statements_of_a_new_store(write, store, faulty) -> None:
    for at in range(6):
        faulty(at, STOPPED)
        assert call("import", write("nmc.csv", NMC), "--store", store)[0] == 130
        assert list(store.parent.iterdir()) == []


def test_while_a_parquet_file_is_looked_at(store, tmp_path, monkeypatch) -> None:
    path = tmp_path / "nmc.parquet"
    with duckdb.connect() as base:
        base.execute(f"COPY (SELECT 2 AS ccode, 2000 AS year, 0.1 AS cinc) TO '{path}' (FORMAT parquet)")
        monkeypatch.setattr(duckdb, "connect", lambda *_, **__: Faulty(base, 0, STOPPED))
        monkeypatch.setattr(Faulty, "__enter__", lambda self: self, raising=False)
        monkeypatch.setattr(Faulty, "__exit__", lambda *_: None, raising=False)
        assert call("import", path, "--store", store) == (130, "", "cancelled; nothing was written\n")


def test_while_the_store_is_read(write, store, monkeypatch) -> None:
    import_files([write("nmc.csv", NMC)], store=store)
    real = duckdb.connect
    for at in range(4):
        monkeypatch.setattr(duckdb, "connect", lambda *a, at=at, **how: Faulty(real(*a, **how), at, STOPPED))
        for words in (["list"], ["verify"], ["import", write("nmc2.csv", NEXT)]):
            assert call(*words, "--store", store) == (130, "", "cancelled; nothing was written\n")


def test_an_import_that_is_told_to_stop_is_not_read_more_slowly(write, store, monkeypatch) -> None:
    """The quick reader gives up where a file has a blemish; that a query was stopped is none."""
    real = accord.data.importing.load

    def load(base, *rest):
        return real(Faulty(base, 1, duckdb.InterruptException("INTERRUPT Error: Interrupted!")), *rest)

    monkeypatch.setattr("accord.data.importing.load", load)
    with pytest.raises(KeyboardInterrupt):
        import_files([write("nmc.csv", NMC)], store=store)


CALLS = {  # what an import asks of the system, beside what the database does
    "the lock": "accord.data.store.fcntl.flock",
    "the copy": "accord.data.store.shutil.copyfile",
    "the sync": "accord.disk.os.fsync",
    "the last step": "accord.disk.os.replace",
}


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("name", ["the copy", "the sync", "the last step"])
def test_at_any_call_of_the_system(write, store, monkeypatch, name, code) -> None:
    import_files([write("nmc.csv", NMC)], store=store)
    before = store.read_bytes()

    def fails(*_, **__):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(CALLS[name], fails)
    status, out, err = call("import", write("nmc2.csv", NEXT), "--store", store)
    assert (status, out) == (1, "")
    assert err.startswith(f"{store}: cannot be written ({os.strerror(code).lower()}); try: ")
    assert store.read_bytes() == before
    assert beside(store) == []


@pytest.mark.parametrize("name", CALLS)
def test_ctrl_c_at_any_call_of_the_system(write, store, monkeypatch, name) -> None:
    import_files([write("nmc.csv", NMC)], store=store)
    before = store.read_bytes()

    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(CALLS[name], stop)
    found = call("import", write("nmc2.csv", NEXT), "--store", store)
    assert found == (130, "", "cancelled; nothing was written\n")
    monkeypatch.undo()
    assert store.read_bytes() == before
    assert [name for name in beside(store) if not name.endswith(".lock")] == []
    assert call("import", "nmc2.csv", "--store", store)[0] == 2  # the next one is not kept out
    assert beside(store) in ([], [f".{store.name}.lock"])


def test_no_lock_is_left(write, store) -> None:
    call("import", write("nmc.csv", NMC), "--store", store)
    assert beside(store) == []
    assert call("import", write("bad.csv", "ccode,year,cinc\nx,2000,0.1\n"), "--store", store)[0] == 2
    assert beside(store) == []
    store.with_name(f".{store.name}.lock").touch()  # of one that was killed
    assert call("import", write("nmc2.csv", NEXT), "--store", store)[0] == 0
    assert beside(store) == []


def test_a_lock_that_goes_away_between_opening_and_locking_is_made_anew(write, store, monkeypatch) -> None:
    """Whoever waited for a lock holds nothing when the file was taken away meanwhile."""
    lock, real, seen = store.with_name(f".{store.name}.lock"), accord.data.store.fcntl.flock, []

    def flock(held, how):
        if not seen:
            lock.unlink()  # the import before is over just now
        seen.append(os.fstat(held.fileno()).st_nlink)
        real(held, how)

    monkeypatch.setattr("accord.data.store.fcntl.flock", flock)
    import_files([write("nmc.csv", NMC)], store=store)
    assert seen == [0, 1]


@pytest.fixture
def nobody(monkeypatch):
    """A folder that everybody may enter, and a way to be somebody without rights there."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    us = os.geteuid()

    def become() -> None:
        if us == 0:
            os.seteuid(65534)

    yield place, become
    os.seteuid(us)
    for path in sorted(place.rglob("*")):
        path.chmod(0o700)
    for path in sorted(place.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    place.rmdir()


def test_a_place_that_may_not_be_written_to(nobody) -> None:
    place, become = nobody
    closed, held = place / "closed", place / "held" / "precedent.duckdb"
    closed.mkdir()
    (place / "nmc.csv").write_text(NMC)
    (place / "nmc2.csv").write_text(NEXT)
    import_files([place / "nmc.csv"], store=held)
    closed.chmod(0o555)
    held.parent.chmod(0o555)
    become()
    before = held.read_bytes()
    for store in (closed / "a.duckdb", closed / "new" / "a.duckdb", held):
        with pytest.raises(RunError) as error:
            import_files([place / "nmc2.csv"], store=store)
        assert str(error.value) == f"{store}: cannot be written (permission denied); try: another --store"
    assert held.read_bytes() == before
    with reading(held) as base:  # reading needs no more than to read
        assert [entry.kind for entry in entries(base)] == ["nmc"]


def test_a_place_that_may_not_be_looked_into(nobody) -> None:
    place, become = nobody
    closed, secret = place / "closed", place / "open" / "precedent.duckdb"
    closed.mkdir()
    (place / "nmc.csv").write_text(NMC)
    import_files([place / "nmc.csv"], store=secret)
    secret.chmod(0)
    closed.chmod(0)
    become()
    for store in (closed / "a.duckdb", closed / "new" / "a.duckdb", secret):
        says = f"{store}: cannot be read (permission denied); try: another --store\n"
        assert call("list", "--store", store) == (2, "", says)
        assert call("verify", "--store", store) == (2, "", says)
        assert call("import", place / "nmc.csv", "--store", store) == (2, "", says)
        with pytest.raises(SituationError):
            import_files([place / "nmc.csv"], store=store)
