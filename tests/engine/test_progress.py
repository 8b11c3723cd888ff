"""Progress is shown to people who wait at a terminal, and to nobody else."""

from __future__ import annotations

import io
import time

import pytest

from accord.engine import progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that the test sets."""
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_a_long_job_at_a_terminal_shows_a_bar(clock: list[float]) -> None:
    screen = Terminal()
    with progress.Bar(100, "Looking", screen) as bar:
        clock[0] = 0.2
        bar.advance(10)
        bar.advance(40)
    assert "Looking" in screen.getvalue()
    assert bar.done == 50


def test_a_job_whose_first_part_takes_long_shows_an_empty_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.05)
    screen = Terminal()
    with progress.Bar(100, "Looking", screen):
        time.sleep(0.5)
    assert "Looking" in screen.getvalue()
    assert "0/100" in screen.getvalue()
    shown = screen.getvalue()
    time.sleep(0.1)
    assert screen.getvalue() == shown


def test_a_short_job_shows_nothing(clock: list[float]) -> None:
    screen = Terminal()
    with progress.Bar(100, "Looking", screen) as bar:
        clock[0] = 0.2
        bar.advance(50)
        clock[0] = 0.4
        bar.advance(50)
    assert screen.getvalue() == ""


def test_a_job_that_is_over_at_its_first_word_shows_nothing(clock: list[float]) -> None:
    screen = Terminal()
    with progress.Bar(100, "Looking", screen) as bar:
        clock[0] = 60.0
        bar.advance(100)
    assert screen.getvalue() == ""


def test_a_file_is_not_written_to(clock: list[float]) -> None:
    screen = io.StringIO()
    with progress.Bar(100, "Looking", screen) as bar:
        clock[0] = 60.0
        bar.advance(10)
    assert screen.getvalue() == ""


def test_an_error_takes_the_bar_away(clock: list[float]) -> None:
    screen = Terminal()
    with pytest.raises(KeyboardInterrupt), progress.Bar(100, "Looking", screen) as bar:  # noqa: PT012
        clock[0] = 5.0
        bar.advance(10)
        raise KeyboardInterrupt
    assert "\x1b[?25h" in screen.getvalue()  # the cursor is back


def test_silence_is_a_progress_too() -> None:
    quiet: progress.Progress = progress.Silent()
    quiet.advance(3)
