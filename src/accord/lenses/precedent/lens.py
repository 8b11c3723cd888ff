"""The lens that asks what happened to others like them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.finding import Draws, Finding, FloatArray, Need
from accord.lenses.precedent.stored import Stored
from accord.lenses.precedent.terms import READS, TERMS
from accord.situation import Situation, Term, estimates, fits


@dataclass(frozen=True, slots=True)
class Precedent:
    """The outside view: base rates of the reference classes that a situation belongs to.

    See ``about.md`` in this folder for conventions, sources and limits.

    Parameters
    ----------
    store : Stored, optional
        The user's own import, for what is not shipped: nearest cases, classes by regime, how partners stand to one another.
    """

    name: str = "precedent"
    question: str = "What happened to others like them?"
    terms: tuple[Term, ...] = TERMS
    reads: tuple[str, ...] = READS
    fills: tuple[str, ...] = ()
    chancy: bool = False
    store: Stored | None = None

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
        from accord.lenses.precedent.gathering import gathered

        read = tuple(path for path in estimates(situation) if fits(path, self.reads))
        made = gathered(situation, self.store, len(over["looked"]))
        return Finding(
            lens=self.name,
            question=self.question,
            status="found",
            says=made.says,
            tables=made.tables,
            measures=made.measures,
            notes=made.notes,
            reads=read,
            verified=made.verified,
        )
