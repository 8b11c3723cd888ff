"""The lens that asks which outcomes would stick."""

from __future__ import annotations

from dataclasses import dataclass

from accord.finding import Draws, Finding, FloatArray, Need
from accord.lenses.conflict.terms import READS, TERMS
from accord.situation import Situation, Term, estimates, fits


@dataclass(frozen=True, slots=True)
class Conflict:
    """The graph model of what every actor can do and how it orders the outcomes.

    See ``about.md`` in this folder for conventions, sources and limits.

    Parameters
    ----------
    worlds : int or None
        Worlds looked at, the first ones of a run; the rest are left undefined.  None for all.
    """

    name: str = "conflict"
    question: str = "Which outcomes would stick?"
    terms: tuple[Term, ...] = TERMS
    reads: tuple[str, ...] = READS
    fills: tuple[str, ...] = ()
    chancy: bool = True
    worlds: int | None = 512

    def needs(self, situation: Situation) -> tuple[Need, ...]:
        """Options of at least two actors, and a preference of everybody who has some."""
        from accord.lenses.conflict.gather import lacks

        return lacks(situation)

    def compute(self, situation: Situation, worlds: Draws) -> dict[str, FloatArray]:
        """Which outcomes are equilibria, each of shape (worlds,): 1 or 0; margins in the unit of payoffs."""
        from accord.lenses.conflict.compute import columns

        return columns(situation, worlds, self.worlds)

    def conclude(
        self, situation: Situation, best: dict[str, FloatArray], over: dict[str, FloatArray]
    ) -> Finding:
        """The finding from one world of best estimates and all drawn worlds."""
        from accord.lenses.conflict.picture import Picture
        from accord.lenses.conflict.saying import VERIFIED, measures, notes, sentences
        from accord.lenses.conflict.tables import tables_of

        picture = Picture(situation, best, _looked(over))
        read = tuple(path for path in estimates(situation) if fits(path, self.reads))
        return Finding(
            lens=self.name,
            question=self.question,
            status="several" if len(picture.equilibria["R"]) != 1 else "found",
            says=sentences(picture),
            tables=tables_of(picture),
            measures=measures(picture),
            notes=notes(picture),
            reads=read,
            verified=VERIFIED,
        )


def _looked(over: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """The results in the worlds that were looked at: not looked at is not undefined."""
    if "looked" not in over:
        return over
    rows = over["looked"] > 0.0
    return {key: values[rows] for key, values in over.items() if key != "looked"}
