"""The command ``accord backtest``: thin; the answer also as ``--json``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from accord.problems import Problem, SituationError
from accord.telling import telling


@click.command(short_help="Judge the bargaining models on resolved issues.")
@click.argument("file")
@click.option(
    "--capability",
    type=click.Choice(["equal", "votes", "gdp"]),
    help="Of the actors: all alike, votes in the Council, or the file's first row [default: equal].",
)
@click.option("--model", "models", multiple=True, help="Only this model, and the yardstick; repeatable.")
@click.option(
    "--bootstrap",
    type=click.IntRange(100, 20_000),
    help="Draws of whole proposals for intervals, 100 to 20,000 [default: 2000].",
)
@click.option("--seed", type=click.IntRange(min=0), help="The same one, the same intervals [default: 0].")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for tables and figures [default: none].",
)
@click.option("--fit", is_flag=True, help="Fit the forecast to FILE and compare it with the shipped one.")
@click.option("--write", is_flag=True, help="With --fit: put the parameters into the package.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@telling
def backtest(file: str, fit: bool, write: bool, out: Path | None, as_json: bool, **given: Any) -> None:
    """Judge the bargaining models on resolved issues: FILE is a table of the published DEU format.

    Errors, hits, scores of distributions and coverage of intervals, over all issues, by procedure and by voting rule; every
    model against the salience-weighted mean.  Exit status 0 answered (also when nothing beats the mean), 1 a fit failed or
    came out otherwise than shipped, 2 bad input.
    """
    chosen = _options(given, fit, write, out)
    if fit:
        _fit(file, write, as_json)
    else:
        _judge(file, chosen, out, as_json)


def _options(given: dict[str, Any], fit: bool, write: bool, out: Path | None) -> dict[str, Any]:
    """Options as they hold; SituationError for those that do not go together."""
    said = [name for name, value in given.items() if value not in (None, ())]
    problems = []
    if write and not fit:
        problems.append(Problem("option", "--write goes with --fit"))
    if fit and (said or out is not None):
        names = ", ".join(f"--{name.rstrip('s') if name == 'models' else name}" for name in said)
        problems.append(Problem("option", f"--fit goes without {names or '--out'}"))
    if given["models"]:
        from accord.lenses.bargaining.backtest import LABELS, OTHER_NAMES
        from accord.problems import did_you_mean, listed

        for name in given["models"]:
            known = (*LABELS, *OTHER_NAMES)
            if name not in known:
                says, hint = f"there is no model '{name}'", did_you_mean(name, known)
                problems.append(Problem("option", says, "--model", f"one of {listed(known, 20)}", hint))
    if problems:
        raise SituationError(problems)
    defaults = {"capability": "equal", "bootstrap": 2000, "seed": 0}
    return {
        "models": given["models"],
        **{name: value if given[name] is None else given[name] for name, value in defaults.items()},
    }


def _judge(file: str, chosen: dict[str, Any], out: Path | None, as_json: bool) -> None:
    """Judge, write, print."""
    from accord.backtesting.job import backtest_file, record_of, write_results
    from accord.backtesting.words import text_of

    found, done = backtest_file(file, **chosen)
    record = record_of(found, done, {"file": Path(file).name, **chosen})
    written = {} if out is None else write_results(out, record, done)
    if as_json:
        click.echo(json.dumps(record, indent=2, ensure_ascii=False))
        return
    click.echo("\n".join([text_of(found, done), *(f"{name:12} {path}" for name, path in written.items())]))


def _fit(file: str, write: bool, as_json: bool) -> None:
    """Fit, compare, print; status 1 when it is not what is shipped."""
    from accord.backtesting.job import fit_file
    from accord.backtesting.words import fit_text

    done = fit_file(file, write)
    click.echo(json.dumps(done, indent=2) if as_json else fit_text(done))
    sys.exit(0 if done["same"] else 1)
