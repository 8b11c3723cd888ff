"""A second process that draws, for matplotlib keeps Python's lock: started early, it loads matplotlib while this one computes.

This file imports next to nothing, so that the process can be started before anything else is loaded.  A process of its
own rather than a pool: a pool would run the caller's script anew where that has no guard.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accord.finding import Table
    from accord.situation import Situation


@dataclass(frozen=True, slots=True)
class Drawing:
    """A table to be drawn, under the identifier that it has on its page."""

    ident: str
    table: Table


class Aide:
    """The other process, within a context; nobody need wait for it, and what it does not bring back is drawn here.

    It does not hear Ctrl-C, which goes to this process and ends the context.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._asking = threading.Lock()
        self._waiting: deque[tuple[Drawing, Situation | None]] = deque()
        self._ahead: threading.Thread | None = None
        self._found: dict[bytes, str] = {}

    def __enter__(self) -> Aide:
        """Start the process, where there is a processor for it."""
        if processors() > 1 and sys.executable:
            command = [sys.executable, "-P", "-m", "accord.figures.beside"]
            pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
            try:
                self._process = subprocess.Popen(
                    command, stdin=pipe, stdout=pipe, stderr=nowhere, start_new_session=True
                )
            except OSError:
                self._process = None
        return self

    @property
    def there(self) -> bool:
        """Whether the process was started."""
        return self._process is not None

    def draw(self, drawing: Drawing, situation: Situation | None) -> str:
        """One drawing by the other process; an OSError or a ValueError when it cannot be had from there."""
        if self._process is None or self._process.stdin is None or self._process.stdout is None:
            raise ValueError("there is no other process")
        with self._asking:
            self._process.stdin.write(pickle.dumps((drawing, situation)))
            self._process.stdin.flush()
            return str(json.loads(self._process.stdout.readline()))

    def draw_ahead(self, drawings: Iterable[Drawing], situation: Situation | None) -> None:
        """Begin with what a page will want; returns at once."""
        self._waiting.extend((one, situation) for one in drawings)
        if self.there and (self._ahead is None or not self._ahead.is_alive()):
            self._ahead = threading.Thread(target=self._go_ahead, daemon=True)
            self._ahead.start()

    def _go_ahead(self) -> None:
        """One after the other, until none is waiting or the process is gone."""
        while self._waiting:
            try:
                one, situation = self._waiting.popleft()
                self._found[_mark(one, situation)] = self.draw(one, situation)
            except Exception:  # drawn for the page it succeeds, or is told
                return

    def drawn_ahead(self, drawings: Iterable[Drawing], situation: Situation | None) -> dict[str, str]:
        """What has been drawn of these by identifier, of the very same tables; the rest is no longer begun."""
        self._waiting.clear()
        if self._ahead is not None:
            self._ahead.join()
        if not self._found:
            return {}
        marks = {one.ident: _mark(one, situation) for one in drawings}
        return {ident: self._found[mark] for ident, mark in marks.items() if mark in self._found}

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self._waiting.clear()
        if self._process is not None:
            self._process.kill()
            if self._ahead is not None:
                self._ahead.join()
            self._process.communicate()
            self._process = None


def _mark(drawing: Drawing, situation: Situation | None) -> bytes:
    """A hash of all that a drawing shows."""
    of = "" if situation is None else situation.digest
    return hashlib.sha256(pickle.dumps((drawing.ident, drawing.table, of))).digest()


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
