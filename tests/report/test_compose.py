"""What the report takes from a study: here what looks at the first worlds only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import accord
from accord.lenses import vocabulary
from accord.report import write_report
from accord.report.compose import view_of
from accord.study.effort import THOROUGH, USUAL, Effort
from accord.study.study import Study


@pytest.fixture(scope="module")
def study() -> Study:
    """A small run."""
    return accord.run("tehran-moscow-2015", worlds=32, effort="quick")


@pytest.mark.parametrize(
    ("effort", "says"),
    [
        (
            USUAL,
            (
                "which outcomes would stick (512), bargaining models beside the weighted mean (256), one trial at a time (256),"
                " scenarios (256), other calibrations (256), claims (512) and single numbers held or moved (128)"
            ),
        ),
        (THOROUGH.within(2048), ""),
        (replace(THOROUGH.within(2048), claims=1), "claims (1)"),
    ],
    ids=["usual", "thorough", "one"],
)
def test_the_report_says_what_looks_at_the_first_worlds_only(
    study: Study, effort: Effort, says: str, tmp_path: Path
) -> None:
    view = view_of(replace(study, effort=effort, worlds=2048), vocabulary())
    assert view.fewer == says
    write_report(view, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text("utf-8")
    assert ("looks at the first of them: " in text) is bool(says)
    assert says in text
    assert ("Every lens looks at every world." in text) is not bool(says)
