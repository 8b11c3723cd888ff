"""The answer: one sentence that a minister would read, with its uncertainty, and the few points that stand behind it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from accord.finding import Finding, Spread
from accord.formulas import wording
from accord.lenses.endurance.calibration import KINDS
from accord.lenses.endurance.places import AMBIVALENT, LABELS, QUADRANTS, Quadrant
from accord.lenses.endurance.saying import settled_by
from accord.report.change_words import breaks, mends
from accord.report.own_words import own_words
from accord.report.verdict_words import Conditions, article, conditions, in_judged, partners, worlds_of
from accord.report.view import Point
from accord.report.words import count, likelihood_words
from accord.situation import Situation
from accord.study.landing import Landings
from accord.study.verdict import FEWEST, Verdict

# Below this share of worlds no quadrant is more than a leaning; from the second on it is a clear answer.
_LEANS, _CLEAR = 0.5, 2 / 3
# What two kinds have in common is said if it holds in more than this share of worlds.
_COMMON = 0.6
# By what the sentences of lenses that say where it cracks are known.
_CRACKS = (
    ("endurance", (" ends most often by ", "hardly any run of ")),
    ("interests", ("the deepest rift",)),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The lead sentence, and the points that stand behind it."""

    lead: str
    points: tuple[Point, ...]


def answer(
    verdict: Verdict, situation: Situation, findings: Sequence[Finding] = (), found: Landings | None = None
) -> Answer:
    """The answer in words.

    Parameters
    ----------
    verdict : Verdict
    situation : Situation
    findings : sequence of Finding
        What the lenses say, for where it cracks.
    found : Landings or None
        Where scenarios land.
    """
    if not verdict.label:
        says = (
            "no world can be judged: in none of them would everybody rather stay than leave at the start, or nothing survives"
            " the first year"
        )
        return Answer(wording.sentence(says), ())
    on = conditions(situation)
    said = (
        ("How long", _levels(verdict, on)),
        ("Where it cracks", _cracks(findings)),
        ("What breaks it", breaks(verdict, situation, found)),
        ("What would mend or move it", mends(verdict, situation, found)),
        ("How sure", _sentences(*_doubts(verdict), settled_by(situation))),
        ("Compared with others", _compared(verdict, on)),
    )
    points = tuple(Point(term, text) for term, text in said if text)
    return Answer(wording.sentence(_lead(verdict, situation, on)), points)


def text_of(made: Answer) -> str:
    """Lead and points as one text."""
    return " ".join([made.lead, *(f"{point.term}: {point.says}" for point in made.points)])


def _sentences(*texts: str) -> str:
    """Sentences one after the other; empty ones left out."""
    return " ".join(wording.sentence(text) for text in texts if text)


def _lead(verdict: Verdict, situation: Situation, on: Conditions) -> str:
    """The label with its share and error, or the two between which it is split, and what is sure about it."""
    who, (before, of) = partners(situation), _judged_in(verdict)
    if verdict.few:
        return _too_few(verdict, who)
    share = verdict.shares[verdict.label]
    if share <= 0.0:
        near = _with_error(verdict, AMBIVALENT)
        return f"{before}{who} stand too near a border between kinds to have a name ({near} {of})"
    if verdict.split:
        kinds = [
            f"{article(LABELS[name])} ({_with_error(verdict, name)}{among})"
            for name, among in ((verdict.label, f" {of}"), (verdict.runner_up, ""))
        ]
        return f"{before}{who} stand between {' and '.join(kinds)}: {_agreed(verdict, on)}"
    quadrant = _quadrant(verdict.label)
    kind, says = (
        article(quadrant.label),
        f"({_with_error(verdict, verdict.label)} {of}): it {_says(quadrant, on)}",
    )
    if share < _LEANS:
        return f"{before}no kind holds in most worlds for {who}; the most frequent is {kind} {says}"
    more = "have" if share >= _CLEAR else "more likely have"
    return f"{before}{who} {more} {kind} {'' if share >= _CLEAR else 'than anything else '}{says}"


def _too_few(verdict: Verdict, who: str) -> str:
    """That too few worlds are judged, and what would help: more worlds, unless somebody would leave in most of them."""
    of = f"{verdict.judged:,} of {count(verdict.drawn, 'world')}"
    little = f"too few worlds to name a kind: {who} can be judged in {of}, and fewer than {FEWEST} say little"
    if verdict.left > verdict.judged:
        return f"{little}; in {verdict.left:,} somebody would leave at once, so that these numbers hardly make a partnership"
    return f"{little}; draw more worlds (--worlds)"


def _judged_in(verdict: Verdict) -> tuple[str, str]:
    """What goes first (that somebody would leave at once, where it is the rule), and of how many worlds shares are."""
    if verdict.judged == verdict.drawn:
        return "", f"of all {count(verdict.drawn, 'world')}"
    if verdict.left <= verdict.judged:
        return "", f"of the {verdict.judged:,} worlds judged of {verdict.drawn:,}"
    rest = "the other " if verdict.left + verdict.judged == verdict.drawn else ""
    first = (
        f"in {verdict.left:,} of {count(verdict.drawn, 'world')} somebody would leave at once, so that these numbers hardly"
        f" make a partnership; in {rest}{verdict.judged:,} "
    )
    return first, "of these"


def _with_error(verdict: Verdict, name: str) -> str:
    """A share with its standard error, in percent.

    Where every world or none is of a kind, half a world is added to either side (Jeffreys): few worlds are no certainty.
    """
    share, worlds = verdict.shares[name], verdict.judged
    middle, among = (
        (share, worlds) if 0.0 < share < 1.0 else ((share * worlds + 0.5) / (worlds + 1.0), worlds + 1)
    )
    error = 100.0 * math.sqrt(middle * (1.0 - middle) / among)
    return f"{round(100 * share)} \N{PLUS-MINUS SIGN} {error:.{0 if error >= 0.95 else 1}f} %"


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


def _agreed(verdict: Verdict, on: Conditions) -> str:
    """What the two leading kinds have in common, if enough worlds bear it out."""
    one, other = _quadrant(verdict.label), _quadrant(verdict.runner_up)
    durable, conditional = verdict.sides
    if one.conditional == other.conditional:
        side, share = ("more", conditional) if one.conditional else ("less", 1.0 - conditional)
        common = f"it hangs {side} on {on.on} than half of such partnerships"
        rest = "whether it lasts"
    elif one.durable == other.durable:
        side, share = ("longer", durable) if one.durable else ("less long", 1.0 - durable)
        common = f"it lasts {side} than half of such partnerships"
        rest = "what carries it"
    else:
        return "one lasts and the other does not, one hangs on conditions and the other does not, so the question is open"
    if share <= _COMMON:
        return f"even that {common} holds in {wording.percent(share)} only, so the question is open"
    return f"in {wording.percent(share)} of them {common}; {rest} is open"


def _quadrant(name: str) -> Quadrant:
    """A quadrant by its name."""
    return next(one for one in QUADRANTS if one.name == name)


def _levels(verdict: Verdict, on: Conditions) -> str:
    """The chance to last, with and without the trials, and where it comes from."""
    kept, tested = verdict.five_years, verdict.index
    return _sentences(
        f"at the pace of history, once they are through the first year, the chance that they stay together for five more is"
        f" {wording.percent(kept.median)}{_median_of(verdict)}{_within(verdict, kept, ' in nine worlds of ten')}, and"
        f" {wording.percent(tested.median)}{_within(verdict, tested)} with {on.tried}",
        f"what the lens says of how long it holds counts from today and is the mean of all {verdict.drawn:,} worlds drawn; the"
        " ranks say more than these levels",
    )


def _median_of(verdict: Verdict) -> str:
    """Of which worlds a median is."""
    if verdict.judged == 1:
        return f" in the one {worlds_of(verdict)[:-1]}"
    return f" in the median of the {verdict.judged:,} {worlds_of(verdict)}"


def _within(verdict: Verdict, share: Spread, of: str = "") -> str:
    """Between which ends a share lies, in brackets; nothing where few worlds are judged."""
    return "" if verdict.few else f" ({wording.percent(share.low)} to {wording.percent(share.high)}{of})"


def _cracks(findings: Sequence[Finding]) -> str:
    """How it ends, who ends it, and the deepest rift, as the lenses say it."""
    said = []
    for lens, heads in _CRACKS:
        texts = [text for finding in findings if finding.lens == lens for text in finding.says]
        said += [text for text in texts if any(head in text.lower() for head in heads)]
    return _sentences(*said)


def _doubts(verdict: Verdict) -> Iterator[str]:
    """The sentences of how sure it is: worlds that are not judged, the other kinds, calibrations and evidence."""
    yield _unjudged(verdict)
    if verdict.few:
        yield f"the {count(verdict.judged, 'judged world')} {'lies' if verdict.judged == 1 else 'lie'} in {_places(verdict)}"
        yield _evidence(verdict)
        return
    shown = {verdict.label, verdict.runner_up} if verdict.split else {verdict.label}
    rest = [
        f"{article(LABELS[name])} it is {in_judged(verdict, verdict.shares[name])}"
        for name in ("strategic_alliance", "marriage_of_convenience")
        if name not in shown
    ]
    near = f"{in_judged(verdict, verdict.shares[AMBIVALENT])} it stands too near a border to tell"
    if 0.0 < verdict.shares[verdict.label] < 1.0:
        likely = likelihood_words(verdict.shares[verdict.label])
        yield f"how likely {article(LABELS[verdict.label])} is, in words: {likely}"
    yield wording.joined([*rest, near])
    yield _calibrations(verdict)
    yield _evidence(verdict)
    yield from own_words(verdict)
    yield "after \N{PLUS-MINUS SIGN} stands one standard error, from the number of worlds"


def _unjudged(verdict: Verdict) -> str:
    """Why some worlds are not judged; nothing where all are."""
    if verdict.judged == verdict.drawn:
        return ""
    lost = f"in {verdict.undefined:,} nothing survives the first year" if verdict.undefined else ""
    left = (
        f"in {'one' if verdict.left == 1 else f'{verdict.left:,}'} somebody would leave at once"
        if verdict.left
        else ""
    )
    return (
        f"of the worlds that are not judged, {wording.joined([t for t in (left, lost) if t])}; the answer says nothing of"
        " those"
    )


def _places(verdict: Verdict) -> str:
    """How many of few judged worlds lie where, without the name of a kind."""
    durable, conditional = (round(side * verdict.judged) for side in verdict.sides)
    return (
        f"either half of the plane: {durable} of {verdict.judged} in the durable one, {conditional} of {verdict.judged} in the"
        " conditional one"
    )


def _calibrations(verdict: Verdict) -> str:
    """In how many other calibrations the label leads, clearly or not, and in how many worlds that was looked at."""
    holds, told = verdict.holds, [one for one in verdict.robustness if one.tells]
    if holds.of <= 1:
        return _untried(verdict)
    others = [f"{LABELS[name]} in {many}" for name, many in _ranked(one.clear for one in told) if name]
    clear = [text for text in others if not text.startswith(f"{LABELS[verdict.label]} in ")]
    largest = [f"{LABELS[name]} in {many}" for name, many in _ranked(one.label for one in told) if name]
    worlds = [one.worlds for one in told]
    among = f"{min(worlds):,}" if min(worlds) == max(worlds) else f"{min(worlds):,} to {max(worlds):,}"
    another = f"another kind in {holds.other}" if holds.other else "another kind in none"
    return (
        f"of {holds.of} calibrations and prior variants, with {among} judged worlds each, {LABELS[verdict.label]} leads clearly"
        f" in {holds.clear or 'none'}, {another}{f' ({wording.joined(clear)})' if clear else ''}"
        f"{f', and in {holds.split} no kind does' if holds.split else ''}; the largest share, clear or not, goes to"
        f" {wording.joined(largest)}"
    )


def _ranked(names: Iterable[str]) -> list[tuple[str, int]]:
    """Names by how often they come, the most frequent first, ties by name."""
    return sorted(Counter(names).items(), key=lambda row: (-row[1], row[0]))


def _untried(verdict: Verdict) -> str:
    """Why no other calibration tells anything, and what would help."""
    few = [one for one in verdict.robustness[1:] if one.status == "judged" and not one.tells]
    if few:
        most = max(one.worlds for one in few)
        return (
            f"in {count(len(few), 'other calibration')} too few worlds are judged to tell (at most {most}); more worlds would"
            " (--thorough)"
        )
    if any(one.status == "not_reachable" for one in verdict.robustness):
        return "no pace fits any other calibration"
    if any(one.status == "not_worked_out" for one in verdict.robustness):
        return "other calibrations are not worked out for partnerships of this make-up: 'accord calibrate CASE' does that once"
    return f"other calibrations were not tried{', for the run was cancelled' if verdict.cancelled else ''}"


def _evidence(verdict: Verdict) -> str:
    """How many of the numbers that the verdict rests on have a source, and how many are the program's own priors."""
    informed = verdict.informed
    total = informed.sourced + informed.assumed + informed.prior
    if not total:
        return ""
    priors = f", and {informed.prior:,} are the program's own priors" if informed.prior else ""
    return (
        f"of the {count(total, 'number')} that the verdict rests on {informed.sourced:,} have a source"
        f" ({wording.percent(informed.share)}){priors}"
    )


def _compared(verdict: Verdict, on: Conditions) -> str:
    """Where it stands among plausible partnerships, how common its kind is there, and what history says."""
    durable, conditional = verdict.durability, verdict.conditionality
    ranks = (
        f"of 100 plausible partnerships of the same make-up ({verdict.cloud.shape[1]:,} were drawn)"
        f" {_of_100(durable.median)} last less long once {on.once}, in the median world"
        f"{_ends(verdict, durable, ' in nine worlds of ten')}, and {_of_100(conditional.median)} hang less on {on.them}"
        f"{_ends(verdict, conditional)}"
    )
    return _sentences(ranks, _common(verdict), _history(verdict))


def _ends(verdict: Verdict, rank: Spread, of: str = "") -> str:
    """Between which ends a rank lies, in brackets; nothing where few worlds are judged."""
    return "" if verdict.few else f" ({_of_100(rank.low)} to {_of_100(rank.high)}{of})"


def _of_100(rank: float) -> str:
    """A rank as a count out of 100."""
    return "unknown" if math.isnan(rank) else str(round(100 * rank))


def _common(verdict: Verdict) -> str:
    """How common the kind is among plausible partnerships."""
    if verdict.few or verdict.shares[verdict.label] <= 0.0:
        return ""
    names = (verdict.label, verdict.runner_up) if verdict.split else (verdict.label,)
    own = [f"{round(100 * verdict.population[name])} are {article(LABELS[name])}" for name in names]
    return f"of these 100 themselves, {wording.joined(own)}"


def _history(verdict: Verdict) -> str:
    """What the class of alliances did to which the pace is fitted."""
    kind = KINDS.get(str(verdict.calibration.get("class", "")))
    if kind is None:
        return ""
    return (
        f"of historical {kind.label}, which set the pace, {wording.percent(kind.one_year)} lasted one year and"
        f" {wording.percent(kind.five_years)} five"
    )
