"""The report on disk: whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from accord.report.page import page
from accord.report.view import ReportView


def write_report(view: ReportView, path: str | Path) -> Path:
    """Write the report to *path* and return it; an older file stays untouched until the new one is complete.

    Raises
    ------
    OSError
        When the folder does not exist or cannot be written; nothing is left behind.
    """
    target = Path(path)
    text = page(view)
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with draft.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target
