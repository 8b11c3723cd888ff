"""Games of other bargaining programs: nothing is lost on the way there and back, and bad files are told what is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import accord
from accord.exchange.foreign import Foreign, Form, parsed, write_game
from accord.exchange.game import Game, hundredth, percent
from accord.exchange.ktab_xml import PARAMETERS
from accord.problems import SituationError

KTAB = '''DummyData ,"A scenario, with ""quotes""",3,2,
Actor,Description,Power,Pstn1,Sal1,Pstn2,Sal2,
SActor-00, Random Spatial Actor, 102.543, 75.79, 49.53,  6.37,  5.91,
"Ünï, ""q"" 1",,  53.393, 82.72, 30.33, 73.50, 21.22,
SActor-02, Random Spatial Actor, 129.643, 82.45, 48.47, 90.89, 13.55,
'''
SCHOLZ = "Position,Actor,Salience,Capability\n4,Netherlands,0.8,8\n10,Belgium,0.4,8\n"
PAIR = (
    "<iaPair><adjustingIdeal>A</adjustingIdeal><referencePos>B</referencePos><adjust>0.25</adjust></iaPair>"
)
XML = (
    "<Scenario><name>S</name><desc>D</desc><prngSeed>7</prngSeed><Dimensions><dName>X</dName></Dimensions><Actors>"
    "<Actor><name>A</name><description>a</description><capability>2</capability><Position><dCoord>10</dCoord></Position>"
    "<Salience><dSal>50</dSal></Salience></Actor><Actor><name>B</name><description>b</description>"
    "<capability>3</capability><Position><dCoord>90</dCoord></Position><Salience><dSal>12.5</dSal></Salience></Actor>"
    "</Actors><IdealAdjustment>"
    + PAIR.replace(">B<", ">A<").replace("0.25", "0.5")
    + PAIR
    + "</IdealAdjustment></Scenario>"
)

odd = st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"], exclude_characters="\x85")
texts = st.text(odd, min_size=1, max_size=12).map(str.strip).filter(bool)
shares = st.floats(0, 1, allow_subnormal=False) | st.sampled_from([0.4953, 0.1, 1 / 3])


@st.composite
def games(draw: st.DrawFn, most: int = 3) -> Game:
    """Any game that the forms are made for."""
    n, wide = draw(st.integers(2, 5)), draw(st.integers(1, most))
    care = np.array([[draw(shares) / wide for _ in range(wide)] for _ in range(n)])
    place = np.array([[draw(st.floats(0, 100)) for _ in range(wide)] for _ in range(n)])
    ties = draw(st.none() | st.just(np.eye(n) * 0.5) | st.just(np.full((n, n), 1 / n) * 0.9))
    chosen = {name: draw(st.sampled_from(words)) for name, words in PARAMETERS.items()}
    return Game(
        tuple(draw(st.lists(texts, min_size=n, max_size=n, unique=True))),
        place,
        care,
        np.array([draw(st.floats(1e-9, 1e9)) for _ in range(n)]),
        tuple(draw(st.lists(texts, min_size=wide, max_size=wide, unique=True))),
        np.zeros(wide),
        np.full(wide, 100.0),
        ties,
        draw(st.just({}) | st.just({**chosen, "prngSeed": "03507583219545544127"})),
        draw(texts | st.just("")),
        draw(texts | st.just("") | st.just('two\nlines, and "one"')),
        tuple(draw(texts | st.just("")) for _ in range(n)),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where games are written."""
    return tmp_path_factory.mktemp("games")


def told(path: Path) -> list[str]:
    """Problems of a file without its name."""
    return [str(problem).partition(path.name)[2].lstrip(":") for problem in parsed(path)[1]]


def written(folder: Path, name: str, text: str | bytes) -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@settings(max_examples=60, deadline=None)
@given(game=games())
def test_xml_loses_nothing(folder: Path, game: Game) -> None:
    path = folder / "game.xml"
    assert write_game(game, path) == ()
    found, problems = parsed(path)
    assert problems == []
    assert found == game


@settings(max_examples=60, deadline=None)
@given(game=games())
def test_csv_loses_what_it_says(folder: Path, game: Game) -> None:
    path = folder / "game.csv"
    lost = write_game(game, path)
    found, _ = parsed(path)
    assert found is not None
    assert any("accommodation" in loss for loss in lost) == (game.accommodation is not None)
    assert any("parameters" in loss for loss in lost) == bool(game.options)
    for name in ("names", "dimensions", "title", "about", "descriptions"):
        assert getattr(found, name) == getattr(game, name)
    for name in ("positions", "salience", "capability", "low", "high"):
        assert np.array_equal(getattr(found, name), getattr(game, name))


@settings(max_examples=60, deadline=None)
@given(game=games(most=1), low=st.floats(-1e6, -1), high=st.floats(101, 1e6))
def test_scholz_keeps_numbers_and_scale(folder: Path, game: Game, low: float, high: float) -> None:
    wide = Game(
        game.names,
        game.positions,
        game.salience,
        game.capability,
        game.dimensions,
        np.array([low]),
        np.array([high]),
    )
    path = folder / "table.csv"
    assert write_game(wide, path, "scholz") == ()
    assert parsed(path)[0] == wide


@given(share=st.floats(0, 1))
def test_a_share_survives_as_a_percentage(share: float) -> None:
    assert hundredth(percent(share)) == share


def test_the_layout_of_ktab(tmp_path: Path) -> None:
    game, problems = parsed(written(tmp_path, "k.csv", KTAB))
    assert problems == []
    assert game is not None
    assert (game.title, game.about) == ("DummyData", 'A scenario, with "quotes"')
    assert game.names == ("SActor-00", 'Ünï, "q" 1', "SActor-02")
    assert game.dimensions == ("Pstn1", "Pstn2")
    assert game.salience[0].tolist() == [0.4953, 0.0591]
    bare = "\n".join(line.rstrip(",") for line in KTAB.splitlines())
    assert (
        parsed(written(tmp_path, "bare.csv", b"\xef\xbb\xbf" + bare.replace("\n", "\r\n").encode()))[0]
        == game
    )


def test_every_mistake_of_a_csv_is_told_with_its_place(tmp_path: Path) -> None:
    text = (
        KTAB.replace(",3,2,", ",4,2,")
        .replace("75.79", "75,79", 1)
        .replace("53.393", "-1")
        .replace("48.47", "nan")
    )
    text = text.replace("SActor-02", "SActor-00").replace("  6.37", "106.37")
    path = written(tmp_path, "bad.csv", text)
    lines = told(path)
    assert parsed(path)[0] is None
    assert "1:42: the first line announces 4 actors, but 3 follow; expected 3" in lines[0]
    assert any(line.startswith("3:1: this line has 8 values, but the header has 7") for line in lines)
    assert any("4:19: Power: -1 is out of range; expected a number above 0" in line for line in lines)
    assert any("5:1: Actor: 'SActor-00' stands in line 3 already" in line for line in lines)
    assert any("Sal1: 'nan' is not a number; expected a number from 0 to 100" in line for line in lines)


def test_too_much_salience_is_told(tmp_path: Path) -> None:
    lines = told(written(tmp_path, "k.csv", KTAB.replace("5.91", "55.91")))
    assert lines == [
        "3:50: Sal1: the salience of 'SActor-00' is 105.44 in sum; expected at most 100 over all dimensions"
    ]


def test_the_unit_of_salience_is_declared_not_guessed(tmp_path: Path) -> None:
    game, problems = parsed(written(tmp_path, "s.csv", SCHOLZ))
    assert game is not None
    assert game.salience[:, 0].tolist() == [0.8, 0.4]
    assert [problem.severity for problem in problems] == ["note", "note"]
    assert "own range, 4 to 10" in problems[1].says or "own range, 4 to 10" in problems[0].says
    hundred = SCHOLZ.replace("Salience", "salience_percent").replace("0.8", "80").replace("0.4", "40")
    same, problems = parsed(written(tmp_path, "p.csv", hundred))
    assert same == game
    assert any("divided by 100" in problem.says for problem in problems)
    lines = told(written(tmp_path, "b.csv", SCHOLZ.replace("0.8", "80")))
    assert any("salience: 80 is out of range; expected a number from 0 to 1" in line for line in lines)


def test_semicolons_and_decimal_commas(tmp_path: Path) -> None:
    text = SCHOLZ.replace(",", ";").replace("0.8", "0,8").replace("0.4", "0,4")
    assert parsed(written(tmp_path, "s.csv", text))[0] == parsed(written(tmp_path, "t.csv", SCHOLZ))[0]


def test_columns_are_named(tmp_path: Path) -> None:
    lines = told(written(tmp_path, "s.csv", SCHOLZ.replace("Salience", "Sallience")))
    assert "the header has no column 'salience'" in lines[0]
    assert "unknown column 'Sallience'" in lines[1]
    assert "did you mean 'salience'?" in lines[1]


def test_equal_positions_need_a_scale(tmp_path: Path) -> None:
    assert any(
        "all positions are equal" in line
        for line in told(written(tmp_path, "s.csv", SCHOLZ.replace("10,B", "4,B")))
    )


def test_accommodation_and_seed(tmp_path: Path) -> None:
    game, problems = parsed(written(tmp_path, "x.xml", XML))
    assert problems == []
    assert game is not None
    assert game.accommodation is not None
    assert game.accommodation.tolist() == [[0.5, 0.25], [0, 1]]
    assert game.options == {"prngSeed": "7"}
    lines = told(written(tmp_path, "y.xml", XML.replace("0.5<", "0.9<")))
    assert any("what 'A' follows is 1.15 in sum" in line for line in lines)


def test_mistakes_of_an_xml_are_told_with_their_places(tmp_path: Path) -> None:
    text = (
        XML.replace(">50<", "> <")
        .replace("<referencePos>B", "<referencePos>Bb")
        .replace("<name>S", "<nmae>x</nmae><name>S")
    )
    text = text.replace(
        "<Dimensions>", "<ModelParameters><PCEModel>Conditonal</PCEModel></ModelParameters><Dimensions>"
    )
    lines = told(written(tmp_path, "x.xml", text.replace("<Actors>", "\n<Actors>")))
    assert any("unknown element 'nmae'" in line and "did you mean 'name'?" in line for line in lines)
    assert any(line.startswith("2:") and "dSal: there is no number" in line for line in lines)
    assert any("there is no actor 'Bb'" in line for line in lines)
    assert any(
        "'Conditonal' is no choice" in line and "did you mean 'Conditional'?" in line for line in lines
    )
    assert len(lines) == 4


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            '<!DOCTYPE s [<!ENTITY a "xx"><!ENTITY b "&a;&a;">]><Scenario>&b;</Scenario>',
            "declares a document type",
        ),
        ('<!DOCTYPE s SYSTEM "file:///etc/hostname"><Scenario/>', "document type"),
        ("<Scenario>" + "<a>" * 50, "more elements than any game has"),
        ("<Scenario><name>&b;</name></Scenario>", "this is not XML (undefined entity)"),
        ("<Scenario>", "this is not XML (no element found)"),
        ("<html></html>", "the file holds 'html'; expected 'Scenario'"),
        (b"<?xml version='1.0' encoding='nonsense'?><Scenario/>", "encoding"),
    ],
)
def test_hostile_and_broken_xml(tmp_path: Path, text: str | bytes, says: str) -> None:
    lines = told(written(tmp_path, "x.xml", text))
    assert len(lines) == 1
    assert says in lines[0]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (KTAB.encode("latin-1"), "is not UTF-8"),
        (KTAB.encode("utf-16"), "UTF-16"),
        (b"\x00\x01", "binary"),
        (KTAB.replace('1",,', "1,,").encode(), "4:1: the file ends within quotes that begin here"),
        (b"a,b\n1,2\n", "neither that of a KTAB scenario nor a header of actors"),
        (b"", "neither"),
        (b"A,B,999999999999,2\n", "the header"),
    ],
)
def test_broken_csv(tmp_path: Path, data: bytes, says: str) -> None:
    lines = told(written(tmp_path, "k.csv", data))
    assert any(says in line for line in lines)


def test_large_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    with path.open("wb") as stream:
        stream.truncate(17 * 1024 * 1024)
    assert "bytes" in told(path)[0]
    assert "there is no such file" in told(tmp_path / "absent.csv")[0]


def test_latin_1_is_read_where_the_xml_says_so(tmp_path: Path) -> None:
    text = "<?xml version='1.0' encoding='ISO-8859-1'?>" + XML.replace(">A<", ">Ä<")
    game, problems = parsed(written(tmp_path, "x.xml", text.encode("latin-1")))
    assert problems == []
    assert game is not None
    assert game.names[0] == "Ä"


def test_what_stands_in_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "k.csv", KTAB)
    assert {problem.severity for problem in accord.check(path)} == {"note"}
    situation = accord.read(path)
    assert list(situation.actors) == ["sactor_00", "uni_q_1", "sactor_02"]
    assert list(situation.partnership.patrons) == ["sactor_00", "sactor_02"]
    stance = situation.stances["pstn1"]["sactor_00"]
    assert stance.salience is not None
    assert stance.salience.best == 0.4953
    assert stance.salience.citations[0].of == "game_file"
    assert situation.sources["game_file"].citation == "k.csv"


def test_forms_that_cannot_carry_a_game(tmp_path: Path) -> None:
    game = parsed(written(tmp_path, "k.csv", KTAB))[0]
    assert game is not None
    cases: list[tuple[str, Form]] = [("a.csv", "scholz"), ("a.xml", "scholz"), ("a.txt", "ktab")]
    for name, form in cases:
        with pytest.raises(SituationError):
            write_game(game, tmp_path / name, form)
        assert not (tmp_path / name).exists()


def test_a_folder_is_no_game(tmp_path: Path) -> None:
    (tmp_path / "sheets.csv").mkdir()
    assert not Foreign().sniff(tmp_path / "sheets.csv")
    assert Foreign().sniff(tmp_path / "k.csv")


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    game = parsed(written(tmp_path, "k.csv", KTAB))[0]
    assert game is not None
    with pytest.raises(SituationError, match=r"there is no folder '.*typo'; try: make it first"):
        write_game(game, tmp_path / "typo" / "a.csv")
    assert not (tmp_path / "typo").exists()
