"""The job behind ``accord calibrate``: populations and calibrations of a structure, as rows to print."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from accord.calibrating.legend import columns, is_bad, observed, summary
from accord.doors import read
from accord.lenses.endurance import compute, reference
from accord.lenses.endurance.calibration import KINDS
from accord.lenses.endurance.population import VARIANTS, structure_of
from accord.lenses.endurance.reference import SHIPPED, Cell, anew, complete, ship, shipped_digest, table_of


def calibrate_case(case: str | Path) -> dict[str, Any]:
    """Work out and keep every calibration and prior variant for the structure of a case.

    Raises
    ------
    SituationError
        When the case cannot be read.
    RunError
        When hardly any partnership of this structure would form.
    """
    situation = read(case)
    structure = structure_of(situation)
    cells = complete(structure, compute.kind_of(situation))
    where = "shipped" if structure in SHIPPED else str(reference.cache_folder(structure))
    return {"structure": str(structure), "kept": where, "cells": [_row(cell) for cell in cells]}


def calibrate_shipped(write: bool = False) -> list[dict[str, Any]]:
    """Work the shipped tables out anew, and say whether they are the same; *write* puts them into the package."""
    found = []
    for structure in SHIPPED:
        cells, before = anew(structure), shipped_digest(structure)
        digest = ship(structure, cells) if write else str(table_of(structure, cells)[0]["digest"])
        found.append(
            {
                "structure": str(structure),
                "digest": digest,
                "shipped": before,
                "same": digest == before,
                "cells": [_row(cell) for cell in cells],
            }
        )
    return found


def _row(cell: Cell) -> dict[str, Any]:
    """One population under one calibration."""
    return {
        **asdict(cell.key),
        **{key: value for key, value in asdict(cell.calibration).items() if key not in ("kind", "beta")},
        "reachable": cell.reachable,
        "rejected": cell.rejected,
        "reliability": [None if np.isnan(r) else r for r in cell.reliability],
    }


def text_of(found: dict[str, Any], case: str = "CASE") -> str:
    """A table for people, with what was observed, what the columns mean and what to do next (*case* is what runs next)."""
    lines = [f"Partnerships of {found['structure']}"]
    lines.append(
        f"{'class':22} {'beta':>4} {'reviews':>8} {'5 years':>8} {'1 year':>7} {'misfit':>7}  population"
    )
    for row in found["cells"]:
        label = KINDS[row["kind"]].label
        if not row["reachable"]:
            lines.append(
                f"{label:22} {row['beta']:4g} not reachable: no pace between .001 and 1 a month fits"
            )
            continue
        mark = "!" if is_bad(row) else " "
        lines.append(
            f"{label:22} {row['beta']:4g} {row['nu']:8.4f} {row['five_years']:8.3f} {row['one_year']:7.3f}"
            f" {row['misfit']:+7.3f}{mark} {VARIANTS[row['variant']].label}, {row['rejected']:.0%} rejected"
        )
    kinds = list(dict.fromkeys(row["kind"] for row in found["cells"]))
    lines += ["", *observed(kinds), *columns(), "", *summary(found["cells"])]
    if "digest" in found:
        same = (
            "the same as shipped" if found["same"] else f"NOT the same as shipped ({found['shipped'][:16]})"
        )
        lines.append(f"digest {found['digest'][:16]}: {same}")
    else:
        lines.append(f"kept: {found['kept']}")
        lines.append(_next(case))
    return "\n".join(lines)


def _next(case: str) -> str:
    """What to do with it."""
    return (
        f"next: accord run {case} (not with --quick its verdict is taken under each class and beta above, and the report says"
        f" in how many it holds); accord calibrate {case} --class RULES for a class of your own"
    )
