"""A made-up store with every kind of data that the fitted model needs, and made-up spells."""

from pathlib import Path

import numpy as np

from accord.data import import_files
from accord.lenses.precedent.spells import COVARIATES, TYPES, Spells, moving

TEXTS = {
    "a.csv": (
        "atopid,begyr,begmo,begday,endyr,endmo,endday,ineffect,bilat,wartime,speclgth,length,term,"
        "defense,offense,neutral,nonagg,consul,asymm,milaid,mem1,mem2,mem3,version\n"
        "9001,1950,7,1,1955,3,1,0,1,0,1,36,2,1,0,0,1,0,0,0,365,630,,4.01\n"
        "9002,1952,1,1,0,0,0,1,0,1,0,0,0,0,0,0,1,0,0,0,2,630,640,4.01\n"
        "9003,1953,2,1,1953,2,20,0,1,0,,,1,0,1,0,0,0,0,0,2,200,,4.01\n"
    ),
    "m.csv": (
        "atopid,member,phase,yrent,moent,dayent,yrexit,moexit,dayexit,ineffect,term,"
        "defense,offense,neutral,nonagg,consul,version\n"
        "9001,365,0,1950,7,1,1955,3,1,0,2,1,0,0,1,0,4.01\n"
        "9001,630,0,1950,7,1,1955,3,1,0,2,1,0,0,1,0,4.01\n"
        "9002,2,0,1952,1,1,0,0,0,1,0,0,0,0,1,0,4.01\n"
        "9002,630,0,1952,1,1,0,0,0,1,0,0,0,0,1,0,4.01\n"
        "9002,640,0,1960,1,1,0,0,0,1,0,0,0,0,1,0,4.01\n"
        "9003,2,0,1953,2,1,1953,2,20,0,1,0,1,0,0,0,4.01\n"
        "9003,200,0,1953,2,1,1953,2,20,0,1,0,1,0,0,0,4.01\n"
    ),
    "n.csv": "ccode,year,milex,milper,irst,pec,tpop,upop,cinc\n"
    "365,1949,1,1,1,1,1,1,.10\n365,1952,1,1,1,1,1,1,.20\n630,1949,1,1,1,1,1,1,.02\n630,1952,1,1,1,1,1,1,.02\n",
    "l.csv": "obsid,gwcode,leader,startdate,enddate,entry,exit\n"
    "IRN-1,630,A,1941-09-16,1953-08-19,Regular,Irregular\nIRN-2,630,B,1953-08-19,1979-01-16,Regular,Irregular\n",
    "c.csv": "ccode,year,leader,leadertrans,solschange\n630,1953,A,1,1\n365,1953,C,1,0\n",
    "d.csv": "dispnum,ccode1,ccode2,year,gmlmidonset,hostlev,fatality\n1,365,630,1951,1,4,0\n"
    "2,630,200,1953,1,4,0\n3,2,700,1990,1,4,0\n",
    "r.csv": "tssr_id,ccode1,ccode2,start,end\n1,365,2,1945,1989\n2,630,2,1952,1954\n3,365,630,1951,1951\n",
}


def made_up_store(folder: Path) -> Path:
    """Those texts, imported."""
    for name, text in TEXTS.items():
        (folder / name).write_text(text)
    store = folder / "precedent.duckdb"
    import_files([folder / name for name in TEXTS], store=store)
    return store


def made_up_spells(alliances: int = 240, seed: int = 0, last: int = 1990) -> Spells:
    """Alliances of made-up lives: those with a great capability change are violated, others seldom end."""
    rng = np.random.default_rng(seed)
    place = list(COVARIATES).index("capability_change")
    rows = []
    for number in range(alliances):
        year, age = int(rng.integers(1900, last)), 0
        kind = int(rng.integers(len(TYPES)))
        while True:
            values = rng.uniform(size=len(COVARIATES))
            cause = 0
            if year <= last and rng.uniform() < 0.02 + 0.25 * (values[place] > 0.8):
                cause = 2 if values[place] > 0.8 else int(rng.integers(1, 5))
            cause = cause if year <= last else -1
            rows.append((number, year, age, cause, kind, values))
            if cause or year > last:
                break
            year, age = year + 1, age + 1
    columns = [np.array([row[c] for row in rows], dtype=np.int64) for c in range(5)]
    values = np.array([row[5] for row in rows])
    term = np.full(len(rows), np.inf)
    values[:, :4] = moving(columns[2].astype(float), columns[1].astype(float), term)
    alliance, years, ages, causes, kinds = columns
    return Spells(alliance, years, ages, np.ones(len(rows)), causes, kinds, term, values)
