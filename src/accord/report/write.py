"""The report on disk: whole or not at all."""

from __future__ import annotations

from pathlib import Path

from accord.disk import write_bytes
from accord.report.page import page
from accord.report.view import ReportView


def write_report(view: ReportView, path: str | Path) -> Path:
    """Write the report to *path* and return it; an older file stays untouched until the new one is complete.

    Raises
    ------
    RunError
        When the place cannot be written; nothing is left behind.
    """
    target = Path(path)
    write_bytes(target, page(view).encode("utf-8", errors="replace"))
    return target
