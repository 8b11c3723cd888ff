"""Drawings by two processes are those of one, and a page never depends on the second."""

from __future__ import annotations

import os
import subprocess

import pytest

from accord.figures import Drawing, beside, svg_of, svgs_of
from accord.finding import Column, Spread, Table


def _table(number: int) -> Table:
    columns = (Column("thing", "Thing"), Column("share", "Share", "", 0.0, 1.0))
    rows = ((f"number {number}", Spread(number / 40, number / 40, number / 50, 0.9, 64)),)
    return Table(f"t{number}", f"Number {number} stands out", "intervals", columns, rows)


@pytest.fixture
def drawings() -> list[Drawing]:
    return [Drawing(f"f-{number}", _table(number)) for number in range(30)]


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Two processors, and every process that is started."""
    started: list[list[str]] = []
    real = subprocess.Popen

    def popen(command: list[str], **settings: object) -> object:
        started.append(command)
        return real(command, **settings)

    monkeypatch.setattr(beside, "_processors", lambda: 2)
    monkeypatch.setattr(subprocess, "Popen", popen)
    return started


def test_the_same_bytes_by_two_processes(drawings: list[Drawing], two: list[list[str]]) -> None:
    found = svgs_of(drawings, None)
    assert len(two) == 1
    assert list(found) == [one.ident for one in drawings]
    assert all(found[one.ident] == svg_of(one.table, None, one.ident) for one in drawings)


def test_few_drawings_and_a_single_processor_start_no_process(
    drawings: list[Drawing], two: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(svgs_of(drawings[:5], None)) == 5
    monkeypatch.setattr(beside, "_processors", lambda: 1)
    assert len(svgs_of(drawings, None)) == 30
    assert two == []


def test_what_the_second_process_fails_to_draw_is_drawn_here(
    drawings: list[Drawing], two: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside.sys, "executable", "/bin/false")
    found = svgs_of(drawings, None)
    assert len(two) == 1
    assert found[drawings[-1].ident] == svg_of(drawings[-1].table, None, drawings[-1].ident)


def test_an_error_is_raised_here_and_the_process_is_gone(
    drawings: list[Drawing], two: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(beside, "svg_of", broken)
    with pytest.raises(KeyboardInterrupt):
        svgs_of(drawings, None)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
