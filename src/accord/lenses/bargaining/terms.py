"""Keys of the bargaining lens: it adds none; what it reads is declared in ``accord.situation``."""

from __future__ import annotations

from accord.situation import Term

TERMS: tuple[Term, ...] = ()
READS: tuple[str, ...] = (
    "actors.*.capability.*",
    "actors.*.factions.*.share",
    "resources.*.weight",
    "stances.*.*.position",
    "stances.*.*.salience",
    "stances.*.*.capability",
    "stances.*.*.factions.*.position",
    "stances.*.*.factions.*.salience",
)
