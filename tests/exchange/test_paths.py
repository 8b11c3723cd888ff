"""Paths as a workbook writes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.exchange.grid import column_name
from accord.exchange.paths import ROOT, join_path, resolve, split_path
from accord.exchange.protocol import Exchange
from accord.exchange.workbook import CsvFolder, Workbook, format_for
from accord.lenses import vocabulary as registered
from accord.situation import Situation, Vocabulary

PARTS = st.lists(
    st.one_of(st.text(max_size=6), st.sampled_from(("a", "to", "a.b", "[", "]", '"', " x "))),
    min_size=1,
    max_size=5,
)


@given(PARTS)
def test_splitting_undoes_joining(parts: list[str]) -> None:
    assert split_path(join_path(parts)) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("title", ["title"]),
        ("actors.iran.kind", ["actors", "iran", "kind"]),
        ("claims[v1.2].says", ["claims", "v1.2", "says"]),
        ('claims["a]b"].says', ["claims", "a]b", "says"]),
        ("a..b", None),
        (".a", None),
        ("a.", None),
        ("a[b", None),
        ("a]b", None),
        ("a[]", None),
        ("[a]b", None),
        ("", None),
    ],
)
def test_splitting(text: str, parts: list[str] | None) -> None:
    assert split_path(text) == parts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("title", (("title",), "text")),
        ("as_of", (("as_of",), "day")),
        ("actors.iran.capability.air", (("actors", "iran", "capability", "air"), "estimate")),
        ("actors.iran.capability.air.low", (("actors", "iran", "capability", "air", "low"), "number")),
        ("actors.iran.capability.air.lo", None),
        ("partnership.patrons.iran.fatigue", (("partnership", "patrons", "iran", "fatigue"), "estimate")),
        ("partnership.patrons.iran.fatige", None),
        ("actors.iran.factions", (("actors", "iran", "factions"), "block")),
        ("claims.C1.source", (("claims", "C1", "source"), "citations")),
        ("claims.C1.encoded_by", (("claims", "C1", "encoded_by"), "list")),
        (
            "claims.C1.expect.interests.similarity.now",
            (("claims", "C1", "expect", "interests.similarity.now"), "text"),
        ),
        ("scenarios.s.changes.a.b.c", (("scenarios", "s", "changes", "a.b.c"), "block")),
        ("scenarios.s.changes.a.b.c.times", (("scenarios", "s", "changes", "a.b.c", "times"), "number")),
        ("scenarios.s.changes.a.b.c.to", (("scenarios", "s", "changes", "a.b.c", "to"), "any")),
        ("scenarios.s.changes.a.b.c.to.low", (("scenarios", "s", "changes", "a.b.c", "to", "low"), "number")),
        (
            "scenarios.s.changes[a.b.to].to.salience",
            (("scenarios", "s", "changes", "a.b.to", "to", "salience"), "any"),
        ),
        ("scenarios.s.changes[a].to.Salience", None),
        ("issues.order.leader", (("issues", "order", "leader"), "truth")),
        ("nothing", None),
        ("title.low", None),
    ],
)
def test_what_stands_at_a_path(text: str, found: tuple[tuple[str, ...], str] | None) -> None:
    parts = split_path(text)
    assert parts is not None
    target = resolve(parts, ROOT, registered())
    assert (None if target is None else (target.parts, target.kind)) == found


def test_names_of_columns() -> None:
    assert [column_name(index) for index in (0, 25, 26, 51, 701, 702, 16_383)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "ZZ",
        "AAA",
        "XFD",
    ]


# -- which format answers ----------------------------------------


def test_both_formats_keep_the_protocol() -> None:
    formats: list[Exchange] = [Workbook(), CsvFolder()]
    assert [form.name for form in formats] == ["xlsx", "csv"]


def test_sniffing(example: Situation, vocabulary: Vocabulary, tmp_path: Path) -> None:
    Workbook().write(example, tmp_path / "m.xlsx")
    CsvFolder().write(example, tmp_path / "m")
    (tmp_path / "renamed").write_bytes((tmp_path / "m.xlsx").read_bytes())
    (tmp_path / "m.yaml").write_text("accord: 1\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "budget.csv").write_text("a,b\n")
    (tmp_path / "empty").mkdir()
    paths = (
        "m.xlsx",
        "M.XLSM",
        "old.xls",
        "m.ods",
        "renamed",
        "m",
        "m.yaml",
        "other",
        "empty",
        "nowhere",
        "nowhere.csv",
    )
    found = {name: format_for(tmp_path / name) for name in paths}
    assert {name: form and form.name for name, form in found.items()} == {
        **dict.fromkeys(("m.xlsx", "M.XLSM", "old.xls", "m.ods", "renamed"), "xlsx"),
        **dict.fromkeys(("m", "empty", "nowhere"), "csv"),
        **dict.fromkeys(("m.yaml", "other", "nowhere.csv"), None),
    }
    long = format_for(tmp_path / "m.xlsx", "long", vocabulary)
    assert long == Workbook("long", vocabulary)
