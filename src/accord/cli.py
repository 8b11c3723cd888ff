"""The ``accord`` command: thin, every answer also as ``--json``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from accord.problems import Problem


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="accord-lenses", prog_name="accord")
def main() -> None:
    """Judge an international partnership: will it hold, where does it crack, how sure are we?

    Exit status: 0 answered, 1 a run failed, 2 bad input, 130 cancelled.
    """


def tell(problems: list[Problem], as_json: bool) -> None:
    """Print problems, one line each, errors and warnings on standard error (JSON on standard output)."""
    if as_json:
        import dataclasses

        click.echo(json.dumps([dataclasses.asdict(problem) for problem in problems], indent=2))
        return
    for problem in problems:
        click.echo(str(problem), err=True)


def bad_input(error: Any, as_json: bool = False) -> None:
    """Tell every problem and leave with status 2."""
    tell(list(error.problems), as_json)
    sys.exit(2)


@main.command()
@click.argument("case")
@click.option("--json", "as_json", is_flag=True, help="Problems as JSON on standard output.")
def check(case: str, as_json: bool) -> None:
    """Check a situation file (or a shipped case): every problem at once, with its line."""
    import accord

    problems = accord.check(case)
    tell(problems, as_json)
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = sum(problem.severity == "warning" for problem in problems)
    if not as_json:
        click.echo(f"{case}: {_count(errors, 'error')}, {_count(warnings, 'warning')}", err=errors > 0)
    sys.exit(2 if errors else 0)


def _count(number: int, what: str) -> str:
    """A count with its noun."""
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def cases(as_json: bool) -> None:
    """List the shipped cases."""
    import accord

    rows = {name: accord.read(path) for name, path in accord.list_cases().items()}
    if as_json:
        click.echo(json.dumps({name: {"title": s.title, "as_of": str(s.as_of), "question": s.question} for name, s in rows.items()}, indent=2))
        return
    for name, situation in rows.items():
        click.echo(f"{name}: {situation.title} (as of {situation.as_of})")


if __name__ == "__main__":
    main(prog_name="accord")


_ = Path
