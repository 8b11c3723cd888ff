"""Which state a name or code means, as its number in the Correlates of War list.

``states.csv`` is an explicit table of overrides: numbers, historical states, names of the field, demonyms.  Alpha-2 codes
and official names come from pycountry (extra ``[data]``), by the alpha-3 code.  Nothing is guessed: a name that neither
knows is told, with the closest one that is known.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from accord.problems import RunError

# Gleditsch and Ward number some states otherwise: (their number, first year): COW number.
_GLEDITSCH_WARD: tuple[tuple[int, int, int], ...] = (
    (260, 1991, 255),
    (678, 1991, 679),
    (340, 1800, 345),
    (970, 1979, 946),
    (971, 1968, 970),
    (972, 1970, 955),
    (973, 1978, 947),
)

# What states of one number were called in their time: number, first and last year, name.
_CALLED: tuple[tuple[int, int, int, str], ...] = (
    (255, 1800, 1870, "Prussia"),
    (325, 1800, 1860, "Sardinia"),
    (345, 1800, 1917, "Serbia"),
    (345, 2006, 9999, "Serbia"),
    (365, 1922, 1991, "Soviet Union"),
    (640, 1800, 1922, "Ottoman Empire"),
)


@dataclass(frozen=True, slots=True)
class StateRow:
    """One state of the list: COW number, name, alpha-3 code (or empty), first and last year where they matter."""

    ccode: int
    name: str
    iso3: str
    first: int | None
    last: int | None
    also: tuple[str, ...]


def folded(text: str) -> str:
    """A name without case, accents, marks, "the" and "and"."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and "))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = re.sub(r"[^\w]+", " ", letters.replace("'", "").replace("’", "")).split()
    return " ".join([word for word in words if word not in ("the", "and")] or words)  # AND is a code, too


@cache
def state_rows() -> tuple[StateRow, ...]:
    """Every state of the list, by number."""
    text = Path(__file__).with_name("states.csv").read_text("utf-8").splitlines()
    rows = csv.DictReader((line for line in text if not line.startswith("#")), delimiter=";")
    return tuple(_row(row) for row in rows)


def _row(row: dict[str, str]) -> StateRow:
    """One line of the table."""
    years = [int(row[key]) if row[key] else None for key in ("from", "to")]
    also = tuple(name for name in (row["demonym"], *row["also"].split("|")) if name)
    return StateRow(int(row["ccode"]), row["name"], row["iso3"], years[0], years[1], also)


@cache
def _codes() -> dict[int, StateRow]:
    """States by number."""
    return {row.ccode: row for row in state_rows()}


@cache
def _overrides() -> dict[str, int]:
    """Folded names, demonyms and codes of our own table."""
    table: dict[str, int] = {}
    for row in state_rows():
        for name in (row.name, row.iso3, *row.also):
            if name and table.setdefault(folded(name), row.ccode) != row.ccode:
                raise ValueError(f"states.csv: '{name}' names two states")
    return table


def name_of(ccode: int, year: int | None = None) -> str:
    """The name of a state, in a year if one is given; ``state 999`` for a number that is not in the list."""
    for number, first, last, name in _CALLED:
        if number == ccode and year is not None and first <= year <= last:
            return name
    row = _codes().get(ccode)
    return row.name if row else f"state {ccode}"


def needs_library() -> None:
    """Refuse to read names without the library of country names.

    Raises
    ------
    RunError
        When pycountry is not installed.
    """
    try:
        import pycountry  # noqa: F401
    except ImportError as error:
        raise RunError(
            "names and ISO codes of countries are read with pycountry, which is not installed;"
            " try: pip install 'accord-lenses[data]'"
        ) from error


@cache
def _library() -> tuple[dict[str, int], dict[str, int]]:
    """What pycountry adds: alpha-2 codes, and folded names."""
    import pycountry

    numbers = {row.iso3: row.ccode for row in state_rows() if row.iso3}
    codes: dict[str, int] = {}
    names: dict[str, int] = {}
    for country in pycountry.countries:
        if country.alpha_3 not in numbers:
            continue
        codes[country.alpha_2] = numbers[country.alpha_3]
        for key in ("name", "official_name", "common_name"):
            if text := getattr(country, key, None):
                names.setdefault(folded(text), numbers[country.alpha_3])
    return codes, names


@cache
def resolve(system: str, text: str, year: int | None = None) -> int | None:
    """The COW number that a text means in a system; None when it means none.

    Parameters
    ----------
    system : {'cow', 'gw', 'iso2', 'iso3', 'name'}
    text : str
    year : int, optional
        For Gleditsch-Ward numbers, which change their state over time.

    Raises
    ------
    RunError
        For systems other than numbers, when pycountry is not installed.
    """
    if system in ("cow", "gw"):
        return _number(system, text, year)
    needs_library()
    codes, names = _library()
    if system == "iso2":
        code = text.strip().upper()
        return codes.get(code, _overrides().get(folded(code)) if len(code) == 2 else None)
    if not (plain := folded(text)):
        return None
    return _overrides().get(plain, names.get(plain) if system == "name" else None)


def _number(system: str, text: str, year: int | None) -> int | None:
    """A number of one of the two lists of states."""
    try:
        number = int(float(text))
    except ValueError:
        return None
    if system == "gw":
        for theirs, first, ours in _GLEDITSCH_WARD:
            if number == theirs and (year or 9999) >= first:
                number = ours
                break
    return number if number in _codes() else None


@cache
def is_territory(text: str) -> bool:
    """Whether the library of country names knows a place by this name that is no state of the list."""
    import pycountry

    plain = folded(text)
    names = (getattr(one, key, "") for one in pycountry.countries for key in ("name", "official_name"))
    return any(folded(name) == plain for name in names) and resolve("name", text) is None


def known_names() -> list[str]:
    """Every name of our own table."""
    return [name for row in state_rows() for name in (row.name, *row.also)]
