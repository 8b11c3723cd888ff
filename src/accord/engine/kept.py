"""Single results of a long job kept on disk, so that a cancelled job goes on where it stopped."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from accord.disk import write_bytes

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """Results by name in a folder; without one nothing is kept.

    Parameters
    ----------
    folder : Path or None
    """

    folder: Path | None = None

    def arrays(self, name: str, make: Callable[[], Mapping[str, Array]]) -> dict[str, Array]:
        """The arrays of this name, made when they are not there or damaged."""
        path = self.path(name, "npz")
        if path is not None and path.is_file():
            try:
                with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as held:
                    return {key: held[key] for key in held.files}
            except (OSError, ValueError, KeyError, EOFError, BadZipFile):  # damaged: made anew
                pass
        made = dict(make())
        if path is not None:
            raw = io.BytesIO()
            np.savez(raw, allow_pickle=False, **made)
            write_bytes(path, raw.getvalue())
        return made

    def mapping(self, kind: str) -> KeptMapping:
        """Plain data by name, as a mapping."""
        return KeptMapping(self, kind)

    def path(self, name: str, ending: str) -> Path | None:
        """Where a result is kept."""
        if self.folder is None:
            return None
        return self.folder / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}.{ending}"


class KeptMapping(MutableMapping[str, dict[str, Any]]):
    """Plain data of one kind by name; on disk as well where results are kept.

    Parameters
    ----------
    kept : Kept
    kind : str
        Goes before every name.
    """

    def __init__(self, kept: Kept, kind: str) -> None:
        self._kept, self._kind = kept, kind
        self._here: dict[str, dict[str, Any]] = {}

    def __getitem__(self, name: str) -> dict[str, Any]:
        """The data of this name; KeyError when there is none, or it is damaged."""
        if name not in self._here:
            path = self._kept.path(f"{self._kind} {name}", "json")
            try:
                self._here[name] = json.loads(b"" if path is None else path.read_bytes())
            except (OSError, ValueError):
                raise KeyError(name) from None
        return self._here[name]

    def __setitem__(self, name: str, data: dict[str, Any]) -> None:
        """Keep it."""
        self._here[name] = data
        path = self._kept.path(f"{self._kind} {name}", "json")
        if path is not None:
            write_bytes(path, json.dumps(data).encode())

    def __delitem__(self, name: str) -> None:
        """Forget it."""
        self[name]
        del self._here[name]
        path = self._kept.path(f"{self._kind} {name}", "json")
        if path is not None:
            path.unlink(missing_ok=True)

    def __iter__(self) -> Iterator[str]:
        """Names seen so far."""
        return iter(self._here)

    def __len__(self) -> int:
        """How many have been seen."""
        return len(self._here)
