"""Scenarios side by side: which measures move, and from where to where."""

from __future__ import annotations

import math

from accord.finding import Column, Measure, Spread, Table
from accord.study.study import Look, Study

_MOST_ROWS = 12
_VISIBLE = 0.005

Shift = tuple[float, Measure, Measure]


def scenario_tables(study: Study) -> tuple[Table, ...]:
    """For each scenario the headline measures that move most; scenarios that move none share one plain table.

    Both sides are computed on the same worlds, so that a shift is the scenario's and not chance's.
    """
    compared = study.beside or study.base
    before = {(f.lens, m.name): m for f in compared.findings for m in f.measures if m.headline}
    moved = [(look, _moved(look, before)) for look in study.scenarios]
    tables = [_table(study, look, shifts) for look, shifts in moved if shifts]
    still = [look for look, shifts in moved if not shifts]
    return (*tables, _still(study, still)) if still else tuple(tables)


def _moved(look: Look, before: dict[tuple[str, str], Measure]) -> list[Shift]:
    """The headline measures that a scenario moves, largest shift first."""
    found = []
    for finding in look.findings:
        for measure in finding.measures:
            old = before.get((finding.lens, measure.name))
            size = None if old is None else _shift(old.spread, measure.spread)
            if old is not None and size is not None and size > _VISIBLE and _shows(old, measure):
                found.append((size, old, measure))
    return sorted(found, key=lambda row: (-row[0], row[1].name))


def _table(study: Study, look: Look, moved: list[Shift]) -> Table:
    """One scenario against the base."""
    label, says = _names(study, look)
    columns = (
        Column("measure", "What is measured"),
        Column("before", _beside(study)),
        Column("after", label),
    )
    rows = tuple((old.label, old.spread, new.spread) for _, old, new in moved[:_MOST_ROWS])
    note = says
    if len(moved) > _MOST_ROWS:
        note += f" The {_MOST_ROWS} largest of {len(moved)} shifts are shown; all are in run.json."
    return Table(
        f"scenario.{look.name or 'as_it_stands'}", _title(label, moved), "shift", columns, rows, note
    )


def _still(study: Study, looks: list[Look]) -> Table:
    """The scenarios that change nothing these lenses see."""
    columns = (Column("scenario", "Scenario"), Column("says", "What is different"))
    rows = tuple(_names(study, look) for look in looks)
    what = "1 scenario changes" if len(rows) == 1 else f"{len(rows)} scenarios change"
    note = "No headline measure moves; every measure is in run.json."
    return Table("scenario.unmoved", f"{what} nothing that these lenses see", "plain", columns, rows, note)


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


def _title(label: str, moved: list[Shift]) -> str:
    """The takeaway of one scenario."""
    _, old, new = moved[0]
    start, end = _middle(old.spread), _middle(new.spread)
    return f"{label}: the largest shift is in '{old.label}', from {_in_words(start)} to {_in_words(end)}"


def _in_words(value: float) -> str:
    """A headline number as its figure shows it: two decimals, a real minus sign."""
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")


def _shows(old: Measure, new: Measure) -> bool:
    """Whether two numbers differ as their figure shows them."""
    return _in_words(_middle(old.spread)) != _in_words(_middle(new.spread))


def _middle(spread: Spread) -> float:
    """The value that a figure shows: at the best estimates, or the median where these leave it undefined."""
    return spread.median if math.isnan(spread.best) else spread.best


def _shift(old: Spread, new: Spread) -> float | None:
    """How far a measure moves; None where either side is undefined."""
    size = abs(_middle(new) - _middle(old))
    return None if math.isnan(size) else size
