"""Files that are no workbooks, or would be too much: refused with a reason, and nothing ever crashes."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import subprocess
import sys
import textwrap
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accord.exchange import gate
from accord.exchange.workbook import Workbook
from accord.exchange.writing import grids_of
from accord.exchange.xlsx import read_xlsx, write_xlsx
from accord.lenses import vocabulary as registered
from accord.problems import RunError
from accord.situation import Situation, Vocabulary

SAVE = "open it in a spreadsheet program and save it as .xlsx"
DAMAGED = f"the workbook is damaged: its sheets cannot be read; try: {SAVE}"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture(scope="module")
def parts(example: Situation) -> dict[str, bytes]:
    """What a good workbook consists of."""
    with zipfile.ZipFile(io.BytesIO(write_xlsx(grids_of(example)[0]))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A file that consists of these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def told(data: bytes, folder: Path, name: str = "m.xlsx") -> list[str]:
    """What is said of a file with these bytes."""
    (folder / name).write_bytes(data)
    situation, problems = Workbook().read(folder / name, registered())
    assert situation is None or all(problem.severity != "error" for problem in problems)
    return [str(problem).replace(f"{folder}/", "") for problem in problems if problem.severity == "error"]


def test_no_file(tmp_path: Path, vocabulary: Vocabulary) -> None:
    (tmp_path / "model.xlsx").write_bytes(b"")
    problems = Workbook().read(tmp_path / "modle.xlsx", vocabulary)[1]
    assert [str(p) for p in problems] == [
        f"{tmp_path}/modle.xlsx: there is no such file; try: did you mean 'model.xlsx'?"
    ]


def test_a_folder(tmp_path: Path, vocabulary: Vocabulary) -> None:
    (tmp_path / "m.xlsx").mkdir()
    problems = Workbook().read(tmp_path / "m.xlsx", vocabulary)[1]
    assert [str(p) for p in problems] == [
        f"{tmp_path}/m.xlsx: it cannot be opened (is a directory); try: check its name and permissions"
    ]


NO_WORKBOOKS = {
    "empty": (b"", f"m.xlsx: the file is not a workbook; expected an .xlsx workbook; try: {SAVE}"),
    "text": (b"accord: 1\n", f"m.xlsx: the file is not a workbook; expected an .xlsx workbook; try: {SAVE}"),
    "old workbook": (
        OLE + b"\0" * 600,
        f"m.xlsx: this is a workbook of the old kind (.xls); expected an .xlsx workbook; try: {SAVE}",
    ),
    "password": (
        OLE + "EncryptedPackage".encode("utf-16-le"),
        "m.xlsx: the workbook is locked with a password; try: save a copy without a password",
    ),
    "cut off": (
        b"PK\x03\x04rest",
        "m.xlsx: the workbook is damaged: it cannot be unpacked; try: fetch or save it once more",
    ),
    "another archive": (
        packed({"a.xml": b"<a/>"}),
        f"m.xlsx: the file is not a workbook; expected an .xlsx workbook; try: {SAVE}",
    ),
}


@pytest.mark.parametrize("name", NO_WORKBOOKS)
def test_no_workbook(name: str, tmp_path: Path) -> None:
    data, message = NO_WORKBOOKS[name]
    assert told(data, tmp_path) == [message]


@pytest.mark.parametrize("ending", [".xlsb", ".ods"])
def test_other_kinds_of_workbooks(ending: str, tmp_path: Path) -> None:
    says = f"m{ending}: workbooks of the kind {ending} are not read; expected an .xlsx workbook; try: {SAVE}"
    assert told(b"PK\x03\x04", tmp_path, f"m{ending}") == [says]


def test_a_part_that_is_no_xml(parts: dict[str, bytes], tmp_path: Path) -> None:
    assert told(packed(parts | {"xl/worksheets/sheet1.xml": b"<worksheet>"}), tmp_path) == [
        f"m.xlsx: {DAMAGED}"
    ]


def test_bytes_changed_on_the_way(parts: dict[str, bytes], tmp_path: Path) -> None:
    data = bytearray(packed(parts, zipfile.ZIP_STORED))
    data[data.index(b"<sheetData>") + 2] ^= 1
    assert told(bytes(data), tmp_path) == [
        "m.xlsx: the workbook is damaged: it cannot be unpacked; try: fetch or save it once more"
    ]


def sheet_with(cells: str) -> bytes:
    """A sheet with these cells."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def test_a_sheet_that_reaches_too_far(parts: dict[str, bytes], tmp_path: Path) -> None:
    far = sheet_with(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )
    says = "the sheet reaches as far as XFD1048576; expected at most 2,000,000 cells, blank ones included"
    hint = "delete the rows and columns beyond your data"
    assert told(packed(parts | {"xl/worksheets/sheet2.xml": far}), tmp_path) == [
        f"m.xlsx:actors: {says}; try: {hint}"
    ]


def test_formats_beyond_the_data_do_no_harm(parts: dict[str, bytes]) -> None:
    sheet = parts["xl/worksheets/sheet2.xml"].replace(
        b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    )
    grids = read_xlsx(packed(parts | {"xl/worksheets/sheet2.xml": sheet}))
    assert [len(grid.rows) for grid in grids if grid.name == "actors"] == [4]


def test_too_many_cells(parts: dict[str, bytes], tmp_path: Path) -> None:
    many = sheet_with("".join(f"<row>{'<c><v>1</v></c>' * 1000}</row>" for _ in range(201)))
    says = "the workbook has more than 200,000 cells; expected at most 200,000; try: keep raw data in another file"
    assert told(packed(parts | {"xl/worksheets/sheet2.xml": many}), tmp_path) == [f"m.xlsx:actors: {says}"]


def test_a_small_file_that_unpacks_to_a_large_one(parts: dict[str, bytes], tmp_path: Path) -> None:
    data = packed(parts | {"xl/worksheets/sheet2.xml": b" " * (gate.MOST_BYTES + 1)})
    assert len(data) < 200_000
    says = "unpacked, the workbook has more than 67,108,864 bytes; expected at most 67,108,864"
    assert told(data, tmp_path) == [f"m.xlsx: {says}; try: keep raw data in another file"]


def test_one_text_in_very_many_cells(parts: dict[str, bytes], tmp_path: Path) -> None:
    row = f"<row>{'<c t=@s@><v>0</v></c>' * 100}</row>".replace("@", '"')
    cells = sheet_with(row * 100)
    texts = (
        sheet_with("")
        .replace(b"sheetData", b"x")
        .replace(b"<x></x>", b"<si><t>" + b"a" * 32_000 + b"</t></si>")
    )
    data = packed(parts | {"xl/worksheets/sheet1.xml": cells, "xl/sharedStrings.xml": texts})
    says = "the workbook has more than 67,108,864 characters; expected at most 67,108,864"
    assert told(data, tmp_path) == [f"m.xlsx:situation: {says}; try: keep raw data in another file"]


@pytest.mark.parametrize("place", ["E48161119", "A0", "a1", "1", "A1048577", "XFE1", "ZZZ9", "A-1", ""])
def test_places_that_no_sheet_has(place: str, parts: dict[str, bytes], tmp_path: Path) -> None:
    """The library would allot memory up to there, which ends the process."""
    odd = sheet_with(f'<row r="1"><c r="A1"><v>1</v></c><c r="{place}"><v>1</v></c></row>')
    assert told(packed(parts | {"xl/worksheets/sheet2.xml": odd}), tmp_path) == [f"m.xlsx: {DAMAGED}"]


def test_a_sheet_hidden_behind_another_spelling_of_its_name(parts: dict[str, bytes], tmp_path: Path) -> None:
    """What the library may find, the gate finds, too."""
    far = sheet_with('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    turned = {name: content for name, content in parts.items() if name != "xl/worksheets/sheet2.xml"}
    data = packed(turned | {"xl/worksheets/SHEET2.XML": far})
    assert [line.partition(";")[0] for line in told(data, tmp_path)] == [
        "m.xlsx:actors: the sheet reaches as far as XFD1048576"
    ]


def test_the_spelling_of_parts_is_forgiven(parts: dict[str, bytes]) -> None:
    links = parts["xl/_rels/workbook.xml.rels"].replace(b"worksheets/sheet2.xml", b"worksheets/Sheet2.xml")
    assert links != parts["xl/_rels/workbook.xml.rels"]
    grids = read_xlsx(packed(parts | {"xl/_rels/workbook.xml.rels": links}))
    assert [len(grid.rows) for grid in grids if grid.name == "actors"] == [4]


def test_only_what_was_looked_at_is_handed_on(parts: dict[str, bytes]) -> None:
    extra = {
        "xl/vbaProject.bin": b"x",
        "xl/worksheets/other.xml": b"<x/>",
        "xl/media/a.xml": b"<x/>",
        "docProps/app.xml": b"<x/>",
    }
    with zipfile.ZipFile(io.BytesIO(gate.admit(packed(parts | extra)).data)) as archive:
        assert not set(extra) & set(archive.namelist())


# -- whatever the bytes ----------------------------------------


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=200).map(lambda data: b"PK\x03\x04" + data)))
def test_no_bytes_make_it_crash(data: bytes) -> None:
    with pytest.raises(gate.Refused):
        read_xlsx(data)


PIECES = (
    b'<c r="A1"><v>1</v></c>',
    b'<c t="e"><v>#N/A</v></c>',
    b'<c t="d"><v>2015-13-45T99:99</v></c>',
    b'<mergeCell ref="A1:ZZZ99"/>',
    b"</c>",
    b"<v>",
    b"-1",
    b"99999999999",
    b"\xff",
    b"&x;",
)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_no_damage_makes_it_crash(parts: dict[str, bytes], seed: int) -> None:
    chance = random.Random(seed)
    changed = dict(parts)
    for _ in range(chance.randint(1, 3)):
        name = chance.choice([name for name in changed if name.endswith((".xml", ".rels"))])
        content = bytearray(changed[name])
        start = chance.randrange(len(content))
        kind = chance.randrange(4)
        if kind == 0:
            del content[start : start + chance.randint(1, 30)]
        elif kind == 1:
            content[start:start] = chance.choice(PIECES)
        elif kind == 2:
            content = content.replace(
                b't="s"', chance.choice((b't="n"', b't="b"', b't="d"', b't="e"', b"")), chance.randint(1, 4)
            )
        else:
            content[start : start + 1] = b"%d" % chance.randrange(10**6)
        changed[name] = bytes(content)
    with contextlib.suppress(gate.Refused):
        read_xlsx(packed(changed, zipfile.ZIP_STORED))


def admitted_in(memory: int, data: bytes, folder: Path) -> str:
    """What the gate says of these bytes when it may use no more than so much memory."""
    (folder / "m.xlsx").write_bytes(data)
    code = f"""
        import resource
        resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
        from pathlib import Path
        from accord.exchange.gate import Refused, admit
        try:
            admit(Path({str(folder / "m.xlsx")!r}).read_bytes())
            print("admitted")
        except Refused as refused:
            print(refused)
    """
    run = [sys.executable, "-c", textwrap.dedent(code)]
    return subprocess.run(run, check=True, timeout=120, capture_output=True, text=True).stdout.strip()


def test_very_many_elements_are_looked_through_without_keeping_them(
    parts: dict[str, bytes], tmp_path: Path
) -> None:
    many = sheet_with("<row>" + "<x/>" * 5_000_000 + "</row>")
    assert (
        admitted_in(500_000_000, packed(parts | {"xl/worksheets/sheet2.xml": many}), tmp_path) == "admitted"
    )


def test_the_size_that_an_archive_states_is_not_believed(parts: dict[str, bytes], tmp_path: Path) -> None:
    data = packed(parts | {"xl/worksheets/sheet2.xml": b" " * 600_000_000})
    lying = data.replace(struct.pack("<I", 600_000_000), struct.pack("<I", 10))
    assert lying != data
    assert admitted_in(500_000_000, lying, tmp_path) == "the workbook is damaged: it cannot be unpacked"


# -- without the extra ----------------------------------------


def test_reading_without_the_extra(
    parts: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    says = "reading an .xlsx workbook needs an extra of Accord"
    hint = 'pip install "accord-lenses[excel]", or a folder of CSV files'
    assert told(packed(parts), tmp_path) == [f"m.xlsx: {says}; try: {hint}"]


def test_writing_without_the_extra(
    example: Situation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(RunError) as error:
        Workbook().write(example, tmp_path / "m.xlsx")
    says = "writing an .xlsx workbook needs an extra of Accord"
    assert str(error.value) == f'{says}; try: pip install "accord-lenses[excel]", or a folder of CSV files'
    assert list(tmp_path.iterdir()) == []


def test_the_library_is_imported_only_when_needed() -> None:
    code = """
        import sys
        import accord.exchange.workbook, accord.exchange.template
        assert not {"python_calamine", "xlsxwriter", "pandas", "numpy"} & set(sys.modules)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True, timeout=60)
