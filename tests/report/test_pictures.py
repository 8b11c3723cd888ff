"""What is said of a picture is said only where there is one."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import accord
from accord.figures import is_drawn
from accord.finding import Table
from accord.report import page
from accord.report.tables import reading_of
from accord.report.view import ReportView

SAYS = "Arrows lead from north to south"
# Words for what only a picture has.
PICTURED = re.compile(r"\b(arrows?|bands?|bars?|dots?|diamonds?|shaded|dashed|grey|filled)\b", re.IGNORECASE)


@pytest.mark.parametrize("drawn", [True, False])
def test_a_picture_is_explained_where_it_is(whole_view: ReportView, drawn: bool) -> None:
    first = whole_view.findings[0]
    one = next(table for table in first.tables if is_drawn(table))
    told = replace(one, note="Shares.", extra={**one.extra, "picture": SAYS})
    view = replace(
        whole_view, findings=(replace(first, tables=(told,)),), drawn=drawn, scenarios=(), verdict=None
    )
    text = page(view)
    assert (f'<p class="reading">{SAYS}. Shares.</p>' in text) == drawn
    assert ('<p class="reading">Shares.</p>' in text) != drawn


def test_either_may_be_empty() -> None:
    table = Table("a", "A", "curves", (), (), "", extra={"picture": SAYS})
    assert reading_of(table, True) == f"{SAYS}."
    assert reading_of(table, False) == ""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_lens_speaks_of_a_picture_elsewhere() -> None:
    study = accord.run("tehran-moscow-2015", worlds=16, effort="quick")
    tables = [
        (finding.lens, table) for finding in study.findings for table in finding.tables if is_drawn(table)
    ]
    assert len(tables) > 20
    told = {
        f"{lens}.{table.name}": found[0] for lens, table in tables if (found := PICTURED.search(table.note))
    }
    assert told == {}
    assert any(table.extra.get("picture") for _, table in tables)
