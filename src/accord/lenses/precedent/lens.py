"""The lens that asks what happened to others like them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.finding import Draws, Finding, FloatArray, Need
from accord.lenses.precedent.terms import READS, TERMS
from accord.situation import Situation, Term, estimates, matches


@dataclass(frozen=True, slots=True)
class Precedent:
    """The outside view: base rates of the reference classes that a situation belongs to.

    See ``about.md`` in this folder for conventions, sources and limits.
    """

    name: str = "precedent"
    question: str = "What happened to others like them?"
    terms: tuple[Term, ...] = TERMS
    reads: tuple[str, ...] = READS
    fills: tuple[str, ...] = ()
    chancy: bool = False

    def needs(self, situation: Situation) -> tuple[Need, ...]:
        """Nothing: every partnership belongs to the class of all alliances."""
        return ()

    def compute(self, situation: Situation, worlds: Draws) -> dict[str, FloatArray]:
        """Nothing differs between worlds: the outside view knows nothing of them."""
        return {"looked": np.ones(worlds.size)}

    def conclude(
        self, situation: Situation, best: dict[str, FloatArray], over: dict[str, FloatArray]
    ) -> Finding:
        """The finding, the same whatever the worlds."""
        from accord.lenses.precedent.profile import profile_of
        from accord.lenses.precedent.saying import VERIFIED, measures, notes, sentences
        from accord.lenses.precedent.tables import tables_of

        profile, worlds = profile_of(situation), len(over["looked"])
        read = tuple(
            path for path in estimates(situation) if any(matches(path, pattern) for pattern in self.reads)
        )
        return Finding(
            lens=self.name,
            question=self.question,
            status="found",
            says=sentences(profile),
            tables=tables_of(profile, worlds),
            measures=measures(profile, worlds),
            notes=notes(profile),
            reads=read,
            verified=VERIFIED,
        )
