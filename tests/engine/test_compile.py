"""The kernel cache: used when nothing changed, never when any kernel source did, wherever it can be written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
from click.testing import CliRunner

from accord.cli import Commands
from accord.engine import compile as compiling
from accord.engine.progress import notice, noticing

CALLER = """
from accord.engine.compile import njit
from kernelpack.inner import callee

@njit()
def caller(x):
    return 10.0 * callee(x)
"""
CALLEE = """
from accord.engine.compile import njit
from kernelpack.numbers import STEP

@njit()
def callee(x):
    return x + STEP
"""
PROGRAM = """
import json
from accord.engine.compile import cache_folder
from kernelpack.outer import caller
value = caller(1.0)
folder = cache_folder("kernelpack")
print(json.dumps([value, sum(caller.stats.cache_hits.values()), None if folder is None else str(folder)]))
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with a kernel that calls a kernel in another file, which uses a constant from a third."""
    folder = tmp_path / "place" / "kernelpack"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "outer.py").write_text(CALLER)
    (folder / "inner.py").write_text(CALLEE)
    (folder / "numbers.py").write_text("STEP = 1.0\n")
    (folder / "prose.py").write_text("WORDS = 'nothing compiled here'\n")
    return folder


def run(package: Path, **settings: str) -> Any:
    """The caller's value, how often the cache served, and where the cache is, in a fresh process."""
    home = package.parent.parent / "home"
    home.mkdir(exist_ok=True)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("NUMBA_", "XDG_"))}
    environment |= {
        "PYTHONPATH": os.pathsep.join([str(package.parent), *(path for path in sys.path if path)]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        **settings,
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_edited_callee_in_another_file_changes_the_result(package: Path) -> None:
    value, hits, folder = run(package)
    assert (value, hits) == (20.0, 0)
    assert Path(folder).parent == package / "__pycache__"
    assert run(package)[:2] == [20.0, 1]  # nothing changed: served from the cache

    (package / "inner.py").write_text(CALLEE.replace("x + STEP", "x - STEP"))
    assert run(package)[:2] == [0.0, 0]

    (package / "numbers.py").write_text("STEP = 5.0\n")  # holds no kernel, but one imports it
    assert run(package)[:2] == [-40.0, 0]

    (package / "prose.py").write_text("WORDS = 'no kernel imports this'\n")
    assert run(package)[:2] == [-40.0, 1]


def test_a_package_folder_that_cannot_be_written_falls_back_to_the_users_cache(package: Path) -> None:
    (package / "__pycache__").write_text(
        "a file where the folder should be: not even root can write below it"
    )
    package.chmod(0o555)
    try:
        value, hits, folder = run(package)
        again = run(package)
    finally:
        package.chmod(0o755)
    assert (value, hits) == (20.0, 0)
    assert Path(folder).parent.parts[-3:] == ("cache", "accord", "kernelpack")
    assert again == [20.0, 1, folder]


def test_without_any_place_to_write_kernels_compile_in_memory(package: Path) -> None:
    (package / "__pycache__").write_text("in the way")
    (package.parent.parent / "home").mkdir()
    (package.parent.parent / "home" / "cache").write_text("in the way")
    assert run(package) == [20.0, 0, None]
    assert run(package) == [20.0, 0, None]


def test_the_folder_that_numba_is_told_is_honoured(package: Path, tmp_path: Path) -> None:
    chosen = tmp_path / "chosen"
    folder = run(package, NUMBA_CACHE_DIR=str(chosen))[2]
    assert Path(folder).parent == chosen
    assert not (package / "__pycache__").exists()
    assert run(package, NUMBA_CACHE_DIR=str(chosen))[:2] == [20.0, 1]


def test_settings_of_numba_are_left_as_they_were() -> None:
    import numba

    before = numba.config.CACHE_DIR
    compiling.njit()(lambda x: x)
    assert before == numba.config.CACHE_DIR


def test_the_digest_covers_kernels_and_what_they_import(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    (folder / "deep").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "deep" / "__init__.py").write_text("from pack import far\n")
    (folder / "deep" / "kernel.py").write_text(
        "from accord.engine.compile import njit\nfrom .. import near\nimport pack.other\n"
    )
    for name in ("near", "far", "other", "stranger"):
        (folder / f"{name}.py").write_text("VALUE = 1\n")
    found = {path.relative_to(folder).as_posix() for path in compiling._kernel_files("pack", folder)}
    assert found == {"deep/kernel.py", "near.py", "other.py"}
    (folder / "near.py").write_text("from pack.deep import nothing\n")
    found = {path.relative_to(folder).as_posix() for path in compiling._kernel_files("pack", folder)}
    assert found == {"deep/kernel.py", "near.py", "other.py", "deep/__init__.py", "far.py"}


def test_old_caches_are_removed_and_recent_ones_kept(tmp_path: Path) -> None:
    for age in range(10):
        folder = tmp_path / f"kernels-{age}"
        folder.mkdir()
        os.utime(folder, (1_000_000 - age, 1_000_000 - age))
    fresh = tmp_path / "kernels-fresh"
    fresh.mkdir()
    (tmp_path / "other").mkdir()
    compiling._tidy(tmp_path, fresh)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *(f"kernels-{age}" for age in range(6)),
        "kernels-fresh",
        "other",
    ]


def test_relaxed_sums_still_know_missing_numbers() -> None:
    @compiling.njit(relaxed=True)
    def total(values: Any) -> Any:
        found = 0.0
        for value in values:
            if not np.isnan(value):
                found += value
        return found

    assert total(np.array([1.0, np.nan, 2.0])) == 3.0
    assert total.targetoptions["fastmath"] == {"reassoc", "contract", "nsz"}


def test_by_default_sums_keep_their_order() -> None:
    @compiling.njit()
    def divided(x: float, y: float) -> float:
        return x / y

    assert not divided.targetoptions.get("fastmath")
    assert divided(1.0, 0.0) == np.inf


def test_people_who_wait_for_the_first_run_are_told_once(monkeypatch, capsys) -> None:
    @compiling.njit()
    def kernel(x):
        return x + 1.0

    fresh = [False]
    monkeypatch.setattr(kernel, "__module__", "accord.lenses.some.kernel")
    monkeypatch.setattr(compiling, "is_fresh", lambda package: package == "accord" and fresh[0])
    kernel.compile("float64(float64)")
    fresh[0] = True
    kernel.compile("float64(float32)")  # in a program: silent
    with noticing():
        kernel(1.0)  # there already
        assert capsys.readouterr().err == ""
        kernel.compile("float64(int64)")
        kernel.compile("float64(int32)")
        assert capsys.readouterr().err == "compiling kernels, once on this machine: takes a minute or two\n"
        monkeypatch.setattr(kernel, "__module__", "somebody.else")
        kernel.compile("float64(int16)")
    fresh[0] = False
    monkeypatch.setattr(kernel, "__module__", "accord.lenses.some.kernel")
    with noticing():
        kernel.compile("float64(int8)")
    assert capsys.readouterr().err == ""


def test_commands_tell_it() -> None:
    @click.group(cls=Commands)
    def main() -> None:
        """Some program."""

    @main.command()
    def work() -> None:
        notice("so")
        notice("so")

    assert CliRunner().invoke(main, ["work"]).stderr == "so\n"
