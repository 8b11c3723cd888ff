"""Whether a store still holds what was imported."""

from __future__ import annotations

from pathlib import Path

from accord.data.catalogue import KINDS
from accord.data.store import digest, entries, reading
from accord.formulas.wording import count


def verify(store: Path | None = None) -> list[str]:
    """What is wrong with a store; empty when every import still has the rows and the digest that it came with.

    Raises
    ------
    SituationError
        When there is no store.
    """
    found = []
    with reading(store) as base:
        for entry in entries(base):
            kind = KINDS[entry.kind]
            row = base.execute(
                f"SELECT count(*) FROM {kind.table} WHERE number = ?", [entry.number]
            ).fetchone()
            rows = int(row[0]) if row else 0
            if rows != entry.kept:
                found.append(
                    f"{entry.kind}: {entry.file} came with {count(entry.kept, 'row')}, and {rows} are there"
                )
            elif digest(base, kind, entry.number) != entry.digest:
                found.append(f"{entry.kind}: rows of {entry.file} have changed since the import")
    return found
