"""Statements over options: against Python's own logic, and every way to misspell one."""

import itertools
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.formulas.logic import Expression, LogicError, parse, renamed

NAMES = ("a", "b", "c", "d")
TABLE = np.array(list(itertools.product([False, True], repeat=4))).T
VALUES = dict(zip(NAMES, TABLE, strict=True))


def name(text: str) -> Expression:
    return Expression("name", name=text)


def test_precedence_and_structure() -> None:
    a, b, c = map(name, "abc")
    assert parse("a") == a
    assert parse("not a and b") == Expression("and", (Expression("not", (a,)), b))
    assert parse("a or b and c") == Expression("or", (a, Expression("and", (b, c))))
    assert parse("a if b or c") == Expression("if", (a, Expression("or", (b, c))))
    assert parse("a iff b") == Expression("iff", (a, b))
    assert parse("if a then b") == parse("b if a")
    assert parse("a AND Not b") == parse("a and not b")
    assert parse("(a and b) and c") == parse("a and (b and c)") == Expression("and", (a, b, c))
    assert parse("((a))") == a
    assert parse("a and b") != parse("b and a")
    assert len({parse("a and b"), parse("a and (b)")}) == 1


def test_names_keep_their_case_and_order() -> None:
    assert parse("Lean_Moscow if (not deal or stay-on) and deal").names == ("Lean_Moscow", "deal", "stay-on")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("a if b", lambda a, b, c: a or not b),
        ("if a then b", lambda a, b, c: b or not a),
        ("a iff b", lambda a, b, c: a == b),
        ("not a or b and c", lambda a, b, c: (not a) or (b and c)),
        ("not (a or b) and c", lambda a, b, c: (not (a or b)) and c),
        ("a if b and not c", lambda a, b, c: a or not (b and not c)),
        ("(a if b) if c", lambda a, b, c: (a or not b) or not c),
        ("not not a", lambda a, b, c: a),
    ],
)
def test_truth_tables(text: str, meaning) -> None:  # type: ignore[no-untyped-def]
    wanted = [bool(meaning(*row[:3])) for row in TABLE.T.tolist()]
    assert np.broadcast_to(parse(text).of(VALUES), 16).tolist() == wanted


def test_values_may_be_single_or_of_any_shape() -> None:
    assert parse("a and not b").of({"a": np.True_, "b": np.False_}).item() is True
    grid = np.arange(6).reshape(2, 3) % 2 == 0
    assert parse("a iff b").of({"a": grid, "b": ~grid}).shape == (2, 3)
    with pytest.raises(KeyError, match="b"):
        parse("a or b").of({"a": np.True_})


leaves = st.sampled_from(NAMES).map(name)


def grown(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        inner.map(lambda part: Expression("not", (part,))),
        pairs.map(lambda parts: Expression("if", parts)),
        pairs.map(lambda parts: Expression("iff", parts)),
        st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=4)).map(
            lambda one: Expression(one[0], tuple(one[1]))  # type: ignore[arg-type]
        ),
    )


def by_python(e: Expression, taken: dict[str, bool]) -> bool:
    if e.kind == "name":
        return taken[e.name]
    parts = [by_python(part, taken) for part in e.parts]
    match e.kind:
        case "not":
            return not parts[0]
        case "if":
            return parts[0] or not parts[1]
        case "iff":
            return parts[0] is parts[1]
    return all(parts) if e.kind == "and" else any(parts)


@settings(deadline=None)
@given(st.recursive(leaves, grown, max_leaves=12))
def test_the_text_of_an_expression_reads_back(e: Expression) -> None:
    again = parse(str(e))
    assert parse(str(again)) == again
    wanted = [by_python(e, dict(zip(NAMES, row, strict=True))) for row in TABLE.T.tolist()]
    assert np.broadcast_to(e.of(VALUES), 16).tolist() == wanted
    assert np.broadcast_to(again.of(VALUES), 16).tolist() == wanted


def test_renaming_touches_names_and_nothing_else() -> None:
    new = {"a": "b", "b": "a_2", "no": "x"}
    assert renamed("a AND  not (b or nota)", new) == "b AND  not (a_2 or nota)"


def test_no_bracket_that_is_not_needed() -> None:
    for text in (
        "not a and b",
        "not (a and b)",
        "(a or b) and c",
        "a or b and c",
        "a if b or c",
        "(a if b) if c",
    ):
        assert str(parse(text)) == text
    assert str(parse("((a) AND ((b)))")) == "a and b"


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("", 0, "nothing stands here (character 1); expected a name, 'not' or '('"),
        ("   ", 0, "nothing stands here (character 1); expected a name, 'not' or '('"),
        ("a and", 5, "nothing follows 'and' (character 6); expected a name, 'not' or '('"),
        ("a and or b", 6, "'or' cannot stand here (character 7); expected a name, 'not' or '('"),
        ("a b", 2, "'b' cannot follow here (character 3); expected and, or, if or iff"),
        ("a & b", 2, "'&' cannot follow here (character 3); expected and, or, if or iff; try: 'and'"),
        ("!a", 0, "'!' cannot stand here (character 1); expected a name, 'not' or '('; try: 'not'"),
        ("a, b", 1, "',' cannot follow here (character 2); expected and, or, if or iff; try: 'and'"),
        ("(a and b", 0, "'(' is not closed (character 1); expected as many '(' as ')'"),
        ("a and (b or (c)", 6, "'(' is not closed (character 7); expected as many '(' as ')'"),
        ("a) and b", 1, "')' closes nothing (character 2); expected as many '(' as ')'"),
        ("(a b)", 3, "'b' cannot follow here (character 4); expected and, or, if or iff"),
        ("()", 1, "')' cannot stand here (character 2); expected a name, 'not' or '('"),
        ("if a", 4, "'if' without 'then' (character 5); expected 'if a then b' or 'b if a'"),
        ("a and 2", 6, "'2' cannot stand here (character 7); expected a name, 'not' or '('"),
        (
            "a if b if c",
            7,
            (
                "'if' after another 'if' or 'iff' can be read in two ways (character 8); "
                "expected brackets that say which belongs together"
            ),
        ),
    ],
)
def test_what_is_wrong_and_where(text: str, at: int, message: str) -> None:
    with pytest.raises(LogicError) as caught:
        parse(text)
    assert (caught.value.at, str(caught.value)) == (at, message)
    assert str(pickle.loads(pickle.dumps(caught.value))) == message


def test_neither_depth_nor_length_breaks_the_stack() -> None:
    for text in ("(" * 100_000, "not " * 100_000 + "a", "(" * 100 + "a" + ")" * 100):
        with pytest.raises(LogicError, match="nested too deep"):
            parse(text)
    long = parse(" and ".join(["a", "b"] * 20_000))
    assert len(long.parts) == 40_000
    assert long.of(VALUES).any()


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="ab ()!&|notrif-2\N{NOT SIGN}", max_size=30))
def test_any_text_parses_or_says_where_it_does_not(text: str) -> None:
    wrong = -1
    try:
        found = parse(text)
    except LogicError as error:
        wrong = error.at
    else:
        assert parse(str(found)) == found
    assert -1 <= wrong <= len(text)
