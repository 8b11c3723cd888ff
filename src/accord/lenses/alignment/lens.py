"""The lens that asks who stands with whom."""

from __future__ import annotations

from dataclasses import dataclass

from accord.finding import Draws, Finding, FloatArray, Need
from accord.lenses.alignment.terms import FILLS, READS, TERMS
from accord.situation import Situation, Term, estimates, fits


@dataclass(frozen=True, slots=True)
class Alignment:
    """The landscape of who would stand together, from ties, stances and shared threats.

    See ``about.md`` in this folder for conventions, sources and limits.
    """

    name: str = "alignment"
    question: str = "Who stands with whom?"
    terms: tuple[Term, ...] = TERMS
    reads: tuple[str, ...] = READS
    fills: tuple[str, ...] = FILLS
    chancy: bool = False

    def needs(self, situation: Situation) -> tuple[Need, ...]:
        """Three to 20 actors with a size, of which something is known about how they stand to one another."""
        from accord.lenses.alignment.gather import lacks

        return lacks(situation)

    def compute(self, situation: Situation, worlds: Draws) -> dict[str, FloatArray]:
        """The best division and who stands together in it, each of shape (worlds,)."""
        from accord.lenses.alignment.compute import columns

        return columns(situation, worlds)

    def conclude(
        self, situation: Situation, best: dict[str, FloatArray], over: dict[str, FloatArray]
    ) -> Finding:
        """The finding from one world of best estimates and all drawn worlds."""
        from accord.lenses.alignment.saying import VERIFIED, measures, notes, sentences
        from accord.lenses.alignment.tables import tables_of
        from accord.lenses.alignment.view import Camps

        camps = Camps(situation, best, over)
        read = tuple(path for path in estimates(situation) if fits(path, self.reads))
        return Finding(
            lens=self.name,
            question=self.question,
            status="several" if camps.landscape.optima > 1 else "found",
            says=sentences(camps),
            tables=tables_of(camps),
            measures=measures(camps),
            notes=notes(camps),
            reads=read,
            verified=VERIFIED,
        )
