"""A study on disk: the manifest ``run.json``, one row per world, and every table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from accord.engine.store import write_json, write_worlds
from accord.files.dump import plain_of
from accord.finding import Cell, Finding, Measure, Spread, Table
from accord.study.study import Look, Study

FORMAT = 1


def record_of(study: Study) -> dict[str, Any]:
    """Everything a machine would want of a study, as plain data (the content of ``run.json``)."""
    situation = study.situation
    return {
        "format": FORMAT,
        "situation": {
            "name": situation.name,
            "title": situation.title,
            "as_of": str(situation.as_of),
            "digest": situation.digest,
            "seen_as": study.base.name or None,
        },
        "run": {
            "worlds": study.worlds,
            "done": study.done,
            "failed": study.failed,
            "failures": list(study.failures),
            "interrupted": study.interrupted,
            "complete": study.complete,
            "seed": study.seed,
            "method": study.method,
            "versions": dict(study.versions),
            "seconds": {name: round(value, 3) for name, value in study.timings.items()},
        },
        "digest": study.digest,
        "findings": [_finding(finding) for finding in study.findings],
        "unfit": _unfit(study.base),
        "scenarios": {_scenario_name(look): _scenario(look) for look in study.scenarios},
        "priors": {path: plain_of(estimate) for path, estimate in study.priors.items()},
        "problems": [str(problem) for problem in study.problems],
    }


def write_results(study: Study, folder: Path) -> dict[str, Path]:
    """Write ``run.json`` and, one row per world, the drawn numbers and what the lenses saw as Parquet.

    Returns
    -------
    dict of str to Path
        What was written.  Without a single finished world only ``run.json`` is.  Columns of a scenario that are the
        same as the base's in every world are left out of the results.

    Raises
    ------
    RunError
        When the folder cannot be written.
    """
    written = {"run": folder / "run.json"}
    if study.done:
        draws = {
            key.split("|", 2)[2]: value for key, value in study.columns.items() if key.startswith("|draws|")
        }
        seen = {key.strip("|").replace("|", "/"): study.columns[key] for key in _telling(study)}
        for name, columns in (("worlds", draws), ("results", seen)):
            if columns:
                written[name] = folder / f"{name}.parquet"
                write_worlds(written[name], {"world": study.numbers, **columns})
    write_json(written["run"], record_of(study))
    return written


def _telling(study: Study) -> list[str]:
    """Result columns worth a place: all of the base, and those of a scenario that differ from the base's."""
    head = f"{study.base.name}|"
    kept = []
    for key, value in study.columns.items():
        if key.startswith("|draws|"):
            continue
        same = study.columns.get(head + key.partition("|")[2])
        if key.startswith(head) or same is None or not np.array_equal(value, same, equal_nan=True):
            kept.append(key)
    return kept


def _scenario_name(look: Look) -> str:
    """A scenario's name; the situation as it stands when it is only shown beside one."""
    return look.name or "as_it_stands"


def _scenario(look: Look) -> dict[str, Any]:
    """What a machine wants of one scenario."""
    return {
        "digest": look.situation.digest,
        "findings": [_finding(finding, tables=False) for finding in look.findings],
        "unfit": _unfit(look),
    }


def _unfit(look: Look) -> list[dict[str, Any]]:
    """Lenses that did not fit, and why."""
    return [
        {"lens": u.lens, "needs": [{"path": n.path, "says": n.says} for n in u.needs]} for u in look.unfit
    ]


def _finding(finding: Finding, tables: bool = True) -> dict[str, Any]:
    """A finding as plain data."""
    found: dict[str, Any] = {
        "lens": finding.lens,
        "question": finding.question,
        "status": finding.status,
        "says": list(finding.says),
        "measures": {measure.name: _measure(measure) for measure in finding.measures},
        "notes": list(finding.notes),
        "verified": finding.verified,
    }
    if tables:
        found["tables"] = [_table(table) for table in finding.tables]
    return found


def _measure(measure: Measure) -> dict[str, Any]:
    """A measure as plain data."""
    return {"label": measure.label, "unit": measure.unit, "means": measure.means, **_spread(measure.spread)}


def _spread(spread: Spread) -> dict[str, Any]:
    """A spread as plain data; NaN becomes null on writing."""
    return {
        "best": spread.best,
        "low": spread.low,
        "median": spread.median,
        "high": spread.high,
        "worlds": spread.worlds,
        "undefined": spread.undefined,
    }


def _table(table: Table) -> dict[str, Any]:
    """A table as plain data."""
    return {
        "name": table.name,
        "title": table.title,
        "kind": table.kind,
        "columns": [{"name": c.name, "label": c.label, "unit": c.unit} for c in table.columns],
        "rows": [[_cell(cell) for cell in row] for row in table.rows],
        "note": table.note,
    }


def _cell(cell: Cell) -> Any:
    """A cell as plain data."""
    return _spread(cell) if isinstance(cell, Spread) else cell
