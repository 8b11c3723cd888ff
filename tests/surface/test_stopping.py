"""Ctrl-C stops, wherever it strikes."""

import ctypes
import os
import signal
import sys
import threading
import time

import click
import duckdb
import numba
import numpy as np
import pytest
from click.testing import CliRunner
from numba.core.registry import cpu_target

from accord.cli import Commands
from accord.engine.store import write_worlds
from accord.stopping import insistent, stoppable


def strike() -> None:
    """Ctrl-C, now."""
    signal.raise_signal(signal.SIGINT)


@ctypes.CFUNCTYPE(None)
def callback() -> None:
    """Whatever is raised in here Python drops."""
    strike()


def go_on(seconds: float = 2.0) -> None:
    """Work in Python for so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.005)


def fail(says: str) -> None:
    """Some error."""
    raise RuntimeError(says)


def insisted(*steps) -> None:
    """Steps in a block in which no Ctrl-C is lost."""
    with insistent():
        for step in steps:
            step()


@pytest.fixture
def told(monkeypatch):
    """What Python reports of dropped errors."""
    seen = []
    monkeypatch.setattr(sys, "unraisablehook", lambda what: seen.append(what.exc_type))
    return seen


def test_python_drops_what_is_raised_in_a_callback(told) -> None:
    callback()  # the fault that insistent() is there for
    go_on(0.1)
    assert told == [KeyboardInterrupt]


def test_what_was_dropped_is_raised_again(told) -> None:
    with pytest.raises(KeyboardInterrupt):
        insisted(callback, go_on)
    assert told == []


def test_an_error_before_that_is_its_consequence(told) -> None:
    with pytest.raises(KeyboardInterrupt) as caught:
        insisted(callback, lambda: fail("no compiled object yet"))
    assert str(caught.value.__cause__) == "no compiled object yet"
    go_on(0.1)  # and it is not raised a second time
    with pytest.raises(RuntimeError, match="another"):
        insisted(lambda: fail("another"))


def test_an_error_after_it_was_raised_again_is_an_error(told) -> None:
    def handled() -> None:
        with pytest.raises(KeyboardInterrupt):
            go_on()

    with pytest.raises(RuntimeError, match="of its own"):
        insisted(callback, handled, lambda: fail("of its own"))


def test_other_dropped_errors_are_reported_as_ever(told) -> None:
    @ctypes.CFUNCTYPE(None)
    def wrong() -> None:
        raise ValueError("x")

    hook = sys.unraisablehook
    with insistent():
        wrong()
    assert told == [ValueError]
    assert sys.unraisablehook is hook


def test_a_kernel_that_is_being_compiled(monkeypatch, told) -> None:
    """LLVM's callback, in which most Ctrl-C of a first run end."""
    compiler = cpu_target.target_context.codegen()._engine._ee
    compiled, struck = compiler._object_cache_notify, []

    def striking(module, content):
        if not struck:
            struck.append(True)
            strike()
        return compiled(module, content)

    monkeypatch.setattr(compiler, "_object_cache_notify", striking)

    @numba.njit
    def kernel(x):
        return x.sum()

    with pytest.raises(KeyboardInterrupt):
        insisted(lambda: kernel(np.ones(3)), go_on)
    assert struck


@pytest.mark.parametrize(
    "error", [RuntimeError("Query interrupted"), duckdb.InterruptException("INTERRUPT Error: Interrupted!")]
)
def test_a_query_that_was_stopped(error) -> None:
    with pytest.raises(KeyboardInterrupt), stoppable():
        raise error


def test_a_query_that_is_stopped_by_the_signal() -> None:
    """As DuckDB does it: should it one day raise KeyboardInterrupt itself, that is as good."""
    # One thread, for with more of them the main one may sleep until the query is over.
    with duckdb.connect(config={"threads": 1}) as base:
        later = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
        later.start()
        with pytest.raises(KeyboardInterrupt), stoppable():
            base.execute("SELECT sum(range) FROM range(100000000000)").fetchall()
        later.join()


@pytest.mark.parametrize(
    "error", [RuntimeError("else"), ValueError("Query interrupted"), duckdb.IOException("IO")]
)
def test_other_errors_stay_what_they_are(error) -> None:
    with pytest.raises(type(error)), stoppable():
        raise error


def test_results_that_are_being_written(monkeypatch, tmp_path) -> None:
    class Stopped:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def register(self, *_):
            return None

        def execute(self, *_):
            raise RuntimeError("Query interrupted")

    monkeypatch.setattr(duckdb, "connect", lambda **_: Stopped())
    with pytest.raises(KeyboardInterrupt):
        write_worlds(tmp_path / "worlds.parquet", {"a": np.ones(2)})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", ["callback", "query"])
def test_the_command_line_leaves_with_130(how, told) -> None:
    @click.group(cls=Commands)
    def main() -> None:
        """Some program."""

    @main.command()
    def work() -> None:
        if how == "query":
            raise RuntimeError("Query interrupted")
        callback()
        go_on()

    done = CliRunner().invoke(main, ["work"])
    assert (done.exit_code, done.stderr) == (130, "cancelled; nothing was written\n")
