"""The reader of resolved issues: forms of the file, what is missing, what is wrong."""

import pytest

from accord.lenses.bargaining.deu import ACTORS, LEAST, read_deu
from accord.problems import SituationError

HEAD = ["prnr", "isnr", "proc", "counvte", "pcom", "pep", "pde", "scom", "sep", "sde", "rp", "out"]
ROWS = [
    ["d1", "d1i1", "COD", "QMV", "0", "50", "100", "10", "20", "70.5", "0", "40"],
    ["d1", "d1i2", "COD", "QMV(10)", "0", "50", "100", "10", "0", "70", "", "999"],
    ["d2", "d2i1", "CNS", "Unan", "0", "50", "", "10", "0", "70", "100", "0"],
    ["d2", "d2i2", "CNS", "Unan", "0", "50", "25", "10", "0", "100", ".", "25"],
]


def write(folder, rows=ROWS, head=HEAD, separator="\t", name="deu.csv"):
    path = folder / name
    path.write_text("".join(separator.join(row) + "\n" for row in [head, *rows]), "utf-8")
    return path


def wrong(path):
    with pytest.raises(SituationError) as error:
        read_deu(path)
    return [str(problem).removeprefix(str(path)) for problem in error.value.problems]


def test_issues_are_read_and_those_left_out_are_counted(tmp_path) -> None:
    found = read_deu(write(tmp_path))
    assert [issue.issue for issue in found.issues] == ["d1i1", "d2i2"]
    assert found.left_out == {"no outcome": 1, f"fewer than {LEAST} actors with position and salience": 1}
    one, other = found.issues
    assert one.actors == ("com", "de", "ep")
    assert (one.positions, one.salience) == ((0, 100, 50), (0.1, 0.705, 0.2))
    assert (one.procedure, one.voting, one.reference_point, one.outcome, one.line) == (
        "COD",
        "majority",
        0,
        40,
        2,
    )
    assert (other.voting, other.reference_point, other.outcome) == ("unanimity", None, 25)
    assert found.missing["reference point"] == 1
    assert found.proposals == 2


def test_thirty_actors() -> None:
    assert len(ACTORS) == 30
    assert list(ACTORS) == sorted(ACTORS)


@pytest.mark.parametrize("separator", ["\t", ";", ","])
def test_separators_quotes_and_marks_make_no_difference(tmp_path, separator) -> None:
    plain = read_deu(write(tmp_path))
    quoted = [[f'"{cell}"' if cell else "" for cell in row] for row in ROWS]
    path = write(tmp_path, quoted, separator=separator, name="other.csv")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_deu(path) == plain


def test_decimal_commas(tmp_path) -> None:
    rows = [[cell.replace(".", ",") if cell == "70.5" else cell for cell in row] for row in ROWS]
    assert read_deu(write(tmp_path, rows, separator=";")) == read_deu(write(tmp_path, name="plain.csv"))


def test_first_row_may_hold_capability(tmp_path) -> None:
    gdp = ["", "", "", "", "4.1", "4.1", "3", *[""] * 5]
    found = read_deu(write(tmp_path, [gdp, *ROWS]))
    assert found.gdp == {"com": 4.1, "de": 3.0, "ep": 4.1}
    assert len(found.issues) == 2
    (later,) = wrong(write(tmp_path, [*ROWS, gdp], name="late.csv"))
    assert later.startswith(":6: prnr: neither proposal nor issue has a number")


def test_order_of_rows_does_not_matter(tmp_path) -> None:
    first, second = read_deu(write(tmp_path)), read_deu(write(tmp_path, ROWS[::-1], name="turned.csv"))

    def plain(found):
        return [(i.proposal, i.issue, i.positions, i.salience, i.outcome) for i in found.issues]

    assert plain(first) == plain(second)


def test_every_problem_at_once_with_line_and_column(tmp_path) -> None:
    rows = [list(row) for row in ROWS]
    rows[0][4], rows[0][7], rows[1][11], rows[2][0] = "-1", "high", "101", ""
    rows[3][1] = "d1i1"
    rows.append(rows[0][:5])
    says = wrong(write(tmp_path, rows))
    assert [text.partition(";")[0] for text in says] == [
        ":2: pcom: -1 is off the scale",
        ":2: scom: 'high' is no number",
        ":3: out: 101 is off the scale",
        ":4: prnr: is empty",
        ":5: isnr: issue 'd1i1' stands in line 2 already",
        ":6: the row has 5 cells",
    ]


def test_columns_that_are_missing_are_told(tmp_path) -> None:
    head = ["prnr", "issue", "proc", "counvte", "pcom", "pep", "pde", "scom", "sep", "sfr", "rp", "outc"]
    says = " ".join(wrong(write(tmp_path, head=head)))
    for text in (
        "'isnr' is missing",
        "did you mean 'outc'",
        "'pde' has no",
        "'sfr' has no",
        "2 known actors",
    ):
        assert text in says


@pytest.mark.parametrize(
    ("content", "says"),
    [("", "is empty"), ("prnr\tisnr\n", "column 'out' is missing"), ('prnr\t"a\n', "is no table")],
)
def test_files_that_are_no_table(tmp_path, content, says) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content, "utf-8")
    assert any(says in text for text in wrong(path))


def test_a_file_that_is_not_there(tmp_path) -> None:
    assert "cannot be read (no such file or directory)" in wrong(tmp_path / "none.csv")[0]


def test_no_rows(tmp_path) -> None:
    assert "holds no issue" in wrong(write(tmp_path, []))[0]


def _with(tmp_path, column, text):
    row = list(ROWS[0])
    row[HEAD.index(column)] = text
    return write(tmp_path, [row, *ROWS[1:]])


@pytest.mark.parametrize(
    ("column", "text", "says"),
    [
        ("counvte", "QVM", ":2: counvte: there is no voting rule 'QVM'; expected QMV or Unan, or an empty cell; try: did"),
        ("counvte", "QVM", "did you mean 'qmv'?"),
        ("counvte", "Unam", "did you mean 'unan'?"),
        ("counvte", "2", ":2: counvte: there is no voting rule '2'; expected QMV or Unan"),
        ("proc", "CDO", ":2: proc: there is no procedure 'CDO'; expected one of COD, CNS,"),
        ("proc", "CNSX", "did you mean 'CNS'?"),
    ],
)  # fmt: skip
def test_rules_and_procedures_nobody_knows(tmp_path, column, text, says) -> None:
    (told,) = wrong(_with(tmp_path, column, text))
    assert says in told


@pytest.mark.parametrize(
    ("text", "voting"),
    [
        ("QMV", "majority"),
        ("qmv(10)", "majority"),
        ("Simple majority", "majority"),
        ("Unan", "unanimity"),
        ("unanimity", "unanimity"),
        ("", "unknown"),
        (".", "unknown"),
        ("NA", "unknown"),
        ("unknown", "unknown"),
    ],
)
def test_words_of_voting_rules(tmp_path, text, voting) -> None:
    found = read_deu(_with(tmp_path, "counvte", text)).issues[0]
    assert found.voting == voting


def test_a_missing_procedure_is_none(tmp_path) -> None:
    assert {read_deu(_with(tmp_path, "proc", text)).issues[0].procedure for text in ("", ".", "na")} == {""}


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("prnr\tisnr".encode("utf-16"), "is text in UTF-16; expected text in UTF-8; try: save it as UTF-8"),
        ("prnr\tisnr".encode("utf-16-le"), "is binary, not text"),
        (b"PK\x03\x04 and so on", "is a workbook or packed with zip, not text"),
        (b"\x89PNG\r\n\x00\x00", "is binary, not text"),
    ],
)
def test_what_is_no_text_is_told_once(tmp_path, raw, says) -> None:
    path = tmp_path / "deu.csv"
    path.write_bytes(raw)
    (told,) = wrong(path)
    assert says in told
