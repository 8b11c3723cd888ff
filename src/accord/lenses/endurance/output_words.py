"""Outputs of the lens in words, as subjects of a sentence: what a claim was tested on, without its path."""

from __future__ import annotations

from accord.formulas import wording
from accord.lenses.endurance.endings import ENDINGS
from accord.lenses.endurance.outputs import named
from accord.lenses.endurance.places import LABELS
from accord.situation import Situation

# By pattern; {0}, {1} are its parts in capitals, in words.
_PHRASES = {
    "survival.LEVEL.MONTH": "the chance that {0} is alive after {1} months",
    "hazard.theatre.MONTH": "the rate at which the joint effort ends in the year to month {0}",
    "hazard.theatre.0": "the chance that a partner ends the joint effort at a review today",
    "five_years": "the chance to last five more years once through the first",
    "strategic_index": "the chance to last five more years without threat and with everybody tempted once",
    "gap": "what both trials take from the chance to last five more years",
    "log_hazard_ratio": "how much faster it ends under both trials (log)",
    "durability": "the rank of outlasting both trials",
    "conditionality": "the rank of what both trials cost",
    "quadrant": "the quadrant by number",
    "quadrant.QUADRANT": "that it is {0}",
    "held.QUADRANT": "the share of calibrations under which it is {0}",
    "incidence.CAUSE": "the share of runs that end by {0}",
    "incidence.CAUSE.PATRON": "the share of runs that {1} ends by {0}",
    "share_of_endings.PATRON": "the share of endings that {0} brings about",
    "own_exit_month.PATRON": "the mean month in which {0} ends it by its own doing",
    "goal_month.PATRON": "the month in which the goals of {0} are reached if all stay",
    "patience.PATRON.MONTH": "the patience of {0} after {1} months if all stay",
    "losses.PATRON.MONTH": "the deaths of {0} after {1} months if all stay",
    "joint_success.MONTH": "the chance to prevail after {0} months if all stay",
    "trust_error.MONTH": "how far trust is from the truth after {0} months",
    "trust.PATRON.PARTNER": "the trust of {0} in {1} at the start",
    "trust_news.PATRON.PARTNER": "what the past adds to the trust of {0} in {1} (log-odds)",
    "price_of_defection.PATRON": "the price at which {0} would defect",
    "cheapest_wedge": "the cheapest price of a split over a large offer",
    "influence.PATRON": "the share of influence over the client that {0} has",
    "influence_before.PATRON.PARTNER": "the share of influence that {0} had before {1} came in",
    "flow.stay.PATRON": "what {0} gains a month while all stay",
    "flow.leave.PATRON": "what {0} gains a month outside",
    "exit_probability.PATRON": "the chance that {0} leaves at a review today",
    "entry.PATRON": "the chance that {0} would come in at a review today",
    "policy.ISSUE": "what they settle on for {0}",
    "territory_drift": "the expected course of the client's territory",
    "territory_slope.PATRON": "what {0} gains from more territory of the client",
    "loss_rate.SIDE.PATRON": "the deaths of {1} a month {0}",
}
_LEVELS = {"theatre": "the joint effort", "bilateral": "the partnership as such"}
_SIDES = {"together": "with the others", "alone": "alone"}
_CAUSES = {one.name: one.label for one in ENDINGS}


def output_words(situation: Situation, path: str) -> str:
    """An output in words; the path itself where it is another lens', or there is no such output.

    Parameters
    ----------
    situation : Situation
        Gives actors and issues their labels.
    path : str
        ``endurance.`` and the output's name.
    """
    lens, _, name = path.partition(".")
    if lens != "endurance":
        return path
    try:
        output, parts = named(situation, name)
    except ValueError:
        return path
    phrase = _PHRASES.get(name, _PHRASES[output.pattern])
    return phrase.format(*(_part(situation, part) for part in parts))


def _part(situation: Situation, part: str) -> str:
    """What stands for a part in capitals, in words."""
    if part in situation.actors:
        return wording.named(situation.actors[part].label, part)
    if part in situation.issues:
        return wording.named(situation.issues[part].label, part)
    label = LABELS.get(part)
    if label is not None:
        return f"{'an' if label[0] in 'aeiou' else 'a'} {label}"
    return {**_LEVELS, **_SIDES, **_CAUSES}.get(part, part)
