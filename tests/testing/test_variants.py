"""The same situation told differently keeps its options, preferences and rules."""

from __future__ import annotations

from hypothesis import given, settings

from accord.files.dump import digest_of
from accord.files.rules import options as rules_of_options
from accord.situation import Estimate, Frozen, Option, Preference, Rule, Situation, Statement, estimates
from accord.testing.cases import case_situation
from accord.testing.strategies import situations
from accord.testing.variants import flipped, names_of, renamed, reordered


@settings(max_examples=15, deadline=None)
@given(situations())
def test_options_have_the_same_meaning_under_other_names(situation: Situation) -> None:
    assert [p for p in rules_of_options(situation) if p.severity == "error"] == []
    names = names_of(situation, reverse=True)
    other = renamed(situation, names)
    assert [p for p in rules_of_options(other) if p.severity == "error"] == []
    assert list(estimates(other).values()) == list(estimates(situation).values())
    back = {block: {new: old for old, new in held.items()} for block, held in names.items()}
    assert renamed(other, back) == situation
    assert digest_of(reordered(situation)) == digest_of(situation)
    assert flipped(flipped(situation)).options == situation.options


def test_every_place_of_a_name_is_renamed() -> None:
    plain = case_situation({"name": "x", "actors": {"ann": {}, "bob": {}}, "issues": {"war": {}}})
    held = {
        "options": Frozen({"go": Option("ann", "It goes.", effects=Frozen({"war": Estimate(0.5)}))}),
        "preferences": Frozen(
            {
                "ann": Preference(statements=(Statement("not go"), Statement("go", tied=True))),
                "bob": Preference(payoffs=Frozen({"go": Estimate(1.0), "otherwise": Estimate(0.0)})),
            }
        ),
        "rules": Frozen(
            {
                "a": Rule(pattern=Frozen({"go": True})),
                "b": Rule(at_most_one=("go", "go")),
                "c": Rule(actor="ann", leaving="go", reaching="not go"),
            }
        ),
    }
    whole = Situation(
        **{name: getattr(plain, name) for name in ("accord", "title", "as_of", "partnership", "actors")},
        issues=plain.issues,
        **held,  # type: ignore[arg-type]
    )
    other = renamed(whole, {"options": {"go": "leave"}, "actors": {"ann": "zoe"}, "issues": {"war": "peace"}})
    assert other.options == {"leave": Option("zoe", "It goes.", effects=Frozen({"peace": Estimate(0.5)}))}
    assert [one.says for one in other.preferences["zoe"].statements] == ["not leave", "leave"]
    assert set(other.preferences["bob"].payoffs) == {"leave", "otherwise"}
    assert other.rules["a"].pattern == {"leave": True}
    assert other.rules["b"].at_most_one == ("leave", "leave")
    assert (other.rules["c"].actor, other.rules["c"].leaving) == ("zoe", "leave")
    assert flipped(whole).options["go"].effects["war"] == Estimate(-0.5)
