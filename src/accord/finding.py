"""The promise between lenses and those who read them: what a lens is asked, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from accord.situation.declare import Term
from accord.situation.situation import Situation

FloatArray = NDArray[np.float64]
Status = Literal["found", "several", "none_exists", "cycles", "not_settled", "not_applicable", "failed"]
STATUS_WORDS: dict[str, str] = {
    "found": "answered",
    "several": "several answers, all shown",
    "none_exists": "no answer exists",
    "cycles": "the process goes in circles",
    "not_settled": "the process did not settle",
    "not_applicable": "does not fit this situation",
    "failed": "could not be computed",
}
# What a table holds decides how it is drawn: figures know these kinds and no lens.
TableKind = Literal[
    "intervals", "shift", "matrix", "scale", "curves", "areas", "plane", "graph", "groups", "strips", "landscape",
    "quadrants", "network", "wells", "calibration", "plain",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Need:
    """Something a lens cannot do without and the situation does not state.

    Parameters
    ----------
    path : str
        Where it would stand in the file.
    says : str
        What is missing, in words.
    """

    path: str
    says: str


@dataclass(frozen=True, slots=True)
class Spread:
    """One quantity: its value at the best estimates, and how it spreads over worlds.

    Parameters
    ----------
    best : float
        Value in world 0 (best estimates); NaN where undefined.
    low, median, high : float
        5th, 50th and 95th percentile over the worlds in which it is defined; NaN when in none.
    worlds : int
        Number of worlds drawn.
    undefined : int
        Worlds in which it is undefined (never dropped quietly).
    """

    best: float
    low: float
    median: float
    high: float
    worlds: int
    undefined: int = 0

    @classmethod
    def of(cls, best: float, values: FloatArray) -> Spread:
        """Summarise values of shape (worlds,); NaN marks undefined worlds and is counted."""
        known = values[~np.isnan(values)]
        missing = int(values.size - known.size)
        if known.size == 0:
            return cls(float(best), np.nan, np.nan, np.nan, int(values.size), missing)
        return cls(float(best), *_percentiles(known), int(values.size), missing)


def _percentiles(values: FloatArray) -> tuple[float, float, float]:
    """5th, 50th and 95th percentile, to the last bit those of ``numpy.quantile``, which takes ten times as long."""
    ordered, last = np.sort(values), values.size - 1

    def at(share: float) -> float:
        """Between two neighbours in proportion, reckoned from the nearer one."""
        place = last * share
        left = int(place)
        below, above = float(ordered[left]), float(ordered[min(left + 1, last)])
        rest, step = place - left, above - below
        return above - step * (1.0 - rest) if rest >= 0.5 else below + step * rest

    return at(0.05), at(0.5), at(0.95)


Cell = str | int | float | bool | Spread | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        Key for machines.
    label : str
        Heading for people.
    unit : str
        Unit in words; empty for text and pure indices.
    low, high : float or None
        Ends of the quantity's natural range, for axes; None when it has none.
    """

    name: str
    label: str
    unit: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a takeaway; its kind says how it can be drawn.

    Kinds: ``intervals`` (first column labels, one Spread column drawn as dot and interval), ``shift`` (first column
    labels, two Spread columns joined as a dumbbell: from, to), ``matrix`` (first column labels, the rest Spread columns
    of one unit, drawn as a heat map), ``scale`` (positions of actors on a declared scale with a forecast), ``curves``
    (first column time, the rest Spread columns drawn as lines with bands), ``areas`` (first column time, the rest shares
    that are stacked), ``plane`` (first column labels, two Spread columns that are ranks: across, upwards; the first row is
    the partnership, the rest scenarios; quadrants and clouds of dots in ``extra``), ``graph`` (first column outcomes, moves
    between them in ``extra``: row from, row to, actor, whether it pays, whether it lies on the way out; there too
    ``kinds``, one per row: ``now``, ``equilibrium``, ``now equilibrium`` or ``other``), ``network`` (first column actors,
    then their size; in ``extra`` the ``camps``, one per row, ``ties`` as row, row and weight, and ``triads`` of rows that
    cannot all have their way), ``wells`` (first column configurations, then energy and share of all that lead there),
    ``groups`` (first column groups, second rows, then a Spread column; ``default`` in ``extra``), ``strips`` (answers of many
    readings per row, see the drawing), ``landscape`` (first column steps of a scale, then weights by actor), ``quadrants``
    (first column deals, then two Spread columns: gains of two sides), ``calibration`` (first column
    groups of forecasts, then mean, share that came true, low and high of it, how many; single ``spots`` in ``extra``),
    ``plain`` (text and numbers, not drawn).

    Parameters
    ----------
    name : str
        Key, unique in the finding.
    title : str
        The takeaway, one sentence without a final full stop.
    kind : str
    columns : tuple of Column
    rows : tuple of tuple
        One cell per column; None where the quantity is undefined.
    note : str
        How to read it, definition and source.
    actors : tuple of str
        For each row the actor it belongs to (for its fixed colour), or empty.
    extra : mapping
        What a drawing needs beyond cells (ends of a scale in words); ``some_worlds`` where each quantity is about some of
        the worlds and counts only these; ``folded``, the words above it where a page folds it away; ``picture``, how to
        read the drawing, said only where there is one.
    """

    name: str
    title: str
    kind: TableKind
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    actors: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measure:
    """One named number that claims, scenarios and the report can refer to as ``lens.name``.

    Parameters
    ----------
    name, label : str
        For machines and for people.
    spread : Spread
    unit, means : str
        Unit in words, and how to read it.
    headline : bool
        Whether it belongs in a comparison of scenarios; such measures lie within -1..1, so that one axis holds them.
    """

    name: str
    label: str
    spread: Spread
    unit: str = ""
    means: str = ""
    headline: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What one lens saw.

    Parameters
    ----------
    lens, question : str
    status : str
        One of ``STATUS_WORDS``.
    says : tuple of str
        The answer in sentences, most important first.
    tables : tuple of Table
    measures : tuple of Measure
    notes : tuple of str
        Conventions, what was left out, how many worlds failed.
    reads : tuple of str
        Paths of the situation that were used.
    verified : str
        Against what the numbers were checked; "not verified" is a legal answer and is printed.
    needs : tuple of Need
        What was missing when the status is ``not_applicable``.
    """

    lens: str
    question: str
    status: Status
    says: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    measures: tuple[Measure, ...] = ()
    notes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    verified: str = "not verified"
    needs: tuple[Need, ...] = ()

    def table(self, name: str) -> Table:
        """The table of this name; KeyError when there is none."""
        return next(iter(t for t in self.tables if t.name == name), None) or _missing(name)

    def measure(self, name: str) -> Measure:
        """The measure of this name; KeyError when there is none."""
        return next(iter(m for m in self.measures if m.name == name), None) or _missing(name)


def _missing(name: str) -> Any:
    """Raise for a name that a finding does not hold."""
    raise KeyError(name)


class Draws(Protocol):
    """What a lens sees of the worlds: numbers by path, one per world."""

    @property
    def size(self) -> int:
        """How many worlds."""

    @property
    def numbers(self) -> range:
        """Absolute numbers of these worlds; world 0 holds the best estimates."""

    @property
    def seed(self) -> int:
        """Seed of the run, for a lens that draws luck of its own."""

    @property
    def brief(self) -> bool:
        """Whether a quick look will do: a lens may then leave out what only the main finding shows."""

    @property
    def varies(self) -> tuple[Situation, Draws] | None:
        """The situation and worlds that these vary; None for a situation of its own.

        A lens that measures in units of the situation takes them from there, so that a change is not measured with
        another yardstick.
        """

    def of(self, path: str) -> FloatArray:
        """Values of shape (worlds,) at this path; NaN throughout where the file is silent."""

    def has(self, path: str) -> bool:
        """Whether there is a number at this path."""


class Lens(Protocol):
    """One question asked of every world."""

    @property
    def name(self) -> str:
        """Short name, also that of its folder."""

    @property
    def question(self) -> str:
        """The question it answers, in words."""

    @property
    def terms(self) -> tuple[Term, ...]:
        """Keys it adds to the situation language."""

    @property
    def reads(self) -> tuple[str, ...]:
        """Path patterns of the numbers it reads, its own terms included."""

    @property
    def fills(self) -> tuple[str, ...]:
        """Path patterns whose omitted numbers take their prior (and are listed as assumed)."""

    @property
    def chancy(self) -> bool:
        """Whether it draws luck of its own: results then belong to a world's number and to actors' names."""

    def needs(self, situation: Situation) -> tuple[Need, ...]:
        """What it cannot do without and the situation lacks; empty when it fits."""

    def compute(self, situation: Situation, worlds: Draws) -> dict[str, FloatArray]:
        """Per-world results, each array with a leading world dimension; NaN where undefined in that world."""

    def conclude(
        self, situation: Situation, best: dict[str, FloatArray], over: dict[str, FloatArray]
    ) -> Finding:
        """Turn results at the best estimates (one world) and over all worlds into a finding."""
