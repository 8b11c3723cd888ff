"""The many ways in which people fill in a spreadsheet, all of which say the same."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accord.exchange.grid import Grid
from accord.exchange.reading import read_grids
from accord.exchange.workbook import Workbook
from accord.situation import Situation, Vocabulary, estimates

Sheets = dict[str, list[list[Any]]]


@pytest.fixture
def read(vocabulary: Vocabulary) -> Callable[[Sheets], Situation]:
    """The situation in some sheets; fails with the problems otherwise."""

    def run(sheets: Sheets, loose: bool = False, comma: bool = False) -> Situation:
        grids = [Grid(name, [[*row] for row in rows], loose, comma) for name, rows in sheets.items()]
        situation, problems = read_grids(grids, vocabulary, "")
        assert situation is not None, [str(problem) for problem in problems]
        return situation

    return run


def test_spelling_of_sheets_and_headers_is_forgiven(
    sheets: Sheets, example: Situation, read: Callable[..., Situation]
) -> None:
    issues = list(sheets["issues"][0])
    turned = {name.replace("_", " ").title(): rows for name, rows in sheets.items()}
    for rows in turned.values():
        rows[0] = [f" {str(name).replace('.', ' ').replace('_', ' ').upper()} " for name in rows[0]]
    turned["Issues"][0] = [name.upper() for name in issues]
    assert read(turned) == example


def test_order_of_sheets_rows_and_columns_is_free(
    sheets: Sheets, example: Situation, read: Callable[..., Situation]
) -> None:
    turned = {}
    for name, rows in reversed(sheets.items()):
        width = max(len(row) for row in rows)
        wide = [[*row, *[None] * (width - len(row))][::-1] for row in rows]
        turned[name] = [wide[0], *reversed(wide[1:])]
    assert read(turned) == example


def test_blank_rows_columns_sheets_and_remarks_are_ignored(
    sheets: Sheets, example: Situation, read: Callable[..., Situation]
) -> None:
    for rows in sheets.values():
        rows[0] += [None, "# remark"]
        rows.insert(1, [])
        rows += [[None, "  "], ["\u00a0"], []]
    width = len(sheets["stances"][0])
    sheets["stances"][2] += [None] * (width - 1 - len(sheets["stances"][2])) + ["check this"]
    sheets |= {"Sheet1": [[]], "# mine": [["anything", 3]], "Read me": [["text"]]}
    assert read(sheets) == example


def test_any_sheet_may_be_tall(sheets: Sheets, example: Situation, read: Callable[..., Situation]) -> None:
    for name, keys in (("actors", 1), ("stances", 2), ("sources", 1), ("patrons", 1)):
        header, *rows = sheets[name]
        tall = [[*header[:keys], "key", "value"]]
        for row in rows:
            tall += [[*row[:keys], None, None]] if len(row) == keys else []
            tall += [
                [*row[:keys], key, value]
                for key, value in zip(header[keys:], row[keys:], strict=False)
                if value is not None
            ]
        sheets[name] = tall
    assert read(sheets) == example


def test_a_tall_sheet_may_be_wide(sheets: Sheets, example: Situation, read: Callable[..., Situation]) -> None:
    rows = sheets["situation"][1:]
    sheets["situation"] = [[row[0] for row in rows], [row[1] for row in rows]]
    assert read(sheets) == example


def test_wide_and_long_may_be_mixed(
    sheets: Sheets, example: Situation, read: Callable[..., Situation]
) -> None:
    # the value stays in its wide sheet, the evidence moves to the long one
    assert sheets["stances"][0][5] == "position.source"
    sheets["stances"][2][5] = None
    sheets["numbers"] = [
        ["path", "value", "source", "locator"],
        ["stances.patrols.southland.position", None, "gazette", "p. 5"],
    ]
    assert read(sheets) == example


@pytest.mark.parametrize("text", ["5 .. 7 .. 9", "5..7..9", "5 ... 7 ... 9", "5.0 … 7 … 9.0"])
def test_a_range_in_one_cell(
    text: str, sheets: Sheets, example: Situation, read: Callable[..., Situation]
) -> None:
    sheets["stances"][1][2:5] = [text, None, None]
    assert read(sheets) == example


def test_best_may_have_a_column_of_its_own(
    sheets: Sheets, example: Situation, read: Callable[..., Situation]
) -> None:
    sheets["stances"][0][2] = "position.best"
    assert read(sheets) == example


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (datetime.date(2020, 6, 30), "2020-06-30"),
        (datetime.datetime.fromisoformat("2020-06-30T00:00"), "2020-06-30"),
        (2020, "2020"),
        (2020.0, "2020"),
        ("2020", "2020"),
        ("2020-06", "2020-06"),
    ],
)
def test_dates(value: Any, day: str, sheets: Sheets, read: Callable[..., Situation]) -> None:
    sheets["situation"][3][1] = value
    assert str(read(sheets).as_of) == day


def test_real_date_cells_and_formulas_in_a_real_workbook(
    sheets: Sheets,
    example: Situation,
    check: Callable[..., list[str]],
    tmp_path: Path,
    vocabulary: Vocabulary,
) -> None:
    sheets["situation"][3][1] = datetime.date(2020, 6, 30)
    sheets["stances"][1][2] = ("=D2+2", 7)
    sheets["actors"][1][2] = ('="North"&"land"', "Northland")
    assert check(sheets) == []
    assert Workbook().read(tmp_path / "model.xlsx", vocabulary)[0] == example


def test_whole_numbers_stored_as_fractions_are_whole(
    sheets: Sheets, example: Situation, read: Callable[..., Situation]
) -> None:
    turned = {
        name: [[float(value) if isinstance(value, int) else value for value in row] for row in rows]
        for name, rows in sheets.items()
    }
    assert read(turned).digest == example.digest


def test_numbers_where_text_belongs_are_their_digits(sheets: Sheets, read: Callable[..., Situation]) -> None:
    sheets["situation"][2][1] = 1984.0
    sheets["claims"] = [["claim", "says", "kind"], [7.0, True, "input"]]
    situation = read(sheets)
    assert situation.title == "1984"
    assert situation.claims["7"].says == "true"


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("gazette", [("gazette", None, None, None, None)]),
        ("gazette p. 3", [("gazette", "p. 3", None, None, None)]),
        (
            "gazette p. 3; gazette p. 4",
            [("gazette", "p. 3", None, None, None), ("gazette", "p. 4", None, None, None)],
        ),
        (
            "gazette p. 3\ngazette",
            [("gazette", "p. 3", None, None, None), ("gazette", None, None, None, None)],
        ),
        ("gazette p. 3 [B2]", [("gazette", "p. 3", "B", 2, None)]),
        ("gazette [b]", [("gazette", None, "B", None, None)]),
        ("gazette [4]", [("gazette", None, None, 4, None)]),
        ("gazette annex [F6, 2019-03]", [("gazette", "annex", "F", 6, "2019-03")]),
        ("gazette [2019]", [("gazette", None, None, None, "2019")]),
        ("gazette p. 3 [annex]", [("gazette", "p. 3 [annex]", None, None, None)]),
        ("gazette p. 3 []", [("gazette", "p. 3 []", None, None, None)]),
    ],
)
def test_sources_in_one_cell(
    text: str, cited: list[tuple[Any, ...]], sheets: Sheets, read: Callable[..., Situation]
) -> None:
    sheets["stances"][2][5] = text
    found = estimates(read(sheets))["stances.patrols.southland.position"].citations
    assert [
        (c.of, c.locator, c.reliability, c.credibility, str(c.date) if c.date else None) for c in found
    ] == cited


def test_every_row_of_a_long_sheet_may_add_a_source(sheets: Sheets, read: Callable[..., Situation]) -> None:
    path = "actors.pirates.stakes"
    sheets["numbers"] = [
        ["path", "value", "low", "high", "source", "locator", "date", "reliability", "credibility", "note"],
        [path, 0.1, 0.05, 0.2, "gazette", "p. 1", "2019", "C", 3, "a guess"],
        [path, None, None, None, "gazette p. 2"],
        [path, None, None, None, "gazette", None, datetime.date(2019, 5, 1), None, 2.0],
    ]
    number = estimates(read(sheets))[path]
    assert (number.low, number.best, number.high, number.note) == (0.05, 0.1, 0.2, "a guess")
    cited = [(c.of, c.locator, str(c.date), c.reliability, c.credibility) for c in number.citations]
    assert cited == [
        ("gazette", "p. 1", "2019", "C", 3),
        ("gazette", "p. 2", "None", None, None),
        ("gazette", None, "2019-05-01", None, 2),
    ]


def test_changes_by_their_plain_paths(
    sheets: Sheets, example: Situation, read: Callable[..., Situation]
) -> None:
    del sheets["scenario_changes"]
    level = "scenarios.pirates_gone.changes.partnership.threats.pirates.level"
    for path in (
        level,
        f"{level}.to",
        "scenarios.pirates_gone.changes[partnership.threats.pirates.level].to",
    ):
        sheets["numbers"] = [["path", "value"], [path, 0.05]]
        assert read(sheets) == example


def test_a_change_to_a_whole_stance(sheets: Sheets, read: Callable[..., Situation]) -> None:
    sheets["scenario_changes"] = [
        ["scenario", "path", "to.position", "to.position.low", "to.position.high", "to.salience"],
        ["pirates_gone", "stances.patrols.northland", 4, 3, 5, "likely"],
    ]
    change = read(sheets).scenarios["pirates_gone"].changes["stances.patrols.northland"]
    assert change.to == {"position": {"best": 4, "low": 3, "high": 5}, "salience": "likely"}


def test_details_may_be_json_or_yaml(sheets: Sheets, read: Callable[..., Situation]) -> None:
    sheets["details"] = [
        ["path", "json"],
        ["actors.pirates.about", '"half of '],
        ["actors.pirates.stakes", "{low: 0.05, best: 0.1, high: 0.2, assumed: a guess}"],
        ["actors.pirates.about", 'them are idle"'],
    ]
    pirates = read(sheets).actors["pirates"]
    assert pirates.about == "half ofthem are idle"
    assert pirates.stakes is not None
    assert pirates.stakes.assumed == "a guess"


# -- workbooks of other programs ----------------------------------------


def test_cells_without_references_and_with_text_of_their_own(
    tmp_path: Path, vocabulary: Vocabulary, example: Situation
) -> None:
    """As some libraries write them: no shared texts, no cell references, absolute links, another prefix."""
    from accord.exchange.writing import grids_of

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    grids = grids_of(example)[0]
    names = "".join(f'<x:sheet name="{g.name}" sheetId="{i}" r:id="r{i}"/>' for i, g in enumerate(grids, 1))
    links = "".join(
        f'<Relationship Id="r{i}" Type="{office}/worksheet" Target="/xl/worksheets/part{i}.xml"/>'
        for i in range(1, len(grids) + 1)
    )
    with zipfile.ZipFile(tmp_path / "m.xlsx", "w") as archive:
        archive.writestr(
            "[Content_Types].xml", f'<Types xmlns="{package.replace("relationships", "content-types")}"/>'
        )
        top = f'<Relationship Id="r" Type="{office}/officeDocument" Target="xl/workbook.xml"/>'
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{package}">{top}</Relationships>')
        archive.writestr(
            "xl/workbook.xml",
            f'<x:workbook xmlns:x="{main}" xmlns:r="{office}"><x:sheets>{names}</x:sheets></x:workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}">{links}</Relationships>'
        )
        for index, grid in enumerate(grids, 1):
            rows = "".join(f"<x:row>{''.join(map(_inline, row))}</x:row>" for row in grid.rows)
            sheet = f'<x:worksheet xmlns:x="{main}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
            archive.writestr(f"xl/worksheets/part{index}.xml", sheet)
    found, problems = Workbook().read(tmp_path / "m.xlsx", vocabulary)
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    assert found == example


def _inline(value: Any) -> str:
    """A cell in the barest form."""
    if value is None:
        return "<x:c/>"
    if isinstance(value, str):
        return f'<x:c t="inlineStr"><x:is><x:t>{value}</x:t></x:is></x:c>'
    return f"<x:c><x:v>{value}</x:v></x:c>"


def test_a_faulty_cell_at_the_edge_of_a_sheet_is_seen(
    sheets: Sheets, check: Callable[..., list[str]]
) -> None:
    """Such cells are dropped by the library that reads them, and so would be the whole column."""
    sheets["actors"][0] += ["about"]
    sheets["actors"][3] += [None] * 5 + [("=A1", "#N/A")]
    says = "the cell shows the error #N/A; try: mend the formula, or type the value itself"
    assert check(sheets) == [f"actors!I4: actors.pirates.about: {says}"]


def test_text_that_looks_like_an_error_is_text_in_a_workbook(
    sheets: Sheets, check: Callable[..., list[str]]
) -> None:
    sheets["actors"][1][2] = "#N/A"
    assert check(sheets) == []


def test_statements_stand_in_the_order_of_their_ranks(sheets: Sheets, read: Callable[..., Situation]) -> None:
    sheets["options"] = [["option", "owner", "says"], ["sail", "northland", "x"], ["pay", "southland", "y"]]
    sheets["statements"] = [
        ["actor", "rank", "says", "sure", "tied"],
        ["northland", 10, "pay", None, None],
        ["northland", 2, "sail if pay", 0.5, True],
        ["northland", 1, "not sail", None, None],
    ]
    sheets["preferences"] = [["actor", "statements"], ["southland", "pay; not sail"]]
    found = read(sheets)
    north, south = found.preferences["northland"], found.preferences["southland"]
    assert [one.says for one in north.statements] == ["not sail", "sail if pay", "pay"]
    assert [one.tied for one in north.statements] == [False, True, False]
    assert estimates(found)["preferences.northland.statements.1.sure"].best == 0.5
    assert [one.says for one in south.statements] == ["pay", "not sail"]


def test_a_rank_that_is_no_number_is_told(sheets: Sheets, vocabulary: Vocabulary) -> None:
    sheets["options"] = [["option", "owner", "says"], ["sail", "northland", "x"]]
    sheets["statements"] = [["actor", "rank", "says"], ["northland", "first", "sail"]]
    grids = [Grid(name, rows) for name, rows in sheets.items()]
    told = [str(one) for one in read_grids(grids, vocabulary, "m.xlsx")[1] if one.severity == "error"]
    assert told == [
        (
            "m.xlsx:statements!B2: preferences.northland.statements: the rank 'first' is not a number; "
            "expected a number; try: 1 for the most important statement, then 2, 3 ..."
        )
    ]
