"""Writing a situation so that the file's own comments survive, and nothing is ever half written."""

from __future__ import annotations

import io
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from accord.files.dump import is_number, plain_of
from accord.problems import RunError
from accord.situation import Situation


def write_atomic(path: Path, data: bytes) -> None:
    """Write a whole file or nothing: a temporary file beside it, then a rename.

    Raises
    ------
    RunError
        When the place cannot be written; what was there before stays.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise RunError(f"{path}: cannot be written ({error.strerror})") from error
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    """The process' file mode mask."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def save_yaml(situation: Situation, path: Path, like: Path | None = None, old: Situation | None = None) -> None:
    """Write a situation as YAML (or as JSON, when the path ends so).

    Parameters
    ----------
    situation : Situation
    path : Path
        Where to.
    like, old : Path and Situation, or None
        A YAML file and what it says: its comments, order and spelling are kept wherever the content is the same.

    Raises
    ------
    RunError
        When the place cannot be written.
    """
    new = plain_of(situation)
    if path.suffix == ".json":
        write_atomic(path, (json.dumps(new, indent=2, ensure_ascii=False) + "\n").encode("utf-8"))
        return
    if like is not None and old is not None and like.suffix != ".json":
        document = _yaml().load(like.read_text("utf-8-sig"))
        _merge(document, plain_of(old), new)
    else:
        document = _styled(new)
    stream = io.StringIO()
    _yaml().dump(document, stream)
    write_atomic(path, stream.getvalue().encode("utf-8"))


def _yaml() -> Any:
    """A YAML writer that keeps comments and does not fold lines."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="rt", pure=True)
    yaml.width = 4096
    yaml.preserve_quotes = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _merge(document: Any, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Change only what differs in meaning; everything else keeps its spelling and its comments."""
    for key in old:
        if key not in new and key in document:
            del document[key]
    for key, value in new.items():
        before = old.get(key)
        if key in old and before == value:
            continue
        inside = document.get(key)
        if isinstance(value, Mapping) and isinstance(before, Mapping) and isinstance(inside, Mapping):
            _merge(inside, before, value)
        else:
            document[key] = _styled(value)


def _styled(value: Any) -> Any:
    """Plain data for the writer: numbers with their evidence and lists on one line."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    if isinstance(value, Mapping):
        block = CommentedMap({key: _styled(inner) for key, inner in value.items()})
        if is_number(value):
            block.fa.set_flow_style()
        return block
    if isinstance(value, list):
        items = CommentedSeq([_styled(inner) for inner in value])
        if not any(isinstance(inner, Mapping) for inner in value):
            items.fa.set_flow_style()
        return items
    return value
