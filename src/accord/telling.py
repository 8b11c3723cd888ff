"""How commands tell what went wrong: every problem on a line of its own, or all of them as JSON, and the exit status."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from accord.problems import Problem

Command = TypeVar("Command", bound=Callable[..., Any])


def tell(problems: Sequence[Problem], as_json: bool) -> None:
    """Print problems, one line each, errors and warnings on standard error (JSON on standard output)."""
    if as_json:
        import dataclasses

        click.echo(json.dumps([dataclasses.asdict(problem) for problem in problems], indent=2))
        return
    for problem in problems:
        click.echo(str(problem), err=True)


def telling(command: Command) -> Command:
    """Tell the problems of a command and leave with status 2, a failure with 1; ``as_json`` is the option of that name."""

    @functools.wraps(command)
    def told(*args: Any, **options: Any) -> Any:
        """The command, and what it says when it goes wrong."""
        from accord.problems import RunError, SituationError

        try:
            return command(*args, **options)
        except SituationError as error:
            tell(error.problems, bool(options.get("as_json")))
            sys.exit(2)
        except RunError as error:
            click.echo(str(error), err=True)
            sys.exit(1)

    return told  # type: ignore[return-value]
