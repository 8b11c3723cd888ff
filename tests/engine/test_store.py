"""Results on disk: digests, manifests, one row per world."""

from __future__ import annotations

import hashlib
import json
import math
import struct
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from accord.engine.store import ChunkStore, StoreError, digest, flat, write_json, write_worlds

ARRAYS = hnp.arrays(
    st.sampled_from([np.float64, np.float32, np.int64, np.int32, np.bool_, np.dtype("U3")]),
    hnp.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4),
)
COLUMNS = st.dictionaries(st.text(min_size=1, max_size=4), ARRAYS, max_size=4)


def test_the_digest_of_a_known_result_never_changes() -> None:
    columns = {"b": np.array([1.0, np.nan, -0.0]), "a": np.array([[1, 2]], dtype=np.int64)}
    spelled = b'["a", "<i8", [1, 2]]' + struct.pack("<2q", 1, 2)
    spelled += b'["b", "<f8", [3]]' + struct.pack("<dQd", 1.0, 0x7FF8000000000000, 0.0)
    assert digest(columns) == hashlib.sha256(spelled).hexdigest()


@given(COLUMNS)
@settings(deadline=None)
def test_order_and_memory_layout_do_not_matter(columns: dict[str, Any]) -> None:
    other = {name: np.asfortranarray(columns[name]) for name in reversed(columns)}
    assert digest(other) == digest(columns)
    swapped = {name: array.astype(array.dtype.newbyteorder(">")) for name, array in columns.items()}
    assert digest(swapped) == digest(columns)


def test_every_nan_is_one_and_zero_has_no_sign() -> None:
    strange = np.array([0x7FF8000000000123, 0xFFF0000000000001], dtype=np.uint64).view(np.float64)
    assert digest({"x": strange}) == digest({"x": np.array([np.nan, np.nan])})
    assert digest({"x": np.array([-0.0])}) == digest({"x": np.array([0.0])})
    assert digest({"x": np.array([np.nan])}) != digest({"x": np.array([0.0])})


@pytest.mark.parametrize(
    "other",
    [
        {"y": np.array([1.0, 2.0])},
        {"x": np.array([1.0, 2.0000000000000004])},
        {"x": np.array([[1.0, 2.0]])},
        {"x": np.array([1, 2])},
        {"x": np.array([1.0, 2.0], dtype=np.float32)},
        {"x": np.array([1.0, 2.0]), "y": np.array([])},
        {},
    ],
)
def test_any_difference_shows(other: dict[str, Any]) -> None:
    assert digest(other) != digest({"x": np.array([1.0, 2.0])})


def test_long_columns_are_digested_in_blocks() -> None:
    values = np.arange(200_000.0).reshape(-1, 2)
    before = digest({"x": values})
    values[99_999, 1] += 1
    assert digest({"x": values}) != before


def test_objects_have_no_digest() -> None:
    with pytest.raises(TypeError, match="'x' holds Python objects"):
        digest({"x": np.array([None])})


def test_a_manifest_is_sorted_and_knows_no_nan(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "run.json"
    content = {"b": np.float64(0.5), "a": {"z": math.nan, "y": (1, True, None, "ü")}, "c": np.array([1, 2])}
    write_json(path, {**content, "d": [{}, [], {"e": "\n"}]})
    assert json.loads(path.read_text(encoding="utf-8"))["d"] == [{}, [], {"e": "\n"}]
    text = path.read_text(encoding="utf-8")
    assert text == (
        '{\n  "a": {\n    "y": [1, true, null, "ü"],\n    "z": null\n  },\n  "b": 0.5,\n  "c": [1, 2],\n'
        '  "d": [\n    {},\n    [],\n    {\n      "e": "\\n"\n    }\n  ]\n}\n'
    )
    assert [item.name for item in path.parent.iterdir()] == ["run.json"]


def test_a_manifest_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    write_json(path, {"a": 1})
    with pytest.raises(TypeError, match="set does not belong in a manifest"):
        write_json(path, {"a": {1, 2}})
    assert json.loads(path.read_text()) == {"a": 1}


@given(st.dictionaries(st.text(min_size=1, max_size=4), hnp.arrays(np.float64, (3, 2)), max_size=3))
@settings(deadline=None, max_examples=30)
def test_a_chunk_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, columns: dict[str, Any]
) -> None:
    store = ChunkStore(tmp_path_factory.mktemp("store"), {})
    store.save(range(4, 7), columns)
    assert store.done() == [range(4, 7)]
    back = store.load(range(4, 7))
    assert back is not None
    assert sorted(back) == sorted(columns)
    for name, array in columns.items():
        assert array.tobytes() == back[name].tobytes()


def test_chunks_without_a_manifest_and_broken_manifests_are_refused(tmp_path: Path) -> None:
    store = ChunkStore(tmp_path, {"seed": 0})
    store.save(range(1, 3), {"x": np.zeros(2)})
    (tmp_path / "chunks.json").write_text("{")
    with pytest.raises(StoreError, match="cannot be read as the manifest of a run"):
        ChunkStore(tmp_path, {"seed": 0})
    (tmp_path / "chunks.json").unlink()
    with pytest.raises(StoreError, match=r"holds chunks but no 'chunks\.json'"):
        ChunkStore(tmp_path, {"seed": 0})


def test_overlapping_chunks_count_once(tmp_path: Path) -> None:
    store = ChunkStore(tmp_path, {})
    for worlds in (range(1, 5), range(3, 9), range(5, 7)):
        store.save(worlds, {"x": np.zeros(len(worlds))})
    assert store.done() == [range(1, 5), range(5, 7)]


def test_columns_are_spread_and_labelled() -> None:
    columns = {"a": np.arange(3.0), "m": np.arange(12.0).reshape(3, 2, 2)}
    assert list(flat(columns)) == ["a", "m[0, 0]", "m[0, 1]", "m[1, 0]", "m[1, 1]"]
    labelled = flat(columns, {"m": (("x", "y"), ("p", "q"))})
    assert labelled["m[y, p]"].tolist() == [2.0, 6.0, 10.0]


@pytest.mark.parametrize(
    "columns",
    [
        {"a": np.zeros(2), "b": np.zeros(3)},
        {"a": np.float64(1)},
        {"a": np.zeros((2, 1)), "a[0]": np.zeros(2)},
    ],
)
def test_columns_that_make_no_table_are_refused(columns: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="columns"):
        flat(columns)


def results() -> dict[str, Any]:
    """Results with everything that can be awkward."""
    rng = np.random.default_rng(0)
    values = rng.normal(size=(5000, 2))
    values[7, 1] = np.nan
    return {
        "world": np.arange(1, 5001),
        'it\'s a "name"': np.asfortranarray(values)[:, 1],
        "forecast": values,
        "alive": values[:, 0] > 0,
        "word": np.where(values[:, 0] > 1, "high, very", "low"),
    }


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_one_row_per_world_in_order_and_missing_is_null(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"it's {ending}.{ending}"
    written = results()
    write_worlds(path, written)
    assert [item.name for item in tmp_path.iterdir()] == [path.name]
    table = duckdb.sql(f"select * from '{str(path).replace(chr(39), chr(39) * 2)}'").fetchnumpy()
    assert list(table) == list(flat(written))
    for name, array in flat(written).items():
        if array.dtype.kind == "f":
            found = np.ma.filled(table[name], np.nan)
            assert np.array_equal(found, array, equal_nan=True)
            assert np.ma.count_masked(table[name]) == np.isnan(array).sum()
        else:
            assert table[name].tolist() == array.tolist()


@pytest.mark.parametrize(("name", "columns"), [("x.txt", {"a": np.zeros(1)}), ("x.csv", {})])
def test_what_cannot_be_a_table_is_refused(tmp_path: Path, name: str, columns: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=name):
        write_worlds(tmp_path / name, columns)
    assert not list(tmp_path.iterdir())
