"""Accord: judge an international partnership as an executable, scored forecast.

The front door; see ``docs/`` for the tutorial.  Nothing heavy is imported before it is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accord.problems import AccordError, Problem, RunError, SituationError

if TYPE_CHECKING:
    from accord.doors import (
        amend,
        check,
        check_claims,
        compare,
        explain,
        list_cases,
        look,
        read,
        run,
        save,
        write_report,
    )

__version__ = "0.1.0"
__all__ = [
    "AccordError",
    "Problem",
    "RunError",
    "SituationError",
    "amend",
    "check",
    "check_claims",
    "compare",
    "explain",
    "list_cases",
    "look",
    "read",
    "run",
    "save",
    "write_report",
]


def __getattr__(name: str) -> Any:
    """Load a public function when it is first used."""
    if name not in __all__:
        raise AttributeError(f"module 'accord' has no attribute '{name}'")
    from accord import doors

    return getattr(doors, name)
