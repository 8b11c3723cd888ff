"""Rows of text become rows of the store; what cannot be is told, each with its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from accord.data.kinds import MISSING, Column, Kind, State
from accord.data.states import is_territory, known_names, resolve
from accord.problems import did_you_mean

if TYPE_CHECKING:
    import duckdb

Grade = Literal["left out", "counted once", "state unknown"]


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """What is told of one line of a file.

    Parameters
    ----------
    line : int
        From 1, the header counted; of a Parquet file the row.
    grade : {'left out', 'counted once', 'state unknown'}
        A row is left out when it is wrong, counted once when another says the same; one whose state is unknown is kept.
    says : str
    """

    line: int
    grade: Grade
    says: str


def check(
    base: duckdb.DuckDBPyConnection, kind: Kind, order: Sequence[str], lists: Mapping[str, Sequence[int]]
) -> list[Told]:
    """Turn ``raw`` into the temporary table ``good``, with the columns of *kind* and the line.

    Parameters
    ----------
    base : DuckDB connection
        Holds ``raw(line, c0, c1, ...)``.
    kind : Kind
    order : sequence of str
        Columns of the kind that c0, c1, ... are.
    lists : mapping of str to sequence of int
        For each list column the numbers of the raw columns that it gathers.

    Returns
    -------
    list of Told
        By line.
    """
    _typed(base, kind, order, lists)
    told = _wrong(base)
    for state in kind.states:
        told += _placed(base, kind, state)
    _good(base, kind)
    told += _twice(base, kind)
    return sorted(told)


def _text(n: int, column: Column) -> str:
    """SQL for a raw value without the blanks around it; NULL where it stands for "not known"."""
    words = ", ".join("'" + word.replace("'", "''") + "'" for word in (*MISSING, *column.missing))
    return f"CASE WHEN trim(c{n}) IN ({words}) THEN NULL ELSE trim(c{n}) END"


def _value(text: str, column: Column) -> str:
    """SQL for a text as a value of the column's type; NULL where it is none."""
    if column.type == "text":
        return text
    if column.type == "date":
        return f"TRY_CAST({text} AS DATE)"
    if column.type == "word":
        cases = " ".join(f"WHEN '{word}' THEN {number}" for word, number in column.words.items())
        return f"CASE lower({text}) {cases} END"
    number = f"TRY_CAST({text} AS DOUBLE)"
    if column.type == "whole":
        return f"CASE WHEN abs({number}) < 9e15 AND floor({number}) = {number} THEN {number}::BIGINT END"
    return f"CASE WHEN isfinite({number}) THEN {number} END"


_CALLED = {"whole": "no whole number", "number": "no number", "date": "no date (YYYY-MM-DD)"}


def _complaints(column: Column) -> list[str]:
    """SQL for each thing that can be wrong with a value; NULL where nothing is."""
    name, text, value = column.names[0], f'"t_{column.name}"', f'"{column.name}"'
    called = _CALLED.get(column.type) or "none of " + ", ".join(column.words)
    quoted = f"'{name}: ''' || {text} || '''"
    out = [f"CASE WHEN {text} IS NOT NULL AND {value} IS NULL THEN {quoted} is {called}' END"]
    if column.needed:
        out.append(f"CASE WHEN {text} IS NULL THEN '{name} is missing' END")
    for bound, sign, word in ((column.low, "<", "below"), (column.high, ">", "above")):
        if bound is not None:
            out.append(f"CASE WHEN {value} {sign} {bound:g} THEN {quoted} is {word} {bound:g}' END")
    return out


def _typed(
    base: duckdb.DuckDBPyConnection, kind: Kind, order: Sequence[str], lists: Mapping[str, Sequence[int]]
) -> None:
    """The table ``typed``: every column of the kind, and ``wrong``, which is empty where a row is right."""
    given = [column for column in kind.columns if column.name in order]
    absent = [column for column in kind.columns if column.name not in order]
    texts = [f'{_text(order.index(c.name), c)} AS "t_{c.name}"' for c in given]
    values = ['{} AS "{}"'.format(_value(f'"t_{c.name}"', c), c.name) for c in given]
    values += [f'NULL::{c.sql_type} AS "{c.name}"' for c in absent]
    for name, places in lists.items():
        members = ", ".join(f"TRY_CAST(TRY_CAST(c{n} AS DOUBLE) AS BIGINT)" for n in places)
        texts.append(f'[m FOR m IN [{members}]::BIGINT[] IF m > 0] AS "{name}"')
    rules = [f"CASE WHEN {rule} THEN '{says}' END" for rule, says in kind.rules]
    wrong = ", ".join([one for c in given for one in _complaints(c)] + rules)
    names = ", ".join(f'"{name}"' for name in [*(c.name for c in kind.columns), *lists])
    base.execute("DROP TABLE IF EXISTS typed")
    base.execute(
        f"CREATE TEMP TABLE typed AS WITH x AS (SELECT line, {', '.join(texts)} FROM raw),"
        f" v AS (SELECT *, {', '.join(values)} FROM x)"
        f" SELECT line, {names}, concat_ws('; ', {wrong}) AS wrong FROM v"
    )


def _wrong(base: duckdb.DuckDBPyConnection) -> list[Told]:
    """Rows with values that are none."""
    rows = base.execute("SELECT line, wrong FROM typed WHERE wrong <> ''").fetchall()
    return [Told(line, "left out", says) for line, says in rows]


def _placed(base: duckdb.DuckDBPyConnection, kind: Kind, state: State) -> list[Told]:
    """The table ``m_<target>``: the number of each state that rows name, and what is told of those that have none."""
    keys, table = _keys(kind, state), f"m_{state.target}"
    distinct = base.execute(f"SELECT DISTINCT {', '.join(keys)} FROM typed WHERE wrong = ''").fetchall()
    columns = "".join(f"k{n} VARCHAR, " for n in range(len(keys)))
    base.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({columns}meant BIGINT, says VARCHAR, bad BOOLEAN)")
    insert(base, table, [(*row, *_meant(state, row)) for row in distinct])
    rows = base.execute(
        f"SELECT line, says, bad FROM typed JOIN {table} ON {_same(kind, state)} WHERE wrong = '' AND says <> ''"
    ).fetchall()
    return [Told(line, "left out" if bad else "state unknown", says) for line, says, bad in rows]


def insert(base: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows to a table at once; row by row takes a thousand times as long."""
    if not rows:
        return
    columns = [
        np.array([None if value is None else str(value) for value in column], dtype=object)
        for column in zip(*rows, strict=True)
    ]
    base.register("batch", {f"c{n}": column for n, column in enumerate(columns)})
    base.execute(f"INSERT INTO {table} SELECT * FROM batch")
    base.unregister("batch")


def _year(kind: Kind) -> str:
    """SQL for the year of a row."""
    names = {column.name for column in kind.columns}
    dated = [f'year("{name}")' for name in ("start", "date") if name in names]
    return '"year"' if "year" in names else next(iter(dated), "NULL")


def _keys(kind: Kind, state: State) -> list[str]:
    """SQL for the texts that name a state, and for the year where numbers changed their state."""
    dated = any(system == "gw" for system, _ in state.by)
    names = [f'CAST("{column}" AS VARCHAR)' for _, column in state.by]
    return [*names, f"CAST({_year(kind)} AS VARCHAR)"] if dated else names


def _same(kind: Kind, state: State) -> str:
    """SQL for "this row names that state"."""
    pairs = enumerate(_keys(kind, state))
    return " AND ".join(f"m_{state.target}.k{n} IS NOT DISTINCT FROM {key}" for n, key in pairs)


def _meant(state: State, texts: Sequence[str | None]) -> tuple[int | None, str, bool]:
    """The number of a state, what to tell when there is none, and whether the row is left out."""
    year = int(texts[-1]) if len(texts) > len(state.by) and texts[-1] else None
    given = [(system, text) for (system, _), text in zip(state.by, texts, strict=False) if text is not None]
    numbers = [resolve(system, text, year) for system, text in given if system in ("cow", "gw")]
    if decided := next((number for number in numbers if number is not None), None):
        return decided, "", False  # a number says which state of several that have one code today
    codes = {text: resolve(system, text, year) for system, text in given}
    known = {code for code in codes.values() if code is not None}
    said = " and ".join(f"'{text}'" for text in codes)
    if len(known) > 1:
        return None, f"{said} name different states", True
    if known:
        return known.pop(), "", False
    if not given:
        return None, f"{state.target}: names no state" if state.needed else "", state.needed
    named = given[-1][0] == "name" and not is_territory(given[-1][1])
    hint = did_you_mean(given[-1][1], known_names()) if named else ""
    says = f"{state.target}: no state of the COW list is known as {said}"
    return None, says + (f"; try: {hint}" if hint else ""), False


def _good(base: duckdb.DuckDBPyConnection, kind: Kind) -> None:
    """The table ``good``: rows that nothing is wrong with."""
    targets = {state.target for state in kind.states}
    columns = [
        f'm_{name}.meant AS "{name}"' if name in targets else f'typed."{name}"' for name, _ in kind.stored
    ]
    joins = "".join(f" LEFT JOIN m_{state.target} ON {_same(kind, state)}" for state in kind.states)
    right = "".join(f" AND NOT coalesce(m_{state.target}.bad, false)" for state in kind.states)
    base.execute("DROP TABLE IF EXISTS good")
    base.execute(
        f"CREATE TEMP TABLE good AS SELECT line, {', '.join(columns)} FROM typed{joins}"
        f" WHERE wrong = ''{right} ORDER BY line"
    )


def identity(kind: Kind) -> str:
    """SQL for what tells rows apart; a state without a number is told by what it is called."""
    by = {state.target: state.by for state in kind.states}
    parts = []
    for name in kind.key:
        part = f'CAST("{name}" AS VARCHAR)'
        if name in by:
            called = ", ".join(f'CAST("{column}" AS VARCHAR)' for _, column in by[name])
            part = f"coalesce({part}, concat('?', {called}))"
        parts.append(f"coalesce({part}, '')")
    return f"concat_ws('|', {', '.join(parts)})"


def _twice(base: duckdb.DuckDBPyConnection, kind: Kind) -> list[Told]:
    """Rows whose key an earlier row has: taken out of ``good``, and told."""
    key = identity(kind)
    plenty = base.execute(f"SELECT count(*) - count(DISTINCT {key}) FROM good").fetchone()
    if plenty is None or not plenty[0]:
        return []
    values = ", ".join(f'"{name}"' for name, _ in kind.stored)
    base.execute(
        "CREATE OR REPLACE TEMP TABLE twins AS"
        f" WITH k AS (SELECT line, {key} AS k, md5(CAST(ROW({values}) AS VARCHAR)) AS what FROM good),"
        " f AS (SELECT k, min(line) AS one FROM k GROUP BY k HAVING count(*) > 1)"
        " SELECT a.line, f.one, a.what = b.what AS same FROM k a JOIN f USING (k) JOIN k b ON f.one = b.line"
        " WHERE a.line <> f.one"
    )
    base.execute("DELETE FROM good WHERE line IN (SELECT line FROM twins)")
    rows = base.execute("SELECT line, one, same FROM twins").fetchall()
    names = ", ".join(kind.key)
    return [
        Told(line, "counted once", f"the same as line {one}")
        if same
        else Told(line, "left out", f"says otherwise than line {one} of the same {names}, which is kept")
        for line, one, same in rows
    ]
