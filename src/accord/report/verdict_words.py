"""The verdict in words: one paragraph a minister would read, and what stands behind it."""

from __future__ import annotations

import math
from collections import Counter

from accord.figures.numbers import number
from accord.finding import Spread
from accord.formulas import wording
from accord.lenses.endurance.places import LABELS, QUADRANTS, Quadrant
from accord.report.paths import path_words
from accord.report.words import likelihood_words
from accord.situation import Situation
from accord.study.levers import Turn
from accord.study.verdict import Verdict

# Below this share of worlds no quadrant is more than a leaning; from the second on it is a clear answer.
_LEANS, _CLEAR = 0.5, 2 / 3


def paragraph(verdict: Verdict, situation: Situation) -> str:
    """The answer, how sure it is, and what would change it, in one paragraph."""
    if not verdict.label:
        return (
            "No world can be judged: in none of them would everybody rather stay than leave at the start, or nothing"
            " survives the first year."
        )
    parts = [
        _answer(verdict),
        _ranks(verdict),
        _levels(verdict),
        _sure(verdict),
        _changes(verdict, situation),
    ]
    return " ".join(wording.sentence(part) for part in parts if part)


def _answer(verdict: Verdict) -> str:
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
            f"the worlds are split between {article(quadrant.label)} ({wording.percent(share)} of worlds) and"
            f" {article(second.label)} ({wording.percent(verdict.shares[second.name])}); {_agreed(verdict)}"
        )
    else:
        degree = (
            f"this is {article(quadrant.label)}"
            if share >= _CLEAR
            else f"this is more likely {article(quadrant.label)} than anything else"
            if share >= _LEANS
            else f"no kind has most worlds behind it, but the most frequent is {article(quadrant.label)}"
        )
        head = f"{degree} ({wording.percent(share)} of worlds): it {quadrant.says}"
    text = f"measured against {verdict.cloud.shape[1]:,} plausible partnerships of the same make-up, {head}"
    shown = {verdict.label, verdict.runner_up} if verdict.split else {verdict.label}
    rest = [
        f"{article(LABELS[name])} it is {wording.in_worlds(verdict.shares[name])}"
        for name in ("strategic_alliance", "marriage_of_convenience")
        if name not in shown
    ]
    near = f"{wording.in_worlds(verdict.shares['ambivalent'])} it stands too near a border to tell"
    return f"{text}; {wording.joined([*rest, near])}"


def _agreed(verdict: Verdict) -> str:
    """What the two leading kinds have in common."""
    one, other = _quadrant(verdict.label), _quadrant(verdict.runner_up)
    durable, conditional = verdict.sides
    if one.conditional == other.conditional:
        side = "more" if one.conditional else "less"
        share = conditional if one.conditional else 1.0 - conditional
        return (
            f"what both say is that it hangs {side} on the threat and on nobody making an offer than half of such"
            f" partnerships do ({wording.in_worlds(share)}); whether it lasts is open"
        )
    if one.durable == other.durable:
        side = "longer" if one.durable else "less long"
        share = durable if one.durable else 1.0 - durable
        return (
            f"what both say is that it lasts {side} than half of such partnerships ({wording.in_worlds(share)});"
            " what carries it is open"
        )
    return "these two have nothing in common, so the question is open"


def _quadrant(name: str) -> Quadrant:
    """A quadrant by its name."""
    return next(one for one in QUADRANTS if one.name == name)


def article(label: str) -> str:
    """A label with its article."""
    return f"{'an' if label[0] in 'aeiou' else 'a'} {label}"


def _ranks(verdict: Verdict) -> str:
    """The two ranks."""
    durable, conditional = verdict.durability, verdict.conditionality
    return (
        f"in the median world {_of_100(durable.median)} of 100 such partnerships last less long once the threat is gone and"
        f" offers come ({_of_100(durable.low)} to {_of_100(durable.high)} in nine worlds of ten), and"
        f" {_of_100(conditional.median)} of 100 hang less on both ({_of_100(conditional.low)} to"
        f" {_of_100(conditional.high)})"
    )


def _of_100(rank: float) -> str:
    """A rank as a count out of 100."""
    return "unknown" if math.isnan(rank) else str(round(100 * rank))


def _levels(verdict: Verdict) -> str:
    """Index and gap as plain figures."""
    kept, tested = verdict.five_years, verdict.index
    return (
        "at the pace of history the chance that they outlast the next five years is"
        f" {wording.percent(kept.median)} ({_within(kept)} in nine worlds of ten), and {wording.percent(tested.median)}"
        f" ({_within(tested)}) with the threat gone and everybody tempted once; the ranks say more than these levels"
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
    counts = Counter(one.clear for one in verdict.robustness if one.clear not in ("", verdict.label))
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
        f" ({wording.percent(first.shares[first.label])} of worlds)"
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
        f"{what} {wording.in_worlds(share)}"
        for what, share in (
            ("adversaries in outlook", rivals.ideological),
            ("adversaries in interest", rivals.geopolitical),
        )
        if not math.isnan(share)
    ]
    resnick = f"Resnick's type: {rivals.label} ({rivals.says}{'; ' + ', '.join(kinds) if kinds else ''})"
    chance = (
        f"how likely the label is, in words: {likelihood_words(verdict.shares[verdict.label])}"
        if verdict.label
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
