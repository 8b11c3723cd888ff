"""Keys of the precedent lens: what the partners have promised one another, as yes (1) or no (0)."""

from __future__ import annotations

from accord.situation.declare import Range, Term

# Keys of the partnership, with the feature that each states.
PROMISES: dict[str, tuple[str, str]] = {
    "promises_offence": ("offense", "Have they promised to join an attack (1) or not (0)?"),
    "promises_defence": ("defense", "Have they promised to help one that is attacked (1) or not (0)?"),
    "promises_neutrality": ("neutrality", "Have they promised to stay neutral (1) or not (0)?"),
    "promises_nonaggression": (
        "nonaggression",
        "Have they promised not to attack one another (1) or not (0)?",
    ),
    "promises_consultation": ("consultation", "Have they promised to consult in a crisis (1) or not (0)?"),
    "promises_military_aid": ("military_aid", "Have they promised military aid (1) or not (0)?"),
    "promises_differ": ("asymmetric", "Have they promised different things to one another (1) or not (0)?"),
    "promises_end_date": (
        "fixed_term",
        "Does what they have promised say how long it is to last (1) or not (0)?",
    ),
    "formed_in_wartime": ("wartime", "Was it formed while one of them was at war (1) or not (0)?"),
}
MAJORS, FORMED = "major_powers", "formed_year"

TERMS: tuple[Term, ...] = (
    *(
        Term(f"partnership.{key}", Range(0, 1, "yes or no"), question, "precedent")
        for key, (_, question) in PROMISES.items()
    ),
    Term(f"partnership.{MAJORS}", Range(0, 5, "partners"), "How many of them are major powers?", "precedent"),
    Term(
        f"partnership.{FORMED}",
        Range(1500, 2100, "year"),
        "In what year was it formed, where that is not the year of the file?",
        "precedent",
    ),
)
READS: tuple[str, ...] = tuple(term.path for term in TERMS)
