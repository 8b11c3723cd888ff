"""Ctrl-C stops, wherever it strikes: two libraries lose it or call it something else, which is put right here.

DuckDB makes a RuntimeError of it.  LLVM calls back into Python through ctypes when it has compiled a kernel, and whatever is
raised in there Python can only report and drop; as a Ctrl-C is acted on in the first line of Python after a long stretch
of compiling, that is where most of those of a first run end.
"""

from __future__ import annotations

import _thread
import contextlib
import sys
import threading
from collections.abc import Iterator
from typing import Any

_AGAIN = 0.05  # seconds: by then the callback is over


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """A block in which Ctrl-C during a query of DuckDB is a KeyboardInterrupt, as everywhere else."""
    try:
        yield
    except Exception as error:
        if _is_stop(error):
            raise KeyboardInterrupt from error
        raise


def _is_stop(error: Exception) -> bool:
    """Whether an error is what DuckDB makes of Ctrl-C, or of a query that another thread stopped."""
    told = type(error) is RuntimeError and str(error) == "Query interrupted"
    return told or type(error).__name__ == "InterruptException"


@contextlib.contextmanager
def insistent() -> Iterator[None]:
    """A block in which a Ctrl-C that had to be dropped (in a callback, in a finaliser) is raised again a moment later.

    An error that comes before that moment is taken for its consequence: a kernel whose callback was broken off is missing.
    For the command line, whose process is ours: it sets ``sys.unraisablehook`` meanwhile.
    """
    before = sys.unraisablehook
    waiting: list[threading.Timer] = []

    def again() -> None:
        """Raise it where the main thread is now."""
        waiting.clear()
        _thread.interrupt_main()

    def dropped(what: Any) -> None:
        """Python could not raise something."""
        if not issubclass(what.exc_type, KeyboardInterrupt):
            before(what)
            return
        waiting.append(threading.Timer(_AGAIN, again))
        waiting[-1].daemon = True
        waiting[-1].start()

    sys.unraisablehook = dropped
    try:
        yield
    except Exception as error:
        if waiting:
            raise KeyboardInterrupt from error
        raise
    finally:
        sys.unraisablehook = before
        for one in waiting:
            one.cancel()
