"""Words that everything about the verdict shares: what it hangs on, shares of worlds, changes, and what stands beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from accord.figures.numbers import number
from accord.formulas import wording
from accord.report.paths import with_unit
from accord.report.words import count
from accord.situation import Situation
from accord.study.levers import Turn
from accord.study.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a partnership may hang on, in words: threats and offers only where the situation has them.

    Parameters
    ----------
    holds, on, whether, might : str
        "Holds while ...", "hangs on ...", "whether or not ...", "not because ...".
    once, tried, them : str
        "Last less long once ...", "the chance with ...", "hang less on ...".
    """

    holds: str
    on: str
    whether: str
    might: str
    once: str
    tried: str
    them: str


_BOTH = Conditions(
    "the threat lives and nobody makes an offer",
    "the threat and on nobody making an offer",
    "the threat lives and offers come",
    "the threat might go or an offer come",
    "the threat is gone and offers come",
    "the threat gone and everybody tempted once",
    "both",
)
_OFFERS = Conditions(
    "nobody makes an offer",
    "nobody making an offer",
    "offers come",
    "an offer might come",
    "offers come",
    "everybody tempted once",
    "that",
)
# Without a suitor the trials tempt with an offer that the situation does not have: that is a test, and no more is said.
_THREAT = Conditions(
    "the threat lives and nothing else puts it to the test",
    "the threat and on nothing else putting it to the test",
    "the threat lives and something else puts it to the test",
    "the threat might go or something else put it to the test",
    "the threat is gone and something else puts them to the test",
    "the threat gone and everybody put to the test once",
    "both",
)
_NEITHER = Conditions(
    "nothing puts it to the test",
    "nothing putting it to the test",
    "something puts it to the test",
    "something might put it to the test",
    "something puts them to the test",
    "everybody put to the test once",
    "that",
)


def conditions(situation: Situation) -> Conditions:
    """What the partnership of a situation may hang on."""
    pact = situation.partnership
    offers = any(suitor.offers for suitor in pact.suitors.values())
    if pact.threats:
        return _BOTH if offers else _THREAT
    return _OFFERS if offers else _NEITHER


def worlds_of(verdict: Verdict) -> str:
    """What shares are shares of: worlds, or those judged where some are not."""
    return "worlds" if verdict.judged == verdict.drawn else "judged worlds"


def in_judged(verdict: Verdict, share: float) -> str:
    """In how many of 100 worlds, or of those judged where some are not; of how many where they are few."""
    if verdict.few and not math.isnan(share):
        return f"in {round(share * verdict.judged)} of {count(verdict.judged, 'judged world')}"
    said = wording.in_worlds(share)
    return (
        said
        if verdict.judged == verdict.drawn or math.isnan(share)
        else said.replace(" world", " judged world")
    )


def article(label: str) -> str:
    """A label with its article."""
    return f"{'an' if label[0] in 'aeiou' else 'a'} {label}"


def partners(situation: Situation) -> str:
    """The partners by name."""
    actors = situation.actors
    return wording.joined([wording.named(actors[p].label, p) for p in sorted(situation.partnership.patrons)])


def turn_words(one: Turn, situation: Situation) -> tuple[str, str, str]:
    """The best estimate, where the label moves, and that with the other end of the bracket; with units.

    With digits that tell them apart.
    """
    values = {value for value in (one.start, one.value, one.not_yet) if value is not None}
    fewest = 2 if all(0.0 < abs(value) < 10.0 for value in values) else 0
    decimals = next((d for d in range(fewest, 5) if len({f"{v:.{d}f}" for v in values}) == len(values)), 4)
    plain = len({number(value) for value in values}) == len(values)
    start, value, before = (
        "" if told is None else number(told) if plain else number(told, decimals)
        for told in (one.start, one.value, one.not_yet)
    )
    start, value = (with_unit(situation, one.path, told) if told else "" for told in (start, value))
    if not before:
        return start, value, value
    inside = value.removesuffix(")") + "; " if value.endswith(")") else f"{value} ("
    return start, value, f"{inside}not yet at {before})"


def asides(verdict: Verdict) -> tuple[str, ...]:
    """What else belongs beside the verdict: type, viability, calibration."""
    rivals = verdict.rivals
    kinds = [
        f"{what} {in_judged(verdict, share)}"
        for what, share in (
            ("adversaries in outlook", rivals.ideological),
            ("adversaries in interest", rivals.geopolitical),
        )
        if not math.isnan(share)
    ]
    resnick = f"Resnick's type: {rivals.label} ({rivals.says}{'; ' + ', '.join(kinds) if kinds else ''})"
    apart = (
        f"in {wording.percent(1.0 - verdict.viable)} of worlds somebody would rather leave at the start; such worlds are"
        " counted here and not judged, as in the population, for the partnership exists"
    )
    have = "has" if verdict.undefined == 1 else "have"
    lost = (
        f"{count(verdict.undefined, 'world')} {have} no rank because nothing survives the first year"
        if verdict.undefined
        else ""
    )
    return tuple(wording.sentence(text) for text in (resnick, apart, lost, *verdict.notes) if text)
