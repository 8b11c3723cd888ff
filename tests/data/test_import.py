"""Files into the store: what is kept, what is left out and told, what is refused."""

import sys
from pathlib import Path

import pytest

from accord.data import KINDS, entries, import_files, reading, verify
from accord.data.catalogue import kinds_of
from accord.problems import SituationError

sys.path.insert(0, str(Path(__file__).parent))  # the samples are beside the tests
from native_samples import ALLIANCES, EVENTS, NMC, VOTES


def rows(store, sql):
    with reading(store) as base:
        return base.execute(sql).fetchall()


def one(path, store, **more):
    (found,) = import_files([path], store=store, **more)
    return found


def told(found):
    return [(row.line, row.grade, row.says) for row in found.told]


def refused(path, store, **more):
    there = store.exists()
    with pytest.raises(SituationError) as error:
        import_files([path], store=store, **more)
    assert store.exists() == there
    return [(p.line, p.says) for p in error.value.problems]


def test_native_rows_arrive(write, store) -> None:
    found = one(write("atop.csv", ALLIANCES), store)
    assert (found.entry.kind, found.entry.version, found.entry.rows, found.entry.kept) == (
        "atop-alliance",
        "4.01",
        3,
        3,
    )
    assert found.told == ()
    assert rows(store, "SELECT atopid, begday, endday, milaid, members, line FROM alliances ORDER BY 1") == [
        (9001, 1, 1, 0, [200, 740], 2),
        (9002, 10, None, None, [365, 630], 3),  # an empty cell is not 0
        (9003, 15, 0, 3, [2, 20, 200], 4),
    ]
    with reading(store) as base:
        (entry,) = entries(base)
    assert entry == found.entry
    assert len(entry.sha256) == 64
    assert "Leeds" in entry.citation
    assert verify(store) == []


def test_missing_marks_are_not_numbers(write, store) -> None:
    one(write("nmc.csv", NMC), store)
    assert rows(store, "SELECT milex, state FROM capabilities ORDER BY ccode") == [(100.0, 365), (None, 630)]


def test_names_and_codes_become_numbers(write, store) -> None:
    one(write("votes.csv", VOTES), store)
    assert rows(store, "SELECT rcid, ccode, vote FROM votes ORDER BY ALL") == [
        (1, 365, 1),
        (1, 630, 1),
        (2, 365, 3),
        (2, 630, 2),
    ]


def test_a_tab_file_has_no_quotes(write, store) -> None:
    one(write("events.tab", EVENTS), store)
    assert rows(store, "SELECT event_id, source, target, cameo, intensity FROM events ORDER BY 1") == [
        (1, 630, 365, "040", 1.0),
        (2, 365, 630, "190", -10.0),
    ]


def test_a_second_import_changes_nothing(write, store) -> None:
    path = write("nmc.csv", NMC)
    first = one(path, store)
    before = store.read_bytes()
    again = one(write("copy.csv", NMC), store)
    assert again.already
    assert again.entry == first.entry
    assert store.read_bytes() == before
    # Together with something new it is still counted once.
    both = import_files([path, write("votes.csv", VOTES)], store=store)
    assert [found.already for found in both] == [True, False]
    assert rows(store, "SELECT count(*) FROM capabilities") == [(2,)]


def test_a_new_edition_takes_the_place_of_the_old(write, store) -> None:
    one(write("nmc6.csv", NMC.replace("0.05", "0.05x")), store)
    newer = one(write("nmc7.csv", NMC.replace("6.0", "7.0")), store)
    assert newer.replaced == ("nmc6.csv",)
    assert rows(store, "SELECT count(*) FROM capabilities") == [(2,)]
    assert rows(store, "SELECT count(*) FROM told") == [(0,)]
    assert [row[0] for row in rows(store, "SELECT version FROM imports")] == ["7"]


def test_the_edition_can_be_stated_later(write, store) -> None:
    path = write("atop.csv", ALLIANCES.replace(",version", "").replace(",4.01", ""))
    assert one(path, store).entry.version == ""
    found = one(path, store, version="4.01")
    assert (found.already, found.entry.version, found.replaced) == (False, "4.01", ())
    assert rows(store, "SELECT count(*) FROM alliances") == [(3,)]
    assert one(path, store, version="4.01").already
    assert one(path, store).already
    events = write("events.tab", EVENTS)
    assert [one(events, store, version=text).entry.kept for text in ("", "2", "3")] == [2, 2, 2]
    assert rows(store, "SELECT count(*) FROM events") == [(2,)]


def test_a_number_decides_between_states_of_one_code(write, store) -> None:
    text = "rcid,ccode,Country,Countryname,vote\n1,260,DEU,German Federal Republic,1\n1,680,YAR,Yemen,3\n"
    assert one(write("votes.csv", text), store).told == ()
    assert rows(store, "SELECT ccode, country FROM votes ORDER BY 1") == [
        (260, "German Federal Republic"),
        (680, "Yemen"),
    ]


def test_files_of_events_add_up(write, store) -> None:
    one(write("2018.tab", EVENTS), store)
    more = (
        EVENTS.splitlines()[0]
        + "\n2"
        + EVENTS.splitlines()[2][1:]
        + "\n3"
        + EVENTS.splitlines()[1][1:]
        + "\n"
    )
    second = one(write("2019.tab", more), store)
    assert told(second) == [(2, "counted once", "there already, from 2018.tab")]
    assert rows(store, "SELECT count(*), count(DISTINCT event_id) FROM events") == [(3, 3)]


BAD = """ccode,year,milex,milper,irst,pec,tpop,upop,cinc
365,2000,1,1,1,1,1,1,0.05

365,2001,1,1,1,1,1,1,five
630,1999.5,1,1,1,1,1,1,1.5
,2001,-3,1,1,1,1,1,
630,2001,1,1,1
630,2002,1,1,1,1,1,1,0.01
"""


def test_wrong_rows_are_told_with_their_lines(write, store) -> None:
    found = one(write("nmc.csv", BAD), store)
    assert told(found) == [
        (4, "left out", "cinc: 'five' is no number"),
        (5, "left out", "year: '1999.5' is no whole number; cinc: '1.5' is above 1"),
        (6, "left out", "ccode is missing; milex: '-3' is below 0; cinc is missing"),
        (7, "left out", "5 values where the header has 9"),
    ]
    assert (found.entry.rows, found.entry.kept, found.entry.left_out) == (6, 2, 4)
    assert rows(store, "SELECT year, line FROM capabilities ORDER BY 1") == [(2000, 2), (2002, 8)]
    assert rows(store, "SELECT count(*) FROM told") == [(4,)]


def test_strict_refuses_them(write, store) -> None:
    assert [line for line, _ in refused(write("nmc.csv", BAD), store, strict=True)] == [4, 5, 6, 7]


def test_lines_hold_where_a_value_has_several(write, store) -> None:
    text = 'rcid,date,short\n1,2000-01-01,"one\ntwo"\n2,2000-13-01,x\n3,2000-01-03,"say ""yes"""\n'
    found = one(write("calls.csv", text), store)
    assert told(found) == [(4, "left out", "date: '2000-13-01' is no date (YYYY-MM-DD)")]
    assert rows(store, "SELECT about, line FROM roll_calls ORDER BY rcid") == [
        ("one\ntwo", 2),
        ('say "yes"', 5),
    ]


def test_rows_that_occur_twice(write, store) -> None:
    again, other = "630,2000,-9,10,5,5,65000,30000,0.01,6.0\n", "365,2000,100,10,5,5,146000,100000,0.06,6.0\n"
    found = one(write("nmc.csv", NMC + again + other), store)
    assert told(found) == [
        (4, "counted once", "the same as line 3"),
        (5, "left out", "says otherwise than line 2 of the same ccode, year, which is kept"),
    ]
    assert rows(store, "SELECT cinc FROM capabilities ORDER BY ccode") == [(0.05,), (0.01,)]


def test_states_nobody_knows_are_kept_and_told(write, store) -> None:
    text = VOTES + "3,,Xyzzy,yes\n3,,Hong Kong,yes\n3,,Irann,no\n3,IR,Iraq,no\n3,,,no\n"
    found = one(write("votes.csv", text), store)
    assert told(found) == [
        (6, "state unknown", "ccode: no state of the COW list is known as 'Xyzzy'"),
        (7, "state unknown", "ccode: no state of the COW list is known as 'Hong Kong'"),
        (
            8,
            "state unknown",
            "ccode: no state of the COW list is known as 'Irann'; try: did you mean 'Iran'?",
        ),
        (9, "left out", "'IR' and 'Iraq' name different states"),
        (10, "left out", "ccode: names no state"),
    ]
    assert rows(store, "SELECT country FROM votes WHERE ccode IS NULL ORDER BY line") == [
        ("Xyzzy",),
        ("Hong Kong",),
        ("Irann",),
    ]
    codes = NMC.replace("630,", "999,")
    assert told(one(write("nmc.csv", codes), store)) == [
        (3, "state unknown", "state: no state of the COW list is known as '999'")
    ]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("1905,3,1", "1899,3,1"), "ends before it begins"),
        (("1905,3,1", "1901,2,28"), "ends before it begins"),
        (("1905,3,1,0", "1905,3,1,1"), "in effect, but with a year of its end"),
        (("1905,3,1", "0,0,0"), "no longer in effect, but without a year of its end"),
        (("9001,1901,3", "9001,1901,13"), "begmo: '13' is above 12"),
    ],
)
def test_alliances_that_make_no_sense(write, store, change, says) -> None:
    assert told(one(write("atop.csv", ALLIANCES.replace(*change)), store)) == [(2, "left out", says)]


def test_any_spelling_of_heads(write, store) -> None:
    text = NMC.replace("ccode,year", " CCode ,YEAR")
    assert one(write("nmc.csv", text), store).entry.kept == 2
    assert one(write("nmc2.csv", NMC.replace(",", ";")), store).entry.kept == 2


def test_kinds_are_told_apart(store) -> None:
    for kind in KINDS.values():
        groups = [next(c for c in kind.columns if c.name == group[0]) for group in kind.either]
        header = [column.names[0] for column in (*kind.needs, *groups)]
        assert [found.name for found in kinds_of(header)][:1] == [kind.name]
    # The votes of one file may bring the facts of their roll calls along.
    both = ["rcid", "ccode", "vote", "date", "session", "importantvote", "unres", "short", "descr"]
    assert [found.name for found in kinds_of(both)] == ["un-votes"]


# --- refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ("", None, "the file is empty"),
        ("a\n", 1, "the first line is no header"),
        ("ccode,year,cinc\n", None, "the file has a header and no row"),
        ("ccode,year,cinc,Year\n2,2000,0.1,2001\n", 1, "the header has year more than once"),
        ("a,b\n1,2\n", 1, "the header (a, b) is that of no kind of file that is known"),
        ('ccode,year,ci"nc\n', 1, 'the header (ccode, year, ci"nc) is that of no kind of file that is known'),
        ("ccode,year,cinc\n2,2000,0.1\n20,20", 3, "the file breaks off (2 values where the header has 3)"),
        ('rcid,date,short\n1,2000-01-01,"one\n2,2000', 2, "a quote that is opened here is never closed"),
        (b"ccode,year,cinc\n2,2000,0.1\n\xe9,2000,0.2\n", 3, "byte 0xe9 is not UTF-8"),
        (b"ccode,year,cinc\n2,2000,\x00\n", None, "the file is binary, not text"),
        (b"PAR1 and nothing else", None, "the file is a damaged Parquet file"),
        ("ccode,year,cinc\nx,2000,0.1\n", 2, "ccode: 'x' is no whole number"),
    ],
)
def test_what_is_no_such_file_is_refused(write, store, content, line, says) -> None:
    assert refused(write("some.csv", content), store) == [(line, says)]


def test_a_file_that_is_not_there(tmp_path, store) -> None:
    assert refused(tmp_path / "none.csv", store) == [(None, "cannot be read (no such file or directory)")]
    assert refused(tmp_path, store) == [(None, "cannot be read (is a directory)")]


def test_a_kind_that_does_not_fit(write, store) -> None:
    assert refused(write("nmc.csv", NMC), store, kind="coalitions") == [
        (1, "the header lacks solschange or changes, which coalitions needs")
    ]


def test_all_files_or_none(write, store) -> None:
    good, bad = write("nmc.csv", NMC), write("bad.csv", "a,b\n1,2\n")
    with pytest.raises(SituationError) as error:
        import_files([good, bad, bad], store=store)
    assert len(error.value.problems) == 2
    assert not store.exists()
    # A file whose rows are all wrong is noticed only when it is read.
    wrong = write("wrong.csv", "ccode,year,cinc\nx,2000,0.1\n")
    with pytest.raises(SituationError):
        import_files([good, wrong], store=store)
    assert not store.exists()


# --- encodings -------------------------------------------------------------------------------

NAMES = "rcid,country,vote\n1,Côte d’Ivoire,yes\n2,Türkiye,no\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (NAMES.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + NAMES.encode(), "utf-8"),
        (NAMES.encode("utf-16"), "utf-8"),  # told by its mark
        (NAMES.replace("’", "'").encode("latin-1"), "latin-1"),
        (NAMES.encode("cp1252"), "cp1252"),
        (NAMES.replace("\n", "\r\n").encode(), "utf-8"),
    ],
)
def test_encodings(write, store, content, encoding) -> None:
    found = one(write("votes.csv", content), store, encoding=encoding)
    assert found.told == ()
    assert rows(store, "SELECT ccode FROM votes ORDER BY rcid") == [(437,), (640,)]


# --- both ways of reading --------------------------------------------------------------------


def test_the_quick_way_and_the_slow_way_agree(write, tmp_path) -> None:
    from accord.data import reading as opened

    plain = "rcid,country,vote\n" + "".join(f"{n},Iran,{'yes' if n % 3 else 'no'}\n" for n in range(1, 200))
    slow = plain.replace("5,Iran", '5,"Iran"', 1) + "\n"  # an empty line at the end: row by row
    found = []
    for name, text in (("quick", plain), ("slow", slow)):
        store = tmp_path / f"{name}.duckdb"
        import_files([write(f"{name}.csv", text)], store=store)
        with opened(store) as base:
            found.append(base.execute("SELECT * EXCLUDE (number) FROM votes ORDER BY line").fetchall())
    assert found[0] == found[1]


def test_a_store_that_is_none(write, store) -> None:
    store.parent.mkdir()
    store.write_text("something else")
    with pytest.raises(SituationError, match="no store of Accord, or a damaged one"):
        import_files([write("nmc.csv", NMC)], store=store)
    assert store.read_text() == "something else"


def test_another_database_is_no_store(write, store) -> None:
    import duckdb

    store.parent.mkdir()
    with duckdb.connect(str(store)) as base:
        base.execute("CREATE TABLE mine (a INT)")
    before = store.read_bytes()
    with pytest.raises(SituationError, match="a database, but no store"):
        import_files([write("nmc.csv", NMC)], store=store)
    assert store.read_bytes() == before


def test_verify_notices_what_changed(write, store) -> None:
    import duckdb

    one(write("nmc.csv", NMC), store)
    with duckdb.connect(str(store)) as base:
        base.execute("UPDATE capabilities SET cinc = 0.5 WHERE ccode = 365")
    assert verify(store) == ["nmc: rows of nmc.csv have changed since the import"]
    with duckdb.connect(str(store)) as base:
        base.execute("DELETE FROM capabilities WHERE ccode = 365")
    assert verify(store) == ["nmc: nmc.csv came with 2 rows, and 1 are there"]


def test_nothing_but_the_answer_is_printed(write, store) -> None:
    from accord.data.store import replacing

    one(write("nmc.csv", NMC), store)
    asked = "SELECT current_setting('enable_progress_bar')"
    assert rows(store, asked) == [(False,)]
    with replacing(store) as base:
        assert base.execute(asked).fetchone() == (False,)


def test_a_store_of_before_learns_new_kinds(write, store) -> None:
    import duckdb

    one(write("nmc.csv", NMC), store)
    with duckdb.connect(str(store)) as base:
        base.execute("DROP TABLE votes")
    assert one(write("votes.csv", VOTES), store).entry.kept == 4
    assert verify(store) == []


def _votes(write, name: str, calls: int) -> Path:
    rows = "".join(f"{call},{country},yes\n" for call in range(calls) for country in ("Iran", "Russia"))
    return write(name, f"rcid,country,vote\n{rows}")


def test_an_extract_does_not_take_the_place_of_the_whole_unasked(write, store) -> None:
    import_files([_votes(write, "whole.csv", 100)], store=store)
    part = _votes(write, "part.csv", 49)
    with pytest.raises(
        SituationError, match=r"part.csv: its 98 rows would take the place of the 200 of whole.csv.*--replace"
    ):
        import_files([part], store=store)
    with reading(store) as base:
        assert [(entry.file, entry.kept) for entry in entries(base)] == [("whole.csv", 200)]
    (half,) = import_files([_votes(write, "half.csv", 50)], store=store)
    assert half.replaced == ("whole.csv",)
    (small,) = import_files([_votes(write, "small.csv", 1)], store=store, replace=True)
    assert (small.replaced, small.entry.rows) == (("half.csv",), 2)


def test_a_small_file_of_events_adds_to_a_large_one(write, store) -> None:
    head, first, second = EVENTS.splitlines(keepends=True)
    many = "".join(f"{number}{first[1:]}" for number in range(100, 150))
    import_files([write("many.tab", head + many)], store=store)
    (found,) = import_files([write("few.tab", head + second)], store=store)
    assert found.replaced == ()
    with reading(store) as base:
        assert [entry.file for entry in entries(base)] == ["many.tab", "few.tab"]
