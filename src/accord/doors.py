"""The public functions, each one thin: they put the rooms together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from accord.files.overlay import overlay
from accord.files.reader import examine, read_file
from accord.files.writer import save_yaml
from accord.lenses import vocabulary
from accord.problems import Problem, SituationError, did_you_mean
from accord.situation import Change, Situation

CASES = Path(__file__).parent / "cases"


def list_cases() -> dict[str, Path]:
    """Shipped cases: name and file, sorted by name."""
    return {path.stem: path for path in sorted(CASES.glob("*.yaml"))}


def locate(case: str | Path) -> Path:
    """The file of a shipped case's name, or the path itself.

    Raises
    ------
    SituationError
        When it is neither a shipped case nor an existing file.
    """
    path = Path(case)
    shipped = list_cases()
    if str(case) in shipped:
        return shipped[str(case)]
    if path.suffix or path.exists():
        return path
    hint = did_you_mean(str(case), shipped) or "'accord cases' lists the shipped ones"
    raise SituationError([Problem("no-file", "neither a shipped case nor a file", file=str(case), try_instead=hint)])


def read(case: str | Path) -> Situation:
    """Read a situation: a path, or the name of a shipped case.

    Raises
    ------
    SituationError
        Once, with every problem and its line.
    """
    return read_file(locate(case), vocabulary())[0]


def check(case: str | Path) -> list[Problem]:
    """Every problem of a situation file, errors and warnings, in order; empty when there is none."""
    try:
        path = locate(case)
    except SituationError as error:
        return list(error.problems)
    return examine(path, vocabulary())[1]


def amend(situation: Situation, changes: Mapping[str, Any]) -> Situation:
    """The situation with some paths changed.

    Parameters
    ----------
    situation : Situation
    changes : mapping
        Path to a plain value (set to), or to a :class:`~accord.situation.Change`.

    Raises
    ------
    SituationError
        With every change that does not fit.
    """
    wanted = {path: value if isinstance(value, Change) else Change(to=value) for path, value in changes.items()}
    return overlay(situation, wanted, vocabulary())


def save(situation: Situation, path: str | Path, like: str | Path | None = None) -> None:
    """Write a situation; comments of the file it replaces (or of *like*) survive.

    Parameters
    ----------
    situation : Situation
    path : str or Path
        Ending ``.yaml``, ``.yml`` or ``.json``; ``.xlsx`` or a folder of CSV files for a workbook.
    like : str or Path, optional
        File whose comments, order and spelling are kept where the content is the same.

    Raises
    ------
    SituationError
        When the file whose comments are to be kept cannot be read.
    RunError
        When the place cannot be written; what was there before stays.
    """
    target = Path(path)
    origin = locate(like) if like is not None else (target if target.is_file() else None)
    old = read_file(origin, vocabulary())[0] if origin is not None else None
    save_yaml(situation, target, origin, old)
