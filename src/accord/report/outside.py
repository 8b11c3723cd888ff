"""The outside view beside the inside view: what the model expects, what happened to others, and whether they disagree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from accord.finding import Cell, Column, Finding, Measure, Spread, Table
from accord.formulas import wording

_INSIDE, _OUTSIDE = "endurance", "precedent"
_LEVELS = (("theatre", "joint effort"), ("bilateral", "partnership as such"))
_YEARS = 5
_NEWBORN, _AGED, _MODEL = "base_rate.", "base_rate_at_age.", "outlook.in_force."
# The joint effort is held against what was made for a war; only where the case belongs to no such class, against all.
_FOR_THEATRE = ("wartime",)


@dataclass(frozen=True, slots=True)
class _Class:
    """One class: how many lasted five years from the beginning, and from the age of the partnership on, where that is known."""

    name: str
    label: str
    newborn: Measure
    aged: Measure | None

    @property
    def told(self) -> Spread:
        """What the partnership is held against: given its age where that is known."""
        return self.newborn.spread if self.aged is None else self.aged.spread


def with_outside(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, the outside view's with a table that puts the inside view beside it where both have answered."""
    by_lens = {finding.lens: finding for finding in findings}
    if not {_INSIDE, _OUTSIDE} <= by_lens.keys():
        return tuple(findings)
    inside, outside = by_lens[_INSIDE], by_lens[_OUTSIDE]
    table = beside(inside, outside)
    if table is None:
        return tuple(findings)
    said = says(inside, outside)
    return tuple(
        replace(one, tables=(table, *one.tables), says=(*said, *one.says)) if one.lens == _OUTSIDE else one
        for one in findings
    )


def beside(inside: Finding, outside: Finding) -> Table | None:
    """Chance to be there after five years, inside and outside; None where one of them does not know."""
    here, there = _levels(inside), _classes(outside)
    if not here or not there:
        return None
    rows: list[tuple[Cell, ...]] = [
        (f"Inside: {label}", replace(spread, best=spread.median)) for _, label, spread in here
    ]
    for one in there:
        rows.append((f"Outside: {one.label}{', from the beginning' if one.aged else ''}", one.newborn.spread))
        if one.aged is not None:
            rows.append((f"Outside: {one.label}, {one.aged.means.partition(';')[0]}", one.aged.spread))
    model = _known(outside, f"{_MODEL}{_YEARS}")
    if model is not None:
        rows.append(("Outside: fitted model, no skill beyond the base rates shown", model.spread))
    return Table(
        "outside",
        wording.headline("; ".join(_short(level, label, spread, there) for level, label, spread in here)),
        "intervals",
        (Column("view", "View"), Column("share", f"Still there after {_YEARS} years", "share", 0.0, 1.0)),
        tuple(rows),
        "Inside: over worlds, from the numbers of the file. Outside: share of historical alliances, with the 95 % interval of"
        " sampling; where the age of the partnership is known, of those that had reached it, which is what it is held against."
        " Above or below: the two ranges lie apart. The two are not independent: the pace of the inside view is fitted to one"
        " of these classes, on average over its reference population; what the file says moves this partnership away from that"
        " average. Treaties outlive what they were made for, so formal survival is an upper bound for cooperation.",
        extra={"known": "median world; share of alliances", "range": "90 of 100 worlds; 95 of 100 samples"},
    )  # fmt: skip


def says(inside: Finding, outside: Finding) -> tuple[str, ...]:
    """A sentence for each level: which classes contradict the model, the worst first, and which do not."""
    there = _classes(outside)
    if not there:
        return ()
    return tuple(
        wording.sentence(_sentence(label, spread, _fitting(level, there)))
        for level, label, spread in _levels(inside)
    )


def _levels(inside: Finding) -> list[tuple[str, str, Spread]]:
    """The levels of which the model says something: name, label, chance to be there after five years."""
    return [
        (level, label, found.spread)
        for level, label in _LEVELS
        if (found := _known(inside, f"survival.{level}.{12 * _YEARS}"))
    ]


def _classes(outside: Finding) -> list[_Class]:
    """The classes of which both views can be had, in the order of the lens."""
    found = []
    for measure in outside.measures:
        head, _, year = measure.name.rpartition(".")
        if not head.startswith(_NEWBORN) or year != str(_YEARS) or math.isnan(measure.spread.best):
            continue
        name = head.removeprefix(_NEWBORN)
        label = measure.label.partition(": ")[2]
        found.append(_Class(name, label, measure, _known(outside, f"{_AGED}{name}.{_YEARS}")))
    return found


def _fitting(level: str, classes: Sequence[_Class]) -> list[_Class]:
    """The classes that a level is held against: what was made for a war for the joint effort, the others for the rest."""
    made_for_it = [one for one in classes if one.name in _FOR_THEATRE]
    if level == "theatre":
        return made_for_it or list(classes)
    return [one for one in classes if one not in made_for_it] or list(classes)


def _known(finding: Finding, name: str) -> Measure | None:
    """A measure of a finding; None where it has none of this name, or no world tells its value."""
    found = next((measure for measure in finding.measures if measure.name == name), None)
    return None if found is None or math.isnan(found.spread.median) else found


def _gap(inside: Spread, one: _Class) -> float:
    """How far the ranges lie apart: above 0 where the class lived longer, below 0 where shorter, 0 where they meet."""
    if one.told.low > inside.high:
        return one.told.low - inside.high
    return min(one.told.high - inside.low, 0.0)


def _short(level: str, label: str, inside: Spread, classes: Sequence[_Class]) -> str:
    """One level in a title."""
    fitting = _fitting(level, classes)
    gaps = [_gap(inside, one) for one in fitting]
    own = f"{label} {wording.percent(inside.median)} after {_YEARS} years"
    count = len(fitting)
    low, high = sum(gap > 0 for gap in gaps), sum(gap < 0 for gap in gaps)
    whole = "the one class" if count == 1 else f"all {count} classes"
    if not low and not high:
        return f"{own}, in reach of {whole} like it"
    parts = [
        f"{word} {whole if number == count else f'{number} of {count} classes'} like it"
        for word, number in (("below", low), ("above", high))
        if number
    ]
    return f"{own}, {' and '.join(parts)}"


def _sentence(label: str, inside: Spread, fitting: Sequence[_Class]) -> str:
    """One level: what contradicts it, the worst first, and what does not."""
    apart = sorted(
        (one for one in fitting if _gap(inside, one)), key=lambda one: (-abs(_gap(inside, one)), one.name)
    )
    near = [one for one in fitting if not _gap(inside, one)]
    said = (
        f"{label}: the model gives {wording.percent(inside.median)} after {_YEARS} years"
        f" ({wording.percent(inside.low)} to {wording.percent(inside.high)})"
    )
    below = [one for one in apart if _gap(inside, one) > 0]
    above = [one for one in apart if _gap(inside, one) < 0]
    if below:
        said += f"; more sceptical than these classes allow: {_named(below)}"
    if above:
        said += f"; more confident than these allow: {_named(above)}"
    if near:
        said += f"; not in contradiction to: {_named(near)}"
    return said


def _named(classes: Sequence[_Class]) -> str:
    """Classes with the share that they are held by."""
    return wording.joined([f"{one.label} ({wording.percent(one.told.best)}{_few(one)})" for one in classes])


def _few(one: _Class) -> str:
    """A word where the number rests on few alliances, or on those of an age."""
    if one.aged is None:
        return ""
    return " at its age, thin" if "thin" in one.aged.means else " at its age"
