"""Drawings by two processes are those of one, and a page never depends on the second."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from accord.figures import Aide, Drawing, Pending, aide, beside, svg_of, svgs_of
from accord.finding import Column, Spread, Table


def _table(number: int) -> Table:
    columns = (Column("thing", "Thing"), Column("share", "Share", "", 0.0, 1.0))
    rows = ((f"number {number}", Spread(number / 40, number / 40, number / 50, 0.9, 64)),)
    return Table(f"t{number}", f"Number {number} stands out", "intervals", columns, rows)


@pytest.fixture
def drawings() -> list[Drawing]:
    return [Drawing(f"f-{number}", _table(number)) for number in range(30)]


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[str]]]:
    """Two processors, and every process that is started; afterwards all are gone."""
    started: list[list[str]] = []
    real = subprocess.Popen

    def popen(command: list[str], **settings: object) -> object:
        started.append(command)
        return real(command, **settings)

    monkeypatch.setattr(aide, "processors", lambda: 2)
    monkeypatch.setattr(subprocess, "Popen", popen)
    yield started
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def _sound(found: dict[str, str], drawings: list[Drawing]) -> bool:
    """Whether drawings are those of one process, in their order."""
    return list(found.items()) == [(one.ident, svg_of(one.table, None, one.ident)) for one in drawings]


def test_the_same_bytes_by_two_processes(drawings: list[Drawing], two: list[list[str]]) -> None:
    assert _sound(svgs_of(drawings, None), drawings)
    assert len(two) == 1


def test_few_drawings_and_a_single_processor_start_no_process(
    drawings: list[Drawing], two: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(svgs_of(drawings[:5], None)) == 5
    monkeypatch.setattr(aide, "processors", lambda: 1)
    assert len(svgs_of(drawings, None)) == 30
    with Aide() as helper:
        assert not helper.there
        with Pending(drawings[:2], None, helper) as pending:
            assert _sound(pending.finished(), drawings[:2])
    assert two == []


def test_a_process_that_stands_ready_draws_what_there_is(
    drawings: list[Drawing], two: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def here(*_: object) -> str:
        raise AssertionError("drawn here")

    with Aide() as helper:
        for some in (drawings[:3], drawings[3:4]):  # one page after the other
            with Pending(some, None, helper) as pending, monkeypatch.context() as patch:
                patch.setattr(beside, "_svg", here)
                # As where matplotlib is not loaded yet: then this process waits.
                patch.delitem(sys.modules, "matplotlib.figure", raising=False)
                found = pending.finished()
            assert _sound(found, some)
    assert len(two) == 1


def _here_is_none(*_: object) -> str:
    raise AssertionError("drawn again")


def test_what_is_drawn_ahead_is_not_drawn_again(
    drawings: list[Drawing], two: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Aide() as helper:
        helper.draw_ahead(drawings[:2], None)
        helper.draw_ahead(drawings[2:4], None)
        for _ in range(600):
            if len(helper._found) == 4:
                break
            time.sleep(0.05)
        monkeypatch.setattr(beside, "_svg", _here_is_none)
        monkeypatch.setattr(Aide, "draw", _here_is_none)
        with Pending(drawings[:4], None, helper) as pending:
            assert _sound(pending.finished(), drawings[:4])


def test_another_table_of_the_same_name_is_drawn_anew(drawings: list[Drawing], two: list[list[str]]) -> None:
    other = [Drawing(drawings[0].ident, _table(39)), *drawings[1:3]]
    with Aide() as helper:
        helper.draw_ahead(drawings[:3], None)
        while len(helper._found) < 3 and helper._waiting:
            time.sleep(0.05)
        with Pending(other, None, helper) as pending:
            assert _sound(pending.finished(), other)


def test_whoever_leaves_need_not_wait_for_what_is_drawn_ahead(
    drawings: list[Drawing], two: list[list[str]]
) -> None:
    began = time.monotonic()
    with Aide() as helper:
        helper.draw_ahead(drawings * 20, None)
    assert time.monotonic() - began < 10.0
    assert helper._ahead is not None
    assert not helper._ahead.is_alive()


def test_a_process_that_dies_while_it_draws_ahead_loses_nothing(
    drawings: list[Drawing], two: list[list[str]]
) -> None:
    with Aide() as helper:
        assert helper._process is not None
        os.kill(helper._process.pid, signal.SIGKILL)
        helper.draw_ahead(drawings, None)
        with Pending(drawings, None, helper) as pending:
            assert _sound(pending.finished(), drawings)


def test_what_the_second_process_fails_to_draw_is_drawn_here(
    drawings: list[Drawing], two: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aide.sys, "executable", "/bin/false")
    assert _sound(svgs_of(drawings, None), drawings)
    assert len(two) == 1


def test_a_process_that_dies_on_the_way_loses_nothing(drawings: list[Drawing], two: list[list[str]]) -> None:
    with Aide() as helper, Pending(drawings, None, helper) as pending:
        assert helper._process is not None
        os.kill(helper._process.pid, signal.SIGKILL)
        assert _sound(pending.finished(), drawings)


def test_a_process_that_cannot_be_started_is_done_without(
    drawings: list[Drawing], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(aide, "processors", lambda: 2)
    monkeypatch.setattr(subprocess, "Popen", refused)
    assert _sound(svgs_of(drawings, None), drawings)


def test_ctrl_c_does_not_reach_the_second_process(drawings: list[Drawing], two: list[list[str]]) -> None:
    with Aide() as helper:
        assert helper._process is not None
        assert os.getsid(helper._process.pid) != os.getsid(0)


def test_an_error_is_raised_here_and_the_process_is_gone(
    drawings: list[Drawing], two: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(beside, "_svg", broken)
    with pytest.raises(KeyboardInterrupt):
        svgs_of(drawings, None)
