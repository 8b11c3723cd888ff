"""The outside view beside the inside view: what the model expects, what happened to others, and whether they disagree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from accord.finding import Cell, Column, Finding, Measure, Spread, Table
from accord.formulas import wording

_INSIDE, _OUTSIDE = "endurance", "precedent"
_LEVELS = (("theatre", "Joint effort"), ("bilateral", "Partnership as such"))
_YEARS = 5


def with_outside(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, the outside view's with a table that puts the inside view beside it where both have answered."""
    by_lens = {finding.lens: finding for finding in findings}
    if not {_INSIDE, _OUTSIDE} <= by_lens.keys():
        return tuple(findings)
    table = beside(by_lens[_INSIDE], by_lens[_OUTSIDE])
    if table is None:
        return tuple(findings)
    return tuple(
        replace(one, tables=(table, *one.tables)) if one.lens == _OUTSIDE else one for one in findings
    )


def beside(inside: Finding, outside: Finding) -> Table | None:
    """Chance to be there after five years, inside and outside; None where one of them does not know."""
    here = [
        (label, found)
        for level, label in _LEVELS
        if (found := _known(inside, f"survival.{level}.{12 * _YEARS}"))
    ]
    there = [
        measure
        for measure in outside.measures
        if measure.name.startswith("base_rate.")
        and measure.name.endswith(f".{_YEARS}")
        and not math.isnan(measure.spread.best)
    ]
    if not here or not there:
        return None
    rows: list[tuple[Cell, ...]] = [
        (f"Inside: {label.lower()}", replace(found.spread, best=found.spread.median)) for label, found in here
    ]
    rows += [(f"Outside: {measure.label.partition(': ')[2]}", measure.spread) for measure in there]
    label, first = here[0]
    return Table(
        "outside",
        wording.headline(_words(label.lower(), first.spread, [measure.spread for measure in there])),
        "intervals",
        (Column("view", "View"), Column("share", f"Still there after {_YEARS} years", "share", 0.0, 1.0)),
        tuple(rows),
        "Inside: over worlds, from the numbers of the file. Outside: share of historical alliances, with the 95 % interval of"
        " sampling. The two are not independent: the pace of the inside view is fitted to one of these classes, on average over"
        " its reference population; what the file says moves this partnership away from that average. Treaties outlive what"
        " they were made for, so formal survival is an upper bound for cooperation.",
        extra={"known": "median world; share of alliances", "range": "90 of 100 worlds; 95 of 100 samples"},
    )  # fmt: skip


def _known(finding: Finding, name: str) -> Measure | None:
    """A measure of a finding; None where it has none of this name, or no world tells its value."""
    found = next((measure for measure in finding.measures if measure.name == name), None)
    return None if found is None or math.isnan(found.spread.median) else found


def _words(what: str, inside: Spread, outside: Sequence[Spread]) -> str:
    """Whether the two views disagree, and which way: surely where their ranges lie apart."""
    own = inside.median
    low, high = min(s.best for s in outside), max(s.best for s in outside)
    span = f"{wording.percent(low)} to {wording.percent(high)}" if high > low else wording.percent(low)
    said = (
        f"the model gives the {what} {wording.percent(own)} after {_YEARS} years, comparable alliances {span}"
    )
    if inside.high < min(s.low for s in outside):
        return f"{said}: it is more sceptical than every class"
    if inside.low > max(s.high for s in outside):
        return f"{said}: it is more confident than every class"
    if own < low:
        return f"{said}: it leans to the sceptical side, though the ranges overlap"
    if own > high:
        return f"{said}: it leans to the confident side, though the ranges overlap"
    return f"{said}: they do not contradict one another"
