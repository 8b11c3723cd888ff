"""The bytes of a file, and a list of everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from accord.problems import Problem, SituationError, worst_first

MOST_BYTES = 256 * 1024 * 1024


@dataclass(slots=True)
class Found:
    """Collects problems of one file.

    Parameters
    ----------
    file : str
        Its name.
    problems : list of Problem
    """

    file: str = ""
    problems: list[Problem] = field(default_factory=list)

    def tell(
        self, kind: str, says: str, path: str = "", expected: str = "", hint: str = "", place: str = ""
    ) -> None:
        """Add a problem."""
        self.problems.append(Problem(kind, says, path, expected, hint, self.file, place=place))

    def check(self) -> None:
        """Raise SituationError with every problem, when there is one."""
        if self.problems:
            raise SituationError(worst_first(self.problems))


def content(path: Path) -> bytes:
    """The bytes of a file; SituationError when it cannot be read."""
    found = Found(str(path))
    try:
        if path.stat().st_size > MOST_BYTES:
            found.tell("too-large", "the file is too large", expected=f"at most {MOST_BYTES:,} bytes")
            found.check()
        return path.read_bytes()
    except FileNotFoundError:
        found.tell("no-file", "there is no such file", hint="check its name and folder")
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "not a file name"
        found.tell(
            "no-file", f"it cannot be opened ({reason.lower()})", hint="check its name and permissions"
        )
    raise SituationError(found.problems)
