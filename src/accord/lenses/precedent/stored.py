"""The user's own import in a run: which store, and a digest of what the lens reads of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accord.data import Entry

# Kinds of data that the lens shows; others do not change what it says.
READ: tuple[str, ...] = (
    "atop-alliance",
    "icews",
    "ideal-points",
    "nmc",
    "regimes",
    "un-roll-calls",
    "un-votes",
)
WITHOUT = "none"  # says that no store is to be looked at


@dataclass(frozen=True, slots=True)
class Stored:
    """A store that a run looks at.

    Parameters
    ----------
    path : Path
        Where it lies; two that hold the same are the same.
    digest : str
        SHA-256 of what the lens reads of it: kinds, editions and digests of the imports.
    holds : tuple of str
        Kinds with their editions, of those that it reads.
    """

    path: Path = field(repr=False, compare=False)
    digest: str
    holds: tuple[str, ...]

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of data that are there."""
        return frozenset(one.split(" ")[0] for one in self.holds)


def stored_at(place: str | Path | None = None) -> Stored | None:
    """The store of a run; None where there is none.

    Parameters
    ----------
    place : str, Path or None
        Its file; ``none`` for no store; the user's own when left out, if there is one.

    Raises
    ------
    SituationError
        When the file that is named does not exist, or what is there is no store.
    """
    from accord.data import default_store, entries, reading

    if str(place) == WITHOUT:
        return None
    if place is None and not default_store().exists():
        return None
    path = default_store() if place is None else Path(place)
    with reading(path) as base:
        used = [entry for entry in entries(base) if entry.kind in READ]
    return _stamped(path, used) if used else None


def _stamped(path: Path, used: list[Entry]) -> Stored:
    """A store with the digest of some of its imports."""
    told = sorted(f"{entry.kind} {entry.version} {entry.digest}" for entry in used)
    digest = hashlib.sha256("\n".join(told).encode()).hexdigest()
    return Stored(path, digest, tuple(sorted(f"{e.kind} {e.version}".strip() for e in used)))
