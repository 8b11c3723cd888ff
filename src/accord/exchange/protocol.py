"""What every foreign format offers: recognise a path, read it, write it, and say what it could not carry."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol

from accord.problems import Problem
from accord.situation import Situation, Vocabulary

Layout = Literal["wide", "long"]


class Exchange(Protocol):
    """One foreign format."""

    @property
    def name(self) -> str:
        """Short name, for messages."""
        ...

    def sniff(self, path: Path) -> bool:
        """Whether this format should answer for a path; never raises, and claims also what it will refuse."""
        ...

    def read(self, path: Path, vocabulary: Vocabulary) -> tuple[Situation | None, list[Problem]]:
        """Read and check a path: the situation if it can be used, and every problem, in order of place."""
        ...

    def write(self, situation: Situation, path: Path) -> tuple[str, ...]:
        """Write a situation; the answer says in words what the format could not carry (empty: nothing was lost)."""
        ...
