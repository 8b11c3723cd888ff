"""What takes long with a thousand outcomes, kept in the user's cache folder: scans of alliances, shares of equilibria."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from accord.disk import recalled, remember
from accord.lenses.conflict.reach import BoolArray, FloatArray, Moves

# Where a coalition would go from a state, by concept, coalition and state.
Left = dict[tuple[str, int, int], tuple[int, ...]]
Found = tuple[dict[str, BoolArray], Left]

# Coalitions times states from which on a scan takes longer than looking it up.
_WORTH_KEEPING = 20_000
# Outcomes from which on solving some dozens of profiles does.
_MANY_STATES = 256
_KIND = "alliances"


def looked_up(moves: Moves, payoffs: FloatArray, concepts: Sequence[str], make: Callable[[], Found]) -> Found:
    """What *make* gives, from the cache folder where the very same moves and payoffs have been scanned before.

    Parameters
    ----------
    moves : Moves
    payoffs : ndarray, shape (actors, states)
    concepts : sequence of str
    make : callable
        Stability by concept, shape (2**actors, states), and where coalitions would go.
    """
    actors, states = payoffs.shape
    if states << actors < _WORTH_KEEPING:
        return make()
    key = _key(moves, payoffs, concepts)
    held = recalled(_KIND, key)
    found = None if held is None else _unpacked(held, concepts, (1 << actors, states))
    if found is None:
        found = make()
        remember(_KIND, key, _packed(found, concepts))
    return found


def shares_of(key: str, states: int, make: Callable[[], FloatArray]) -> FloatArray:
    """What *make* gives, shape (states,), from the cache folder where it was made before.

    Parameters
    ----------
    key : str
        Everything that it depends on, but for sources and versions.
    states : int
    make : callable
    """
    if states < _MANY_STATES:
        return make()
    whole = f"shares {_sources()} {version('numba')} {np.__version__} {key}"
    held = recalled(_KIND, whole)
    found = None if held is None else np.frombuffer(held[: len(held) // 8 * 8], dtype=np.float64)
    if found is None or found.shape != (states,):
        found = make()
        remember(_KIND, whole, np.ascontiguousarray(found, dtype=np.float64).tobytes())
    return found


def _key(moves: Moves, payoffs: FloatArray, concepts: Sequence[str]) -> str:
    """Everything that a scan depends on."""
    summary = hashlib.sha256(repr((moves.own, moves.composed, payoffs.shape, tuple(concepts))).encode())
    summary.update(np.ascontiguousarray(payoffs).tobytes())
    return f"{_sources()} {np.__version__} {summary.hexdigest()}"


@cache
def _sources() -> str:
    """Hash of the lens' sources, kernels included."""
    files = sorted(Path(__file__).parent.rglob("*.py"))
    return hashlib.sha256(b"|".join(file.read_bytes() for file in files)).hexdigest()


def _packed(found: Found, concepts: Sequence[str]) -> bytes:
    """A scan as bytes."""
    stable, left = found
    rows = [(concepts.index(name), h, s, t) for (name, h, s), ends in left.items() for t in (*ends, -1)]
    with io.BytesIO() as raw:
        every = np.packbits(np.stack([stable[name] for name in concepts]))
        np.savez(raw, stable=every, left=np.array(rows, dtype=np.int64).reshape(-1, 4))
        return raw.getvalue()


def _unpacked(content: bytes, concepts: Sequence[str], shape: tuple[int, int]) -> Found | None:
    """A scan from bytes; None when they are not what they should be."""
    count = len(concepts) * shape[0] * shape[1]
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            bits: NDArray[np.uint8] = held["stable"]
            rows: list[list[int]] = held["left"].tolist()
        every = np.unpackbits(bits, count=count).astype(np.bool_).reshape(len(concepts), *shape)
        left: dict[tuple[str, int, int], list[int]] = {}
        for concept, h, s, t in rows:
            ends = left.setdefault((concepts[concept], h, s), [])
            if t >= 0:
                ends.append(t)
    except (OSError, ValueError, KeyError, IndexError, EOFError, BadZipFile):
        return None
    return dict(zip(concepts, every, strict=True)), {key: tuple(ends) for key, ends in left.items()}
