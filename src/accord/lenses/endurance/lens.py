"""The lens that asks how long they stay together, and what ends it."""

from __future__ import annotations

from dataclasses import dataclass

from accord.finding import Draws, Finding, FloatArray, Need
from accord.lenses.endurance.terms import FILLS, READS, TERMS
from accord.seen import View
from accord.situation import Situation, Term, estimates, fits


@dataclass(frozen=True, slots=True)
class Endurance:
    """Survival of the joint effort and of the partnership as such, endings, trials and closed forms.

    See ``about.md`` in this folder for equations, sources and limits.

    Parameters
    ----------
    replicates : tuple of int
        Runs of each world: usually, in a scenario beside the situation, and in the one world of best estimates.
    trials : int
        Further trials are made in the first so many worlds.
    monthly : tuple of str
        How names of results over months begin, shape (worlds, horizon + 1).
    """

    name: str = "endurance"
    question: str = "How long will they stay together, and what ends it?"
    terms: tuple[Term, ...] = TERMS
    reads: tuple[str, ...] = READS
    fills: tuple[str, ...] = FILLS
    chancy: bool = True
    monthly: tuple[str, ...] = ("survival.", "alive.", "incidence.", "path.")
    replicates: tuple[int, int, int] = (16, 4, 64)
    trials: int = 256

    def prepare(self, situation: Situation) -> None:
        """The calibration of the situation's structure, which takes long when it is neither shipped nor cached."""
        from accord.lenses.endurance.compute import default_cell

        default_cell(situation)

    def needs(self, situation: Situation) -> tuple[Need, ...]:
        """At least one kind of means, and as many partners from the start as the quorum wants."""
        found = []
        partnership = situation.partnership
        if not situation.resources:
            found.append(Need("resources", "at least one kind of means that the partners bring"))
        stated = [name for name, one in situation.resources.items() if one.weight is not None]
        if stated and len(stated) < len(situation.resources):
            missing = sorted(set(situation.resources) - set(stated))
            found += [
                Need(f"resources.{name}.weight", "a weight, since others state one") for name in missing
            ]
        present = [
            name
            for name, patron in partnership.patrons.items()
            if patron.since is None or patron.since.months_after(situation.as_of) <= 0
        ]
        if len(present) < partnership.quorum:
            says = f"at least {partnership.quorum} partners that are in from the start (the quorum)"
            found.append(Need("partnership.patrons", says))
        return tuple(found)

    def compute(self, situation: Situation, worlds: Draws) -> dict[str, FloatArray]:
        """Every quantity by name, each with a leading world dimension; NaN where undefined in that world."""
        from accord.lenses.endurance.compute import columns

        return columns(situation, worlds, self.replicates, self.trials)

    def conclude(
        self, situation: Situation, best: dict[str, FloatArray], over: dict[str, FloatArray]
    ) -> Finding:
        """The finding from one world of best estimates and all drawn worlds."""
        from accord.lenses.endurance.compute import calibration_of
        from accord.lenses.endurance.saying import VERIFIED, measures, notes, sentences
        from accord.lenses.endurance.tables import tables_of

        view, calibration = View(situation, best, _tried(over)), calibration_of(situation)
        read = tuple(path for path in estimates(situation) if fits(path, self.reads))
        if view.worlds == 0:
            says = ("No world was worked out.",)
            return Finding(self.name, self.question, "failed", says, reads=read, verified=VERIFIED)
        return Finding(
            lens=self.name,
            question=self.question,
            status="found",
            says=sentences(view, calibration),
            tables=tables_of(view),
            measures=measures(view),
            notes=notes(view, calibration),
            reads=read,
            verified=VERIFIED,
        )


def _tried(over: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """The results with those of trials cut to the worlds in which they were made: not tried is not undefined."""
    if "tried" not in over:
        return over
    rows = over["tried"] > 0.0
    return {k: v[rows] if k.startswith(("trial.", "hazard_ratio.")) else v for k, v in over.items()}
