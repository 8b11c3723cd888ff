"""Names and codes of states."""

import builtins
from pathlib import Path

import pytest

from accord.data import states
from accord.data.states import folded, name_of, resolve, state_rows
from accord.problems import RunError

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "precedent"


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Russia", 365),
        ("USSR", 365),
        ("soviet union", 365),
        ("Russian Federation", 365),
        ("Russian", 365),
        ("Iran (Islamic Republic of)", 630),  # the library's own name
        ("Persia", 630),
        ("Iranian", 630),
        ("Prussia", 255),
        ("Germany", 255),
        ("Federal Republic of Germany", 260),
        ("GDR", 265),
        ("Austria-Hungary", 300),
        ("Austria", 305),
        ("Yugoslavia", 345),
        ("Serbia", 345),
        ("Ottoman Empire", 640),
        ("Türkiye", 640),
        ("TURKIYE", 640),
        ("The Netherlands", 210),
        ("Côte d’Ivoire", 437),
        ("Cote d'Ivoire", 437),
        ("Trinidad & Tobago", 52),
        ("Yemen", 679),
        ("North Yemen", 678),
        ("Korea, Republic of", 732),
        ("Viet Nam", 816),
        ("Bolivia, Plurinational State of", 145),
        ("Hong Kong", None),
        ("Guine", None),  # nothing is guessed
        ("", None),
        ("...", None),
    ],
)
def test_names(name, number) -> None:
    assert resolve("name", name) == number


@pytest.mark.parametrize(
    ("system", "code", "year", "number"),
    [
        ("iso2", "IR", None, 630),
        ("iso2", "gb", None, 200),
        ("iso2", "DD", None, 265),
        ("iso2", "ZZ", None, None),
        ("iso3", "DEU", None, 255),
        ("iso3", "SRB", None, 345),
        ("iso3", "YUG", None, 345),
        ("iso3", "AND", None, 232),
        ("cow", "365", None, 365),
        ("cow", "365.0", None, 365),
        ("cow", "999", None, None),
        ("cow", "x", None, None),
        ("gw", "260", 1980, 260),
        ("gw", "260", 2000, 255),
        ("gw", "678", 1980, 678),
        ("gw", "678", 2000, 679),
        ("gw", "340", 2010, 345),
        ("gw", "970", 2000, 946),
    ],
)
def test_codes(system, code, year, number) -> None:
    assert resolve(system, code, year) == number


def test_names_in_their_time() -> None:
    assert [name_of(255, year) for year in (1866, 1914, None)] == ["Prussia", "Germany", "Germany"]
    assert [name_of(365, year) for year in (1914, 1950, 2001)] == ["Russia", "Soviet Union", "Russia"]
    assert name_of(999) == "state 999"


def test_every_name_names_one_state() -> None:
    states._overrides.cache_clear()
    states._overrides()
    for row in state_rows():
        for name in (row.name, *row.also):
            assert resolve("name", name) == row.ccode, name
    assert folded("The  Bosnia & Herzegovina") == folded("BOSNIA AND HERZEGOVINA")


def test_every_code_is_known_to_the_library() -> None:
    import pycountry

    codes = [row.iso3 for row in state_rows() if row.iso3]
    assert len(codes) == len(set(codes))
    assert [code for code in codes if pycountry.countries.get(alpha_3=code) is None] == []


def test_numbers_need_no_library(monkeypatch) -> None:
    real = builtins.__import__

    def without(name, *more):
        if name == "pycountry":
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)
    resolve.cache_clear()
    assert resolve("cow", "365") == 365
    with pytest.raises(RunError, match=r"pip install 'accord-lenses\[data\]'"):
        resolve("name", "Russia")
    resolve.cache_clear()


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not beside the repository")
def test_the_list_is_that_of_the_capabilities_data() -> None:
    import duckdb

    with duckdb.connect() as base:
        numbers = {
            row[0]
            for row in base.execute(f"SELECT DISTINCT ccode FROM '{SHARED}/ps_cow_nmc.parquet'").fetchall()
        }
        names = base.execute(
            f"SELECT DISTINCT ccode, statename FROM '{SHARED}/chisols_stateyear4.parquet'"
        ).fetchall()
        codes = base.execute(
            f"SELECT DISTINCT ccode, iso3c FROM '{SHARED}/un_idealpoints_2025.parquet'"
            " WHERE iso3c <> '' AND ccode NOT IN (260, 680)"
        ).fetchall()
    assert numbers == {row.ccode for row in state_rows()}
    assert [(code, name) for code, name in names if resolve("name", name) != int(code)] == []
    assert [(code, iso) for code, iso in codes if resolve("iso3", iso) != code] == []
