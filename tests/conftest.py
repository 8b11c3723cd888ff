"""In which order workers take the files of the tests: kernels are compiled once, and nobody waits long for the last file.

Kernels compile for minutes where none are kept yet (a fresh clone).  Two workers that come to them at the same moment
compile each of them twice; so one begins with a whole run, which needs nearly all of them, while the other takes rooms
that need next to none.  Then come the files that take longest.
"""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
# Its first test is a whole run.
FIRST = "stories/test_run.py"
# Rooms and files that call hardly any kernel.
PLAIN = (
    "data",
    "exchange",
    "files",
    "figures",
    "formulas",
    "house",
    "ledger",
    "lenses/interests",
    "lenses/precedent",
    "report",
    "situation",
    "worlds",
)
# Files of those rooms that run a case all the same, so that they come later.
NOT_PLAIN = ("report/test_pictures.py",)
# What takes longest of the rest, the longest first.
LONG = ("lenses/endurance/test_reference_runs.py", "docs/test_pages.py", "stories/test_second_cases.py")


def rank(file: str) -> tuple[int, int]:
    """When the turn of a file comes; *file* is its path below ``tests``."""
    if file == FIRST:
        return (0, 0)
    if file.startswith(tuple(f"{room}/" for room in PLAIN)) and file not in NOT_PLAIN:
        return (1, 0)
    return (2, LONG.index(file)) if file in LONG else (3, 0)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sort files, not the tests in them; only where workers share them (see the Makefile)."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: rank(item.path.relative_to(TESTS).as_posix()))
