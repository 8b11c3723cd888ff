"""The two ways of reading a file give the same rows, or the quick one gives up."""

import csv
import io
import tempfile
from pathlib import Path

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.data.reading import _quickly, load
from accord.data.source import examine
from accord.problems import SituationError

cell = st.text(st.sampled_from("ab,\";\n é\t'0."), max_size=6)
tables = st.lists(st.lists(cell, min_size=3, max_size=3), min_size=1, max_size=8)


def read(data: bytes, quick: bool):
    """Rows with their lines, and faults; None where the quick way gives up."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as base:
        path = Path(folder) / "some.csv"
        path.write_bytes(data)
        source = examine(path, "utf-8", Path(folder))
        if quick:
            if not _quickly(base, source, [0, 1, 2], True):
                return None
            faults = []
        else:
            faults = load(base, source, [0, 1, 2], True)
        rows = base.execute(
            "SELECT line, coalesce(c0, ''), coalesce(c1, ''), coalesce(c2, '') FROM raw ORDER BY line"
        ).fetchall()
        return rows, faults


@settings(max_examples=60, deadline=None)
@given(tables, st.booleans())
def test_written_tables_are_read_back(table, quoted) -> None:
    text = io.StringIO(newline="")
    style = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(text, quoting=style, lineterminator="\n").writerows([["x", "y", "z"], *table])
    data = text.getvalue().encode()
    rows, faults = read(data, quick=False)
    assert [list(row[1:]) for row in rows] == table
    assert faults == []
    quick = read(data, quick=True)
    assert quick is None or quick == (rows, faults)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.sampled_from('a,,"\n\n 1'), max_size=12), max_size=8).map("\n".join))
def test_nothing_is_lost_whatever_stands_there(text) -> None:
    data = ("x,y,z\n" + text + "\n1,2,3\n").encode()
    try:
        rows, faults = read(data, quick=False)
    except SituationError:  # a quote that is never closed
        assert '"' in text
        assert read(data, quick=True) is None
        return
    # Every line that is not empty belongs to a row or to a fault.
    starts = sorted([row[0] for row in rows] + [line for line, _ in faults])
    lines = data.decode().split("\n")
    assert starts[0] >= 2
    for number, line in enumerate(lines[1:], 2):
        if line and '"' not in data.decode():
            assert number in starts, (number, line)
    quick = read(data, quick=True)
    assert quick is None or quick == (rows, faults)
