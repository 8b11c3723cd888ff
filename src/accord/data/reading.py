"""The rows of a file as text in a scratch table, each with its line.

A file without blemish is read by DuckDB.  Where anything does not add up (a row of another length, a stray quote, a value
over several lines, an empty line), the same file is read again row by row, which is ten times slower and knows every line.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from accord.data.source import Source, refused
from accord.data.store import no_room
from accord.formulas.wording import count
from accord.stopping import stoppable

if TYPE_CHECKING:
    import duckdb

Fault = tuple[int, str]
_BATCH = 50_000
_LONGEST_FIELD = 1_000_000


def load(base: duckdb.DuckDBPyConnection, source: Source, places: list[int], quoted: bool) -> list[Fault]:
    """Read some columns of a file into the temporary table ``raw(line, c0, c1, ...)``, every value as text.

    Parameters
    ----------
    base : DuckDB connection
    source : Source
    places : list of int
        Which columns, counted from 0; the n-th becomes ``c<n>``.
    quoted : bool
        Whether quotes are understood.

    Returns
    -------
    list of (int, str)
        Lines that are no rows, and why; they are not in the table.

    Raises
    ------
    SituationError
        When the file breaks off.
    """
    base.execute("DROP TABLE IF EXISTS raw")
    if source.parquet:
        _parquet(base, source, places)
        return []
    if _quickly(base, source, places, quoted):
        return []
    base.execute("DROP TABLE IF EXISTS raw")
    columns = "".join(f", c{n} VARCHAR" for n in range(len(places)))
    base.execute(f"CREATE TEMP TABLE raw (line BIGINT{columns})")
    return _slowly(base, source, places, quoted)


def _parquet(base: duckdb.DuckDBPyConnection, source: Source, places: list[int]) -> None:
    """Columns of a Parquet file."""
    names = [source.header[place].replace('"', '""') for place in places]
    columns = "".join(f', CAST("{name}" AS VARCHAR) AS c{n}' for n, name in enumerate(names))
    base.execute(
        f"CREATE TEMP TABLE raw AS SELECT row_number() OVER () AS line{columns} FROM read_parquet(?)",
        [str(source.path)],
    )


def _quickly(base: duckdb.DuckDBPyConnection, source: Source, places: list[int], quoted: bool) -> bool:
    """Read a file that has one row a line; False when it has not."""
    import duckdb

    heads = ", ".join(f"'h{n}': 'VARCHAR'" for n in range(len(source.header)))
    columns = "".join(f", h{place} AS c{n}" for n, place in enumerate(places))
    quote = '"' if quoted else ""
    try:
        with stoppable():  # a query that is stopped says nothing about the file
            base.execute(
                f"CREATE TEMP TABLE raw AS SELECT row_number() OVER () + 1 AS line{columns} FROM read_csv(?,"
                f" columns={{{heads}}}, auto_detect=false, header=true, delim=?, quote='{quote}', escape='{quote}',"
                " parallel=false, strict_mode=true, null_padding=false, nullstr='', max_line_size=10000000)",
                [str(source.text), source.delimiter],
            )
    except duckdb.Error as error:
        if no_room(error):
            raise
        return False
    found = base.execute("SELECT count(*) FROM raw").fetchone()
    return found is not None and int(found[0]) + 1 == source.lines


def _slowly(base: duckdb.DuckDBPyConnection, source: Source, places: list[int], quoted: bool) -> list[Fault]:
    """Read a file row by row."""
    faults: list[Fault] = []
    lines: list[int] = []
    rows: list[list[str]] = []
    for line, row in _rows(source, quoted, faults):
        lines.append(line)
        rows.append(row)
        if len(rows) == _BATCH:
            _insert(base, lines, rows, places)
            lines, rows = [], []
    if rows:
        _insert(base, lines, rows, places)
    if faults and not source.whole and faults[-1][0] == source.lines:
        says = f"the file breaks off ({faults[-1][1]})"
        raise refused(source.path, "breaks-off", says, hint="download or save it again", line=faults[-1][0])
    return faults


def _rows(source: Source, quoted: bool, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Rows of the right length with the lines that they begin on; the others become faults."""
    width = len(source.header)
    style: Any = {"quotechar": '"', "strict": True} if quoted else {"quoting": csv.QUOTE_NONE}
    previous = csv.field_size_limit(_LONGEST_FIELD)
    try:
        with source.text.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, delimiter=source.delimiter, **style)
            next(reader)
            while True:
                line = reader.line_num + 1
                try:
                    row = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    if "unexpected end" in str(error) or "field larger" in str(error):
                        says = "a quote that is opened here is never closed"
                        raise refused(
                            source.path, "breaks-off", says, hint="look for a stray quote", line=line
                        ) from error
                    faults.append((line, "a stray quote"))
                    continue
                if len(row) == width:
                    yield line, row
                elif row:
                    faults.append((line, f"{count(len(row), 'value')} where the header has {width}"))
    finally:
        csv.field_size_limit(previous)


def _insert(
    base: duckdb.DuckDBPyConnection, lines: list[int], rows: list[list[str]], places: list[int]
) -> None:
    """Add rows to the scratch table."""
    columns = list(zip(*rows, strict=True))
    batch: dict[str, Any] = {"line": np.array(lines, dtype=np.int64)}
    for n, place in enumerate(places):
        batch[f"c{n}"] = np.array(columns[place], dtype=object)
    base.register("batch", batch)
    base.execute(f"INSERT INTO raw SELECT {', '.join(batch)} FROM batch")
    base.unregister("batch")
