"""Many drawings at once: some by the second process, the others here, each as soon as somebody is free.

The other process takes them from the front, this one from the back, so that neither waits for the other, however busy
the machine is.
"""

from __future__ import annotations

import json
import pickle
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from accord.engine.progress import Bar
from accord.figures.aide import Aide, Drawing
from accord.situation import Situation

# Below so many drawings the start of a process costs more than it saves.
_FEW = 24
# So many the other process may as well draw alone: to load matplotlib here takes longer.
_ALONE = 6


def svgs_of(drawings: Sequence[Drawing], situation: Situation | None) -> dict[str, str]:
    """Drawings by identifier, the same bytes as :func:`svg_of` gives one after the other.

    Parameters
    ----------
    drawings : sequence of Drawing
        Of kinds that are drawn.
    situation : Situation or None
        Gives actors their labels and colours.
    """
    with Pending(drawings, situation) as pending:
        return pending.finished()


class Pending:
    """Drawings under way, within a context: begun by the second process, finished here.

    Parameters
    ----------
    drawings : sequence of Drawing
        Of kinds that are drawn.
    situation : Situation or None
        Gives actors their labels and colours.
    aide : Aide, optional
        The second process; where it is left out one is started for many drawings.
    """

    def __init__(
        self, drawings: Sequence[Drawing], situation: Situation | None, aide: Aide | None = None
    ) -> None:
        self._order = [one.ident for one in drawings]
        self._waiting = deque(drawings)
        self._situation = situation
        self._aide = aide
        self._found: dict[str, str] = {}
        self._bar = Bar(len(drawings), "Drawing", unit="figures")
        self._told = threading.Lock()
        self._other = threading.Thread(target=self._fetch, daemon=True)
        self._context = ExitStack()

    def __enter__(self) -> Pending:
        """Let the second process begin."""
        if self._aide is None and len(self._waiting) >= _FEW:
            self._aide = self._context.enter_context(Aide())
        self._context.enter_context(self._bar)
        if self._aide is not None:
            self._take(self._aide.drawn_ahead(self._waiting, self._situation))
        if self._aide is not None and self._aide.there and self._waiting:
            self._other.start()
        return self

    def __exit__(self, *error: object) -> None:
        """Leave what is still waiting; a process that was started for this ends."""
        self._waiting.clear()
        self._context.close()

    def finished(self) -> dict[str, str]:
        """Every drawing by identifier, in the order given; what the second process has not taken is drawn here."""
        if "matplotlib.figure" not in sys.modules and len(self._waiting) <= _ALONE and self._other.ident:
            self._other.join()
        self._draw()
        if self._other.ident:
            self._other.join()
            self._draw()  # what it did not bring back
        return {ident: self._found[ident] for ident in self._order}

    def _draw(self) -> None:
        """From the back, one after the other, until none is waiting."""
        while self._waiting:
            try:
                one = self._waiting.pop()
            except IndexError:  # the other was quicker
                return
            self._keep(one, _svg(one, self._situation))

    def _fetch(self) -> None:
        """From the front, by the second process, until none is waiting or the process is gone."""
        while self._waiting and self._aide is not None:
            try:
                one = self._waiting.popleft()
            except IndexError:
                return
            try:
                svg = self._aide.draw(one, self._situation)
            except Exception:  # whatever it is: drawn here it succeeds, or is told
                self._waiting.append(one)
                return
            self._keep(one, svg)

    def _take(self, ahead: Mapping[str, str]) -> None:
        """Leave to itself what is drawn already."""
        for one in [one for one in self._waiting if one.ident in ahead]:
            self._waiting.remove(one)
            self._keep(one, ahead[one.ident])

    def _keep(self, one: Drawing, svg: str) -> None:
        """A finished drawing."""
        with self._told:
            self._found[one.ident] = svg
            self._bar.advance(1)


def _svg(one: Drawing, situation: Situation | None) -> str:
    """One drawing; whoever has none to draw need not load how."""
    from accord.figures.draw import svg_of

    return svg_of(one.table, situation, one.ident)


def _serve() -> None:
    """The second process: a drawing at a time from standard input, its text as a line of JSON to standard output."""
    import accord.figures.artists
    import accord.figures.draw  # noqa: F401 - both while nothing is asked for yet

    while True:
        try:
            one, situation = pickle.load(sys.stdin.buffer)  # noqa: S301 - of the process that started this one
        except EOFError:
            return
        print(json.dumps(_svg(one, situation)), flush=True)


if __name__ == "__main__":
    _serve()
