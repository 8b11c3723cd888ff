"""Keys of the interests lens: it adds none; what it reads is declared in ``accord.situation``."""

from __future__ import annotations

from accord.situation import Term

TERMS: tuple[Term, ...] = ()
READS: tuple[str, ...] = (
    "actors.*.capability.*",
    "actors.*.factions.*.share",
    "resources.*.weight",
    "issues.*.agenda_loading",
    "stances.*.*.position",
    "stances.*.*.salience",
    "stances.*.*.factions.*.position",
    "stances.*.*.factions.*.salience",
    "ties.*.*.dependence",
    "partnership.territory",
    "partnership.talks",
    "partnership.substitution",
    "partnership.contest_exponent",
    "partnership.threats.*.level",
    "partnership.threats.*.strength",
    "partnership.patrons.*.threats.*.value",
    "partnership.patrons.*.threats.*.usefulness",
    "partnership.patrons.*.threats.*.blowback",
)
