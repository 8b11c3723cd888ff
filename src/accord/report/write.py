"""The report on disk: whole or not at all."""

from __future__ import annotations

from pathlib import Path

from accord.disk import write_bytes
from accord.figures import Aide
from accord.report.page import page
from accord.report.view import ReportView


def write_report(view: ReportView, path: str | Path, aide: Aide | None = None) -> Path:
    """Write the report to *path* and return it; an older file stays untouched until the new one is complete.

    An *aide* draws figures meanwhile (see :func:`~accord.report.page`).

    Raises
    ------
    RunError
        When the place cannot be written; nothing is left behind.
    """
    target = Path(path)
    write_bytes(target, page(view, aide).encode("utf-8", errors="replace"))
    return target
