"""A study on disk: the manifest ``run.json``, one row per world, and every table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.engine.store import write_json, write_worlds
from accord.files.dump import plain_of
from accord.finding import Cell, Finding, Measure, Spread, Table
from accord.lenses import all_lenses
from accord.study.chance import mean_and_error
from accord.study.policy import policy_record, settled_in
from accord.study.study import Look, Study
from accord.study.verdict_record import claim_record, spread_record, verdict_record
from accord.worlds import policy_path

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Of run.json.  It rises when a key goes or changes what it means, so that no reader takes one for the other; a key that is
# new (``policy``, ``enders``, ``ender_errors``, ``run.calibrations``, ``run.store`` so far) leaves it; readers pass over what
# they do not know.
FORMAT = 1
_DRAWS = "|draws|"
_NONE: FloatArray = np.empty(0)


def record_of(study: Study) -> dict[str, Any]:
    """Everything a machine would want of a study, as plain data (the content of ``run.json``)."""
    situation = study.situation
    return {
        "format": FORMAT,
        "situation": _looked_at(study),
        "run": {
            "worlds": study.worlds,
            "done": study.done,
            "failed": study.failed,
            "failures": list(study.failures),
            "interrupted": study.interrupted,
            "complete": study.complete,
            "seed": study.seed,
            "method": study.method,
            "effort": asdict(study.effort),
            "calibrations": {}
            if study.verdict is None
            else {one.name: one.digest for one in study.verdict.own},
            "store": None
            if study.stored is None
            else {"digest": study.stored.digest, "holds": list(study.stored.holds)},
            "versions": dict(study.versions),
            "seconds": {name: round(value, 3) for name, value in study.timings.items()},
        },
        "policy": policy_record(situation, _draws(study)),
        "enders": _enders(study),
        "ender_errors": _ender_errors(study),
        "digest": study.digest,
        "findings": [_finding(finding) for finding in study.findings],
        "verdict": None if study.verdict is None else verdict_record(study.verdict),
        "claims": [claim_record(result) for result in study.claims],
        "left_out": list(study.left_out),
        "unfit": _unfit(study.base),
        "scenarios": {_scenario_name(look): _scenario(look) for look in study.scenarios},
        "priors": {path: plain_of(estimate) for path, estimate in study.priors.items()},
        "problems": [str(problem) for problem in study.problems],
    }


def _looked_at(study: Study) -> dict[str, Any]:
    """Which situation it was, and as which scenario."""
    situation = study.situation
    return {
        "name": situation.name,
        "title": situation.title,
        "as_of": str(situation.as_of),
        "digest": situation.digest,
        "seen_as": study.base.name or None,
    }


def _enders(study: Study) -> dict[str, dict[str, float]]:
    """Share of runs that each partner ended, by level, over all worlds: the largest is the weak link."""
    return {
        level: {patron: mean_and_error(values)[0] for patron, values in shares.items()}
        for level, shares in _ended_by(study).items()
    }


def _ender_errors(study: Study) -> dict[str, float]:
    """By level, the standard error over worlds of how far the weak link is ahead of the next; NaN where there is no next."""
    found = {}
    for level, shares in _ended_by(study).items():
        ordered = sorted(shares.values(), key=lambda values: -mean_and_error(values)[0])
        first, second = (*ordered, _NONE)[:2]
        found[level] = mean_and_error(first - second)[1] if second.size else float("nan")
    return found


def _ended_by(study: Study) -> dict[str, dict[str, FloatArray]]:
    """By level and partner, the share of each world's runs that this one ended."""
    head, found = f"{study.base.name}|endurance|ended_by.", dict[str, dict[str, FloatArray]]()
    for key, values in sorted(study.columns.items()):
        if key.startswith(head):
            level, _, patron = key.removeprefix(head).partition(".")
            found.setdefault(level, {})[patron] = values
    return found


def write_results(study: Study, folder: Path) -> dict[str, Path]:
    """Write ``run.json`` and, as Parquet with one row per world, drawn numbers, what the lenses saw, and scenarios.

    What runs over months goes to tables of its own, with one row per world and month.  What a bargaining model settled
    (``policy/ISSUE``, on the scale of the issue) stands among the results.

    Returns
    -------
    dict of str to Path
        What was written.  Without a single finished world only ``run.json`` is.  Columns of a scenario that are the
        same as the base's in every world are left out.

    Raises
    ------
    RunError
        When the folder cannot be written.
    """
    written = {"run": folder / "run.json"}
    if study.done:
        draws = _draws(study)
        settled = settled_in(study.situation, draws)
        # What is settled is worked out, not drawn, and stands on the scale of its issue; empty where nothing is.
        draws = {
            path: v for path, v in draws.items() if path not in {policy_path(issue) for issue in settled}
        }
        seen = {_spoken(key): v for key, v in study.columns.items() if not key.startswith(_DRAWS)}
        seen |= {f"policy/{issue}": values for issue, values in settled.items()}
        if study.verdict is not None:
            names = ("verdict/durability", "verdict/conditionality")
            seen |= dict(zip(names, study.verdict.ranks, strict=True))
        beside = {_spoken(key): study.beside_columns[key] for key in _telling(study)}
        _write(written, folder, "worlds", draws, study.numbers)
        _write(written, folder, "results", seen, study.numbers)
        _write(written, folder, "scenarios", beside, study.beside_numbers)
    write_json(written["run"], record_of(study))
    return written


def _draws(study: Study) -> dict[str, FloatArray]:
    """The drawn numbers by path, one value per world, with what is settled from them."""
    return {key.removeprefix(_DRAWS): v for key, v in study.columns.items() if key.startswith(_DRAWS)}


def _write(
    written: dict[str, Path], folder: Path, name: str, columns: Mapping[str, FloatArray], numbers: IntArray
) -> None:
    """One table with a row per world, and one with a row per world and month for what runs over months."""
    monthly = {key: values for key, values in columns.items() if _is_monthly(key)}
    plain = {key: values for key, values in columns.items() if key not in monthly}
    if plain and len(numbers):
        written[name] = folder / f"{name}.parquet"
        write_worlds(written[name], {"world": numbers, **plain})
    if monthly and len(numbers):
        months = next(iter(monthly.values())).shape[1]
        path = written[f"{name}_by_month"] = folder / f"{name}_by_month.parquet"
        index = {
            "world": np.repeat(numbers, months),
            "month": np.tile(np.arange(months), len(numbers)),
        }
        write_worlds(path, {**index, **{key: values.reshape(-1) for key, values in monthly.items()}})


def _is_monthly(column: str) -> bool:
    """Whether a column of a lens runs over months."""
    parts = column.split("/")
    lens = next((lens for lens in all_lenses() if lens.name in parts[:-1]), None)
    return lens is not None and parts[-1].startswith(tuple(getattr(lens, "monthly", ())) or "\0")


def _spoken(key: str) -> str:
    """A column's name in the file."""
    return key.strip("|").replace("|", "/")


def _telling(study: Study) -> list[str]:
    """Columns of the brief looks worth a place: the base's, and those of a scenario that differ from them."""
    head, kept = f"{study.base.name}|", []
    for key, value in study.beside_columns.items():
        same = study.beside_columns.get(head + key.partition("|")[2])
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
    return {
        "label": measure.label,
        "unit": measure.unit,
        "means": measure.means,
        **spread_record(measure.spread),
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
    return spread_record(cell) if isinstance(cell, Spread) else cell
