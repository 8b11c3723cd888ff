"""What the marks of the plane mean, in words: the partnership, its worlds, and where each scenario lands and why."""

from __future__ import annotations

import math

from accord.figures.numbers import number
from accord.figures.plane_data import data_of
from accord.finding import Table
from accord.formulas import wording
from accord.lenses.endurance.places import LABELS
from accord.report.verdict_words import article, conditions
from accord.report.view import Point
from accord.report.words import count
from accord.situation import Situation
from accord.study.landing import Landing, Landings, is_threatened
from accord.study.verdict import FEWEST, Verdict

# A move of a median rank below this is not worth a sentence of its own.
STILL = 0.05


def marks_words(
    table: Table, verdict: Verdict, situation: Situation, found: Landings | None
) -> tuple[Point, ...]:
    """What each mark of the plane means and why it lies where it does.

    Parameters
    ----------
    table : Table
        The plane: its marks have the numbers of the figure.
    verdict : Verdict
    situation : Situation
    found : Landings or None
        Where the scenarios land; None when none was looked at.
    """
    if not verdict.label:
        return ()
    marks = data_of(table).marks
    points = [Point(marks[0].label, _partnership(verdict))]
    points.append(Point("The two ranks", _ranks(situation)))
    by_name = {} if found is None else {one.name: one for one in found.scenarios}
    shown = [
        (mark, by_name[of.name])
        for mark, of in zip(marks[1:], verdict.marks[1:], strict=False)
        if of.name in by_name
    ]
    if found is None or not shown:
        return tuple(points)
    points.append(Point("A numbered mark", _numbered(found.beside)))
    moved = [(mark, one) for mark, one in shown if mark.number > 0 and not _is_still(one, found.beside)]
    points += [Point(f"{mark.number} {mark.label}", _scenario(one, found.beside)) for mark, one in moved]
    still = [
        f"{mark.number} {mark.label}"
        for mark, one in shown
        if mark.number > 0 and _is_still(one, found.beside)
    ]
    if still:
        points.append(Point(wording.joined(still), f"Moves neither median rank by more than {STILL:.2f}."))
    lost = [mark.label for mark, _ in shown if mark.number < 0]
    if lost:
        points.append(Point(wording.joined(lost), "No world can be judged, so that there is no mark."))
    return tuple(points)


def _partnership(verdict: Verdict) -> str:
    """The large mark, its lines, and the dots."""
    where = [
        f"{name} {number(spread.median, 2)} ({number(spread.low, 2)} to {number(spread.high, 2)})"
        for name, spread in (("durability", verdict.durability), ("conditionality", verdict.conditionality))
    ]
    return (
        f"The large mark is the median of each rank by itself over {_judged(verdict.judged, verdict.drawn)}:"
        f" {wording.joined(where)}; its lines hold nine worlds of ten, and every blue dot is one world."
    )


def _ranks(situation: Situation) -> str:
    """What up and right mean, and what they do not."""
    on = conditions(situation)
    gone = situation.partnership.threats and not is_threatened(situation)
    trial = " Nothing threatens them here, so that only temptation tries them." if gone else ""
    return (
        "Each runs from 0 (lowest of the plausible partnerships) to 1 (highest). Up: a greater chance to be together five"
        f" years later with {on.tried}. Right: they end so much faster with {on.tried} than without. What has little left"
        f" to lose in these trials lies on the left, however short it lasts.{trial}"
    )


def _numbered(beside: Landing) -> str:
    """What a scenario's mark is: a median over its own judged worlds, with the change there from the start."""
    return (
        "The same partnership with a scenario in force from the start, in the first"
        f" {count(beside.worlds, 'world')}, at the median of each rank over the worlds judged: an average, not a forecast of"
        " where the event would take this partnership. Where more worlds fall away because somebody would leave at once, it"
        f" speaks of a choice of them. In the same worlds as it stands, {beside.judged:,} are judged: durability"
        f" {number(beside.durability, 2)}, conditionality {number(beside.conditionality, 2)}."
    )


def _is_still(one: Landing, beside: Landing) -> bool:
    """Whether a scenario hardly moves either rank."""
    moves = (one.durability - beside.durability, one.conditionality - beside.conditionality)
    return all(abs(move) < STILL for move in moves)


def _scenario(one: Landing, beside: Landing) -> str:
    """Where one scenario lands, in how many worlds, and what the trials still do there."""
    said = [_where(one, beside), _because(one, beside), _gone(one, beside), _lost(one, beside)]
    return " ".join(wording.sentence(text) for text in said if text)


def _where(one: Landing, beside: Landing) -> str:
    """Both ranks from and to, the worlds judged, and the kind only with its share and error."""
    text = (
        f"durability {_from_to(beside.durability, one.durability)}, conditionality"
        f" {_from_to(beside.conditionality, one.conditionality)}; judged in {one.judged:,} of {one.worlds:,} worlds"
    )
    if one.judged < FEWEST:
        return f"{text}, too few to name a kind"
    if not one.label:
        return f"{text}, in which no kind leads clearly"
    share = one.shares[one.label]
    error = 100.0 * math.sqrt(share * (1.0 - share) / one.judged)
    return f"{text}, {wording.percent(share)} of them {article(LABELS[one.label])} (standard error {error:.0f} points)"


def _from_to(before: float, after: float) -> str:
    """A median rank before and after."""
    return f"{number(before, 2)} \N{RIGHTWARDS ARROW} {number(after, 2)}"


def _because(one: Landing, beside: Landing) -> str:
    """The chances behind both ranks."""
    untried, tried = (
        f"{wording.percent(getattr(beside, key))} \N{RIGHTWARDS ARROW} {wording.percent(getattr(one, key))}"
        for key in ("five_years", "index")
    )
    return (
        f"its chance to last five more years goes {untried} untried and {tried} with both trials, which make it end"
        f" {number(beside.times, 1)} \N{RIGHTWARDS ARROW} {number(one.times, 1)} times as fast"
    )


def _gone(one: Landing, beside: Landing) -> str:
    """That with hardly any threat the trial which takes threats away is neutral."""
    if not one.is_calm(beside):
        return ""
    left = (
        "little of the threat is left for the trials to take away, so that this half of them changes little"
        if one.threatened
        else "no threat is left for the trials to take away, so that this half of them changes nothing"
    )
    return (
        f"{left}: the mark may stand where it does for want of something to lose, and does not say that they would stay"
        " together if they lost the threat"
    )


def _lost(one: Landing, beside: Landing) -> str:
    """How many more worlds fall away than as it stands."""
    more = beside.judged - one.judged
    if more <= 0:
        return ""
    return (
        f"in {count(more, 'more world')} than as it stands somebody would leave at once, and of these the mark says nothing"
        if more >= 0.05 * beside.judged
        else ""
    )


def _judged(judged: int, drawn: int) -> str:
    """Worlds judged of those drawn."""
    if judged == drawn:
        return f"all {count(drawn, 'world')}"
    return f"the {count(judged, 'world')} judged of {drawn:,} drawn"
