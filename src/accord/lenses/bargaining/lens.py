"""The lens that asks what the actors would settle on.

The weighted mean is the forecast; the other models of the field stand beside it and show process, spread and levers.
"""

from __future__ import annotations

from dataclasses import dataclass

from accord.finding import Draws, Finding, FloatArray, Need
from accord.lenses.bargaining.terms import READS, TERMS
from accord.situation import FactionStance, Situation, Stance, Term, estimates, fits


@dataclass(frozen=True, slots=True)
class Bargaining:
    """The compromise forecast of every issue, and what the other models say of it.

    See ``about.md`` in this folder for equations, sources and limits.

    Parameters
    ----------
    worlds : int or None
        Worlds in which the other models run, the first ones of a run.  None for all.
    """

    name: str = "bargaining"
    question: str = "What would they settle on?"
    terms: tuple[Term, ...] = TERMS
    reads: tuple[str, ...] = READS
    fills: tuple[str, ...] = ()
    chancy: bool = False
    worlds: int | None = 256

    def needs(self, situation: Situation) -> tuple[Need, ...]:
        """At least two actors with a position, salience and capability on one common issue."""
        if any(len(counting(situation, issue)) >= 2 for issue in situation.issues):
            return ()
        says = "position, salience and capability of at least two actors on one common issue"
        return (Need("stances", says),)

    def compute(self, situation: Situation, worlds: Draws) -> dict[str, FloatArray]:
        """Forecasts, their inputs and the answers of other models, each of shape (worlds,); NaN where undefined."""
        from accord.lenses.bargaining.compute import columns

        return columns(situation, worlds, self.worlds)

    def conclude(
        self, situation: Situation, best: dict[str, FloatArray], over: dict[str, FloatArray]
    ) -> Finding:
        """The finding from one world of best estimates and all drawn worlds."""
        from accord.lenses.bargaining.saying import VERIFIED, measures, notes, sentences
        from accord.lenses.bargaining.tables import tables_of
        from accord.lenses.bargaining.view import View

        view = View(situation, best, over)
        read = tuple(path for path in estimates(situation) if fits(path, self.reads))
        if not view.settled:
            says = ("Nothing can be forecast: on no issue does an actor with weight hold a position.",)
            return Finding(self.name, self.question, "none_exists", says, (), (), notes(view), read, VERIFIED)
        return Finding(
            lens=self.name,
            question=self.question,
            status="found",
            says=sentences(view),
            tables=tables_of(view),
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
