"""How the keys of a situation are declared: ranges, units, questions and references, as data.

The frozen dataclasses of this package carry these marks in ``Annotated`` types.  The reader, the JSON Schema, the
reference page and the priors are all derived from them, so that nothing about a key is said twice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

PriorShape = Literal["uniform", "log", "log1m", "bernoulli", "zero", "top", "none"]


@dataclass(frozen=True, slots=True)
class Range:
    """What a number may be, and what it is taken to be when the file does not say.

    Parameters
    ----------
    low, high : float
        Smallest and largest value that makes sense at all; outside is an error.
    unit : str
        Unit in words ("share", "util/month"); never guessed.
    symbol : str
        Symbol in the specification's equations, for the reference page.
    prior : tuple of float or None
        Plausible range, also the prior of an omitted number; None when a missing number stays missing.
    shape : str
        Shape of the prior: uniform, log (uniform in the logarithm), log1m (uniform in ln(1 - x)), bernoulli
        (``prior[0]`` is the probability), zero (an optional term: omitted means off, and is listed as such), top (omitted
        means the upper end), or none.
    """

    low: float = -math.inf
    high: float = math.inf
    unit: str = ""
    symbol: str = ""
    prior: tuple[float, float] | None = None
    shape: PriorShape = "none"

    def __contains__(self, value: float) -> bool:
        """Whether the value makes sense at all."""
        return self.low <= value <= self.high

    def words(self) -> str:
        """The range as a reader would say it: ``a number from 0 to 1 (share)``."""
        unit = f" ({self.unit})" if self.unit else ""
        if self.low == self.high:
            return f"{self.low:g}{unit}"
        if math.isinf(self.low) and math.isinf(self.high):
            return f"a number{unit}"
        if math.isinf(self.high):
            return f"a number of at least {self.low:g}{unit}"
        if math.isinf(self.low):
            return f"a number of at most {self.high:g}{unit}"
        return f"a number from {self.low:g} to {self.high:g}{unit}"


@dataclass(frozen=True, slots=True)
class Ask:
    """The question a key answers, as an analyst would be asked it."""

    question: str


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a name (or the keys of a mapping) as pointing at an entry of another block."""

    block: str


@dataclass(frozen=True, slots=True)
class FreeNames:
    """Marks a mapping whose keys are not plain names (claim numbers, paths, outputs)."""


@dataclass(frozen=True, slots=True)
class Logic:
    """Marks a text (or the keys of a mapping) as a statement over options: ``stay and not deal``."""


SHARE = Range(0.0, 1.0, "share")
PROBABILITY = Range(0.0, 1.0, "probability")


@dataclass(frozen=True, slots=True)
class Term:
    """One number that a lens adds to the situation language.

    Parameters
    ----------
    path : str
        Where it stands, with ``*`` for names: ``partnership.patrons.*.fatigue``.
    range : Range
        Range, unit, symbol and prior.
    question : str
        The question it answers, one line.
    lens : str
        The lens that reads it.
    """

    path: str
    range: Range
    question: str
    lens: str

    @property
    def name(self) -> str:
        """The key itself, the last part of the path."""
        return self.path.rpartition(".")[2]

    @property
    def parent(self) -> str:
        """The pattern of the block the key stands in."""
        return self.path.rpartition(".")[0]


@dataclass(frozen=True)
class Vocabulary:
    """Every key that the lenses add, and which lens reads which path.

    Parameters
    ----------
    terms : tuple of Term
        Keys added by lenses.
    reads : dict
        Lens name to the path patterns it reads (its own terms included).
    """

    terms: tuple[Term, ...] = ()
    reads: dict[str, tuple[str, ...]] | None = None

    def within(self, parent: str) -> dict[str, Term]:
        """The terms that may stand in the block with this pattern, by name."""
        return {term.name: term for term in self.terms if term.parent == parent}

    def readers(self, path: str) -> tuple[str, ...]:
        """Names of the lenses that read the number at this path, sorted."""
        found = [lens for lens, patterns in (self.reads or {}).items() if fits(path, patterns)]
        return tuple(sorted(found))


@lru_cache(maxsize=1 << 16)
def matches(path: str, pattern: str) -> bool:
    """Whether a dotted path fits a pattern in which ``*`` stands for one name and a final ``**`` for any rest."""
    parts, wanted = path.split("."), pattern.split(".")
    if wanted and wanted[-1] == "**":
        wanted = wanted[:-1]
        parts = parts[: len(wanted)] if len(parts) > len(wanted) else [*parts, *[""] * len(wanted)]
    return len(parts) == len(wanted) and all(w in ("*", p) for p, w in zip(parts, wanted, strict=True))


def fits(path: str, patterns: tuple[str, ...]) -> bool:
    """Whether a dotted path fits any of some patterns (see :func:`matches`): one walk, however many they are."""
    return _reaches(_branches(patterns), path.split("."), 0)


@lru_cache(maxsize=256)
def _branches(patterns: tuple[str, ...]) -> dict[str | None, Any]:
    """Patterns as a tree of their parts; under None whether one ends here, or goes on with any rest."""
    root: dict[str | None, Any] = {None: set()}
    for pattern in patterns:
        *parts, last = pattern.split(".")
        here = root
        for part in parts if last == "**" else [*parts, last]:
            here = here.setdefault(part, {None: set()})
        here[None].add("rest" if last == "**" else "end")
    return root


def _reaches(here: dict[str | None, Any], parts: list[str], done: int) -> bool:
    """Whether the rest of a path leads to the end of a pattern."""
    if done == len(parts):
        return "end" in here[None]
    if "rest" in here[None]:
        return True
    further = [here[part] for part in dict.fromkeys((parts[done], "*")) if part in here]
    return any(_reaches(one, parts, done + 1) for one in further)


def mark(hints: tuple[Any, ...], kind: type[Any]) -> Any:
    """The first mark of this kind among the metadata of an ``Annotated`` type, or None."""
    return next((hint for hint in hints if isinstance(hint, kind)), None)
