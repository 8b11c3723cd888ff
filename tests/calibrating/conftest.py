"""A store of made-up alliances: half of them among autocracies, all of them over."""

from __future__ import annotations

from pathlib import Path

import pytest

from accord.data import import_files

HEADER = (
    "atopid,begyr,begmo,begday,endyr,endmo,endday,ineffect,bilat,wartime,speclgth,length,term,"
    "defense,offense,neutral,nonagg,consul,asymm,milaid,mem1,mem2,version"
)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty pacts of Britain with Iran (even years) or Portugal, which end after 2, 4, 6 or 8 years."""
    folder = tmp_path_factory.mktemp("own")
    rows = [
        f"{9000 + n},{1900 + n},1,1,{1902 + n + 2 * (n % 4)},1,1,0,1,0,0,0,{1 + n % 3},1,0,0,0,0,0,0,200,"
        f"{630 if n % 2 == 0 else 235},4.01"
        for n in range(30)
    ]
    (folder / "a.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    levels = {200: 0.7, 630: 0.1, 235: 0.3}
    # Of Portugal nothing is known before 1911.
    told = [
        f"{state},{year},{level}"
        for state, level in levels.items()
        for year in range(1900, 1930)
        if state != 235 or year > 1910
    ]
    (folder / "r.csv").write_text("\n".join(["ccode,year,v2x_polyarchy", *told]) + "\n")
    import_files([folder / "a.csv"], store=folder / "bare.duckdb")
    import_files([folder / "a.csv", folder / "r.csv"], store=folder / "p.duckdb")
    return folder / "p.duckdb"
