"""Scenarios side by side: which measures move, and from where to where."""

from __future__ import annotations

import math

from accord.finding import Column, Measure, Spread, Table
from accord.study.study import Look, Study

_MOST_ROWS = 12
_VISIBLE = 0.005


def scenario_tables(study: Study) -> tuple[Table, ...]:
    """For each scenario the measures that move most, from the situation as it stands to the scenario.

    Both sides are computed on the same worlds, so that a shift is the scenario's and not chance's.
    """
    before = {(f.lens, m.name): m for f in study.base.findings for m in f.measures}
    return tuple(_table(study, look, before) for look in study.scenarios)


def _table(study: Study, look: Look, before: dict[tuple[str, str], Measure]) -> Table:
    """One scenario against the base."""
    moved = []
    for finding in look.findings:
        for measure in finding.measures:
            old = before.get((finding.lens, measure.name))
            size = None if old is None else _shift(old.spread, measure.spread)
            if old is not None and size is not None and size > _VISIBLE:
                moved.append((size, old, measure))
    moved.sort(key=lambda row: (-row[0], row[1].name))
    label, says = _names(study, look)
    columns = (
        Column("measure", "What is measured"),
        Column("before", _beside(study)),
        Column("after", label),
    )
    rows = tuple((f"{old.label}", old.spread, new.spread) for _, old, new in moved[:_MOST_ROWS])
    note = says
    if len(moved) > _MOST_ROWS:
        note += f" The {_MOST_ROWS} largest of {len(moved)} shifts are shown; all are in run.json."
    return Table(
        f"scenario.{look.name or 'as_it_stands'}",
        _title(label, moved),
        "shift" if rows else "plain",
        columns,
        rows,
        note,
    )


def _names(study: Study, look: Look) -> tuple[str, str]:
    """A scenario's label and what it says."""
    if not look.name:
        return "As it stands", "The situation without the scenario."
    scenario = study.situation.scenarios[look.name]
    return scenario.label or look.name.replace("_", " ").capitalize(), scenario.says


def _beside(study: Study) -> str:
    """The heading of the side that is compared with."""
    if not study.base.name:
        return "As it stands"
    return study.situation.scenarios[study.base.name].label or study.base.name.replace("_", " ").capitalize()


def _title(label: str, moved: list[tuple[float, Measure, Measure]]) -> str:
    """The takeaway of one scenario."""
    if not moved:
        return f"{label}: nothing that these lenses see moves"
    _, old, new = moved[0]
    way = "rises" if _middle(new.spread) > _middle(old.spread) else "falls"
    start, end = _middle(old.spread), _middle(new.spread)
    return f"{label}: {old.label} {way} most, from {start:.2g} to {end:.2g}"


def _middle(spread: Spread) -> float:
    """The value a spread is known by: its median, or its best value where no world has one."""
    return spread.best if math.isnan(spread.median) else spread.median


def _shift(old: Spread, new: Spread) -> float | None:
    """How far a measure moves; None where either side is undefined."""
    size = abs(_middle(new) - _middle(old))
    return None if math.isnan(size) else size
