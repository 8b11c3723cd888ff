"""How democratic members were when their alliance was formed: by hand, and unknown where one is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from accord.data import import_files
from accord.lenses.precedent.alliances import Alliances
from accord.lenses.precedent.regimes import democracy_of
from accord.problems import SituationError

LEVELS = """ccode,year,v2x_polyarchy
200,1920,0.7
630,1920,0.1
365,1920,0.05
365,1921,0.02
740,1920,
"""


def of(*members: tuple[int, ...], year: float = 1920.0) -> Alliances:
    """Alliances with these members."""
    count = len(members)
    none = np.zeros(count)
    return Alliances(
        np.arange(count), none, none, none.astype(int), members, {"year": none + year}, "4.01", ""
    )


def test_least_and_most(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(LEVELS)
    import_files([tmp_path / "r.csv"], store=tmp_path / "s.duckdb")
    found = democracy_of(of((200, 630, 365), (365,), (200, 740), (200, 2), ()), tmp_path / "s.duckdb")
    np.testing.assert_array_equal(found["least_democratic"], [0.05, 0.05, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(found["most_democratic"], [0.7, 0.05, np.nan, np.nan, np.nan])
    later = democracy_of(of((365,), (200,), year=1921.0), tmp_path / "s.duckdb")
    np.testing.assert_array_equal(later["most_democratic"], [0.02, np.nan])


def test_a_store_without_regimes_is_told(tmp_path: Path, small_store: Path) -> None:
    (tmp_path / "r.csv").write_text("ccode,year,cinc\n200,1920,0.1\n")
    import_files([tmp_path / "r.csv"], store=tmp_path / "s.duckdb")
    with pytest.raises(SituationError, match="has not been imported; try: accord data import FILE"):
        democracy_of(of((200,)), tmp_path / "s.duckdb")
