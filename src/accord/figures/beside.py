"""Many drawings at once: a second process takes some of them, for matplotlib keeps Python's lock while it draws.

A process of its own rather than a pool: a pool would run the caller's script anew where that has no guard.  What it does not
bring back is drawn here, so that a page never depends on it.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from accord.engine.progress import Bar, Progress, Silent
from accord.figures.draw import svg_of
from accord.finding import Table
from accord.situation import Situation

# Below so many drawings the start of a process costs more than it saves.
_FEW = 24
# Share of the drawings that the other process takes; it has to load matplotlib first.
_ITS_SHARE = 0.45


@dataclass(frozen=True, slots=True)
class Drawing:
    """A table to be drawn, under the identifier that it has on its page."""

    ident: str
    table: Table


def svgs_of(drawings: Sequence[Drawing], situation: Situation | None) -> dict[str, str]:
    """Drawings by identifier, the same bytes as :func:`svg_of` gives one after the other.

    Parameters
    ----------
    drawings : sequence of Drawing
        Of kinds that are drawn.
    situation : Situation or None
        Gives actors their labels and colours.
    """
    with Bar(len(drawings), "Drawing", unit="figures") as bar:
        if len(drawings) < _FEW or _processors() < 2:
            return _drawn(drawings, situation, bar)
        start = round(len(drawings) * (1.0 - _ITS_SHARE))
        return _together(drawings[:start], drawings[start:], situation, bar)


def _together(
    mine: Sequence[Drawing], its: Sequence[Drawing], situation: Situation | None, bar: Progress
) -> dict[str, str]:
    """Some drawn here, the others in a second process meanwhile."""
    command = [sys.executable, "-P", "-m", __name__]
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as other,
        ThreadPoolExecutor(1) as waiting,
    ):
        try:
            answer = waiting.submit(other.communicate, pickle.dumps((its, situation)))
            found = _drawn(mine, situation, bar)
            theirs, _ = answer.result()
            if other.returncode != 0:  # drawn here, which raises what it failed of
                return found | _drawn(its, situation, bar)
            bar.advance(len(its))
            drawn: dict[str, str] = json.loads(theirs)
            return found | drawn
        finally:
            other.kill()


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _drawn(drawings: Sequence[Drawing], situation: Situation | None, bar: Progress) -> dict[str, str]:
    """One after the other."""
    found = {}
    for one in drawings:
        found[one.ident] = svg_of(one.table, situation, one.ident)
        bar.advance(1)
    return found


def _serve() -> None:
    """The other process: drawings from standard input to standard output."""
    drawings, situation = pickle.load(sys.stdin.buffer)  # noqa: S301 - of the process that started this one
    sys.stdout.write(json.dumps(_drawn(drawings, situation, Silent())))


if __name__ == "__main__":
    _serve()
