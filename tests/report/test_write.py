"""The report on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from accord.problems import RunError
from accord.report import ReportView, page, write_report


def test_the_file_holds_the_page(wordy_view: ReportView, tmp_path: Path) -> None:
    target = write_report(wordy_view, tmp_path / "report.html")
    assert target.read_text("utf-8") == page(wordy_view)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_an_older_report_survives_a_failure(
    wordy_view: ReportView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "report.html"
    target.write_text("old")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("accord.disk.os.fsync", refuse)
    with pytest.raises(
        RunError, match=r"report.html: cannot be written \(no space left on device\); try: make room"
    ):
        write_report(wordy_view, target)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
