"""The native files, and Parquet copies of others, through the same column maps."""

from pathlib import Path

import pytest

from accord.data import import_files, reading

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "precedent"
pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not beside the repository")

# File: kind, rows, kept, rows that name a state nobody knows.
FILES = {
    "atop-alliance-level.csv": ("atop-alliance", 745, 745, 0),
    "atop-member-level.csv": ("atop-member", 2398, 2398, 1),
    "icews-events-2018-sample.tab": ("icews", 3705, 3705, 86),
    "ps_cow_nmc.parquet": ("nmc", 17121, 17121, 0),
    "un_votes.parquet": ("un-votes", 870109, 870109, 0),
    "un_roll_calls.parquet": ("un-roll-calls", 6203, 6203, 0),
    "un_idealpoints_2025.parquet": ("ideal-points", 11440, 11440, 0),
    "ps_archigos.parquet": ("leaders", 3409, 3409, 30),
    "chisols_stateyear4.parquet": ("coalitions", 9703, 9703, 0),
    "ps_gml_mid_ddydisps.parquet": ("disputes", 9284, 9284, 0),
    "ps_atop_alliance.parquet": ("atop-dyad", 273296, 273296, 0),
    "berkemeier_fuhrmann_2018.parquet": ("compliance", 576, 576, 0),
    "ps_td_rivalries.parquet": ("rivalries", 197, 197, 2),
    "vdem_polyarchy.parquet": ("regimes", 27013, 26263, 0),  # 750 rows of places without a number
}


@pytest.mark.slow
def test_every_file_is_understood(tmp_path) -> None:
    store = tmp_path / "s.duckdb"
    done = import_files([SHARED / name for name in FILES], store=store)
    found = {
        one.path.name: (one.entry.kind, one.entry.rows, one.entry.kept, one.entry.unknown) for one in done
    }
    assert found == FILES
    with reading(store) as base:
        # Every tally by other means, straight from the files.
        votes = base.execute("SELECT vote, count(*) FROM votes GROUP BY 1 ORDER BY 1").fetchall()
        assert votes == [(1, 693664), (2, 110897), (3, 65548)]
        for table, column, name in (
            ("capabilities", "cinc", "ps_cow_nmc"),
            ("capabilities", "milex", "ps_cow_nmc"),
            ("disputes", "fatality", "ps_gml_mid_ddydisps"),
        ):
            given = f"CASE WHEN {column} <> -9 THEN {column} END"  # -9 stands for "not known"
            sums = f"SELECT sum({given}), count({given}) FROM "
            there = base.execute(f"{sums} read_parquet(?)", [f"{SHARED}/{name}.parquet"]).fetchone()
            assert base.execute(sums + table).fetchone() == pytest.approx(there)
        assert base.execute("SELECT count(*) FROM votes WHERE ccode IS NULL").fetchone() == (0,)
        # Members of the alliance list are those of the member list.
        odd = base.execute(
            "SELECT count(*) FROM (SELECT atopid, unnest(members) AS m FROM alliances) a"
            " ANTI JOIN alliance_members b ON a.atopid = b.atopid AND a.m = b.member"
        ).fetchone()
        assert odd == (0,)


def test_csv_and_parquet_give_the_same(tmp_path) -> None:
    import duckdb

    copy = tmp_path / "ideal.csv"
    with duckdb.connect() as base:
        base.execute(
            f"COPY (SELECT * FROM '{SHARED}/un_idealpoints_2025.parquet') TO '{copy}' (HEADER, NULLSTR 'NA')"
        )
    digests = []
    for number, path in enumerate((SHARED / "un_idealpoints_2025.parquet", copy)):
        store = tmp_path / f"{number}.duckdb"
        import_files([path], store=store)
        with reading(store) as base:
            rows = base.execute("SELECT ccode, year, point, low, high, votes FROM ideal_points ORDER BY 1, 2")
            digests.append(rows.fetchall())
    assert digests[0] == digests[1]
