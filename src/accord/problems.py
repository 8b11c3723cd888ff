"""What can be wrong with what a person wrote, in words that help to mend it.

One :class:`Problem` is one thing to mend: where it is (file, line or sheet and cell, path), what is wrong, and what to
try.  A :class:`SituationError` carries every problem of one reading at once, so that nobody mends a file line by line.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend, with its place and a way out.

    Parameters
    ----------
    kind : str
        Stable short name of the kind of problem (``unknown-key``), for machines and for tests.
    says : str
        What is wrong, in the words of the person who wrote the file.
    path : str
        Dotted path inside the situation; empty for the file as a whole.
    expected : str
        What belongs there; empty when *says* makes it plain.
    try_instead : str
        One concrete way to mend it; holds the "did you mean".
    file : str
        The file's name as the user gave it.
    line : int or None
        Line in the file, from 1; None when there is none (a workbook, a missing file).
    place : str
        Sheet and cell of a workbook (``stances!C4``), empty otherwise.
    severity : {'error', 'warning', 'note'}
        Errors stop the run; warnings and notes are told and do not.
    """

    kind: str
    says: str
    path: str = ""
    expected: str = ""
    try_instead: str = ""
    file: str = ""
    line: int | None = None
    place: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        """The problem as one line: ``file:line: [warning:] path: says; expected ...; try: ...``."""
        where = self.place or ("" if self.line is None else str(self.line))
        head = ":".join(part for part in (self.file, where) if part)
        grade = "" if self.severity == "error" else self.severity
        text = ": ".join(part for part in (head, grade, self.path, self.says) if part)
        if self.expected:
            text += f"; expected {self.expected}"
        if self.try_instead:
            text += f"; try: {self.try_instead}"
        return text

    def at(self, file: str, line: int | None = None, place: str = "") -> Problem:
        """The same problem with its place filled in where it was open."""
        return replace(
            self,
            file=self.file or file,
            line=self.line if self.line is not None else line,
            place=self.place or place,
        )


class AccordError(Exception):
    """Root of every error that Accord raises on purpose."""


class SituationError(AccordError):
    """A situation that cannot be used as written; holds every problem at once.

    Parameters
    ----------
    problems : sequence of Problem
        All problems found, errors and warnings alike; at least one error.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop a run."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


class RunError(AccordError):
    """A run that could not be carried out although the situation is sound (exit status 1)."""


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """A hint naming the closest known word, or the empty string when nothing is close."""
    words = sorted(set(known))
    folded = {word.lower().replace("-", "_").replace(" ", "_"): word for word in words}
    plain = wrong.lower().replace("-", "_").replace(" ", "_")
    close = difflib.get_close_matches(plain, list(folded), n=1, cutoff=0.6)
    return f"did you mean '{folded[close[0]]}'?" if close else ""


def listed(words: Iterable[str], most: int = 12) -> str:
    """Words as a readable list, cut after *most* of them with the number left out."""
    every = [str(word) for word in words]
    shown = ", ".join(every[:most])
    return shown if len(every) <= most else f"{shown} and {len(every) - most} more"


def worst_first(problems: Iterable[Problem]) -> list[Problem]:
    """Problems by file, then line, then path; errors before warnings before notes on one line."""
    rank = {"error": 0, "warning": 1, "note": 2}
    return sorted(problems, key=lambda p: (p.file, p.line or 0, p.place, rank[p.severity], p.path, p.says))
