"""Similarity against scores from United Nations roll calls that other code worked out from the same votes."""

from pathlib import Path

import numpy as np
import pytest

from accord.lenses.interests.similarity import distances, mean_distance, similarity

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "precedent"
SCORES, VOTES, CALLS = (
    DATA / name for name in ("un_similarity_focus.csv", "un_votes.parquet", "un_roll_calls.parquet")
)
ISO2 = {"CHN": "CN", "IRN": "IR", "RUS": "RU", "USA": "US", "SYR": "SY", "TUR": "TR"}
pytestmark = pytest.mark.skipif(not SCORES.exists(), reason="the shared data is not beside the repository")


def test_similarity_of_dyad_years() -> None:
    import duckdb

    places = "case vote when 'yes' then 1.0 when 'no' then 0.0 else 0.5 end"
    with duckdb.connect() as base:
        wanted = base.execute("select a, b, year, n, S_abs from read_csv(?)", [str(SCORES)]).fetchall()
        rows = base.execute(
            f"select c.year, v.country_code, v.rcid, {places}"
            " from read_parquet(?) v join read_parquet(?) c using (rcid)",
            [str(VOTES), str(CALLS)],
        ).fetchall()
    stands: dict[tuple[int, str], dict[int, float]] = {}
    for year, country, call, place in rows:
        stands.setdefault((year, country), {})[call] = float(place)
    checked = 0
    for a, b, year, count, published in wanted:
        if a not in ISO2 or b not in ISO2:
            continue
        one, two = (stands.get((year, ISO2[name]), {}) for name in (a, b))
        common = sorted(one.keys() & two.keys())
        if len(common) != count:
            continue
        position = np.array([[[one[call] for call in common], [two[call] for call in common]]])
        found = similarity(mean_distance(distances(position, [(0, 1)]), np.ones((1, 1, len(common)))))
        assert found[0, 0] == pytest.approx(published, abs=6e-5), (a, b, year)
        checked += 1
    assert checked >= 100, checked
