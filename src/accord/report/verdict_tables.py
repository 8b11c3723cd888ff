"""The verdict as tables: the plane that leads the report, robustness, what carries it and what would change it."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from accord.figures.numbers import number
from accord.finding import Cell, Column, Spread, Table
from accord.formulas import wording
from accord.lenses.endurance.calibration import KINDS
from accord.lenses.endurance.places import AMBIVALENT, BAND, LABELS, QUADRANTS, label_of
from accord.lenses.endurance.population import VARIANTS
from accord.report.paths import path_words
from accord.report.verdict_words import article
from accord.report.words import count
from accord.situation import Situation
from accord.study.levers import Turn
from accord.study.verdict import Held, Verdict

_QUADRANT_COLUMNS = (
    *(Column(one.name, wording.headline(one.label), "share", 0.0, 1.0) for one in QUADRANTS),
    Column(AMBIVALENT, "Near a border", "share", 0.0, 1.0),
)


def plane_table(verdict: Verdict, situation: Situation) -> Table:
    """The plane of durability and conditionality: population as a cloud, worlds as points, scenarios as marks."""
    corners = {_corner(one.conditional, one.durable): one for one in QUADRANTS}
    shares = {key: verdict.shares[one.name] for key, one in corners.items()}
    known = ~np.isnan(verdict.ranks).any(axis=0)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (wording.headline(mark.label) if mark.name else _who(situation), mark.conditionality, mark.durability)
        for mark in verdict.marks
    )
    columns = (
        Column("what", "Who or under which scenario"),
        Column("conditionality", "Conditionality: rank of the trial hazard ratio", "", 0.0, 1.0),
        Column("durability", "Durability: rank of the strategic index", "", 0.0, 1.0),
    )
    note = (
        "Each rank says how many of 100 plausible partnerships of the same make-up come lower. Durability ranks the chance"
        " to be together five years after the threat is gone and everybody was tempted once; conditionality ranks how much"
        " faster it ends then. The bars hold nine worlds out of ten."
    )
    return Table(
        "plane",
        _title(verdict, situation),
        "plane",
        columns,
        rows,
        note,
        extra={
            "band": BAND,
            "corners": {**{key: one.label for key, one in corners.items()}, "middle": "near a border"},
            "shares": {**shares, "middle": verdict.shares[AMBIVALENT]},
            "ends": {
                "x": ("stands by itself", "hangs on conditions"),
                "y": ("fragile", "durable"),
            },
            "clouds": [
                _cloud("background", f"{verdict.cloud.shape[1]:,} plausible partnerships", verdict.cloud),
                _cloud("worlds", f"{int(known.sum()):,} worlds of this one", verdict.ranks[:, known]),
            ],
        },
    )


def _corner(conditional: bool, durable: bool) -> str:
    """The key of a quadrant: across, then upwards."""
    return f"{'high' if conditional else 'low'}_{'high' if durable else 'low'}"


def _who(situation: Situation) -> str:
    """The partners by name."""
    actors = situation.actors
    names = [wording.named(actors[p].label, p) for p in sorted(situation.partnership.patrons)]
    return wording.joined(names)


def _title(verdict: Verdict, situation: Situation) -> str:
    """The takeaway."""
    if not verdict.label:
        return f"{_who(situation)}: no world can be judged"
    who = _who(situation)
    if verdict.shares[verdict.label] <= 0.0:
        return wording.headline(f"{who}: too near a border for any name")
    if verdict.split:
        both = f"between {article(LABELS[verdict.label])} and {article(LABELS[verdict.runner_up])}"
        return wording.headline(f"{who}: {both}")
    return wording.headline(
        f"{who}: {article(LABELS[verdict.label])} {wording.in_worlds(verdict.shares[verdict.label])}"
    )


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
        if held.status == "judged"
    )
    holds, judged = verdict.holds
    what = LABELS.get(verdict.label, "no label")
    tried = count(judged, "calibration and prior variant", "calibrations and prior variants")
    title = f"The label '{what}' holds in {holds} of {tried}"
    note = (
        "Share of worlds in each quadrant when the population is fitted to another class of alliances, when choices are"
        " noisier or more precise (beta), and when the population is drawn otherwise. The interval is the error from the"
        f" number of worlds.{_missing(verdict)}"
    )
    columns = (Column("calibration", "Fitted to"), *_QUADRANT_COLUMNS)
    return Table("robustness", title, "matrix", columns, rows, note, extra={"line": "mean"})


def _held_words(held: Held) -> str:
    """One calibration in words."""
    plain = f"{wording.headline(KINDS[held.kind].label)}, beta {held.beta:g}"
    return plain if held.variant == "plain" else f"{plain}, {VARIANTS[held.variant].label}"


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
    return "".join(f" {wording.sentence(text)}" for text in said)


def _share(share: float, worlds: int) -> Spread:
    """A share with the error that the number of worlds leaves."""
    error = 1.96 * math.sqrt(max(share * (1.0 - share), 0.0) / worlds) if worlds else math.nan
    return Spread(share, max(share - error, 0.0), share, min(share + error, 1.0), worlds)


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
            f"{path_words(situation, bar.path)} ({number(bar.low)} to {number(bar.high)})",
            _point(getattr(bar.at_low, side)),
            _point(getattr(bar.at_high, side)),
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
        f" are drawn. The {count(len(bars), 'number')} that go most with the ranks, in {_levers(verdict)}."
    )
    title = f"{wording.headline(side)} hangs most on '{top}'"
    return Table(f"tornado.{side}", title, "shift", columns, rows, note)


def _reach(low: float, high: float) -> float:
    """How far a bar reaches; 0 where an end has no rank because nobody would have joined there."""
    return 0.0 if math.isnan(low) or math.isnan(high) else abs(high - low)


def _levers(verdict: Verdict) -> str:
    """How many worlds the levers were tried in."""
    return "the first worlds only" if verdict.tornado else "no world"


def _point(value: float) -> Spread:
    """A number without a range."""
    return Spread(value, value, value, value, 1)


def turns_table(verdict: Verdict, situation: Situation) -> Table | None:
    """The smallest single changes that move the label."""
    if not verdict.would_change_if:
        return None
    columns = (
        Column("input", "Number"),
        Column("now", "Best estimate"),
        Column("value", "The label moves at"),
        Column("label", "and becomes"),
        Column("where", "That is"),
    )
    moving = [one for one in verdict.would_change_if if one.value is not None]
    title = "No single number, within what is plausible, moves the label"
    if moving:
        first = moving[0]
        title = (
            f"It takes one number: {path_words(situation, first.path)} at {number(float(first.value or 0.0))} makes it"
            f" {article(LABELS[first.label])}"
        )
    note = (
        "Smallest change first, in widths of the number's own range; each number alone is held at the value in every world"
        " and the label moves when another quadrant leads it by two standard errors. Found by bisection."
    )
    rows = tuple(_turn(one, situation) for one in verdict.would_change_if)
    return Table("would_change_if", title, "plain", columns, rows, note)


def _turn(one: Turn, situation: Situation) -> tuple[Cell, ...]:
    """One change in words."""
    words, now = path_words(situation, one.path), number(one.start)
    if one.value is None:
        return (words, now, "nowhere", "stays", "no plausible value moves it")
    where = "inside its own range" if one.inside else "outside its own range, within what is plausible"
    return (words, now, number(one.value), LABELS[one.label], where)


def interest_table(verdict: Verdict) -> Table | None:
    """How the quadrant hangs on the standing interests."""
    if not verdict.interest:
        return None
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        ("as coded" if by == 0.0 else _signed(by), *_of(shares)) for by, shares in verdict.interest
    )
    labels = {label_of(dict(shares)) for _, shares in verdict.interest}
    title = (
        "The quadrant does not hang on the standing interest, within what was tried"
        if len(labels) == 1
        else "The quadrant hangs on the standing interest"
    )
    note = (
        "Share of worlds in each quadrant with every partner's standing interest, net of rivalry, moved by so much (util a"
        " month of the file). It is the number the verdict leans on and for which evidence is thinnest."
    )
    columns = (Column("by", "Standing interest"), *_QUADRANT_COLUMNS)
    return Table("standing_interest", title, "matrix", columns, rows, note, extra={"line": "mean"})


def _signed(value: float) -> str:
    """A number with its sign, a real minus."""
    return f"{value:+.1f}".replace("-", "\N{MINUS SIGN}")


def _of(shares: Mapping[str, float]) -> tuple[Spread, ...]:
    """Shares as points."""
    return tuple(_point(shares[column.name]) for column in _QUADRANT_COLUMNS)


def shares_table(verdict: Verdict) -> Table:
    """Quadrant shares beside the population's own, and in half of the worlds."""
    first = verdict.halves[0][1]
    rows = tuple(
        (
            wording.headline(LABELS[name]),
            wording.percent(verdict.shares[name]),
            wording.percent(verdict.population[name]),
            number(verdict.ratios[name], 2),
            wording.percent(first[name]),
        )
        for name in LABELS
    )
    columns = (
        Column("quadrant", "Quadrant"),
        Column("share", "Worlds of this partnership"),
        Column("population", "Plausible partnerships"),
        Column("ratio", "Ratio"),
        Column("half", "In the first half of the worlds"),
    )
    change = max(abs(verdict.shares[name] - first[name]) for name in LABELS)
    title = (
        "Too few worlds to say how sure the shares are"
        if math.isnan(change)
        else f"Half of the worlds give the same shares within {max(1, round(100 * change))} points of 100"
    )
    note = (
        f"{verdict.judged:,} worlds are judged: those in which everybody would rather stay at the start"
        f" ({wording.percent(verdict.viable)} of all). Standard error of the largest share: {100 * verdict.error:.1f} points;"
        f" of the median ranks: {verdict.rank_error[0]:.3f} (durability) and {verdict.rank_error[1]:.3f} (conditionality)."
    )
    return Table("shares", title, "plain", columns, rows, note)
