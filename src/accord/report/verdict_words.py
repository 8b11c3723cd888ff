"""The verdict in words: one paragraph a minister would read, and what stands behind it."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from accord.figures.numbers import number
from accord.finding import Spread
from accord.formulas import wording
from accord.lenses.endurance.places import AMBIVALENT, LABELS, QUADRANTS, Quadrant, second_of
from accord.report.paths import path_words
from accord.report.words import count, likelihood_words
from accord.situation import Situation
from accord.study.levers import Turn
from accord.study.verdict import FEWEST, Verdict

# Below this share of worlds no quadrant is more than a leaning; from the second on it is a clear answer.
_LEANS, _CLEAR = 0.5, 2 / 3
# What two kinds have in common is said if it holds in more than this share of worlds.
_COMMON = 0.6
# Kinds whose shares are no further apart are nearly tied.
_TIE = 0.05


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


def paragraph(verdict: Verdict, situation: Situation) -> str:
    """The answer, how sure it is, and what would change it, in one paragraph."""
    if not verdict.label:
        return (
            "No world can be judged: in none of them would everybody rather stay than leave at the start, or nothing"
            " survives the first year."
        )
    if verdict.few:
        return " ".join(wording.sentence(part) for part in (_judged(verdict), _too_few(verdict)) if part)
    on = conditions(situation)
    parts = [
        _judged(verdict),
        _answer(verdict, on),
        _ranks(verdict, on),
        _levels(verdict, on),
        _sure(verdict),
        _changes(verdict, situation),
    ]
    return " ".join(wording.sentence(part) for part in parts if part)


def _judged(verdict: Verdict) -> str:
    """In how many of the worlds drawn it can be judged, and why not in the others; nothing where it is in all."""
    if verdict.judged == verdict.drawn:
        return ""
    lost = f"in {verdict.undefined:,} nothing survives the first year" if verdict.undefined else ""
    left = (
        f"in {'' if lost else 'the other '}{'one' if verdict.left == 1 else f'{verdict.left:,}'} somebody would leave at once"
        if verdict.left
        else ""
    )
    return (
        f"judged in {verdict.judged:,} of {count(verdict.drawn, 'world')}; {wording.joined([t for t in (left, lost) if t])},"
        " so that what follows says nothing of those"
    )


def _too_few(verdict: Verdict) -> str:
    """How many worlds lie in each quadrant, where they are too few to name a kind."""
    found = [
        (LABELS[name], round(share * verdict.judged)) for name, share in verdict.shares.items() if share > 0.0
    ]
    kinds = [f"{many} {'is' if many == 1 else 'are'} {_kind(label)}" for label, many in found]
    return (
        f"too few worlds to name a kind: of the {count(verdict.judged, 'judged world')} {wording.joined(kinds)}, and fewer"
        f" than {FEWEST} say little; draw more worlds (--worlds)"
    )


def _kind(label: str) -> str:
    """A label with its article; what is near a border is no kind."""
    return label if label == LABELS[AMBIVALENT] else article(label)


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


def _says(quadrant: Quadrant, on: Conditions) -> str:
    """What a quadrant means here."""
    if quadrant.durable:
        much = (
            f"though much of that hangs on {on.on}"
            if quadrant.conditional
            else f"whether or not {on.whether}"
        )
        return f"lasts longer than most, {much}"
    return (
        f"holds while {on.holds}, and hardly beyond"
        if quadrant.conditional
        else f"does not last, and not because {on.might}"
    )


def _answer(verdict: Verdict, on: Conditions) -> str:
    """The label with its share, what is sure about it, and the other pole of the question."""
    share = verdict.shares[verdict.label]
    if share <= 0.0:
        return (
            f"measured against {verdict.cloud.shape[1]:,} plausible partnerships of the same make-up, it stands too near a"
            " border between kinds to have a name"
        )
    quadrant, second = (_quadrant(name) for name in (verdict.label, verdict.runner_up))
    if verdict.split:
        head = (
            f"the worlds are split between {article(quadrant.label)} ({wording.percent(share)} of {worlds_of(verdict)}) and"
            f" {article(second.label)} ({wording.percent(verdict.shares[second.name])}); {_agreed(verdict, on)}"
        )
    else:
        degree = (
            f"this is {article(quadrant.label)}"
            if share >= _CLEAR
            else f"this is more likely {article(quadrant.label)} than anything else"
            if share >= _LEANS
            else f"no kind has most worlds behind it, but the most frequent is {article(quadrant.label)}"
        )
        head = f"{degree} ({wording.percent(share)} of {worlds_of(verdict)}): it {_says(quadrant, on)}"
    text = f"measured against {verdict.cloud.shape[1]:,} plausible partnerships of the same make-up, {head}"
    shown = {verdict.label, verdict.runner_up} if verdict.split else {verdict.label}
    rest = [
        f"{article(LABELS[name])} it is {in_judged(verdict, verdict.shares[name])}"
        for name in ("strategic_alliance", "marriage_of_convenience")
        if name not in shown
    ]
    near = f"{in_judged(verdict, verdict.shares[AMBIVALENT])} it stands too near a border to tell"
    return f"{text}; {wording.joined([*rest, near])}"


def _agreed(verdict: Verdict, on: Conditions) -> str:
    """What the two leading kinds have in common, if enough worlds bear it out."""
    one, other = _quadrant(verdict.label), _quadrant(verdict.runner_up)
    durable, conditional = verdict.sides
    if one.conditional == other.conditional:
        side, share = ("more", conditional) if one.conditional else ("less", 1.0 - conditional)
        common = f"it hangs {side} on {on.on} than half of such partnerships do"
        rest = "whether it lasts"
    elif one.durable == other.durable:
        side, share = ("longer", durable) if one.durable else ("less long", 1.0 - durable)
        common = f"it lasts {side} than half of such partnerships"
        rest = "what carries it"
    else:
        return "these two have nothing in common, so the question is open"
    if share <= _COMMON:
        return f"that {common}, as both say, holds {in_judged(verdict, share)} only, so the question is open"
    return f"what both say is that {common} ({in_judged(verdict, share)}); {rest} is open"


def _quadrant(name: str) -> Quadrant:
    """A quadrant by its name."""
    return next(one for one in QUADRANTS if one.name == name)


def article(label: str) -> str:
    """A label with its article."""
    return f"{'an' if label[0] in 'aeiou' else 'a'} {label}"


def _ranks(verdict: Verdict, on: Conditions) -> str:
    """The two ranks."""
    durable, conditional = verdict.durability, verdict.conditionality
    return (
        f"in the median world {_of_100(durable.median)} of 100 such partnerships last less long once {on.once}"
        f" ({_of_100(durable.low)} to {_of_100(durable.high)} in nine worlds of ten), and"
        f" {_of_100(conditional.median)} of 100 hang less on {on.them} ({_of_100(conditional.low)} to"
        f" {_of_100(conditional.high)})"
    )


def _of_100(rank: float) -> str:
    """A rank as a count out of 100."""
    return "unknown" if math.isnan(rank) else str(round(100 * rank))


def _levels(verdict: Verdict, on: Conditions) -> str:
    """Index and gap as plain figures."""
    kept, tested = verdict.five_years, verdict.index
    return (
        "at the pace of history the chance that they outlast the next five years is, in the median of the"
        f" {verdict.judged:,} {worlds_of(verdict)}, {wording.percent(kept.median)} ({_within(kept)} in nine worlds of ten),"
        f" and {wording.percent(tested.median)} ({_within(tested)}) with {on.tried}; what the lens itself says of it is the"
        f" mean of all {verdict.drawn:,} worlds drawn; the ranks say more than these levels"
    )


def _within(share: Spread) -> str:
    """Between which ends a share lies."""
    return f"{wording.percent(share.low)} to {wording.percent(share.high)}"


def _sure(verdict: Verdict) -> str:
    """Robustness and evidence."""
    holds = verdict.holds
    informed = f"{wording.percent(verdict.informed.share)} of the numbers it rests on have a source"
    if holds.of <= 1:
        return f"{informed}; other calibrations were not tried"
    counts = Counter(
        one.clear for one in verdict.robustness if one.tells and one.clear not in ("", verdict.label)
    )
    others = [f"{LABELS[name]} in {many}" for name, many in counts.most_common()]
    another = f"another kind in {holds.other}" if holds.other else "another kind in none"
    return (
        f"of {holds.of} calibrations and prior variants {LABELS[verdict.label]} leads clearly in {holds.clear or 'none'},"
        f" no kind in {holds.split or 'none'} and {another}{f' ({wording.joined(others)})' if others else ''};"
        f" {informed}"
    )


def _changes(verdict: Verdict, situation: Situation) -> str:
    """The smallest change that moves the label, or settles a split one."""
    moving = [one for one in verdict.would_change_if if one.value is not None]
    if not verdict.would_change_if:
        return ""
    if not moving:
        tried = len(verdict.would_change_if)
        does = "settles which of the two it is" if verdict.split else "clearly changes the label"
        return f"none of the numbers tried ({tried}), moved alone to a few places within what is plausible, {does}"
    first = moving[0]
    does = "settle it" if verdict.split else "clearly move it"
    start, there = turn_words(first)
    where = (
        f"to be sure of {path_words(situation, first.path)} at its best estimate, {start}, is enough and"
        if first.value == first.start
        else f"{path_words(situation, first.path)} at {there} instead of {start}"
    )
    return (
        f"the smallest change found that would {does}: {where} makes it {article(LABELS[first.label])}"
        f" ({wording.percent(first.shares[first.label])} of {worlds_of(verdict)}{_barely(first)}){_tie(verdict)}"
    )


def _barely(turn: Turn) -> str:
    """The kind next to the one that a change leads to, where they are nearly tied."""
    second = second_of(turn.shares, turn.label) if len(turn.shares) > 1 else ""
    near = second and 0.0 <= turn.shares[turn.label] - turn.shares[second] <= _TIE
    return f", against {wording.percent(turn.shares[second])} {LABELS[second]}" if near else ""


def _tie(verdict: Verdict) -> str:
    """That a small change has a near tie to tip, and which."""
    one, other = verdict.shares[verdict.label], verdict.shares[verdict.runner_up]
    if verdict.split or one - other > _TIE:
        return ""
    return (
        f"; it tips a near tie ({LABELS[verdict.label]} {wording.percent(one)}, {LABELS[verdict.runner_up]}"
        f" {wording.percent(other)})"
    )


def turn_words(one: Turn) -> tuple[str, str]:
    """The best estimate, and where the label moves with the other end of the bracket: with digits that tell them apart."""
    values = {value for value in (one.start, one.value, one.not_yet) if value is not None}
    fewest = 2 if all(0.0 < abs(value) < 10.0 for value in values) else 0
    decimals = next((d for d in range(fewest, 5) if len({f"{v:.{d}f}" for v in values}) == len(values)), 4)
    plain = len({number(value) for value in values}) == len(values)
    start, value, before = (
        "" if told is None else number(told) if plain else number(told, decimals)
        for told in (one.start, one.value, one.not_yet)
    )
    return start, f"{value} (not yet at {before})" if before else value


def asides(verdict: Verdict) -> tuple[str, ...]:
    """What else belongs beside the verdict: type, viability, calibration, likelihood in words."""
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
    chance = (
        f"how likely the label is, in words: {likelihood_words(verdict.shares[verdict.label])}"
        if verdict.label and not verdict.few
        else ""
    )
    apart = (
        f"in {wording.percent(1.0 - verdict.viable)} of worlds somebody would rather leave at the start; such worlds are"
        " counted here and not judged, as in the population, for the partnership exists"
    )
    lost = (
        f"{verdict.undefined} worlds have no rank because nothing survives the first year"
        if verdict.undefined
        else ""
    )
    return tuple(wording.sentence(text) for text in (resnick, chance, apart, lost, *verdict.notes) if text)
