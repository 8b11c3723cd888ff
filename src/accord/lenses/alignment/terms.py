"""Keys of the alignment lens: sizes, stated propensities, and how much each term of a computed one weighs."""

from __future__ import annotations

import math

from accord.situation.declare import Range, Term

# Terms of a computed propensity, each with the key of its weight, in the order in which they are shown.
WEIGHTS: dict[str, str] = {
    "ties": "weight_of_ties",
    "stances": "weight_of_stances",
    "threats": "weight_of_threats",
}
_ASKED = {
    "ties": "How much do stated affinities count for who would stand with whom (0: not at all)?",
    "stances": "How much does agreement on the issues count for it (0: not at all)?",
    "threats": "How much does being on the same or opposite sides of a threat count for it (0: not at all)?",
}

TERMS: tuple[Term, ...] = (
    Term(
        "actors.*.size",
        Range(0, math.inf, "index", "s_i"),
        "How much does it weigh among those who may stand together, where that is not its capability?",
        "alignment",
    ),
    Term(
        "ties.*.*.propensity",
        Range(-2, 2, "index", "p_ij"),
        "How gladly would it stand with the other, -2 (never) to 2 (always), where that is to be stated and not worked out?",
        "alignment",
    ),
    *(
        Term(
            f"partnership.{key}",
            Range(0, math.inf, "weight", f"omega_{name}", (1.0, 1.0), "uniform"),
            _ASKED[name],
            "alignment",
        )
        for name, key in WEIGHTS.items()
    ),
)

READS: tuple[str, ...] = (
    *(term.path for term in TERMS),
    "actors.*.capability.*",
    "actors.*.factions.*.share",
    "resources.*.weight",
    "stances.*.*.position",
    "stances.*.*.salience",
    "stances.*.*.factions.*.position",
    "stances.*.*.factions.*.salience",
    "ties.*.*.affinity",
    "partnership.threats.*.level",
    "partnership.threats.*.strength",
    "partnership.patrons.*.threats.*.value",
)
FILLS: tuple[str, ...] = tuple(f"partnership.{key}" for key in WEIGHTS.values())
