"""Whatever stops an import, the store stays as it was."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from accord.data import entries, import_files, reading, verify
from accord.problems import RunError

sys.path.insert(0, str(Path(__file__).parent))  # the samples are beside the tests
from native_samples import NMC

IMPORT = """
import sys
from pathlib import Path
from accord.data import import_files
import accord.data.importing as importing
written = importing._write
def slow(*what):
    entry = written(*what)
    print("written", flush=True)
    sys.stdin.read()
    return entry
importing._write = slow
import_files([Path(sys.argv[1])], store=Path(sys.argv[2]))
"""


def votes(path: Path, calls: int) -> Path:
    lines = [f"{call},{country},yes" for call in range(calls) for country in ("Iran", "Russia")]
    path.write_text("rcid,country,vote\n" + "\n".join(lines) + "\n")
    return path


def importing(path: Path, store: Path) -> subprocess.Popen:
    """An import that has written its rows and not yet put them in place."""
    child = subprocess.Popen(
        [sys.executable, "-c", IMPORT, str(path), str(store)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "written\n"
    return child


def test_a_killed_import_leaves_the_old_store(write, store, tmp_path) -> None:
    import_files([write("nmc.csv", NMC)], store=store)
    before = store.read_bytes()
    child = importing(votes(tmp_path / "votes.csv", 5_000), store)
    os.kill(child.pid, signal.SIGKILL)
    child.communicate()
    assert child.returncode == -signal.SIGKILL
    assert store.read_bytes() == before
    assert verify(store) == []
    assert list(store.parent.glob(".*.part*"))  # what it left is swept away by the next import
    import_files([tmp_path / "votes.csv"], store=store)
    assert not list(store.parent.glob(".*.part*"))
    with reading(store) as base:
        assert [entry.kind for entry in entries(base)] == ["nmc", "un-votes"]


KILLED = """
import os, signal, sys
from pathlib import Path
import accord.disk as disk
import accord.data.importing as importing
import accord.data.store as stores

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def before(place, name):
    setattr(place, name, die)

def after(place, name):
    work = getattr(place, name)
    def both(*what, **how):
        work(*what, **how)
        die()
    setattr(place, name, both)

moment, path, store = sys.argv[1:]
place, when, name = moment.split()
when = {"before": before, "after": after}[when]
when({"importing": importing, "disk": disk, "shutil": stores.shutil, "os": disk.os}[place], name)
importing.import_files([Path(path)], store=Path(store))
"""
# Where the import dies, and what the store then holds: nothing of it until the copy has taken the store's place.
MOMENTS = {
    "shutil after copyfile": False,  # the copy is made, nothing is written into it
    "importing after load": False,  # rows are read and not checked
    "importing before _write": False,
    "importing after _write": False,  # rows are in the copy, which is not complete
    "os before fsync": False,  # the copy is complete, and perhaps not on the disk
    "os before replace": False,  # the copy is on the disk, and not yet the store
    "os after replace": True,
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_any_moment_all_of_it_is_there_or_nothing(write, store, tmp_path, moment) -> None:
    import_files([write("nmc.csv", NMC)], store=store)
    before = store.read_bytes()
    path = votes(tmp_path / "votes.csv", 50)
    child = subprocess.run([sys.executable, "-c", KILLED, moment, str(path), str(store)], check=False)
    assert child.returncode == -signal.SIGKILL
    assert (store.read_bytes() == before) is not MOMENTS[moment]
    assert verify(store) == []
    with reading(store) as base:
        assert [entry.kind for entry in entries(base)] == ["nmc", *(["un-votes"] if MOMENTS[moment] else [])]
    import_files([path], store=store)
    with reading(store) as base:
        assert [entry.kind for entry in entries(base)] == ["nmc", "un-votes"]
    assert MOMENTS[moment] or not list(store.parent.glob(".*.part*"))


def test_one_import_at_a_time(write, store, tmp_path) -> None:
    child = importing(votes(tmp_path / "votes.csv", 10), store)
    with pytest.raises(RunError, match="another import is at work; try: again when it is done"):
        import_files([write("nmc.csv", NMC)], store=store)
    child.communicate("go on")
    assert child.returncode == 0
    import_files([tmp_path / "nmc.csv"], store=store)
    with reading(store) as base:
        assert [entry.kind for entry in entries(base)] == ["nmc", "un-votes"]


def test_an_interrupted_import(write, store, monkeypatch) -> None:
    import_files([write("nmc.csv", NMC)], store=store)
    before = store.read_bytes()

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("accord.data.importing._edition", stop)
    with pytest.raises(KeyboardInterrupt):
        import_files([write("nmc2.csv", NMC.replace("0.05", "0.07"))], store=store)
    assert store.read_bytes() == before
    assert not list(store.parent.glob(".*.part*"))


@pytest.fixture
def small_disk(tmp_path):
    """A file system of two megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no small file system can be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk(write, tmp_path, small_disk) -> None:
    store = small_disk / "precedent.duckdb"
    try:
        import_files([write("nmc.csv", NMC)], store=store)
    except RunError:
        pytest.skip("two megabytes are too small for any store")
    before = store.read_bytes()
    with pytest.raises(RunError, match="cannot be written"):
        import_files([votes(tmp_path / "votes.csv", 60_000)], store=store)
    assert store.read_bytes() == before
    assert not list(small_disk.glob(".*.part*"))
    assert verify(store) == []


def test_a_full_disk_as_the_database_tells_it(write, store, monkeypatch) -> None:
    import duckdb

    import_files([write("nmc.csv", NMC)], store=store)
    before = store.read_bytes()

    def full(*_):
        raise duckdb.IOException('IO Error: Could not write file "x": No space left on device')

    monkeypatch.setattr("accord.data.importing._edition", full)
    with pytest.raises(RunError) as error:
        import_files([write("nmc2.csv", NMC.replace("0.05", "0.07"))], store=store)
    assert str(error.value) == (
        f"{store}: cannot be written (no space left on device); try: make room, or another --store"
    )
    assert store.read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_place_that_cannot_be_written(write, tmp_path) -> None:
    place = tmp_path / "closed"
    place.mkdir(mode=0o500)
    with pytest.raises(RunError, match="cannot be written"):
        import_files([write("nmc.csv", NMC)], store=place / "precedent.duckdb")


def test_a_place_below_a_file(write, tmp_path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(RunError, match="cannot be written"):
        import_files([write("nmc.csv", NMC)], store=tmp_path / "file" / "precedent.duckdb")
