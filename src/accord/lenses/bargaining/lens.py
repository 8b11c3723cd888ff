"""The lens that asks what the actors would settle on.

So far it holds one model, the compromise forecast; further models come as one file each.
"""

from __future__ import annotations

from dataclasses import dataclass

from accord.finding import Draws, Finding, FloatArray, Need
from accord.lenses.bargaining.compute import columns
from accord.lenses.bargaining.tables import View, measures, notes, scale_table, sentences, summary_table
from accord.lenses.bargaining.terms import READS, TERMS
from accord.situation import FactionStance, Situation, Stance, Term, estimates, matches

VERIFIED = (
    "the weighted mean against arithmetic by hand, against the first-round mean of Scholz, Calbert & Smith 2011, Table"
    " 2 (7.4), and against known mean errors on 185 resolved issues of the European Union (equal capability: 22.131"
    " unweighted, 22.390 by salience); the mean error of 22.99 on all 351 issues is quoted, not recomputed here"
)


@dataclass(frozen=True, slots=True)
class Bargaining:
    """The compromise forecast of every issue.

    See ``about.md`` in this folder for equations, sources and limits.
    """

    name: str = "bargaining"
    question: str = "What would they settle on?"
    terms: tuple[Term, ...] = TERMS
    reads: tuple[str, ...] = READS
    fills: tuple[str, ...] = ()
    chancy: bool = False

    def needs(self, situation: Situation) -> tuple[Need, ...]:
        """At least two actors with a position, salience and capability on one common issue."""
        if any(len(counting(situation, issue)) >= 2 for issue in situation.issues):
            return ()
        says = "position, salience and capability of at least two actors on one common issue"
        return (Need("stances", says),)

    def compute(self, situation: Situation, worlds: Draws) -> dict[str, FloatArray]:
        """Forecast and inputs of every issue by name, each of shape (worlds,); NaN where undefined."""
        return columns(situation, worlds)

    def conclude(
        self, situation: Situation, best: dict[str, FloatArray], over: dict[str, FloatArray]
    ) -> Finding:
        """The finding from one world of best estimates and all drawn worlds."""
        view = View(situation, best, over)
        read = tuple(
            path for path in estimates(situation) if any(matches(path, pattern) for pattern in self.reads)
        )
        if not view.settled:
            says = ("Nothing can be forecast: on no issue does an actor with weight hold a position.",)
            return Finding(self.name, self.question, "none_exists", says, (), (), notes(view), read, VERIFIED)
        return Finding(
            lens=self.name,
            question=self.question,
            status="found",
            says=sentences(view),
            tables=(summary_table(view), *(scale_table(view, issue) for issue in view.settled)),
            measures=measures(view),
            notes=notes(view),
            reads=read,
            verified=VERIFIED,
        )


def counting(situation: Situation, issue: str) -> tuple[str, ...]:
    """Actors that state position, salience and capability on an issue, sorted."""
    stances = situation.stances.get(issue, {})
    return tuple(sorted(name for name, stance in stances.items() if _counts(situation, name, stance)))


def _counts(situation: Situation, name: str, stance: Stance) -> bool:
    """Whether a stance, its factions and its actor state all three numbers."""
    sides: list[Stance | FactionStance] = [stance, *stance.factions.values()]
    actor = situation.actors.get(name)
    able = stance.capability is not None or (actor is not None and bool(actor.capability))
    return (
        any(side.position is not None for side in sides)
        and any(side.salience is not None for side in sides)
        and able
    )
