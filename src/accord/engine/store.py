"""Where results are kept: finished chunks while a run goes on, then one row per world and a manifest.

Every file appears whole or not at all: it is written under a temporary name and then renamed.  A chunk counts only with
its done marker, and the marker holds the hash of the chunk's bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import itertools
import json
import math
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.disk import whole, write_bytes
from accord.problems import RunError
from accord.stopping import stoppable

Array = NDArray[Any]
Columns = Mapping[str, Array]

_NAME = re.compile(r"^chunk-(\d{12})-(\d{12})\.done$")
_ROWS = 65536
_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_TEXT = json.encoder.encode_basestring  # what that one does to text
_WORDS = {None: "null", True: "true", False: "false"}
_LEFT_SECONDS = 3600.0


class StoreError(RunError):
    """A store that cannot be used for this run."""


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a manifest (``run.json``) whole or not at all: keys sorted, UTF-8, NaN and infinities as null.

    RunError when the place cannot be written.

    Parameters
    ----------
    path : Path
    content : mapping
        Nested mappings, sequences, numbers (numpy's too), text, None; anything else is a TypeError.
    """
    write_bytes(path, f"{_laid_out(_plain(content), '')}\n".encode())


def _laid_out(value: Any, indent: str) -> str:
    """Plain data as JSON, blocks on lines of their own, lists of single values on one (which is also faster)."""
    kind = type(value)
    inner = f"{indent}  "
    if kind is dict and value:
        lines = (f"{inner}{_TEXT(key)}: {_laid_out(value[key], inner)}" for key in sorted(value))
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    if kind is list:
        if any(type(one) is dict or type(one) is list for one in value):
            return "[\n" + ",\n".join(f"{inner}{_laid_out(one, inner)}" for one in value) + f"\n{indent}]"
        return f"[{', '.join(_laid_out(one, inner) for one in value)}]"
    if kind is str:
        return str(_TEXT(value))
    if kind is float or kind is int:
        return repr(value)
    return _WORDS[value] if value is None or kind is bool else _ENCODE(value)


def _plain(value: Any) -> Any:
    """A value as JSON knows it; the plain types first, for a manifest holds some hundred thousand values."""
    kind = type(value)
    if value is None or kind is str or kind is int or kind is bool:
        return value
    if kind is float:
        return value if math.isfinite(value) else None
    if kind is list or kind is tuple:
        return [_plain(inner) for inner in value]
    if kind is dict or isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} does not belong in a manifest: {value!r}")


def digest(columns: Columns) -> str:
    """SHA-256 (hex) of results: names, types, shapes and values, whatever the order of columns and of memory.

    Every NaN counts as the same NaN and -0.0 as 0.0.  Byte order does not matter.

    Raises
    ------
    TypeError
        For arrays of Python objects.
    """
    summary = hashlib.sha256()
    for name in sorted(columns):
        array = np.asarray(columns[name])
        kind = array.dtype.newbyteorder("<").str
        _no_objects(name, array)
        summary.update(json.dumps([name, kind, list(array.shape)]).encode())
        rows = array.reshape(1) if array.ndim == 0 else array
        for start in range(0, len(rows), _ROWS):
            block = np.ascontiguousarray(rows[start : start + _ROWS], dtype=kind)
            if block.dtype.kind in "fc":
                block = np.where(
                    np.isnan(block), block.dtype.type(np.nan), block
                )  # before a sum meets a signalling one
                block = (block + block.dtype.type(0)).astype(kind, copy=False)
            summary.update(block.tobytes())
    return summary.hexdigest()


def _no_objects(name: str, array: Array) -> None:
    """Refuse arrays that only pickle could keep."""
    if array.dtype.hasobject:
        raise TypeError(f"'{name}' holds Python objects; results are arrays of numbers, truth values or text")


class ChunkStore:
    """Finished chunks of one run on disk; the disk is the truth.

    Parameters
    ----------
    folder : Path
        Made when it does not exist.
    key : mapping
        What the chunks depend on (digest of the situation, seed, number of worlds, method, versions).  A folder that
        holds chunks of another key is refused.

    Raises
    ------
    StoreError
        When the folder belongs to another run, or its manifest cannot be read.
    """

    def __init__(self, folder: Path, key: Mapping[str, Any]) -> None:
        self.folder = Path(folder)
        manifest = self.folder / "chunks.json"
        _sweep(self.folder)
        wanted = json.loads(json.dumps(_plain(key), sort_keys=True))
        if not manifest.exists():
            if self._markers():
                raise StoreError(
                    f"{self.folder}: holds chunks but no 'chunks.json' to say whose; give another folder"
                )
            write_json(manifest, {"format": 1, "key": wanted})
            return
        found = _read_key(manifest)
        if found != wanted:
            told = f"{self.folder}: holds chunks of another run ({_differs(found, wanted)})"
            raise StoreError(f"{told}; give another folder, or remove this one")

    def done(self) -> list[range]:
        """Worlds of every finished chunk, in order; overlapping chunks are told only once, the earlier first."""
        spans = sorted((span.start, span.stop) for span in self._markers())
        kept: list[range] = []
        for start, stop in spans:
            if not kept or start >= kept[-1].stop:
                kept.append(range(start, stop))
        return kept

    def _markers(self) -> list[range]:
        """Worlds of every done marker in the folder."""
        if not self.folder.is_dir():
            return []
        found = [_NAME.match(path.name) for path in self.folder.iterdir()]
        return [range(int(name[1]), int(name[2])) for name in found if name]

    def _path(self, worlds: range, ending: str) -> Path:
        """The file of one chunk."""
        return self.folder / f"chunk-{worlds.start:012d}-{worlds.stop:012d}.{ending}"

    def save(self, worlds: range, columns: Columns) -> None:
        """Keep one finished chunk: its bytes first, then the marker with their hash; StoreError when that fails."""
        for name, array in columns.items():
            _no_objects(name, array)
        buffer = io.BytesIO()
        groups = _alike(columns)
        blocks = {f"group{n}": np.stack([columns[name] for name in names]) for n, names in enumerate(groups)}
        listed = np.frombuffer(json.dumps(groups).encode(), dtype=np.uint8)
        np.savez(buffer, allow_pickle=False, names=listed, **blocks)
        content = buffer.getvalue()
        try:
            write_bytes(self._path(worlds, "npz"), content)
            write_bytes(self._path(worlds, "done"), hashlib.sha256(content).hexdigest().encode())
        except RunError as error:
            raise StoreError(
                f"finished worlds cannot be kept: {error}; chunks written before are sound"
            ) from error

    def load(self, worlds: range) -> dict[str, Array] | None:
        """One finished chunk, or None when its bytes are gone or are not those that the marker vouches for."""
        try:
            content = self._path(worlds, "npz").read_bytes()
            vouched = self._path(worlds, "done").read_bytes().decode("ascii", "replace")
        except FileNotFoundError:
            return None
        if hashlib.sha256(content).hexdigest() != vouched:
            return None
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            groups = [
                (names, held[f"group{index}"])
                for index, names in enumerate(json.loads(held["names"].tobytes()))
            ]
        return {name: block[row] for names, block in groups for row, name in enumerate(names)}

    def drop(self, worlds: range) -> None:
        """Forget one chunk."""
        for ending in ("done", "npz"):
            self._path(worlds, ending).unlink(missing_ok=True)


def _alike(columns: Columns) -> list[list[str]]:
    """Names of the columns, those of one type and shape together: few blocks are written faster than many arrays."""
    groups: dict[tuple[str, tuple[int, ...]], list[str]] = {}
    for name in sorted(columns):
        array = np.asarray(columns[name])
        groups.setdefault((array.dtype.str, array.shape), []).append(name)
    return list(groups.values())


def _sweep(folder: Path) -> None:
    """Remove temporary files that a killed run left more than an hour ago."""
    for left in folder.glob(".*.part"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_SECONDS:
                left.unlink()


def _read_key(manifest: Path) -> Any:
    """The key of a store."""
    try:
        content = json.loads(manifest.read_text(encoding="utf-8"))
        return content["key"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{manifest}: cannot be read as the manifest of a run ({error}); give another folder, or remove this one"
        ) from error


def _differs(found: Any, wanted: Any) -> str:
    """Which parts of two keys differ, in words."""
    if not (isinstance(found, dict) and isinstance(wanted, dict)):
        return "its manifest is of another kind"
    names = sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))
    return "; ".join(
        f"{name} there {found.get(name, 'absent')}, here {wanted.get(name, 'absent')}" for name in names
    )


def flat(columns: Columns, labels: Mapping[str, Sequence[Sequence[str]]] | None = None) -> dict[str, Array]:
    """Columns of one dimension each: ``forecast`` of shape (worlds, 2) becomes ``forecast[0]`` and ``forecast[1]``.

    Parameters
    ----------
    columns : mapping of str to ndarray, shape (worlds, ...)
    labels : mapping, optional
        For each further dimension of a column its names, used in place of numbers (``forecast[end state]``).

    Raises
    ------
    ValueError
        When the columns are not of one length, or two would get the same name.
    """
    lengths = {len(array) for array in columns.values() if array.ndim} or {0}
    if len(lengths) > 1 or any(array.ndim == 0 for array in columns.values()):
        raise ValueError(f"columns are of different lengths: {sorted(lengths)}")
    out: dict[str, Array] = {}
    for name, array in columns.items():
        for index in itertools.product(*(range(size) for size in array.shape[1:])):
            names = [str(i) for i in index]
            if labels and name in labels:
                names = [labels[name][axis][i] for axis, i in enumerate(index)]
            full = f"{name}[{', '.join(names)}]" if index else name
            if full in out:
                raise ValueError(f"two columns are called '{full}'")
            place: tuple[Any, ...] = (slice(None), *index)
            out[full] = array[place]
    return out


def write_worlds(
    path: Path, columns: Columns, labels: Mapping[str, Sequence[Sequence[str]]] | None = None
) -> None:
    """Write one row per world, whole or not at all, through DuckDB: Parquet, or CSV where the path ends in ``.csv``.

    NaN is written as NULL (an empty cell), so that queries skip what is missing instead of counting it.

    Parameters
    ----------
    path : Path
        Ending in ``.parquet`` or ``.csv``; ValueError otherwise.
    columns : mapping of str to ndarray, shape (worlds, ...)
        Further dimensions are spread over columns as in :func:`flat`.
    labels : mapping, optional
        See :func:`flat`.
    """
    import duckdb

    form = {".parquet": "FORMAT parquet, COMPRESSION zstd", ".csv": "FORMAT csv, HEADER true"}.get(
        path.suffix
    )
    if form is None:
        raise ValueError(f"{path}: results are written as .parquet or .csv")
    table = {name: np.ascontiguousarray(array) for name, array in flat(columns, labels).items()}
    if not table:
        raise ValueError(f"{path}: there is nothing to write")
    options: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with whole(path) as temporary, stoppable(), duckdb.connect(config=options) as connection:
        connection.register("worlds", table)
        target = str(temporary).replace("'", "''")
        connection.execute(f"COPY (SELECT * FROM worlds) TO '{target}' ({form})")
