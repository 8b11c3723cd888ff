"""The verdict as tables: the plane that leads the report, robustness, what carries it and what would change it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from accord.figures.numbers import number
from accord.finding import Cell, Column, Spread, Table
from accord.formulas import wording
from accord.lenses.endurance.calibration import KINDS
from accord.lenses.endurance.places import AMBIVALENT, BAND, LABELS, QUADRANTS, Quadrant
from accord.lenses.endurance.population import variant_named
from accord.report.other_cases import other_cases
from accord.report.own_words import fits_note
from accord.report.paths import path_words, with_unit
from accord.report.verdict_words import article, conditions, in_judged, partners, turn_words, worlds_of
from accord.report.words import count
from accord.situation import Situation
from accord.study.landing import Landings
from accord.study.levers import Standing, Swing, Turn
from accord.study.verdict import FEWEST, Held, Verdict

_QUADRANT_COLUMNS = (
    *(Column(one.name, wording.headline(one.label), "share", 0.0, 1.0) for one in QUADRANTS),
    Column(AMBIVALENT, "Near a border", "share", 0.0, 1.0),
)
# Brackets of these tables hold the error from the number of worlds, not the range over worlds.
_BY_CHANCE = {
    "line": "mean",
    "brackets": "in brackets where it lies in 95 of 100 samples of so many worlds",
    "range": "95 of 100 samples of worlds",
}


def plane_table(verdict: Verdict, situation: Situation, found: Landings | None = None) -> Table:
    """The plane of durability and conditionality: population as a cloud, worlds as points, scenarios as marks.

    Parameters
    ----------
    verdict : Verdict
    situation : Situation
    found : Landings or None
        Tells which scenarios leave no threat, so that the trials have little to take from them.
    """
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (wording.headline(mark.label) if index else partners(situation), mark.conditionality, mark.durability)
        for index, mark in enumerate(verdict.marks)
    )
    columns = (
        Column("what", "Who or under which scenario"),
        Column("conditionality", "Conditionality: rank of what both trials cost", "", 0.0, 1.0),
        Column("durability", "Durability: rank of outlasting both trials", "", 0.0, 1.0),
    )
    note = (
        "Each rank says how many of 100 plausible partnerships of the same make-up come lower. Durability ranks the chance"
        f" to be together five years later with {conditions(situation).tried} (the strategic index); conditionality ranks how"
        f" much faster it ends then (the trial hazard ratio). {_among(verdict)}The bars hold nine worlds out of ten."
    )
    extra = _plane_extra(verdict) | _others(situation) | _safe(verdict, found)
    if extra.get("apart"):
        note += (
            " A hollow mark is a scenario that leaves less than half of the threat: the trial has little to take away, so that"
            " it may come higher and further left for want of something to lose. It does not say that they would stay together"
            " without the threat."
        )
    if extra["others"]:
        note += (
            " Lettered squares are the medians of other shipped cases, each among partnerships of its own make-up and under"
            " its own class of alliances: quadrants may be compared, distances may not."
        )
    return Table("plane", _title(verdict, situation), "plane", columns, rows, note, extra=extra)


def _plane_extra(verdict: Verdict) -> dict[str, Any]:
    """What the drawing of the plane takes beside its rows: names and shares of the quadrants, ends of the axes, clouds."""
    corners = {_corner(one.conditional, one.durable): one for one in QUADRANTS}
    shares = {key: verdict.shares[one.name] for key, one in corners.items()}
    known = ~np.isnan(verdict.ranks).any(axis=0)
    judged = count(int(known.sum()), worlds_of(verdict)[:-1])
    return {
        "band": BAND,
        "corners": {**_corner_names(verdict, corners), "middle": "near a border"},
        "named": not verdict.few,
        "of": worlds_of(verdict),
        "shares": {} if verdict.few else {**shares, "middle": verdict.shares[AMBIVALENT]},
        "ends": {
            "x": ("stands by itself", "hangs on conditions"),
            "y": ("fragile", "durable"),
        },
        "clouds": [
            _cloud("background", f"{verdict.cloud.shape[1]:,} plausible partnerships", verdict.cloud),
            _cloud("worlds", f"{judged} of this one", verdict.ranks[:, known]),
        ],
    }


def _others(situation: Situation) -> dict[str, Any]:
    """The second cases beside this one: medians of their ranks, each among partnerships of its own make-up."""
    others = other_cases(situation.title)
    return {
        "others": [{"label": one.title, "x": one.conditionality, "y": one.durability} for one in others],
        "others_are": "other cases, each ranked among its own population",
    }


def _safe(verdict: Verdict, found: Landings | None) -> dict[str, Any]:
    """The scenarios that leave hardly any of the threat that there is as it stands."""
    if found is None or not found.beside.threatened:
        return {}
    safe = {one.name for one in found.scenarios if one.is_calm(found.beside)}
    labels = [wording.headline(mark.label) for mark in verdict.marks[1:] if mark.name in safe]
    return {"apart": labels, "apart_are": "hardly any threat left to lose: not comparable"} if labels else {}


def _corner(conditional: bool, durable: bool) -> str:
    """The key of a quadrant: across, then upwards."""
    return f"{'high' if conditional else 'low'}_{'high' if durable else 'low'}"


def _corner_names(verdict: Verdict, corners: Mapping[str, Quadrant]) -> dict[str, str]:
    """Names of the quadrants; what they have in common with their neighbours where few worlds are judged."""
    if not verdict.few:
        return {key: one.label for key, one in corners.items()}
    return {
        key: f"{'durable' if one.durable else 'fragile'}, {'conditional' if one.conditional else 'by itself'}"
        for key, one in corners.items()
    }


def _title(verdict: Verdict, situation: Situation) -> str:
    """The takeaway."""
    if not verdict.label:
        return f"{partners(situation)}: no world can be judged"
    who = partners(situation)
    if verdict.few:
        return f"{who}: too few worlds to name a kind ({verdict.judged:,} judged)"
    if verdict.shares[verdict.label] <= 0.0:
        return wording.headline(f"{who}: too near a border for any name")
    if verdict.split:
        both = f"between {article(LABELS[verdict.label])} and {article(LABELS[verdict.runner_up])}"
        return wording.headline(f"{who}: {both}")
    return wording.headline(
        f"{who}: {article(LABELS[verdict.label])} {in_judged(verdict, verdict.shares[verdict.label])}"
    )


def _among(verdict: Verdict) -> str:
    """How many worlds are judged, where some are not."""
    if verdict.judged == verdict.drawn:
        return ""
    return f"Shares and bars are those of the {verdict.judged:,} worlds judged of {verdict.drawn:,} drawn. "


def _cloud(
    role: str, label: str, places: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> dict[str, object]:
    """Points; the first row is durability."""
    return {"label": label, "role": role, "x": tuple(places[1].tolist()), "y": tuple(places[0].tolist())}


def robustness_table(verdict: Verdict) -> Table:
    """Quadrant shares under every calibration and prior variant."""
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (_held_words(held), *(_share(held.shares[column.name], held.worlds) for column in _QUADRANT_COLUMNS))
        for held in verdict.robustness
        if held.tells
    )
    title = _robust_title(verdict)
    note = (
        "Share of worlds in each quadrant when the population is fitted to another class of alliances, when choices are"
        " noisier or more precise (beta), and when the population is drawn otherwise. A label leads clearly where its share"
        f" exceeds every other by two standard errors; else it is split.{_missing(verdict)}{fits_note(verdict)}"
        " No row is the right one: how alliances ended pins beta a little from below (what follows a change of coalition"
        " speaks against much noisier choices than 6) and not from above."
    )
    columns = (Column("calibration", "Fitted to"), *_QUADRANT_COLUMNS)
    return Table("robustness", title, "matrix", columns, rows, note, extra=_BY_CHANCE)


def _robust_title(verdict: Verdict) -> str:
    """In how many calibrations the label leads clearly, in how many none does, and in how many another."""
    if verdict.few:
        return "Too few worlds to name a kind that other calibrations could bear out"
    holds, what = verdict.holds, LABELS.get(verdict.label, "no label")
    if holds.of <= 1:
        return f"The label '{what}' was held against no other calibration"
    return (
        f"The label '{what}' clearly holds in {holds.clear} of {holds.of} calibrations and prior variants; {holds.split}"
        f" {'is' if holds.split == 1 else 'are'} too close to call in {_looked_at(verdict)}, {holds.other} clearly"
        f" {'says' if holds.other == 1 else 'say'} otherwise"
    )


def _looked_at(verdict: Verdict) -> str:
    """In how many judged worlds other calibrations were looked at."""
    fewest = min(one.worlds for one in verdict.robustness if one.tells)
    return count(fewest, "world") if fewest == verdict.judged else f"as few as {count(fewest, 'world')}"


def _held_words(held: Held) -> str:
    """One calibration in words."""
    plain = f"{wording.headline(held.called or KINDS[held.kind].label)}, beta {held.beta:g}"
    return plain if held.variant == "plain" else f"{plain}, {variant_named(held.variant).label}"


def _missing(verdict: Verdict) -> str:
    """Calibrations that could not be judged, in words."""
    said = []
    far = [_held_words(h) for h in verdict.robustness if h.status == "not_reachable"]
    if far:
        verb = "is" if len(far) == 1 else "are"
        said.append(f"{wording.joined(far)} {verb} not reachable: no pace fits, so left out")
    open_ = sum(h.status == "not_worked_out" for h in verdict.robustness)
    if open_:
        verb = "is" if open_ == 1 else "are"
        said.append(
            f"{open_} more {verb} not worked out for this make-up yet; 'accord calibrate CASE' does that once"
        )
    few = sum(h.status == "judged" and not h.tells for h in verdict.robustness)
    if few:
        said.append(f"{count(few, 'calibration')} with fewer than {FEWEST} judged worlds left out")
    return "".join(f" {wording.sentence(text)}" for text in said)


def _share(share: float, worlds: int) -> Spread:
    """A share with the error that the number of worlds leaves."""
    return _give_or_take(
        share, math.sqrt(max(share * (1.0 - share), 0.0) / worlds) if worlds else math.nan, worlds
    )


def _give_or_take(share: float, error: float, worlds: int) -> Spread:
    """A share between the ends of its 95 percent interval, from its standard error."""
    reach = 1.96 * error
    return Spread(share, max(share - reach, 0.0), share, min(share + reach, 1.0), worlds)


def tornado_tables(verdict: Verdict, situation: Situation) -> tuple[Table, ...]:
    """One-way tornado of both ranks: each number held at the low, then at the high end of its own range."""
    if not verdict.tornado:
        return ()
    return tuple(_tornado(verdict, situation, side) for side in ("durability", "conditionality"))


def _tornado(verdict: Verdict, situation: Situation, side: str) -> Table:
    """The tornado of one rank, widest bar first."""
    bars = sorted(
        verdict.tornado,
        key=lambda bar: (-_reach(getattr(bar.at_low, side), getattr(bar.at_high, side)), bar.path),
    )
    rows = tuple(
        (
            f"{path_words(situation, bar.path)} ({number(bar.low)} to {_held_at(situation, bar)})",
            _median(bar.at_low, side),
            _median(bar.at_high, side),
        )
        for bar in bars
    )
    columns = (
        Column("input", "Number"),
        Column("low", "at its low end", "", 0.0, 1.0),
        Column("high", "at its high end", "", 0.0, 1.0),
    )
    top = path_words(situation, bars[0].path)
    note = (
        f"Median {side} with one number held at the 5th, then at the 95th percentile of its own range, all others as they"
        f" are drawn. The {count(len(bars), 'number')} that go most with the ranks, in {_levers(verdict)}. The brackets"
        " hold the error from the number of worlds; both ends of a bar share their worlds, so that its length is surer than"
        " they are."
    )
    title = f"{wording.headline(side)} hangs most on '{top}'"
    return Table(
        f"tornado.{side}", title, "shift", columns, rows, note, extra={**_BY_CHANCE, "line": "median"}
    )


def _held_at(situation: Situation, bar: Swing) -> str:
    """The high end of a bar's number with its unit, without brackets of its own."""
    return with_unit(situation, bar.path, number(bar.high)).replace(" (", ", ").removesuffix(")")


def _reach(low: float, high: float) -> float:
    """How far a bar reaches; 0 where an end has no rank because nobody would have joined there."""
    return 0.0 if math.isnan(low) or math.isnan(high) else abs(high - low)


def _levers(verdict: Verdict) -> str:
    """How many worlds the levers were tried in."""
    worlds = [one.worlds for bar in verdict.tornado for one in (bar.at_low, bar.at_high)]
    return f"the first worlds only (up to {count(max(worlds, default=0), 'world')} are judged)"


def _median(one: Standing, side: str) -> Spread:
    """A median rank with the ends between which chance lets it lie."""
    value, (low, high) = getattr(one, side), one.ranges[0 if side == "durability" else 1]
    return Spread(value, low, value, high, one.worlds)


def turns_table(verdict: Verdict, situation: Situation) -> Table | None:
    """The smallest single changes that move the label, or let one kind lead where it is split."""
    if verdict.few or not verdict.would_change_if:
        return None
    columns = (
        Column("input", "Number"),
        Column("now", "Best estimate"),
        Column("value", "One kind leads clearly at" if verdict.split else "The label moves at"),
        Column("label", "which is" if verdict.split else "and becomes"),
        Column("share", "in so many worlds"),
        Column("lead", "Lead, in standard errors"),
        Column("where", "That is"),
    )
    moving = [one for one in verdict.would_change_if if one.value is not None]
    does = "lets one kind lead clearly" if verdict.split else "moves the label"
    title = f"No single number {does} at any of the plausible values that were looked at"
    if moving:
        first = moving[0]
        value = turn_words(first, situation)[1]
        share = wording.percent(first.shares[first.label])
        leads = (
            f"{article(LABELS[first.label])} leads clearly"
            if verdict.split
            else f"it is {article(LABELS[first.label])}"
        )
        title = (
            f"With {path_words(situation, first.path)} at {value} {leads} ({share} of {worlds_of(verdict)})"
        )
    note = (
        "Smallest change first, in widths of the number's own range; each number alone is held at the value in every world,"
        " at the best estimate, at the ends of its own range and of what is plausible, and half-way before such an end where"
        " one of the two places around counts or lacks a standard error at most; the stretch before the first that counts is"
        " halved three times (the other end of what is left in brackets). It counts where a quadrant leads every other by two"
        " standard errors, and gains three on the one that led without the change, in the same worlds. What happens between"
        " two places alone would not be seen: a number that moves it only somewhere between, and at neither place, is missed."
    )
    rows = tuple(_turn(one, situation) for one in verdict.would_change_if)
    return Table("would_change_if", title, "plain", columns, rows, note)


def _turn(one: Turn, situation: Situation) -> tuple[Cell, ...]:
    """One change in words."""
    words, (now, _, there) = path_words(situation, one.path), turn_words(one, situation)
    if one.value is None:
        looked = f"not at any of {count(one.looks, 'value')} within what is plausible"
        return (words, now, "nowhere", "stays", "–", "–", looked)
    where = "inside its own range" if one.inside else "outside its own range, within what is plausible"
    if one.value == one.start:
        where = "its best estimate: to be sure of it is enough"
    share = wording.percent(one.shares[one.label])
    return (words, now, there, LABELS[one.label], share, number(one.lead, 1), where)


def interest_table(verdict: Verdict) -> Table | None:
    """How the quadrant hangs on the standing interests."""
    if verdict.few or not verdict.interest:
        return None
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        ("as coded" if by == 0.0 else _signed(by), *_of(one)) for by, one in verdict.interest
    )
    moved = any(one.moves_to for _, one in verdict.interest)
    title = (
        f"The quadrant {'hangs' if moved else 'does not clearly hang'} on the standing interest"
        f"{'' if moved else ', within what was tried'}"
    )
    note = (
        "Share of worlds in each quadrant with every partner's standing interest, net of rivalry, moved by so much (util a"
        " month of the file): the shares of the whole run, moved by as much as they move in the first worlds. It is the number"
        " the verdict leans on and for which evidence is thinnest."
    )
    columns = (Column("by", "Standing interest"), *_QUADRANT_COLUMNS)
    return Table("standing_interest", title, "matrix", columns, rows, note, extra=_BY_CHANCE)


def _signed(value: float) -> str:
    """A number with its sign, a real minus."""
    return f"{value:+.1f}".replace("-", "\N{MINUS SIGN}")


def _of(one: Standing) -> tuple[Spread, ...]:
    """Shares with their errors."""
    names = [column.name for column in _QUADRANT_COLUMNS]
    return tuple(_give_or_take(one.shares[name], one.errors[name], one.worlds) for name in names)


def shares_table(verdict: Verdict) -> Table:
    """Quadrant shares and median ranks beside the population's own, and in either half of the worlds."""
    first, second = verdict.halves
    shares = tuple(
        (
            wording.headline(LABELS[name]),
            _with_error(verdict, name),
            wording.percent(verdict.population[name]),
            number(verdict.ratios[name], 2),
            *(_plainly(half.shares[name], half.worlds) for half in verdict.halves),
        )
        for name in LABELS
    )
    ranks = tuple(
        (
            f"Median {side}",
            f"{number(getattr(verdict, side).median, 2)} ± {number(error, 3)}",
            "0.50",
            "–",
            number(getattr(first, side), 2),
            number(getattr(second, side), 2),
        )
        for side, error in zip(("durability", "conditionality"), verdict.rank_error, strict=True)
    )
    columns = (
        Column("quadrant", "Quadrant"),
        Column("share", "Worlds of this partnership, with standard error"),
        Column("population", "Plausible partnerships"),
        Column("ratio", "Ratio"),
        Column("first", "In the first half of the worlds"),
        Column("second", "In the second half"),
    )
    note = (
        f"{verdict.judged:,} worlds are judged: those in which everybody would rather stay at the start"
        f" ({wording.percent(verdict.viable)} of all), {first.worlds:,} of them in the first half and {second.worlds:,} in the"
        " second. Errors are those of the number of worlds."
    )
    return Table("shares", _halves_title(verdict), "plain", columns, (*shares, *ranks), note)


def _halves_title(verdict: Verdict) -> str:
    """How far the two halves of the worlds are apart."""
    first, second = verdict.halves
    apart = max(abs(first.shares[name] - second.shares[name]) for name in LABELS)
    ranks = max(
        abs(getattr(first, side) - getattr(second, side)) for side in ("durability", "conditionality")
    )
    if math.isnan(apart) or math.isnan(ranks):
        return "Too few worlds to say how sure the shares are"
    return (
        f"Two halves of the worlds give the same shares within {max(1, round(100 * apart))} points of 100, and the same"
        f" median ranks within {max(0.01, round(ranks, 2)):.2f}"
    )


def _plainly(share: float, worlds: int) -> str:
    """A share in percent; as a count where worlds are too few for one."""
    if math.isnan(share) or worlds >= FEWEST:
        return wording.percent(share)
    return f"{round(share * worlds)} of {worlds}"


def _with_error(verdict: Verdict, name: str) -> str:
    """A share with its standard error, in points of 100."""
    share = verdict.shares[name]
    if math.isnan(share) or verdict.few:
        return _plainly(share, verdict.judged)
    error = math.sqrt(share * (1.0 - share) / verdict.judged)
    return f"{wording.percent(share)} ± {100 * error:.1f}"
