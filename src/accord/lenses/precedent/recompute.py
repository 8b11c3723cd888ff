"""The shipped aggregates, made anew from the user's own import and compared with what is shipped."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from accord.data import entries, reading
from accord.disk import write_bytes
from accord.lenses.precedent.alliances import alliances
from accord.lenses.precedent.compliance import compliance
from accord.lenses.precedent.histories import NEEDED
from accord.lenses.precedent.rates import base_rates, hazards_by_age
from accord.lenses.precedent.shipped import ENDLESS, FOLDER, content_of
from accord.lenses.precedent.survival import weibull
from accord.lenses.precedent.ties import tie_rates

COMMAND = "accord data import FILE, then: accord data aggregate"
_DIGITS = 6
_FINER = {"greenwood": 9}  # decimals of numbers of which differences are taken

Made = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One file of aggregates against the user's own data.

    Parameters
    ----------
    name : str
    kind : str
        Of file that it is made from.
    version, shipped_version : str
        Edition of the user's file, and of that which the shipped numbers come from.
    digest, shipped_digest : str
        Of the numbers; the second is empty when nothing is shipped.
    """

    name: str
    kind: str
    version: str
    shipped_version: str
    digest: str
    shipped_digest: str

    @property
    def same(self) -> bool:
        """Whether the numbers are the same."""
        return self.digest == self.shipped_digest


def _alliances(store: Path) -> Made:
    """Base rates by class, hazards by age and the Weibull fit of all alliances."""
    table = alliances(store)
    fit = weibull(table.durations, table.ended)
    return {
        "classes": [asdict(rate) for rate in base_rates(table).values()],
        "ages": [asdict(band) for band in hazards_by_age(table)],
        "weibull": asdict(fit),
    }


def _ties(store: Path) -> Made:
    """Base rates of ties between two states."""
    return {"ties": [asdict(rate) for rate in tie_rates(store)]}


def _compliance(store: Path) -> Made:
    """How often alliances were honoured in war."""
    return {"compliance": [asdict(row) for row in compliance(store)]}


def _hazard_model(store: Path) -> Made:
    """The fitted model with what its forecasts were worth; some seconds."""
    from accord.lenses.precedent.fitted import as_numbers, fit_from

    return as_numbers(fit_from(store))


# Name of the file: kind of data, how it is made, what else must be there.
SOURCES: dict[str, tuple[str, Callable[[Path], Made], tuple[str, ...]]] = {
    "alliances": ("atop-alliance", _alliances, ()),
    "ties": ("atop-dyad", _ties, ()),
    "compliance": ("compliance", _compliance, ()),
    "hazard_model": (
        "atop-alliance",
        _hazard_model,
        tuple(kind for kind in NEEDED if kind != "atop-alliance"),
    ),
}


def plain(value: Any, digits: int = _DIGITS) -> Any:
    """A value as JSON knows it: rounded, NaN as null, infinity as a word; keys as text."""
    if isinstance(value, Mapping):
        return {
            f"{key:g}" if isinstance(key, float) else str(key): plain(inner, _FINER.get(key, digits))
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [plain(inner, digits) for inner in value]
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return ENDLESS if math.isinf(value) else round(value, digits)
    return value


def digest_of(made: Made) -> str:
    """SHA-256 of aggregates, whatever the order of their keys."""
    return hashlib.sha256(json.dumps(made, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def compare(store: Path, write: bool = False) -> list[Comparison]:
    """Work out from a store every aggregate that it has the data for, and compare with what is shipped.

    Parameters
    ----------
    store : Path
    write : bool
        Whether to put them into the package in place of what is shipped.

    Raises
    ------
    SituationError
        When there is no store.
    RunError
        When the package cannot be written.
    """
    with reading(store) as base:
        held = {entry.kind: entry for entry in entries(base)}
    found = []
    for name, (kind, make, also) in SOURCES.items():
        if kind not in held or any(other not in held for other in also):
            continue
        made = plain(make(store))
        shipped = content_of(name)
        entry = held[kind]
        if write:
            cited = dict.fromkeys(held[one].citation for one in (kind, *also))
            _write(name, kind, entry.version, "; ".join(cited), made)
        found.append(
            Comparison(
                name,
                kind,
                entry.version,
                shipped.get("version", ""),
                digest_of(made),
                shipped.get("digest", ""),
            )
        )
    return found


def _write(name: str, kind: str, version: str, citation: str, made: Made) -> None:
    """One file of aggregates, whole or not at all."""
    content = {
        "format": 1,
        "from": kind,
        "version": version,
        "citation": citation,
        "recompute": COMMAND,
        "digest": digest_of(made),
        "numbers": made,
    }
    text = json.dumps(content, ensure_ascii=False, indent=None, separators=(",", ":"))
    write_bytes(FOLDER / f"{name}.json", (text.replace('},{"', '},\n{"') + "\n").encode())
