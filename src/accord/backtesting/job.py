"""The job behind ``accord backtest``: a file of resolved issues in, errors of every model out."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from accord.backtesting.words import calibration_table
from accord.disk import write_bytes
from accord.engine.progress import Bar
from accord.engine.store import write_json
from accord.figures import svg_of
from accord.lenses.bargaining.backtest import YARDSTICK, Backtest, backtest
from accord.lenses.bargaining.deu import ACTORS, LEAST, Resolved, council_power, read_deu
from accord.lenses.bargaining.fitting import apart, table_of
from accord.lenses.bargaining.forecast import TABLE, Fitted, shipped
from accord.problems import Problem, RunError, SituationError

# Parameters are kept to four decimals; another machine may end the search a little beside.
_SAME = 2e-3


def backtest_file(
    path: str | Path,
    *,
    capability: str = "equal",
    models: Sequence[str] = (),
    bootstrap: int = 2000,
    seed: int = 0,
) -> tuple[Resolved, Backtest]:
    """Read a file and judge the models on it, with a progress bar.

    Raises
    ------
    SituationError
        When the file cannot be read, holds no issue that counts, or no capability that was asked for.
    """
    found = read_deu(path)
    if not found.issues:
        reasons = "; ".join(f"{count} with {why}" for why, count in found.left_out.items())
        says, wanted = f"no issue counts ({reasons})", f"an outcome and {LEAST} actors with both numbers"
        raise SituationError([Problem("no-issues", says, expected=wanted, file=str(path))])
    if capability == "gdp" and not found.gdp:
        says = "gives no capability of the actors"
        hint = "--capability equal, or a first row of capabilities without proposal and issue"
        raise SituationError([Problem("no-capability", says, file=str(path), try_instead=hint)])
    powers = {actor: council_power(actor) for actor in ACTORS} if capability == "votes" else None
    powers = found.gdp if capability == "gdp" else powers
    with Bar(len(found.issues), "Backtest", unit="issues") as bar:
        done = backtest(
            found.issues,
            models=list(models) or None,
            capability=powers,
            bootstrap=bootstrap,
            seed=seed,
            progress=bar,
        )
    return found, done


def fit_file(path: str | Path, write: bool = False) -> dict[str, Any]:
    """Work the forecast's parameters out anew from a file, and compare them with what is shipped.

    Raises
    ------
    SituationError
        When the file cannot be read or holds too few issues.
    RunError
        When the search does not end, or the table cannot be written.
    """
    found = read_deu(path)
    try:
        table = table_of(found.issues)
    except ValueError as error:
        raise SituationError([Problem("too-few", str(error), file=str(path))]) from None
    except ArithmeticError as error:
        raise RunError(f"{path}: {error}") from None
    before: Fitted | None
    try:
        before = shipped()
    except (OSError, ValueError, KeyError, TypeError):
        before = None
    if write:
        write_json(Path(str(files("accord.lenses.bargaining").joinpath(TABLE))), table.record())
        shipped.cache_clear()
    far = None if before is None else apart(table, before)
    other = before is None or before.data != table.data
    return {
        **table.record(),
        "same_data": not other,
        "largest_difference": far,
        "same": write or (not other and far is not None and far <= _SAME),
        "written": write,
    }


def record_of(found: Resolved, done: Backtest, options: Mapping[str, Any]) -> dict[str, Any]:
    """Everything as plain numbers; what is not known is None."""
    record = {
        "issues": len(found.issues),
        "proposals": found.proposals,
        "left_out": found.left_out,
        "missing": found.missing,
        "options": dict(options),
        "yardstick": YARDSTICK,
        **done.record(),
    }
    plain: dict[str, Any] = _plain(record)
    return plain


def _plain(value: Any) -> Any:
    """NaN as None, all the way down."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write_results(folder: Path, record: Mapping[str, Any], done: Backtest) -> dict[str, Path]:
    """Write ``backtest.json``, ``scores.csv``, ``issues.csv`` and, with the forecast, ``calibration.svg``.

    Raises
    ------
    RunError
        When the folder cannot be written.
    """
    named = {"record": folder / "backtest.json"}
    write_json(named["record"], record)
    named["scores"] = folder / "scores.csv"
    write_bytes(named["scores"], _csv(_score_rows(done)))
    named["issues"] = folder / "issues.csv"
    write_bytes(named["issues"], _csv(_issue_rows(done)))
    if (table := calibration_table(done)) is not None:
        named["calibration"] = folder / "calibration.svg"
        write_bytes(named["calibration"], svg_of(table, None).encode())
    return named


def _csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as a table; an empty cell is missing."""
    page = io.StringIO(newline="")
    for row in rows:
        csv.writer(page, lineterminator="\n").writerow(
            ["" if isinstance(cell, float) and math.isnan(cell) else cell for cell in row]
        )
    return page.getvalue().encode()


def _score_rows(done: Backtest) -> Iterable[list[Any]]:
    """One row a model and group."""
    keys = list(done.scores[0].measures)
    gaps = list(done.scores[0].difference)
    ends = ("", "_low", "_high")
    head = [f"{key}{end}" for key in keys for end in ends]
    head += [f"{key}_difference{end}" for key in gaps for end in ends]
    yield ["model", "group", "issues", "proposals", *head]
    for score in done.scores:
        found = [*(score.measures[key] for key in keys), *(score.difference[key] for key in gaps)]
        numbers = [x for one in found for x in (one.value, one.low, one.high)]
        yield [score.model, score.group, score.issues, score.proposals, *numbers]


def _issue_rows(done: Backtest) -> Iterable[list[Any]]:
    """One row an issue, with every model's point."""
    names = list(done.points)
    yield ["proposal", "issue", "procedure", "rule", "outcome", *names]
    for k, issue in enumerate(done.issues):
        points = [float(done.points[name][k]) for name in names]
        yield [issue.proposal, issue.issue, issue.procedure, issue.voting, issue.outcome, *points]
