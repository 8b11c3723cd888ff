"""What can be imported: each kind of file, its column map, its key, and whom to cite.

A column is found by any of its heads (case, spaces and dots do not count).  What a table holds in the store is the
``name`` of the column.  Facts about the native formats are those of the files themselves and of their codebooks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Type = Literal["whole", "number", "text", "date", "word"]
System = Literal["cow", "gw", "iso2", "iso3", "name"]

MISSING: tuple[str, ...] = ("", "NA", ".", "NULL", "NaN")
_TYPES: dict[Type, str] = {
    "whole": "BIGINT",
    "number": "DOUBLE",
    "text": "VARCHAR",
    "date": "DATE",
    "word": "BIGINT",
}


def head(text: str) -> str:
    """A column head in the spelling that heads are compared in."""
    return re.sub(r"[\s._]+", "_", text.strip().lower())


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a kind of file.

    Parameters
    ----------
    name : str
        In the store.
    type : {'whole', 'number', 'text', 'date', 'word'}
        ``word`` is one of *words*, kept as its number.
    heads : tuple of str
        What it may be called in a file; its name when left out.
    needed : bool
        Whether a file without the column, or a row without the value, is no such file, or no such row.
    low, high : float or None
        Bounds, both allowed.
    missing : tuple of str
        What stands for "not known" in addition to an empty cell, ``NA``, ``.``, ``NULL`` and ``NaN``.
    words : mapping of str to int
        The words, in small letters.
    """

    name: str
    type: Type = "whole"
    heads: tuple[str, ...] = ()
    needed: bool = False
    low: float | None = None
    high: float | None = None
    missing: tuple[str, ...] = ()
    words: Mapping[str, int] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Heads, in the spelling that they are compared in."""
        return tuple(head(one) for one in (self.heads or (self.name,)))

    @property
    def sql_type(self) -> str:
        """Type in the store."""
        return _TYPES[self.type]


@dataclass(frozen=True, slots=True)
class State:
    """A state that rows name: which columns name it in which system, and what the column of its COW code is called.

    Parameters
    ----------
    target : str
        Column of the store that gets the COW code; empty where nobody knows one.
    by : tuple of (system, column)
        Tried in this order.  A number decides; codes and names that both mean a state must mean the same.
    needed : bool
        Whether a row that names none at all is left out.  One that nobody knows is kept, and told.
    """

    target: str
    by: tuple[tuple[System, str], ...]
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file.

    Parameters
    ----------
    name, label : str
    table : str
        In the store.
    columns : tuple of Column
    key : tuple of str
        Columns of the store that no two rows may share.
    citation : str
    states : tuple of State
    gather : tuple of (str, str)
        Name of a list column, and the pattern of the heads whose values above 0 it gathers.
    either : tuple of tuple of str
        Of each group of columns a file has at least one.
    rules : tuple of (str, str)
        What makes a row wrong, as SQL on the columns, and what to say of it.
    adds : bool
        Whether a file adds to what is there (one of many) or takes its place (a new edition).
    version : str
        Column whose value names the edition.
    quoted : bool
        Whether quotes around a value are understood.
    never : tuple of str
        Heads that tell a file of another kind.
    """

    name: str
    label: str
    table: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    citation: str
    states: tuple[State, ...] = ()
    gather: tuple[tuple[str, str], ...] = ()
    either: tuple[tuple[str, ...], ...] = ()
    rules: tuple[tuple[str, str], ...] = ()
    adds: bool = False
    version: str = ""
    quoted: bool = True
    never: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[Column, ...]:
        """Columns that a file of this kind must have."""
        return tuple(column for column in self.columns if column.needed)

    @property
    def by_name(self) -> bool:
        """Whether states are named by other than COW numbers, so that the library of country names is needed."""
        systems = {system for state in self.states for system, _ in state.by}
        return bool(systems & {"iso2", "iso3", "name"})

    @property
    def stored(self) -> tuple[tuple[str, str], ...]:
        """Columns of the table with their types, in order."""
        own = {column.name: column.sql_type for column in self.columns if column.name != self.version}
        states = {state.target: "BIGINT" for state in self.states if state.target not in own}
        lists = {name: "BIGINT[]" for name, _ in self.gather}
        return tuple({**states, **own, **lists}.items())

    def found(self, header: Sequence[str]) -> dict[str, int]:
        """Where each column stands in a header; columns that are not there are left out."""
        places: dict[str, int] = {}
        for index, text in enumerate(header):
            places.setdefault(head(text), index)
        pairs = ((column.name, name) for column in self.columns for name in column.names)
        seen: dict[str, int] = {}
        for name, spelling in pairs:
            if spelling in places:
                seen.setdefault(name, places[spelling])
        return seen

    def lacks(self, header: Sequence[str]) -> list[str]:
        """Needed columns that a header has not."""
        seen = self.found(header)
        plain = [" or ".join(column.names) for column in self.needs if column.name not in seen]
        groups = [
            " or ".join(names for name in group for names in self._heads(name))
            for group in self.either
            if not seen.keys() & set(group)
        ]
        return plain + groups

    def _heads(self, name: str) -> tuple[str, ...]:
        """Heads of a column."""
        return next(column.names for column in self.columns if column.name == name)
