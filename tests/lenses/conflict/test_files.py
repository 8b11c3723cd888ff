"""Foreign formats: nothing is lost on the way there and back, and everything wrong is told at once."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from accord.lenses.conflict import (
    Document,
    at_most_one,
    by_ranking,
    coalesced,
    document,
    graph,
    infeasible,
    model,
    read_gmcr,
    read_states,
    without_moves,
    write_gmcr,
    write_nfg,
    write_states,
)
from accord.lenses.conflict.feasibility import ModelError
from accord.problems import RunError, SituationError

DATA = Path(__file__).parent / "data"
TALKS = model(
    {"red": ["stay", "go"], "blue": ["pay"]}, rules=[infeasible("stay and go")], directions={"pay": "forward"}
)
WORTH = np.array([[0.1 + 0.2, 1e-17, -3, 1e22, 5, 2.5], [1, 1, 0, 2, 3, 1]])


def same(one, other) -> bool:
    """Whether two models are alike in every part."""
    plain = ("actors", "options", "directions", "names")
    if any(getattr(one, name) != getattr(other, name) for name in plain):
        return False
    lists = [(one.owners, other.owners), (one.feasible, other.feasible)]
    for name in ("arcs", "members"):
        mine, theirs = getattr(one, name), getattr(other, name)
        if (mine is None) != (theirs is None):
            return False
        lists += zip(mine or (), theirs or (), strict=True)
    return all((a is None and b is None) or np.array_equal(a, b) for a, b in lists)


# --- .gmcr ---------------------------------------------------------------------------------------


def test_a_document_by_hand() -> None:
    read = read_gmcr(DATA / "harbour.gmcr")
    made = read.model()
    assert made.actors == ("Port", "City")
    assert made.directions == ("both", "forward", "both", "back")
    assert made.feasible.tolist() == [0, 1, 2, 3, 4, 6, 8, 9, 10, 11]
    assert read.makers[0].statements[1] == (("port pays", False), ("port sues", False))
    port, city = read.payoffs()
    # levels: city pays; neither pays nor sues; lock open
    assert port.tolist() == [4, 2, 2, 2, 6, 5, 3, 1, 1, 1]
    ranks = {1: 8, 3: 7, 9: 7, 11: 6, 0: 5, 4: 5, 2: 4, 6: 3, 8: 2, 10: 1}
    assert city.tolist() == [ranks[mask] for mask in made.feasible.tolist()]


def test_a_document_goes_there_and_back_whole(tmp_path) -> None:
    read = read_gmcr(DATA / "harbour.gmcr")
    write_gmcr(read, tmp_path / "again.gmcr")
    before = json.loads((DATA / "harbour.gmcr").read_text(encoding="utf-8"))
    after = json.loads((tmp_path / "again.gmcr").read_text(encoding="utf-8"))
    assert after == before
    assert json.dumps(after) == json.dumps(before)  # the order of fields, too
    assert read_gmcr(tmp_path / "again.gmcr") == read


def test_a_model_as_a_document(tmp_path) -> None:
    statements = {"red": [[("pay", True)], [("stay", True), ("go", False)]]}
    made = document(TALKS, WORTH, statements, title="who pays")
    write_gmcr(made, tmp_path / "talks.gmcr")
    read = read_gmcr(tmp_path / "talks.gmcr")
    assert same(read.model(), TALKS)
    assert read.fields["title"] == "who pays"
    assert len(read.infeasibles) == 2  # stay and go, with pay and without
    assert read.fields["decisionMakers"][1]["preferenceRanking"] == [5, 4, [0, 1, 6], 2]
    for mine, theirs in zip(WORTH, read.payoffs(), strict=True):
        assert (np.sign(mine[:, None] - mine) == np.sign(theirs[:, None] - theirs)).all()
    assert read.makers[0].statements == ((("pay", True),), (("stay", True), ("go", False)))
    rng = np.random.default_rng(1)
    for _ in range(20):
        sparse = model(
            {"a": ["p", "q", "r"], "b": ["s", "t"]}, rules=[at_most_one(*rng.choice(list("pqrst"), 3))]
        )
        assert (
            document(sparse, rng.random((2, sparse.size))).model().feasible.tolist()
            == sparse.feasible.tolist()
        )
    with pytest.raises(ModelError, match="no listed moves"):
        document(coalesced(TALKS, ["stay"]), np.zeros((2, 5)))


@pytest.mark.parametrize("numbers", [[1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4, 5], [0, 1, 2, 4, 5, 6]])
def test_states_may_be_counted(numbers) -> None:
    fields = json.loads(json.dumps(dict(document(TALKS, WORTH).fields)))
    tied = [numbers[5], numbers[3]]
    fields["decisionMakers"][0]["preferenceRanking"] = [
        numbers[2],
        [numbers[0]],
        numbers[1],
        tied,
        numbers[4],
    ]
    found = Document(fields).payoffs()[0]
    assert found.tolist() == by_ranking(TALKS, [2, 0, 1, {4, 6}, 5]).tolist()


def test_options_may_stand_with_their_owners() -> None:
    inside = [{"name": "go", "permittedDirection": "fwd"}, {"name": "stay"}]
    fields = {"decisionMakers": [{"name": "me", "options": inside, "preferences": [[["go", "N"]]]}]}
    read = Document(fields)
    assert read.options == {"go": "forward", "stay": "both"}
    assert read.payoffs().tolist() == [[2, 1, 2, 1]]
    with pytest.raises(ModelError, match="'me' has neither a preference ranking nor preference statements"):
        Document({"decisionMakers": [{"name": "me", "options": inside}]}).payoffs()


BAD = {
    "options": [
        {"name": "a", "permittedDirection": "bak"},
        {"title": "b"},
        {"name": "a"},
        7,
        {"name": "c"},
    ],
    "decisionMakers": [
        {"name": "x", "options": ["a", "aa", 9], "preferences": [[["a", "y"]], "a", [["a"]], []]},
        {"name": "x", "options": ["a"], "preferenceRanking": [1, "two", [3, True]]},
        {"options": []},
    ],
    "infeasibles": [[["a", "Y"], ["a", "N"]], {}],
}


def test_everything_wrong_with_a_document_is_told_at_once(tmp_path) -> None:
    path = tmp_path / "bad.gmcr"
    path.write_text(json.dumps(BAD))
    with pytest.raises(SituationError) as raised:
        read_gmcr(path)
    told = [str(problem).removeprefix(f"{path}: ") for problem in raised.value.problems]
    assert told == [
        "decisionMakers[0].options[1]: \"aa\" is no option; expected one of a, c, or its index; try: did you mean 'a'?",
        "decisionMakers[0].options[2]: 9 is no option; expected one of a, c, or its index",
        'decisionMakers[0].preferences[0][0][1]: "y" cannot stand here; expected "Y" or "N"',
        'decisionMakers[0].preferences[1]: "a" is no list; expected pairs of an option and "Y" or "N"',
        'decisionMakers[0].preferences[2][0]: ["a"] is no pair; expected an option and "Y" or "N"',
        'decisionMakers[0].preferences[3]: the list is empty; expected pairs of an option and "Y" or "N"',
        "decisionMakers[1].name: two decision makers are named 'x'; expected another name",
        "decisionMakers[1].options: option 'a' belongs to 'x' already; expected each option once",
        'decisionMakers[1].preferenceRanking[1]: "two" is no state; expected the number of a state, or a list',
        "decisionMakers[1].preferenceRanking[2][1]: true is no state; expected the number of a state, or a list",
        "decisionMakers[2]: the name is missing; expected a field 'name' with a text",
        "decisionMakers[2].options: there is no option; expected at least one",
        "infeasibles[0][1]: 'a' is both Y and N; expected one of them",
        'infeasibles[1]: {} is no list; expected pairs of an option and "Y" or "N"',
        "options[0].permittedDirection: \"bak\" is no direction; expected both, fwd, back; try: did you mean 'back'?",
        "options[1]: the name is missing; expected a field 'name' with a text",
        "options[2]: option 'a' stands twice; expected another name",
        "options[3]: 7 is no object; expected an object with a 'name'",
        "options[4]: option 'c' belongs to nobody; expected a decision maker that lists it",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            '{"options": [',
            "bad.gmcr:1: the JSON breaks off here (expecting value); try: look for a missing comma",
        ),
        ('{"a": 1,\n "b" 2}', "bad.gmcr:2: the JSON breaks off here"),
        ("[1]", "bad.gmcr: the file holds no JSON object; expected an object with 'decisionMakers'"),
        ("{}", "bad.gmcr: decisionMakers: there is no decision maker; expected a list of at least one"),
        ('{"decisionMakers": 3}', "bad.gmcr: decisionMakers: 3 is no list; expected a list"),
        ('{"a": NaN}', "'NaN' is no number of JSON"),
        (
            '{"x": [{"a": 1, "a": 2}]}',
            "bad.gmcr: x[0]: the field 'a' stands here twice; expected each field once",
        ),
        ("[" * 100000, "the JSON is nested too deep"),
        ("\udcff", "byte 0xff is not UTF-8"),
    ],
)
def test_texts_that_are_no_document(text, says, tmp_path) -> None:
    path = tmp_path / "bad.gmcr"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(SituationError, match=re.escape(says)):
        read_gmcr(path)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"infeasibles": [[["a", "Y"]], [["a", "N"]]]}, "these 2 rules together leave no outcome"),
        (
            {"ranking": [1]},
            "decisionMakers[0].preferenceRanking: the ranking leaves out 0; expected every feasible state",
        ),
        ({"ranking": [0, 1, 4]}, "the ranking names what is no state: 4"),
        ({"ranking": [0, [1, 0]]}, "decisionMakers[0].preferenceRanking: 0 stands twice"),
    ],
)
def test_documents_that_contradict_themselves(change, says) -> None:
    maker = {"name": "x", "options": ["a"], "preferenceRanking": change.get("ranking", [])}
    fields = {
        "options": [{"name": "a"}],
        "decisionMakers": [maker],
        "infeasibles": change.get("infeasibles", []),
    }
    with pytest.raises(SituationError, match=re.escape(says)):
        Document(fields)
    with pytest.raises(SituationError, match="there is no such file; try: check its name and folder"):
        read_gmcr("nowhere.gmcr")


# --- .nfg ----------------------------------------------------------------------------------------


def parsed(text):
    """A strategic game, outcome version, by the grammar of Gambit's manual."""
    pattern = re.compile(r'\s*(?:("(?:[^"\\]|\\.)*")|([{}])|(-?\d+(?:\.\d+)?(?:/\d+)?)|([A-Z]+)|(,))')
    tokens, at, text = [], 0, text.strip()
    while at < len(text):
        found = pattern.match(text, at)
        assert found, text[at : at + 30]
        at = found.end()
        if found.group(5) is None:
            tokens.append(found.group(1) or found.group(2) or found.group(3) or found.group(4))
    tokens.reverse()

    def label():
        token = tokens.pop()
        assert token[0] == '"' == token[-1]
        return token[1:-1].replace('\\"', '"')

    def listed(item):
        assert tokens.pop() == "{"
        items = []
        while tokens[-1] != "}":
            items.append(item())
        tokens.pop()
        return items

    def outcome():
        assert tokens.pop() == "{"
        name, values = label(), []
        while tokens[-1] != "}":
            values.append(float(tokens.pop()))
        tokens.pop()
        return name, values

    assert [tokens.pop() for _ in range(3)] == ["NFG", "1", "R"]
    title, players, strategies = label(), listed(label), listed(lambda: listed(label))
    if tokens[-1][0] == '"':
        label()
    outcomes = listed(outcome)
    profiles = [int(tokens.pop()) for _ in range(len(tokens))]
    assert len(profiles) == np.prod([len(each) for each in strategies])
    return title, players, strategies, outcomes, profiles


def test_a_strategic_game(tmp_path) -> None:
    made = model(
        {"red": ["stay", "go"], 'the "blue"': ["pay"], "grey": ["a", "b"]}, rules=[infeasible("stay and go")]
    )
    worth = np.random.default_rng(3).normal(size=(3, made.size))
    worth[0, :3] = [0.1 + 0.2, 1e-17, 1e22]
    path = tmp_path / "talks.nfg"
    write_nfg(made, worth, path, title='a "small" game')
    title, players, strategies, outcomes, profiles = parsed(path.read_text(encoding="utf-8"))
    assert title == 'a "small" game'
    assert players == ["red", 'the "blue"', "grey"]
    assert strategies == [["nothing", "stay", "go"], ["nothing", "pay"], ["nothing", "a", "b", "a, b"]]
    assert len(outcomes) == made.size == len(set(profiles))
    at = iter(profiles)
    for grey in strategies[2]:
        for blue in strategies[1]:
            for red in strategies[0]:
                name, values = outcomes[next(at) - 1]
                taken = {o for words in (red, blue, grey) if words != "nothing" for o in words.split(", ")}
                assert values == worth[:, made.index_of(taken)].tolist()
                assert name == made.describe(made.index_of(taken))


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (
            model({"us": ["strike", "leave"], "them": ["yield"]}, rules=[infeasible("strike and yield")]),
            "every combination of strategies, but 2 of 8 cannot occur, the first being 'us: strike; them: yield'",
        ),
        (TALKS, "no moves that cannot be undone; expected direction 'both' for pay"),
        (coalesced(TALKS, ["stay"]), "no listed moves"),
        (graph(["a"], 2, [[(0, 1)]]), "no listed moves"),
    ],
)
def test_models_that_are_no_strategic_game(made, says, tmp_path) -> None:
    path = tmp_path / "game.nfg"
    path.write_text("before")
    with pytest.raises(ModelError, match=says):
        write_nfg(made, np.zeros((len(made.actors), made.size)), path)
    assert path.read_text() == "before"


# --- CSV -----------------------------------------------------------------------------------------

ODD = model({"a b, c": ['say "no"', "x;y"], "ü": ["p.q", "tab\there", "x", "p"]}, directions={"p.q": "back"})
BARE = graph(["me", "you"], ["calm", "a, storm", "the end"], [[("calm", "the end")], [("a, storm", "calm")]])


@pytest.mark.parametrize(
    "made",
    [
        TALKS,
        ODD,
        BARE,
        graph(["me"], 3, [[]]),
        coalesced(TALKS, ["stay", "pay and go"]),
        coalesced(ODD, ["x or p"]),
        model({"a": ["v;w;x;y;z", "two\nlines"]}),
        without_moves(TALKS, "blue", "stay"),
    ],
)
def test_states_go_there_and_back_whole(made, tmp_path) -> None:
    worth = np.random.default_rng(5).normal(size=(len(made.actors), made.size)) * 10.0 ** (
        np.arange(made.size) % 20 - 8
    )
    path = tmp_path / "talks.csv"
    write_states(made, worth, path)
    read = read_states(path)
    assert same(read.model, made)
    assert read.payoffs.tolist() == worth.tolist()
    assert (tmp_path / "talks.moves.csv").exists() == (made.arcs is not None)


def test_a_table_by_hand(tmp_path) -> None:
    write_states(TALKS, [[1, 2, 3, 4, 5, 6], [0.5, 0, 0, 0, 0, 0]], tmp_path / "t.csv")
    lines = (tmp_path / "t.csv").read_bytes().decode("utf-8-sig").split("\r\n")
    assert lines[:3] == [
        "state,red.stay,red.go,blue.pay (forward),payoff.red,payoff.blue",
        "0,0,0,0,1.0,0.5",
        "1,1,0,0,2.0,0.0",
    ]
    joint = coalesced(TALKS, ["stay"])
    write_states(joint, np.arange(10).reshape(2, 5), tmp_path / "t.csv")
    lines = (tmp_path / "t.csv").read_bytes().decode("utf-8-sig").split("\r\n")
    assert lines[2:4] == ["1,1,0,0,1.0,6.0,4", "1,1,0,1,1.0,6.0,4"]
    moves = (tmp_path / "t.moves.csv").read_bytes().decode("utf-8-sig").split("\r\n")
    assert moves[:2] == ["actor,from,to", "red,0,1"]


def test_a_table_from_a_spreadsheet(tmp_path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("state;me.go;payoff.me\n1;1;0,5\n0;0;-2\n", encoding="utf-8")
    read = read_states(path)
    assert read.model.feasible.tolist() == [0, 1]
    assert read.payoffs.tolist() == [[-2.0, 0.5]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ["t.csv: the file is empty; expected a row of column names"]),
        ("state,a.x\n0,0\n", ["no column holds payoffs"]),
        (
            "nr,b.x,y,a.z,a.z,payoff.a\n",
            [
                "t!A1: the first column is 'nr'; expected 'state'",
                "t!B1: 'b.x' names no option of an actor; expected an actor with payoffs (a), a point and an option",
                "t!C1: 'y' names no option",
                "t!E1: two columns are named 'a.z'",
            ],
        ),
        ("state,a.x,payoff.a\n", ["there are no states; expected a row for each state"]),
        (
            "state,a.x,payoff.a\n0,yes,1\nten,1,\n1,1,nan\n-1,,1e999\n",
            [
                "t!A3: 'ten' cannot stand here; expected the number of a state",
                "t!A5: '-1' cannot stand here",
                "t!B2: 'yes' cannot stand here; expected 0 (not taken) or 1 (taken)",
                "t!B5: the cell is blank",
                "t!C3: the cell is blank; expected a number",
                "t!C4: 'nan' cannot stand here",
                "t!C5: '1e999' cannot stand here",
            ],
        ),
        (
            "state,a.x,payoff.a\n1,0,1\n3,1,1\n3,1,2\n",
            [
                "t!A2: the state is numbered 1; expected 0: its options sum up to that",
                "t!A3: the rows of state 3 differ in payoffs; expected equal ones",
                "t!A3: the state is numbered 3; expected 1",
                "t!A4: state 3 stands twice",
            ],
        ),
        ("state,payoff.a,moves\n0,1,1\n1,1,0\n", ["t.moves.csv: there is no such file"]),
        ('state,"a.x\n', ["the file ends within quotes"]),
    ],
)
def test_everything_wrong_with_a_table_is_told_at_once(text, told, tmp_path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(SituationError) as raised:
        read_states(path)
    found = [str(problem) for problem in raised.value.problems]
    assert len(found) == len(told), found
    for says, expected in zip(found, told, strict=True):
        assert expected in says


def test_everything_wrong_with_moves_is_told_at_once(tmp_path) -> None:
    path, moves = tmp_path / "t.csv", tmp_path / "t.moves.csv"
    path.write_text("state,name,payoff.a,moves\n0,calm,1,1\n1,storm,2,1\n")
    moves.write_text("actor,from,to\na,0,1\nb,0,1\na,1,7\na,x,1\n")
    with pytest.raises(SituationError) as raised:
        read_states(path)
    assert [str(problem).rpartition("/")[2] for problem in raised.value.problems] == [
        "t.moves.csv:t.moves!A3: there is no actor 'b'; expected a",
        "t.moves.csv:t.moves!B5: 'x' cannot stand here; expected the number of a state",
        "t.moves.csv:t.moves!C4: there is no state 7; expected one that t.csv has",
    ]
    moves.write_text("actor,from,to\na,0,1\n")
    with pytest.raises(
        SituationError, match=r"t!D3: 0 moves lead away from this state in t\.moves\.csv; expected as"
    ):
        read_states(path)
    moves.write_text("who,from,to\n")
    with pytest.raises(
        SituationError, match="A1: the columns have other names; expected 'actor', 'from', 'to'"
    ):
        read_states(path)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (model({"a.b": ["x"]}), "'a.b' cannot stand in a header; expected an actor without a point"),
        (model({"payoff": ["x"]}), "'payoff' cannot stand in a header"),
        (model({"a": ["x (back)"]}), "option 'x \\(back\\)' cannot stand in a header"),
    ],
)
def test_names_that_would_be_lost(made, says, tmp_path) -> None:
    with pytest.raises(ModelError, match=says):
        write_states(made, np.zeros((1, 2)), tmp_path / "t.csv")
    assert not (tmp_path / "t.csv").exists()


def test_writing_where_nothing_can_be_written(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    for write in (write_states, write_nfg):
        made = model({"a": ["x"]})
        with pytest.raises(RunError, match="cannot be written"):
            write(made, np.zeros((1, 2)), tmp_path / "file" / "t")
        with pytest.raises(ModelError, match="must be finite"):
            write(made, [[0.0, np.inf]], tmp_path / "t")
