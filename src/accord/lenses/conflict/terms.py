"""Keys of the conflict lens: it adds none; what it reads is declared in ``accord.situation``."""

from __future__ import annotations

from accord.situation import Term

TERMS: tuple[Term, ...] = ()
READS: tuple[str, ...] = (
    "options.*.effects.*",
    "preferences.*.statements.*.sure",
    "preferences.*.weights.*",
    "preferences.*.payoffs.*",
    "stances.*.*.position",
    "stances.*.*.salience",
    "stances.*.*.factions.*.position",
    "stances.*.*.factions.*.salience",
    "actors.*.factions.*.share",
)
