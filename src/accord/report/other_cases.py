"""The second cases as marks of the plane: shipped ranks, each of a case among the population of its own make-up."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

CASES = Path(__file__).parents[1] / "cases"
FILE = CASES / "second_cases.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class OtherCase:
    """One of them: its title, and the medians of its two ranks."""

    title: str
    durability: float
    conditionality: float


def digest_of(path: Path) -> str:
    """SHA-256 of a case file, as the table keeps it."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def other_cases(title: str = "") -> tuple[OtherCase, ...]:
    """The shipped second cases but the one with this title; those whose file is another than was ranked are left out.

    A table of another format has none that can be read.
    """
    table = json.loads(FILE.read_text("utf-8")) if FILE.is_file() else {}
    rows = table["cases"] if table.get("format") == FORMAT else []
    return tuple(
        OtherCase(row["title"], row["durability"], row["conditionality"])
        for row in rows
        if row["title"] != title and _is_as_ranked(row["name"], row["digest"])
    )


def _is_as_ranked(name: str, digest: str) -> bool:
    """Whether a case file is still the one that was ranked."""
    path = CASES / f"{name}.yaml"
    return path.is_file() and digest_of(path) == digest
