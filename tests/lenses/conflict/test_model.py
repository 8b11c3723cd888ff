"""Models: states, moves, coalescing, and rules that contradict each other."""

import itertools
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.lenses import conflict
from accord.lenses.conflict import (
    at_least_one,
    at_most_one,
    coalesced,
    feasibility,
    graph,
    infeasible,
    model,
    pattern,
    when,
    without_moves,
)
from accord.lenses.conflict.feasibility import Contradiction, ModelError, smallest_conflict

TWO = {"north": ["arm", "talk"], "south": ["arms", "flee"]}
RULES = (
    infeasible("arm and talk"),
    pattern(arm=False, flee=True),
    at_most_one("arms", "flee"),
    at_least_one("arm", "talk", "arms"),
    when("flee", then="not talk"),
)


def obeyed(options, rules):
    """The masks that obey rules, one by one."""
    masks = []
    for mask in range(1 << len(options)):
        taken = {name: np.array([bool(mask >> k & 1)]) for k, name in enumerate(options)}
        if all(rule.allowed(taken)[0] for rule in rules):
            masks.append(mask)
    return masks


def test_states_by_hand() -> None:
    made = model(TWO, rules=RULES)
    # arm = 1, talk = 2, arms = 4, flee = 8; flee asks for arm, and neither goes with its like
    assert made.options == ("arm", "talk", "arms", "flee")
    assert made.owners.tolist() == [0, 0, 1, 1]
    assert made.feasible.tolist() == [1, 2, 4, 5, 6, 9]
    assert made.feasible.dtype == np.int64
    assert made.arcs is None
    assert made.taken(5) == ("arm", "flee")
    assert made.describe(5) == "north: arm; south: flee"
    assert made.describe(2) == "north: nothing; south: arms"
    assert made.index_of(9) == made.index_of({"arm", "flee"}) == made.index_of(["flee", "arm"]) == 5
    assert made.indices_of([9, 3, 1]).tolist() == [5, -1, 0]
    assert made.where("arm iff flee").tolist() == [False, True, True, False, True, True]
    assert made.taken_matrix()[4].tolist() == [False, True, True, False]
    with pytest.raises(ValueError, match="read-only"):
        made.feasible[0] = 3


def test_moves_by_hand() -> None:
    made = model(TWO, rules=RULES, directions={"arm": "forward", "arms": "back"})
    # north changes arm and talk in one move; from 5 (arm, arms) arming cannot be undone
    assert made.moves("north", made.index_of(6)).tolist() == [made.index_of(4), made.index_of(5)]
    assert made.moves("north", made.index_of(4)).tolist() == [made.index_of(5), made.index_of(6)]
    assert made.moves("north", made.index_of(5)).tolist() == []
    # south cannot take arms up, but lay them down and flee in one move
    assert made.moves("south", made.index_of(1)).tolist() == [made.index_of(9)]
    assert made.moves(1, made.index_of(5)).tolist() == [made.index_of(1), made.index_of(9)]
    pairs = made.arcs_of("south")
    assert [tuple(pair) for pair in made.feasible[pairs].tolist()] == [(1, 9), (5, 1), (5, 9), (6, 2), (9, 1)]


def test_order_of_bits() -> None:
    made = model(TWO, order=["flee", "arm", "arms", "talk"])
    assert made.owners.tolist() == [1, 0, 1, 0]
    assert made.taken(0b1001) == ("flee", "talk")
    assert made.own_mask("north") == 0b1010
    with pytest.raises(ModelError, match="every option once"):
        model(TWO, order=["flee", "arm"])


def named_rules():
    """Any rule over four options."""
    name = st.sampled_from(["arm", "talk", "arms", "flee"])
    some = st.lists(name, min_size=1, max_size=4, unique=True)
    text = st.builds(
        lambda a, b, w: f"{a} {w} not {b}", name, name, st.sampled_from(["and", "or", "if", "iff"])
    )
    return st.one_of(
        st.builds(infeasible, text),
        st.builds(lambda names: at_most_one(*names), some),
        st.builds(lambda names: at_least_one(*names), some),
        st.builds(lambda a, b: when(a, then=b), text, text),
        st.builds(pattern, st.dictionaries(name, st.booleans(), min_size=1)),
    )


@settings(deadline=None, max_examples=40)
@given(
    rules=st.lists(named_rules(), max_size=5),
    ways=st.lists(st.sampled_from(["both", "forward", "back"]), min_size=4, max_size=4),
)
def test_states_and_moves_are_those_of_the_definition(rules, ways) -> None:
    options = ("arm", "talk", "arms", "flee")
    expected = obeyed(options, rules)
    if not expected:
        with pytest.raises(Contradiction):
            model(TWO, rules=rules)
        return
    made = model(TWO, rules=rules, directions=dict(zip(options, ways, strict=True)))
    assert made.feasible.tolist() == expected
    for who, own in enumerate((0b0011, 0b1100)):
        for s, here in enumerate(expected):
            able = [
                t
                for t, there in enumerate(expected)
                if there != here
                and (there ^ here) & ~own == 0
                and all(
                    ways[k] == "both" or (there >> k & 1) == (ways[k] == "forward")
                    for k in range(4)
                    if (there ^ here) >> k & 1
                )
            ]
            assert made.moves(who, s).tolist() == able
            pairs = made.arcs_of(who)
            assert pairs[pairs[:, 0] == s, 1].tolist() == able


def test_a_smallest_contradiction_is_named() -> None:
    rules = [
        infeasible("a and c").named("r0"),
        at_least_one("a", "b").named("r1"),
        when("a", then="c"),
        pattern(b=True),
        infeasible("d and not d"),
        infeasible("not a").named("r5"),
    ]
    with pytest.raises(Contradiction) as raised:
        model({"x": ["a", "b"], "y": ["c", "d"]}, rules=rules)
    assert str(raised.value) == (
        "these 3 rules together leave no outcome: r0 (infeasible: a and c); when a, then c; r5 (infeasible: not a); "
        "expected at least one outcome that obeys every rule"
    )
    assert raised.value.rules == (rules[0], rules[2], rules[5])
    with pytest.raises(ModelError, match="this rule leaves no outcome: infeasible: a or not a;"):
        model({"x": ["a"]}, rules=[at_least_one("a"), infeasible("a or not a")])


@settings(deadline=None, max_examples=50)
@given(rules=st.lists(named_rules(), min_size=2, max_size=7))
def test_no_smaller_contradiction_exists(rules) -> None:
    options = ("arm", "talk", "arms", "flee")
    if obeyed(options, rules):
        return
    found = smallest_conflict(options, rules)
    assert obeyed(options, found) == []
    for fewer in itertools.combinations(rules, len(found) - 1):
        assert obeyed(options, fewer)


def test_many_options_few_states(monkeypatch) -> None:
    names = [f"o{k}" for k in range(62)]
    assert model({"a": names[:31], "b": names[31:]}, rules=[at_most_one(*names)]).size == 63
    with pytest.raises(ModelError, match="63 options; expected at most 62"):
        model({"a": [*names, "more"]})
    monkeypatch.setattr(feasibility, "MOST_STATES", 1 << 14)
    with pytest.raises(ModelError, match=r"more than 16,384 states; expected fewer options, or more rules"):
        model({"a": names})
    with pytest.raises(ModelError, match="too many moves to list"):
        model({"a": names[:13]}).arcs_of("a")


def test_a_million_states() -> None:
    made = model({f"a{i}": [f"o{i}{j}" for j in range(4)] for i in range(5)})
    assert made.size == 1 << 20
    assert made.where("o00 and o43").sum() == 1 << 18
    assert len(made.moves("a2", 12345)) == 15


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: model({"a": [], "b": ["x"]}), "'a' has no options; give it one"),
        (lambda: model({}), "there are no actors"),
        (lambda: model({"a": "stay"}), "the options of 'a' are the text 'stay'; expected a list"),
        (
            lambda: model({"a": ["x"], "b": ["x"]}),
            "option 'x' belongs to both 'a' and 'b'; expected one owner",
        ),
        (lambda: model({"a": ["x", "x"]}), "option 'x' of 'a' is listed twice"),
        (lambda: model({"a": ["x "]}), "'x ' cannot name an option"),
        (
            lambda: model(TWO, directions={"fly": "both"}),
            "directions: 'fly' is no option; expected one of arm, talk",
        ),
        (lambda: model(TWO, directions={"arm": "up"}), "directions must be one of both, forward, back"),
        (
            lambda: model(TWO, rules=[infeasible("arm and tallk")]),
            "rule 'infeasible: arm and tallk': 'tallk' is no option; expected one of arm, talk, .*; did you mean 'talk'",
        ),
        (lambda: infeasible("arm and"), "'arm and': nothing follows 'and'"),
        (at_most_one, "a rule needs at least one option"),
        (pattern, "a pattern needs at least one option"),
        (lambda: model(TWO).index_of(16), "there is no state with the number 16"),
        (lambda: model(TWO).index_of(-1), "there is no state with the number -1"),
        (lambda: model(TWO, rules=RULES).index_of(["arm", "talk"]), "in which arm and talk is taken"),
        (lambda: model(TWO).index_of(["armm"]), "the state: 'armm' is no option.*did you mean 'arm'"),
        (lambda: model(TWO).where("armm"), "'armm' is no option"),
        (
            lambda: model(TWO).moves("nort", 0),
            "no actor 'nort'; expected one of north, south; did you mean 'north'",
        ),
        (lambda: model(TWO).moves("north", 16), "there is no state 16; expected an index from 0 to 15"),
        (lambda: graph(["a"], [], [[]]), "there are no states"),
        (lambda: graph(["a"], ["s", "s"], [[]]), "two states have the same name"),
        (lambda: graph(["a"], ["s"], {"b": []}), "there is no actor 'b'; expected one of a"),
        (lambda: graph(["a"], ["s"], {"a": [("s", "t")]}), "states that there are not: t"),
        (lambda: model(TWO).stability([[1.0, 2.0]]), r"\(actors, states\) = \(2, 16\), not \(1, 2\)"),
        (lambda: model(TWO).stability({"north": [1.0]}), "payoffs are missing for south"),
        (lambda: model(TWO).stability(np.full((2, 16), np.nan)), "a payoff is missing"),
    ],
)
def test_errors(make, says) -> None:
    with pytest.raises(ModelError, match=says):
        make()


def test_a_graph() -> None:
    made = graph(
        ["me", "you"], ["calm", "storm", "end"], {"you": [("storm", "end"), ("calm", "end"), ("calm", "end")]}
    )
    assert made.options == ()
    assert made.owners is None
    assert made.arcs[0].tolist() == []
    assert made.arcs[1].tolist() == [[0, 2], [1, 2]]
    assert made.moves("you", 1).tolist() == [2]
    assert made.index_of("storm") == 1
    assert made.describe(2) == "end"
    assert graph(["me"], 3, [[(0, 2)]]).names == ("0", "1", "2")


def test_some_moves_are_taken_away() -> None:
    made = model(TWO)
    less = without_moves(made, "south", leaving="arms", reaching="not arms and talk")
    lost = {tuple(p) for p in made.arcs_of(1).tolist()} - {tuple(p) for p in less.arcs_of(1).tolist()}
    assert lost == {
        (a, b) for a in range(16) for b in range(16) if a & 4 and not b & 4 and b & 2 and not (a ^ b) & 3
    }
    assert less.arcs_of(0).tolist() == made.arcs_of(0).tolist()
    assert without_moves(made, "north", leaving="arms", reaching="not arms") is made
    assert len(without_moves(made, "north").arcs[0]) == 0


def test_coalescing_by_hand() -> None:
    made = coalesced(model(TWO, rules=RULES), ["arms"])
    # 4, 5 and 6 (arms) are one
    assert made.feasible.tolist() == [1, 2, 4, 9]
    assert [masks.tolist() for masks in made.members] == [[1], [2], [4, 5, 6], [9]]
    assert made.index_of(6) == made.index_of(["arm", "arms"]) == 2
    assert made.taken(2) == ("arms",)
    assert made.open(2) == ("arm", "talk")
    assert made.describe(2) == "north: arm either way, talk either way; south: arms"
    assert made.where("not talk").tolist() == [True, False, False, True]
    assert made.where("talk or not talk").all()
    assert made.arcs[0].tolist() == [[0, 1], [1, 0]]
    assert made.arcs[1].tolist() == [[0, 2], [0, 3], [1, 2], [2, 0], [2, 1], [2, 3], [3, 0], [3, 2]]
    # overlapping ones flow together, and again
    again = coalesced(made, ["flee", "flee and arm", "arm and not arms"])
    assert [masks.tolist() for masks in again.members] == [[1, 9], [2], [4, 5, 6]]
    chain = coalesced(model({"a": ["p", "q"]}), ["q", "p iff q"])
    assert [masks.tolist() for masks in chain.members] == [[0, 2, 3], [1]]


@settings(deadline=None, max_examples=40)
@given(
    bounds=st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=3), seed=st.integers(0, 99)
)
def test_a_class_moves_where_a_member_moves(bounds, seed) -> None:
    made = model({"a": ["x0", "x1"], "b": ["x2"], "c": ["x3"]}, directions={"x1": "forward"})

    def says(low, high):
        inside = [m for m in range(16) if low <= m <= high] or [low]
        words = [" and ".join(("" if m >> k & 1 else "not ") + f"x{k}" for k in range(4)) for m in inside]
        return " or ".join(words), inside

    said = [says(*pair) for pair in bounds]
    joint = coalesced(made, [words for words, _ in said])
    label = list(range(16))
    for _, inside in said:
        old = {label[m] for m in inside}
        label = [min(old) if own in old else own for own in label]
    classes = sorted(set(label))
    assert joint.feasible.tolist() == classes
    for who in range(3):
        pairs = {(label[a], label[b]) for a, b in made.arcs_of(who).tolist()}
        expected = sorted((classes.index(a), classes.index(b)) for a, b in pairs if a != b)
        assert [tuple(pair) for pair in joint.arcs[who].tolist()] == expected


def test_stability_is_that_of_the_arrays() -> None:
    dilemma = model({"one": ["defect1"], "two": ["defect2"]})
    payoffs = {"one": [3.0, 4.0, 1.0, 2.0], "two": [3.0, 1.0, 4.0, 2.0]}
    found = dilemma.stability(payoffs, concepts=("R", "GMR", "SEQ", "SIM"))
    assert np.flatnonzero(found.equilibria["R"]).tolist() == [3]
    assert np.flatnonzero(found.equilibria["SEQ"]).tolist() == [0, 3]
    listed = without_moves(dilemma, "one", "defect1 and defect2", "not defect1")
    assert listed.stability(payoffs).equilibria["R"].tolist() == [False, False, False, True]
    joint = coalesced(dilemma, ["defect1"])
    assert joint.stability([[3.0, 2.0, 1.0], [3.0, 2.0, 4.0]]).stable["R"].shape == (2, 3)
    with pytest.raises(ValueError, match="SIM"):
        joint.stability([[3.0, 2.0, 1.0], [3.0, 2.0, 4.0]], concepts=("SIM",))
    bare = graph(["one"], 2, [[(0, 1)]])
    assert bare.stability([[1.0, 2.0]]).equilibria["R"].tolist() == [False, True]


def test_names_are_functions_whoever_imported_the_modules() -> None:
    code = (
        "import sys\n"
        "from accord.lenses import conflict\n"
        "assert not {'numba', 'scipy'} & set(sys.modules)\n"
        "import accord.lenses.conflict.model, accord.lenses.conflict.inverse\n"
        "import accord.lenses.conflict.stability as module\n"
        "assert callable(conflict.model) and callable(conflict.stability) and callable(conflict.inverse)\n"
        "assert callable(module)\n"
        "assert 'numba' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert all(hasattr(conflict, name) for name in conflict.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        conflict.nothing  # noqa: B018
