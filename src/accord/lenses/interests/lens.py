"""The lens that asks where the actors agree, and where not."""

from __future__ import annotations

from dataclasses import dataclass

from accord.finding import Draws, Finding, FloatArray, Need
from accord.lenses.interests.bonds import bond_tables
from accord.lenses.interests.compute import columns
from accord.lenses.interests.rifts import rift_tables
from accord.lenses.interests.saying import VERIFIED, measures, notes, sentences
from accord.lenses.interests.standing import agreement_tables, similarity_tables
from accord.lenses.interests.terms import READS, TERMS
from accord.seen import View
from accord.situation import Situation, Term, estimates, fits


@dataclass(frozen=True, slots=True)
class Interests:
    """Agreement, similarity, fault lines, complementarity, dependence and shared threats of the partners.

    See ``about.md`` in this folder for equations, sources and limits.
    """

    name: str = "interests"
    question: str = "Where do they agree, and where not?"
    terms: tuple[Term, ...] = TERMS
    reads: tuple[str, ...] = READS
    fills: tuple[str, ...] = (
        "issues.*.agenda_loading",
        "ties.*.*.dependence",
        "partnership.territory",
        "partnership.substitution",
        "partnership.contest_exponent",
        "partnership.threats.*.level",
        "partnership.threats.*.strength",
        "partnership.patrons.*.threats.*.value",
    )
    chancy: bool = False

    def needs(self, situation: Situation) -> tuple[Need, ...]:
        """At least two actors with a position on one common issue."""
        if any(len(positioned(situation, issue)) >= 2 for issue in situation.issues):
            return ()
        return (Need("stances", "positions of at least two actors on one common issue"),)

    def compute(self, situation: Situation, worlds: Draws) -> dict[str, FloatArray]:
        """Every quantity by name, each of shape (worlds,); NaN where undefined in that world."""
        return columns(situation, worlds)

    def conclude(
        self, situation: Situation, best: dict[str, FloatArray], over: dict[str, FloatArray]
    ) -> Finding:
        """The finding from one world of best estimates and all drawn worlds."""
        view = View(situation, best, over)
        tables = (*agreement_tables(view), *rift_tables(view), *similarity_tables(view), *bond_tables(view))
        return Finding(
            lens=self.name,
            question=self.question,
            status="found",
            says=sentences(view),
            tables=tables,
            measures=measures(view),
            notes=notes(view),
            reads=tuple(path for path in estimates(situation) if fits(path, self.reads)),
            verified=VERIFIED,
        )


def positioned(situation: Situation, issue: str) -> tuple[str, ...]:
    """Actors that state a position on an issue, of their own or through factions, sorted."""
    stances = situation.stances.get(issue, {})
    held = (
        name
        for name, stance in stances.items()
        if stance.position is not None
        or any(faction.position is not None for faction in stance.factions.values())
    )
    return tuple(sorted(held))
