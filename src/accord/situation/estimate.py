"""A number as an analyst has it: a best guess, a range, and the evidence for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from accord.situation.day import Day
from accord.situation.declare import Ask, Range, Ref

Reliability = Literal["A", "B", "C", "D", "E", "F"]
Confidence = Literal["low", "moderate", "high"]

RELIABILITY = {
    "A": "reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "reliability cannot be judged",
}
CREDIBILITY = {
    1: "confirmed",
    2: "probably true",
    3: "possibly true",
    4: "doubtful",
    5: "improbable",
    6: "truth cannot be judged",
}

# Parameters of each named distribution: (required, optional).  Optional low and high truncate; for beta they rescale.
DISTRIBUTIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "pert": (("low", "best", "high"), ()),
    "uniform": (("low", "high"), ("best",)),
    "loguniform": (("low", "high"), ("best",)),
    "log1m_uniform": (("low", "high"), ("best",)),
    "triangular": (("low", "best", "high"), ()),
    "normal": (("mean", "sd"), ("low", "high", "best")),
    "lognormal": (("median", "sigma"), ("low", "high", "best")),
    "beta": (("alpha", "beta"), ("low", "high", "best")),
    "bernoulli": (("probability",), ("best",)),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where evidence comes from, graded by the two-part Admiralty code (NATO AJP-2.1)."""

    citation: Annotated[str, Ask("What would a reader look up: author, title, publisher, date?")]
    date: Annotated[Day | None, Ask("When was it published?")] = None
    reliability: Annotated[
        Reliability | None, Ask("How reliable is the source, A (reliable) to F (cannot be judged)?")
    ] = None
    credibility: Annotated[
        int | None, Range(1, 6), Ask("How credible is what it says, 1 (confirmed) to 6 (cannot be judged)?")
    ] = None
    url: Annotated[str | None, Ask("Where can it be read?")] = None
    note: Annotated[str | None, Ask("What should a reader know about it?")] = None


@dataclass(frozen=True, slots=True)
class Citation:
    """One use of a source for one number; date and grades here override the source's own.

    Written ``essay`` or ``essay P4`` for short.
    """

    of: Annotated[str, Ref("sources"), Ask("Which source?")]
    locator: Annotated[str | None, Ask("Where in it: page, paragraph, table?")] = None
    date: Annotated[Day | None, Ask("When was this very piece of information current?")] = None
    reliability: Annotated[Reliability | None, Ask("Reliability of the source for this number, A to F?")] = (
        None
    )
    credibility: Annotated[
        int | None, Range(1, 6), Ask("Credibility of this piece of information, 1 to 6?")
    ] = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its uncertainty and its evidence.

    Parameters
    ----------
    best : float or None
        The single best value (used in world 0); None where a distribution leaves it open (its median is used).
    low, high : float or None
        Bounds of the range; None for a number given without uncertainty.
    distribution : str
        ``fixed`` or a key of ``DISTRIBUTIONS``.
    parameters : tuple of (str, float)
        Further parameters of a named distribution, sorted by name.
    word : str or None
        The estimative word it was written as.
    citations : tuple of Citation
        Evidence; empty means assumed.
    confidence : {'low', 'moderate', 'high'} or None
        Analytic confidence (ICD 203: not the same thing as likelihood); reported, does not widen the range.
    assumed : str or None
        One line of reasoning for a number without a source.
    note : str or None
    prior : bool
        True when the file said nothing and the prior stands in.
    """

    best: float | None
    low: float | None = None
    high: float | None = None
    distribution: str = "fixed"
    parameters: tuple[tuple[str, float], ...] = ()
    word: str | None = None
    citations: tuple[Citation, ...] = ()
    confidence: Confidence | None = None
    assumed: str | None = None
    note: str | None = None
    prior: bool = False

    @property
    def is_assumed(self) -> bool:
        """Whether no source stands behind the number."""
        return not self.citations

    @property
    def is_fixed(self) -> bool:
        """Whether it is the same in every world."""
        return self.distribution == "fixed"

    def parameter(self, name: str) -> float | None:
        """A parameter of the distribution by name (``low``, ``best``, ``high`` included), None when not given."""
        if name in ("low", "best", "high"):
            value: float | None = getattr(self, name)
            return value
        return dict(self.parameters).get(name)
