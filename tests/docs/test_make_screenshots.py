"""The script that takes the screenshots: what is missing is told in one line, with status 2."""

from __future__ import annotations

import importlib.util
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "docs" / "make_screenshots.py"


def called(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """The exit status of the script."""
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), *words])
    status: int = runpy.run_path(str(SCRIPT))["main"]()
    return status


def test_without_playwright_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    real = importlib.util.find_spec

    def found(name: str, *rest: Any) -> Any:
        """No playwright."""
        return None if name.startswith("playwright") else real(name, *rest)

    monkeypatch.setattr(importlib.util, "find_spec", found)
    report = tmp_path / "report.html"
    report.write_text("<p>", "utf-8")
    assert called(monkeypatch, str(report), str(tmp_path / "pictures")) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "playwright (pip install playwright)" in said.err
    assert not (tmp_path / "pictures").exists()


def test_a_report_that_is_not_there_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(monkeypatch, str(tmp_path / "no.html"), str(tmp_path)) == 2
    assert "no.html" in capsys.readouterr().err
