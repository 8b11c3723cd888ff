"""For people who wait, on stderr: a progress bar (at a terminal, for jobs over about a second), and notices (anywhere)."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Protocol, TextIO

_PATIENCE = 1.0
# What has been told once, inside noticing(); None outside.
_NOTICED: set[str] | None = None


@contextlib.contextmanager
def noticing() -> Iterator[None]:
    """A block, a command of the command line, in which :func:`notice` speaks."""
    global _NOTICED  # noqa: PLW0603
    before, _NOTICED = _NOTICED, set()
    try:
        yield
    finally:
        _NOTICED = before


def notice(text: str) -> None:
    """Tell people who wait one thing on standard error, once, at a terminal or not; silent in programs."""
    if _NOTICED is not None and text not in _NOTICED:
        _NOTICED.add(text)
        print(text, file=sys.stderr, flush=True)


class Progress(Protocol):
    """What a long job tells while it runs."""

    def advance(self, worlds: int) -> None:
        """So many more worlds are done."""


class Silent:
    """Tells nothing."""

    def advance(self, worlds: int) -> None:
        """Do nothing."""


class Bar:
    """A context in which progress shows as a bar, once the job has taken about a second and is not nearly over.

    A job whose first part takes longer shows an empty bar meanwhile, so that nobody waits before a silent screen.

    Parameters
    ----------
    total : int
        Worlds to do.
    label : str
        What is being done, in two or three words.
    stream : text stream, optional
        Default stderr, as it is when the bar is made.
    unit : str
        What is counted.
    """

    def __init__(self, total: int, label: str, stream: TextIO | None = None, unit: str = "worlds") -> None:
        self.total, self.label, self.unit, self.done = total, label, unit, 0
        self._stream = sys.stderr if stream is None else stream
        self._wanted = bool(self._stream.isatty())
        self._shown: _Shown | None = None
        self._began = time.monotonic()
        self._lock, self._over = threading.Lock(), False
        self._timer = threading.Timer(_PATIENCE, self._show)
        self._timer.daemon = True

    def __enter__(self) -> Bar:
        """Start the clock."""
        self._began = time.monotonic()
        if self._wanted:
            self._timer.start()
        return self

    def _show(self) -> None:
        """Put the bar on the screen, unless it is there or the job is over."""
        with self._lock:
            if self._shown is None and not self._over:
                self._shown = _Shown(self._stream, (self.label, self.unit), self.total, self.done)

    def advance(self, worlds: int) -> None:
        """So many more worlds are done."""
        self.done += worlds
        if self._shown is not None:
            self._shown.to(self.done)
        elif self._wanted and self._worth_showing(time.monotonic() - self._began):
            self._show()

    def _worth_showing(self, elapsed: float) -> bool:
        """Whether the whole job will take more than about a second, and some of it is still to come."""
        if not 0 < self.done < self.total:
            return False
        return max(elapsed, elapsed * self.total / self.done) > _PATIENCE

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        self._timer.cancel()
        with self._lock:
            self._over = True
            if self._shown is not None:
                self._shown.close()


class _Shown:
    """A bar on the screen."""

    def __init__(self, stream: TextIO, words: tuple[str, str], total: int, done: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn(words[1]),
            TimeRemainingColumn(),
        )
        self._bar = RichProgress(*columns, console=Console(file=stream), transient=True)
        self._bar.start()
        self._task = self._bar.add_task(words[0], total=total, completed=done)

    def to(self, done: int) -> None:
        """Move the bar."""
        self._bar.update(self._task, completed=done)

    def close(self) -> None:
        """Take it off the screen."""
        self._bar.stop()
