"""How democratic the members of alliances were when these were formed, from the user's own import of V-Dem."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accord.data import entries, reading
from accord.lenses.precedent.alliances import Alliances, nothing
from accord.lenses.precedent.classes import ReferenceClass, between, both

FloatArray = NDArray[np.float64]

# Features of a class that only a store with regimes can tell; numbers from 0 to 1.
REGIMES: dict[str, str] = {
    "least_democratic": "how democratic is the least democratic member in the year of formation?",
    "most_democratic": "how democratic is the most democratic member in the year of formation?",
}

# From here on an electoral democracy counts as one (A. Lührmann, M. Tannenberg and S. I. Lindberg, Politics and Governance 6
# (2018) 60-77, ask for more than .5 of this index, and more than it).
DEMOCRATIC = 0.5
_JUST_BELOW = float(np.nextafter(DEMOCRATIC, 0.0))
REGIME_CLASSES: dict[str, ReferenceClass] = {
    name: ReferenceClass(name, label, rule)
    for name, label, rule in (
        ("all_democratic", "every member democratic", between("least_democratic", DEMOCRATIC, 1.0)),
        (
            "mixed_regimes",
            "some members democratic",
            both(between("least_democratic", 0.0, _JUST_BELOW), between("most_democratic", DEMOCRATIC, 1.0)),
        ),
        ("none_democratic", "no member democratic", between("most_democratic", 0.0, _JUST_BELOW)),
    )
}


def democracy_of(table: Alliances, store: Path | None = None) -> dict[str, FloatArray]:
    """Least and most electoral democracy (V-Dem ``v2x_polyarchy``) among the members in the year of formation.

    Returns
    -------
    dict
        An array for each of :data:`REGIMES`, shape (n,); NaN where one member's is not known, or no member is.

    Raises
    ------
    SituationError
        When no regimes have been imported.
    """
    with reading(store) as base:
        if all(entry.kind != "regimes" for entry in entries(base)):
            raise nothing("regimes", "how democratic states are (V-Dem)")
        rows = base.execute(
            "SELECT ccode, year, polyarchy FROM regimes WHERE polyarchy IS NOT NULL"
        ).fetchall()
    known = {(state, year): value for state, year, value in rows}
    values = [
        [known.get((state, int(year)), np.nan) for state in members] or [np.nan]
        for members, year in zip(table.members, table.features["year"], strict=True)
    ]
    return {
        "least_democratic": np.array([np.min(one) for one in values], dtype=np.float64),
        "most_democratic": np.array([np.max(one) for one in values], dtype=np.float64),
    }
