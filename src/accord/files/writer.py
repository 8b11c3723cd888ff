"""Writing a situation so that the file's own comments survive, and nothing is ever half written."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from accord.disk import write_bytes
from accord.files.dump import plain_of
from accord.files.edit import edited, same
from accord.files.emit import as_json, block
from accord.files.text import readable
from accord.situation import Situation


def save_yaml(
    situation: Situation, path: Path, like: Path | None = None, old: Situation | None = None
) -> None:
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
        content = as_json(new).encode("utf-8")
    elif like is None or old is None or like.suffix == ".json":
        content = ("\n".join(block(new)) + "\n").encode("utf-8")
    else:
        content = _like(like.read_bytes(), plain_of(old), new)
    write_bytes(path, content)


def _like(data: bytes, old: Mapping[str, Any], new: Mapping[str, Any]) -> bytes:
    """The bytes of a file with only the values changed that differ."""
    if same(old, new):
        return data
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    text = readable(data.removeprefix(mark).decode("utf-8"))
    return mark + edited(text, old, new).encode("utf-8")
