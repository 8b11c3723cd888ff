"""A second process that draws, for matplotlib keeps Python's lock: started early, it loads matplotlib while this one computes.

This file imports next to nothing, so that the process can be started before anything else is loaded.  A process of its
own rather than a pool: a pool would run the caller's script anew where that has no guard.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accord.finding import Table
    from accord.situation import Situation

# What goes wrong when the other process is gone, or has never been there.
GONE = (OSError, ValueError)


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
        """One drawing by the other process; one of ``GONE`` when it cannot be had from there."""
        if self._process is None or self._process.stdin is None or self._process.stdout is None:
            raise ValueError("there is no other process")
        self._process.stdin.write(pickle.dumps((drawing, situation)))
        self._process.stdin.flush()
        return str(json.loads(self._process.stdout.readline()))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
