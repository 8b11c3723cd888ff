"""What ``accord calibrate --class`` was asked for: checked, carried out, and told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from accord.calibrating.fitting import SIZE, calibrate_class, drifted, populations_of, save_class
from accord.calibrating.own_text import class_text, drift_text
from accord.lenses.endurance.calibration import BETAS
from accord.problems import Problem, SituationError

# Options that mean something with --class only.
_ONLY = ("store", "level", "betas", "with_causes", "drift", "save", "size", "name")


def fitted_class(
    case: str | None, write: bool, wanted: Mapping[str, Any]
) -> tuple[dict[str, Any], str] | None:
    """The fit to a class of the user's own, as plain data and as text; None when no class was asked for.

    Parameters
    ----------
    case : str or None
        Whose make-up the population has.
    write : bool
        Whether shipped tables were to be written; means nothing with a class.
    wanted : mapping
        Options of the command: ``own``, ``store``, ``level``, ``betas``, ``with_causes``, ``drift``, ``save``, ``size``,
        ``name``.

    Raises
    ------
    SituationError
        With every option that means nothing here, and as :func:`calibrate_class`.
    RunError
        When the calibration cannot be written.
    """
    refused = _refused(write, wanted)
    if refused:
        raise SituationError(refused)
    if wanted["own"] is None:
        return None
    found = calibrate_class(
        wanted["own"],
        wanted["store"],
        case=case,
        level=wanted["level"] or "bilateral",
        betas=tuple(sorted(set(wanted["betas"]))) or BETAS,
        size=wanted["size"] or SIZE,
        name=wanted["name"],
        use="with_causes" if wanted["with_causes"] else "survival_only",
        drift=wanted["drift"] is not None,
    )
    text = [class_text(found)]
    path: Path | None = wanted["save"]
    if path is not None:
        save_class(found, path)
    if path is not None or wanted["drift"] is not None:
        cells = populations_of(found)
        if wanted["drift"] is not None:
            rows = drifted(cells)
            found = {**found, "drifted": [asdict(one) for one in rows]}
            text.append(drift_text(rows))
    if path is not None:
        of = case or "CASE"
        text.append(f"{path}: written; next: accord run {of} --calibration {path}")
    return found, "\n".join(text)


def _refused(write: bool, wanted: Mapping[str, Any]) -> list[Problem]:
    """Options that mean nothing here."""
    if wanted["own"] is not None:
        found = [_meaningless("--write", "without --class")] if write else []
        if wanted["name"] is not None and not wanted["name"].strip():
            found.append(Problem("no-name", "the name is empty", "name", "a word or two"))
        return found
    return [
        _meaningless(f"--{'beta' if key == 'betas' else key.replace('_', '-')}", "with --class")
        for key in _ONLY
        if wanted[key]
    ]


def _meaningless(option: str, where: str) -> Problem:
    """An option in the wrong company."""
    return Problem("option", f"{option} means something only {where}", option)
